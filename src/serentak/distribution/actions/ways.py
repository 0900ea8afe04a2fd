"""Says what somebody knows of a way: its hours, its terrain, that it is blocked or open.

What was told stands until somebody tells otherwise, whatever is planned meanwhile.
"""

from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from serentak.distribution.events import WayTold
from serentak.distribution.models import MOST_HOURS, Leg
from serentak.distribution.permissions import PLAN_ROUTES, TELL_OF_WAYS
from serentak.distribution.queries.plans import planner_of
from serentak.distribution.queries.world import pair_of
from serentak.distribution.rules.catalogue import Terrain
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged


@action
def tell_way(
    *,
    place: PlaceCode,
    start: PlaceCode,
    end: PlaceCode,
    terrain: Terrain | None,
    hours: Decimal | None,
    reason: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Say on what terrain a way goes and how many hours it takes, without margin; return its id.

    What was told of it before is replaced; a block stays. The repeat of the same says nothing new.
    """
    reason = _reason(reason)
    if hours is None and terrain is None:
        raise Refused("distribution.way_says_nothing", field="hours")
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise Refused("distribution.hours_are_absurd", field="hours", most=MOST_HOURS)
    leg = _leg(place, start, end, actor)
    said = (terrain.value if terrain else "", hours, reason)
    if leg.pk and (leg.terrain, leg.hours, leg.reason) == said:
        return leg.pk
    leg.terrain, leg.hours, leg.reason = said
    return _saved(leg, "TELL", place, figure_class, actor, at)


@action
def block_way(
    *,
    place: PlaceCode,
    start: PlaceCode,
    end: PlaceCode,
    blocked_until_at: datetime,
    reason: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Say that nothing goes on a way, either way, until a moment; return its id."""
    reason = _reason(reason)
    if blocked_until_at <= at:
        raise Refused("distribution.block_is_over", field="blocked_until_at")
    leg = _leg(place, start, end, actor)
    if leg.pk and (leg.blocked_until_at, leg.reason) == (blocked_until_at, reason):
        return leg.pk
    leg.blocked_until_at, leg.reason = blocked_until_at, reason
    made = _saved(leg, "BLOCK", place, figure_class, actor, at)
    planner = planner_of(place)
    if planner and planner.id != leg.told_for_id:
        names = places.places([start, end])
        notice = Notice(
            institution_id=planner.id,
            permission=PLAN_ROUTES,
            code="distribution.way_was_blocked",
            params={"start": names[start].name, "end": names[end].name},
            link=reverse("distribution:place", args=[place]),
            is_urgent=True,
        )
        notify(notices=[notice], actor=actor, at=at)
    return made


@action
def unblock_way(*, leg_id: int, version: int, actor: Viewer, at: datetime) -> PlaceCode:
    """Say that a way is open again, and return its place; what is known of its hours stays."""
    leg, place = _known(leg_id, version, actor)
    if leg.blocked_until_at is None:
        raise Refused("distribution.way_is_open")
    leg.blocked_until_at = None
    if leg.hours is None and not leg.terrain:
        _removed(leg, "OPEN", place, actor, at)
    else:
        _saved(leg, "OPEN", place, FigureClass(leg.figure_class), actor, at)
    return place


@action
def forget_way(*, leg_id: int, version: int, actor: Viewer, at: datetime) -> PlaceCode:
    """Take back what was told of a way's hours and terrain, and return its place; a block stays."""
    leg, place = _known(leg_id, version, actor)
    leg.hours, leg.terrain = None, ""
    if leg.blocked_until_at is None:
        _removed(leg, "FORGET", place, actor, at)
    else:
        _saved(leg, "FORGET", place, FigureClass(leg.figure_class), actor, at)
    return place


def _reason(text: str) -> str:
    text = one_line(text)
    if not text:
        raise Refused("distribution.way_needs_a_source", field="reason")
    check_length(text, most=300, field="reason")
    return text


def _leg(place: PlaceCode, start: PlaceCode, end: PlaceCode, actor: Viewer) -> Leg:
    """Return the row of a way, locked, or a new one; refused where it is none of the place."""
    actor.require(TELL_OF_WAYS, place)
    if level_of(place) not in (Level.REGENCY, Level.DISTRICT):
        raise OutOfScope(TELL_OF_WAYS, place)
    low, high = pair_of(start, end)
    if low == high:
        raise Refused("distribution.way_leads_nowhere", field="end")
    for field, code in (("start", start), ("end", end)):
        known = places.places([code])
        if code not in known or not is_within(code, place):
            raise Refused("distribution.way_leads_out", field=field)
    found = Leg.objects.select_for_update().filter(low=low, high=high).first()
    return found or Leg(low_id=low, high_id=high, version=0)


def _known(leg_id: int, version: int, actor: Viewer) -> tuple[Leg, PlaceCode]:
    leg = Leg.objects.select_for_update().filter(pk=leg_id).first()
    if leg is None:
        raise OutOfScope(TELL_OF_WAYS, str(leg_id))
    place = _place_of(leg)
    actor.require(TELL_OF_WAYS, place)
    check_unchanged(version, leg.version)
    return leg, place


def _place_of(leg: Leg) -> PlaceCode:
    """Return the place in whose plans a way counts: what holds both its ends."""
    return places.common_place([PlaceCode(leg.low_id), PlaceCode(leg.high_id)])


def _saved(
    leg: Leg, event: str, place: PlaceCode, figure_class: FigureClass, actor: Viewer, at: datetime
) -> int:
    voice = institutions.voices(actor, TELL_OF_WAYS).first
    teller = voice or institutions.institution_by("KPU", PlaceCode(place[: Level.REGENCY]))
    if teller is None:
        raise OutOfScope(TELL_OF_WAYS, place)
    leg.told_by_id, leg.told_for_id, leg.told_at = actor.user_id, teller.id, at
    leg.figure_class, leg.version = figure_class.value, leg.version + 1
    leg.save()
    _told(leg, event, place, actor, at)
    return leg.pk


def _removed(leg: Leg, event: str, place: PlaceCode, actor: Viewer, at: datetime) -> None:
    _told(leg, event, place, actor, at)
    leg.delete()


def _told(leg: Leg, event: str, place: PlaceCode, actor: Viewer, at: datetime) -> None:
    record(
        WayTold(
            subjects=(f"way:{leg.pk}",),
            place=place,
            institution_id=leg.told_for_id,
            event=event,
            low=leg.low_id,
            high=leg.high_id,
            hours="" if leg.hours is None else str(leg.hours),
        ),
        actor=actor,
        at=at,
    )
