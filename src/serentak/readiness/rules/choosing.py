"""Too few hands: what each choice of works keeps, in futures that are stated beforehand.

A choice sets aside days of hands for each open work of a regency, from a few levels; nothing is
handed on. In a future a work is done as far as what was set aside reaches for what it takes there.
`docs/forecast.md` says what this leaves out.

This module loads NumPy: who serves pages imports it in the function that computes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

LEVELS = (0.5, 0.8, 1.0)
"""A work gets nothing, or what it takes in half, 80 of 100 or all of the futures (assumed)."""

LEAST = 0.5
"""What can be done station by station also gets this share of what half of the futures need."""

OTHERS = 0.5
"""All that the vote can be held without together weighs so many stations: it only breaks ties."""


@dataclass(frozen=True)
class Task:
    """An open work of a regency, in futures: arrays in their order.

    `needs` are the days of one hand that it takes, `reach` the share of it that can be finished
    before the vote however many hands there are. `due` is the day after the vote by which its hands
    are wanted. `stations` are lost as far as it is not done, if it `stops` the vote; else `weight`
    counts. `whole` is done whole or not at all. `before` are the tasks without which it is not
    done, by number and each smaller than its own.
    """

    owner: int
    due: int
    needs: Reals
    reach: Reals
    stops: bool
    stations: int
    weight: float
    whole: bool
    before: tuple[int, ...] = ()

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """What may be set aside for it, in days of hands, rising; the first is nothing."""
        found = [float(np.quantile(self.needs, share)) for share in LEVELS]
        if not self.whole:
            found.append(LEAST * found[0])
        return (0.0, *sorted({round(one, 3) for one in found if one > 0.001}))

    def share(self, days: float) -> Reals:
        """Return the share that is done in each future with so many days of hands."""
        if not days and self.needs.any():
            return np.zeros(len(self.needs))
        # Levels are rounded: a thousandth of a day more or less is no difference.
        done = np.minimum(1.0, (days + 0.002) / np.maximum(self.needs, 0.001))
        done = np.minimum(done, self.reach)
        return np.floor(done) if self.whole else done


@dataclass(frozen=True)
class Problem:
    """The works of a regency in an order where what comes before stands before.

    `hands` are how many works an owner's people can do at a time, `rank` is the order in which the
    list of priorities has the tasks; days count from the vote, `today` is the first that is left.
    """

    tasks: Sequence[Task]
    hands: Mapping[int, int]
    rank: Sequence[int]
    stations: int
    today: int
    rooms: Sequence[tuple[tuple[int, ...], float]] = field(init=False)
    """Tasks that share days of hands, and how many these are: by owner and day, cumulated."""

    def __post_init__(self) -> None:
        by_owner: dict[int, list[int]] = defaultdict(list)
        for number, task in enumerate(self.tasks):
            by_owner[task.owner].append(number)
        rooms = []
        for owner, numbers in by_owner.items():
            for due in sorted({self.tasks[n].due for n in numbers}):
                days = max(0, due - self.today + 1)
                inside = tuple(n for n in numbers if self.tasks[n].due <= due)
                rooms.append((inside, float(self.hands[owner] * days)))
        object.__setattr__(self, "rooms", rooms)

    @property
    def others(self) -> Reals:
        """What each task weighs that the vote can be held without, in stations."""
        weights = np.array([0.0 if task.stops else task.weight for task in self.tasks])
        scaled: Reals = weights * (OTHERS / max(1.0, weights.sum()))
        return scaled

    def fits(self, choice: Sequence[int]) -> bool:
        """Tell whether the hands suffice for a level of each task."""
        days = [task.levels[level] for task, level in zip(self.tasks, choice, strict=True)]
        return all(sum(days[n] for n in inside) <= room + 1e-6 for inside, room in self.rooms)

    def done(self, choice: Sequence[int], tasks: Sequence[Task] = ()) -> list[Reals]:
        """Return the share of each task that is done in each future.

        `tasks` are the same tasks in other futures; what is set aside stays that of these.
        """
        found: list[Reals] = []
        for task, seen, level in zip(self.tasks, tasks or self.tasks, choice, strict=True):
            share = seen.share(task.levels[level])
            for number in task.before:
                share = np.minimum(share, found[number])
            found.append(np.floor(share + 1e-9) if task.whole else share)
        return found

    def held(self, choice: Sequence[int], tasks: Sequence[Task] = ()) -> Reals:
        """Return the stations at which the vote can be held, in each future.

        What is not done is taken to be missing at the same stations.
        """
        lost = [
            (1 - share) * task.stations
            for task, share in zip(self.tasks, self.done(choice, tasks), strict=True)
            if task.stops
        ]
        futures = len((tasks or self.tasks)[0].needs)
        most: Reals = np.max([np.zeros(futures), *lost], axis=0)
        return float(self.stations) - most

    def worth(self, choice: Sequence[int]) -> float:
        """Return what is maximised: expected stations, then as much of the others as can be."""
        shares = np.array([share.mean() for share in self.done(choice)])
        return float(self.held(choice).mean() + self.others @ shares)

    def filled(self, choice: Sequence[int]) -> list[int]:
        """Return a choice with what is left of the hands, handed out in the order of priorities."""
        found = list(choice)
        for number in self.rank:
            for level in range(len(self.tasks[number].levels) - 1, found[number], -1):
                tried = [*found[:number], level, *found[number + 1 :]]
                if self.fits(tried):
                    found = tried
                    break
        return found

    def by_priority(self) -> list[int]:
        """Return the best of what the order of priorities does, whatever level it plans with."""
        choices = []
        for most in range(1, 1 + max(len(task.levels) for task in self.tasks)):
            choice = [0] * len(self.tasks)
            for number in self.rank:
                top = min(most, len(self.tasks[number].levels) - 1)
                for level in range(top, 0, -1):
                    tried = [*choice[:number], level, *choice[number + 1 :]]
                    if self.fits(tried):
                        choice = tried
                        break
            choices.append(self.filled(choice))
        return max(choices, key=self.worth)


@dataclass(frozen=True)
class Choice:
    """What to do first: a level of each task; `gap` is what is unproven, a share of the answer."""

    levels: Sequence[int]
    gap: float


@dataclass(frozen=True, slots=True)
class Gain:
    """What a choice keeps in futures other than those it was made on; all in stations.

    `points` is by how many it exceeds the order of priorities, `error` its standard error.
    """

    held: float
    points: float
    error: float


def gain_of(
    problem: Problem, choice: Sequence[int], usual: Sequence[int], tasks: Sequence[Task]
) -> Gain:
    """Return what a choice gains over the usual order in other futures, draw by draw."""
    held = problem.held(choice, tasks)
    more: Any = held - problem.held(usual, tasks)
    error = float(more.std(ddof=1) / len(more) ** 0.5) if len(more) > 1 else 0.0
    return Gain(float(held.mean()), float(more.mean()), error)
