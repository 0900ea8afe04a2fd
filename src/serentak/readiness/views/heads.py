"""The head of every page of readiness: which place, how far from the vote."""

from __future__ import annotations

from typing import Any

from serentak.kernel.codes import PlaceCode
from serentak.places import public as places


def head(place: PlaceCode) -> dict[str, Any]:
    """Return the place and the places above it; 404 where there is none."""
    path = places.path(place)
    return {"path": [card for card in path[:-1] if card.code], "card": path[-1]}
