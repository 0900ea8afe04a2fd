"""What higher floors may know of posting: how a place stands, who waits where, what presses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from serentak.kernel.briefing import Alert, DeadlineKind
from serentak.kernel.codes import Level, PlaceCode, at_level, child_level, level_of
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.reading import kept
from serentak.platform.web.formats import number

from .permissions import PLAN_POSTING, VIEW_POSTING, VIEW_POSTS
from .queries.alerts import Pressing, pressing
from .queries.need import lines, posts_by
from .queries.plans import adopted_under, uncovered_by
from .queries.posts import Called, Waiting, keeps_police, manned_by, roll, sees_posts, waiting
from .rules import StationClass
from .words import CLASSES

__all__ = [
    "PostCard",
    "PostingStanding",
    "StationClass",
    "Waiting",
    "alerts",
    "posts_under",
    "regencies",
    "reserve_under",
    "send_url",
    "standing",
]


@dataclass(frozen=True, slots=True)
class PostingStanding:
    """How a place stands in posting: officers needed, there and lacking; what stays uncovered.

    `strength` and `shortage` are None where nobody told a strength, and for districts, which have
    none of their own. `plans` are the regencies with an adopted plan, of a district its own;
    `planned` stations stand in these, of which `uncovered` are left without officers, by class.
    `manned` of `posts` had somebody present on the day.
    """

    need: int = 0
    strength: int | None = None
    shortage: int | None = None
    gravest: StationClass | None = None
    unclassed: int = 0
    stations: int = 0
    plans: int = 0
    planned: int = 0
    uncovered: Mapping[StationClass, int] = field(default_factory=dict)
    manned: int = 0
    posts: int = 0
    silent: int = 0

    @property
    def highly_uncovered(self) -> int:
        """Highly vulnerable or special stations without officers by the adopted plans."""
        return sum(n for one, n in self.uncovered.items() if one.tier == 0)


def standing(parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, PostingStanding]:
    """Return how a place and its children stand, down to districts; a dozen queries.

    A place without stations is missing.
    """
    return _standing(parent, clock.local_date(at, zone=places.zone_of(parent).key).isoformat())


@kept
def _standing(parent: PlaceCode, day: str) -> Mapping[PlaceCode, PostingStanding]:
    if level_of(parent) > Level.DISTRICT:
        return {}
    below = min(child_level(level_of(parent)) or Level.DISTRICT, Level.DISTRICT)
    manned = manned_by(parent, below, date.fromisoformat(day))
    return _found(parent, below, posts_by(parent, below), manned)


def regencies(parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, PostingStanding]:
    """Return how all regencies of a country stand, each on its own day; a dozen queries."""
    posts = posts_by(parent, Level.REGENCY)
    day_of = {code: clock.local_date(at, zone=places.zone_of(code).key) for code in posts}
    manned = {
        code: n
        for day in set(day_of.values())  # two at the most, since the zones lie two hours apart
        for code, n in manned_by(parent, Level.REGENCY, day).items()
        if day_of.get(code) == day
    }
    return _found(parent, Level.REGENCY, posts, manned)


def _found(
    parent: PlaceCode,
    below: Level,
    posts: Mapping[PlaceCode, int],
    manned: Mapping[PlaceCode, int],
) -> Mapping[PlaceCode, PostingStanding]:
    adopted, uncovered = adopted_under(parent), uncovered_by(parent, below)
    found = {}
    for code, line in lines(parent, below).items():
        own = [one for one in posts if one.startswith(code)]
        plans = [plan for of, plan in adopted.items() if of.startswith(code) or code.startswith(of)]
        is_district = level_of(code) is Level.DISTRICT
        left: dict[StationClass, int] = {}
        for one, counts in uncovered.items():
            if one.startswith(code):
                for of, n in counts.items():
                    left[of] = left.get(of, 0) + n
        found[code] = PostingStanding(
            need=line.need.total,
            strength=line.strength,
            shortage=line.short.officers if line.short else None,
            gravest=line.short.gravest if line.short else None,
            unclassed=line.need.unclassed,
            stations=line.need.all_stations,
            plans=len(plans),
            planned=bool(plans) * line.need.all_stations
            if is_district
            else sum(plan.stations for plan in plans),
            uncovered=left,
            manned=sum(manned[one] for one in own if one in manned),
            posts=sum(posts[one] for one in own),
            silent=line.silent,
        )
    return found


def reserve_under(place: PlaceCode, viewer: Viewer) -> Sequence[Waiting]:
    """Return where the reserve waits at and under a place, for who sees posts; two queries."""
    return waiting(place) if viewer.may(VIEW_POSTS, place) else ()


def send_url(place: PlaceCode, viewer: Viewer, *, incident_ref: str) -> str:
    """Return the page on which the reserve is sent to a place for an incident.

    Empty for who may not send it, and above a regency, where none waits.
    """
    if level_of(place) < Level.REGENCY or not viewer.may(PLAN_POSTING, place):
        return ""
    if not keeps_police(viewer, place):
        return ""
    asked = {"incident_ref": incident_ref}
    if level_of(place) >= Level.DISTRICT:
        asked["to"] = at_level(place, Level.DISTRICT)
    page = reverse("posting:reserve", args=[at_level(place, Level.REGENCY)])
    return f"{page}?{urlencode(asked)}#send"


@dataclass(frozen=True, slots=True)
class PostCard:
    """A post with its office's phone and who was present on the day (None: no roll call)."""

    id: int
    kind: str
    name: str
    place: PlaceCode
    phone: str
    officers: int
    vehicles: int
    boats: int
    present: int | None
    absent: int | None


def posts_under(place: PlaceCode, viewer: Viewer, at: datetime) -> Sequence[PostCard]:
    """Return the posts at and under a place for who sees them, else none; five queries."""
    if not sees_posts(viewer, place):
        return ()
    day = clock.local_date(at, zone=places.zone_of(place).key)
    return [_card(one) for one in roll(place, day)]


def _card(one: Called) -> PostCard:
    post = one.post
    return PostCard(
        post.pk,
        post.kind,
        post.name,
        PlaceCode(post.place_id),
        post.phone,
        post.officers,
        post.vehicles,
        post.boats,
        one.present,
        one.absent,
    )


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return what presses at a place or under it, one for each regency and kind; eight queries."""
    if not viewer.may(VIEW_POSTING, parent):
        return ()
    return tuple(_alert(one) for one in pressing(parent, at=at))


def _alert(one: Pressing) -> Alert:
    return Alert(
        code=one.code,
        place=one.regency,
        severity=Status.LATE if one.is_late else Status.AT_RISK,
        due_date=one.due,
        link=f"/{one.regency}/posting",
        press=Press(
            harm=Harm.VOTE, days_left=max(0, (one.due - one.today).days), reach=one.stations
        ),
        deadline=DeadlineKind.PHYSICAL,
        so="posting.stations_stand_without_officers",
        helps="posting.see_posting",
        params={
            "count": number(one.count),
            "stations": number(one.stations),
            "of": str(CLASSES[one.of]) if one.of else "",
            **{name: number(value) for name, value in one.params.items()},
        },
    )
