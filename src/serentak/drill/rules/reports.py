"""How the course of work becomes reports that could have been.

A story is a list of turns. A turn names places, aspects or activities and says how their work
goes; where several fit, the later one wins, field by field. Days count from the vote (`-30` is
H-30).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.entries import As, above_zero, between

from .chance import chance


@dataclass(frozen=True, slots=True)
class Course:
    """How the work on one line goes.

    It ends `ends` days after its target (negative: before), give or take `spread`, takes `takes`
    times the likely duration, and stops for good at the share `stops_at`. The last report lies at
    least `unheard` days before the scene; `note` goes with it.
    """

    ends: int = 0
    spread: int = 0
    takes: Annotated[float, above_zero] = 1.0
    stops_at: Annotated[float, between(0, 1)] = 1.0
    unheard: int = 1
    note: Annotated[str, As(str)] = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the story: whom it concerns (empty: all) and what of the course it sets."""

    places: tuple[PlaceCode, ...] = ()
    aspects: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    sets: Mapping[str, Any] = field(default_factory=dict)

    def concerns(self, line: "Line") -> bool:
        """Tell whether the turn is about a line."""
        return (
            (not self.places or any(is_within(line.place, above) for above in self.places))
            and (not self.aspects or line.aspect in self.aspects)
            and (not self.activities or line.activity in self.activities)
        )


@dataclass(frozen=True, slots=True)
class Line:
    """What is reported on: an activity at a place, or its part in one district.

    `target` is a quantity, `target_day` a day after the vote, `likely` and `every` are days.
    """

    activity: str
    aspect: str
    place: PlaceCode
    target: int
    target_day: int
    likely: int
    every: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One report: the quantity done in all by the end of a day."""

    day: int
    done: int
    note: str = ""


RECENT_DAYS = 14
"""Reports of so many days before the scene are all there; of older ones a few suffice."""

OLDER_REPORTS = 2


def course_of(line: Line, turns: Iterable[Turn], *, seed: str) -> Course:
    """Return how the work on a line goes, with its own give and take.

    Work whose date the law fixes does not end before it.
    """
    course = Course()
    for turn in turns:
        if turn.concerns(line):
            course = replace(course, **turn.sets)
    luck = round((2 * chance(seed, line.place, line.activity) - 1) * course.spread)
    ends = course.ends + luck
    return replace(course, ends=max(0, ends) if line.fixed else ends, spread=0)


def done_by(line: Line, course: Course, day: int) -> int:
    """Return the quantity done by the end of a day: never falling, never above the target.

    Much is done at first and the rest slowly, as people know it.
    """
    end = line.target_day + course.ends
    days = max(1, round(line.likely * course.takes))
    left = min(1.0, max(0.0, (end - day) / days))
    return int(line.target * min(1 - left * left, course.stops_at))


def reports_of(line: Line, course: Course, *, today: int, seed: str) -> list[Told]:
    """Return the reports of a line that were made before the scene of `today`, oldest first.

    They begin when the work should have begun or does, come on the days on which the place writes
    about work with this interval, and end with the first that can say that all is done.
    """
    end = line.target_day + course.ends
    begin = min(line.target_day - line.likely, end - round(line.likely * course.takes)) + 1
    offset = int(chance(seed, "day", line.place) * 21)
    days = [
        day
        for day in range(begin, today - course.unheard + 1)
        if (day - offset) % line.every == 0 and (course.stops_at < 1 or day - line.every < end)
    ]
    recent = [day for day in days if day > today - RECENT_DAYS]
    older = days[: len(days) - len(recent)]
    step = -(-len(older) // OLDER_REPORTS) or 1
    kept = [*reversed(older[::-1][::step]), *recent]
    told = [Told(day, done_by(line, course, day)) for day in kept]
    return [*told[:-1], replace(told[-1], note=course.note)] if told else []
