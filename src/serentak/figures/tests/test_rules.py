"""What disagrees, by how much, and what may be recorded."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.figures import rules
from serentak.figures.rules import (
    Difference,
    DifferenceKind,
    DiscrepancyEvent,
    DiscrepancyState,
    GivenFigure,
    Measure,
    Sides,
    Stated,
)
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode

MEASURE = Measure(
    code="villages",
    name={"id": "Desa", "en": "Villages"},
    unit={"id": "desa", "en": "villages"},
    decimals=0,
    sums=True,
    counted=("VILLAGE",),
    parts=("urban_villages", "rural_villages"),
    at_most=Decimal(100000),
    tolerance=Decimal(0),
    tolerance_share=Decimal(0),
    weight=1.0,
)
TODAY = date(2024, 10, 28)


def stated(value: int, rounded_to: int = 0) -> Stated:
    return Stated(Decimal(value), Decimal(rounded_to))


def found(sides: Sides, measure: Measure = MEASURE) -> list[tuple[str, int]]:
    return [(d.kind.value, int(d.amount)) for d in rules.differences(sides, measure)]


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        # Villages: the province's list against the commission's, and against the rows.
        (Sides(stated(3258), others=[stated(3249)], counted=3258), [("SOURCES", -9)]),
        (Sides(stated(3249), others=[stated(3258)], counted=3258),
         [("SOURCES", 9), ("COUNTED", 9)]),
        # Stations: final against provisional list; the tree has the final ones.
        (Sides(stated(13206), others=[stated(13185)], counted=13206), [("SOURCES", -21)]),
        # Several sources: the furthest is told.
        (Sides(stated(100), others=[stated(101), stated(90), stated(100)]), [("SOURCES", -10)]),
        (Sides(stated(100), others=[stated(100)]), []),
        # Rounded when published: half of the rounding is no difference.
        (Sides(stated(6382739), others=[stated(6370000, rounded_to=10000)]),
         [("SOURCES", -12739)]),
        (Sides(stated(6374999), others=[stated(6370000, rounded_to=10000)]), []),
        # Nothing in use, no rows, a child or a part without a figure: nothing to compare.
        (Sides(None, others=[stated(1)], counted=5), []),
        (Sides(stated(5), counted=0), []),
        (Sides(stated(5), counted=None), []),
        (Sides(stated(5), children=[stated(2), None]), []),
        (Sides(stated(5), children=[]), []),
        (Sides(stated(5), parts=[stated(2), None]), []),
        # Sums.
        (Sides(stated(5), children=[stated(2), stated(3)]), []),
        (Sides(stated(5), children=[stated(2), stated(4)]), [("CHILDREN", 1)]),
        (Sides(stated(5), parts=[stated(2), stated(2)]), [("PARTS", -1)]),
        (Sides(stated(0), counted=3), [("COUNTED", 3)]),
    ],
)  # fmt: skip
def test_what_disagrees_is_found(sides: Sides, expected: list[tuple[str, int]]) -> None:
    assert found(sides) == expected


def test_a_tolerance_is_an_amount_or_a_share_of_the_figure_in_use() -> None:
    sides = Sides(stated(1000), others=[stated(1010)])
    assert found(sides) == [("SOURCES", 10)]
    assert found(sides, replace(MEASURE, tolerance=Decimal(10))) == []
    assert found(sides, replace(MEASURE, tolerance=Decimal(9))) == [("SOURCES", 10)]
    assert found(sides, replace(MEASURE, tolerance_share=Decimal("0.01"))) == []
    assert found(sides, replace(MEASURE, tolerance_share=Decimal("0.009"))) == [("SOURCES", 10)]


def test_half_of_each_rounding_is_no_difference() -> None:
    for apart, expected in ((15, []), (16, [("SOURCES", 16)])):
        sides = Sides(stated(1000, rounded_to=10), others=[stated(1000 + apart, rounded_to=20)])
        assert found(sides) == expected


def test_a_sum_adds_values_and_roundings_unless_one_is_missing() -> None:
    parts = [stated(2, rounded_to=1), stated(3, rounded_to=4)]
    assert rules.total(parts) == Stated(Decimal(5), Decimal(5))
    assert rules.total([*parts, None]) is None
    assert rules.total([None]) is None
    assert rules.total([]) is None


def test_a_measure_without_parts_is_not_compared_with_any() -> None:
    sides = Sides(stated(5), parts=[stated(9)])
    assert found(sides) == [("PARTS", 4)]
    assert found(sides, replace(MEASURE, parts=())) == []


def test_a_difference_tells_what_is_in_use_and_all_that_disagrees() -> None:
    others = [stated(108), stated(101), stated(92), stated(100)]
    measure = replace(MEASURE, tolerance=Decimal(1))
    (found,) = rules.differences(Sides(stated(100), others=others), measure)
    assert found == Difference(
        DifferenceKind.SOURCES, Decimal(100), (Decimal(92), Decimal(108)), "92;100;101;108"
    )
    (found,) = rules.differences(Sides(stated(7), counted=5), MEASURE)
    assert found == Difference(DifferenceKind.COUNTED, Decimal(7), (Decimal(5),), "7;5")


def test_a_measure_that_does_not_sum_is_not_compared_with_its_children() -> None:
    sides = Sides(stated(5), children=[stated(9)])
    assert found(sides) == [("CHILDREN", 4)]
    assert found(sides, replace(MEASURE, sums=False)) == []


def test_a_share_divides_by_the_figure_in_use() -> None:
    (difference,) = rules.differences(Sides(stated(13206), others=[stated(13185)]), MEASURE)
    assert difference.share == Decimal(21) / Decimal(13206)
    (difference,) = rules.differences(Sides(stated(0), counted=3), MEASURE)
    assert difference.share is None


def test_the_numbers_of_sources_do_not_depend_on_which_is_in_use() -> None:
    (one,) = rules.differences(Sides(stated(3258), others=[stated(3249)]), MEASURE)
    (other,) = rules.differences(Sides(stated(3249), others=[stated(3258)]), MEASURE)
    assert one.numbers == other.numbers == "3249;3258"


numbers = st.integers(min_value=0, max_value=99999)
some = st.lists(st.builds(stated, numbers), max_size=5)


@given(numbers, some, st.one_of(st.none(), numbers), some, some)
def test_a_difference_is_never_empty_and_says_its_numbers(
    base: int, others: list[Stated], counted: int | None, children: list[Stated], parts: list
) -> None:
    sides = Sides(stated(base), others, counted, children, parts)
    for difference in rules.differences(sides, MEASURE):
        assert difference.amount != 0
        assert abs(difference.amount) == max(abs(v - base) for v in difference.against)
        assert str(base) in difference.numbers.split(";")
        assert {rules.plain(v) for v in difference.against} <= set(difference.numbers.split(";"))


@given(numbers, some)
def test_sides_that_agree_differ_in_nothing(base: int, children: list[Stated]) -> None:
    total = rules.total(children)
    sides = Sides(total, [total] if total else [], int(total.value) if total else 0, children)
    assert rules.differences(sides, MEASURE) == ()


@given(numbers, numbers)
def test_the_same_numbers_give_the_same_text_and_others_another(one: int, other: int) -> None:
    def numbers_of(value: int) -> list[str]:
        sides = Sides(stated(100000), others=[stated(value)])
        return [d.numbers for d in rules.differences(sides, MEASURE)]

    assert (numbers_of(one) == numbers_of(other)) == (one == other)


# --- what may be recorded

GIVEN = GivenFigure(PlaceCode("16"), "villages", Decimal(3258), "Province", date(2024, 8, 1))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"value": Decimal(-1)}, "value", "value_is_negative"),
        ({"value": Decimal("NaN")}, "value", "value_is_no_number"),
        ({"value": Decimal("Infinity")}, "value", "value_is_no_number"),
        ({"value": Decimal(100001)}, "value", "value_is_absurd"),
        ({"value": Decimal("3258.5")}, "value", "value_has_too_many_decimals"),
        ({"rounded_to": Decimal(-10)}, "rounded_to", "rounding_is_absurd"),
        ({"rounded_to": Decimal(999999)}, "rounded_to", "rounding_is_absurd"),
        ({"source": "  "}, "source", "source_is_missing"),
        ({"source": "x" * 201}, "source", "text_is_too_long"),
        ({"source": "x\x00"}, "source", "text_is_too_long"),
        ({"scope": "x" * 201}, "scope", "text_is_too_long"),
        ({"source_date": date(2024, 10, 29)}, "source_date", "source_date_lies_ahead"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_by_its_field(
    changes: dict, field: str, code: str
) -> None:
    fault = rules.fault_of(replace(GIVEN, **changes), MEASURE, today=TODAY)
    assert fault is not None
    assert (fault.field, fault.code) == (field, f"figures.{code}")


def test_a_right_figure_has_no_fault_and_an_unknown_measure_is_one() -> None:
    assert rules.fault_of(GIVEN, MEASURE, today=TODAY) is None
    assert rules.fault_of(replace(GIVEN, value=Decimal("3258.000")), MEASURE, today=TODAY) is None
    fault = rules.fault_of(replace(GIVEN, measure="ghosts"), None, today=TODAY)
    assert fault
    assert fault.code == "figures.measure_is_unknown"


@pytest.mark.parametrize(
    "changes",
    [
        {"value": Decimal(0)},
        {"value": Decimal(100000)},
        {"rounded_to": Decimal(100000)},
        {"rounded_to": Decimal("0.125")},
        {"source": "x" * 200, "scope": "x" * 200},
        {"source_date": TODAY},
    ],
)
def test_a_figure_at_the_edge_of_what_can_be_is_right(changes: dict) -> None:
    assert rules.fault_of(replace(GIVEN, **changes), MEASURE, today=TODAY) is None


def test_a_fault_says_what_would_be_right() -> None:
    def params(against: Measure | None = MEASURE, /, **changes: object) -> object:
        fault = rules.fault_of(replace(GIVEN, **changes), against, today=TODAY)
        return fault and (fault.field, fault.params)

    assert params(None, measure="x" * 50) == ("measure", {"measure": "x" * 40})
    assert params(value=Decimal(100001)) == ("value", {"limit": "100000"})
    assert params(value=Decimal("0.5")) == ("value", {"decimals": 0})
    assert params(source="x" * 201) == ("source", {"limit": 200})
    assert params(scope="x\x00") == ("scope", {"limit": 200})
    assert params(rounded_to=Decimal("0.0625")) == ("rounded_to", {})
    assert params(rounded_to=Decimal("NaN")) == ("value", {})
    assert params(value=Decimal(-1)) == ("value", {})
    assert params(source=" ") == ("source", {})
    assert params(source_date=date(2024, 10, 29)) == ("source_date", {})


@pytest.mark.parametrize(
    ("number", "text", "decimals"),
    [
        ("0", "0", 0),
        ("0.00", "0", 0),
        ("100", "100", 0),
        ("1E+2", "100", 0),
        ("1.50", "1.5", 1),
        ("0.125", "0.125", 3),
        ("-3.0", "-3", 0),
        ("-0", "0", 0),
    ],
)
def test_one_number_has_one_text(number: str, text: str, decimals: int) -> None:
    assert rules.plain(Decimal(number)) == text
    assert rules.decimals_of(Decimal(number)) == decimals


def test_a_number_that_is_none_needs_no_decimals() -> None:
    assert rules.decimals_of(Decimal("NaN")) == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-09", (date(2024, 9, 1), rules.DatePrecision.MONTH)),
        ("2024-09-20", (date(2024, 9, 20), rules.DatePrecision.DAY)),
        (date(2024, 9, 20), (date(2024, 9, 20), rules.DatePrecision.DAY)),
    ],
)
def test_a_sources_date_may_be_a_month(text: object, found: object) -> None:
    assert rules.source_date(text) == found


def test_another_text_is_no_date() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        rules.source_date("September 2024")


def test_a_source_states_one_figure_of_a_day_and_scope() -> None:
    assert replace(GIVEN, scope="urban").key == (
        "16", "villages", "Province", date(2024, 8, 1), "urban")  # fmt: skip


@given(st.decimals(allow_nan=True, allow_infinity=True), st.text(max_size=300))
def test_any_input_gives_a_fault_or_a_figure_that_holds(value: Decimal, source: str) -> None:
    given_figure = replace(GIVEN, value=value, source=source)
    if rules.fault_of(given_figure, MEASURE, today=TODAY) is None:
        assert value == int(value)
        assert 0 <= value <= MEASURE.at_most
        assert source.strip()


# --- states


@pytest.mark.parametrize("state", list(DiscrepancyState))
@pytest.mark.parametrize("event", list(DiscrepancyEvent))
def test_every_state_answers_every_event(state: DiscrepancyState, event: DiscrepancyEvent) -> None:
    expected = {
        (DiscrepancyState.DECIDED, DiscrepancyEvent.ASSIGN): None,
        (DiscrepancyState.DECIDED, DiscrepancyEvent.NUMBERS_CHANGE): DiscrepancyState.OPEN,
    }
    if event is DiscrepancyEvent.ASSIGN:
        default = DiscrepancyState.ASSIGNED
    elif event is DiscrepancyEvent.DECIDE:
        default = DiscrepancyState.DECIDED
    else:
        default = state
    assert rules.after(state, event) is expected.get((state, event), default)


@pytest.mark.parametrize(
    ("assigned", "decided_on", "is_used", "state"),
    [
        (False, "", False, DiscrepancyState.OPEN),
        (True, "", False, DiscrepancyState.ASSIGNED),
        (True, "1;2", True, DiscrepancyState.DECIDED),
        (False, "1;2", True, DiscrepancyState.DECIDED),
        (True, "1;3", True, DiscrepancyState.OPEN),
        (False, "1;2", False, DiscrepancyState.OPEN),
    ],
)
def test_a_decision_holds_for_its_numbers_and_its_figure(
    assigned: bool, decided_on: str, is_used: bool, state: DiscrepancyState
) -> None:
    assert (
        rules.state_of(
            assigned=assigned, decided_on=decided_on, decided_is_used=is_used, numbers="1;2"
        )
        is state
    )


# --- catalogues


def test_a_published_figure_has_what_its_source_says_unless_it_says_more() -> None:
    data = {
        "sources": {
            "kpu": {"source": "KPU", "date": "2024-09", "scope": "final"},
            "bps": {"source": "BPS", "date": date(2024, 8, 1)},
        },
        "figures": [
            {"place": "16", "measure": "voters", "value": 6382739, "from": "kpu"},
            {"place": "16.07", "measure": "area_km2", "value": 11.5, "from": "bps",
             "scope": "land", "class": "ASSUMED", "rounded_to": 0.5},
            {"place": "16", "measure": "voters", "value": 6370000, "from": "kpu", "scope": "draft"},
        ],
    }  # fmt: skip
    first, second, third = rules.parse_baseline(data)
    assert first == GivenFigure(
        PlaceCode("16"), "voters", Decimal(6382739), "KPU", date(2024, 9, 1),
        rules.DatePrecision.MONTH, "final",
    )  # fmt: skip
    assert second == GivenFigure(
        PlaceCode("16.07"), "area_km2", Decimal("11.5"), "BPS", date(2024, 8, 1),
        rules.DatePrecision.DAY, "land", FigureClass.ASSUMED, Decimal("0.5"),
    )  # fmt: skip
    assert third.scope == "draft"
    data["figures"][0]["from"] = "rumour"
    with pytest.raises(ValueError, match="figures: 1: from: 'rumour' stands nowhere"):
        rules.parse_baseline(data)


def test_a_faulty_catalogue_of_measures_is_named() -> None:
    text = {"id": "x", "en": "x"}
    item = {"name": text, "unit": text, "at_most": 1, "weight": 1}
    with pytest.raises(ValueError, match=r"a: parts.*'ghosts' stands nowhere under measures"):
        rules.parse_measures({"measures": {"a": {**item, "parts": ["ghosts"]}}})
    with pytest.raises(ValueError, match="a: tolerance: must be at least 0"):
        rules.parse_measures({"measures": {"a": {**item, "tolerance": -1}}})
    with pytest.raises(ValueError, match="a: decimals: must lie between 0 and 3"):
        rules.parse_measures({"measures": {"a": {**item, "decimals": 4}}})
    with pytest.raises(ValueError, match="a: name: needs a text in both languages"):
        rules.parse_measures({"measures": {"a": {**item, "name": {"id": "x"}}}})


def test_a_difference_compares_what_is_stated() -> None:
    difference = Difference(DifferenceKind.SOURCES, Decimal(5), (Decimal(9), Decimal(4)), "4;5;9")
    assert difference.amount == 4
