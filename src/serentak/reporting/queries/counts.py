"""What reporting tells of indicators of quality: reports in time; one query."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, F, Q

from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, counted
from serentak.platform.rows import within
from serentak.reporting.models import DailyReport


def _in_time(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return how many reports that fell due were first submitted in time."""
    rows = (
        DailyReport.objects.filter(within(parent), due_at__lt=at)
        .order_by()
        .values_list("place_id")
        .annotate(n=Count("pk"), good=Count("pk", filter=Q(first_submitted_at__lte=F("due_at"))))
    )
    return counted((place, place, Share(good, n)) for place, n, good in rows)


COUNTS: Mapping[str, AsksForCounts] = {"reports-in-time": _in_time}
"""What reporting counts, by the indicator's key."""
