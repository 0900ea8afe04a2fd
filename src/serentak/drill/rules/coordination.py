"""What the story's desk asks of others, at meetings and on visits, and what becomes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import As, Countdown, Key, read


@dataclass(frozen=True, slots=True)
class Seat:
    """An institution by its kind and place."""

    kind: str
    place: PlaceCode


def _seat(raw: object) -> Seat:
    return Seat(*read(tuple[str, PlaceCode], raw))


@dataclass(frozen=True, slots=True)
class LetterStory:
    """A letter that was drafted on a day; with a number it was sent."""

    day: Countdown
    verb: str
    number: str = ""


STEPS = ("acknowledge", "start", "complete", "verify")


def _step(name: str) -> str:
    if name not in STEPS:
        raise ValueError(f"{name} is no step")
    return name


@dataclass(frozen=True, slots=True)
class ActionTurn:
    """What who answers, or who asked, does on a day: acknowledge, start, complete, verify."""

    day: Countdown
    step: Annotated[str, _step]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An outcome, with what became of it; without an owner it is information."""

    key: Key
    kind: str
    text: str
    owner: Annotated[Seat | None, As(_seat)] = None
    due: Countdown | None = None
    check: Countdown | None = None
    evidence: str = ""
    person: str = ""
    letters: tuple[LetterStory, ...] = ()
    then: tuple[ActionTurn, ...] = ()

    def __post_init__(self) -> None:
        if (self.owner is None) != (self.kind == "INFORMATION"):
            raise ValueError("owner: all but information needs who answers")
        if self.owner is not None and None in (self.due, self.check):
            raise ValueError("due, check: it needs a due day and a check")


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting: planned on a day, held on another if the scene is later."""

    key: Key
    theme: str
    planned: Countdown
    day: Countdown
    venue: str
    chair: str
    agenda: tuple[str, ...]
    absent: frozenset[PlaceCode] = frozenset()
    represented: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit of guidance to the regent or mayor who answers for what follows."""

    day: Countdown
    team: str
    findings: str
    advice: str
    then: Asked


@dataclass(frozen=True, slots=True)
class Coordinated:
    """The story of coordination; see `catalogue/coordination.yaml`."""

    host: Annotated[Seat, As(_seat)]
    invited: tuple[str, ...]
    meetings: tuple[Held, ...]
    visits: tuple[Visited, ...]
