"""What higher floors may know of distribution: what presses."""

from datetime import datetime

from serentak.kernel.briefing import Alert, DeadlineKind
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.web.formats import number

from .permissions import VIEW_DISTRIBUTION
from .queries.alerts import Pressing, has_desk, pressing

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
