"""What a route comes to: arrivals, waiting, lateness, load against capacity, cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil, log
from statistics import NormalDist

from .catalogue import Cost
from .ways import QUARTER, Hours, Ways, quarter_before

STORE = 0
"""The number of the place from which a plan starts, among its places."""


@dataclass(frozen=True, slots=True)
class Target:
    """A place to be served: `kg` and `litres` of each of its stations, by when, in which hours.

    Nothing can be taken before it is `ready`; the boxes of `sent` stations have left already.
    """

    code: str
    stations: int
    kg: float
    litres: float
    latest: datetime
    opens: time
    closes: time
    ready: datetime | None = None
    sent: int = 0

    @property
    def left(self) -> int:
        """Stations whose boxes have still to leave."""
        return max(0, self.stations - self.sent)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A vehicle that may be used; `litres` are those of its bed as it can be filled."""

    id: int
    kind: str
    kg: int
    litres: int
    hours: Hours
    cost: Cost
    free_from: datetime | None = None
    free_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A stop of a route: the number of a target, and the stations of which it brings the boxes."""

    target: int
    stations: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What happens at a stop; `waits` and `late` are minutes, `chance_late` lies in 0 to 1."""

    call: Call
    arrives_at: datetime
    begins_at: datetime
    leaves_at: datetime
    late: int
    minutes: int
    km: float
    via: int | None
    chance_late: float = 0.0

    @property
    def waits(self) -> int:
        """Minutes until the place opens."""
        return int((self.begins_at - self.arrives_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Trip:
    """A route from the store and back to it."""

    leaves_at: datetime
    visits: tuple[Visit, ...]
    back_at: datetime
    km: float
    kg: float
    litres: float
    back_late: int = 0

    @property
    def late(self) -> int:
        """Minutes of lateness of all its stops, and of its return where that has an hour."""
        return sum(visit.late for visit in self.visits) + self.back_late

    @property
    def stations(self) -> int:
        """Stations whose boxes it carries."""
        return sum(visit.call.stations for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Service:
    """How many minutes a hand-over takes: for the stop, and for each station."""

    stop: int
    station: int

    def minutes(self, stations: int) -> int:
        """Return the minutes of a stop."""
        return self.stop + self.station * stations


@dataclass(frozen=True, slots=True)
class Setting:
    """A plan's world: places (the store is number 0, a target number i + 1), ways by kind, hours.

    In the stage back `back_by` is by when all must be at the store.
    """

    targets: Sequence[Target]
    carriers: Mapping[int, Carrier]
    ways: Mapping[str, Ways]
    service: Service
    begins: datetime
    back_by: datetime | None = None


def run(setting: Setting, carrier: Carrier, calls: Sequence[Call], leaves: datetime) -> Trip | None:
    """Return what a route comes to that leaves at a moment; None where a way is missing."""
    ways, hours = setting.ways[carrier.kind], carrier.hours
    at, here = hours.at(leaves), STORE
    visits: list[Visit] = []
    km = kg = litres = 0.0
    driven = usual = 0
    for call in calls:
        there, target = call.target + 1, setting.targets[call.target]
        found = ways[here][there]
        if found is None:
            return None
        arrives = hours.after(at, found.minutes)
        since = max(arrives, target.ready) if target.ready else arrives
        begins = Hours(target.opens, target.closes).at(since)
        at = begins + timedelta(minutes=setting.service.minutes(call.stations))
        late = max(timedelta(), begins - target.latest)
        driven, usual = driven + found.minutes, usual + found.usual
        spare = int((target.latest - arrives).total_seconds() // 60)
        visits.append(
            Visit(
                call, arrives, begins, at, _minutes(late), found.minutes, found.km, found.via,
                chance_late(driven, usual, spare=spare),
            )
        )  # fmt: skip
        km += found.km
        kg += target.kg * call.stations
        litres += target.litres * call.stations
        here = there
    back = ways[here][STORE]
    if back is None:
        return None
    back_at = hours.after(at, back.minutes)
    late = max(timedelta(), back_at - setting.back_by) if setting.back_by else timedelta()
    return Trip(hours.at(leaves), tuple(visits), back_at, km + back.km, kg, litres, _minutes(late))


NINE_OF_TEN = 1.2816
"""Standard deviations above the middle under which nine of ten lie."""


def chance_late(planned: int, usual: int, *, spare: int) -> float:
    """Return the chance that driving takes so long that one comes `spare` minutes too late.

    Half of all drives take no longer than `usual` minutes, nine of ten no longer than `planned`
    (both assumed): a log-normal law. Nights and opening hours are left out. Where no usual time is
    known, or it has no margin, one is late or not.
    """
    if usual <= 0 or planned <= usual:
        return float(spare < 0)
    allowed = planned + spare
    if allowed <= 0:
        return 1.0
    deviation = log(planned / usual) / NINE_OF_TEN
    return 1 - NormalDist().cdf(log(allowed / usual) / deviation)


def _minutes(span: timedelta) -> int:
    return ceil(span.total_seconds() / 60)


def last_start(
    setting: Setting, carrier: Carrier, calls: Sequence[Call], earliest: datetime
) -> datetime | None:
    """Return the last quarter hour at which a route may leave and be nowhere late.

    None where it is late even from `earliest` on. Leaving later never arrives earlier, so that the
    quarter is found by halving.
    """

    def holds(moment: datetime) -> bool:
        trip = run(setting, carrier, calls, moment)
        return trip is not None and trip.late == 0

    if not calls or not holds(earliest):
        return None
    by = [setting.targets[call.target].latest for call in calls]
    end = max([*by, setting.back_by] if setting.back_by else by)
    low, high = 0, max(0, int((end - earliest) / QUARTER)) + 1
    while low < high:
        middle = (low + high + 1) // 2
        if holds(earliest + middle * QUARTER):
            low = middle
        else:
            high = middle - 1
    return earliest + low * QUARTER


def departures(
    setting: Setting, carrier: Carrier, routes: Sequence[Sequence[Call]], *, earliest: datetime
) -> list[datetime]:
    """Return when each route of one vehicle leaves, in their order.

    A route leaves in the morning of the last day on which it may; one before it earlier, so that
    the vehicle is back. What cannot be in time leaves as early as it can.
    """
    begins = carrier.hours.at(max(filter(None, (earliest, setting.begins, carrier.free_from))))
    found: list[datetime] = []
    follows: datetime | None = None
    for calls in reversed(routes):
        last = last_start(setting, carrier, calls, begins)
        leaves = max(begins, _morning(last, carrier.hours)) if last else begins
        while (
            follows and leaves > begins and not _is_back(setting, carrier, calls, leaves, follows)
        ):
            leaves = max(begins, leaves - timedelta(days=1))
        found.insert(0, leaves)
        follows = leaves
    return _in_turn(setting, carrier, routes, found)


def _morning(moment: datetime, hours: Hours) -> datetime:
    return min(moment, datetime.combine(moment.date(), hours.opens, tzinfo=moment.tzinfo))


def _is_back(
    setting: Setting,
    carrier: Carrier,
    calls: Sequence[Call],
    leaves: datetime,
    follows: datetime | None,
) -> bool:
    trip = run(setting, carrier, calls, leaves)
    return trip is None or follows is None or trip.back_at <= follows


def _in_turn(
    setting: Setting,
    carrier: Carrier,
    routes: Sequence[Sequence[Call]],
    wished: Sequence[datetime],
) -> list[datetime]:
    """Let no route leave before the one before it is back."""
    found: list[datetime] = []
    free: datetime | None = None
    for calls, wish in zip(routes, wished, strict=True):
        leaves = wish if free is None or free <= wish else quarter_before(free + QUARTER)
        trip = run(setting, carrier, calls, leaves)
        free = trip.back_at if trip else leaves
        found.append(leaves)
    return found


def cost_of(carrier: Carrier, trips: Sequence[Trip]) -> int:
    """Return what the trips of one vehicle cost, in rupiah: kilometres, hours, days of hire."""
    km = sum(trip.km for trip in trips)
    hours = sum((trip.back_at - trip.leaves_at).total_seconds() for trip in trips) / 3600
    days = {
        trip.leaves_at.date() + timedelta(days=day)
        for trip in trips
        for day in range((trip.back_at.date() - trip.leaves_at.date()).days + 1)
    }
    cost = carrier.cost
    return round(km * cost.km + hours * cost.hour + len(days) * cost.day)
