"""What was reported on the day of the vote, what was done with it, and who was on duty."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Annotated, Any

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Countdown, Named, at_least, raise_faults, some


class Doing(StrEnum):
    """What can be done with an incident of the story."""

    TRIAGE = "triage"
    DISPATCH = "dispatch"
    ARRIVE = "arrive"
    CONTAIN = "contain"
    RESOLVE = "resolve"
    CLOSE = "close"
    TRANSFER = "transfer"
    UNFOUNDED = "unfounded"
    MERGE = "merge"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done with an incident; `by` is the kind of institution that did it."""

    at: time
    do: Doing
    note: str = ""
    by: Annotated[str, Named("as")] = ""
    commander: str = ""
    receiver: str = ""
    number: str = ""
    kind: str = ""
    into: int = 0

    def __post_init__(self) -> None:
        needs = {
            Doing.TRANSFER: self.receiver and self.number,
            Doing.MERGE: self.into,
            Doing.KIND: self.kind,
            Doing.CONTAIN: self.note,
            Doing.UNFOUNDED: self.note,
        }
        raise_faults([] if needs.get(self.do, True) else [f"{self.do}: says too little"])


@dataclass(frozen=True, slots=True)
class PlanOf:
    """A plan begun for an incident: hours of the steps done, reasons of those dropped."""

    key: str
    at: time
    done: Mapping[int, time] = field(default_factory=dict)
    dropped: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the day; `n` is its number in the drill, `by` whose officer typed it in."""

    n: Annotated[int, at_least(1)]
    at: time
    kind: str
    place: PlaceCode
    told_by: str
    words: str
    happened: time | None = None
    also_at: PlaceCode | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    by: str = ""
    responder: Annotated[str, Named("as")] = ""
    plan: PlanOf | None = None
    then: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        moments = [self.at, *(step.at for step in self.then)]
        raise_faults([] if moments == sorted(moments) else ["then: steps stand in their order"])


@dataclass(frozen=True, slots=True)
class Gap:
    """A shift that nobody took."""

    day: Countdown
    hour: int


@dataclass(frozen=True, slots=True)
class Office:
    """An office on duty from the hours at which its shifts begin, each until the next."""

    kind: str
    place: PlaceCode
    office: str
    line: str
    shifts: Annotated[tuple[int, ...], some]
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Duties:
    """Who was on duty from a day to a day, entered on a third."""

    begins: Countdown
    ends: Countdown
    entered: Countdown
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class Night:
    """The story of the day and night of the vote; see `catalogue/night.yaml`."""

    reports: tuple[Report, ...]
    duties: Duties

    def __post_init__(self) -> None:
        known: set[int] = set()
        faults = []
        for report in self.reports:
            if report.n in known:
                faults.append(f"reports: {report.n}: stands twice")
            faults += [
                f"reports: {report.n}: {step.into} was not reported before"
                for step in report.then
                if step.into and step.into not in known
            ]
            known.add(report.n)
        raise_faults(faults)
