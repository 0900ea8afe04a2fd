"""Values with their intervals: shares, differences of shares, and median waiting times.

A `Measure` has a value, its 95 % interval, and draws of what the value may truly be. Draws use a
fixed seed, so that whoever counts again gets the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from serentak.kernel.counting import Counts, Share, Timed, summed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]
else:
    Draws = Any  # NumPy is loaded where something is computed: web processes mostly read.

Z = 1.96
"""Of a normal distribution 95 % lie within so many standard deviations."""


class Method(StrEnum):
    """How uncertain a value is."""

    WILSON = "WILSON"
    BOOTSTRAP = "BOOTSTRAP"
    NONE = "NONE"


class Silence(StrEnum):
    """What those who were not heard do to a value."""

    BOUNDS = "BOUNDS"
    NOT_DONE = "NOT_DONE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Chance:
    """How draws are made: how many, from which seed, and how much alike a district's units are."""

    draws: int = 2000
    seed: int = 20241127
    design_effect: float = 1.5

    def source(self, *salt: int) -> "np.random.Generator":
        """Return a source of random numbers that always gives the same."""
        import numpy as np

        return np.random.default_rng([self.seed, *salt])


@dataclass(frozen=True, slots=True)
class Measure:
    """A value and its interval, None where nothing can be said; `draws` may be empty of both."""

    value: float
    low: float
    high: float
    draws: Draws


def quantiles(draws: Draws, steps: Sequence[float]) -> tuple[float, ...]:
    """Return the draws at these steps from 0 to 1; sorting once is ten times as fast as numpy's."""
    import numpy as np

    ordered = np.sort(draws)
    return tuple(float(ordered[round(step * (len(ordered) - 1))]) for step in steps)


ENDS = (0.025, 0.975)
"""Between them lie 95 per cent."""


def wilson(good: float, of: float) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) of nothing.

    Numbers need not be whole: with a design effect both are divided by it.
    """
    if of <= 0:
        return 0.0, 1.0
    share = good / of
    mid = share + Z * Z / (2 * of)
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    return max(0.0, (mid - half) / whole), min(1.0, (mid + half) / whole)


def _wilson(share: Share, silence: Silence, chance: Chance, rng: "np.random.Generator") -> Measure:
    effect = chance.design_effect
    good, of, silent = share.good, share.of, share.silent
    if silence is Silence.NOT_DONE:
        of, silent = of + silent, 0
    every = of + silent
    low = wilson(good / effect, every / effect)[0]
    high = wilson((good + silent) / effect, every / effect)[1]
    heard = rng.beta(good / effect + 0.5, (of - good) / effect + 0.5, chance.draws)
    unheard = rng.random(chance.draws)
    value = good / of
    draws = (of * heard + silent * unheard) / every
    return Measure(value, min(value, low), max(value, high), draws)


@lru_cache(maxsize=256)
def drawn_units(units: int, chance: Chance) -> Draws:
    """Return how often each unit is drawn when whole units are drawn with replacement.

    A row for each draw; each row sums to the number of units.
    """
    import numpy as np

    return (
        chance.source(units)
        .multinomial(units, np.full(units, 1 / units), chance.draws)
        .astype(float)
    )


def _column(shares: Sequence[Share], silence: Silence) -> tuple[Draws, Draws, Draws]:
    import numpy as np

    good = np.array([s.good for s in shares], float)
    silent = np.array([s.silent for s in shares], float)
    of = np.array([s.of for s in shares], float)
    if silence is Silence.NOT_DONE:
        return good, of + silent, np.zeros_like(silent)
    return good, of, silent


def _share_of_units(
    shares: Sequence[Share], silence: Silence, chance: Chance, rng: "np.random.Generator"
) -> Measure:
    import numpy as np

    good, of, silent = _column(shares, silence)
    drawn = drawn_units(len(shares), chance)
    heard, unheard = drawn @ of, drawn @ silent
    every = heard + unheard
    # A draw may hold only units of which nothing is known: they may be anything.
    sure = np.where(every > 0, every, 1.0)
    low = np.where(every > 0, drawn @ good / sure, 0.0)
    high = np.where(every > 0, (drawn @ good + unheard) / sure, 1.0)
    middle = low + (high - low) * rng.random(chance.draws)
    value = float(good.sum() / of.sum())
    return Measure(
        value,
        min(value, quantiles(low, ENDS)[0]),
        max(value, quantiles(high, ENDS)[1]),
        middle,
    )


def _one_unit(share: Share, silence: Silence) -> Measure | None:
    import numpy as np

    of = share.of + (share.silent if silence is Silence.NOT_DONE else 0)
    if not of:
        return None
    value = share.good / of
    return Measure(value, value, value, np.empty(0))


def _minus(first: Measure, second: Measure) -> Measure:
    import numpy as np

    if not first.draws.size or not second.draws.size:
        value = first.value - second.value
        return Measure(value, first.low - second.high, first.high - second.low, np.empty(0))
    # The second is drawn in another order, so that chance in both is apart.
    draws = first.draws - second.draws[::-1]
    value = first.value - second.value
    low, high = quantiles(draws, ENDS)
    return Measure(value, min(value, low), max(value, high), draws)


def survival_median(lengths: Sequence[int], over: Sequence[bool]) -> float | None:
    """Return when half are over (Kaplan and Meier 1958), None where fewer than half are.

    What still waits counts as long as it has waited.
    """
    import numpy as np

    times = np.unique(np.array(lengths, int)) if lengths else np.empty(0, int)
    ended, left = _ended_and_left([lengths], [over], times)
    found = _medians(ended, left, times)
    return None if not found.size or np.isnan(found[0]) else float(found[0])


def _ended_and_left(
    lengths: Sequence[Sequence[int]], over: Sequence[Sequence[bool]], times: "NDArray[Any]"
) -> tuple[Draws, Draws]:
    import numpy as np

    ended = np.zeros((len(lengths), len(times)))
    left = np.zeros((len(lengths), len(times)))
    for row, (some, is_over) in enumerate(zip(lengths, over, strict=True)):
        at = np.searchsorted(times, np.array(some, int))
        np.add.at(left[row], at, 1.0)
        np.add.at(ended[row], at, np.array(is_over, float))
    return ended, left


def _medians(ended: "NDArray[Any]", left: "NDArray[Any]", times: "NDArray[Any]") -> Draws:
    """Return the median of each row, NaN where fewer than half are over."""
    import numpy as np

    if not times.size:
        return np.full(len(ended), np.nan)
    waiting = np.cumsum(left[:, ::-1], axis=1)[:, ::-1]
    # Where nobody waits any more nothing ends either: what stays does not matter there.
    stays = 1 - ended / np.maximum(waiting, ended.dtype.type(1e-9))
    surviving = np.multiply.accumulate(stays, axis=1)
    is_half = surviving <= 0.5 + 1e-6
    first = np.argmax(is_half, axis=1)
    return np.where(is_half.any(axis=1), times[first].astype(float), np.nan)


def _median_wait(counts: Timed, chance: Chance) -> Measure | None:
    import numpy as np

    units = [waits for waits in counts.by_unit.values() if waits]
    times = np.unique(np.array([w.length for waits in units for w in waits], int))
    ended, left = _ended_and_left(
        [[w.length for w in waits] for waits in units],
        [[w.is_over for w in waits] for waits in units],
        times,
    )
    value = _medians(ended.sum(0)[None], left.sum(0)[None], times)[0]
    if np.isnan(value):
        return None
    drawn = drawn_units(len(units), chance)
    # Single precision holds these counts exactly, and takes half the time.
    weights = drawn.astype(np.float32)
    draws = _medians(weights @ ended.astype(np.float32), weights @ left.astype(np.float32), times)
    # Where fewer than half are over in a draw, at least as long as anything waited yet.
    draws = np.where(np.isnan(draws), float(times[-1]), draws)
    low, high = quantiles(draws, ENDS)
    return Measure(float(value), min(float(value), low), max(float(value), high), draws)


FEW_UNITS = 8
"""With fewer districts than this, drawing districts says too little of chance."""


def measure(
    counts: Counts, *, method: Method, silence: Silence, chance: Chance, salt: int = 0
) -> Measure | None:
    """Return the value of counts with its interval, None where nothing can be said.

    With fewer units than `FEW_UNITS` a share has Wilson's interval: there is too little to draw.
    """
    rng = chance.source(salt, 1)
    if isinstance(counts, Timed):
        return _median_wait(counts, chance) if counts.whole.of else None
    first = _share(tuple(counts.by_unit.values()), method, silence, chance, rng)
    if counts.against is None or first is None:
        return first
    second = _share(tuple(counts.against.values()), method, silence, chance, rng)
    return _minus(first, second) if second else None


def _share(
    shares: Sequence[Share],
    method: Method,
    silence: Silence,
    chance: Chance,
    rng: "np.random.Generator",
) -> Measure | None:
    whole = summed(shares)
    heard = whole.of + (whole.silent if silence is Silence.NOT_DONE else 0)
    if not heard or (silence is Silence.UNKNOWN and whole.silent):
        return None
    if method is Method.NONE:
        return _one_unit(whole, silence)
    known = [s for s in shares if s.of or s.silent]
    if method is Method.WILSON or len(known) < FEW_UNITS:
        return _wilson(whole, silence, chance, rng)
    return _share_of_units(known, silence, chance, rng)
