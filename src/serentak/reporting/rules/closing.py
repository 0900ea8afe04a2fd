"""The catalogue of the daily report: hours, whom a desk waits for, how much it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Annotated
from zoneinfo import ZoneInfo

from serentak.kernel.codes import Level, PlaceCode, level_of, parse_code
from serentak.kernel.entries import As, Class, at_least, every
from serentak.kernel.status import Status

from .states import HEARD, ReportState

LEVELS = (Level.DISTRICT, Level.REGENCY, Level.PROVINCE)
"""Levels at which a desk reports, lowest first."""


def _code(raw: object) -> PlaceCode:
    return parse_code(str(raw))


_Count = Annotated[int, at_least(1)]


@dataclass(frozen=True, slots=True)
class Rounds:
    """Several reports of one day: the first hour, the last, and hours between."""

    first: time
    last: time
    every_hours: _Count

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("last: comes before the first hour")


@dataclass(frozen=True, slots=True)
class Rules:
    """What `catalogue/daily.yaml` says; the file tells what each entry means."""

    closes: Annotated[Mapping[Level, time], every(LEVELS)]
    on_the_day: Annotated[Mapping[Level, Rounds], every(LEVELS)]
    waits_for_children: frozenset[Level]
    silent_after: _Count
    problems: _Count
    due_within_days: _Count
    chat_problems: _Count
    source: str
    figure_class: Class
    own_hours: Mapping[Annotated[PlaceCode, As(_code)], time] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hours = [self.closes[level] for level in LEVELS]
        if hours != sorted(hours):
            raise ValueError("closes: a desk cannot close before those that it waits for")

    def closes_at(self, place: PlaceCode) -> time:
        """Return the hour of an ordinary day: the one agreed for the place, else its level's."""
        return self.own_hours.get(place, self.closes[level_of(place)])


@dataclass(frozen=True, slots=True)
class Round:
    """One report that a desk owes: its number within the day, from 1, and when it is due."""

    number: int
    due_at: datetime


def rounds_of(
    place: PlaceCode, day: date, *, vote_date: date, zone: ZoneInfo, rules: Rules
) -> list[Round]:
    """Return the reports that the desk of a place owes on a day: one, on the vote's day several."""
    if day != vote_date:
        return [Round(1, datetime.combine(day, rules.closes_at(place), tzinfo=zone))]
    plan = rules.on_the_day[level_of(place)]
    due = datetime.combine(day, plan.first, tzinfo=zone)
    last = datetime.combine(day, plan.last, tzinfo=zone)
    found: list[Round] = []
    while due <= last:
        found.append(Round(len(found) + 1, due))
        due += timedelta(hours=plan.every_hours)
    return found


def report_status(
    state: ReportState | None,
    *,
    due_at: datetime,
    at: datetime,
    days_silent: int | None,
    is_complete: bool = True,
    rules: Rules,
) -> Status:
    """Return how the report of a desk stands at a moment.

    Done when it has come, at risk when it was closed without some that it waits for.
    Before its hour nothing is owed. After it it is late, as long as they spoke lately; so many
    evenings in a row without a word are silence. `days_silent` counts days since the last report
    before today's, None if there never was one.
    """
    if state in HEARD:
        return Status.DONE if is_complete else Status.AT_RISK
    is_past = at > due_at
    if days_silent is None:
        return Status.NO_REPORT if is_past else Status.ON_TRACK
    missed = days_silent - 1 + is_past
    if missed >= rules.silent_after:
        return Status.NO_REPORT
    return Status.LATE if is_past else Status.ON_TRACK


def minutes_late(*, due_at: datetime, handed_in_at: datetime | None) -> int:
    """Return by how many minutes a report came after its hour, rounded up; 0 in time.

    What was not handed in is not late but missing, and is 0 too.
    """
    if handed_in_at is None:
        return 0
    return max(0, ceil((handed_in_at - due_at) / timedelta(minutes=1)))


def current_round(rounds: list[Round], at: datetime) -> Round:
    """Return the report that is being written at a moment: the next one due, else the last."""
    return next((r for r in rounds if r.due_at >= at), rounds[-1])
