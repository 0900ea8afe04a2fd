"""Plans who brings what where: by hand, improved by the solver, adopted; all versions are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max
from django.urls import reverse

from serentak.distribution.events import PlanChanged
from serentak.distribution.models import MOST_STATIONS, MOST_TRIPS, Plan, Stop
from serentak.distribution.models import Route as RouteRow
from serentak.distribution.permissions import OFFER_VEHICLES, PLAN_ROUTES
from serentak.distribution.queries.plans import (
    Seen,
    fault_of,
    plan,
    planner_of,
    plans_at,
    routes_of,
    seen,
    with_those_at_hand,
)
from serentak.distribution.queries.world import World, earliest, stages_at, world
from serentak.distribution.rules.catalogue import Conditions, Stage
from serentak.distribution.rules.plans import (
    PLAN_TRANSITIONS,
    SOFT,
    Against,
    PlanEvent,
    PlanState,
    Route,
    timed,
    unmet_before,
)
from serentak.distribution.rules.schedule import Call, run
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, Fault, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged, digest_of, first_answer, one_at_a_time
from serentak.platform.queue import enqueue

JOB = "distribution.compute_plan"
MOST_ITERATIONS = 50_000
MOST_SEED = 1_000_000


@dataclass(frozen=True, slots=True)
class Placing:
    """A stop as it is planned by hand: by which vehicle, on which of its trips, as the how-many-th,
    with the boxes of how many stations.
    """

    place: PlaceCode
    vehicle_id: int
    trip: int
    position: int
    stations: int


@action
def draft_plan(
    *,
    client_key: UUID,
    place: PlaceCode,
    stage: Stage,
    conditions: Conditions | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Begin a plan of a stage by hand and return its id; it has the routes of the adopted one.

    Refused where one is drafted already, and where nobody knows yet what is needed.
    """
    digest = digest_of(locals())
    planner = _planner(place, actor)
    if known := first_answer(Plan, client_key, digest):
        return known.pk
    if stage not in stages_at(place):
        raise Refused("distribution.stage_is_planned_elsewhere", field="stage")
    _turn(place, stage)
    if Plan.objects.filter(place=place, stage=stage.value, state=PlanState.DRAFT.value).exists():
        raise Conflict("distribution.a_plan_is_drafted_already")
    found = _world(place, stage, conditions, at)
    adopted = Plan.objects.filter(place=place, stage=stage.value, state=PlanState.ADOPTED.value)
    base = adopted.first()
    row = Plan.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        stage=stage.value,
        number=_next(place, stage),
        state=PlanState.DRAFT.value,
        based_on=base,
        conditions=found.conditions.value,
        planned_for_id=planner,
        planned_by_id=actor.user_id,
        planned_at=at,
        figure_class=figure_class.value,
    )
    if base and (whole := plan(base.pk)):
        _lay(row, found, routes_of(whole, found), keep_hours=True)
    _told(row, "DRAFT", actor, at)
    return row.pk


@action
def arrange_plan(
    *, plan_id: int, version: int, placings: Sequence[Placing], actor: Viewer, at: datetime
) -> None:
    """Say by hand which vehicle brings what where, in which order; when each leaves is computed.

    Refused, with all that does not hold, where a vehicle is not there or cannot go to a place, and
    where more stations are brought than a place has.
    """
    row = _own(plan_id, version, actor)
    _must_be(row, PlanState.DRAFT)
    found = _world_of(row, at)
    faults = list(_placing_faults(found, placings))
    if faults:
        raise Refused.of(*faults)
    by: dict[tuple[int, int], list[Placing]] = {}
    for one in placings:
        by.setdefault((one.vehicle_id, one.trip), []).append(one)
    given = [
        (vehicle, _calls(found, sorted(stops, key=lambda one: one.position)))
        for (vehicle, _trip), stops in sorted(by.items())
    ]
    _lay(
        row,
        found,
        timed(found.setting, given, earliest=earliest(found, at)),
        keep_hours=True,
    )
    _save(row)
    _told(row, "ARRANGE", actor, at)


@action
def set_departure(
    *, plan_id: int, version: int, route_id: int, leaves_at: datetime, actor: Viewer, at: datetime
) -> None:
    """Let a route of a draft leave at another moment."""
    row = _own(plan_id, version, actor)
    _must_be(row, PlanState.DRAFT)
    found = _world_of(row, at)
    if leaves_at < at:
        raise Refused("distribution.departure_has_passed", field="leaves_at")
    route = row.routes.filter(pk=route_id).first()
    if route is None:
        raise OutOfScope(PLAN_ROUTES, row.place_id)
    zone = found.election.zone
    whole = _whole(row)
    routes = [
        Route(one.vehicle, one.trip, leaves_at.astimezone(zone), one.calls)
        if (one.vehicle, one.trip) == (route.vehicle_id, route.trip)
        else one
        for one in routes_of(whole, found)
    ]
    _lay(row, found, routes, keep_hours=False)
    _save(row)
    _told(row, "ARRANGE", actor, at)


@action
def improve_plan(
    *,
    client_key: UUID,
    plan_id: int,
    version: int,
    seed: int = 1,
    iterations: int = 2_000,
    conditions: Conditions | None = None,
    actor: Viewer,
    at: datetime,
) -> int:
    """Have the solver plan anew what a plan carries, and return the id of what will come of it.

    Refused, stop by stop, where something cannot be brought by any vehicle in time: nothing is
    computed then. What is computed is proposed beside the plan and changes nothing by itself.
    """
    digest = digest_of(locals())
    row = _own(plan_id, None, actor)
    if known := first_answer(Plan, client_key, digest):
        return known.pk
    check_unchanged(version, row.version)
    _must_be(row, PlanState.DRAFT, PlanState.ADOPTED, PlanState.PROPOSED)
    for name, value, least, most in (
        ("iterations", iterations, 1, MOST_ITERATIONS),
        ("seed", seed, 0, MOST_SEED),
    ):
        if not least <= value <= most:
            raise Refused("distribution.number_is_absurd", field=name, least=least, most=most)
    place, stage = PlaceCode(row.place_id), Stage(row.stage)
    _turn(place, stage)
    waiting = Plan.objects.filter(place=place, stage=stage.value, state=PlanState.COMPUTING.value)
    if waiting.exists():
        raise Conflict("distribution.a_plan_is_computed_already")
    found = _world(place, stage, conditions or Conditions(row.conditions), at)
    found = with_those_at_hand(found, at=at)
    unmet = list(unmet_before(found.setting, earliest=earliest(found, at), blocked=found.blocked))
    if not found.setting.carriers:
        raise Refused("distribution.nobody_lends_a_vehicle")
    if unmet:
        raise Refused.of(*(fault_of(one, found) for one in unmet))
    made = Plan.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        stage=stage.value,
        number=_next(place, stage),
        state=PlanState.COMPUTING.value,
        based_on=row,
        conditions=found.conditions.value,
        seed=seed,
        iterations=iterations,
        planned_for_id=row.planned_for_id,
        planned_by_id=actor.user_id,
        planned_at=at,
        figure_class=row.figure_class,
    )
    _told(made, "IMPROVE", actor, at)
    enqueue(JOB, lock=f"{JOB}/{place}", plan_id=made.pk)
    return made.pk


@action
def compute_plan(
    *,
    plan_id: int,
    routes: Sequence[tuple[int, tuple[Call, ...]]],
    left_out: Sequence[Call],
    actor: Viewer,
    at: datetime,
) -> bool:
    """Lay down what the solver found; False where it is not awaited any more.

    Where stops were left out nothing is proposed, and the plan says which and how many stations.
    """
    if not actor.system:
        raise OutOfScope(PLAN_ROUTES, str(plan_id))
    row = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if row is None or row.state != PlanState.COMPUTING:
        return False
    found = with_those_at_hand(_world_of(row, at), at=at)
    if left_out:
        row.state = _after(row, PlanEvent.FAIL).value
        by: dict[str, int] = {}
        for call in left_out:
            code = found.setting.targets[call.target].code
            by[code] = by.get(code, 0) + call.stations
        row.faults = [[Against.LEFT_OVER.value, code, count] for code, count in sorted(by.items())]
    else:
        row.state = _after(row, PlanEvent.FINISH).value
        _lay(
            row,
            found,
            timed(found.setting, routes, earliest=earliest(found, at)),
            keep_hours=False,
        )
    _save(row)
    _told(row, row.state, actor, at)
    return True


@action
def take_over_plan(*, plan_id: int, version: int, actor: Viewer, at: datetime) -> int:
    """Make a proposed plan the draft, and return its id; the draft before is kept as replaced."""
    row = _own(plan_id, version, actor)
    place, stage = PlaceCode(row.place_id), Stage(row.stage)
    _turn(place, stage)
    after = _after(row, PlanEvent.TAKE_OVER)
    drafts = Plan.objects.select_for_update().filter(
        place=place, stage=stage.value, state=PlanState.DRAFT.value
    )
    for draft in drafts:
        _replace(draft, actor, at)
    row.state = after.value
    _save(row)
    _told(row, PlanEvent.TAKE_OVER.value, actor, at)
    return row.pk


@action
def drop_plan(*, plan_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Put aside a draft, or what the solver proposed or failed to find; it is kept."""
    row = _own(plan_id, version, actor)
    _must_be(row, PlanState.DRAFT, PlanState.PROPOSED, PlanState.FAILED, PlanState.COMPUTING)
    _replace(row, actor, at)


@action
def adopt_plan(
    *, plan_id: int, version: int, reason: str = "", actor: Viewer, at: datetime
) -> None:
    """Make a draft the plan by which one drives; the one before is kept as replaced.

    Refused, stop by stop, where it cannot be driven. What arrives late or is in no route yet may
    be adopted with a reason, since the rest has to go all the same.
    """
    row = _own(plan_id, version, actor)
    place, stage = PlaceCode(row.place_id), Stage(row.stage)
    _turn(place, stage)
    after = _after(row, PlanEvent.ADOPT)
    reason = one_line(reason)
    check_length(reason, most=300, field="reason")
    found = seen(_whole(row), at=at)
    if found is None:
        raise Refused("distribution.needs_are_not_known")
    if not found.routes:
        raise Refused("distribution.plan_has_no_route")
    hard = [one for one in found.outcome.unmet if one.why not in SOFT]
    unmet = hard or ([] if reason else list(found.outcome.unmet))
    faults = [fault_of(one, found.world, found) for one in unmet]
    faults += _driven_elsewhere(row, found)
    if faults:
        raise Refused.of(*faults)
    for old in Plan.objects.select_for_update().filter(
        place=place, stage=stage.value, state=PlanState.ADOPTED.value
    ):
        _replace(old, actor, at)
    row.state, row.adopted_at, row.adopted_by_id = after.value, at, actor.user_id
    row.reason = reason
    _save(row)
    _told(row, PlanEvent.ADOPT.value, actor, at)
    owners = {vehicle.owner_id for vehicle in found.vehicles.values()} - {row.planned_for_id}
    notices = [
        Notice(
            institution_id=owner,
            permission=OFFER_VEHICLES,
            code="distribution.plan_was_adopted",
            params={"place": row.place.name},
            link=reverse("distribution:plan", args=[row.pk]),
        )
        for owner in sorted(owners)
    ]
    notify(notices=notices, actor=actor, at=at)


# --- what all share


def _driven_elsewhere(row: Plan, found: Seen) -> list[Fault]:
    """Return the vehicles that another adopted plan needs at the same time."""
    spans = {key: (trip.leaves_at, trip.back_at) for key, trip in found.outcome.trips.items()}
    others = (
        RouteRow.objects.filter(
            plan__state=PlanState.ADOPTED.value, vehicle__in=[vehicle for vehicle, _ in spans]
        )
        .exclude(plan__place=row.place_id, plan__stage=row.stage)
        .annotate(ends_at=Max("stops__arrives_at"))
        .select_related("vehicle", "plan__place")
    )
    return [
        Fault(
            "distribution.vehicle_is_elsewhere",
            None,
            {"vehicle": other.vehicle.name, "place": other.plan.place.name},
        )
        for other in others
        if any(
            vehicle == other.vehicle_id
            and other.leaves_at < back
            and leaves < (other.ends_at or other.leaves_at)
            for (vehicle, _), (leaves, back) in spans.items()
        )
    ]


def _placing_faults(found: World, placings: Sequence[Placing]) -> Iterable[Fault]:
    brought: dict[int, int] = {}
    stands: set[tuple[PlaceCode, int, int]] = set()
    for number, one in enumerate(placings, 1):
        target = found.target(one.place)
        carrier = found.setting.carriers.get(one.vehicle_id)
        for field, value, most in (
            ("trip", one.trip, MOST_TRIPS),
            ("position", one.position, 999),
            ("stations", one.stations, MOST_STATIONS),
        ):
            if not 1 <= value <= most:
                bounds = {"least": 1, "most": most}
                yield Fault("distribution.number_is_absurd", field, bounds, number)
                return
        if target is None:
            yield Fault("distribution.place_is_not_served", "place", {}, number)
            return
        if carrier is None:
            yield Fault("distribution.vehicle_is_not_lent", "vehicle", {}, number)
            continue
        if (one.place, one.vehicle_id, one.trip) in stands:
            yield Fault("distribution.place_stands_twice_on_a_route", "place", {}, number)
        stands.add((one.place, one.vehicle_id, one.trip))
        if carrier not in found.reached_by(one.place):
            named = {"place": found.names[one.place]}
            yield Fault("distribution.vehicle_cannot_go_there", "vehicle", named, number)
        brought[target] = brought.get(target, 0) + one.stations
        if brought[target] > (most := found.setting.targets[target].stations):
            params = {"place": found.names[one.place], "most": most, "brought": brought[target]}
            yield Fault("distribution.more_stations_than_there_are", "stations", params, number)


def _calls(found: World, stops: Iterable[Placing]) -> tuple[Call, ...]:
    numbered = ((found.target(one.place), one.stations) for one in stops)
    return tuple(Call(target, stations) for target, stations in numbered if target is not None)


def _lay(row: Plan, found: World, routes: Iterable[Route], *, keep_hours: bool) -> None:
    """Put routes in the place of a plan's own, with the hours at which they arrive.

    With `keep_hours` a vehicle all of whose routes stay as they were keeps the hours at which
    somebody let them leave.
    """
    routes = [one for one in routes if one.calls]
    before = routes_of(_whole(row), found) if keep_hours else ()
    kept = {
        (one.vehicle, one.trip): one.leaves_at
        for one in before
        if _trips(before, one.vehicle) == _trips(routes, one.vehicle)
    }
    row.routes.all().delete()
    stops = []
    for one in routes:
        leaves = kept.get((one.vehicle, one.trip), one.leaves_at)
        carrier = found.setting.carriers.get(one.vehicle)
        made = row.routes.create(vehicle_id=one.vehicle, trip=one.trip, leaves_at=leaves)
        trip = run(found.setting, carrier, one.calls, leaves) if carrier else None
        visits = trip.visits if trip else ()
        arrivals = {visit.call.target: visit.begins_at for visit in visits}
        stops += [
            Stop(
                route=made,
                place_id=found.setting.targets[call.target].code,
                position=position,
                stations=call.stations,
                arrives_at=arrivals.get(call.target),
            )
            for position, call in enumerate(one.calls, 1)
        ]
    Stop.objects.bulk_create(stops)


def _trips(routes: Iterable[Route], vehicle: int) -> dict[int, tuple[Call, ...]]:
    return {one.trip: one.calls for one in routes if one.vehicle == vehicle}


def _planner(place: PlaceCode, actor: Viewer) -> int:
    planner = planner_of(place)
    if planner is None or not plans_at(actor, place):
        raise OutOfScope(PLAN_ROUTES, place)
    return planner.id


def _turn(place: PlaceCode, stage: Stage) -> None:
    one_at_a_time(f"distribution/{place}/{stage.value}")


def _own(plan_id: int, version: int | None, actor: Viewer) -> Plan:
    """Return a plan of the actor's institution, locked, as the actor saw it."""
    row = Plan.objects.select_for_update(of=("self",)).filter(pk=plan_id).first()
    if row is None:
        raise OutOfScope(PLAN_ROUTES, str(plan_id))
    _planner(PlaceCode(row.place_id), actor)
    check_unchanged(version, row.version)
    return row


def _must_be(row: Plan, *states: PlanState) -> None:
    if row.state not in {state.value for state in states}:
        raise Refused("distribution.plan_is_elsewhere")


def _after(row: Plan, event: PlanEvent) -> PlanState:
    refused = Refused("distribution.plan_is_elsewhere")
    return PLAN_TRANSITIONS.must(PlanState(row.state), event, otherwise=refused)


def _replace(row: Plan, actor: Viewer, at: datetime) -> None:
    row.state = _after(row, PlanEvent.REPLACE).value
    _save(row)
    _told(row, PlanEvent.REPLACE.value, actor, at)


def _save(row: Plan) -> None:
    row.version += 1
    row.save()


def _next(place: PlaceCode, stage: Stage) -> int:
    rows = Plan.objects.filter(place=place, stage=stage.value)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _world(place: PlaceCode, stage: Stage, conditions: Conditions | None, at: datetime) -> World:
    found = world(place, stage, conditions=conditions, at=at)
    if found is None:
        raise Refused("distribution.needs_are_not_known")
    return found


def _world_of(row: Plan, at: datetime) -> World:
    return _world(PlaceCode(row.place_id), Stage(row.stage), Conditions(row.conditions), at)


def _whole(row: Plan) -> Plan:
    """Return a plan with its routes and stops as they stand now."""
    whole = plan(row.pk)
    if whole is None:
        raise OutOfScope(PLAN_ROUTES, row.place_id)
    return whole


def _told(row: Plan, event: str, actor: Viewer, at: datetime) -> None:
    record(
        PlanChanged(
            subjects=(f"plan:{row.pk}",),
            place=PlaceCode(row.place_id),
            institution_id=row.planned_for_id,
            event=event,
            stage=row.stage,
            number=row.number,
            routes=row.routes.count(),
        ),
        actor=actor,
        at=at,
    )
