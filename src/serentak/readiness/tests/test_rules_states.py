"""Every state × event of the two machines, and their diagrams in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from serentak.readiness.rules.states import (
    ACTIVITY_TRANSITIONS,
    TARGET_TRANSITIONS,
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


@pytest.mark.parametrize(
    ("name", "transitions"),
    [("target", TARGET_TRANSITIONS), ("activity", ACTIVITY_TRANSITIONS)],
)
def test_the_diagram_shows_the_transitions_of_the_code(
    name: str, transitions: dict[tuple[str, str], str]
) -> None:
    folder = next(p for p in Path(__file__).parents if (p / "pyproject.toml").exists()) / "docs"
    text = (folder / "states" / f"readiness-{name}.md").read_text("utf-8")
    drawn = set(re.findall(r"^\s*(\w+) --> (\w+): (\w+)$", text, re.MULTILINE))
    assert drawn == {(a.value, b.value, e.value) for (a, e), b in transitions.items()}
