"""How far reports can be relied on: proof, rhythm, steps back, and a number that never moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

STUCK_FROM, STUCK_TO, STUCK_REPORTS = 0.85, 0.99, 3
"""So many reports in a row of almost done say nothing (assumed)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One report: on which day, how much stood after it, whether less than before, with proof."""

    day: int
    share: float | None
    is_back: bool
    has_proof: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """What can be said of the reports of one institution; shares from 0 to 1, None of nothing.

    `regular`: intervals no longer than was asked. `stuck`: works that stay at almost done.
    """

    works: int
    reports: int
    proof: float | None
    regular: float | None
    back: int
    stuck: int


def quality_of(works: Sequence[tuple[int, Sequence[Heard]]], *, today: int) -> Quality:
    """Return the quality of reports: for each work its rhythm in days, and what was heard of it."""
    reports = [one for _every, heard in works for one in heard]
    gaps: list[bool] = []
    stuck = 0
    for every, heard in works:
        days = sorted({one.day for one in heard})
        is_open = not heard or (heard[-1].share or 0) < 1
        ends = [*days, today] if is_open and days else days
        gaps += [after - before <= every for before, after in pairwise(ends)]
        last = [one.share for one in heard[-STUCK_REPORTS:]]
        if len(last) == STUCK_REPORTS:
            stuck += all(s is not None and STUCK_FROM <= s <= STUCK_TO for s in last) and (
                max(s or 0 for s in last) - min(s or 0 for s in last) < 0.02
            )
    return Quality(
        works=len(works),
        reports=len(reports),
        proof=sum(one.has_proof for one in reports) / len(reports) if reports else None,
        regular=sum(gaps) / len(gaps) if gaps else None,
        back=sum(one.is_back for one in reports),
        stuck=stuck,
    )
