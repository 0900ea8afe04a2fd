"""Posts: who sees and keeps them, what they serve, who answered the roll, where the reserve is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet, Sum

from serentak.institutions import public as institutions
from serentak.kernel.area import Linked
from serentak.kernel.codes import Level, PlaceCode, at_level, is_within, level_of
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import areas
from serentak.platform.rows import within
from serentak.posting.models import Force, Post, PostRegion, ReserveMove, ReserveRow, RollCall
from serentak.posting.permissions import KEEP_POSTS, VIEW_POSTS, VIEW_SHARED_POSTS
from serentak.posting.rules import PlanState, PostKind

PostRow = Post
"""A post, as its page reads it."""


def force_of(place: PlaceCode) -> Force | None:
    """Return what was told of a regency's strength in all; one query."""
    return Force.objects.select_related("told_by").filter(place=place).first()


def sees_posts(viewer: Viewer, place: PlaceCode) -> bool:
    """Tell whether a viewer sees the posts of a regency: own ones, or shared; one query at most."""
    if viewer.may(VIEW_POSTS, place):
        return True
    if not viewer.may(VIEW_SHARED_POSTS, place) or level_of(place) < Level.REGENCY:
        return False
    return Force.objects.filter(place=at_level(place, Level.REGENCY), is_shared=True).exists()


def posts_of(place: PlaceCode, *, closed: bool = False) -> "QuerySet[Post]":
    """Return the posts at and under a place with what they serve; two queries when read."""
    regions = Prefetch("regions", PostRegion.objects.select_related("place").order_by("place"))
    rows = Post.objects.filter(within(place)).select_related("place")
    rows = rows if closed else rows.filter(is_closed=False)
    return rows.prefetch_related(regions).order_by("place", "kind", "name")


def post(post_id: int) -> Post | None:
    """Return a post; two queries."""
    regions = Prefetch("regions", PostRegion.objects.select_related("place").order_by("place"))
    rows = Post.objects.select_related("place", "told_by").prefetch_related(regions)
    return rows.filter(pk=post_id).first()


def unserved(place: PlaceCode) -> Sequence[places.PlaceCard]:
    """Return the districts of a regency that no post which sends officers serves; three queries.

    Empty where no post is named at all: then the regency tells its strength in sum.
    """
    served = set(
        PostRegion.objects.filter(
            within(place, "post__place"),
            post__is_closed=False,
            post__kind__in=[kind.value for kind in PostKind if kind.goes_to_stations],
        ).values_list("place", flat=True)
    )
    if not served:
        return ()
    return [
        card
        for card in places.descendants(place, Level.DISTRICT)
        if not any(is_within(card.code, PlaceCode(code)) for code in served)
    ]


# --- the roll


@dataclass(frozen=True, slots=True)
class Called:
    """A post and what its roll call of a day said; None where none was made."""

    post: Post
    present: int | None
    absent: int | None
    remark: str = ""
    called_at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether everybody is there."""
        return self.present is not None and not self.absent


def roll(place: PlaceCode, day: date) -> Sequence[Called]:
    """Return the posts of a place with the roll calls of a day; three queries."""
    calls = {
        row.post_id: row
        for row in RollCall.objects.filter(within(place, "post__place"), on_date=day)
    }
    return [
        Called(one, call.present, call.absent, call.remark, call.called_at)
        if (call := calls.get(one.pk))
        else Called(one, None, None)
        for one in posts_of(place)
    ]


def manned_by(place: PlaceCode, level: Level, day: date) -> Mapping[PlaceCode, int]:
    """Return how many open posts somebody was present at on a day, by place; one query."""
    rows = RollCall.objects.filter(
        within(place, "post__place"), on_date=day, present__gt=0, post__is_closed=False
    ).values_list("post__place", flat=True)
    return Counter(PlaceCode(code[:level]) for code in rows)


# --- the reserve


@dataclass(frozen=True, slots=True)
class Waiting:
    """Officers of the reserve at a post by the adopted plan; `away` of them are sent."""

    post_id: int
    name: str
    place: PlaceCode
    phone: str
    officers: int
    minutes: int
    away: int

    @property
    def here(self) -> int:
        """How many still wait."""
        return max(0, self.officers - self.away)


def waiting(place: PlaceCode) -> Sequence[Waiting]:
    """Return where the reserve of adopted plans waits at and under a place; two queries."""
    rows = ReserveRow.objects.filter(
        within(place, "plan__place"), plan__state=PlanState.ADOPTED.value, post__isnull=False
    ).select_related("post")
    away = dict(
        ReserveMove.objects.filter(within(place, "post__place"), back_at__isnull=True)
        .values_list("post")
        .annotate(n=Sum("officers"))
        .order_by()
    )
    found = []
    for row in rows.order_by("post__place", "post__name"):
        assert row.post  # noqa: S101  # by the filter
        found.append(
            Waiting(
                row.post.pk,
                row.post.name,
                PlaceCode(row.post.place_id),
                row.post.phone,
                row.officers,
                row.minutes,
                away.get(row.post.pk, 0),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Moves:
    """Where a reserve was sent, the newest first, and by number the incidents that it went to."""

    rows: "QuerySet[ReserveMove]"
    incidents: Mapping[str, Linked]


def moves_of(place: PlaceCode, viewer: Viewer) -> Moves:
    """Return the moves of a place's reserve that exist for a viewer; three queries when read.

    A move to an incident exists for those alone who may know that: its goal and hour would tell.
    """
    rows = ReserveMove.objects.filter(within(place, "post__place"))
    refs = rows.exclude(incident_ref="").order_by().values_list("incident_ref", flat=True)
    incidents = areas.referred(set(refs.distinct()), viewer=viewer)
    rows = rows.filter(incident_ref__in=["", *incidents]).select_related("post", "to")
    return Moves(rows.order_by("-sent_at", "-pk"), incidents)


def knows(incident_ref: str, viewer: Viewer) -> bool:
    """Tell whether a move bears no incident's number, or one that a viewer may know."""
    return not incident_ref or incident_ref in areas.referred([incident_ref], viewer=viewer)


POLICE_KINDS = frozenset(
    {PostKind.POLDA, PostKind.POLRES, PostKind.POLSEK, PostKind.SATPOL_PP, PostKind.GUARDS}
)
ARMY_KINDS = frozenset({PostKind.KODIM, PostKind.KORAMIL})


def kinds_kept(viewer: Viewer, place: PlaceCode) -> frozenset[PostKind]:
    """Return which posts of a place a viewer keeps: each force its own; two queries at most.

    The police keep those of guards too, which are assigned to them for the day.
    """
    if viewer.system:
        return frozenset(PostKind)
    if not viewer.may(KEEP_POSTS, place):
        return frozenset()
    own = institutions.voices(viewer, KEEP_POSTS).own
    families = {card.kind for card in own if any(is_within(place, area) for area in card.places)}
    police = POLICE_KINDS if "POLICE" in families else frozenset()
    return police | (ARMY_KINDS if families - {"POLICE"} else frozenset())


def keeps_police(viewer: Viewer, place: PlaceCode) -> bool:
    """Tell whether a viewer speaks for the police of a place: strength and reserve are theirs."""
    return place in with_police(viewer, [place])


def with_police(viewer: Viewer, wanted: Iterable[PlaceCode]) -> frozenset[PlaceCode]:
    """Return of some places those for whose police a viewer speaks; two queries at most."""
    kept = [place for place in wanted if viewer.may(KEEP_POSTS, place)]
    if viewer.system or not kept:
        return frozenset(kept)
    own = [card for card in institutions.voices(viewer, KEEP_POSTS).own if card.kind == "POLICE"]
    reach = [area for card in own for area in card.places]
    return frozenset(place for place in kept if any(is_within(place, area) for area in reach))


MOST_AWAY = 50
"""How many moves that are not back a page lists, the oldest first."""


def away(moves: Moves) -> Sequence[ReserveMove]:
    """Return those moves that are not back; one query."""
    return list(moves.rows.filter(back_at__isnull=True).order_by("sent_at")[:MOST_AWAY])


def move(move_id: int) -> ReserveMove | None:
    """Return a move with its post; one query."""
    return ReserveMove.objects.select_related("post").filter(pk=move_id).first()
