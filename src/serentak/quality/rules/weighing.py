"""Marks of principles, totals under weights, and whether one place stands above another.

No total is kept. Two places are compared under all weights, drawn around those that were chosen
(all alike: uniform over all weights that sum to one), once with the figures as they are and once
with their chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Fault, Refused

from .intervals import ENDS, Chance, Draws, quantiles
from .judging import STEPS, Judged

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = 2000
"""How many weights are drawn."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A principle at one place, from 0 to 1; None of all where too few indicators are shown."""

    value: float | None
    low: float | None
    high: float | None
    shown: int
    of: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The marks of a place, and draws of each judged principle (a row for each)."""

    marks: Mapping[str, Mark]
    draws: Mapping[str, Draws]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places under all weights: the share of weights that put the first above the second.

    `principles` are those judged in both, which alone are compared. `above` is the one that may be
    said to stand above, None where there is no order.
    """

    first: PlaceCode
    second: PlaceCode
    principles: int
    left_out: tuple[str, ...]
    difference: float
    weights_only: float
    with_chance: float
    above: PlaceCode | None


@dataclass(frozen=True, slots=True)
class Total:
    """The middle of what a weighted mean of principles may be, its interval, over how many."""

    value: float
    low: float
    high: float
    principles: int


def sample(quantiles: Sequence[float], rng: "np.random.Generator", draws: int) -> Draws:
    """Return draws of a value from the quantiles that a score keeps of it."""
    import numpy as np

    found: Draws = np.interp(rng.random(draws), STEPS, np.asarray(quantiles, float))
    return found


def profile(
    scores: Mapping[str, Judged],
    under: Mapping[str, Sequence[str]],
    *,
    least_share: float,
    chance: Chance,
    salt: int = 0,
    draws: int = WEIGHTS,
) -> Profile:
    """Return the marks of principles at a place: plain means of the indicators that are shown.

    `under` says which compared indicators stand under each principle. One of which less than
    `least_share` is shown is not judged.
    """
    import numpy as np

    rng = chance.source(salt, 2)
    marks: dict[str, Mark] = {}
    drawn: dict[str, Draws] = {}
    for principle, keys in under.items():
        shown = [
            s
            for key in keys
            if (s := scores.get(key)) and s.hidden is None and s.scaled is not None
        ]
        if not keys or not shown or len(shown) < least_share * len(keys):
            marks[principle] = Mark(None, None, None, len(shown), len(keys))
            continue
        parts = np.stack([sample(s.quantiles, rng, draws) for s in shown])
        drawn[principle] = parts.mean(axis=0)
        value = float(np.mean([s.scaled for s in shown]))
        low, high = quantiles(drawn[principle], ENDS)
        if len(shown) == 1 and shown[0].scaled_low is not None and shown[0].scaled_high is not None:
            low, high = shown[0].scaled_low, shown[0].scaled_high
        marks[principle] = Mark(
            value, min(value, float(low)), max(value, float(high)), len(shown), len(keys)
        )
    return Profile(marks, drawn)


def check_weights(weights: Mapping[str, float], names: Mapping[str, str]) -> None:
    """Raise Refused, naming each row, unless weights are numbers of 0 and more, not all zero."""
    import numpy as np

    faults = [
        Fault("quality.weight_is_negative", key, params={"principle": names[key]})
        for key, weight in weights.items()
        if not np.isfinite(weight) or weight < 0
    ]
    if not faults and not any(weights.values()):
        faults = [Fault("quality.weights_are_all_zero", next(iter(weights), ""))]
    if faults:
        raise Refused.of(*faults)


def weights_around(
    weights: Mapping[str, float], *, chance: Chance, draws: int = WEIGHTS
) -> Mapping[str, Draws]:
    """Return weights drawn around those chosen, not yet summing to one.

    With all alike they are uniform over all that sum to one; twice the weight is drawn as if the
    principle stood there twice. What weighs nothing never counts. Only proportions matter.
    """
    chosen = {key: weight for key, weight in weights.items() if weight > 0}
    whole = sum(chosen.values())
    rng = chance.source(3)
    return {
        key: rng.standard_gamma(weight / whole * len(chosen), draws)
        for key, weight in chosen.items()
    }


def total(one: Profile, weights: Mapping[str, float]) -> Total | None:
    """Return the weighted mean of a place over the principles judged there, None of none."""
    import numpy as np

    keys = [key for key in one.draws if weights.get(key, 0) > 0]
    if not keys:
        return None
    shares = np.array([weights[key] for key in keys], float)
    shares /= shares.sum()
    draws = shares @ np.stack([one.draws[key] for key in keys])
    low, middle, high = quantiles(draws, (ENDS[0], 0.5, ENDS[1]))
    return Total(float(middle), float(low), float(high), len(keys))


def compare(
    profiles: Mapping[PlaceCode, Profile],
    weights: Mapping[str, float],
    *,
    chance: Chance,
    sure_from: float,
    least_share: float = 0.5,
    draws: int = WEIGHTS,
) -> list[Pair]:
    """Return every pair of places with an order or none, by code.

    With less than `least_share` of the principles that weigh judged in both there is no order.
    """
    drawn = weights_around(weights, chance=chance, draws=draws)
    return [
        pair
        for first, second in combinations(sorted(profiles), 2)
        if (pair := _pair(first, second, profiles, weights, drawn, sure_from, least_share))
    ]


def _pair(
    first: PlaceCode,
    second: PlaceCode,
    profiles: Mapping[PlaceCode, Profile],
    weights: Mapping[str, float],
    drawn: Mapping[str, Draws],
    sure_from: float,
    least_share: float,
) -> Pair | None:
    import numpy as np

    one, other = profiles[first], profiles[second]
    keys = [key for key in drawn if key in one.draws and key in other.draws]
    left_out = tuple(key for key in drawn if key not in keys)
    if not keys:
        return None
    lots = np.stack([drawn[key] for key in keys])
    points = np.array(
        [(one.marks[k].value or 0.0) - (other.marks[k].value or 0.0) for k in keys], float
    )
    chances = np.stack([one.draws[k] - other.draws[k] for k in keys])
    weights_only = _share_above(points @ lots)
    with_chance = _share_above(np.einsum("kd,kd->d", lots, chances))
    only = {key: weights[key] for key in keys}
    totals = total(one, only), total(other, only)
    above = None
    if totals[0] and totals[1] and len(keys) >= least_share * len(drawn):
        is_apart = totals[0].low > totals[1].high or totals[1].low > totals[0].high
        if is_apart and min(weights_only, with_chance) >= sure_from:
            above = first
        elif is_apart and max(weights_only, with_chance) <= 1 - sure_from:
            above = second
    shares = np.array([weights[key] for key in keys], float)
    difference = float(points @ shares / shares.sum())
    return Pair(first, second, len(keys), left_out, difference, weights_only, with_chance, above)


def _share_above(differences: Draws) -> float:
    """Return the share of draws above zero; what is even counts half to each."""
    import numpy as np

    return float(np.mean(differences > 0) + np.mean(differences == 0) / 2)
