"""What presses in posting: one for each regency and kind, in a fixed number of queries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from serentak.elections import public as elections
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, level_of
from serentak.kernel.countdown import day_of, days_after_vote
from serentak.places import public as places
from serentak.platform.clock import local_date
from serentak.platform.reading import kept
from serentak.posting.models import Plan
from serentak.posting.rules import StationClass

from .catalogues import numbers, patterns
from .need import Line, lines, strengths
from .plans import adopted_under, inputs_under, is_outdated


@dataclass(frozen=True, slots=True)
class Pressing:
    """A regency in trouble: how many, of which class, by when."""

    code: str
    regency: PlaceCode
    name: str
    count: int
    due: date
    today: date
    is_late: bool
    stations: int = 0
    of: StationClass | None = None
    params: Mapping[str, int] = field(default_factory=dict)


@kept
def pressing(place: PlaceCode, *, at: datetime) -> tuple[Pressing, ...]:
    """Return what presses in the regencies at and under a place before the vote.

    A dozen queries, one where nobody told a strength.

    A regency whose strength nobody told is not said to be short, nor to lack a plan.
    """
    if place == COUNTRY or level_of(place) > Level.REGENCY:
        return ()
    election = elections.current_election(place) if strengths(place) else None
    if election is None:
        return ()
    today = local_date(at, zone=election.zone.key)
    day = days_after_vote(today, vote_date=election.vote_date)
    if day > 0:
        return ()
    told = {
        code: line
        for code, line in lines(place).items()
        if level_of(code) is Level.REGENCY and line.strength is not None and line.need.total
    }
    if not told:
        return ()
    plans, names = adopted_under(place), places.places(told)
    inputs = inputs_under(place) if plans else {}
    old = {code for code, plan in plans.items() if is_outdated(plan, inputs)}
    vote = election.vote_date
    return tuple(
        found
        for code, line in told.items()
        for found in _of(code, names[code].name, line, plans.get(code), code in old, vote, today)
    )


_GRAVEST = [one for one in StationClass if one.tier == 0]


def _of(
    code: PlaceCode, name: str, line: Line, plan: Plan | None, is_old: bool, vote: date, today: date
) -> Iterator[Pressing]:
    rules, day = numbers(), days_after_vote(today, vote_date=vote)
    late = day >= rules.late
    leave = day_of(patterns().reinforcements.leave, vote_date=vote)
    if line.short and line.short.officers:
        gravest = line.short.gravest
        yield Pressing(
            "posting.regency_is_short",
            code,
            name,
            line.short.officers,
            leave,
            today,
            late,
            stations=line.need.all_stations,
            of=gravest,
        )
    if plan is None and day >= rules.due:
        yield Pressing(
            "posting.plan_is_not_adopted",
            code,
            name,
            line.need.all_stations,
            day_of(rules.late, vote_date=vote),
            today,
            late,
            stations=line.need.all_stations,
        )
    if is_old:
        yield Pressing(
            "posting.plan_is_outdated",
            code,
            name,
            line.need.all_stations,
            leave,
            today,
            is_late=False,
            stations=line.need.all_stations,
        )
    if plan and (n := sum(plan.uncovered.get(one.value, 0) for one in _GRAVEST)):
        yield Pressing(
            "posting.highly_vulnerable_are_uncovered", code, name, n, leave, today, late, stations=n
        )
    if plan and plan.unreached:
        yield Pressing(
            "posting.reserve_cannot_reach",
            code,
            name,
            plan.unreached,
            leave,
            today,
            is_late=False,
            stations=plan.unreached,
            params={"minutes": plan.minutes},
        )
    elif plan and plan.short:
        yield Pressing(
            "posting.reserve_is_too_small",
            code,
            name,
            plan.short,
            leave,
            today,
            is_late=False,
            stations=plan.short,
            params={"incidents": plan.incidents},
        )
