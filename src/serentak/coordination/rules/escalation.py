"""How what is unanswered or overdue climbs by itself: a chain of steps for each kind of asking."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Annotated

from serentak.kernel.briefing import FigureClass
from serentak.kernel.entries import As, Class, Key, at_least, every, raise_faults, read
from serentak.kernel.workdays import DaysOff, add_hours

from .states import OWED, ActionState


class When(StrEnum):
    """From what a step counts its hours."""

    UNACKNOWLEDGED = "UNACKNOWLEDGED"
    OVERDUE = "OVERDUE"
    UNVERIFIED = "UNVERIFIED"


class Climb(StrEnum):
    """What a step does."""

    TELL_OWNER = "TELL_OWNER"
    TELL_SENDER = "TELL_SENDER"
    AGENDA = "AGENDA"
    PROPOSE_REMINDER = "PROPOSE_REMINDER"
    REPORT_TO_MINISTER = "REPORT_TO_MINISTER"


class Chain(StrEnum):
    """Which chain an action climbs."""

    STEERING = "STEERING"
    REQUEST = "REQUEST"
    VERIFICATION = "VERIFICATION"


class Days(StrEnum):
    """On which days clocks run."""

    ALL = "ALL"
    WORKING = "WORKING"


REQUESTING = frozenset({"REQUEST", "REPORT", "COORDINATION"})
"""Verbs towards those who decide for themselves; a request never climbs into a reminder."""


@dataclass(frozen=True, slots=True)
class Step:
    """After `hours` from `when`, `does` happens; `then` is the next step, None at the end."""

    key: Key
    when: When
    hours: Annotated[int, at_least(0)]
    does: Climb
    then: str | None


@dataclass(frozen=True, slots=True)
class _Listed:
    first: str
    steps: Mapping[str, Step]


def _chain(raw: object) -> tuple[Step, ...]:
    """Follow `then` from the first step and return the steps in that order."""
    listed = read(_Listed, raw)
    found: list[Step] = []
    key: str | None = listed.first
    while key is not None:
        if key not in listed.steps:
            raise ValueError(f"there is no step {key}")
        if listed.steps[key] in found:
            raise ValueError(f"{key} leads back to itself; a climb must end")
        found.append(listed.steps[key])
        key = found[-1].then
    raise_faults(f"{k} is never reached" for k, step in listed.steps.items() if step not in found)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Policy:
    """The chains, each in its order, with where the numbers come from."""

    chains: Annotated[Mapping[Chain, Annotated[tuple[Step, ...], As(_chain)]], every(Chain)]
    acknowledge_hours: int
    verify_hours: int
    days: Days
    all_days_from: Annotated[int, at_least(0)]
    all_days_until: Annotated[int, at_least(0)]
    figure_class: Class
    source: str
    date: date

    def __post_init__(self) -> None:
        faults = [
            f"{chain}: {step.key} counts from {step.when}"
            for chain, steps in self.chains.items()
            for step in steps
            if (step.when is When.UNVERIFIED) is not (chain is Chain.VERIFICATION)
        ]
        if any(step.does is Climb.PROPOSE_REMINDER for step in self.chains[Chain.REQUEST]):
            faults.append("REQUEST: a request never climbs into a reminder")
        to_asker = {Climb.TELL_SENDER, Climb.AGENDA}
        if any(step.does not in to_asker for step in self.chains[Chain.VERIFICATION]):
            faults.append("VERIFICATION: only who asked is told, and a meeting")
        if self.figure_class is FigureClass.SYNTHETIC:
            faults.append("class: is ASSUMED or SOURCED; nobody climbs by an invented rule")
        raise_faults(faults)


def days_off(policy: Policy, vote: date | None, *, holidays: Container[date]) -> Container[date]:
    """Return the days on which clocks stand still; around the vote no day is off."""
    if policy.days is Days.ALL:
        return ()
    if vote is None:
        return DaysOff(holidays)
    before, after = timedelta(policy.all_days_from), timedelta(policy.all_days_until)
    return DaysOff(holidays, vote - before, vote + after)


@dataclass(frozen=True, slots=True)
class Asked:
    """What climbing needs to know of an action; `due_at` is the end of its due date.

    Clocks run in `zone` and stand still on the days `off`.
    """

    verb: str
    state: ActionState
    asked_at: datetime
    due_at: datetime
    zone: tzinfo
    off: Container[date]
    climbed_to: str = ""
    done_at: datetime | None = None


def chain_of(asked: Asked) -> Chain:
    """Return which chain an action climbs: a deed that was reported waits for who asked."""
    if asked.state is ActionState.DONE:
        return Chain.VERIFICATION
    return Chain.REQUEST if asked.verb in REQUESTING else Chain.STEERING


def remaining(asked: Asked, policy: Policy) -> list[tuple[datetime, Step]]:
    """Return the steps that are still ahead and apply now, each with its moment, in their order."""
    chain, taken = _climbed(asked, policy)
    return [(_moment(asked, step), step) for step in chain[taken:] if _applies(asked, step)]


def _climbed(asked: Asked, policy: Policy) -> tuple[tuple[Step, ...], int]:
    """Return the chain of an action, and how many of its steps were taken or passed over."""
    chain = policy.chains[chain_of(asked)]
    # A step that the catalogue no longer knows counts as none taken.
    return chain, next((n for n, s in enumerate(chain, 1) if s.key == asked.climbed_to), 0)


def _applies(asked: Asked, step: Step) -> bool:
    match step.when:
        case When.UNACKNOWLEDGED:
            return asked.state is ActionState.OPEN
        case When.UNVERIFIED:
            return asked.state is ActionState.DONE
        case When.OVERDUE:
            # Who refused has answered; who asked owes a decision, and the deed is missing still.
            refused = asked.state is ActionState.REFUSED and step.does is not Climb.TELL_OWNER
            return refused or asked.state in OWED


def _moment(asked: Asked, step: Step) -> datetime:
    starts = {
        When.UNACKNOWLEDGED: asked.asked_at,
        When.OVERDUE: asked.due_at,
        When.UNVERIFIED: asked.done_at or asked.asked_at,
    }
    return add_hours(starts[step.when].astimezone(asked.zone), step.hours, off=asked.off)


def due_steps(asked: Asked, policy: Policy, *, at: datetime) -> list[Step]:
    """Return the steps whose moment has come, in their order."""
    return [step for moment, step in remaining(asked, policy) if moment <= at]


def next_moment(asked: Asked, policy: Policy) -> datetime | None:
    """Return when the next step is due, None if nothing is ahead."""
    return min((moment for moment, _ in remaining(asked, policy)), default=None)


def has_reached_agenda(asked: Asked, policy: Policy, *, at: datetime) -> bool:
    """Tell whether an action has climbed to a meeting and what made it climb still holds.

    A step whose moment comes after that of the last one taken was passed over: what is due at once
    is overdue before it counts as unanswered.
    """
    chain, taken = _climbed(asked, policy)
    return any(
        step.does is Climb.AGENDA
        and _moment(asked, step) <= _moment(asked, chain[taken - 1])
        and _applies(asked, step)
        and (step.when is not When.OVERDUE or asked.due_at <= at)
        for step in chain[:taken]
    )


def last_taken(climbed_to: str, policy: Policy) -> Step | None:
    """Return the last step taken; None if none was, or the policy no longer knows it."""
    steps = (step for chain in policy.chains.values() for step in chain)
    return next((step for step in steps if step.key == climbed_to), None)


def furthest(climbed_to: str, policy: Policy) -> Climb | None:
    """Return what the last step taken did; None if none was, or the policy no longer knows it."""
    step = last_taken(climbed_to, policy)
    return step.does if step else None
