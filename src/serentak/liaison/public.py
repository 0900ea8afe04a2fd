"""What higher floors may know of liaison: how places were assessed, what waits, whom to call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.web.formats import moment, number

from . import queries
from .permissions import VIEW_LIAISON
from .queries import ContactCard, Pressing, contacts_at, level_text, numbers


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place was assessed last, and what it waits for.

    `level` is a key of the catalogue, empty where nobody has assessed it; `days` since then in
    calendar days; `is_stale` where that is too long ago, or never happened.
    """

    level: str = ""
    status: Status = Status.NO_REPORT
    days: int | None = None
    is_stale: bool = True
    late_requests: int = 0


def standing(parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Standing]:
    """Return the standing of each place at and under `parent` of which anything is known.

    Two queries. A place of which nothing is known is missing: `Standing()` stands for it.
    """
    stale_after = queries.settings().stale_after_days
    found: dict[PlaceCode, Standing] = {}
    late = queries.late_by_place(parent, at)
    for row in queries.latest_under(parent):
        place = PlaceCode(row.place_id)
        days = (queries.today_at(place, at) - row.assessed_date).days
        found[place] = Standing(
            level=row.level,
            status=queries.level_status(row.level),
            days=days,
            is_stale=days > stale_after,
            late_requests=late.get(place, 0),
        )
    for place, count in late.items():
        found.setdefault(place, Standing(late_requests=count))
    return found


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return where requests are past their clock, one alert for each regency; one query."""
    if not viewer.may(VIEW_LIAISON, parent):
        return ()
    return tuple(_alert(found, at) for found in queries.pressing(parent, at))


def _alert(found: Pressing, at: datetime) -> Alert:
    zone = places.zone_of(found.place).key
    return Alert(
        code="liaison.requests_are_late",
        place=found.place,
        severity=Status.LATE,
        due_date=clock.local_date(found.first_due, zone=zone),
        link=reverse("liaison:place", args=[found.place]) + "#requests",
        press=Press(harm=Harm.TIMETABLE),
        helps="liaison.see_requests",
        params={"requests": number(found.requests), "hour": moment(found.first_due, zone)},
    )
