"""The course of a case: states and what may happen in each, clocks, and who hears of a lapse."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from serentak.kernel.codes import Level
from serentak.kernel.workdays import add_working_days

if TYPE_CHECKING:
    from .catalogue import Step, Term


class CaseState(StrEnum):
    """Where a case stands."""

    AT_TASK_FORCE = "AT_TASK_FORCE"
    AT_SUPERVISOR = "AT_SUPERVISOR"
    AT_BKN = "AT_BKN"
    AT_AUTHORITY = "AT_AUTHORITY"
    NOT_FOLLOWED_UP = "NOT_FOLLOWED_UP"
    BLOCKED = "BLOCKED"
    SANCTIONED = "SANCTIONED"
    NOT_PROVEN = "NOT_PROVEN"


class CaseEvent(StrEnum):
    """What happens to a case."""

    STUDY = "STUDY"
    """the task force hands it to the supervisor"""
    FORWARD = "FORWARD"
    """the supervisor hands it to the civil service agency"""
    RECOMMEND = "RECOMMEND"
    """a sanction is recommended to the appointing authority"""
    EXTEND = "EXTEND"
    CLOCK_RUNS_OUT = "CLOCK_RUNS_OUT"
    HAND_OVER = "HAND_OVER"
    """another authority decides, since this one has a part in the race"""
    BLOCK = "BLOCK"
    """the civil service agency blocks the person's records"""
    SANCTION = "SANCTION"
    FIND_NOT_PROVEN = "FIND_NOT_PROVEN"


_S, _E = CaseState, CaseEvent

CASE_TRANSITIONS: Mapping[tuple[CaseState, CaseEvent], CaseState] = {
    (_S.AT_TASK_FORCE, _E.STUDY): _S.AT_SUPERVISOR,
    (_S.AT_TASK_FORCE, _E.CLOCK_RUNS_OUT): _S.AT_TASK_FORCE,
    (_S.AT_TASK_FORCE, _E.FIND_NOT_PROVEN): _S.NOT_PROVEN,
    (_S.AT_SUPERVISOR, _E.FORWARD): _S.AT_BKN,
    (_S.AT_SUPERVISOR, _E.RECOMMEND): _S.AT_AUTHORITY,
    (_S.AT_SUPERVISOR, _E.EXTEND): _S.AT_SUPERVISOR,
    (_S.AT_SUPERVISOR, _E.CLOCK_RUNS_OUT): _S.AT_SUPERVISOR,
    (_S.AT_SUPERVISOR, _E.FIND_NOT_PROVEN): _S.NOT_PROVEN,
    (_S.AT_BKN, _E.RECOMMEND): _S.AT_AUTHORITY,
    (_S.AT_BKN, _E.CLOCK_RUNS_OUT): _S.AT_BKN,
    (_S.AT_BKN, _E.FIND_NOT_PROVEN): _S.NOT_PROVEN,
    (_S.AT_AUTHORITY, _E.CLOCK_RUNS_OUT): _S.NOT_FOLLOWED_UP,
    (_S.AT_AUTHORITY, _E.HAND_OVER): _S.AT_AUTHORITY,
    (_S.AT_AUTHORITY, _E.SANCTION): _S.SANCTIONED,
    (_S.AT_AUTHORITY, _E.FIND_NOT_PROVEN): _S.NOT_PROVEN,
    (_S.NOT_FOLLOWED_UP, _E.CLOCK_RUNS_OUT): _S.NOT_FOLLOWED_UP,
    (_S.NOT_FOLLOWED_UP, _E.HAND_OVER): _S.AT_AUTHORITY,
    (_S.NOT_FOLLOWED_UP, _E.BLOCK): _S.BLOCKED,
    (_S.NOT_FOLLOWED_UP, _E.SANCTION): _S.SANCTIONED,
    (_S.NOT_FOLLOWED_UP, _E.FIND_NOT_PROVEN): _S.NOT_PROVEN,
    (_S.BLOCKED, _E.HAND_OVER): _S.AT_AUTHORITY,
    (_S.BLOCKED, _E.SANCTION): _S.SANCTIONED,
    (_S.BLOCKED, _E.FIND_NOT_PROVEN): _S.NOT_PROVEN,
}
"""Records stay blocked until somebody decides; a sanction or a finding lifts the block."""

CLOSED_STATES = frozenset({CaseState.SANCTIONED, CaseState.NOT_PROVEN})
OPEN_STATES = tuple(state for state in CaseState if state not in CLOSED_STATES)
RECOMMENDED_STATES = frozenset({_S.AT_AUTHORITY, _S.NOT_FOLLOWED_UP, _S.BLOCKED, _S.SANCTIONED})
"""A case in one of these was recommended to an appointing authority."""


class Stake(StrEnum):
    """What part an appointing authority has in the race."""

    CANDIDATE = "CANDIDATE"
    RELATED = "RELATED"


class ReplyKind(StrEnum):
    """What came of the person's right to reply."""

    GIVEN = "GIVEN"
    DECLINED = "DECLINED"
    NO_ANSWER = "NO_ANSWER"


def after(state: CaseState, event: CaseEvent) -> CaseState | None:
    """Return the state after `event`, None if it may not happen now."""
    return CASE_TRANSITIONS.get((state, event))


def events_at(state: CaseState) -> tuple[CaseEvent, ...]:
    """Return what may happen to a case in `state`."""
    return tuple(event for at, event in CASE_TRANSITIONS if at is state)


def event_to_next(state: CaseState, track: Collection[CaseState]) -> CaseEvent | None:
    """Return the event that takes a case one step on along its track, None at the track's end."""
    way = list(track)
    if state not in way or state is way[-1]:
        return None
    wanted = way[way.index(state) + 1]
    return next(
        (e for (at, e), to in CASE_TRANSITIONS.items() if at is state and to is wanted), None
    )


def ends(start: date, term: Term, *, holidays: Collection[date]) -> date:
    """Return the last day of a term that begins on `start`; that day is not counted."""
    if term.kind == "WORKING":
        return add_working_days(start, term.days, holidays=holidays)
    return start + timedelta(days=term.days)


@dataclass(frozen=True, slots=True)
class Lapse:
    """What follows when a clock runs out: the state, to whom the case climbs, the next clock.

    `climbs` counts the climbs at the step that the case is at afterwards; `due_date` is None when
    nobody stands higher.
    """

    state: CaseState
    climbed_to: str
    climbs: int
    due_date: date | None


def lapse(
    step: Step,
    next_step: Step,
    *,
    climbs: int,
    due_date: date,
    level: Level,
    holidays: Collection[date],
) -> Lapse:
    """Return what follows when the clock of `step`, due on `due_date`, has run out.

    `next_step` is the step of the state that follows, which may be the same. The next clock begins
    on the day after which this one had run out, not on the day somebody notices.
    """
    line = step.climbs_from(level)
    climbed_to = line[min(climbs, len(line) - 1)] if line else ""
    if next_step.state is not step.state:
        term = next_step.term
        due = ends(due_date, term, holidays=holidays) if term else None
        return Lapse(next_step.state, climbed_to, 0, due)
    higher = climbs + 1 < len(line)
    due = ends(due_date, step.again, holidays=holidays) if higher and step.again else None
    return Lapse(step.state, climbed_to, climbs + 1, due)


def past_since(*, due_date: date | None, lapsed_date: date | None, today: date) -> date | None:
    """Return the day on which a clock of an open case ran out, marked already or not; else None."""
    if lapsed_date is not None:
        return lapsed_date
    return due_date if due_date is not None and due_date < today else None
