"""States, hours, drafts and changes as tables: no database, no clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.area import Better, Line, OwnSection, Said, Section
from serentak.kernel.briefing import Figure, FigureClass, Focus
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.entries import read
from serentak.kernel.status import Status
from serentak.platform.areas import areas
from serentak.reporting import words
from serentak.reporting.rules import drafting
from serentak.reporting.rules.changes import (
    Change,
    StatusChange,
    figure_changes,
    is_same_hour,
    is_worse,
    status_changes,
)
from serentak.reporting.rules.closing import (
    Round,
    Rules,
    current_round,
    minutes_late,
    report_status,
    rounds_of,
)
from serentak.reporting.rules.drafting import (
    IN_OTHERS,
    Corrected,
    Drafted,
    Late,
    Material,
    Row,
    in_languages,
)
from serentak.reporting.rules.outline import Chapter, Code, Outline, outline_of
from serentak.reporting.rules.personal import Personal, personal_number
from serentak.reporting.rules.redrafting import Stored, redraft
from serentak.reporting.rules.states import (
    EDITABLE,
    ReportEvent,
    ReportState,
    readiness_event,
    report_after,
)
from serentak.reporting.words import sentence_text
from tests.cast import AIR_SUGIHAN, BANYUASIN, OKI, PROVINCE

from .builders import (
    DAY,
    VOTE,
    alert,
    briefing,
    child,
    material,
    missing,
    raw_rules,
    shipped,
    stage,
)

S, E = ReportState, ReportEvent
WIB = ZoneInfo("Asia/Jakarta")


# --- states


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (S.WAITING, {E.COMPLETE: S.READY, E.CLOSE: S.READY}),
        (S.READY, {E.SUBMIT: S.SUBMITTED}),
        (
            S.SUBMITTED,
            {E.RETURN: S.RETURNED, E.ACCEPT: S.ACCEPTED, E.CORRECT: S.SUBMITTED},
        ),
        (S.RETURNED, {E.SUBMIT: S.SUBMITTED}),
        (S.ACCEPTED, {E.CORRECT: S.ACCEPTED}),
    ],
)
def test_every_state_and_event(state: S, allowed: dict[E, S]) -> None:
    assert {e: report_after(state, e) for e in E} == {e: allowed.get(e) for e in E}


def test_what_is_sent_or_locked_is_not_edited() -> None:
    assert set(S) - EDITABLE == {S.SUBMITTED, S.ACCEPTED}


@pytest.mark.parametrize(
    ("missing", "closed", "event"),
    [(0, False, E.COMPLETE), (0, True, E.COMPLETE), (2, False, None), (2, True, E.CLOSE)],
)
def test_what_ends_the_waiting(missing: int, closed: bool, event: E | None) -> None:
    assert readiness_event(missing=missing, children_closed=closed) is event


# --- hours


DESKS = ("DISTRICT", "REGENCY", "PROVINCE")
HOURS = {"first": "08:00", "last": "08:00", "every_hours": 2}


def hours(place: PlaceCode, day: date) -> list[str]:
    found = rounds_of(place, day, vote_date=VOTE, zone=WIB, rules=shipped())
    assert [r.number for r in found] == list(range(1, len(found) + 1))
    return [f"{r.due_at.astimezone(WIB):%H:%M}" for r in found]


@pytest.mark.parametrize(
    ("place", "hour"), [(AIR_SUGIHAN, "15:00"), (OKI, "17:00"), (PROVINCE, "19:00")]
)
def test_an_ordinary_day_closes_once(place: PlaceCode, hour: str) -> None:
    assert hours(place, DAY) == [hour]


def test_on_the_day_a_desk_reports_every_two_hours() -> None:
    assert hours(PROVINCE, VOTE) == [f"{h:02}:00" for h in range(9, 24, 2)]
    assert hours(OKI, VOTE)[0] == "08:30"
    assert len(hours(OKI, VOTE)) == len(hours(PROVINCE, VOTE)) == len(hours(AIR_SUGIHAN, VOTE))


@pytest.mark.parametrize(("at", "number"), [("01:00", 1), ("09:00", 1), ("09:01", 2), ("23:30", 8)])
def test_the_report_being_written_is_the_next_one_due(at: str, number: int) -> None:
    rounds = rounds_of(PROVINCE, VOTE, vote_date=VOTE, zone=WIB, rules=shipped())
    moment = datetime.combine(VOTE, time.fromisoformat(at), tzinfo=WIB)
    assert current_round(rounds, moment.astimezone(UTC)).number == number


def test_after_the_last_hour_the_last_report_is_written_and_a_lone_one_all_day() -> None:
    rounds = rounds_of(PROVINCE, VOTE, vote_date=VOTE, zone=WIB, rules=shipped())
    late = datetime(2024, 11, 27, 23, 59, tzinfo=WIB)
    assert current_round(rounds, late) == rounds[-1]
    assert rounds[-1].due_at == datetime(2024, 11, 27, 23, tzinfo=WIB)
    (only,) = rounds_of(PROVINCE, DAY, vote_date=VOTE, zone=WIB, rules=shipped())
    assert only == Round(1, datetime(2024, 10, 28, 19, tzinfo=WIB))
    assert current_round([only], late) == only


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(-3600, 0), (0, 0), (1, 1), (60, 1), (61, 2), (3600, 60), (15 * 86400, 21600)],
)
def test_a_report_is_late_from_the_second_after_its_hour(seconds: int, minutes: int) -> None:
    due = datetime(2024, 10, 28, 10, tzinfo=UTC)
    assert minutes_late(due_at=due, handed_in_at=due + timedelta(seconds=seconds)) == minutes


def test_what_was_not_handed_in_is_not_late_but_missing() -> None:
    assert minutes_late(due_at=datetime(2024, 10, 28, 10, tzinfo=UTC), handed_in_at=None) == 0


HOUR = datetime(2024, 10, 28, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "is_complete", "days_silent", "seconds", "status"),
    [
        (S.SUBMITTED, True, 1, 9, Status.DONE),
        (S.SUBMITTED, False, 1, -9, Status.AT_RISK),
        (S.ACCEPTED, True, None, 9, Status.DONE),
        # It lies there unsigned.
        (S.READY, True, 1, 0, Status.ON_TRACK),
        (S.READY, True, 1, 1, Status.LATE),
        (S.RETURNED, False, 1, 1, Status.LATE),
        # Nothing lies there; `silent_after` is two evenings.
        (None, True, 1, 0, Status.ON_TRACK),
        (None, True, 1, 1, Status.LATE),
        (None, True, 2, 0, Status.ON_TRACK),
        (None, True, 2, 1, Status.NO_REPORT),
        (None, True, 3, 0, Status.NO_REPORT),
        (None, True, None, 0, Status.ON_TRACK),
        (None, True, None, 1, Status.NO_REPORT),
    ],
)
def test_how_a_desks_report_stands(
    state: S | None, is_complete: bool, days_silent: int | None, seconds: int, status: Status
) -> None:
    at = HOUR + timedelta(seconds=seconds)
    given: dict[str, Any] = {"due_at": HOUR, "at": at, "days_silent": days_silent}
    told = report_status(state, **given, is_complete=is_complete, rules=shipped())
    assert told is status
    if is_complete:
        assert report_status(state, **given, rules=shipped()) is status


def test_a_desk_may_have_an_hour_of_its_own() -> None:
    own = read(Rules, raw_rules() | {"own_hours": {"16.02.20": "18:00"}})
    there, beside = (PlaceCode(code) for code in ("16.02.20", "16.02.21"))
    assert (own.closes_at(there), own.closes_at(beside)) == (time(18), time(15))
    with pytest.raises(ValueError, match=r"own_hours: 16\.2: "):
        read(Rules, raw_rules() | {"own_hours": {16.2: "18:00"}})


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"closes": {"DISTRICT": "25:00", "REGENCY": "17:00", "PROVINCE": "19:00"}},
            "closes: DISTRICT: '25:00' is not an hour",
        ),
        (
            {"closes": {"DISTRICT": "18:00", "REGENCY": "17:00", "PROVINCE": "19:00"}},
            "^closes: a desk cannot close",
        ),
        ({"problems": 0}, "problems: must be"),
        (
            {"on_the_day": {key: {**HOURS, "last": "07:59"} for key in DESKS}},
            "on_the_day: DISTRICT: last: comes before the first hour",
        ),
        (
            {"on_the_day": {key: {**HOURS, "every_hours": 0} for key in DESKS}},
            "every_hours: must be",
        ),
    ],
)
def test_a_broken_catalogue_names_its_faults(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read(Rules, {**raw_rules(), **change})


def test_desks_may_close_at_one_hour_and_report_once_on_the_day() -> None:
    same = {**raw_rules(), "closes": dict.fromkeys(DESKS, "17:00")}
    found = read(Rules, {**same, "on_the_day": dict.fromkeys(DESKS, HOURS)})
    assert set(found.closes.values()) == {time(17)}
    (only,) = rounds_of(OKI, VOTE, vote_date=VOTE, zone=WIB, rules=found)
    assert only.due_at == datetime(2024, 11, 27, 8, tzinfo=WIB)


def test_the_shipped_catalogue_says_that_it_is_assumed() -> None:
    assert shipped().figure_class == "ASSUMED"
    assert shipped().closes[Level.PROVINCE] == time(19)


# --- drafts

FINISHED = Figure("readiness.finished", 12, of=81)
SERVICES = "SERVICES"
OUTLINE = Outline(
    (
        Chapter(Focus.COORDINATION),
        Chapter(Focus.READINESS),
        Chapter(Focus.SECURITY, is_status_public_only=True),
        Chapter(
            Focus.NEUTRALITY,
            more=(SERVICES,),
            figures={"neutrality.service_open": SERVICES},
            is_status_public_only=True,
        ),
        Chapter(Focus.COUNT),
    )
)


def test_an_outline_has_what_each_area_declares_in_their_order() -> None:
    area = next(iter(areas()))
    confiding = replace(
        area,
        focus=Focus.NEUTRALITY,
        lines=(Line("neutrality.service_open", section=SERVICES), Line("neutrality.open")),
        sections=(OwnSection(SERVICES, "Services"), OwnSection("MORE", "More")),
        is_status_public_only=True,
    )
    plain = replace(
        area,
        focus=Focus.COUNT,
        lines=(Line("count.in"),),
        sections=(),
        is_status_public_only=False,
    )
    found = outline_of([confiding, plain])
    assert found == Outline(
        (
            Chapter(
                Focus.NEUTRALITY,
                (SERVICES, "MORE"),
                {"neutrality.service_open": SERVICES},
                is_status_public_only=True,
            ),
            Chapter(Focus.COUNT, (), {}, is_status_public_only=False),
        )
    )
    assert found.sections == (
        "SITUATION", "PROBLEMS", "MINISTER", "NEUTRALITY", "SERVICES", "MORE", "COUNT",
        "TOMORROW", "MISSING", "STAGE",
    )  # fmt: skip
    assert found.position("MORE") == 5
    assert found.position("nowhere") == 10
    told = {
        (focus, figure): found.section_of(focus, figure)
        for focus in (Focus.NEUTRALITY, Focus.COUNT, Focus.SECURITY)
        for figure in ("neutrality.service_open", "count.in")
    }
    assert [key for key, section in told.items() if section != key[0].value] == [
        (Focus.NEUTRALITY, "neutrality.service_open")
    ]


def draft(given: Material) -> list[Drafted]:
    return drafting.draft(given, shipped(), OUTLINE)


def keys(found: list[Drafted]) -> list[str]:
    return [sentence.key for sentence in found]


def test_a_draft_tells_status_children_figures_and_yesterday() -> None:
    found = draft(
        material(
            briefing(PROVINCE, Status.AT_RISK, FINISHED),
            children=[
                child(OKI, "OKI", Status.LATE, Figure("readiness.finished", 3, of=20)),
                child(BANYUASIN, "Banyuasin", Status.ON_TRACK),
            ],
            before={"readiness.finished": 10},
        )
    )
    said = {s.key: s for s in found}
    assert said["status:READINESS"].params == {"focus": "READINESS", "status": "AT_RISK"}
    assert said["children:READINESS"].params["LATE"] == 1
    figure = said["figure:readiness.finished"]
    assert (figure.params["value"], figure.params["of"], figure.params["before"]) == (12, 81, 10)
    assert [(r.place, r.value, r.of) for r in figure.rows] == [(OKI, 3, 20)]
    assert [r.status for r in said["status:READINESS"].rows] == [Status.LATE, Status.ON_TRACK]


def test_each_sentence_tells_all_that_its_words_need() -> None:
    figure = Figure(
        "readiness.finished", 12, "kegiatan", of=81, source="KPU", figure_class=FigureClass.ASSUMED
    )
    warned = alert(
        "boats",
        due_date=DAY + timedelta(days=1),
        so="readiness.OVERDUE.so",
        helps="readiness.OVERDUE.helps",
        params={"key": "boats", "n": 3, "share": 0.5, "on": DAY, "none": None, "code": OKI},
    )
    asked = Said("coordination.UNANSWERED", "asked:1", {"n": 1}, "/deed/1", Section.MINISTER)
    settled = Said("coordination.SETTLED", "settled:3", {"days": 3}, "/deed/3")
    given_ = material(
        briefing(PROVINCE, Status.AT_RISK, figure, alerts=(warned,)),
        children=[child(OKI, "OKI", Status.LATE), child(BANYUASIN, "Banyuasin", Status.LATE)],
        stages=[stage("Kampanye", date(2024, 9, 25), date(2024, 11, 23)), stage("Hari", None, DAY)],
        of_children=4,
        missing=[missing(OKI, "OKI", 2), missing(BANYUASIN, "Banyuasin")],
        added=[(Focus.COORDINATION, asked), (Focus.COORDINATION, settled)],
    )
    said = {s.key: s for s in draft(given_)}
    told = {key: dict(s.params) for key, s in said.items()}
    assert told["countdown"] == {"days": -30, "vote_date": "2024-11-27"}
    assert told["reported"] == {"heard": 2, "of": 4}
    assert told["running:Kampanye"] == {
        "stage": "Kampanye", "start_date": "2024-09-25", "end_date": "2024-11-23"}  # fmt: skip
    assert told["running:Hari"] == {
        "stage": "Hari", "start_date": "2024-10-28", "end_date": "2024-10-28"}  # fmt: skip
    assert told["children:READINESS"] == {
        "of": 2, "DONE": 0, "ON_TRACK": 0, "AT_RISK": 0, "LATE": 2, "NO_REPORT": 0, "level": 5,
        "names": {"LATE": ["OKI", "Banyuasin"], "AT_RISK": [], "NO_REPORT": []},
    }  # fmt: skip
    assert told["figure:readiness.finished"] == {
        "figure": "readiness.finished", "value": 12, "of": 81, "unit": "kegiatan",
        "class": "ASSUMED", "source": "KPU", "before": None,
    }  # fmt: skip
    key = f"readiness.OVERDUE:{OKI}:boats"
    assert told[f"problem:{key}"] == told[f"due:{key}"] == {
        "alert": "readiness.OVERDUE", "so": "readiness.OVERDUE.so",
        "helps": "readiness.OVERDUE.helps", "place": OKI, "severity": "LATE",
        "due_date": "2024-10-29",
        "params": {
            "key": "boats", "n": 3, "share": 0.5, "on": "2024-10-28", "none": None, "code": OKI
        },
    }  # fmt: skip
    assert said["asked:1"] == Drafted(
        Section.MINISTER, "asked:1", "coordination.UNANSWERED", {"n": 1}, Focus.COORDINATION,
        "/deed/1",
    )  # fmt: skip
    assert said["settled:3"] == Drafted(
        "COORDINATION", "settled:3", "coordination.SETTLED", {"days": 3}, Focus.COORDINATION,
        "/deed/3",
    )  # fmt: skip
    assert told["missing"] == {
        "desks": [
            {"place": BANYUASIN, "name": "Banyuasin", "days": None},
            {"place": OKI, "name": "OKI", "days": 2},
        ]
    }
    of_area = {key: s.focus for key, s in said.items() if s.focus is not None}
    assert of_area == {
        "status:READINESS": Focus.READINESS, "children:READINESS": Focus.READINESS,
        "figure:readiness.finished": Focus.READINESS, f"problem:{key}": Focus.READINESS,
        f"due:{key}": Focus.READINESS, "settled:3": Focus.COORDINATION,
        "asked:1": Focus.COORDINATION,
    }  # fmt: skip
    assert {key: s.link for key, s in said.items() if s.link} == {
        f"problem:{key}": "/16.02/readiness/boats", f"due:{key}": "/16.02/readiness/boats",
        "settled:3": "/deed/3", "asked:1": "/deed/1",
    }  # fmt: skip
    late = tuple(Row(p, n, Status.LATE) for p, n in ((OKI, "OKI"), (BANYUASIN, "Banyuasin")))
    assert said["status:READINESS"].rows == said["children:READINESS"].rows == late
    silent = tuple(replace(row, status=Status.NO_REPORT) for row in reversed(late))
    assert said["missing"].rows == silent


def test_each_sentence_has_its_section_key_and_code() -> None:
    tomorrow = DAY + timedelta(days=1)
    found = draft(
        material(
            briefing(PROVINCE, Status.LATE, FINISHED, alerts=(alert("a", due_date=tomorrow),)),
            children=[child(OKI, "OKI", Status.LATE, FINISHED)],
            of_children=4,
            late=[Late(OKI, "OKI", DAY, 1, 5)],
            corrected=[Corrected(OKI, "OKI", DAY, 1, 2)],
            missing=[missing(OKI, "OKI", 2)],
            stages=[stage("Begins", tomorrow, VOTE), stage("Ends", DAY, tomorrow)],
        )
    )
    key = f"readiness.OVERDUE:{OKI}:a"
    assert [(s.section, s.key, s.code) for s in found] == [
        ("SITUATION", "countdown", Code.COUNTDOWN),
        ("SITUATION", "reported", Code.REPORTED),
        ("SITUATION", "late", Code.LATE),
        ("SITUATION", "corrected", Code.CORRECTED),
        ("PROBLEMS", f"problem:{key}", Code.PROBLEM),
        ("READINESS", "status:READINESS", Code.AREA_STATUS),
        ("READINESS", "children:READINESS", Code.CHILDREN_BY_STATUS),
        ("READINESS", "figure:readiness.finished", Code.FIGURE),
        ("TOMORROW", f"due:{key}", Code.DUE),
        ("TOMORROW", "begins:Begins", Code.STAGE_BEGINS),
        ("TOMORROW", "ends:Ends", Code.STAGE_ENDS),
        ("MISSING", "missing", Code.MISSING),
        ("STAGE", "running:Ends", Code.STAGE_RUNNING),
    ]


def test_a_problem_says_what_would_settle_it_and_a_day_does_not() -> None:
    act = {"act": "Mengirim perahu", "owner": "Dishub"}
    asked = {"a": act, "b": None}
    soon = {"due_date": DAY + timedelta(days=1)}
    found = draft(
        material(
            briefing(alerts=(alert("a", 0, **soon), alert("b", 1))),
            asks=lambda one: asked[str(one.params["key"])],
        )
    )
    both = [s for s in found if s.code in (Code.PROBLEM, Code.DUE)]
    told = {s.key.rpartition(":")[2] + s.code: s.params for s in both}
    assert told["aPROBLEM"]["asks"] == act
    assert told["aPROBLEM"]["params"]["key"] == "a"
    assert "asks" not in told["bPROBLEM"]
    assert "asks" not in told["aDUE"]


def test_an_alert_without_a_name_is_known_by_its_page() -> None:
    assert (
        drafting.alert_key(alert("a", params={})) == f"readiness.OVERDUE:{OKI}:/16.02/readiness/a"
    )


def test_what_a_status_leaves_out_is_told_only_where_it_does() -> None:
    whole = briefing(PROVINCE, Status.LATE)
    (told,) = (s for s in draft(material(replace(whole, leaves_out="x.HIDDEN"))) if s.focus)
    assert told.params["leaves_out"] == "x.HIDDEN"
    (told,) = (s for s in draft(material(whole)) if s.focus)
    assert "leaves_out" not in told.params


def test_of_an_area_whose_cases_are_confided_no_place_below_is_named() -> None:
    for focus, is_named in ((Focus.READINESS, True), (Focus.SECURITY, False)):
        below = replace(
            child(OKI, "OKI", Status.LATE), briefings={focus: briefing(OKI, focus=focus)}
        )
        found = draft(material(briefing(focus=focus), children=[below]))
        (told,) = (s for s in found if s.code is Code.CHILDREN_BY_STATUS)
        assert ("names" in told.params) is is_named
        assert told.params["level"] == 5


def test_a_child_adds_to_its_own_figure_alone_and_a_late_desk_stands_in_a_row() -> None:
    parts = (
        Figure("other", 5),
        Figure("readiness.finished", None),
        Figure("readiness.finished", 3),
    )
    found = draft(
        material(
            briefing(PROVINCE, Status.LATE, FINISHED),
            children=[child(OKI, "OKI", Status.LATE, *parts)],
            late=[Late(OKI, "OKI", DAY, 1, 5)],
        )
    )
    rows = {s.key: s.rows for s in found}
    assert rows["figure:readiness.finished"] == (Row(OKI, "OKI", None, 3, None),)
    assert rows["late"] == (Row(OKI, "OKI", Status.LATE),)


def test_what_an_alert_says_is_kept_as_json_holds_it() -> None:
    given = {"on": DAY, "at": PROVINCE, "n": 2, "share": 0.5, "yes": True, "none": None}
    told = drafting.alert_params(alert("a", params=given, due_date=DAY))
    assert told["params"] == given | {"on": "2024-10-28"}
    assert told["due_date"] == "2024-10-28"


@pytest.mark.parametrize(
    ("due", "moved", "told"), [(0, 1, 1), (1, 0, 1), (-5, 2, None), (0, None, None), (None, 1, 1)]
)
def test_what_was_moved_falls_due_on_its_new_day_too(
    due: int | None, moved: int | None, told: int | None
) -> None:
    def day(after: int | None) -> date | None:
        return None if after is None else DAY + timedelta(days=after)

    one = alert("a", due_date=day(due), params={"key": "a", "moved_date": day(moved)})
    found = [
        s.params["due_date"] for s in draft(material(briefing(alerts=(one,)))) if s.code is Code.DUE
    ]
    assert found == ([] if told is None else [f"{day(told)}"])


@pytest.mark.parametrize(("section", "told"), [(Section.TOMORROW, False), (Section.MINISTER, True)])
def test_that_nothing_is_due_is_told_where_no_area_says_otherwise(section: str, told: bool) -> None:
    own = Said("coordination.MEETING", "meeting:1", {}, "", section)
    found = draft(material(added=[(Focus.COORDINATION, own)]))
    nothing = [s for s in found if s.code is Code.NOTHING_DUE]
    assert [dict(s.params) for s in nothing] == ([{}] if told else [])


def test_who_is_silent_longest_stands_first() -> None:
    silent = material(missing=[missing(OKI, "OKI", 2), missing(BANYUASIN, "Banyuasin", 5)])
    (told,) = (s for s in draft(silent) if s.code is Code.MISSING)
    assert [row.place for row in told.rows] == [BANYUASIN, OKI]


def test_what_is_only_asked_tells_no_children_and_nobody_missing() -> None:
    found = draft(material(briefing(PROVINCE, Status.DONE)))
    assert keys(found) == ["countdown", "status:READINESS", "nothing"]


def test_sections_stand_in_their_order() -> None:
    found = draft(
        material(
            briefing(alerts=(alert("a"),)),
            briefing(PROVINCE, Status.LATE, focus=Focus.COORDINATION),
            missing=[missing(OKI, "OKI", 2)],
            of_children=4,
            stages=[stage("Kampanye", date(2024, 9, 25), date(2024, 11, 23))],
        )
    )
    order = [OUTLINE.position(s.section) for s in found]
    assert order == sorted(order)
    assert {s.section for s in found} >= {
        Section.SITUATION, Section.STAGE, "COORDINATION", "READINESS",
        Section.PROBLEMS, Section.TOMORROW, Section.MISSING,
    }  # fmt: skip


def test_who_reported_late_is_told_beside_who_reported() -> None:
    late = Late(OKI, "OKI", DAY - timedelta(days=3), 1, 4320)
    found = draft(material(of_children=4, late=[late]))
    (told,) = [s for s in found if s.code is Code.LATE]
    assert told.section == Section.SITUATION
    assert told.params == {
        "day": "2024-10-28",
        "desks": [
            {"place": OKI, "name": "OKI", "day": "2024-10-25", "round": 1, "minutes": 4320},
        ],
    }
    assert [row.place for row in told.rows] == [OKI]
    assert Code.LATE not in [s.code for s in draft(material(of_children=4))]


def test_what_was_corrected_today_is_told_in_the_next_report() -> None:
    corrected = Corrected(OKI, "OKI", DAY - timedelta(days=1), 1, 2)
    (told,) = [s for s in draft(material(corrected=[corrected])) if s.code is Code.CORRECTED]
    assert told.section == Section.SITUATION
    assert told.params == {
        "reports": [{"place": OKI, "name": "OKI", "day": "2024-10-27", "round": 1, "count": 2}]
    }
    assert Code.CORRECTED not in [s.code for s in draft(material())]


def test_problems_are_the_most_pressing_first_and_silence_is_none_of_them() -> None:
    alerts = tuple(alert(f"k{n}", days_left=20 - n) for n in range(20))
    silent = alert("silent", severity=Status.NO_REPORT)
    found = draft(material(briefing(alerts=(*alerts, silent))))
    problems = [s for s in found if s.code is Code.PROBLEM]
    assert len(problems) == shipped().problems
    assert [p.params["params"]["key"] for p in problems[:3]] == ["k19", "k18", "k17"]
    assert all(p.link for p in problems)


@pytest.mark.parametrize(
    ("due", "told"), [(0, False), (1, True), (2, False), (-1, False), (None, False)]
)
def test_tomorrow_tells_what_is_due_then(due: int | None, told: bool) -> None:
    day = None if due is None else DAY + timedelta(days=due)
    found = draft(material(briefing(alerts=(alert("a", due_date=day),))))
    assert (Code.DUE in [s.code for s in found]) is told
    assert (Code.NOTHING_DUE in [s.code for s in found]) is not told


def test_stages_that_run_begin_and_end_are_told() -> None:
    found = draft(
        material(
            stages=[
                stage("running", DAY, DAY + timedelta(5)),
                stage("begins", DAY + timedelta(1), DAY + timedelta(9)),
                stage("ends", DAY - timedelta(9), DAY + timedelta(1)),
                stage("past", None, DAY - timedelta(1)),
                stage("today", None, DAY),
                stage("one day", DAY + timedelta(1), DAY + timedelta(1)),
                stage("far", DAY + timedelta(2), DAY + timedelta(2)),
                stage("unknown start", None, DAY + timedelta(1)),
            ]
        )
    )

    def stages(code: Code) -> list[str]:
        return [s.params["stage"] for s in found if s.code is code]

    assert stages(Code.STAGE_RUNNING) == ["running", "ends", "today"]
    assert stages(Code.STAGE_BEGINS) == ["begins", "one day"]
    assert stages(Code.STAGE_ENDS) == ["ends", "unknown start"]
    assert Code.NOTHING_DUE not in [s.code for s in found]


def test_services_have_a_section_whatever_area_counts_them() -> None:
    figure = Figure("neutrality.service_open", 30, of=40)
    found = draft(material(briefing(PROVINCE, Status.ON_TRACK, figure, focus=Focus.NEUTRALITY)))
    assert [s.section for s in found if s.code is Code.FIGURE] == [SERVICES]


def test_an_unknown_figure_is_not_told_as_zero() -> None:
    found = draft(material(briefing(PROVINCE, Status.LATE, replace(FINISHED, value=None))))
    assert "figure:readiness.finished" not in keys(found)


def test_without_any_area_the_report_still_speaks() -> None:
    assert keys(draft(material())) == ["countdown", "nothing"]


@given(st.permutations([alert(f"k{n}", days_left=n % 3) for n in range(6)]))
def test_a_draft_is_the_same_whatever_order_the_alerts_come_in(alerts: list[Any]) -> None:
    one = draft(material(briefing(alerts=tuple(alerts))))
    other = draft(material(briefing(alerts=tuple(sorted(alerts, key=str)))))
    assert one == other
    assert len(set(keys(one))) == len(one)


# --- over what stands

OLD = {"figure": "f", "value": 1}
NEW = {"figure": "f", "value": 2}


def said(key: str, params: dict[str, Any]) -> Drafted:
    return Drafted("READINESS", key, Code.FIGURE, params)


@pytest.mark.parametrize(
    ("stored", "drafted", "expected"),
    [
        ([], [said("a", NEW)], ({"a"}, set(), set(), set())),
        ([Stored("a", OLD, False, False)], [said("a", NEW)], (set(), {"a"}, set(), set())),
        ([Stored("a", OLD, True, False)], [said("a", NEW)], (set(), {"a"}, {"a"}, set())),
        ([Stored("a", NEW, True, False)], [said("a", NEW)], (set(), {"a"}, set(), set())),
        ([Stored("a", OLD, False, False)], [], (set(), set(), set(), {"a"})),
        ([Stored("a", OLD, True, False)], [], (set(), set(), {"a"}, set())),
        ([Stored("added:1", {}, True, True)], [], (set(), set(), set(), set())),
    ],
)
def test_a_persons_words_are_never_overwritten(
    stored: list[Stored], drafted: list[Drafted], expected: tuple[set[str], ...]
) -> None:
    plan = redraft(stored, drafted)
    found = ({s.key for s in plan.create}, {s.key for s in plan.rewrite}, plan.mark, plan.drop)
    assert found == expected


# --- the public, and changes


# code, section, area, whether a person put the words, whether it may be public
PUBLIC = [
    (Code.COUNTDOWN, Section.SITUATION, None, False, True),
    (Code.COUNTDOWN, Section.SITUATION, None, True, True),
    (Code.FIGURE, "READINESS", Focus.READINESS, False, True),
    (Code.FIGURE, "READINESS", Focus.READINESS, True, True),
    (Code.PROBLEM, Section.PROBLEMS, Focus.READINESS, False, True),
    (Code.AREA_STATUS, "NEUTRALITY", Focus.NEUTRALITY, False, True),
    (Code.AREA_STATUS, "NEUTRALITY", Focus.NEUTRALITY, True, False),
    (Code.CHILDREN_BY_STATUS, "SECURITY", Focus.SECURITY, False, True),
    (Code.CHILDREN_BY_STATUS, "SECURITY", Focus.SECURITY, True, False),
    (Code.FIGURE, "NEUTRALITY", Focus.NEUTRALITY, False, False),
    (Code.FIGURE, SERVICES, Focus.NEUTRALITY, False, False),
    (Code.PROBLEM, Section.PROBLEMS, Focus.SECURITY, False, False),
    (Code.DUE, Section.TOMORROW, Focus.NEUTRALITY, False, False),
    ("coordination.UNANSWERED", Section.MINISTER, Focus.COORDINATION, False, False),
    (Code.ADDED, Section.SITUATION, Focus.COORDINATION, True, True),
    (Code.ADDED, Section.STAGE, Focus.COORDINATION, True, True),
    (Code.ADDED, "COORDINATION", Focus.COORDINATION, True, True),
    (Code.ADDED, "READINESS", Focus.READINESS, True, True),
    (Code.ADDED, "COUNT", Focus.COUNT, True, True),
    (Code.ADDED, "SECURITY", Focus.SECURITY, True, False),
    (Code.ADDED, "NEUTRALITY", Focus.NEUTRALITY, True, False),
    (Code.ADDED, SERVICES, Focus.NEUTRALITY, True, False),
    # Added before the section had an area.
    (Code.ADDED, SERVICES, None, True, False),
    # These sections speak of every area, so a person's words there may too.
    (Code.ADDED, Section.PROBLEMS, Focus.COORDINATION, True, False),
    (Code.ADDED, Section.TOMORROW, Focus.COORDINATION, True, False),
    (Code.ADDED, Section.MINISTER, Focus.COORDINATION, True, False),
]


@pytest.mark.parametrize(("code", "section", "focus", "is_edited", "allowed"), PUBLIC)
def test_what_may_become_public(
    code: str, section: str, focus: Focus | None, is_edited: bool, allowed: bool
) -> None:
    assert OUTLINE.may_be_public(code, section, focus, is_edited=is_edited) is allowed


def test_the_table_knows_every_section_that_a_person_may_add_to() -> None:
    told = {section for code, section, *_ in PUBLIC if code is Code.ADDED}
    assert told == set(OUTLINE.addable())


def test_a_person_adds_only_to_sections_of_areas_that_are_there() -> None:
    there = {Focus.COORDINATION, Focus.READINESS, Focus.NEUTRALITY}
    fewer = Outline(tuple(c for c in OUTLINE.chapters if c.focus in there))
    found = fewer.addable()
    assert {fewer.focus_of(section) for section in found} == there
    assert set(OUTLINE.addable()) - set(found) == {"SECURITY", "COUNT"}
    assert Section.MISSING not in OUTLINE.addable()
    assert fewer.focus_of(SERVICES) is Focus.NEUTRALITY
    assert fewer.focus_of("SECURITY") is None
    assert fewer.position("SECURITY") > fewer.position(Section.MISSING)


@pytest.mark.parametrize(
    ("better", "before", "now", "worse"),
    [
        (Better.UP, 3, 2, True),
        (Better.UP, 2, 3, False),
        (Better.UP, 3, 3, False),
        (Better.DOWN, 2, 3, True),
        (Better.DOWN, 3, 2, False),
        (Better.DOWN, 3, 3, False),
        (None, 1, 9, None),
    ],
)
def test_which_way_is_worse(
    better: Better | None, before: float, now: float, worse: bool | None
) -> None:
    assert is_worse(before, now, better) is worse


def test_changes_compare_what_both_days_have() -> None:
    before = {Focus.READINESS: (Figure("a", 1), Figure("b", None), Figure("c", 4))}
    now = {Focus.READINESS: (Figure("d", 4), Figure("b", 2), Figure("a", 3))}
    (change,) = figure_changes(before, now, {"a": Better.DOWN})
    assert change == Change(Focus.READINESS, "a", "", before=1, now=3, is_worse=True)
    assert change.difference == 2
    was = {(OKI, Focus.READINESS): Status.ON_TRACK, (BANYUASIN, Focus.READINESS): Status.LATE}
    stands = {(OKI, Focus.READINESS): Status.LATE, (BANYUASIN, Focus.READINESS): Status.LATE}
    (other,) = status_changes(was, stands)
    assert (other.place, other.before, other.now) == (OKI, Status.ON_TRACK, Status.LATE)


def test_a_figure_is_compared_with_that_of_its_own_area() -> None:
    figures = (Figure("late", 1, "villages"), Figure("readiness.late", 4))
    before = {Focus.READINESS: figures, Focus.COUNT: (Figure("late", 9),)}
    now = {
        Focus.SECURITY: (Figure("late", 5),),
        Focus.READINESS: (Figure("readiness.late", 6), Figure("late", 1, "villages")),
    }
    better = {"readiness.late": Better.DOWN, "late": None}
    assert figure_changes(before, now, better) == [
        Change(Focus.READINESS, "readiness.late", "", 4, 6, True),
        Change(Focus.READINESS, "late", "villages", 1, 1, None),
    ]
    assert figure_changes({}, now, better) == []


def test_places_whose_status_changed_are_told_in_the_order_of_their_codes() -> None:
    area, other = Focus.READINESS, Focus.COUNT
    before = {
        (OKI, area): Status.ON_TRACK, (BANYUASIN, area): Status.LATE, (OKI, other): Status.DONE
    }  # fmt: skip
    now = {
        (BANYUASIN, area): Status.DONE, (OKI, area): Status.LATE, (OKI, other): Status.DONE,
        (BANYUASIN, other): Status.LATE,
    }  # fmt: skip
    assert status_changes(before, now) == [
        StatusChange(area, OKI, Status.ON_TRACK, Status.LATE),
        StatusChange(area, BANYUASIN, Status.LATE, Status.DONE),
    ]


# --- numbers of people

PHONES = [
    "+6281234567890",
    "+62 812-3456-7890",
    "(+62) 812 3456 7890",
    "+62 (0) 812 3456 7890",
    "6281234567890",
    "62 812 3456 7890",
    "62 812 345 678",
    "wa.me/6281234567890",
    "62-812-3456-7890",
    "081234567890",
    "0812 3456 7890",
    "0812-3456-7890",
    "0812.3456.7890",
    "0812.345.678",
    "0812 - 3456 - 7890",
    "08 12 34 56 78 90",
    "0711-350123",
    "0711 350123",
    "(0711) 350123",
    "(0711)350123",
    "(0711) - 350.123",
    "0711.350.123",
    "0711350123",
    "021-5551234",
    "(021) 555 1234",
    "+62 711 350123",
    "+62-21-555-1234",
    "Tel.0711-350123",
    "pada 28-10-2024 hubungi 0812 3456 7890 2024",
]
IDENTITIES = [
    "198001012005011001",
    "19800101 200501 1 001",
    "19800101 2005 01 1 001",
    "1602141234560001",
    "1602 1412 3456 0001",
    "160214 010190 0001",
    "16.02.14.010190.0001",
    "160214-410190-0001",
    "16 02 14 01 01 90 0001",
    "NIK1602141234560001",
    "NIK 1602141234560001 lahir 1990",
    "1602\u00a01412\u00a03456\u00a00001",
]
ORDINARY = [
    "1.213 of 1.249 stations",
    "6.326.348 voters",
    "1.213 dari 1.249 TPS",
    "Rp 12.500.000.000",
    "Rp 62.812.345.678",
    "Rp 62,812,345,678",
    "Rp 1.234.567.890.123.456",
    "28 Oktober 2024",
    "2024-10-28",
    "2024-10-28 2024-10-29",
    "28-10-2024 29-10-2024",
    "08-12-2024 08.00-10.00",
    "08.00 - 10.00 WIB",
    "PKPU 18/2024",
    "16.02.14.2001",
    "16.02.14 16.02.15.2001",
    "16.02.14.2001 16.02.14.2002",
    "TPS 001 002 003 004 005 006",
    "TPS 021 022 023",
    "nomor 100.2.7/2944/SJ",
    "Terdaftar 6382739 pemilih di 13206 TPS",
    "+62 sejak kemarin",
    "+62.812.345 sejak kemarin",
    "10.024.230.235",
    "6.326.348-6.400.000",
    "12.326.348-12.400.000",
    "12.345.678 12.345.678",
    "0,5",
    "08.30",
    "H-30",
    "07.30",
    "TPS 007 dan 008",
    "67,25%",
    "2020-2024",
    "UU 10/2016 pasal 201 ayat 7",
    "\u22123",
    "16.02.14.2001 (TPS 021)",
    "12.500.000.000,00",
    "6,382,739 voters",
    "12500000000",
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, Personal.PHONE) for text in PHONES),
        *((text, Personal.IDENTITY) for text in IDENTITIES),
        *((text, None) for text in ORDINARY),
    ],
)
def test_which_numbers_lead_to_a_person(text: str, kind: Personal | None) -> None:
    for told in (text, f"Hubungi {text}.", f"Lihat ({text}), lalu lapor."):
        found = personal_number(told)
        assert (found and found.kind) == kind, told


@pytest.mark.parametrize(
    "number", ["0812-3456-7890", "1602141234560001", "160214-410190-0001", "6281234567890"]
)
def test_what_leads_to_a_person_is_shown_as_it_was_written(number: str) -> None:
    found = personal_number(f"Pada 28-10-2024, dari 1.213 TPS, catat {number} ini.")
    assert found is not None
    assert found.number == number


def test_a_draft_keeps_what_other_languages_write_otherwise() -> None:
    def said(name: str, days: int) -> Drafted:
        return Drafted("X", f"stage:{name}", "STAGE", {"stage": name, "days": days})

    own = [said("Kampanye", 3), said("KPU", 3)]
    found = in_languages(own, {"en": [said("Campaign", 3), said("KPU", 3)]})
    assert [s.params.get(IN_OTHERS) for s in found] == [{"en": {"stage": "Campaign"}}, None]
    shorter = in_languages(own, {"en": [said("KPU", 3)]})
    assert [s.params[IN_OTHERS] for s in shorter] == [{}, {}], "none is taken for another"


def test_who_never_reported_is_named_first_and_said_to_be_so() -> None:
    silent = material(missing=[missing(OKI, "OKI", 2), missing(BANYUASIN, "Banyuasin")])
    (said,) = (s for s in draft(silent) if s.code is Code.MISSING)
    with override("id"):
        text = sentence_text(said.code, said.params)
    assert text.startswith("Banyuasin (belum pernah melapor), OKI (2 hari)")
    assert [row.place for row in said.rows] == [BANYUASIN, OKI]


# --- words


ASKS = {
    "owner": {"id": "Ketua KPU Kabupaten Lahat", "en": "Chair of the commission of Lahat"},
    "act": {"id": "mengirim surat suara", "en": "send the ballots"},
    "due_date": "2024-10-31",
}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "id",
            "Perlu: Ketua KPU Kabupaten Lahat mengirim surat suara paling lambat Kamis, 31 Okt.",
        ),
        (
            "en",
            "Needed: Chair of the commission of Lahat, to send the ballots by Thursday, 31 Oct.",
        ),
    ],
)
def test_a_problem_says_who_acts_and_by_when(language: str, said: str) -> None:
    params = {
        "alert": "reporting.desks_are_silent", "so": "", "place": "", "due_date": "2024-10-29",
        "params": {"count": "1", "places": "Lahat"}, "asks": ASKS,
    }  # fmt: skip
    with override(language):
        text = words.sentence_text(Code.PROBLEM, params)
        assert text.endswith(said)
        assert "29" not in text, "one day is enough"
        before = words.sentence_text(Code.PROBLEM, {**params, "asks": None})
        assert "29" in before, "reports stored before keep their words"


@pytest.mark.parametrize(
    ("figure", "value", "of", "unit", "before", "said"),
    [
        ("readiness.finished", 465, 1359, "", 453, "465 dari 1.359 kegiatan selesai, naik 12 dari kemarin."),
        ("readiness.finished", 465, 1359, "", None, "465 dari 1.359 kegiatan selesai."),
        ("readiness.days_too_late", 7, None, "days", 7, "Jalur kritis selesai 7 hari setelah jadwal TPS dibuka, sama seperti kemarin."),
        ("coordination.on_time", 3, 5, "", 4, "3 dari 5 tindak lanjut yang jatuh tempo selesai tepat waktu, turun 1 dari kemarin."),
    ],
)  # fmt: skip
def test_a_figure_reads_as_a_sentence(
    figure: str, value: int, of: int | None, unit: str, before: int | None, said: str
) -> None:
    params = {"figure": figure, "value": value, "of": of, "unit": unit, "before": before}
    with override("id"):
        assert words.sentence_text(Code.FIGURE, params) == said


# --- what is compared with yesterday

EVENING = datetime(2024, 10, 27, 12, tzinfo=UTC)
"""19:00 in the west of Indonesia, when a day is stored."""


@pytest.mark.parametrize(
    ("now", "compared"),
    [
        (datetime(2024, 10, 28, 12, tzinfo=UTC), True),
        (datetime(2024, 10, 28, 10, tzinfo=UTC), True),
        (datetime(2024, 10, 28, 14, tzinfo=UTC), True),
        (datetime(2024, 10, 28, 9, 59, 59, tzinfo=UTC), False),
        (datetime(2024, 10, 28, 14, 0, 1, tzinfo=UTC), False),
        # Ten in the morning against last evening.
        (datetime(2024, 10, 28, 3, tzinfo=UTC), False),
        # The same hour of the same day, of the day after the next, of the day before.
        (EVENING, False),
        (datetime(2024, 10, 29, 12, tzinfo=UTC), False),
        (datetime(2024, 10, 26, 12, tzinfo=UTC), False),
        # One moment in the clocks of Papua.
        (datetime(2024, 10, 28, 21, tzinfo=ZoneInfo("Asia/Jayapura")), True),
    ],
)
def test_a_day_is_compared_at_the_same_hour_of_the_day_before(
    now: datetime, compared: bool
) -> None:
    assert is_same_hour(EVENING, now) is compared


def test_late_evenings_are_compared_over_midnight() -> None:
    before = datetime(2024, 10, 27, 23, 30, tzinfo=UTC)
    assert is_same_hour(before, before + timedelta(days=1, hours=1))
    assert not is_same_hour(before, before + timedelta(hours=1))
