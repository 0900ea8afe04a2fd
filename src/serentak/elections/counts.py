"""What elections tells of indicators of quality: contests with a choice, crowded stations."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce, Left

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, counted
from serentak.platform.rows import within

from .models import StationVoters
from .queries import contests_held_under

_CROWDED = 550
"""Voters above which a station counts as crowded; the limit is 600."""


def _choice(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return contests with two pairs or more, of those whose pairs are known; two queries."""
    return counted(
        (one.place, one.id, Share(int(one.pair_count >= 2), 1))
        for one in contests_held_under(parent)
        if one.pairs
    )


def _crowded(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return voters of stations with more than 550 of them, of all listed; one query."""
    rows = (
        StationVoters.objects.filter(within(parent))
        .annotate(code=Left("place_id", int(Level.DISTRICT)))
        .order_by()
        .values_list("code")
        .annotate(n=Sum("total"), crowded=Coalesce(Sum("total", filter=Q(total__gt=_CROWDED)), 0))
    )
    return counted((code, code, Share(crowded, n)) for code, n, crowded in rows)


COUNTS: Mapping[str, AsksForCounts] = {
    "choice-on-ballot": _choice,
    "voters-per-station": _crowded,
}
"""What elections counts, by the indicator's key."""
