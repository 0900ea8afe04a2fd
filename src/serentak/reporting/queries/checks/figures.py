"""Figures in use against what rows of the tree and the list make."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from serentak.elections import public as elections
from serentak.figures import public as figures
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.places import public as places


def _voters(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies whose figure of listed voters is not the sum over their stations."""
    sums = elections.voters_at_level(parent, Level.REGENCY)
    used = figures.figures_in_use(list(sums), ("voters",))
    for place, counts in sorted(sums.items()):
        card = used.get(place, {}).get("voters")
        if card is None or int(card.value) == counts.voters or not counts.stations:
            continue
        yield Differs(
            place=place,
            subject="voters",
            a=Says(value=int(card.value), link=f"/{place}/figures#voters"),
            b=Says(value=counts.voters, link=f"/{place}/"),
            amount=abs(int(card.value) - counts.voters),
            figure_class=FigureClass.SYNTHETIC if counts.is_synthetic else card.figure_class,
        )


def _villages(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the places whose villages by code are not those that the commission counts."""
    counted = places.counts_by_child(parent)
    codes = [code for code in counted if Level.PROVINCE <= level_of(code) <= Level.REGENCY]
    used = figures.figures_in_use(codes, ("villages",))
    stations = elections.voters_and_stations(parent)
    for place in codes:
        card = used.get(place, {}).get("villages")
        n = counted[place].by_level.get(Level.VILLAGE, 0)
        if card is None or not n or int(card.value) == n:
            continue
        size = stations.get(place, elections.NO_VOTERS).stations
        differ = abs(n - int(card.value))
        yield Differs(
            place=place,
            subject="villages",
            a=Says(value=n, link=f"/{place}/"),
            b=Says(value=int(card.value), link=f"/{place}/figures#villages"),
            amount=differ * size / n,
            figure_class=card.figure_class,
        )


CHECKS: Mapping[str, AsksForDifferences] = {"voters-sum": _voters, "villages": _villages}
