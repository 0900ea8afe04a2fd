"""What checks of a story found: how many places are in order, and in what the others fail."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Countdown, at_least, between, raise_faults, some

from .chance import chance

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Checked:
    """The checks of one checklist at and under some places.

    As many places pass as reports of the activity `like` say; or a `share` is checked, of which
    `fails_at` fail.
    """

    checklist: str
    places: Annotated[tuple[PlaceCode, ...], some]
    answers: Answers
    fails: Annotated[tuple[Answers, ...], some]
    but: tuple[PlaceCode, ...] = ()
    like: str = ""
    share: Annotated[float, between(0, 1)] = 0.0
    fails_at: Annotated[float, between(0, 1)] = 0.0

    def __post_init__(self) -> None:
        raise_faults([] if bool(self.like) != bool(self.share) else ["like: or a share, not both"])

    def failing(self, seed: str, place: PlaceCode) -> Answers:
        """Return what a place answers that fails in one thing."""
        picked = int(chance(seed, "fails", self.checklist, place) * len(self.fails))
        return {**self.answers, **self.fails[picked]}

    def failing_in(self, criteria: int) -> Answers:
        """Return what a place answers that fails in so many things, in their order."""
        found = dict(self.answers)
        for answers in self.fails[:criteria]:
            found |= answers
        return found

    def by_share(
        self, seed: str, places: Iterator[PlaceCode]
    ) -> Iterator[tuple[PlaceCode, Answers]]:
        """Yield the share of places that is checked, each with its answers."""
        for place in places:
            if chance(seed, "checked", self.checklist, place) < self.share:
                fails = chance(seed, "state", self.checklist, place) < self.fails_at
                yield place, self.failing(seed, place) if fails else self.answers


@dataclass(frozen=True, slots=True)
class Promised:
    """What the owner of the first open defects of a question promised for a day."""

    place: PlaceCode
    question: str
    first: Annotated[int, at_least(1)]
    by: Countdown
    remark: str


@dataclass(frozen=True, slots=True)
class Mended:
    """Of which open defects the owner said that they are mended."""

    place: PlaceCode
    question: str
    first: Annotated[int, at_least(1)]
    remark: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """The story of checks."""

    checks: tuple[Checked, ...]
    promised: Promised
    mended: Mended
