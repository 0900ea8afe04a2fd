"""The catalogue of the daily report: hours, whom a desk waits for, how much it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of

LEVELS = (Level.DISTRICT, Level.REGENCY, Level.PROVINCE)
"""Levels at which a desk reports, lowest first."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Several reports of one day: the first hour, the last, and hours between."""

    first: time
    last: time
    every_hours: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What `catalogue/daily.yaml` says; the file tells what each entry means."""

    closes: Mapping[Level, time]
    on_the_day: Mapping[Level, Rounds]
    waits_for_children: frozenset[Level]
    problems: int
    due_within_days: int
    chat_problems: int
    source: str
    figure_class: FigureClass


@dataclass(frozen=True, slots=True)
class Round:
    """One report that a desk owes: its number within the day, from 1, and when it is due."""

    number: int
    due_at: datetime


def parse_rules(raw: Any) -> Rules:
    """Return the rules that `raw` holds; ValueError with one fault a line."""
    faults: list[str] = []

    def hour(where: str, text: object) -> time:
        try:
            return time.fromisoformat(str(text))
        except ValueError:
            faults.append(f'{where}: must be an hour like "17:00"')
            return time(0)

    def whole(where: str, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        faults.append(f"{where}: must be a whole number of at least 1")
        return 1

    closes = {
        level: hour(f"closes.{level.name}", raw["closes"].get(level.name)) for level in LEVELS
    }
    rounds = {}
    for level in LEVELS:
        entry = raw["on_the_day"].get(level.name) or {}
        where = f"on_the_day.{level.name}"
        rounds[level] = Rounds(
            hour(f"{where}.first", entry.get("first")),
            hour(f"{where}.last", entry.get("last")),
            whole(f"{where}.every_hours", entry.get("every_hours")),
        )
        if rounds[level].last < rounds[level].first:
            faults.append(f"{where}: the last hour comes before the first")
    if list(closes.values()) != sorted(closes.values()):
        faults.append("closes: a desk cannot close before those that it waits for")
    rules = Rules(
        closes=closes,
        on_the_day=rounds,
        waits_for_children=frozenset(Level[name] for name in raw["waits_for_children"]),
        problems=whole("problems", raw["problems"]),
        due_within_days=whole("due_within_days", raw["due_within_days"]),
        chat_problems=whole("chat_problems", raw["chat_problems"]),
        source=str(raw["source"]),
        figure_class=FigureClass(raw["class"]),
    )
    if faults:
        raise ValueError("\n".join(faults))
    return rules


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
