"""How many of each item a place needs, by its stations' voters; what a new list changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from serentak.kernel.codes import Level
from serentak.kernel.formulas import Formula

from .items import Item, Items, Race

RESERVE = Formula("v + ceil(0.025*v)")
"""Ballots of one race at a station: 2.5 % more than voters, rounded up (UU 1/2015 art. 80–82)."""


class What(NamedTuple):
    """An item, and the race for which it is made; None where it serves all."""

    item: str
    race: Race | None

    @classmethod
    def of(cls, item: Item, race: Race | None) -> "What":
        """Return what an item is for a race: ink for the one is ink for the other."""
        return cls(item.key, race if item.is_bound else None)


@dataclass(frozen=True, slots=True)
class Station:
    """What a station's need follows from: its voters, and the pairs of each race that it holds."""

    voters: int
    races: tuple[tuple[Race, int], ...]

    @property
    def pairs(self) -> Mapping[Race, int]:
        """The pairs of each race."""
        return dict(self.races)


Needs = Mapping[What, int]


def station_need(station: Station, catalogue: Items) -> Needs:
    """Return what one station needs."""
    return total({what: amount} for what, amount in _station(station, catalogue))


def _station(station: Station, catalogue: Items) -> Iterator[tuple[What, int]]:
    common = {
        "v": station.voters,
        "b": RESERVE.of({"v": station.voters}),
        "c": len(station.pairs),
        "k": catalogue.quantities.booths,
    }
    for item in catalogue.items.values():
        if need := item.need.get(Level.STATION):
            for race in need.races.among(frozenset(station.pairs)):
                counts = common | {"n": station.pairs[race]} if race else common
                yield What.of(item, race), need.formula.of(counts)


@dataclass(frozen=True, slots=True)
class Above:
    """What the need of a village, district, regency or province itself follows from.

    `stations` and their `boxes` pass through it; `races` are those for which it keeps records.
    """

    level: Level
    stations: int
    boxes: int
    races: frozenset[Race]


def own_need(place: Above, catalogue: Items) -> Needs:
    """Return what a place above its stations needs for itself."""
    own = 2 if place.level is Level.DISTRICT else 0
    counts = {"own": own, "boxes": place.boxes + own, "stations": place.stations}
    return total(
        {What.of(item, race): need.formula.of(counts)}
        for item in catalogue.items.values()
        if (need := item.need.get(place.level))
        for race in need.races.among(place.races)
    )


def total(needs: Iterable[Needs]) -> dict[What, int]:
    """Return the sum of several places' needs."""
    found: dict[What, int] = {}
    for one in needs:
        for what, amount in one.items():
            found[what] = found.get(what, 0) + amount
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What a new list of stations and voters does to the need of an item."""

    what: What
    before: int
    after: int

    @property
    def more(self) -> int:
        """Pieces more; negative where fewer are needed."""
        return self.after - self.before


def changes(before: Needs, after: Needs, catalogue: Items) -> tuple[Change, ...]:
    """Return what differs, in the order of the catalogue."""
    order = {key: number for number, key in enumerate(catalogue.items)}
    keys = sorted({*before, *after}, key=lambda w: (order[w.item], w.race or ""))
    found = (Change(what, before.get(what, 0), after.get(what, 0)) for what in keys)
    return tuple(change for change in found if change.more)


def packs(item: Item, pieces: int) -> tuple[int, int, int]:
    """Return pieces as full cartons, full packs and single pieces."""
    cartons, rest = divmod(pieces, item.pack.carton)
    return cartons, *divmod(rest, item.pack.pieces)
