"""Reads of stored scores: what a viewer may see of a place, an indicator, a trend, an order.

Every read is of what was stored; nothing is counted here. Two to four statements each.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from django.db.models import Max, Q

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.rows import within
from serentak.quality.models import FlagRaised, Publication, Reply, Score
from serentak.quality.rules.catalogue import Flag, Indicator, Role
from serentak.quality.rules.judging import Hidden, Judged
from serentak.quality.rules.weighing import Profile, profile

from .catalogues import catalogue, chance
from .publishing import publication_of
from .seeing import sees_work_of, shown_to


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a day: scores by place and indicator, of those that a viewer may see."""

    day: date | None
    computed_at: datetime | None
    version: str
    seed: int
    shown: Mapping[str, Indicator]
    scores: Mapping[PlaceCode, Mapping[str, Judged]]
    publication: Publication | None

    @property
    def is_published(self) -> bool:
        """Tell whether everybody may see what is shown here."""
        return self.publication is not None and self.publication.published_at is not None


def judged(row: Score) -> Judged:
    """Return a stored score."""
    return Judged(
        hidden=Hidden(row.hidden) if row.hidden else None,
        good=row.good,
        of=row.of,
        silent=row.silent,
        value=row.value,
        low=row.low,
        high=row.high,
        scaled=row.scaled,
        scaled_low=row.scaled_low,
        scaled_high=row.scaled_high,
        quantiles=tuple(row.quantiles),
    )


def last_day(place: PlaceCode) -> date | None:
    """Return the last day of which scores of a place's province are stored; one query."""
    province = PlaceCode(place[: Level.PROVINCE])
    found: date | None = Score.objects.filter(place=province).aggregate(day=Max("day"))["day"]
    return found


def stored(
    viewer: Viewer,
    place: PlaceCode,
    *,
    with_children: bool = False,
    only: Collection[str] | None = None,
) -> Stored:
    """Return the last stored scores of a place, with those below if asked; three queries.

    Once published, the day that was published is shown to all, and no later one.
    """
    publication = publication_of(place)
    is_published = publication is not None and publication.published_at is not None
    shown = shown_to(viewer, place, is_published=is_published)
    if only is not None:
        shown = {key: one for key, one in shown.items() if key in only}
    day = publication.day if publication and is_published else last_day(place)
    where = within(place) if with_children else Q(place=place)
    rows = list(Score.objects.filter(where, day=day, indicator__in=shown)) if day else []
    scores: dict[PlaceCode, dict[str, Judged]] = {}
    for row in rows:
        scores.setdefault(PlaceCode(row.place_id), {})[row.indicator] = judged(row)
    first = rows[0] if rows else None
    return Stored(
        day=day,
        computed_at=first.computed_at if first else None,
        version=first.version if first else catalogue().frame.version,
        seed=first.seed if first else catalogue().frame.defaults.seed,
        shown=shown,
        scores=scores,
        publication=publication,
    )


def under(shown: Iterable[Indicator]) -> Mapping[str, Sequence[str]]:
    """Return the compared indicators under each principle, of those shown."""
    found: dict[str, list[str]] = {name: [] for name in catalogue().frame.principles}
    for one in shown:
        if one.role is Role.COMPARED:
            found[one.principle].append(one.key)
    return found


def profile_of(found: Stored, place: PlaceCode) -> Profile:
    """Return the marks of principles at a place, from what the viewer may see."""
    return profile(
        found.scores.get(place, {}),
        under(found.shown.values()),
        least_share=catalogue().frame.defaults.least_share_shown,
        chance=chance(),
        salt=crc32(place.encode()),
    )


def profiles_below(found: Stored, province: PlaceCode) -> Mapping[PlaceCode, Profile]:
    """Return the profiles of a province's regencies that have any score."""
    return {
        place: profile_of(found, place)
        for place in sorted(found.scores)
        if level_of(place) is Level.REGENCY and place.startswith(province)
    }


def flags_at(viewer: Viewer, place: PlaceCode, found: Stored) -> Sequence[Flag]:
    """Return the red flags that stand at a place, of those that the viewer may see; one query."""
    if found.day is None:
        return []
    known = catalogue().judgement.flags
    rows = FlagRaised.objects.filter(place=place, day=found.day).order_by("flag")
    raised = [known[row.flag] for row in rows if row.flag in known]
    return [flag for flag in raised if found.is_published or sees_work_of(viewer, flag.who, place)]


def replies_at(place: PlaceCode, indicator: str, *, with_children: bool) -> Sequence[Reply]:
    """Return the replies to an indicator at a place and below; one query."""
    where = within(place) if with_children else Q(place=place)
    rows = Reply.objects.filter(where, indicator=indicator, is_current=True)
    return list(rows.select_related("institution", "place").order_by("place", "institution")[:200])


MOST_DAYS = 60
"""Days that a trend shows."""


def trend(viewer: Viewer, place: PlaceCode) -> Mapping[date, Mapping[str, Judged]]:
    """Return the stored scores of a place, of its last days, oldest first; three queries."""
    found = stored(viewer, place)
    rows = Score.objects.filter(place=place, indicator__in=found.shown)
    if found.is_published and found.day:
        rows = rows.filter(day=found.day)
    days = list(rows.order_by("-day").values_list("day", flat=True).distinct()[:MOST_DAYS])
    told: dict[date, dict[str, Judged]] = {day: {} for day in sorted(days)}
    for row in rows.filter(day__in=days):
        told[row.day][row.indicator] = judged(row)
    return told


def names_of(codes: Iterable[PlaceCode]) -> Mapping[PlaceCode, str]:
    """Return how places are called; one query."""
    return {code: card.tile_name for code, card in places.places(list(codes)).items()}
