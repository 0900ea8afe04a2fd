"""A place's distribution as its page shows it: stops, routes of today, parts below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from serentak.distribution.models import Leg, Plan, Vehicle
from serentak.distribution.models import Route as RouteRow
from serentak.distribution.rules.catalogue import Stage, Terrain
from serentak.distribution.rules.plans import Against, PlanState, stop_status
from serentak.kernel.codes import Level, PlaceCode, subtree_range
from serentak.kernel.status import Status
from serentak.logistics import public as logistics
from serentak.places import public as places
from serentak.places.public import PlaceCard
from serentak.platform.clock import local_date

from .plans import Seen
from .world import World


@dataclass(frozen=True, slots=True)
class StopLine:
    """A place to be served: until when it must leave, and how it stands in the adopted plan."""

    code: str
    name: str
    stations: int
    boxes: int
    sent: int
    terrain: Terrain
    is_entered: bool
    last: datetime | None
    vehicles: tuple[str, ...]
    leaves_at: datetime | None
    arrives_at: datetime | None
    left: int
    status: Status


def stop_lines(found: World, adopted: Seen | None, *, at: datetime) -> Sequence[StopLine]:
    """Return the places of a stage in the order of leaving; no query."""
    lines = []
    for code in found.order:
        number = found.target(code)
        if number is None:
            continue
        stations = found.setting.targets[number].stations
        unmet = adopted.outcome.unmet if adopted else ()
        left = sum(one.count for one in unmet if (one.why, one.code) == (Against.UNPLANNED, code))
        routes = _routes_to(number, adopted)
        driven = {row.vehicle_id for row in routes}
        is_late = any(
            (one.code == code and one.why in (Against.LATE, Against.BLOCKED))
            or (one.why is Against.AWAY and one.vehicle in driven)
            for one in unmet
        )
        left = left if adopted else found.setting.targets[number].left
        lines.append(
            StopLine(
                code,
                found.names[code],
                stations,
                found.boxes[code],
                found.sent[code],
                found.terrain(code),
                found.leg(code).basis.value == "ENTERED",
                found.lasts[code],
                tuple(dict.fromkeys(row.vehicle.name for row in routes)),
                min((row.leaves_at for row in routes), default=None),
                adopted.outcome.arrivals.get(code) if adopted else None,
                left,
                stop_status(
                    at=at,
                    last=found.lasts[code],
                    boxes=found.boxes[code],
                    sent=found.sent[code],
                    left=left,
                    stations=stations,
                    is_late=is_late,
                ),
            )
        )
    return lines


def _routes_to(target: int, adopted: Seen | None) -> list[RouteRow]:
    """Return the routes of a plan that stop at a target."""
    if adopted is None:
        return []
    return [
        adopted.rows[route.vehicle, route.trip]
        for route in adopted.routes
        if any(call.target == target for call in route.calls)
    ]


@dataclass(frozen=True, slots=True)
class LeavingLine:
    """A route that leaves on a day: with whom, and where it goes."""

    plan_id: int
    row: RouteRow
    vehicle: Vehicle
    places: tuple[str, ...]
    stations: int
    last: datetime | None


def leaving(adopted: Seen, *, at: datetime) -> Sequence[LeavingLine]:
    """Return the routes that leave today, those first whose last departure is the earliest."""
    world = adopted.world
    zone, order = world.election.zone, {code: n for n, code in enumerate(world.order)}
    today = local_date(at, zone=zone.key)
    lines = []
    for route in adopted.routes:
        if route.leaves_at.date() != today:
            continue
        codes = [world.setting.targets[call.target].code for call in route.calls]
        row = adopted.rows[route.vehicle, route.trip]
        lasts = [last for code in codes if (last := world.lasts[code])]
        line = LeavingLine(
            adopted.plan.pk,
            row,
            row.vehicle,
            tuple(world.names[code] for code in codes),
            sum(call.stations for call in route.calls),
            min(lasts, default=None),
        )
        lines.append((min((order[code] for code in codes), default=0), route.leaves_at, line))
    return [line for _rank, _leaves, line in sorted(lines, key=lambda one: one[:2])]


@dataclass(frozen=True, slots=True)
class RegencyLine:
    """How far a regency is with its plan; None where it has none."""

    place: PlaceCard
    vehicles: int
    states: tuple[PlanState, ...]
    planned: int
    districts: int
    blocked: int


def regency_lines(province: PlaceCode, *, at: datetime) -> Sequence[RegencyLine]:
    """Return the regencies of a province with what is planned there; eight queries at most."""
    low, high = subtree_range(province)
    inside = {"place__gte": low, "place__lt": high}
    lent = dict(
        Vehicle.objects.filter(**inside, is_withdrawn=False)
        .values_list("place")
        .annotate(count=Count("pk"))
        .order_by()
    )
    plans = Plan.objects.filter(**inside, stage=Stage.DISTRICTS.value)
    states: dict[str, list[PlanState]] = {}
    for place, state in plans.values_list("place", "state").distinct().order_by("place", "state"):
        states.setdefault(place, []).append(PlanState(state))
    planned = dict(
        plans.filter(state=PlanState.ADOPTED.value)
        .values_list("place")
        .annotate(count=Count("routes__stops__place", distinct=True))
        .order_by()
    )
    shut = Leg.objects.filter(Q(low__gte=low, low__lt=high), blocked_until_at__gt=at).values_list(
        "low", flat=True
    )
    blocked: dict[str, int] = {}
    for code in shut:
        regency = code[: Level.REGENCY]
        blocked[regency] = blocked.get(regency, 0) + 1
    needed: dict[str, int] = {}
    for code in logistics.bulk_at(province, Level.DISTRICT):
        needed[code[: Level.REGENCY]] = needed.get(code[: Level.REGENCY], 0) + 1
    return [
        RegencyLine(
            card,
            lent.get(card.code, 0),
            tuple(states.get(card.code, ())),
            planned.get(card.code, 0),
            needed.get(card.code, 0),
            blocked.get(card.code, 0),
        )
        for card in places.children(province)
    ]


def ways_under(place: PlaceCode) -> Mapping[int, Leg]:
    """Return what people know of the ways of a place, by id, the newest first; one query."""
    low, high = subtree_range(place)
    rows = Leg.objects.filter(low__gte=low, low__lt=high, high__gte=low, high__lt=high)
    found = rows.select_related("low", "high", "told_by", "told_for").order_by("-told_at", "-pk")
    return {row.pk: row for row in found}


def vehicle(vehicle_id: int) -> Vehicle | None:
    """Return a vehicle, None where there is none; one query."""
    return Vehicle.objects.select_related("owner", "place").filter(pk=vehicle_id).first()


def way(leg_id: int) -> Leg | None:
    """Return what is told of a way, None where there is none; one query."""
    return Leg.objects.select_related("low", "high", "told_for").filter(pk=leg_id).first()
