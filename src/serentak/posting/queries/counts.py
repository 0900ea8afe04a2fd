"""What posting tells of indicators of quality: highly vulnerable stations that were guarded.

Counts only, never which; four queries. As long as no roll was called nothing is told.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Q, Sum

from serentak.elections.public import current_election
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, counted
from serentak.platform.rows import within
from serentak.posting.models import PlanRow, RollCall
from serentak.posting.rules import PlanState, StationClass

_HIGH = (StationClass.HIGHLY.value, StationClass.SPECIAL.value)


def _guarded(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return highly vulnerable stations of adopted plans whose post was full at the roll-call.

    A post where somebody was absent counts for none of its stations.
    """
    election = current_election(parent)
    if election is None:
        return {}
    called = RollCall.objects.filter(within(parent, "post__place"), on_date=election.vote_date)
    full = set(called.filter(absent=0, present__gt=0).values_list("post_id", flat=True))
    if not called.exists():
        return {}
    rows = (
        PlanRow.objects.filter(
            within(parent, "plan__place"),
            Q(plan__state=PlanState.ADOPTED.value),
            station_class__in=_HIGH,
        )
        .order_by()
        .values_list("district_id", "post_id", "officers")
        .annotate(n=Sum("stations"))
    )

    def shares() -> Iterator[tuple[str, str, Share]]:
        for district, post, officers, n in rows:
            yield district, district, Share(n if officers and post in full else 0, n)

    return counted(shares())


COUNTS: Mapping[str, AsksForCounts] = {"high-risk-guarded": _guarded}
"""What posting counts, by the indicator's key."""
