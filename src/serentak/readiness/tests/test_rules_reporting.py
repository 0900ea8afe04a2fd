"""Which reports hold, and who may write them."""

from dataclasses import replace

import pytest

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import PUBLIC, SYSTEM, Grant, Permission, Viewer
from serentak.readiness.rules.reporting import (
    Body,
    Reportable,
    ReportKind,
    ReportRow,
    agreeing_institution,
    report_faults,
    writing_institution,
)

REPORT = Permission("readiness.REPORT_PROGRESS")
OTHER = Permission("readiness.VIEW_READINESS")
PROVINCE, OKI, DISTRICT = PlaceCode("16"), PlaceCode("16.02"), PlaceCode("16.02.14")
ELSEWHERE = PlaceCode("16.02.05")
DISHUB = Body(3, "OWN_AGENCY", OKI)
KPU = Body(2, "COMMISSION", OKI)
DESK = Body(1, "DESK", OKI)
GOVERNOR = Body(4, "DESK", PROVINCE)
PPK_ID = 5
SATPOL = Body(6, "OWN_AGENCY", OKI)
DESK_OF_TOWN = Body(8, "DESK", OKI)
REGENT = Body(9, "HEAD_OF_REGION", OKI)
BODIES = {body.id: body for body in (DISHUB, KPU, DESK, GOVERNOR, REGENT)}


POSTS = Reportable(1, ("Posts", "posts"), before=15, target=18, is_percent=False)
SHARE = Reportable(2, ("Share of the grant",), before=None, target=100, is_percent=True)


def faults_of(row: ReportRow, of: Reportable = POSTS) -> list[tuple[str | None, str]]:
    found = report_faults(row, of, absurd_factor=2)
    return [(fault.field, fault.code.removeprefix("readiness.")) for fault in found]


@pytest.mark.parametrize(
    ("kind", "quantity", "note", "fault"),
    [
        (ReportKind.NO_CHANGE, None, "", None),
        (ReportKind.NOTHING_TO_REPORT, None, "", None),
        (ReportKind.NO_CHANGE, 15, "", ("quantity", "total_beside_another_answer")),
        (ReportKind.NOTHING_TO_REPORT, 0, "", ("quantity", "total_beside_another_answer")),
        (ReportKind.QUANTITY, 17, "", None),
        (ReportKind.QUANTITY, 15, "", None),
        (ReportKind.QUANTITY, 18, "", None),
        (ReportKind.QUANTITY, None, "", ("quantity", "quantity_is_missing")),
        (ReportKind.QUANTITY, -1, "typed", ("quantity", "quantity_is_negative")),
        (ReportKind.QUANTITY, 19, " ", ("note", "more_than_target_needs_a_note")),
        (ReportKind.QUANTITY, 19, "one more post", None),
        (ReportKind.QUANTITY, 36, "twice as many", None),
        (ReportKind.QUANTITY, 37, "typed", ("quantity", "quantity_is_absurd")),
        (ReportKind.QUANTITY, 14, "", ("quantity", "less_than_before_is_a_correction")),
        (ReportKind.QUANTITY, 14, "typed", ("quantity", "less_than_before_is_a_correction")),
        (ReportKind.QUANTITY, 0, "typed", ("quantity", "less_than_before_is_a_correction")),
        (ReportKind.CORRECTION, 14, "one closed", None),
        (ReportKind.CORRECTION, 0, "all closed", None),
        (ReportKind.CORRECTION, 17, "two were left out", None),
        (ReportKind.CORRECTION, 19, "one more post", None),
        (ReportKind.CORRECTION, 36, "twice as many", None),
        (ReportKind.CORRECTION, 14, " ", ("note", "correction_needs_a_reason")),
        (ReportKind.CORRECTION, 19, "", ("note", "correction_needs_a_reason")),
        (ReportKind.CORRECTION, 15, "typed", ("quantity", "correction_changes_nothing")),
        (ReportKind.CORRECTION, -1, "typed", ("quantity", "quantity_is_negative")),
        (ReportKind.CORRECTION, 37, "typed", ("quantity", "quantity_is_absurd")),
        (ReportKind.CORRECTION, None, "typed", ("quantity", "quantity_is_missing")),
        (ReportKind.QUANTITY, 17, "a" * 1000, None),
        (ReportKind.QUANTITY, 17, "a" * 1001, ("note", "note_is_too_long")),
        (ReportKind.NO_CHANGE, None, "a" * 1001, ("note", "note_is_too_long")),
    ],
)
def test_a_report_on_15_of_18(
    kind: ReportKind, quantity: int | None, note: str, fault: tuple[str, str] | None
) -> None:
    assert faults_of(ReportRow(1, kind, quantity, note)) == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("before", "seen", "code"),
    [
        (None, None, "nothing_to_correct"),
        (15, None, None),
        (15, 15, None),
        (15, 16, "corrected_total_changed"),
        (0, 15, "corrected_total_changed"),
    ],
)
def test_a_correction_corrects_the_total_that_was_seen(
    before: int | None, seen: int | None, code: str | None
) -> None:
    row = ReportRow(1, ReportKind.CORRECTION, 14, "typed", seen=seen)
    faults = report_faults(row, replace(POSTS, before=before), absurd_factor=2)
    assert [fault.code for fault in faults] == ([f"readiness.{code}"] if code else [])


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (ReportKind.QUANTITY, "many", "total_is_no_number"),
        (ReportKind.NO_CHANGE, "many", "total_beside_another_answer"),
        (ReportKind.QUANTITY, "", "quantity_is_missing"),
    ],
)
def test_what_was_written_is_no_total(kind: ReportKind, text: str, code: str) -> None:
    assert faults_of(ReportRow(1, kind, written={"quantity": text})) == [("quantity", code)]


def test_a_row_is_told_everything_at_once_with_its_number() -> None:
    row = ReportRow(1, ReportKind.QUANTITY, 37, "a" * 1001, number=7)
    total, note = report_faults(row, POSTS, absurd_factor=2)
    assert (total.code, note.code) == ("readiness.quantity_is_absurd", "readiness.note_is_too_long")
    assert {fault.row for fault in (total, note)} == {7}
    assert (total.field, note.field) == ("quantity", "note")
    told = {"activity": "Posts", "quantity": 37, "before": 15, "target": 18, "factor": 2,
            "length": 1001, "most": 1000, "text": 37, "seen": None}  # fmt: skip
    assert total.params == note.params == told


@pytest.mark.parametrize(
    ("written", "text"), [("many", "many"), ("m" * 41, "m" * 40), ("", None), (None, None)]
)
def test_a_fault_repeats_what_was_written_cut_short(written: str | None, text: str | None) -> None:
    cells = {} if written is None else {"quantity": written}
    (fault,) = report_faults(
        ReportRow(1, ReportKind.QUANTITY, written=cells), POSTS, absurd_factor=2
    )
    assert fault.params["text"] == text


def test_per_cent_never_exceeds_a_hundred() -> None:
    fault = ("quantity", "percent_exceeds_hundred")
    assert faults_of(ReportRow(2, ReportKind.QUANTITY, 101, "more"), SHARE) == [fault]
    assert faults_of(ReportRow(2, ReportKind.QUANTITY, 100), SHARE) == []


def viewer(
    institution_id: int | None, *places: PlaceCode, permission: Permission = REPORT
) -> Viewer:
    return Viewer(7, "Rini", (Grant(institution_id, "R", frozenset({permission}), places),))


def viewers(*of: Viewer) -> Viewer:
    return Viewer(7, "Rini", tuple(grant for one in of for grant in one.grants))


@pytest.mark.parametrize(
    ("who", "owner", "district", "through"),
    [
        (SYSTEM, KPU, None, KPU.id),
        (PUBLIC, KPU, None, None),
        (viewer(KPU.id, OKI), KPU, None, KPU.id),
        (viewer(KPU.id, OKI, permission=OTHER), KPU, None, None),
        (viewer(KPU.id, ELSEWHERE), KPU, None, None),
        (viewer(KPU.id, ELSEWHERE), KPU, DISTRICT, None),
        (viewer(KPU.id, OKI), KPU, DISTRICT, KPU.id),
        (viewer(PPK_ID, DISTRICT), KPU, DISTRICT, PPK_ID),
        (viewer(PPK_ID, DISTRICT), KPU, None, None),
        (viewer(PPK_ID, DISTRICT), KPU, ELSEWHERE, None),
        (viewer(DISHUB.id, OKI), KPU, None, None),
        (viewer(DESK.id, OKI), DISHUB, None, DESK.id),
        (viewer(DESK.id, OKI), KPU, None, None),
        (viewer(GOVERNOR.id, PROVINCE), DISHUB, None, None),
        (viewer(None, OKI), KPU, None, None),
        (viewer(None, OKI), KPU, ELSEWHERE, None),
        (viewers(viewer(None, OKI), viewer(KPU.id, OKI)), KPU, ELSEWHERE, KPU.id),
        (viewers(viewer(KPU.id, OKI, permission=OTHER), viewer(DESK.id, OKI)), KPU, None, None),
        (viewers(viewer(DISHUB.id, OKI), viewer(KPU.id, OKI)), KPU, None, KPU.id),
        (viewers(viewer(PPK_ID, DISTRICT), viewer(KPU.id, OKI)), KPU, None, KPU.id),
        (viewer(DISHUB.id, OKI), SATPOL, None, None),
        (viewer(DISHUB.id, OKI), KPU, DISTRICT, None),
        (viewer(DESK.id, OKI), DESK_OF_TOWN, None, DESK.id),
        (viewer(DESK.id, OKI, permission=OTHER), DISHUB, None, None),
        (viewer(DESK.id, ELSEWHERE), DISHUB, None, None),
        (viewer(GOVERNOR.id, OKI), DISHUB, None, None),
    ],
)
def test_who_writes_for_whom(
    who: Viewer, owner: Body, district: PlaceCode | None, through: int | None
) -> None:
    found = writing_institution(
        who,
        REPORT,
        owner=owner,
        place=OKI,
        district_owner_id=PPK_ID if district == DISTRICT else None,
        district=district,
        bodies=BODIES,
        desk_writes_for=("OWN_AGENCY",),
    )
    assert found == through


@pytest.mark.parametrize(
    ("who", "through"),
    [
        (SYSTEM, KPU.id),
        (PUBLIC, None),
        (viewer(KPU.id, OKI), KPU.id),
        (viewer(DESK.id, OKI), DESK.id),
        (viewer(REGENT.id, OKI), REGENT.id),
        (viewer(DISHUB.id, OKI), None),
        (viewer(GOVERNOR.id, PROVINCE), GOVERNOR.id),
        (viewer(KPU.id, OKI, permission=OTHER), None),
        (viewer(DESK.id, ELSEWHERE), None),
        (viewer(PPK_ID, OKI), None),
        (viewer(None, OKI), None),
        (viewers(viewer(DISHUB.id, OKI), viewer(KPU.id, OKI)), KPU.id),
        (viewers(viewer(None, OKI), viewer(DESK.id, OKI)), DESK.id),
        (viewers(viewer(KPU.id, OKI, permission=OTHER), viewer(DISHUB.id, OKI)), None),
    ],
)
def test_who_agrees_a_target(who: Viewer, through: int | None) -> None:
    found = agreeing_institution(who, REPORT, owner_id=KPU.id, place=OKI, bodies=BODIES)
    assert found == through
