"""How long a way takes, until when one must have left, who leaves first; the published table holds."""

from datetime import UTC, datetime, time, timedelta
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.distribution.queries.catalogues import districts, vehicles
from serentak.distribution.rules.catalogue import PublishedDistrict, Terrain
from serentak.distribution.rules.ways import (
    Hours,
    Leaving,
    Leg,
    Part,
    Way,
    last_departure,
    order_of_leaving,
    planned_hours,
    way,
    ways,
)

from .builders import leg, legs

VOTE = datetime(2024, 11, 27, tzinfo=UTC)
TRUCK = vehicles().vehicles["truck-medium"]
BOAT = vehicles().vehicles["river-boat"]
TERRAIN = vehicles().terrain


def moment(day: int, hour: time) -> datetime:
    return datetime.combine((VOTE + timedelta(days=day)).date(), hour, tzinfo=UTC)


@pytest.mark.parametrize("known", vehicles().loads_seen, ids=lambda load: load.key)
def test_loads_that_the_press_saw_fit_into_their_vehicle(known: object) -> None:
    load = known
    kind = vehicles().vehicles[load.kind]  # type: ignore[attr-defined]
    assert load.m3 <= kind.m3  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", vehicles().vehicles)
def test_boxes_of_a_kind_follow_from_its_capacity(key: str) -> None:
    kind, fill = vehicles().vehicles[key], vehicles().loading.fill
    by_both = floor(min(kind.m3 * fill / 0.096, kind.kg / 10) + 1e-9)
    # Boats take less than their volume says: they are loaded for waves.
    assert kind.boxes <= by_both
    assert kind.boxes == by_both or kind.key in {"patrol-boat", "raft", "speedboat-small"}


@pytest.mark.parametrize("district", districts().districts.values(), ids=lambda d: d.name)
def test_the_published_last_departures_follow_from_the_rule(district: PublishedDistrict) -> None:
    rule = vehicles().stages[next(iter(vehicles().stages))]
    found = Leg(0, tuple(Part(one.terrain, one.hours) for one in district.way))
    latest = moment(
        rule.latest.day if district.arrives is None else district.arrives, rule.latest.hour
    )
    near = None
    if rule.near and not any(TERRAIN[one.terrain].is_water for one in district.legs):
        near = moment(rule.near.day, rule.near.hour)
    last = last_departure(
        found,
        vehicles().vehicles[district.way[-1].vehicle],
        TERRAIN,
        latest=latest,
        near=near,
        near_hours=rule.near_hours,
    )
    assert last == moment(district.last, district.last_hour)


@pytest.mark.parametrize(
    ("found", "kind", "minutes", "km"),
    [
        # 40 km x 1.4 / 45 km/h x 1.25
        (leg(40.0), TRUCK, 94, 56.0),
        (leg(40.0, (Terrain.BAD_ROAD, None)), TRUCK, 246, 60.0),
        (leg(40.0, (Terrain.ROAD, 2.0)), TRUCK, 150, 56.0),
        (leg(40.0, (Terrain.ROAD, 1.5), (Terrain.TIDAL, 6.5)), BOAT, 698, 72.0),
        (leg(0.0), TRUCK, 0, 0.0),
    ],
)
def test_a_way_takes_what_is_known_or_what_distance_and_speed_say(
    found: Leg, kind: object, minutes: int, km: float
) -> None:
    planned = way(found, kind, TERRAIN)  # type: ignore[arg-type]
    assert planned
    assert (planned.minutes, planned.km, planned.via) == (minutes, pytest.approx(km), None)
    assert planned.usual < planned.minutes or not minutes


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (leg(40.0, (Terrain.RIVER, 3.0)), TRUCK),
        (leg(40.0, (Terrain.ROAD, 1.0), (Terrain.SEA, 1.0)), TRUCK),
        (leg(40.0), BOAT),
        (leg(40.0, is_blocked=True), TRUCK),
    ],
)
def test_no_way_leads_over_water_by_road_or_where_it_is_blocked(found: Leg, kind: object) -> None:
    assert way(found, kind, TERRAIN) is None  # type: ignore[arg-type]


def test_rain_slows_every_way() -> None:
    dry = planned_hours(leg(), TRUCK, TERRAIN)
    assert dry is not None
    assert planned_hours(leg(), TRUCK, TERRAIN, factor=1.2) == pytest.approx(dry * 1.2)


def test_a_blocked_leg_is_gone_around_through_the_place_that_takes_least() -> None:
    known = legs(4) | {(0, 1): leg(40.0, is_blocked=True), (0, 2): leg(10.0)}
    found = ways(known, 4, TRUCK, TERRAIN)
    direct = way(leg(10.0), TRUCK, TERRAIN), way(leg(40.0), TRUCK, TERRAIN)
    assert direct[0]
    assert direct[1]
    minutes, usual = (sum(getattr(one, name) for one in direct) for name in ("minutes", "usual"))
    assert found[0][1] == Way(minutes, pytest.approx(70.0), 2, usual)
    assert found[1][0] == found[0][1]
    shut = {pair: leg(40.0, is_blocked=True) for pair in known if 1 in pair}
    assert ways(known | shut, 4, TRUCK, TERRAIN)[0][1] is None


def minute_by_minute(hours: Hours, leaves: datetime, minutes: int) -> datetime:
    """Return when a way is over, by counting each minute on which the vehicle goes."""
    now = leaves
    while not hours.opens <= now.time() < hours.closes:
        now += timedelta(minutes=1)
    for left in range(minutes, 0, -1):
        while not hours.opens <= now.time() < hours.closes:
            now += timedelta(minutes=1)
        now += timedelta(minutes=1)
        assert left
    return now


@given(
    st.integers(0, 2 * 24 * 60),
    st.integers(0, 1500),
    st.sampled_from([(6, 17), (5, 22), (0, 23), (8, 9)]),
)
def test_a_way_goes_on_the_next_day_as_counting_minutes_says(
    start: int, minutes: int, day: tuple[int, int]
) -> None:
    hours = Hours(time(day[0]), time(day[1]))
    leaves = VOTE + timedelta(minutes=start)
    assert hours.after(leaves, minutes) == minute_by_minute(hours, leaves, minutes)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 900))
def test_who_leaves_later_never_arrives_earlier(one: int, other: int, minutes: int) -> None:
    hours = Hours(time(6), time(17))
    first, second = sorted((VOTE + timedelta(minutes=one), VOTE + timedelta(minutes=other)))
    assert hours.after(first, minutes) <= hours.after(second, minutes)


def test_the_earliest_last_departure_leaves_first_then_more_stations_then_without_signal() -> None:
    early, late = VOTE - timedelta(days=5), VOTE - timedelta(days=3)
    places = [
        Leaving("few", late, 10, has_signal=True),
        Leaving("many", late, 40, has_signal=True),
        Leaving("silent", late, 10, has_signal=False),
        Leaving("shut", None, 90, has_signal=True),
        Leaving("far", early, 5, has_signal=True),
    ]
    assert order_of_leaving(places) == ["far", "many", "silent", "few", "shut"]
