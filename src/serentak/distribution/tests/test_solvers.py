"""The solver's set-up: published instances, brute force on small cases, the same seed again."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise, permutations
from math import hypot
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.distribution.rules.catalogue import Cost
from serentak.distribution.rules.plans import outcome, timed
from serentak.distribution.rules.schedule import Setting
from serentak.distribution.rules.ways import Way
from serentak.distribution.solvers import Found, improved, working_minutes

from .builders import BEGINS, LATEST, carrier, setting, target

P_N16_K8 = (
    450, 8, 35,
    [(30, 40), (37, 52), (49, 49), (52, 64), (31, 62), (52, 33), (42, 41), (52, 41), (57, 58),
     (62, 42), (42, 57), (27, 68), (43, 67), (58, 48), (58, 27), (37, 69)],
    [0, 19, 30, 16, 23, 11, 31, 15, 28, 8, 8, 7, 14, 6, 19, 11],
)  # fmt: skip
"""Augerat et al. 1995: the least distance, vehicles, capacity, points (the store first), demands."""

E_N22_K4 = (
    375, 4, 6000,
    [(145, 215), (151, 264), (159, 261), (130, 254), (128, 252), (163, 247), (146, 246),
     (161, 242), (142, 239), (163, 236), (148, 232), (128, 231), (156, 217), (129, 214),
     (146, 208), (164, 208), (141, 206), (147, 193), (164, 193), (129, 189), (155, 185),
     (139, 182)],
    [0, 1100, 700, 800, 1400, 2100, 400, 800, 100, 500, 600, 1200, 1300, 1300, 300, 900, 2100,
     1000, 900, 2500, 1800, 700],
)  # fmt: skip
"""Christofides and Eilon 1969, in the same order."""


def world_of(
    points: Sequence[tuple[int, int]], demands: Sequence[int], capacity: int, vehicles: int
) -> Setting:
    """Return an instance as a setting: a kilometre costs a rupiah, nothing else costs anything."""
    ways = [[Way(0, round(hypot(x - a, y - b))) for a, b in points] for x, y in points]
    targets = [target(str(n), kg=float(kg), litres=1.0) for n, kg in enumerate(demands[1:], 1)]
    fleet = [
        carrier(number, kg=capacity, cost=Cost(1000, 0, 0)) for number in range(1, vehicles + 1)
    ]
    return setting(targets, fleet, {"truck": ways})


def length(world: Setting, found: Found) -> float:
    ways = world.ways["truck"]
    total = 0.0
    for _vehicle, calls in found.routes:
        way = [0, *(call.target + 1 for call in calls), 0]
        total += sum(ways[here][there].km for here, there in pairwise(way))  # type: ignore[union-attr]
    return total


@pytest.mark.parametrize("instance", [P_N16_K8, E_N22_K4], ids=["P-n16-k8", "E-n22-k4"])
def test_published_instances_are_solved_to_their_least_distance(instance: Any) -> None:
    least, vehicles, capacity, points, demands = instance
    world = world_of(points, demands, capacity, vehicles)
    found = improved(world, seed=1, iterations=600, earliest=BEGINS)
    assert found.left_out == ()
    assert length(world, found) == least
    for _vehicle, calls in found.routes:
        assert sum(world.targets[call.target].kg for call in calls) <= capacity


@settings(max_examples=12)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=3, max_size=6))
def test_one_vehicle_goes_the_shortest_round(points: list[tuple[int, int]]) -> None:
    places = [(40, 40), *points]
    world = world_of(places, [0] + [1] * len(points), 100, 1)
    found = improved(world, seed=1, iterations=80, earliest=BEGINS)
    ways = world.ways["truck"]
    rounds = (
        sum(
            ways[here][there].km  # type: ignore[union-attr]
            for here, there in zip((0, *order), (*order, 0), strict=True)
        )
        for order in permutations(range(1, len(places)))
    )
    assert length(world, found) == min(rounds)


def test_the_same_seed_finds_the_same_plan_and_tells_how_far_it_is() -> None:
    _least, vehicles, capacity, points, demands = P_N16_K8
    world = world_of(points, demands, capacity, vehicles)
    told: list[int] = []
    first = improved(world, seed=7, iterations=100, earliest=BEGINS, progress=told.append)
    assert first == improved(world, seed=7, iterations=100, earliest=BEGINS)
    assert told == list(range(5, 101, 5))


def test_stations_of_one_place_are_divided_among_vehicles_and_trips() -> None:
    world = setting(
        [target("A", 25)],
        [carrier(1, kg=100)],
        {"truck": [[Way(0, 0), Way(60, 40)], [Way(60, 40), Way(0, 0)]]},
    )
    found = improved(world, seed=1, iterations=50, earliest=BEGINS)
    assert found.left_out == ()
    assert sum(call.stations for _vehicle, calls in found.routes for call in calls) == 25
    assert all(call.stations <= 10 for _vehicle, calls in found.routes for call in calls)
    assert len(found.routes) == 3


def test_what_fits_nowhere_is_left_out_and_named() -> None:
    ways = {"truck": [[Way(0, 0), Way(300, 40)], [Way(300, 40), Way(0, 0)]]}
    soon = target("A", 25, latest=BEGINS + timedelta(hours=6))
    world = setting([soon], [carrier(1, kg=100)], ways)
    found = improved(world, seed=1, iterations=50, earliest=BEGINS)
    left = sum(call.stations for call in found.left_out)
    brought = sum(call.stations for _vehicle, calls in found.routes for call in calls)
    assert (left > 0, left + brought) == (True, 25)


@pytest.mark.parametrize("back_by", [None, LATEST])
def test_what_the_solver_finds_in_time_is_in_time_by_the_schedule(back_by: object) -> None:
    far = [[Way(0, 0), Way(700, 90), Way(200, 30)], [Way(700, 90), Way(0, 0), Way(620, 80)]]
    far.append([Way(200, 30), Way(620, 80), Way(0, 0)])
    world = setting(
        [target("A", 12), target("B", 9)],
        [carrier(1, kg=100), carrier(2, kg=60)],
        {"truck": far},
        back_by=back_by,
    )
    found = improved(world, seed=1, iterations=100, earliest=BEGINS)
    assert found.left_out == ()
    routes = timed(world, found.routes, earliest=BEGINS)
    assert outcome(world, routes).unmet == ()


def test_the_solvers_clock_counts_daylight_only() -> None:
    assert working_minutes(BEGINS, BEGINS) == 0
    assert working_minutes(BEGINS, BEGINS + timedelta(days=1)) == 660
    assert working_minutes(BEGINS + timedelta(hours=12), BEGINS + timedelta(hours=25)) == 60
    assert working_minutes(BEGINS + timedelta(hours=1), BEGINS) == -60


def test_only_the_worker_loads_the_solver() -> None:
    """Web processes read its module's name, and neither PyVRP nor NumPy."""
    program = (
        "import sys, django; django.setup(); from django.urls import get_resolver; "
        "get_resolver().url_patterns; import serentak.distribution.jobs; "
        "sys.exit(bool({'pyvrp', 'numpy'} & {*sys.modules}))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdin=subprocess.DEVNULL)
