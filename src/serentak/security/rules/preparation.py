"""How a place stands with its survey, classes and posting, and a whole with its parts.

What is owed has its day: before it nothing is wrong, after it what lacks is a risk, and what
cannot be made up for any more is late. Who has told nothing that is owed is silent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from serentak.kernel.entries import Countdown, Settings, between, raise_faults
from serentak.kernel.status import WORST_FIRST, RollUp, Status, Verdict, judge

from .standing import Decides, Judgement

Share = Annotated[float, between(0, 1)]


@dataclass(frozen=True, slots=True)
class Days:
    """By when what must stand, in days after the vote, and the shares by which wholes follow."""

    survey_from: Countdown
    survey_due: Countdown
    classes_due: Countdown
    enough: Share
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of a place: stations, officers, posts.

    `lacking` officers of the `need`, None where no strength is told. `planned` stations lie in
    regencies whose posting the police adopted; it leaves `uncovered` of them without officers, of
    which `highly` are highly vulnerable or special. `manned` of the `posts` answered the roll of
    the day.
    """

    stations: int = 0
    surveyed: int = 0
    classed: int = 0
    need: int = 0
    lacking: int | None = None
    planned: int = 0
    uncovered: int = 0
    highly: int = 0
    posts: int = 0
    manned: int = 0

    @property
    def is_told(self) -> bool:
        """Whether anybody has told anything of it."""
        return bool(self.surveyed or self.classed or self.lacking is not None or self.planned)

    @property
    def covered(self) -> int:
        """Stations that have officers in an adopted posting."""
        return self.planned - self.uncovered


def judgement_of(place: Prepared, *, day: int, days: Days) -> Judgement | None:
    """Return how a place stands with what is owed by `day` (days after the vote).

    None where nothing is owed yet and nobody told anything: the area is not set up there. The
    survey of an earlier election is no survey: classes and posts drawn on it are a risk. A shortage
    that is known is a risk from the day it is; once the police adopted a posting it tells what
    lacks, and the need by patterns no longer does.
    """
    if not place.stations:
        return None
    if day > days.back:
        return Judgement(Status.DONE, Decides.ENDED)
    if not place.is_told:
        owed = day > days.survey_from
        return Judgement(Status.NO_REPORT, Decides.NOTHING_TOLD) if owed else None
    if day >= days.classes_due and not place.classed:
        return Judgement(Status.NO_REPORT, Decides.CLASSES_LACK, place.stations, place.stations)
    worst = max(_owed(place, day, days), key=lambda one: one.status.rank, default=None)
    if worst is not None:
        return worst
    owes = day >= min(days.survey_from, days.classes_due)
    return Judgement(Status.ON_TRACK, Decides.IN_ORDER if owes else Decides.NOTHING_OWED)


def _owed(place: Prepared, day: int, days: Days) -> Iterable[Judgement]:
    """Yield what lacks, the gravest first where two weigh the same."""

    def lacks(decides: Decides, count: int, of: int, *, late: bool = False) -> Judgement:
        return Judgement(Status.LATE if late else Status.AT_RISK, decides, count, of)

    is_leaving = day >= days.leaving
    unplanned = place.stations - place.planned
    if place.highly:
        yield lacks(Decides.HIGHLY_UNCOVERED, place.highly, place.stations, late=is_leaving)
    if day > days.posting_due and unplanned:
        yield lacks(Decides.POSTING_LACKS, unplanned, place.stations, late=is_leaving)
    if place.uncovered:
        yield lacks(Decides.UNCOVERED, place.uncovered, place.stations)
    # On the day silence is no green; afterwards rolls are called where somebody still guards.
    if place.manned < place.posts and (day == 0 or (day > 0 and place.manned)):
        yield lacks(Decides.POSTS_EMPTY, place.posts - place.manned, place.posts)
    if place.lacking and unplanned:
        yield lacks(Decides.OFFICERS_LACK, place.lacking, place.need)
    if day > days.survey_due and place.surveyed < days.enough * place.stations:
        yield lacks(Decides.SURVEY_LACKS, place.stations - place.surveyed, place.stations)
    if day >= days.classes_due and place.classed < days.enough * place.stations:
        yield lacks(Decides.CLASSES_LACK, place.stations - place.classed, place.stations)


_OF_PLACES = {
    Status.LATE: Decides.PLACES_LATE,
    Status.NO_REPORT: Decides.PLACES_SILENT,
    Status.AT_RISK: Decides.PLACES_AT_RISK,
}


def of_children(children: Iterable[Status], *, days: Days) -> Judgement | None:
    """Return how a place stands by the shares of its children; None without any.

    It is not green as long as one of them is not.
    """
    statuses = list(children)
    parts = [Verdict(status, status, 1, 1).part() for status in statuses]
    if not parts:
        return None
    found = judge(parts, rule=days.roll_up)
    if found.status is Status.ON_TRACK and (risky := statuses.count(Status.AT_RISK)):
        return Judgement(Status.AT_RISK, Decides.PLACES_AT_RISK, risky, len(statuses))
    decides = _OF_PLACES.get(found.because, Decides.IN_ORDER)
    return Judgement(found.status, decides, found.count, found.of)


def whole(told: Judgement | None, owed: Judgement | None) -> tuple[Judgement, ...]:
    """Return how a place stands by its incidents (`told`) and its preparation (`owed`).

    The first decides: what is known to be wrong comes before silence, which hides nothing, and both
    before green. A place of which neither is known has no briefing.
    """
    found = [one for one in (owed, told) if one is not None]
    return tuple(sorted(found, key=lambda one: WORST_FIRST.index(one.status)))
