"""Transfers that would close shortages, between stores of a province or keepers of a regency."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.transfers import Amounts, TransferPlan, cheapest_transfers
from serentak.places import public as places
from serentak.platform.reading import kept

from .catalogues import custody, item
from .orders import promised_by
from .place import lines_at
from .stock import good_in_stores

DETOUR = 1.3
"""Kilometres by road or river for one as the crow flies (assumed)."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could be moved, out of what was spare and wanted; `mark` tells it from another one."""

    plan: TransferPlan
    spare: Amounts
    wanted: Amounts

    @property
    def mark(self) -> str:
        """A short text that differs where the proposal does."""
        return sha256(repr((self.plan.transfers, self.plan.short)).encode()).hexdigest()[:16]


@kept
def proposed_transfers(place: PlaceCode) -> Proposal:
    """Return what would close the shortages under a province or regency; some twelve queries.

    In a province the stores of its regencies help each other with the governor's ballots, the one
    thing that they hold of the same contest. In a regency its store and the district committees
    help each other with everything. Spare is what is good with the very keeper, beyond the own need
    (with the losses to expect at the worst) and beyond what is promised; wanted is what is likely
    to lack after all orders.
    """
    level = Level(max(level_of(place) + 3, Level.REGENCY))
    lines, good = lines_at(place, level), good_in_stores(place, level)
    promised = promised_by(place, level)
    spare: dict[What, dict[PlaceCode, int]] = defaultdict(dict)
    wanted: dict[What, dict[PlaceCode, int]] = defaultdict(dict)
    for code, found in lines.items():
        for line in found:
            if line.needed is None or not _goes(line.what, level):
                continue
            if line.expected:
                wanted[line.what][code] = line.expected
                continue
            there = line.hand.usable - line.losses.most - line.needed
            gone = promised.get(code, {}).get(line.what, 0)
            free = min(there, good.get(code, {}).get(line.what, 0)) - gone
            if free > 0:
                spare[line.what][code] = free
    if level is Level.DISTRICT:
        _add_own_store(place, spare)
    plan = cheapest_transfers(spare, wanted, km=_km, kg=_kg)
    return Proposal(plan, dict(spare), dict(wanted))


def _goes(what: What, level: Level) -> bool:
    known = item(what.item)
    if known is None:
        return False
    return level is Level.DISTRICT or (known.is_ballot and what.race is Race.GOVERNOR)


def _add_own_store(place: PlaceCode, spare: dict[What, dict[PlaceCode, int]]) -> None:
    """Add what lies good in a regency's own store and is promised to nobody."""
    level = level_of(place)
    promised = promised_by(place, level).get(place, {})
    for what, good in good_in_stores(place, level).get(place, {}).items():
        if (free := good - promised.get(what, 0)) > 0:
            spare[what][place] = free


def _km(origin: PlaceCode, destination: PlaceCode) -> float | None:
    """Return how far two keepers are from each other, None where no load may go."""
    if custody().leg(origin, destination) is None:
        return None
    one, other = places.point_of(origin), places.point_of(destination)
    if one is None or other is None:
        return FAR
    return places.kilometres(one, other) * DETOUR


FAR = 100.0
"""Kilometres between places of which no point is known (assumed): which is nearer, nobody knows."""


def _kg(what: What) -> float:
    known = item(what.item)
    return known.piece.kg if known else 0.0


def totals(amounts: Amounts) -> Mapping[What, int]:
    """Return the pieces of each thing at all places together."""
    return {what: sum(by_place.values()) for what, by_place in amounts.items()}
