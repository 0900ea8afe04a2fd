"""Where the pieces are: what a place keeps, what lies under it, what moved last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, QuerySet, Sum, Value, When

from serentak.elections.public import Office
from serentak.kernel.codes import PlaceCode, subtree_range
from serentak.logistics.models import Entry, Stock
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import Condition, Site
from serentak.logistics.rules.needs import What
from serentak.platform.reading import kept

_KEPT = (Site.STORE, Site.DISTRICT, Site.VILLAGE, Site.STATION)
"""Where pieces lie in the house."""


@dataclass(frozen=True, slots=True)
class OnHand:
    """Pieces of an item, by what is known of them; `under_way` are between two places."""

    good: int = 0
    unsorted: int = 0
    damaged: int = 0
    under_way: int = 0

    @property
    def usable(self) -> int:
        """What can still serve: good, and what nobody has looked at yet."""
        return self.good + self.unsorted + self.under_way


@kept
def on_hand(place: PlaceCode) -> Mapping[What, OnHand]:
    """Return what lies at and under a place, by item and race; one query."""
    low, high = subtree_range(place)
    rows = (
        Stock.objects.filter(location__place__gte=low, location__place__lt=high, quantity__gt=0)
        .filter(location__site__in=[*_KEPT, Site.UNDER_WAY])
        .annotate(race=_race())
        .values("item", "race")
        .annotate(
            good=_of(condition=Condition.GOOD.value),
            unsorted=_of(condition=Condition.UNSORTED.value),
            damaged=_of(condition=Condition.DAMAGED.value),
            under_way=Sum(
                Case(When(location__site=Site.UNDER_WAY.value, then=F("quantity")), default=0)
            ),
        )
    )
    return {
        What(row["item"], Race(row["race"]) if row["race"] else None): OnHand(
            row["good"], row["unsorted"], row["damaged"], row["under_way"]
        )
        for row in rows
    }


def _race() -> Case:
    return Case(
        When(contest__office=Office.GOVERNOR.value, then=Value(Race.GOVERNOR.value)),
        When(contest__isnull=False, then=Value(Race.REGENT.value)),
        default=None,
    )


def _of(**where: str) -> Sum:
    kept_here = {"location__site__in": _KEPT, **where}
    return Sum(Case(When(**kept_here, then=F("quantity")), default=0))


def entries_under(place: PlaceCode) -> "QuerySet[Entry]":
    """Return what moved pieces at and under a place, with how many; the newest first."""
    low, high = subtree_range(place)
    return (
        Entry.objects.filter(place__gte=low, place__lt=high)
        .select_related("place", "institution")
        .annotate(pieces=Sum("movements__quantity"))
        .order_by("-at", "-id")
    )


@dataclass(frozen=True, slots=True)
class MovementLine:
    """One movement of an entry."""

    item: str
    race: Race | None
    lot: str
    before: Condition
    after: Condition
    origin: str
    destination: str
    quantity: int
    at: datetime
