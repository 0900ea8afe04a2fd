"""What everybody may know of incidents: how many of a regency were closed."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Q
from django.db.models.functions import Left

from serentak.kernel.codes import Level, PlaceCode
from serentak.platform.rows import within
from serentak.security.models import Incident
from serentak.security.rules.states import IncidentState

LEAST = 3
"""Fewer closed incidents are not told apart (class assumed): see `PublicTotal`."""


def closed_until(*, until: Mapping[PlaceCode, datetime]) -> Mapping[PlaceCode, int]:
    """Return how many incidents of regencies were closed until a moment each; one query.

    Not counted: what is open, unfounded, a duplicate, and whatever was ever confided, in part too.
    """
    where = Q(pk__in=[])
    for place, moment in until.items():
        where |= within(place) & Q(closed_at__lte=moment)
    rows = Incident.objects.filter(
        where, state=IncidentState.CLOSED.value, was_confided=False
    ).annotate(regency=Left("place_id", int(Level.REGENCY)))
    found = rows.values("regency").annotate(count=Count("pk")).values_list("regency", "count")
    counts = {PlaceCode(code): count for code, count in found}
    return {place: counts.get(place, 0) for place in until}
