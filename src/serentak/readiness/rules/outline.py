"""What a plan says before anything is done: its longest chain, and the room beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from serentak.kernel.codes import Level, PlaceCode

from .activities import Catalogue
from .network import build_network
from .schedule import Work, compute_schedule, critical_path, tightest_path
from .thresholds import Thresholds

_PLACES = {Level.PROVINCE: PlaceCode("16"), Level.REGENCY: PlaceCode("16.01")}
"""A province with one regency: the shape of a plan does not depend on how many there are."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A plan at a province with one regency, nothing done, each activity at its likely duration.

    `steps` are the longest chain to the goal, first to last, with their days; `days` are all of
    them; `begin` is the last day (counted from the vote) on which the chain can begin. `slack` has
    the days from each activity's target to the last day that all deadlines behind it allow, by key,
    the least of its levels; below zero the target is too late for what waits for it. `to_goal` says
    whether a goal of the thresholds stands in the plan.
    """

    steps: tuple[tuple[str, int], ...]
    days: int
    begin: int
    slack: Mapping[str, int]
    to_goal: bool


def outline(catalogue: Catalogue, *, thresholds: Thresholds) -> Outline:
    """Return the outline of a plan that has activities."""
    nodes = [
        (_PLACES[level], key) for key, one in catalogue.activities.items() for level in one.levels
    ]
    network = build_network(catalogue, nodes)
    works = [Work(1, None, one.target) for one in network.definitions]
    schedule = compute_schedule(network, works, today=1, thresholds=thresholds)
    to_goal = critical_path(
        network, schedule, _PLACES[Level.PROVINCE], thresholds=thresholds
    ) or critical_path(network, schedule, _PLACES[Level.REGENCY], thresholds=thresholds)
    path = to_goal or tightest_path(network, schedule)
    if path is None:
        raise ValueError("a plan has at least one activity")
    slack: dict[str, int] = {}
    for number, (_, key) in enumerate(network.nodes):
        room = schedule.latest[number] - network.definitions[number].target
        slack[key] = min(room, slack.get(key, room))
    return Outline(
        steps=tuple(
            (network.nodes[i][1], network.definitions[i].durations.likely) for i in path.steps
        ),
        days=path.days,
        begin=path.margin + 1,
        slack=slack,
        to_goal=to_goal is not None,
    )
