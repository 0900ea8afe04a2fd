"""What changes needs and stock; the only writers."""

from serentak.logistics.rules.custody import Counted as CountedPieces

from .custody import Became, Packed, depart, hand_over, pack, settle, unload
from .ledger import Thing
from .needs import take_over_needs
from .orders import Wanted, adopt_transfers, answer_order, order, withdraw_order
from .stations import (
    MOST_LOADS,
    depart_together,
    hand_over_together,
    pack_back,
    pack_for_stations,
)
from .stock import (
    Counted,
    Destroyed,
    Received,
    Sorted,
    count_stock,
    destroy,
    receive,
    sort_ballots,
)

__all__ = [
    "MOST_LOADS",
    "Became",
    "Counted",
    "CountedPieces",
    "Destroyed",
    "Packed",
    "Received",
    "Sorted",
    "Thing",
    "Wanted",
    "adopt_transfers",
    "answer_order",
    "count_stock",
    "depart",
    "depart_together",
    "destroy",
    "hand_over",
    "hand_over_together",
    "order",
    "pack",
    "pack_back",
    "pack_for_stations",
    "receive",
    "settle",
    "sort_ballots",
    "take_over_needs",
    "unload",
    "withdraw_order",
]
