"""How an activity stands today, in the five statuses, and when its next report is due."""

from __future__ import annotations

from dataclasses import dataclass

from serentak.kernel.status import Status

from .schedule import Slot, Work
from .thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Hearing:
    """When an activity was last heard of (day, None if never) and how often it should be (days)."""

    last_day: int | None
    every: int


def planned_start(work: Work, *, likely: int) -> int:
    """Return the day in whose morning an activity must begin to meet its target at likely pace."""
    return work.target_day - likely + 1


def has_begun(work: Work, *, likely: int, today: int) -> bool:
    """Tell whether an activity should have begun or has."""
    return bool(work.done) or planned_start(work, likely=likely) <= today


def days_unheard(work: Work, hearing: Hearing, *, likely: int, today: int) -> int | None:
    """Return days since the last report, or since work should have begun; None if none is due."""
    if not work.open or not has_begun(work, likely=likely, today=today):
        return None
    begin = planned_start(work, likely=likely) - 1
    heard = begin if hearing.last_day is None else max(hearing.last_day, begin)
    return max(0, today - heard)


def is_report_due(work: Work, hearing: Hearing, *, likely: int, today: int) -> bool:
    """Tell whether a report is expected today."""
    unheard = days_unheard(work, hearing, likely=likely, today=today)
    return unheard is not None and unheard >= hearing.every


def is_silent(work: Work, hearing: Hearing, *, likely: int, today: int) -> bool:
    """Tell whether a report is overdue: a whole interval has passed without one."""
    unheard = days_unheard(work, hearing, likely=likely, today=today)
    return unheard is not None and unheard > hearing.every


def activity_status(
    work: Work,
    slot: Slot | None,
    hearing: Hearing,
    *,
    likely: int,
    today: int,
    thresholds: Thresholds,
) -> Status | None:
    """Return the status of an activity, None if its owner dropped it.

    Late is what was reported unfinished and has passed its target: falling silent afterwards does
    not make it less late. Otherwise silence outranks every forecast, since the forecast would rest
    on figures that nobody stands by.
    """
    if work.finished:
        return Status.DONE
    if work.dropped or slot is None:
        return None
    if today > work.target_day and hearing.last_day is not None:
        return Status.LATE
    if is_silent(work, hearing, likely=likely, today=today):
        return Status.NO_REPORT
    if slot.slack_to_target < 0 or slot.slack_to_deadline < thresholds.risk_slack_days:
        return Status.AT_RISK
    return Status.ON_TRACK
