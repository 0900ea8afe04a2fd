"""What may happen to a target and to an activity: two small machines as tables."""

from datetime import date
from enum import StrEnum

from serentak.kernel.machine import Machine


class TargetState(StrEnum):
    """How binding a target date is."""

    PROPOSED = "PROPOSED"
    AGREED = "AGREED"
    REVISED = "REVISED"


class TargetEvent(StrEnum):
    """What is done to a target date."""

    PROPOSE = "PROPOSE"
    AGREE = "AGREE"
    REVISE = "REVISE"


class ActivityState(StrEnum):
    """Whether an activity is still to be done."""

    OPEN = "OPEN"
    DROPPED = "DROPPED"


class ActivityEvent(StrEnum):
    """What is done to an activity."""

    REPORT = "REPORT"
    DROP = "DROP"
    REINSTATE = "REINSTATE"


TARGET_TRANSITIONS = Machine[TargetState, TargetEvent](
    {
        (TargetState.PROPOSED, TargetEvent.PROPOSE): TargetState.PROPOSED,
        (TargetState.PROPOSED, TargetEvent.AGREE): TargetState.AGREED,
        (TargetState.AGREED, TargetEvent.REVISE): TargetState.REVISED,
        (TargetState.REVISED, TargetEvent.REVISE): TargetState.REVISED,
    }
)
"""The agreed date is the baseline and stands; whatever comes later is a revision beside it."""

ACTIVITY_TRANSITIONS = Machine[ActivityState, ActivityEvent](
    {
        (ActivityState.OPEN, ActivityEvent.REPORT): ActivityState.OPEN,
        (ActivityState.OPEN, ActivityEvent.DROP): ActivityState.DROPPED,
        (ActivityState.DROPPED, ActivityEvent.REINSTATE): ActivityState.OPEN,
    }
)

target_after = TARGET_TRANSITIONS.after
activity_after = ACTIVITY_TRANSITIONS.after


def target_version(target_date: date) -> int:
    """Return the mark of a target's date, which each change alters, for `check_unchanged`."""
    return target_date.toordinal()
