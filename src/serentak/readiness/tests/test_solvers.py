"""What to do first: against every choice of small cases, never worse than the usual order."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.readiness.rules.choosing import Problem, Task, gain_of
from serentak.readiness.solvers import choose


def task(needs: Sequence[float], **changes: Any) -> Task:
    given: dict[str, Any] = {
        "owner": 1,
        "due": -1,
        "needs": np.array(needs, float),
        "reach": np.ones(len(needs)),
        "stops": True,
        "stations": 100,
        "weight": 4.0,
        "whole": True,
        **changes,
    }
    return Task(**given)


def problem(*tasks: Task, hands: int = 1, today: int = -5, **changes: Any) -> Problem:
    owners = {one.owner for one in tasks}
    given: dict[str, Any] = {
        "hands": dict.fromkeys(owners, hands),
        "rank": range(len(tasks)),
        "stations": 100,
        "today": today,
        **changes,
    }
    return Problem(tasks, **given)


def best_of_all(found: Problem) -> float:
    """Return the worth of the best choice, found by trying each."""
    levels = [range(len(one.levels)) for one in found.tasks]
    return max(found.worth(choice) for choice in product(*levels) if found.fits(choice))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    futures = draw(st.integers(1, 4))
    tasks: list[Task] = []
    for n in range(draw(st.integers(1, 4))):
        before = draw(st.sets(st.integers(0, n - 1), max_size=2)) if n else set()
        reach = [draw(st.sampled_from([0.0, 0.5, 1.0, 1.0])) for _ in range(futures)]
        tasks.append(
            task(
                [draw(st.floats(0, 6, width=16)) for _ in range(futures)],
                owner=draw(st.integers(1, 2)),
                due=draw(st.integers(-4, -1)),
                reach=np.array(reach),
                stops=draw(st.booleans()),
                stations=draw(st.integers(1, 100)),
                weight=draw(st.integers(1, 10)),
                whole=draw(st.booleans()),
                before=tuple(sorted(before)),
            )
        )
    rank = draw(st.permutations(range(len(tasks))))
    return problem(*tasks, hands=draw(st.integers(1, 2)), rank=rank)


@given(problems())
@settings(max_examples=60, deadline=None)
def test_no_choice_at_all_keeps_more(found: Problem) -> None:
    choice = choose(found)
    assert found.fits(choice.levels)
    best = best_of_all(found)
    assert found.worth(choice.levels) == pytest.approx(best, rel=2e-4, abs=1e-4)
    assert found.worth(choice.levels) >= found.worth(found.by_priority()) - 1e-9
    assert 0 <= choice.gap <= 0.01


@given(problems())
@settings(max_examples=40, deadline=None)
def test_more_hands_never_keep_less_and_shares_are_shares(found: Problem) -> None:
    more = Problem(
        found.tasks,
        hands={owner: n + 1 for owner, n in found.hands.items()},
        rank=found.rank,
        stations=found.stations,
        today=found.today,
    )
    choice = choose(found)
    assert more.fits(choice.levels)
    assert best_of_all(more) >= best_of_all(found) - 1e-9
    for share in found.done(choice.levels):
        assert ((share >= 0) & (share <= 1)).all()
    held = found.held(choice.levels)
    assert ((held >= 0) & (held <= found.stations)).all()


def test_what_stops_the_vote_goes_before_what_stands_first_in_the_list() -> None:
    light = task([5, 5], stops=False)
    gate = task([3, 3])
    found = problem(light, gate)
    choice = choose(found)
    assert found.tasks[0].levels[choice.levels[0]] == 0
    assert found.held(choice.levels).mean() == 100
    assert found.held([1, 0]).mean() == 0
    gain = gain_of(found, choice.levels, [1, 0], found.tasks)
    assert (gain.held, gain.points, gain.error) == (100, 100, 0)


def test_where_hands_suffice_nothing_waits() -> None:
    found = problem(task([2, 3]), task([1, 2], stops=False), hands=3)
    choice = choose(found)
    assert list(choice.levels) == [len(one.levels) - 1 for one in found.tasks]


def test_what_a_gate_waits_for_goes_with_it() -> None:
    first = task([2], stops=False, weight=1)
    gate = task([2], before=(0,))
    other = task([2], stops=False, weight=10)
    found = problem(first, gate, other, today=-4, rank=[2, 1, 0])
    assert [bool(level) for level in choose(found).levels] == [True, True, False]


def test_hands_of_one_owner_do_not_help_another() -> None:
    found = problem(task([5], owner=1), task([6], owner=2), hands=1)
    assert choose(found).levels[1] == 0
    assert found.held(choose(found).levels).mean() == 0


def test_what_is_done_station_by_station_counts_in_part() -> None:
    found = problem(task([10.0], whole=False), task([10.0], stations=40, whole=False, owner=2))
    assert found.held(choose(found).levels).mean() == pytest.approx(50, abs=0.1)


def test_the_gain_is_told_with_its_error_on_other_futures() -> None:
    found = problem(task([1, 5, 9]), task([2, 2, 2], stops=False), today=-6)
    other = [task([1, 7, 7, 7]), task([2, 2, 2, 2], stops=False)]
    gain = gain_of(found, [1, 0], [0, 1], other)
    assert gain.held == gain.points == 25
    assert gain.error == pytest.approx(25)
