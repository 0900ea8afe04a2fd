"""The catalogues of logistics, and how its items and packs are called."""

from django.utils.translation import gettext, ngettext

from serentak.logistics.rules.custody import Custody
from serentak.logistics.rules.items import Item, Items
from serentak.logistics.rules.needs import What, packs
from serentak.logistics.words import RACES
from serentak.platform import catalogue
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number

SLICE = "logistics"


def items() -> Items:
    """Return the catalogue of items."""
    return catalogue.load(SLICE, "items", Items)


def custody() -> Custody:
    """Return the catalogue of legs, and of reasons for a difference."""
    return catalogue.load(SLICE, "custody", Custody)


def item(key: str) -> Item | None:
    """Return an item of the catalogue, None for one that it does not know."""
    return items().items.get(key)


def what_text(what: What) -> str:
    """Return an item's name in the reader's language, with its race where it has pieces of both."""
    item = items().items.get(what.item)
    if item is None:  # the catalogue was replaced, the ledger stays
        return what.item
    name = said(item.name)
    if what.race is None or len(item.made_for) == 1:
        return name
    return gettext("%(item)s, %(race)s") % {"item": name, "race": RACES[what.race]}


def group_text(what: What) -> str:
    """Return the heading under which an item stands."""
    item = items().items.get(what.item)
    return said(items().groups[item.group]) if item else gettext("Not in the catalogue any more")


def unit_text(item: Item) -> str:
    """Return in what an item is counted, such as sheets."""
    return said(items().units[item.unit])


def packs_text(item: Item, pieces: int) -> str:
    """Return `2 cartons, 10 bundles, 13 sheets`; nothing where it comes in single pieces."""
    cartons, bundles, rest = packs(item, pieces)
    if item.pack.carton == 1 or not (cartons or bundles):
        return ""
    parts = []
    if cartons:
        parts.append(ngettext("%(n)s carton", "%(n)s cartons", cartons) % {"n": number(cartons)})
    if bundles and item.pack.pieces > 1:
        text = (
            ngettext("%(n)s bundle", "%(n)s bundles", bundles)
            if item.is_sorted
            else ngettext("%(n)s pack", "%(n)s packs", bundles)
        )
        parts.append(text % {"n": number(bundles)})
        bundles = 0
    if rest or bundles:
        parts.append(f"{number(rest + bundles)} {unit_text(item)}")
    return ", ".join(parts)
