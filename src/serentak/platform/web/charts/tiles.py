"""The tile grid: places as equal tiles, roughly where they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from serentak.kernel.status import Status
from serentak.platform.web.vocabulary import STATUS_KEY, STATUS_LETTER, STATUS_WORD

MOST = 9
"""Columns and rows that the style sheet has classes for."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One place. `label` is its short name (soft hyphens allowed), `name` the full one.

    `column` and `row` count from 1 to 9; where a tile of the grid has none, all flow by order.
    `figure` is the number in words, for example `71 %`.
    """

    label: str
    name: str
    status: Status
    figure: str = ""
    link: str = ""
    column: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class TileGrid:
    """Tiles; `columns` holds where they have no position of their own."""

    tiles: Sequence[Tile]
    columns: int = 5
    template: ClassVar[str] = "platform/charts/_tiles.html"

    def layout(self) -> dict[str, Any]:
        """Return what the template draws; ValueError where the grid is larger than 9 × 9."""
        places = [(t.column, t.row) for t in self.tiles if t.column and t.row]
        are_placed = bool(places) and len(places) == len(self.tiles)
        columns = max(column for column, _ in places) if are_placed else self.columns
        rows = max(row for _, row in places) if are_placed else 1
        if not (1 <= columns <= MOST and rows <= MOST):
            raise ValueError(f"a tile grid has at most {MOST} columns and rows")
        return {
            "css": f"c{columns}",
            "tiles": [
                {
                    "tile": tile,
                    "css": f"x{tile.column} y{tile.row}" if are_placed else "",
                    "key": STATUS_KEY[tile.status],
                    "letter": STATUS_LETTER[tile.status],
                    "word": STATUS_WORD[tile.status],
                }
                for tile in self.tiles
            ],
        }
