"""What was prepared at places, as far as this slice knows: who will be on duty.

The one place where what other slices know of preparation joins: classes of stations, strength and
posts. `prepared` is asked by the briefing alone, and counts as something told.
"""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count
from django.db.models.functions import Left

from serentak.kernel.codes import PlaceCode, child_level, level_of
from serentak.security.models import Duty

from .seeing import within


def prepared(parent: PlaceCode) -> Mapping[PlaceCode, int]:
    """Return how many duties were planned at and under each child, and under `parent` its own.

    One query; a place without is missing.
    """
    level = child_level(level_of(parent)) or level_of(parent)
    rows = (
        Duty.objects.filter(within("place", parent), cancelled_at__isnull=True)
        .annotate(part=Left("place_id", int(level)))
        .order_by()
        .values("part")
        .annotate(duties=Count("id"))
    )
    return Counter({PlaceCode(row["part"]): row["duties"] for row in rows})
