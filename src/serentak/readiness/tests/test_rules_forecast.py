"""Forecast: closed forms of chains, the schedule itself, every path of small networks, properties."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.readiness.rules.activities import Catalogue, Durations
from serentak.readiness.rules.forecast import (
    Chance,
    Forecast,
    Situation,
    Strike,
    WhatIf,
    changed,
    draws_of,
    forecast,
    gains,
    shock_moves,
    situation,
)
from serentak.readiness.rules.network import Network, Node
from serentak.readiness.rules.pace import Seen, remaining_work
from serentak.readiness.rules.schedule import Work, compute_schedule, critical_path, remaining_days
from serentak.readiness.rules.shocks import ThreePoints

from .builders import (
    OKI,
    PROVINCE,
    catalogue_of,
    network_of,
    raw_activity,
    shipped_activities,
    shipped_shocks,
    shipped_thresholds,
)
from .test_rules_schedule import province_network

THRESHOLDS = shipped_thresholds()
VOTE = date(2024, 11, 27)
QUIET = replace(shipped_shocks(), shocks={})
"""No shocks at all."""

MUSI_RAWAS_UTARA = PlaceCode("16.13")


def situated(network: Network, works: Sequence[Work], *, today: int, **changes: Any) -> Situation:
    given = {"seen": {}, "shocks": QUIET, **changes}
    return situation(network, works, today=today, vote_date=VOTE, thresholds=THRESHOLDS, **given)


def untouched(network: Network) -> list[Work]:
    return [Work(100, None, definition.target) for definition in network.definitions]


def chain(*durations: tuple[int, int, int], **changes: Any) -> Network:
    """Return activities of which each waits for the one before."""
    names = "abcdefghij"
    return network_of(
        catalogue_of(
            *(
                raw_activity(
                    names[n],
                    durations=dict(zip(("optimistic", "likely", "pessimistic"), days, strict=True)),
                    after=[names[n - 1]] if n else [],
                    **changes,
                )
                for n, days in enumerate(durations)
            )
        )
    )


# --- against closed forms

CHAIN = ((2, 5, 9), (1, 2, 10), (3, 3, 6))


def density(points: tuple[int, int, int], step: float) -> np.ndarray[Any, Any]:
    low, likely, high = points
    x = np.arange(0, 40, step) + step / 2
    rising = 2 * (x - low) / ((high - low) * max(likely - low, step))
    falling = 2 * (high - x) / ((high - low) * max(high - likely, step))
    return np.where((x < low) | (x > high), 0, np.where(x < likely, rising, falling)) * step


def test_a_chain_has_the_mean_the_spread_and_the_chances_of_its_convolution() -> None:
    network, draws = chain(*CHAIN), 40_000
    base = situated(network, untouched(network), today=-40)
    finish = draws_of(base, seed=5, draws=draws).finish[OKI, "c"].astype(float) + 41
    mean = sum(sum(p) / 3 for p in CHAIN)
    variance = sum((a * a + b * b + c * c - a * b - a * c - b * c) / 18 for a, b, c in CHAIN)
    assert finish.mean() == pytest.approx(mean, abs=4 * (variance / draws) ** 0.5)
    assert finish.var() == pytest.approx(variance, rel=0.04)
    step = 0.01
    whole = np.array([1.0])
    for points in CHAIN:
        whole = np.convolve(whole, density(points, step))
    chances = np.cumsum(whole)
    for day in range(9, 25):
        expected = float(chances[int(day / step) - 2])
        error = (expected * (1 - expected) / draws) ** 0.5
        assert (finish <= day).mean() == pytest.approx(expected, abs=4 * error + 0.002), day


def test_chances_and_their_errors_are_those_of_the_runs() -> None:
    network = chain(*CHAIN)
    base = situated(network, untouched(network), today=-15)
    found, runs = forecast(base, seed=2), draws_of(base, seed=2)
    last = runs.finish[OKI, "c"]
    of = found.activities[OKI, "c"]
    assert of.by_target.share == np.count_nonzero(last <= -3) / last.size
    assert of.by_target.error == pytest.approx(0.005, abs=0.003)
    assert [of.finish.p50, of.finish.p80, of.finish.p95] == [
        int(np.ceil(np.quantile(last, share, method="inverted_cdf"))) for share in (0.5, 0.8, 0.95)
    ]
    assert found.places[OKI].ready.share == float(runs.ready[OKI].mean()) == (last <= -1).mean()


def test_a_card_never_says_more_than_the_runs_do() -> None:
    assert [Chance(share, 0).of_100 for share in (0, 0.001, 0.861, 0.999, 1)] == [0, 1, 86, 99, 100]


# --- against the schedule


def rigid(known: Catalogue) -> Catalogue:
    """Return a catalogue whose durations are certain."""
    return replace(
        known,
        activities={
            key: replace(one, durations=Durations(*[one.durations.likely] * 3))
            for key, one in known.activities.items()
        },
    )


@given(
    today=st.integers(-130, 10),
    done=st.lists(st.sampled_from([None, 0, 1, 37, 99, 100]), min_size=30, max_size=30),
    drops=st.lists(st.booleans(), min_size=7, max_size=7),
)
@settings(max_examples=20, deadline=None)
def test_certain_durations_without_shocks_are_the_schedule(
    today: int, done: list[int | None], drops: list[bool]
) -> None:
    network = province_network(rigid(shipped_activities()))
    works = [
        Work(100, done[i % 30], definition.target, dropped=all(drops[i % 7 : i % 7 + 2]))
        for i, definition in enumerate(network.definitions)
    ]
    schedule = compute_schedule(network, works, today=today, thresholds=THRESHOLDS)
    found = forecast(situated(network, works, today=today), seed=1, draws=2)
    expected = {
        node: slot.finish for node, slot in zip(network.nodes, schedule.slots, strict=True) if slot
    }
    assert {node: one.finish.p50 for node, one in found.activities.items()} == expected
    assert {node: one.finish.p95 for node, one in found.activities.items()} == expected


def test_the_longest_chain_of_certain_durations_is_the_critical_path() -> None:
    network = network_of(rigid(shipped_activities()))
    works = untouched(network)
    schedule = compute_schedule(network, works, today=-200, thresholds=THRESHOLDS)
    path = critical_path(network, schedule, OKI, thresholds=THRESHOLDS)
    assert path
    found = forecast(situated(network, works, today=-200), seed=1, draws=3)
    always = {node for node, one in found.activities.items() if one.criticality == 1}
    assert {network.nodes[i] for i in path.steps} <= always


# --- against every path of small networks


@st.composite
def small_networks(draw: st.DrawFn) -> Network:
    size = draw(st.integers(2, 7))
    names = "abcdefg"[:size]
    activities = []
    for n, name in enumerate(names):
        days = sorted(draw(st.lists(st.integers(1, 9), min_size=3, max_size=3)))
        activities.append(
            raw_activity(
                name,
                durations=dict(zip(("optimistic", "likely", "pessimistic"), days, strict=True)),
                after=draw(st.lists(st.sampled_from(names[:n]), unique=True)) if n else [],
            )
        )
    return network_of(catalogue_of(*activities))


def longest(network: Network, durations: Mapping[Node, float], i: int) -> float:
    return durations[network.nodes[i]] + max(
        (longest(network, durations, p) for p in network.before[i]), default=0.0
    )


@given(network=small_networks(), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_every_run_ends_with_its_longest_path(network: Network, seed: int) -> None:
    found = draws_of(situated(network, untouched(network), today=-30), seed=seed, draws=5)
    for n in range(5):
        durations = {node: float(days[n]) for node, days in found.durations.items()}
        for i, node in enumerate(network.nodes):
            assert found.finish[node][n] == pytest.approx(-31 + longest(network, durations, i))


# --- the same numbers


PROVINCIAL = province_network(shipped_activities())


def half_way(today: int, *, late: int = 0) -> list[Work]:
    """Return how all activities stand that keep to their targets, or are so many days late."""
    works = []
    for definition in PROVINCIAL.definitions:
        likely = definition.durations.likely
        share = (today - definition.target + likely - 1 - late) / likely
        works.append(Work(100, int(100 * min(1.0, max(0.0, share))), definition.target))
    return works


STORMY = situated(PROVINCIAL, half_way(-40), today=-40, shocks=shipped_shocks())


@pytest.fixture(scope="module")
def stormy() -> Forecast:
    return forecast(STORMY, seed=7, draws=1000)


def test_a_regency_alone_is_its_part_of_the_province(stormy: Forecast) -> None:
    alone = forecast(STORMY, seed=7, draws=1000, places=[MUSI_RAWAS_UTARA])
    assert alone.places[MUSI_RAWAS_UTARA] == stormy.places[MUSI_RAWAS_UTARA]
    assert alone.activities.items() <= stormy.activities.items()
    assert {place for place, _ in alone.activities} == {MUSI_RAWAS_UTARA}
    again = forecast(STORMY, seed=7, draws=1000)
    assert again == stormy
    assert forecast(STORMY, seed=8, draws=1000) != stormy


def test_up_to_the_vote_says_the_same_of_what_comes_before(stormy: Forecast) -> None:
    alone = forecast(STORMY, seed=7, draws=1000, places=[MUSI_RAWAS_UTARA], to_vote=True)
    assert alone.places[MUSI_RAWAS_UTARA] == stormy.places[MUSI_RAWAS_UTARA]
    assert alone.activities.items() <= stormy.activities.items()


def test_a_province_is_ready_when_its_regencies_are(stormy: Forecast) -> None:
    whole = stormy.places[PROVINCE]
    below = [one for place, one in stormy.places.items() if place != PROVINCE]
    assert sum(whole.ready_places.values()) == pytest.approx(1)
    assert whole.ready.share <= whole.ready_places.get(len(below), 0) + 1e-9
    assert whole.ready.share <= min(one.ready.share for one in below)
    independent = float(np.prod([one.ready.share for one in below]))
    assert whole.ready_places.get(len(below), 0) > independent
    assert all(one.in_time.share <= one.ready.share for one in [whole, *below])


def test_a_change_of_one_activity_moves_only_what_hangs_on_it(stormy: Forecast) -> None:
    node = (MUSI_RAWAS_UTARA, "ballot-sort")
    other = changed(STORMY, WhatIf(factors={node: 3.0}))
    found = forecast(other, seed=7, draws=1000)
    behind, grown = {PROVINCIAL.index[node]}, True
    while grown:
        more = {s for i in behind for s in PROVINCIAL.after[i]} - behind
        behind |= more
        grown = bool(more)
    moved = {
        n
        for n, one in found.activities.items()
        if replace(one, criticality=0) != replace(stormy.activities[n], criticality=0)
    }
    assert node in moved
    assert moved <= {PROVINCIAL.nodes[i] for i in behind}


# --- what cannot be otherwise


@given(
    network=small_networks(),
    done=st.lists(st.integers(0, 100), min_size=7, max_size=7),
    more=st.lists(st.integers(0, 100), min_size=7, max_size=7),
)
@settings(max_examples=40, deadline=None)
def test_more_done_never_lowers_a_chance(
    network: Network, done: list[int], more: list[int]
) -> None:
    def shares(amounts: Sequence[int]) -> list[float]:
        works = [
            Work(100, min(100, amounts[i]), d.target) for i, d in enumerate(network.definitions)
        ]
        found = forecast(situated(network, works, today=-12), seed=3, draws=200)
        return [
            found.activities[node].by_target.share if node in found.activities else 1.0
            for node in network.nodes
        ] + [found.places[OKI].ready.share, found.places[OKI].in_time.share]

    fewer = shares(done)
    assert all(b >= a for a, b in zip(fewer, shares(list(map(sum, zip(done, more, strict=True)))),
                                      strict=True))  # fmt: skip


@given(
    network=small_networks(),
    which=st.integers(0, 6),
    days=st.tuples(*[st.integers(0, 9)] * 3),
    drops=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_longer_durations_never_raise_a_chance_nor_does_dropping_lower_one(
    network: Network, which: int, days: tuple[int, int, int], drops: bool
) -> None:
    base = situated(network, untouched(network), today=-12)
    i = which % len(network.nodes)
    node, points = network.nodes[i], base.remaining[i]
    low, likely, high = (points.low + days[0], points.likely + days[1], points.high + days[2])
    longer = ThreePoints(low, max(low, likely), max(low, likely, high))
    what_if = WhatIf(dropped=frozenset({node})) if drops else WhatIf(durations={node: longer})
    before = forecast(base, seed=3, draws=200).places[OKI].ready.share
    after = forecast(changed(base, what_if), seed=3, draws=200).places[OKI].ready.share
    assert after >= before if drops else after <= before


# --- shocks


def test_a_certain_shock_holds_up_what_it_hits_and_nothing_else() -> None:
    base = replace(STORMY, without_shocks=True)
    calm = draws_of(base, seed=1, draws=500, places=[OKI])
    strike = Strike("printer-late", (OKI,), 1.0, -38)
    quiet = replace(
        STORMY, shocks=shipped_shocks(), chances=dict.fromkeys(shipped_shocks().shocks, 0.0)
    )
    hit = draws_of(changed(quiet, WhatIf(strikes=(strike,))), seed=1, draws=500, places=[OKI])
    added = hit.durations[OKI, "ballot-arrive"] - calm.durations[OKI, "ballot-arrive"]
    assert np.all((added == 0) | ((added > 1.99) & (added < 12.01)))
    assert (added > 0).mean() > 0.8
    assert np.array_equal(hit.durations[OKI, "it-device"], calm.durations[OKI, "it-device"])
    half = changed(quiet, WhatIf(strikes=(replace(strike, chance=0.5),)))
    longer = draws_of(half, seed=1, draws=500, places=[OKI]).durations[OKI, "ballot-arrive"]
    met = (longer > calm.durations[OKI, "ballot-arrive"]).mean()
    assert met == pytest.approx((added > 0).mean() / 2, abs=0.08)


def test_what_really_struck_is_drawn_no_more_and_chances_can_be_set() -> None:
    place = MUSI_RAWAS_UTARA
    moves = shock_moves(STORMY, seed=4, draws=500, places=[place])[place]
    hit = {move.shock: move.strikes for move in moves.moves}
    assert 0.2 < hit["flood-rawas"] < 0.6
    assert moves.without.share > moves.with_all.share
    assert all(a.points >= b.points for a, b in pairwise(moves.moves))
    struck = replace(STORMY, struck=frozenset({("flood-rawas", place)}))
    unset = changed(STORMY, WhatIf(chances={"flood-rawas": 0}))
    for other in (struck, unset):
        found = shock_moves(other, seed=4, draws=500, places=[place])[place]
        assert "flood-rawas" not in {move.shock for move in found.moves}
    # A raised shock falls with its cause, in part.
    found = shock_moves(unset, seed=4, draws=500, places=[place])[place]
    assert {m.shock: m.strikes for m in found.moves}["road-bridge-cut"] < hit["road-bridge-cut"]


def test_holidays_hold_up_offices() -> None:
    grant = (OKI, "grant-police")
    works = [
        replace(work, done=0) if node == grant else work
        for node, work in zip(PROVINCIAL.nodes, half_way(-40), strict=True)
    ]
    base = situated(PROVINCIAL, works, today=-40, shocks=QUIET)
    only = replace(shipped_shocks(), shocks={"holidays": shipped_shocks().shocks["holidays"]})
    calm = draws_of(base, seed=1, draws=200, places=[OKI]).durations[grant]
    off = replace(base, shocks=only, holidays=frozenset({-38, -37, -20}))
    longer = draws_of(off, seed=1, draws=200, places=[OKI]).durations[grant] - calm
    assert np.all((longer >= 0) & (longer <= 3))
    assert longer.mean() > 0.5


# --- gains


def test_the_gain_of_one_day_is_what_a_run_without_it_says() -> None:
    found = gains(STORMY, OKI, seed=7, draws=1000, more={"person": {(OKI, "ballot-sort"): 0.75}})
    assert {gain.kind for gain in found} == {"day", "person"}
    assert all(a.points >= b.points for a, b in pairwise(found))
    before = forecast(STORMY, seed=7, draws=1000, places=[OKI], to_vote=True).places[OKI].ready
    for gain in found[:3]:
        i = PROVINCIAL.index[gain.node]
        what_if = (
            WhatIf(days={gain.node: -1.0})
            if gain.kind == "day"
            else WhatIf(durations={gain.node: STORMY.remaining[i].times(0.75)})
        )
        after = forecast(changed(STORMY, what_if), seed=7, draws=1000, places=[OKI], to_vote=True)
        assert after.places[OKI].ready == gain.chance
        assert gain.points == pytest.approx(gain.chance.share - before.share)
        assert gain.error < 0.02


# --- bad input


def test_a_what_if_that_cannot_be_is_refused_with_every_row() -> None:
    with pytest.raises(Refused) as told:
        changed(
            STORMY,
            WhatIf(
                durations={(OKI, "ballot-sort"): ThreePoints(1, 2, 5000)},
                factors={(OKI, "ballot-sort"): 0.5, (OKI, "ship-d"): float("nan")},
                days={(OKI, "ship-d"): float("inf")},
                dropped=frozenset({(OKI, "nothing")}),
                strikes=(
                    Strike("printer-late", (OKI,), 1.2),
                    Strike("meteor", (OKI,)),
                    Strike("printer-late", (OKI,), 1, -400),
                ),
                chances={"haze": -1, "meteor": 0.5},
            ),
        )
    assert [(f.code.removeprefix("readiness."), f.field, f.row) for f in told.value.faults] == [
        ("activity_is_not_there", "dropped", 1),
        ("days_are_too_many", "durations", 1),
        ("days_are_too_many", "days", 1),
        ("factor_out_of_range", "factors", 2),
        ("chance_out_of_range", "strikes", 1),
        ("shock_is_unknown", "strikes", 2),
        ("strike_lies_outside", "strikes", 3),
        ("chance_out_of_range", "chances", 1),
        ("shock_is_unknown", "chances", 2),
    ]
    with pytest.raises(ValueError, match="at least one run"):
        forecast(STORMY, seed=1, draws=0)


# --- pace


TWENTY = Durations(10, 20, 40)


def left(done: int, *seen: tuple[int, int], today: int = -30, **changes: Any) -> ThreePoints:
    work = Work(100, done, -10, **changes)
    days = [Seen(day, amount) for day, amount in seen]
    return remaining_work(TWENTY, work, days, report_every=3, today=today)


def test_where_no_progress_was_seen_the_catalogue_speaks() -> None:
    assert left(0) == ThreePoints(10, 20, 40)
    assert left(0, (-33, 0), (-30, 0)) == ThreePoints(10, 20, 40)
    assert left(33, (-30, 33)) == ThreePoints(7, 14, 27)
    assert left(33, (-30, 33)).likely == remaining_days(20, Work(100, 33, -10))
    assert left(100) == left(40, dropped=True) == ThreePoints(0, 0, 0)


def test_a_pace_that_was_seen_counts_the_more_the_longer_and_the_more_often() -> None:
    half = ThreePoints(5, 10, 20)
    slow = left(50, (-70, 0), (-30, 50))
    slow_often = left(50, *((day, (day + 70) * 5 // 4) for day in range(-70, -29, 4)))
    assert half.likely < slow.likely < slow_often.likely < 40
    quick = left(50, (-32, 0), (-31, 25), (-30, 50))
    assert quick.likely < half.likely
    assert slow_often.high / slow_often.low < slow.high / slow.low < half.high / half.low
    as_planned = left(50, *((day, (day + 40) * 5) for day in range(-40, -29)))
    assert as_planned.likely == pytest.approx(10)


def test_silence_counts_against_the_pace() -> None:
    heard = left(50, (-50, 0), (-40, 25), (-33, 50))
    silent = left(50, (-60, 0), (-50, 25), (-43, 50))
    assert silent.low < heard.low
    assert silent.likely > heard.likely
    assert silent.high / heard.high > silent.likely / heard.likely
    # Between two reports work goes on.
    assert left(50, (-48, 0), (-38, 25), (-31, 50)).likely == pytest.approx(heard.likely + 2)


@given(
    steps=st.lists(st.tuples(st.integers(1, 9), st.integers(0, 12)), min_size=2, max_size=8),
    more=st.integers(0, 40),
)
def test_more_done_at_the_last_report_leaves_no_more_days(
    steps: list[tuple[int, int]], more: int
) -> None:
    day, done, seen = -80, 1, [(-80, 1)]
    for days, amount in steps:
        day, done = day + days, min(99, done + amount)
        seen.append((day, done))
    other = [*seen[:-1], (day, min(100, done + more))]
    before, after = left(done, *seen, today=0), left(other[-1][1], *other, today=0)
    assert (after.low, after.likely, after.high) <= (before.low, before.likely, before.high)
