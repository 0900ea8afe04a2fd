"""What readiness tells of indicators of quality: work done, by the day of law or meeting.

An activity counts as done on the day of the first report that named its whole amount; silence
counts as not done. Each count asks at most four queries, however many places there are.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import F, Min, Q, QuerySet

from serentak.elections.public import current_election
from serentak.kernel.briefing import DeadlineKind
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, counted
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.rows import within
from serentak.readiness.models import Activity, ActivityShare
from serentak.readiness.rules.states import ActivityState

from .board import catalogue


def _amounts(
    keys: Collection[str], *, parent: PlaceCode, at: datetime
) -> Mapping[PlaceCode, Counts]:
    """Return how much of some work is done, by district where it has a line there."""
    lines = (
        ActivityShare.objects.filter(within(parent, "activity__place"), activity__key__in=keys)
        .exclude(activity__state=ActivityState.DROPPED.value)
        .values_list("place_id", "activity__key", "done_quantity", "target_quantity", "activity_id")
    )
    # A total that was reported without its lines counts as a whole, or it would count as nothing.
    told = list(lines)
    split = {activity for _, _, done, _, activity in told if done is not None}
    by_line = [row for row in told if row[4] in split]
    whole = (
        Activity.objects.filter(within(parent), key__in=keys)
        .exclude(state=ActivityState.DROPPED.value)
        .values_list("place_id", "key", "done_quantity", "target_quantity", "pk")
    )
    rows = [*by_line, *(row for row in whole if row[4] not in split)]
    return counted(
        (place, place, Share(min(done or 0, target), target)) for place, _, done, target, _ in rows
    )


def _days(
    rows: "QuerySet[Activity]", parent: PlaceCode
) -> "Iterator[tuple[Activity, date | None]]":
    """Yield activities with the day on which each was done, None while it is not."""
    zone = places.zone_of(parent).key
    told = rows.exclude(state=ActivityState.DROPPED.value).annotate(
        done_at=Min(
            "reports__reported_at",
            filter=Q(reports__share=None, reports__quantity__gte=F("target_quantity")),
        )
    )
    for row in told:
        if (row.done_quantity or 0) < row.target_quantity:
            yield row, None
            continue
        done_at = row.done_at or row.last_report_at
        yield row, clock.local_date(done_at, zone=zone) if done_at else None


def _by_law(
    keys: Collection[str], *, parent: PlaceCode, at: datetime
) -> Mapping[PlaceCode, Counts]:
    """Return how many activities with a legal deadline that fell due were done by it.

    Of `keys`, or of all where none is named.
    """
    election = current_election(parent)
    if election is None:
        return {}
    today = clock.local_date(at, zone=places.zone_of(parent).key)
    last = {
        key: day
        for key, one in catalogue().activities.items()
        if one.deadline is not None
        and one.deadline_kind is DeadlineKind.LEGAL
        and (not keys or key in keys)
        and (day := election.vote_date + timedelta(one.deadline)) < today
    }
    rows = Activity.objects.filter(within(parent), election_id=election.id, key__in=last)

    def shares() -> Iterator[tuple[str, str, Share]]:
        for row, done in _days(rows, parent):
            is_kept = done is not None and done <= last[row.key]
            yield row.place_id, row.place_id, Share(int(is_kept), 1)

    return counted(shares())


def _baseline_kept(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return how many activities whose first agreed target passed were done by it."""
    today = clock.local_date(at, zone=places.zone_of(parent).key)
    rows = Activity.objects.filter(within(parent), baseline_date__lt=today)
    return counted(
        (row.place_id, row.place_id, Share(int(done is not None and done <= row.baseline_date), 1))
        for row, done in _days(rows, parent)
        if row.baseline_date
    )


COUNTS: Mapping[str, AsksForCounts] = {
    "invitations": partial(_amounts, ("invite-out",)),
    "access-ready": partial(_amounts, ("access-fix", "blind-aid")),
    "crews-trained": partial(_amounts, ("kpps-train",)),
    "grants-by-law": partial(_by_law, ("grant-40", "grant-60")),
    "legal-days-kept": partial(_by_law, ()),
    "recap-on-its-day": partial(_by_law, ("recap-d", "recap-r", "recap-p")),
    "grants-accounted": partial(_by_law, ("grant-report",)),
    "baseline-kept": _baseline_kept,
}
"""What readiness counts, by the indicator's key."""
