"""How much there is to do at a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.apportion import apportion
from serentak.readiness.rules.quantities import Counts, Of, Term, amount

from .builders import shipped_activities

OKI = Counts(
    stations=1249, voters=577_241, villages=327, districts=18, contests=1, races=2, ballots=592_292
)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("grant-sign", 4),
        ("grant-40", 100),
        ("ppk-form", 90),
        ("pps-form", 981),
        ("panwas-form", 3 * 18 + 327),
        ("kpps-form", 8743),
        ("linmas-form", 2498),
        ("crew-health", 9 * 1249),
        ("voters-final", 577_241),
        ("ballot-print", 592_292),
        ("ballot-arrive", 2 * 592_292),
        ("revote-stock", 2000),
        ("box-pack", 2498),
        ("it-train", 2 * 1249 + 2 * 18),
        ("power-on", 18 + 1 + 1249),
        ("recap-d", 36),
        ("recap-r", 2),
        ("invite-out", 577_241),
    ],
)
def test_shipped_amounts_follow_from_the_counts_of_a_regency(key: str, expected: int) -> None:
    assert amount(shipped_activities().activities[key].quantity, OKI) == expected


def test_province_totals_match_the_published_ones() -> None:
    province = Counts(stations=13_206, voters=6_382_739, villages=3_249, districts=241)
    activities = shipped_activities().activities
    assert amount(activities["kpps-form"].quantity, province) == 92_442
    assert amount(activities["linmas-form"].quantity, province) == 26_412
    assert amount(activities["ppk-form"].quantity, province) == 1_205
    assert amount(activities["pps-form"].quantity, province) == 9_747


def test_every_amount_of_a_regency_is_positive() -> None:
    for activity in shipped_activities().activities.values():
        assert amount(activity.quantity, OKI) > 0, activity.key


def test_races_multiply_only_where_the_term_says_so() -> None:
    terms = [Term(Of.STATIONS, 3), Term(Of.STATIONS, 1, per_race=True)]
    assert amount(terms, Counts(stations=10, races=1)) == 40
    assert amount(terms, Counts(stations=10, races=2)) == 50


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="voters must not be negative"):
        Counts(voters=-1)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (7, [5, 3, 2], [4, 2, 1]),
        (0, [5, 3], [0, 0]),
        (5, [0, 0], [3, 2]),
        (5, [0, 9], [0, 5]),
        (1249, [1245], [1249]),
    ],
)
def test_apportion_serves_the_largest_remainder(
    total: int, weights: list[int], parts: list[int]
) -> None:
    assert apportion(total, weights) == parts


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [1, -1]), (1, [])])
def test_apportion_refuses_nonsense(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"negative|does not fit"):
        apportion(total, weights)


@given(
    st.integers(min_value=0, max_value=10**7),
    st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=40),
)
def test_apportion_is_exact_and_within_one_of_the_quota(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    if whole:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part * whole - total * weight) < whole
