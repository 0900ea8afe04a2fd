"""How likely it is that all will be done in time: many runs of the schedule with drawn durations.

One run draws for each open activity how long the rest of it takes, lets shocks strike, and walks
the network as `schedule.py` does. Ten thousand runs at once are arrays (numbers of one activity
lie together, one regency at a time, so that they fit the processor's cache).

What is drawn for an activity or a shock depends on the seed, the place and the key alone. So a
change of one activity moves only what hangs on it, and a regency computed alone equals its part of
the province. `docs/forecast.md` explains the method and its limits.

This module loads NumPy: who serves pages imports it in the function that computes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import blake2b
from math import ceil
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

TRACED = 2_500
"""Runs of which the longest chain is traced: the error of a share is then at most a point."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_FAR = 10**6

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
    starts: tuple[int, ...] = ()
    """The day at whose end each may begin at the earliest; nothing where each begins at once."""

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
    as_planned: bool = False,
) -> Situation:
    """Return the situation of a network: how its activities stand and what was seen of each.

    `latest` is the schedule's, computed where it is not at hand. As in the schedule everything
    begins as soon as it can; `as_planned`: what was not begun, no earlier than it must to meet its
    target even at the pessimistic pace.
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
        starts=tuple(
            -_FAR if work.done else work.target_day - definition.durations.pessimistic
            for definition, work in zip(network.definitions, works, strict=True)
        )
        if as_planned
        else (),
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


MOST_FACTOR = 100
MOST_DAYS = 1000
"""More is a slip of the finger."""


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
        for row, node in enumerate(nodes, 1):
            if node not in index:
                yield _fault("activity_is_not_there", name, row, activity=node[1], place=node[0])
    for row, points in enumerate(what_if.durations.values(), 1):
        if not points.high <= MOST_DAYS:
            yield _fault("days_are_too_many", "durations", row, days=points.high, most=MOST_DAYS)
    for row, days in enumerate(what_if.days.values(), 1):
        if not abs(days) <= MOST_DAYS:
            yield _fault("days_are_too_many", "days", row, days=days, most=MOST_DAYS)
    for row, factor in enumerate(what_if.factors.values(), 1):
        if not 0 < factor <= MOST_FACTOR:
            yield _fault("factor_out_of_range", "factors", row, factor=factor, most=MOST_FACTOR)
    for row, strike in enumerate(what_if.strikes, 1):
        shock = shocks.get(strike.shock)
        if shock is None:
            yield _fault("shock_is_unknown", "strikes", row, shock=strike.shock)
        if not 0 <= strike.chance <= 1:
            yield _fault("chance_out_of_range", "strikes", row, chance=strike.chance)
        last = shock.window.last if shock else MOST_DAYS
        if strike.day is not None and not base.today <= strike.day <= last:
            yield _fault("strike_lies_outside", "strikes", row, shock=strike.shock, day=strike.day)
    for row, (key, chance) in enumerate(what_if.chances.items(), 1):
        if key not in shocks:
            yield _fault("shock_is_unknown", "chances", row, shock=key)
        if not 0 <= chance <= 1:
            yield _fault("chance_out_of_range", "chances", row, chance=chance)


def _fault(code: str, field: str, row: int, **params: object) -> Fault:
    return Fault(f"readiness.{code}", field, params, row)


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
    to_vote: bool = False,
) -> Forecast:
    """Return the forecast of all places of a network, or of `places` (a province brings its own).

    The same seed and draws give the same answer, for a regency alone or with its province.
    `to_vote` leaves out what comes after the vote, which is quicker where a regency's work then
    waits for all others.
    """
    run = _Run(base, seed, draws, places, to_vote=to_vote)
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
        run = _Run(changed_to, seed, draws, places, to_vote=True)
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
    run = _Run(base, seed, draws, [place], keeps=True, to_vote=True)
    run.walk()
    before = run.tallies[place].ready(base.thresholds)
    nodes = base.network.nodes
    tried: list[tuple[int, str, ThreePoints]] = []
    for i in run.numbers_at(place):
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
        """Draw from a triangle, as `_triangle` does."""
        if points.low == points.high:
            return np.full(self.draws, points.low, np.float32)
        two = self.raw(2 * self._quarter, *names).view(np.uint16).reshape(2, -1)[:, : self.draws]
        low, high = np.minimum(two[0], two[1]), np.maximum(two[0], two[1])
        # The middle of each of 65,536 steps, so that the mean is the triangle's.
        middle = (points.high - points.low) / 131072
        found: Floats = low * np.float32((points.high - points.likely) / 65536)
        if points.likely > points.low:
            found += high * np.float32((points.likely - points.low) / 65536)
        found += np.float32(points.low + middle)
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


def _triangle(points: ThreePoints, low: Floats, high: Floats) -> Floats:
    """Return a triangle's values from two uniform numbers, the lower and the higher.

    Above `points.low` they are the lower times (high - likely) and the higher times (likely - low)
    together (Stein and Keblis 2009). A triangle moves up with each of its three points.
    """
    found: Floats = low * np.float32(points.high - points.likely)
    if points.likely > points.low:
        found += high * np.float32(points.likely - points.low)
    found += np.float32(points.low)
    return found


def _ordered(words: NDArray[np.uint64], part: int) -> tuple[Floats, Floats]:
    """Return two uniform numbers of each word, the lower and the higher."""
    one, two = _uniform(words, part), _uniform(words, part + 1)
    return np.minimum(one, two), np.maximum(one, two)


# --- shocks that strike


@dataclass(frozen=True)
class _Hits:
    """Strikes of one shock at one place, in the order of weeks; a strike is of one run."""

    shock: Shock
    run: Numbers
    first: Floats
    last: Floats
    severity: tuple[Floats, Floats]
    stretches: tuple[tuple[int, int], ...]
    """Where the strikes of each week begin and end."""
    length: int = 1

    @cached_property
    def _bounds(self) -> list[tuple[int, int, float, float]]:
        return [
            (a, b, float(self.first[a:b].min()), float(self.last[a:b].max()))
            for a, b in self.stretches
            if a < b
        ]

    def between(self, low: float, high: float) -> slice:
        """Return a stretch that holds all strikes between two days (and some more)."""
        inside = [(a, b) for a, b, first, last in self._bounds if first < high and last > low]
        return slice(inside[0][0], inside[-1][1]) if inside else slice(0, 0)

    @cached_property
    def factor(self) -> Floats | None:
        """By how much each strike multiplies the days left, less one."""
        points = self.shock.effect.factor
        return _triangle(points, *self.severity) - 1 if points else None

    @cached_property
    def days(self) -> Floats | None:
        """The days that each strike adds."""
        points = self.shock.effect.days
        return _triangle(points.times(self.length), *self.severity) if points else None

    @cached_property
    def share(self) -> Floats | None:
        """The share that each strike touches, None for all."""
        points = self.shock.effect.share
        return _triangle(points, *self.severity) if points else None


_WEEK_0 = 1000
"""Weeks are counted from the vote; as part of a number they must not be negative."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A week in which a shock may strike: its chance, and the days after the vote left in it."""

    week: int
    chance: float
    first: int
    days: int


class _Weather:
    """Which shocks strike where and when, in all runs."""

    def __init__(self, base: Situation, numbers: _Numbers) -> None:
        self._base = base
        self._numbers = numbers
        self._together: dict[tuple[str, PlaceCode], Numbers] = {}
        self._at: dict[PlaceCode, list[_Hits]] = {}
        self._causes_first = base.shocks.causes_first()
        self._open_at: dict[PlaceCode, tuple[set[str], set[str]]] = {}
        network = base.network
        for (place, key), definition, work in zip(
            network.nodes, network.definitions, base.works, strict=True
        ):
            if work.open:
                keys, aspects = self._open_at.setdefault(place, (set(), set()))
                keys.add(key)
                aspects.add(definition.aspect)
        self._open = {shock.key: self._open_weeks(shock) for shock in self._causes_first}

    def at(self, place: PlaceCode) -> list[_Hits]:
        """Return every strike at a province's own work or a regency."""
        if place not in self._at:
            self._at[place] = [] if self._base.without_shocks else list(self._strikes(place))
        return self._at[place]

    def forget(self, place: PlaceCode) -> None:
        """Let go of a place's strikes."""
        self._at.pop(place, None)

    def _strikes(self, place: PlaceCode) -> Iterator[_Hits]:
        base, draws = self._base, self._numbers.draws
        matters = self._matters(place)
        raised: dict[str, list[tuple[Numbers, float]]] = defaultdict(list)
        for shock in self._causes_first:
            if (
                shock.key not in matters
                or (shock.key, place) in base.struck
                or not base.shocks.can_hit(shock, place)
            ):
                continue
            if shock.calendar:
                yield from self._calendar(shock, place)
                continue
            flat = self._drawn(shock, place)
            for causes, chance in raised[shock.key]:
                open_weeks = [one.week + _WEEK_0 for one in self._open[shock.key]]
                words = self._numbers.at(causes, "raised", shock.key, place)
                falls = _uniform(words, 0) < chance
                falls &= np.isin(causes // draws, open_weeks)
                flat = _union(flat, causes[falls])
            for key, chance in (shock.also or {}).items():
                raised[key].append((flat, chance))
            if flat.size:
                yield self._hits(shock, place, flat)
        for number, strike in enumerate(base.strikes):
            within = any(place == one or parent_of(place) == one for one in strike.places)
            if within and (found := self._tried(strike, number, place)):
                yield found

    def _matters(self, place: PlaceCode) -> set[str]:
        """Return the shocks that hold up something open at a place, that block, or raise such."""
        base = self._base
        keys, aspects = self._open_at.get(place, (set(), set()))
        found: set[str] = set()
        for shock in reversed(self._causes_first):
            if (
                (shock.blocks and base.today <= 0)
                or not found.isdisjoint(shock.also or ())
                or not keys.isdisjoint(shock.hits.activities)
                or not aspects.isdisjoint(shock.hits.aspects)
            ):
                found.add(shock.key)
        return found

    def _drawn(self, shock: Shock, place: PlaceCode) -> Numbers:
        """Return in which weeks and runs a shock hits a place by chance."""
        if shock.independent or shock.group in (EACH, CONTEST):
            return self._struck(shock, place)
        province = PlaceCode(place[: Level.PROVINCE])
        if (shock.key, province) not in self._together:
            self._together[shock.key, province] = self._struck(shock, province)
        flat = self._together[shock.key, province]
        if shock.within < 1:
            words = self._numbers.at(flat, "within", shock.key, place)
            flat = flat[_uniform(words, 0) < shock.within]
        return flat

    def _struck(self, shock: Shock, where: PlaceCode) -> Numbers:
        numbers = self._numbers
        found = []
        for one in self._open[shock.key]:
            chance = one.chance * (1 if len(where) == Level.PROVINCE else shock.within)
            bits = numbers.raw(-(-numbers.draws // 4), "week", shock.key, where, str(one.week))
            most = round(chance * 65536) - 1
            if most < 0:
                continue
            runs = np.flatnonzero(bits.view(np.uint16)[: numbers.draws] <= np.uint16(most))
            runs += (one.week + _WEEK_0) * numbers.draws
            found.append(runs)
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _hits(self, shock: Shock, place: PlaceCode, flat: Numbers) -> _Hits:
        """Return strikes with when they begin and end, and how hard they are at the place."""
        alone = shock.independent or shock.group in (EACH, CONTEST)
        where = place if alone else PlaceCode(place[: Level.PROVINCE])
        numbers = self._numbers
        words = numbers.at(flat, "when", shock.key, where)
        opened = self._open[shock.key]
        week = flat // numbers.draws - (opened[0].week + _WEEK_0)
        size = opened[-1].week - opened[0].week + 1
        begins, days = np.zeros(size, np.float32), np.zeros(size, np.float32)
        for one in opened:
            begins[one.week - opened[0].week] = one.first - 1
            days[one.week - opened[0].week] = one.days
        first = begins[week] + days[week] * _uniform(words, 0)
        ends = np.searchsorted(week, np.arange(size + 1))
        return _Hits(
            shock=shock,
            run=flat % numbers.draws,
            first=first,
            last=first + _triangle(shock.lasts.days, *_ordered(words, 1)),
            severity=_ordered(numbers.at(flat, "severity", shock.key, place), 0),
            stretches=tuple(zip(map(int, ends), map(int, ends[1:]), strict=False)),
        )

    def _calendar(self, shock: Shock, place: PlaceCode) -> Iterator[_Hits]:
        """Yield each run of holidays that is still to come."""
        base, window = self._base, shock.window
        if base.chances.get(shock.key, 1.0) == 0:
            return
        days = sorted(
            day
            for day in base.holidays
            if max(base.today, window.first) <= day <= window.last
            and shock.weight(day_of(day, vote_date=base.vote_date).month)
        )
        runs = np.arange(self._numbers.draws)
        begin = 0
        for end in range(1, len(days) + 1):
            if end < len(days) and days[end] == days[end - 1] + 1:
                continue
            length = end - begin
            severity = _ordered(
                self._numbers.at(runs, "calendar", shock.key, place, str(days[begin])), 0
            )
            first = np.full(runs.size, days[begin] - 1, np.float32)
            last = first + _triangle(shock.lasts.days.times(length), *severity)
            yield _Hits(shock, runs, first, last, severity, ((0, runs.size),), length)
            begin = end

    def _tried(self, strike: Strike, number: int, place: PlaceCode) -> _Hits | None:
        """Return the strikes that a what-if adds at a place."""
        numbers, window = self._numbers, self._base.shocks.shocks[strike.shock].window
        shock = self._base.shocks.shocks[strike.shock]
        runs = np.arange(numbers.draws)
        words = numbers.at(runs, "tried", strike.shock, str(number))
        runs = runs[_uniform(words, 0) < strike.chance]
        if not runs.size:
            return None
        words = words[runs]
        low = max(self._base.today, window.first)
        days = max(1, window.last - low + 1)
        begin = (low - 1 if strike.day is None else strike.day - 1) + np.zeros(1, np.float32)
        first = begin + np.float32(days if strike.day is None else 0) * _uniform(words, 1)
        hard = _ordered(numbers.at(runs, "hard", strike.shock, str(number), place), 0)
        last = first + _triangle(shock.lasts.days, *hard)
        return _Hits(shock, runs, first, last, hard, ((0, runs.size),))

    def _open_weeks(self, shock: Shock) -> list[_Open]:
        base, window = self._base, shock.window
        chance = base.chances.get(shock.key, shock.per_week.likely)
        days: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for day in range(max(base.today, window.first), window.last + 1):
            if weight := shock.weight(day_of(day, vote_date=base.vote_date).month):
                days[day // 7].append((day, weight))
        return [
            _Open(week, min(1.0, chance * sum(w for _, w in found) / 7), found[0][0], len(found))
            for week, found in days.items()
            if chance
        ]


def _prolonged(
    lasting: Floats, begin: Floats | float, hits: Iterable[_Hits], *, whole: bool
) -> Floats:
    """Return the days of an activity with what shocks add.

    A shock counts where the activity is under way or begins while it lasts. The largest factor
    counts, days add up, the two longest at most. Where it touches a share, the rest goes on
    meanwhile; `whole` says that the activity has no parts.
    """
    low = begin if isinstance(begin, float) else float(begin.min())
    high = float((lasting + begin).max())
    added: list[tuple[Numbers, Floats]] = []
    factors: list[tuple[Numbers, Floats]] = []
    for one in hits:
        part = one.between(low, high)
        run = one.run[part]
        if not run.size:
            continue
        start = begin if isinstance(begin, float) else begin[run]
        days = lasting[run]
        left = start + days
        left -= one.first[part]
        met = (left > 0) & (one.last[part] > start)
        chosen = np.flatnonzero(met)
        if not chosen.size:
            continue
        run = run[chosen]
        left = np.minimum(left[chosen], days[chosen])
        touched = None if whole or one.share is None else one.share[part][chosen]
        if one.factor is not None:
            more = left * one.factor[part][chosen]
            factors.append((run, more if touched is None else more * touched))
        if one.days is not None:
            waits = one.days[part][chosen]
            if touched is not None:
                waits = np.maximum(waits - (1 - touched) * left, 0)
            added.append((run, waits))
    if not added and not factors:
        return lasting
    found = lasting.copy()
    if factors:
        found += _largest(factors, found.size)
    if added:
        first = _largest(added, found.size)
        found += first
        if len(added) > 1:
            others = [(run, np.where(days < first[run], days, 0)) for run, days in added]
            found += _largest(others, found.size)
    return found


def _largest(parts: Iterable[tuple[Numbers, Floats]], size: int) -> Floats:
    """Return the largest value of each run, 0 where it has none."""
    found = np.zeros(size, np.float32)
    for run, value in parts:
        np.maximum.at(found, run, value)
    return found


def _union(one: Numbers, other: Numbers) -> Numbers:
    """Return the sorted numbers of both, each once."""
    both = np.sort(np.concatenate((one, other)), kind="stable")
    return both[np.concatenate(([True], both[1:] != both[:-1]))] if both.size else both


# --- the walk over the network


@dataclass
class _Part:
    """All of an aspect at a place in every run."""

    finish: Floats | float
    in_time: Bools | bool = True
    by_target: Bools | bool = True


class _Tally:
    """What one place comes to, from its own activities and, for a province, those below."""

    def __init__(self, place: PlaceCode, draws: int, yesterday: int) -> None:
        self.place = place
        self.parts: dict[str, _Part] = {}
        self._draws = draws
        self._yesterday = float(yesterday)
        self.blocked: Bools = np.zeros(draws, np.bool_)
        self.blocked_share = 0.0
        self.ready_places: dict[int, float] = {}

    def part(self, aspect: str) -> _Part:
        """Return the aspect's part."""
        if aspect not in self.parts:
            self.parts[aspect] = _Part(self._yesterday)
        return self.parts[aspect]

    def finish(self) -> Floats:
        """Return when the last of it is finished."""
        last = np.full(self._draws, self._yesterday, np.float32)
        for part in self.parts.values():
            np.maximum(last, part.finish, out=last)
        return last

    def ready(self, thresholds: Thresholds) -> Bools:
        """Return in which runs all is finished by the last day before the vote."""
        return self.finish() <= thresholds.last_day_before_vote

    def add(self, other: "_Tally") -> None:
        """Add what a regency comes to."""
        for aspect, theirs in other.parts.items():
            own = self.part(aspect)
            own.finish = np.maximum(own.finish, theirs.finish)
            own.in_time = own.in_time & theirs.in_time
            own.by_target = own.by_target & theirs.by_target


class _Run:
    """One forecast under way; `keeps` holds on to every array."""

    def __init__(
        self,
        base: Situation,
        seed: int,
        draws: int,
        places: Collection[PlaceCode] | None,
        *,
        keeps: bool = False,
        to_vote: bool = False,
    ) -> None:
        if draws < 1:
            raise ValueError("a forecast needs at least one run")
        self.base = base
        self.draws = draws
        self.numbers = _Numbers(seed, draws)
        self.weather = _Weather(base, self.numbers)
        self.yesterday = base.today - 1
        self.finish: dict[int, Floats] = {}
        self.head: dict[int, Floats] = {}
        self.drawn: dict[int, Floats] = {}
        self.lasting: dict[int, Floats] = {}
        self.activities: dict[Node, ActivityForecast] = {}
        network = base.network
        known = dict.fromkeys(place for place, _ in network.nodes)
        asked = known if places is None else places
        self._wanted = {place for place in known if place in asked or parent_of(place) in asked}
        self.tallies = {
            place: _Tally(place, draws, self.yesterday) for place in known if place in self._wanted
        }
        self._settled = [work.finished for work in base.works]
        self._order = self._needed(0 if to_vote else None)
        self._goals = {place: self._goal(place) for place in self._wanted}
        self._keeps = keeps
        self._holds = keeps or any(
            goal is not None and network.nodes[goal][0] != place and place != network.nodes[goal][0]
            for place, goal in self._goals.items()
        )
        self._critical: dict[int, float] = defaultdict(float)
        self._hits_of: dict[tuple[PlaceCode, str], list[_Hits]] = {}

    def numbers_at(self, place: PlaceCode) -> list[int]:
        """Return the open activities of a place, in the order of the walk."""
        return [
            i
            for i in self._order
            if self.base.network.nodes[i][0] == place and self.base.works[i].open
        ]

    def _needed(self, last: int | None) -> list[int]:
        """Return what is not settled at wanted places and all that it waits for, place by place.

        Work whose target lies after the day `last` is left out.
        A place's activities lie together unless they wait for another place that waits for them.
        """
        network = self.base.network
        needed = {
            i
            for i, (place, _) in enumerate(network.nodes)
            if place in self._wanted
            and not self._settled[i]
            and (last is None or network.definitions[i].target <= last)
        }
        for i in reversed(network.order):
            if i in needed:
                needed.update(p for p in network.before[i] if not self._settled[p])
        phase: dict[int, int] = {}
        order = [i for i in network.order if i in needed]
        for i in order:
            place = network.nodes[i][0]
            phase[i] = max(
                (
                    phase[p] + (network.nodes[p][0] != place)
                    for p in network.before[i]
                    if p in needed
                ),
                default=0,
            )
        return sorted(order, key=lambda i: (phase[i], network.nodes[i][0]))

    def _before(self, i: int) -> list[int]:
        return [p for p in self.base.network.before[i] if not self._settled[p]]

    def _goal(self, place: PlaceCode) -> int | None:
        """Return the first goal that is open at a place or at its province."""
        index = self.base.network.index
        for key in self.base.thresholds.goals:
            for where in (place, parent_of(place)):
                number = index.get((where, key)) if where else None
                if number is not None and self.base.works[number].open:
                    return number
        return None

    def walk(self) -> None:
        """Walk over all that is needed, place by place, and count."""
        network = self.base.network
        last_of = {network.nodes[i][0]: n for n, i in enumerate(self._order)}
        at_place: dict[PlaceCode, list[int]] = defaultdict(list)
        for n, i in enumerate(self._order):
            place = network.nodes[i][0]
            at_place[place].append(i)
            self._go_through(i)
            if n == last_of[place] and level_of(place) is Level.REGENCY:
                self._close(place, at_place[place])
        for place in self._wanted:
            if level_of(place) is Level.PROVINCE or place not in last_of:
                self._close(place, at_place[place])

    def _go_through(self, i: int) -> None:
        """Draw one activity in all runs, let it begin after its predecessors, and count it."""
        base = self.base
        node, definition, work = base.network.nodes[i], base.network.definitions[i], base.works[i]
        before = self._before(i)
        begin = self._begin(i, before, self.finish)
        if not work.open:
            self.finish[i] = self._array(begin)
            self.head[i] = self._array(self._longest(before))
            return
        drawn = self.numbers.triangle(base.remaining[i], *node)
        lasting = self._with_shocks(i, drawn, begin)
        end = lasting + begin
        if definition.fixed:
            np.maximum(end, np.float32(definition.target), out=end)
        self.finish[i] = end
        if definition.fixed or any(p in self.head for p in before):
            self.head[i] = lasting + self._longest(before)
        if self._keeps:
            self.drawn[i], self.lasting[i] = drawn, lasting
        if node[0] in self._wanted:
            self._count(i, node, definition, work, end)

    def _array(self, value: Floats | float) -> Floats:
        return np.full(self.draws, value, np.float32) if isinstance(value, float) else value

    def _begin(self, i: int, before: Sequence[int], finish: Mapping[int, Floats]) -> Floats | float:
        """Return the day at whose end all that comes before is finished."""
        starts = self.base.starts
        first = max(self.yesterday, starts[i]) if starts else self.yesterday
        if not before:
            return float(first)
        begin = finish[before[0]]
        for p in before[1:]:
            begin = np.maximum(begin, finish[p])
        return np.maximum(begin, np.float32(first)) if first > self.yesterday else begin

    def _worked(self, i: int, runs: int | None = None) -> Floats:
        """Return the days of the longest chain up to an activity, waiting for the law left out."""
        if i in self.head:
            return self.head[i][:runs]
        return self.finish[i][:runs] - np.float32(self.yesterday)

    def _longest(self, before: Sequence[int]) -> Floats | float:
        if not before:
            return 0.0
        longest = self._worked(before[0])
        for p in before[1:]:
            longest = np.maximum(longest, self._worked(p))
        return longest

    def _with_shocks(self, i: int, drawn: Floats, begin: Floats | float) -> Floats:
        place, key = self.base.network.nodes[i]
        definition = self.base.network.definitions[i]
        if (place, key) not in self._hits_of:
            self._hits_of[place, key] = [
                one
                for one in self.weather.at(place)
                if one.shock.hits_one_of(key, definition.aspect)
            ]
        hits = self._hits_of[place, key]
        if not hits:
            return drawn
        whole = all(term.of in _WHOLE for term in definition.quantity)
        return _prolonged(drawn, begin, hits, whole=whole)

    def _count(self, i: int, node: Node, definition: Definition, work: Work, end: Floats) -> None:
        counts = self._days(end)
        limit = self.base.limit(i)
        latest = limit if definition.deadline is not None else min(limit, self.base.latest[i])
        self.activities[node] = ActivityForecast(
            by_target=self._until(counts, work.target_day),
            by_latest=self._until(counts, latest),
            finish=self._finish(counts),
            criticality=0.0,
        )
        if definition.target >= 0:
            return
        part = self.tallies[node[0]].part(definition.aspect)
        if isinstance(part.finish, float):
            part.finish = end.copy()
        else:
            part.finish = np.maximum(part.finish, end)
        most = self.yesterday + counts.size - 1
        if most > limit:
            part.in_time = part.in_time & (end <= limit)
        if most > work.target_day:
            part.by_target = part.by_target & (end <= work.target_day)

    def _days(self, finish: Floats) -> Numbers:
        """Return how many runs are finished by each day, from yesterday on."""
        days = np.ceil(finish)
        days -= self.yesterday
        return np.cumsum(np.bincount(days.astype(np.int64)))

    def _until(self, counts: Numbers, day: int) -> Chance:
        at = min(day - self.yesterday, counts.size - 1)
        return _chance_of(int(counts[at]) if at >= 0 else 0, self.draws)

    def _finish(self, counts: Numbers) -> Finish:
        p50, p80, p95 = (
            int(np.searchsorted(counts, ceil(self.draws * per_cent / 100)))
            for per_cent in (50, 80, 95)
        )
        return Finish(*(self.yesterday + days for days in (p50, p80, p95)))

    def _close(self, place: PlaceCode, numbers: list[int]) -> None:
        """Find what was critical at a place, then let go of what no other place waits for."""
        if place in self._wanted:
            self._trace(place)
            self._block(place)
        if self._holds or level_of(place) is not Level.REGENCY:
            return
        network = self.base.network
        for i in numbers:
            if all(network.nodes[s][0] == place for s in network.after[i]):
                self.finish.pop(i, None)
                self.head.pop(i, None)
            self._hits_of.pop(network.nodes[i], None)
        self.weather.forget(place)

    def _trace(self, place: PlaceCode) -> None:
        """Walk back from the goal along the longest chain of each run."""
        goal = self._goals[place]
        if goal is None or goal not in self.finish:
            return
        nodes = self.base.network.nodes
        of = 1
        if level_of(place) is Level.REGENCY:
            of = sum(parent_of(one) == parent_of(place) for one in self._wanted) or 1
        traced = min(self.draws, TRACED)
        critical: dict[int, Bools] = {goal: np.ones(traced, np.bool_)}
        for i in reversed(self._order):
            runs = critical.pop(i, None)
            if runs is None:
                continue
            share = np.count_nonzero(runs) / traced
            if not share:
                continue
            if nodes[i][0] == place:
                self._critical[i] = share
            elif level_of(nodes[i][0]) is Level.PROVINCE:
                self._critical[i] += share / of
            before = [p for p in self._before(i) if p in self.finish]
            if len(before) == 1:
                self._mark(critical, before[0], runs)
                continue
            worked = [self._worked(p, traced) for p in before]
            if not worked:
                continue
            longest = worked[0]
            for one in worked[1:]:
                longest = np.maximum(longest, one)
            for p, one in zip(before, worked, strict=True):
                self._mark(critical, p, runs & (one == longest))

    @staticmethod
    def _mark(critical: dict[int, Bools], i: int, runs: Bools) -> None:
        critical[i] = critical[i] | runs if i in critical else runs

    def _block(self, place: PlaceCode) -> None:
        """Note in which runs a shock that can stop the vote lies over the place on the day."""
        if self.base.today > 0:
            return
        tally = self.tallies[place]
        touched = np.zeros(self.draws, np.float32)
        for one in self.weather.at(place):
            if not one.shock.blocks:
                continue
            part = one.between(-1.0, 0.0)
            over = (one.first[part] < 0) & (one.last[part] > -1)
            runs = one.run[part][over]
            tally.blocked[runs] = True
            share = one.share[part][over] if one.share is not None else np.float32(1)
            np.maximum.at(touched, runs, share)
        tally.blocked_share = float(touched.mean())

    def strikes_at(self, place: PlaceCode, key: str) -> float:
        """Return the chance that a shock hits a place at least once."""
        struck = np.zeros(self.draws, np.bool_)
        below = [place, *(one for one in self._wanted if parent_of(one) == place)]
        for where in below:
            for one in self.weather.at(where):
                if one.shock.key == key:
                    struck[one.run] = True
        return float(struck.mean())

    def places(self) -> dict[PlaceCode, PlaceForecast]:
        """Return what every wanted place comes to, provinces with their regencies."""
        for i, share in self._critical.items():
            node = self.base.network.nodes[i]
            if node in self.activities:
                self.activities[node] = replace(self.activities[node], criticality=min(1.0, share))
        self._add_up()
        return {place: self._place(tally) for place, tally in self.tallies.items()}

    def _add_up(self) -> None:
        """Add the regencies to their provinces."""
        for place, whole in self.tallies.items():
            below = [t for one, t in self.tallies.items() if parent_of(one) == place]
            if level_of(place) is not Level.PROVINCE or not below:
                continue
            ready = np.zeros(self.draws, np.int64)
            for tally in below:
                ready += tally.ready(self.base.thresholds)
                whole.add(tally)
                whole.blocked |= tally.blocked
            whole.blocked_share = sum(tally.blocked_share for tally in below) / len(below)
            counts = np.bincount(ready, minlength=len(below) + 1) / self.draws
            whole.ready_places = {n: float(share) for n, share in enumerate(counts) if share}

    def _place(self, tally: _Tally) -> PlaceForecast:
        aspects = {aspect: self._aspect(part) for aspect, part in tally.parts.items()}
        whole = self._aspect(
            _Part(
                tally.finish(),
                self._all(part.in_time for part in tally.parts.values()),
                self._all(part.by_target for part in tally.parts.values()),
            )
        )
        return PlaceForecast(
            place=tally.place,
            by_target=whole.by_target,
            in_time=whole.in_time,
            ready=whole.ready,
            finish=whole.finish,
            aspects=aspects,
            blocked=_chance(tally.blocked),
            blocked_share=tally.blocked_share,
            ready_places=tally.ready_places,
        )

    def _aspect(self, part: _Part) -> AspectForecast:
        counts = self._days(self._array(part.finish))
        return AspectForecast(
            by_target=_chance(self._all([part.by_target])),
            in_time=_chance(self._all([part.in_time])),
            ready=self._until(counts, self.base.thresholds.last_day_before_vote),
            finish=self._finish(counts),
        )

    def _all(self, runs: Iterable[Bools | bool]) -> Bools:
        found = np.ones(self.draws, np.bool_)
        for one in runs:
            found &= one
        return found

    # --- what one change does

    def _behind(self, i: int) -> list[int]:
        """Return an activity and all that waits for it, in the order of the walk."""
        behind = {i}
        for s in self._order:
            if s not in behind and any(p in behind for p in self.base.network.before[s]):
                behind.add(s)
        return [s for s in self._order if s in behind]

    @cached_property
    def _late(self) -> NDArray[np.int16]:
        """How many activities that belong before the vote are late in each run."""
        late = np.zeros(self.draws, np.int16)
        for i in self._order:
            late += self._is_late(i, self.finish[i])
        return late

    def _is_late(self, i: int, finish: Floats) -> Bools:
        network = self.base.network
        if network.nodes[i][0] in self._wanted and network.definitions[i].target < 0:
            return finish > self.base.thresholds.last_day_before_vote
        return np.zeros(self.draws, np.bool_)

    def ready_with(self, i: int, points: ThreePoints, place: PlaceCode) -> Bools:
        """Return in which runs a place is ready if one activity took other days; needs `keeps`."""
        base = self.base
        finish = dict(self.finish)
        late = self._late.copy()
        drawn_anew = self.numbers.triangle(points, *base.network.nodes[i])
        for s in self._behind(i):
            begin = self._begin(s, self._before(s), finish)
            if base.works[s].open:
                drawn = drawn_anew if s == i else self.drawn[s]
                end = self._with_shocks(s, drawn, begin) + begin
                if base.network.definitions[s].fixed:
                    np.maximum(end, np.float32(base.network.definitions[s].target), out=end)
            else:
                end = self._array(begin)
            late -= self._is_late(s, self.finish[s])
            late += self._is_late(s, end)
            finish[s] = end
        ready: Bools = late == 0
        return ready
