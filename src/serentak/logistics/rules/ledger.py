"""Where pieces may be, what is known of them, and what moves them."""

from enum import StrEnum


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
    DESTROYED = "DESTROYED"
