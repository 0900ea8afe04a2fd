"""What is forbidden and what follows, which steps a case takes: the catalogues, read, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level
from serentak.kernel.entries import (
    Among,
    Class,
    Countdown,
    Key,
    Keyed,
    Named,
    Settings,
    Text,
    at_least,
    between,
    every,
    raise_faults,
    read,
)
from serentak.kernel.pressing import Harm

from .cases import OPEN_STATES, CaseState

# --- violations


@dataclass(frozen=True, slots=True)
class ViolationClass:
    """A class of breach: its law and the range of sanctions."""

    key: Key
    name: Text
    law: str
    sanctions: tuple[Annotated[str, Among("sanctions")], ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Classed:
    """Which class a violation has in one of the two periods; `item` is the decree's numbering."""

    item: str
    class_key: Annotated[str, Named("class"), Among("classes")]
    confidence: str


@dataclass(frozen=True, slots=True)
class Violation:
    """Something forbidden; its class turns on the day on which candidates are fixed."""

    key: Key
    name: Text
    note: Text | None
    before: Classed
    after: Classed


@dataclass(frozen=True, slots=True)
class Violations:
    """The catalogue of violations, one version of it."""

    version: date
    source: str
    law: str
    classes: Mapping[str, ViolationClass]
    sanctions: Mapping[str, Text]
    by_key: Annotated[Mapping[str, Violation], Named("violations")]

    def classed(self, key: str, *, day: date, fixed_date: date | None) -> Classed:
        """Return the class of a violation committed on `day`.

        As long as nobody knows when candidates are fixed, what holds before holds.
        """
        violation = self.by_key[key]
        is_after = fixed_date is not None and day >= fixed_date
        return violation.after if is_after else violation.before


# --- steps


class DayKind(StrEnum):
    """How the days of a term are counted."""

    CALENDAR = "CALENDAR"
    WORKING = "WORKING"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days of a kind."""

    days: Annotated[int, at_least(0)]
    kind: DayKind


class HandledAt(StrEnum):
    """At whose level a step is handled."""

    OWN = "OWN"
    AUTHORITY = "AUTHORITY"
    PROVINCE = "PROVINCE"


class Track(StrEnum):
    """Whose case it is: which way it takes."""

    CIVIL_SERVANT = "CIVIL_SERVANT"
    CONTRACT = "CONTRACT"
    VILLAGE_HEAD = "VILLAGE_HEAD"


LEVEL_OF_CLIMB = {"REGENT_DESK": Level.REGENCY, "GOVERNOR_DESK": Level.PROVINCE}
"""Levels of those to whom a case climbs; who is missing here stands above all."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way: who handles it, by when, and who hears of it when the clock runs out."""

    state: Annotated[Keyed[CaseState], Named("key")]
    name: Text
    handlers: tuple[str, ...]
    level: HandledAt
    days: Annotated[int | None, at_least(0)]
    kind: DayKind | None
    extension: Term | None
    climbs: tuple[str, ...]
    again: Term | None
    source: str
    confidence: str
    figure_class: Class = FigureClass.SOURCED

    def __post_init__(self) -> None:
        faults = {
            "kind: days are counted in one": self.days is not None and self.kind is None,
            "again: who climbs twice needs it": len(self.climbs) > 1 and self.again is None,
            "climbs: without a term nothing climbs": self.climbs and self.days is None,
        }
        raise_faults(fault for fault, is_so in faults.items() if is_so)

    @property
    def term(self) -> Term | None:
        """How long the step may take, None where nobody said."""
        return Term(self.days, self.kind) if self.days is not None and self.kind else None

    def climbs_from(self, level: Level) -> tuple[str, ...]:
        """Return those to whom a case of a place of `level` climbs, one after the other."""
        return tuple(k for k in self.climbs if LEVEL_OF_CLIMB.get(k, Level.COUNTRY) <= level)


@dataclass(frozen=True, slots=True)
class Way:
    """The steps of a track, in their order; the last is always the appointing authority's."""

    name: Text
    steps: tuple[CaseState, ...]

    def __post_init__(self) -> None:
        if self.steps[-1:] != (CaseState.AT_AUTHORITY,):
            raise ValueError("steps: end with the appointing authority")


@dataclass(frozen=True, slots=True)
class Procedure:
    """The way of a case, one version of it."""

    version: date
    source: str
    steps: Annotated[Mapping[CaseState, Step], every(OPEN_STATES)]
    tracks: Mapping[Track, Way]
    reply_days: int
    blocked_by: str
    recommends: frozenset[str]
    authorities: Mapping[Level, tuple[str, ...]]

    def next_authority(self, kind: str) -> str | None:
        """Return who decides instead of an authority that has a part in the race, None at the top.

        The longest line holds all of them, since the shorter ones are its ends.
        """
        line = max(self.authorities.values(), key=len)
        at = line.index(kind) + 1
        return line[at] if at < len(line) else None


# --- the figures of 2020


@dataclass(frozen=True, slots=True)
class Statistic:
    """What was published about an earlier election on a day; of persons or of cases, never both."""

    unit: str
    day: Annotated[date, Named("date")]
    reported: int
    recommended: int
    followed: int
    source: str
    confidence: str

    def __post_init__(self) -> None:
        if not 0 <= self.followed <= self.recommended <= self.reported:
            raise ValueError(f"{self.day}: reported, recommended and followed up do not fit")

    @property
    def share(self) -> float:
        """Followed up, divided by recommended."""
        return self.followed / self.recommended


def parse_statistics(data: object) -> tuple[Statistic, ...]:
    """Read `statistics-….yaml`: none is followed up that was not recommended."""
    return read(tuple[Statistic, ...], data, at="figures")


# --- thresholds


@dataclass(frozen=True, slots=True)
class Service:
    """An agency kind that serves the public directly."""

    kind: Key
    name: Text
    stays_open: bool


Share = Annotated[float, between(0, 1)]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By what numbers a place gets its status; days count from the vote."""

    hidden_below: int
    cases_past_clock_late: Share
    pledges_due: Countdown
    pledges_enough: Share
    pledges_late_below: Share
    services_from: Countdown
    services_until: Countdown
    services_unheard_days: int
    services_thin_risk: Share
    services_thin_late: Share
    replacement_months: int
    children_late_share: Share
    children_risk_share: Share
    children_silent_share: Share


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds, what is at stake in each alert, and the agencies that report their services."""

    rules: Settings[Thresholds]
    harms: Mapping[str, Harm]
    services: Mapping[str, Service]

    @property
    def thresholds(self) -> Thresholds:
        """By what numbers a place gets its status."""
        return self.rules.values
