"""How an activity stands today, in the five statuses, and when its next report is due."""

from serentak.kernel.status import Status

from .schedule import Slot, Work
from .thresholds import Thresholds


def planned_start(work: Work, *, likely: int) -> int:
    """Return the day in whose morning an activity must begin to meet its target at likely pace."""
    return work.target_day - likely + 1


def has_begun(work: Work, *, likely: int, today: int) -> bool:
    """Tell whether an activity should have begun or has."""
    return bool(work.done) or planned_start(work, likely=likely) <= today


def days_unheard(work: Work, last_day: int | None, *, likely: int, today: int) -> int | None:
    """Return days since the last report, or since work should have begun; None if none is owed.

    `last_day` is the day of the last report, None if there was none.
    """
    if not work.open or not has_begun(work, likely=likely, today=today):
        return None
    begin = planned_start(work, likely=likely) - 1
    return max(0, today - (begin if last_day is None else max(last_day, begin)))


def is_report_due(unheard: int | None, *, every: int) -> bool:
    """Tell whether a report is expected today: `every` days have passed without one."""
    return unheard is not None and unheard >= every


def is_silent(unheard: int | None, *, every: int) -> bool:
    """Tell whether a report is overdue: it was due yesterday or before."""
    return unheard is not None and unheard > every


def activity_status(
    work: Work,
    slot: Slot | None,
    *,
    was_heard: bool,
    silent: bool,
    today: int,
    thresholds: Thresholds,
) -> Status | None:
    """Return the status of an activity, None if its owner dropped it.

    Late is what was reported unfinished (`was_heard`) and has passed its target: falling silent
    afterwards does not make it less late. Otherwise silence outranks every forecast, since the
    forecast would rest on figures that nobody stands by.
    """
    if work.finished:
        return Status.DONE
    if slot is None:
        return None
    if today > work.target_day and was_heard:
        return Status.LATE
    if silent:
        return Status.NO_REPORT
    if slot.slack_to_target < 0 or slot.slack_to_deadline < thresholds.risk_slack_days:
        return Status.AT_RISK
    return Status.ON_TRACK
