"""Which vehicles the story's owners lent, and how their routes were planned."""

from collections.abc import Mapping
from dataclasses import dataclass

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Countdown


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles of a kind that an institution at a place lent on a day, with numbered names."""

    place: PlaceCode
    day: Countdown
    owner: str
    kind: str
    name: str
    count: int
    kg: int
    litres: int
    crew: int
    escort: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A trip of a vehicle: its stops in their order, each with the stations whose boxes it has."""

    vehicle: str
    stops: Mapping[PlaceCode, int]
    trip: int = 1


@dataclass(frozen=True, slots=True)
class PlanOf:
    """A plan that a regency's commission began on a day, and adopted on another or not at all.

    The `reason` says why it was adopted though not everything is in it.
    """

    place: PlaceCode
    begun: Countdown
    routes: tuple[Planned, ...]
    adopted: Countdown | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A way on which nothing goes from a morning until another day, and why."""

    place: PlaceCode
    start: PlaceCode
    end: PlaceCode
    day: Countdown
    until: Countdown
    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Distributed:
    """The story of vehicles, routes and ways."""

    fleets: tuple[Fleet, ...]
    plans: tuple[PlanOf, ...]
    blocks: tuple[Blocked, ...] = ()
