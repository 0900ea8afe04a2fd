"""The loads of a village's stations, there and back, and those that one may move together."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from serentak.kernel.codes import Level, PlaceCode, level_of, subtree_range
from serentak.logistics.models import Consignment, Seal
from serentak.logistics.rules.custody import ConsignmentState
from serentak.places import public as places
from serentak.places.public import PlaceCard

_BACK_WHERE_IT_WAS = (ConsignmentState.UNPACKED.value, ConsignmentState.TURNED_BACK.value)


@dataclass(frozen=True, slots=True)
class StationLoads:
    """A station with the load that went there and the one that came back, None where none did."""

    station: PlaceCard
    there: Consignment | None
    back: Consignment | None

    @property
    def is_served(self) -> bool:
        """Tell whether what went there was handed over."""
        return self.there is not None and self.there.received_at is not None


def station_loads(village: PlaceCode) -> Sequence[StationLoads]:
    """Return the stations of a village with their last loads; two queries."""
    low, high = subtree_range(village)
    inside = Q(destination__place__gte=low, destination__place__lt=high)
    inside |= Q(origin__place__gte=low, origin__place__lt=high)
    rows = (
        Consignment.objects.filter(inside)
        .exclude(state__in=_BACK_WHERE_IT_WAS)
        .select_related("origin", "destination")
        .order_by("pk")
    )
    there: dict[str, Consignment] = {}
    back: dict[str, Consignment] = {}
    for row in rows:
        if level_of(PlaceCode(row.destination.place_id)) is Level.STATION:
            there[row.destination.place_id] = row
        if level_of(PlaceCode(row.origin.place_id)) is Level.STATION:
            back[row.origin.place_id] = row
    return [
        StationLoads(card, there.get(card.code), back.get(card.code))
        for card in places.children(village)
    ]


def loads_at(place: PlaceCode, state: ConsignmentState, *, limit: int) -> Sequence[Consignment]:
    """Return the loads in a state that a village's or district's committee may move together.

    Those packed at the place or, of a village, at its stations; those under way from or to them.
    Two queries.
    """

    def at(end: str) -> Q:
        if level_of(place) is not Level.VILLAGE:
            return Q(**{f"{end}__place": place})
        low, high = subtree_range(place)
        return Q(**{f"{end}__place__gte": low, f"{end}__place__lt": high})

    inside = at("origin")
    if state is ConsignmentState.UNDER_WAY:
        inside |= at("destination")
    rows = (
        Consignment.objects.filter(inside, state=state.value)
        .select_related(
            "origin__place", "origin__keeper", "destination__place", "destination__keeper"
        )
        .prefetch_related(Prefetch("seals", Seal.objects.order_by("number")))
        .order_by("destination__place", "origin__place", "pk")
    )
    return list(rows[:limit])
