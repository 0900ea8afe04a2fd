"""How long a way takes: as somebody who knows entered it, as published, or by distance and speed.

A way may have several parts, such as a lorry to the landing and a boat from there. What goes on the
last part decides which vehicle arrives; the parts before are driven by a hired lorry.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from math import ceil

from .catalogue import Terrain, TerrainKind, VehicleKind

QUARTER = timedelta(minutes=15)


class Basis(StrEnum):
    """Where the hours of a way come from."""

    ENTERED = "ENTERED"
    PUBLISHED = "PUBLISHED"
    COMPUTED = "COMPUTED"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a way; `hours` without margin, None where distance and speed say them."""

    terrain: Terrain
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """The way between two places, either way: `km` as the crow flies."""

    km: float
    parts: tuple[Part, ...]
    basis: Basis = Basis.COMPUTED
    is_blocked: bool = False

    @property
    def terrain(self) -> Terrain:
        """The terrain on which one arrives."""
        return self.parts[-1].terrain


@dataclass(frozen=True, slots=True)
class Way:
    """What a vehicle needs for a leg: planned minutes, kilometres; `via` where it goes around.

    `usual` are the minutes without margin, in half of all cases.
    """

    minutes: int
    km: float
    via: int | None = None
    usual: int = 0


def worse(one: Terrain, other: Terrain) -> Terrain:
    """Return the harder of two terrains: what leads from one to the other goes on it."""
    known = list(Terrain)
    return max(one, other, key=known.index)


def planned_hours(
    leg: Leg,
    kind: VehicleKind,
    terrain: Mapping[Terrain, TerrainKind],
    *,
    factor: float = 1.0,
    margin: bool = True,
) -> float | None:
    """Return the hours with which a leg is planned; None where this kind cannot arrive on it.

    Without `margin` they are those that it usually takes.
    """
    speed = kind.speed_kmh.get(leg.terrain)
    if speed is None:
        return None
    hours = 0.0
    for part in leg.parts:
        known = terrain[part.terrain]
        own = part.hours if part.hours is not None else leg.km * known.detour / speed
        hours += own * (known.margin if margin else 1)
    return hours * factor


def way(
    leg: Leg, kind: VehicleKind, terrain: Mapping[Terrain, TerrainKind], *, factor: float = 1.0
) -> Way | None:
    """Return what a vehicle needs for a leg; None where it is blocked or cannot go there."""
    hours = None if leg.is_blocked else planned_hours(leg, kind, terrain, factor=factor)
    if hours is None:
        return None
    usual = planned_hours(leg, kind, terrain, factor=factor, margin=False) or 0.0
    return Way(ceil(hours * 60), leg.km * terrain[leg.terrain].detour, usual=ceil(usual * 60))


Ways = Sequence[Sequence[Way | None]]
"""What a kind of vehicle needs from each place to each; None where there is no way."""


def ways(
    legs: Mapping[tuple[int, int], Leg],
    count: int,
    kind: VehicleKind,
    terrain: Mapping[Terrain, TerrainKind],
    *,
    factor: float = 1.0,
) -> Ways:
    """Return what a kind of vehicle needs between `count` places; `legs` are keyed low before high.

    Where a leg is blocked one goes around, through the one other place that takes least.
    """
    direct: list[list[Way | None]] = [[None] * count for _ in range(count)]
    for (low, high), leg in legs.items():
        direct[low][high] = direct[high][low] = way(leg, kind, terrain, factor=factor)
    for place in range(count):
        direct[place][place] = Way(0, 0.0)
    found = [list(row) for row in direct]
    for (low, high), leg in legs.items():
        if leg.is_blocked and kind.speed_kmh.get(leg.terrain) is not None:
            found[low][high] = found[high][low] = _around(direct, low, high)
    return found


def _around(direct: Sequence[Sequence[Way | None]], low: int, high: int) -> Way | None:
    best: Way | None = None
    for via in range(len(direct)):
        first, second = direct[low][via], direct[via][high]
        if via in (low, high) or first is None or second is None:
            continue
        minutes = first.minutes + second.minutes
        if best is None or minutes < best.minutes:
            best = Way(minutes, first.km + second.km, via, first.usual + second.usual)
    return best


def last_departure(
    leg: Leg,
    kind: VehicleKind,
    terrain: Mapping[Terrain, TerrainKind],
    *,
    latest: datetime,
    near: datetime | None = None,
    near_hours: float = 0.0,
    factor: float = 1.0,
) -> datetime | None:
    """Return until when somebody must have left to arrive by `latest`, in quarter hours.

    A way of more planned hours than its window starts a day earlier for each further window, and
    lost weather days earlier still. By road alone and in `near_hours` or less, `near` counts.
    None where this kind cannot arrive.
    """
    hours = planned_hours(leg, kind, terrain, factor=factor)
    if hours is None:
        return None
    kinds = [terrain[part.terrain] for part in leg.parts]
    window = min(one.window_hours for one in kinds)
    days = max(1, ceil(round(hours / window, 9))) - 1
    rest = hours - days * window
    days += max(one.weather_days for one in kinds)
    is_near = near is not None and not any(one.is_water for one in kinds) and hours <= near_hours
    until = near if is_near and near else latest
    moment = until - timedelta(days=days, hours=round(rest, 6))
    return quarter_before(moment)


def quarter_before(moment: datetime) -> datetime:
    """Return the quarter of an hour at or before a moment."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day in which a vehicle goes; the night is spent where it is, guarded."""

    opens: time
    closes: time

    def at(self, moment: datetime) -> datetime:
        """Return the first moment from this one on at which it goes."""
        opens = datetime.combine(moment.date(), self.opens, tzinfo=moment.tzinfo)
        closes = datetime.combine(moment.date(), self.closes, tzinfo=moment.tzinfo)
        if moment < opens:
            return opens
        return moment if moment < closes else opens + timedelta(days=1)

    def after(self, leaves: datetime, minutes: int) -> datetime:
        """Return when `minutes` on the way are over: it goes on the next day where one ends."""
        now, left = self.at(leaves), timedelta(minutes=minutes)
        while True:
            room = datetime.combine(now.date(), self.closes, tzinfo=now.tzinfo) - now
            if left <= room:
                return now + left
            left -= room
            now = self.at(now + room)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A place in the order of leaving."""

    code: str
    last: datetime | None
    stations: int
    has_signal: bool


def order_of_leaving(places: Iterable[Leaving]) -> list[str]:
    """Return places as they leave: earliest last departure, more stations, without signal first.

    What nothing can reach stands last: there is no hour by which it could leave.
    """

    def key(one: Leaving) -> tuple[bool, float, int, bool, str]:
        when = one.last.timestamp() if one.last else 0.0
        return one.last is None, when, -one.stations, one.has_signal, one.code

    return [one.code for one in sorted(places, key=key)]
