"""The course of a case: its states, and what may happen in each."""

from collections.abc import Sequence
from enum import StrEnum

from serentak.kernel.machine import Machine


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

CASE_TRANSITIONS = Machine[CaseState, CaseEvent](
    {
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
)
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


after = CASE_TRANSITIONS.after
events_at = CASE_TRANSITIONS.events_at


def event_to_next(state: CaseState, track: Sequence[CaseState]) -> CaseEvent | None:
    """Return the event that takes a case one step on along its track, None at the track's end."""
    if state not in track or state is track[-1]:
        return None
    wanted = track[track.index(state) + 1]
    return next((event for event in events_at(state) if after(state, event) is wanted), None)
