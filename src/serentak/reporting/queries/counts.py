"""What reporting tells of indicators of quality: reports in time, contradictions settled in time.

A few queries each, however many places there are.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Count, F, Q

from serentak.elections.public import current_election
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, counted
from serentak.platform.rows import within
from serentak.reporting.models import DailyReport

from .differing import settlements, today_at


def _in_time(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return how many reports that fell due were first submitted in time."""
    rows = (
        DailyReport.objects.filter(within(parent), due_at__lt=at)
        .order_by()
        .values_list("place_id")
        .annotate(n=Count("pk"), good=Count("pk", filter=Q(first_submitted_at__lte=F("due_at"))))
    )
    return counted((place, place, Share(good, n)) for place, n, good in rows)


def _settled(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return how many contradictions ended within their clock, of all opened or opened again.

    From the year before the vote until today; what is still open counts as not settled.
    """
    election = current_election(parent)
    if election is None:
        return {}
    begin = date(election.vote_date.year - 1, 1, 1)
    opened: defaultdict[PlaceCode, int] = defaultdict(int)
    in_time: defaultdict[PlaceCode, int] = defaultdict(int)
    for (place, _), one in settlements(parent, first=begin, last=today_at(parent, at)).items():
        opened[place] += one.opened
        in_time[place] += one.in_time
    # One that was opened before the window may end within it, and is none of its own.
    return counted(
        (place, place, Share(min(in_time[place], n), n)) for place, n in opened.items() if n
    )


COUNTS: Mapping[str, AsksForCounts] = {
    "reports-in-time": _in_time,
    "contradictions-settled": _settled,
}
"""What reporting counts, by the indicator's key."""
