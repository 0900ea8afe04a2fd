"""Counts of parts, added up."""

from dataclasses import dataclass

import pytest

from serentak.kernel.sums import Summed


@dataclass(frozen=True, slots=True)
class Inner(Summed):
    """One count."""

    heard: int = 0


@dataclass(frozen=True, slots=True)
class Counts(Summed):
    """A count, a flag, and counts of their own."""

    stations: int = 0
    is_synthetic: bool = False
    inner: Inner = Inner()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Counts(), Counts(), Counts()),
        (Counts(2), Counts(3, True), Counts(5, True)),
        (Counts(1, True), Counts(1, True), Counts(2, True)),
        (Counts(inner=Inner(4)), Counts(1, inner=Inner(5)), Counts(1, inner=Inner(9))),
    ],
)
def test_counts_are_added_field_by_field(one: Counts, other: Counts, both: Counts) -> None:
    assert one + other == both
    assert sum([one, other], Counts()) == both
