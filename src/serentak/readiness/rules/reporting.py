"""Which progress reports hold, and who may write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Permission, Viewer

DESK_FAMILY = "DESK"
"""The family of the offices that steer for a head of region."""

STEERING_FAMILIES = frozenset({DESK_FAMILY, "HEAD_OF_REGION"})
"""Who records what a region's meeting agreed; everybody else speaks for its own work only."""


class ReportKind(StrEnum):
    """What a report says."""

    QUANTITY = "QUANTITY"
    NO_CHANGE = "NO_CHANGE"
    NOTHING_TO_REPORT = "NOTHING_TO_REPORT"


class Fault(StrEnum):
    """Why a report does not hold."""

    QUANTITY_IS_MISSING = "QUANTITY_IS_MISSING"
    QUANTITY_IS_NEGATIVE = "QUANTITY_IS_NEGATIVE"
    QUANTITY_IS_ABSURD = "QUANTITY_IS_ABSURD"
    PERCENT_EXCEEDS_HUNDRED = "PERCENT_EXCEEDS_HUNDRED"
    MORE_THAN_TARGET_NEEDS_A_NOTE = "MORE_THAN_TARGET_NEEDS_A_NOTE"
    LESS_THAN_BEFORE_NEEDS_A_NOTE = "LESS_THAN_BEFORE_NEEDS_A_NOTE"


NOTE_FAULTS = frozenset({Fault.MORE_THAN_TARGET_NEEDS_A_NOTE, Fault.LESS_THAN_BEFORE_NEEDS_A_NOTE})
"""Faults that a note mends; the others need another quantity."""


def report_fault(
    kind: ReportKind,
    quantity: int | None,
    note: str,
    *,
    before: int | None,
    target: int,
    is_percent: bool,
    absurd_factor: int,
) -> Fault | None:
    """Return what is wrong with a report, None if it holds.

    `quantity` is the total reached, `before` the total known so far. More than the target and less
    than before happen (a thirteenth post, a station moved back), so they need words, not a refusal;
    more than `absurd_factor` times the target is a slip of the finger.
    """
    if kind is not ReportKind.QUANTITY:
        return None
    if quantity is None:
        return Fault.QUANTITY_IS_MISSING
    if quantity < 0:
        return Fault.QUANTITY_IS_NEGATIVE
    if is_percent and quantity > 100:
        return Fault.PERCENT_EXCEEDS_HUNDRED
    if quantity > target * absurd_factor:
        return Fault.QUANTITY_IS_ABSURD
    if quantity > target and not note.strip():
        return Fault.MORE_THAN_TARGET_NEEDS_A_NOTE
    if before is not None and quantity < before and not note.strip():
        return Fault.LESS_THAN_BEFORE_NEEDS_A_NOTE
    return None


@dataclass(frozen=True, slots=True)
class Body:
    """What the question "who may write this" needs to know of an institution."""

    id: int
    family: str
    seat: PlaceCode


def writing_institution(
    viewer: Viewer,
    permission: Permission,
    *,
    owner: Body,
    place: PlaceCode,
    district_owner_id: int | None,
    district: PlaceCode | None,
    bodies: Mapping[int, Body],
    desk_writes_for: Collection[str],
) -> int | None:
    """Return the id of the institution through which `viewer` may write, None if there is none.

    The owner writes at the activity's place, a district's owner its own line, and the desk of a
    region for the families in `desk_writes_for` at its own seat, never for the commission, the
    supervisor or the police. `bodies` are the viewer's own institutions.
    """
    if viewer.system:
        return owner.id
    for grant in viewer.grants:
        if permission not in grant.permissions or grant.institution_id is None:
            continue
        reach = Viewer(grants=(grant,))
        if grant.institution_id == owner.id and reach.may(permission, place):
            return owner.id
        keeps_line = grant.institution_id in (owner.id, district_owner_id)
        if district and keeps_line and reach.may(permission, district):
            return grant.institution_id
        body = bodies.get(grant.institution_id)
        if (
            body is not None
            and body.family == DESK_FAMILY
            and body.seat == place
            and owner.family in (*desk_writes_for, DESK_FAMILY)
            and reach.may(permission, place)
        ):
            return body.id
    return None


def agreeing_institution(
    viewer: Viewer,
    permission: Permission,
    *,
    owner_id: int,
    place: PlaceCode,
    bodies: Mapping[int, Body],
) -> int | None:
    """Return the id of the institution through which `viewer` may agree a target, None if none is.

    The desk and the head of a region record what a meeting agreed for all who sat there; every
    other institution agrees for its own activities only. `bodies` are the viewer's own.
    """
    if viewer.system:
        return owner_id
    for grant in viewer.grants:
        body = bodies.get(grant.institution_id or 0)
        if (
            body is not None
            and (body.id == owner_id or body.family in STEERING_FAMILIES)
            and permission in grant.permissions
            and Viewer(grants=(grant,)).may(permission, place)
        ):
            return body.id
    return None
