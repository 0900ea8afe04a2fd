"""Stored days: what an area said of a place, yesterday or over some days."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from serentak.kernel.briefing import Briefing, Figure, FigureClass, Focus
from serentak.kernel.cards import card_of
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.platform.reading import kept
from serentak.reporting.models import Snapshot


@dataclass(frozen=True, slots=True)
class StoredBriefing:
    """What an area said of a place on a day; alerts are not stored."""

    place: PlaceCode
    day: date
    focus: Focus
    status: Status
    figures: tuple[Figure, ...]
    silent: int
    of_children: int
    as_of: datetime | None
    taken_at: datetime


Stored = Mapping[tuple[PlaceCode, Focus], StoredBriefing]


def stored_on(day: date, places: Collection[PlaceCode]) -> Stored:
    """Return what was stored of places on a day; one query."""
    return {(s.place, s.focus): s for s in _read(day=day, place__in=list(places))}


@kept
def stored_days(place: PlaceCode, *, until: date, days: int) -> tuple[StoredBriefing, ...]:
    """Return what was stored of a place on the last days up to `until`, oldest first; one query."""
    since = until - timedelta(days=days - 1)
    return tuple(_read(place=place, day__gte=since, day__lte=until))


def _read(**where: Any) -> list[StoredBriefing]:
    return [
        card_of(
            StoredBriefing,
            row,
            place=PlaceCode(row.place_id),
            focus=Focus(row.focus),
            status=Status(row.status),
            figures=tuple(map(_figure, row.figures)),
        )
        for row in Snapshot.objects.filter(**where).order_by("day", "place", "focus")
    ]


def _figure(raw: Mapping[str, Any]) -> Figure:
    return Figure(**{**raw, "figure_class": FigureClass(raw["figure_class"])})


def figures_of(figures: Iterable[Figure]) -> list[dict[str, Any]]:
    """Return figures as they are stored."""
    return [asdict(figure) for figure in figures]


def snapshot_of(briefing: Briefing, day: date, taken_at: datetime) -> Snapshot:
    """Return a row, not saved, that keeps a briefing for a day."""
    return Snapshot(
        place_id=briefing.place,
        day=day,
        focus=briefing.focus.value,
        status=briefing.status.value,
        figures=figures_of(briefing.figures),
        silent=briefing.silent,
        of_children=briefing.of_children,
        as_of=briefing.as_of,
        taken_at=taken_at,
    )
