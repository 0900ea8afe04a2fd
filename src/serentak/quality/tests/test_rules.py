"""Rules of quality against the catalogue's worked example, closed forms, and properties."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Counted, Share, Timed, Wait, counted, together
from serentak.kernel.refused import Refused
from serentak.quality.queries.catalogues import catalogue, chance
from serentak.quality.rules.catalogue import Indicator, Show
from serentak.quality.rules.intervals import (
    Chance,
    Method,
    Silence,
    drawn_units,
    measure,
    survival_median,
    wilson,
)
from serentak.quality.rules.judging import STEPS, Hidden, Judged, hide_second, judge, scaled
from serentak.quality.rules.weighing import (
    Profile,
    check_weights,
    compare,
    profile,
    total,
    weights_around,
)

DRAWS = 20_000
KNOWN = {
    "A": {
        "opened-on-time": ((612, 640, 10), (0.956, 0.915, 0.972), (0.56, 0.15, 0.72)),
        "forms-add-up": ((560, 640, 0), (0.875, 0.840, 0.903), (0.50, 0.36, 0.61)),
        "neutrality-followed-up": ((9, 14, 0), (0.643, 0.388, 0.837), (0.40, 0.00, 0.73)),
        "sheets-published": ((1270, 1300, 0), (0.977, 0.965, 0.985), (0.88, 0.82, 0.93)),
        "promises-kept": ((31, 60, 0), (0.517, 0.393, 0.638), (0.21, 0.00, 0.43)),
    },
    "B": {
        "opened-on-time": ((480, 520, 40), (0.923, 0.818, 0.951), (0.23, 0.00, 0.51)),
        "forms-add-up": ((470, 560, 0), (0.839, 0.799, 0.873), (0.36, 0.19, 0.49)),
        "neutrality-followed-up": ((20, 22, 0), (0.909, 0.722, 0.975), (0.85, 0.54, 0.96)),
        "sheets-published": ((1100, 1120, 0), (0.982, 0.970, 0.989), (0.91, 0.85, 0.95)),
        "promises-kept": ((44, 58, 0), (0.759, 0.635, 0.850), (0.65, 0.43, 0.82)),
    },
    "C": {
        "opened-on-time": ((298, 305, 5), (0.977, 0.925, 0.991), (0.77, 0.25, 0.91)),
        "forms-add-up": ((290, 310, 0), (0.935, 0.893, 0.962), (0.74, 0.57, 0.85)),
        "neutrality-followed-up": ((3, 4, 0), None, None),
        "sheets-published": ((560, 620, 0), (0.903, 0.871, 0.928), (0.52, 0.35, 0.64)),
        "promises-kept": ((20, 26, 0), (0.769, 0.579, 0.890), (0.67, 0.33, 0.89)),
    },
}
"""The worked example with which the catalogue was agreed: three invented regencies."""

TOTALS = {"A": (0.39, 0.49, 0.59), "B": (0.48, 0.56, 0.64), "C": (0.53, 0.65, 0.74)}
PAIRS = {
    ("A", "B"): (5, -0.087, 0.262, 0.345),
    ("B", "C"): (4, -0.137, 0.205, 0.227),
    ("A", "C"): (4, -0.135, 0.175, 0.220),
}


def indicator(key: str) -> Indicator:
    """Return an indicator as the example takes it: hidden by its denominator alone."""
    one = catalogue().indicators[key]
    return replace(one, show=Show(one.show.den))


def example(place: str) -> dict[str, Judged]:
    return {
        key: judge(
            indicator(key),
            Counted({"all": Share(*counts)}),
            replace(chance(), draws=DRAWS),
            salt=hash_of(place, key),
        )
        for key, (counts, _, _) in KNOWN[place].items()
    }


def hash_of(place: str, key: str) -> int:
    return sum(map(ord, place + key))


def example_profile(place: str) -> Profile:
    under = {catalogue().indicators[key].principle: [key] for key in KNOWN[place]}
    return profile(
        example(place), under, least_share=0.5, chance=chance(), salt=ord(place), draws=DRAWS
    )


@pytest.mark.parametrize("place", KNOWN)
def test_worked_example_comes_out_as_printed(place: str) -> None:
    for key, judged in example(place).items():
        _, values, on_scale = KNOWN[place][key]
        if values is None or on_scale is None:
            assert judged == Judged(Hidden.TOO_FEW)
            continue
        assert [judged.value, judged.low, judged.high] == pytest.approx(values, abs=0.0006)
        found = [judged.scaled, judged.scaled_low, judged.scaled_high]
        assert found == pytest.approx(on_scale, abs=0.006)


@pytest.mark.parametrize("place", KNOWN)
def test_total_of_the_example_comes_out_as_printed(place: str) -> None:
    found = example_profile(place)
    under = total(found, dict.fromkeys(found.marks, 1.0))
    assert under
    low, middle, high = TOTALS[place]
    found_ends = (under.low, under.value, under.high)
    assert found_ends == pytest.approx((low, middle, high), abs=0.012)


def test_pairs_of_the_example_have_no_order() -> None:
    profiles = {PlaceCode(place): example_profile(place) for place in KNOWN}
    weights = dict.fromkeys(profiles[PlaceCode("A")].marks, 1.0)
    found = compare(profiles, weights, chance=chance(), sure_from=0.95, draws=DRAWS)
    assert len(found) == len(PAIRS)
    for pair in found:
        principles, difference, weights_only, with_chance = PAIRS[pair.first, pair.second]
        assert pair.principles == principles
        assert pair.difference == pytest.approx(difference, abs=0.001)
        assert pair.weights_only == pytest.approx(weights_only, abs=0.012)
        assert pair.with_chance == pytest.approx(with_chance, abs=0.012)
        assert pair.above is None
        assert pair.left_out == (() if principles == 5 else ("fair",))


# --- intervals


def test_wilson_of_ten_in_ten_is_its_closed_form() -> None:
    z = 1.96
    low, high = wilson(10, 10)
    assert low == pytest.approx(10 / (10 + z * z))
    assert high == pytest.approx(1.0)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(50, 100) == pytest.approx((0.40383, 0.59617), abs=1e-5)


def test_bootstrap_of_districts_has_the_binomial_spread_it_must_have() -> None:
    units = {str(n): Share(n % 2 * 100, 100) for n in range(40)}
    found = measure(
        Counted(units), method=Method.BOOTSTRAP, silence=Silence.UNKNOWN, chance=Chance()
    )
    assert found
    half = 1.96 * sqrt(0.25 / 40)
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), abs=0.03)


def test_same_seed_gives_the_same_draws() -> None:
    first = drawn_units(12, Chance())
    drawn_units.cache_clear()
    assert np.array_equal(first, drawn_units(12, Chance()))
    assert set(first.sum(axis=1)) == {12.0}


def test_survival_median_counts_what_still_waits() -> None:
    # Kaplan and Meier by hand: 6, 7, 10 over of 5; 8 and 12 still wait.
    assert survival_median([6, 7, 8, 10, 12], [True, True, False, True, False]) == 10
    assert survival_median([3, 4, 5], [True, True, True]) == 4
    assert survival_median([3, 4, 5], [False, False, False]) is None
    assert survival_median([], []) is None


def test_median_wait_without_half_over_is_not_told() -> None:
    waits = Timed({"a": (Wait(3, is_over=False), Wait(9, is_over=True))})
    assert measure(waits, method=Method.BOOTSTRAP, silence=Silence.NOT_DONE, chance=Chance())
    none = Timed({"a": (Wait(3, is_over=False),)})
    told = measure(none, method=Method.BOOTSTRAP, silence=Silence.NOT_DONE, chance=Chance())
    assert told is None


@pytest.mark.parametrize(
    ("silence", "value", "low", "high"),
    [
        (Silence.NOT_DONE, 0.5, wilson(50, 100)[0], wilson(50, 100)[1]),
        (Silence.BOUNDS, 50 / 80, wilson(50, 100)[0], wilson(70, 100)[1]),
        (Silence.UNKNOWN, None, None, None),
    ],
)
def test_what_silence_does(
    silence: Silence, value: float | None, low: float | None, high: float | None
) -> None:
    found = measure(
        Counted({"a": Share(50, 80, 20)}),
        method=Method.WILSON,
        silence=silence,
        chance=Chance(design_effect=1.0),
    )
    told = (found.value, found.low, found.high) if found else (None, None, None)
    assert told == pytest.approx((value, low, high)) if found else told == (None, None, None)


counts = st.tuples(st.integers(0, 300), st.integers(1, 300), st.integers(0, 100)).map(
    lambda t: Share(min(t[0], t[1]), t[1], t[2])
)


@settings(deadline=None, max_examples=60)
@given(share=counts, silence=st.sampled_from([Silence.BOUNDS, Silence.NOT_DONE]))
def test_more_good_never_lowers(share: Share, silence: Silence) -> None:
    better = Share(min(share.good + 1, share.of), share.of, share.silent)
    one, other = (
        measure(Counted({"a": s}), method=Method.WILSON, silence=silence, chance=Chance())
        for s in (share, better)
    )
    assert one
    assert other
    assert other.value >= one.value
    assert other.low >= one.low - 1e-9
    assert other.high >= one.high - 1e-9


@settings(deadline=None, max_examples=60)
@given(share=counts, silence=st.sampled_from([Silence.BOUNDS, Silence.NOT_DONE]))
def test_silence_never_lifts(share: Share, silence: Silence) -> None:
    quieter = Share(share.good, share.of, share.silent + 5)
    one, other = (
        measure(Counted({"a": s}), method=Method.WILSON, silence=silence, chance=Chance())
        for s in (share, quieter)
    )
    assert one
    assert other
    assert other.value <= one.value + 1e-9
    assert other.low <= one.low + 1e-9


@given(st.floats(-2, 2), st.floats(0, 1), st.floats(0, 1))
def test_scale_stays_between_its_ends(value: float, worst: float, best: float) -> None:
    if abs(worst - best) > 1e-6:
        assert 0 <= scaled(value, worst, best) <= 1
        assert scaled(worst, worst, best) == 0
        assert scaled(best, worst, best) == 1


# --- what is hidden


def shown(of: int) -> Judged:
    return Judged(None, of, of, 0, 1.0, 1.0, 1.0)


def test_second_is_hidden_so_that_the_total_gives_nothing_away() -> None:
    places = {PlaceCode("16.01"): Judged(Hidden.TOO_FEW), PlaceCode("16.02"): shown(50)}
    places[PlaceCode("16.03")] = shown(20)
    found = hide_second(places, is_whole_shown=True)
    assert found[PlaceCode("16.03")] == Judged(Hidden.SECOND)
    assert found[PlaceCode("16.02")].of == 50
    assert hide_second(places, is_whole_shown=False) == places
    two = {**places, PlaceCode("16.04"): Judged(Hidden.PERSONS)}
    assert hide_second(two, is_whole_shown=True) == two


@pytest.mark.parametrize(
    ("share", "hidden"),
    [
        (Share(5, 9), Hidden.TOO_FEW),
        (Share(4, 20), Hidden.PERSONS),
        (Share(18, 20), Hidden.PERSONS),
        (Share(10, 20), None),
    ],
)
def test_few_persons_are_hidden_without_a_number(share: Share, hidden: Hidden | None) -> None:
    one = catalogue().indicators["neutrality-followed-up"]
    found = judge(one, Counted({"a": share}), chance())
    assert found.hidden is hidden
    if hidden:
        assert found == Judged(hidden)


# --- principles, weights, order


def scored(value: float) -> Judged:
    return Judged(None, 1, 2, 0, value, value, value, value, value, value, (value,) * len(STEPS))


def test_principle_is_the_mean_of_what_is_shown_and_not_judged_under_half() -> None:
    under = {"free": ["a", "b"], "fair": ["c", "d", "e"]}
    found = profile(
        {"a": scored(0.2), "b": scored(0.6), "c": scored(1.0), "d": Judged(Hidden.TOO_FEW)},
        under,
        least_share=0.5,
        chance=Chance(),
    )
    assert found.marks["free"].value == pytest.approx(0.4)
    assert found.marks["fair"].value is None
    assert (found.marks["fair"].shown, found.marks["fair"].of) == (1, 3)
    assert "fair" not in found.draws


def two(first: float, second: float) -> dict[PlaceCode, Profile]:
    return {
        PlaceCode(code): profile(
            {"a": scored(value), "b": scored(value)},
            {"free": ["a"], "fair": ["b"]},
            least_share=0.5,
            chance=Chance(),
        )
        for code, value in (("16.01", first), ("16.02", second))
    }


def test_above_needs_all_weights_and_intervals_apart() -> None:
    (pair,) = compare(two(0.9, 0.1), {"free": 1, "fair": 1}, chance=Chance(), sure_from=0.95)
    assert pair.above == "16.01"
    assert (pair.weights_only, pair.with_chance) == (1, 1)
    (pair,) = compare(two(0.1, 0.9), {"free": 1, "fair": 1}, chance=Chance(), sure_from=0.95)
    assert pair.above == "16.02"
    (even,) = compare(two(0.5, 0.5), {"free": 1, "fair": 1}, chance=Chance(), sure_from=0.95)
    assert even.above is None
    assert even.weights_only == 0.5


def test_one_principle_of_sixteen_is_too_few_for_an_order() -> None:
    weights = {"free": 1.0, "fair": 1.0} | {str(n): 1.0 for n in range(14)}
    (pair,) = compare(two(0.9, 0.1), weights, chance=Chance(), sure_from=0.95)
    assert (pair.principles, pair.weights_only, pair.above) == (2, 1, None)


def test_share_of_all_weights_is_the_closed_form_of_two() -> None:
    # w (0.6 - 0.4) + (1 - w) (0.1 - 0.7) > 0 where w > 0.75: a quarter of all weights.
    def place(free: float, fair: float) -> Profile:
        return profile(
            {"a": scored(free), "b": scored(fair)},
            {"free": ["a"], "fair": ["b"]},
            least_share=0.5,
            chance=Chance(),
            draws=DRAWS,
        )

    profiles = {PlaceCode("16.01"): place(0.6, 0.1), PlaceCode("16.02"): place(0.4, 0.7)}
    (pair,) = compare(
        profiles, {"free": 1, "fair": 1}, chance=Chance(), sure_from=0.95, draws=DRAWS
    )
    assert pair.weights_only == pytest.approx(0.25, abs=0.01)


@settings(deadline=None, max_examples=20)
@given(st.floats(0.01, 1000))
def test_weights_are_scale_free(factor: float) -> None:
    plain = weights_around({"free": 1, "fair": 3}, chance=Chance(), draws=200)
    times = weights_around({"free": factor, "fair": 3 * factor}, chance=Chance(), draws=200)
    for key in plain:
        assert np.allclose(plain[key], times[key])
    profiles = two(0.7, 0.3)
    one = total(profiles[PlaceCode("16.01")], {"free": 1, "fair": 3})
    other = total(profiles[PlaceCode("16.01")], {"free": factor, "fair": 3 * factor})
    assert one
    assert other
    assert one.value == pytest.approx(other.value)


def test_what_weighs_nothing_is_not_compared() -> None:
    (pair,) = compare(two(0.9, 0.1), {"free": 1, "fair": 0}, chance=Chance(), sure_from=0.95)
    assert pair.principles == 1


@pytest.mark.parametrize(
    ("weights", "codes"),
    [
        ({"free": -1.0, "fair": 1.0}, {"quality.weight_is_negative"}),
        ({"free": float("nan"), "fair": 1.0}, {"quality.weight_is_negative"}),
        ({"free": 0.0, "fair": 0.0}, {"quality.weights_are_all_zero"}),
    ],
)
def test_bad_weights_are_refused_by_their_row(weights: dict[str, float], codes: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        check_weights(weights, {"free": "Bebas", "fair": "Adil"})
    assert {fault.code for fault in refused.value.faults} == codes
    assert refused.value.faults[0].field == "free"


# --- counts


def test_province_is_summed_and_never_a_mean() -> None:
    found = counted(
        [
            ("16.01.01", "x", Share(1, 2)),
            ("16.01.02", "y", Share(3, 4, 1)),
            ("16.02.01", "x", Share(9, 9)),
        ]
    )
    assert found[PlaceCode("16.01")].whole == Share(4, 6, 1)
    whole = together(found.values())
    assert whole
    assert whole.whole == Share(13, 15, 1)
    assert together([]) is None


def test_difference_of_two_shares_sums_both_sides() -> None:
    one = Counted({"a": Share(5, 10)}, {"b": Share(9, 10)})
    whole = together([one, one])
    assert isinstance(whole, Counted)
    assert (whole.whole, whole.other) == (Share(10, 20), Share(18, 20))
    found = measure(whole, method=Method.BOOTSTRAP, silence=Silence.NOT_DONE, chance=Chance())
    assert found
    assert found.value == pytest.approx(-0.4)
    assert found.low < -0.4 < found.high
