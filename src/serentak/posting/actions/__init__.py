"""What may be written about posts, strength, plans and reserves; the only writers."""

from serentak.posting.rules import Posted, PostKind, SentEvent, StationClass, Unit

from .plans import (
    adopt_plan,
    drop_plan,
    make_plan,
    move_reserve,
    propose_plan,
    return_plan,
    return_reserve,
)
from .posts import Presence, call_roll, close_post, import_posts, save_post
from .strength import (
    drop_pattern,
    propose_moves,
    reinforce,
    set_pattern,
    share_posts,
    step_reinforcement,
    take_over_catalogue,
    tell_force,
)

__all__ = [
    "PostKind",
    "Posted",
    "Presence",
    "SentEvent",
    "StationClass",
    "Unit",
    "adopt_plan",
    "call_roll",
    "close_post",
    "drop_pattern",
    "drop_plan",
    "import_posts",
    "make_plan",
    "move_reserve",
    "propose_moves",
    "propose_plan",
    "reinforce",
    "return_plan",
    "return_reserve",
    "save_post",
    "set_pattern",
    "share_posts",
    "step_reinforcement",
    "take_over_catalogue",
    "tell_force",
]
