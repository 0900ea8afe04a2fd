"""Importer: every row is read, or the rule that it breaks is named with row and column."""

import csv
import io
import random
from collections.abc import Iterable, Mapping

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from serentak.elections import importers, rules
from serentak.elections.importers import COLUMNS, ReadStations, Villages
from serentak.elections.rules import VillageName
from serentak.kernel.codes import PlaceCode, level_of
from serentak.kernel.refused import Refused
from serentak.platform.sheets import (
    Severity,
    SheetRow,
    mapped_rows,
    missing_problems,
    read_sheet,
    recognise,
    template_workbook,
)

from .builders import LIMITS

OKI = PlaceCode("16.02")
VILLAGES = Villages(
    [
        VillageName(PlaceCode("16.02.14.2001"), "Nusa Karta", "Air Sugihan"),
        VillageName(PlaceCode("16.02.14.2002"), "Kerta Mukti", "Air Sugihan"),
        VillageName(PlaceCode("16.02.05.1001"), "Kayu Agung Asli", "Kayu Agung"),
        VillageName(PlaceCode("16.02.05.2011"), "Suka Maju", "Kayu Agung"),
        VillageName(PlaceCode("16.02.05.2012"), "Sukamaju", "Kayu Agung"),
    ]
)
GOOD = {"code": "16.02.14.2001", "number": "1", "male": "231", "female": "244"}


def read(*cells: Mapping[str, str]) -> ReadStations:
    rows = [SheetRow(number, row) for number, row in enumerate(cells, start=2)]
    return importers.read_stations(rows, villages=VILLAGES, within=OKI, limits=LIMITS)


def faults(found: ReadStations) -> list[tuple[int | None, str | None, str]]:
    return [(p.row, p.column, p.code.removeprefix("elections.")) for p in found.problems]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"code": "16.02.14.2001", "number": "1"}, "16.02.14.2001.001"),
        ({"code": "16.02.14.2001.012"}, "16.02.14.2001.012"),
        ({"code": "1602142001012"}, "16.02.14.2001.012"),
        ({"code": "1602142001", "number": "TPS 007"}, "16.02.14.2001.007"),
        ({"code": "1602142001012", "number": "12"}, "16.02.14.2001.012"),
        ({"code": "", "district": "AIR SUGIHAN", "village": "nusa  karta", "number": "001"},
         "16.02.14.2001.001"),
        ({"code": "", "district": "Kayuagung", "village": "Kayuagung Asli", "number": "3"},
         "16.02.05.1001.003"),
    ],
)  # fmt: skip
def test_a_station_is_known_by_code_or_by_names(cells, code) -> None:
    found = read({**GOOD, "number": "", **cells})
    assert faults(found) == []
    assert [r.code for r in found.rows] == [code]
    assert (found.rows[0].male, found.rows[0].female) == (231, 244)


@pytest.mark.parametrize(
    ("cells", "column", "fault"),
    [
        ({"code": "16.02.14"}, "code", "code_has_wrong_width"),
        ({"code": "16.02.14.2001.1"}, "code", "code_has_wrong_width"),
        ({"code": "Nusa Karta"}, "code", "code_has_wrong_width"),
        ({"code": "1602142001٠٠١"}, "code", "code_has_wrong_width"),
        ({"code": "16.07.02.2001"}, "code", "village_is_outside"),
        ({"code": "16.02.14.2999"}, "code", "village_is_unknown"),
        ({"code": "16.02.14.2001.000", "number": ""}, "code", "station_number_is_wrong"),
        ({"code": "16.02.14.2001.002"}, "number", "number_differs_from_code"),
        ({"number": ""}, "number", "station_number_is_missing"),
        ({"number": "0"}, "number", "station_number_is_wrong"),
        ({"number": "-2"}, "number", "station_number_is_wrong"),
        ({"number": ".2"}, "number", "station_number_is_wrong"),
        ({"number": "1000"}, "number", "station_number_is_wrong"),
        ({"number": "satu"}, "number", "station_number_is_wrong"),
        ({"code": "", "village": "Nusa Karta"}, "district", "row_names_no_village"),
        ({"code": "", "district": "Cengal", "village": "Nusa Karta"}, "district",
         "district_is_unknown"),
        ({"code": "", "district": "Air Sugihan", "village": "Nusa Karya"}, "village",
         "village_name_is_nearly"),
        ({"code": "", "district": "Air Sugihan", "village": "Timbuktu"}, "village",
         "village_name_is_unknown"),
        ({"code": "", "district": "Kayu Agung", "village": "Suka Maju"}, "village",
         "village_name_is_ambiguous"),
        ({"male": ""}, "male", "voters_are_missing"),
        ({"female": "dua ratus"}, "female", "voters_are_no_number"),
        ({"female": "244.5"}, "female", "platform.number_is_a_fraction"),
        ({"male": "1e3"}, "male", "voters_are_no_number"),
        ({"male": "-3"}, "male", "voters_are_negative"),
        ({"female": "-3"}, "female", "voters_are_negative"),
        ({"male": "5.001"}, "male", "voters_are_absurd"),
        ({"total": "476"}, "total", "total_differs"),
        ({"total": "banyak"}, "total", "voters_are_no_number"),
        ({"over_limit_reason": "x" * 301}, "over_limit_reason", "text_is_too_long"),
        ({"special_location": "x" * 201}, "special_location", "text_is_too_long"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_row_column_and_rule(cells, column, fault) -> None:
    other = {**GOOD, "code": "16.02.14.2002"}
    found = read(other, {**GOOD, **cells})
    assert faults(found) == [(3, column, fault)]
    assert [r.code for r in found.rows] == ["16.02.14.2002.001"]
    [problem] = found.problems
    assert problem.severity is Severity.ERROR
    assert problem.text != problem.code, "not worded"
    assert "%(" not in problem.text


def test_more_voters_than_allowed_want_a_reason() -> None:
    many = {**GOOD, "male": "400", "female": "201"}
    asked = read(many)
    assert faults(asked) == [(2, "male", "voters_over_limit_need_a_reason")]
    assert asked.problems[0].severity is Severity.CONFIRM
    assert [r.total for r in asked.rows] == [601]
    given_one = read({**many, "over_limit_reason": "Lapas"})
    assert given_one.problems == ()
    assert given_one.rows[0].over_limit_reason == "Lapas"


def test_a_station_stands_once_and_the_second_row_says_where() -> None:
    found = read(GOOD, {**GOOD, "code": "16.02.14.2001.001", "number": ""})
    assert faults(found) == [(3, "code", "row_repeats")]
    assert found.problems[0].params == {"station": "16.02.14.2001.001", "first": 2}
    assert len(found.rows) == 1


def test_all_that_is_wrong_in_a_row_is_said_at_once() -> None:
    found = read({"code": "16.02", "number": "1", "male": "x", "female": ""})
    assert [f[2] for f in faults(found)] == [
        "code_has_wrong_width", "voters_are_no_number", "voters_are_missing",
    ]  # fmt: skip


def test_a_sheet_without_code_and_village_is_said_once() -> None:
    found = read(*[{"male": "1", "female": "2"}] * 50)
    assert faults(found) == [(None, "code", "sheet_names_no_village")]


@pytest.mark.parametrize(
    ("text", "special"),
    [
        ("", ""),
        ("tidak", ""),
        ("-", ""),
        ("ya", "lokasi khusus"),
        ("Lapas Kelas II", "Lapas Kelas II"),
    ],
)
def test_a_special_location_is_what_the_sheet_calls_it(text, special) -> None:
    assert read({**GOOD, "special_location": text}).rows[0].special_location == special


@pytest.mark.parametrize(
    ("text", "number"),
    [("235", 235), ("235.0", 235), ("1.235", 1235), ("1,235", 1235), ("1 235", 1235), ("−5", -5),
     ("", None), ("2,5", None), ("1.23", None), ("٢٣٥", None), ("9" * 12, None)],
)  # fmt: skip
def test_how_a_number_is_read(text, number) -> None:
    assert importers.whole(text) == number


# --- files


def csv_of(rows: Iterable[Iterable[object]], delimiter: str = ";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


def xlsx_of(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, list(row))
    return out.getvalue()


def read_file(content: bytes) -> ReadStations:
    sheet = read_sheet(content)
    mapping = recognise(sheet.headings, COLUMNS)
    assert not missing_problems(mapping, COLUMNS)
    return importers.read_stations(
        mapped_rows(sheet, mapping), villages=VILLAGES, within=OKI, limits=LIMITS
    )


COMMISSION = [
    ["REKAPITULASI DAFTAR PEMILIH TETAP", "", "", "", "", "", ""],
    ["NO", "KECAMATAN", "DESA/KELURAHAN", "TPS", "L", "P", "L+P"],
    [1, "AIR SUGIHAN", "NUSA KARTA", 1, 231, 244, 475],
    [2, "AIR SUGIHAN", "NUSA KARTA", 2, 200, 210, 410],
]


@pytest.mark.parametrize("form", [csv_of, xlsx_of])
def test_the_commissions_own_sheet_is_recognised(form) -> None:
    found = read_file(form(COMMISSION))
    assert faults(found) == []
    assert [(r.code, r.total) for r in found.rows] == [
        ("16.02.14.2001.001", 475), ("16.02.14.2001.002", 410),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headings",
    [
        ["Kode TPS", "Laki-laki", "Perempuan"],
        ["Station code", "Male", "Female"],
        ["kode wilayah", "LK", "PR"],
    ],
)
def test_headings_are_recognised_by_alias(headings) -> None:
    found = read_file(csv_of([headings, ["16.02.14.2001.001", 1, 2]], ","))
    assert [(r.code, r.male, r.female) for r in found.rows] == [("16.02.14.2001.001", 1, 2)]


def test_the_template_can_be_filled_in_and_read_back() -> None:
    sheet = template_workbook("TPS", COLUMNS)
    with pytest.raises(Refused) as refused:
        read_sheet(sheet)
    assert refused.value.code == "platform.sheet_is_empty"
    headings = [str(c.label) for c in COLUMNS]
    values = {"code": "16.02.14.2001.001", "male": 1, "female": 2}
    found = read_file(xlsx_of([headings, [values.get(c.name, "") for c in COLUMNS]]))
    assert (faults(found), len(found.rows)) == ([], 1)


def test_a_sheet_with_other_columns_lacks_the_voters() -> None:
    sheet = read_sheet(csv_of([["Nama", "Alamat"], ["Ani", "Jalan"]]))
    missing = missing_problems(recognise(sheet.headings, COLUMNS), COLUMNS)
    assert [problem.column for problem in missing] == ["male", "female"]


@pytest.mark.parametrize("content", [b"%PDF-1.7 not a sheet", b"\x89PNG\r\n\x1a\n" + b"0" * 60])
def test_a_file_that_is_no_sheet_is_refused(content) -> None:
    with pytest.raises(Refused) as refused:
        read_sheet(content)
    assert refused.value.code == "platform.sheet_is_neither_xlsx_nor_csv"


# --- properties

NUMBERS = st.integers(0, 300)
PRESENT = st.integers(1, 300)


@given(
    stations=st.lists(
        st.tuples(st.sampled_from(sorted(VILLAGES.by_code)), st.integers(1, 999), PRESENT, NUMBERS),
        min_size=1,
        max_size=60,
        unique_by=lambda s: s[:2],
    ),
    seed=st.integers(0, 2**16),
)
def test_what_is_written_is_read_in_any_order_and_form(stations, seed) -> None:
    rows = [
        {
            "code": village if seed % 2 else village.replace(".", ""),
            "number": f"TPS {number:03}" if seed % 3 else str(number),
            "male": str(male),
            "female": str(female),
            "total": str(male + female),
        }
        for village, number, male, female in stations
    ]
    random.Random(seed).shuffle(rows)
    found = read(*rows)
    assert found.problems == ()
    assert {(r.code, r.male, r.female) for r in found.rows} == {
        (f"{village}.{number:03}", male, female) for village, number, male, female in stations
    }


@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                column.name: st.text(max_size=12)
                | st.sampled_from(["16.02.14.2001", "1602142001001", "600", "-1", "1.235", "TPS 1"])
                for column in COLUMNS
            },
        ),
        max_size=25,
    )
)
@example(rows=[{"code": "16.02.14.2001", "number": "²", "male": "1", "female": "1"}])
@example(rows=[{"code": "16.02.14.2001", "number": "1", "male": "١", "female": "1"}])
def test_no_sheet_breaks_the_importer_and_no_bad_row_comes_through(rows) -> None:
    found = read(*rows)
    wrong = {p.row for p in found.problems if p.severity is Severity.ERROR}
    assert len(found.rows) + len(wrong - {None}) <= max(len(rows), 0)
    if None not in wrong:
        assert len(found.rows) + len(wrong) == len(rows)
    assert len({r.code for r in found.rows}) == len(found.rows)
    for station in found.rows:
        assert level_of(station.code) == 17
        assert station.code[:13] in VILLAGES.by_code
        assert rules.fault_of_station(station, limits=LIMITS) in (
            None,
            "voters_over_limit_need_a_reason",
        )
    for problem in found.problems:
        assert problem.text != problem.code
        assert "%(" not in problem.text or "%(" in str(problem.params)
