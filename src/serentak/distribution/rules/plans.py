"""What a plan may become, what stands against it, and how two plans differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import ceil

from serentak.kernel.machine import Machine
from serentak.kernel.status import Status

from .schedule import STORE, Call, Carrier, Setting, Trip, cost_of, departures, run


class PlanState(StrEnum):
    """Where a plan stands."""

    COMPUTING = "COMPUTING"
    FAILED = "FAILED"
    PROPOSED = "PROPOSED"
    DRAFT = "DRAFT"
    ADOPTED = "ADOPTED"
    SUPERSEDED = "SUPERSEDED"


class PlanEvent(StrEnum):
    """What happens to a plan."""

    FINISH = "FINISH"
    FAIL = "FAIL"
    TAKE_OVER = "TAKE_OVER"
    ADOPT = "ADOPT"
    REPLACE = "REPLACE"


_S, _E = PlanState, PlanEvent

PLAN_TRANSITIONS = Machine(
    {
        (_S.COMPUTING, _E.FINISH): _S.PROPOSED,
        (_S.COMPUTING, _E.FAIL): _S.FAILED,
        (_S.COMPUTING, _E.REPLACE): _S.SUPERSEDED,
        (_S.FAILED, _E.REPLACE): _S.SUPERSEDED,
        (_S.PROPOSED, _E.TAKE_OVER): _S.DRAFT,
        (_S.PROPOSED, _E.REPLACE): _S.SUPERSEDED,
        (_S.DRAFT, _E.ADOPT): _S.ADOPTED,
        (_S.DRAFT, _E.REPLACE): _S.SUPERSEDED,
        (_S.ADOPTED, _E.REPLACE): _S.SUPERSEDED,
    }
)


class Against(StrEnum):
    """Why a stop cannot be met, or a route not be driven."""

    NO_VEHICLE = "no_vehicle_reaches_it"
    BLOCKED = "its_way_is_blocked"
    TOO_HEAVY = "a_station_is_heavier_than_any_vehicle"
    TOO_FAR = "its_way_is_longer_than_the_time_left"
    LEFT_OVER = "no_vehicle_is_left_for_it"
    UNPLANNED = "stations_are_in_no_route"
    LATE = "it_arrives_too_late"
    OVER_KG = "route_is_too_heavy"
    OVER_LITRES = "route_is_too_full"
    AWAY = "vehicle_is_not_there"
    TURN = "vehicle_is_not_back"
    BACK_LATE = "it_is_back_too_late"


SOFT = frozenset({Against.LATE, Against.UNPLANNED, Against.BACK_LATE})
"""What may be adopted with a reason, since the boxes have to go all the same."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """What stands against a plan: at a place, or at a route of a vehicle."""

    why: Against
    code: str = ""
    vehicle: int | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """A route of a vehicle as it was planned; `trip` counts those of the vehicle."""

    vehicle: int
    trip: int
    leaves_at: datetime
    calls: tuple[Call, ...]


def usable(setting: Setting, target: int) -> list[Carrier]:
    """Return the vehicles that can go to a target and back."""
    there = target + 1
    return [
        one
        for one in setting.carriers.values()
        if setting.ways[one.kind][STORE][there] and setting.ways[one.kind][there][STORE]
    ]


def fits(setting: Setting, target: int, carrier: Carrier) -> int:
    """Return of how many stations of a target a vehicle carries the boxes at once."""
    one = setting.targets[target]
    return int(min(carrier.kg / one.kg, carrier.litres / one.litres) + 1e-9)


def unmet_before(
    setting: Setting, *, earliest: datetime, blocked: Iterable[int] = ()
) -> Iterator[Unmet]:
    """Yield the targets that no plan can meet, each with one reason.

    `blocked` are targets whose way from the store is blocked.
    """
    shut = set(blocked)
    for number, target in enumerate(setting.targets):
        if not target.left:
            continue
        found = usable(setting, number)
        if not found:
            yield Unmet(Against.BLOCKED if number in shut else Against.NO_VEHICLE, target.code)
            continue
        able = [one for one in found if fits(setting, number, one) >= 1]
        if not able:
            yield Unmet(Against.TOO_HEAVY, target.code)
        elif not any(_is_in_time(setting, number, one, earliest) for one in able):
            yield Unmet(Against.TOO_FAR, target.code)


def _is_in_time(setting: Setting, target: int, carrier: Carrier, earliest: datetime) -> bool:
    leaves = max(filter(None, (earliest, setting.begins, carrier.free_from)))
    trip = run(setting, carrier, [Call(target, 1)], leaves)
    return trip is not None and trip.late == 0


def parcels(setting: Setting) -> list[Call]:
    """Divide what each target still lacks into equal parts that vehicles can carry.

    What none can carry stays whole. A part is at most what the largest vehicle takes; where smaller
    ones could help there are up to four parts, since a solver cannot divide them further.
    """
    found: list[Call] = []
    for number, target in enumerate(setting.targets):
        able = [n for one in usable(setting, number) if (n := fits(setting, number, one))]
        if not (able and target.left):
            found += [Call(number, target.left)] if target.left else []
            continue
        least = ceil(target.left / max(able))
        parts = min(target.left, max(least, min(4, ceil(target.left / min(able)))))
        size, more = divmod(target.left, parts)
        found += [Call(number, size + (part < more)) for part in range(parts)]
    return found


def merged(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return the calls of a route with those at the same target made one, at the first's turn."""
    together: dict[int, int] = {}
    for call in calls:
        together[call.target] = together.get(call.target, 0) + call.stations
    return tuple(Call(target, stations) for target, stations in together.items())


def timed(
    setting: Setting, routes: Iterable[tuple[int, tuple[Call, ...]]], *, earliest: datetime
) -> list[Route]:
    """Return routes, those of a vehicle in their order, with the hours at which they leave."""
    by: dict[int, list[tuple[Call, ...]]] = {}
    for vehicle, calls in routes:
        by.setdefault(vehicle, []).append(calls)
    made = []
    for vehicle, own in by.items():
        leaves = departures(setting, setting.carriers[vehicle], own, earliest=earliest)
        made += [
            Route(vehicle, trip, when, calls)
            for trip, (calls, when) in enumerate(zip(own, leaves, strict=True), 1)
        ]
    return made


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan comes to, with all that stands against it."""

    trips: Mapping[tuple[int, int], Trip]
    unmet: tuple[Unmet, ...] = ()
    km: float = 0.0
    cost: int = 0
    late: int = 0
    arrivals: Mapping[str, datetime] = field(default_factory=dict)

    def against(self, vehicle: int) -> tuple[Unmet, ...]:
        """Return what stands against the routes of a vehicle."""
        return tuple(one for one in self.unmet if one.vehicle == vehicle)


def outcome(setting: Setting, routes: Sequence[Route]) -> Outcome:
    """Return what routes come to on the ways as they are now."""
    trips: dict[tuple[int, int], Trip] = {}
    unmet: list[Unmet] = []
    planned: dict[int, int] = {}
    by_vehicle: dict[int, list[Trip]] = {}
    arrivals: dict[str, datetime] = {}
    for route in sorted(routes, key=lambda one: (one.vehicle, one.trip)):
        for call in route.calls:
            planned[call.target] = planned.get(call.target, 0) + call.stations
        carrier = setting.carriers.get(route.vehicle)
        trip = run(setting, carrier, route.calls, route.leaves_at) if carrier else None
        if carrier is None or trip is None:
            unmet += _impassable(setting, route, carrier)
            continue
        before = by_vehicle.setdefault(route.vehicle, [])
        unmet += _against(setting, carrier, trip, before)
        before.append(trip)
        trips[route.vehicle, route.trip] = trip
        for visit in trip.visits:
            code = setting.targets[visit.call.target].code
            arrivals[code] = max(arrivals.get(code, visit.begins_at), visit.begins_at)
    for number, target in enumerate(setting.targets):
        if (left := target.left - planned.get(number, 0)) > 0:
            unmet.append(Unmet(Against.UNPLANNED, target.code, count=left))
    return Outcome(
        trips,
        tuple(unmet),
        sum(trip.km for trip in trips.values()),
        sum(cost_of(setting.carriers[vehicle], own) for vehicle, own in by_vehicle.items()),
        sum(trip.late for trip in trips.values()),
        arrivals,
    )


def _impassable(setting: Setting, route: Route, carrier: Carrier | None) -> Iterator[Unmet]:
    """Yield the stops of a route to which its vehicle finds no way from the stop before."""
    if carrier is None:
        yield Unmet(Against.AWAY, vehicle=route.vehicle)
        return
    here = STORE
    for call in route.calls:
        there = call.target + 1
        if setting.ways[carrier.kind][here][there] is None:
            yield Unmet(Against.BLOCKED, setting.targets[call.target].code, route.vehicle)
        here = there


def _against(
    setting: Setting, carrier: Carrier, trip: Trip, before: Sequence[Trip]
) -> Iterator[Unmet]:
    if trip.kg > carrier.kg + 1e-6:
        yield Unmet(Against.OVER_KG, vehicle=carrier.id, count=ceil(trip.kg - carrier.kg))
    if trip.litres > carrier.litres + 1e-6:
        yield Unmet(
            Against.OVER_LITRES, vehicle=carrier.id, count=ceil(trip.litres - carrier.litres)
        )
    early = carrier.free_from and trip.leaves_at < carrier.free_from
    if early or (carrier.free_until and trip.back_at > carrier.free_until):
        yield Unmet(Against.AWAY, vehicle=carrier.id)
    if before and trip.leaves_at < before[-1].back_at:
        yield Unmet(Against.TURN, vehicle=carrier.id)
    for visit in trip.visits:
        if visit.late:
            code = setting.targets[visit.call.target].code
            yield Unmet(Against.LATE, code, carrier.id, visit.late)
    if trip.back_late:
        yield Unmet(Against.BACK_LATE, vehicle=carrier.id, count=trip.back_late)


@dataclass(frozen=True, slots=True)
class Placed:
    """How a stop stands in a plan: by which vehicles, and when the last of it arrives."""

    vehicles: tuple[int, ...]
    arrives_at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A stop that another plan serves otherwise; None where a plan does not serve it."""

    code: str
    before: Placed | None
    after: Placed | None


def placed(
    setting: Setting, routes: Sequence[Route], arrivals: Mapping[str, datetime]
) -> Mapping[str, Placed]:
    """Return by place how it stands in a plan."""
    by: dict[str, list[int]] = {}
    for route in routes:
        for call in route.calls:
            by.setdefault(setting.targets[call.target].code, []).append(route.vehicle)
    return {
        code: Placed(tuple(sorted(set(vehicles))), arrivals.get(code))
        for code, vehicles in by.items()
    }


def differences(before: Mapping[str, Placed], after: Mapping[str, Placed]) -> list[Difference]:
    """Return the stops that two plans serve otherwise, by code."""
    return [
        Difference(code, before.get(code), after.get(code))
        for code in sorted({*before, *after})
        if before.get(code) != after.get(code)
    ]


def stop_status(
    *,
    at: datetime,
    last: datetime | None,
    boxes: int,
    sent: int,
    left: int,
    stations: int,
    is_late: bool,
) -> Status:
    """Return how a place stands: done when all its boxes have left, late when it is too late.

    `last` is its last departure, None where nothing gets there; `left` are its stations that are in
    no adopted route.
    """
    if sent >= boxes:
        return Status.DONE
    if last is None or last < at:
        return Status.LATE
    if left >= stations:
        return Status.NO_REPORT
    return Status.AT_RISK if left or is_late else Status.ON_TRACK
