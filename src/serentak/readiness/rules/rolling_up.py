"""How the statuses of activities become a place's status, and those of places their parent's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from serentak.kernel.status import Part as Weighed
from serentak.kernel.status import Status, Verdict, judge

from .thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Part:
    """An activity as its place counts it; `begun` says that it should have begun or has.

    `silent` says that its report is overdue, which a late activity can be too; `late_when_heard`
    that it was late by its own last report; `past_the_law` that a last day of its own, which the
    law sets, has passed.
    """

    status: Status
    miss: str
    begun: bool
    slack_to_deadline: int = 0
    silent: bool = False
    past_the_law: bool = False
    late_when_heard: bool = False

    @property
    def told(self) -> Status:
        """The status that somebody's word stands behind: none for what became late in silence."""
        is_guess = self.status is Status.LATE and self.silent and not self.late_when_heard
        return Status.NO_REPORT if is_guess else self.status


class Ground(StrEnum):
    """What decides how a place stands; the page words it with the judgement's numbers."""

    STOPPED = "STOPPED"
    LATE = "LATE"
    SILENT = "SILENT"
    TIGHT = "TIGHT"
    ALL_DONE = "ALL_DONE"
    ON_PACE = "ON_PACE"
    UNLIKELY = "UNLIKELY"
    NOTHING_DUE = "NOTHING_DUE"
    NOT_SET_UP = "NOT_SET_UP"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a place stands, what decides it, and whether the vote is stopped somewhere in it.

    `with_own` says that its own work was counted as one more place.
    """

    verdict: Verdict
    ground: Ground
    with_own: bool = False

    @property
    def status(self) -> Status:
        """One of the five."""
        return self.verdict.status


_GROUNDS = {
    Status.LATE: Ground.LATE,
    Status.NO_REPORT: Ground.SILENT,
    Status.AT_RISK: Ground.TIGHT,
    Status.DONE: Ground.ALL_DONE,
    Status.ON_TRACK: Ground.ON_PACE,
}


def _judged(verdict: Verdict) -> Judgement:
    return Judgement(verdict, Ground.STOPPED if verdict.stops else _GROUNDS[verdict.because])


def place_judgement(parts: Iterable[Part], *, thresholds: Thresholds) -> Judgement:
    """Return how a place stands from its activities (those dropped left out).

    Work whose time has not come counts only if it is already at risk; else a hundred activities of
    the future would drown the ten that are late. Silence is judged by what is under way alone: what
    was finished long ago must not make up for a place that tells nothing now. What was late by its
    own report stays late though it falls silent; what became late in silence is silent. A place
    with nothing to say yet is on track, and it is done only when everything is.

    Some work vetoes: without what the vote cannot do without, and past a day of the law, no place
    is on track, however much else goes well.
    """
    all_parts = list(parts)
    counted = [p for p in all_parts if p.begun or p.status is not Status.ON_TRACK]
    if not all_parts:
        nothing = Verdict(Status.NO_REPORT, Status.NO_REPORT, 0, 0)
        return Judgement(nothing, Ground.NOT_SET_UP)
    if not counted:
        none = Verdict(Status.ON_TRACK, Status.ON_TRACK, 0, len(all_parts))
        return Judgement(none, Ground.NOTHING_DUE)
    weights = thresholds.consequence_weights
    rule = thresholds.activities_roll_up
    found = judge(
        [Weighed(p.told, weights[p.miss], _veto(p, thresholds)) for p in counted], rule=rule
    )
    due = [p for p in counted if p.begun and p.status is not Status.DONE]
    mute = [p for p in due if p.silent or p.status is Status.NO_REPORT]
    silent = sum(weights[p.miss] for p in mute)
    share = silent / sum(weights[p.miss] for p in due) if silent else 0.0
    if share >= rule.silent_share and found.status is not Status.LATE:
        return _judged(Verdict(Status.NO_REPORT, Status.NO_REPORT, len(mute), len(due)))
    if found.status is Status.DONE and any(p.status is not Status.DONE for p in all_parts):
        done = Verdict(Status.ON_TRACK, Status.ON_TRACK, len(counted), len(all_parts))
        return Judgement(done, Ground.NOTHING_DUE)
    return _judged(_among_the_work_under_way(found, counted))


def _among_the_work_under_way(verdict: Verdict, counted: Sequence[Part]) -> Verdict:
    """Return a verdict that counts all work of the kind that decided, not only what vetoed.

    The page says "3 of 12 works under way are past their target" beside three rows that are.
    """
    if verdict.stops or verdict.because is Status.DONE:
        return verdict
    is_mute = verdict.because is Status.NO_REPORT
    worse = (Status.LATE, Status.AT_RISK)
    kinds = worse if verdict.because is Status.AT_RISK else (verdict.because,)
    running = [part for part in counted if part.status is not Status.DONE]
    count = sum((part.told if is_mute else part.status) in kinds for part in running)
    return replace(verdict, count=count, of=len(running))


def is_unlikely(ready: float | None, *, today: int, thresholds: Thresholds) -> bool:
    """Tell whether a place is close to the vote and its chance to be ready is low.

    `ready` is from 0 to 1, None without a forecast; `today` counts from the vote.
    """
    is_close = -thresholds.low_chance_days <= today <= thresholds.last_day_before_vote
    return ready is not None and is_close and ready < thresholds.low_chance


def with_chance(found: Judgement, ready: float | None) -> Judgement:
    """Return how a place stands whose chance to be ready is low: not on track, whatever is told.

    What is worse, silent or not set up stays so.
    """
    if ready is None or found.status is not Status.ON_TRACK:
        return found
    verdict = Verdict(Status.AT_RISK, Status.AT_RISK, round(100 * ready), 100)
    return Judgement(verdict, Ground.UNLIKELY, found.with_own)


def parent_judgement(
    children: Iterable[tuple[Verdict, int]], own: Verdict | None, *, thresholds: Thresholds
) -> Judgement:
    """Return how a province stands from its regencies' (verdict, stations) and its own work.

    The province's own activities count as one more child of average size; a province without
    activities of its own passes None. A regency that is late or mute shows, and where the vote
    cannot be held in one, the province is late.
    """
    parts = [verdict.part(stations) for verdict, stations in children]
    if own is not None:
        size = sum(part.weight for part in parts) / len(parts) if parts else 1
        parts.append(own.part(size))
    found = _judged(judge(parts, rule=thresholds.children_roll_up))
    return replace(found, with_own=own is not None)


def _veto(part: Part, thresholds: Thresholds) -> Status | None:
    """Return the least that a place is because of an activity: the vote's gates, the law's days."""
    if part.status in (Status.DONE, Status.ON_TRACK):
        return None
    if part.miss in thresholds.hard_stops:
        stops = part.status is Status.LATE and part.slack_to_deadline < 0
        return Status.LATE if stops else Status.AT_RISK
    return Status.AT_RISK if part.past_the_law else None
