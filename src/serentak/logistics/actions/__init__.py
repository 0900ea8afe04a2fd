"""What changes needs and stock; the only writers."""

from serentak.logistics.rules.custody import Counted as CountedPieces

from .custody import Became, Packed, depart, hand_over, pack, settle, unload
from .needs import take_over_needs
from .stock import (
    Counted,
    Destroyed,
    Received,
    Sorted,
    Thing,
    count_stock,
    destroy,
    receive,
    sort_ballots,
)

__all__ = [
    "Became",
    "Counted",
    "CountedPieces",
    "Destroyed",
    "Packed",
    "Received",
    "Sorted",
    "Thing",
    "count_stock",
    "depart",
    "destroy",
    "hand_over",
    "pack",
    "receive",
    "settle",
    "sort_ballots",
    "take_over_needs",
    "unload",
]
