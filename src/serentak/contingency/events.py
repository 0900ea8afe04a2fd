"""What is recorded when plans are started, their steps noted, and runs ended."""

from dataclasses import field

from serentak.platform.audit import PERSONAL, Code, Event


class PlanStarted(Event):
    """A plan was started; so many of its steps were asked of institutions in writing."""

    plan: Code
    is_rehearsal: bool
    steps: int
    asked: int


class StepNoted(Event):
    """The desk noted a step as done, dropped it, or took that back."""

    plan: Code
    step: int
    event: Code
    is_rehearsal: bool = False
    reason: str = field(default="", metadata=PERSONAL)


class RunFinished(Event):
    """A run was ended, or called off for a reason."""

    plan: Code
    event: Code
    is_rehearsal: bool = False
    reason: str = field(default="", metadata=PERSONAL)


class ConfidedRunChanged(Event):
    """Something was done to a run of which only some may know; it is news on no feed."""

    plan: Code
    event: Code
    is_rehearsal: bool = False
    step: int | None = None
    reason: str = field(default="", metadata=PERSONAL)
