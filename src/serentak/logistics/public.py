"""What higher floors may know of logistics: needs by item and race, and loads that press."""

from datetime import datetime

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.web.formats import number

from .permissions import VIEW_LOGISTICS
from .queries.loads import Pressing, pressing_loads
from .queries.needs import needs_at
from .rules.custody import ConsignmentState, load_status
from .rules.items import Race
from .rules.needs import Needs, What

__all__ = ["Needs", "Race", "What", "alerts", "needs_at"]


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return the loads that are late or differ, from a place or one under it; two queries.

    Villages and stations have no desk: their loads are told at their district.
    """
    if not viewer.may(VIEW_LOGISTICS, parent) or level_of(parent) > Level.DISTRICT:
        return ()
    return tuple(_alert(load, at) for load in pressing_loads(parent, at=at))


def _alert(load: Pressing, at: datetime) -> Alert:
    place = PlaceCode(load.origin[: Level.DISTRICT])
    zone = places.zone_of(place).key
    differs = load.state is ConsignmentState.DIFFERENT
    today, due = clock.local_date(at, zone=zone), clock.local_date(load.due_at, zone=zone)
    return Alert(
        code="logistics.load_differs" if differs else "logistics.load_is_late",
        place=place,
        severity=load_status(load.state, due_at=load.due_at, at=at),
        due_date=due,
        link=load.link,
        press=Press(harm=Harm.VOTE, days_left=max(0, (due - today).days)),
        so="logistics.stations_wait_for_it",
        helps="logistics.see_load",
        params={
            "number": load.number,
            "destination": load.destination,
            "pieces": number(load.pieces),
        },
    )
