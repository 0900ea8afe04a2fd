"""Loads between keepers: what goes where, who holds it, what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.urls import reverse

from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of, subtree_range
from serentak.kernel.viewer import Viewer
from serentak.logistics.models import Consignment, ConsignmentLine, Location, Seal
from serentak.logistics.permissions import KEEP_STOCK
from serentak.logistics.rules.custody import OPEN, ConsignmentState
from serentak.logistics.rules.ledger import Condition
from serentak.logistics.rules.needs import What
from serentak.places import public as places
from serentak.places.public import PlaceCard
from serentak.platform.reading import kept

from .catalogues import custody
from .needs import stations_at
from .stock import race_of

Load = Consignment
"""A load, as its page reads it."""


@dataclass(frozen=True, slots=True)
class LoadLine:
    """Pieces of one kind in a load; what the receiver counted is None until it is handed over."""

    id: int
    what: What
    lot: str
    condition: Condition
    shipped: int
    accepted: int | None
    rejected: int | None
    missing: int | None
    surplus: int | None
    reason: str

    @property
    def open(self) -> int:
        """Pieces of which the giver has to say what became."""
        return (self.rejected or 0) + (self.missing or 0)


def loads_under(place: PlaceCode) -> "QuerySet[Consignment]":
    """Return the loads that leave from or go to a place or one under it.

    What is open stands first: differences by their clocks, then what is to arrive next.
    """
    low, high = subtree_range(place)
    inside = Q(origin__place__gte=low, origin__place__lt=high)
    inside |= Q(destination__place__gte=low, destination__place__lt=high)
    return (
        Consignment.objects.filter(inside)
        .select_related("origin__place", "destination__place")
        .annotate(
            pieces=Sum("lines__shipped"),
            is_open=Case(When(state__in=[state.value for state in OPEN], then=1), default=0),
        )
        .order_by("-is_open", F("settle_by").asc(nulls_last=True), "due_at", "-id")
    )


def load(load_id: int) -> Consignment | None:
    """Return a load, None where there is none; one query."""
    return _whole().filter(pk=load_id).first()


def load_by_code(code: str) -> Consignment | None:
    """Return the load that a scanned code names; one query."""
    return _whole().filter(code=code).first()


def _whole() -> "QuerySet[Consignment]":
    return Consignment.objects.select_related(
        "origin__place",
        "origin__keeper",
        "destination__place",
        "destination__keeper",
        "packed_by",
        "received_by",
        "record",
    )


def lines_of(load_id: int) -> Sequence[LoadLine]:
    """Return the lines of a load in their order; one query."""
    rows = ConsignmentLine.objects.filter(consignment=load_id).select_related("stock__contest")
    return [
        LoadLine(
            row.pk,
            What(row.stock.item, race_of(row.stock)),
            row.stock.lot,
            Condition(row.stock.condition),
            row.shipped,
            row.accepted,
            row.rejected,
            row.missing,
            row.surplus,
            row.reason,
        )
        for row in rows.order_by("pk")
    ]


def seals_of(load_id: int) -> Mapping[str, bool | None]:
    """Return the seals of a load, each with whether the receiver found it; one query."""
    rows = Seal.objects.filter(consignment=load_id).order_by("number")
    return dict(rows.values_list("number", "is_read"))


def answers_for(viewer: Viewer, location: Location) -> bool:
    """Tell whether the viewer's institution keeps a location."""
    return bool(
        location.keeper_id
        and viewer.may(KEEP_STOCK, PlaceCode(location.place_id))
        and viewer.acts_for(location.keeper_id, KEEP_STOCK)
    )


def signs_on_paper(viewer: Viewer, found: Load) -> bool:
    """Tell whether who hands a load over has the receiver's signature on paper alone.

    So it is where the viewer does not keep what is received, or keeps both ends.
    """
    is_same = found.destination.keeper_id == found.origin.keeper_id and not viewer.system
    return is_same or not answers_for(viewer, found.destination)


def destinations(place: PlaceCode) -> Sequence[PlaceCard]:
    """Return where loads of a place may go, in the order of their names; four queries at most.

    Down to its parts, back to the place above, aside to the other stores of the province.
    """
    above = parent_of(place)
    found = list(places.children(place))
    if above is not None:
        beside = [above, *(card.code for card in places.children(above) if card.code != place)]
        if level_of(place) is Level.STATION:
            beside.append(PlaceCode(place[: Level.DISTRICT]))
        cards = places.places(beside)
        found += [cards[code] for code in beside if code in cards]
    return [card for card in found if custody().leg(place, card.code)]


@dataclass(frozen=True, slots=True)
class Pressing:
    """A load that wants somebody to act: late, or handed over with a difference.

    `due_at` is by when it had to arrive, or by when the difference is to be settled; `pieces` are
    those of which nobody knows yet what became.
    """

    number: str
    origin: PlaceCode
    destination: str
    link: str
    due_at: datetime
    state: ConsignmentState
    pieces: int
    stations: int
    seals: int


@kept
def pressing_loads(place: PlaceCode, *, at: datetime) -> Sequence[Pressing]:
    """Return the loads from a place or one under it that are late or differ.

    Five queries at most, some of them kept from others.
    """
    rows = (
        _pressing(place, at)
        .select_related("origin", "destination__place")
        .annotate(
            shipped=Sum("lines__shipped"),
            open=Sum(F("lines__rejected") + F("lines__missing")),
            unread=_UNREAD,
        )
        .order_by("due_at", "id")[:MOST_PRESSING]
    )
    return [
        Pressing(
            number=row.number,
            origin=PlaceCode(row.origin.place_id),
            destination=row.destination.place.name,
            link=reverse("logistics:load", args=[row.pk]),
            due_at=row.settle_by or row.due_at,
            state=ConsignmentState(row.state),
            pieces=row.open if row.state == _DIFFERENT else row.shipped,
            stations=_stations(PlaceCode(row.destination.place_id)),
            seals=row.unread or 0,
        )
        for row in rows
    ]


@kept
def pressing_by_origin(place: PlaceCode, *, at: datetime) -> Mapping[PlaceCode, int]:
    """Return how many loads press, all of them, by where they come from; one query."""
    rows = _pressing(place, at).values("origin__place").annotate(n=Count("pk")).order_by()
    return {PlaceCode(row["origin__place"]): row["n"] for row in rows}


def _pressing(place: PlaceCode, at: datetime) -> "QuerySet[Consignment]":
    low, high = subtree_range(place)
    going = Q(state__in=[_PACKED, _UNDER_WAY], due_at__lt=at)
    rows = Consignment.objects.filter(origin__place__gte=low, origin__place__lt=high)
    return rows.filter(going | Q(state=_DIFFERENT))


_UNREAD = Subquery(
    Seal.objects.filter(consignment=OuterRef("pk"), is_read=False)
    .order_by()
    .values("consignment")
    .annotate(n=Count("pk"))
    .values("n")
)
"""Seals that were set and not found so."""


def _stations(place: PlaceCode) -> int:
    """Return how many stations lie at and under a place."""
    level = level_of(place)
    if level is Level.STATION:
        return 1
    return stations_at(PlaceCode(place[: Level.PROVINCE]), level).get(place, 0)


MOST_PRESSING = 50
"""How many loads are named at most, the longest due first."""
_PACKED, _UNDER_WAY, _DIFFERENT = (
    ConsignmentState.PACKED.value,
    ConsignmentState.UNDER_WAY.value,
    ConsignmentState.DIFFERENT.value,
)
