"""How what is unanswered or overdue climbs by itself: a chain of steps for each kind of asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

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


REQUESTING = frozenset({"REQUEST", "REPORT", "COORDINATION"})
"""Verbs towards those who decide for themselves; a request never climbs into a reminder."""


@dataclass(frozen=True, slots=True)
class Step:
    """After `hours` from `when`, `does` happens."""

    key: str
    when: When
    hours: int
    does: Climb


@dataclass(frozen=True, slots=True)
class Policy:
    """The chains, each in its order, with where the numbers come from."""

    chains: Mapping[Chain, tuple[Step, ...]]
    acknowledge_hours: int
    verify_hours: int
    figure_class: str
    source: str
    date: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What climbing needs to know of an action; `due_at` is the end of its due date."""

    verb: str
    state: ActionState
    asked_at: datetime
    due_at: datetime
    climbed_to: str = ""
    done_at: datetime | None = None


def chain_of(asked: Asked) -> Chain:
    """Return which chain an action climbs: a deed that was reported waits for who asked."""
    if asked.state is ActionState.DONE:
        return Chain.VERIFICATION
    return Chain.REQUEST if asked.verb in REQUESTING else Chain.STEERING


def remaining(asked: Asked, policy: Policy) -> list[tuple[datetime, Step]]:
    """Return the steps that are still ahead and apply now, each with its moment, in their order."""
    chain = policy.chains[chain_of(asked)]
    keys = [step.key for step in chain]
    # A step that the catalogue no longer knows counts as none taken.
    taken = keys.index(asked.climbed_to) + 1 if asked.climbed_to in keys else 0
    return [(_moment(asked, step), step) for step in chain[taken:] if _applies(asked, step)]


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
    return starts[step.when] + timedelta(hours=step.hours)


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
    chain = policy.chains[chain_of(asked)]
    keys = [step.key for step in chain]
    # A step that the catalogue no longer knows counts as none taken.
    taken = keys.index(asked.climbed_to) if asked.climbed_to in keys else -1
    return any(
        step.does is Climb.AGENDA
        and _moment(asked, step) <= _moment(asked, chain[taken])
        and _applies(asked, step)
        and (step.when is not When.OVERDUE or asked.due_at <= at)
        for step in chain[: taken + 1]
    )


def furthest(climbed_to: str, policy: Policy) -> Climb | None:
    """Return what the last step taken did; None if none was, or the policy no longer knows it."""
    steps = (step for chain in policy.chains.values() for step in chain)
    return next((step.does for step in steps if step.key == climbed_to), None)


def parse_escalation(data: Any) -> Policy:
    """Read `escalation.yaml`; ValueError with one fault a line.

    Refused: a circle, a step that leads nowhere or is never reached, a reminder in the chain of
    requests, and in the chain of verification what does not concern who asked.
    """
    faults: list[str] = []
    chains = {chain: _chain(chain, data["chains"][chain.value], faults) for chain in Chain}
    if any(step.does is Climb.PROPOSE_REMINDER for step in chains[Chain.REQUEST]):
        faults.append("REQUEST: a request never climbs into a reminder")
    for chain, steps in chains.items():
        of_verification = chain is Chain.VERIFICATION
        faults += [
            f"{chain}: {s.key} counts from {s.when}"
            for s in steps
            if (s.when is When.UNVERIFIED) is not of_verification
        ]
    if {s.does for s in chains[Chain.VERIFICATION]} - {Climb.TELL_SENDER, Climb.AGENDA}:
        faults.append("VERIFICATION: only who asked is told, and a meeting")
    if data["class"] not in {"ASSUMED", "SOURCED"}:
        faults.append(f"class {data['class']} is neither ASSUMED nor SOURCED")
    if faults:
        raise ValueError("\n".join(faults))
    return Policy(
        chains=chains,
        acknowledge_hours=int(data["acknowledge_hours"]),
        verify_hours=int(data["verify_hours"]),
        figure_class=data["class"],
        source=data["source"],
        date=data["date"],
    )


def _chain(chain: Chain, data: Any, faults: list[str]) -> tuple[Step, ...]:
    """Follow `then` from the first step and return the steps in that order."""
    steps: list[Step] = []
    key: str | None = data["first"]
    seen: set[str] = set()
    while key is not None:
        if key in seen:
            faults.append(f"{chain}: {key} leads back to itself; a climb must end")
            break
        seen.add(key)
        raw = data["steps"].get(key)
        if raw is None:
            faults.append(f"{chain}: there is no step {key}")
            break
        if raw["hours"] < 0:
            faults.append(f"{chain}: {key} counts {raw['hours']} hours")
        steps.append(Step(key, When(raw["when"]), int(raw["hours"]), Climb(raw["does"])))
        key = raw.get("then")
    faults += [f"{chain}: {k} is never reached" for k in data["steps"] if k not in seen]
    return tuple(steps)
