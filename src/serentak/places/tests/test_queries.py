"""Reads of the tree: what they return and in how many queries."""

import pytest
from django.utils.translation import override

from serentak.kernel.codes import COUNTRY, Level, PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.places import public
from serentak.places.public import Kind, TerrainKind

from .builders import small_tree

pytestmark = pytest.mark.django_db

PROVINCE, BANYUASIN, PALEMBANG = (PlaceCode(c) for c in ("16", "16.07", "16.71"))


@pytest.fixture(autouse=True)
def tree(db: None) -> None:
    small_tree()


def codes(cards) -> list[str]:
    return [card.code for card in cards]


def test_a_place_tells_its_names_in_the_readers_language(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        card = public.place(BANYUASIN)
    assert (card.name, card.kind, card.level, card.parent) == (
        "Banyuasin", Kind.REGENCY, Level.REGENCY, PROVINCE,
    )  # fmt: skip
    with override("en"):
        assert card.full_name == "Banyuasin Regency"
        assert public.place(COUNTRY).full_name == "Indonesia"
    assert card.tile_name == "Banyu\u00adasin"
    assert public.place(PlaceCode("16.07.01")).tile_name == "Banyua\u00adsin I"


def test_a_place_that_is_not_there_is_out_of_scope() -> None:
    with pytest.raises(OutOfScope):
        public.place(PlaceCode("16.55"))
    assert set(public.places([PROVINCE, PlaceCode("16.55")])) == {PROVINCE}


def test_children_path_and_descendants(django_assert_num_queries) -> None:
    with django_assert_num_queries(3):
        assert codes(public.children(PROVINCE)) == ["16.02", "16.07", "16.71", "16.73"]
        assert codes(public.path(PlaceCode("16.07.01.1001"))) == [
            "", "16", "16.07", "16.07.01", "16.07.01.1001",
        ]  # fmt: skip
        assert codes(public.descendants(BANYUASIN, Level.VILLAGE)) == [
            "16.07.01.1001", "16.07.02.2001",
        ]  # fmt: skip
    assert codes(public.children(COUNTRY)) == ["16"]


def test_counts_under_a_place_and_under_each_child(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        counts = public.counts_by_child(PROVINCE)[PROVINCE]
        by_child = public.counts_by_child(PROVINCE)
    assert counts.by_level[Level.REGENCY] == 4
    assert counts.by_level[Level.VILLAGE] == 6
    assert counts.by_kind[Kind.URBAN_VILLAGE] == 3
    assert counts.by_level[Level.STATION] == 0
    assert by_child[PROVINCE] == counts
    assert by_child[BANYUASIN] == public.counts_by_child(BANYUASIN)[BANYUASIN]
    assert (
        by_child[PlaceCode("16.73")]
        == public.counts_by_child(PlaceCode("16.73"))[PlaceCode("16.73")]
    )
    assert set(by_child) == {"16", "16.02", "16.07", "16.71", "16.73"}
    station = PlaceCode("16.07.01.1001.001")
    assert public.counts_by_child(station)[station].by_level[Level.VILLAGE] == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("banyuasin", ["16.07", "16.07.01", "16.07.02"]),
        ("BANYUASIN ii", ["16.07.02"]),
        ("oki", ["16.02"]),
        ("muba", []),
        ("lubuklinggau", ["16.73"]),
        ("ilir", ["16.02", "16.71.02.1001"]),
        ("35 ilir", ["16.71.02.1001"]),
        ("1607", ["16.07", "16.07.01", "16.07.02", "16.07.01.1001", "16.07.02.2001"]),
        ("16.07.0", ["16.07.01", "16.07.02", "16.07.01.1001", "16.07.02.2001"]),
        ("", []),
        ("' & | ! :* ) (", []),
        ("\x00", []),
    ],
)
def test_places_are_found_by_words_and_codes(text: str, expected: list[str]) -> None:
    assert codes(public.search(text)) == expected


def test_a_search_can_be_narrowed(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert codes(public.search("ilir", within=PALEMBANG)) == ["16.71.02.1001"]
    assert codes(public.search("ilir", levels=[Level.REGENCY])) == ["16.02"]
    assert codes(public.search("banyuasin", limit=1)) == ["16.07"]


def test_tiles_are_a_map_where_somebody_arranged_them(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        grid = public.tile_grid(PROVINCE)
    assert grid.is_map
    assert grid.cells[PALEMBANG] == (5, 2)
    villages = public.tile_grid(PlaceCode("16.02.14"))
    assert not villages.is_map
    assert villages.cells[PlaceCode("16.02.14.2001")] == (1, 1)


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("16.07.01", "Asia/Jakarta"),
        ("51", "Asia/Makassar"),
        ("91.71", "Asia/Jayapura"),
        ("", "Asia/Jakarta"),
        ("99", "Asia/Jakarta"),
    ],
)
def test_a_place_has_the_zone_of_its_province(
    code: str, zone: str, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        assert public.zone_of(PlaceCode(code)).key == zone


def test_terrain_is_told_at_and_under_a_place() -> None:
    notes = public.terrain(PlaceCode("16.02.14"))
    assert {note.kind for note in notes} == {TerrainKind.WATER_ACCESS, TerrainKind.NO_SIGNAL}
    assert all(note.source and note.text["id"] and note.text["en"] for note in notes)
    assert len(public.terrain(PlaceCode("16.02"))) > len(notes)
    assert public.terrain(PlaceCode("16.01")) == ()


def test_a_place_without_a_point_lies_amid_those_under_it_or_at_the_one_above() -> None:
    own = public.point_of(PlaceCode("16.02.14"))
    assert own is not None
    assert public.point_of(PlaceCode("16.02.14.2001")) == own
    regency = public.point_of(PlaceCode("16.02"))
    assert regency is not None
    assert 10 < public.kilometres(own, regency) < 150
    assert public.point_of(PlaceCode("11.01")) is None
