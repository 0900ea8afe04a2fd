"""Who holds a load: how it is packed, goes, is handed over, and what follows where it differs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from serentak.kernel.codes import Level, PlaceCode, is_within, level_of, parent_of
from serentak.kernel.entries import As, Class, Countdown, Key, Text, at_least, raise_faults
from serentak.kernel.machine import Machine
from serentak.kernel.refused import Fault
from serentak.kernel.status import Status

from .items import level_named
from .ledger import MOST_PIECES

MOST_SEALS = 2_000
LONGEST_SEAL = 30


class ConsignmentState(StrEnum):
    """Where a load is, and who holds it."""

    PACKED = "PACKED"
    UNDER_WAY = "UNDER_WAY"
    HANDED_OVER = "HANDED_OVER"
    DIFFERENT = "DIFFERENT"
    SETTLED = "SETTLED"
    TURNED_BACK = "TURNED_BACK"
    UNPACKED = "UNPACKED"


class ConsignmentEvent(StrEnum):
    """What happens to a load; only a record with giver and receiver changes who holds it."""

    DEPART = "DEPART"
    ACCEPT = "ACCEPT"
    DIFFER = "DIFFER"
    SETTLE = "SETTLE"
    TURN_BACK = "TURN_BACK"
    UNPACK = "UNPACK"


_S, _E = ConsignmentState, ConsignmentEvent

CONSIGNMENT_TRANSITIONS = Machine[ConsignmentState, ConsignmentEvent](
    {
        (_S.PACKED, _E.DEPART): _S.UNDER_WAY,
        (_S.PACKED, _E.UNPACK): _S.UNPACKED,
        (_S.UNDER_WAY, _E.ACCEPT): _S.HANDED_OVER,
        (_S.UNDER_WAY, _E.DIFFER): _S.DIFFERENT,
        (_S.UNDER_WAY, _E.TURN_BACK): _S.TURNED_BACK,
        (_S.DIFFERENT, _E.SETTLE): _S.SETTLED,
    }
)

OPEN = (_S.PACKED, _S.UNDER_WAY, _S.DIFFERENT)
"""Somebody still has to do something."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A way that loads take: between which levels, and by which day around the vote they arrive.

    `escort` says who goes with it.
    """

    key: Key
    name: Text
    giver: Annotated[Level, As(level_named)]
    receiver: Annotated[Level, As(level_named)]
    by: Countdown
    escort: Text
    figure_class: Class
    source: str


@dataclass(frozen=True, slots=True)
class ReasonFor:
    """Why pieces were rejected, missing or over; within so many hours the sender settles it."""

    key: Key
    name: Text
    hours: Annotated[int, at_least(1)]


@dataclass(frozen=True, slots=True)
class Custody:
    """The catalogue of legs, and of reasons for a difference."""

    legs: Mapping[str, Leg]
    reasons: Mapping[str, ReasonFor]

    def __post_init__(self) -> None:
        pairs = [(leg.giver, leg.receiver) for leg in self.legs.values()]
        raise_faults(
            f"legs: {leg.key}: another one leads from {leg.giver.name} to {leg.receiver.name}"
            for leg in self.legs.values()
            if pairs.count((leg.giver, leg.receiver)) > 1
        )

    def leg(self, origin: PlaceCode, destination: PlaceCode) -> Leg | None:
        """Return the way between two places; None where no load may go.

        Loads go down to a part of the place, back up, or aside to a place under the same one above.
        """
        if origin == destination:
            return None
        inside = is_within(destination, origin) or is_within(origin, destination)
        aside = parent_of(origin) == parent_of(destination)
        if not (inside or aside):
            return None
        levels = level_of(origin), level_of(destination)
        legs = self.legs.values()
        return next((leg for leg in legs if (leg.giver, leg.receiver) == levels), None)


@dataclass(frozen=True, slots=True)
class Counted:
    """What the receiver counted of one line: accepted + rejected + missing = shipped.

    `surplus` is what came beyond what was shipped; it is kept apart and mends nothing else.
    """

    accepted: int
    rejected: int = 0
    missing: int = 0
    surplus: int = 0
    reason: str = ""

    @property
    def differs(self) -> bool:
        """Whether anything is otherwise than it was shipped."""
        return bool(self.rejected or self.missing or self.surplus)


def counted_faults(
    counted: Counted, shipped: int, *, number: int, reasons: Iterable[str]
) -> Iterator[Fault]:
    """Yield what does not hold of one line of a record; its number stands in the fields' names."""
    found = {
        "accepted": counted.accepted,
        "rejected": counted.rejected,
        "missing": counted.missing,
        "surplus": counted.surplus,
    }
    for field, amount in found.items():
        if not 0 <= amount <= MOST_PIECES:
            params = {"least": 0, "most": MOST_PIECES}
            yield Fault("logistics.pieces_are_absurd", f"{field}_{number}", params, number)
            return
    together = counted.accepted + counted.rejected + counted.missing
    if together != shipped:
        yield Fault(
            "logistics.sum_is_open",
            f"accepted_{number}",
            {"shipped": shipped, "together": together},
            number,
        )
    if counted.differs and not counted.reason:
        yield Fault("logistics.difference_needs_a_reason", f"reason_{number}", {}, number)
    if counted.reason and counted.reason not in set(reasons):
        yield Fault("logistics.reason_is_unknown", f"reason_{number}", {}, number)


def split_seals(text: str) -> tuple[str, ...]:
    """Return the numbers of seals in a text, by lines, commas, semicolons or blanks."""
    parts = text.replace(",", " ").replace(";", " ").split()
    return tuple(part.upper() for part in parts)


def seals_by_station(
    text: str, stations: Mapping[str, PlaceCode]
) -> tuple[dict[PlaceCode, tuple[str, ...]], list[str]]:
    """Return the seals that lines such as `001: 0417723, 0417724` name, and lines that name none.

    `stations` are keyed by their number, as the last part of their code says it.
    """
    found: dict[PlaceCode, tuple[str, ...]] = {}
    strange = []
    for line in filter(str.strip, text.splitlines()):
        number, colon, seals = line.partition(":")
        digits = "".join(filter(str.isdigit, number)).zfill(3)
        if colon and digits in stations:
            station = stations[digits]
            found[station] = (*found.get(station, ()), *split_seals(seals))
        else:
            strange.append(line.strip())
    return found, strange


def seal_faults(seals: Iterable[str], *, field: str) -> Iterator[Fault]:
    """Yield what is wrong with a list of seals by itself."""
    given = list(seals)
    if len(given) > MOST_SEALS:
        yield Fault("logistics.too_many_seals", field, {"most": MOST_SEALS})
    if too_long := [seal for seal in given if len(seal) > LONGEST_SEAL]:
        params = {"seal": too_long[0][:LONGEST_SEAL], "most": LONGEST_SEAL}
        yield Fault("logistics.seal_is_too_long", field, params)
    if twice := sorted({seal for seal in given if given.count(seal) > 1}):
        yield Fault("logistics.seal_stands_twice", field, {"seals": ", ".join(twice[:5])})


def load_status(state: ConsignmentState, *, due_at: datetime, at: datetime) -> Status:
    """Return how a load stands; a difference is at risk until its clock has run out, then late.

    `due_at` is by when it has to arrive, or by when the difference is to be settled.
    """
    if state not in OPEN:
        return Status.DONE
    if due_at < at:
        return Status.LATE
    return Status.AT_RISK if state is _S.DIFFERENT else Status.ON_TRACK
