"""What security tells of indicators of quality: incidents in their clock; nothing confided.

One query each. What is or was confided is not counted, so that no number tells of it.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, counted
from serentak.platform.rows import within
from serentak.security.models import Incident
from serentak.security.rules.states import Severity


def _open_incidents(parent: PlaceCode) -> Q:
    return Q(within(parent), was_confided=False, original__isnull=True)


def _answered(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    rows = Incident.objects.filter(_open_incidents(parent)).order_by()
    return counted(
        (
            place,
            place,
            Share(int(not was_past and (due is None or due >= at or held is not None)), 1),
        )
        for place, was_past, due, held in rows.values_list(
            "place_id", "was_past", "due_at", "held_at"
        )
    )


def _without_grave(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    rows = Incident.objects.filter(_open_incidents(parent)).order_by()
    return counted(
        (place, place, Share(int(severity != Severity.S4.value), 1))
        for place, severity in rows.values_list("place_id", "severity")
    )


COUNTS: Mapping[str, AsksForCounts] = {
    "incidents-answered": _answered,
    "without-grave-violence": _without_grave,
}
"""What security counts, by the indicator's key or the red flag's."""
