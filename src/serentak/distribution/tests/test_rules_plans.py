"""What a plan comes to, what stands against it, how two differ, what may become of it."""

from datetime import datetime, time, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.distribution.rules.catalogue import Cost
from serentak.distribution.rules.plans import (
    PLAN_TRANSITIONS,
    Against,
    Difference,
    Placed,
    PlanEvent,
    PlanState,
    Route,
    Unmet,
    differences,
    merged,
    outcome,
    parcels,
    unmet_before,
)
from serentak.distribution.rules.schedule import (
    Call,
    chance_late,
    cost_of,
    departures,
    last_start,
    run,
)
from serentak.distribution.rules.ways import Way

from .builders import BEGINS, LATEST, carrier, matrix, setting, target

TWO = [[0, 60, 90], [60, 0, 30], [90, 30, 0]]
"""Kilometres and minutes between a store and two places."""


def test_a_route_arrives_waits_hands_over_and_comes_back() -> None:
    late = target("B", stations=20, latest=BEGINS.replace(hour=7), opens=time(8), closes=time(9))
    world = setting([target("A", stations=3), late], [one := carrier()], {"truck": matrix(TWO)})
    trip = run(world, one, [Call(0, 3), Call(1, 20)], BEGINS)
    assert trip is not None
    first, second = trip.visits
    assert (first.arrives_at, first.waits, first.late) == (BEGINS.replace(hour=7), 0, 0)
    assert second.arrives_at == BEGINS.replace(hour=7, minute=30)
    assert (second.begins_at, second.waits, second.late) == (BEGINS.replace(hour=8), 30, 60)
    assert trip.back_at == BEGINS.replace(hour=9, minute=30)
    assert (trip.km, trip.kg, trip.litres, trip.late) == (180, 230, 2300, 60)
    assert (trip.stations, cost_of(one, [trip])) == (23, 180_000)


def test_a_place_that_has_closed_is_served_the_next_morning() -> None:
    shut = target("A", opens=time(6), closes=time(7))
    world = setting([shut], [one := carrier()], {"truck": matrix([[0, 61], [61, 0]])})
    trip = run(world, one, [Call(0, 1)], BEGINS)
    assert trip is not None
    assert trip.visits[0].begins_at == BEGINS + timedelta(days=1)


def test_each_day_of_hire_is_paid_once() -> None:
    world = setting(
        [target()], [one := carrier(cost=Cost(0, 0, 500))], {"truck": matrix([[0, 60], [60, 0]])}
    )
    morning = run(world, one, [Call(0, 1)], BEGINS)
    noon = run(world, one, [Call(0, 1)], BEGINS.replace(hour=12))
    assert morning
    assert noon
    assert cost_of(one, [morning, noon]) == 500


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 700), min_size=2, max_size=2),
    st.integers(0, 2 * 96),
)
def test_the_last_start_is_in_time_and_a_quarter_later_is_not(
    minutes: list[int], quarters: int
) -> None:
    there, on = minutes
    latest = BEGINS + timedelta(minutes=15 * quarters)
    ways = matrix([[0, there, there], [there, 0, on], [there, on, 0]])
    world = setting([target("A"), target("B", latest=latest)], [one := carrier()], {"truck": ways})
    calls = [Call(0, 1), Call(1, 1)]
    last = last_start(world, one, calls, BEGINS)
    by_hand = [
        moment
        for number in range(2 * 96 + 1)
        if (moment := BEGINS + timedelta(minutes=15 * number)) <= LATEST
        and (trip := run(world, one, calls, moment)) is not None
        and trip.late == 0
    ]
    assert last == (max(by_hand) if by_hand else None)


@given(st.lists(st.integers(30, 500), min_size=1, max_size=4), st.integers(0, 96))
def test_a_vehicle_is_back_before_it_leaves_again(ways: list[int], quarter: int) -> None:
    size = len(ways) + 1
    distances = [[0] * size for _ in range(size)]
    for number, km in enumerate(ways, 1):
        distances[0][number] = distances[number][0] = km
    targets = [target(str(number)) for number in range(len(ways))]
    world = setting(targets, [one := carrier()], {"truck": matrix(distances)})
    routes = [[Call(number, 1)] for number in range(len(ways))]
    since = BEGINS + timedelta(minutes=15 * quarter)
    found = departures(world, one, routes, earliest=since)
    trips = [run(world, one, calls, leaves) for calls, leaves in zip(routes, found, strict=True)]
    assert all(leaves >= since for leaves in found)
    for before, after in pairwise(trips):
        assert before
        assert after
        assert before.back_at <= after.leaves_at


def _shut() -> dict[str, list[list[Way | None]]]:
    return {"truck": [[Way(0, 0), None], [None, Way(0, 0)]]}


def test_what_no_plan_can_meet_is_named_with_its_reason() -> None:
    near = {"truck": matrix([[0, 60], [60, 0]])}
    cases = [
        (setting([target()], [], {}), (), Against.NO_VEHICLE),
        (setting([target()], [carrier()], _shut()), (), Against.NO_VEHICLE),
        (setting([target()], [carrier()], _shut()), (0,), Against.BLOCKED),
        (setting([target(kg=1001.0)], [carrier()], near), (), Against.TOO_HEAVY),
        (setting([target(litres=10_001.0)], [carrier()], near), (), Against.TOO_HEAVY),
        (setting([target(latest=BEGINS)], [carrier()], near), (), Against.TOO_FAR),
        (setting([target()], [carrier(free_from=LATEST)], near), (), Against.TOO_FAR),
    ]
    for world, blocked, why in cases:
        assert list(unmet_before(world, earliest=BEGINS, blocked=blocked)) == [Unmet(why, "A")]
    fine = setting([target()], [carrier()], near)
    assert list(unmet_before(fine, earliest=BEGINS)) == []


def _route(*calls: Call, trip: int = 1, leaves: datetime = BEGINS, vehicle: int = 1) -> Route:
    return Route(vehicle, trip, leaves, calls)


def test_a_plan_says_what_stands_against_it() -> None:
    ways = {"truck": matrix(TWO)}
    few = carrier(kg=50, litres=450)
    world = setting([target("A", 6), target("B", 2, latest=BEGINS)], [few], ways)
    found = outcome(world, [_route(Call(0, 6)), _route(Call(1, 1), trip=2)])
    assert set(found.unmet) == {
        Unmet(Against.OVER_KG, vehicle=1, count=10),
        Unmet(Against.OVER_LITRES, vehicle=1, count=150),
        Unmet(Against.TURN, vehicle=1),
        Unmet(Against.LATE, "B", 1, 90),
        Unmet(Against.UNPLANNED, "B", count=1),
    }
    assert found.late == 90
    gone = outcome(world, [_route(Call(0, 6), vehicle=9)])
    assert Unmet(Against.AWAY, vehicle=9) in gone.unmet
    back = setting([target("A")], [carrier()], ways, back_by=BEGINS + timedelta(hours=1))
    assert (
        Unmet(Against.BACK_LATE, vehicle=1, count=60) in outcome(back, [_route(Call(0, 1))]).unmet
    )
    short = carrier(free_until=BEGINS + timedelta(hours=1))
    away = setting([target("A")], [short], ways)
    assert outcome(away, [_route(Call(0, 1))]).unmet == (Unmet(Against.AWAY, vehicle=1),)
    shut = setting([target("A")], [carrier()], _shut())
    assert Unmet(Against.BLOCKED, "A", 1) in outcome(shut, [_route(Call(0, 1))]).unmet


@given(st.integers(1, 300), st.integers(1, 90), st.integers(1, 90))
def test_parcels_hold_all_stations_and_each_fits_somewhere(
    stations: int, large: int, small: int
) -> None:
    carriers = [carrier(1, kg=10 * large), carrier(2, kg=10 * small)]
    world = setting([target("A", stations)], carriers, {"truck": matrix([[0, 1], [1, 0]])})
    found = parcels(world)
    assert sum(call.stations for call in found) == stations
    assert all(1 <= call.stations <= max(large, small) for call in found)
    assert merged(found) == (Call(0, stations),)


def test_what_changed_is_told_by_stop() -> None:
    before = {"A": Placed((1,), BEGINS), "B": Placed((1,), LATEST), "C": Placed((2,), LATEST)}
    after = {"A": Placed((1,), BEGINS), "B": Placed((2,), LATEST), "D": Placed((1,), BEGINS)}
    assert differences(before, after) == [
        Difference("B", before["B"], after["B"]),
        Difference("C", before["C"], None),
        Difference("D", None, after["D"]),
    ]


@pytest.mark.parametrize(("state", "event"), list(product(PlanState, PlanEvent)))
def test_what_may_happen_to_a_plan(state: PlanState, event: PlanEvent) -> None:
    s, e = PlanState, PlanEvent
    replaceable = {s.COMPUTING, s.FAILED, s.PROPOSED, s.DRAFT, s.ADOPTED}
    expected = {
        (s.COMPUTING, e.FINISH): s.PROPOSED,
        (s.COMPUTING, e.FAIL): s.FAILED,
        (s.PROPOSED, e.TAKE_OVER): s.DRAFT,
        (s.DRAFT, e.ADOPT): s.ADOPTED,
        **{(one, e.REPLACE): s.SUPERSEDED for one in replaceable},
    }
    assert PLAN_TRANSITIONS.after(state, event) == expected.get((state, event))


@pytest.mark.parametrize(
    ("planned", "usual", "spare", "chance"),
    [
        # Half take no longer than usual, nine of ten no longer than planned.
        (150, 100, -50, 0.5),
        (150, 100, 0, 0.1),
        (150, 100, 600, 0.0),
        (150, 100, -150, 1.0),
        (150, 100, -200, 1.0),
        # No usual time is known, or there is no margin: late or not.
        (150, 0, 0, 0.0),
        (150, 150, 0, 0.0),
        (150, 150, -1, 1.0),
    ],
)
def test_the_chance_to_be_late_follows_from_margin_and_spare_time(
    planned: int, usual: int, spare: int, chance: float
) -> None:
    assert chance_late(planned, usual, spare=spare) == pytest.approx(chance, abs=0.001)


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.integers(-5_000, 5_000))
def test_more_time_never_makes_it_likelier_to_be_late(more: int, usual: int, spare: int) -> None:
    one, other = (chance_late(usual + more, usual, spare=n) for n in (spare, spare + 1))
    assert 0 <= other <= one <= 1
