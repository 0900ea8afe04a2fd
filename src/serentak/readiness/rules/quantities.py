"""How much of an activity there is to do at a place: plain counts in, whole numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from serentak.kernel.entries import As, at_least, small


class Of(StrEnum):
    """What an amount is counted by."""

    ONE = "ONE"
    PERCENT = "PERCENT"
    STATIONS = "STATIONS"
    VOTERS = "VOTERS"
    VILLAGES = "VILLAGES"
    DISTRICTS = "DISTRICTS"
    REGENCIES = "REGENCIES"
    CONTESTS = "CONTESTS"
    BALLOTS = "BALLOTS"


ADDITIVE = frozenset({Of.STATIONS, Of.VOTERS, Of.VILLAGES, Of.DISTRICTS, Of.BALLOTS})
"""What a regency has as the sum of its districts."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The election's plain counts at one place.

    `contests` are those that the place's own commission holds (governor's or regent's), `races`
    those that a voter there votes in. `ballots` are for one race: voters plus the reserve, rounded
    up per station (the law: 2.5 %).
    """

    stations: int = 0
    voters: int = 0
    villages: int = 0
    districts: int = 0
    regencies: int = 0
    contests: int = 1
    races: int = 2
    ballots: int = 0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative")

    def count(self, of: Of) -> int:
        """Return the count that `of` names; 1 for one, 100 for per cent."""
        if of is Of.ONE:
            return 1
        if of is Of.PERCENT:
            return 100
        return int(getattr(self, of.value.lower()))


@dataclass(frozen=True, slots=True)
class Term:
    """A count times a number, and times the races at each station where `per_race` is true."""

    of: Annotated[Of, As(small(Of))]
    times: Annotated[int, at_least(1)] = 1
    per_race: bool = False


def amount(terms: Sequence[Term], counts: Counts) -> int:
    """Return the sum of `terms` at a place with these counts."""
    return sum(
        counts.count(term.of) * term.times * (counts.races if term.per_race else 1)
        for term in terms
    )
