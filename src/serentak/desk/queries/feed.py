"""What was done at or under a place, each with the page that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import areas, audit
from serentak.platform.access import may_open

SHOWN = 8
FRESH = timedelta(hours=1)
"""How far back the page looks on the day itself."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Something that was done at or under the place."""

    entry: audit.HistoryEntry
    institution: str
    place_name: str
    link: str


def activity(
    place: PlaceCode, *, viewer: Viewer, since: datetime | None
) -> list[audit.HistoryEntry]:
    """Return the newest events of the slices that the viewer may see there."""
    return audit.activity_under(
        place,
        of=[
            part.slice
            for part in areas.parts()
            if part.permission is None or viewer.may(part.permission, place)
        ],
        but=[name for part in areas.parts() for name in part.routine],
        since=since,
        limit=SHOWN,
    )


def feed_of(entries: Sequence[audit.HistoryEntry], *, viewer: Viewer) -> tuple[FeedEntry, ...]:
    """Return events as the page tells them."""
    senders = institutions.institutions({e.institution_id for e in entries if e.institution_id})
    names = places.places({e.place for e in entries if e.place})
    return tuple(
        FeedEntry(
            entry=entry,
            institution=sender.short_name
            if (sender := senders.get(entry.institution_id or 0))
            else "",
            place_name=names[entry.place].name if entry.place in names else "",
            link=link if (link := _link_of(entry)) and may_open(viewer, link) else "",
        )
        for entry in entries
    )


def _link_of(entry: audit.HistoryEntry) -> str:
    """Return the path of the page that shows what was done; empty where there is none."""
    kind, _, number = entry.subjects[0].partition(":") if entry.subjects else ("", "", "")
    for part in areas.parts():
        if kind in part.subjects:
            return reverse(part.subjects[kind], args=[number])
    told_by = areas.part_of(entry.name)
    if told_by is None or not told_by.page or not entry.place:
        return ""
    return reverse(told_by.page, args=[entry.place])
