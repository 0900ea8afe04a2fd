"""Says which posts there are, how strong, and who is present."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, Fault, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged, one_at_a_time
from serentak.posting.events import PostsTold, RollCalled
from serentak.posting.importers import name_key, point_fault
from serentak.posting.models import Post, PostRegion, RollCall
from serentak.posting.permissions import CALL_ROLL, KEEP_POSTS
from serentak.posting.queries.posts import kinds_kept
from serentak.posting.rules import (
    MOST_OFFICERS,
    Posted,
    PostKind,
    counted_twice,
    is_near_vote,
    post_faults,
)

_FIELDS = (
    "place", "kind", "name", "officers", "shifts", "vehicles", "boats", "phone", "lat", "lon",
    "as_of", "told_by", "told_at", "figure_class", "version", "institution",
)  # fmt: skip

Key = tuple[PlaceCode, PostKind, str]


@action
def import_posts(
    *,
    posts: Sequence[Posted],
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Tell of many posts at once and return how many; one that is known is told anew.

    A post is known by regency, kind and name, however it is written. Refused with all that does
    not hold, and nothing is written. The same sheet twice leaves the same posts.
    """
    found = [_clean(one) for one in posts]
    if not found:
        raise Refused("posting.no_post_is_named")
    _check_scope(found, actor)
    for regency in sorted({one.regency for one in found}):
        one_at_a_time(f"posting/posts/{regency}")
    if faults := list(_faults(found, at)):
        raise Refused.of(*faults)
    known = _known({one.regency for one in found})
    own = institutions.voices(actor, KEEP_POSTS).own
    rows: list[Post] = []
    fresh: list[Post] = []
    for one in found:
        row = known.get(_key(one))
        (rows if row else fresh).append(
            _filled(
                row or Post(version=0), one, figure_class, actor, at, own[0].id if own else None
            )
        )
    Post.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=_FIELDS, batch_size=500
    )
    fresh = Post.objects.bulk_create(fresh, batch_size=500)
    ids = {_key_of(row): row.pk for row in (*rows, *fresh)}
    _serve({ids[_key(one)]: one.region for one in found})
    _told(
        [row.pk for row in (*rows, *fresh)][:1],
        places.common_place([one.place for one in found]),
        actor,
        at,
        posts=len(found),
        officers=sum(one.officers for one in found),
    )
    return len(found)


@action
def save_post(
    *,
    post_id: int | None = None,
    version: int = 0,
    posted: Posted,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Tell of one post and return its id; without `post_id` of a new one.

    Refused where its regency has one of that kind and name already: it would be counted twice.
    """
    one = _clean(posted)
    _check_scope([one], actor)
    one_at_a_time(f"posting/posts/{one.regency}")
    row = Post(version=0)
    if post_id is not None:
        row = _own(post_id, actor)
        check_unchanged(version, row.version)
        if row.is_closed:
            raise Conflict("posting.post_is_closed")
    faults = list(_faults([one], at))
    other = _known({one.regency}).get(_key(one))
    if other and other.pk != post_id:
        faults.append(Fault("posting.post_is_counted_twice", "name", {"name": one.name}))
    if faults:
        raise Refused.of(*faults)
    own = institutions.voices(actor, KEEP_POSTS).own
    _filled(row, one, figure_class, actor, at, own[0].id if own else None).save()
    _serve({row.pk: one.region})
    _told([row.pk], one.place, actor, at, posts=1, officers=one.officers)
    return row.pk


@action
def close_post(*, post_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Say that a post is no more; its officers count no more, plans and roll calls stay."""
    row = _own(post_id, actor)
    check_unchanged(version, row.version)
    if row.is_closed:
        raise Conflict("posting.post_is_closed")
    row.is_closed, row.version = True, row.version + 1
    row.told_by_id, row.told_at = actor.user_id, at
    row.save()
    _told([row.pk], PlaceCode(row.place_id), actor, at, posts=0, officers=0, closed=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """How many of a post are there, and how many should be and are not."""

    post_id: int
    present: int
    absent: int = 0
    remark: str = ""


@action
def call_roll(
    *,
    calls: Sequence[Presence],
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Say who is present at posts today, at the place's date; the last word of a day counts."""
    if not calls:
        raise Refused("posting.no_post_is_named")
    rows = {
        row.pk: row
        for row in Post.objects.filter(pk__in=[one.post_id for one in calls], is_closed=False)
    }
    for one in calls:
        row = rows.get(one.post_id)
        if row is None or not actor.may(CALL_ROLL, PlaceCode(row.place_id)):
            raise OutOfScope(CALL_ROLL, str(one.post_id))
    kept = {
        place: kinds_kept(actor, place) for place in {PlaceCode(r.place_id) for r in rows.values()}
    }
    if any(PostKind(row.kind) not in kept[PlaceCode(row.place_id)] for row in rows.values()):
        raise Refused("posting.post_is_of_another", field="present")
    faults = []
    for one in calls:
        for name, value in (("present", one.present), ("absent", one.absent)):
            if value < 0:
                faults.append(Fault("posting.number_is_below_zero", name))
            elif value > MOST_OFFICERS:
                faults.append(Fault("posting.number_is_absurd", name, {"most": MOST_OFFICERS}))
        if 0 <= one.present <= MOST_OFFICERS and 0 <= one.absent <= MOST_OFFICERS:
            most = rows[one.post_id].officers
            if one.present + one.absent > most:
                faults.append(Fault("posting.more_than_the_post_has", "absent", {"most": most}))
        check_length(one.remark, most=200, field="remark")
    if faults:
        raise Refused.of(*faults)
    place = places.common_place([PlaceCode(row.place_id) for row in rows.values()])
    RollCall.objects.bulk_create(
        [
            RollCall(
                post_id=one.post_id,
                on_date=clock.local_date(at, zone=places.zone_of(place).key),
                present=one.present,
                absent=one.absent,
                remark=one_line(one.remark),
                called_by_id=actor.user_id,
                called_at=at,
                figure_class=figure_class.value,
            )
            for one in {one.post_id: one for one in calls}.values()
        ],
        update_conflicts=True,
        unique_fields=["post", "on_date"],
        update_fields=["present", "absent", "remark", "called_by", "called_at", "figure_class"],
    )
    event = RollCalled(
        subjects=tuple(f"post:{one.post_id}" for one in calls[:1]),
        place=place,
        institution_id=None,
        posts=len(rows),
        present=sum(one.present for one in calls),
        absent=sum(one.absent for one in calls),
    )
    record(event, actor=actor, at=at)
    return len(rows)


# --- what all share


def _clean(one: Posted) -> Posted:
    return replace(one, name=one_line(one.name), phone=one_line(one.phone))


def _key(one: Posted) -> Key:
    return one.regency, one.kind, name_key(one.kind, one.name)


def _key_of(row: Post) -> Key:
    regency = Posted(
        place=PlaceCode(row.place_id), kind=PostKind(row.kind), name=row.name, officers=0
    )
    return _key(regency)


def _known(regencies: Iterable[PlaceCode]) -> Mapping[Key, Post]:
    """Return the open posts of some regencies; one query each some regencies."""
    wanted = set(regencies)
    rows = Post.objects.select_for_update().filter(is_closed=False)
    common = places.common_place(sorted(wanted))
    if common:
        rows = rows.filter(place__gte=common, place__lt=f"{common}/")
    found = {_key_of(row): row for row in rows.order_by("pk")}
    return {key: row for key, row in found.items() if key[0] in wanted}


def _check_scope(posts: Sequence[Posted], actor: Viewer) -> None:
    kept: dict[PlaceCode, frozenset[PostKind]] = {}
    for one in posts:
        actor.require(KEEP_POSTS, one.place)
        if one.place not in kept:
            kept[one.place] = kinds_kept(actor, one.place)
        if one.kind not in kept[one.place]:
            raise Refused.of(Fault("posting.post_is_of_another", "kind", {}, one.row))


def _is_day(as_of: date, place: PlaceCode, at: datetime) -> bool:
    """Tell whether posts can have been so on a day: not ahead, and near the vote."""
    election = elections.current_election(place)
    today = clock.local_date(at, zone=places.zone_of(place).key)
    return as_of <= today and is_near_vote(as_of, election.vote_date if election else None)


def _faults(posts: Sequence[Posted], at: datetime) -> Iterable[Fault]:
    there = places.places({code for one in posts for code in (one.place, *one.serves)})
    for one in posts:
        yield from post_faults(one)
        if one.place in there and (fault := point_fault(one)):
            yield fault
        if one.place not in there:
            yield Fault("posting.place_is_unknown", "place", {}, one.row)
        if any(code not in there for code in one.serves):
            yield Fault("posting.place_is_unknown", "serves", {}, one.row)
        if one.as_of and not _is_day(one.as_of, one.place, at):
            yield Fault("posting.day_is_far_off", "as_of", {}, one.row)
        for field, text, most in (("name", one.name, 80), ("phone", one.phone, 40)):
            if len(text) > most:
                params = {"most": most, "length": len(text)}
                yield Fault("platform.text_is_too_long", field, params, one.row)
    yield from counted_twice((one, _key(one)[2]) for one in posts)


def _filled(
    row: Post,
    one: Posted,
    figure_class: FigureClass,
    actor: Viewer,
    at: datetime,
    institution_id: int | None,
) -> Post:
    row.place_id, row.kind, row.name = one.place, one.kind.value, one.name
    row.officers, row.shifts = one.officers, one.shifts
    row.vehicles, row.boats = one.vehicles, one.boats
    row.phone, row.lat, row.lon = one.phone, one.lat, one.lon
    row.as_of = one.as_of or clock.local_date(at, zone=places.zone_of(one.place).key)
    row.told_by_id, row.told_at = actor.user_id, at
    row.figure_class, row.institution_id = figure_class.value, institution_id
    row.version += 1
    return row


def _serve(regions: Mapping[int, Sequence[PlaceCode]]) -> None:
    """Put what posts serve in the place of what they served."""
    PostRegion.objects.filter(post__in=list(regions)).delete()
    PostRegion.objects.bulk_create(
        [
            PostRegion(post_id=post, place_id=code)
            for post, codes in regions.items()
            for code in codes
        ],
        batch_size=1000,
    )


def _own(post_id: int, actor: Viewer) -> Post:
    row = Post.objects.select_for_update().filter(pk=post_id).first()
    if row is None or not actor.may(KEEP_POSTS, PlaceCode(row.place_id)):
        raise OutOfScope(KEEP_POSTS, str(post_id))
    if PostKind(row.kind) not in kinds_kept(actor, PlaceCode(row.place_id)):
        raise Refused("posting.post_is_of_another", field="kind")
    return row


def _told(
    ids: Sequence[int],
    place: PlaceCode,
    actor: Viewer,
    at: datetime,
    *,
    posts: int,
    officers: int,
    closed: int = 0,
) -> None:
    event = PostsTold(
        subjects=tuple(f"post:{one}" for one in ids),
        place=place,
        posts=posts,
        officers=officers,
        closed=closed,
    )
    record(event, actor=actor, at=at)
