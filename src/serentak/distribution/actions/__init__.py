"""What changes vehicles, ways and plans; the only writers."""

from serentak.distribution.rules.catalogue import Conditions, Stage

from .plans import (
    Placing,
    adopt_plan,
    arrange_plan,
    compute_plan,
    draft_plan,
    drop_plan,
    improve_plan,
    set_departure,
    take_over_plan,
)
from .vehicles import change_vehicle, offer_vehicle
from .ways import block_way, forget_way, tell_way, unblock_way

__all__ = [
    "Conditions",
    "Placing",
    "Stage",
    "adopt_plan",
    "arrange_plan",
    "block_way",
    "change_vehicle",
    "compute_plan",
    "draft_plan",
    "drop_plan",
    "forget_way",
    "improve_plan",
    "offer_vehicle",
    "set_departure",
    "take_over_plan",
    "tell_way",
    "unblock_way",
]
