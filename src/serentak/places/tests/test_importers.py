"""A list of regions: what is right comes through, what is wrong is named by row and column."""

import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import Level, level_of, parse_code
from serentak.places.importers import RegionList, read_regions, shipped_list
from serentak.places.rules import Kind

from .builders import SOUTH_SUMATRA, parents_of


def faults(text: str | bytes) -> list[tuple[int, str, str]]:
    content = text if isinstance(text, bytes) else text.encode()
    return [(f.row, f.field, f.code.removeprefix("places.")) for f in read_regions(content).faults]


def test_a_right_list_comes_through() -> None:
    found = read_regions(SOUTH_SUMATRA.encode())
    assert found.faults == ()
    assert len(found.regions) == 16
    assert [r.code for r in found.regions] == sorted(r.code for r in found.regions)


@pytest.mark.parametrize("encode", [lzma.compress, lambda b: b"\xef\xbb\xbf" + b])
def test_compression_and_a_byte_order_mark_do_not_matter(encode) -> None:
    assert read_regions(encode(SOUTH_SUMATRA.encode())) == read_regions(SOUTH_SUMATRA.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "", "list_has_other_columns")]),
        ("kode,nama\n16,X\n", [(1, "", "list_has_other_columns")]),
        ("code,name,more\n16,X,Y\n", [(1, "", "list_has_other_columns")]),
        ("code,name\n", [(1, "", "list_is_empty")]),
        ("code,name\n16\n", [(2, "", "row_has_other_columns")]),
        ("code,name\n16,A,B\n", [(2, "", "row_has_other_columns")]),
        ("code,name\n1,A\n", [(2, "code", "code_has_wrong_width")]),
        ("code,name\n16.7,A\n", [(2, "code", "code_has_wrong_width")]),
        ("code,name\n٢٢,A\n", [(2, "code", "code_has_wrong_width")]),
        ('code,name\n"",A\n', [(2, "code", "code_has_wrong_width")]),
        (
            "code,name\n16,A\n16.07.19.2015.001,TPS\n",
            [(3, "code", "code_has_wrong_width")],
        ),
        ("code,name\n16,A\n16,B\n", [(3, "code", "code_is_listed_twice")]),
        ("code,name\n16.07,KABUPATEN X\n", [(2, "code", "parent_is_not_listed")]),
        ("code,name\n16,\n", [(2, "name", "name_is_empty")]),
        ("code,name\n16,   \n", [(2, "name", "name_is_empty")]),
        ("code,name\n16,A\n16.07,BANYUASIN\n", [(3, "name", "kind_is_unknown")]),
        (f"code,name\n16,{'A' * 121}\n", [(2, "name", "name_is_too_long")]),
        (b"\xff\xfe", [(1, "", "list_is_not_utf8_csv")]),
        (b"\xfd7zXZ\x00broken", [(1, "", "list_is_not_utf8_csv")]),
        (b"PK\x03\x04\xf0not a sheet", [(1, "", "list_is_not_utf8_csv")]),
    ],
)
def test_a_fault_is_named_by_row_and_column(text: str, expected: list) -> None:
    assert faults(text) == expected


def test_all_faults_are_named_at_once_in_the_order_of_rows() -> None:
    text = "code,name\n16,A\n16.1,B\n16.07.01,C\n16,D\n"
    assert faults(text) == [
        (3, "code", "code_has_wrong_width"),
        (4, "code", "parent_is_not_listed"),
        (5, "code", "code_is_listed_twice"),
    ]


@pytest.fixture(scope="module")
def shipped() -> RegionList:
    return read_regions(shipped_list())


def test_the_shipped_list_is_whole(shipped: RegionList) -> None:
    assert shipped.faults == ()
    levels = [level_of(r.code) for r in shipped.regions]
    assert {level: levels.count(level) for level in set(levels)} == {
        Level.PROVINCE: 38,
        Level.REGENCY: 514,
        Level.DISTRICT: 7277,
        Level.VILLAGE: 83763,
    }
    south_sumatra = [r for r in shipped.regions if r.code.startswith("16.")]
    kinds = [r.kind for r in south_sumatra]
    assert (kinds.count(Kind.REGENCY), kinds.count(Kind.CITY)) == (13, 4)
    assert kinds.count(Kind.DISTRICT) == 241
    assert (kinds.count(Kind.URBAN_VILLAGE), kinds.count(Kind.VILLAGE)) == (403, 2855)


def test_508_areas_elect_a_regent_or_mayor(shipped: RegionList) -> None:
    assert sum(r.kind in (Kind.REGENCY, Kind.CITY) for r in shipped.regions) == 508


def test_no_name_of_the_shipped_list_shouts(shipped: RegionList) -> None:
    shouting = [r.name for r in shipped.regions if r.name.isupper() and len(r.code) <= 5]
    assert shouting == []


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_faults_and_never_an_error(content: bytes) -> None:
    found = read_regions(content)
    assert found.regions == () or found.faults or all(r.name for r in found.regions)


_codes = st.one_of(
    st.from_regex(r"\A[12][0-9](\.0[12](\.0[12](\.[1-4]00[12])?)?)?\Z"),
    st.text(alphabet="0123456789.٣ ", max_size=14),
)
_names = st.one_of(
    st.sampled_from(["KABUPATEN A", "KOTA B", "Desa C", "", "  "]), st.text(max_size=12)
)


@given(st.lists(st.tuples(_codes, _names), max_size=12))
def test_rows_without_a_fault_form_a_tree(rows: list[tuple[str, str]]) -> None:
    import csv
    import io

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["code", "name"])
    writer.writerows(rows)
    found = read_regions(text.getvalue().encode("utf-8", "surrogatepass"))
    codes = [r.code for r in found.regions]
    assert len(codes) == len(set(codes))
    assert all(parse_code(code).isascii() for code in codes)
    assert all(r.name.strip() and "\x00" not in r.name for r in found.regions)
    if not found.faults:
        assert parents_of(codes) <= set(codes)
        assert len(codes) == len(rows)
