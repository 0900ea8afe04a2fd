"""The catalogue of the daily report: hours, whom a desk waits for, how much it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Annotated
from zoneinfo import ZoneInfo

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.entries import Class, at_least, every

LEVELS = (Level.DISTRICT, Level.REGENCY, Level.PROVINCE)
"""Levels at which a desk reports, lowest first."""


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
    problems: _Count
    due_within_days: _Count
    chat_problems: _Count
    source: str
    figure_class: Class

    def __post_init__(self) -> None:
        hours = [self.closes[level] for level in LEVELS]
        if hours != sorted(hours):
            raise ValueError("closes: a desk cannot close before those that it waits for")


@dataclass(frozen=True, slots=True)
class Round:
    """One report that a desk owes: its number within the day, from 1, and when it is due."""

    number: int
    due_at: datetime


def rounds_of(
    place: PlaceCode, day: date, *, vote_date: date, zone: ZoneInfo, rules: Rules
) -> list[Round]:
    """Return the reports that the desk of a place owes on a day: one, on the vote's day several."""
    level = level_of(place)
    if day != vote_date:
        return [Round(1, datetime.combine(day, rules.closes[level], tzinfo=zone))]
    plan = rules.on_the_day[level]
    due = datetime.combine(day, plan.first, tzinfo=zone)
    last = datetime.combine(day, plan.last, tzinfo=zone)
    found: list[Round] = []
    while due <= last:
        found.append(Round(len(found) + 1, due))
        due += timedelta(hours=plan.every_hours)
    return found


def minutes_late(*, due_at: datetime, handed_in_at: datetime | None) -> int:
    """Return by how many minutes a report came after its hour, rounded up; 0 in time.

    What was not handed in is not late but missing, and is 0 too.
    """
    if handed_in_at is None or handed_in_at <= due_at:
        return 0
    return ceil((handed_in_at - due_at) / timedelta(minutes=1))


def current_round(rounds: list[Round], at: datetime) -> Round:
    """Return the report that is being written at a moment: the next one due, else the last."""
    return next((r for r in rounds if r.due_at >= at), rounds[-1])
