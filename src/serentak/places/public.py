"""The tree of places for higher floors; every function makes one query, `zone_of` none."""

from .queries import (
    Counts,
    PlaceCard,
    TileGrid,
    children,
    count_under,
    counts_by_child,
    descendants,
    path,
    place,
    place_of_external_code,
    places,
    search,
    terrain,
    tile_grid,
    zone_of,
)
from .rules import Kind, TerrainKind, TerrainNote, common_place, folded, sort_key

__all__ = [
    "Counts",
    "Kind",
    "PlaceCard",
    "TerrainKind",
    "TerrainNote",
    "TileGrid",
    "children",
    "common_place",
    "count_under",
    "counts_by_child",
    "descendants",
    "folded",
    "path",
    "place",
    "place_of_external_code",
    "places",
    "search",
    "sort_key",
    "terrain",
    "tile_grid",
    "zone_of",
]
