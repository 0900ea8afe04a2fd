"""The world of a plan: what is to be carried where, on which ways, with which vehicles."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import combinations
from typing import Any

from django.db.models import Q

from serentak.distribution.models import Leg as LegRow
from serentak.distribution.models import Vehicle
from serentak.distribution.rules.catalogue import (
    Conditions,
    Moment,
    PublishedDistrict,
    Stage,
    Terrain,
)
from serentak.distribution.rules.plans import usable
from serentak.distribution.rules.schedule import STORE, Carrier, Service, Setting, Target
from serentak.distribution.rules.ways import (
    Basis,
    Hours,
    Leaving,
    Leg,
    Part,
    last_departure,
    order_of_leaving,
    planned_hours,
    ways,
    worse,
)
from serentak.elections import public as elections
from serentak.elections.public import ElectionCard
from serentak.kernel.codes import Level, PlaceCode, ancestors, level_of
from serentak.kernel.countdown import day_of
from serentak.logistics import public as logistics
from serentak.places import public as places
from serentak.places.public import TerrainKind as Note

from .catalogues import districts, vehicles

Pair = tuple[str, str]
_ALL_DAY = Hours(time(0), time(23, 59))

LEVELS: Mapping[Stage, tuple[Level, Level]] = {
    Stage.DISTRICTS: (Level.REGENCY, Level.DISTRICT),
    Stage.VILLAGES: (Level.DISTRICT, Level.VILLAGE),
    Stage.BACK: (Level.REGENCY, Level.DISTRICT),
}
"""Of which place a stage's plan is, and which places it serves."""


def stages_at(place: PlaceCode) -> tuple[Stage, ...]:
    """Return the stages that are planned at a place."""
    return tuple(stage for stage, (level, _) in LEVELS.items() if level is level_of(place))


def pair_of(one: str, other: str) -> Pair:
    """Return the ends of a leg in the order in which it is kept."""
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class World:
    """What a plan of a stage is made of; `codes` begin with the place that it starts from."""

    place: PlaceCode
    stage: Stage
    conditions: Conditions
    election: ElectionCard
    codes: tuple[PlaceCode, ...]
    names: Mapping[str, str]
    setting: Setting
    legs: Mapping[tuple[int, int], Leg]
    told: Mapping[Pair, LegRow]
    lasts: Mapping[str, datetime | None]
    boxes: Mapping[str, int]
    sent: Mapping[str, int]
    order: Sequence[str]
    no_signal: frozenset[str]

    @property
    def blocked(self) -> list[int]:
        """The targets whose way from the start is blocked."""
        return [high - 1 for (low, high), leg in self.legs.items() if low == 0 and leg.is_blocked]

    def leg(self, code: str) -> Leg:
        """Return the way from the start to a place."""
        return self.legs[STORE, self.codes.index(PlaceCode(code))]

    def terrain(self, code: str) -> Terrain:
        """Return on what one arrives at a place."""
        return self.leg(code).terrain

    def target(self, code: str) -> int | None:
        """Return the number of a target, None for a place that is none."""
        return self.codes.index(PlaceCode(code)) - 1 if code in self.codes[1:] else None

    def reached_by(self, code: str) -> list[Carrier]:
        """Return the vehicles that can go to a place."""
        number = self.target(code)
        return [] if number is None else usable(self.setting, number)


def world(
    place: PlaceCode, stage: Stage, *, conditions: Conditions | None = None, at: datetime
) -> World | None:
    """Return the world of a stage's plan at a place; None where no election or need is known.

    A dozen queries, whatever there is.
    """
    election = elections.current_election(place)
    _, level = LEVELS[stage]
    bulk = logistics.bulk_at(place, level)
    sent = {} if stage is Stage.BACK else logistics.boxes_sent(place, level)
    if election is None or not bulk:
        return None
    rule = vehicles().stages[stage]
    conditions = conditions or rule.conditions
    zone = places.zone_of(place)
    begins = _moment(rule.begins, election)
    served = sorted(bulk)
    codes = (place, *served)
    names: dict[str, str] = {code: card.name for code, card in places.places(codes).items()}
    since = max(at.astimezone(zone), begins)
    told = told_legs(codes)
    map_of = Map(place, stage, told, names, since)
    legs = {(0, n): map_of.from_start(code) for n, code in enumerate(served, 1)}
    for (low, one), (high, other) in combinations(enumerate(served, 1), 2):
        terrain = worse(legs[0, low].terrain, legs[0, high].terrain)
        legs[low, high] = map_of.leg(one, other, terrain)
    factor = vehicles().conditions[conditions].factor
    back_by = _moment(rule.latest, election) if stage is Stage.BACK else None
    latest = {code: map_of.latest(code, election, factor=factor) for code in served}
    carriers = _carriers(place, stage, zone)
    setting = Setting(
        targets=[
            Target(
                code,
                bulk[code].stations,
                bulk[code].kg / bulk[code].stations,
                bulk[code].m3 * 1000 / bulk[code].stations,
                latest[code],
                rule.opens,
                rule.closes,
                _moment(rule.ready, election) if rule.ready else None,
                bulk[code].stations * sent.get(code, 0) // max(1, bulk[code].boxes),
            )
            for code in served
        ],
        carriers=carriers,
        ways={
            kind: ways(
                legs, len(codes), vehicles().vehicles[kind], vehicles().terrain, factor=factor
            )
            for kind in {one.kind for one in carriers.values()}
        },
        service=Service(vehicles().loading.stop_minutes, vehicles().loading.station_minutes),
        begins=begins,
        back_by=back_by,
    )
    lasts: dict[str, datetime | None] = {
        code: map_of.last(code, election, factor=factor) for code in served
    }
    silent = noted(place, Note.NO_SIGNAL)
    order = order_of_leaving(
        Leaving(code, lasts[code], bulk[code].stations, code not in silent) for code in served
    )
    return World(
        place, stage, conditions, election, codes, names, setting, legs, told, lasts,
        {code: bulk[code].boxes for code in served},
        {code: sent.get(code, 0) for code in served}, order, silent,
    )  # fmt: skip


def told_legs(codes: Collection[str]) -> Mapping[Pair, LegRow]:
    """Return what people know of the ways between places, by their ends; one query."""
    rows = LegRow.objects.filter(low__in=codes, high__in=codes).select_related(
        "low", "high", "told_by", "told_for"
    )
    return {(row.low_id, row.high_id): row for row in rows.order_by("low", "high")}


def noted(place: PlaceCode, kind: Note) -> frozenset[str]:
    """Return the places of which the terrain's notes say something; no query."""
    return frozenset(
        code for note in places.terrain(place) if note.kind is kind for code in note.places
    )


@dataclass(frozen=True, slots=True)
class Map:
    """The ways of one place's stage: what people told, then what was published, then distance."""

    place: PlaceCode
    stage: Stage
    told: Mapping[Pair, LegRow]
    names: Mapping[str, str]
    since: datetime

    def from_start(self, code: str) -> Leg:
        """Return the way from the start to a place."""
        if self.stage is Stage.VILLAGES:
            for village in districts().villages:
                if (village.district, village.name) == (self.place, self.names.get(code)):
                    known = (Part(village.terrain, village.hours),)
                    return self._told(self.place, code, known, Basis.PUBLISHED)
        elif published := self._published(code):
            parts = tuple(Part(leg.terrain, leg.hours) for leg in published.way)
            return self._told(self.place, code, parts or _FIRST, Basis.PUBLISHED)
        water = code in noted(self.place, Note.WATER_ACCESS)
        return self.leg(self.place, code, Terrain.RIVER if water else Terrain.ROAD)

    def leg(self, one: str, other: str, terrain: Terrain) -> Leg:
        """Return the way between two places of which only the terrain is known."""
        return self._told(one, other, (Part(terrain),), Basis.COMPUTED)

    def latest(self, code: str, election: ElectionCard, *, factor: float = 1.0) -> datetime:
        """Return by when all must be at a place; by a short road it may be later."""
        latest, near = self._by(code, election)
        if near is None:
            return latest
        hours = planned_hours(
            self.from_start(code), self._usual(code), vehicles().terrain, factor=factor
        )
        is_near = hours is not None and hours <= vehicles().stages[self.stage].near_hours
        return near if is_near else latest

    def last(self, code: str, election: ElectionCard, *, factor: float = 1.0) -> datetime | None:
        """Return until when somebody must have left for a place, by what usually goes there.

        None where its way is blocked.
        """
        latest, near = self._by(code, election)
        leg = self.from_start(code)
        if leg.is_blocked:
            return None
        return last_departure(
            leg,
            self._usual(code),
            vehicles().terrain,
            latest=latest,
            near=near,
            near_hours=vehicles().stages[self.stage].near_hours,
            factor=factor,
        )

    def _by(self, code: str, election: ElectionCard) -> tuple[datetime, datetime | None]:
        """Return by when all must be there, and by when if it is near and all of it on land."""
        rule, published = vehicles().stages[self.stage], self._published(code)
        if published and published.arrives is not None:
            return _moment(Moment(published.arrives, rule.latest.hour), election), None
        by_water = any(vehicles().terrain[part.terrain].is_water for part in self._parts(code))
        if published:
            by_water |= any(vehicles().terrain[leg.terrain].is_water for leg in published.legs)
        near = None if rule.near is None or by_water else _moment(rule.near, election)
        return _moment(rule.latest, election), near

    def _parts(self, code: str) -> tuple[Part, ...]:
        return self.from_start(code).parts

    def _usual(self, code: str) -> Any:
        """Return what usually goes to a place, as published or as its terrain asks for."""
        terrain, published = self.from_start(code).terrain, self._published(code)
        if published and published.way and published.way[-1].terrain is terrain:
            return vehicles().vehicles[published.way[-1].vehicle]
        return vehicles().vehicles[vehicles().terrain[terrain].usual]

    def _published(self, code: str) -> PublishedDistrict | None:
        return None if self.stage is Stage.VILLAGES else districts().districts.get(PlaceCode(code))

    def _told(self, one: str, other: str, parts: tuple[Part, ...], basis: Basis) -> Leg:
        row = self.told.get(pair_of(one, other))
        km = _kilometres(self.place, one, other)
        if row is None:
            return Leg(km, parts, basis)
        if row.hours is not None or row.terrain:
            terrain = Terrain(row.terrain) if row.terrain else parts[-1].terrain
            hours = float(row.hours) if row.hours is not None else None
            parts, basis = (Part(terrain, hours),), Basis.ENTERED
        is_blocked = row.blocked_until_at is not None and row.blocked_until_at > self.since
        return Leg(km, parts, basis, is_blocked)


_FIRST = (Part(Terrain.ROAD),)


def _kilometres(place: PlaceCode, one: str, other: str) -> float:
    """Return how far two places lie apart; villages without a point of their own as assumed."""
    here, there = (point_of(place, code) for code in (one, other))
    if here is None or there is None or here == there:
        return vehicles().loading.village_km
    return places.kilometres(here, there)


def point_of(place: PlaceCode, code: str) -> places.Point | None:
    """Return where a place of a plan lies: a regency's store at its seat."""
    if code == place and (seat := districts().stores.get(place)):
        return places.Point(*seat)
    return places.point_of(PlaceCode(code))


def _moment(moment: Moment, election: ElectionCard) -> datetime:
    day = day_of(moment.day, vote_date=election.vote_date)
    return datetime.combine(day, moment.hour, tzinfo=election.zone)


def vehicles_for(place: PlaceCode) -> Iterable[Vehicle]:
    """Return the vehicles that are lent for a place or the regency above it; one query."""
    above = [code for code in ancestors(place) if level_of(code) >= Level.REGENCY]
    rows = Vehicle.objects.filter(Q(place=place) | Q(place__in=above))
    return rows.select_related("owner", "place", "told_by").order_by("name", "pk")


def _carriers(place: PlaceCode, stage: Stage, zone: Any) -> dict[int, Carrier]:
    found = {}
    for row in vehicles_for(place):
        kind = vehicles().vehicles.get(row.kind)
        if row.is_withdrawn or kind is None:
            continue
        by_night = stage is Stage.BACK and kind.by_night
        found[row.pk] = Carrier(
            row.pk,
            row.kind,
            row.kg,
            round(row.litres * vehicles().loading.fill),
            _ALL_DAY if by_night else Hours(kind.opens, kind.closes),
            kind.cost,
            row.free_from_at.astimezone(zone) if row.free_from_at else None,
            row.free_until_at.astimezone(zone) if row.free_until_at else None,
        )
    return found


def earliest(found: World, at: datetime) -> datetime:
    """Return from when on somebody may leave: now, or when the stage begins."""
    return max(at.astimezone(found.election.zone), found.setting.begins)
