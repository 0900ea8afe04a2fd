"""When each open activity can be finished, and how much time it has: critical-path arithmetic.

Known simplification: what remains of an activity takes the share of its likely duration that its
open amount is of the whole. Forecast with spread and the choice of measures come later and will
stand beside this file (`rules/forecast.py` reads the three durations; an optimiser goes to
`solvers.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of

from .activities import Definition
from .network import Network
from .thresholds import Thresholds

_NEVER = 10**6


@dataclass(frozen=True, slots=True)
class Work:
    """How an activity stands: amounts, the day its target names, whether its owner dropped it.

    `done` is None as long as nothing was reported, and then counts as nothing done.
    """

    target: int
    done: int | None
    target_day: int
    dropped: bool = False

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return (self.done or 0) >= self.target

    @property
    def open(self) -> bool:
        """Whether something is left that its owner has not dropped."""
        return not self.dropped and not self.finished

    @property
    def done_share(self) -> float:
        """Share done, from 0 to 1, of the target."""
        return 1.0 if self.finished else (self.done or 0) / self.target


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an open activity lies in time; days count from the vote.

    `ready` is the day at whose end its predecessors are finished (yesterday when they are),
    `finish` the forecast; a date that the law fixes cannot come earlier. `latest` is the last day
    that every deadline behind it allows. Slack leaves out waiting for a fixed date, since that is
    no lack of time; below zero it is what is missing.
    """

    ready: int
    remaining: int
    finish: int
    latest: int
    slack_to_target: int
    slack_to_deadline: int
    startable: bool
    waits_for: tuple[int, ...]
    dependents: frozenset[str]


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """The longest chain of remaining work that leads to a goal.

    `steps` are numbers of the network, first to last; `days` the work on it; `margin` the days by
    which the chain may slip before the goal's last day is missed, negative if it is missed already.
    """

    steps: tuple[int, ...]
    days: int
    margin: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The computed schedule of a network: a slot for each open activity, None for the others."""

    today: int
    slots: tuple[Slot | None, ...]
    work_before: tuple[int, ...]
    """Days of the longest chain of remaining work up to and with each activity."""
    latest: tuple[int, ...]
    """The last day that every deadline behind an activity allows."""


def remaining_days(likely: int, work: Work) -> int:
    """Return whole days that the open share of an activity still takes, 0 if none is open."""
    if not work.open:
        return 0
    return -(-likely * (work.target - (work.done or 0)) // work.target)


def compute_schedule(
    network: Network, works: Sequence[Work], *, today: int, thresholds: Thresholds
) -> Schedule:
    """Return the schedule of `works` (one for each of the network's activities, same order).

    Forward: an open activity begins when its last predecessor ends, not before today. Backward: it
    must leave room for what waits for it; work whose target lies before the vote ends by the
    catalogue's last day before it. A finished activity binds nobody; a dropped one takes no time
    but hands on what it waited for, since its predecessors were not dropped with it.
    """
    yesterday = today - 1
    size = len(network.nodes)
    definitions, before, after = network.definitions, network.before, network.after
    remaining = [
        remaining_days(definition.durations.likely, work)
        for definition, work in zip(definitions, works, strict=True)
    ]
    settled = [w.finished for w in works]
    ready = [yesterday] * size
    finish = [yesterday] * size
    head = [0] * size
    for i in network.order:
        if settled[i]:
            continue
        begin, longest = yesterday, 0
        for p in before[i]:
            if finish[p] > begin:
                begin = finish[p]
            if head[p] > longest:
                longest = head[p]
        ready[i] = begin
        head[i] = longest + remaining[i]
        end = begin + remaining[i]
        if definitions[i].fixed and remaining[i] and definitions[i].target > end:
            end = definitions[i].target
        finish[i] = end
    latest = [_NEVER] * size
    hanging = [0] * size
    keys = dict.fromkeys(key for _, key in network.nodes)
    bits = {key: 1 << number for number, key in enumerate(keys)}
    for i in reversed(network.order):
        definition = definitions[i]
        last = _NEVER if definition.deadline is None else definition.deadline
        if definition.target < 0:
            last = min(last, thresholds.last_day_before_vote)
        mask = 0
        for s in after[i]:
            if not settled[s]:
                last = min(last, latest[s] - remaining[s])
                mask |= hanging[s] | (bits[network.nodes[s][1]] if remaining[s] else 0)
        latest[i] = definition.target if last == _NEVER else last
        hanging[i] = mask
    names: dict[int, frozenset[str]] = {}
    slots: list[Slot | None] = [None] * size
    for i in range(size):
        if not remaining[i]:
            continue
        mask = hanging[i]
        if mask not in names:
            names[mask] = frozenset(key for key, bit in bits.items() if mask & bit)
        end = ready[i] + remaining[i]
        slots[i] = Slot(
            ready=ready[i],
            remaining=remaining[i],
            finish=finish[i],
            latest=latest[i],
            slack_to_target=works[i].target_day - end,
            slack_to_deadline=latest[i] - end,
            startable=ready[i] <= yesterday,
            waits_for=_open_before(i, before, remaining, settled),
            dependents=names[mask],
        )
    return Schedule(today, tuple(slots), tuple(head), tuple(latest))


def line_slot(
    whole: Slot | None, work: Work, definition: Definition, *, latest: int, today: int
) -> Slot | None:
    """Return the slot of a district's line: it begins with the whole and lasts by its own share.

    Where the whole is reported finished and a line is not, the line stands open from today.
    """
    remaining = remaining_days(definition.durations.likely, work)
    if not remaining:
        return None
    ready = whole.ready if whole else today - 1
    end = ready + remaining
    return Slot(
        ready=ready,
        remaining=remaining,
        finish=max(end, definition.target) if definition.fixed else end,
        latest=latest,
        slack_to_target=work.target_day - end,
        slack_to_deadline=latest - end,
        startable=ready < today,
        waits_for=whole.waits_for if whole else (),
        dependents=whole.dependents if whole else frozenset(),
    )


def critical_path(
    network: Network, schedule: Schedule, place: PlaceCode, *, thresholds: Thresholds
) -> CriticalPath | None:
    """Return the longest chain of remaining work to the first goal that is open at `place`.

    A province answers with the chain of its tightest regency. None when every goal is reached. Of
    chains of the same length the one of the lower code and earlier activity is told.
    """
    for key in thresholds.goals:
        goals = [i for i in _goals(network, place, key) if schedule.slots[i]]
        if goals:
            paths = [_path_to(goal, network, schedule) for goal in goals]
            return min(paths, key=lambda path: path.margin)
    return None


def tightest_path(network: Network, schedule: Schedule) -> CriticalPath | None:
    """Return the chain of remaining work that must begin first, whatever it leads to."""
    head = schedule.work_before
    goals = [i for i, slot in enumerate(schedule.slots) if slot]
    goal = min(goals, key=lambda i: (schedule.latest[i] - head[i], -head[i], i), default=None)
    return None if goal is None else _path_to(goal, network, schedule)


def _goals(network: Network, place: PlaceCode, key: str) -> list[int]:
    """Return the activities of one key towards which `place` works, those of others left out."""
    if level_of(place) is Level.PROVINCE:
        return [
            i
            for i, (where, name) in enumerate(network.nodes)
            if name == key and place in (where, parent_of(where))
        ]
    around = (network.index.get((where, key)) for where in (place, parent_of(place)) if where)
    return [i for i in around if i is not None]


def _path_to(goal: int, network: Network, schedule: Schedule) -> CriticalPath:
    head = schedule.work_before
    steps = []
    at: int | None = goal
    while at is not None:
        if schedule.slots[at]:
            steps.append(at)
        waiting = [p for p in network.before[at] if head[p]]
        at = max(waiting, key=lambda p: (head[p], -p), default=None)
    margin = schedule.latest[goal] - (schedule.today - 1 + head[goal])
    return CriticalPath(tuple(reversed(steps)), head[goal], margin)


def _open_before(
    i: int, before: Sequence[Sequence[int]], remaining: Sequence[int], settled: Sequence[bool]
) -> tuple[int, ...]:
    """Return what must still be finished before `i`, looking through what was dropped."""
    found: list[int] = []
    for p in before[i]:
        if remaining[p]:
            found.append(p)
        elif not settled[p]:
            found.extend(_open_before(p, before, remaining, settled))
    return tuple(dict.fromkeys(found))
