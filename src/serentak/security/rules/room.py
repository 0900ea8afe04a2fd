"""What a situation room shows of what is open: the late first, then the grave, none left out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from .states import Severity

HEARD = timedelta(hours=1)
"""How long ago somebody under a place may have reported last before it is called silent."""
LOOKED_BACK = timedelta(hours=12)
"""How far one looks back for the last report; of what lies before it is said that it does."""
STARTED = timedelta(hours=1)


class Ticking(Protocol):
    """An incident with a clock that runs, or without one."""

    @property
    def severity(self) -> Severity: ...
    @property
    def since(self) -> datetime: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def is_past(self) -> bool: ...


T = TypeVar("T", bound=Ticking)


def by_clock(rows: Iterable[T]) -> list[T]:
    """Return incidents in the one order of all lists: past their clock first, then the graver.

    Of two that are alike the one whose clock ended or ends first, then the older; what no clock
    runs for stands last among them.
    """
    return sorted(
        rows,
        key=lambda row: (
            not row.is_past,
            -int(row.severity[1:]),
            row.due_at is None,
            row.due_at or row.since,
            row.since,
        ),
    )


def chosen(rows: Sequence[T], most: int) -> list[T]:
    """Return `most` incidents in that order; an emergency is left out for none that is not."""
    first = sorted(by_clock(rows), key=lambda row: row.severity is not Severity.S4)
    return by_clock(first[:most])


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Return whole minutes; 0 where `later` lies before."""
    return max(0, int((later - earlier).total_seconds() // 60))
