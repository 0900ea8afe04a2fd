"""What comes first: puts every open activity in one of four groups and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log10

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
    on it. `weight` orders alerts: consequence × kind of deadline × nearness × reach.
    """

    group: Group
    reason: Reason
    days: int
    stations: int
    voters: int
    dependents: int
    weight: float


def joint_weight(priorities: Sequence[Priority]) -> float:
    """Return the weight of one activity in several places: the heaviest, with the reach of all."""
    worst = max(priorities, key=lambda p: p.weight)
    reach = sum(p.stations for p in priorities)
    return worst.weight * log10(10 + reach) / log10(10 + worst.stations)


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

    1. What may be dropped and has nothing needed hanging on it, is named as such: wholly droppable
       work always, partly droppable work once its target is out of reach and enough is done.
    2. What can be worked on and is overdue, cannot meet deadline or target, or has next to no time,
       is to be finished now.
    3. What must begin soon or is late because it waits, is next. 4. The rest has time.
    """
    group, reason, days = _judge(
        definition, work, slot, today=today, thresholds=thresholds, catalogue=catalogue
    )
    touched = _reach(work, stations)
    return Priority(
        group=group,
        reason=reason,
        days=days,
        stations=touched,
        voters=_reach(work, voters),
        dependents=len(slot.dependents),
        weight=_weight(definition, slot, touched, thresholds),
    )


def group_sizes(priorities: Mapping[str, Priority]) -> Mapping[Group, int]:
    """Return how many activities stand in each group."""
    sizes = dict.fromkeys(Group, 0)
    for priority in priorities.values():
        sizes[priority.group] += 1
    return sizes


def _judge(
    definition: Definition,
    work: Work,
    slot: Slot,
    *,
    today: int,
    thresholds: Thresholds,
    catalogue: Catalogue,
) -> tuple[Group, Reason, int]:
    needed = any(catalogue.activities[k].drop is not Drop.FULLY for k in slot.dependents)
    short_of_target = -slot.slack_to_target
    if not needed and definition.drop is Drop.FULLY:
        return Group.MAY_BE_DROPPED, Reason.NOTHING_HANGS_ON_IT, slot.slack_to_target
    enough_done = work.done_share >= thresholds.partly_done_share
    if not needed and definition.drop is Drop.PARTLY and enough_done and short_of_target > 0:
        return Group.MAY_BE_DROPPED, Reason.REST_MAY_BE_DROPPED, short_of_target
    overdue = today - work.target_day
    if slot.startable or work.done:
        if overdue > 0:
            return Group.FINISH_NOW, Reason.OVERDUE, overdue
        if slot.slack_to_deadline < 0:
            return Group.FINISH_NOW, Reason.DEADLINE_OUT_OF_REACH, -slot.slack_to_deadline
        if short_of_target > 0:
            return Group.FINISH_NOW, Reason.TARGET_OUT_OF_REACH, short_of_target
        if slot.slack_to_deadline <= thresholds.now_days:
            return Group.FINISH_NOW, Reason.NO_SLACK, slot.slack_to_deadline
        if -overdue <= thresholds.now_days:
            return Group.FINISH_NOW, Reason.DUE_SOON, -overdue
    begins_in = planned_start(work, likely=slot.remaining) - today
    if short_of_target > 0:
        return Group.NEXT, Reason.WAITS, short_of_target
    if begins_in <= 0:
        return Group.NEXT, Reason.UNDER_WAY, 0
    if begins_in <= thresholds.next_days:
        return Group.NEXT, Reason.STARTS_SOON, begins_in
    return Group.LATER, Reason.HAS_TIME, begins_in


def _reach(work: Work, whole: int) -> int:
    """Return the part of `whole` that the open share of an activity touches, rounded up."""
    return -(-whole * (work.target - (work.done or 0)) // work.target)


def _weight(definition: Definition, slot: Slot, stations: int, thresholds: Thresholds) -> float:
    slack = min(slot.slack_to_deadline, slot.slack_to_target)
    nearness: float = 2.0 ** min(2.0, -slack / thresholds.nearness_half_life_days)
    return (
        thresholds.consequence_weights[definition.miss]
        * thresholds.deadline_weights[definition.deadline_kind]
        * nearness
        * log10(10 + stations)
    )
