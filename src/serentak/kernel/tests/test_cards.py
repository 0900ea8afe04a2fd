"""Cards taken over from rows by the names of their columns."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from serentak.kernel.cards import card_of


@dataclass(frozen=True, slots=True)
class Card:
    """A boat as a page shows it."""

    name: str
    harbour: str
    crew: int = 0


ROW = {"name": "Musi", "harbour": 7, "crew": 3, "hull": "steel"}


@pytest.mark.parametrize("row", [ROW, SimpleNamespace(**ROW)])
def test_a_card_takes_over_what_its_row_says_and_nobody_said_otherwise(row: object) -> None:
    assert card_of(Card, row, harbour="Palembang") == Card("Musi", "Palembang", 3)


@pytest.mark.parametrize(("row", "fault"), [({}, KeyError), (SimpleNamespace(), AttributeError)])
def test_a_column_that_a_row_does_not_have_is_named(row: object, fault: type[Exception]) -> None:
    with pytest.raises(fault, match="crew"):
        card_of(Card, row, name="Musi", harbour="Palembang")
