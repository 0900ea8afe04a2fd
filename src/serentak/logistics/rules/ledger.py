"""Where pieces may be, what is known of them, and what moves them."""

from enum import StrEnum

from serentak.kernel.codes import Level

MOST_PIECES = 1_000_000_000
LONGEST_LOT = 60


class Site(StrEnum):
    """Where pieces may be. Outside of the house they come from, or end."""

    STORE = "STORE"
    DISTRICT = "DISTRICT"
    VILLAGE = "VILLAGE"
    STATION = "STATION"
    UNDER_WAY = "UNDER_WAY"
    SUPPLIER = "SUPPLIER"
    COUNTED = "COUNTED"
    DESTROYED = "DESTROYED"
    LOST = "LOST"


SITES = {
    Level.PROVINCE: Site.STORE,
    Level.REGENCY: Site.STORE,
    Level.DISTRICT: Site.DISTRICT,
    Level.VILLAGE: Site.VILLAGE,
    Level.STATION: Site.STATION,
}
"""The site that a place of a level has."""

KEEPERS = {Site.STORE: "KPU", Site.DISTRICT: "PPK", Site.VILLAGE: "PPS", Site.STATION: "KPPS"}
"""The kind of institution that keeps what is at a site."""

OUTSIDE = frozenset({Site.SUPPLIER, Site.COUNTED})
"""What comes from there is owed: their stock is below zero by all that they gave."""


class Condition(StrEnum):
    """What is known of pieces: ballots are unsorted until somebody looked at each."""

    UNSORTED = "UNSORTED"
    GOOD = "GOOD"
    DAMAGED = "DAMAGED"


class Deed(StrEnum):
    """What moved pieces."""

    RECEIVED = "RECEIVED"
    SORTED = "SORTED"
    COUNTED = "COUNTED"
    SHIPPED = "SHIPPED"
    HANDED_OVER = "HANDED_OVER"
    SETTLED = "SETTLED"
    UNLOADED = "UNLOADED"
    DESTROYED = "DESTROYED"
