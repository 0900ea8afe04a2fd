"""How strong the police of a story are, where they stand, who is sent, and which plans hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Countdown, above_zero, at_least, between, some

from .chance import chance


@dataclass(frozen=True, slots=True)
class Strength:
    """The officers for stations that each regency told on a day."""

    day: Countdown
    source: str
    own: Mapping[PlaceCode, Annotated[int, above_zero]]


@dataclass(frozen=True, slots=True)
class PatternOf:
    """So many officers at so many stations `of` a class, in a regency, from a day on.

    At 0 stations they wait in the district. `version` is the pattern that it replaces, 0 for the
    catalogue's.
    """

    place: PlaceCode
    day: Countdown
    of: str
    officers: int
    stations: Annotated[int, at_least(0)]
    reason: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Posts:
    """How officers stand in posts from a day on, and whose posts the desks may see."""

    day: Countdown
    in_districts: Annotated[float, between(0, 1)]
    soldiers_of_regency: int
    soldiers_of_district: int
    boats: Mapping[PlaceCode, int] = field(default_factory=dict)
    shared: frozenset[PlaceCode] = frozenset()

    def spread(self, officers: int, districts: Sequence[PlaceCode]) -> dict[PlaceCode, int]:
        """Return how many of a regency's officers stand in each district; two at least."""
        whole = max(2 * len(districts), round(officers * self.in_districts))
        each, rest = divmod(min(whole, officers), len(districts))
        return {code: each + (number < rest) for number, code in enumerate(districts)}


@dataclass(frozen=True, slots=True)
class Sent:
    """Officers that a regency asked for, and when they were promised and came, if they were."""

    place: PlaceCode
    officers: Annotated[int, at_least(1)]
    asked: Countdown
    promised: Countdown | None = None
    arrived: Countdown | None = None


@dataclass(frozen=True, slots=True)
class Plans:
    """When each regency's plan was made and adopted; some made theirs `anew` on a later day."""

    made: Countdown
    adopted: Countdown
    reason: str
    anew: Mapping[PlaceCode, Countdown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Roll:
    """On which days posts say who is there; somebody is `absent` in this share of them."""

    days: Annotated[tuple[Countdown, ...], some]
    absent: Annotated[float, between(0, 1)]
    silent: frozenset[PlaceCode] = frozenset()

    def missing(self, seed: str, day: int, place: PlaceCode, officers: int) -> int:
        """Return how many of a post are not there on a day."""
        if chance(seed, "roll", day, place) >= self.absent:
            return 0
        return min(officers, 1 + int(chance(seed, "absent", day, place) * 3))


@dataclass(frozen=True, slots=True)
class Posted:
    """The story of officers; see `catalogue/posting.yaml`."""

    strength: Strength
    patterns: tuple[PatternOf, ...]
    posts: Posts
    sent: tuple[Sent, ...]
    plans: Plans
    roll: Roll
