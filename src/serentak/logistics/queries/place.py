"""A place's logistics as its page shows them: item by item, and child by child."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from serentak.kernel.codes import Level, PlaceCode, child_level, level_of
from serentak.logistics.rules.items import Item, Race
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.sorting import (
    NO_LOSSES,
    NOTHING_SORTED,
    Belief,
    Losses,
    Sorting,
    expected_losses,
)
from serentak.places import public as places
from serentak.places.public import PlaceCard

from .catalogues import item, items
from .needs import needs_at, stations_at
from .orders import ordered_for
from .stock import NOTHING, OnHand, on_hand, sorted_at


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item at a place; `needed` is None where no list was taken over."""

    what: What
    item: Item | None
    needed: int | None
    hand: OnHand
    ordered: int = 0
    losses: Losses = NO_LOSSES
    sorted: Sorting = NOTHING_SORTED

    @property
    def short(self) -> int | None:
        """Pieces that lack."""
        return None if self.needed is None else max(0, self.needed - self.hand.usable)

    @property
    def expected(self) -> int | None:
        """Pieces that are likely to lack once all is sorted and all that was ordered has come."""
        return self._left(self.losses.likely)

    @property
    def lacking(self) -> int | None:
        """The same of ballots, once sorting began and all but a tenth of the need has come.

        Before that what lacks may still be on its way from the printer: nobody can tell.
        """
        came = self.sorted.opened + self.hand.unsorted
        is_begun = self.item is not None and self.item.is_ballot and self.sorted.opened
        return self.expected if is_begun and came * 10 >= (self.needed or 0) * 9 else None

    @property
    def bounds(self) -> tuple[int, int] | None:
        """Between which numbers `expected` lies in nine cases of ten."""
        least, most = self._left(self.losses.least), self._left(self.losses.most)
        return None if least is None or most is None else (least, most)

    def _left(self, lost: int) -> int | None:
        if self.needed is None:
            return None
        return max(0, self.needed - self.hand.usable + lost - self.ordered)


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A place one level down; None where no list was taken over."""

    place: PlaceCard
    stations: int | None
    boxes: int | None
    ballots: int | None
    ballots_there: int
    short: int | None
    """Ballots that lack, of each race by itself: a surplus of one is no ballot of the other."""


def item_lines(place: PlaceCode) -> Sequence[ItemLine]:
    """Return what a place needs and has, in the order of the catalogue; nine queries at most."""
    return lines_at(place, level_of(place)).get(place, ())


def lines_at(place: PlaceCode, level: Level) -> Mapping[PlaceCode, Sequence[ItemLine]]:
    """Return the lines of each place of `level` at and under a place; nine queries at most.

    A place that needs nothing and has nothing is missing.
    """
    needs, there = needs_at(place, level), on_hand(place, level)
    found, ordered = sorted_at(place, level), ordered_for(place, level)
    order = {what: number for number, what in enumerate(things())}
    lines: dict[PlaceCode, Sequence[ItemLine]] = {}
    for code in sorted({*needs, *there, *ordered}):
        need, hand = needs.get(code), there.get(code, {})
        waits, looked_at = ordered.get(code, {}), found.get(code, {})
        known = sorted(
            {*(need or ()), *hand, *waits}, key=lambda what: (order.get(what, len(order)), what)
        )
        lines[code] = [
            ItemLine(
                what,
                item(what.item),
                None if need is None else need.get(what, 0),
                hand.get(what, NOTHING),
                waits.get(what, 0),
                _losses(what, hand.get(what, NOTHING), looked_at.get(what, NOTHING_SORTED)),
                looked_at.get(what, NOTHING_SORTED),
            )
            for what in known
        ]
    return lines


def _losses(what: What, hand: OnHand, found: Sorting) -> Losses:
    known = item(what.item)
    if known is None or not known.is_sorted or not hand.unsorted:
        return NO_LOSSES
    before = items().sorting
    share = known.spoil.share if known.spoil else before.share
    return expected_losses(hand.unsorted, found, Belief(share, before.weight, before.together))


def things(races: Mapping[Race, int] | None = None) -> Sequence[What]:
    """Return all things of the catalogue in its order; with `races` those for these alone."""
    found = dict.fromkeys(
        What.of(one, race) for one in items().items.values() for race in one.made_for
    )
    return [what for what in found if races is None or what.race is None or what.race in races]


def child_lines(place: PlaceCode) -> Sequence[ChildLine]:
    """Return stations, boxes and ballots of the places one level down; eight queries at most."""
    level = child_level(level_of(place))
    if level is None:
        return ()
    stations, lines = stations_at(place, level), lines_at(place, level)

    def summed(code: PlaceCode, kind: str, amount: Callable[[ItemLine], int | None]) -> int | None:
        found = [
            amount(line) for line in lines.get(code, ()) if line.item and getattr(line.item, kind)
        ]
        return None if None in found or not found else sum(n or 0 for n in found)

    return [
        ChildLine(
            card,
            stations.get(card.code),
            summed(card.code, "is_box", lambda line: line.needed),
            summed(card.code, "is_ballot", lambda line: line.needed),
            summed(card.code, "is_ballot", lambda line: line.hand.good + line.hand.unsorted) or 0,
            summed(card.code, "is_ballot", lambda line: line.short),
        )
        for card in places.children(place)
    ]
