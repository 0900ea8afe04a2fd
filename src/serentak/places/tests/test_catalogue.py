"""The slice's catalogues agree with the list of regions that comes with Serentak."""

import pytest

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import rules
from serentak.places.importers import read_regions, shipped_list
from serentak.platform import catalogue


@pytest.fixture(scope="module")
def listed() -> set[PlaceCode]:
    return {region.code for region in read_regions(shipped_list()).regions}


def test_every_area_and_district_of_south_sumatra_has_its_tile(listed: set[PlaceCode]) -> None:
    tiles = catalogue.load("places", "tiles", rules.parse_tiles)
    wanted = {c for c in listed if c.startswith("16.") and level_of(c) <= Level.DISTRICT}
    assert set(tiles) == wanted
    assert len(wanted) == 17 + 241
    assert all(x <= 5 and y <= 6 for x, y in tiles.values())


def test_neighbours_stay_near_on_the_tiles_of_the_province() -> None:
    """Areas that share a border touch on the grid, but for the long ones of Muara Enim."""
    tiles = catalogue.load("places", "tiles", rules.parse_tiles)
    neighbours = [
        ("01", "03"), ("01", "08"), ("01", "09"), ("01", "10"), ("02", "08"), ("02", "10"),
        ("03", "04"), ("03", "12"), ("03", "74"), ("04", "05"), ("04", "11"), ("04", "72"),
        ("05", "12"), ("05", "13"), ("05", "73"), ("06", "07"), ("06", "12"), ("06", "13"),
        ("07", "71"), ("08", "09"), ("08", "10"), ("10", "71"), ("10", "74"), ("12", "74"),
    ]  # fmt: skip
    apart = []
    for one, other in neighbours:
        (x, y), (u, v) = tiles[PlaceCode(f"16.{one}")], tiles[PlaceCode(f"16.{other}")]
        if max(abs(x - u), abs(y - v)) > 1:
            apart.append((one, other))
    assert apart == []


def test_every_province_has_a_zone(listed: set[PlaceCode]) -> None:
    zones = catalogue.load("places", "zones", rules.parse_zones)
    assert set(zones) == {c for c in listed if level_of(c) is Level.PROVINCE}


def test_short_names_and_terrain_name_places_that_exist(listed: set[PlaceCode]) -> None:
    assert set(catalogue.load("places", "short_names", rules.parse_short_names)) <= listed
    notes = catalogue.load("places", "terrain", rules.parse_terrain)
    assert {place for note in notes for place in note.places} <= listed


def test_points_lie_in_their_regencies(listed: set[PlaceCode]) -> None:
    points = catalogue.load("places", "points", rules.parse_points)
    assert set(points) <= listed
    assert len({code for code in points if code.startswith("16.")}) == 241
    for code, point in points.items():
        near = sorted(rules.kilometres(point, other) for other in points.values())[1]
        assert near < 60, f"{code} lies {near:.0f} km from every other district"
