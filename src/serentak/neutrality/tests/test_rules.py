"""Rules of neutrality: every state × event, clocks, classes, what may show, statuses."""

from collections import Counter
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import Level
from serentak.kernel.entries import read
from serentak.kernel.status import RollUp, Status
from serentak.neutrality import words
from serentak.neutrality.queries.catalogues import (
    procedure,
    rules,
    statistics,
    thresholds,
    violations,
)
from serentak.neutrality.rules import cases as course
from serentak.neutrality.rules import clocks
from serentak.neutrality.rules.cases import (
    CASE_TRANSITIONS,
    CLOSED_STATES,
    OPEN_STATES,
    CaseEvent,
    CaseState,
)
from serentak.neutrality.rules.catalogue import (
    DayKind,
    Procedure,
    Term,
    Track,
    Violations,
    parse_statistics,
)
from serentak.neutrality.rules.standing import (
    Cases,
    Pledges,
    ServiceLevel,
    Services,
    Standing,
    case_status,
    count_shows,
    counted_services,
    is_forbidden,
    judgement_of,
    median,
    pledge_fault,
    pledge_status,
    roll_up_rule,
    service_status,
    services_are_reported,
    window_start,
)

VOTE = date(2024, 11, 27)
FIXED = date(2024, 9, 22)
TODAY = date(2024, 10, 28)
S, E = CaseState, CaseEvent

AFTER: dict[CaseState, dict[CaseEvent, CaseState]] = {
    S.AT_TASK_FORCE: {
        E.STUDY: S.AT_SUPERVISOR,
        E.CLOCK_RUNS_OUT: S.AT_TASK_FORCE,
        E.FIND_NOT_PROVEN: S.NOT_PROVEN,
    },
    S.AT_SUPERVISOR: {
        E.FORWARD: S.AT_BKN,
        E.RECOMMEND: S.AT_AUTHORITY,
        E.EXTEND: S.AT_SUPERVISOR,
        E.CLOCK_RUNS_OUT: S.AT_SUPERVISOR,
        E.FIND_NOT_PROVEN: S.NOT_PROVEN,
    },
    S.AT_BKN: {
        E.RECOMMEND: S.AT_AUTHORITY,
        E.CLOCK_RUNS_OUT: S.AT_BKN,
        E.FIND_NOT_PROVEN: S.NOT_PROVEN,
    },
    S.AT_AUTHORITY: {
        E.CLOCK_RUNS_OUT: S.NOT_FOLLOWED_UP,
        E.HAND_OVER: S.AT_AUTHORITY,
        E.SANCTION: S.SANCTIONED,
        E.FIND_NOT_PROVEN: S.NOT_PROVEN,
    },
    S.NOT_FOLLOWED_UP: {
        E.CLOCK_RUNS_OUT: S.NOT_FOLLOWED_UP,
        E.HAND_OVER: S.AT_AUTHORITY,
        E.BLOCK: S.BLOCKED,
        E.SANCTION: S.SANCTIONED,
        E.FIND_NOT_PROVEN: S.NOT_PROVEN,
    },
    S.BLOCKED: {
        E.HAND_OVER: S.AT_AUTHORITY,
        E.SANCTION: S.SANCTIONED,
        E.FIND_NOT_PROVEN: S.NOT_PROVEN,
    },
    S.SANCTIONED: {},
    S.NOT_PROVEN: {},
}


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("event", CaseEvent)
def test_every_state_and_event(state: CaseState, event: CaseEvent) -> None:
    assert course.after(state, event) == AFTER[state].get(event)
    assert (event in course.events_at(state)) is (event in AFTER[state])


@given(st.lists(st.sampled_from(list(CaseEvent)), max_size=30), st.sampled_from(OPEN_STATES))
def test_a_case_ends_once_and_never_skips_the_recommendation(
    events: list[CaseEvent], state: CaseState
) -> None:
    recommended = state in course.RECOMMENDED_STATES
    for event in events:
        then = course.after(state, event)
        if then is None:
            continue
        assert state not in CLOSED_STATES
        recommended = recommended or event is E.RECOMMEND
        assert then not in course.RECOMMENDED_STATES or recommended
        state = then


@pytest.mark.parametrize(
    ("track", "way"),
    [
        (Track.CIVIL_SERVANT, [E.STUDY, E.FORWARD, E.RECOMMEND]),
        (Track.VILLAGE_HEAD, [E.RECOMMEND]),
    ],
)
def test_a_track_is_walked_to_the_authority(track: Track, way: list[CaseEvent]) -> None:
    states = procedure().tracks[track].steps
    state, walked = states[0], []
    while (event := course.event_to_next(state, states)) is not None:
        walked.append(event)
        state = CASE_TRANSITIONS[state, event]
    assert walked == way
    assert state is S.AT_AUTHORITY


# --- clocks


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (date(2024, 10, 25), Term(7, DayKind.CALENDAR), date(2024, 11, 1)),
        (date(2024, 10, 25), Term(3, DayKind.WORKING), date(2024, 10, 30)),
        (date(2024, 11, 25), Term(3, DayKind.WORKING), date(2024, 11, 29)),
    ],
)
def test_terms_end(start: date, term: Term, end: date) -> None:
    assert clocks.ends(start, term, holidays={VOTE}) == end


def lapsed(state: CaseState, climbs: int, level: Level = Level.REGENCY) -> clocks.Lapse:
    steps = procedure().steps
    then = CASE_TRANSITIONS[state, E.CLOCK_RUNS_OUT]
    return clocks.lapse(
        steps[state],
        steps[then],
        climbs=climbs,
        due_date=date(2024, 10, 25),
        level=level,
        holidays=frozenset(),
    )


def test_a_lapse_at_the_task_force_climbs_desk_by_desk() -> None:
    first, second = lapsed(S.AT_TASK_FORCE, 0), lapsed(S.AT_TASK_FORCE, 1)
    assert (first.climbed_to, first.climbs, first.due_date) == (
        "REGENT_DESK", 1, date(2024, 10, 30))  # fmt: skip
    assert (second.climbed_to, second.climbs, second.due_date) == ("GOVERNOR_DESK", 2, None)
    assert first.state is second.state is S.AT_TASK_FORCE


def test_a_province_has_no_regents_desk_to_climb_to() -> None:
    found = lapsed(S.AT_TASK_FORCE, 0, Level.PROVINCE)
    assert (found.climbed_to, found.due_date) == ("GOVERNOR_DESK", None)


def test_where_nobody_stands_higher_a_lapse_climbs_to_the_last_again() -> None:
    assert lapsed(S.AT_TASK_FORCE, 7).climbed_to == "GOVERNOR_DESK"
    assert lapsed(S.AT_SUPERVISOR, 7) == clocks.Lapse(S.AT_SUPERVISOR, "GOVERNOR_DESK", 8, None)


def test_a_step_that_climbs_to_nobody_leaves_the_case_where_it_is() -> None:
    step = replace(procedure().steps[S.AT_AUTHORITY], climbs=())
    told = {"climbs": 0, "due_date": TODAY, "level": Level.REGENCY, "holidays": frozenset()}
    assert clocks.lapse(step, step, **told) == clocks.Lapse(S.AT_AUTHORITY, "", 1, None)
    without = replace(procedure().steps[S.NOT_FOLLOWED_UP], days=None, kind=None, climbs=())
    assert clocks.lapse(step, without, **told) == clocks.Lapse(S.NOT_FOLLOWED_UP, "", 0, None)


def test_no_event_leads_where_no_step_leads() -> None:
    assert course.event_to_next(S.AT_SUPERVISOR, [S.AT_SUPERVISOR, S.AT_TASK_FORCE]) is None
    assert course.event_to_next(S.AT_BKN, [S.AT_SUPERVISOR, S.AT_AUTHORITY]) is None


def test_an_authority_that_lets_the_clock_run_out_has_not_followed_up() -> None:
    found = lapsed(S.AT_AUTHORITY, 0)
    assert found == clocks.Lapse(S.NOT_FOLLOWED_UP, "GOVERNOR_DESK", 0, date(2024, 10, 30))
    assert lapsed(S.NOT_FOLLOWED_UP, 0) == clocks.Lapse(S.NOT_FOLLOWED_UP, "MINISTER", 1, None)


@pytest.mark.parametrize(
    ("due", "marked", "since"),
    [
        (None, None, None),
        (TODAY, None, None),
        (TODAY - timedelta(days=1), None, TODAY - timedelta(days=1)),
        (TODAY + timedelta(days=3), TODAY - timedelta(days=4), TODAY - timedelta(days=4)),
        (None, TODAY, TODAY),
    ],
)
def test_a_clock_is_past_from_the_day_after(
    due: date | None, marked: date | None, since: date | None
) -> None:
    assert clocks.past_since(due_date=due, lapsed_date=marked, today=TODAY) == since


# --- catalogues


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("posters", "ETHICS", "HEAVY"),
        ("social-post", "ETHICS", "HEAVY"),
        ("approach-party", "MODERATE", "MODERATE"),
        ("winning-team", "MODERATE", "HEAVY"),
        ("party-member", "PARTY", "PARTY"),
        ("spouse", "ETHICS", "ETHICS"),
    ],
)
def test_the_class_turns_on_the_day_candidates_are_fixed(key: str, before: str, after: str) -> None:
    known = violations()
    eve = FIXED - timedelta(days=1)
    assert known.classed(key, day=eve, fixed_date=FIXED).class_key == before
    assert known.classed(key, day=FIXED, fixed_date=FIXED).class_key == after
    assert known.classed(key, day=VOTE, fixed_date=None).class_key == before


def test_the_catalogue_holds_the_decree() -> None:
    known = violations()
    items = {c.item for v in known.by_key.values() for c in (v.before, v.after)}
    assert items == {f"E{n}" for n in range(1, 8)} | {f"D{n}" for n in range(1, 13)}
    assert all(c.law and c.sanctions for c in known.classes.values())
    assert set(procedure().authorities[Level.REGENCY]) == {"REGENT", "GOVERNOR", "MINISTER"}
    line = ("REGENT", "GOVERNOR", "MINISTER")
    assert [procedure().next_authority(kind) for kind in line] == ["GOVERNOR", "MINISTER", None]
    other = replace(
        procedure(), authorities={Level.REGENCY: ("A", "B", "C"), Level.PROVINCE: ("B", "C")}
    )
    assert other.next_authority("A") == "B"
    assert procedure().steps[S.AT_SUPERVISOR].term == Term(3, DayKind.WORKING)
    assert {f"neutrality.{code}" for code in rules().harms} <= set(words.ALERTS)


def test_a_violation_without_law_or_known_class_is_refused() -> None:
    data = {
        "version": FIXED,
        "source": "x",
        "law": "y",
        "classes": {
            "A": {"name": {"id": "a", "en": "a"}, "law": "", "sanctions": ["NO"], "confidence": "H"}
        },
        "sanctions": {},
        "violations": [
            {
                "key": "v",
                "name": {"id": "v", "en": "v"},
                "before": {"item": "E1", "class": "B", "confidence": "H"},
                "after": {"item": "E1", "class": "A", "confidence": "H"},
            }
        ],
    }
    with pytest.raises(ValueError, match="classes: A: law: '' is not a text") as error:
        read(Violations, data)
    assert "classes: A: sanctions: 1: 'NO' stands nowhere under sanctions" in str(error.value)
    assert "violations: v: before: class: 'B' stands nowhere under classes" in str(error.value)


def test_a_step_that_climbs_without_a_clock_is_refused() -> None:
    step = {
        "key": "AT_BKN",
        "name": {"id": "a", "en": "a"},
        "handlers": ["BKN"],
        "level": "OWN",
        "climbs": ["GOVERNOR_DESK"],
        "source": "x",
        "confidence": "L",
    }
    data = {
        "version": FIXED, "source": "x", "steps": [step], "tracks": {}, "reply_days": 3,
        "blocked_by": "BKN", "recommends": ["BKN"], "authorities": {},
    }  # fmt: skip
    with pytest.raises(ValueError, match="AT_BKN: climbs: without a term nothing climbs"):
        read(Procedure, data)
    with pytest.raises(ValueError, match="steps: AT_AUTHORITY: is missing"):
        read(Procedure, data | {"steps": [step | {"climbs": []}]})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kind": None}, "kind: days are counted in one"),
        ({"again": None, "climbs": ("REGENT_DESK", "GOVERNOR_DESK")},
         "again: who climbs twice needs it"),
        ({"again": None, "climbs": ("REGENT_DESK",)}, None),
        ({"days": None}, "climbs: without a term nothing climbs"),
        ({"days": None, "climbs": ()}, None),
        ({"days": None, "kind": None, "climbs": ()}, None),
    ],
)  # fmt: skip
def test_a_step_has_the_days_that_its_clocks_need(changes: dict, fault: str | None) -> None:
    step = procedure().steps[S.AT_TASK_FORCE]
    if fault is None:
        found = replace(step, **changes)
        assert (found.term is None) is (found.days is None)
        return
    with pytest.raises(ValueError, match=f"^{fault}$"):
        replace(step, **changes)


def test_a_way_ends_with_the_appointing_authority() -> None:
    way = procedure().tracks[Track.CIVIL_SERVANT]
    for steps in ((), way.steps[:-1], (*way.steps, S.AT_BKN)):
        with pytest.raises(ValueError, match=r"^steps: end with the appointing authority$"):
            replace(way, steps=steps)


@pytest.mark.parametrize(
    ("reported", "recommended", "followed", "fits"),
    [(0, 0, 0, True), (1, 1, 1, True), (3, 2, 1, True), (1, 2, 1, False), (2, 1, 2, False),
     (1, 1, -1, False)],
)  # fmt: skip
def test_none_is_followed_up_that_was_not_recommended(
    reported: int, recommended: int, followed: int, fits: bool
) -> None:
    changes = {"reported": reported, "recommended": recommended, "followed": followed}
    if fits:
        assert replace(statistics()[0], **changes).followed == followed
        return
    with pytest.raises(ValueError, match="recommended and followed up do not fit"):
        replace(statistics()[0], **changes)


def test_statistics_of_2020_divide_by_the_recommended() -> None:
    first = statistics()[0]
    assert (first.reported, first.recommended, first.followed) == (1005, 727, 580)
    assert round(first.share, 3) == 0.798
    broken = {"unit": "PERSONS", "date": FIXED, "reported": 1, "recommended": 2, "followed": 1,
              "source": "x", "confidence": "L"}  # fmt: skip
    with pytest.raises(ValueError, match="do not fit"):
        parse_statistics({"figures": [broken]})


# --- what may show


@pytest.mark.parametrize(
    ("part", "of", "shows"),
    [
        (0, 0, False),
        (0, 4, False),
        (0, 5, True),
        (5, 5, True),
        (1, 9, False),
        (4, 9, False),
        (5, 9, False),
        (5, 10, True),
        (9, 10, False),
        (40, 100, True),
    ],
)
def test_few_cases_do_not_show_counted_or_left(part: int, of: int, shows: bool) -> None:
    assert count_shows(part, of, hidden_below=5) is shows


# --- sums


@pytest.mark.parametrize("counts", [Cases, Pledges, Services])
def test_counts_add_up_one_by_one(counts) -> None:
    size = len(fields(counts))
    one, other = range(1, size + 1), range(10, 10 * size + 1, 10)
    assert counts(*one) + counts(*other) == counts(*map(sum, zip(one, other, strict=True)))


def test_a_standing_adds_each_of_its_parts() -> None:
    part = Standing(Cases(total=2, open=1), Pledges(3, 5, 1), Services(open=1, silent=2), 1)
    assert part + part == Standing(Cases(4, 2), Pledges(6, 10, 2), Services(2, silent=4), 2)


def test_shares_divide_by_what_was_heard() -> None:
    services = Services(open=5, reduced=2, closed=1, silent=9)
    assert (services.heard, services.thin, services.thin_share) == (8, 3, 0.375)
    assert Services(silent=9).thin_share is None
    assert Cases(recommended=4, followed=3).follow_up == 0.75
    assert Cases(total=4).follow_up is None


# --- status


@pytest.mark.parametrize(
    ("day", "reported"),
    [
        (VOTE - timedelta(days=31), False),
        (VOTE - timedelta(days=30), True),
        (VOTE + timedelta(days=7), True),
        (VOTE + timedelta(days=8), False),
    ],
)
def test_services_are_reported_around_the_vote(day: date, reported: bool) -> None:
    found = services_are_reported(day, vote_date=VOTE, thresholds=thresholds())
    assert found is reported


def test_a_parent_follows_its_children_by_the_shares_of_the_catalogue() -> None:
    limits = replace(
        thresholds(), children_late_share=0.1, children_risk_share=0.2, children_silent_share=0.3
    )
    assert roll_up_rule(limits) == RollUp(late_share=0.1, risk_share=0.2, silent_share=0.3)


@pytest.mark.parametrize(
    ("signed", "staff", "day", "status"),
    [
        (0, 0, TODAY, Status.NO_REPORT),
        (100, 100, TODAY, Status.DONE),
        (96, 100, TODAY, Status.ON_TRACK),
        (10, 100, TODAY, Status.ON_TRACK),
        (95, 100, TODAY + timedelta(days=1), Status.ON_TRACK),
        (94, 100, TODAY + timedelta(days=1), Status.AT_RISK),
        (60, 100, TODAY + timedelta(days=1), Status.AT_RISK),
        (59, 100, TODAY + timedelta(days=1), Status.LATE),
    ],
)
def test_pledges_are_late_after_their_day(
    signed: int, staff: int, day: date, status: Status
) -> None:
    pledges = Pledges(signed, staff, 1)
    found = pledge_status(pledges, today=day, vote_date=VOTE, thresholds=thresholds())
    assert found is status


@pytest.mark.parametrize(
    ("services", "status"),
    [
        (Services(silent=7), Status.NO_REPORT),
        (Services(open=9, reduced=1), Status.ON_TRACK),
        (Services(open=8, reduced=1, closed=1), Status.AT_RISK),
        (Services(open=6, closed=4), Status.LATE),
        (Services(open=9, closed=1, shut=1), Status.AT_RISK),
        (Services(open=99, silent=1, mute=1), Status.AT_RISK),
        (Services(open=8, silent=1, reduced=1), Status.AT_RISK),
        (Services(open=99, silent=1), Status.ON_TRACK),
        (Services(open=1, silent=23), Status.NO_REPORT),
        (Services(open=5, reduced=1, silent=4, mute=1), Status.AT_RISK),
        (Services(open=3, closed=3, shut=3, silent=4, mute=4), Status.LATE),
    ],
)
def test_services_thin_out(services: Services, status: Status) -> None:
    assert service_status(services, thresholds=thresholds()).status is status


@given(st.integers(0, 4), st.integers(0, 4))
def test_a_few_cases_never_change_the_status_that_all_see(open_: int, past: int) -> None:
    cases = Cases(total=open_, open=open_, past_clock=min(past, open_))
    base = Standing(pledges=Pledges(10, 10, 1), services=Services(open=7))
    told: dict[str, Any] = {
        "sees_cases": False,
        "today": TODAY,
        "vote_date": VOTE,
        "thresholds": thresholds(),
    }
    status = judgement_of(base, **told).status
    assert judgement_of(replace(base, cases=cases), **told).status is status


@pytest.mark.parametrize(
    ("open_", "past", "seen", "unseen"),
    [
        (10, 0, Status.ON_TRACK, Status.ON_TRACK),
        (10, 1, Status.AT_RISK, Status.ON_TRACK),
        (1, 1, Status.AT_RISK, Status.ON_TRACK),
        (10, 4, Status.AT_RISK, Status.ON_TRACK),
        (4, 4, Status.AT_RISK, Status.ON_TRACK),
        (11, 5, Status.AT_RISK, Status.AT_RISK),
        (10, 5, Status.LATE, Status.LATE),
        (5, 5, Status.LATE, Status.LATE),
    ],
)
def test_one_lapsed_case_shows_to_who_may_see_it_and_many_to_all(
    open_: int, past: int, seen: Status, unseen: Status
) -> None:
    cases = Cases(open=open_, past_clock=past)
    for sees, status in ((True, seen), (False, unseen)):
        found = case_status(cases, sees_cases=sees, thresholds=thresholds())
        assert found.status is status


@pytest.mark.parametrize(
    ("reports", "is_working_day", "counted"),
    [
        ([], True, Services()),
        ([(ServiceLevel.OPEN, True), (ServiceLevel.CLOSED, False), (None, False)], True,
         Services(open=1, closed=1, silent=1)),
        ([(ServiceLevel.OPEN, True), (ServiceLevel.CLOSED, False), (None, False)], False,
         Services(open=1)),
        ([(ServiceLevel.CLOSED, True), (None, True), (ServiceLevel.REDUCED, True)], False,
         Services(reduced=1, closed=1, silent=1, shut=1, mute=1)),
    ],
)  # fmt: skip
def test_a_holiday_is_no_closure(
    reports: list[tuple[ServiceLevel | None, bool]], is_working_day: bool, counted: Services
) -> None:
    assert counted_services(reports, is_working_day=is_working_day) == counted


@pytest.mark.parametrize(
    ("standing", "day", "status"),
    [
        (Standing(), TODAY, Status.NO_REPORT),
        (Standing(services=Services(silent=7)), TODAY, Status.NO_REPORT),
        (Standing(services=Services(open=7)), TODAY, Status.AT_RISK),
        (Standing(pledges=Pledges(5, 5, 1)), TODAY, Status.AT_RISK),
        (Standing(pledges=Pledges(5, 5, 1)), TODAY - timedelta(days=1), Status.ON_TRACK),
        (Standing(pledges=Pledges(5, 5, 1)), VOTE + timedelta(days=8), Status.DONE),
        (
            Standing(pledges=Pledges(5, 5, 1), services=Services(open=7)),
            VOTE + timedelta(days=7),
            Status.ON_TRACK,
        ),
        (Standing(pledges=Pledges(1, 5, 1), services=Services(open=7)), TODAY, Status.ON_TRACK),
        (Standing(pledges=Pledges(1, 5, 1)), TODAY + timedelta(days=1), Status.LATE),
        (Standing(pledges=Pledges(4, 5, 1)), VOTE + timedelta(days=8), Status.AT_RISK),
        (Standing(pledges=Pledges(5, 5, 1), forbidden=1), TODAY, Status.LATE),
        (Standing(forbidden=1), TODAY, Status.LATE),
    ],
)
def test_a_place_follows_its_worst_part(standing: Standing, day: date, status: Status) -> None:
    found = judgement_of(
        standing, sees_cases=False, today=day, vote_date=VOTE, thresholds=thresholds()
    ).status
    assert found is status


# --- replaced officials


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (FIXED, date(2024, 3, 22)),
        (date(2024, 8, 31), date(2024, 2, 29)),
        (date(2024, 3, 31), date(2023, 9, 30)),
    ],
)
def test_the_window_opens_six_months_before(day: date, start: date) -> None:
    assert window_start(day, months=6) == start


@pytest.mark.parametrize(
    ("day", "consent", "fixed", "forbidden"),
    [
        (date(2024, 3, 21), "", FIXED, False),
        (date(2024, 3, 22), "", FIXED, True),
        (date(2024, 12, 1), "", FIXED, True),
        (date(2024, 4, 1), "100.2/77/OTDA", FIXED, False),
        (date(2024, 4, 1), " ", FIXED, True),
        (date(2024, 4, 1), "", None, False),
    ],
)
def test_who_replaces_needs_consent(
    day: date, consent: str, fixed: date | None, forbidden: bool
) -> None:
    assert is_forbidden(day, consent=consent, fixed_date=fixed, months=6) is forbidden


@pytest.mark.parametrize(
    ("signed", "staff", "code"),
    [
        (0, 1, None),
        (5, 5, None),
        (6, 5, "neutrality.more_signed_than_staff"),
        (0, 0, "neutrality.agency_has_no_staff"),
        (-1, 5, "neutrality.fewer_than_none_signed"),
    ],
)
def test_no_more_sign_than_there_are(signed: int, staff: int, code: str | None) -> None:
    assert pledge_fault(signed=signed, staff=staff) == code


@pytest.mark.parametrize(
    ("values", "middle"),
    [([], None), ([4], 4), ([1, 4], 2.5), ([1, 1, 9], 1), ([0, 0, 2, 2], 1), ([5, 1, 3, 9, 9], 5)],
)
def test_a_median_of_counts_is_that_of_the_values(values: list[int], middle: float | None) -> None:
    assert median(Counter(values)) == middle
