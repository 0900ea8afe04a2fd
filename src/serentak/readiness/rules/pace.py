"""How many days an activity still takes, from what its catalogue says and what was seen of it.

The catalogue's three durations count as much as a run of half the likely duration would. What
reports or a ledger show counts by the days that they span, the less the fewer reports there are:
one interval counts a third of its days, two a half, ten nearly all. The pace is the work of both
over the days of both, which is how a gamma prior and counted work are combined.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .activities import Durations
from .schedule import Work, remaining_days
from .shocks import ThreePoints

CATALOGUE_WEIGHT = 0.5
"""The catalogue's word counts as much as seeing this share of a run (assumed)."""

FEW_REPORTS = 2
"""n intervals between reports count n / (n + this) of the days that they span (assumed)."""

LEAST_SPREAD = 0.35
"""Even a pace seen for long leaves this share of the catalogue's spread, as a power (assumed)."""

NOTHING = ThreePoints(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What had been done by the end of a day, as it stands after corrections."""

    day: int
    done: int


def remaining_work(
    durations: Durations, work: Work, seen: Sequence[Seen], *, report_every: int, today: int
) -> ThreePoints:
    """Return the days that the open part of an activity takes from the day it can go on.

    `seen` is in the order of days; `report_every` days are the usual silence between two reports.
    Where no progress was seen the catalogue speaks, in whole days as the schedule has them. Since
    the last report work has gone on: at most for the usual silence in the likely case, not at all
    in the pessimistic one. A longer silence counts against the pace: not at all in the optimistic
    case, half in the likely, whole in the pessimistic one. A finished or dropped activity takes no
    days.
    """
    if not work.open:
        return NOTHING
    points = (durations.optimistic, durations.likely, durations.pessimistic)
    steps = _since_work_began(seen, work.done or 0, today)
    if len(steps) < 2:
        return ThreePoints(*(float(remaining_days(days, work)) for days in points))
    intervals = len(steps) - 1
    trust = intervals / (intervals + FEW_REPORTS)
    share = max(0, min(steps[-1].done, work.target) - steps[0].done) / work.target
    span = steps[-1].day - steps[0].day
    unseen = max(0, today - 1 - steps[-1].day)
    silence = max(0, unseen - report_every)
    prior = CATALOGUE_WEIGHT * durations.likely
    left = 1 - work.done_share

    def whole(idle: float) -> float:
        """Return the days of the whole activity at the pace that is believed."""
        days = trust * (span + idle)
        return (days + prior) / (trust * share + CATALOGUE_WEIGHT)

    spread = max(LEAST_SPREAD, (prior / (prior + trust * span)) ** 0.5)
    narrow = (durations.optimistic / durations.likely) ** spread
    wide = (durations.pessimistic / durations.likely) ** spread
    return ThreePoints(
        max(0.0, left * whole(0) * narrow - unseen),
        max(0.0, left * whole(silence / 2) - min(unseen, report_every)),
        left * whole(silence) * wide,
    )


def _since_work_began(seen: Sequence[Seen], done: int, today: int) -> list[Seen]:
    """Return what was seen from the last day on which nothing was done, one for each day."""
    by_day = {one.day: one for one in seen if one.day <= today}
    steps = sorted(by_day.values(), key=lambda one: one.day)
    if steps and steps[-1].done != done:
        steps[-1] = Seen(steps[-1].day, done)
    while len(steps) > 1 and steps[1].done <= 0:
        steps.pop(0)
    return steps if steps and steps[-1].done > 0 else []
