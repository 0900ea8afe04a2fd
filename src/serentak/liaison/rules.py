"""Requests and their answers, the stages of an election crime and their clocks, the catalogues."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from serentak.kernel.entries import (
    Among,
    Class,
    Key,
    Source,
    Text,
    at_least,
    raise_faults,
    some,
)
from serentak.kernel.machine import Machine
from serentak.kernel.status import Status
from serentak.kernel.workdays import add_working_days

LONGEST_LINE = 200
LONGEST_TEXT = 2000
"""Characters of what people write."""


# --- requests


class AidState(StrEnum):
    """How far a request for people or things is."""

    ASKED = "ASKED"
    PROMISED = "PROMISED"
    REFUSED = "REFUSED"
    ARRIVED = "ARRIVED"
    WITHDRAWN = "WITHDRAWN"


class AidEvent(StrEnum):
    """What happens to a request: the first three by who was asked, the last by who asked."""

    PROMISE = "PROMISE"
    REFUSE = "REFUSE"
    ARRIVE = "ARRIVE"
    WITHDRAW = "WITHDRAW"


_A = AidState

AID_TRANSITIONS = Machine[AidState, AidEvent](
    {
        (_A.ASKED, AidEvent.PROMISE): _A.PROMISED,
        (_A.ASKED, AidEvent.REFUSE): _A.REFUSED,
        (_A.ASKED, AidEvent.WITHDRAW): _A.WITHDRAWN,
        (_A.PROMISED, AidEvent.PROMISE): _A.PROMISED,
        (_A.PROMISED, AidEvent.REFUSE): _A.REFUSED,
        (_A.PROMISED, AidEvent.ARRIVE): _A.ARRIVED,
        (_A.PROMISED, AidEvent.WITHDRAW): _A.WITHDRAWN,
    }
)

AID_OPEN = (_A.ASKED, _A.PROMISED)
"""Somebody still waits for it."""

WITHDRAWS = frozenset({AidEvent.WITHDRAW})
"""What only who asked may do; everything else is for who was asked."""


def shortage(number: int, granted: int | None, state: AidState) -> int:
    """Return how many are still missing: all that was not granted, none of what was withdrawn."""
    if state is AidState.WITHDRAWN:
        return 0
    given = granted or 0
    return max(0, number - (0 if state is AidState.REFUSED else given))


# --- election crimes


class CrimeState(StrEnum):
    """At which stage an election crime is; the last two are its ends."""

    KNOWN = "KNOWN"
    STUDY = "STUDY"
    INVESTIGATION = "INVESTIGATION"
    PROSECUTION = "PROSECUTION"
    COURT = "COURT"
    RULED = "RULED"
    APPEAL = "APPEAL"
    STOPPED = "STOPPED"
    FINAL = "FINAL"


class CrimeEvent(StrEnum):
    """What takes it from stage to stage."""

    REPORT = "REPORT"
    EXTEND = "EXTEND"
    FORWARD = "FORWARD"
    RULE = "RULE"
    APPEAL = "APPEAL"
    STOP = "STOP"
    CLOSE = "CLOSE"


_C, _E = CrimeState, CrimeEvent

CRIME_TRANSITIONS = Machine[CrimeState, CrimeEvent](
    {
        (_C.KNOWN, _E.REPORT): _C.STUDY,
        (_C.STUDY, _E.EXTEND): _C.STUDY,
        (_C.STUDY, _E.FORWARD): _C.INVESTIGATION,
        (_C.STUDY, _E.STOP): _C.STOPPED,
        (_C.INVESTIGATION, _E.FORWARD): _C.PROSECUTION,
        (_C.INVESTIGATION, _E.STOP): _C.STOPPED,
        (_C.PROSECUTION, _E.EXTEND): _C.PROSECUTION,
        (_C.PROSECUTION, _E.FORWARD): _C.COURT,
        (_C.PROSECUTION, _E.STOP): _C.STOPPED,
        (_C.COURT, _E.RULE): _C.RULED,
        (_C.RULED, _E.APPEAL): _C.APPEAL,
        (_C.RULED, _E.CLOSE): _C.FINAL,
        (_C.APPEAL, _E.CLOSE): _C.FINAL,
    }
)

ENDS = (_C.STOPPED, _C.FINAL)

STAGES = tuple(state for state in CrimeState if state not in ENDS)


class Unit(StrEnum):
    """In which days a clock counts."""

    CALENDAR = "CALENDAR"
    WORKING = "WORKING"


@dataclass(frozen=True, slots=True)
class Stage:
    """The clock of a stage: so many days, `more` once it is extended, and who acts."""

    days: Annotated[int, at_least(1)]
    unit: Unit
    by: str
    law: str
    confidence: str
    more: Annotated[int, at_least(0)] = 0

    def due(self, start: date, *, is_extended: bool, holidays: Container[date]) -> date:
        """Return the last day of a stage that began on `start`, which is not counted."""
        days = self.days + (self.more if is_extended else 0)
        if self.unit is Unit.CALENDAR:
            return start + timedelta(days=days)
        return add_working_days(start, days, holidays=holidays)


@dataclass(frozen=True, slots=True)
class Crimes:
    """The clocks of all stages."""

    figure_class: Class
    source: Annotated[str, Among("sources")]
    sources: Mapping[str, Source]
    stages: Mapping[CrimeState, Stage]

    def __post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[str]:
        if set(self.stages) != set(STAGES):
            yield "stages: each stage has its clock, and no end"
        for (state, event), _ in CRIME_TRANSITIONS.items():
            if event is CrimeEvent.EXTEND and not self.stages[state].more:
                yield f"stages: {state}: may be extended, so it says by how many days"


# --- the catalogue of liaison


@dataclass(frozen=True, slots=True)
class Level:
    """How grave people find a place; `status` is the mark beside it."""

    key: Key
    name: Text
    status: Status


@dataclass(frozen=True, slots=True)
class Thing:
    """What may be asked for, of which kinds of institutions, and their hours to answer."""

    key: Key
    name: Text
    unit: Text
    of: Annotated[tuple[str, ...], some]
    answer_hours: Annotated[int, at_least(1)]


@dataclass(frozen=True, slots=True)
class Liaison:
    """Whom one calls first, levels of assessments, what may be asked; all assumed."""

    figure_class: Class
    source: Annotated[str, Among("sources")]
    sources: Mapping[str, Source]
    order: Annotated[tuple[str, ...], some]
    levels: Annotated[Mapping[str, Level], some]
    stale_after_days: Annotated[int, at_least(1)]
    things: Annotated[Mapping[str, Thing], some]
    most: Annotated[int, at_least(1)]


UNHURRIED, A_DAY = timedelta(days=3), timedelta(hours=24)
"""What is needed later than the first may be answered within the second; assumed."""


def answer_due(at: datetime, needed: datetime, hours: int) -> datetime:
    """Return by when a request is answered: within its hours where it is needed in three days.

    What is needed later has a day: nobody is late after two hours with what is for next month.
    """
    if needed - at > UNHURRIED:
        return at + max(A_DAY, timedelta(hours=hours))
    return min(needed, at + timedelta(hours=hours))
