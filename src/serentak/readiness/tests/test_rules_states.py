"""Every state × event of the two machines."""

import pytest

from serentak.readiness.rules.states import (
    ActivityEvent,
    ActivityState,
    TargetEvent,
    TargetState,
    activity_after,
    target_after,
)

PROPOSED, AGREED, REVISED = TargetState
OPEN, DROPPED = ActivityState


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    [
        (PROPOSED, TargetEvent.PROPOSE, PROPOSED),
        (PROPOSED, TargetEvent.AGREE, AGREED),
        (PROPOSED, TargetEvent.REVISE, None),
        (AGREED, TargetEvent.PROPOSE, None),
        (AGREED, TargetEvent.AGREE, None),
        (AGREED, TargetEvent.REVISE, REVISED),
        (REVISED, TargetEvent.PROPOSE, None),
        (REVISED, TargetEvent.AGREE, None),
        (REVISED, TargetEvent.REVISE, REVISED),
    ],
)
def test_target(state: TargetState, event: TargetEvent, expected: TargetState | None) -> None:
    assert target_after(state, event) is expected


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    [
        (OPEN, ActivityEvent.REPORT, OPEN),
        (OPEN, ActivityEvent.DROP, DROPPED),
        (OPEN, ActivityEvent.REINSTATE, None),
        (DROPPED, ActivityEvent.REPORT, None),
        (DROPPED, ActivityEvent.DROP, None),
        (DROPPED, ActivityEvent.REINSTATE, OPEN),
    ],
)
def test_activity(
    state: ActivityState, event: ActivityEvent, expected: ActivityState | None
) -> None:
    assert activity_after(state, event) is expected
