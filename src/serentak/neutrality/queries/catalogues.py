"""The catalogues of the slice, and which days around the election they speak of."""

from dataclasses import dataclass
from datetime import date, datetime

from serentak.elections import public as elections
from serentak.kernel.codes import PlaceCode
from serentak.neutrality.rules.catalogue import (
    Procedure,
    Rules,
    Statistic,
    Thresholds,
    Violations,
    parse_statistics,
)
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.catalogue import load

SLICE = "neutrality"
FIXED = "pairs_fixed"
"""The stage at which candidates are fixed, in the calendar of elections."""


def violations() -> Violations:
    """Return what is forbidden and what follows."""
    return load(SLICE, "violations", Violations)


def procedure() -> Procedure:
    """Return the way of a case."""
    return load(SLICE, "steps", Procedure)


def statistics() -> tuple[Statistic, ...]:
    """Return the published figures of 2020."""
    return load(SLICE, "statistics-2020", parse_statistics)


def rules() -> Rules:
    """Return thresholds and services."""
    return load(SLICE, "rules", Rules)


def thresholds() -> Thresholds:
    """Return the thresholds."""
    return rules().thresholds


@dataclass(frozen=True, slots=True)
class Calendar:
    """Today at a place, the day of the vote, and the day on which candidates are fixed."""

    today: date
    vote_date: date | None
    fixed_date: date | None


def today_at(place: PlaceCode, at: datetime) -> date:
    """Return the day at a place; no query."""
    return clock.local_date(at, zone=places.zone_of(place).key)


def calendar(place: PlaceCode, at: datetime) -> Calendar:
    """Return the days that matter at a place; two queries."""
    today = today_at(place, at)
    election = elections.current_election(place)
    if election is None:
        return Calendar(today, None, None)
    fixed = {s.key: s.end_date for s in elections.stages(election, today=today)}.get(FIXED)
    return Calendar(today, election.vote_date, fixed)
