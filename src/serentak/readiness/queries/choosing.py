"""What to do first in a regency and what to let go, as it is stored; the worker computes it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from serentak.kernel.codes import PlaceCode
from serentak.readiness.rules.activities import Drop
from serentak.readiness.rules.priority import Group
from serentak.readiness.rules.quantities import Of

from .board import Board, Standing

if TYPE_CHECKING:
    from serentak.readiness.rules.choosing import Choice, Problem, Task
    from serentak.readiness.rules.forecast import Draws, Situation


Choosing = Callable[["Problem"], "Choice"]
"""Who solves it: queries know no solver."""

FUTURES = 50
"""Futures on which the choice is made."""

OTHER_FUTURES = 2_000
"""Futures, other ones, on which its gain is estimated: the error is then a few stations at most."""

MOST_FIRST = 10

_WHOLE = frozenset({Of.ONE, Of.CONTESTS})
"""What is counted so is done whole or not at all."""


def chosen(
    found: Board, base: "Situation", place: PlaceCode, *, seed: int, choose: Choosing
) -> dict[str, Any]:
    """Return what to do first in a regency, what can wait, and what that gains; empty if nothing.

    What gets no hands can wait if its owner may drop it and the vote can be held without it; of
    anything else it is said that hands are too few for it.
    """
    from serentak.readiness.rules.choosing import Problem, gain_of
    from serentak.readiness.rules.forecast import draws_of

    works = list(_works(found, place))
    if not works or found.day > found.thresholds.last_day_before_vote:
        return {}
    order = {group: n for n, group in enumerate(Group)}

    def priority(n: int) -> tuple[int, Any, int]:
        one = works[n].priority
        return (order[one.group], works[n].row.measured_date, n) if one else (len(order), 0, n)

    problem = Problem(
        tasks=_tasks(found, works, draws_of(base, seed=seed, draws=FUTURES, places=[place])),
        hands=hands_of(found, place),
        rank=sorted(range(len(works)), key=priority),
        stations=found.size(place).stations,
        today=found.day,
    )
    if not problem.stations:
        return {}
    choice, usual = choose(problem), problem.by_priority()
    others = draws_of(base, seed=seed + 1, draws=OTHER_FUTURES, places=[place])
    gain = gain_of(problem, choice.levels, usual, _tasks(found, works, others))
    return {
        **_told(problem, choice.levels, works),
        "stations": problem.stations,
        "held": round(gain.held, 2),
        "points": round(gain.points, 2),
        "error": round(gain.error, 2),
        "gap": round(choice.gap, 4),
        "futures": [FUTURES, OTHER_FUTURES],
    }


def _told(problem: "Problem", levels: Sequence[int], works: Sequence[Standing]) -> dict[str, Any]:
    first = sorted(
        (n for n, level in enumerate(levels) if level),
        key=lambda n: (problem.tasks[n].due, not problem.tasks[n].stops, n),
    )
    left = [n for n, level in enumerate(levels) if not level and problem.tasks[n].needs.any()]
    waits = {
        n for n in left if works[n].definition.drop is not Drop.NEVER and not problem.tasks[n].stops
    }
    return {
        "first": [{"key": works[n].row.key, "due": problem.tasks[n].due} for n in first][
            :MOST_FIRST
        ],
        "firsts": len(first),
        "later": [{"key": works[n].row.key} for n in left if n in waits],
        "short": [{"key": works[n].row.key} for n in left if n not in waits],
    }


def _works(found: Board, place: PlaceCode) -> Iterator[Standing]:
    """Yield the open works of a regency that belong before the vote, in the network's order.

    What the law fixes to a day needs nobody's choice.
    """
    inside = set(found.numbers.get(place, range(0)))
    for number in found.network.order:
        if number not in inside:
            continue
        standing = found.standing(number)
        definition = standing.definition
        if standing.slot is not None and definition.target < 0 and not definition.fixed:
            yield standing


def _tasks(found: Board, works: Sequence[Standing], draws: "Draws") -> "list[Task]":
    import numpy as np

    from serentak.readiness.rules.choosing import Task

    thresholds, network = found.thresholds, found.network
    last = thresholds.last_day_before_vote
    numbers = {network.index[s.row.place, s.row.key]: n for n, s in enumerate(works)}
    tasks = []
    for number in numbers:
        standing, definition = found.standing(number), network.definitions[number]
        node, slot, priority = network.nodes[number], standing.slot, standing.priority
        assert slot is not None and priority is not None  # noqa: S101, PT018  # open works alone
        needs = draws.durations[node].astype(np.float64)
        finish = draws.finish[node].astype(np.float64)
        reach = np.clip((last - (finish - needs)) / np.maximum(needs, 0.001), 0.0, 1.0)
        tasks.append(
            Task(
                owner=standing.owner_id,
                due=min(last, max(slot.latest, ceil(float(finish.mean())))),
                needs=needs,
                reach=reach,
                stops=definition.miss in thresholds.hard_stops,
                stations=priority.stations,
                weight=thresholds.consequence_weights[definition.miss],
                whole=all(term.of in _WHOLE for term in definition.quantity),
                before=tuple(
                    numbers[p]
                    for p in network.before[number]
                    if p in numbers and network.definitions[p].drop is Drop.NEVER
                ),
            )
        )
    return tasks


def hands_of(found: Board, place: PlaceCode) -> dict[int, int]:
    """Return how many works each institution can do at a time in a regency, at least one.

    It is taken to be what its own agreed plan asks on the busiest day from today to the last day:
    who keeps to the plan has hands enough, who is behind has not.
    """
    days: dict[int, Counter[int]] = defaultdict(Counter)
    last = found.thresholds.last_day_before_vote
    for standing in found.at_place(place):
        definition, target = standing.definition, standing.work.target_day
        busy = days[standing.owner_id]
        if definition.target < 0 and not definition.fixed:
            busy.update(
                range(
                    max(found.day, target - definition.durations.likely + 1), min(target, last) + 1
                )
            )
    return {owner: max(1, *busy.values()) if busy else 1 for owner, busy in days.items()}
