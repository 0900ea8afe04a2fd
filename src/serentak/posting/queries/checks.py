"""Where the posting plan differs from the need, and the roll from the plan; for who sees posts."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Sum
from django.urls import reverse

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.rows import within
from serentak.posting.models import Plan, PlanRow, RollCall
from serentak.posting.rules import PlanState

from .need import lines


def _needed(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies whose adopted plan posts fewer officers than their classes need."""
    known = lines(parent, Level.REGENCY)
    plans = Plan.objects.filter(within(parent), state=PlanState.ADOPTED.value).order_by("place")
    for plan in plans:
        place = PlaceCode(plan.place_id)
        line = known.get(place)
        if line is None or plan.posted >= line.need.total:
            continue
        left = sum(n for n in plan.uncovered.values() if isinstance(n, int))
        yield Differs(
            place=place,
            subject="plan",
            a=Says(value=line.need.total, link=reverse("posting:place", args=[place])),
            b=Says(
                value=plan.posted,
                of=line.need.total,
                link=reverse("posting:place", args=[place]),
                by=plan.adopted_by_id,
            ),
            amount=left,
        )


def _present(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies whose posts were less manned at today's roll than the plan says.

    Only posts that called the roll: who is silent is waited for.
    """
    day = clock.local_date(at, zone=places.zone_of(parent).key)
    present: dict[int, tuple[PlaceCode, int, int | None]] = {
        post: (PlaceCode(place[: Level.REGENCY]), n, by)
        for post, place, n, by in RollCall.objects.filter(
            within(parent, "post__place"), on_date=day
        ).values_list("post_id", "post__place", "present", "called_by_id")
    }
    planned = dict(
        PlanRow.objects.filter(
            within(parent, "plan__place"),
            plan__state=PlanState.ADOPTED.value,
            post__in=list(present),
        )
        .values_list("post_id")
        .annotate(n=Sum("officers"))
        .order_by()
    )
    sums: dict[PlaceCode, list[int]] = {}
    callers: dict[PlaceCode, int | None] = {}
    for post, (place, n, by) in present.items():
        if post in planned:
            counts = sums.setdefault(place, [0, 0])
            counts[0] += planned[post]
            counts[1] += n
            callers[place] = by
    stations = elections.voters_at_level(parent, Level.REGENCY) if sums else {}
    for place, (wanted, there) in sorted(sums.items()):
        if there >= wanted:
            continue
        link = reverse("posting:place", args=[place])
        size = stations.get(place, elections.NO_VOTERS).stations
        yield Differs(
            place=place,
            subject="roll",
            a=Says(value=wanted, link=link),
            b=Says(value=there, of=wanted, link=link, by=callers[place]),
            amount=round(size * (wanted - there) / wanted),
        )


CHECKS: Mapping[str, AsksForDifferences] = {"need-plan": _needed, "plan-roll": _present}
"""What posting can compare by itself, by the name that the catalogue of checks gives it."""
