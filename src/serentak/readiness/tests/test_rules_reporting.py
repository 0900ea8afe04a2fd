"""Which reports hold, and who may write them."""

from __future__ import annotations

import pytest

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import PUBLIC, SYSTEM, Grant, Permission, Viewer
from serentak.readiness.rules.reporting import (
    Body,
    Fault,
    ReportKind,
    report_fault,
    writing_institution,
)

REPORT = Permission("readiness.REPORT_PROGRESS")
OTHER = Permission("readiness.VIEW_READINESS")
PROVINCE, OKI, DISTRICT = PlaceCode("16"), PlaceCode("16.02"), PlaceCode("16.02.14")
ELSEWHERE = PlaceCode("16.02.05")
DISHUB = Body(1, "OWN_AGENCY", OKI)
KPU = Body(2, "COMMISSION", OKI)
DESK = Body(3, "DESK", OKI)
GOVERNOR = Body(4, "DESK", PROVINCE)
PPK_ID = 5
BODIES = {body.id: body for body in (DISHUB, KPU, DESK, GOVERNOR)}


@pytest.mark.parametrize(
    ("kind", "quantity", "note", "fault"),
    [
        (ReportKind.NO_CHANGE, None, "", None),
        (ReportKind.NOTHING_TO_REPORT, None, "", None),
        (ReportKind.QUANTITY, 17, "", None),
        (ReportKind.QUANTITY, 15, "", None),
        (ReportKind.QUANTITY, 18, "", None),
        (ReportKind.QUANTITY, None, "", Fault.QUANTITY_IS_MISSING),
        (ReportKind.QUANTITY, -1, "typed", Fault.QUANTITY_IS_NEGATIVE),
        (ReportKind.QUANTITY, 19, " ", Fault.MORE_THAN_TARGET_NEEDS_A_NOTE),
        (ReportKind.QUANTITY, 19, "one more post", None),
        (ReportKind.QUANTITY, 36, "twice as many", None),
        (ReportKind.QUANTITY, 37, "typed", Fault.QUANTITY_IS_ABSURD),
        (ReportKind.QUANTITY, 14, "", Fault.LESS_THAN_BEFORE_NEEDS_A_NOTE),
        (ReportKind.QUANTITY, 14, "one closed", None),
        (ReportKind.QUANTITY, 0, "all closed", None),
    ],
)
def test_a_report_on_15_of_18(
    kind: ReportKind, quantity: int | None, note: str, fault: Fault | None
) -> None:
    found = report_fault(
        kind, quantity, note, before=15, target=18, is_percent=False, absurd_factor=2
    )
    assert found is fault


def test_per_cent_never_exceeds_a_hundred() -> None:
    found = report_fault(
        ReportKind.QUANTITY, 101, "more", before=None, target=100, is_percent=True, absurd_factor=2
    )
    assert found is Fault.PERCENT_EXCEEDS_HUNDRED


def viewer(
    institution_id: int | None, *places: PlaceCode, permission: Permission = REPORT
) -> Viewer:
    return Viewer(7, "Rini", (Grant(institution_id, "R", frozenset({permission}), places),))


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
