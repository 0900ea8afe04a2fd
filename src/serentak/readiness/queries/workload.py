"""What there is to report on in a province, line by line, before anybody asks how it stands."""

from dataclasses import dataclass
from datetime import date

from serentak.kernel.codes import PlaceCode, subtree_range
from serentak.readiness.models import Activity, ActivityShare

from .board import catalogue


@dataclass(frozen=True, slots=True)
class WorkLine:
    """An activity, or a district's line of one that is split; durations and intervals in days.

    `district` is None for an activity as a whole, `owner_id` who reports the line, `is_fixed`
    whether the law fixes its date.
    """

    activity_id: int
    district: PlaceCode | None
    place: PlaceCode
    owner_id: int
    key: str
    aspect: str
    target_quantity: int
    target_date: date
    likely_days: int
    report_every: int
    is_fixed: bool


def workload(province: PlaceCode) -> list[WorkLine]:
    """Return every line of work of a province: lines of districts instead of what is split.

    Two queries.
    """
    low, high = subtree_range(province)
    activities = list(Activity.objects.filter(place__gte=low, place__lt=high).order_by("id"))
    shares = ActivityShare.objects.filter(activity__in=activities).order_by("activity_id", "id")
    split: dict[int, list[ActivityShare | None]] = {}
    for share in shares:
        split.setdefault(share.activity_id, []).append(share)
    return [
        _line(activity, share)
        for activity in activities
        for share in split.get(activity.pk, [None])
    ]


def _line(activity: Activity, share: ActivityShare | None) -> WorkLine:
    definition = catalogue().activities[activity.key]
    counted = share or activity
    return WorkLine(
        activity_id=activity.pk,
        district=PlaceCode(share.place_id) if share else None,
        place=PlaceCode(counted.place_id),
        owner_id=counted.owner_id,
        key=activity.key,
        aspect=definition.aspect,
        target_quantity=counted.target_quantity,
        target_date=activity.target_date,
        likely_days=definition.durations.likely,
        report_every=definition.report_every,
        is_fixed=definition.fixed,
    )
