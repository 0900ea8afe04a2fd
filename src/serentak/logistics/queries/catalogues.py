"""The catalogues of logistics."""

from serentak.logistics.rules.items import Item, Items
from serentak.platform import catalogue

SLICE = "logistics"


def items() -> Items:
    """Return the catalogue of items."""
    return catalogue.load(SLICE, "items", Items)


def item(key: str) -> Item | None:
    """Return an item of the catalogue, None for one that it does not know."""
    return items().items.get(key)
