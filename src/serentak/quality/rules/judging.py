"""From counts to a score on a fixed scale, or the reason why none is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Counts, Share

from .catalogue import Indicator, Scale
from .intervals import Chance, Draws, Measure, Silence, measure, quantiles

STEPS = (0.0, 0.005, 0.01, 0.025, *(n / 20 for n in range(1, 20)), 0.975, 0.99, 0.995, 1.0)
"""A score keeps these quantiles of its draws: steps of five per cent, finer at both ends."""

LONGEST_REPLY = 2000
"""Letters that a reply may have."""


class Hidden(StrEnum):
    """Why a figure is not shown."""

    NOTHING = "NOTHING"
    SILENT = "SILENT"
    TOO_FEW = "TOO_FEW"
    PERSONS = "PERSONS"
    SECOND = "SECOND"


@dataclass(frozen=True, slots=True)
class Judged:
    """What is known of one indicator at one place.

    A figure that is hidden has no numbers at all: what is not there cannot leak. `quantiles` are of
    the value on its scale, from 0 (worst) to 1 (best), empty for context.
    """

    hidden: Hidden | None = None
    good: int | None = None
    of: int | None = None
    silent: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    scaled: float | None = None
    scaled_low: float | None = None
    scaled_high: float | None = None
    quantiles: tuple[float, ...] = ()


def scaled(value: float, worst: float, best: float) -> float:
    """Return where a value stands between two fixed points: 0 at worst or beyond, 1 at best."""
    return min(1.0, max(0.0, (value - worst) / (best - worst)))


def quantiles_of(draws: Draws) -> tuple[float, ...]:
    """Return the quantiles of draws at `STEPS`."""
    return tuple(round(found, 4) for found in quantiles(draws, STEPS))


def judge(one: Indicator, counts: Counts | None, chance: Chance, *, salt: int = 0) -> Judged:
    """Return the score of an indicator from its counts, or why there is none."""
    if counts is None:
        return Judged(Hidden.NOTHING)
    whole = counts.whole
    if why := _why_hidden(one, counts):
        return Judged(why)
    # Only units that stand for a district are alike in it; of cases and reports each stands alone.
    effect = chance.design_effect if one.uncertainty.is_clustered else 1.0
    found = measure(
        counts,
        method=one.uncertainty.method,
        silence=one.silence,
        chance=replace(chance, design_effect=effect),
        salt=salt,
    )
    if found is None:
        return Judged(Hidden.NOTHING)
    judged = Judged(None, whole.good, whole.of, whole.silent, found.value, found.low, found.high)
    return _on_scale(one.scale, judged, found) if one.scale else judged


def _on_scale(scale: Scale, judged: Judged, found: Measure) -> Judged:
    import numpy as np

    worst, best = scale.worst, scale.best
    ends = sorted((scaled(found.low, worst, best), scaled(found.high, worst, best)))
    value = scaled(found.value, worst, best)
    draws = np.clip((found.draws - worst) / (best - worst), 0, 1)
    return replace(
        judged,
        scaled=value,
        scaled_low=ends[0],
        scaled_high=ends[1],
        quantiles=quantiles_of(draws) if draws.size else (value,) * len(STEPS),
    )


def _why_hidden(one: Indicator, counts: Counts) -> Hidden | None:
    whole: Share = counts.whole
    of = whole.of + (whole.silent if one.silence is Silence.NOT_DONE else 0)
    if of + whole.silent == 0:
        return Hidden.NOTHING
    if one.silence is Silence.UNKNOWN and whole.silent:
        return Hidden.SILENT
    if of < one.show.den:
        return Hidden.TOO_FEW
    if one.show.num and not (one.show.num <= whole.good <= of - one.show.num):
        return Hidden.PERSONS
    return None


def hide_second(
    scores: Mapping[PlaceCode, Judged], *, is_whole_shown: bool
) -> Mapping[PlaceCode, Judged]:
    """Hide one more where a single one is hidden, which the total would give away.

    The smallest that is shown goes, the first by code among equals.
    """
    small = [p for p, one in scores.items() if one.hidden in (Hidden.TOO_FEW, Hidden.PERSONS)]
    shown = [p for p, one in scores.items() if one.hidden is None]
    if len(small) != 1 or not shown or not is_whole_shown:
        return scores
    second = min(shown, key=lambda place: (scores[place].of or 0, place))
    return {**scores, second: Judged(Hidden.SECOND)}
