"""Reads of neutrality: briefings by viewer, what stays hidden, fixed numbers of queries."""

from collections import Counter
from datetime import date, timedelta

import pytest

from serentak.institutions import public as institutions
from serentak.kernel.briefing import Briefing, FigureClass, Focus
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import PUBLIC, SYSTEM, Viewer
from serentak.neutrality import actions, public
from serentak.neutrality.actions import GivenPledges, GivenService
from serentak.neutrality.models import CLOSED, Case, CaseStep, ServiceReport, StepTally
from serentak.neutrality.queries import cases, coverage
from serentak.neutrality.queries.standings import standings
from serentak.neutrality.rules.cases import CaseEvent, CaseState
from serentak.neutrality.rules.standing import ServiceLevel
from serentak.places import public as places
from serentak.platform.web.vocabulary import STATUS_WORD
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, NUSA_KARTA, OKI, PROVINCE, Cast

from .builders import election, handler, id_of, many, referred, sanctioned, step
from .test_actions import circular, pledge, replacement, seat_holder, services

QUERIES = 13
AGENCIES = ("DUKCAPIL", "DINKES", "SATPOL_PP", "BPBD", "DISHUB", "DISKOMINFO")


@pytest.fixture(autouse=True)
def _set_up(cast: Cast) -> None:
    election()


def told(place: PlaceCode, viewer: Viewer, parent: PlaceCode = PROVINCE) -> Briefing:
    return public.briefings(parent=parent, viewer=viewer, at=AT)[place]


def figure(briefing: Briefing, code: str) -> tuple[float | None, float | None] | None:
    found = [f for f in briefing.figures if f.code == f"neutrality.{code}"]
    return (found[0].value, found[0].of) if found else None


def codes(briefing: Briefing) -> list[str]:
    return [alert.code.removeprefix("neutrality.") for alert in briefing.alerts]


def all_open(place: PlaceCode = OKI) -> None:
    rows = [GivenService(id_of(kind, place), ServiceLevel.OPEN) for kind in AGENCIES]
    services(place=place, rows=rows)
    for card in places.children(place):
        seat = institutions.institutions_by(kinds=["CAMAT"], places=[card.code])
        given = [GivenService(camat.id, ServiceLevel.OPEN) for camat in seat.values()]
        if given:
            services(place=place, rows=given)


def in_order(place: PlaceCode = OKI) -> None:
    all_open(place)
    pledge(rows=[GivenPledges(id_of("DISHUB", place), 100, 99)], place=place)


# --- briefings


def test_nothing_reported_is_silence_and_never_green(cast: Cast) -> None:
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    assert set(found) == {"16", "16.02", "16.07", "16.10", "16.71"}
    assert {b.status for b in found.values()} == {Status.NO_REPORT}
    assert (found[PROVINCE].silent, found[PROVINCE].of_children) == (4, 4)
    assert all(b.focus is Focus.NEUTRALITY for b in found.values())
    assert public.briefings(parent=COUNTRY, viewer=SYSTEM, at=AT) == {}
    assert public.briefings(parent=NUSA_KARTA, viewer=SYSTEM, at=AT) == {}


def test_a_district_is_not_silent_for_pledges_that_it_does_not_owe() -> None:
    in_order()
    districts = public.briefings(parent=OKI, viewer=SYSTEM, at=AT)
    assert districts[AIR_SUGIHAN].status is Status.ON_TRACK
    assert {b.status for b in districts.values()} == {Status.ON_TRACK}


def test_a_regency_stands_the_same_on_its_own_page_and_on_its_provinces(cast: Cast) -> None:
    in_order()
    (camat,) = institutions.institutions_by(kinds=["CAMAT"], places=[AIR_SUGIHAN]).values()
    shut = GivenService(camat.id, ServiceLevel.CLOSED, "Banjir")
    services(place=AIR_SUGIHAN, rows=[shut])
    referred(received_date=date(2024, 10, 14), deed_date=date(2024, 10, 12))
    for viewer in (SYSTEM, cast.governor_desk.viewer, cast.regent_desk.viewer):
        above, own = told(OKI, viewer), told(OKI, viewer, parent=OKI)
        assert (above.status, above.why) == (own.status, own.why)
        assert above.status is Status.LATE


def test_who_sees_cases_reads_what_reports_say_without_them(cast: Cast) -> None:
    in_order()
    assert [why.code for why in told(OKI, cast.governor_desk.viewer).why] == [
        "neutrality.ALL_IN_ORDER"
    ]
    referred(received_date=date(2024, 10, 14), deed_date=date(2024, 10, 12))
    desk, officer = (told(OKI, who.viewer) for who in (cast.governor_desk, cast.regent_desk))
    assert (desk.status, desk.leaves_out) == (Status.AT_RISK, "")
    assert desk.why[-1].params == {"status": STATUS_WORD[Status.ON_TRACK]}
    assert (officer.status, officer.leaves_out) == (Status.ON_TRACK, "neutrality.WITHOUT_CASES")


def test_a_lapsed_case_is_an_alert_for_the_desk_alone(cast: Cast) -> None:
    in_order()
    referred(received_date=date(2024, 10, 14), deed_date=date(2024, 10, 12))
    desk, officer = cast.governor_desk.viewer, cast.regent_desk.viewer
    seen = told(OKI, desk)
    (alert,) = seen.alerts
    assert (alert.code, alert.severity, alert.due_date) == (
        "neutrality.CASES_PAST_CLOCK", Status.LATE, date(2024, 10, 21))  # fmt: skip
    assert alert.params["count"] == "1"
    assert figure(seen, "past_clock") == (1, 1)
    assert codes(told(PROVINCE, desk)) == ["CASES_PAST_CLOCK"]
    for viewer in (officer, cast.observer.viewer):
        hidden = told(OKI, viewer)
        assert codes(hidden) == []
        assert figure(hidden, "past_clock") is None
        assert figure(hidden, "followed_up") is None
        assert (hidden.status, seen.status) == (Status.ON_TRACK, Status.AT_RISK)
        assert [why.code for why in hidden.why] == [
            "neutrality.ALL_IN_ORDER", "neutrality.WITHOUT_CASES"]  # fmt: skip
    assert [why.code for why in seen.why] == [
        "neutrality.CASES_PAST",
        "neutrality.TOLD_WITHOUT_CASES",
    ]


def test_what_a_card_says_to_who_may_not_see_cases_does_not_follow_one(cast: Cast) -> None:
    in_order()
    before = told(OKI, cast.observer.viewer)
    referred(received_date=date(2024, 10, 14), deed_date=date(2024, 10, 12))
    after = told(OKI, cast.observer.viewer)
    assert (before.status, before.why, before.alerts) == (after.status, after.why, after.alerts)


def test_a_silent_service_that_must_stay_open_shows(cast: Cast) -> None:
    in_order()
    ServiceReport.objects.filter(agency_id=id_of("DUKCAPIL")).delete()
    found = told(OKI, cast.observer.viewer)
    assert (codes(found), found.status) == (["SERVICES_SILENT"], Status.AT_RISK)
    assert found.why[0].code == "neutrality.SERVICE_MUTE"
    province = told(PROVINCE, cast.observer.viewer)
    assert province.status is not Status.ON_TRACK


def test_many_cases_of_a_province_show_and_never_those_of_a_part(cast: Cast) -> None:
    many(5)
    observer, desk = cast.observer.viewer, cast.governor_desk.viewer
    assert figure(told(PROVINCE, observer), "past_clock") == (0, 5)
    for place, parent in ((OKI, PROVINCE), (OKI, OKI), (AIR_SUGIHAN, OKI)):
        assert figure(told(place, observer, parent=parent), "past_clock") is None
    assert figure(told(OKI, desk), "past_clock") == (0, 5)
    assert figure(told(AIR_SUGIHAN, desk, parent=OKI), "past_clock") is not None


def test_one_of_many_does_not_show_either(cast: Cast) -> None:
    sanctioned(many(6, state=CaseState.AT_AUTHORITY)[0])
    assert figure(told(OKI, cast.observer.viewer), "followed_up") is None
    assert figure(told(OKI, cast.governor_desk.viewer), "followed_up") == (1, 6)


def test_an_invented_case_does_not_mark_another_figure(cast: Cast) -> None:
    pledge(("DISHUB", 120, 90))
    Case.objects.filter(pk=referred().pk).update(figure_class="SYNTHETIC")
    classes = {f.code: f.figure_class for f in told(OKI, cast.observer.viewer).figures}
    assert set(classes.values()) == {FigureClass.SOURCED}


def test_many_lapsed_cases_make_a_place_late_for_everybody(cast: Cast) -> None:
    all_open()
    many(5, received_date=date(2024, 10, 14), deed_date=date(2024, 10, 12))
    assert told(OKI, cast.observer.viewer).status is Status.LATE
    assert told(OKI, cast.governor_desk.viewer).status is Status.LATE


def test_the_public_gets_nothing_and_a_regency_only_its_own(cast: Cast) -> None:
    assert public.briefings(parent=PROVINCE, viewer=PUBLIC, at=AT) == {}
    assert set(public.briefings(parent=PROVINCE, viewer=cast.regent_desk.viewer, at=AT)) == {OKI}


def test_services_that_thin_out_are_an_alert(cast: Cast) -> None:
    all_open()
    services(
        *[(kind, ServiceLevel.OPEN, "") for kind in AGENCIES[:4]],
        ("DISHUB", ServiceLevel.CLOSED, "Dermaga banjir"),
        ("DISKOMINFO", ServiceLevel.REDUCED, "Pegawai tugas luar"),
    )
    found = told(OKI, cast.observer.viewer)
    assert figure(found, "services_thin") == (2, 8)
    assert (codes(found), found.status) == (["SERVICES_THIN"], Status.AT_RISK)


def test_a_report_of_last_week_no_longer_counts() -> None:
    all_open()
    later = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT + timedelta(days=3))
    assert figure(later[OKI], "services_thin") == (None, None)
    lines = coverage.service_lines(OKI, SYSTEM, AT + timedelta(days=2))
    assert [line.level for line in lines[:6]] == [ServiceLevel.OPEN] * 6
    assert not any(line.reported_today for line in lines)


def test_low_pledges_replacements_and_circulars_are_alerts(cast: Cast) -> None:
    pledge(("DISHUB", 100, 50))
    replacement()
    circular()
    at = AT + timedelta(days=2)
    found = public.briefings(parent=PROVINCE, viewer=cast.observer.viewer, at=at)[OKI]
    assert sorted(codes(found)) == [
        "CIRCULAR_UNACKNOWLEDGED", "PLEDGES_LOW", "REPLACEMENT_WITHOUT_CONSENT"]  # fmt: skip
    assert figure(found, "pledged") == (50, 100)
    assert found.status is Status.LATE
    assert standings(PROVINCE, at).whole().pledges.coverage == 0.5


def test_an_authority_who_became_a_candidate_is_marked(cast: Cast) -> None:
    referred(state=CaseState.AT_AUTHORITY)
    seat_holder("REGENT", OKI, contest="Pemilihan Bupati")
    assert codes(told(OKI, cast.governor_desk.viewer)) == ["AUTHORITY_IN_THE_RACE"]
    assert codes(told(OKI, cast.observer.viewer)) == []


def test_a_regency_speaks_of_its_districts(cast: Cast) -> None:
    told_by = GivenService(id_of("CAMAT", AIR_SUGIHAN), ServiceLevel.CLOSED, "Kantor terendam")
    services(rows=[told_by])
    found = public.briefings(parent=OKI, viewer=cast.regent_desk.viewer, at=AT)
    assert set(found) == {OKI, "16.02.05", AIR_SUGIHAN}
    assert found[AIR_SUGIHAN].status is Status.LATE
    alone = public.briefings(parent=AIR_SUGIHAN, viewer=SYSTEM, at=AT)
    assert figure(alone[AIR_SUGIHAN], "services_thin") == (1, 1)


def test_briefings_make_the_same_queries_whatever_there_is(
    cast: Cast, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(QUERIES):
        public.briefings(parent=PROVINCE, viewer=cast.governor_desk.viewer, at=AT)
    all_open()
    all_open(BANYUASIN)
    pledge(("DISHUB", 100, 50))
    circular()
    replacement()
    many(6, state=CaseState.AT_AUTHORITY)
    referred(reference="b", agency_id=id_of("DISHUB", BANYUASIN), state=CaseState.AT_AUTHORITY)
    with django_assert_max_num_queries(QUERIES):
        public.briefings(parent=PROVINCE, viewer=cast.governor_desk.viewer, at=AT)


# --- cases


def test_names_are_for_those_who_handle_or_handled(cast: Cast) -> None:
    inspector, bkn = handler("INSPECTORATE"), handler("BKN", PROVINCE)
    supervisor, stranger = handler("BAWASLU"), handler("BKD")
    case = step(referred(), CaseEvent.STUDY)

    def reads(viewer: Viewer) -> bool:
        assert cases.case_page(case.key, viewer, AT).person is None
        return cases.case_page(case.key, viewer, AT, names_opened=True).person is not None

    assert reads(inspector.viewer)
    assert reads(supervisor.viewer)
    for member in (stranger, bkn, cast.governor_desk, cast.supervisor):
        assert not reads(member.viewer)
    step(case, CaseEvent.FORWARD)
    assert reads(bkn.viewer)
    for member in (cast.neighbour, cast.regent_desk, cast.observer, handler("BKD", BANYUASIN)):
        with pytest.raises(OutOfScope):
            cases.case_page(case.key, member.viewer, AT)


def test_a_case_offers_what_the_viewer_may_do(cast: Cast) -> None:
    inspector = handler("INSPECTORATE")
    case = referred()
    page = cases.case_page(case.key, inspector.viewer, AT)
    assert page.events == (CaseEvent.STUDY, CaseEvent.FIND_NOT_PROVEN)
    assert cases.case_page(case.key, cast.governor_desk.viewer, AT).events == ()
    second = referred(reference="2", state=CaseState.AT_AUTHORITY)
    assert cases.case_page(second.key, cast.governor_desk.viewer, AT).events == (
        CaseEvent.HAND_OVER,)  # fmt: skip


def test_follow_up_is_counted_by_place_and_agency(cast: Cast) -> None:
    first, second, _third = many(3, state=CaseState.AT_AUTHORITY)
    sanctioned(first)
    sanctioned(second, AT + timedelta(days=3))
    referred(reference="b", agency_id=id_of("DISHUB", BANYUASIN))
    found = public.follow_up(PROVINCE, cast.governor_desk.viewer, AT)
    assert found.whole.cases.follow_up == pytest.approx(2 / 3)
    assert [(line.place, line.cases.total) for line in found.places] == [(OKI, 3), (BANYUASIN, 1)]
    assert found.places[0].days == 4.5
    assert found.places[0].by_step == {CaseState.AT_AUTHORITY: 4.5}
    assert [line.cases.recommended for line in found.agencies] == [3, 0]
    with pytest.raises(OutOfScope):
        public.follow_up(PROVINCE, cast.observer.viewer, AT)


def test_the_tally_is_what_the_steps_say() -> None:
    case = step(referred(), CaseEvent.STUDY, at=AT + timedelta(days=2))
    case = step(case, CaseEvent.FORWARD, at=AT + timedelta(days=3))
    sanctioned(step(case, CaseEvent.RECOMMEND, at=AT + timedelta(days=4)), AT + timedelta(days=9))
    many(2, state=CaseState.AT_AUTHORITY)
    actions.expire_clocks(actor=SYSTEM, at=AT + timedelta(days=40))
    ended = CaseStep.objects.filter(to_date__isnull=False).exclude(state__in=CLOSED)
    counted = Counter((s.case.agency_id, s.state, (s.to_date - s.from_date).days) for s in ended)
    kept = {(t.agency_id, t.state, t.days): t.cases for t in StepTally.objects.all()}
    assert kept == counted
    assert len(kept) > 3


def test_follow_up_makes_the_same_queries_whatever_there_is(
    cast: Cast, django_assert_num_queries
) -> None:
    referred()
    with django_assert_num_queries(5):
        public.follow_up(PROVINCE, cast.governor_desk.viewer, AT)
    many(4, agency_id=id_of("DISHUB", BANYUASIN), state=CaseState.AT_AUTHORITY)
    with django_assert_num_queries(5):
        public.follow_up(PROVINCE, cast.governor_desk.viewer, AT)


def test_a_list_needs_the_permission(cast: Cast) -> None:
    referred()
    assert cases.case_rows(OKI, cast.governor_desk.viewer).count() == 1
    with pytest.raises(OutOfScope):
        cases.case_rows(OKI, cast.regent_desk.viewer)


# --- coverage


def test_agencies_without_a_count_are_listed_too() -> None:
    pledge(("DISHUB", 100, 50))
    lines = {line.agency_id: line for line in coverage.pledge_lines(OKI)}
    assert lines[id_of("DISHUB")].coverage == 0.5
    assert lines[id_of("BKD")].coverage is None
    assert id_of("CAMAT", AIR_SUGIHAN) in lines


def test_a_circular_asks_the_agency_that_has_not_answered(cast: Cast) -> None:
    circular()
    (line,) = coverage.circulars(OKI, cast.agency.viewer, AT)
    assert [agency for agency, _name in line.mine] == [id_of("DISHUB")]
    assert (line.acknowledged, line.is_overdue) == (0, True)
    (district,) = coverage.circulars(AIR_SUGIHAN, SYSTEM, AT)
    assert district.key == line.key
    assert coverage.circular_page(line.key, cast.neighbour.viewer, AT) is None
    page = coverage.circular_page(line.key, cast.observer.viewer, AT)
    assert page is not None
    assert len(page.receipts) == line.agencies


def test_pledges_of_two_regencies_add_up() -> None:
    pledge(("DISHUB", 100, 50))
    actions.record_pledges(
        place=BANYUASIN,
        rows=[GivenPledges(id_of("DISHUB", BANYUASIN), 300, 300)],
        as_of_date=date(2024, 10, 20),
        source="BKPSDM",
        actor=SYSTEM,
        at=AT,
    )
    found = standings(PROVINCE, AT)
    whole = found.whole().pledges
    assert (whole.signed, whole.staff) == (350, 400)
    assert found.part(OKI).standing.pledges.signed == 50
