"""Sheets as they go round in real offices: read as they are meant, or refused with the mend."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import xlsxwriter

from serentak.elections.importers import COLUMNS, Villages, read_stations
from serentak.elections.rules import StationRow, VillageName
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.platform.sheets import (
    Aside,
    Problem,
    RawSheet,
    Severity,
    mapped_rows,
    missing_problems,
    read_sheet,
    recognise,
    set_aside,
    total_problems,
)

from .builders import LIMITS

SOUTH_SUMATRA = PlaceCode("16")
VILLAGES = Villages(
    [
        VillageName(PlaceCode(code), name, district)
        for code, name, district in (
            ("16.02.14.2001", "Nusa Karta", "Air Sugihan"),
            ("16.02.14.2002", "Kerta Mukti", "Air Sugihan"),
            ("16.02.05.1001", "Jua-Jua", "Kayu Agung"),
            ("16.02.05.1002", "Tanjung Rancing", "Kayu Agung"),
            ("16.71.01.1001", "Tiga-puluh-lima Ilir", "Ilir Barat Dua"),
            ("16.71.02.1003", "Dua Ulu", "Seberang Ulu Satu"),
            ("16.71.05.1007", "Dua-puluh Ilir Tiga", "Ilir Timur Satu"),
        )
    ]
)


@dataclass
class Read:
    sheet: RawSheet
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    problems: list[tuple[int | None, str | None, str]] = field(default_factory=list)
    confirms: list[Problem] = field(default_factory=list)
    aside: dict[int, Aside] = field(default_factory=dict)


def read(content: bytes, sheet: str = "") -> Read:
    """Read a sheet as the page of the import does."""
    raw = read_sheet(content, COLUMNS, sheet=sheet)
    mapping = recognise(raw.headings, COLUMNS)
    aside = set_aside(raw, mapping, COLUMNS)
    missing = missing_problems(mapping, COLUMNS)
    stations: tuple[StationRow, ...] = ()
    found: list[Problem] = list(missing)
    if not missing:
        rows = mapped_rows(raw, mapping, aside)
        taken = read_stations(rows, villages=VILLAGES, within=SOUTH_SUMATRA, limits=LIMITS)
        stations = taken.rows
        found = [*taken.problems, *total_problems(raw, mapping, COLUMNS, aside)]
    return Read(
        raw,
        {row.code: (row.male, row.female) for row in stations},
        [
            (p.row, p.column, p.code.partition(".")[2])
            for p in found
            if p.severity is Severity.ERROR
        ],
        [p for p in found if p.severity is Severity.CONFIRM],
        aside,
    )


def workbook(write: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        write(book)
    return out.getvalue()


def table(rows: list[list[Any]]) -> bytes:
    def write(book: Any) -> None:
        page = book.add_worksheet("DPT")
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)

    return workbook(write)


HEADINGS = ["No", "Kecamatan", "Desa/Kelurahan", "No TPS", "L", "P", "Jumlah"]
NUSA_KARTA = {"16.02.14.2001.001": (231, 244)}


def recapitulation(*, total: int = 475 + 410, numbers: bool = True) -> bytes:
    """A title, headings on two rows with merged cells, numbers of columns, a total, signatures."""

    def write(book: Any) -> None:
        page = book.add_worksheet("Rekap DPT")
        page.merge_range("A1:G1", "REKAPITULASI DAFTAR PEMILIH TETAP", None)
        page.merge_range("A2:G2", "KABUPATEN OGAN KOMERING ILIR", None)
        for at, heading in enumerate(["NO", "KECAMATAN", "DESA / KELURAHAN", "NOMOR TPS"]):
            page.merge_range(3, at, 4, at, heading, None)
        page.merge_range("E4:G4", "JUMLAH PEMILIH", None)
        page.write_row("E5", ["L", "P", "L + P"])
        if numbers:
            page.write_row("A6", ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7 = 5 + 6)"])
        page.write_row("A7", [1, "", "NUSA KARTA", "TPS 001", 231, 244, 475])
        page.write_row("A8", [2, "", "KERTA MUKTI", "TPS 001", 200, 210, 410])
        page.merge_range("B7:B8", "AIR SUGIHAN", None)
        page.merge_range("A9:D9", "JUMLAH", None)
        page.write_row("E9", [431, 454, total])
        page.write("F11", "Kayu Agung, 20 September 2024")
        page.write("F12", "KETUA KPU KABUPATEN")

    return workbook(write)


def test_a_recapitulation_with_headings_on_two_rows_is_read() -> None:
    found = read(recapitulation())
    assert found.problems == []
    assert found.rows == {**NUSA_KARTA, "16.02.14.2002.001": (200, 210)}
    assert found.aside == {
        6: Aside.NUMBERS,
        9: Aside.TOTAL,
        11: Aside.BELOW,
        12: Aside.BELOW,
    }


def test_headings_on_two_rows_are_read_without_knowing_what_is_merged() -> None:
    text = (
        "REKAPITULASI;;;;;\n\nNO;KECAMATAN;DESA;TPS;PEMILIH;;\n;;;;L;P;L+P\n1;2;3;4;5;6;7\n"
        "1;Air Sugihan;Nusa Karta;001;231;244;475\n"
    )
    found = read(text.encode())
    assert (found.rows, found.problems) == (NUSA_KARTA, [])
    assert list(found.sheet.headings[3:]) == ["TPS", "PEMILIH › L", "PEMILIH › P", "PEMILIH › L+P"]


def test_a_row_of_totals_is_a_check_and_no_station() -> None:
    assert read(recapitulation(total=886)).problems == [(9, "total", "total_row_differs")]


def test_totals_of_each_district_and_of_all_are_both_checked() -> None:
    rows = [
        HEADINGS,
        [1, "Air Sugihan", "Nusa Karta", 1, 231, 244, 475],
        ["Jumlah Kec. Air Sugihan", "", "", "", 231, 244, 475],
        [2, "Kayu Agung", "Jua-Jua", 1, 100, 110, 210],
        ["Sub total", "", "", "", 100, 110, 210],
        ["TOTAL", "", "", "", 331, 354, 685],
    ]
    assert read(table(rows)).problems == []
    rows[4][5] = 111
    assert read(table(rows)).problems == [(5, "female", "total_row_differs")]


def several_sheets() -> bytes:
    """A hidden sheet first, a cover, the data, and another year's data of fewer columns."""

    def write(book: Any) -> None:
        hidden = book.add_worksheet("master")
        hidden.write_row(0, 0, HEADINGS)
        hidden.write_row(1, 0, [1, "Air Sugihan", "Nusa Karta", 1, 9, 9, 18])
        cover = book.add_worksheet("Sampul")
        cover.write("B3", "DAFTAR PEMILIH TETAP")
        cover.write("B5", "KPU Kabupaten Ogan Komering Ilir")
        cover.activate()
        cover.set_first_sheet()
        hidden.hide()
        page = book.add_worksheet("Data TPS")
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, [1, "Air Sugihan", "Nusa Karta", 1, 231, 244, 475])
        other = book.add_worksheet("Data 2020")
        other.write_row(0, 0, HEADINGS[:6])
        other.write_row(1, 0, [1, "Air Sugihan", "Kerta Mukti", 1, 5, 6])

    return workbook(write)


def test_the_sheet_that_fits_is_read_and_another_can_be_chosen() -> None:
    found = read(several_sheets())
    assert (found.rows, found.problems) == (NUSA_KARTA, [])
    assert found.sheet.name == "Data TPS"
    assert list(found.sheet.others) == ["master", "Sampul", "Data 2020"]
    assert list(found.sheet.invisible) == ["master"]
    assert read(several_sheets(), "Data 2020").rows == {"16.02.14.2002.001": (5, 6)}


def test_rows_that_a_filter_hides_are_left_out_and_told() -> None:
    def write(book: Any) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        page.write_row(1, 0, [1, "Air Sugihan", "Nusa Karta", 1, 231, 244, 475])
        page.write_row(2, 0, [2, "Kayu Agung", "Jua-Jua", 1, 100, 110, 210])
        page.autofilter("A1:G3")
        page.filter_column("B", 'x == "Air Sugihan"')
        page.set_row(2, options={"hidden": True})

    found = read(workbook(write))
    assert (found.rows, found.problems) == (NUSA_KARTA, [])
    assert found.aside == {3: Aside.HIDDEN}


@pytest.mark.parametrize(
    ("district", "village", "code"),
    [
        ("KEC. AIR SUGIHAN", "DESA NUSA KARTA", "16.02.14.2001"),
        ("Kecamatan Air Sugihan", "Ds. Kerta Mukti", "16.02.14.2002"),
        ("KAYUAGUNG", "KEL. JUA JUA", "16.02.05.1001"),
        ("KOTA KAYU AGUNG", "Kel Tj. Rancing", "16.02.05.1002"),
        ("Kayu Agung", "TG RANCING", "16.02.05.1002"),
        ("ILIR BARAT II", "35 ILIR", "16.71.01.1001"),
        ("KEC. SEBERANG ULU I", "KEL. 2 ULU", "16.71.02.1003"),
        ("Ilir Timur I", "20 ILIR D. III", "16.71.05.1007"),
        ("Ilir Timur Satu", "20 Ilir D III", "16.71.05.1007"),
    ],
)
def test_names_are_understood_as_offices_write_them(district: str, village: str, code: str) -> None:
    found = read(table([HEADINGS, [1, district, village, "TPS 1", 1, 2, 3]]))
    assert (list(found.rows), found.problems) == ([f"{code}.001"], [])


@pytest.mark.parametrize(
    ("district", "village", "column", "code", "said"),
    [
        ("Air Sugian", "Nusa Karta", "district", "district_is_nearly", "Air Sugihan"),
        ("Cengal", "Nusa Karta", "district", "district_is_unknown", "Cengal"),
        ("Kayu Agung", "Nusa Karta", "village", "village_lies_elsewhere", "Air Sugihan"),
        ("Air Sugihan", "Nusa Kerta", "village", "village_name_is_nearly", "Nusa Karta"),
    ],
)
def test_a_name_that_is_none_says_which_is_meant(
    district: str, village: str, column: str, code: str, said: str
) -> None:
    content = table([HEADINGS, [1, district, village, 1, 1, 2, 3]])
    assert read(content).problems == [(2, column, code)]
    raw = read_sheet(content, COLUMNS)
    rows = mapped_rows(raw, recognise(raw.headings, COLUMNS))
    [problem] = read_stations(rows, villages=VILLAGES, within=SOUTH_SUMATRA, limits=LIMITS).problems
    assert said in problem.text


def test_a_code_and_a_name_that_disagree_are_both_named() -> None:
    text = b"kode;kecamatan;desa;tps;L;P\n16.02.14.2001;KAYU AGUNG;JUA-JUA;2;231;244\n"
    found = read(text)
    assert found.rows == {}
    assert found.problems == [
        (2, "district", "name_differs_from_code"),
        (2, "village", "name_differs_from_code"),
    ]


def test_a_statistical_code_beside_its_own_names_is_no_other_villages() -> None:
    """BPS counts 1602142001 for a village that the Ministry numbers otherwise."""
    text = b"kode desa;kecamatan;desa;tps;L;P\n1602142001;Air Sugihan;Kerta Mukti;2;231;244\n"
    assert read(text).problems == [(2, "village", "name_differs_from_code")]


def test_a_name_that_is_spelt_otherwise_beside_its_code_wants_confirming() -> None:
    text = b"kode;desa;tps;L;P\n16.02.14.2001;Nusa Kartha;2;231;244\n"
    found = read(text)
    assert list(found.rows) == ["16.02.14.2001.002"]
    assert [(p.row, p.column) for p in found.confirms] == [(2, "village")]


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        ("1.024", 1024),
        ("1,024", 1024),
        ("1 024", 1024),
        (1024.0, 1024),
        (0.983, "number_is_a_fraction"),
        (1.24, "number_is_a_fraction"),
        (1.235, "number_is_a_fraction"),
        ("0.983", "number_is_a_fraction"),
        ("0,983", "number_is_a_fraction"),
        ("98,3 %", "number_is_a_fraction"),
        ("231 orang", "number_has_words"),
        ("dua ratus", "voters_are_no_number"),
    ],
)
def test_a_fraction_is_never_thousands(cell: object, outcome: object) -> None:
    def write(book: Any) -> None:
        percent = book.add_format({"num_format": "0.0%"})
        page = book.add_worksheet()
        page.write_row(0, 0, ["kode", "L", "P"])
        page.write_row(1, 0, ["16.02.14.2001.001", None, 2])
        page.write(1, 1, cell, percent if isinstance(cell, float) else None)

    found = read(workbook(write))
    if isinstance(outcome, int):
        # More voters than a station may have wants confirming; the number is what counts here.
        assert found.sheet.rows[0][1] in (str(cell), str(outcome))
        assert "number" not in str(found.problems)
    else:
        assert found.problems == [(2, "male", outcome)]


def test_text_in_utf_16_is_read() -> None:
    text = "kode;L;P\n16.02.14.2001.001;231;244\n"
    for encoded in (text.encode("utf-16"), b"\xfe\xff" + text.encode("utf-16-be")):
        assert read(encoded).rows == NUSA_KARTA


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (COMPOUND + "Workbook".encode("utf-16-le") + bytes(500), "sheet_is_of_an_old_kind"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le") + bytes(500), "sheet_has_a_password"),
        (b"<html><table><tr><td>kode</td></tr></table>", "sheet_is_neither_xlsx_nor_csv"),
    ],
)
def test_what_is_not_read_is_refused_with_its_mend(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content)
    assert refused.value.code == f"platform.{code}"
