"""How a place stands with its survey, classes and posting, and a whole with its parts.

What is owed has its day: before it nothing is wrong, after it what lacks is a risk, and what
cannot be made up for any more is late. Who has told nothing that is owed is silent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from serentak.kernel.entries import Countdown, Settings, between, raise_faults
from serentak.kernel.status import RollUp, Status, Verdict, judge

Share = Annotated[float, between(0, 1)]


@dataclass(frozen=True, slots=True)
class Days:
    """By when what must stand, in days after the vote, and the shares by which wholes follow."""

    survey_from: Countdown
    survey_due: Countdown
    classes_due: Countdown
    enough: Share
    strength_due: Countdown
    posting_due: Countdown
    leaving: Countdown
    back: Countdown
    late_share: Share
    risk_share: Share
    silent_share: Share

    def __post_init__(self) -> None:
        order = ("survey_from", "survey_due", "posting_due", "leaving", "back")
        days = [getattr(self, name) for name in order]
        raise_faults(
            [] if days == sorted(days) else [f"{', '.join(order)}: must follow each other"]
        )

    @property
    def roll_up(self) -> RollUp:
        """By which shares a whole follows its parts."""
        return RollUp(self.late_share, self.risk_share, self.silent_share)


@dataclass(frozen=True, slots=True)
class DaysCatalogue:
    """The catalogue of days."""

    rules: Settings[Days]


class Ground(StrEnum):
    """What decides how a place stands."""

    NOTHING_OWED = "NOTHING_OWED"
    IN_ORDER = "IN_ORDER"
    NOTHING_TOLD = "NOTHING_TOLD"
    SURVEY_LACKS = "SURVEY_LACKS"
    CLASSES_LACK = "CLASSES_LACK"
    OFFICERS_LACK = "OFFICERS_LACK"
    POSTING_LACKS = "POSTING_LACKS"
    UNCOVERED = "UNCOVERED"
    HIGHLY_UNCOVERED = "HIGHLY_UNCOVERED"
    POSTS_EMPTY = "POSTS_EMPTY"
    GRAVE_OPEN = "GRAVE_OPEN"
    PAST_CLOCK = "PAST_CLOCK"
    PLACES_LATE = "PLACES_LATE"
    PLACES_SILENT = "PLACES_SILENT"
    PLACES_AT_RISK = "PLACES_AT_RISK"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a place stands and why: `count` of `of` decided."""

    status: Status
    ground: Ground
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of a place: stations, officers, posts; `strength` is None where none is told.

    `uncovered` stations have no officers in the plan that the police adopted, `highly` of these are
    highly vulnerable or special; both count only where a plan `is_adopted`. `manned` of `posts`
    answered the roll of the day, `called` of them at all.
    """

    stations: int = 0
    surveyed: int = 0
    classed: int = 0
    need: int = 0
    strength: int | None = None
    is_adopted: bool = False
    uncovered: int = 0
    highly: int = 0
    posts: int = 0
    called: int = 0
    manned: int = 0

    @property
    def is_told(self) -> bool:
        """Whether anybody has told anything of it."""
        return bool(self.surveyed or self.classed or self.strength is not None or self.is_adopted)

    @property
    def lacking(self) -> int:
        """Officers who lack for the need, 0 where strength is unknown."""
        return max(0, self.need - self.strength) if self.strength is not None else 0


def judgement_of(place: Prepared, *, day: int, days: Days) -> Judgement | None:
    """Return how a place stands with what is owed by `day` (days after the vote).

    None where nothing is owed yet and nobody told anything: the area is not set up there. The
    survey of an earlier election is no survey: classes and posts drawn on it are a risk. Once the
    police adopted a posting it tells what lacks, and the need by patterns no longer does.
    """
    if not place.stations:
        return None
    if day > days.back:
        return Judgement(Status.DONE, Ground.ENDED)
    if not place.is_told:
        owed = day > days.survey_due or day >= days.classes_due
        return Judgement(Status.NO_REPORT, Ground.NOTHING_TOLD) if owed else None
    if day >= days.classes_due and not place.classed:
        return Judgement(Status.NO_REPORT, Ground.CLASSES_LACK, place.stations, place.stations)
    worst = max(_owed(place, day, days), key=lambda one: one.status.rank, default=None)
    if worst is not None:
        return worst
    owes = day >= min(days.survey_from, days.classes_due, days.strength_due)
    return Judgement(Status.ON_TRACK, Ground.IN_ORDER if owes else Ground.NOTHING_OWED)


def _owed(place: Prepared, day: int, days: Days) -> Iterable[Judgement]:
    """Yield what lacks, the gravest first where two weigh the same."""

    def lacks(ground: Ground, count: int, of: int, *, late: bool = False) -> Judgement:
        return Judgement(Status.LATE if late else Status.AT_RISK, ground, count, of)

    is_leaving = day >= days.leaving
    if place.is_adopted and place.highly:
        yield lacks(Ground.HIGHLY_UNCOVERED, place.highly, place.stations, late=is_leaving)
    if day > days.posting_due and not place.is_adopted:
        yield lacks(Ground.POSTING_LACKS, place.stations, place.stations, late=is_leaving)
    if place.is_adopted and place.uncovered:
        yield lacks(Ground.UNCOVERED, place.uncovered, place.stations)
    if day >= 0 and place.called and place.manned < place.posts:
        yield lacks(Ground.POSTS_EMPTY, place.posts - place.manned, place.posts)
    if day >= days.strength_due and place.lacking and not place.is_adopted:
        yield lacks(Ground.OFFICERS_LACK, place.lacking, place.need)
    if day > days.survey_due and place.surveyed < days.enough * place.stations:
        yield lacks(Ground.SURVEY_LACKS, place.stations - place.surveyed, place.stations)
    if day >= days.classes_due and place.classed < days.enough * place.stations:
        yield lacks(Ground.CLASSES_LACK, place.stations - place.classed, place.stations)


_OF_PLACES = {
    Status.LATE: Ground.PLACES_LATE,
    Status.NO_REPORT: Ground.PLACES_SILENT,
    Status.AT_RISK: Ground.PLACES_AT_RISK,
}


def of_children(children: Iterable[Status], *, days: Days) -> Judgement | None:
    """Return how a place stands by the shares of its children; None without any."""
    parts = [Verdict(status, status, 1, 1).part() for status in children]
    if not parts:
        return None
    found = judge(parts, rule=days.roll_up)
    ground = _OF_PLACES.get(found.because, Ground.IN_ORDER)
    return Judgement(found.status, ground, found.count, found.of)


def whole(
    told: Judgement | None, own: Judgement | None, children: Judgement | None
) -> Judgement | None:
    """Return how a place stands: its incidents (`told`), its preparation, and its children.

    What is known to be wrong comes first: an open grave incident is never green, and silence of
    the others never hides it. A place of which nothing is known in any of them has no briefing.
    """
    found = [one for one in (told, own if children is None else children) if one is not None]
    if not found:
        return None
    order = (Status.LATE, Status.AT_RISK, Status.NO_REPORT, Status.ON_TRACK, Status.DONE)
    return min(found, key=lambda one: order.index(one.status))
