"""How a daily report moves from waiting for its children to accepted above."""

from enum import StrEnum

from serentak.kernel.machine import Machine


class ReportState(StrEnum):
    """Where a report stands; ACCEPTED is locked."""

    WAITING = "WAITING"
    READY = "READY"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    ACCEPTED = "ACCEPTED"


class ReportEvent(StrEnum):
    """COMPLETE: every child has reported; CLOSE: one goes on without those that have not.

    CORRECT stands beside what was signed and changes nothing of it.
    """

    COMPLETE = "COMPLETE"
    CLOSE = "CLOSE"
    SUBMIT = "SUBMIT"
    RETURN = "RETURN"
    ACCEPT = "ACCEPT"
    CORRECT = "CORRECT"


REPORT_TRANSITIONS = Machine[ReportState, ReportEvent](
    {
        (ReportState.WAITING, ReportEvent.COMPLETE): ReportState.READY,
        (ReportState.WAITING, ReportEvent.CLOSE): ReportState.READY,
        (ReportState.READY, ReportEvent.SUBMIT): ReportState.SUBMITTED,
        (ReportState.SUBMITTED, ReportEvent.RETURN): ReportState.RETURNED,
        (ReportState.SUBMITTED, ReportEvent.ACCEPT): ReportState.ACCEPTED,
        (ReportState.SUBMITTED, ReportEvent.CORRECT): ReportState.SUBMITTED,
        (ReportState.ACCEPTED, ReportEvent.CORRECT): ReportState.ACCEPTED,
        (ReportState.RETURNED, ReportEvent.SUBMIT): ReportState.SUBMITTED,
    }
)
report_after = REPORT_TRANSITIONS.after

EDITABLE = frozenset({ReportState.WAITING, ReportState.READY, ReportState.RETURNED})
"""States in which a desk may still change what its report says."""

HEARD = frozenset({ReportState.SUBMITTED, ReportState.ACCEPTED})
"""States in which the desk above counts a report as come."""


def readiness_event(*, missing: int, children_closed: bool) -> ReportEvent | None:
    """Return what ends the waiting: nobody is missing, or the children's hour has passed."""
    if not missing:
        return ReportEvent.COMPLETE
    return ReportEvent.CLOSE if children_closed else None
