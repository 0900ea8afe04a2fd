"""How much there is to do by the stations as they are now, and whether the activities follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode, ancestors, subtree_range
from serentak.places import public as places
from serentak.readiness.models import Activity
from serentak.readiness.rules.quantities import Counts, amount

from .board import catalogue


def counts_in(province: PlaceCode) -> Mapping[PlaceCode, Counts]:
    """Return the plain counts of a province, its regencies and their districts; ten queries."""
    under: Counter[tuple[PlaceCode, Level]] = Counter()
    for level in (Level.REGENCY, Level.DISTRICT, Level.VILLAGE):
        for card in places.descendants(province, level):
            under.update((above, level) for above in (*ancestors(card.code), card.code))
    return {
        place: Counts(
            stations=found.counts.stations,
            voters=found.counts.voters,
            ballots=found.counts.ballots,
            contests=found.contests,
            races=found.races,
            villages=under[place, Level.VILLAGE],
            districts=under[place, Level.DISTRICT],
            regencies=under[place, Level.REGENCY],
        )
        for level in (Level.PROVINCE, Level.REGENCY, Level.DISTRICT)
        for place, found in elections.quantities(province, level).items()
    }


def outdated_amounts(province: PlaceCode) -> int:
    """Return how many activities' amounts differ from what the stations give now."""
    counts = counts_in(province)
    low, high = subtree_range(province)
    definitions = catalogue().activities
    rows = Activity.objects.filter(place__gte=low, place__lt=high).values_list(
        "key", "place", "target_quantity"
    )
    return sum(
        key in definitions
        and target != amount(definitions[key].quantity, counts.get(PlaceCode(place), Counts()))
        for key, place, target in rows
    )
