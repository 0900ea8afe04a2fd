"""Plans for when it happens, what may be said about a step, and what becomes of a run."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from serentak.kernel.entries import (
    Among,
    Class,
    Dated,
    Key,
    Named,
    Source,
    Text,
    at_least,
    raise_faults,
    some,
)
from serentak.kernel.machine import Machine

OWN_DUTY = "OWN_DUTY"
"""What an institution does by its own rules: nobody asks it, the desk follows it."""

FIRST_MINUTES = 10

LONGEST_REASON = 300
"""Characters of why a step is dropped or a run called off."""


class RunState(StrEnum):
    """Whether a plan is being carried out."""

    RUNNING = "RUNNING"
    ENDED = "ENDED"
    STOPPED = "STOPPED"


class RunEvent(StrEnum):
    """What ends a run: all is done, or it is called off."""

    END = "END"
    STOP = "STOP"


class StepState(StrEnum):
    """How far a step is, as the desk noted it."""

    OPEN = "OPEN"
    DONE = "DONE"
    SKIPPED = "SKIPPED"


class StepEvent(StrEnum):
    """What the desk notes of a step."""

    FINISH = "FINISH"
    DROP = "DROP"
    UNDO = "UNDO"


START = "START"
"""How a run begins, where its history says so."""

RUN_TRANSITIONS = Machine[RunState, RunEvent](
    {
        (RunState.RUNNING, RunEvent.END): RunState.ENDED,
        (RunState.RUNNING, RunEvent.STOP): RunState.STOPPED,
    }
)

STEP_TRANSITIONS = Machine[StepState, StepEvent](
    {
        (StepState.OPEN, StepEvent.FINISH): StepState.DONE,
        (StepState.OPEN, StepEvent.DROP): StepState.SKIPPED,
        (StepState.DONE, StepEvent.UNDO): StepState.OPEN,
    }
)


# --- the catalogue


@dataclass(frozen=True, slots=True)
class Law:
    """A ground in law; `confidence` H, M or L."""

    key: Key
    cite: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What somebody does in the first ten minutes, `minute` after the start."""

    minute: Annotated[int, Named("min"), at_least(0)]
    who: str
    text: Text


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who has to do what, `by` so many minutes after the start.

    `verb` is the most that a governor may say to them about it, `OWN_DUTY` where nobody asks.
    `decides` says that it changes the vote, which the commission alone does.
    """

    n: Annotated[int, at_least(1)]
    who: str
    by: Annotated[int, at_least(1)]
    verb: str
    text: Text
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Precedent:
    """When it happened before; `until` is the last day of which it tells."""

    text: Text
    until: Dated
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done when one kind of thing happens; `kinds` are kinds of incidents."""

    key: Key
    name: Text
    kinds: Annotated[tuple[str, ...], some]
    owner: str
    trigger: Text
    first_ten: Annotated[tuple[Moment, ...], some]
    steps: Annotated[tuple[Step, ...], some]
    desk_does: Annotated[tuple[Text, ...], some]
    desk_never: Annotated[tuple[Text, ...], some]
    law: tuple[Annotated[str, Among("law")], ...]
    precedent: tuple[Precedent, ...]
    ends: Text
    precedent_note: Text | None = None

    def __post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[str]:
        if [step.n for step in self.steps] != list(range(1, len(self.steps) + 1)):
            yield "steps: are numbered from 1"
        if not _rise([step.by for step in self.steps]):
            yield "steps: minutes must not fall"
        minutes = [moment.minute for moment in self.first_ten]
        if not _rise(minutes) or minutes[-1] > FIRST_MINUTES:
            yield f"first_ten: minutes must not fall, nor pass {FIRST_MINUTES}"
        if not self.precedent and self.precedent_note is None:
            yield "precedent_note: says why no precedent is known"

    def step(self, n: int) -> Step | None:
        """Return a step by its number, None where the plan has it no more."""
        return next((step for step in self.steps if step.n == n), None)


@dataclass(frozen=True, slots=True)
class Plans:
    """All plans with what they share."""

    figure_class: Class
    source: Annotated[str, Among("sources")]
    far: Text
    sources: Mapping[str, Source]
    law: Mapping[str, Law]
    always_never: tuple[Text, ...]
    plans: Mapping[str, Plan]


def _rise(minutes: Collection[int]) -> bool:
    return list(minutes) == sorted(minutes)


# --- who says what

SOFTER = ("REQUEST", "COORDINATION")
"""What is said where the plan's own verb is not for the one who speaks."""


def spoken(verb: str, allowed: Collection[str]) -> str:
    """Return what is said about a step by one who may say `allowed`, never more than the plan.

    `OWN_DUTY` where nobody asks: the plan says so, or nothing may be said.
    """
    if verb == OWN_DUTY:
        return OWN_DUTY
    softer = SOFTER[-1:] if verb == "COORDINATION" else SOFTER
    return next((said for said in (verb, *softer) if said in allowed), OWN_DUTY)


ASKS = frozenset({"INSTRUCTION", "DIRECTIVE", "REQUEST"})
"""The verbs about which somebody is asked in writing; the rest is only followed."""
