"""Plans with their routes, what they come to now, and what changed from one to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from serentak.distribution.models import Plan, Stop, Vehicle
from serentak.distribution.models import Route as RouteRow
from serentak.distribution.permissions import PLAN_ROUTES
from serentak.distribution.rules.catalogue import Conditions, Stage
from serentak.distribution.rules.plans import (
    Difference,
    Outcome,
    PlanState,
    Route,
    Unmet,
    differences,
    outcome,
    placed,
)
from serentak.distribution.rules.schedule import Call
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import Fault
from serentak.kernel.viewer import Viewer

from .world import World, world

PlanRow = Plan
"""A plan, as its page reads it."""

PLANNERS = {Level.REGENCY: "KPU", Level.DISTRICT: "PPK"}
"""Who plans: the commission for its store, a district committee for its villages."""


def planner_of(place: PlaceCode) -> InstitutionCard | None:
    """Return who plans at a place; one query."""
    kind = PLANNERS.get(level_of(place))
    return institutions.institution_by(kind, place) if kind else None


def plans_at(viewer: Viewer, place: PlaceCode) -> bool:
    """Tell whether the viewer plans at a place."""
    planner = planner_of(place) if viewer.may(PLAN_ROUTES, place) else None
    return planner is not None and viewer.acts_for(planner.id, PLAN_ROUTES)


def _whole() -> "QuerySet[Plan]":
    stops = Prefetch("stops", Stop.objects.select_related("place").order_by("position"))
    routes = RouteRow.objects.select_related("vehicle__owner").prefetch_related(stops)
    return Plan.objects.select_related(
        "place", "based_on", "planned_by", "planned_for", "adopted_by"
    ).prefetch_related(Prefetch("routes", routes.order_by("leaves_at", "vehicle__name", "trip")))


def plan(plan_id: int) -> Plan | None:
    """Return a plan with its routes and stops, None where there is none; three queries."""
    return _whole().filter(pk=plan_id).first()


def plan_in(place: PlaceCode, stage: Stage, state: PlanState) -> Plan | None:
    """Return the newest plan of a stage in a state; three queries."""
    rows = _whole().filter(place=place, stage=stage.value, state=state.value)
    return rows.order_by("-number").first()


def plans_of(place: PlaceCode) -> "QuerySet[Plan]":
    """Return the plans of a place, the newest first."""
    rows = Plan.objects.filter(place=place).select_related("planned_by", "planned_for")
    return rows.order_by("-planned_at", "-pk")


@dataclass(frozen=True, slots=True)
class Seen:
    """A plan as it stands now: its world, its routes, what they come to."""

    plan: Plan
    world: World
    routes: tuple[Route, ...]
    rows: Mapping[tuple[int, int], RouteRow]
    outcome: Outcome
    vehicles: Mapping[int, Vehicle]


def routes_of(row: Plan, found: World) -> tuple[Route, ...]:
    """Return the routes of a plan, without stops for which nothing is to be carried any more."""
    zone = found.election.zone
    routes = []
    for route in row.routes.all():
        calls = [
            Call(target, stop.stations)
            for stop in route.stops.all()
            if (target := found.target(stop.place_id)) is not None
        ]
        leaves = route.leaves_at.astimezone(zone)
        routes.append(Route(route.vehicle_id, route.trip, leaves, tuple(calls)))
    return tuple(routes)


def seen(row: Plan, *, at: datetime, found: World | None = None) -> Seen | None:
    """Return a plan on the ways as they are now; None where its needs are no more known."""
    place, stage = PlaceCode(row.place_id), Stage(row.stage)
    found = found or world(place, stage, conditions=Conditions(row.conditions), at=at)
    if found is None:
        return None
    routes = routes_of(row, found)
    rows = {(route.vehicle_id, route.trip): route for route in row.routes.all()}
    return Seen(
        row,
        found,
        routes,
        rows,
        outcome(found.setting, routes),
        {route.vehicle_id: route.vehicle for route in rows.values()},
    )


def fault_of(unmet: Unmet, found: World, of: Seen | None = None) -> Fault:
    """Return what stands against a plan as a fault that names the place and the vehicle."""
    vehicle = of.vehicles.get(unmet.vehicle) if of and unmet.vehicle else None
    params: dict[str, Any] = {"place": found.names.get(unmet.code, unmet.code)}
    params |= {"vehicle": vehicle.name if vehicle else "", "count": unmet.count}
    return Fault(f"distribution.{unmet.why.value}", None, params)


def with_those_at_hand(found: World, *, at: datetime) -> World:
    """Return a world in which who is under way by the adopted plan is free when he is back."""
    adopted = plan_in(found.place, found.stage, PlanState.ADOPTED)
    driven = seen(adopted, at=at, found=found) if adopted else None
    if driven is None:
        return found
    back = {
        vehicle: trip.back_at
        for (vehicle, _trip), trip in driven.outcome.trips.items()
        if trip.leaves_at <= at < trip.back_at
    }
    carriers = {
        number: replace(one, free_from=max(filter(None, (one.free_from, back.get(number)))))
        if number in back
        else one
        for number, one in found.setting.carriers.items()
    }
    return replace(found, setting=replace(found.setting, carriers=carriers))


def changes(before: Seen, after: Seen) -> Sequence[Difference]:
    """Return the stops that another plan serves otherwise, by vehicle or by arrival."""
    one, other = (placed(s.world.setting, s.routes, _planned(s)) for s in (before, after))
    return differences(one, other)


def _planned(one: Seen) -> dict[str, datetime]:
    """Return by place when the last of it was to arrive, as the plan said when it was made."""
    found: dict[str, datetime] = {}
    for route in one.plan.routes.all():
        for stop in route.stops.all():
            if stop.arrives_at is not None:
                known = found.get(stop.place_id, stop.arrives_at)
                found[stop.place_id] = max(known, stop.arrives_at)
    return found
