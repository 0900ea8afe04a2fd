"""What security adds to the daily report: the incidents of the day, none that is restricted."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from serentak.institutions import public as institutions
from serentak.kernel.area import Said
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.places import public as places
from serentak.platform.rows import within
from serentak.security.models import Incident
from serentak.security.permissions import VIEW_SECURITY
from serentak.security.rules.catalogue import Confided
from serentak.security.rules.states import IncidentState

from .incidents import link_of, where_of
from .seeing import seen_by

_DAY = timedelta(days=1)
TOLD = 20
"""How many incidents a report tells one by one, the gravest first."""


def sentences(*, place: PlaceCode, day: date, viewer: Viewer, at: datetime) -> Iterator[Said]:
    """Yield the incidents of a day: hour, kind, place, who answers, and where each stands.

    In a report drafted on the day itself also those of the evening before, which no report told.

    What anybody reads who reads the report: nothing restricted, whoever drafts it. Three queries.
    """
    if not viewer.may(VIEW_SECURITY, place):
        return
    zone = places.zone_of(place)
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    begin, end = min(midnight, at - _DAY), min(midnight + _DAY, at)
    rows = list(
        Incident.objects.filter(seen_by(SYSTEM), within(place))
        .filter(reported_at__gte=begin, reported_at__lt=end)
        .exclude(state__in=[IncidentState.DUPLICATE.value, IncidentState.UNFOUNDED.value])
        .select_related("place__parent")
        .order_by("-severity", "reported_at", "id")[: TOLD + 1]
    )
    owners = institutions.institutions({row.owner_id for row in rows}) if rows else {}
    for row in rows[:TOLD]:
        params = {
            "kind": row.kind,
            "at": row.happened_at.isoformat(),
            "zone": zone.key,
            "is_of_day_before": midnight - _DAY <= row.happened_at < midnight,
            "place": _where(row),
            "owner": owners[row.owner_id].name if row.owner_id in owners else "",
            "severity": row.severity,
            "state": row.state,
        }
        yield Said("security.INCIDENT", f"incident:{row.key}", params, link_of(row.key))
    if len(rows) > TOLD:
        yield Said("security.MORE_INCIDENTS", f"incidents:{place}", {"count": TOLD}, "")


def _where(row: Incident) -> str:
    """Return the place; where persons are confided no station, which would name its few."""
    is_confided = row.confided != Confided.NO.value and len(row.place_id) == Level.STATION
    if is_confided and row.place.parent:
        return str(row.place.parent.name)
    return where_of(row)
