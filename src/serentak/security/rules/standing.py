"""How a place stands: never green with an open grave incident, urgent when it is past its clock."""

from dataclasses import dataclass
from enum import StrEnum

from serentak.kernel.status import Status
from serentak.kernel.sums import Summed


@dataclass(frozen=True, slots=True)
class Counts(Summed):
    """Incidents at and under a place, without duplicates; `past` are open and past their clock.

    `in_time` are those of the closed of which no clock ran out; `told` counts all ever reported and
    whatever was said of duty.
    """

    open: int = 0
    past: int = 0
    grave: int = 0
    grave_past: int = 0
    closed: int = 0
    in_time: int = 0
    told: int = 0
    synthetic: int = 0


class Decides(StrEnum):
    """What decides how a place stands."""

    GRAVE_PAST = "GRAVE_PAST"
    GRAVE_OPEN = "GRAVE_OPEN"
    PAST_CLOCK = "PAST_CLOCK"
    IN_TIME = "IN_TIME"
    NOTHING_OPEN = "NOTHING_OPEN"
    NOTHING_TOLD = "NOTHING_TOLD"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status of a place and what decides it: `count` of `of` are so."""

    status: Status
    decides: Decides
    count: int = 0
    of: int = 0


def judged(counts: Counts) -> Judgement:
    """Return how a place stands; silence is never green."""
    if counts.grave_past:
        return Judgement(Status.LATE, Decides.GRAVE_PAST, counts.grave_past, counts.grave)
    if counts.grave:
        return Judgement(Status.AT_RISK, Decides.GRAVE_OPEN, counts.grave, counts.open)
    if counts.past:
        return Judgement(Status.AT_RISK, Decides.PAST_CLOCK, counts.past, counts.open)
    if counts.open:
        return Judgement(Status.ON_TRACK, Decides.IN_TIME, counts.open, counts.open)
    if counts.told:
        return Judgement(Status.ON_TRACK, Decides.NOTHING_OPEN, 0, counts.told)
    return Judgement(Status.NO_REPORT, Decides.NOTHING_TOLD)
