"""What every focus area answers about a place: the one interface between floors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from .codes import PlaceCode
from .pressing import Press
from .status import Status


class Focus(StrEnum):
    """The five questions asked of every place."""

    COORDINATION = "COORDINATION"
    READINESS = "READINESS"
    SECURITY = "SECURITY"
    NEUTRALITY = "NEUTRALITY"
    COUNT = "COUNT"


class FigureClass(StrEnum):
    """How far a number can be trusted: published, set by us, or made for a demonstration."""

    SOURCED = "SOURCED"
    ASSUMED = "ASSUMED"
    SYNTHETIC = "SYNTHETIC"


class DeadlineKind(StrEnum):
    """What a date rests on."""

    LEGAL = "LEGAL"
    PHYSICAL = "PHYSICAL"
    ADMINISTRATIVE = "ADMINISTRATIVE"


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline number: `value` of `of` (what it divides by) in `unit`, both None if unknown.

    `code` is worded by the page; `source` says where the number comes from.
    """

    code: str
    value: float | None
    unit: str = ""
    of: float | None = None
    target: float | None = None
    source: str = ""
    figure_class: FigureClass = FigureClass.SOURCED


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that needs somebody: worded by the page from `code` and `params`.

    `press` puts alerts of all slices into one order (docs/adr/0019); `link` is a path of the site.
    `so` is a code for what hangs on it, `helps` one for what would help, with the same params.
    """

    code: str
    place: PlaceCode
    severity: Status
    due_date: date | None
    link: str
    press: Press
    deadline: DeadlineKind | None = None
    so: str = ""
    helps: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Why:
    """A sentence that says why a place stands as it does, or what that leaves out.

    The page words it from `code` and `params`, whole numbers as the reader writes them.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Briefing:
    """The state of one focus area at one place, now; `why` says what decides its status."""

    focus: Focus
    place: PlaceCode
    status: Status
    as_of: datetime | None
    figures: tuple[Figure, ...] = ()
    alerts: tuple[Alert, ...] = ()
    why: tuple[Why, ...] = ()
    leaves_out: str = ""
    """The code of a `Why` that says what the status does not count for who reads it; else empty."""
    silent: int = 0
    """How many of the place's children have not reported."""
    of_children: int = 0
