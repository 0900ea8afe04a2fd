"""Work whose amount a ledger knows: where a place keeps that ledger, nobody reports it."""

from collections.abc import Mapping

from serentak.kernel.area import Measured
from serentak.kernel.codes import Level, PlaceCode
from serentak.platform import areas
from serentak.platform.reading import kept

from .board import catalogue


@kept
def measured(place: PlaceCode) -> Mapping[str, Mapping[PlaceCode, Measured]]:
    """Return what ledgers know of the work at and under a province or regency, by activity.

    One query or two for each kind of work that a ledger measures. A place that keeps no ledger of a
    kind of work stands in none of its mappings.
    """
    asks = areas.measures()
    parent = PlaceCode(place[: Level.REGENCY])
    return {
        key: dict(asks[definition.measured_by](parent=parent))
        for key, definition in catalogue().activities.items()
        if definition.measured_by
    }


def measure_of(key: str, place: PlaceCode) -> Measured | None:
    """Return what a ledger knows of an activity (or a district's line) at a place, else None.

    No query for work that no ledger measures.
    """
    name = catalogue().activities[key].measured_by
    if not name:
        return None
    return areas.measures()[name](parent=PlaceCode(place[: Level.REGENCY])).get(place)
