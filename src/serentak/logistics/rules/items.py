"""Which things an election needs, how they are packed and told apart: the catalogue of items."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from serentak.kernel.codes import Level
from serentak.kernel.entries import (
    Among,
    As,
    Class,
    Key,
    Named,
    Source,
    Text,
    above_zero,
    at_least,
    between,
    raise_faults,
    some,
)
from serentak.kernel.formulas import Formula


class Race(StrEnum):
    """The races that a station may hold: one ballot each, of its own colour."""

    GOVERNOR = "GOVERNOR"
    REGENT = "REGENT"


class Races(StrEnum):
    """For which of a place's races a formula is meant."""

    ONCE = "ONCE"
    EACH = "EACH"
    GOVERNOR = "GOVERNOR"
    REGENT = "REGENT"

    def among(self, held: frozenset[Race]) -> tuple[Race | None, ...]:
        """Return the races, of those held, for which a place needs it; `None` for all together."""
        if self is Races.ONCE:
            return (None,)
        return tuple(race for race in Race if race in held and self in (Races.EACH, race.value))


class Binding(StrEnum):
    """Whether pieces made for one race may serve another: ballots never, ink may."""

    BOUND = "BOUND"
    FREE = "FREE"


class Track(StrEnum):
    """How pieces are told apart: by lot, by a number on each seal or box, or only counted."""

    LOT = "LOT"
    SEAL = "SEAL"
    BOX = "BOX"
    COUNT = "COUNT"


LEVELS = {
    "station": Level.STATION,
    "village": Level.VILLAGE,
    "district": Level.DISTRICT,
    "regency": Level.REGENCY,
    "province": Level.PROVINCE,
}
COUNTS: Mapping[Level, frozenset[str]] = {
    Level.STATION: frozenset("vbcnk"),
    **dict.fromkeys(
        (Level.VILLAGE, Level.DISTRICT, Level.REGENCY, Level.PROVINCE),
        frozenset({"own", "boxes", "stations"}),
    ),
}
"""What a formula may ask for at each level; the catalogue's head says what each means."""


@dataclass(frozen=True, slots=True)
class NeedOf:
    """How many one place of a level needs."""

    formula: Annotated[Formula, As(lambda raw: Formula(str(raw)))]
    races: Races = Races.ONCE


@dataclass(frozen=True, slots=True)
class Pack:
    """How an item comes: pieces in a pack, packs in a carton."""

    pieces: Annotated[int, at_least(1)]
    per_carton: Annotated[int, at_least(1)]
    form: Text | None = None

    @property
    def carton(self) -> int:
        """Pieces in a full carton."""
        return self.pieces * self.per_carton


@dataclass(frozen=True, slots=True)
class Piece:
    """What one piece, as it travels, weighs (kg) and takes up (m3; 0: hardly anything)."""

    kg: Annotated[float, above_zero]
    m3: Annotated[float, at_least(0)] = 0.0


@dataclass(frozen=True, slots=True)
class Spoil:
    """The share that was damaged or short at receipt elsewhere."""

    share: Annotated[float, between(0, 1)]
    figure_class: Class
    source: Annotated[str, Among("sources")]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that stations or committees need."""

    key: Key
    name: Text
    group: Annotated[str, Among("groups")]
    unit: Annotated[str, Among("units")]
    pack: Pack
    piece: Piece
    need: Annotated[Mapping[Annotated[Level, As(lambda raw: level_named(raw))], NeedOf], some]
    binding: Annotated[Binding, Named("race")]
    track: Annotated[tuple[Track, ...], some]
    phase: Annotated[int, between(1, 3)]
    source: Annotated[str, Among("sources")]
    figure_class: Class
    is_sorted: bool = False
    comes_back: bool = False
    also: tuple[str, ...] = ()
    mark: Text | None = None
    cartons: tuple[int, ...] = ()
    spoil: Spoil | None = None
    assumed: tuple[str, ...] = ()
    note: Text | None = None
    law: str = ""

    def __post_init__(self) -> None:
        raise_faults(
            f"need: {level.name.lower()}: {name} is no count of this level"
            for level, need in self.need.items()
            for name in sorted(need.formula.names - COUNTS[level])
        )
        raise_faults(
            f"need: {level.name.lower()}: what is bound to a race needs `races`"
            for level, need in self.need.items()
            if self.is_bound and need.races is Races.ONCE
        )

    @property
    def is_bound(self) -> bool:
        """Tell whether its pieces belong to one race."""
        return self.binding is Binding.BOUND

    @property
    def made_for(self) -> tuple[Race | None, ...]:
        """The races of which it has pieces of its own; None where the same serve all."""
        if not self.is_bound:
            return (None,)
        every = {race for need in self.need.values() for race in need.races.among(frozenset(Race))}
        return tuple(race for race in Race if race in every)

    @property
    def is_ballot(self) -> bool:
        """Tell whether each voter at a station gets one."""
        return self.is_sorted and Level.STATION in self.need

    @property
    def is_box(self) -> bool:
        """Tell whether a station's votes are cast into it."""
        return {Track.BOX, Track.SEAL} <= {*self.track} and Level.STATION in self.need


def level_named(raw: object) -> Level:
    """Return a level by its name in catalogues; ValueError for another word."""
    if str(raw) not in LEVELS:
        raise ValueError(f"{str(raw)!r} is none of {', '.join(LEVELS)}")
    return LEVELS[str(raw)]


@dataclass(frozen=True, slots=True)
class Quantities:
    """Numbers that hold at every station."""

    booths: Annotated[int, at_least(1)]


@dataclass(frozen=True, slots=True)
class BeforeSorting:
    """What is believed of ballots before any was looked at; see `rules/sorting.py`."""

    share: Annotated[float, between(0.0001, 0.5)]
    weight: Annotated[int, at_least(1)]
    together: Annotated[int, at_least(1)]
    figure_class: Class
    source: Annotated[str, Among("sources")]


@dataclass(frozen=True, slots=True)
class Items:
    """The catalogue of items with the groups and units in which they are told."""

    groups: Mapping[str, Text]
    units: Mapping[str, Text]
    sources: Mapping[str, Source]
    quantities: Quantities
    sorting: BeforeSorting
    items: Mapping[str, Item]
