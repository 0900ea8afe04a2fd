"""What every area answers of a place and its children, and how it stood on the last days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from serentak.desk import rules
from serentak.kernel.area import Area
from serentak.kernel.briefing import Briefing, Figure, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.platform import areas
from serentak.reporting import public as reporting

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Trend:
    """An area's last stored days, oldest first, and what moved since yesterday.

    `before` are yesterday's figures at the same hour, none where they were not stored then, which
    `is_fresh` tells; `since` says from when on it stands as it does.
    """

    days: tuple[reporting.StoredBriefing, ...]
    change: rules.Change | None
    before: tuple[Figure, ...]
    is_fresh: bool
    since: rules.Since | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The areas that the viewer may see there, and their briefings by place."""

    place: PlaceCode
    seen: tuple[Area, ...]
    by_place: Mapping[PlaceCode, Mapping[Focus, Briefing]]
    trends: Mapping[Focus, Trend]

    @property
    def own(self) -> Mapping[Focus, Briefing]:
        """The briefings of the place itself."""
        return self.by_place.get(self.place, {})


def answers_of(place: PlaceCode, *, viewer: Viewer, at: datetime, today: date) -> Answers:
    """Ask each area that the viewer may see at the place once."""
    seen = areas.seen_by(viewer, place)
    by_place = areas.briefings(seen, parent=place, viewer=viewer, at=at)
    return Answers(place, seen, by_place, _trends(by_place.get(place, {}), seen, place, today, at))


def _trends(
    own: Mapping[Focus, Briefing],
    seen: Collection[Area],
    place: PlaceCode,
    today: date,
    at: datetime,
) -> Mapping[Focus, Trend]:
    """Return the last stored days of the areas that the viewer sees; one query.

    What moved is told where yesterday was stored at the same hour: ten in the morning is not
    compared with last evening. Stored is what a plain reader of an area sees: of one that confides
    something it is not told that today is the first day.
    """
    yesterday = today - timedelta(days=1)
    stored = reporting.stored_days(place, until=yesterday, days=DAYS_SHOWN) if own else ()
    confiding = {area.focus for area in seen if area.confided}
    trends = {}
    for focus, briefing in own.items():
        days = tuple(day for day in stored if day.focus is focus)
        if days:
            is_fresh = days[-1].day == yesterday and reporting.is_same_hour(days[-1].taken_at, at)
            before = days[-1].figures if is_fresh else ()
            since = rules.since(briefing.status, [(d.day, d.status) for d in days], today=today)
            if since and since.day == today and focus in confiding:
                since = None
            change = rules.change_since(briefing, before)
            trends[focus] = Trend(days, change, before, is_fresh, since)
    return trends
