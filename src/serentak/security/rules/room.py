"""What a situation room shows of what is open: the most overdue first, the grave never left out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from serentak.kernel.status import Status

from .standing import Counts, judged
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
    """Return incidents with the most overdue first, then by when the clock ends, then by age.

    What no clock runs for stands last, the graver first.
    """
    with_clock = [row for row in rows if row.due_at is not None]
    without = [row for row in rows if row.due_at is None]
    return [
        *sorted(with_clock, key=lambda row: (row.due_at, row.since)),
        *sorted(without, key=lambda row: (-int(row.severity[1:]), row.since)),
    ]


def chosen(rows: Sequence[T], most: int) -> list[T]:
    """Return `most` incidents by their clocks: all that are grave before any that is not."""
    ordered = by_clock(rows)
    if len(ordered) <= most:
        return ordered
    grave = [row for row in ordered if row.severity.is_grave]
    lesser = [row for row in ordered if not row.severity.is_grave]
    return by_clock([*grave, *lesser][:most])


def status_of(counts: Counts, *, is_heard: bool) -> Status:
    """Return how a place stands by what is open there; `is_heard`: something was told of it.

    It is judged as on every page, but for what was prepared, which is not the night's question.
    """
    judgement = judged(replace(counts, told=counts.open + is_heard))
    return judgement.status if judgement else Status.NO_REPORT


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Return whole minutes; 0 where `later` lies before."""
    return max(0, int((later - earlier).total_seconds() // 60))
