"""Names, kinds, sorting, breaking and tiles."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import Level, PlaceCode
from serentak.places import rules
from serentak.places.rules import Kind


@pytest.mark.parametrize(
    ("code", "listed", "kind", "name"),
    [
        ("16", "SUMATERA SELATAN", Kind.PROVINCE, "Sumatera Selatan"),
        ("31", "DKI JAKARTA", Kind.PROVINCE, "DKI Jakarta"),
        ("34", "DAERAH ISTIMEWA YOGYAKARTA", Kind.PROVINCE, "Daerah Istimewa Yogyakarta"),
        ("34", "DI YOGYAKARTA", Kind.PROVINCE, "DI Yogyakarta"),
        ("11.01", "KABUPATEN ACEH SELATAN", Kind.REGENCY, "Aceh Selatan"),
        ("16.71", "KOTA PALEMBANG", Kind.CITY, "Palembang"),
        ("16.71", "Kota  Palembang ", Kind.CITY, "Palembang"),
        ("31.71", "KOTA ADMINISTRASI JAKARTA PUSAT", Kind.ADMINISTRATIVE_CITY, "Jakarta Pusat"),
        (
            "31.01",
            "KABUPATEN ADMINISTRASI KEPULAUAN SERIBU",
            Kind.ADMINISTRATIVE_REGENCY,
            "Kepulauan Seribu",
        ),
        (
            "73.10",
            "KABUPATEN PANGKAJENE DAN KEPULAUAN",
            Kind.REGENCY,
            "Pangkajene dan Kepulauan",
        ),
        ("16.05.14", "BTS. Ulu", Kind.DISTRICT, "BTS. Ulu"),
        ("16.07.11", "PULAU RIMAU", Kind.DISTRICT, "PULAU RIMAU"),
        ("16.07.01.1001", "Mariana", Kind.URBAN_VILLAGE, "Mariana"),
        ("16.07.02.2001", "Sungsang I", Kind.VILLAGE, "Sungsang I"),
        ("91.03.01.3007", "Desa Adat Yoboi", Kind.CUSTOMARY_VILLAGE, "Desa Adat Yoboi"),
        ("16.01.09.2001", "RD. PJKA", Kind.VILLAGE, "RD. PJKA"),
    ],
)
def test_a_listed_name_gives_kind_and_name(code: str, listed: str, kind: Kind, name: str) -> None:
    assert rules.kind_and_name(PlaceCode(code), listed) == (kind, name)


@pytest.mark.parametrize(
    ("code", "listed"), [("16.07", "BANYUASIN"), ("16.07", "KABUPATEN"), ("16.07.01.4001", "X")]
)
def test_a_kind_that_cannot_be_told_is_none(code: str, listed: str) -> None:
    assert rules.kind_and_name(PlaceCode(code), listed) is None


def test_every_kind_lies_on_one_level() -> None:
    kinds = [kind for kinds in rules.KINDS.values() for kind in kinds]
    assert sorted(kinds) == sorted(Kind)
    assert set(rules.KINDS) == set(Level)


def test_a_recoded_village_takes_the_kind_of_its_code_and_others_keep_theirs() -> None:
    assert rules.kind_after_recoding(Kind.VILLAGE, PlaceCode("16.07.01.1009")) is Kind.URBAN_VILLAGE
    assert rules.kind_after_recoding(Kind.VILLAGE, PlaceCode("16.07.01.9009")) is None
    assert rules.kind_after_recoding(Kind.CITY, PlaceCode("16.75")) is Kind.CITY


def test_names_sort_as_people_count() -> None:
    names = ["Banyuasin III", "Banyuasin I", "Empat Lawang", "Banyuasin II", "Blok 15", "Blok 8",
             "Ilir Barat Dua", "Ilir Barat Satu", "Buay IX", "Buay X", "Buay V"]  # fmt: skip
    assert sorted(names, key=rules.sort_key) == [
        "Banyuasin I", "Banyuasin II", "Banyuasin III", "Blok 8", "Blok 15", "Buay V", "Buay IX",
        "Buay X", "Empat Lawang", "Ilir Barat Satu", "Ilir Barat Dua",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Banyuasin IX", "banyuasin 0009"),
        ("Buay XIV", "buay 0014"),
        ("Buay XXVI", "buay 0026"),
        ("Blok 15 A 3", "blok 0015 a 0003"),
        ("Ilir Barat Dua", "ilir barat 0002"),
        ("Ilir Barat IX", "ilir barat 0009"),
        ("Ulu Sebelas", "ulu 0011"),
        ("Empat Lawang", "empat lawang"),
        ("X", "x"),
        ("Satu", "satu"),
        ("Buay ix", "buay ix"),
        ("", ""),
    ],
)
def test_only_a_last_word_beside_others_is_a_number(name: str, key: str) -> None:
    assert rules.sort_key(name) == key


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Désa  Ba'u", "desa ba u"), ("Tiga-puluh", "tiga puluh"), ("Mura\u00adtara", "muratara")],
)
def test_words_are_compared_without_marks(text: str, plain: str) -> None:
    assert rules.folded(text) == plain


@pytest.mark.parametrize(
    ("name", "short", "words"),
    [
        ("Lubuk Linggau", "", "lubuk linggau lubuklinggau"),
        ("Tiga-puluh-lima Ilir", "", "tiga puluh lima ilir tigapuluhlimailir 35"),
        ("Dua-belas Ulu", "", "dua belas ulu duabelasulu 12"),
        ("Dua-puluh Ilir Empat", "", "dua puluh ilir empat duapuluhilirempat 20 4"),
        ("Sebelas Ulu", "", "sebelas ulu sebelasulu 11"),
        ("Ulu Dua Puluh", "", "ulu dua puluh uluduapuluh 20"),
        ("Satu Ulu", "", "satu ulu satuulu 1"),
        ("Dua Puluh Sepuluh", "", "dua puluh sepuluh duapuluhsepuluh 20 10"),
        ("Lima Puluh Enam", "", "lima puluh enam limapuluhenam 56"),
        ("Puluh Belas", "", "puluh belas puluhbelas"),
        ("Empat", "", "empat 4"),
        ("Ogan Komering Ilir", "OKI", "ogan komering ilir ogankomeringilir oki"),
        ("Musi Rawas Utara", "Mura\u00adtara", "musi rawas utara musirawasutara muratara"),
        ("Pasi Kuala Ba'u", "", "pasi kuala ba u pasikualabau"),
    ],
)
def test_a_place_is_found_by_its_words_together_and_by_number(
    name: str, short: str, words: str
) -> None:
    assert rules.search_text(name, short) == words


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("16", "16"),
        ("1607", "16.07"),
        ("16.0", "16.0"),
        (" 160719 ", "16.07.19"),
        ("1607192015001", "16.07.19.2015.001"),
        ("16071920150019", "16.07.19.2015.001"),
        ("16.07.19.2015", "16.07.19.2015"),
        ("Banyuasin", None),
        ("2 x 11", None),
        ("", None),
    ],
)
def test_digits_typed_are_the_start_of_a_code(typed: str, prefix: str | None) -> None:
    assert rules.code_prefix(typed) == prefix


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Palembang", "Palem|bang"),
        ("Sumatera", "Suma|tera"),
        ("Lampung", "Lampung"),
        ("Anakanakan", "Anaka|nakan"),
        ("Prabumulih", "Prabu|mulih"),
        ("Pedamaran Timur", "Peda|maran Timur"),
        ("Lubuk Linggau", "Lubuk Linggau"),
        ("Kepulauan", "Kepu|lauan"),
        ("Banggai", "Banggai"),
        ("Tanjungpinang", "Tanjung|pinang"),
        ("Xyzxyzxyz", "Xyzxyzxyz"),
    ],
)
def test_long_words_may_break_at_a_syllable(name: str, shown: str) -> None:
    assert rules.with_soft_hyphens(name).replace(rules.SOFT_HYPHEN, "|") == shown


@given(st.text(max_size=40))
def test_soft_hyphens_change_nothing_else(name: str) -> None:
    plain = name.replace(rules.SOFT_HYPHEN, "")
    assert rules.with_soft_hyphens(plain).replace(rules.SOFT_HYPHEN, "") == plain


@given(st.text(max_size=60))
def test_any_name_can_be_sorted_and_searched(name: str) -> None:
    assert set(rules.sort_key(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert rules.folded(rules.folded(name)) == rules.folded(name)
    assert set(rules.folded(name).split()) <= set(rules.search_text(name).split())


def _cells(*codes: str) -> dict[PlaceCode, rules.Cell | None]:
    return dict.fromkeys(PlaceCode(code) for code in codes)


def test_children_without_cells_flow_as_a_list() -> None:
    codes = [f"17.{n:02}" for n in range(1, 8)]
    found = rules.arranged(_cells(*codes))
    assert not found.is_map
    assert (found.columns, found.rows) == (5, 2)
    assert found.cells[PlaceCode("17.05")] == (5, 1)
    assert found.cells[PlaceCode("17.06")] == (1, 2)


def test_children_with_cells_are_a_map_and_one_without_makes_it_a_list() -> None:
    cells = {PlaceCode("16.01"): (3, 4), PlaceCode("16.02"): (5, 3)}
    assert rules.arranged(cells) == rules.Arrangement(cells, columns=5, rows=4, is_map=True)
    assert not rules.arranged({**cells, PlaceCode("16.14"): None}).is_map


def test_two_children_on_one_cell_are_no_map() -> None:
    cells = {PlaceCode("16.01"): (3, 4), PlaceCode("16.02"): (3, 4)}
    assert rules.arranged(cells) == rules.Arrangement(
        {PlaceCode("16.01"): (1, 1), PlaceCode("16.02"): (2, 1)}, columns=2, rows=1, is_map=False
    )


def test_a_list_is_no_wider_than_it_may_be() -> None:
    found = rules.arranged(_cells("17.01", "17.02", "17.03"), columns=2)
    assert found == rules.Arrangement(
        {PlaceCode("17.01"): (1, 1), PlaceCode("17.02"): (2, 1), PlaceCode("17.03"): (1, 2)},
        columns=2, rows=2, is_map=False,
    )  # fmt: skip


def test_no_children_need_no_cell() -> None:
    assert rules.arranged({}) == rules.Arrangement({}, columns=1, rows=0, is_map=False)


@given(st.integers(min_value=0, max_value=120), st.integers(min_value=1, max_value=8))
def test_a_list_gives_every_child_a_cell_of_its_own(count: int, columns: int) -> None:
    found = rules.arranged(_cells(*(f"{n:03}" for n in range(count))), columns=columns)
    assert len(set(found.cells.values())) == count
    assert all(1 <= x <= found.columns and 1 <= y <= found.rows for x, y in found.cells.values())


@pytest.mark.parametrize(
    ("tiles", "fault"),
    [
        ({"17.01": [1, 1]}, "17.01 does not lie under 16"),
        ({"16.01": [0, 1]}, "grids: 1: tiles: 16.01: must be at least 1"),
        ({"16.01": [1, 1], "16.02": [1, 1]}, "share cell"),
        ({"161": [1, 1]}, "not a place code"),
    ],
)
def test_a_faulty_catalogue_of_tiles_is_named(tiles: dict[str, list[int]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        rules.parse_tiles({"grids": [{"parent": "16", "tiles": tiles}]})


def test_tiles_stand_on_cells_of_their_own() -> None:
    grids = [
        {"parent": "16", "tiles": {"16.01": [1, 1], "16.02": [2, 1], "16.03": [1, 2]}},
        {"parent": "17", "tiles": {"17.01": [1, 1]}},
    ]
    assert rules.parse_tiles({"grids": grids}) == {
        "16.01": (1, 1), "16.02": (2, 1), "16.03": (1, 2), "17.01": (1, 1)}  # fmt: skip
    grids[0]["tiles"]["16.03"] = [2, 1]
    with pytest.raises(ValueError, match=r"^grids: 1: 16.02 and 16.03 share cell \(2, 1\)$"):
        rules.parse_tiles({"grids": grids})


def test_zones_give_each_of_their_provinces_its_name() -> None:
    zones = [{"name": "A", "provinces": ["16", "17"]}, {"name": "B", "provinces": ["94"]}]
    assert rules.parse_zones({"zones": zones}) == {"16": "A", "17": "A", "94": "B"}


def test_a_note_on_terrain_tells_of_its_places() -> None:
    note = {
        "places": ["16.02.14"], "kind": "WATER_ACCESS", "text": {"id": "air", "en": "water"},
        "source": "BPS", "confidence": "M",
    }  # fmt: skip
    (found,) = rules.parse_terrain({"terrain": [note]})
    assert found == rules.TerrainNote(
        (PlaceCode("16.02.14"),), rules.TerrainKind.WATER_ACCESS, note["text"], "BPS", "M"
    )


def test_a_province_lies_in_one_zone() -> None:
    with pytest.raises(ValueError, match="two zones"):
        rules.parse_zones({"zones": [{"name": "A", "provinces": ["16"]}] * 2})
    with pytest.raises(ValueError, match="not a province"):
        rules.parse_zones({"zones": [{"name": "A", "provinces": ["16.01"]}]})


def test_a_short_name_has_a_letter() -> None:
    with pytest.raises(ValueError, match=r"^short_names: 16: a short name without a letter$"):
        rules.parse_short_names({"short_names": {"16": " | "}})
    names = {"16": "Sum|sel", "17": "X", "16.02": "OKI"}
    assert rules.parse_short_names({"short_names": names}) == {
        "16": "Sum\u00adsel", "17": "X", "16.02": "OKI"}  # fmt: skip


def test_a_place_without_a_short_name_is_found_by_its_name_alone() -> None:
    assert rules.search_text("Musi") == "musi"


@pytest.mark.parametrize(
    ("codes", "common"),
    [
        (["16.07.01.2001.001"], "16.07.01.2001.001"),
        (["16.07.01.2001.001", "16.07.01.2001.002"], "16.07.01.2001"),
        (["16.07.01.2001.001", "16.07.02.2001.001"], "16.07"),
        (["16.07", "16.71"], "16"),
        (["16", "17"], ""),
        (["16.07.01", "16.07"], "16.07"),
        (["16.07.02.2001", "16.07.01.2001", "16.07.03.2001"], "16.07"),
        ([""], ""),
    ],
)
def test_the_common_place_is_the_lowest_that_holds_all(codes: list[str], common: str) -> None:
    assert rules.common_place([PlaceCode(code) for code in codes]) == common


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("KEC. AIR SUGIHAN", "Air Sugihan"),
        ("Desa Nusa Karta", "Nusa Karta"),
        ("KOTA PALEMBANG", "Palembang"),
        ("Tj. Raja", "Tanjung Raja"),
        ("Sei Rambutan", "Sungai Rambutan"),
        ("35 ILIR", "Tiga-puluh-lima Ilir"),
        ("12 Ulu", "Dua-belas Ulu"),
        ("ILIR BARAT II", "Ilir Barat Dua"),
        ("20 Ilir D. III", "Dua-puluh Ilir Tiga"),
        ("MUARA PADANG IX", "Muara Padang IX"),
        ("Kayuagung", "Kayu Agung"),
    ],
)
def test_a_name_is_found_however_an_office_writes_it(written: str, name: str) -> None:
    assert rules.name_keys(name)[0] in rules.name_keys(written)


@pytest.mark.parametrize(("one", "other"), [("Kota Baru", "Baru"), ("Ilir Satu", "Ilir Dua")])
def test_a_name_that_is_another_is_not_its_own_key(one: str, other: str) -> None:
    assert rules.name_keys(one)[0] != rules.name_keys(other)[0]


def test_what_is_no_name_has_no_key() -> None:
    assert rules.name_keys(" . ") == ()


def test_a_kilometre_is_a_kilometre_on_the_globe() -> None:
    pole, equator = rules.Point(90, 0), rules.Point(0, 104)
    assert rules.kilometres(pole, equator) == pytest.approx(6371 * pi / 2)
    assert rules.kilometres(equator, equator) == 0
    # Palembang to Jakarta, 424 km by published distances as the crow flies.
    one, other = rules.Point(-2.99, 104.76), rules.Point(-6.21, 106.85)
    assert rules.kilometres(one, other) == pytest.approx(427, abs=5)


def test_a_point_off_the_globe_is_refused() -> None:
    with pytest.raises(ValueError, match="lies nowhere on Earth"):
        rules.parse_points(
            {
                "points": {"16.01": [104.05, 4.21]},
            }
        )
    with pytest.raises(ValueError, match="lies nowhere on Earth"):
        rules.parse_points({"points": {"16.01": [-4.21, 181]}})
