"""Actions of readiness: what they write, what they refuse, and that a refusal writes nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from serentak.elections.actions import set_up_election
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform.audit import history
from serentak.platform.models import AuditEvent, EvidenceFile
from serentak.platform.tests.builders import PNG
from serentak.readiness import actions
from serentak.readiness.models import (
    Activity,
    ActivityShare,
    ProgressReport,
    Submission,
    TargetChange,
)
from serentak.readiness.queries.amounts import counts_in
from serentak.readiness.rules.reporting import ReportKind
from serentak.readiness.rules.states import TargetEvent, TargetState
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast, assemble, seat
from tests.deeds import plan_meeting

from .builders import activity, answer, line, report, set_up

KAYU_AGUNG = PlaceCode("16.02.05")


@pytest.fixture
def world(cast: Cast) -> Cast:
    set_up()
    return cast


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=f"readiness.{name}").order_by("id"))


def refused(code: str, call: Any, **arguments: Any) -> Refused:
    """Call an action, expect this refusal, and expect that no event was written."""
    before = AuditEvent.objects.count()
    with pytest.raises(Refused) as caught:
        call(**arguments)
    assert caught.value.code == code
    assert AuditEvent.objects.count() == before
    return caught.value


# --- setting up


def test_activities_follow_from_the_catalogue_and_the_stations(world: Cast) -> None:
    assert Activity.objects.filter(place=PROVINCE).count() == 17
    assert Activity.objects.filter(place=OKI).count() == 79
    assert activity("kpps-form").target_quantity == 7 * 5
    assert activity("ship-t").target_quantity == 2 * 5
    assert activity("kpps-form").owner_id == world.commission.institution_id
    assert activity("route-plan").owner_id == world.agency.institution_id
    assert activity("service-on", PROVINCE).owner_id == world.governor_desk.institution_id
    assert activity("ship-t").target_date == date(2024, 11, 26)
    assert activity("voters-final", PALEMBANG).target_quantity == 590 + 580
    # 2.5 % of each station, rounded up: 590 + 15 and 580 + 15, for two races
    assert activity("ballot-arrive", PALEMBANG).target_quantity == 2 * 1200
    [event] = events("ActivitiesInstantiated")
    assert event.facts["created"] == Activity.objects.count()
    assert len(event.facts["digest"]) == 64
    assert TargetChange.objects.filter(kind=TargetEvent.PROPOSE).count() == Activity.objects.count()


def test_district_lines_add_up_to_the_regency(world: Cast) -> None:
    for row in Activity.objects.filter(shares__isnull=False).distinct():
        parts = list(row.shares.values_list("target_quantity", flat=True))
        assert sum(parts) == row.target_quantity, row.key
    assert line("ship-t").target_quantity == 4
    assert line("ship-t", KAYU_AGUNG).target_quantity == 6
    assert line("ship-t").owner_id == world.district_committee.institution_id


def test_setting_up_again_creates_nothing_and_follows_new_counts(world: Cast) -> None:
    Activity.objects.filter(pk=activity("ship-t").pk).update(target_quantity=8)
    ActivityShare.objects.filter(pk=line("ship-t").pk).update(target_quantity=2)
    count = Activity.objects.count()
    assert actions.instantiate_activities(province=PROVINCE, actor=SYSTEM, at=AT) == 0
    assert Activity.objects.count() == count
    assert (activity("ship-t").target_quantity, line("ship-t").target_quantity) == (10, 4)
    assert events("ActivitiesInstantiated")[-1].facts["resized"] == 2


def lines_of(key: str, place: PlaceCode = OKI) -> dict[str, int]:
    return dict(activity(key, place).shares.values_list("place", "target_quantity"))


def without_stations(district: PlaceCode) -> None:
    """Set up again as if a district had no stations any more."""
    counts = dict(counts_in(PROVINCE))
    gone, regency = counts.pop(district), counts[OKI]
    counts[OKI] = replace(
        regency,
        **{
            name: getattr(regency, name) - getattr(gone, name)
            for name in ("stations", "voters", "villages", "ballots")
        },
    )
    with patch("serentak.readiness.actions.activities.counts_in", return_value=counts):
        actions.instantiate_activities(province=PROVINCE, actor=SYSTEM, at=AT)


def test_lines_follow_stations_that_moved_and_never_exceed_the_amount(world: Cast) -> None:
    assert lines_of("ship-t") == {"16.02.05": 6, "16.02.14": 4}
    without_stations(AIR_SUGIHAN)
    assert activity("ship-t").target_quantity == 6
    assert lines_of("ship-t") == {"16.02.05": 6}


def test_a_line_with_reports_stands_with_one_of_the_amount(world: Cast) -> None:
    report(
        answer("ship-t", 4, district=AIR_SUGIHAN),
        place=AIR_SUGIHAN,
        actor=world.district_committee.viewer,
    )
    without_stations(AIR_SUGIHAN)
    assert lines_of("ship-t") == {"16.02.05": 5, "16.02.14": 1}
    assert line("ship-t").done_quantity == 4
    assert activity("ship-t").done_quantity == 4
    for row in Activity.objects.filter(shares__isnull=False).distinct():
        assert sum(row.shares.values_list("target_quantity", flat=True)) == row.target_quantity


def test_the_whole_is_worked_out_anew_where_a_silent_line_goes(world: Cast) -> None:
    report(answer("ship-t", 9), actor=world.commission.viewer)
    report(
        answer("ship-t", 3, district=KAYU_AGUNG),
        place=KAYU_AGUNG,
        actor=SYSTEM,
    )
    assert activity("ship-t").done_quantity == 9
    without_stations(AIR_SUGIHAN)
    assert activity("ship-t").done_quantity == 3


def test_activities_are_set_up_for_a_whole_province_only(world: Cast) -> None:
    refused(
        "readiness.activities_are_set_up_by_province",
        actions.instantiate_activities,
        province=OKI,
        actor=SYSTEM,
        at=AT,
    )


def test_setting_up_needs_an_election_stations_and_the_right(cast: Cast) -> None:
    arguments: dict[str, Any] = {"province": PROVINCE, "at": AT}
    refused("readiness.no_election", actions.instantiate_activities, actor=SYSTEM, **arguments)
    set_up_election(place=PROVINCE, actor=SYSTEM, at=AT)
    error = refused(
        "readiness.counts_are_missing", actions.instantiate_activities, actor=SYSTEM, **arguments
    )
    assert error.params["place"] == "Provinsi Sumatera Selatan"
    with pytest.raises(OutOfScope):
        actions.instantiate_activities(actor=cast.commission.viewer, **arguments)
    assert not Activity.objects.exists()


# --- reports


def test_a_page_of_reports_is_one_submission_with_one_event(world: Cast) -> None:
    receipt = report(
        answer("kit-one", 3),
        answer("box-build", kind=ReportKind.NO_CHANGE),
        answer("rehearse", kind=ReportKind.NOTHING_TO_REPORT),
        actor=world.commission.viewer,
    )
    assert (receipt.count, receipt.quantities, receipt.unchanged, receipt.nothing) == (3, 1, 1, 1)
    assert not receipt.repeated
    row = activity("kit-one")
    assert (row.done_quantity, row.last_report_at) == (3, AT)
    assert activity("box-build").done_quantity is None
    assert activity("box-build").last_report_at == AT
    stored = ProgressReport.objects.get(activity=row)
    assert (stored.quantity_before, stored.quantity) == (None, 3)
    assert stored.institution_id == world.commission.institution_id
    [event] = events("ProgressReported")
    assert event.facts["count"] == 3
    assert event.institution_id == world.commission.institution_id
    assert [h.facts["submission_id"] for h in history(f"activity:{row.pk}")] == [
        receipt.submission_id
    ]


def test_no_change_keeps_the_amount(world: Cast) -> None:
    report(answer("kit-one", 3))
    report(answer("kit-one", kind=ReportKind.NO_CHANGE), at=AT + timedelta(days=1))
    row = activity("kit-one")
    assert (row.done_quantity, row.last_report_at) == (3, AT + timedelta(days=1))
    last = ProgressReport.objects.filter(activity=row).latest("id")
    assert (last.kind, last.quantity, last.quantity_before) == ("NO_CHANGE", 3, 3)


def test_a_repeat_is_answered_with_the_first_answer(world: Cast) -> None:
    key = uuid4()
    first = report(answer("kit-one", 3), client_key=key, actor=world.commission.viewer)
    again = report(answer("kit-one", 3), client_key=key, actor=world.commission.viewer)
    assert again.repeated
    assert (again.submission_id, again.count, again.sent_at) == (first.submission_id, 1, AT)
    assert activity("kit-one").done_quantity == 3
    assert (Submission.objects.count(), len(events("ProgressReported"))) == (1, 1)
    with pytest.raises(Conflict, match="key_was_used_for_other_answers"):
        report(answer("kit-one", 5), client_key=key, actor=world.commission.viewer)
    assert activity("kit-one").done_quantity == 3
    refused(
        "readiness.key_was_used_by_another",
        lambda **more: report(answer("kit-one", 3), **more),
        client_key=key,
        place=OKI,
        actor=world.regent_desk.viewer,
    )


@pytest.mark.parametrize(
    ("key", "quantity", "note", "code", "field"),
    [
        ("kit-one", None, "", "quantity_is_missing", "quantity"),
        ("kit-one", -1, "", "quantity_is_negative", "quantity"),
        ("kit-one", 11, "x", "quantity_is_absurd", "quantity"),
        ("kit-one", 6, "", "more_than_target_needs_a_note", "note"),
        ("kit-one", 3, "", "less_than_before_is_a_correction", "quantity"),
        ("ballot-refill", 101, "x", "percent_exceeds_hundred", "quantity"),
    ],
)
def test_one_faulty_row_refuses_the_page(
    world: Cast, key: str, quantity: int | None, note: str, code: str, field: str
) -> None:
    report(answer("kit-one", 4))
    with pytest.raises(Refused) as error:
        report(answer("box-build", 1), answer(key, quantity, note=note))
    assert error.value.code == f"readiness.{code}"
    [fault] = error.value.faults
    assert (fault.row, fault.field) == (activity(key).pk, field)
    assert activity("box-build").done_quantity is None
    assert activity("kit-one").done_quantity == 4
    assert (Submission.objects.count(), len(events("ProgressReported"))) == (1, 1)


def test_a_page_is_refused_with_every_fault_by_row_and_field(world: Cast) -> None:
    report(answer("kit-one", 4))
    rows = [
        answer("box-build", 1),
        answer("kit-one", 3),
        replace(answer("kit-small", None), number=9, written={"quantity": "many"}),
        answer("route-plan", 1),
        answer("box-build", 2),
    ]
    with pytest.raises(Refused) as caught:
        report(*rows, actor=world.commission.viewer)
    kit, box, route = (activity(key).pk for key in ("kit-one", "box-build", "route-plan"))
    assert [(f.row, f.field, f.code.removeprefix("readiness.")) for f in caught.value.faults] == [
        (kit, "quantity", "less_than_before_is_a_correction"),
        (9, "quantity", "total_is_no_number"),
        (route, None, "not_your_activity"),
        (box, None, "page_answers_twice"),
    ]
    assert caught.value.code == "readiness.less_than_before_is_a_correction"
    assert activity("box-build").done_quantity is None
    assert (Submission.objects.count(), len(events("ProgressReported"))) == (1, 1)


def test_past_pages_are_refused_with_every_fault(world: Cast) -> None:
    report(answer("grant-60", 40))
    with pytest.raises(Refused) as caught:
        take_over(
            past(answer("route-plan", 9000, note="x"), days=9),
            past(answer("grant-60", 30), days=8),
        )
    assert [fault.code for fault in caught.value.faults] == [
        "readiness.quantity_is_absurd",
        "readiness.report_is_older",
    ]
    assert Submission.objects.count() == 1


def test_a_note_explains_more_than_the_target_and_a_correction(world: Cast) -> None:
    report(answer("kit-one", 6, note="one spare set"))
    report(answer("kit-one", 4, kind=ReportKind.CORRECTION, note="two sets sent back"))
    assert activity("kit-one").done_quantity == 4
    notes = [e.auditdetail.personal["notes"] for e in events("ProgressReported")]
    assert [list(n.values()) for n in notes] == [["one spare set"], ["two sets sent back"]]


def test_a_correction_on_a_line_mends_the_whole(world: Cast) -> None:
    for place, quantity in ((AIR_SUGIHAN, 3), (KAYU_AGUNG, 5)):
        report(answer("ship-t", quantity, district=place), place=place)
    told = answer(
        "ship-t", 1, district=AIR_SUGIHAN, kind=ReportKind.CORRECTION, note="Dua belum tiba"
    )
    key = uuid4()
    receipt = report(told, place=AIR_SUGIHAN, client_key=key)
    assert (receipt.corrections, receipt.quantities, receipt.repeated) == (1, 0, False)
    assert (activity("ship-t").done_quantity, line("ship-t").done_quantity) == (6, 1)
    again = report(told, place=AIR_SUGIHAN, client_key=key)
    assert (again.corrections, again.repeated) == (1, True)
    [event] = [e for e in events("ProgressReported") if e.facts["rows"][0]["kind"] == "CORRECTION"]
    assert event.facts["rows"][0]["before"] == 3


def test_the_database_holds_corrections_to_their_reason(world: Cast) -> None:
    report(answer("kit-one", 4))
    row = ProgressReport.objects.get()
    for changes in (
        {"quantity": 3, "quantity_before": 4, "note": ""},
        {"quantity": 4, "quantity_before": 4, "note": "typed"},
        {"quantity": 4, "quantity_before": None, "note": "typed"},
        {"quantity": None, "quantity_before": 4, "note": "typed"},
    ):
        values = {**row.__dict__, **changes, "id": None, "kind": "CORRECTION"}
        values.pop("_state")
        values["submission_id"] = Submission.objects.create(
            client_key=uuid4(), place_id=OKI, submitted_at=AT
        ).pk
        with pytest.raises(IntegrityError, match=r"a_correction|an_amount"), transaction.atomic():
            ProgressReport.objects.create(**values)


def test_a_page_is_neither_empty_nor_double(world: Cast) -> None:
    refused("readiness.page_is_empty", report)
    with pytest.raises(Refused, match="answers_twice"):
        report(answer("kit-one", 1), answer("kit-one", 2))
    assert not Submission.objects.exists()


def test_district_lines_make_the_total_and_a_total_may_differ(world: Cast) -> None:
    report(
        answer("ship-t", 3, district=AIR_SUGIHAN),
        place=AIR_SUGIHAN,
        actor=world.district_committee.viewer,
    )
    assert (activity("ship-t").done_quantity, line("ship-t").done_quantity) == (3, 3)
    assert line("ship-t").last_report_at == AT
    report(answer("ship-t", 5, district=KAYU_AGUNG), place=KAYU_AGUNG)
    assert activity("ship-t").done_quantity == 8
    report(answer("ship-t", 9), actor=world.commission.viewer)
    assert activity("ship-t").done_quantity == 9
    assert (line("ship-t").done_quantity, line("ship-t", KAYU_AGUNG).done_quantity) == (3, 5)


def test_one_district_speaks_neither_for_the_others_nor_for_the_whole(world: Cast) -> None:
    report(answer("ship-t", 7), actor=world.commission.viewer)
    later = AT + timedelta(days=8)
    report(
        answer("ship-t", 1, district=AIR_SUGIHAN),
        place=AIR_SUGIHAN,
        actor=world.district_committee.viewer,
        at=later,
    )
    row = activity("ship-t")
    assert (row.done_quantity, row.last_report_at, row.heard_at) == (7, later, AT)
    much_later = later + timedelta(days=1)
    report(answer("ship-t", 2, district=KAYU_AGUNG), place=KAYU_AGUNG, at=much_later)
    row = activity("ship-t")
    assert (row.done_quantity, row.heard_at) == (3, later), "all lines are told"


def test_a_page_that_comes_in_later_makes_nothing_older(world: Cast) -> None:
    earlier = AT - timedelta(hours=1)
    report(answer("kit-one", 3))
    report(answer("kit-one", 4), at=earlier)
    row = activity("kit-one")
    assert (row.done_quantity, row.last_report_at, row.heard_at) == (4, AT, AT)
    newest = ProgressReport.objects.filter(activity=row).order_by("-reported_at", "-id")[0]
    assert (newest.quantity_before, newest.quantity) == (3, 4)
    assert newest.submission.submitted_at == earlier
    district: dict[str, Any] = {"place": AIR_SUGIHAN, "actor": world.district_committee.viewer}
    report(answer("ship-t", 1, district=AIR_SUGIHAN), **district)
    report(answer("ship-t", 2, district=AIR_SUGIHAN), at=earlier, **district)
    told = line("ship-t")
    assert (told.done_quantity, told.last_report_at) == (2, AT)
    assert activity("ship-t").last_report_at == AT
    report(answer("kit-one", 5), at=AT + timedelta(hours=1))
    row = activity("kit-one")
    assert row.last_report_at == row.heard_at == AT + timedelta(hours=1)


def test_a_past_page_of_a_district_makes_the_whole_no_older(world: Cast) -> None:
    report(answer("ship-t", 7), actor=world.commission.viewer)
    take_over(past(answer("ship-t", 1, district=AIR_SUGIHAN), days=3, place=AIR_SUGIHAN))
    row = activity("ship-t")
    assert (row.done_quantity, row.last_report_at, row.heard_at) == (7, AT, AT)
    assert line("ship-t").last_report_at == AT - timedelta(days=3)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_send_one_page_at_once_both_get_the_first_answer() -> None:
    world = assemble()
    set_up()
    key, start = uuid4(), Barrier(2)

    def send(_: int) -> tuple[int, bool]:
        try:
            start.wait(10)
            receipt = report(answer("kit-one", 3), client_key=key, actor=world.commission.viewer)
            return receipt.submission_id, receipt.repeated
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(send, range(2)), key=lambda found: found[1])
    assert [repeated for _, repeated in answers] == [False, True]
    assert len({number for number, _ in answers}) == 1
    assert Submission.objects.count() == 1


def test_a_photo_is_stored_as_evidence_of_the_row(
    world: Cast, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    photo = SimpleUploadedFile("gudang.png", PNG, "image/png")
    row = answer("kit-one", 2)
    report(
        actions.ReportRow(row.activity_id, row.kind, 2, photo=photo), actor=world.commission.viewer
    )
    stored = ProgressReport.objects.get(activity=row.activity_id)
    evidence = EvidenceFile.objects.get(pk=stored.evidence_id)
    assert (evidence.content_type, evidence.place) == ("image/png", OKI)
    text = SimpleUploadedFile("gudang.png", b"not a picture", "image/png")
    with pytest.raises(Refused, match="file_type_is_not_accepted"):
        report(actions.ReportRow(row.activity_id, row.kind, 3, photo=text))
    assert activity("kit-one").done_quantity == 2


def test_who_may_report(world: Cast) -> None:
    report(answer("route-plan", 1), actor=world.agency.viewer)
    report(answer("route-plan", 2), actor=world.regent_desk.viewer)
    by = ProgressReport.objects.filter(activity=activity("route-plan")).order_by("id")
    assert [r.institution_id for r in by] == [
        world.agency.institution_id,
        world.regent_desk.institution_id,
    ]
    for member in (world.regent_desk, world.agency):
        with pytest.raises(Refused, match="not_your_activity"):
            report(answer("kit-one", 1), actor=member.viewer)
    for member in (world.neighbour, world.observer, world.district_committee):
        with pytest.raises(OutOfScope):
            report(answer("kit-one", 1), actor=member.viewer)
    assert activity("kit-one").done_quantity is None


def test_rows_of_another_place_are_out_of_scope(world: Cast) -> None:
    with pytest.raises(OutOfScope):
        report(answer("kit-one", 1, place=BANYUASIN), actor=world.commission.viewer)
    with pytest.raises(OutOfScope):
        report(answer("kit-one", 1, district=AIR_SUGIHAN), place=AIR_SUGIHAN)
    with pytest.raises(OutOfScope):
        report(actions.ReportRow(0, ReportKind.NO_CHANGE))
    assert not Submission.objects.exists()


def test_the_class_of_a_figure_is_that_of_its_last_report(world: Cast) -> None:
    row = answer("kit-one", 2)
    actions.report_progress(
        client_key=uuid4(),
        place=OKI,
        rows=[row],
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )
    assert activity("kit-one").figure_class == FigureClass.SYNTHETIC
    report(answer("kit-one", kind=ReportKind.NO_CHANGE))
    assert activity("kit-one").figure_class == FigureClass.SYNTHETIC
    report(answer("kit-one", 3))
    assert activity("kit-one").figure_class == FigureClass.SOURCED


def test_reports_and_target_changes_stay_as_written(world: Cast) -> None:
    report(answer("kit-one", 2, note="by phone from Pak Budi"))
    ProgressReport.objects.update(note="")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ProgressReport.objects.update(quantity=9)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ProgressReport.objects.all()._raw_delete("default")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        TargetChange.objects.update(date=date(2030, 1, 1))
    assert ProgressReport.objects.get().quantity == 2


# --- past reports


def past(*rows: actions.ReportRow, days: int, place: PlaceCode = OKI) -> actions.PastPage:
    return actions.PastPage(uuid4(), place, AT - timedelta(days=days), rows)


def take_over(*pages: actions.PastPage, actor: Any = SYSTEM) -> int:
    return actions.take_over_reports(
        pages=pages, figure_class=FigureClass.SYNTHETIC, actor=actor, at=AT
    )


def test_past_pages_stand_as_if_they_had_been_sent_at_their_time(world: Cast) -> None:
    count = take_over(
        past(answer("route-plan", 2, note="boats"), days=1),
        past(answer("route-plan", 1), answer("grant-60", 40), days=9),
        past(answer("site-pick", 1, district=AIR_SUGIHAN), days=3, place=AIR_SUGIHAN),
        past(answer("site-pick", 2, district=KAYU_AGUNG), days=4, place=KAYU_AGUNG),
    )
    assert count == 5
    routes = activity("route-plan")
    assert (routes.done_quantity, routes.last_report_at) == (2, AT - timedelta(days=1))
    assert routes.figure_class == FigureClass.SYNTHETIC
    assert line("site-pick", KAYU_AGUNG).done_quantity == 2
    assert line("site-pick").last_report_at == AT - timedelta(days=3)
    assert activity("site-pick").done_quantity == 3
    told = ProgressReport.objects.filter(activity=routes).order_by("reported_at")
    assert [(r.quantity_before, r.quantity, r.note) for r in told] == [
        (None, 1, ""),
        (1, 2, "boats"),
    ]
    assert Submission.objects.count() == 4
    [event] = events("ReportsTakenOver")
    assert (event.facts["pages"], event.facts["count"]) == (4, 5)
    assert len(event.facts["digest"]) == 64


def test_the_last_word_on_what_is_split_may_be_about_the_whole(world: Cast) -> None:
    take_over(
        past(answer("site-pick", 1, district=AIR_SUGIHAN), days=3, place=AIR_SUGIHAN),
        past(answer("site-pick", 4), days=2),
    )
    assert activity("site-pick").done_quantity == 4


def test_past_pages_that_break_a_rule_are_refused_as_a_whole(world: Cast) -> None:
    good = past(answer("grant-60", 40), days=9)
    refused("readiness.page_is_empty", take_over)
    less = past(answer("grant-60", 30), days=8)
    with pytest.raises(Refused) as caught:
        take_over(good, less)
    assert caught.value.code == "readiness.less_than_before_is_a_correction"
    assert not Submission.objects.exists()
    assert activity("grant-60").done_quantity is None


def test_a_past_report_cannot_come_before_one_that_stands(world: Cast) -> None:
    report(answer("grant-60", 40))
    with pytest.raises(Refused) as caught:
        take_over(past(answer("grant-60", 30), days=8))
    assert caught.value.code == "readiness.report_is_older"
    assert activity("grant-60").done_quantity == 40


def test_past_reports_are_taken_from_who_may_write_them(world: Cast) -> None:
    page = past(answer("route-plan", 1), days=2)
    with pytest.raises(OutOfScope):
        take_over(page, actor=world.neighbour.viewer)
    with pytest.raises(Refused):
        take_over(page, actor=world.commission.viewer)
    with pytest.raises(OutOfScope):
        take_over(past(answer("route-plan", 1), days=2, place=BANYUASIN))
    assert take_over(page, actor=world.agency.viewer) == 1


# --- targets


def agree(*keys: str, actor: Any = SYSTEM, **changes: Any) -> int:
    arguments: dict[str, Any] = {
        "activity_ids": [activity(key).pk for key in keys],
        "meeting_name": "Rakor Pilkada Provinsi",
        "meeting_date": date(2024, 10, 14),
        "actor": actor,
        "at": AT,
    }
    return actions.agree_targets(**{**arguments, **changes})


def body(kind: str, place: PlaceCode) -> int:
    card = institutions.institution_by(kind, place)
    assert card is not None
    return card.id


def test_an_agreed_target_leads_to_its_meeting_and_the_meeting_to_it(world: Cast) -> None:
    meeting_id = plan_meeting(world, theme="Rakor kesiapan", starts_at=AT - timedelta(days=3))
    assert agree("ship-t", meeting_id=meeting_id, meeting_name="", meeting_date=None) == 1
    step = TargetChange.objects.get(activity=activity("ship-t"), kind=TargetEvent.AGREE)
    assert (step.meeting_id, step.meeting_name) == (meeting_id, "Rakor kesiapan")
    assert step.meeting_date == date(2024, 10, 25)
    [entry] = [e for e in history(f"meeting:{meeting_id}") if e.name.startswith("readiness.")]
    assert entry.facts["count"] == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetChange.objects.filter(pk=step.pk).update(meeting=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetChange.objects.create(
            activity=step.activity,
            kind=TargetEvent.PROPOSE,
            date=step.date,
            meeting_id=meeting_id,
            changed_at=AT,
        )


def test_only_a_meeting_that_one_may_see_and_of_the_place_agrees(world: Cast) -> None:
    other = plan_meeting(world, invited=[body("KPU", PROVINCE)], starts_at=AT - timedelta(days=3))
    named: dict[str, Any] = {"meeting_name": "", "meeting_date": None}
    owner = seat("kpu_head", "Yanto", "COMMISSION_HEAD", "KPU", OKI).viewer
    for id in (other, other + 1000):
        with pytest.raises(OutOfScope):
            agree("ship-t", meeting_id=id, actor=owner, **named)
    own = plan_meeting(
        world,
        place=OKI,
        invited=[body("KPU", OKI)],
        starts_at=AT - timedelta(days=2),
        actor=world.regent_desk.viewer,
    )
    elsewhere = activity("ship-t", BANYUASIN).pk
    with pytest.raises(Refused) as caught:
        agree(activity_ids=[elsewhere], meeting_id=own, **named)
    assert (caught.value.code, caught.value.field) == (
        "readiness.meeting_is_of_elsewhere",
        "meeting_id",
    )
    ahead = plan_meeting(world, starts_at=AT + timedelta(days=1), at=AT)
    with pytest.raises(Refused) as caught:
        agree("ship-t", meeting_id=ahead, **named)
    assert caught.value.code == "readiness.meeting_lies_ahead"
    assert activity("ship-t").baseline_date is None
    assert agree("ship-t", meeting_id=own, actor=owner, **named) == 1


def propose(key: str, day: date, actor: Any = SYSTEM) -> None:
    actions.propose_target(
        activity_id=activity(key).pk, target_date=day, reason="boats", actor=actor, at=AT
    )


def move(key: str, day: date, reason: str = "river too low", actor: Any = SYSTEM) -> None:
    actions.move_target(
        activity_id=activity(key).pk, target_date=day, reason=reason, actor=actor, at=AT
    )


def test_a_target_is_proposed_agreed_and_then_moved_beside_its_baseline(world: Cast) -> None:
    propose("route-plan", date(2024, 11, 11), actor=world.agency.viewer)
    row = activity("route-plan")
    assert (row.target_date, row.baseline_date, row.target_state) == (
        date(2024, 11, 11),
        None,
        TargetState.PROPOSED,
    )
    assert agree("route-plan", "escort-plan", actor=world.governor_desk.viewer) == 2
    row = activity("route-plan")
    assert (row.target_date, row.baseline_date) == (date(2024, 11, 11), date(2024, 11, 11))
    move("route-plan", date(2024, 11, 16), actor=world.agency.viewer)
    head = seat("regent_desk_head", "Ahmad Fauzi", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
    move("route-plan", date(2024, 11, 18), actor=head.viewer)
    row = activity("route-plan")
    assert (row.target_date, row.baseline_date, row.target_state) == (
        date(2024, 11, 18),
        date(2024, 11, 11),
        TargetState.REVISED,
    )
    steps = TargetChange.objects.filter(activity=row).order_by("id")
    assert [(s.kind, s.date.day, s.reason, s.meeting_name) for s in steps] == [
        ("PROPOSE", 13, "", ""),
        ("PROPOSE", 11, "boats", ""),
        ("AGREE", 11, "", "Rakor Pilkada Provinsi"),
        ("REVISE", 16, "river too low", ""),
        ("REVISE", 18, "river too low", ""),
    ]
    names = [h.name for h in history(f"activity:{row.pk}")]
    assert names == [
        "readiness.TargetMoved",
        "readiness.TargetMoved",
        "readiness.TargetsAgreed",
        "readiness.TargetProposed",
    ]


def test_an_agreed_target_stands_until_it_is_moved(world: Cast) -> None:
    refused("readiness.target_is_not_agreed", move, key="kit-small", day=date(2024, 11, 9))
    agree("kit-small")
    refused("readiness.target_is_agreed", propose, key="kit-small", day=date(2024, 11, 9))
    with pytest.raises(Refused, match="target_is_agreed"):
        agree("box-build", "kit-small")
    assert activity("box-build").target_state == TargetState.PROPOSED
    refused("readiness.reason_is_missing", move, key="kit-small", day=date(2024, 11, 9), reason=" ")


@pytest.mark.parametrize(
    ("key", "day", "code"),
    [
        ("kit-small", date(2024, 11, 7), "readiness.target_is_unchanged"),
        ("kpps-form", date(2024, 11, 6), "readiness.target_is_fixed_by_law"),
        ("invite-out", date(2024, 11, 25), "readiness.target_after_deadline"),
        ("kit-small", date(2024, 11, 27), "readiness.target_after_deadline"),
    ],
)
def test_dates_that_no_target_can_have(world: Cast, key: str, day: date, code: str) -> None:
    refused(code, propose, key=key, day=day)
    agree(key)
    refused(code, move, key=key, day=day)


def test_agreement_needs_a_meeting_that_has_been(world: Cast) -> None:
    refused("readiness.nothing_to_agree", agree)
    with pytest.raises(Refused, match="meeting_is_missing"):
        agree("kit-small", meeting_name="  ")
    with pytest.raises(Refused, match="meeting_lies_ahead"):
        agree("kit-small", meeting_date=date(2024, 10, 29))
    with pytest.raises(OutOfScope):
        agree(activity_ids=[0])
    assert not events("TargetsAgreed")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1900, 1, 1), date(2022, 12, 31)])
def test_no_target_and_no_meeting_lies_before_the_preparation_began(world: Cast, day: date) -> None:
    ship = activity("ship-t").pk
    error = refused(
        "readiness.date_is_absurd",
        actions.propose_target,
        activity_id=ship,
        target_date=day,
        actor=SYSTEM,
        at=AT,
    )
    assert error.field == "target_date"
    error = refused(
        "readiness.date_is_absurd",
        actions.agree_targets,
        activity_ids=[ship],
        meeting_name="Rakor",
        meeting_date=day,
        actor=SYSTEM,
        at=AT,
    )
    assert error.field == "meeting_date"
    assert activity("ship-t").baseline_date is None


def test_the_target_of_what_is_finished_stands(world: Cast) -> None:
    report(answer("ship-t", 10))
    refused(
        "readiness.finished_target_stands",
        actions.propose_target,
        activity_id=activity("ship-t").pk,
        target_date=date(2024, 11, 20),
        actor=SYSTEM,
        at=AT,
    )


def test_targets_are_proposed_and_moved_by_owner_or_own_desk_and_agreed_by_permission(
    world: Cast,
) -> None:
    with pytest.raises(Refused, match="not_your_activity"):
        propose("kit-small", date(2024, 11, 9), actor=world.regent_desk.viewer)
    with pytest.raises(Refused, match="not_your_activity"):
        propose("kit-small", date(2024, 11, 9), actor=world.governor_desk.viewer)
    with pytest.raises(OutOfScope):
        propose("kit-small", date(2024, 11, 9), actor=world.neighbour.viewer)
    with pytest.raises(OutOfScope):
        agree("kit-small", actor=world.regent_desk.viewer)
    with pytest.raises(OutOfScope):
        agree("kit-small", actor=world.neighbour.viewer)
    agree("kit-small", actor=world.governor_desk.viewer)
    with pytest.raises(Refused, match="not_your_activity"):
        move("kit-small", date(2024, 11, 9), actor=world.governor_desk.viewer)
    move("kit-small", date(2024, 11, 9), actor=world.commission.viewer)
    assert activity("kit-small").target_date == date(2024, 11, 9)


@pytest.mark.parametrize(
    ("role", "kind", "place"),
    [
        ("AGENCY_OFFICER", "DISHUB", OKI),
        ("SUPERVISOR_OFFICER", "BAWASLU", PROVINCE),
        ("COMMISSION_OFFICER", "KPU", OKI),
        ("POLICE_OPERATIONS", "POLICE", OKI),
        ("GOVERNOR_DESK_OFFICER", "GOVERNOR_DESK", PROVINCE),
    ],
)
def test_who_only_reports_agrees_no_target(
    world: Cast, role: str, kind: str, place: PlaceCode
) -> None:
    member = seat("nobody", "Tanpa Wewenang", role, kind, place)
    with pytest.raises(OutOfScope):
        agree("route-plan", "kit-small", actor=member.viewer)
    assert activity("route-plan").target_state == TargetState.PROPOSED
    assert not events("TargetsAgreed")


def test_a_commission_agrees_its_own_targets_and_a_head_of_region_all(world: Cast) -> None:
    head = seat("kpu_head", "Ketua KPU", "COMMISSION_HEAD", "KPU", OKI)
    with pytest.raises(Refused, match="not_yours_to_agree") as caught:
        agree("kit-small", "route-plan", actor=head.viewer)
    assert "Ogan Komering Ilir" in str(caught.value.params["owner"])
    assert activity("kit-small").target_state == TargetState.PROPOSED
    assert not events("TargetsAgreed")
    agree("kit-small", actor=head.viewer)
    step = TargetChange.objects.get(activity=activity("kit-small"), kind="AGREE")
    assert step.institution_id == head.institution_id
    regent = seat("regent", "Bupati", "REGENT", "REGENT", OKI)
    assert agree("route-plan", "box-build", actor=regent.viewer) == 2


# --- dropping


def drop(key: str, reason: str = "no hands left", actor: Any = SYSTEM) -> None:
    actions.drop_activity(activity_id=activity(key).pk, reason=reason, actor=actor, at=AT)


def reinstate(key: str, reason: str = "hands found", actor: Any = SYSTEM) -> None:
    actions.reinstate_activity(activity_id=activity(key).pk, reason=reason, actor=actor, at=AT)


def test_the_owner_drops_and_takes_up_again(world: Cast) -> None:
    drop("outreach", actor=world.commission.viewer)
    row = activity("outreach")
    assert (row.state, row.drop_reason) == ("DROPPED", "no hands left")
    with pytest.raises(Refused, match="activity_is_dropped"):
        report(answer("outreach", 1))
    with pytest.raises(Refused, match="activity_is_dropped"):
        drop("outreach")
    with pytest.raises(Refused, match="activity_is_dropped"):
        agree("outreach")
    reinstate("outreach", actor=world.commission.viewer)
    assert (activity("outreach").state, activity("outreach").drop_reason) == ("OPEN", "")
    with pytest.raises(Refused, match="activity_is_open"):
        reinstate("outreach")
    assert [h.name for h in history(f"activity:{row.pk}")] == [
        "readiness.ActivityReinstated",
        "readiness.ActivityDropped",
    ]


def test_nobody_else_drops_not_even_the_governor(world: Cast) -> None:
    for member in (world.governor_desk, world.regent_desk, world.supervisor):
        error = refused("readiness.only_the_owner_drops", drop, key="outreach", actor=member.viewer)
        assert "Ogan Komering Ilir" in str(error.params["owner"])
    with pytest.raises(OutOfScope):
        drop("outreach", actor=world.neighbour.viewer)
    assert activity("outreach").state == "OPEN"


def test_what_is_needed_is_not_dropped_and_part_only_when_half_is_done(world: Cast) -> None:
    refused("readiness.activity_cannot_be_dropped", drop, key="ship-t")
    refused("readiness.too_little_is_done", drop, key="it-device")
    report(answer("it-device", 5))
    refused("readiness.reason_is_missing", drop, key="it-device", reason="")
    drop("it-device")
    assert activity("it-device").state == "DROPPED"
    report(answer("rehearse", 1))
    refused("readiness.activity_is_finished", drop, key="rehearse")


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_two_pages_at_once_are_taken_one_after_the_other(transactional_db: None) -> None:
    assemble()
    set_up()
    barrier = Barrier(2)
    keys = [(uuid4(), 4), (uuid4(), 4)]
    failures: list[Exception] = []

    def send(client_key: Any, quantity: int) -> None:
        try:
            row = answer("kit-one", quantity, note="x")
            barrier.wait()
            report(row, client_key=client_key)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=send, args=pair) for pair in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    first, second = ProgressReport.objects.order_by("id")
    assert second.quantity_before == first.quantity
    assert activity("kit-one").done_quantity == second.quantity
