"""Progress against target over the days: how much of the work is done, weighed by consequence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import TruncDate

from serentak.kernel.codes import PlaceCode
from serentak.readiness.models import ProgressReport
from serentak.readiness.rules.mending import as_corrected
from serentak.readiness.rules.reporting import ReportKind

from .board import Board

FIRST_DAY = -60
"""Counted from the vote."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Per cent done at the end of a day; `actual` is None for days ahead."""

    day: date
    target: float
    actual: float | None


def curve_on(found: Board, place: PlaceCode) -> tuple[Progress, ...]:
    """Return the per cent done of a place's work from H-60 to the vote.

    Each activity that belongs before the vote counts by the weight of its consequence; its target
    grows evenly over its likely duration up to the agreed date. What is done follows the reports,
    as they stood on each day and as later corrections have them; a report on a district's line
    counts with the other lines of the day.
    """
    standings = [
        s for s in found.at_place(place) if s.status is not None and s.definition.target < 0
    ]
    if not standings:
        return ()
    weights = {s.row.id: found.thresholds.consequence_weights[s.definition.miss] for s in standings}
    whole = sum(weights.values())
    reached: dict[date, dict[int, float]] = {}
    targets = {s.row.id: s.work.target for s in standings}
    lines: dict[int, dict[int, int]] = {}
    for activity_id, share_id, quantity, day in last_of_each_day(weights, found.zone):
        amount = quantity or 0
        if share_id is not None:
            on_lines = lines.setdefault(activity_id, {})
            on_lines[share_id] = amount
            amount = sum(on_lines.values())
        reached.setdefault(day, {})[activity_id] = min(1.0, amount / targets[activity_id])
    now = {s.row.id: s.work.done_share for s in standings}
    reached.setdefault(found.today, {}).update(now)
    known: dict[int, float] = {}
    first = found.date_of(FIRST_DAY)
    for day in sorted(d for d in reached if d < first):
        known.update(reached[day])
    points = []
    for offset in range(FIRST_DAY, 1):
        day = found.date_of(offset)
        known.update(reached.get(day, {}))
        target = sum(
            weights[s.row.id]
            * min(1.0, max(0.0, 1 - (s.work.target_day - offset) / s.definition.durations.likely))
            for s in standings
        )
        actual = sum(weights[id] * done for id, done in known.items())
        points.append(
            Progress(
                day, 100 * target / whole, 100 * actual / whole if day <= found.today else None
            )
        )
    return tuple(points)


def last_of_each_day(
    activity_ids: Iterable[int], zone: str
) -> list[tuple[int, int | None, int, date]]:
    """Return activity, line, amount and day of the last report of each day, in their order.

    Amounts are those that later corrections left. However often somebody reports, a day has at most
    two rows for each activity and line: a report and a correction. One query.
    """
    is_correction = Q(kind=ReportKind.CORRECTION)
    rows = sorted(
        ProgressReport.objects.filter(activity__in=activity_ids, quantity__isnull=False)
        .annotate(
            day=TruncDate("reported_at", tzinfo=ZoneInfo(zone)),
            corrects=ExpressionWrapper(is_correction, BooleanField()),
        )
        .order_by("activity", "share", "day", "corrects", "-reported_at", "-id")
        .distinct("activity", "share", "day", "corrects")
        .values_list(
            *("reported_at", "id", "activity_id", "share_id", "kind", "quantity", "day", "corrects")
        )
    )
    told: dict[tuple[int, int | None], list[tuple[ReportKind, int]]] = {}
    for _at, _id, activity, line, kind, amount, *_day in rows:
        told.setdefault((activity, line), []).append((ReportKind(kind), amount or 0))
    amounts = {of: iter(as_corrected(reports)) for of, reports in told.items()}
    return [
        (activity, line, next(amounts[activity, line]), day)
        for _at, _id, activity, line, _kind, _amount, day, _corrects in rows
    ]
