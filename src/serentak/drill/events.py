"""What is recorded when a scene is laid down."""

from __future__ import annotations

from dataclasses import dataclass

from serentak.platform.audit import Code, Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockMoved(Event):
    """A demonstration's clock went on by some hours."""

    hours: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneLoaded(Event):
    """A demonstration's data were written."""

    scene: Code
