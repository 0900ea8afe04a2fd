"""What may happen to a meeting, an action and a letter: three machines as tables."""

from enum import StrEnum

from serentak.kernel.machine import Machine


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "PLANNED"
    HELD = "HELD"
    CLOSED = "CLOSED"


class MeetingEvent(StrEnum):
    """What is done to a meeting."""

    HOLD = "HOLD"
    RECORD = "RECORD"
    CLOSE = "CLOSE"


class ActionState(StrEnum):
    """Where an action stands between asking and proof."""

    OPEN = "OPEN"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    VERIFIED = "VERIFIED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"


class ActionEvent(StrEnum):
    """What is done to an action: the first four by who answers, the others by who asked."""

    ACKNOWLEDGE = "ACKNOWLEDGE"
    START = "START"
    COMPLETE = "COMPLETE"
    REFUSE = "REFUSE"
    VERIFY = "VERIFY"
    REJECT = "REJECT"
    CANCEL = "CANCEL"
    REOPEN = "REOPEN"


class LetterState(StrEnum):
    """Where a letter stands; number and signature come from the state's own systems."""

    DRAFT = "DRAFT"
    SENT = "SENT"
    DISCARDED = "DISCARDED"


class LetterEvent(StrEnum):
    """What is done to a letter."""

    REVISE = "REVISE"
    SEND = "SEND"
    DISCARD = "DISCARD"


_M, _A, _L = MeetingState, ActionState, LetterState

MEETING_TRANSITIONS = Machine[MeetingState, MeetingEvent](
    {
        (_M.PLANNED, MeetingEvent.HOLD): _M.HELD,
        (_M.HELD, MeetingEvent.RECORD): _M.HELD,
        (_M.HELD, MeetingEvent.CLOSE): _M.CLOSED,
    }
)

ACTION_TRANSITIONS = Machine[ActionState, ActionEvent](
    {
        (_A.OPEN, ActionEvent.ACKNOWLEDGE): _A.ACKNOWLEDGED,
        (_A.OPEN, ActionEvent.START): _A.IN_PROGRESS,
        (_A.OPEN, ActionEvent.COMPLETE): _A.DONE,
        (_A.OPEN, ActionEvent.REFUSE): _A.REFUSED,
        (_A.OPEN, ActionEvent.CANCEL): _A.CANCELLED,
        (_A.ACKNOWLEDGED, ActionEvent.START): _A.IN_PROGRESS,
        (_A.ACKNOWLEDGED, ActionEvent.COMPLETE): _A.DONE,
        (_A.ACKNOWLEDGED, ActionEvent.REFUSE): _A.REFUSED,
        (_A.ACKNOWLEDGED, ActionEvent.CANCEL): _A.CANCELLED,
        (_A.IN_PROGRESS, ActionEvent.COMPLETE): _A.DONE,
        (_A.IN_PROGRESS, ActionEvent.REFUSE): _A.REFUSED,
        (_A.IN_PROGRESS, ActionEvent.CANCEL): _A.CANCELLED,
        (_A.DONE, ActionEvent.VERIFY): _A.VERIFIED,
        (_A.DONE, ActionEvent.REJECT): _A.IN_PROGRESS,
        (_A.VERIFIED, ActionEvent.REOPEN): _A.IN_PROGRESS,
        (_A.REFUSED, ActionEvent.REOPEN): _A.OPEN,
        (_A.REFUSED, ActionEvent.CANCEL): _A.CANCELLED,
    }
)
"""Who answers may skip steps: an early answer is an acknowledgement too."""

LETTER_TRANSITIONS = Machine[LetterState, LetterEvent](
    {
        (_L.DRAFT, LetterEvent.REVISE): _L.DRAFT,
        (_L.DRAFT, LetterEvent.SEND): _L.SENT,
        (_L.DRAFT, LetterEvent.DISCARD): _L.DISCARDED,
    }
)

ANSWERS = frozenset(
    {ActionEvent.ACKNOWLEDGE, ActionEvent.START, ActionEvent.COMPLETE, ActionEvent.REFUSE}
)
"""What only the institution that answers may do; everything else is for the one that asked."""

NEEDS_A_REASON = frozenset(
    {ActionEvent.REFUSE, ActionEvent.REJECT, ActionEvent.CANCEL, ActionEvent.REOPEN}
)

OWED = (_A.OPEN, _A.ACKNOWLEDGED, _A.IN_PROGRESS)
"""The deed is still owed by who answers."""

UNDONE = (*OWED, _A.REFUSED)
"""The deed is missing, whether it is owed or was refused."""

UNSETTLED = (*OWED, _A.DONE, _A.REFUSED)
"""Somebody still has to do something."""

SETTLED = (_A.VERIFIED, _A.CANCELLED)
"""Nobody has to do anything any more."""


def events_of(state: ActionState, *, answers: bool, asks: bool) -> list[ActionEvent]:
    """Return what may be done now by one who `answers` for the action, who `asks`, or both."""
    return [
        event
        for event in ActionEvent
        if (state, event) in ACTION_TRANSITIONS and (answers if event in ANSWERS else asks)
    ]
