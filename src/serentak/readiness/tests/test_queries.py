"""Reads of readiness: the same numbers everywhere, only for who may see them, in few queries."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from serentak.kernel.briefing import Alert, FigureClass, Focus
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import PUBLIC, SYSTEM
from serentak.platform.reading import reading
from serentak.platform.words import word
from serentak.readiness import actions, public
from serentak.readiness.models import Activity
from serentak.readiness.public import Group, Reason
from serentak.readiness.queries.owed import sent
from serentak.readiness.queries.record import proposed_targets
from serentak.readiness.queries.survey import outlook
from serentak.readiness.rules.reporting import ReportKind
from tests.cast import (
    AIR_SUGIHAN,
    AT,
    BANYUASIN,
    NUSA_KARTA,
    OGAN_ILIR,
    OKI,
    PALEMBANG,
    PROVINCE,
    Cast,
)

from .builders import activity, answer, finish_on_plan, report, set_up, shipped_activities

TODAY = date(2024, 10, 28)
YESTERDAY = AT - timedelta(days=1)
KAYU_AGUNG = PlaceCode("16.02.05")


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Everything goes by the targets, and was reported yesterday."""
    set_up()
    finish_on_plan(TODAY, at=YESTERDAY)
    return cast


def set_back(key: str, place: PlaceCode = OKI, done: int = 1) -> None:
    """Let an activity be far behind."""
    falls = done < (activity(key, place).done_quantity or 0)
    kind = ReportKind.CORRECTION if falls else ReportKind.QUANTITY
    row = answer(key, done, kind=kind, place=place, note="wrong before")
    report(row, place=place, at=YESTERDAY)


def trouble_in_two_regencies(key: str) -> Alert:
    """Let an activity be far behind in two regencies; return what the province is told."""
    set_back(key, OKI)
    set_back(key, PALEMBANG)
    told = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)[PROVINCE].alerts
    [alert] = [a for a in told if a.params["key"] == key]
    assert alert.code == "readiness.IN_SEVERAL_PLACES"
    return alert


# --- briefings


def test_on_plan_everything_is_on_track(world: Cast) -> None:
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    assert set(found) == {PROVINCE, OKI, BANYUASIN, OGAN_ILIR, PALEMBANG}
    assert {b.status for b in found.values()} == {Status.ON_TRACK}
    whole = found[PROVINCE]
    assert (whole.focus, whole.place, whole.as_of) == (Focus.READINESS, PROVINCE, YESTERDAY)
    assert (whole.silent, whole.of_children) == (0, 4)
    figures = {f.code: f for f in whole.figures}
    assert figures["readiness.finished"].of == 17 + 4 * 79
    assert figures["readiness.late"].value == 0
    assert figures["readiness.margin"].figure_class is FigureClass.ASSUMED
    assert figures["readiness.margin"].value == min(
        f.value for p, b in found.items() if p != PROVINCE for f in b.figures if f.unit == "days"
    )
    assert whole.alerts == ()


def test_a_late_activity_is_an_alert_at_its_place_and_above(world: Cast) -> None:
    set_back("forms-print")
    actions.propose_target(
        activity_id=activity("forms-print").pk,
        target_date=date(2024, 10, 25),
        actor=SYSTEM,
        at=YESTERDAY,
    )
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    own = found[OKI].alerts[0]
    assert own.code == f"readiness.{Reason.OVERDUE}"
    assert (own.place, own.severity, own.due_date) == (OKI, Status.LATE, date(2024, 10, 25))
    assert own.link == "/16.02/readiness/forms-print"
    assert own in found[PROVINCE].alerts
    assert word("ALERTS", own.code, own.params) == (
        "Formulir, sampul, dan daftar pasangan calon (DPC) diterima (tahap 2): 1 dari 10 set formulir"
    )
    assert {a.code for a in found[BANYUASIN].alerts} == set()
    assert all(word("ALERTS", a.code) != a.code for b in found.values() for a in b.alerts)


def test_the_same_trouble_in_several_regencies_is_one_alert_of_the_province(world: Cast) -> None:
    alert = trouble_in_two_regencies("forms-print")
    assert alert.place == PROVINCE
    assert alert.params["count"] == "2"
    assert alert.params["places"] == "Ogan Komering Ilir, Palembang"
    assert alert.params["stations"] == "7"
    assert alert.link == "/16/readiness/forms-print"


def test_a_letter_is_proposed_for_each_place_that_the_alert_names_and_no_other(world: Cast) -> None:
    alert = trouble_in_two_regencies("kpps-form")
    asked = public.proposal(alert, place=None, at=AT)
    assert asked is not None
    assert set(asked.places) == {OKI, PALEMBANG}


def test_a_letter_says_how_far_the_work_has_come_before_it_asks(world: Cast) -> None:
    set_back("kpps-form", OKI, done=10)
    [alert] = [
        a
        for a in public.briefings(parent=OKI, viewer=SYSTEM, at=AT)[OKI].alerts
        if a.params["key"] == "kpps-form"
    ]
    with translation.override("en"):
        asked = public.proposal(alert, place=None, at=AT)
    assert asked is not None
    place = "Kabupaten Ogan Komering Ilir"
    assert asked.act["id"] == f"menetapkan anggota KPPS di {place}"
    whole = activity("kpps-form").target_quantity
    stand, forecast, hangs = asked.facts
    assert stand == (
        f"Menurut laporan tanggal 27 Oktober 2024, pekerjaan “Anggota KPPS ditetapkan” di {place} "
        f"baru mencapai 10 dari {whole} orang; {whole - 10} orang belum."
    )
    assert forecast.startswith("Dengan perkembangan sekarang, pekerjaan itu diperkirakan selesai ")
    assert "hari sesudah batas waktu menurut peraturan (PKPU 2/2024), 7 November 2024." in forecast
    assert "belum selesai, pemungutan suara tidak dapat dilaksanakan di TPS terkait: " in hangs
    assert hangs.endswith(" pemilih.")


def test_who_owes_reports_is_written_to_with_their_own_count(world: Cast) -> None:
    later = AT + timedelta(days=12)
    [alert] = [
        a
        for a in public.briefings(parent=OKI, viewer=SYSTEM, at=later)[OKI].alerts
        if a.code == "readiness.REPORTS_OVERDUE"
    ]
    owners = alert.params["owners"]
    assert sum(count for _id, count in owners) == int(alert.params["count"])
    assert len(owners) > 1
    for owner, count in owners:
        narrow = replace(alert, params={**alert.params, "owners": [[owner, count]]})
        asked = public.proposal(narrow, place=None, at=later)
        assert asked is not None
        assert asked.owner_id == owner
        assert f"menyampaikan {count} laporan kemajuan" in asked.act["id"]
        assert f"belum kami terima untuk {count} pekerjaan: " in asked.facts[0]
        assert asked.evidence["id"] == "penunjukan petugas pelaporan secara tertulis"
        assert "Serentak" not in f"{asked.act} {asked.evidence} {asked.facts}"


def test_one_missed_deadline_of_a_vote_stopper_makes_the_place_late(world: Cast) -> None:
    set_back("kpps-form")
    later = AT + timedelta(days=11)
    for at in (AT, later):
        report(*_unchanged(OKI), at=at)
    assert public.briefings(parent=OKI, viewer=SYSTEM, at=later)[OKI].status is Status.LATE


def _unchanged(place: PlaceCode) -> list[actions.ReportRow]:
    owed = public.owed(place, viewer=SYSTEM, at=AT)
    assert owed is not None
    return [actions.ReportRow(r.activity_id, ReportKind.NO_CHANGE) for r in owed.rows]


def test_silence_is_counted_apart_and_never_green(world: Cast) -> None:
    later = AT + timedelta(days=8)
    for place in (PROVINCE, BANYUASIN, OGAN_ILIR, PALEMBANG):
        report(*_unchanged(place), place=place, at=later)
    found = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=later)
    assert found[OKI].status is Status.NO_REPORT
    assert (found[PROVINCE].silent, found[PROVINCE].of_children) == (1, 4)
    assert found[BANYUASIN].status is not Status.NO_REPORT
    [silence] = [a for a in found[PROVINCE].alerts if a.code == "readiness.REPORTS_OVERDUE"]
    assert (silence.place, silence.severity) == (OKI, Status.NO_REPORT)
    assert silence.link == "/16.02/readiness?status=NO_REPORT"
    assert word("ALERTS", silence.code, silence.params).startswith("Ogan Komering Ilir: ")
    [missing] = public.missing_reports(PROVINCE, viewer=SYSTEM, at=later)
    assert (missing.place, missing.name, missing.owed.oldest) == (OKI, "Ogan Komering Ilir", 9)
    assert missing.owed.last_report_at == YESTERDAY


def test_a_district_answers_by_its_own_lines(world: Cast) -> None:
    found = public.briefings(parent=OKI, viewer=SYSTEM, at=AT)
    assert set(found) == {OKI, PlaceCode("16.02.05"), AIR_SUGIHAN}
    assert found[AIR_SUGIHAN].status is Status.NO_REPORT  # no line was ever reported
    assert found[OKI].silent == 2
    report(
        *[
            actions.ReportRow(
                r.activity_id, ReportKind.QUANTITY, r.target_quantity, "", AIR_SUGIHAN
            )
            for r in public.owed(AIR_SUGIHAN, viewer=SYSTEM, at=AT).rows  # type: ignore[union-attr]
        ],
        place=AIR_SUGIHAN,
        at=AT,
    )
    found = public.briefings(parent=AIR_SUGIHAN, viewer=SYSTEM, at=AT)
    assert set(found) == {AIR_SUGIHAN}
    assert found[AIR_SUGIHAN].status is Status.DONE


@pytest.mark.parametrize("place", [COUNTRY, NUSA_KARTA, PlaceCode("31")])
def test_elsewhere_there_is_nothing(world: Cast, place: PlaceCode) -> None:
    assert public.briefings(parent=place, viewer=SYSTEM, at=AT) == {}
    assert public.missing_reports(place, viewer=SYSTEM, at=AT) == []


def test_without_activities_there_is_nothing(cast: Cast) -> None:
    assert public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT) == {}
    assert public.plan(OKI, viewer=SYSTEM, at=AT) is None
    assert public.owed(OKI, viewer=SYSTEM, at=AT) is None
    assert outlook(OKI, viewer=SYSTEM, at=AT).curve == ()


def test_everybody_sees_own_places_and_the_same_numbers(world: Cast) -> None:
    everything = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)
    mine = public.briefings(parent=PROVINCE, viewer=world.commission.viewer, at=AT)
    assert set(mine) == {OKI}
    assert mine[OKI] == everything[OKI]
    assert public.briefings(parent=PROVINCE, viewer=PUBLIC, at=AT) == {}
    assert set(public.briefings(parent=PROVINCE, viewer=world.observer.viewer, at=AT)) == set(
        everything
    )
    with pytest.raises(OutOfScope):
        public.plan(OKI, viewer=world.neighbour.viewer, at=AT)
    with pytest.raises(OutOfScope):
        public.activity_record(OKI, "ship-t", viewer=world.neighbour.viewer, at=AT)
    with pytest.raises(OutOfScope):
        public.owed(OKI, viewer=world.observer.viewer, at=AT)


@pytest.mark.parametrize(("parent", "count"), [(PROVINCE, 8), (OKI, 10), (AIR_SUGIHAN, 8)])
def test_briefings_take_a_fixed_number_of_queries(
    world: Cast, django_assert_num_queries: Any, parent: PlaceCode, count: int
) -> None:
    set_back("forms-print")
    with django_assert_num_queries(count):
        public.briefings(parent=parent, viewer=SYSTEM, at=AT)


# --- the plan


def test_a_plan_says_what_comes_first_and_why(world: Cast) -> None:
    set_back("forms-print")
    plan = public.plan(OKI, viewer=SYSTEM, at=AT)
    assert plan is not None
    assert (plan.today, plan.vote_date, len(plan.rows)) == (TODAY, date(2024, 11, 27), 79)
    first = plan.rows[0]
    assert (first.key, first.group, first.status) == (
        "forms-print",
        Group.FINISH_NOW,
        Status.AT_RISK,
    )
    assert (first.done_quantity, first.target_quantity, first.unit) == (1, 10, "set formulir")
    assert (first.owner, first.aspect_name) == ("KPU", "Perlengkapan pemungutan suara")
    assert first.margin is not None
    assert first.margin < 0
    assert str(-first.margin) in first.why
    assert "5 TPS" in first.why
    groups = [row.group for row in plan.rows]
    assert groups == sorted(groups, key=lambda g: list(Group).index(g) if g else 9)
    dropped = {row.key for row in plan.in_group(Group.MAY_BE_DROPPED)}
    assert {"outreach", "signal-add"} <= dropped


def test_a_plan_names_the_critical_path(world: Cast) -> None:
    set_back("ballot-arrive")
    plan = public.plan(OKI, viewer=SYSTEM, at=AT)
    assert plan is not None
    assert [step.key for step in plan.critical] == (
        [
            "ballot-arrive",
            "ballot-sort",
            "ballot-refill",
            "box-pack",
            "ship-d",
            "ship-v",
            "ship-t",
            "opening",
        ]
    )
    assert {row.key for row in plan.rows if row.is_critical} == {s.key for s in plan.critical}
    assert plan.critical_days == 6 + 6 + 4 + 4 + 4 + 1 + 1 + 1
    assert plan.margin == 31 - plan.critical_days


def test_words_follow_the_reader(world: Cast) -> None:
    with translation.override("en"):
        plan = public.plan(OKI, viewer=SYSTEM, at=AT)
    assert plan is not None
    assert {r.name for r in plan.rows} >= {"Ballots sorted and folded", "Stations built"}


def test_a_dropped_activity_leaves_the_counts_and_the_groups(world: Cast) -> None:
    actions.drop_activity(
        activity_id=activity("outreach").pk, reason="no hands", actor=SYSTEM, at=AT
    )
    plan = public.plan(OKI, viewer=SYSTEM, at=AT)
    assert plan is not None
    [row] = [r for r in plan.rows if r.key == "outreach"]
    assert (row.status, row.group, row.finish_date, row.why) == (None, None, None, "")
    figures = public.briefings(parent=OKI, viewer=SYSTEM, at=AT)[OKI].figures
    assert {f.of for f in figures if f.code == "readiness.finished"} == {78}


def test_a_plan_takes_a_fixed_number_of_queries(
    world: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(7):
        public.plan(OKI, viewer=SYSTEM, at=AT)
    with django_assert_num_queries(9):
        public.plan(AIR_SUGIHAN, viewer=SYSTEM, at=AT)


# --- what is owed


def test_an_institution_owes_reports_on_its_own_work(world: Cast) -> None:
    owed = public.owed(OKI, viewer=world.commission.viewer, at=AT + timedelta(days=3))
    assert owed is not None
    assert owed.sender == "KPU Kabupaten Ogan Komering Ilir"
    assert {r.owner for r in owed.rows} == {"KPU"}
    assert "forms-print" in {r.key for r in owed.due}
    assert "grant-sign" not in {r.key for r in owed.rows}  # finished
    assert [r.target_date for r in owed.due] == sorted(r.target_date for r in owed.due)
    assert {"box-pack", "ship-t"} <= {r.key for r in owed.others}


def test_the_regents_desk_owes_for_its_agencies_and_companies(world: Cast) -> None:
    owed = public.owed(OKI, viewer=world.regent_desk.viewer, at=AT)
    assert owed is not None
    assert owed.sender == "Desk Pilkada Kabupaten Ogan Komering Ilir"
    keys = {r.key for r in owed.rows}
    assert {"route-plan", "power-on", "signal-add", "service-on", "asn-pledge"} <= keys
    assert not keys & {"box-pack", "ptps-train", "post-plan"}


def test_a_committee_owes_its_districts_lines(world: Cast) -> None:
    owed = public.owed(AIR_SUGIHAN, viewer=world.district_committee.viewer, at=AT)
    assert owed is not None
    assert owed.sender == "PPK Air Sugihan"
    assert all(r.line_id and r.place == AIR_SUGIHAN for r in owed.rows)
    assert "kpps-form" in {r.key for r in owed.due}
    assert "linmas-form" not in {r.key for r in owed.rows}  # the camat's


def test_what_was_sent_is_listed_newest_first(world: Cast) -> None:
    finished_before = activity("kit-small").done_quantity or 0
    report(
        answer("kit-small", 3),
        answer("box-build", kind=ReportKind.NO_CHANGE),
        actor=world.commission.viewer,
    )
    [mine] = sent(OKI, viewer=world.commission.viewer)[:1]
    assert sent(OKI, viewer=world.agency.viewer) == []
    [last, before] = sent(OKI, viewer=SYSTEM)
    assert mine == last
    assert (last.by, last.sent_at) == ("Dewi Anggraini", AT)
    assert (last.unchanged, last.nothing) == (1, 0)
    [figure] = last.figures
    assert (figure.quantity, figure.target) == (3, 5)
    assert figure.change == 3 - finished_before
    assert before.sent_at == YESTERDAY


# --- one activity


def test_the_record_of_an_activity(world: Cast) -> None:
    report(
        answer("ship-d", 3, district=AIR_SUGIHAN, note="by boat"),
        place=AIR_SUGIHAN,
        actor=world.district_committee.viewer,
    )
    report(answer("ship-d", 5), actor=world.commission.viewer)
    record = public.activity_record(OKI, "ship-d", viewer=world.commission.viewer, at=AT)
    assert record.planned.done_quantity == 5
    assert record.lines_total == 3
    assert {line.place for line in record.lines} == {PlaceCode("16.02.05"), AIR_SUGIHAN}
    assert [n.key for n in record.before] == ["box-pack", "escort-plan", "store-d"]
    assert [n.key for n in record.after] == ["ship-v"]
    assert [
        (r.row.quantity, r.before, r.row.note, r.place_name, r.institution) for r in record.reports
    ] == [
        (5, 3, "", "", "KPU"),
        (3, None, "by boat", "Air Sugihan", "PPK"),
    ]
    assert [t.kind for t in record.targets] == ["PROPOSE"]
    assert len(record.history) == 2
    assert {p.partition(".")[2] for p in record.may} == {
        "PROPOSE_TARGET",
        "MOVE_TARGET",
        "DROP_ACTIVITY",
    }
    seen_by_desk = public.activity_record(OKI, "ship-d", viewer=world.governor_desk.viewer, at=AT)
    assert seen_by_desk.may == frozenset()


def test_neighbours_out_of_sight_are_not_shown(world: Cast) -> None:
    mine = public.activity_record(OKI, "ballot-arrive", viewer=world.commission.viewer, at=AT)
    assert [(n.place, n.key) for n in mine.before] == [(OKI, "ballot-print"), (OKI, "store-ready")]
    all_of = public.activity_record(OKI, "ballot-arrive", viewer=SYSTEM, at=AT)
    assert (PROVINCE, "ballot-print") in {(n.place, n.key) for n in all_of.before}


def test_an_activity_that_does_not_exist_is_out_of_scope(world: Cast) -> None:
    with pytest.raises(OutOfScope):
        public.activity_record(OKI, "dance", viewer=SYSTEM, at=AT)


def test_targets_that_wait_for_agreement(world: Cast) -> None:
    before = proposed_targets(OKI, viewer=SYSTEM)
    assert len(before) == 79
    actions.agree_targets(
        activity_ids=[before[0].activity_id],
        meeting_name="Rakor",
        meeting_date=date(2024, 10, 14),
        actor=SYSTEM,
        at=AT,
    )
    after = proposed_targets(OKI, viewer=SYSTEM)
    assert after == before[1:]


# --- progress over the days


def test_the_curve_ends_at_today_and_its_target_at_a_hundred(world: Cast) -> None:
    curve = outlook(OKI, viewer=SYSTEM, at=AT).curve
    assert len(curve) == 61
    assert curve[-1].target == pytest.approx(100)
    known = [p for p in curve if p.actual is not None]
    assert known[-1].day == TODAY
    assert known[-1].actual == pytest.approx(known[-1].target, abs=6)
    assert known[0].actual == 0
    targets = [p.target for p in curve]
    assert targets == sorted(targets)


def test_the_curve_rises_with_each_line_of_what_is_split(world: Cast) -> None:
    two_days_ago = AT - timedelta(days=2)
    report(answer("it-offline", 1, district=AIR_SUGIHAN), place=AIR_SUGIHAN, at=two_days_ago)
    one = _done_on(two_days_ago.date())
    report(answer("it-offline", 1, district=KAYU_AGUNG), place=KAYU_AGUNG, at=two_days_ago)
    assert _done_on(two_days_ago.date()) > one > 0


def test_of_a_day_the_last_report_counts(world: Cast) -> None:
    # Half past nine in the evening there; three hours later it is the next day.
    evening = AT - timedelta(days=2) + timedelta(hours=12, minutes=30)
    key = _never_reported()

    def done(
        quantity: int, *, minutes: int, kind: ReportKind = ReportKind.QUANTITY
    ) -> tuple[float, float]:
        at = evening + timedelta(minutes=minutes)
        report(answer(key, quantity, kind=kind, note="Counted again."), at=at)
        return _done_on(evening.date()), _done_on(evening.date() + timedelta(days=1))

    three, _ = done(3, minutes=0)
    five, _ = done(5, minutes=5)
    four, _ = done(4, minutes=20, kind=ReportKind.CORRECTION)
    assert three < four < five
    assert done(5, minutes=180)[0] == four < done(5, minutes=181)[1]


@pytest.mark.parametrize(("wrong", "right"), [(7, 3), (1, 5)])
def test_a_correction_mends_the_days_before_it(world: Cast, wrong: int, right: int) -> None:
    key = _never_reported()
    days = [(AT - timedelta(days=n)).date() for n in (3, 2, 1, 0)]
    without = [_done_on(day) for day in days]
    report(answer(key, wrong, note="Counted."), at=AT - timedelta(days=2))
    told = answer(key, right, kind=ReportKind.CORRECTION, note="Typed wrong.")
    report(told, at=AT)
    before, *since = (_done_on(day) - none for day, none in zip(days, without, strict=True))
    assert before == 0
    assert since == pytest.approx([since[0]] * 3)
    assert since[0] > 0


def _never_reported() -> str:
    """Return an activity before the vote, of 5 to 90, on which nobody has reported."""
    return next(
        row.key
        for row in Activity.objects.filter(
            place=OKI, last_report_at=None, target_quantity__range=(5, 90), shares=None
        ).order_by("key")
        if (of := shipped_activities().activities[row.key]).target < 0 and not of.is_percent
    )


def _done_on(day: date) -> float:
    curve = {p.day: p.actual for p in outlook(OKI, viewer=SYSTEM, at=AT).curve}
    done = curve[day]
    assert done is not None
    return done


# --- all that a desk asks


def _asked(parent: PlaceCode) -> Any:
    return (
        public.briefings(parent=parent, viewer=SYSTEM, at=AT),
        public.missing_reports(parent, viewer=SYSTEM, at=AT),
    )


@pytest.mark.parametrize("parent", [PROVINCE, OKI, AIR_SUGIHAN, NUSA_KARTA, COUNTRY])
def test_what_is_asked_in_one_reading_is_what_is_asked_alone(
    world: Cast, parent: PlaceCode
) -> None:
    alone = _asked(parent)
    with reading():
        assert _asked(parent) == alone


def test_one_reading_reads_the_board_once(world: Cast, django_assert_max_num_queries: Any) -> None:
    _asked(PROVINCE)
    with django_assert_max_num_queries(7), reading():
        _asked(PROVINCE)


# --- what there is to report on


def test_the_workload_names_lines_instead_of_what_is_split(world: Cast) -> None:
    work = public.workload(PROVINCE)
    site_pick = [w for w in work if w.key == "site-pick" and w.place.startswith(OKI)]
    assert {(w.place, w.district) for w in site_pick} == {
        (KAYU_AGUNG, KAYU_AGUNG),
        (AIR_SUGIHAN, AIR_SUGIHAN),
    }
    [routes] = [w for w in work if w.key == "route-plan" and w.place == OKI]
    assert (routes.district, routes.owner_id) == (None, world.agency.institution_id)
    assert (routes.likely_days, routes.report_every, routes.is_fixed) == (10, 3, False)
