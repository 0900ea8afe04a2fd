"""Writes the ledger: pieces received, sorted, counted by hand, destroyed.

Each deed is one entry with its movements. Stock rows are locked in the order of their ids, so two
who move the same pieces wait for each other, and the second is told what is left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode, level_of
from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.text import one_line
from serentak.kernel.viewer import Viewer
from serentak.logistics.events import PiecesMoved
from serentak.logistics.models import Entry, Location, Movement, Stock
from serentak.logistics.permissions import KEEP_STOCK
from serentak.logistics.queries.catalogues import items
from serentak.logistics.queries.stock import contests_of, keeper_of
from serentak.logistics.rules.items import Item, Race, Track
from serentak.logistics.rules.ledger import (
    LONGEST_LOT,
    MOST_PIECES,
    OUTSIDE,
    SITES,
    Condition,
    Deed,
    Site,
)
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer


@dataclass(frozen=True, slots=True)
class Thing:
    """What moves: an item, its race where it is bound to one, its lot where it comes in lots."""

    item: str
    race: Race | None = None
    lot: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "lot", one_line(self.lot))


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


@dataclass(frozen=True, slots=True)
class _Row:
    """Pieces of one kind at a location, before the row of stock is known."""

    location: Location
    thing: Thing
    contest: int | None
    condition: Condition


@dataclass(frozen=True, slots=True)
class _Move:
    """Pieces from one row to another; `line` and `field` say where their number was entered."""

    origin: _Row
    destination: _Row
    quantity: int
    line: int
    field: str = "quantity"


@dataclass(frozen=True, slots=True)
class _House:
    """The location that the actor's institution keeps, with the contests held there."""

    place: PlaceCode
    here: Location
    keeper: int
    contests: Mapping[Race, int]

    def row(self, thing: Thing, condition: Condition, site: Site | None = None) -> _Row:
        """Return the row of a thing here, or at a site outside of the house."""
        location = _location(site, self.place) if site else self.here
        contest = self.contests[thing.race] if thing.race else None
        return _Row(location, thing, contest, condition)


@action
def receive(
    *,
    client_key: UUID,
    place: PlaceCode,
    lines: Sequence[Received],
    reference: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Take in what the supplier delivered to a store; return the entry's number.

    Ballots come unsorted, whatever is only counted comes good.
    """
    digest = digest_of(locals())
    house = _house(place, actor, only=Site.STORE)
    moves = []
    for number, line in enumerate(lines, 1):
        item = _known(line.thing, house, number)
        condition = Condition.UNSORTED if item.is_sorted else Condition.GOOD
        moves.append(
            _Move(
                house.row(line.thing, condition, Site.SUPPLIER),
                house.row(line.thing, condition),
                _pieces(line.quantity, number),
                number,
            )
        )
    return _enter(
        Deed.RECEIVED, client_key, digest, house, moves, actor, at,
        record_number=reference.strip(), figure_class=figure_class,
    )  # fmt: skip


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
    """
    digest = digest_of(locals())
    house = _house(place, actor, only=Site.STORE)
    moves: list[_Move] = []
    for number, line in enumerate(lines, 1):
        if not _known(line.thing, house, number).is_sorted:
            raise _fault("logistics.item_is_not_sorted", "what", number)
        _pieces(line.opened, number, "opened")
        for field, found in (("good", line.good), ("damaged", line.damaged)):
            _pieces(found, number, field, least=0)
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
                moves.append(_Move(*pair, quantity, number, "opened"))
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
    rows: dict[_Row, int] = {}
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
            moves.append(_Move(*pair, abs(more), number))
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
            _Move(
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


# --- what all deeds share


def _house(place: PlaceCode, actor: Viewer, *, only: Site | None = None) -> _House:
    """Return the location of a place that the actor's institution keeps."""
    site = SITES.get(level_of(place))
    if site is None or only not in (None, site) or not actor.may(KEEP_STOCK, place):
        raise OutOfScope(KEEP_STOCK, place)
    here = _location(site, place)
    if here.keeper_id is None or not actor.acts_for(here.keeper_id, KEEP_STOCK):
        raise OutOfScope(KEEP_STOCK, place)
    return _House(place, here, here.keeper_id, contests_of(place))


def _location(site: Site, place: PlaceCode) -> Location:
    keeper = keeper_of(site, place)
    found, _is_new = Location.objects.get_or_create(
        site=site.value, place_id=place, defaults={"keeper_id": keeper.id if keeper else None}
    )
    return found


def _known(thing: Thing, house: _House, number: int) -> Item:
    """Return the catalogue's item; refused where it is unknown or its race is not said."""
    item = items().items.get(thing.item)
    if item is None:
        raise _fault("logistics.item_is_unknown", "what", number)
    if item.is_bound and thing.race is None:
        raise _fault("logistics.item_needs_its_race", "what", number)
    if not item.is_bound and thing.race is not None:
        raise _fault("logistics.item_serves_every_race", "what", number)
    if thing.race not in item.made_for:
        raise _fault("logistics.item_is_of_another_race", "what", number)
    if thing.race and thing.race not in house.contests:
        raise _fault("logistics.race_is_not_held_here", "what", number)
    if Track.LOT not in item.track and thing.lot:
        raise _fault("logistics.item_comes_in_no_lots", "lot", number)
    if len(thing.lot) > LONGEST_LOT:
        raise _fault("logistics.lot_is_too_long", "lot", number, most=LONGEST_LOT)
    return item


def _fault(code: str, field: str, number: int, **params: object) -> Refused:
    """Return what refuses a line: its number stands in the field's name, too."""
    return Refused.of(Fault(code, f"{field}_{number}", params, number))


def _pieces(quantity: int, number: int, field: str = "quantity", *, least: int = 1) -> int:
    if not least <= quantity <= MOST_PIECES:
        raise _fault("logistics.pieces_are_absurd", field, number, least=least, most=MOST_PIECES)
    return quantity


def _locked(rows: Iterable[_Row]) -> dict[_Row, Stock]:
    """Return the stock of each row, made where it is missing, locked in the order of the ids."""
    wanted = {}
    for row in dict.fromkeys(rows):
        stock, _is_new = Stock.objects.get_or_create(
            location=row.location,
            item=row.thing.item,
            **({"contest_id": row.contest} if row.contest else {"contest": None}),
            lot=row.thing.lot,
            condition=row.condition.value,
        )
        wanted[stock.pk] = row
    locked = Stock.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {wanted[stock.pk]: stock for stock in locked}


def _enter(
    deed: Deed,
    client_key: UUID,
    digest: str,
    house: _House,
    moves: Sequence[_Move],
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


def _write(moves: Sequence[_Move], **said: Any) -> Entry:
    """Write one entry with its movements; refused where pieces are lacking."""
    stocks = _locked(row for move in moves for row in (move.origin, move.destination))
    _check_there(moves, stocks)
    entry = Entry.objects.create(**said)
    Movement.objects.bulk_create(
        Movement(
            entry=entry,
            origin=stocks[move.origin],
            destination=stocks[move.destination],
            quantity=move.quantity,
        )
        for move in moves
    )
    return entry


def _check_there(moves: Sequence[_Move], stocks: dict[_Row, Stock]) -> None:
    """Refuse to take more than is there, and say how much there is; the database would too."""
    left = {row: stock.quantity for row, stock in stocks.items()}
    for move in moves:
        left[move.origin] -= move.quantity
        left[move.destination] += move.quantity
        if left[move.origin] < 0 and Site(move.origin.location.site) not in OUTSIDE:
            there = stocks[move.origin].quantity
            asked = [m for m in moves if m.line <= move.line]
            wanted = sum(m.quantity for m in asked if m.origin == move.origin) - sum(
                m.quantity for m in asked if m.destination == move.origin
            )
            raise _fault(
                "logistics.not_so_many_there", move.field, move.line,
                there=there, wanted=wanted,
            )  # fmt: skip
