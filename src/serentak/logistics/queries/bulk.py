"""How much there is to carry: weight and volume of what places need, and boxes that have left."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Sum
from django.db.models.functions import Left, Length

from serentak.kernel.codes import Level, PlaceCode, subtree_range
from serentak.logistics.models import ConsignmentLine
from serentak.logistics.rules.custody import ConsignmentState
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.needs import Needs, What
from serentak.platform.reading import kept

from .catalogues import items
from .needs import needs_at, stations_at
from .stock import race_at

_BY_ITSELF = 0.01
"""Pieces of so many m3 or more travel by themselves; smaller ones lie in the boxes, of which the
catalogue tells the weight when filled."""

_STAYS = (ConsignmentState.PACKED, ConsignmentState.UNPACKED, ConsignmentState.TURNED_BACK)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What all that a place needs weighs and takes up as it travels."""

    stations: int
    boxes: int
    kg: float
    m3: float


@kept
def bulk_at(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Bulk]:
    """Return the bulk of each place of `level` at and under `place`; as many queries as needs take.

    A place without a station has nothing to carry and is missing.
    """
    stations, catalogue = stations_at(place, level), items().items
    found = {}
    for code, needs in needs_at(place, level).items():
        carried = [(catalogue[what.item], count) for what, count in needs.items()]
        alone = [(item, count) for item, count in carried if item.piece.m3 >= _BY_ITSELF]
        found[code] = Bulk(
            stations.get(code, 0),
            sum(_boxes(needs).values()),
            sum(item.piece.kg * count for item, count in alone),
            sum(item.piece.m3 * count for item, count in alone),
        )
    return found


def boxes_at(place: PlaceCode, level: Level) -> Mapping[PlaceCode, int]:
    """Return the ballot boxes that the stations of each place of `level` need; four queries.

    Nothing where no list was taken over yet.
    """
    return {code: sum(_boxes(needs).values()) for code, needs in needs_at(place, level).items()}


def _boxes(needs: Needs) -> Needs:
    """Return the stations' ballot boxes among what is needed."""
    known = items().items
    return {what: n for what, n in needs.items() if known[what.item].is_box and n}


def boxes_sent(place: PlaceCode, level: Level) -> Mapping[PlaceCode, int]:
    """Return the stations' boxes that have left for the places of `level` under `place`.

    A station is served by the boxes of all its races: of each kind no more counts than of the one
    of which fewest have left, nor than are needed. What was turned back or has not left does not
    count, nor what goes on from there. One query beside those of needs.
    """
    low, high = subtree_range(place)
    boxes = [key for key, item in items().items.items() if item.is_box]
    rows = (
        ConsignmentLine.objects.filter(
            stock__item__in=boxes,
            consignment__departed_at__isnull=False,
            consignment__destination__place__gte=low,
            consignment__destination__place__lt=high,
        )
        .exclude(consignment__state__in=[state.value for state in _STAYS])
        .annotate(
            tier=Length("consignment__destination__place_id"),
            code=Left("consignment__destination__place_id", int(level)),
            item=F("stock__item"),
            race=race_at("stock__contest"),
        )
        .filter(tier=int(level))
        .values("code", "item", "race")
        .annotate(boxes=Sum("shipped"))
        .order_by()
    )
    sent: dict[str, dict[What, int]] = {}
    for row in rows:
        what = What(row["item"], Race(row["race"]) if row["race"] else None)
        sent.setdefault(row["code"], {})[what] = row["boxes"]
    found = {}
    for code, needs in needs_at(place, level).items():
        needed = _boxes(needs)
        if code in sent and needed:
            share = min(sent[code].get(what, 0) / n for what, n in needed.items())
            found[code] = int(min(1.0, share) * sum(needed.values()))
    return found
