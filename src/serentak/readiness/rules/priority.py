"""What comes first: puts every open activity in one of four groups and says why."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from serentak.kernel.briefing import DeadlineKind
from serentak.kernel.pressing import Harm, Press

from .activities import Catalogue, Definition, Drop
from .progress import planned_start
from .schedule import Slot, Work
from .thresholds import Thresholds


class Group(StrEnum):
    """The four groups, most pressing first."""

    FINISH_NOW = "FINISH_NOW"
    NEXT = "NEXT"
    LATER = "LATER"
    MAY_BE_DROPPED = "MAY_BE_DROPPED"


class Reason(StrEnum):
    """Why an activity stands in its group; the page words it with the priority's numbers."""

    OVERDUE = "OVERDUE"
    DEADLINE_OUT_OF_REACH = "DEADLINE_OUT_OF_REACH"
    TARGET_OUT_OF_REACH = "TARGET_OUT_OF_REACH"
    NO_SLACK = "NO_SLACK"
    DUE_SOON = "DUE_SOON"
    WAITS = "WAITS"
    UNDER_WAY = "UNDER_WAY"
    STARTS_SOON = "STARTS_SOON"
    HAS_TIME = "HAS_TIME"
    NOTHING_HANGS_ON_IT = "NOTHING_HANGS_ON_IT"
    REST_MAY_BE_DROPPED = "REST_MAY_BE_DROPPED"


@dataclass(frozen=True, slots=True)
class Priority:
    """Group, reason and the numbers that the reason's sentence needs.

    `days` belongs to the reason: overdue by, missing, left, or until it must begin. `stations` and
    `voters` are those that a miss would touch, `dependents` how many kinds of open activities hang
    on it. `press` orders alerts.
    """

    group: Group
    reason: Reason
    days: int
    stations: int
    voters: int
    dependents: int
    press: Press


@dataclass(frozen=True, slots=True)
class Case:
    """An open activity as the rows of `RANKING` look at it; days, `overdue` below 0 is ahead.

    `is_needed` where something that must not be dropped waits for it, `may_be_worked_on` where it
    can begin or has, `is_light` where a miss costs comfort alone; `misses_by` counts against the
    target, `slack` against the deadline.
    """

    drop: Drop
    is_light: bool
    is_needed: bool
    is_mostly_done: bool
    may_be_worked_on: bool
    overdue: int
    misses_by: int
    slack: int
    begins_in: int
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Rank:
    """One way into a group: the reason, which is also the code of its sentence, when, its days."""

    reason: Reason
    group: Group
    holds: Callable[[Case], bool]
    days: Callable[[Case], int]


RANKING = (
    Rank(
        Reason.NOTHING_HANGS_ON_IT,
        Group.MAY_BE_DROPPED,
        lambda c: c.drop is Drop.FULLY and not c.is_needed,
        lambda c: -c.misses_by,
    ),
    Rank(
        Reason.REST_MAY_BE_DROPPED,
        Group.MAY_BE_DROPPED,
        lambda c: (
            c.drop is Drop.PARTLY
            and c.is_light
            and not c.is_needed
            and c.is_mostly_done
            and c.misses_by > 0
        ),
        lambda c: c.misses_by,
    ),
    Rank(
        Reason.OVERDUE,
        Group.FINISH_NOW,
        lambda c: c.may_be_worked_on and c.overdue > 0,
        lambda c: c.overdue,
    ),
    Rank(
        Reason.DEADLINE_OUT_OF_REACH,
        Group.FINISH_NOW,
        lambda c: c.may_be_worked_on and c.slack < 0,
        lambda c: -c.slack,
    ),
    Rank(
        Reason.TARGET_OUT_OF_REACH,
        Group.FINISH_NOW,
        lambda c: c.may_be_worked_on and c.misses_by > 0,
        lambda c: c.misses_by,
    ),
    Rank(
        Reason.NO_SLACK,
        Group.FINISH_NOW,
        lambda c: c.may_be_worked_on and c.slack <= c.thresholds.now_days,
        lambda c: c.slack,
    ),
    Rank(
        Reason.DUE_SOON,
        Group.FINISH_NOW,
        lambda c: c.may_be_worked_on and -c.overdue <= c.thresholds.now_days,
        lambda c: -c.overdue,
    ),
    Rank(Reason.WAITS, Group.NEXT, lambda c: c.misses_by > 0, lambda c: c.misses_by),
    Rank(Reason.UNDER_WAY, Group.NEXT, lambda c: c.begins_in <= 0, lambda _: 0),
    Rank(
        Reason.STARTS_SOON,
        Group.NEXT,
        lambda c: c.begins_in <= c.thresholds.next_days,
        lambda c: c.begins_in,
    ),
    Rank(Reason.HAS_TIME, Group.LATER, lambda _: True, lambda c: c.begins_in),
)
"""Every way into a group; the first that holds decides, and the last always does.

The days and shares that they compare with are `catalogue/rules.yaml`'s, each with its source.
"""


def prioritise(
    definition: Definition,
    work: Work,
    slot: Slot,
    *,
    stations: int,
    voters: int,
    today: int,
    thresholds: Thresholds,
    catalogue: Catalogue,
) -> Priority:
    """Return the priority of an open activity at a place of so many stations and voters.

    `RANKING` is the rule; in words:

    1. What may be dropped and has nothing needed hanging on it, is named as such: wholly droppable
       work always, partly droppable work whose miss costs comfort alone, once its target is out of
       reach and enough is done. Of other work the missing half may be the half that matters.
    2. What can be worked on and is overdue, cannot meet deadline or target, or has next to no time,
       is to be finished now.
    3. What must begin soon or is late because it waits, is next. 4. The rest has time.
    """
    case = Case(
        drop=definition.drop,
        is_light=thresholds.harms[definition.miss] is Harm.PAPER,
        is_needed=any(catalogue.activities[k].drop is not Drop.FULLY for k in slot.dependents),
        is_mostly_done=work.done_share >= thresholds.partly_done_share,
        may_be_worked_on=slot.startable or bool(work.done),
        overdue=today - work.target_day,
        misses_by=-slot.slack_to_target,
        slack=slot.slack_to_deadline,
        begins_in=planned_start(work, likely=slot.remaining) - today,
        thresholds=thresholds,
    )
    rank = next(rank for rank in RANKING if rank.holds(case))
    touched = _reach(work, stations)
    return Priority(
        group=rank.group,
        reason=rank.reason,
        days=rank.days(case),
        stations=touched,
        voters=_reach(work, voters),
        dependents=len(slot.dependents),
        press=_press(definition, slot, touched, thresholds),
    )


def _reach(work: Work, whole: int) -> int:
    """Return the part of `whole` that the open share of an activity touches, rounded up."""
    return -(-whole * (work.target - (work.done or 0)) // work.target)


def _press(definition: Definition, slot: Slot, stations: int, thresholds: Thresholds) -> Press:
    """Return how it presses: what waits for it is counted back to the last day on which to begin.

    What the law ends on a day of its own cannot be made up for afterwards.
    """
    is_legal = definition.deadline_kind is DeadlineKind.LEGAL
    return Press(
        harm=thresholds.harms[definition.miss],
        days_left=max(0, slot.slack_to_deadline),
        is_final=is_legal and definition.deadline is not None,
        reach=stations,
    )
