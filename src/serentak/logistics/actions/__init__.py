"""What changes needs and stock; the only writers."""

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
    "Counted",
    "Destroyed",
    "Received",
    "Sorted",
    "Thing",
    "count_stock",
    "destroy",
    "receive",
    "sort_ballots",
    "take_over_needs",
]
