"""How likely it is that all will be done in time: many runs of the schedule with drawn durations.

One run draws for each open activity how long the rest of it takes, lets shocks strike, and walks
the network as `schedule.py` does. Ten thousand runs at once are arrays (numbers of one activity
lie together, one regency at a time, so that they fit the processor's cache).

What is drawn for an activity or a shock depends on the seed, the place and the key alone. So a
change of one activity moves only what hangs on it, and a regency computed alone equals its part of
the province. `docs/forecast.md` explains the method and its limits.

This module loads NumPy: who serves pages imports it in the function that computes.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b
from math import ceil, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of
from serentak.kernel.countdown import day_of
from serentak.kernel.refused import Fault, Refused

from .activities import Definition
from .network import Network, Node
from .pace import NOTHING, Seen, remaining_work
from .quantities import Of
from .schedule import Work, compute_schedule
from .shocks import CONTEST, EACH, Shock, Shocks, ThreePoints
from .thresholds import Thresholds

DRAWS = 10_000
"""Runs of one forecast: the standard error of a chance is then at most half a point."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_WHOLE = frozenset({Of.ONE, Of.CONTESTS, Of.REGENCIES})
"""What is counted so is touched whole by a shock, never in part."""


# --- what a forecast rests on


@dataclass(frozen=True, slots=True)
class Strike:
    """A shock that a what-if adds at `places`, certain or with a chance.

    `day` is the day after the vote on which it begins, None for any day of its window.
    """

    shock: str
    places: tuple[PlaceCode, ...]
    chance: float = 1.0
    day: int | None = None


@dataclass(frozen=True)
class Situation:
    """Everything that a forecast rests on; `works`, `remaining`, `latest` in the network's order.

    `struck` are shocks that have really happened at a place: they are drawn no more there.
    `holidays` are days after the vote.
    """

    network: Network
    works: tuple[Work, ...]
    remaining: tuple[ThreePoints, ...]
    latest: tuple[int, ...]
    today: int
    vote_date: date
    thresholds: Thresholds
    shocks: Shocks
    holidays: frozenset[int] = frozenset()
    struck: frozenset[tuple[str, PlaceCode]] = frozenset()
    strikes: tuple[Strike, ...] = ()
    chances: Mapping[str, float] = field(default_factory=dict)
    without_shocks: bool = False

    def limit(self, i: int) -> int:
        """Return the last day of an activity: its own deadline and the day before the vote."""
        definition = self.network.definitions[i]
        before = self.thresholds.last_day_before_vote
        if definition.deadline is None:
            return before if definition.target < 0 else self.latest[i]
        return min(definition.deadline, before) if definition.target < 0 else definition.deadline


def situation(
    network: Network,
    works: Sequence[Work],
    *,
    seen: Mapping[Node, Sequence[Seen]],
    today: int,
    vote_date: date,
    thresholds: Thresholds,
    shocks: Shocks,
    holidays: Collection[int] = (),
    struck: Collection[tuple[str, PlaceCode]] = (),
    latest: Sequence[int] | None = None,
) -> Situation:
    """Return the situation of a network: how its activities stand and what was seen of each.

    `latest` is the schedule's, computed where it is not at hand.
    """
    if latest is None:
        latest = compute_schedule(network, works, today=today, thresholds=thresholds).latest
    remaining = tuple(
        remaining_work(
            definition.durations,
            work,
            seen.get(node, ()),
            report_every=definition.report_every,
            today=today,
        )
        for node, definition, work in zip(network.nodes, network.definitions, works, strict=True)
    )
    return Situation(
        network=network,
        works=tuple(works),
        remaining=remaining,
        latest=tuple(latest),
        today=today,
        vote_date=vote_date,
        thresholds=thresholds,
        shocks=shocks,
        holidays=frozenset(holidays),
        struck=frozenset(struck),
    )


@dataclass(frozen=True)
class WhatIf:
    """What somebody would like to try; nothing real changes.

    `durations` replace the days that are left, `factors` multiply them (one more hand to n: n /
    (n + 1)), `days` are added or taken off; `dropped` take no time; `chances` replace a shock's
    chance in one week (0: without it).
    """

    durations: Mapping[Node, ThreePoints] = field(default_factory=dict)
    factors: Mapping[Node, float] = field(default_factory=dict)
    days: Mapping[Node, float] = field(default_factory=dict)
    dropped: frozenset[Node] = frozenset()
    strikes: tuple[Strike, ...] = ()
    chances: Mapping[str, float] = field(default_factory=dict)


MOST_FACTOR = 100.0
MOST_DAYS = 1000.0


def changed(base: Situation, what_if: WhatIf) -> Situation:
    """Return the situation as a what-if has it; refused with every fault, each with its row."""
    faults = list(_faults(base, what_if))
    if faults:
        raise Refused.of(*faults)
    works, remaining = list(base.works), list(base.remaining)
    index = base.network.index
    for node in what_if.dropped:
        works[index[node]] = replace(works[index[node]], dropped=True)
    for node, points in what_if.durations.items():
        remaining[index[node]] = points
    for node, factor in what_if.factors.items():
        remaining[index[node]] = remaining[index[node]].times(factor)
    for node, days in what_if.days.items():
        remaining[index[node]] = _shifted(remaining[index[node]], days)
    for i, work in enumerate(works):
        if not work.open:
            remaining[i] = NOTHING
    return replace(
        base,
        works=tuple(works),
        remaining=tuple(remaining),
        strikes=base.strikes + what_if.strikes,
        chances={**base.chances, **what_if.chances},
    )


def _shifted(points: ThreePoints, days: float) -> ThreePoints:
    return ThreePoints(*(max(0.0, x + days) for x in (points.low, points.likely, points.high)))


def _faults(base: Situation, what_if: WhatIf) -> Iterator[Fault]:
    """Yield what is wrong with a what-if; rows count within each of its fields, from 1."""
    index, shocks = base.network.index, base.shocks.shocks
    for name, nodes in (
        ("durations", what_if.durations),
        ("factors", what_if.factors),
        ("days", what_if.days),
        ("dropped", sorted(what_if.dropped)),
    ):
        for row, (place, key) in enumerate(nodes, 1):
            if (place, key) not in index:
                params = {"activity": key, "place": place}
                yield Fault("readiness.activity_is_not_there", name, params, row)
    for row, points in enumerate(what_if.durations.values(), 1):
        if points.high > MOST_DAYS:
            params = {"days": points.high, "most": MOST_DAYS}
            yield Fault("readiness.days_are_too_many", "durations", params, row)
    for row, factor in enumerate(what_if.factors.values(), 1):
        if not (isfinite(factor) and 0 < factor <= MOST_FACTOR):
            params = {"factor": factor, "most": MOST_FACTOR}
            yield Fault("readiness.factor_is_out_of_range", "factors", params, row)
    for row, days in enumerate(what_if.days.values(), 1):
        if not (isfinite(days) and abs(days) <= MOST_DAYS):
            params = {"days": days, "most": MOST_DAYS}
            yield Fault("readiness.days_are_too_many", "days", params, row)
    for row, strike in enumerate(what_if.strikes, 1):
        shock = shocks.get(strike.shock)
        if shock is None:
            yield Fault("readiness.shock_is_unknown", "strikes", {"shock": strike.shock}, row)
        if not 0 <= strike.chance <= 1:
            params = {"shock": strike.shock, "chance": strike.chance}
            yield Fault("readiness.chance_is_out_of_range", "strikes", params, row)
        if shock and strike.day is not None and not base.today <= strike.day <= shock.window.last:
            params = {"shock": strike.shock, "day": strike.day}
            yield Fault("readiness.strike_lies_outside", "strikes", params, row)
    for row, (key, chance) in enumerate(what_if.chances.items(), 1):
        if key not in shocks:
            yield Fault("readiness.shock_is_unknown", "chances", {"shock": key}, row)
        if not 0 <= chance <= 1:
            params = {"shock": key, "chance": chance}
            yield Fault("readiness.chance_is_out_of_range", "chances", params, row)


# --- what a forecast says


@dataclass(frozen=True, slots=True)
class Chance:
    """A share of the runs and its standard error, both from 0 to 1."""

    share: float
    error: float

    @property
    def of_100(self) -> int:
        """In how many of 100 runs; 0 and 100 only where no run, or every run, says so."""
        if 0 < self.share < 1:
            return min(99, max(1, round(100 * self.share)))
        return round(100 * self.share)


@dataclass(frozen=True, slots=True)
class Finish:
    """Days after the vote by which half, 80 and 95 of 100 runs are finished."""

    p50: int
    p80: int
    p95: int


@dataclass(frozen=True, slots=True)
class ActivityForecast:
    """An open activity: `criticality` is the share of runs in which it lies on the longest chain.

    `by_latest` is its own deadline and the day before the vote, else the day that all behind it
    allow.
    """

    by_target: Chance
    by_latest: Chance
    finish: Finish
    criticality: float


@dataclass(frozen=True, slots=True)
class AspectForecast:
    """All of an aspect that belongs before the vote, at one place."""

    by_target: Chance
    in_time: Chance
    ready: Chance
    finish: Finish


@dataclass(frozen=True, slots=True)
class PlaceForecast:
    """All that belongs before the vote at one place; a province with all its regencies.

    `ready`: finished by the last day before the vote; `in_time`: each by its own deadline too;
    `by_target`: each by its agreed target. `blocked`: a shock that can stop the vote lies over the
    place on the day itself, `blocked_share` the mean share of stations that it touches.
    `ready_places`: how many regencies are ready, with the share of runs.
    """

    place: PlaceCode
    by_target: Chance
    in_time: Chance
    ready: Chance
    finish: Finish
    aspects: Mapping[str, AspectForecast]
    blocked: Chance
    blocked_share: float
    ready_places: Mapping[int, float]


@dataclass(frozen=True)
class Forecast:
    """The forecast of a network, or of some of its places."""

    seed: int
    draws: int
    today: int
    activities: Mapping[Node, ActivityForecast]
    places: Mapping[PlaceCode, PlaceForecast]


def forecast(
    base: Situation,
    *,
    seed: int,
    draws: int = DRAWS,
    places: Collection[PlaceCode] | None = None,
) -> Forecast:
    """Return the forecast of all places of a network, or of `places` (a province brings its own).

    The same seed and draws give the same answer, for a regency alone or with its province.
    """
    run = _Run(base, seed, draws, places)
    run.walk()
    return Forecast(seed, draws, base.today, run.activities, run.places())


@dataclass(frozen=True)
class Draws:
    """What was drawn, for who decides upon it: arrays in the order of the runs.

    `durations` are days of work with what shocks add, `finish` days after the vote.
    """

    durations: Mapping[Node, Floats]
    finish: Mapping[Node, Floats]
    ready: Mapping[PlaceCode, Bools]


def draws_of(
    base: Situation,
    *,
    seed: int,
    draws: int = DRAWS,
    places: Collection[PlaceCode] | None = None,
) -> Draws:
    """Return the runs themselves of the open activities of `places`."""
    run = _Run(base, seed, draws, places, keeps=True)
    run.walk()
    nodes = base.network.nodes
    return Draws(
        {nodes[i]: one for i, one in run.lasting.items()},
        {nodes[i]: one for i, one in run.finish.items()},
        {place: tally.ready(base.thresholds) for place, tally in run.tallies.items()},
    )


@dataclass(frozen=True, slots=True)
class ShockMove:
    """By how much the chance to be ready would rise without one shock; `strikes`: that it hits."""

    shock: str
    points: float
    error: float
    strikes: float


@dataclass(frozen=True, slots=True)
class ShockMoves:
    """The chance to be ready without any shock, with all, and what each moves, most first."""

    without: Chance
    with_all: Chance
    moves: tuple[ShockMove, ...]


def shock_moves(
    base: Situation,
    *,
    seed: int,
    draws: int = DRAWS,
    places: Collection[PlaceCode] | None = None,
) -> Mapping[PlaceCode, ShockMoves]:
    """Return for each place what the shocks do: one run for each shock, with the same numbers."""

    def ready(changed_to: Situation) -> _Run:
        run = _Run(changed_to, seed, draws, places)
        run.walk()
        return run

    thresholds = base.thresholds
    whole = ready(base)
    bare = ready(replace(base, without_shocks=True))
    moves: dict[PlaceCode, list[ShockMove]] = {place: [] for place in whole.tallies}
    for key in base.shocks.shocks:
        struck = {p: share for p in whole.tallies if (share := whole.strikes_at(p, key))}
        if not struck:
            continue
        strikes = tuple(one for one in base.strikes if one.shock != key)
        less = ready(replace(base, strikes=strikes, chances={**base.chances, key: 0.0}))
        for place, share in struck.items():
            after = less.tallies[place].ready(thresholds)
            points, error = _difference(whole.tallies[place].ready(thresholds), after)
            moves[place].append(ShockMove(key, points, error, share))
    return {
        place: ShockMoves(
            _chance(bare.tallies[place].ready(thresholds)),
            _chance(tally.ready(thresholds)),
            tuple(sorted(moves[place], key=lambda move: (-move.points, move.shock))),
        )
        for place, tally in whole.tallies.items()
    }


@dataclass(frozen=True, slots=True)
class Gain:
    """What one more of a kind (`person`, `vehicle`, `day`) at an activity does for being ready."""

    node: Node
    kind: str
    chance: Chance
    points: float
    error: float


def gains(
    base: Situation,
    place: PlaceCode,
    *,
    seed: int,
    draws: int = DRAWS,
    more: Mapping[str, Mapping[Node, float]] | None = None,
) -> tuple[Gain, ...]:
    """Return what one more day, and `more`, would gain at each open activity, the most first.

    `more` has for each kind the factor on the days left (one more person beside n: n / (n + 1)).
    The same numbers are drawn before and after, so that the difference is the measure's.
    """
    run = _Run(base, seed, draws, [place], keeps=True)
    run.walk()
    before = run.tallies[place].ready(base.thresholds)
    nodes, definitions = base.network.nodes, base.network.definitions
    tried: list[tuple[int, str, ThreePoints]] = []
    for i in run.numbers_at(place):
        if definitions[i].target >= 0 and not run.leads_before_vote(i):
            continue
        points = base.remaining[i]
        tried.append((i, "day", _shifted(points, -1.0)))
        for kind, factors in (more or {}).items():
            if nodes[i] in factors:
                tried.append((i, kind, points.times(factors[nodes[i]])))
    found = []
    for i, kind, points in tried:
        after = run.ready_with(i, points, place)
        gained, error = _difference(before, after)
        found.append(Gain(nodes[i], kind, _chance(after), gained, error))
    return tuple(sorted(found, key=lambda gain: (-gain.points, gain.node, gain.kind)))


def _chance(runs: Bools) -> Chance:
    return _chance_of(int(np.count_nonzero(runs)), runs.size)


def _chance_of(hits: int, of: int) -> Chance:
    """Return a share; its error never claims to be nothing: one run more could say otherwise."""
    smooth = (hits + 1) / (of + 2)
    return Chance(hits / of, float((smooth * (1 - smooth) / of) ** 0.5))


def _difference(before: Bools, after: Bools) -> tuple[float, float]:
    """Return by how much the share rises, with the standard error of a paired difference."""
    up = int(np.count_nonzero(after & ~before))
    down = int(np.count_nonzero(before & ~after))
    size = before.size
    mean = (up - down) / size
    return mean, float(((up + down + 1) / size - mean * mean) ** 0.5 / size**0.5)


# --- random numbers


class _Numbers:
    """Random bits that depend on the seed and a name alone."""

    def __init__(self, seed: int, draws: int) -> None:
        self._seed = seed
        self._bits: Any = np.random.SFC64(0)
        self._quarter = -(-draws // 4)
        self.draws = draws

    def salt(self, *names: str) -> NDArray[np.uint64]:
        """Return three words that stand for `names`."""
        text = "\0".join((str(self._seed), *names)).encode()
        return np.frombuffer(blake2b(text, digest_size=24).digest(), np.uint64)

    def raw(self, count: int, *names: str) -> NDArray[np.uint64]:
        """Return `count` words for `names`: the start of a stream that the salt seeds."""
        state = np.ones(4, np.uint64)
        state[:3] = self.salt(*names)
        self._bits.state = {
            "bit_generator": "SFC64",
            "state": {"state": state},
            "has_uint32": 0,
            "uinteger": 0,
        }
        found: NDArray[np.uint64] = self._bits.random_raw(count + 12)
        return found[12:]

    def triangle(self, points: ThreePoints, *names: str) -> Floats:
        """Draw from a triangle.

        Of two uniform numbers the lower times (high - low) and the distance to the higher times
        (likely - low), above low, is a triangle (Stein and Keblis 2009); it moves up with each of
        the three points.
        """
        if points.low == points.high:
            return np.full(self.draws, points.low, np.float32)
        two = self.raw(2 * self._quarter, *names).view(np.uint16).reshape(2, -1)[:, : self.draws]
        low, high = np.minimum(two[0], two[1]), np.maximum(two[0], two[1])
        found = low.astype(np.float32)
        found *= np.float32((points.high - points.likely) / 65536)
        upper = high.astype(np.float32)
        upper *= np.float32((points.likely - points.low) / 65536)
        found += upper
        # The middle of each step, so that the mean is the triangle's.
        found += np.float32(points.low + (points.high - points.low) / 131072)
        return found

    def at(self, places: Numbers, *names: str) -> NDArray[np.uint64]:
        """Return one word for each of the numbers `places`, the same whatever stands beside it."""
        salt = self.salt(*names)
        word: NDArray[np.uint64] = places.astype(np.uint64)
        word *= np.uint64(0x9E3779B97F4A7C15)
        word += salt[0]
        word ^= word >> np.uint64(30)
        word *= np.uint64(0xBF58476D1CE4E5B9)
        word ^= word >> np.uint64(27)
        word *= np.uint64(0x94D049BB133111EB)
        word ^= word >> np.uint64(31)
        return word


def _uniform(words: NDArray[np.uint64], part: int) -> Floats:
    """Return numbers between 0 and 1 from the first, second or third 21 bits of words."""
    bits = (words >> np.uint64(21 * part)) & np.uint64(0x1FFFFF)
    return (bits.astype(np.float32) + np.float32(0.5)) / np.float32(0x200000)


def _quantile(points: ThreePoints, uniform: Floats) -> Floats:
    """Return the triangle's value below which the share `uniform` lies."""
    span = points.high - points.low
    if not span:
        return np.full(uniform.size, points.low, np.float32)
    left, right = points.likely - points.low, points.high - points.likely
    rising = points.low + np.sqrt(uniform * np.float32(span * left))
    falling = points.high - np.sqrt((1 - uniform) * np.float32(span * right))
    found: Floats = np.where(uniform < left / span, rising, falling).astype(np.float32)
    return found


# --- shocks that strike


@dataclass(frozen=True)
class _Hits:
    """Strikes of one shock at one place, in the order of weeks; a strike is of one run."""

    shock: Shock
    flat: Numbers
    run: Numbers
    first: Floats
    last: Floats
    severity: Floats

    @cached_property
    def weeks(self) -> tuple[list[int], list[float], list[float]]:
        """Where each stretch of strikes ends, and between which days each lies."""
        size = max(256, self.run.size // 16)
        ends = [*range(size, self.run.size, size), self.run.size]
        begins = [0, *ends[:-1]]
        return (
            ends,
            [float(self.first[a:b].min()) for a, b in zip(begins, ends, strict=True)],
            [float(self.last[a:b].max()) for a, b in zip(begins, ends, strict=True)],
        )

    def between(self, low: float, high: float) -> slice:
        """Return a stretch that holds all strikes between two days (and some more)."""
        ends, firsts, lasts = self.weeks
        inside = [
            n for n in range(len(ends)) if firsts[n] < high and lasts[n] > low
        ]
        if not inside:
            return slice(0, 0)
        begin = ends[inside[0] - 1] if inside[0] else 0
        return slice(begin, ends[inside[-1]])

    @cached_property
    def factor(self) -> Floats:
        """By how much each strike multiplies the days left, less one."""
        points = self.shock.effect.factor
        return _quantile(points, self.severity) - 1 if points else np.zeros(0, np.float32)

    @cached_property
    def days(self) -> Floats:
        """The days that each strike adds."""
        points = self.shock.effect.days
        return _quantile(points, self.severity) if points else np.zeros(0, np.float32)

    @cached_property
    def share(self) -> Floats | None:
        """The share that each strike touches, None for all."""
        points = self.shock.effect.share
        return _quantile(points, self.severity) if points else None
