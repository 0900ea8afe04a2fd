"""What is recorded when a scene is laid down."""

from serentak.platform.audit import Code, Event


class ClockMoved(Event):
    """A demonstration's clock went on by some hours."""

    hours: int


class SceneLoaded(Event):
    """A demonstration's data were written."""

    scene: Code
