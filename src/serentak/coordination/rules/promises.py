"""Whether a promise is kept: status of actions, how they press, and what a place's record says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Part, RollUp, Status, judge

from .states import UNDONE, ActionState


class Standing(StrEnum):
    """How an action stands today, from the most pressing to the settled."""

    OVERDUE = "OVERDUE"
    UNACKNOWLEDGED = "UNACKNOWLEDGED"
    REFUSED = "REFUSED"
    DUE_SOON = "DUE_SOON"
    RUNNING = "RUNNING"
    UNVERIFIED = "UNVERIFIED"
    TO_VERIFY = "TO_VERIFY"
    KEPT = "KEPT"
    KEPT_LATE = "KEPT_LATE"
    CANCELLED = "CANCELLED"


STATUS_OF: Mapping[Standing, Status] = {
    Standing.OVERDUE: Status.LATE,
    Standing.UNACKNOWLEDGED: Status.NO_REPORT,
    Standing.REFUSED: Status.AT_RISK,
    Standing.DUE_SOON: Status.AT_RISK,
    Standing.RUNNING: Status.ON_TRACK,
    Standing.UNVERIFIED: Status.AT_RISK,
    Standing.TO_VERIFY: Status.ON_TRACK,
    Standing.KEPT: Status.DONE,
    Standing.KEPT_LATE: Status.DONE,
}
"""A cancelled action counts nowhere."""

VETOES = frozenset({Standing.OVERDUE, Standing.UNACKNOWLEDGED, Standing.UNVERIFIED})
"""One of these, and a place is not on track: a promise past its day, a question without an answer,
a deed without a proof. What was refused was answered, and what ends soon may still be kept."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of `rules.yaml`."""

    roll_up: RollUp
    due_soon_days: int
    harms: Mapping[Standing, Harm]
    reprimand_after_days: int
    days_between_levels: int


def promised_date(due_date: date, first_due_date: date | None) -> date:
    """Return the day by which a promise is measured: a later day does not make a late one kept.

    `first_due_date` is the day promised first, None if it was never moved.
    """
    return min(first_due_date or due_date, due_date)


def standing(
    state: ActionState,
    *,
    due_date: date,
    first_due_date: date | None,
    done_date: date | None,
    acknowledge_by: datetime,
    verify_by: datetime | None,
    today: date,
    at: datetime,
    due_soon_days: int,
) -> Standing:
    """Return how an action stands; overdue is the day after the day promised first.

    `verify_by` is by when who asked should have verified, None if nothing is reported as done. What
    was refused is overdue like the rest when its day has passed: the deed is missing.
    """
    if state is ActionState.CANCELLED:
        return Standing.CANCELLED
    if state is ActionState.DONE:
        return Standing.UNVERIFIED if verify_by and at > verify_by else Standing.TO_VERIFY
    if state is ActionState.VERIFIED:
        promised = promised_date(due_date, first_due_date)
        return Standing.KEPT_LATE if done_date and done_date > promised else Standing.KEPT
    if today > promised_date(due_date, first_due_date):
        return Standing.OVERDUE
    if state is ActionState.REFUSED:
        return Standing.REFUSED
    if state is ActionState.OPEN and at > acknowledge_by:
        return Standing.UNACKNOWLEDGED
    if (due_date - today).days <= due_soon_days:
        return Standing.DUE_SOON
    return Standing.RUNNING


def days_overdue(due_date: date, *, state: ActionState, today: date) -> int:
    """Return by how many days an action that is owed or was refused is overdue, else 0.

    `due_date` is the day by which it is measured, see `promised_date`.
    """
    return max(0, (today - due_date).days) if state in UNDONE else 0


def press_of(found: Standing, *, due_date: date, today: date, thresholds: Thresholds) -> Press:
    """Return how an action presses; the days by which it is late press nobody."""
    return Press(
        harm=thresholds.harms.get(found, Harm.PAPER), days_left=max(0, (due_date - today).days)
    )


@dataclass(frozen=True, slots=True)
class Record:
    """What became of promises: how many of each standing.

    `for_minister` counts those overdue that climbed so far that they are reported to the Minister,
    `unheard` all that nobody acknowledged in time, whether their day has passed or not.
    """

    counts: Mapping[Standing, int]
    for_minister: int = 0
    unheard: int = 0

    def of(self, *standings: Standing) -> int:
        """Return how many stand in one of `standings`."""
        return sum(self.counts.get(s, 0) for s in standings)

    @property
    def kept(self) -> int:
        """Verified, and done in time."""
        return self.of(Standing.KEPT)

    @property
    def late(self) -> int:
        """Done late, or overdue now."""
        return self.of(Standing.KEPT_LATE, Standing.OVERDUE)

    @property
    def due(self) -> int:
        """What the share on time divides by: promises whose outcome is known."""
        return self.kept + self.late

    @property
    def open(self) -> int:
        """Everything that is not settled."""
        return self.total - self.of(Standing.KEPT, Standing.KEPT_LATE)

    @property
    def total(self) -> int:
        """All but cancelled ones."""
        return sum(n for s, n in self.counts.items() if s is not Standing.CANCELLED)

    @property
    def on_time(self) -> float | None:
        """The share from 0 to 1 of promises kept in time, None where none was due."""
        return self.kept / self.due if self.due else None


class Ground(StrEnum):
    """What decides how a place stands in what was asked there."""

    OVERDUE = "OVERDUE"
    UNANSWERED = "UNANSWERED"
    UNVERIFIED = "UNVERIFIED"
    TIGHT = "TIGHT"
    ALL_VERIFIED = "ALL_VERIFIED"
    RUNNING = "RUNNING"


_DECIDING: Mapping[Ground, tuple[Standing, ...]] = {
    Ground.OVERDUE: (Standing.OVERDUE,),
    Ground.UNANSWERED: (Standing.UNACKNOWLEDGED,),
    Ground.UNVERIFIED: (Standing.UNVERIFIED,),
    Ground.TIGHT: (Standing.DUE_SOON, Standing.REFUSED),
    Ground.ALL_VERIFIED: (Standing.KEPT, Standing.KEPT_LATE),
    Ground.RUNNING: (Standing.DUE_SOON, Standing.REFUSED, Standing.RUNNING, Standing.TO_VERIFY),
}


def status_of(record: Record, *, rule: RollUp) -> tuple[Status, Ground, int]:
    """Return the status of a place, what decides it, and how many of its actions do.

    What is reported to the Minister keeps a place late, however much was asked since.
    """
    vetoes = dict.fromkeys(VETOES, Status.AT_RISK)
    if record.for_minister:
        vetoes[Standing.OVERDUE] = Status.LATE
    found = judge(
        (
            Part(STATUS_OF[s], n, vetoes.get(s))
            for s, n in record.counts.items()
            if n and s in STATUS_OF
        ),
        rule=rule,
    )
    match found.because:
        case Status.LATE:
            ground = Ground.OVERDUE
        case Status.NO_REPORT:
            ground = Ground.UNANSWERED
        case Status.AT_RISK:
            is_unproven = record.of(Standing.UNVERIFIED)
            ground = Ground.UNVERIFIED if is_unproven else Ground.TIGHT
        case Status.DONE:
            ground = Ground.ALL_VERIFIED
        case _:
            ground = Ground.RUNNING
    return found.status, ground, record.of(*_DECIDING[ground])
