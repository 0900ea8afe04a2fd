"""The tree of places for higher floors; one query a function, `zone_of` and `point_of` none."""

from .queries import (
    Counts,
    PlaceCard,
    TileGrid,
    children,
    counts_by_child,
    descendants,
    lies_near,
    path,
    place,
    place_of_external_code,
    place_option,
    place_options,
    places,
    point_of,
    search,
    terrain,
    tile_grid,
    zone_of,
)
from .rules import (
    Kind,
    Point,
    TerrainKind,
    TerrainNote,
    common_place,
    folded,
    kilometres,
    name_keys,
    sort_key,
)
