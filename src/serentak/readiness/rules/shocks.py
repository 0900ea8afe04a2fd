"""What can hit many activities or many regencies at once: reads the catalogue of shocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.entries import (
    Among,
    As,
    Countdown,
    Key,
    Named,
    Text,
    at_least,
    between,
    raise_faults,
    read,
    some,
)

from .activities import Catalogue, Confidence

ALL, EACH, CONTEST = "ALL", "EACH", "CONTEST"
"""Every regency of a province together; each for itself; each contest for itself."""

_Share = Annotated[float, between(0, 1)]
_Month = Annotated[int, between(1, 12)]


@dataclass(frozen=True, slots=True)
class ThreePoints:
    """Optimistic, likely and pessimistic: the low end, the peak and the high end of a triangle."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise ValueError("must be three numbers from 0 up, none smaller than the one before it")

    @property
    def mean(self) -> float:
        """The mean of the triangle."""
        return (self.low + self.likely + self.high) / 3

    def times(self, factor: float) -> "ThreePoints":
        """Return all three multiplied."""
        return ThreePoints(self.low * factor, self.likely * factor, self.high * factor)


def _three(raw: object) -> ThreePoints:
    if isinstance(raw, list | tuple) and len(raw) == 3:
        return ThreePoints(*read(tuple[float, float, float], {"of": raw}, at="of"))
    raise ValueError("must be a list of three: optimistic, likely, pessimistic")


_Three = Annotated[ThreePoints, As(_three)]


@dataclass(frozen=True, slots=True)
class Group:
    """Regencies that are hit together; a province among its places means all its regencies."""

    key: Key
    name: Text
    places: Annotated[tuple[PlaceCode, ...], some]

    def __post_init__(self) -> None:
        raise_faults(
            f"places: {place} is no regency and no province"
            for place in self.places
            if level_of(place) not in (Level.PROVINCE, Level.REGENCY)
        )


@dataclass(frozen=True, slots=True)
class PerWeek:
    """The chance of a strike in one week, and between which bounds it may lie."""

    likely: _Share
    low: _Share
    high: _Share

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low must not exceed likely, nor likely high")


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day after the vote on which a shock can matter."""

    first: Annotated[Countdown, Named("from")]
    last: Annotated[Countdown, Named("to")]

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("ends before it begins")


@dataclass(frozen=True, slots=True)
class Lasts:
    """How many days a shock stays."""

    days: _Three


@dataclass(frozen=True, slots=True)
class Hits:
    """What a shock holds up: activities, and all of an aspect."""

    activities: tuple[Annotated[str, Among("known_activities")], ...] = ()
    aspects: tuple[Annotated[str, Among("known_aspects")], ...] = ()

    def __post_init__(self) -> None:
        if not self.activities and not self.aspects:
            raise ValueError("names neither an activity nor an aspect")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a shock does to an activity: a factor on what is left, days added, to which share."""

    factor: _Three | None = None
    days: _Three | None = None
    share: _Three | None = None

    def __post_init__(self) -> None:
        faults = []
        if self.factor is None and self.days is None:
            faults.append("needs a factor or days")
        if self.factor is not None and self.factor.low < 1:
            faults.append("factor: a shock makes nothing shorter, so it is at least 1")
        if self.share is not None and self.share.high > 1:
            faults.append("share: must lie between 0 and 1")
        raise_faults(faults)


@dataclass(frozen=True, slots=True)
class InPast:
    """What the chance would have meant at a past vote: weeks open, chance of one strike or more."""

    weeks: Annotated[float, at_least(0)]
    chance: _Share


@dataclass(frozen=True, slots=True)
class Shock:
    """One thing that may happen; the catalogue's file says what each field means.

    `also` (`with` in the file) raises others in the same week at the same regencies.
    """

    key: Key
    name: Text
    group: str
    per_week: PerWeek
    within: _Share
    months: Annotated[frozenset[_Month], some]
    window: Window
    lasts: Lasts
    hits: Hits
    effect: Effect
    blocks: bool
    source: str
    replace: str
    confidence: Confidence
    in_2024: InPast | None = None
    months_weight: Mapping[str, Annotated[float, at_least(0)]] | None = None
    independent: bool = False
    calendar: bool = False
    also: Annotated[Mapping[Annotated[str, Among("shocks")], _Share] | None, Named("with")] = None

    def __post_init__(self) -> None:
        faults = [
            f"months_weight: {month} is not among months"
            for month in self.months_weight or {}
            if not month.isdecimal() or int(month) not in self.months
        ]
        if self.per_week.high * max((1.0, *(self.months_weight or {}).values())) > 1:
            faults.append("months_weight: makes the chance of a week greater than 1")
        raise_faults(faults)

    def weight(self, month: int) -> float:
        """Return by how much the chance of a week is multiplied in a month, 0 outside of months."""
        return (self.months_weight or {}).get(str(month), 1.0) if month in self.months else 0.0

    def hits_one_of(self, key: str, aspect: str) -> bool:
        """Tell whether it holds up an activity of this key and aspect."""
        return key in self.hits.activities or aspect in self.hits.aspects


@dataclass(frozen=True)
class Shocks:
    """All shocks, and the groups that they strike."""

    shocks: Mapping[str, Shock]
    groups: Mapping[str, Group]
    rules: tuple[Text, ...]
    replace_all: Text

    def __post_init__(self) -> None:
        raise_faults(self._faults())

    def causes_first(self) -> tuple[Shock, ...]:
        """Return all shocks, each after those that raise it."""
        order = TopologicalSorter(dict.fromkeys(self.shocks, ()))
        for key, shock in self.shocks.items():
            for raised in shock.also or {}:
                order.add(raised, key)
        return tuple(self.shocks[key] for key in order.static_order())

    def can_hit(self, shock: Shock, place: PlaceCode) -> bool:
        """Tell whether a shock can hit a regency, or what is a province's own.

        What is a province's own is hit by what can hit every place, and by groups that name it.
        """
        return shock.group in (ALL, EACH, CONTEST) or any(
            is_within(place, one) for one in self.groups[shock.group].places
        )

    def _faults(self) -> Iterator[str]:
        for key, shock in self.shocks.items():
            if shock.group not in (ALL, EACH, CONTEST, *self.groups):
                yield f"shocks: {key}: group: {shock.group!r} stands nowhere under groups"
        try:
            TopologicalSorter({k: (s.also or {}).keys() for k, s in self.shocks.items()}).prepare()
        except CycleError as error:
            circle = " → ".join(error.args[1])
            yield f"shocks: {error.args[1][0]}: with: shocks raise each other: {circle}"


def read_shocks(raw: object, catalogue: Catalogue) -> Shocks:
    """Read `shocks.yaml` against the activities it can hit; ValueError with one fault a line."""
    known = {"known_activities": catalogue.activities, "known_aspects": catalogue.aspects}
    return read(Shocks, raw, known=known)
