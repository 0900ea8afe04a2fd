"""Rows of sheets and clipboards: recognised by name, refused by row, column and rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.platform.sheets import SheetRow, pasted_rows
from serentak.readiness.importers.reports import ReadReports, pasted, read_reports
from serentak.readiness.rules.reporting import Reportable, ReportKind

SHIP = Reportable(
    1, ("Kotak tiba di TPS", "ship-t", "Boxes at the stations", "kirim ke TPS"), 4, 10, False
)
PACK = Reportable(
    2,
    ("Logistik dikemas dalam kotak suara per TPS (setting)", "box-pack", "setting kotak"),
    None,
    10,
    False,
)
REFILL = Reportable(3, ("Surat suara kurang diganti", "ballot-refill"), None, 100, True)
TWINS = (
    Reportable(4, ("Rakor A", "rakor"), None, 5, False),
    Reportable(5, ("Rakor B", "rakor"), None, 5, False),
)
ALL = (SHIP, PACK, REFILL, *TWINS)


def row(
    activity: str, quantity: str = "5", note: str = "", kind: str = "", number: int = 2
) -> SheetRow:
    cells = {"activity": activity, "quantity": quantity, "note": note, "kind": kind}
    return SheetRow(number, cells)


def read(*rows: SheetRow) -> ReadReports:
    return read_reports(rows, known=ALL, absurd_factor=2)


@pytest.mark.parametrize(
    "text",
    [
        "Kotak tiba di TPS",
        "kotak  tiba di tps",
        "ship-t",
        "SHIP T",
        "Boxes at the stations",
        "Kirim ke TPS",
    ],
)
def test_an_activity_is_known_by_name_code_or_short_name(text: str) -> None:
    found = read(row(text))
    assert [(r.activity_id, r.quantity) for r in found.rows] == [(1, 5)]
    assert found.problems == ()
    assert found.meant == {2: 1}


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("7.0", 7), (" 8 ", 8), ("0", 0)])
def test_numbers_are_read_as_people_write_them(text: str, value: int) -> None:
    assert [r.quantity for r in read(row("box-pack", text)).rows] == [value]


@pytest.mark.parametrize(
    ("given_row", "column", "code"),
    [
        (row("rapat besar"), "activity", "row_is_unknown"),
        (row(""), "activity", "row_is_unknown"),
        (row("Kotak tiba di TSP"), "activity", "row_is_nearly"),
        (row("rakor"), "activity", "row_is_nearly"),  # two activities are called so
        (row("ship-t", "banyak"), "quantity", "total_is_no_number"),
        (row("ship-t", "5,5"), "quantity", "platform.number_is_a_fraction"),
        (row("ship-t", "17 gudang"), "quantity", "platform.number_has_words"),
        (row("ship-t", "-1"), "quantity", "quantity_is_negative"),
        (row("ship-t", "21", "ya"), "quantity", "quantity_is_absurd"),
        (row("ballot-refill", "101", "ya"), "quantity", "percent_exceeds_hundred"),
        (row("ship-t", "11"), "note", "more_than_target_needs_a_note"),
        (row("ship-t", "3"), "quantity", "less_than_before_is_a_correction"),
        (row("ship-t", "3", "typed"), "quantity", "less_than_before_is_a_correction"),
        (row("ship-t", "3", "", "koreksi"), "note", "correction_needs_a_reason"),
        (row("ship-t", "3", "typed", "turun"), "kind", "kind_is_unknown"),
    ],
)
def test_a_faulty_row_is_named_by_row_column_and_rule(
    given_row: SheetRow, column: str, code: str
) -> None:
    found = read(given_row)
    assert found.rows == ()
    [problem] = found.problems
    code = code if "." in code else f"readiness.{code}"
    assert (problem.row, problem.column, problem.code) == (2, column, code)
    assert problem.text != problem.code


def test_a_near_miss_names_what_may_be_meant() -> None:
    [problem] = read(row("Kotak tiba di TSP")).problems
    assert problem.params["near"] == "Kotak tiba di TPS"


def test_rows_without_a_total_are_left_out_and_repeats_are_refused() -> None:
    found = read(
        row("ship-t", "", number=2), row("ship-t", "5", number=3), row("ship-t", "6", number=4)
    )
    assert [(r.number, r.quantity) for r in found.rows] == [(3, 5)]
    [problem] = found.problems
    assert (problem.row, problem.code, problem.params["first"]) == (
        4,
        "readiness.row_is_repeated",
        3,
    )


def test_a_note_goes_with_its_row() -> None:
    [held] = read(row("ship-t", "6", " dua kotak lagi ")).rows
    assert held.note == "dua kotak lagi"


@pytest.mark.parametrize(
    ("kind", "quantity", "meant"),
    [
        ("", "6", ReportKind.QUANTITY),
        ("Angka baru", "6", ReportKind.QUANTITY),
        ("koreksi", "3", ReportKind.CORRECTION),
        ("Koreksi", "6", ReportKind.CORRECTION),
        ("RALAT", "3", ReportKind.CORRECTION),
        ("correction", "3", ReportKind.CORRECTION),
    ],
)
def test_a_row_says_whether_it_is_a_correction(kind: str, quantity: str, meant: ReportKind) -> None:
    [held] = read(row("ship-t", quantity, "salah ketik", kind)).rows
    assert (held.kind, held.quantity, held.note) == (meant, int(quantity), "salah ketik")


def test_a_lower_total_is_never_taken_by_itself_and_says_how_it_is() -> None:
    found = read(row("ship-t", "3", "salah ketik"), row("box-pack", "7", number=3))
    [problem] = found.problems
    assert (problem.row, [r.number for r in found.rows]) == (2, [3])
    assert "4" in problem.text
    assert "koreksi" in problem.text
    [held] = read(*pasted(pasted_rows("kirim ke TPS\t3\tsalah ketik\tkoreksi"))).rows
    assert (held.kind, held.quantity) == (ReportKind.CORRECTION, 3)


def test_the_clipboard_is_read_in_the_order_activity_total_note() -> None:
    rows = pasted(pasted_rows("kirim ke TPS\t5\tlewat sungai\n\nsetting kotak;7\nrakor"))
    found = read(*rows)
    assert [(r.number, r.activity_id, r.quantity, r.note) for r in found.rows] == [
        (1, 1, 5, "lewat sungai"),
        (2, 2, 7, ""),
    ]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*Kotak tiba di TPS* : 8", 8),
        ("- Kotak tiba di TPS: 8", 8),
        ("1. *Kotak tiba di TPS* = 8", 8),
        ("_kirim ke TPS_: *8*", 8),
        ("kirim ke TPS\t8\tdua kotak; lewat sungai", 8),
        ("kirim ke TPS;8;dua kotak", 8),
        ("kirim ke TPS : 8 kotak", "platform.number_has_words"),
        ("kirim ke TPS", "readiness.row_holds_no_total"),
        ("Selamat pagi, laporan hari ini:", "readiness.row_holds_no_total"),
        ("kirim ke bulan: 8", "readiness.row_is_unknown"),
    ],
)
def test_every_line_that_is_pasted_gets_an_answer(line: str, expected: object) -> None:
    rows = pasted(pasted_rows(line))
    found = read_reports(rows, known=ALL, absurd_factor=2, answers_all=True)
    answers = [r.quantity for r in found.rows] + [p.code for p in found.problems]
    assert answers == [expected]


def test_a_note_keeps_its_semicolon_where_tabs_part_the_cells() -> None:
    [held] = read(*pasted(pasted_rows("kirim ke TPS\t5\tdua kotak; lewat sungai"))).rows
    assert held.note == "dua kotak; lewat sungai"


def test_rows_of_our_own_sheet_are_pasted_with_their_heading() -> None:
    text = (
        "Kegiatan\tSatuan\tSasaran\tTanggal\tSudah dilaporkan\tJumlah hari ini\tCatatan\n"
        "kirim ke TPS\tkotak\t10\t2024-11-26\t4\t5\tlewat sungai\n"
    )
    [held] = read(*pasted(pasted_rows(text))).rows
    assert (held.number, held.quantity, held.note) == (2, 5, "lewat sungai")


CELLS = st.one_of(
    st.text(max_size=40),
    st.integers(-5, 2000).map(str),
    st.sampled_from([name for item in ALL for name in item.names]),
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12))
def test_whatever_is_pasted_holds_or_is_named_and_never_both(cells: list[tuple[str, ...]]) -> None:
    rows = [row(*texts, number=n) for n, texts in enumerate(cells, 1)]  # type: ignore[arg-type]
    found = read(*rows)
    held = [r.number for r in found.rows]
    told = [p.row for p in found.problems]
    asked = [r.number for r in rows if r["quantity"].strip()]
    assert sorted([*held, *told]) == asked
    assert len({r.activity_id for r in found.rows}) == len(found.rows)
    for item in found.rows:
        target = next(k.target for k in ALL if k.activity_id == item.activity_id)
        assert 0 <= item.quantity <= 2 * target


@given(st.text(max_size=300))
def test_any_text_can_be_pasted(text: str) -> None:
    found = read(*pasted(pasted_rows(text)))
    assert all(problem.row is not None for problem in found.problems)


def test_a_note_that_is_too_long_is_refused_and_not_cut() -> None:
    found = read(row("ship-t", "5", "a" * 1001), row("box-pack", "5", "a" * 1000, number=3))
    [problem] = found.problems
    assert (problem.row, problem.column, problem.code) == (2, "note", "readiness.note_is_too_long")
    assert [read.note for read in found.rows] == ["a" * 1000]
