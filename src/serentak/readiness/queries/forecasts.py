"""Stored forecasts: the newest of a place and its parts, and how it went from day to day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from serentak.kernel.codes import Level, PlaceCode, at_level
from serentak.platform.reading import kept
from serentak.readiness.models import ForecastRun, PlaceOutlook

TREND_DAYS = 30


@dataclass(frozen=True, slots=True)
class Chances:
    """The chance of a place to be ready, from 0 to 1, and finish days, counted from the vote."""

    place: PlaceCode
    ready: float
    p50: int
    p80: int
    p95: int
    computed_at: datetime

    @property
    def of_100(self) -> int:
        """In how many of 100 runs; 0 and 100 only where no run, or every run, says so."""
        return of_100(self.ready)


def of_100(share: float) -> int:
    """Return a share of the runs as a whole number of 100, never rounded to all or to none."""
    return min(99, max(1, round(100 * share))) if 0 < share < 1 else round(100 * share)


@kept
def chances(province: PlaceCode, *, election_id: int) -> Mapping[PlaceCode, Chances]:
    """Return the newest forecast of a province and its regencies, empty without one; one query."""
    newest = ForecastRun.objects.filter(place=province, election=election_id).order_by("-day")[:1]
    rows = PlaceOutlook.objects.filter(run__in=newest.values("pk")).values_list(
        "place", "ready", "p50", "p80", "p95", "run__computed_at"
    )
    return {PlaceCode(row[0]): Chances(PlaceCode(row[0]), *row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Told:
    """The newest forecast of a place with all that it says."""

    run_id: int
    place: PlaceCode
    ready: float
    p50: int
    p80: int
    p95: int
    results: Mapping[str, Any]
    computed_at: datetime
    draws: int
    assumptions: Mapping[str, Any]


@kept
def newest(place: PlaceCode, *, election_id: int) -> Told | None:
    """Return the newest forecast of a province or regency, None without one; one query."""
    row = (
        PlaceOutlook.objects.filter(
            place=place,
            run__election=election_id,
            run__place=at_level(place, Level.PROVINCE),
        )
        .order_by("-run__day")
        .values_list(
            *("run_id", "ready", "p50", "p80", "p95", "results"),
            *("run__computed_at", "run__draws", "run__assumptions"),
        )
        .first()
    )
    return Told(row[0], place, *row[1:]) if row else None


@dataclass(frozen=True, slots=True)
class Day:
    """What the last forecast of a day said of a place."""

    day: date
    ready: float
    p80: int


@kept
def trend(place: PlaceCode, *, election_id: int) -> Sequence[Day]:
    """Return the forecasts of the last thirty days that have one, the oldest first; one query."""
    rows = (
        PlaceOutlook.objects.filter(place=place, run__election=election_id)
        .order_by("-run__day")
        .values_list("run__day", "ready", "p80")[:TREND_DAYS]
    )
    return [Day(*row) for row in reversed(rows)]
