"""What becomes of what a check found: who mends it promises, mends, and a later check confirms."""

from datetime import date
from enum import StrEnum

from serentak.kernel.machine import Machine
from serentak.kernel.status import Status


class DefectState(StrEnum):
    """How far a defect is."""

    FOUND = "FOUND"
    PROMISED = "PROMISED"
    MENDED = "MENDED"
    DISPUTED = "DISPUTED"
    MOVE_ASKED = "MOVE_ASKED"
    CONFIRMED = "CONFIRMED"


class DefectEvent(StrEnum):
    """What may happen to a defect."""

    PROMISE = "PROMISE"
    MEND = "MEND"
    DISPUTE = "DISPUTE"
    ASK_MOVE = "ASK_MOVE"
    FAIL_AGAIN = "FAIL_AGAIN"
    CONFIRM = "CONFIRM"


_S, _E = DefectState, DefectEvent

DEFECT_TRANSITIONS = Machine(
    {
        (_S.FOUND, _E.PROMISE): _S.PROMISED,
        (_S.FOUND, _E.MEND): _S.MENDED,
        (_S.FOUND, _E.DISPUTE): _S.DISPUTED,
        (_S.FOUND, _E.ASK_MOVE): _S.MOVE_ASKED,
        (_S.FOUND, _E.CONFIRM): _S.CONFIRMED,
        (_S.PROMISED, _E.PROMISE): _S.PROMISED,
        (_S.PROMISED, _E.MEND): _S.MENDED,
        (_S.PROMISED, _E.DISPUTE): _S.DISPUTED,
        (_S.PROMISED, _E.ASK_MOVE): _S.MOVE_ASKED,
        (_S.PROMISED, _E.CONFIRM): _S.CONFIRMED,
        (_S.MENDED, _E.FAIL_AGAIN): _S.FOUND,
        (_S.MENDED, _E.CONFIRM): _S.CONFIRMED,
        (_S.DISPUTED, _E.PROMISE): _S.PROMISED,
        (_S.DISPUTED, _E.MEND): _S.MENDED,
        (_S.DISPUTED, _E.ASK_MOVE): _S.MOVE_ASKED,
        (_S.DISPUTED, _E.FAIL_AGAIN): _S.FOUND,
        (_S.DISPUTED, _E.CONFIRM): _S.CONFIRMED,
        (_S.MOVE_ASKED, _E.PROMISE): _S.PROMISED,
        (_S.MOVE_ASKED, _E.MEND): _S.MENDED,
        (_S.MOVE_ASKED, _E.DISPUTE): _S.DISPUTED,
        (_S.MOVE_ASKED, _E.CONFIRM): _S.CONFIRMED,
    }
)


def defect_status(state: DefectState, *, due: date, promised: date | None, today: date) -> Status:
    """Return how a defect stands: late past its day, or past the day that was promised for it.

    Mended is at risk until a check confirms it.
    """
    if state is DefectState.CONFIRMED:
        return Status.DONE
    if state is DefectState.MENDED:
        return Status.AT_RISK
    if today > due or (state is DefectState.PROMISED and promised and today > promised):
        return Status.LATE
    if state is DefectState.PROMISED and promised and promised <= due:
        return Status.ON_TRACK
    return Status.AT_RISK
