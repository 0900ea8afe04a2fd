"""What an activity is: reads the catalogue and refuses one that contradicts itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.kernel.codes import Level
from serentak.kernel.entries import (
    Among,
    As,
    Countdown,
    Key,
    Named,
    Source,
    Text,
    at_least,
    raise_faults,
    read,
    small,
    some,
)

from .quantities import ADDITIVE, Of, Term

LEVELS = {"province": Level.PROVINCE, "regency": Level.REGENCY}


def _levels(raw: object) -> tuple[Level, ...]:
    names = raw if isinstance(raw, list) else []
    if not names or any(name not in LEVELS for name in names) or len(set(names)) < len(names):
        raise ValueError("must name province, regency or both")
    return tuple(LEVELS[name] for name in names)


_OWNER = "must be a kind of institution, or one for each level"


def _owner(raw: object) -> str | Mapping[Level, str]:
    if isinstance(raw, Mapping) and set(raw) <= set(LEVELS):
        return {LEVELS[level]: str(owner) for level, owner in raw.items()}
    if isinstance(raw, str) and raw:
        return raw
    raise ValueError(_OWNER)


class Drop(StrEnum):
    """Whether the owner may drop an activity."""

    NEVER = "NEVER"
    PARTLY = "PARTLY"
    FULLY = "FULLY"


class Where(StrEnum):
    """At which places a predecessor must be finished."""

    SAME = "SAME"
    """at the same place; where it exists only on the other level, all of it there"""
    OWN_AND_PROVINCE = "OWN_AND_PROVINCE"


class Confidence(StrEnum):
    """How sure the source is."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens if an activity is missed."""

    key: Key
    name: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class After:
    """A predecessor."""

    key: str
    where: Annotated[Where, Named("place")]


def _after(raw: object) -> After:
    return After(raw, Where.SAME) if isinstance(raw, str) else read(After, raw)


_Days = Annotated[int, at_least(1)]
_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""What addresses of pages and the table of activities can hold."""
MOST_ACTIVITIES = 1_000
"""A page computes each of them at each of a province's places."""


@dataclass(frozen=True, slots=True)
class Durations:
    """Days that the whole activity takes; `sourced` names those that were published."""

    optimistic: _Days
    likely: _Days
    pessimistic: _Days
    sourced: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        faults = []
        if not self.optimistic <= self.likely <= self.pessimistic:
            faults.append("optimistic must not exceed likely, nor likely pessimistic")
        if not self.sourced <= {"optimistic", "likely", "pessimistic"}:
            faults.append("sourced: can name optimistic, likely, pessimistic")
        raise_faults(faults)

    @property
    def figure_class(self) -> FigureClass:
        """Whether the duration that steers the schedule was published."""
        return FigureClass.SOURCED if "likely" in self.sourced else FigureClass.ASSUMED


@dataclass(frozen=True, slots=True)
class Deadline:
    """What an activity's last day rests on, and which it is if it has one of its own."""

    kind: DeadlineKind
    at: Countdown | None


@dataclass(frozen=True, slots=True)
class Definition:
    """An activity as the catalogue has it.

    `owner` answers for it and alone may drop it; `district_owner` reports a district's line;
    `others` carry it out with the owner. `target` and `deadline` are days after the vote.
    `measured_by` names what a slice's ledger knows of it (`slice.name`), empty where none does.
    """

    key: Key
    name: Text
    aspect: Annotated[str, Among("aspects")]
    owners: Annotated[str | Mapping[Level, str], Named("owner"), As(_owner)]
    levels: Annotated[tuple[Level, ...], As(_levels)]
    unit: Annotated[str, Among("units")]
    quantity: Annotated[tuple[Term, ...], some]
    durations: Durations
    target: Countdown
    last_day: Annotated[Deadline, Named("deadline")]
    miss: Annotated[str, Among("consequences")]
    drop: Annotated[Drop, As(small(Drop))]
    report_every: _Days
    source: Annotated[str, Among("sources")]
    confidence: Confidence
    aliases: tuple[str, ...] = ()
    others: Annotated[tuple[str, ...], Named("with")] = ()
    after: tuple[Annotated[After, As(_after)], ...] = ()
    split: str = ""
    district_owner: str | None = None
    fixed: bool = False
    law: str = ""
    measured_by: str = ""

    def __post_init__(self) -> None:
        faults = []
        if not _KEY.fullmatch(self.key):
            faults.append("key: is made of at most 40 letters, digits, - and _")
        if not isinstance(self.owners, str) and set(self.owners) != set(self.levels):
            faults.append(f"owner: {_OWNER}")
        if self.split and (self.split != "district" or Level.REGENCY not in self.levels):
            faults.append("split: only a regency's activity can be split, and only by district")
        if self.by_district and any(term.of not in ADDITIVE for term in self.quantity):
            faults.append("quantity: districts can only share what is counted district by district")
        if self.by_district is not bool(self.district_owner):
            faults.append("district_owner: is named where, and only where, there are districts")
        if self.deadline is not None and self.target > self.deadline:
            faults.append("target: lies after the activity's own deadline")
        raise_faults(faults)

    @property
    def owner(self) -> Mapping[Level, str]:
        """Who answers for it at each of its levels."""
        owners = self.owners
        return dict.fromkeys(self.levels, owners) if isinstance(owners, str) else owners

    @property
    def by_district(self) -> bool:
        """Whether each district has a line of its own."""
        return bool(self.split)

    @property
    def deadline(self) -> int | None:
        """Its own last day, None where that follows from what waits for it."""
        return self.last_day.at

    @property
    def deadline_kind(self) -> DeadlineKind:
        """What the last day rests on."""
        return self.last_day.kind

    @property
    def texts(self) -> tuple[str, ...]:
        """What it may be called: its key, its names, its aliases."""
        return (self.key, *self.name.values(), *self.aliases)

    @property
    def is_percent(self) -> bool:
        """Whether it is counted in per cent, which cannot be added over places."""
        return any(term.of is Of.PERCENT for term in self.quantity)


@dataclass(frozen=True)
class Catalogue:
    """All activities in the catalogue's order, with the words and sources that they refer to."""

    activities: Annotated[Mapping[str, Definition], some]
    aspects: Mapping[str, Text]
    units: Mapping[str, Text]
    consequences: Mapping[str, Consequence]
    sources: Mapping[str, Source]

    def __post_init__(self) -> None:
        if len(self.activities) > MOST_ACTIVITIES:
            raise ValueError(f"activities: {too_many(len(self.activities))}")
        raise_faults([*_faults_of_links(self.activities), *self._faults_of_names()])

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Key, name or alias in lower case → key: how rows of a sheet are recognised."""
        names: dict[str, str] = {}
        for key, activity in self.activities.items():
            for text in activity.texts:
                names.setdefault(folded(text), key)
        return names

    def _faults_of_names(self) -> list[str]:
        return [
            f"{key}: aliases: {text!r} already means {taken}"
            for key, activity in self.activities.items()
            for text in activity.texts
            if (taken := self.names[folded(text)]) != key
        ]


def folded(text: str) -> str:
    """Return a name as it is compared: lower case, single spaces."""
    return " ".join(text.lower().split())


def find_cycle(before: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Return keys that wait for each other in a circle, the first repeated at the end."""
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found[::-1]
    return None


def find_cycles(before: Mapping[str, Sequence[str]], *, most: int = 20) -> list[list[str]]:
    """Return circles, each opened at its last link before the next is looked for."""
    left = {key: list(keys) for key, keys in before.items()}
    found: list[list[str]] = []
    while len(found) < most and (cycle := find_cycle(left)):
        found.append(cycle)
        left[cycle[0]] = [key for key in left[cycle[0]] if key != cycle[1]]
    return found


def faults_of_links(before: Mapping[str, Sequence[str]]) -> list[str]:
    """Return which predecessors are unknown and which activities wait for each other."""
    faults = [
        f"{key}: after: {name!r} is no activity of this catalogue"
        for key, names in before.items()
        for name in names
        if name not in before
    ]
    known = {key: [name for name in names if name in before] for key, names in before.items()}
    return faults + [
        f"{cycle[0]}: after: the activities wait for each other: {' → '.join(cycle)}"
        for cycle in find_cycles(known)
    ]


def too_many(count: int) -> str:
    """Return the words for more activities than a plan may hold."""
    return f"{count:,} activities stand here; a plan holds at most {MOST_ACTIVITIES:,}"


def _faults_of_links(activities: Mapping[str, Definition]) -> list[str]:
    before = {key: [link.key for link in one.after] for key, one in activities.items()}
    faults = faults_of_links(before)
    for key, activity in activities.items():
        for link in activity.after:
            if (
                link.key in activities
                and link.where is Where.OWN_AND_PROVINCE
                and (
                    activity.levels != (Level.REGENCY,)
                    or set(activities[link.key].levels) != {Level.PROVINCE, Level.REGENCY}
                )
            ):
                faults.append(f"{key}: after: {link.key!r} does not exist on both levels")
    known = {key: [name for name in names if name in activities] for key, names in before.items()}
    if find_cycle(known):
        return faults
    return faults + [
        f"{key}: deadline: work after the vote needs a last day (at)"
        for key in sorted(_without_last_day(activities, known))
    ]


def _without_last_day(
    activities: Mapping[str, Definition], before: Mapping[str, Sequence[str]]
) -> set[str]:
    """Return what comes after the vote without a deadline, its own or that of what waits for it."""
    bounded: set[str] = set()
    for key in reversed(list(TopologicalSorter(before).static_order())):
        activity = activities[key]
        if activity.target < 0 or activity.deadline is not None or key in bounded:
            bounded.add(key)
            bounded.update(before[key])
    return set(activities) - bounded
