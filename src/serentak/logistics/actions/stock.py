"""What is entered of a store: pieces received, sorted, counted by hand, destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.logistics.events import PiecesMoved
from serentak.logistics.models import Entry
from serentak.logistics.rules.ledger import Condition, Deed, Site
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer

from .ledger import (
    House,
    Move,
    Row,
    Thing,
    _fault,
    _house,
    _known,
    _location,
    _locked,
    _pieces,
    _write,
)
from .orders import _follow, _order_to_fill


@dataclass(frozen=True, slots=True)
class Received:
    """Pieces that came from the supplier."""

    thing: Thing
    quantity: int


@dataclass(frozen=True, slots=True)
class Sorted:
    """What was found when ballots of a lot were looked at one by one.

    `opened` were said to be in what was opened; good and damaged together may be fewer or more.
    """

    thing: Thing
    opened: int
    good: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted by hand in a condition."""

    thing: Thing
    condition: Condition
    quantity: int


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Pieces destroyed under record."""

    thing: Thing
    condition: Condition
    quantity: int


@action
def receive(
    *,
    client_key: UUID,
    place: PlaceCode,
    lines: Sequence[Received],
    reference: str,
    order_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Take in what the supplier delivered to a store; return the entry's number.

    Ballots come unsorted, whatever is only counted comes good. What came for an order is named
    with it; it may be more than was ordered.
    """
    digest = digest_of(locals())
    house = _house(place, actor, only=Site.STORE)
    moves = []
    for number, line in enumerate(lines, 1):
        item = _known(line.thing, house, number)
        condition = Condition.UNSORTED if item.is_sorted else Condition.GOOD
        moves.append(
            Move(
                house.row(line.thing, condition, Site.SUPPLIER),
                house.row(line.thing, condition),
                _pieces(line.quantity, number),
                number,
            )
        )
    if known := first_answer(Entry, client_key, digest):
        return known.pk
    supplier = _location(Site.SUPPLIER, place)
    filled = _order_to_fill(order_id, supplier, house.here) if order_id else None
    entry_id = _enter(
        Deed.RECEIVED, client_key, digest, house, moves, actor, at,
        record_number=reference.strip(), order=filled, figure_class=figure_class,
    )  # fmt: skip
    if filled:
        _follow(filled, actor, at)
    return entry_id


@action
def sort_ballots(
    *,
    client_key: UUID,
    place: PlaceCode,
    lines: Sequence[Sorted],
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record what sorting found: good, damaged, and what was missing or over; the entry's number.

    What was opened leaves the unsorted pieces; a difference goes to, or comes from, the count.
    More than a carton over what was opened is no difference but a slip.
    """
    digest = digest_of(locals())
    house = _house(place, actor, only=Site.STORE)
    moves: list[Move] = []
    for number, line in enumerate(lines, 1):
        item = _known(line.thing, house, number)
        if not item.is_sorted:
            raise _fault("logistics.item_is_not_sorted", "what", number)
        _pieces(line.opened, number, "opened")
        for field, found in (("good", line.good), ("damaged", line.damaged)):
            _pieces(found, number, field, least=0)
        carton = item.pack.carton
        if line.good + line.damaged > line.opened + carton:
            raise _fault("logistics.more_than_was_opened", "good", number, carton=carton)
        unsorted = house.row(line.thing, Condition.UNSORTED)
        counted = house.row(line.thing, Condition.UNSORTED, Site.COUNTED)
        found = line.good + line.damaged
        for pair, quantity in (
            ((counted, unsorted), found - line.opened),
            ((unsorted, counted), line.opened - found),
            ((unsorted, house.row(line.thing, Condition.GOOD)), line.good),
            ((unsorted, house.row(line.thing, Condition.DAMAGED)), line.damaged),
        ):
            if quantity > 0:
                moves.append(Move(*pair, quantity, number, "opened"))
    return _enter(
        Deed.SORTED, client_key, digest, house, moves, actor, at, figure_class=figure_class
    )


@action
def count_stock(
    *,
    client_key: UUID,
    place: PlaceCode,
    lines: Sequence[Counted],
    reason: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Let the ledger follow what was counted by hand, with the reason; the entry's number.

    Refused where everything was as the ledger says: a count that agrees changes nothing.
    """
    digest = digest_of(locals())
    house = _house(place, actor)
    if known := first_answer(Entry, client_key, digest):
        return known.pk
    if not reason.strip():
        raise Refused("logistics.a_count_needs_a_reason", field="reason")
    rows: dict[Row, int] = {}
    for number, line in enumerate(lines, 1):
        _known(line.thing, house, number)
        _pieces(line.quantity, number, least=0)
        row = house.row(line.thing, line.condition)
        if row in rows:
            raise _fault("logistics.thing_stands_twice", "what", number)
        rows[row] = line.quantity
    if not rows:
        raise Refused("logistics.nothing_moves")
    others = {row: house.row(row.thing, row.condition, Site.COUNTED) for row in rows}
    held = _locked([*rows, *others.values()])
    moves = []
    for number, (row, quantity) in enumerate(rows.items(), 1):
        if more := quantity - held[row].quantity:
            pair = (others[row], row) if more > 0 else (row, others[row])
            moves.append(Move(*pair, abs(more), number))
    if not moves:
        raise Refused("logistics.count_agrees")
    return _enter(
        Deed.COUNTED, client_key, digest, house, moves, actor, at,
        reason=reason.strip(), figure_class=figure_class,
    )  # fmt: skip


@action
def destroy(
    *,
    client_key: UUID,
    place: PlaceCode,
    lines: Sequence[Destroyed],
    record_number: str,
    witnesses: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record what was destroyed, with the number of the record and who saw it; the entry's number.

    Surplus and damaged ballots are destroyed on the day before the vote (PKPU 12/2024).
    """
    digest = digest_of(locals())
    house = _house(place, actor, only=Site.STORE)
    if not record_number.strip():
        raise Refused("logistics.destruction_needs_a_record", field="record_number")
    if not witnesses.strip():
        raise Refused("logistics.destruction_needs_witnesses", field="witnesses")
    moves = []
    for number, line in enumerate(lines, 1):
        _known(line.thing, house, number)
        moves.append(
            Move(
                house.row(line.thing, line.condition),
                house.row(line.thing, line.condition, Site.DESTROYED),
                _pieces(line.quantity, number),
                number,
            )
        )
    return _enter(
        Deed.DESTROYED, client_key, digest, house, moves, actor, at,
        record_number=record_number.strip(), witnesses=witnesses.strip(),
        figure_class=figure_class,
    )  # fmt: skip


def _enter(
    deed: Deed,
    client_key: UUID,
    digest: str,
    house: House,
    moves: Sequence[Move],
    actor: Viewer,
    at: datetime,
    **said: object,
) -> int:
    """Write what a deed moved here, or answer a repeat; refused where nothing moves."""
    if known := first_answer(Entry, client_key, digest):
        return known.pk
    if not moves:
        raise Refused("logistics.nothing_moves")
    entry = _write(
        moves,
        client_key=client_key,
        digest=digest,
        deed=deed.value,
        place_id=house.place,
        institution_id=house.keeper,
        entered_at=at,
        **said,
    )
    record(
        PiecesMoved(
            subjects=(f"ledger:{entry.pk}",),
            place=house.place,
            institution_id=house.keeper,
            deed=deed.value,
            entry_id=entry.pk,
            pieces=sum(move.quantity for move in moves),
        ),
        actor=actor,
        at=at,
    )
    return entry.pk
