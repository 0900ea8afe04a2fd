"""Writes the ledger: one entry for a deed, with all that it moved.

Stock rows are locked in the order of their ids, so two who move the same pieces wait for each
other, and the second is told what is left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serentak.kernel.codes import PlaceCode, level_of
from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.text import one_line
from serentak.kernel.viewer import Viewer
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
    Site,
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What moves: an item, its race where it is bound to one, its lot where it comes in lots."""

    item: str
    race: Race | None = None
    lot: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "lot", one_line(self.lot))


@dataclass(frozen=True, slots=True)
class Row:
    """Pieces of one kind at a location, before the row of stock is known."""

    location: Location
    thing: Thing
    contest: int | None
    condition: Condition


@dataclass(frozen=True, slots=True)
class Move:
    """Pieces from one row to another; `line` and `field` say where their number was entered."""

    origin: Row
    destination: Row
    quantity: int
    line: int
    field: str = "quantity"


@dataclass(frozen=True, slots=True)
class House:
    """The location that the actor's institution keeps, with the contests held there."""

    place: PlaceCode
    here: Location
    keeper: int
    contests: Mapping[Race, int]

    def row(self, thing: Thing, condition: Condition, site: Site | None = None) -> Row:
        """Return the row of a thing here, or at a site outside of the house."""
        location = _location(site, self.place) if site else self.here
        contest = self.contests[thing.race] if thing.race else None
        return Row(location, thing, contest, condition)


def _house(place: PlaceCode, actor: Viewer, *, only: Site | None = None) -> House:
    """Return the location of a place that the actor's institution keeps."""
    site = SITES.get(level_of(place))
    if site is None or only not in (None, site) or not actor.may(KEEP_STOCK, place):
        raise OutOfScope(KEEP_STOCK, place)
    here = _location(site, place)
    if here.keeper_id is None or not actor.acts_for(here.keeper_id, KEEP_STOCK):
        raise OutOfScope(KEEP_STOCK, place)
    return House(place, here, here.keeper_id, contests_of(place))


def _location(site: Site, place: PlaceCode) -> Location:
    keeper = keeper_of(site, place)
    found, _is_new = Location.objects.get_or_create(
        site=site.value, place_id=place, defaults={"keeper_id": keeper.id if keeper else None}
    )
    return found


def _known(thing: Thing, house: House, number: int) -> Item:
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


def _locked(rows: Iterable[Row]) -> dict[Row, Stock]:
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


def _write(moves: Sequence[Move], **said: Any) -> Entry:
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


def _check_there(moves: Sequence[Move], stocks: dict[Row, Stock]) -> None:
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
