"""What the stores of a story received, what was short at sorting, and how that was covered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.countdown import parse_countdown
from serentak.kernel.entries import As, Countdown, Key, above_zero, at_least, some


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came to a store on a day: by item (`ballot-box:GOVERNOR`) the share of its need."""

    place: PlaceCode
    day: Countdown
    reference: str
    shares: Mapping[str, Annotated[float, above_zero]]


@dataclass(frozen=True, slots=True)
class Ballots:
    """When ballots came to a store, in how many days they were sorted, and what lacked then.

    `governor`, `regent` and `revote` are sheets short, half of them not in the cartons and half
    damaged; what was missing was fetched of the printer on the day `fetched`, in `spare` came more
    of the governor's than were needed.
    """

    place: Key
    fetched: Countdown | None = None
    governor: Annotated[int, at_least(0)] = 0
    regent: Annotated[int, at_least(0)] = 0
    revote: Annotated[int, at_least(0)] = 0
    spare: Annotated[int, at_least(0)] = 0

    @property
    def short(self) -> int:
        """Sheets short altogether."""
        return self.governor + self.regent + self.revote


@dataclass(frozen=True, slots=True)
class Moved:
    """Ballots of the governor's race that one store sends to another."""

    origin: PlaceCode
    destination: PlaceCode
    pieces: Annotated[int, at_least(1)]
    asked: Countdown
    left: Countdown
    received: Countdown


@dataclass(frozen=True, slots=True)
class Moment:
    """An hour of a day around the vote, `H-1 06` in the catalogue."""

    day: int
    hour: int


def moment(raw: object) -> Moment:
    """Return the moment that `H-1 06` says; ValueError where it says none."""
    day, _, hour = str(raw).partition(" ")
    if not (hour.isdigit() and int(hour) < HOURS):
        raise ValueError(f"{raw!r} is no day and hour such as `H-1 06`")
    return Moment(parse_countdown(day), int(hour))


HOURS = 24
When = Annotated[Moment, As(moment)]


@dataclass(frozen=True, slots=True)
class Difference:
    """What was not as shipped in the load for a place: pieces missing or rejected, and why.

    With `settled` it was found and delivered after all by then.
    """

    at: PlaceCode
    item: str
    reason: str
    missing: Annotated[int, at_least(0)] = 0
    rejected: Annotated[int, at_least(0)] = 0
    settled: When | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Loads from a place to all places below it, or to some of them, each with what these need.

    `received` is when they were handed over, but for those that are `awaited`: they left, and
    nothing was heard of them.
    """

    origin: PlaceCode
    items: Annotated[tuple[str, ...], some]
    left: When
    due: When
    received: When
    vehicle: str
    escort: str
    to: tuple[PlaceCode, ...] = ()
    awaited: tuple[PlaceCode, ...] = ()
    differs: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Sorting:
    """The days of all stores: ballots entered, sorted in two steps, the shortage told.

    Once they are entered the ledger tells how far the activities `keeps` are, and nobody types it.
    """

    received: Countdown
    keeps: tuple[str, ...]
    sorted: tuple[Countdown, Countdown]
    ordered: Countdown
    reference: str
    stores: Mapping[str, Ballots]


@dataclass(frozen=True, slots=True)
class Stocked:
    """The day on which needs were taken over, what came, what lacked, and what was moved."""

    needs: Countdown
    deliveries: tuple[Delivery, ...]
    ballots: Sorting
    transfers: tuple[Moved, ...]
    loads: tuple[Sent, ...]
