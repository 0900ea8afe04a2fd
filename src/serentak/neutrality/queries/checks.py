"""Where what was sent of cases differs from what came, and one list from another; confided."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count, Min, Q
from django.db.models.functions import Left
from django.urls import reverse

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.neutrality.models import Case, CaseStep
from serentak.neutrality.rules.cases import CaseState
from serentak.platform.rows import within


def _received(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies to whose authority letters on cases were sent and not acknowledged."""
    came = Q(letter__action__acknowledged_at__isnull=False)
    rows = (
        CaseStep.objects.filter(
            within(parent, "case__place"),
            to_date=None,
            state=CaseState.AT_AUTHORITY.value,
            letter__sent_at__isnull=False,
        )
        .annotate(code=Left("case__place_id", int(Level.REGENCY)))
        .values("code")
        .annotate(
            sent=Count("pk"),
            received=Count("pk", filter=came),
            first=Min("letter__sent_at", filter=~came),
            due=Min("due_date", filter=~came),
        )
        .order_by("code")
    )
    for row in rows:
        if row["received"] == row["sent"]:
            continue
        place = PlaceCode(row["code"])
        link = reverse("neutrality:cases", args=[place])
        yield Differs(
            place=place,
            subject="recommendations",
            a=Says(value=row["sent"], link=link),
            b=Says(value=row["received"], of=row["sent"], link=link),
            amount=row["sent"] - row["received"],
            near=row["due"],
            since=row["first"],
        )


def _listed(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the references under which one list has a sanction and another an open case."""
    ended = Q(state=CaseState.SANCTIONED.value)
    rows = (
        Case.objects.filter(within(parent))
        .annotate(code=Left("place_id", int(Level.REGENCY)))
        .values("code", "reference")
        .annotate(
            ended=Count("pk", filter=ended),
            open=Count("pk", filter=Q(closed_date__isnull=True)),
            due=Min("due_date", filter=Q(closed_date__isnull=True)),
            first=Min("pk"),
        )
        .filter(ended__gt=0, open__gt=0)
        .order_by("code", "first")
    )
    for row in rows:
        place = PlaceCode(row["code"])
        link = reverse("neutrality:cases", args=[place])
        yield Differs(
            place=place,
            subject=f"case:{row['first']}",
            a=Says(value=row["ended"], code="neutrality.SANCTIONED", link=f"{link}?state=closed"),
            b=Says(value=row["open"], code="neutrality.OPEN", link=f"{link}?state=open"),
            amount=row["open"],
            near=row["due"],
        )


CHECKS: Mapping[str, AsksForDifferences] = {"sent-received": _received, "two-lists": _listed}
"""What neutrality can compare by itself, by the name that the catalogue of checks gives it."""
