"""Codes: what follows from a code's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import (
    COUNTRY,
    Level,
    PlaceCode,
    ancestors,
    at_level,
    child_level,
    is_within,
    level_of,
    parent_of,
    parse_code,
    subtree_range,
)

two = st.integers(0, 99).map(lambda n: f"{n:02}")
codes = st.tuples(
    two,
    two,
    two,
    st.integers(0, 9999).map(lambda n: f"{n:04}"),
    st.integers(0, 999).map(lambda n: f"{n:03}"),
).flatmap(lambda parts: st.integers(0, 5).map(lambda n: PlaceCode(".".join(parts[:n]))))


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("", Level.COUNTRY),
        ("16", Level.PROVINCE),
        ("16.07", Level.REGENCY),
        ("16.07.19", Level.DISTRICT),
        ("16.07.19.2015", Level.VILLAGE),
        ("16.07.19.2015.001", Level.STATION),
    ],
)
def test_level_follows_from_the_width(code: str, level: Level) -> None:
    assert level_of(parse_code(code)) is level


@pytest.mark.parametrize(
    "text", ["1", "16.", "1607", "16.7", "16.07.19.15", "16.07.19.2015.1", "a6", "16\n"]
)
def test_other_texts_are_no_codes(text: str) -> None:
    with pytest.raises(ValueError, match="not a place code"):
        parse_code(text)


@given(codes)
def test_a_parent_holds_its_child(code: PlaceCode) -> None:
    parent = parent_of(code)
    if parent is None:
        assert code == COUNTRY
        return
    assert is_within(code, parent)
    assert not is_within(parent, code)
    assert child_level(level_of(parent)) is level_of(code)
    assert ancestors(code)[-1] == parent
    assert at_level(code, level_of(parent)) == parent


@given(codes, codes)
def test_the_range_of_a_subtree_holds_just_what_lies_within(
    code: PlaceCode, above: PlaceCode
) -> None:
    low, high = subtree_range(above)
    assert (low <= code < high) == is_within(code, above)


def test_the_range_of_a_subtree_ends_right_behind_it() -> None:
    assert subtree_range(PlaceCode("16.07")) == ("16.07", "16.07/")
    assert subtree_range(COUNTRY) == ("", ":")


def test_a_place_is_its_own_ancestor_at_its_level_and_nothing_lies_below_a_station() -> None:
    assert at_level(PlaceCode("16.07"), Level.REGENCY) == "16.07"
    assert [child_level(level) for level in Level] == [*list(Level)[1:], None]


def test_an_ancestor_cannot_lie_below() -> None:
    with pytest.raises(ValueError, match="lies above"):
        at_level(PlaceCode("16"), Level.REGENCY)
