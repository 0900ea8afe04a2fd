"""What a check may say, and which status follows from checks."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from serentak.kernel.entries import at_least, between
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status

MOST = 100_000
"""More than this is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By what numbers checks become a status; shares from 0 to 1."""

    unheard_days: Annotated[int, at_least(1)]
    late_below: Annotated[float, between(0, 1)]
    silent_share: Annotated[float, between(0, 1)]


@dataclass(frozen=True, slots=True)
class Checks:
    """What checks found, summed."""

    looked_at: int = 0
    in_order: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(self.looked_at + other.looked_at, self.in_order + other.in_order)

    @property
    def amiss(self) -> int:
        """How many are not in order."""
        return self.looked_at - self.in_order

    @property
    def share(self) -> float | None:
        """In order, divided by looked at; None where nothing was looked at."""
        return self.in_order / self.looked_at if self.looked_at else None


def require_plausible(
    *, looked_at: int, in_order: int, checked_date: date, source: str, today: date
) -> None:
    """Raise Refused, with the field, unless a check can be true on the day `today`."""
    if not 1 <= looked_at <= MOST:
        raise Refused("specimen.count_is_absurd", field="looked_at", limit=MOST)
    if not 0 <= in_order <= looked_at:
        raise Refused("specimen.more_in_order_than_looked_at", field="in_order", limit=looked_at)
    if checked_date > today:
        raise Refused("specimen.day_lies_ahead", field="checked_date")
    if not source.strip():
        raise Refused("specimen.source_is_missing", field="source")


def status_of(checks: Checks, *, silent: int, below: int, thresholds: Thresholds) -> Status:
    """Return a place's status from all checks at and under it; `silent` of `below` said nothing.

    Bad news is told whatever is silent, and silence is never green. Never done, for checks go on to
    the vote.
    """
    if checks.share is None:
        return Status.NO_REPORT
    if checks.share < thresholds.late_below:
        return Status.LATE
    if checks.amiss:
        return Status.AT_RISK
    is_silent = below > 0 and silent / below >= thresholds.silent_share
    return Status.NO_REPORT if is_silent else Status.ON_TRACK


def press_of(checks: Checks) -> Press:
    """Return how an alert presses: by what is at stake, and among equals by how much is amiss."""
    return Press(Harm.TIMETABLE, reach=checks.amiss)
