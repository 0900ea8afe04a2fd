"""Whom one calls in a story, how places were assessed, and what was asked and promised."""

from dataclasses import dataclass
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Countdown, Named, at_least, some


@dataclass(frozen=True, slots=True)
class Numbers:
    """Kinds of institution of which each place has a number, entered on a day."""

    day: Countdown
    hours: str
    kinds: Annotated[tuple[str, ...], some]
    office: str


@dataclass(frozen=True, slots=True)
class Differs:
    """A place that was found graver than the others from a day on."""

    place: PlaceCode
    since: Annotated[Countdown, Named("from")]
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Assessments:
    """On which days all regencies were assessed, how most were found, who agreed."""

    days: Annotated[tuple[Countdown, ...], some]
    level: str
    text: str
    agree: Annotated[tuple[str, ...], some]
    differ: tuple[Differs, ...] = ()

    def found(self, place: PlaceCode, day: int) -> tuple[str, str]:
        """Return the level of a place on a day, and what was said of it."""
        told = [one for one in self.differ if one.place == place and one.since <= day]
        last = max(told, key=lambda one: one.since, default=None)
        return (last.level, last.text) if last else (self.level, self.text)


@dataclass(frozen=True, slots=True)
class Of:
    """An institution by its kind and place."""

    kind: str
    place: PlaceCode


@dataclass(frozen=True, slots=True)
class Promise:
    """How many were promised on a day."""

    day: Countdown
    granted: Annotated[int, at_least(1)]


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a desk asked of an institution, until a day, and its promise if there was one."""

    place: PlaceCode
    by: str
    of: Of
    thing: str
    number: Annotated[int, at_least(1)]
    day: Countdown
    until: Countdown
    promised: Promise | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """The story of who works together; see `catalogue/liaison.yaml`."""

    contacts: Numbers
    assessments: Assessments
    asked: tuple[AskedFor, ...]
