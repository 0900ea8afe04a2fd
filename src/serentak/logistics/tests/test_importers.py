"""Deliveries by sheet: packs become pieces, every fault is named at its row and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.logistics.importers import (
    Quantity,
    read_counted,
    read_deliveries,
    read_quantity,
    read_sorted,
)
from serentak.logistics.queries.catalogues import items
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import Condition
from serentak.logistics.rules.needs import packs
from serentak.platform.sheets import SheetRow


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.249", Quantity(1_249)),
        ("1,249", Quantity(1_249)),
        ("1.249 lembar", Quantity(1_249)),
        ("12 dus", Quantity(24_000, 12)),
        ("12 Dus", Quantity(24_000, 12)),
        ("12dus", Quantity(24_000, 12)),
        ("3 ikat", Quantity(60, 0, 3)),
        ("2 dus 10 ikat 13", Quantity(4_213, 2, 10)),
        ("2 dus, 10 ikat, 13 lembar", Quantity(4_213, 2, 10)),
        ("2 dus + 13", Quantity(4_013, 2)),
        ("1.000 dus", Quantity(2_000_000, 1_000)),
        ("", None),
        ("dus", None),
        ("-5", None),
        ("1,5", None),
        ("12 peti", None),
        ("sekitar 100", None),
    ],
)
def test_a_quantity_is_read_as_it_is_written(text: str, said: Quantity | None) -> None:
    assert read_quantity(text, pack=20, carton=2_000) == said


@given(st.integers(1, 9_999_999))
def test_what_is_told_in_packs_is_read_back(pieces: int) -> None:
    ballot = items().items["ballot-governor"]
    cartons, bundles, rest = packs(ballot, pieces)
    text = f"{cartons} dus {bundles} ikat {rest} lembar"
    said = read_quantity(text, pack=ballot.pack.pieces, carton=ballot.pack.carton)
    assert said == Quantity(pieces, cartons, bundles)


def row(item: str, quantity: str, number: int = 2, **more: str) -> SheetRow:
    return SheetRow(number, {"item": item, "quantity": quantity, **more})


@pytest.mark.parametrize(
    ("given", "thing"),
    [
        (row("Surat suara gubernur", "1"), ("ballot-governor", Race.GOVERNOR)),
        (row("ballot-regent", "1"), ("ballot-regent", Race.REGENT)),
        (row("Kotak suara", "1", race="Gubernur"), ("ballot-box", Race.GOVERNOR)),
        (row("KOTAK SUARA", "1", race="Wali Kota"), ("ballot-box", Race.REGENT)),
        (row("Kotak suara, gubernur", "1"), ("ballot-box", Race.GOVERNOR)),
        (row("Voting booth", "1"), ("booth", None)),
        (row("Tinta", "1", lot=" A  1"), ("ink", None)),
        (row("Surat Suara", "1", race="Gubernur"), ("ballot-governor", Race.GOVERNOR)),
        (row("Surat suara", "1", race="Pemilihan Wali Kota"), ("ballot-regent", Race.REGENT)),
        (row("Bupati", "1"), ("ballot-regent", Race.REGENT)),
        (row("Kantong plastik kecil", "1"), ("bag-small", None)),
    ],
)
def test_an_item_is_known_by_its_names(given: SheetRow, thing: tuple[str, Race | None]) -> None:
    found = read_deliveries([given], races=frozenset(Race))
    assert found.problems == ()
    assert [(r.what.item, r.what.race) for r in found.rows] == [thing]


@pytest.mark.parametrize(
    ("given", "column", "code"),
    [
        (row("Pesawat", "1"), "item", "item_is_unknown"),
        (row("Kotak suara", "1"), "race", "item_needs_its_race"),
        (row("Kotak suara", "1", race="presiden"), "race", "race_is_unknown"),
        (row("Surat suara gubernur", "1", race="bupati"), "race", "item_is_of_another_race"),
        (row("Kotak suara, gubernur", "1", race="bupati"), "race", "item_is_of_another_race"),
        (row("Bilik suara", "1", race="bupati"), "race", "item_serves_every_race"),
        (row("Bilik suara", "1", lot="A"), "lot", "item_comes_in_no_lots"),
        (row("Tinta", "1", lot="A" * 61), "lot", "lot_is_too_long"),
        (row("Tinta", "12 peti"), "quantity", "quantity_is_not_read"),
        (row("Tinta", ""), "quantity", "quantity_is_not_read"),
        (row("Tinta", "0"), "quantity", "pieces_are_absurd"),
        (row("Tinta", "999999999 dus"), "quantity", "pieces_are_absurd"),
        (row("Tinta", "1 dus", content="nol"), "content", "content_is_not_read"),
        (row("Tinta", "1 dus", content="0"), "content", "content_is_not_read"),
    ],
)
def test_each_fault_is_named(given: SheetRow, column: str, code: str) -> None:
    found = read_deliveries([given], races=frozenset(Race))
    assert found.rows == ()
    assert [(p.row, p.column, p.code) for p in found.problems] == [(2, column, f"logistics.{code}")]


def test_a_fraction_is_called_one() -> None:
    (problem,) = read_deliveries([row("Tinta", "1,5")], races=()).problems
    assert problem.code == "platform.number_is_a_fraction"


def test_a_carton_holds_what_the_sheet_says() -> None:
    given = row("Surat suara gubernur", "12 dus", content="2.500")
    (found,) = read_deliveries([given], races=frozenset(Race)).rows
    assert (found.quantity.pieces, found.carton) == (30_000, 2_500)


def test_a_race_that_a_store_does_not_keep_is_refused() -> None:
    given = row("Surat suara bupati", "1")
    (problem,) = read_deliveries([given], races={Race.GOVERNOR}).problems
    assert problem.code == "logistics.race_is_not_held_here"


GOVERNORS = "Surat suara gubernur"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"opened": "12 dus", "good": "23.950", "damaged": "50"}, (24_000, 23_950, 50)),
        ({"opened": "100", "good": "100", "damaged": ""}, (100, 100, 0)),
        ({"opened": "100", "good": "99", "damaged": "-"}, (100, 99, 0)),
        ({"opened": "100", "good": "0", "damaged": "nihil"}, (100, 0, 0)),
        ({"opened": "4 ikat", "good": "78 lembar", "damaged": "2"}, (80, 78, 2)),
    ],
)
def test_a_sheet_of_sorting_is_read(given: dict[str, str], said: tuple[int, int, int]) -> None:
    cells = {"item": GOVERNORS, "race": "", "lot": "A", "content": "", **given}
    (found,) = read_sorted([SheetRow(7, cells)], races=frozenset(Race)).rows
    assert (found.number, found.opened, found.good, found.damaged) == (7, *said)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"item": "Bilik suara"}, "item", "logistics.item_is_not_sorted"),
        ({"opened": "0"}, "opened", "logistics.pieces_are_absurd"),
        ({"opened": ""}, "opened", "logistics.quantity_is_not_read"),
        ({"good": ""}, "good", "logistics.quantity_is_not_read"),
        ({"damaged": "beberapa"}, "damaged", "logistics.quantity_is_not_read"),
        ({"damaged": "1,5"}, "damaged", "platform.number_is_a_fraction"),
    ],
)
def test_each_fault_of_a_sorting_is_named(cells: dict[str, str], column: str, code: str) -> None:
    whole = {
        "item": GOVERNORS, "race": "", "lot": "", "content": "", "opened": "100", "good": "99",
        "damaged": "1", **cells,
    }  # fmt: skip
    found = read_sorted([SheetRow(2, whole)], races=frozenset(Race))
    assert found.rows == ()
    assert [(one.row, one.column, one.code) for one in found.problems] == [(2, column, code)]


@pytest.mark.parametrize(
    ("item", "text", "condition"),
    [
        ("Bilik suara", "", Condition.GOOD),
        ("Bilik suara", "Rusak", Condition.DAMAGED),
        (GOVERNORS, "", Condition.UNSORTED),
        (GOVERNORS, "BAIK", Condition.GOOD),
        (GOVERNORS, "Belum disortir", Condition.UNSORTED),
    ],
)
def test_a_count_is_read_in_its_condition(item: str, text: str, condition: Condition) -> None:
    (found,) = read_counted([row(item, "0", condition=text)], races=frozenset(Race)).rows
    assert (found.condition, found.quantity) == (condition, 0)


def test_what_was_counted_twice_or_in_an_unknown_condition_is_a_problem() -> None:
    rows = [
        row("Bilik suara", "4", 2),
        row("Bilik suara", "5", 3, condition="baik"),
        row("Tinta", "5", 4, condition="setengah"),
    ]
    found = read_counted(rows, races=frozenset(Race))
    assert [one.quantity for one in found.rows] == [4]
    assert [(one.row, one.column, one.code) for one in found.problems] == [
        (3, "item", "logistics.thing_stands_twice"),
        (4, "condition", "logistics.condition_is_unknown"),
    ]


@pytest.mark.parametrize(
    ("text", "unit", "pieces"),
    [("3", "dus", 6_000), ("3", "Lembar", 3), ("3 dus", "dus", 6_000), ("1.249", "", 1_249)],
)
def test_a_column_of_units_says_what_the_number_counts(text: str, unit: str, pieces: int) -> None:
    (found,) = read_deliveries([row(GOVERNORS, text, unit=unit)], races=frozenset(Race)).rows
    assert found.quantity.pieces == pieces


def test_a_unit_that_nobody_knows_is_a_problem() -> None:
    (problem,) = read_deliveries([row(GOVERNORS, "3", unit="rim")], races=frozenset(Race)).problems
    assert (problem.column, problem.code) == ("quantity", "logistics.quantity_is_not_read")
