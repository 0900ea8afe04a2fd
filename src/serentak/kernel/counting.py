"""What a slice tells of one indicator of quality: how many were good of how many, or how long.

The slice that keeps the rows counts them; quality judges. Counts come apart by unit (district,
agency, institution), since what lies in one district is alike, and an interval that forgets it is
too narrow.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from .codes import Level, PlaceCode
from .sums import Summed


@dataclass(frozen=True, slots=True)
class Share(Summed):
    """How many are good of those that were heard, and how many more are silent."""

    good: int = 0
    of: int = 0
    silent: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError where more are good than there are."""
        if not 0 <= self.good <= self.of or self.silent < 0:
            raise ValueError(f"{self.good} good of {self.of}, {self.silent} silent")


def summed(shares: Iterable[Share]) -> Share:
    """Return shares together; ten times as fast as adding them one by one, as a country needs."""
    found = tuple(shares)
    return Share(
        sum(one.good for one in found),
        sum(one.of for one in found),
        sum(one.silent for one in found),
    )


class Wait(NamedTuple):
    """How long one thing waited, in the indicator's unit; what still waits is not over."""

    length: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Shares by unit. Where two shares are subtracted, `against` is the second."""

    by_unit: Mapping[str, Share]
    against: Mapping[str, Share] | None = None

    @property
    def whole(self) -> Share:
        """All units together."""
        return summed(self.by_unit.values())

    @property
    def other(self) -> Share:
        """All units of the second share together."""
        return summed((self.against or {}).values())


@dataclass(frozen=True, slots=True)
class Timed:
    """Waiting times by unit; of what still waits only that it lasts longer is known."""

    by_unit: Mapping[str, tuple[Wait, ...]]

    @property
    def whole(self) -> Share:
        """How many waits are over, of how many."""
        waits = [wait for found in self.by_unit.values() for wait in found]
        return Share(sum(wait.is_over for wait in waits), len(waits))


Counts = Counted | Timed


class AsksForCounts(Protocol):
    """What stands at and under `parent`, by regency; what is the province's own, under its code.

    A place where nothing is kept of it is left out: nothing is known there. The number of
    statements does not grow with the places.
    """

    def __call__(self, *, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]: ...


def counted(rows: Iterable[tuple[str, object, Share]]) -> Mapping[PlaceCode, Counted]:
    """Return shares by regency from rows of a place, a unit there, and what is counted."""
    found: defaultdict[PlaceCode, dict[str, Share]] = defaultdict(dict)
    for place, unit, share in rows:
        units = found[PlaceCode(place[: Level.REGENCY])]
        units[str(unit)] = units.get(str(unit), Share()) + share
    return {place: Counted(units) for place, units in found.items()}


def timed(rows: Iterable[tuple[str, object, Wait]]) -> Mapping[PlaceCode, Timed]:
    """Return waiting times by regency from rows of a place, a unit there, and a wait."""
    found: defaultdict[PlaceCode, defaultdict[str, list[Wait]]]
    found = defaultdict(lambda: defaultdict(list))
    for place, unit, wait in rows:
        found[PlaceCode(place[: Level.REGENCY])][str(unit)].append(wait)
    return {
        place: Timed({unit: tuple(waits) for unit, waits in units.items()})
        for place, units in found.items()
    }


def together(counts: Iterable[Counts]) -> Counts | None:
    """Return counts of many places as of one; None of none. Never a mean: what is summed counts."""
    found = list(counts)
    if not found:
        return None
    numbered = list(enumerate(found))
    if isinstance(found[0], Timed):
        return Timed(
            {
                f"{at} {unit}": waits
                for at, one in numbered
                if isinstance(one, Timed)
                for unit, waits in one.by_unit.items()
            }
        )
    shares = [(at, one) for at, one in numbered if isinstance(one, Counted)]
    by_unit = {f"{at} {unit}": s for at, one in shares for unit, s in one.by_unit.items()}
    against = {f"{at} {unit}": s for at, one in shares for unit, s in (one.against or {}).items()}
    has_two = any(one.against is not None for _, one in shares)
    return Counted(by_unit, against if has_two else None)
