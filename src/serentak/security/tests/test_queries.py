"""Who sees what, how places stand, and how many statements and milliseconds it takes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from serentak.elections import actions as elections
from serentak.elections.public import StationRow
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import PUBLIC, SYSTEM
from serentak.security import actions, public
from serentak.security.models import Incident
from serentak.security.queries.catalogues import days
from serentak.security.queries.incidents import (
    may_be_same,
    open_incidents,
    started_since,
    where_of,
)
from serentak.security.queries.page import incident_page
from serentak.security.queries.preparation import judgements, prepared
from serentak.security.queries.sentences import sentences
from serentak.security.rules.catalogue import Confided
from serentak.security.rules.standing import Judgement
from serentak.vulnerability import actions as vulnerability
from serentak.vulnerability.public import StationClass
from tests.cast import (
    AIR_SUGIHAN,
    AT,
    BANYUASIN,
    NUSA_KARTA,
    OKI,
    PALEMBANG,
    PROVINCE,
    Cast,
    load_places,
)

from .builders import MINUTE, election, fresh, id_of, police, reported, stepped, supervisor

LATE = AT + timedelta(days=14)
"""After H-17."""

FARTHER = """code,name
17,BENGKULU
17.01,KABUPATEN BENGKULU SELATAN
17.01.01,Kedurang
17.01.01.2001,Lawang Agung
91,PAPUA
91.71,KOTA JAYAPURA
91.71.01,Jayapura Utara
91.71.01.1001,Gurabesi
"""


@pytest.fixture(autouse=True)
def _election(cast: Cast) -> None:
    election()


def test_open_incidents_come_past_first_then_the_gravest(cast: Cast) -> None:
    small = reported(kind="LATE_OPENING", answers={})
    grave = reported(place=BANYUASIN)
    later = AT + timedelta(hours=5)
    fresh_one = reported(kind="RIOT", answers={"hurt": 1}, at=later - MINUTE, happened_at=later)
    closed = stepped(reported(kind="FLOOD", answers={}), "mark_unfounded")
    found = open_incidents(PROVINCE, SYSTEM, later)
    assert [card.id for card in found] == [grave.pk, small.pk, fresh_one.pk]
    assert [card.is_past for card in found] == [True, True, False]
    assert closed.pk not in {card.id for card in found}
    assert found[0].owner.startswith("Kepolisian") or found[0].owner
    assert open_incidents(OKI, cast.neighbour.viewer, later) == ()
    assert open_incidents(PROVINCE, PUBLIC, later) == ()
    assert [c.id for c in started_since(PROVINCE, SYSTEM, AT, later)] == [fresh_one.pk]


def test_a_border_incident_stands_on_both_sides(cast: Cast) -> None:
    incident = reported(also_at=BANYUASIN)
    (card,) = open_incidents(BANYUASIN, cast.neighbour.viewer, AT)
    assert (card.id, card.place, card.also_at) == (incident.pk, AIR_SUGIHAN, BANYUASIN)
    assert open_incidents(PALEMBANG, SYSTEM, AT) == ()


def test_what_is_restricted_exists_for_its_handlers_alone(cast: Cast) -> None:
    handler, officer = supervisor(), police()
    incident = reported(kind="MONEY", answers={"what": "Amplop"})
    for viewer in (
        *(SYSTEM, officer.viewer, cast.regent_desk.viewer, cast.governor_desk.viewer),
        *(cast.commission.viewer, cast.agency.viewer, cast.ministry.viewer, cast.observer.viewer),
    ):
        assert open_incidents(PROVINCE, viewer, AT) == ()
        assert public.briefings(parent=PROVINCE, viewer=viewer, at=AT) == {}
        assert list(sentences(place=OKI, day=AT.date(), viewer=viewer, at=LATE)) == []
        if viewer is not SYSTEM:
            with pytest.raises(OutOfScope):
                incident_page(incident.key, viewer, AT)
    for member in (handler, cast.supervisor):
        (card,) = open_incidents(OKI, member.viewer, AT)
        assert (card.id, card.is_restricted) == (incident.pk, True)
    page = incident_page(incident.key, handler.viewer, AT)
    assert page.reports[0].texts == {"what": "Amplop"}
    assert list(sentences(place=OKI, day=AT.date(), viewer=handler.viewer, at=LATE)) == []


def test_police_see_it_where_persons_are_in_danger(cast: Cast) -> None:
    officer = police()
    incident = reported(kind="MONEY", answers={"persons_held": True})
    assert incident.owner.kind == "POLICE"
    assert [card.id for card in open_incidents(OKI, officer.viewer, AT)] == [incident.pk]


def test_of_what_is_partly_restricted_persons_are_for_handlers(cast: Cast) -> None:
    officer = police()
    incident = reported(
        kind="THREAT", answers={"what": "Diancam", "weapon": "NONE"}, told_by="Siti 0812",
        words="Rumah Siti", actor=cast.district_committee.viewer,
    )  # fmt: skip
    page = incident_page(incident.key, cast.regent_desk.viewer, AT)
    (report,) = page.reports
    assert (report.texts, report.told_by, report.answers, report.institution) == ({}, "", {}, "")
    assert [line.institution for line in page.log] == [""]
    page = incident_page(incident.key, officer.viewer, AT)
    (report,) = page.reports
    assert report.told_by == "Siti 0812"
    assert report.texts == {"what": "Diancam", "words": "Rumah Siti"}
    assert report.answers == {"weapon": "NONE"}
    flood = reported(kind="FLOOD", answers={}, words="Air naik", told_by="Budi")
    seen = incident_page(flood.key, cast.regent_desk.viewer, AT).reports[0]
    assert (seen.texts, seen.told_by) == ({"words": "Air naik"}, "")
    with pytest.raises(OutOfScope):
        incident_page(flood.key, cast.observer.viewer, AT)


@pytest.mark.parametrize(
    ("changes", "is_proposed"),
    [
        ({"kind": "RIOT"}, True),
        ({"kind": "RIOT", "happened_at": AT - 60 * MINUTE, "at": AT + 60 * MINUTE}, False),
        ({"kind": "FLOOD", "answers": {}}, False),
        ({"place": NUSA_KARTA}, False),
        ({"place": BANYUASIN}, False),
    ],
)
def test_duplicates_are_proposed_by_place_time_and_kind(
    cast: Cast, changes: dict[str, object], is_proposed: bool
) -> None:
    first = reported()
    second = reported(**{"answers": {}, "at": AT + 30 * MINUTE, **changes})
    found = may_be_same(second, cast.regent_desk.viewer, AT + 60 * MINUTE)
    assert [card.id for card in found] == ([first.pk] if is_proposed else [])


def test_a_match_with_what_is_restricted_is_proposed_to_handlers_alone(cast: Cast) -> None:
    handler = supervisor()
    hidden = reported(kind="MONEY", answers={})
    officer = police()
    known = reported(kind="SIEGE")
    actions.restrict(key=known.key, confided=Confided.YES, version=None, note="x",
                     actor=officer.viewer, at=AT)  # fmt: skip
    other = reported(kind="RIOT", answers={})
    assert may_be_same(other, cast.regent_desk.viewer, AT) == ()
    assert [card.id for card in may_be_same(other, officer.viewer, AT)] == [known.pk]
    assert hidden.pk in {card.id for card in open_incidents(OKI, handler.viewer, AT)}


def test_a_neighbour_of_a_border_incident_is_not_green(cast: Cast) -> None:
    incident = reported(also_at=BANYUASIN)
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    assert found[BANYUASIN].status is found[OKI].status is Status.AT_RISK
    assert found[BANYUASIN].alerts[0].link.endswith(str(incident.key))
    assert [f.value for f in found[PROVINCE].figures if f.code == "security.open"] == [1]
    own = public.briefings(parent=BANYUASIN, viewer=cast.neighbour.viewer, at=AT)[BANYUASIN]
    assert (own.status, len(own.alerts)) == (Status.AT_RISK, 1)


# --- how places stand


def test_nothing_told_is_no_card_before_h_17_and_no_report_after(cast: Cast) -> None:
    assert public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT) == {}
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=LATE)
    assert {briefing.status for briefing in found.values()} == {Status.NO_REPORT}
    assert found[PROVINCE].silent == found[PROVINCE].of_children == 4


def test_a_grave_incident_is_never_green_and_urgent_past_its_clock(cast: Cast) -> None:
    incident = reported()
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    assert set(found) == {PROVINCE, OKI}
    assert {found[place].status for place in found} == {Status.AT_RISK}
    (alert,) = found[PROVINCE].alerts
    assert (alert.code, alert.link) == (
        "security.GRAVE_OPEN",
        f"/security/incidents/{incident.key}",
    )
    later = public.briefings(parent=OKI, viewer=SYSTEM, at=AT + timedelta(hours=1))
    assert later[AIR_SUGIHAN].status is later[OKI].status is Status.LATE
    assert later[OKI].alerts[0].code == "security.GRAVE_PAST"
    stepped(incident, "triage", "contain", "resolve", at=AT + timedelta(hours=2))
    held = public.briefings(parent=OKI, viewer=SYSTEM, at=AT + timedelta(hours=2))
    assert held[OKI].status is Status.AT_RISK
    stepped(incident, "close", at=AT + timedelta(hours=3))
    over = public.briefings(parent=OKI, viewer=SYSTEM, at=AT + timedelta(hours=3))[OKI]
    assert over.status is Status.ON_TRACK
    assert [(f.code, f.value, f.of) for f in over.figures[:3]] == [
        ("security.open", 0, 1),
        ("security.past_clock", None, 0),
        ("security.in_time", 0, 1),
    ]


def test_past_its_clock_and_nobody_there_presses_before_what_is_in_time(cast: Cast) -> None:
    first = reported()
    later = AT + timedelta(hours=1)
    second = reported(kind="RIOT", answers={}, at=later, happened_at=later)
    taken = stepped(reported(kind="RIOT", answers={}, at=later), "triage", at=later)
    alerts = public.briefings(parent=OKI, viewer=SYSTEM, at=later)[OKI].alerts
    order = [alert.link.rpartition("/")[2] for alert in alerts]
    assert order == [str(first.key), str(second.key), str(taken.key)]


def test_a_place_says_the_same_on_its_page_and_in_its_parents_list(cast: Cast) -> None:
    reported()
    reported(kind="FLOOD", place=OKI, answers={})
    page = public.briefings(parent=OKI, viewer=SYSTEM, at=LATE)[OKI]
    line = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=LATE)[OKI]
    assert (page.status, page.figures, page.why) == (line.status, line.figures, line.why)


def test_the_report_tells_the_incidents_of_the_day(cast: Cast) -> None:
    reported()
    stepped(reported(kind="FLOOD", answers={}), "mark_unfounded")
    (said,) = sentences(place=OKI, day=AT.date(), viewer=cast.regent_desk.viewer, at=LATE)
    assert said.code == "security.INCIDENT"
    assert (said.params["kind"], said.params["state"]) == ("SIEGE", "REPORTED")
    assert list(sentences(place=OKI, day=LATE.date(), viewer=SYSTEM, at=LATE)) == []


# --- how much it takes


def many(count: int, state: str = "REPORTED", owner: int = 0) -> None:
    """Lay down incidents in bulk: no action takes ten thousand in a test's time."""
    is_open = state == "REPORTED"
    now = timezone.now()
    Incident.objects.bulk_create(
        Incident(
            key=uuid4(), kind="SIEGE", place_id=AIR_SUGIHAN if n % 2 else BANYUASIN,
            happened_at=AT, reported_at=AT, counted_from_at=AT, access="LAND", proposed="S3",
            severity="S3" if n % 3 else "S2", state=state, confided="NO", handlers=["POLICE"],
            owner_id=owner, due_at=AT + n * MINUTE if is_open else None,
            closed_at=None if is_open else min(AT, now),
        )
        for n in range(count)
    )  # fmt: skip


def test_statements_do_not_grow(cast: Cast, django_assert_max_num_queries) -> None:
    reported()
    viewer = cast.regent_desk.viewer
    with django_assert_max_num_queries(4):
        open_incidents(PROVINCE, viewer, AT)
    many(300, owner=id_of("POLICE"))
    with django_assert_max_num_queries(4):
        open_incidents(PROVINCE, viewer, AT)
    with django_assert_max_num_queries(4):
        started_since(PROVINCE, viewer, AT - MINUTE, AT)
    with django_assert_max_num_queries(22):
        public.briefings(parent=PROVINCE, viewer=viewer, at=AT)


def test_two_hundred_open_among_ten_thousand_closed_take_no_more_statements(
    cast: Cast, django_assert_max_num_queries
) -> None:
    owner = id_of("POLICE")
    many(10_000, "CLOSED", owner)
    many(200, "REPORTED", owner)
    with django_assert_max_num_queries(4):
        assert len(open_incidents(PROVINCE, cast.governor_desk.viewer, AT)) == 200


def test_a_repeat_of_a_report_stands_on_the_page_of_the_first(cast: Cast) -> None:
    first = reported(actor=cast.district_committee.viewer)
    second = reported(kind="RIOT", answers={}, actor=cast.commission.viewer)
    actions.mark_duplicate(key=second.key, original=first.key, version=None,
                           actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
    page = incident_page(first.key, cast.regent_desk.viewer, AT)
    assert len(page.reports) == 2
    assert page.same == ()
    page = incident_page(second.key, cast.regent_desk.viewer, AT)
    assert page.original is not None
    assert page.original[0] == first.key
    assert fresh(second.key).state == "DUPLICATE"


def test_what_was_merged_is_read_as_it_was_confided(cast: Cast) -> None:
    officer = police()
    flood = reported(kind="FLOOD", answers={}, words="Air naik")
    threat = reported(
        kind="THREAT", answers={"what": "Diancam", "weapon": "NONE"}, told_by="Siti 0812",
        actor=cast.district_committee.viewer,
    )  # fmt: skip
    actions.mark_duplicate(key=threat.key, original=flood.key, version=None,
                           actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
    first, second = incident_page(flood.key, cast.regent_desk.viewer, AT).reports
    assert first.texts == {"words": "Air naik"}
    assert (second.texts, second.told_by, second.answers, second.institution) == ({}, "", {}, "")
    second = incident_page(flood.key, officer.viewer, AT).reports[1]
    assert (second.told_by, second.answers) == ("Siti 0812", {"weapon": "NONE"})


def test_the_report_tells_what_came_in_after_the_last_one(cast: Cast) -> None:
    reported()
    at = AT + timedelta(hours=23)
    (said,) = sentences(place=OKI, day=at.date(), viewer=SYSTEM, at=at)
    assert said.params["is_of_day_before"]


def test_a_country_asks_as_much_whatever_its_provinces(cast: Cast) -> None:
    def told(parent: PlaceCode) -> dict[PlaceCode, Judgement]:
        ready = prepared(parent, LATE)
        return dict(judgements(parent, ready, day=-3, days=days(), at=LATE))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            told(COUNTRY)
        return len(queries)

    def stations(village: str) -> None:
        elections.import_stations(
            rows=[StationRow(PlaceCode(f"{village}.00{n}"), 200, 210) for n in (1, 2)],
            source="DPT",
            as_of_date=AT.date(),
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=AT,
        )

    stations(NUSA_KARTA)
    few = asked()
    load_places(FARTHER)
    for code in ("17.01.01.2001", "91.71.01.1001"):
        stations(code)
    vulnerability.set_class(
        place=PlaceCode(f"{NUSA_KARTA}.001"),
        station_class=StationClass.HIGHLY,
        reason="Rakor Polres",
        actor=SYSTEM,
        at=AT,
    )
    assert asked() == few
    country = told(COUNTRY)
    for code in (PROVINCE, PlaceCode("17"), PlaceCode("91")):
        assert country[code] == told(code)[code], "a place says the same on every page"
    assert country[PROVINCE].status is not country[PlaceCode("17")].status


def test_a_stations_number_stands_behind_its_village(cast: Cast) -> None:
    incident = reported(place=NUSA_KARTA)
    assert where_of(incident) == "Nusa Karta"
    village = incident.place
    incident.place = type(village)(code=f"{NUSA_KARTA}.002", name="002", parent=village)
    assert where_of(incident) == "Nusa Karta 002"
