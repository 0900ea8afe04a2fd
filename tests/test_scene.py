"""The scene of the demonstration tells what it should; read from the loaded database itself."""

import html
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils.translation import override
from pytest_django import DjangoDbBlocker, Settings

from serentak.contingency import public as contingency
from serentak.coordination import public as coordination
from serentak.coordination.permissions import ANSWER_ACTION
from serentak.coordination.public import Standing
from serentak.coordination.queries.follow_up import for_minister
from serentak.coordination.queries.letters import letters_of
from serentak.coordination.queries.meetings import agenda, outcomes
from serentak.desk.permissions import VIEW_DESK
from serentak.desk.queries.page import place_page
from serentak.desk.views import as_a_whole
from serentak.elections.public import contests, contests_held_under, voters_and_stations
from serentak.figures.public import discrepancies
from serentak.institutions.public import (
    accounts_for,
    demo_accounts,
    holder_of,
    institution_by,
    viewer_for,
)
from serentak.kernel.area import Section
from serentak.kernel.briefing import Focus, Why
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.liaison import public as liaison
from serentak.neutrality import public as neutrality
from serentak.neutrality.permissions import VIEW_CASES
from serentak.neutrality.queries.handlers import places_without_handler
from serentak.notices.public import unread
from serentak.places.public import children
from serentak.platform import clock
from serentak.platform.areas import area_of, areas
from serentak.platform.database import Cluster
from serentak.platform.models import User
from serentak.platform.web.formats import number
from serentak.platform.words import why_text, word
from serentak.portal.documents import files_of, page_name
from serentak.portal.queries import publication
from serentak.posting import public as posting
from serentak.posting.queries.catalogues import used_patterns
from serentak.posting.queries.plans import adopted_under
from serentak.readiness.public import Plan, briefings, missing_reports, plan
from serentak.readiness.queries.board import Standing as WorkStanding
from serentak.readiness.queries.board import board
from serentak.readiness.queries.measured import measured
from serentak.readiness.queries.overview import overview_on
from serentak.reporting.documents.book import asked_row
from serentak.reporting.public import public_reports, stored_days
from serentak.reporting.queries.book import book
from serentak.reporting.queries.material import gather, moment_of
from serentak.reporting.queries.reports import daily_page
from serentak.reporting.queries.sources import briefings_of, outline, reader_at, rules
from serentak.reporting.rules.drafting import draft
from serentak.reporting.rules.outline import Code
from serentak.reporting.words import sentence_text
from serentak.security import public as security
from serentak.vulnerability import public as vulnerability
from serentak.vulnerability.queries.catalogues import indicators
from serentak.vulnerability.queries.findings import times

from .stage import copied, template_of

SUMSEL, OKI, OGAN_ILIR = PlaceCode("16"), PlaceCode("16.02"), PlaceCode("16.10")


@contextmanager
def reading(database: str, unblocked: AbstractContextManager[None]) -> Iterator[None]:
    """Read from a database that holds a scene; nothing may be written."""
    usual = connection.settings_dict
    with unblocked:
        connection.close()
        # Without the pool, which would keep connections to the database that is copied from.
        options = {k: v for k, v in usual["OPTIONS"].items() if k != "pool"}
        connection.settings_dict = usual | {"NAME": database, "OPTIONS": options}
        yield
        connection.close()
        connection.settings_dict = usual


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.SERENTAK_DEMO = True


@pytest.fixture(scope="module")
def first(loaded: tuple[Cluster, str]) -> Iterator[str]:
    with copied(*loaded) as database:
        yield database


@pytest.fixture(scope="module")
def second(loaded: tuple[Cluster, str]) -> Iterator[str]:
    with copied(loaded[0], template_of(loaded[0], "h-7")) as database:
        yield database


@pytest.fixture
def scene(first: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The first scene, thirty days before the vote."""
    with reading(first, django_db_blocker.unblock()):
        yield


@pytest.fixture
def next_scene(second: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The second scene, which goes on from the first."""
    with reading(second, django_db_blocker.unblock()):
        yield


@pytest.mark.usefixtures("scene")
def test_the_clock_stands_at_thirty_days_before_the_vote() -> None:
    state = clock.state()
    assert state.scene == "h-30"
    assert clock.local_date(state.now).isoformat() >= "2024-10-28"


@pytest.mark.usefixtures("scene")
def test_real_sums_stand_on_invented_stations() -> None:
    found = voters_and_stations(SUMSEL)[SUMSEL]
    assert (found.stations, found.voters) == (13_206, 6_382_739)


@pytest.mark.usefixtures("scene")
def test_one_race_is_run_against_a_blank_column() -> None:
    races = {race.place: race for race in (*contests(SUMSEL), *contests_held_under(SUMSEL))}
    assert len(races) == 18
    assert [pair.is_blank_column for pair in races[OGAN_ILIR].pairs] == [False, True]


@pytest.mark.usefixtures("scene")
def test_holders_of_the_day_have_their_real_status_and_invented_names() -> None:
    holders = holder_of([SUMSEL, OKI, OGAN_ILIR], at=clock.now())
    titles = {place: holder.title.split()[0] for place, holder in holders.items()}
    assert titles == {SUMSEL: "Pj.", OKI: "Pj.", OGAN_ILIR: "Pjs."}


@pytest.mark.usefixtures("scene")
def test_figures_that_disagree_have_an_owner_or_a_decision() -> None:
    at_the_province = {
        card.measure.code: card for card in discrepancies(SUMSEL, SYSTEM) if card.place == SUMSEL
    }
    stations, villages = at_the_province["stations"], at_the_province["villages"]
    assert stations.owner is not None
    assert villages.owner is not None
    assert "voters" not in at_the_province


@pytest.mark.usefixtures("scene")
def test_somebody_of_every_office_can_sign_in() -> None:
    assert len({account.role for account in demo_accounts()}) >= 8


@pytest.mark.usefixtures("scene")
def test_every_case_lies_where_somebody_may_open_it_and_its_authority_hears() -> None:
    at = clock.now()
    assert [card.name for card in places_without_handler(SUMSEL, at=at)] == []
    regent = institution_by("REGENT", OKI)
    assert regent is not None
    heard = accounts_for([regent.id], ANSWER_ACTION, at=at, also=VIEW_CASES)
    assert [account.user_id for account in heard[regent.id]] != []


@pytest.mark.usefixtures("scene")
def test_one_clock_ran_out_and_services_thin_out_where_the_water_stands() -> None:
    found = neutrality.briefings(parent=SUMSEL, viewer=SYSTEM, at=clock.now())
    alerts = {(a.place, a.code) for a in found[SUMSEL].alerts}
    assert (OKI, "neutrality.CASES_PAST_CLOCK") in alerts
    assert ("16.13", "neutrality.SERVICES_THIN") in alerts
    assert ("16.13", "neutrality.REPLACEMENT_WITHOUT_CONSENT") in alerts
    assert found[PlaceCode("16.13")].status is Status.LATE
    assert found[PlaceCode("16.11")].status is Status.NO_REPORT
    cases = neutrality.follow_up(SUMSEL, SYSTEM, clock.now()).whole.cases
    assert (cases.total, cases.past_clock, cases.recommended, cases.followed) == (8, 1, 4, 2)


@pytest.mark.usefixtures("next_scene")
def test_a_week_before_more_clocks_have_run_out() -> None:
    cases = neutrality.follow_up(SUMSEL, SYSTEM, clock.now()).whole.cases
    assert cases.past_clock > 1


BANYUASIN, MURATARA = PlaceCode("16.07"), PlaceCode("16.13")
HEARD = {area.focus for area in areas()}
"""Areas of which something is told a month before; of security, the strength of the police."""


def climbed() -> list[tuple[str, PlaceCode, str]]:
    found = for_minister(SUMSEL, viewer=SYSTEM, at=clock.now())
    return sorted((card.owner.kind, card.owner.place, card.verb) for card in found)


@pytest.mark.usefixtures("scene")
def test_two_promises_nobody_answered_climb_and_the_others_are_kept_or_running() -> None:
    at = clock.now()
    assert climbed() == [("POLICE", SUMSEL, "REQUEST"), ("REGENT", OKI, "DIRECTIVE")]
    record = coordination.records(SUMSEL, at=at)[SUMSEL]
    assert (record.total, record.of(Standing.OVERDUE), record.kept) == (7, 1, 2)
    assert record.of(Standing.TO_VERIFY, Standing.UNVERIFIED) == 1
    rows = {row.place: row for row in coordination.promises(SUMSEL, viewer=SYSTEM, at=at)}
    assert (rows[OKI].reminders, rows[OKI].reprimands, rows[MURATARA].visits) == (1, 0, 1)
    (visit,) = coordination.visits(SUMSEL, viewer=SYSTEM)
    assert "alat pemadam" in visit.findings


@pytest.mark.usefixtures("scene")
def test_the_meeting_of_tomorrow_takes_up_what_has_climbed() -> None:
    (ahead,) = coordination.next_meetings(SUMSEL, after=clock.now())
    assert ahead.date == clock.local_date(clock.now()) + timedelta(days=1)
    points = agenda(ahead.id, at=clock.now())
    owners = {point.action.owner.kind for point in points if point.action}
    assert owners == {"POLICE", "REGENT"}
    assert len(points) == 4
    before = [m for m in coordination.meetings(SUMSEL, viewer=SYSTEM) if m.id != ahead.id]
    assert [meeting.state for meeting in before] == ["CLOSED"]
    kinds = {line.kind for line in outcomes(before[0].id, at=clock.now())}
    assert kinds == {"INFORMATION", "DECISION", "INSTRUCTION", "DIRECTIVE", "REQUEST"}


@pytest.mark.usefixtures("scene")
def test_a_letter_to_the_police_is_a_request_in_draft() -> None:
    cards = {c.owner.kind: c for c in for_minister(SUMSEL, viewer=SYSTEM, at=clock.now())}
    (request,) = letters_of(cards["POLICE"].id, with_drafts=True)
    assert (request.verb, request.state, request.number) == ("REQUEST", "DRAFT", "")
    sent = letters_of(cards["REGENT"].id, with_drafts=True)
    assert [(letter.verb, letter.state) for letter in sent] == [
        ("REMINDER", "SENT"),
        ("DIRECTIVE", "SENT"),
    ]


@pytest.mark.usefixtures("scene")
def test_who_was_asked_and_who_asked_were_told() -> None:
    told = dict(User.objects.values_list("username", "pk"))
    for username in ("desk.sumsel", "desk.oki", "polda.sumsel", "kpu.sumsel"):
        viewer = viewer_for(user_id=told[username], at=clock.now())
        assert unread(viewer) > 0, username


@pytest.mark.usefixtures("scene")
def test_reports_of_the_eve_speak_of_every_area() -> None:
    eve = clock.local_date(clock.now()) - timedelta(days=1)
    page = daily_page(OKI, viewer=SYSTEM, at=clock.now(), day=eve)
    assert page.report is not None
    said = {sentence.focus for sentence in page.sentences}
    assert said >= HEARD


@pytest.mark.usefixtures("scene")
def test_an_officer_signed_what_went_to_the_minister_and_the_head_noted_the_answer() -> None:
    eve = clock.local_date(clock.now()) - timedelta(days=1)
    report = daily_page(SUMSEL, viewer=SYSTEM, at=clock.now(), day=eve).report
    assert report is not None
    assert (report.signed_off_by, report.accepted_by) == ("Indah Permatasari", "Ratna Puspita")


@pytest.mark.usefixtures("scene")
def test_one_desk_reported_late_on_the_eve() -> None:
    eve = clock.local_date(clock.now()) - timedelta(days=1)
    page = daily_page(SUMSEL, viewer=SYSTEM, at=clock.now(), day=eve)
    assert [(d.place, d.minutes_late) for d in page.desks if d.minutes_late] == [("16.13", 35)]
    assert "LATE" in {sentence.code for sentence in page.sentences}


@pytest.mark.usefixtures("next_scene")
def test_a_week_before_other_promises_climb_and_those_are_settled() -> None:
    assert climbed() == [("POLICE", SUMSEL, "REQUEST"), ("REGENT", BANYUASIN, "DIRECTIVE")]
    (ahead,) = coordination.next_meetings(SUMSEL, after=clock.now())
    assert ahead.date == clock.local_date(clock.now()) + timedelta(days=1)
    assert sum(point.action is not None for point in agenda(ahead.id, at=clock.now())) == 2
    record = coordination.records(SUMSEL, at=clock.now())[SUMSEL]
    assert record.of(Standing.KEPT, Standing.KEPT_LATE) == 9


def statuses(parent: PlaceCode) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for place, briefing in briefings(parent=parent, viewer=SYSTEM, at=clock.now()).items():
        found.setdefault(briefing.status, set()).add(place)
    return found


@pytest.mark.usefixtures("scene")
def test_most_regencies_do_well_two_are_late_and_one_is_silent() -> None:
    assert statuses(SUMSEL) == {
        Status.ON_TRACK: {
            "16.01", "16.03", "16.04", "16.05", "16.08", "16.10", "16.12", "16.71", "16.72",
            "16.73", "16.74",
        },
        Status.AT_RISK: {"16", "16.06", "16.07", "16.09"},
        Status.LATE: {"16.02", "16.13"},
        Status.NO_REPORT: {"16.11"},
    }  # fmt: skip


@pytest.mark.usefixtures("scene")
def test_of_the_river_regency_the_four_districts_on_the_water_are_late() -> None:
    found = statuses(OKI)
    assert found[Status.LATE] == {OKI, "16.02.11", "16.02.14", "16.02.15", "16.02.18"}


@pytest.mark.usefixtures("scene")
def test_what_is_late_is_what_the_story_says() -> None:
    late = {row.key for row in shown_plan(OKI).rows if row.status is Status.LATE}
    assert late == {"route-plan", "store-d", "site-pick", "signal-map", "flood-plan"}
    [grant] = [row for row in shown_plan(PlaceCode("16.13")).rows if row.key == "grant-60"]
    assert (grant.status, grant.done_quantity, grant.target_quantity) == (Status.LATE, 62, 100)


@pytest.mark.usefixtures("scene")
def test_checks_say_the_numbers_that_were_reported() -> None:
    reported = {
        (row.activity.key if hasattr(row, "activity") else row.key, row.place_id): row.done_quantity
        for model in ("Activity", "ActivityShare")
        for row in apps.get_model("readiness", model).objects.all()
    }
    told = measured(SUMSEL)
    assert len(told["store-ready"]) == 17
    assert set(told["store-d"]) == {p for p in told["site-pick"] if p.startswith(OKI)}
    assert {p for p in told["site-pick"] if len(p) == len(OKI)} == {OKI, "16.71"}
    assert not told["it-account"], "a quarter of the stations is not half"
    for key in ("store-ready", "store-d", "site-pick"):
        for place, measure in told[key].items():
            if len(place) > len(OKI) or key == "store-ready":
                assert measure.quantity == (reported[key, place] or 0), (key, place)


@pytest.mark.usefixtures("scene")
def test_a_moved_target_stands_beside_its_baseline_and_one_activity_is_dropped() -> None:
    [rehearsal] = [r for r in shown_plan(PlaceCode("16.03")).rows if r.key == "rehearse"]
    assert rehearsal.target_state == "REVISED"
    assert rehearsal.baseline_date is not None
    assert rehearsal.target_date > rehearsal.baseline_date
    [signal] = [r for r in shown_plan(PlaceCode("16.74")).rows if r.key == "signal-add"]
    assert signal.state == "DROPPED"


@pytest.mark.usefixtures("scene")
def test_single_items_are_unheard_in_regencies_that_do_well() -> None:
    missing = {m.place: m for m in missing_reports(SUMSEL, viewer=SYSTEM, at=clock.now())}
    assert set(missing) == {"16.01", "16.04", "16.11", "16.72"}
    assert missing[PlaceCode("16.11")].owed.days == 8
    assert missing[PlaceCode("16.11")].owed.oldest >= 8
    today = clock.local_date(clock.now())
    for line in missing.values():
        spoke = line.owed.last_report_at
        assert spoke
        assert line.owed.days in (None, (today - clock.local_date(spoke)).days)
    alone = {place for place, line in missing.items() if line.owed.days is None}
    assert alone == {"16.01", "16.04", "16.72"}
    with override("id"):
        told = {
            alert.place: word("ALERTS", alert.code, alert.params)
            for alert in briefings(parent=SUMSEL, viewer=SYSTEM, at=clock.now())[SUMSEL].alerts
            if alert.code == "readiness.REPORTS_OVERDUE"
        }
    assert "tanpa laporan selama 8 hari" in told[PlaceCode("16.11")]
    assert "yang tertua 6 hari" in told[PlaceCode("16.04")]


@pytest.mark.usefixtures("next_scene")
def test_a_week_before_the_vote_another_regency_is_silent_and_ballots_are_late() -> None:
    assert clock.state().scene == "h-7"
    found = statuses(SUMSEL)
    # Where ballots cannot be replaced in time, no vote can be held, and the province is late with it.
    assert (found[Status.LATE], found[Status.NO_REPORT]) == ({"16", "16.07"}, {"16.12"})
    assert {"16.02", "16.13"} <= found[Status.AT_RISK]
    late = {row.key for row in shown_plan(PlaceCode("16.07")).rows if row.status is Status.LATE}
    assert "ballot-refill" in late


def shown_plan(place: PlaceCode) -> Plan:
    found = plan(place, viewer=SYSTEM, at=clock.now())
    assert found is not None
    return found


@pytest.mark.usefixtures("scene")
def test_the_eve_was_reported_and_the_days_before_are_kept() -> None:
    today = clock.local_date(clock.now())
    eve = today - timedelta(days=1)
    stored = stored_days(SUMSEL, until=today, days=7)
    assert {s.focus for s in stored} == HEARD
    kept = [s for s in stored if s.focus is Focus.READINESS]
    assert [s.day for s in kept] == [today - timedelta(days=n) for n in range(4, -1, -1)]
    done = [f.value for s in kept for f in s.figures if f.code == "readiness.finished"]
    assert len(done) == len(kept)
    assert done == sorted(done, key=lambda value: value or 0)
    assert done[0] != done[-1]
    page = daily_page(SUMSEL, viewer=SYSTEM, at=clock.now(), day=eve)
    assert page.report is not None
    assert page.report.state == "ACCEPTED"
    assert [d.place for d in page.silent] == ["16.07", "16.11", "16.12"]
    assert len(public_reports(SUMSEL)) == 15


# --- the same thing is the same number


@pytest.mark.usefixtures("scene")
def test_a_miss_touches_the_same_number_on_desk_and_readiness_page() -> None:
    at = clock.now()
    found = board(SUMSEL, at=at)
    assert found
    rows = {row.key: row for row in overview_on(found, SUMSEL).rows}
    compared = 0
    with override("en"):
        for alert in briefings(parent=SUMSEL, viewer=SYSTEM, at=at)[SUMSEL].alerts:
            row = rows.get(str(alert.params.get("key")))
            told = re.search(r"\((\S+) stations, (\S+) voters\)", row.why) if row else None
            if told:
                compared += 1
                assert told.groups() == (alert.params["stations"], alert.params["voters"])
    assert compared > 3


@pytest.mark.usefixtures("scene")
def test_every_figure_is_one_number_on_desk_book_report_and_in_what_is_stored() -> None:
    at = clock.now()
    reader = reader_at(SUMSEL)
    told = briefings_of(SUMSEL, viewer=reader, at=at)
    desk = replace(reader, grants=(replace(reader.grants[0], permissions=(
        reader.grants[0].permissions | {VIEW_DESK})),))  # fmt: skip
    page = place_page(SUMSEL, viewer=desk, at=at)
    pages = book(SUMSEL, viewer=SYSTEM, at=at)
    for part in (pages.own, *pages.children):
        assert {f: b.figures for f, b in part.briefings.items()} == {
            f: b.figures for f, b in told[part.card.code].items()
        }
    drafted = {
        (s.focus, s.params["figure"]): (s.params["value"], s.params["of"])
        for s in draft(gather(moment_of(SUMSEL, at), at=at).material, rules(), outline())
        if s.code is Code.FIGURE
    }
    for focus, briefing in told[SUMSEL].items():
        shown = {figure.code: figure for figure in page.answers.own[focus].figures}
        for figure in briefing.figures:
            assert shown[figure.code] == figure
            if figure.value is not None:
                assert drafted[focus, figure.code] == (figure.value, figure.of)
        assert page.answers.own[focus].status is briefing.status


def _stands(status: Status | None, part: WorkStanding) -> bool:
    return part.status is status


@pytest.mark.usefixtures("scene")
def test_a_row_of_several_places_says_what_the_alert_says_of_them() -> None:
    at = clock.now()
    found = board(SUMSEL, at=at)
    assert found
    rows = {row.key: row for row in overview_on(found, SUMSEL).rows}
    compared = 0
    for alert in briefings(parent=SUMSEL, viewer=SYSTEM, at=at)[SUMSEL].alerts:
        row = rows.get(str(alert.params.get("key")))
        if row is None or not alert.params["of_place"]:
            continue
        compared += 1
        worst = row.worst
        assert row.places.startswith(f"{alert.params['count']} dari {len(row.parts)} ")
        assert f": {alert.params['of_place']}" in row.places
        assert row.status is alert.severity is worst.status
        assert row.target_date == (alert.params["moved_date"] or alert.params["target_date"])
        assert worst.slot
        assert row.finish_date == found.date_of(worst.slot.finish)
        assert row.slack == worst.slot.slack_to_deadline
        narrowed = row.among(partial(_stands, row.status))
        assert narrowed
        assert narrowed.worst is worst
        assert (narrowed.target_date, narrowed.slack) == (row.target_date, row.slack)
    assert compared > 1


@pytest.mark.usefixtures("scene")
def test_a_moved_target_is_told_with_the_day_first_agreed_and_falls_due_on_its_new_day() -> None:
    at = clock.now()
    alerts = briefings(parent=SUMSEL, viewer=SYSTEM, at=at)[SUMSEL].alerts
    (moved,) = (a for a in alerts if a.params.get("moved_date") and a.place == BANYUASIN)
    drafted = draft(gather(moment_of(SUMSEL, at), at=at).material, rules(), outline())
    told = [s for s in drafted if s.params.get("place") == BANYUASIN and s.code is not Code.DUE]
    due = [s for s in drafted if s.code is Code.DUE and s.params["place"] == BANYUASIN]
    with override("id"):
        assert "29 Okt, semula 24 Okt" in sentence_text(told[0].code, told[0].params)
        assert "29 Okt" in sentence_text(due[0].code, due[0].params)
        [row] = [r for r in shown_plan(BANYUASIN).rows if r.key == moved.params["key"]]
        assert "(semula 24 Okt)" in row.why
        ahead = [s for s in drafted if s.section == Section.TOMORROW]
        assert Code.NOTHING_DUE not in {s.code for s in ahead}
        assert any(sentence_text(s.code, s.params).startswith("Rapat ") for s in ahead)


@pytest.mark.usefixtures("scene")
def test_a_card_says_how_its_place_stands_as_a_whole_where_that_differs() -> None:
    page = place_page(SUMSEL, viewer=SYSTEM, at=clock.now())
    tiles = {child.card.code: child.overall for child in page.children.all}
    told = {need.alert.link: as_a_whole(page, need) for need in page.needs.all}
    for need in page.needs.all:
        tile = tiles.get(need.alert.place)
        assert (told[need.alert.link] or need.alert.severity) is (tile or need.alert.severity)
    (ballots,) = (n for n in page.needs.all if n.alert.params.get("moved_date") and (
        n.alert.place == BANYUASIN))  # fmt: skip
    assert ballots.alert.severity is Status.LATE
    assert told[ballots.alert.link] is tiles[BANYUASIN] is Status.AT_RISK


@pytest.mark.usefixtures("scene")
def test_the_book_counts_the_actions_that_it_lists_and_calls_none_late_that_is_done() -> None:
    at = clock.now()
    with override("id"):
        found = book(SUMSEL, viewer=SYSTEM, at=at)
        for part in (found.own, *found.children):
            if part.record is None:
                continue
            (figure,) = (
                f
                for f in part.briefings[Focus.COORDINATION].figures
                if f.code == "coordination.overdue"
            )
            assert part.record.of(Standing.OVERDUE) == figure.value
            listed = [action.standing for action in part.asked]
            assert len(listed) == min(5, part.record.open)
            assert all(listed.count(s) <= part.record.of(s) for s in listed)
            for action in part.asked:
                assert ("Lewat" in asked_row(action, found)[2]) == bool(action.overdue)
    assert found.own.record
    assert found.own.record.of(Standing.OVERDUE) == 2


def shown(place: PlaceCode, parent: PlaceCode, viewer: Viewer) -> dict[Focus, tuple[Any, ...]]:
    told = briefings_of(parent, viewer=viewer, at=clock.now())[place]
    return {focus: (b.status, b.why, b.figures) for focus, b in told.items()}


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("account", ["", "desk.sumsel", "bawaslu.sumsel"])
def test_a_regency_stands_on_its_own_page_as_on_its_provinces(account: str) -> None:
    told = User.objects.filter(username=account).first()
    viewer = viewer_for(user_id=told.pk, at=clock.now()) if told else reader_at(SUMSEL)
    for regency in (*(card.code for card in children(SUMSEL)),):
        assert shown(regency, SUMSEL, viewer) == shown(regency, regency, viewer), regency


@pytest.mark.usefixtures("scene")
def test_report_and_book_say_what_their_statuses_leave_out_and_the_page_what_they_say() -> None:
    at = clock.now()
    desk = viewer_for(user_id=User.objects.get(username="desk.sumsel").pk, at=at)
    page = place_page(SUMSEL, viewer=desk, at=at).answers.by_place[OKI][Focus.NEUTRALITY]
    pages = book(SUMSEL, viewer=desk, at=at)
    (part,) = (p for p in pages.children if p.card.code == OKI)
    written = part.briefings[Focus.NEUTRALITY]
    assert (page.status, written.status) == (Status.AT_RISK, Status.ON_TRACK)
    with override("id"):
        assert why_text(page.why[-1]).endswith("yang tidak menghitung perkara: Lancar.")
        assert why_text(Why(written.leaves_out)) == "Perkara tidak dihitung dalam status ini."
        drafted = draft(gather(moment_of(SUMSEL, at), at=at).material, rules(), outline())
        (said,) = (s for s in drafted if s.key == f"status:{Focus.NEUTRALITY}")
        assert sentence_text(said.code, said.params).endswith(
            "Perkara tidak dihitung dalam status ini."
        )


@pytest.mark.usefixtures("scene")
def test_the_public_pages_tell_the_numbers_that_were_stored_of_their_day() -> None:
    found = publication(SUMSEL, at=clock.now())
    pages = files_of(found, is_drill=True)
    compared = 0
    for place in found.places:
        if place.report is None:
            continue
        code, day = place.card.code, place.report.day
        stored = {s.focus: s for s in stored_days(code, until=day, days=1)}
        page = html.unescape(pages[page_name(code, "id")].decode())
        for sentence in place.report.sentences:
            assert sentence.focus is None or sentence.status in (
                None,
                stored[sentence.focus].status,
            )
            if sentence.figure and sentence.focus:
                figures = {f.code: f for f in stored[sentence.focus].figures}
                figure = figures[sentence.figure]
                assert (sentence.value, sentence.of) == (figure.value, figure.of)
                assert number(figure.value) in page
                compared += 1
    assert compared > 3


@pytest.mark.usefixtures("scene")
def test_what_is_kept_for_an_hour_is_the_same_all_through_it() -> None:
    begin = clock.now().replace(minute=0, second=0, microsecond=0)
    kept = [area for area in areas() if area.by_the_day]
    assert kept
    for area in kept:
        for hour in (0, 7):
            at = begin + timedelta(hours=hour)
            first, last = (
                area.ask(parent=SUMSEL, viewer=SYSTEM, at=at + timedelta(minutes=minute))
                for minute in (0, 59)
            )
            assert {p: (b.status, b.figures) for p, b in first.items()} == {
                p: (b.status, b.figures) for p, b in last.items()
            }


def test_what_waits_for_an_answer_by_the_hour_is_kept_for_a_minute() -> None:
    assert not area_of(Focus.COORDINATION).by_the_day


# --- security


@pytest.fixture(scope="module")
def third(loaded: tuple[Cluster, str]) -> Iterator[str]:
    with copied(loaded[0], template_of(loaded[0], "h-night")) as database:
        yield database


@pytest.fixture
def night(third: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The night of the count, which goes on from the eve."""
    with reading(third, django_db_blocker.unblock()):
        yield


RAWAS_ILIR, PAGAR_ALAM = PlaceCode("16.13.04"), PlaceCode("16.72")


def account(username: str) -> Viewer:
    return viewer_for(user_id=User.objects.get(username=username).pk, at=clock.now())


@pytest.mark.usefixtures("scene")
def test_a_month_before_strength_is_told_patterns_differ_and_nothing_is_surveyed() -> None:
    at = clock.now()
    found = vulnerability.standing(SUMSEL, at)[SUMSEL]
    assert (found.stations, found.surveyed, found.classed) == (13_206, 0, 0)
    stood = posting.standing(SUMSEL, at)[SUMSEL]
    assert (stood.strength, stood.unclassed, stood.plans) == (4_818, 13_206, 0)
    used = used_patterns(SUMSEL)
    less = {place: used.of(place)[posting.StationClass.LESS] for place in (PAGAR_ALAM, OKI)}
    assert (less[PAGAR_ALAM].officers, less[PAGAR_ALAM].stations) == (2, 4)
    assert (less[OKI].officers, less[OKI].stations) == (2, 8)
    assert liaison.standing(SUMSEL, at)[PlaceCode("16.04")].level == "watch"


@pytest.mark.usefixtures("next_scene")
def test_a_week_before_as_much_is_found_as_was_published_and_all_are_classed() -> None:
    known = indicators().indicators
    told = times(SUMSEL, frozenset(known))
    for key, one in known.items():
        if one.found and one.found.stations and one.level is Level.STATION:
            assert told[key].found == one.found.stations, key
    found = vulnerability.standing(SUMSEL, clock.now())
    assert 0.97 < found[SUMSEL].surveyed / found[SUMSEL].stations < 0.98
    assert [p for p, one in found.items() if one.surveyed < one.stations] == [SUMSEL, OKI]
    assert found[SUMSEL].classed == 13_206
    assert (found[OKI].vulnerable, found[OKI].highly, found[OKI].special) == (326, 26, 1)


@pytest.mark.usefixtures("next_scene")
def test_a_week_before_plans_are_proposed_and_one_regency_waits_for_officers() -> None:
    at = clock.now()
    stood = posting.standing(SUMSEL, at)
    assert stood[SUMSEL].plans == 0
    assert (stood[OKI].strength, stood[OKI].gravest) == (512, posting.StationClass.LESS)
    assert (stood[OKI].shortage or 0) > 100
    assert sum(1 for one in stood.values() if one.shortage == 0) > 5
    alerts = {(a.place, a.code) for a in posting.alerts(parent=SUMSEL, viewer=SYSTEM, at=at)}
    assert (OKI, "posting.regency_is_short") in alerts
    assert liaison.standing(SUMSEL, at)[OKI].late_requests == 2


@pytest.mark.usefixtures("night")
def test_the_brawl_of_the_night_is_reported_twice_and_nobody_took_it_up() -> None:
    at = clock.now()
    found = security.open_incidents(SUMSEL, account("desk.sumsel"), at)
    brawl = [one for one in found if one.place == RAWAS_ILIR]
    assert sorted(one.kind for one in brawl) == ["RIOT", "SIEGE"]
    assert {(one.severity, one.state) for one in brawl} == {
        (security.Severity.S4, security.IncidentState.REPORTED)
    }
    assert all(one.is_past for one in brawl)
    grave = {one.place[: Level.REGENCY] for one in found if one.severity.is_grave}
    assert grave == {"16.03", "16.06", "16.13", "16.71"}
    assert contingency.running(SUMSEL, at).runs == 1


@pytest.mark.usefixtures("night")
def test_what_is_restricted_is_there_for_its_handlers_alone() -> None:
    at = clock.now()
    megang_sakti = PlaceCode("16.05.12.1001")
    for username, seen in (("desk.sumsel", []), ("bawaslu.sumsel", ["MONEY"])):
        shown = security.open_incidents(megang_sakti, account(username), at)
        assert [one.kind for one in shown] == seen


@pytest.mark.usefixtures("night")
def test_the_police_of_the_place_may_take_the_brawl_up_and_its_committee_may_report() -> None:
    police, committee = account("polres.muratara"), account("ppk.rawasilir")
    assert police.may(security.HANDLE_INCIDENTS, RAWAS_ILIR)
    assert committee.may(security.REPORT_INCIDENT, RAWAS_ILIR)
    assert not account("polres.oki").may(security.HANDLE_INCIDENTS, RAWAS_ILIR)


@pytest.mark.usefixtures("night")
def test_plans_are_adopted_and_the_reserve_is_too_far_from_some_stations_on_the_water() -> None:
    at = clock.now()
    stood = posting.standing(SUMSEL, at)
    assert (stood[SUMSEL].plans, stood[SUMSEL].highly_uncovered) == (17, 0)
    assert stood[OKI].uncovered[posting.StationClass.LESS] > 400
    adopted = adopted_under(SUMSEL)
    assert adopted[OKI].unreached > 0
    assert stood[SUMSEL].manned > 200
