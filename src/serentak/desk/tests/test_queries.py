"""A place's page: what it gathers, for whom, in how many queries."""

from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from serentak.desk.permissions import VIEW_DESK
from serentak.desk.queries.country import country_page
from serentak.desk.queries.head import visible_path
from serentak.desk.queries.needs import Need
from serentak.desk.queries.page import PlacePage, home_of, place_page
from serentak.kernel.area import Phase
from serentak.kernel.briefing import Alert, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Press
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM, Grant, Permission, Viewer
from serentak.platform import areas
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast
from tests.deeds import (
    add_region,
    alert_asked_about,
    give_action,
    keep_day,
    plan_meeting,
    put_on_agenda,
    refer_late_case,
)
from tests.room import room

Snapshot = apps.get_model("reporting", "Snapshot")
pytestmark = pytest.mark.django_db

CASE_ALERTS = areas.area_of(Focus.NEUTRALITY).confided


@pytest.fixture
def cast() -> Cast:
    return room()


def page(place: PlaceCode, viewer: Viewer, at: datetime = AT) -> PlacePage:
    return place_page(place, viewer=viewer, at=at)


def without(viewer: Viewer, *permissions: str) -> Viewer:
    """Return the viewer as if its roles did not hold some permissions."""
    taken = frozenset(map(Permission, permissions))
    grants = tuple(
        Grant(g.institution_id, g.role, g.permissions - taken, g.places) for g in viewer.grants
    )
    return Viewer(user_id=viewer.user_id, grants=grants)


def test_a_province_shows_its_regencies_and_counts_who_is_silent(cast: Cast) -> None:
    shown = page(PROVINCE, cast.governor_desk.viewer)
    assert [c.card.code for c in shown.children.all] == ["16.02", "16.07", "16.10", "16.71"]
    assert shown.head.countdown == "H-30"
    statuses = [c.status(Focus.READINESS) for c in shown.children.all]
    silent = [status for status in statuses if status in (None, Status.NO_REPORT)]
    assert shown.children.heard == len(shown.children.all) - len(silent)
    assert shown.answers.own[Focus.READINESS].place == PROVINCE


def test_a_regency_shows_its_districts_and_not_its_neighbours(cast: Cast) -> None:
    shown = page(OKI, cast.regent_desk.viewer)
    assert {c.card.code for c in shown.children.all} == {"16.02.05", "16.02.14"}
    assert all(code.startswith("16.02") or code in ("", "16") for code in shown.names)
    assert visible_path(shown.head, cast.regent_desk.viewer) == (("Sumatera Selatan", ""),)
    assert visible_path(shown.head, cast.governor_desk.viewer) == (("Sumatera Selatan", "/16/"),)


def test_what_lies_outside_does_not_exist(cast: Cast) -> None:
    for place in (PROVINCE, BANYUASIN):
        with pytest.raises(OutOfScope):
            page(place, cast.regent_desk.viewer)
    with pytest.raises(OutOfScope):
        page(PlaceCode("16.99"), SYSTEM)


def test_the_number_of_queries_does_not_grow_with_the_children(cast: Cast) -> None:
    counts = []
    for place in (PROVINCE, OKI):
        page(place, cast.governor_desk.viewer)
        with CaptureQueriesContext(connection) as made:
            page(place, cast.governor_desk.viewer)
        counts.append(len(made))
    assert counts[0] <= counts[1] <= 50, counts


def test_a_district_shows_its_villages(cast: Cast) -> None:
    shown = page(AIR_SUGIHAN, cast.governor_desk.viewer)
    assert [c.card.name for c in shown.children.all] == ["Nusa Karta", "Kerta Mukti"]
    assert shown.discrepancies == ()


def test_home_is_the_topmost_place_one_answers_for(cast: Cast) -> None:
    assert home_of(cast.governor_desk.viewer) == "/16/"
    assert home_of(cast.regent_desk.viewer) == "/16.02/"
    assert home_of(SYSTEM) == "/country"
    assert home_of(Viewer(user_id=9)) == ""
    two = Grant(1, "r", frozenset({VIEW_DESK}), (BANYUASIN, OKI))
    assert home_of(Viewer(user_id=9, grants=(two,))) == "/16.02/"


def test_areas_stand_beside_each_other_at_every_level(cast: Cast) -> None:
    give_action(cast)
    give_action(cast, place=AIR_SUGIHAN)
    for place in (PROVINCE, OKI, AIR_SUGIHAN):
        shown = page(place, cast.governor_desk.viewer)
        told = {area.focus for area in areas.areas()} - {Focus.SECURITY}  # nobody told anything
        assert set(shown.answers.own) == told
    oki = next(
        c for c in page(PROVINCE, cast.governor_desk.viewer).children.all if c.card.code == OKI
    )
    assert oki.status(Focus.COORDINATION) is Status.ON_TRACK
    assert oki.share(areas.area_of(Focus.COORDINATION)) is None


def test_who_may_not_see_an_area_sees_no_part_of_it(cast: Cast) -> None:
    give_action(cast, due_date=date(2024, 10, 20), check_date=None, at=AT - timedelta(10))
    give_action(cast)
    whole = page(PROVINCE, cast.governor_desk.viewer)
    assert any(n.alert.code == "coordination.OVERDUE" for n in whole.needs.all)
    assert any(e.entry.name == "coordination.ActionGiven" for e in whole.feed)
    viewer = without(cast.governor_desk.viewer, "coordination.VIEW_COORDINATION")
    shown = page(PROVINCE, viewer)
    assert Focus.COORDINATION not in {
        *(area.focus for area in shown.answers.seen),
        *shown.answers.own,
    }
    assert all(Focus.COORDINATION not in child.briefings for child in shown.children.all)
    names = [n.alert.code for n in shown.needs.all] + [e.entry.name for e in shown.feed]
    assert not [name for name in names if name.startswith("coordination.")]


@pytest.mark.parametrize("member", ["observer", "agency", "commission", "district_committee"])
def test_nobody_learns_from_the_desk_that_there_is_a_case(cast: Cast, member: str) -> None:
    refer_late_case()
    governor = page(PROVINCE, cast.governor_desk.viewer)
    assert "neutrality.CASES_PAST_CLOCK" in {n.alert.code for n in governor.needs.all}
    viewer = getattr(cast, member).viewer
    for place in (PROVINCE, OKI, AIR_SUGIHAN):
        if not viewer.may(VIEW_DESK, place):
            continue
        shown = page(place, viewer)
        assert not {n.alert.code for n in shown.needs.all} & CASE_ALERTS
        told = {f.code for b in shown.answers.own.values() for f in b.figures}
        told |= {
            f.code for c in shown.children.all for b in c.briefings.values() for f in b.figures
        }
        assert not told & {"neutrality.past_clock", "neutrality.followed_up"}
        assert not [e for e in shown.feed if e.entry.name.startswith("neutrality.")]


def test_what_the_clock_stores_by_itself_is_no_news(cast: Cast) -> None:
    keep_day(PROVINCE, at=AT)
    names = {e.entry.name for e in page(PROVINCE, cast.governor_desk.viewer).feed}
    assert "reporting.SnapshotsTaken" not in names


def test_no_feed_shows_a_case_or_a_name(cast: Cast) -> None:
    refer_late_case()
    for member in (cast.governor_desk, cast.regent_desk, cast.observer, cast.agency):
        place = PROVINCE if member.viewer.may(VIEW_DESK, PROVINCE) else OKI
        for entry in page(place, member.viewer).feed:
            assert not entry.entry.name.startswith("neutrality.Case")
            assert "full_name" not in entry.entry.facts
    observed = page(PROVINCE, cast.observer.viewer).feed
    assert not [e for e in observed if e.entry.name.startswith("institutions.")]


def test_a_card_says_why_it_stands_so() -> None:
    def because(severity: Status, finish: date, **more: object) -> str:
        params = {"finish_date": finish, "target_date": date(2024, 11, 7), **more}
        alert = Alert("x", OKI, severity, None, "", Press(), params=params)
        with translation.override("en"):
            return Need(alert, ()).because

    late = date(2024, 11, 19)
    assert because(Status.AT_RISK, late) == (
        "At risk: as it goes, done on 19 Nov, 12 days after the target of 7 Nov."
    )
    assert because(Status.LATE, late, worst="Banyuasin").endswith("of 7 Nov (Banyuasin).")
    tight = because(Status.AT_RISK, date(2024, 11, 6), deadline_date=date(2024, 11, 7))
    assert tight == "At risk: as it goes, done on 6 Nov, 1 day before its last day, 7 Nov."
    assert because(Status.NO_REPORT, late) == ""


def _again(need: Need, viewer: Viewer, at: datetime) -> Need:
    found = page(PROVINCE, viewer, at).needs.all
    return next(n for n in found if n.alert.link == need.alert.link)


def test_an_alert_offers_one_tap_and_then_shows_what_was_made(cast: Cast) -> None:
    late = AT + timedelta(days=10)
    meeting = plan_meeting(cast, starts_at=late + timedelta(days=1))
    desk = cast.governor_desk.viewer
    need = page(PROVINCE, desk, late).needs.all[0]
    assert need.ask_url.startswith(f"/{need.alert.place}/coordination/ask?")
    assert need.agenda_url.startswith(f"/coordination/meetings/{meeting}/agenda/add?")
    put_on_agenda(cast, need.alert, meeting_id=meeting, at=late)
    listed = page(PROVINCE, desk, late).needs.all[0]
    assert (listed.is_on_agenda, listed.agenda_url) == (True, "")
    assert need.letters is not None
    assert need.letters.of > 1
    for written in range(need.letters.of):
        shown = _again(need, desk, late)
        assert shown.letters is not None
        assert shown.letters.written == written == len(shown.made)
        assert shown.letters.name
        give_action(
            cast,
            at=late,
            alert_code=need.alert.code,
            alert_link=need.alert.link,
            alert_params=alert_asked_about(shown.ask_url).params,
            due_date=date(2024, 11, 9),
            check_date=None,
        )
    shown = _again(need, desk, late)
    assert {item.action.owner.kind for item in shown.made} == {"REGENT"}
    assert (shown.ask_url, shown.agenda_url) == ("", "")
    readers = page(PROVINCE, cast.observer.viewer, late).needs.all
    assert not [n for n in readers if n.ask_url or n.agenda_url or n.made]


def test_without_a_meeting_ahead_its_host_is_led_to_planning_one(cast: Cast) -> None:
    assert (
        page(PROVINCE, cast.governor_desk.viewer).needs.plan_url == "/16/coordination/meetings/new"
    )
    assert page(PROVINCE, cast.observer.viewer).needs.plan_url == ""
    plan_meeting(cast, starts_at=AT + timedelta(days=1))
    assert page(PROVINCE, cast.governor_desk.viewer).needs.plan_url == ""


def test_alerts_about_cases_are_neither_asked_nor_put_on_an_agenda(cast: Cast) -> None:
    plan_meeting(cast, starts_at=AT + timedelta(days=1))
    refer_late_case()
    needs = page(PROVINCE, cast.governor_desk.viewer).needs.all
    kept = [n for n in needs if n.alert.code in CASE_ALERTS]
    assert kept
    assert not [n for n in kept if n.ask_url or n.agenda_url]


def test_work_is_what_waits_for_ones_own_institution(cast: Cast) -> None:
    assert not page(OKI, cast.regent_desk.viewer).work.has_actions
    give_action(cast)
    assert page(OKI, cast.regent_desk.viewer).work.actions.to_do_count == 1
    assert page(PROVINCE, cast.governor_desk.viewer).work.actions.owed_count == 1
    assert not page(PROVINCE, cast.observer.viewer).work.has_actions


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2024, 11, 26), Phase.BEFORE),
        (date(2024, 11, 27), Phase.ON_THE_DAY),
        (date(2024, 12, 2), Phase.AFTER),
    ],
)
def test_the_page_turns_with_the_phase(cast: Cast, day: date, phase: Phase) -> None:
    give_action(cast)
    at = AT + (day - AT.date())
    shown = page(PROVINCE, cast.governor_desk.viewer, at)
    assert shown.head.phase is phase
    assert (shown.promises is not None) == (phase is Phase.AFTER)
    if phase is Phase.ON_THE_DAY:
        assert shown.feed == ()


def test_stored_days_become_a_trend(cast: Cast) -> None:
    assert page(PROVINCE, cast.governor_desk.viewer).answers.trends == {}
    for days in (2, 1):
        keep_day(PROVINCE, at=AT - timedelta(days=days))
    trend = page(PROVINCE, cast.governor_desk.viewer).answers.trends[Focus.READINESS]
    assert [d.day for d in trend.days] == [date(2024, 10, 26), date(2024, 10, 27)]


def test_since_today_is_told_only_where_all_readers_see_the_same(cast: Cast) -> None:
    keep_day(PROVINCE, at=AT - timedelta(days=1))
    Snapshot.objects.update(status=Status.DONE)
    trends = page(PROVINCE, cast.governor_desk.viewer).answers.trends
    since = {focus: trend.since and trend.since.day for focus, trend in trends.items()}
    assert since[Focus.READINESS] == AT.date()
    assert since[Focus.NEUTRALITY] is None, "what is stored is without cases"


def test_the_country_shows_what_each_province_tells_itself(cast: Cast) -> None:
    refer_late_case()
    shown = country_page(viewer=cast.ministry.viewer, at=AT)
    [line] = shown.provinces
    own = page(PROVINCE, cast.ministry.viewer)
    assert line.briefings == own.answers.own
    assert [need.alert for need in line.needs] == [need.alert for need in own.needs.all]
    assert (line.stations, line.voters) == own.head.size
    assert line.vote_date == date(2024, 11, 27)
    heard = [n.alert for n in own.needs.all if n.alert.severity is not Status.NO_REPORT]
    assert [need.alert for _, need in shown.deciding] == heard[:2]
    for area in shown.seen:
        assert sum(shown.statuses(area).values()) + shown.unasked(area) == 1
    assert shown.unset == ()


def test_the_country_moves_as_its_provinces_do(cast: Cast) -> None:
    area = areas.area_of(Focus.READINESS)
    assert country_page(viewer=cast.ministry.viewer, at=AT).moved(area) is None
    keep_day(PROVINCE, at=AT - timedelta(days=1))
    shown = country_page(viewer=cast.ministry.viewer, at=AT)
    trend = page(PROVINCE, cast.ministry.viewer).answers.trends[Focus.READINESS]
    assert shown.days(area) == [(day.day, day.status) for day in trend.days]
    assert shown.moved(area) == 0


def test_who_answers_for_a_part_of_the_country_gets_no_page_of_it(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        country_page(viewer=cast.governor_desk.viewer, at=AT)


def test_a_province_without_an_election_is_named_as_such(cast: Cast) -> None:
    add_region("17", "BENGKULU")
    shown = country_page(viewer=SYSTEM, at=AT)
    assert [card.name for card in shown.unset] == ["Bengkulu"]
    assert [line.card.code for line in shown.provinces] == [PROVINCE]
