"""What presses: kind of harm first, then whether anybody has answered, then the time left to act.

One order for alerts of all slices (docs/adr/0019): how late something is presses nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import total_ordering


class Harm(StrEnum):
    """What is at stake, gravest first."""

    LIFE = "LIFE"
    VOTE = "VOTE"
    TIMETABLE = "TIMETABLE"
    PAPER = "PAPER"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Harm).index(self)


@total_ordering
@dataclass(frozen=True, slots=True)
class Press:
    """How an alert presses; the most pressing of several is their `min`.

    `days_left` counts the days on which acting still helps, after today: the last day with road,
    water, daylight and print counted back, 0 where that is today or has passed. `is_final` says
    that a miss cannot be repaired afterwards, `is_answered` that somebody has promised it for a day
    that has not passed. `reach` counts stations, and decides among equals only.
    """

    harm: Harm = Harm.PAPER
    days_left: int = 0
    is_final: bool = False
    is_answered: bool = False
    reach: int = 0

    def __post_init__(self) -> None:
        if self.days_left < 0:
            raise ValueError("days_left: what is too late presses as what ends today")

    @property
    def order(self) -> tuple[int, bool, int, bool, int]:
        """By what it is sorted, the most pressing first."""
        return self.harm.rank, self.is_answered, self.days_left, not self.is_final, -self.reach

    def __lt__(self, other: "Press") -> bool:
        return self.order < other.order


def joint(presses: Iterable[Press]) -> Press:
    """Return how the same thing in several places presses: as the gravest, with the reach of all.

    ValueError where there is none.
    """
    found = list(presses)
    return replace(min(found), reach=sum(press.reach for press in found))
