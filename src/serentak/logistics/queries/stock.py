"""Where the pieces are: what a place keeps, what lies under it, what moved last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Left

from serentak.elections import public as elections
from serentak.elections.public import Office
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of, subtree_range
from serentak.kernel.viewer import Viewer
from serentak.logistics.models import Entry, Movement, Stock
from serentak.logistics.permissions import KEEP_STOCK
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import KEEPERS, SITES, Condition, Deed, Site
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.sorting import Sorting
from serentak.platform.reading import kept

IN_THE_HOUSE = frozenset(SITES.values())
"""Where pieces lie in the house."""
RACES = {Office.GOVERNOR: Race.GOVERNOR, Office.REGENT: Race.REGENT, Office.MAYOR: Race.REGENT}
"""The race of a contest's office."""


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


NOTHING = OnHand()


@kept
def on_hand(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Mapping[What, OnHand]]:
    """Return what lies at and under each place of `level` in `place`, by item and race; one query.

    What lies at a place above that level belongs to none of them.
    """
    low, high = subtree_range(place)
    rows = (
        Stock.objects.filter(location__place__gte=low, location__place__lt=high, quantity__gt=0)
        .filter(location__site__in=[*IN_THE_HOUSE, Site.UNDER_WAY])
        .annotate(code=Left("location__place_id", int(level)), race=race_at("contest"))
        .values("code", "item", "race")
        .annotate(
            good=_of(Condition.GOOD),
            unsorted=_of(Condition.UNSORTED),
            damaged=_of(Condition.DAMAGED),
            under_way=Sum(
                Case(When(location__site=Site.UNDER_WAY.value, then=F("quantity")), default=0)
            ),
        )
        .order_by("code", "item", "race")
    )
    found: dict[PlaceCode, dict[What, OnHand]] = defaultdict(dict)
    for row in rows:
        if len(row["code"]) == level:
            what = What(row["item"], Race(row["race"]) if row["race"] else None)
            amounts = (row[name] for name in ("good", "unsorted", "damaged", "under_way"))
            found[PlaceCode(row["code"])][what] = OnHand(*amounts)
    return dict(found)


def race_at(contest: str) -> Case:
    """Return the race of the contest that a column names, null where it names none."""
    governor, regent = (Value(race.value) for race in Race)
    return Case(
        When(**{f"{contest}__office": Office.GOVERNOR.value}, then=governor),
        When(**{f"{contest}__isnull": False}, then=regent),
        default=None,
    )


@kept
def good_in_stores(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Mapping[What, int]]:
    """Return the good pieces that lie with the very keeper of each place of `level`; one query."""
    low, high = subtree_range(place)
    rows = (
        Stock.objects.filter(
            location__place__gte=low,
            location__place__lt=high,
            location__site=SITES[level].value,
            condition=Condition.GOOD.value,
            quantity__gt=0,
        )
        .annotate(code=F("location__place_id"), race=race_at("contest"))
        .values("code", "item", "race")
        .annotate(good=Sum("quantity"))
        .order_by("code", "item", "race")
    )
    found: dict[PlaceCode, dict[What, int]] = defaultdict(dict)
    for row in rows:
        if len(row["code"]) == level:
            what = What(row["item"], Race(row["race"]) if row["race"] else None)
            found[PlaceCode(row["code"])][what] = row["good"]
    return dict(found)


@kept
def sorted_at(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Mapping[What, Sorting]]:
    """Return what sorting found so far at and under each place of `level`; one query."""
    low, high = subtree_range(place)

    def to(condition: Condition) -> Sum:
        return Sum("quantity", filter=Q(destination__condition=condition.value), default=0)

    rows = (
        Movement.objects.filter(
            entry__deed=Deed.SORTED.value, entry__place__gte=low, entry__place__lt=high
        )
        .annotate(
            code=Left("entry__place_id", int(level)),
            race=race_at("origin__contest"),
            item=F("origin__item"),
        )
        .values("code", "item", "race")
        .annotate(
            good=to(Condition.GOOD),
            damaged=to(Condition.DAMAGED),
            missing=Sum(
                "quantity", filter=Q(destination__location__site=Site.COUNTED.value), default=0
            ),
            surplus=Sum("quantity", filter=Q(origin__location__site=Site.COUNTED.value), default=0),
        )
        .order_by("code", "item", "race")
    )
    found: dict[PlaceCode, dict[What, Sorting]] = defaultdict(dict)
    for row in rows:
        if len(row["code"]) == level:
            what = What(row["item"], Race(row["race"]) if row["race"] else None)
            lost = row["damaged"] + row["missing"] - row["surplus"]
            found[PlaceCode(row["code"])][what] = Sorting(row["good"] + lost, lost)
    return dict(found)


def _of(condition: Condition) -> Sum:
    here = Q(location__site__in=IN_THE_HOUSE, condition=condition.value)
    return Sum(Case(When(here, then=F("quantity")), default=0))


def contests_of(place: PlaceCode) -> Mapping[Race, int]:
    """Return the contest of each race in which a place votes; two queries.

    A province keeps nothing of its regents' races: their pieces lie with the regencies.
    """
    return {RACES[contest.office]: contest.id for contest in elections.contests(place)}


def keeper_of(site: Site, place: PlaceCode) -> InstitutionCard | None:
    """Return who answers for what lies at a site of a place; None for what is outside.

    Where a crew or village committee is not set up as an institution, the committee above does.
    """
    if site not in KEEPERS:
        return None
    found = institutions.institution_by(KEEPERS[site], place)
    above = parent_of(place)
    if found or above is None or site is Site.STORE or site is Site.DISTRICT:
        return found
    return keeper_of(SITES[level_of(above)], above)


def keeps(viewer: Viewer, place: PlaceCode, *, store: bool = True) -> bool:
    """Tell whether the viewer writes into the ledger of a place; with `store` only of a store."""
    site = SITES.get(level_of(place))
    if site is None or (store and site is not Site.STORE) or not viewer.may(KEEP_STOCK, place):
        return False
    keeper = keeper_of(site, place)
    return keeper is not None and viewer.acts_for(keeper.id, KEEP_STOCK)


class Lying(NamedTuple):
    """Pieces of one kind that lie at a place."""

    what: What
    lot: str
    condition: Condition
    quantity: int


def lying_at(place: PlaceCode, *conditions: Condition, limit: int) -> Sequence[Lying]:
    """Return what lies at the very place, at most `limit` kinds; one query."""
    rows = (
        Stock.objects.filter(
            location__place=place,
            location__site__in=IN_THE_HOUSE,
            condition__in=[condition.value for condition in conditions],
            quantity__gt=0,
        )
        .annotate(race=race_at("contest"))
        .order_by("item", "race", "lot", "condition")[:limit]
    )
    return [Lying(_what(row), row.lot, Condition(row.condition), row.quantity) for row in rows]


def lot_at(place: PlaceCode, what: What, lot: str) -> int:
    """Return the good pieces of a lot that lie at the very place; one query."""
    rows = lying_at(place, Condition.GOOD, limit=MOST_LOTS)
    return sum(row.quantity for row in rows if (row.what, row.lot) == (what, lot))


MOST_LOTS = 1_000
"""Lots of a place among which one is looked for."""


def _what(row: Any) -> What:
    return What(row.item, Race(row.race) if row.race else None)


def entries_under(place: PlaceCode) -> "QuerySet[Entry]":
    """Return what moved pieces at and under a place, with how many; the newest first."""
    low, high = subtree_range(place)
    return (
        Entry.objects.filter(place__gte=low, place__lt=high)
        .select_related("place", "institution")
        .annotate(pieces=Sum("movements__quantity", default=0))
        .order_by("-entered_at", "-id")
    )


def entry(entry_id: int) -> Entry | None:
    """Return an entry, None where there is none; one query."""
    rows = Entry.objects.filter(pk=entry_id).select_related("place", "institution")
    return rows.annotate(pieces=Sum("movements__quantity", default=0)).first()


class MovementLine(NamedTuple):
    """One movement of an entry."""

    what: What
    lot: str
    quantity: int
    origin: Site
    before: Condition
    destination: Site
    after: Condition


def movements_of(entry_id: int) -> Sequence[MovementLine]:
    """Return the movements of an entry, as they were written; one query."""
    rows = (
        Movement.objects.filter(entry=entry_id)
        .select_related("origin__location", "origin__contest", "destination__location")
        .order_by("pk")
    )
    return [
        MovementLine(
            What(row.origin.item, race_of(row.origin)),
            row.origin.lot,
            row.quantity,
            Site(row.origin.location.site),
            Condition(row.origin.condition),
            Site(row.destination.location.site),
            Condition(row.destination.condition),
        )
        for row in rows
    ]


def race_of(stock: Stock) -> Race | None:
    """Return the race of a stock's pieces, None where they serve every race."""
    return RACES[Office(stock.contest.office)] if stock.contest else None
