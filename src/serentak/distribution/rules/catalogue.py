"""What carries boxes and how places are reached: the catalogues of vehicles and of districts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import (
    Among,
    Class,
    Countdown,
    Key,
    Keyed,
    Text,
    above_zero,
    at_least,
    between,
    every,
    raise_faults,
    some,
)


class Terrain(StrEnum):
    """Kinds of road and water, easy ones first."""

    ROAD = "ROAD"
    BAD_ROAD = "BAD_ROAD"
    TRACK = "TRACK"
    FOOT = "FOOT"
    RIVER = "RIVER"
    TIDAL = "TIDAL"
    SEA = "SEA"


class Stage(StrEnum):
    """What a plan carries: out to districts, on to villages, or back on the night."""

    DISTRICTS = "DISTRICTS"
    VILLAGES = "VILLAGES"
    BACK = "BACK"


class Conditions(StrEnum):
    """What slows every way."""

    DRY = "DRY"
    RAIN = "RAIN"
    STORM = "STORM"
    NIGHT = "NIGHT"


@dataclass(frozen=True, slots=True)
class TerrainKind:
    """How one plans on a terrain; planned hours are travel hours times `margin`."""

    name: Text
    window_hours: Annotated[float, above_zero]
    margin: Annotated[float, at_least(1)]
    weather_days: Annotated[int, at_least(0)]
    detour: Annotated[float, at_least(1)]
    is_water: bool
    usual: Annotated[str, Among("vehicles")]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a vehicle costs, in rupiah."""

    km: Annotated[int, at_least(0)]
    hour: Annotated[int, at_least(0)]
    day: Annotated[int, at_least(0)]


@dataclass(frozen=True, slots=True)
class VehicleKind:
    """A kind of vehicle or boat: what it takes, where it goes and how fast, within which hours.

    On the night after the vote some go without these hours (`by_night`).
    """

    key: Key
    name: Text
    m3: Annotated[float, above_zero]
    kg: Annotated[int, above_zero]
    boxes: Annotated[int, at_least(0)]
    speed_kmh: Annotated[Mapping[Terrain, Annotated[float, above_zero]], some]
    opens: time
    closes: time
    crew: Annotated[int, at_least(1)]
    escort: Annotated[float, at_least(0)]
    cost: Cost
    figure_class: Class
    by_night: bool = False

    def __post_init__(self) -> None:
        raise_faults([] if self.opens < self.closes else ["closes: must lie after opens"])


@dataclass(frozen=True, slots=True)
class Loading:
    """How full a bed gets, how long a hand-over takes, how far villages without a point lie."""

    fill: Annotated[float, between(0.1, 1)]
    stop_minutes: Annotated[int, at_least(0)]
    station_minutes: Annotated[int, at_least(0)]
    village_km: Annotated[float, above_zero]


@dataclass(frozen=True, slots=True)
class Factor:
    """By how much conditions slow every way."""

    name: Text
    factor: Annotated[float, between(1, 5)]


@dataclass(frozen=True, slots=True)
class Moment:
    """An hour of a day that is counted from the vote."""

    day: Countdown
    hour: time


@dataclass(frozen=True, slots=True)
class StageRule:
    """When the first may leave in a stage, by when all must be there, when stores receive.

    So many `rounds` the solver searches by default. On the way back nothing is `ready` before the
    votes are counted.
    """

    name: Text
    begins: Moment
    latest: Moment
    opens: time
    closes: time
    conditions: Conditions
    rounds: Annotated[int, at_least(1)]
    near: Moment | None = None
    near_hours: Annotated[float, at_least(0)] = 0.0
    ready: Moment | None = None


@dataclass(frozen=True, slots=True)
class LoadSeen:
    """A load that the press saw, in a vehicle of a kind."""

    key: Key
    given: str
    boxes: int
    m3: float
    kind: Annotated[str, Among("vehicles")]


@dataclass(frozen=True, slots=True)
class Vehicles:
    """The catalogue of what carries boxes."""

    loading: Loading
    conditions: Annotated[Mapping[Conditions, Factor], every(Conditions)]
    stages: Annotated[Mapping[Stage, StageRule], every(Stage)]
    terrain: Annotated[Mapping[Terrain, TerrainKind], every(Terrain)]
    vehicles: Mapping[str, VehicleKind]
    loads_seen: tuple[LoadSeen, ...]


class To(StrEnum):
    """Where a published leg ends."""

    DISTRICT = "district"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class PublishedLeg:
    """A part of the way to a district, with its travel hours."""

    terrain: Terrain
    vehicle: str
    route: str
    hours: Annotated[float, above_zero]
    known: str
    to: To = To.DISTRICT


@dataclass(frozen=True, slots=True)
class PublishedDistrict:
    """How a district is reached, and until when somebody must have left for it."""

    code: Keyed[PlaceCode]
    name: str
    access: Text
    legs: Annotated[tuple[PublishedLeg, ...], some]
    last: Countdown
    last_hour: time
    source: str
    planned: Countdown | None = None
    arrives: Countdown | None = None

    @property
    def way(self) -> tuple[PublishedLeg, ...]:
        """The parts from the store to the district."""
        return tuple(leg for leg in self.legs if leg.to is To.DISTRICT)


@dataclass(frozen=True, slots=True)
class PublishedVillage:
    """How a village farther on than its district is reached from there."""

    district: PlaceCode
    name: str
    hours: Annotated[float, above_zero]
    terrain: Terrain
    vehicle: str
    source: str


@dataclass(frozen=True, slots=True)
class Districts:
    """The catalogue of places that are known to be hard to reach."""

    stores: Mapping[PlaceCode, tuple[float, float]]
    districts: Mapping[PlaceCode, PublishedDistrict]
    villages: tuple[PublishedVillage, ...]
