"""Which progress reports hold, and who may write them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Fault
from serentak.kernel.viewer import Permission, Viewer

DESK_FAMILY = "DESK"
"""The family of the offices that steer for a head of region."""

STEERING_FAMILIES = frozenset({DESK_FAMILY, "HEAD_OF_REGION"})
"""Who records what a region's meeting agreed; everybody else speaks for its own work only."""


class ReportKind(StrEnum):
    """What a report says; a CORRECTION says that the total so far was wrong, up or down."""

    QUANTITY = "QUANTITY"
    CORRECTION = "CORRECTION"
    NO_CHANGE = "NO_CHANGE"
    NOTHING_TO_REPORT = "NOTHING_TO_REPORT"


NAMES_A_TOTAL = frozenset({ReportKind.QUANTITY, ReportKind.CORRECTION})
"""Kinds of reports that come with a total; the others leave the one that stands."""


@dataclass(frozen=True, slots=True)
class Reportable:
    """An activity, or a `district`'s line of one, as whoever reports on it knows it.

    The first of its `names` is the one shown; `before` is the total so far, None while unknown.
    """

    activity_id: int
    names: tuple[str, ...]
    before: int | None
    target: int
    is_percent: bool
    district: PlaceCode | None = None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One answer: on the whole of an activity, or on a district's line of it.

    The same from form, clipboard, sheet and command to the database and back. `quantity` is the
    total reached, only for kinds that name one. `photo` is an open file, which the action stores.
    `seen` is the total that a correction corrects, None from who has not looked. Where people wrote
    the row, `number` is its number there and `written` its cells as they stand.
    """

    activity_id: int
    kind: ReportKind
    quantity: int | None = None
    note: str = ""
    district: PlaceCode | None = None
    photo: Any = None
    seen: int | None = None
    number: int = 0
    written: Mapping[str, str] = field(default_factory=dict)


NOTE_LENGTH = 1000


def report_faults(row: ReportRow, of: Reportable, *, absurd_factor: int) -> tuple[Fault, ...]:
    """Return every rule that a report breaks, with the column that mends it; none if it holds.

    More than the target happens (a thirteenth post), so it needs words, not a refusal; more than
    `absurd_factor` times the target is a slip of the finger. A total never falls by progress: less
    than before is a correction, whose reason tells what was wrong or holds no more.
    """
    broken = [fault] if (fault := _total_fault(row, of, absurd_factor)) else []
    if len(row.note) > NOTE_LENGTH:
        broken.append(("note", "note_is_too_long"))
    params: dict[str, object] = {
        "activity": of.names[0],
        "quantity": row.quantity,
        "before": of.before,
        "seen": row.seen,
        "target": of.target,
        "factor": absurd_factor,
        "length": len(row.note),
        "most": NOTE_LENGTH,
    }
    texts = {column: row.written.get(column, "")[:40] or row.quantity for column, _ in broken}
    return tuple(
        Fault(f"readiness.{code}", column, {**params, "text": texts[column]}, row.number)
        for column, code in broken
    )


def _total_fault(row: ReportRow, of: Reportable, absurd_factor: int) -> tuple[str, str] | None:
    """Return the column that mends the total and the code of the rule, None if it holds."""
    total, is_written = row.quantity, bool(row.written.get("quantity"))
    if row.kind not in NAMES_A_TOTAL:
        beside = is_written or total is not None
        return ("quantity", "total_beside_another_answer") if beside else None
    if total is None:
        return "quantity", "total_is_no_number" if is_written else "quantity_is_missing"
    if total < 0:
        return "quantity", "quantity_is_negative"
    if of.is_percent and total > 100:
        return "quantity", "percent_exceeds_hundred"
    if total > of.target * absurd_factor:
        return "quantity", "quantity_is_absurd"
    if row.kind is ReportKind.CORRECTION:
        return _correction_fault(row, of)
    if of.before is not None and total < of.before:
        return "quantity", "less_than_before_is_a_correction"
    if total > of.target and not row.note.strip():
        return "note", "more_than_target_needs_a_note"
    return None


def _correction_fault(row: ReportRow, of: Reportable) -> tuple[str, str] | None:
    if of.before is None:
        return "quantity", "nothing_to_correct"
    if row.seen is not None and row.seen != of.before:
        return "quantity", "corrected_total_changed"
    if row.quantity == of.before:
        return "quantity", "correction_changes_nothing"
    return None if row.note.strip() else ("note", "correction_needs_a_reason")


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
        if grant.institution_id is None:
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
            and Viewer(grants=(grant,)).may(permission, place)
        ):
            return body.id
    return None
