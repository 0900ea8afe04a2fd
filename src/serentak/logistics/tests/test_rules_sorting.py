"""What will be lacking at sorting, judged by what was found so far."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.logistics.rules.sorting import Belief, Losses, Sorting, expected_losses

BELIEF = Belief(share=0.003, weight=10_000, together=25)


@pytest.mark.parametrize(
    ("unsorted", "found", "likely"),
    [
        (0, Sorting(1_000, 3), 0),
        (100_000, Sorting(), 300),
        (100_000, Sorting(10_000, 30), 300),
        (100_000, Sorting(990_000, 9_900), 993),
        (100_000, Sorting(90_000, 0), 30),
        # As many found missing as were opened, or more there than was said.
        (1_000, Sorting(1_000_000, 2_000_000), 990),
        (1_000, Sorting(1_000_000, -5), 0),
    ],
)
def test_what_is_likely_follows_what_was_found(unsorted: int, found: Sorting, likely: int) -> None:
    assert expected_losses(unsorted, found, BELIEF).likely == likely


def test_more_looked_at_makes_surer() -> None:
    few = expected_losses(100_000, Sorting(5_000, 15), BELIEF)
    many = expected_losses(100_000, Sorting(500_000, 1_500), BELIEF)
    assert few.likely == many.likely == 300
    assert many.most - many.least < few.most - few.least


def test_faults_that_come_together_make_less_sure() -> None:
    single = expected_losses(100_000, Sorting(50_000, 150), Belief(0.003, 10_000, 1))
    bundles = expected_losses(100_000, Sorting(50_000, 150), Belief(0.003, 10_000, 25))
    assert bundles.most - bundles.least > 3 * (single.most - single.least)


@given(
    st.integers(0, 10**9), st.integers(0, 10**9), st.integers(-(10**9), 10**9),
    st.floats(0.0001, 0.5), st.integers(1, 10**5), st.integers(1, 2_000),
)  # fmt: skip
def test_losses_stay_between_none_and_all(
    unsorted: int, opened: int, lost: int, share: float, weight: int, together: int
) -> None:
    found = expected_losses(unsorted, Sorting(opened, lost), Belief(share, weight, together))
    assert 0 <= found.least <= found.likely <= found.most <= unsorted


def test_nine_of_ten_futures_lie_between() -> None:
    """Drawn from the law itself: runs of pieces that are lost together or not."""
    chance = random.Random(16)
    belief, held = Belief(0.01, 50_000, 25), 0
    for _ in range(600):
        share = chance.betavariate(0.01 * 2_000, 0.99 * 2_000)
        opened = sum(chance.random() < share for _ in range(400)) * 25
        lost = sum(chance.random() < share for _ in range(800)) * 25
        found = expected_losses(20_000, Sorting(10_000, opened), belief)
        held += found.least <= lost <= found.most
    assert held / 600 == pytest.approx(0.9, abs=0.05)


def test_nothing_is_expected_of_nothing() -> None:
    assert expected_losses(0, Sorting(), BELIEF) == Losses()
