"""What higher floors may know of distribution: what presses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from serentak.kernel.briefing import Alert, DeadlineKind
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.rows import within
from serentak.platform.web.formats import number

from .models import Stop
from .permissions import VIEW_DISTRIBUTION
from .queries.alerts import Pressing, has_desk, pressing
from .rules.plans import PlanState

__all__ = ["alerts"]


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return what presses at a place or under it, one for each regency and kind; six queries."""
    if not viewer.may(VIEW_DISTRIBUTION, parent) or not has_desk(parent):
        return ()
    return tuple(_alert(one, at) for one in pressing(parent, at=at))


def _alert(one: Pressing, at: datetime) -> Alert:
    today = clock.local_date(at, zone=places.zone_of(one.regency).key)
    return Alert(
        code=one.code,
        place=one.regency,
        severity=Status.LATE if one.is_late else Status.AT_RISK,
        due_date=one.due,
        link=f"/{one.regency}/distribution",
        press=Press(harm=Harm.VOTE, days_left=max(0, (one.due - today).days), reach=one.stations),
        deadline=DeadlineKind.PHYSICAL,
        so="distribution.boxes_come_too_late",
        helps="distribution.see_routes",
        params={
            "count": number(len(one.districts)),
            "stations": number(one.stations),
            "first": one.first,
        },
    )


@dataclass(frozen=True, slots=True)
class PlannedWay:
    """How many hours an adopted route takes from leaving to a stop, and where it stands."""

    hours: float
    link: str


def planned_hours(parent: PlaceCode) -> Mapping[PlaceCode, PlannedWay]:
    """Return the hours from leaving to each stop of adopted routes at and under a place.

    The longest where several stop there; one query.
    """
    rows = Stop.objects.filter(
        within(parent),
        route__plan__state=PlanState.ADOPTED.value,
        arrives_at__isnull=False,
    ).values_list("place", "arrives_at", "route__leaves_at", "route__plan")
    found: dict[PlaceCode, PlannedWay] = {}
    for code, arrives, leaves, plan in rows:
        hours = (arrives - leaves).total_seconds() / 3600 if arrives else 0
        if hours > 0 and (code not in found or hours > found[PlaceCode(code)].hours):
            found[PlaceCode(code)] = PlannedWay(hours, reverse("distribution:plan", args=[plan]))
    return found
