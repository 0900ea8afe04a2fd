"""A place's logistics as its page shows them: item by item, and child by child."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from serentak.kernel.codes import PlaceCode, child_level, level_of
from serentak.logistics.rules.items import Item, Race
from serentak.logistics.rules.needs import What
from serentak.places import public as places
from serentak.places.public import PlaceCard

from .catalogues import item, items
from .needs import needs_at, stations_at
from .stock import NOTHING, OnHand, on_hand


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item at a place; `needed` is None where no list was taken over."""

    what: What
    item: Item | None
    needed: int | None
    hand: OnHand

    @property
    def short(self) -> int | None:
        """Pieces that lack."""
        return None if self.needed is None else max(0, self.needed - self.hand.usable)


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A place one level down; None where no list was taken over."""

    place: PlaceCard
    stations: int | None
    boxes: int | None
    ballots: int | None
    ballots_there: int

    @property
    def short(self) -> int | None:
        """Ballots that lack."""
        return None if self.ballots is None else max(0, self.ballots - self.ballots_there)


def item_lines(place: PlaceCode) -> Sequence[ItemLine]:
    """Return what a place needs and has, in the order of the catalogue; seven queries at most."""
    level = level_of(place)
    needs = needs_at(place, level).get(place)
    there = on_hand(place, level).get(place, {})
    order = {what: number for number, what in enumerate(things())}
    known = sorted({*(needs or ()), *there}, key=lambda what: (order.get(what, len(order)), what))
    return [
        ItemLine(
            what,
            item(what.item),
            None if needs is None else needs.get(what, 0),
            there.get(what, NOTHING),
        )
        for what in known
    ]


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
    needs, stations = needs_at(place, level), stations_at(place, level)
    there = on_hand(place, level)

    def needed(code: PlaceCode, holds: Callable[[Item], bool]) -> int | None:
        if code not in needs:
            return None
        return sum(n for what, n in needs[code].items() if holds(items().items[what.item]))

    return [
        ChildLine(
            card,
            stations.get(card.code),
            needed(card.code, lambda one: one.is_box),
            needed(card.code, lambda one: one.is_ballot),
            sum(
                hand.usable
                for what, hand in there.get(card.code, {}).items()
                if (one := item(what.item)) and one.is_ballot
            ),
        )
        for card in places.children(place)
    ]
