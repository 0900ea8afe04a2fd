"""What the page of a place counts beside its briefing: by kind, and what ended today."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.security.models import OPEN
from serentak.security.rules.states import IncidentState

from .incidents import visible


@dataclass(frozen=True, slots=True)
class KindLine:
    """How many incidents of a kind are open, past their clock, and closed."""

    kind: str
    open: int
    past: int
    closed: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What ended at a place today, by how it ended."""

    closed: int
    unfounded: int
    duplicates: int


def by_kind(place: PlaceCode, viewer: Viewer, at: datetime) -> list[KindLine]:
    """Return the kinds reported at and under a place, the most open first; two queries."""
    is_open = Q(state__in=OPEN)
    rows = (
        visible(viewer, place)
        .exclude(state=IncidentState.DUPLICATE.value)
        .order_by()
        .values("kind")
        .annotate(
            opened=Count("id", filter=is_open),
            past=Count("id", filter=is_open & Q(due_at__lt=at)),
            closed=Count("id", filter=~is_open),
        )
    )
    lines = [KindLine(row["kind"], row["opened"], row["past"], row["closed"]) for row in rows]
    return sorted(lines, key=lambda line: (-line.open, -line.closed, line.kind))


def ended_on(place: PlaceCode, viewer: Viewer, at: datetime) -> Ended:
    """Return how many incidents ended today, by the place's own day; two queries."""
    zone = places.zone_of(place)
    begin = datetime.combine(at.astimezone(zone).date(), time.min, tzinfo=zone)
    found = (
        visible(viewer, place)
        .filter(closed_at__gte=begin, closed_at__lte=at)
        .aggregate(
            closed=Count("id", filter=Q(state=IncidentState.CLOSED.value)),
            unfounded=Count("id", filter=Q(state=IncidentState.UNFOUNDED.value)),
            duplicates=Count("id", filter=Q(state=IncidentState.DUPLICATE.value)),
        )
    )
    return Ended(found["closed"], found["unfounded"], found["duplicates"])
