"""Writes the ledger: pieces received, sorted, counted by hand, destroyed.

Each deed is one entry with its movements. Stock rows are locked in the order of their ids, so two
who move the same pieces wait for each other, and the second is told what is left.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from serentak.elections import public as elections
from serentak.elections.public import Office
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, ancestors, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.logistics.events import PiecesMoved
from serentak.logistics.models import Entry, Location, Movement, Stock
from serentak.logistics.permissions import KEEP_STOCK
from serentak.logistics.queries.catalogues import items
from serentak.logistics.rules.items import Item, Race, Track
from serentak.logistics.rules.ledger import OUTSIDE, Condition, Deed, Site
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer

MOST_PIECES = 1_000_000_000
KEEPERS = {Site.STORE: "KPU", Site.DISTRICT: "PPK", Site.VILLAGE: "PPS", Site.STATION: "KPPS"}
"""Who keeps what is at a site."""
SITES = {
    Level.PROVINCE: Site.STORE,
    Level.REGENCY: Site.STORE,
    Level.DISTRICT: Site.DISTRICT,
    Level.VILLAGE: Site.VILLAGE,
    Level.STATION: Site.STATION,
}
"""The site that a place has."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What moves: an item, its race where it is bound to one, its lot where it comes in lots."""

    item: str
    race: Race | None = None
    lot: str = ""


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
    condition: Condition


@dataclass(frozen=True, slots=True)
class _Move:
    origin: _Row
    destination: _Row
    quantity: int


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
    store = _store(place, actor)
    moves = []
    for number, line in enumerate(lines, 1):
        item = _known(line.thing, number)
        condition = Condition.UNSORTED if item.is_sorted else Condition.GOOD
        moves.append(
            _Move(
                _Row(_location(Site.SUPPLIER, place), line.thing, condition),
                _Row(store, line.thing, condition),
                _pieces(line.quantity, number),
            )
        )
    return _enter(
        Deed.RECEIVED, client_key, digest, place, moves, actor, at,
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
    store = _store(place, actor)
    counted = _location(Site.COUNTED, place)
    moves: list[_Move] = []
    for number, line in enumerate(lines, 1):
        item = _known(line.thing, number)
        if not item.is_sorted:
            raise Refused("logistics.item_is_not_sorted", field=f"item_{number}", row=number)
        _pieces(line.opened, number)
        if min(line.good, line.damaged) < 0:
            raise Refused("logistics.pieces_are_negative", field=f"good_{number}", row=number)
        unsorted = _Row(store, line.thing, Condition.UNSORTED)
        found = line.good + line.damaged
        if found > line.opened:
            extra = _Row(counted, line.thing, Condition.UNSORTED)
            moves.append(_Move(extra, unsorted, found - line.opened))
        if found < line.opened:
            short = _Row(counted, line.thing, Condition.UNSORTED)
            moves.append(_Move(unsorted, short, line.opened - found))
        for condition, quantity in (
            (Condition.GOOD, line.good),
            (Condition.DAMAGED, line.damaged),
        ):
            if quantity:
                moves.append(_Move(unsorted, _Row(store, line.thing, condition), quantity))
    return _enter(
        Deed.SORTED, client_key, digest, place, moves, actor, at, figure_class=figure_class
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
    here = _store(place, actor)
    if known := first_answer(Entry, client_key, digest):
        return known.pk
    if not reason.strip():
        raise Refused("logistics.a_count_needs_a_reason", field="reason")
    counted = _location(Site.COUNTED, place)
    for number, line in enumerate(lines, 1):
        _known(line.thing, number)
        if not 0 <= line.quantity <= MOST_PIECES:
            raise Refused(
                "logistics.pieces_are_absurd", field=f"quantity_{number}", row=number,
                most=MOST_PIECES,
            )  # fmt: skip
    rows = [_Row(here, line.thing, line.condition) for line in lines]
    held = _locked([*rows, *(_Row(counted, r.thing, r.condition) for r in rows)])
    moves = []
    for line, row in zip(lines, rows, strict=True):
        more = line.quantity - held[row].quantity
        other = _Row(counted, line.thing, line.condition)
        if more:
            pair = (other, row) if more > 0 else (row, other)
            moves.append(_Move(*pair, abs(more)))
    if not moves:
        raise Refused("logistics.count_agrees")
    return _enter(
        Deed.COUNTED, client_key, digest, place, moves, actor, at,
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
    store = _store(place, actor)
    if not record_number.strip():
        raise Refused("logistics.destruction_needs_a_record", field="record_number")
    if not witnesses.strip():
        raise Refused("logistics.destruction_needs_witnesses", field="witnesses")
    moves = []
    for number, line in enumerate(lines, 1):
        _known(line.thing, number)
        moves.append(
            _Move(
                _Row(store, line.thing, line.condition),
                _Row(_location(Site.DESTROYED, place), line.thing, line.condition),
                _pieces(line.quantity, number),
            )
        )
    return _enter(
        Deed.DESTROYED, client_key, digest, place, moves, actor, at,
        record_number=record_number.strip(), witnesses=witnesses.strip(),
        figure_class=figure_class,
    )  # fmt: skip


# --- what all deeds share


def _store(place: PlaceCode, actor: Viewer) -> Location:
    """Return the location of a place that the actor's institution keeps."""
    if level_of(place) not in SITES or not actor.may(KEEP_STOCK, place):
        raise OutOfScope(KEEP_STOCK, place)
    here = _location(SITES[level_of(place)], place)
    if here.keeper_id is None or not actor.acts_for(here.keeper_id, KEEP_STOCK):
        raise OutOfScope(KEEP_STOCK, place)
    return here


def _location(site: Site, place: PlaceCode) -> Location:
    kind = KEEPERS.get(site)
    keeper = institutions.institution_by(kind, place) if kind else None
    found, _is_new = Location.objects.get_or_create(
        site=site.value, place_id=place, defaults={"keeper_id": keeper.id if keeper else None}
    )
    return found


def _known(thing: Thing, number: int) -> Item:
    """Return the catalogue's item; refused where it is unknown or its race is not said."""
    item = items().items.get(thing.item)
    if item is None:
        raise Refused("logistics.item_is_unknown", field=f"item_{number}", row=number)
    if item.is_bound and thing.race is None:
        raise Refused("logistics.item_needs_its_race", field=f"race_{number}", row=number)
    if not item.is_bound and thing.race is not None:
        raise Refused("logistics.item_serves_every_race", field=f"race_{number}", row=number)
    if Track.LOT not in item.track and thing.lot:
        raise Refused("logistics.item_comes_in_no_lots", field=f"lot_{number}", row=number)
    return item


def _pieces(quantity: int, number: int) -> int:
    if not 1 <= quantity <= MOST_PIECES:
        raise Refused(
            "logistics.pieces_are_absurd", field=f"quantity_{number}", row=number, most=MOST_PIECES
        )
    return quantity


def _contest(thing: Thing, place: PlaceCode) -> int | None:
    """Return the contest whose pieces these are: the one of that race in which a place votes."""
    if thing.race is None:
        return None
    offices = {Office.GOVERNOR} if thing.race is Race.GOVERNOR else {Office.REGENT, Office.MAYOR}
    around = {place, *ancestors(place)}
    for contest in elections.contests(place):
        if contest.office in offices and contest.place in around:
            return contest.id
    raise Refused("logistics.race_is_not_held_here", place=place)


def _locked(rows: Iterable[_Row]) -> dict[_Row, Stock]:
    """Return the stock of each row, made where it is missing, locked in the order of the ids."""
    wanted = {}
    for row in dict.fromkeys(rows):
        contest = _contest(row.thing, PlaceCode(row.location.place_id))
        stock, _is_new = Stock.objects.get_or_create(
            location=row.location,
            item=row.thing.item,
            **({"contest_id": contest} if contest else {"contest": None}),
            lot=row.thing.lot.strip(),
            condition=row.condition.value,
        )
        wanted[stock.pk] = row
    locked = Stock.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {wanted[stock.pk]: stock for stock in locked}


def _enter(
    deed: Deed,
    client_key: UUID,
    digest: str,
    place: PlaceCode,
    moves: Sequence[_Move],
    actor: Viewer,
    at: datetime,
    **said: object,
) -> int:
    """Write one entry with its movements, or answer a repeat; refused where pieces are lacking."""
    if known := first_answer(Entry, client_key, digest):
        return known.pk
    if not moves:
        raise Refused("logistics.nothing_moves")
    stocks = _locked(row for move in moves for row in (move.origin, move.destination))
    _check_there(moves, stocks)
    here = moves[0]
    keeper = next(
        m.location.keeper_id for m in (here.origin, here.destination) if m.location.keeper_id
    )
    entry = Entry.objects.create(
        client_key=client_key,
        digest=digest,
        deed=deed.value,
        place_id=place,
        institution_id=keeper,
        at=at,
        **said,
    )
    Movement.objects.bulk_create(
        Movement(
            entry=entry,
            origin=stocks[move.origin],
            destination=stocks[move.destination],
            quantity=move.quantity,
        )
        for move in moves
    )
    record(
        PiecesMoved(
            subjects=(f"ledger:{entry.pk}",),
            place=place,
            institution_id=keeper,
            deed=deed.value,
            entry_id=entry.pk,
            pieces=sum(move.quantity for move in moves),
        ),
        actor=actor,
        at=at,
    )
    return entry.pk


def _check_there(moves: Sequence[_Move], stocks: dict[_Row, Stock]) -> None:
    """Refuse to take more than is there, and say how much there is; the database would too."""
    left = {row: stock.quantity for row, stock in stocks.items()}
    for number, move in enumerate(moves, 1):
        left[move.origin] -= move.quantity
        left[move.destination] += move.quantity
        if left[move.origin] < 0 and Site(move.origin.location.site) not in OUTSIDE:
            raise Refused(
                "logistics.not_so_many_there",
                field=f"quantity_{number}",
                row=number,
                there=left[move.origin] + move.quantity,
                wanted=move.quantity,
            )
