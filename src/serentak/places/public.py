"""The tree of places for higher floors; every function makes one query, `zone_of` none."""

from .queries import (
    Counts,
    PlaceCard,
    TileGrid,
    children,
    counts_by_child,
    descendants,
    path,
    place,
    place_of_external_code,
    place_option,
    place_options,
    places,
    search,
    terrain,
    tile_grid,
    zone_of,
)
from .rules import Kind, TerrainKind, TerrainNote, common_place, folded, name_keys, sort_key
