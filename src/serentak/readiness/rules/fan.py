"""How progress may go on: the share of the work that is done on each day to come, with its spread.

This module loads NumPy: who serves pages imports it in the function that computes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MOST_RUNS = 1_000
"""A curve needs no more: its error is then below two points."""


@dataclass(frozen=True, slots=True)
class Rest:
    """An activity: weight, share done, and for each run (if open) its finish and days of work."""

    weight: float
    done: float
    finish: Floats | None = None
    lasting: Floats | None = None


def fan_of(
    rests: Sequence[Rest], *, today: int, last: int
) -> list[tuple[int, float, float, float]]:
    """Return day and per cent done in 10, 50 and 90 of 100 runs, from today to `last`.

    An open activity grows evenly over the days of work before its finish. Empty without work.
    """
    whole = sum(rest.weight for rest in rests)
    if not whole or last < today:
        return []
    fixed = sum(rest.weight * rest.done for rest in rests)
    open_rests = [rest for rest in rests if rest.finish is not None and rest.lasting is not None]
    days = np.arange(today, last + 1, dtype=np.float32)[:, None]
    runs = min((len(rest.finish) for rest in open_rests if rest.finish is not None), default=1)
    runs = min(runs, MOST_RUNS)
    grown: Floats = np.full((days.size, runs), fixed, np.float32)
    for rest in open_rests:
        assert rest.finish is not None  # noqa: S101  # chosen so
        assert rest.lasting is not None  # noqa: S101  # chosen so
        finish = rest.finish[None, :runs]
        lasting = np.maximum(np.minimum(rest.lasting[None, :runs], finish - today), 0.5)
        share = np.clip(1 - (finish - days) / lasting, 0, 1)
        grown += np.float32(rest.weight * (1 - rest.done)) * share
    bands = np.percentile(grown, (10, 50, 90), axis=1) * (100 / whole)
    return [
        (int(day), round(float(low), 1), round(float(likely), 1), round(float(high), 1))
        for day, (low, likely, high) in zip(days[:, 0], bands.T, strict=True)
    ]
