"""A sketch map of a plan: its places where they lie, its routes as straight lines between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, ClassVar

from serentak.distribution.queries.plans import Seen
from serentak.distribution.queries.world import point_of
from serentak.distribution.rules.schedule import STORE
from serentak.places import public as places
from serentak.platform.web.charts.scale import coordinate, text_width

WIDTH, TALLEST, EDGE = 640.0, 460.0, 24.0
STYLES = 6
"""Kinds of line that the style sheet has classes for."""
_APART = 12.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """Dots with names, and lines; everything else is a class of the style sheet."""

    width: str
    height: str
    dots: Sequence[dict[str, Any]]
    lines: Sequence[dict[str, str]]
    template: ClassVar[str] = "distribution/_sketch.html"


def sketch(seen: Seen) -> Sketch | None:
    """Return the sketch of a plan; None where fewer than two places have a point of their own."""
    found = {code: point_of(seen.world.place, code) for code in seen.world.codes}
    known = {code: point for code, point in found.items() if point}
    if len(set(known.values())) < 2:
        return None
    spots, height = _laid(known)
    codes = seen.world.codes
    lines = []
    for number, route in enumerate(seen.routes):
        way = [codes[STORE], *(codes[call.target + 1] for call in route.calls), codes[STORE]]
        points = [spots[code] for code in way if code in spots]
        path = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points)
        lines.append({"points": path, "css": f"r{number % STYLES}"})
    dots = []
    for code, (x, y) in spots.items():
        name = seen.world.names[code]
        is_left = x + 8 + text_width(name) > WIDTH
        dots.append(
            {
                "x": coordinate(x),
                "y": coordinate(y),
                "label_x": coordinate(x - 8 if is_left else x + 8),
                "label_y": coordinate(y + 4),
                "css": "e" if is_left else "",
                "name": name,
                "is_store": code == codes[STORE],
            }
        )
    return Sketch(coordinate(WIDTH), coordinate(height), dots, lines)


def _laid(known: dict[Any, places.Point]) -> tuple[dict[Any, tuple[float, float]], float]:
    """Return where each place is drawn, north up, and how tall that is."""
    lats, lons = [p.lat for p in known.values()], [p.lon for p in known.values()]
    narrow = cos(radians(sum(lats) / len(lats)))
    wide = max((max(lons) - min(lons)) * narrow, 1e-6)
    tall = max(max(lats) - min(lats), 1e-6)
    scale = min((WIDTH - 4 * EDGE) / wide, (TALLEST - 2 * EDGE) / tall)
    spots = {
        code: (
            EDGE + (p.lon - min(lons)) * narrow * scale,
            EDGE + (max(lats) - p.lat) * scale,
        )
        for code, p in known.items()
    }
    return _apart(spots), tall * scale + 2 * EDGE


def _apart(spots: dict[Any, tuple[float, float]]) -> dict[Any, tuple[float, float]]:
    """Move names that would stand on each other down a little, from north to south."""
    placed: dict[Any, tuple[float, float]] = {}
    for code, (x, y) in sorted(spots.items(), key=lambda one: (one[1][1], one[1][0])):
        below = y
        while any(abs(below - b) < _APART and abs(x - a) < 110 for a, b in placed.values()):
            below += _APART
        placed[code] = (x, below)
    return placed
