"""Improves a plan's routes by PyVRP: plain data in, plain data out; only the job imports this.

It stops after a number of iterations and draws from a seed, so that a run repeats on any machine.
The solver's clock counts minutes of daylight only, which every kind of vehicle may use, from the
moment at which the first may leave; what comes of it is judged by the schedule's own arithmetic.
What fits nowhere is left out at a price above any way's, so that it can be named. Cost is
counted in hundreds of rupiah and ways in hundreds of metres, so that the library's penalties, which
are bounded, weigh more than such a price.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any, TypedDict

from pyvrp import (
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    Model,
    ProblemData,
    Solution,
    SolveParams,
    solve,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxIterations

from .rules.plans import merged, parcels
from .rules.schedule import STORE, Call, Setting
from .rules.ways import Hours

DAYLIGHT = Hours(time(6), time(17))
_FAR = 10**6
"""Hundreds of metres, and minutes, where there is no way: more than any plan has."""
_UNIT = 100
"""Rupiah in which cost is counted, and metres in which ways are."""
_WORTH = 3
"""How many times the dearest way to a stop it is worth not to leave it out."""
_TRIPS = 5
"""Routes of one vehicle in a plan, at most."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """Routes by vehicle in their order, and what no vehicle had room or time for."""

    routes: tuple[tuple[int, tuple[Call, ...]], ...]
    left_out: tuple[Call, ...]


class _Drawn(TypedDict):
    seed: int
    iterations: int
    progress: Progress


class _Told(IteratedLocalSearchCallbacks):
    """Tells every twentieth of the way how far the search is."""

    def __init__(self, iterations: int, progress: Progress) -> None:
        self._done = 0
        self._step = max(1, iterations // 20)
        self._progress = progress

    def on_iteration(self, *_solutions: Any) -> None:
        self._done += 1
        if self._done % self._step == 0:
            self._progress(self._done)


def _solved(
    data: ProblemData,
    *,
    seed: int,
    iterations: int,
    progress: Progress,
    start: Solution | None = None,
) -> Solution:
    told = IteratedLocalSearchParams(callbacks=_Told(iterations, progress))
    with warnings.catch_warnings():
        # It says that nothing that holds was found yet, which is looked at afterwards.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        return solve(
            data,
            MaxIterations(iterations),
            seed=seed,
            collect_stats=False,
            params=SolveParams(ils=told),
            initial_solution=start,
        ).best


def improved(
    setting: Setting,
    *,
    seed: int,
    iterations: int,
    earliest: datetime,
    progress: Progress = lambda _done: None,
) -> Found:
    """Return routes for all stops of a setting, as cheap as `iterations` find them.

    Where no routes for all are found, the search begins anew from none, and stops may be left out.
    """
    calls = parcels(setting)
    if not (calls and setting.carriers):
        return Found((), tuple(calls))
    begins = max(earliest, setting.begins)
    drawn: _Drawn = {"seed": seed, "iterations": iterations, "progress": progress}
    best = _solved(_data(setting, calls, begins, required=True), **drawn)
    if not best.is_feasible():
        data = _data(setting, calls, begins, required=False)
        best = _solved(data, start=Solution(data, []), **drawn)
    carriers = list(setting.carriers)
    routes: list[tuple[int, tuple[Call, ...]]] = []
    visited: set[int] = set()
    for route in best.routes():
        trips: dict[int, list[Call]] = {}
        for activity in route.schedule():
            if activity.is_client():
                visited.add(activity.idx)
                trips.setdefault(activity.trip, []).append(calls[activity.idx])
        routes += [(carriers[route.vehicle_type()], merged(trips[trip])) for trip in sorted(trips)]
    left = tuple(call for number, call in enumerate(calls) if number not in visited)
    return Found(tuple(routes), left)


def _data(
    setting: Setting, calls: Sequence[Call], begins: datetime, *, required: bool
) -> ProblemData:
    model = Model()
    places = [model.add_location(0, 0) for _ in range(len(setting.targets) + 1)]
    is_back = setting.back_by is not None
    end = working_minutes(begins, setting.back_by) if setting.back_by else _FAR
    depot = model.add_depot(places[STORE], tw_late=max(0, end))
    for call in calls:
        target = setting.targets[call.target]
        load = [round(target.kg * call.stations), round(target.litres * call.stations)]
        model.add_client(
            places[call.target + 1],
            delivery=[0, 0] if is_back else load,
            pickup=load if is_back else [0, 0],
            service_duration=setting.service.minutes(call.stations),
            tw_late=max(0, working_minutes(begins, target.latest)),
            tw_early=max(0, working_minutes(begins, target.ready)) if target.ready else 0,
            prize=0 if required else _WORTH * _dearest(setting, call.target + 1),
            required=required,
        )
    profiles = {kind: model.add_profile(name=kind) for kind in setting.ways}
    for kind, ways in setting.ways.items():
        for here, row in enumerate(ways):
            for there, way in enumerate(row):
                if way is not None and here != there:
                    model.add_edge(
                        places[here],
                        places[there],
                        distance=round(way.km * 1000 / _UNIT),
                        duration=way.minutes,
                        profile=profiles[kind],
                    )
    for one in setting.carriers.values():
        first = max(0, working_minutes(begins, one.free_from)) if one.free_from else 0
        until = working_minutes(begins, one.free_until) if one.free_until else _FAR
        model.add_vehicle_type(
            capacity=[one.kg, one.litres],
            start_depot=depot,
            end_depot=depot,
            fixed_cost=round(one.cost.day / _UNIT),
            tw_early=first,
            tw_late=max(first, until),
            unit_distance_cost=round(one.cost.km / 1000),
            unit_duration_cost=round(one.cost.hour / 60 / _UNIT),
            profile=profiles[one.kind],
            reload_depots=[depot],
            max_reloads=_TRIPS - 1,
        )
    return model.data(missing_value=_FAR)


def _dearest(setting: Setting, there: int) -> int:
    """Return what the dearest vehicle that can costs there and back, at least one."""
    costs = [1.0]
    for one in setting.carriers.values():
        out, back = setting.ways[one.kind][STORE][there], setting.ways[one.kind][there][STORE]
        if out and back:
            hours = (out.minutes + back.minutes) / 60
            cost = one.cost
            costs.append(cost.day + (out.km + back.km) * cost.km + hours * cost.hour)
    return ceil(max(costs) / _UNIT)


def working_minutes(begins: datetime, moment: datetime) -> int:
    """Return the minutes of daylight from one moment to another; negative before it."""
    if moment < begins:
        return -working_minutes(moment, begins)
    total = timedelta()
    day = begins.date()
    while day <= moment.date():
        opens = datetime.combine(day, DAYLIGHT.opens, tzinfo=begins.tzinfo)
        closes = datetime.combine(day, DAYLIGHT.closes, tzinfo=begins.tzinfo)
        total += max(timedelta(), min(closes, moment) - max(opens, begins))
        day += timedelta(days=1)
    return int(total.total_seconds() // 60)
