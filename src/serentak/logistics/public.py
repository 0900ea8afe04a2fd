"""What higher floors may know of logistics: what places need, by item and race."""

from .queries.needs import needs_at
from .rules.items import Race
from .rules.needs import Needs, What

__all__ = ["Needs", "Race", "What", "needs_at"]
