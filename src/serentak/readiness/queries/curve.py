"""Progress against target over the days: how much of the work is done, weighed by consequence."""

from dataclasses import dataclass
from datetime import date, datetime

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.readiness.models import ProgressReport
from serentak.readiness.permissions import VIEW_READINESS

from .board import Board, board


@dataclass(frozen=True, slots=True)
class Progress:
    """Per cent done at the end of a day; `actual` is None for days ahead."""

    day: date
    target: float
    actual: float | None


def progress_curve(
    place: PlaceCode, *, viewer: Viewer, at: datetime, first_day: int = -60
) -> tuple[Progress, ...]:
    """Return `curve_on` of a place; OutOfScope unless the viewer may see readiness there."""
    viewer.require(VIEW_READINESS, place)
    found = board(place, at=at)
    return curve_on(found, place, first_day=first_day) if found else ()


def curve_on(found: Board, place: PlaceCode, *, first_day: int = -60) -> tuple[Progress, ...]:
    """Return the per cent done of a place's work from `first_day` (from the vote) to the vote.

    Each activity that belongs before the vote counts by the weight of its consequence; its target
    grows evenly over its likely duration up to the agreed date. What is done follows the reports,
    as they stood on each day; a report on a district's line counts with the other lines of the day.
    """
    standings = [
        s for s in found.at_place(place) if s.status is not None and s.definition.target < 0
    ]
    if not standings:
        return ()
    weights = {s.row.id: found.thresholds.consequence_weights[s.definition.miss] for s in standings}
    whole = sum(weights.values())
    reached: dict[date, dict[int, float]] = {}
    rows = (
        ProgressReport.objects.filter(activity__in=weights, quantity__isnull=False)
        .order_by("reported_at", "id")
        .values_list("activity_id", "share_id", "quantity", "reported_at")
    )
    targets = {s.row.id: s.work.target for s in standings}
    lines: dict[int, dict[int, int]] = {}
    for activity_id, share_id, quantity, when in rows:
        amount = quantity or 0
        if share_id is not None:
            on_lines = lines.setdefault(activity_id, {})
            on_lines[share_id] = amount
            amount = sum(on_lines.values())
        day = clock.local_date(when, zone=found.zone)
        reached.setdefault(day, {})[activity_id] = min(1.0, amount / targets[activity_id])
    now = {s.row.id: s.work.done_share for s in standings}
    reached.setdefault(found.today, {}).update(now)
    known: dict[int, float] = {}
    first = found.date_of(first_day)
    for day in sorted(d for d in reached if d < first):
        known.update(reached[day])
    points = []
    for offset in range(first_day, 1):
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
