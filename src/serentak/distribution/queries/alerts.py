"""What presses in distribution: one alert for each regency and kind, in six queries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import QuerySet, Sum

from serentak.distribution.models import Plan, Stop
from serentak.distribution.rules.catalogue import Conditions, Stage
from serentak.distribution.rules.plans import PlanState
from serentak.elections import public as elections
from serentak.elections.public import ElectionCard
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, is_within, level_of, subtree_range
from serentak.kernel.countdown import days_after_vote
from serentak.logistics import public as logistics
from serentak.places import public as places
from serentak.platform.clock import local_date
from serentak.platform.reading import kept

from .catalogues import vehicles
from .world import Map, pair_of, told_legs

PLANNED_BY, LATE_BY = -14, -8
"""When routes are due (readiness' `route-plan`) and when escorts need them, from the vote."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """Districts of a regency in the same trouble: how many stations, which district first."""

    code: str
    regency: PlaceCode
    districts: tuple[PlaceCode, ...]
    first: str
    stations: int
    due: date
    is_late: bool


@kept
def pressing(place: PlaceCode, *, at: datetime) -> tuple[Pressing, ...]:
    """Return what presses at and under a place, of regencies that plan here; six queries.

    A regency that has no plan here tells of its routes elsewhere, and is not said to lack one.
    """
    if place == COUNTRY:
        return ()
    regency_or_more = PlaceCode(place[: Level.REGENCY])
    low, high = subtree_range(regency_or_more)
    stage = Stage.DISTRICTS.value
    rows = Plan.objects.filter(place__gte=low, place__lt=high, stage=stage)
    planning = _planning(rows)
    election = elections.current_election(place) if planning else None
    if election is None:
        return ()
    today = local_date(at, zone=election.zone.key)
    if days_after_vote(today, vote_date=election.vote_date) < PLANNED_BY:
        return ()
    bulk = logistics.bulk_at(regency_or_more, Level.DISTRICT)
    sent = logistics.boxes_sent(regency_or_more, Level.DISTRICT)
    stops = _stops(low, high)
    names = {code: card.name for code, card in places.places(bulk).items()}
    told = told_legs({*planning, *bulk})
    found: list[Pressing] = []
    for regency in planning:
        served = {
            code: one for code, one in bulk.items()
            if is_within(code, regency) and is_within(code, place) and sent.get(code, 0) < one.boxes
        }  # fmt: skip
        own = Map(regency, Stage.DISTRICTS, told, {str(k): v for k, v in names.items()}, at)
        factor = vehicles().conditions[planning[regency]].factor
        lasts = {code: own.last(code, election, factor=factor) for code in served}
        planned = stops.by_place(regency)
        shut = {
            code
            for leg, codes in stops.legs(regency).items()
            if (row := told.get(leg)) and row.blocked_until_at and row.blocked_until_at > at
            for code in codes
        }
        troubles: Mapping[str, list[PlaceCode]] = {
            "distribution.last_departure_is_missed": [
                code for code, last in lasts.items() if last and last < at
            ],
            "distribution.planned_way_is_blocked": [code for code in served if code in shut],
            "distribution.stops_are_in_no_plan": [
                code for code, one in served.items() if planned.get(code, 0) < one.stations
            ],
        }
        found += _told(regency, troubles, lasts, bulk, names, election, today)
    return tuple(found)


def _planning(rows: "QuerySet[Plan]") -> dict[PlaceCode, Conditions]:
    """Return the places that have a plan, with the conditions of the adopted one; one query."""
    dry = vehicles().stages[Stage.DISTRICTS].conditions
    found: dict[PlaceCode, Conditions] = {}
    for code, state, conditions in rows.order_by("place").values_list(
        "place", "state", "conditions"
    ):
        found.setdefault(PlaceCode(code), dry)
        if state == PlanState.ADOPTED:
            found[PlaceCode(code)] = Conditions(conditions)
    return found


def _told(
    regency: PlaceCode,
    troubles: Mapping[str, list[PlaceCode]],
    lasts: Mapping[PlaceCode, datetime | None],
    bulk: Mapping[PlaceCode, logistics.Bulk],
    names: Mapping[PlaceCode, str],
    election: ElectionCard,
    today: date,
) -> Iterator[Pressing]:
    until = {code: last.date() for code, last in lasts.items() if last}
    day = days_after_vote(today, vote_date=election.vote_date)
    for code, districts in troubles.items():
        if not districts:
            continue
        first = min(districts, key=lambda one: (until.get(one, today), one))
        is_missed = code == "distribution.last_departure_is_missed"
        yield Pressing(
            code,
            regency,
            tuple(sorted(districts)),
            names[first],
            sum(bulk[one].stations for one in districts),
            until.get(first, today),
            is_missed or day >= LATE_BY,
        )


@dataclass(frozen=True, slots=True)
class _Stops:
    """The stops of adopted plans: stations by place, and the legs by which they are reached."""

    stations: Mapping[PlaceCode, Mapping[PlaceCode, int]]
    ways: Mapping[PlaceCode, Mapping[tuple[str, str], set[PlaceCode]]]

    def by_place(self, regency: PlaceCode) -> Mapping[PlaceCode, int]:
        return self.stations.get(regency, {})

    def legs(self, regency: PlaceCode) -> Mapping[tuple[str, str], set[PlaceCode]]:
        return self.ways.get(regency, {})


def _stops(low: str, high: str) -> _Stops:
    """Return the stops of the adopted plans in a range of places; one query."""
    rows = (
        Stop.objects.filter(
            route__plan__place__gte=low,
            route__plan__place__lt=high,
            route__plan__stage=Stage.DISTRICTS.value,
            route__plan__state=PlanState.ADOPTED.value,
        )
        .values_list("route__plan__place", "route", "place")
        .annotate(stations=Sum("stations"))
        .order_by("route", "position")
    )
    stations: dict[PlaceCode, dict[PlaceCode, int]] = defaultdict(lambda: defaultdict(int))
    routes: dict[tuple[PlaceCode, int], list[str]] = {}
    for regency, route, code, count in rows:
        stations[regency][code] += count
        routes.setdefault((regency, route), [regency]).append(code)
    ways: dict[PlaceCode, dict[tuple[str, str], set[PlaceCode]]] = defaultdict(dict)
    for (regency, _route), codes in routes.items():
        for before, code in pairwise(codes):
            ways[regency].setdefault(pair_of(before, code), set()).add(PlaceCode(code))
    return _Stops(stations, ways)


def has_desk(place: PlaceCode) -> bool:
    """Tell whether alerts are told at a place: villages and stations have no desk."""
    return level_of(place) <= Level.DISTRICT
