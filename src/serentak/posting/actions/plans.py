"""Computes plans, proposes and adopts them; moves the reserve that they placed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, Sum
from django.urls import reverse

from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, at_level, is_within, level_of
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Permission, Viewer
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import (
    check_unchanged,
    digest_of,
    first_answer,
    one_at_a_time,
)
from serentak.posting.events import PlanChanged, ReserveMoved
from serentak.posting.models import Placing, Plan, PlanRow, Post, ReserveMove, ReserveRow
from serentak.posting.permissions import ADOPT_POSTING, PLAN_POSTING
from serentak.posting.queries.catalogues import numbers
from serentak.posting.queries.plans import inputs_under, is_outdated, world
from serentak.posting.queries.posts import keeps_police, knows
from serentak.posting.rules import PLAN_TRANSITIONS, PlanEvent, PlanState

from .computing import Found

SECONDS = 5.0
"""How long a page waits for each question to the solver; most are answered in a tenth."""


@action
def make_plan(
    *,
    client_key: UUID,
    place: PlaceCode,
    reserve: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Have the solver plan who stands where in a regency, and return the plan's id.

    `reserve` officers wait for incidents and stand at no station; without it as many as the
    catalogue's incidents ask for. What it finds is a draft; an older draft is replaced.
    """
    digest = digest_of(locals())
    _require(PLAN_POSTING, place, actor)
    if known := first_answer(Plan, client_key, digest):
        return known.pk
    one_at_a_time(f"posting/{place}")
    if reserve is not None and reserve < 0:
        raise Refused("posting.number_is_below_zero", field="reserve")
    # Before the world is read, so that what changes meanwhile makes the plan outdated.
    inputs = inputs_under(place).get(place, "")
    found = world(place)
    if found is None:
        raise Refused("posting.there_are_no_stations")
    if not found.strength:
        raise Refused("posting.nobody_told_the_strength")
    if reserve is not None and reserve > found.strength:
        raise Refused(
            "posting.reserve_is_more_than_there_are", field="reserve", most=found.strength
        )
    laid = Found.of(found, reserve=reserve, seconds=SECONDS)
    for old in Plan.objects.select_for_update().filter(place=place, state=PlanState.DRAFT.value):
        _step(old, PlanEvent.REPLACE, actor, at)
    row = Plan.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        number=(Plan.objects.filter(place=place).aggregate(n=Max("number"))["n"] or 0) + 1,
        state=PlanState.DRAFT.value,
        made_by_id=actor.user_id,
        made_at=at,
        figure_class=figure_class.value,
        inputs=inputs,
        **_told_of(laid),
    )
    _lay(row, laid)
    _told(row, "COMPUTE", actor, at)
    return row.pk


def _told_of(laid: Found) -> dict[str, object]:
    found, rules = laid.world, numbers()
    unreached = sum(found.highly[place] for place in laid.reserve.unreached)
    return {
        "need": found.need,
        "strength": found.strength,
        "posted": sum(row.officers for row in laid.rows),
        "reserve": laid.kept,
        "minutes": rules.minutes,
        "incidents": rules.incidents,
        "travel": laid.posting.travel,
        "gap": max(laid.posting.gap, laid.reserve.gap),
        "seconds": laid.posting.seconds,
        "stations": sum(len(row.stations) for row in laid.rows),
        "unclassed": found.unclassed,
        "uncovered": {one.value: n for one, n in laid.uncovered.items()},
        "more": {str(n): left for n, left in laid.more.items()},
        "unreached": unreached,
        "short": laid.reserve.short,
    }


def _lay(row: Plan, laid: Found) -> None:
    made = PlanRow.objects.bulk_create(
        [
            PlanRow(
                plan=row,
                post=one.post,
                district_id=one.district,
                station_class=one.station_class.value,
                officers=one.officers,
                stations=len(one.stations),
            )
            for one in laid.rows
        ],
        batch_size=2000,
    )
    Placing.objects.bulk_create(
        [
            Placing(plan=row, row=group, place_id=code)
            for group, one in zip(made, laid.rows, strict=True)
            for code in one.stations
        ],
        batch_size=5000,
    )
    ReserveRow.objects.bulk_create(
        [
            ReserveRow(plan=row, post=post, officers=officers, minutes=minutes)
            for post, officers, minutes in laid.reserves
        ]
    )


@action
def propose_plan(*, plan_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Lay a draft before the police, who adopt or return it; an older proposal is replaced."""
    row = _own(plan_id, version, PLAN_POSTING, actor)
    for old in _others(row, PlanState.PROPOSED):
        _step(old, PlanEvent.REPLACE, actor, at)
    _step(row, PlanEvent.PROPOSE, actor, at)
    police = institutions.institution_by("POLICE", PlaceCode(row.place_id))
    if police:
        notice = Notice(
            institution_id=police.id,
            permission=ADOPT_POSTING,
            code="posting.plan_was_proposed",
            params={"place": row.place.name},
            link=reverse("posting:plan", args=[row.pk]),
        )
        notify(notices=[notice], actor=actor, at=at)


@action
def return_plan(*, plan_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Give a proposal back as a draft."""
    row = _own(plan_id, version, ADOPT_POSTING, actor)
    for old in _others(row, PlanState.DRAFT):
        _step(old, PlanEvent.REPLACE, actor, at)
    _step(row, PlanEvent.RETURN, actor, at)


@action
def adopt_plan(
    *, plan_id: int, version: int, reason: str = "", actor: Viewer, at: datetime
) -> None:
    """Make a proposal the posting that holds; the one before is kept as replaced.

    With stations that stay without officers only with a reason: the others need theirs all the
    same. Refused where a post that it sends from was closed meanwhile, or stations, classes,
    patterns or strength are no longer those that it was computed from.
    """
    row = _own(plan_id, version, ADOPT_POSTING, actor)
    reason = one_line(reason)
    check_length(reason, most=300, field="reason")
    if row.state == PlanState.PROPOSED:
        if row.rows.filter(post__is_closed=True).exists():
            raise Refused("posting.a_post_was_closed_meanwhile")
        if is_outdated(row, inputs_under(PlaceCode(row.place_id))):
            raise Refused("posting.plan_is_outdated")
        if row.uncovered and not reason:
            left = sum(row.uncovered.values())
            raise Refused("posting.stations_stay_uncovered", field="reason", count=left)
        for old in _others(row, PlanState.ADOPTED):
            _step(old, PlanEvent.REPLACE, actor, at)
    row.reason, row.adopted_at, row.adopted_by_id = reason, at, actor.user_id
    _step(row, PlanEvent.ADOPT, actor, at)


@action
def drop_plan(*, plan_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Put a draft or proposal aside; it is kept."""
    row = _own(plan_id, version, PLAN_POSTING, actor)
    if row.state == PlanState.ADOPTED:
        raise Refused("posting.plan_is_elsewhere")
    _step(row, PlanEvent.REPLACE, actor, at)


# --- the reserve


@action
def move_reserve(
    *,
    client_key: UUID,
    post_id: int,
    to: PlaceCode,
    officers: int,
    incident_ref: str = "",
    actor: Viewer,
    at: datetime,
) -> int:
    """Send officers of the reserve from where they wait to a place of the regency; return its id.

    `incident_ref` is the number of an incident that the actor may know; the move then exists for
    those alone who may know it too. Refused where fewer wait there.
    """
    digest = digest_of(locals())
    incident_ref = one_line(incident_ref).upper()
    post = Post.objects.select_for_update().filter(pk=post_id).first()
    if post is None or not actor.may(PLAN_POSTING, PlaceCode(post.place_id)):
        raise OutOfScope(PLAN_POSTING, str(post_id))
    if known := first_answer(ReserveMove, client_key, digest):
        return known.pk
    place = PlaceCode(post.place_id)
    _of_police(place, actor)
    if not is_within(to, at_level(place, Level.REGENCY)) or to not in places.places([to]):
        raise Refused("posting.place_is_unknown", field="to")
    waits = ReserveRow.objects.filter(post=post, plan__state=PlanState.ADOPTED.value)
    away = ReserveMove.objects.filter(post=post, back_at__isnull=True)
    here = _sum(waits) - _sum(away)
    if officers < 1:
        raise Refused("posting.number_is_below_zero", field="officers")
    if officers > here:
        raise Refused("posting.fewer_wait_there", field="officers", most=max(0, here))
    if not knows(incident_ref, actor):
        raise Refused("posting.incident_is_unknown", field="incident_ref")
    row = ReserveMove.objects.create(
        client_key=client_key,
        digest=digest,
        post=post,
        to_id=to,
        officers=officers,
        incident_ref=incident_ref,
        sent_by_id=actor.user_id,
        sent_at=at,
    )
    _moved(row, "SEND", actor, at)
    return row.pk


@action
def return_reserve(*, move_id: int, actor: Viewer, at: datetime) -> None:
    """Say that officers of the reserve are back where they wait."""
    row = ReserveMove.objects.select_for_update().select_related("post").filter(pk=move_id).first()
    if row is None or not actor.may(PLAN_POSTING, PlaceCode(row.post.place_id)):
        raise OutOfScope(PLAN_POSTING, str(move_id))
    if not knows(row.incident_ref, actor):
        raise OutOfScope(PLAN_POSTING, str(move_id))
    _of_police(PlaceCode(row.post.place_id), actor)
    if row.back_at:
        raise Conflict("posting.they_are_back_already")
    row.back_at = at
    row.save()
    _moved(row, "RETURN", actor, at)


def _of_police(place: PlaceCode, actor: Viewer) -> None:
    """Refuse whoever is of another force: the reserve is the police's."""
    if not keeps_police(actor, place):
        raise Refused("posting.post_is_of_another", field="officers")


def _sum(rows: object) -> int:
    found = rows.aggregate(n=Sum("officers"))["n"]  # type: ignore[attr-defined]  # a query of either
    return int(found or 0)


def _moved(row: ReserveMove, event: str, actor: Viewer, at: datetime) -> None:
    told = ReserveMoved(
        subjects=(f"post:{row.post_id}",),
        place=PlaceCode(row.post.place_id),
        event=event,
        officers=row.officers,
    )
    record(told, actor=actor, at=at)


# --- what all share


def _require(permission: Permission, place: PlaceCode, actor: Viewer) -> None:
    if level_of(place) is not Level.REGENCY:
        raise OutOfScope(permission, place)
    actor.require(permission, place)


def _own(plan_id: int, version: int, permission: Permission, actor: Viewer) -> Plan:
    """Return a plan, locked, as the actor saw it."""
    place = Plan.objects.filter(pk=plan_id).values_list("place", flat=True).first()
    if place is None or not actor.may(permission, PlaceCode(place)):
        raise OutOfScope(permission, str(plan_id))
    # The regency first and its rows then, as `make_plan` takes them: nobody waits in a circle.
    one_at_a_time(f"posting/{place}")
    row = Plan.objects.select_for_update().get(pk=plan_id)
    check_unchanged(version, row.version)
    return row


def _others(row: Plan, state: PlanState) -> list[Plan]:
    rows = Plan.objects.select_for_update().filter(place=row.place_id, state=state.value)
    return list(rows.exclude(pk=row.pk))


def _step(row: Plan, event: PlanEvent, actor: Viewer, at: datetime) -> None:
    after = PLAN_TRANSITIONS.must(
        PlanState(row.state), event, otherwise=Refused("posting.plan_is_elsewhere")
    )
    row.state, row.version = after.value, row.version + 1
    row.save()
    _told(row, event.value, actor, at)


def _told(row: Plan, event: str, actor: Viewer, at: datetime) -> None:
    told = PlanChanged(
        subjects=(f"plan:{row.pk}",),
        place=PlaceCode(row.place_id),
        event=event,
        number=row.number,
        posted=row.posted,
        need=row.need,
    )
    record(told, actor=actor, at=at)
