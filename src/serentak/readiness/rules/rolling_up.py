"""How the statuses of activities become a place's status, and those of places their parent's."""

from collections.abc import Iterable
from dataclasses import dataclass

from serentak.kernel.status import Status, roll_up

from .thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Part:
    """An activity as its place counts it; `begun` says that it should have begun or has.

    `silent` says that its report is overdue, which a late activity can be too.
    """

    status: Status
    miss: str
    begun: bool
    slack_to_deadline: int = 0
    silent: bool = False


def place_status(parts: Iterable[Part], *, thresholds: Thresholds) -> Status:
    """Return the status of a place from its activities (those dropped left out).

    Work whose time has not come counts only if it is already at risk; else a hundred activities of
    the future would drown the ten that are late. Silence is judged by what is under way alone: what
    was finished long ago must not make up for a place that tells nothing now. A place with nothing
    to say yet is on track, and it is done only when everything is.
    """
    all_parts = list(parts)
    counted = [p for p in all_parts if p.begun or p.status is not Status.ON_TRACK]
    if not all_parts:
        return Status.NO_REPORT
    if not counted:
        return Status.ON_TRACK
    weights = thresholds.consequence_weights
    rule = thresholds.activities_roll_up
    stopped = any(_stops(p, thresholds) for p in counted)
    due = [p for p in counted if p.begun and p.status is not Status.DONE]
    silent = sum(weights[p.miss] for p in due if p.silent or p.status is Status.NO_REPORT)
    share = silent / sum(weights[p.miss] for p in due) if silent else 0.0
    if share >= rule.silent_share and not stopped:
        return Status.NO_REPORT
    status = roll_up(((p.status, weights[p.miss]) for p in counted), rule=rule, stopped=stopped)
    if status is Status.DONE and any(p.status is not Status.DONE for p in all_parts):
        return Status.ON_TRACK
    return status


def parent_status(
    children: Iterable[tuple[Status, int]], own: Status | None, *, thresholds: Thresholds
) -> Status:
    """Return the status of a province from its regencies' (status, stations) and its own work.

    The province's own activities count as one more child of average size; a province without
    activities of its own passes None.
    """
    parts: list[tuple[Status, float]] = list(children)
    if own is not None:
        parts.append((own, sum(w for _, w in parts) / len(parts) if parts else 1))
    return roll_up(parts, rule=thresholds.children_roll_up)


def _stops(part: Part, thresholds: Thresholds) -> bool:
    return (
        part.status is Status.LATE
        and part.miss in thresholds.hard_stops
        and part.slack_to_deadline < 0
    )
