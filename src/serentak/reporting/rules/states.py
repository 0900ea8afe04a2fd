"""How a daily report moves from waiting for its children to accepted above."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ReportState(StrEnum):
    """Where a report stands; ACCEPTED is locked."""

    WAITING = "WAITING"
    READY = "READY"
    SUBMITTED = "SUBMITTED"
    RETURNED = "RETURNED"
    ACCEPTED = "ACCEPTED"


class ReportEvent(StrEnum):
    """COMPLETE: every child has reported; CLOSE: one goes on without those that have not."""

    COMPLETE = "COMPLETE"
    CLOSE = "CLOSE"
    SUBMIT = "SUBMIT"
    RETURN = "RETURN"
    ACCEPT = "ACCEPT"


REPORT_TRANSITIONS: Mapping[tuple[ReportState, ReportEvent], ReportState] = {
    (ReportState.WAITING, ReportEvent.COMPLETE): ReportState.READY,
    (ReportState.WAITING, ReportEvent.CLOSE): ReportState.READY,
    (ReportState.READY, ReportEvent.SUBMIT): ReportState.SUBMITTED,
    (ReportState.SUBMITTED, ReportEvent.RETURN): ReportState.RETURNED,
    (ReportState.SUBMITTED, ReportEvent.ACCEPT): ReportState.ACCEPTED,
    (ReportState.RETURNED, ReportEvent.SUBMIT): ReportState.SUBMITTED,
}

EDITABLE = frozenset({ReportState.WAITING, ReportState.READY, ReportState.RETURNED})
"""States in which a desk may still change what its report says."""

HEARD = frozenset({ReportState.SUBMITTED, ReportState.ACCEPTED})
"""States in which the desk above counts a report as come."""


def report_after(state: ReportState, event: ReportEvent) -> ReportState | None:
    """Return the state after `event`, None where it cannot happen."""
    return REPORT_TRANSITIONS.get((state, event))


def readiness_event(*, missing: int, children_closed: bool) -> ReportEvent | None:
    """Return what ends the waiting: nobody is missing, or the children's hour has passed."""
    if not missing:
        return ReportEvent.COMPLETE
    return ReportEvent.CLOSE if children_closed else None
