"""What plans show of work that readiness asks about: nobody types it a second time."""

from collections.abc import Mapping

from django.db.models import Q, Sum
from django.urls import reverse

from serentak.kernel.area import AsksForMeasure, Measured
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.platform.rows import within
from serentak.posting.models import Plan
from serentak.posting.rules import PlanState


def _posted(*, parent: PlaceCode) -> Mapping[PlaceCode, Measured]:
    """Return how many stations have officers by the adopted plan, where a regency plans here."""
    is_adopted = Q(state=PlanState.ADOPTED.value, rows__officers__gt=0)
    rows = (
        Plan.objects.filter(within(parent))
        .values("place")
        .annotate(n=Sum("rows__stations", filter=is_adopted))
        .order_by()
        .values_list("place", "n")
    )
    return {
        PlaceCode(code): Measured(
            n or 0, reverse("posting:place", args=[code]), FigureClass.SOURCED
        )
        for code, n in rows
    }


MEASURES: Mapping[str, AsksForMeasure] = {"stations-posted": _posted}
"""What posting measures, by the name that activities give it."""
