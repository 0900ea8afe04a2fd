"""Who is on duty: rosters of places, whether somebody is there, and who comes back first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode, ancestors
from serentak.kernel.viewer import Viewer
from serentak.platform.rows import within
from serentak.security.models import Duty
from serentak.security.permissions import HANDLE_INCIDENTS, PLAN_DUTY

SHOWN = 50


def duties_under(place: PlaceCode, at: datetime) -> QuerySet[Duty]:
    """Return the duties at and under a place that are not over; who asks may see the place."""
    rows = Duty.objects.filter(within(place), cancelled_at__isnull=True, to_at__gt=at)
    return rows.select_related("institution", "place").order_by("from_at", "place", "id")


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody of an institution is there, and when somebody comes back where not.

    An institution that keeps a roster is there while somebody is on duty; one that keeps none, or
    whose roster has ended, as long as an account hears for it.
    """

    on_duty: frozenset[int] = frozenset()
    keep_rosters: frozenset[int] = frozenset()
    heard: frozenset[int] = frozenset()
    returns: Mapping[int, datetime] = field(default_factory=dict)

    def is_there(self, institution_id: int) -> bool:
        """Tell whether somebody is there."""
        if institution_id in self.keep_rosters:
            return institution_id in self.on_duty
        return institution_id in self.heard


def presence(ids: Collection[int], at: datetime) -> Presence:
    """Return who is there of some institutions; five queries at most."""
    rows = list(
        Duty.objects.filter(institution__in=list(ids), cancelled_at__isnull=True, to_at__gt=at)
        .values_list("institution_id", "from_at", "to_at")
        .order_by("from_at")
    )
    returns: dict[int, datetime] = {}
    for id, begin, _end in rows:
        if begin > at:
            returns.setdefault(id, begin)
    heard = institutions.accounts_for(ids, HANDLE_INCIDENTS, at=at) if ids else {}
    return Presence(
        on_duty=frozenset(id for id, begin, end in rows if begin <= at < end),
        keep_rosters=frozenset(id for id, _begin, _end in rows),
        heard=frozenset(id for id, accounts in heard.items() if accounts),
        returns=returns,
    )


def planners(viewer: Viewer, place: PlaceCode) -> list[institutions.InstitutionCard]:
    """Return the institutions for which a viewer may plan duty in a place; one query."""
    if not viewer.may(PLAN_DUTY, place):
        return []
    return list(institutions.institutions(viewer.institutions(PLAN_DUTY)).values())


def duties_of(institution_ids: Collection[int], at: datetime) -> list[Duty]:
    """Return the duties of some institutions that are not over; one query."""
    rows = Duty.objects.filter(
        institution__in=list(institution_ids), cancelled_at__isnull=True, to_at__gt=at
    )
    return list(rows.select_related("institution").order_by("from_at", "id")[:SHOWN])


def on_duty(place: PlaceCode, at: datetime) -> list[Duty]:
    """Return who is on duty now for a place and those above it, the nearest first; one query."""
    rows = Duty.objects.filter(
        place__in=[place, *ancestors(place)],
        cancelled_at__isnull=True,
        from_at__lte=at,
        to_at__gt=at,
    )
    return list(rows.select_related("institution").order_by("-place", "office", "id")[:SHOWN])


def place_of(duty_id: int) -> PlaceCode | None:
    """Return the place of a duty, None if there is none; one query."""
    code = Duty.objects.filter(pk=duty_id).values_list("place_id", flat=True).first()
    return None if code is None else PlaceCode(code)
