"""The five statuses, their order, and how a parent's status follows from its parts."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Ordered from best to worst; silence stands apart and is never averaged away."""

    DONE = "DONE"
    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    LATE = "LATE"
    NO_REPORT = "NO_REPORT"

    @property
    def rank(self) -> int:
        """0 for the best; NO_REPORT ranks last."""
        return list(Status).index(self)


WORST_FIRST = (Status.LATE, Status.AT_RISK, Status.NO_REPORT, Status.ON_TRACK, Status.DONE)
"""As people are told: what is known to be wrong before what nobody knows, both before green."""


@dataclass(frozen=True, slots=True)
class RollUp:
    """Thresholds (shares from 0 to 1) by which a parent's status follows from its parts."""

    late_share: float
    risk_share: float
    silent_share: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: must lie between 0 and 1")


@dataclass(frozen=True, slots=True)
class Part:
    """What a whole is made of; `weight` says how much of it this is.

    `at_least` is a veto: the whole is no better than that, whatever the shares. AT_RISK says that
    something a governor would be blamed for has passed or is unknown; LATE that one thing makes the
    vote impossible, which nothing beside it dilutes.
    """

    status: Status
    weight: float = 1.0
    at_least: Status | None = None

    @property
    def stops(self) -> bool:
        """Whether it makes the vote impossible, and so every whole above it late."""
        return self.at_least is Status.LATE


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a whole stands, and which of its parts decided: those of `because`, `count` of `of`.

    `stops` says that one of them makes the vote impossible, so that what lies above is late too.
    """

    status: Status
    because: Status
    count: int
    of: int
    stops: bool = False

    def part(self, weight: float = 1.0) -> Part:
        """Return this whole as a part of the one above it.

        A place that is late or mute has a name to call: the one above it is not on track.
        """
        if self.stops:
            return Part(self.status, weight, Status.LATE)
        vetoes = self.status in (Status.LATE, Status.NO_REPORT)
        return Part(self.status, weight, Status.AT_RISK if vetoes else None)


def judge(parts: Iterable[Part], *, rule: RollUp) -> Verdict:
    """Return how a whole stands from its parts.

    1. A part that makes the vote impossible makes it late. 2. So does what is known to be late,
    when its share of all, or of what was heard, reaches the threshold: falling silent does not make
    it less late. 3. It has no report when the silent share reaches its threshold. 4. A veto makes
    it at risk, and so does the share of late and risky parts among those heard. 5. It is done only
    when every part is; else it is on track.
    """
    found = list(parts)
    weights: Counter[Status] = Counter()
    for part in found:
        weights[part.status] += part.weight  # type: ignore[assignment]  # weights may be fractions
    total = sum(weights.values())
    heard = total - weights[Status.NO_REPORT]

    def verdict(status: Status, because: Status, of: Callable[[Part], bool]) -> Verdict:
        return Verdict(status, because, sum(map(of, found)), len(found), status_stops)

    def being(status: Status) -> Callable[[Part], bool]:
        return lambda part: part.status is status

    status_stops = any(part.stops for part in found)
    if status_stops:
        return verdict(Status.LATE, Status.LATE, lambda part: part.stops)
    late = weights[Status.LATE]
    if late and late >= rule.late_share * total:
        return verdict(Status.LATE, Status.LATE, being(Status.LATE))
    if heard <= 0 or weights[Status.NO_REPORT] >= rule.silent_share * total:
        return verdict(Status.NO_REPORT, Status.NO_REPORT, being(Status.NO_REPORT))
    if late and late >= rule.late_share * heard:
        return verdict(Status.LATE, Status.LATE, being(Status.LATE))
    if vetoes := [part.status for part in found if part.at_least]:
        worst = min(vetoes, key=_PRESSING.index)
        return verdict(
            Status.AT_RISK, worst, lambda part: part.status is worst and bool(part.at_least)
        )
    if late + weights[Status.AT_RISK] >= rule.risk_share * heard:
        worse = (Status.LATE, Status.AT_RISK)
        return verdict(Status.AT_RISK, Status.AT_RISK, lambda part: part.status in worse)
    if weights[Status.DONE] == total:
        return verdict(Status.DONE, Status.DONE, being(Status.DONE))
    return verdict(Status.ON_TRACK, Status.ON_TRACK, being(Status.ON_TRACK))


_PRESSING = (Status.LATE, Status.NO_REPORT, Status.AT_RISK, Status.ON_TRACK, Status.DONE)
"""What is known to be late comes before what is not known."""
