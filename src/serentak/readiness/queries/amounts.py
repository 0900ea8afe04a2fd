"""How much there is to do by the stations as they are now, and whether the activities follow."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode, ancestors, subtree_range
from serentak.places import public as places
from serentak.platform.reading import kept
from serentak.readiness.models import Activity
from serentak.readiness.rules.quantities import Counts, amount

from .board import catalogue


def counts_in(province: PlaceCode) -> Mapping[PlaceCode, Counts]:
    """Return the plain counts of a province, its regencies and their districts; ten queries."""
    under: dict[PlaceCode, Counter[Level]] = defaultdict(Counter)
    for level in (Level.REGENCY, Level.DISTRICT, Level.VILLAGE):
        for card in places.descendants(province, level):
            for place in (*ancestors(card.code), card.code):
                under[place][level] += 1
    return {
        place: _counts(found, under[place])
        for level in (Level.PROVINCE, Level.REGENCY, Level.DISTRICT)
        for place, found in elections.quantities(province, level).items()
    }


@kept
def outdated_regencies(province: PlaceCode) -> int:
    """Return in how many regencies an amount differs from what the stations give now; 4 queries."""
    found = elections.quantities(province, Level.REGENCY)
    under = places.counts_by_child(province)
    counts = {
        place: _counts(held, under[place].by_level if place in under else {})
        for place, held in found.items()
    }
    low, high = subtree_range(province)
    definitions = catalogue().activities
    rows = (
        Activity.objects.filter(place__gte=low, place__lt=high)
        .exclude(place=province)
        .values_list("key", "place", "target_quantity")
    )
    return len(
        {
            place
            for key, place, target in rows
            if key in definitions
            and target != amount(definitions[key].quantity, counts.get(PlaceCode(place), Counts()))
        }
    )


def _counts(found: elections.Quantities, under: Mapping[Level, int]) -> Counts:
    return Counts(
        stations=found.counts.stations,
        voters=found.counts.voters,
        ballots=found.counts.ballots,
        contests=found.contests,
        races=found.races,
        villages=under.get(Level.VILLAGE, 0),
        districts=under.get(Level.DISTRICT, 0),
        regencies=under.get(Level.REGENCY, 0),
    )
