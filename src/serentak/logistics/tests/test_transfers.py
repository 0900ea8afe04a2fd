"""Transfers: as much as can be closed, by the least way; against all ways of small cases."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.kernel.codes import PlaceCode
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.transfers import TRIP_KG, TransferPlan, cheapest_transfers

BALLOTS = What("ballot-governor", Race.GOVERNOR)
INK = What("ink", None)
A, B, C, D = (PlaceCode(f"16.0{n}") for n in range(1, 5))
WAYS = {(A, B): 40.0, (A, C): 90.0, (A, D): 10.0, (B, C): 60.0, (B, D): 45.0, (C, D): 95.0}
KG = {BALLOTS: 0.0043, INK: 0.2}


def way(one: PlaceCode, other: PlaceCode) -> float | None:
    return WAYS.get((one, other)) or WAYS.get((other, one))


def plan(
    spare: Mapping[What, Mapping[PlaceCode, int]], wanted: Mapping[What, Mapping[PlaceCode, int]]
) -> TransferPlan:
    return cheapest_transfers(spare, wanted, km=way, kg=KG.__getitem__)


def moved(found: TransferPlan) -> set[tuple[PlaceCode, PlaceCode, int]]:
    return {(one.origin, one.destination, one.pieces) for one in found.transfers}


def test_the_nearest_gives_where_one_can_give_all() -> None:
    found = plan({BALLOTS: {A: 500, C: 500}}, {BALLOTS: {B: 300}})
    assert moved(found) == {(A, B, 300)}
    assert found.short == {}
    assert found.km == pytest.approx(40 + 40 * 300 * 0.0043 / TRIP_KG)
    assert found.gap == pytest.approx(0, abs=1e-6)


def test_one_trip_to_a_farther_place_beats_two_to_nearer_ones() -> None:
    found = plan({BALLOTS: {A: 100, D: 200, B: 300}}, {BALLOTS: {C: 300}})
    assert moved(found) == {(B, C, 300)}


def test_things_share_a_trip() -> None:
    found = plan(
        {BALLOTS: {A: 100, C: 100}, INK: {A: 10, C: 10}}, {BALLOTS: {B: 100}, INK: {B: 10}}
    )
    assert {(one.what, one.origin) for one in found.transfers} == {(BALLOTS, A), (INK, A)}


def test_what_nobody_can_spare_stays_short() -> None:
    found = plan({BALLOTS: {A: 120}}, {BALLOTS: {B: 100, D: 100}, INK: {C: 3}})
    assert sum(one.pieces for one in found.transfers) == 120
    assert sum(found.short[BALLOTS].values()) == 80
    assert found.short[INK] == {C: 3}


def test_nothing_is_wanted_or_spare() -> None:
    assert plan({}, {}) == TransferPlan((), {}, 0.0, 0.0)
    assert plan({BALLOTS: {A: 5}}, {}).transfers == ()
    assert plan({}, {BALLOTS: {A: 5}}).short == {BALLOTS: {A: 5}}


def test_no_load_goes_where_no_way_leads() -> None:
    found = cheapest_transfers(
        {BALLOTS: {A: 100}}, {BALLOTS: {B: 50}}, km=lambda _a, _b: None, kg=KG.__getitem__
    )
    assert found.transfers == ()
    assert found.short == {BALLOTS: {B: 50}}


def test_large_numbers_are_moved_to_the_piece() -> None:
    found = plan({BALLOTS: {A: 6_548_745, D: 7}}, {BALLOTS: {B: 6_548_740, C: 15}})
    assert sum(one.pieces for one in found.transfers) == 6_548_752
    assert sum(found.short[BALLOTS].values()) == 3


amounts = st.dictionaries(st.sampled_from([A, B]), st.integers(1, 3), max_size=2)
wants = st.dictionaries(st.sampled_from([C, D]), st.integers(1, 3), max_size=2)


def every_plan(
    spare: Mapping[PlaceCode, int], wanted: Mapping[PlaceCode, int]
) -> Iterator[tuple[int, float]]:
    """Yield pieces and kilometres of every way to move single pieces."""
    pairs = list(product(spare, wanted))
    for flows in product(*(range(min(spare[a], wanted[b]) + 1) for a, b in pairs)):
        by_pair = dict(zip(pairs, flows, strict=True))
        if all(sum(n for (a, _b), n in by_pair.items() if a == p) <= spare[p] for p in spare) and (
            all(sum(n for (_a, b), n in by_pair.items() if b == p) <= wanted[p] for p in wanted)
        ):
            driven = sum(
                (way(*pair) or 0) * (1 + n * KG[INK] / TRIP_KG) for pair, n in by_pair.items() if n
            )
            yield sum(flows), driven


@settings(max_examples=60, deadline=None)
@given(amounts, wants)
def test_no_plan_of_all_is_better(
    spare: Mapping[PlaceCode, int], wanted: Mapping[PlaceCode, int]
) -> None:
    found = plan({INK: spare}, {INK: wanted})
    every = list(every_plan(spare, wanted))
    most = max(pieces for pieces, _km in every)
    assert sum(one.pieces for one in found.transfers) == most
    assert found.km == pytest.approx(min(km for pieces, km in every if pieces == most))
    for place, n in spare.items():
        assert sum(one.pieces for one in found.transfers if one.origin == place) <= n
