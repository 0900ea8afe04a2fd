"""What two sides say differently of one thing: how a slice tells it, whoever may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from .briefing import FigureClass
from .codes import PlaceCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What one side says: a number (`of` what it is a part of), a day, or a `code`.

    A code is worded by the slice that it begins with (`SIDES`). `link` leads to its row, `by` is
    the account that entered it, None where a machine did or nobody knows.
    """

    link: str
    value: float | None = None
    of: float | None = None
    day: date | None = None
    code: str = ""
    by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """Two sides that differ at a place; `subject` names for ever on what (`load:12`).

    `about` is how that is called in both languages, empty where the place says it. `amount` counts
    what hangs on it in the unit of its check. `near` is the last day on which settling it helps,
    `since` when it began, both None where the catalogue's holds. `owner_id` answers for it where
    the row knows better than the catalogue. With an `audience` it exists for these institutions
    alone.
    """

    place: PlaceCode
    subject: str
    a: Says
    b: Says
    amount: float
    about: Mapping[str, str] = field(default_factory=dict)
    near: date | None = None
    since: datetime | None = None
    owner_id: int | None = None
    audience: frozenset[int] | None = None
    figure_class: FigureClass = FigureClass.SOURCED


class AsksForDifferences(Protocol):
    """All that differs at and under a place, in a number of queries that no number of rows moves.

    Sides that are equal, and a side that is silent, are left out; what lies within the catalogue's
    tolerance may be in it.
    """

    def __call__(self, *, parent: PlaceCode, at: datetime) -> Iterable[Differs]: ...
