"""How a place and each of its children stand, counted in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain
from typing import Any, Self

from django.db.models import Aggregate, Count, F, Func, IntegerField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Left

from serentak.institutions import public as institutions
from serentak.kernel.codes import (
    Level,
    PlaceCode,
    child_level,
    is_within,
    level_of,
    subtree_range,
)
from serentak.kernel.workdays import is_working_day, working_days_between
from serentak.neutrality.models import (
    Case,
    CircularReceipt,
    PledgeCoverage,
    Replacement,
    ServiceReport,
)
from serentak.neutrality.rules.cases import CaseState
from serentak.neutrality.rules.standing import (
    Cases,
    Pledges,
    ServiceLevel,
    Standing,
    counted_services,
    window_start,
)
from serentak.places import public as places
from serentak.platform.holidays import holidays
from serentak.platform.rows import within

from .catalogues import Calendar, calendar, rules, thresholds

DEEPEST = Level.DISTRICT
"""Agencies and their cases are counted down to the district; villages belong to theirs."""


WAITING = (
    CaseState.AT_AUTHORITY.value,
    CaseState.NOT_FOLLOWED_UP.value,
    CaseState.BLOCKED.value,
)
"""States in which an appointing authority has to decide."""


@dataclass(frozen=True, slots=True)
class Part:
    """A place as it is counted: its standing and what its alerts need.

    `past_since` is the day of the oldest clock that ran out; `unacknowledged` counts receipts of
    circulars that are overdue, `circular_due` the day the oldest of them was due; `synthetic` says
    that something of it was made for a demonstration, `synthetic_cases` the same of its cases:
    apart, so that the class of another figure does not tell that there is a case.
    """

    standing: Standing = field(default_factory=Standing)
    past_since: date | None = None
    unacknowledged: int = 0
    circular_due: date | None = None
    synthetic: bool = False
    synthetic_cases: bool = False
    as_of: datetime | None = None

    def __add__(self, other: Self) -> Self:
        """Return both together."""
        return replace(
            self,
            standing=self.standing + other.standing,
            past_since=_first(self.past_since, other.past_since),
            unacknowledged=self.unacknowledged + other.unacknowledged,
            circular_due=_first(self.circular_due, other.circular_due),
            synthetic=self.synthetic or other.synthetic,
            synthetic_cases=self.synthetic_cases or other.synthetic_cases,
            as_of=max((x for x in (self.as_of, other.as_of) if x), default=None),
        )


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day), default=None)


Parts = Iterator[tuple[PlaceCode, Part]]


@dataclass(frozen=True, slots=True)
class Standings:
    """A place with its children, counted down to districts: whoever asks for a place sees the same.

    `parts` holds what belongs to each place itself and to none below it.
    """

    calendar: Calendar
    parent: PlaceCode
    children: tuple[places.PlaceCard, ...]
    parts: Mapping[PlaceCode, Part] = field(default_factory=dict)

    def own(self, place: PlaceCode) -> Part:
        """Return what belongs to a place itself and to none below it."""
        return self.parts.get(place, Part())

    def part(self, place: PlaceCode) -> Part:
        """Return what is counted at a place and everywhere below it; of the parent, its own."""
        if place == self.parent:
            return self.own(place)
        return sum((self.parts[code] for code in (place, *self.below(place))), Part())

    def below(self, place: PlaceCode) -> list[PlaceCode]:
        """Return the places right below one."""
        level = child_level(level_of(place))
        return [c for c in self.parts if len(c) == level and c != place and is_within(c, place)]

    def whole(self) -> Standing:
        """Return the sum over the parent and its children."""
        return sum((part.standing for part in self.parts.values()), Standing())


def is_past(today: date) -> Q:
    """Return the condition that a clock of an open case has run out."""
    return Q(closed_date__isnull=True) & (Q(lapsed_date__isnull=False) | Q(due_date__lt=today))


def standings(parent: PlaceCode, at: datetime) -> Standings:
    """Count a province, regency or district with all below it; always the same queries."""
    days = calendar(parent, at)
    children = places.children(parent) if level_of(parent) < DEEPEST else ()
    below = places.descendants(parent, DEEPEST) if level_of(parent) < Level.REGENCY else ()
    codes = sorted({parent, *(card.code for card in (*children, *below))})
    found = defaultdict(Part, {code: Part() for code in codes})
    for code, part in chain(
        _cases(parent, days.today),
        _pledges(parent),
        _services(parent, days.today),
        _forbidden(parent, days),
        _unacknowledged(parent, days.today),
    ):
        found[code] += part
    return Standings(days, parent, children, found)


def _by_part(
    rows: QuerySet[Any], at: str = "place_id", /, **counts: Aggregate
) -> Iterator[tuple[PlaceCode, dict[str, Any]]]:
    """Yield the counts of each part of a place that has rows; one query."""
    grouped: Any = rows.annotate(part=Left(at, int(DEEPEST))).values("part")
    for row in grouped.annotate(**counts).order_by("part"):
        yield PlaceCode(row["part"]), row


def case_counts(today: date) -> dict[str, Aggregate]:
    """Return the aggregates of `Cases` with the oldest lapse, for `annotate` or `aggregate`."""
    past = is_past(today)
    return {
        "total": Count("id"),
        "open": Count("id", filter=Q(closed_date__isnull=True)),
        "past": Count("id", filter=past),
        "recommended": Count("id", filter=Q(recommended_date__isnull=False)),
        "followed": Count(
            "id", filter=Q(recommended_date__isnull=False, closed_date__isnull=False)
        ),
        "past_since": Min(Coalesce("lapsed_date", "due_date"), filter=past),
        "synthetic": Count("id", filter=Q(figure_class="SYNTHETIC")),
    }


class _Days(Func):
    """Whole days between two dates."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


def agency_counts(place: PlaceCode, today: date) -> QuerySet[Case, dict[str, Any]]:
    """Return the counts of cases at and under a place, by agency and days until the decision."""
    days = _Days(F("closed_date"), F("recommended_date"))
    grouped: Any = Case.objects.filter(within(place)).values("agency_id", days=days)
    rows: QuerySet[Case, dict[str, Any]] = grouped.annotate(**case_counts(today)).order_by()
    return rows


def counted_cases(row: Mapping[str, Any]) -> Cases:
    """Return the counts of a row made with `case_counts`."""
    return Cases(row["total"], row["open"], row["past"], row["recommended"], row["followed"])


def _cases(parent: PlaceCode, today: date) -> Parts:
    rows = Case.objects.filter(within(parent))
    for code, row in _by_part(rows, **case_counts(today)):
        yield (
            code,
            Part(
                standing=Standing(cases=counted_cases(row)),
                past_since=row["past_since"],
                synthetic_cases=bool(row["synthetic"]),
            ),
        )


def _pledges(parent: PlaceCode) -> Parts:
    for code, row in _by_part(
        PledgeCoverage.objects.filter(within(parent)),
        signed_sum=Sum("signed"),
        staff_sum=Sum("staff"),
        agencies=Count("id"),
        synthetic=Count("id", filter=Q(figure_class="SYNTHETIC")),
        last=Max("recorded_at"),
    ):
        pledges = Pledges(row["signed_sum"], row["staff_sum"], row["agencies"])
        standing = Standing(pledges=pledges)
        yield code, Part(standing, synthetic=bool(row["synthetic"]), as_of=row["last"])


def expected_agencies(
    parent: PlaceCode,
) -> Mapping[tuple[str, PlaceCode], institutions.InstitutionCard]:
    """Return the agencies under a place that report their services; two queries.

    Districts are looked up as well, since a regency's services are also those of its districts.
    """
    level = level_of(parent)
    codes = [parent]
    if level < DEEPEST:
        codes += [card.code for card in places.descendants(parent, DEEPEST)]
    if level <= Level.PROVINCE:
        codes += sorted({PlaceCode(code[: Level.REGENCY]) for code in codes if len(code) > 2})
    return institutions.institutions_by(kinds=tuple(rules().services), places=codes)


def _services(parent: PlaceCode, today: date) -> Parts:
    services = rules().services
    works = is_working_day(today, holidays=holidays())
    agencies = institutions.seats_under(parent, tuple(services), DEEPEST)
    columns = ("report_date", "agency_id", "level", "reported_at", "figure_class")
    rows = _latest(within(parent), today).values_list(*columns)
    latest = {agency_id: report for agency_id, *report in _still_counted(rows, today)}
    told: defaultdict[PlaceCode, list[tuple[ServiceLevel | None, Any, str, bool]]]
    told = defaultdict(list)
    for agency_id, place, kind in agencies:
        level, at, figure_class = latest.get(agency_id, (None, None, ""))
        read = ServiceLevel(level) if level else None
        told[PlaceCode(place[:DEEPEST])].append((read, at, figure_class, services[kind].stays_open))
    for code, reports in told.items():
        counted = counted_services(
            ((level, stays_open) for level, _, _, stays_open in reports), is_working_day=works
        )
        yield (
            code,
            Part(
                Standing(services=counted),
                synthetic=any(kind == "SYNTHETIC" for _, _, kind, _ in reports),
                as_of=max((at for _, at, _, _ in reports if at), default=None),
            ),
        )


def latest_services(where: Q, today: date) -> dict[int, ServiceReport]:
    """Return each agency's last report that still counts, by the agency's id; one query."""
    rows = _latest(where, today)
    return {
        row.agency_id: row for (row,) in _still_counted(((r.report_date, r) for r in rows), today)
    }


def _latest(where: Q, today: date) -> QuerySet[ServiceReport]:
    return (
        ServiceReport.objects.filter(where, report_date__lte=today)
        .order_by("agency_id", "-report_date")
        .distinct("agency_id")
    )


def _still_counted(rows: Iterable[tuple[Any, ...]], today: date) -> Iterator[tuple[Any, ...]]:
    """Yield what follows the day of a report in each row, where that day still counts."""
    off = holidays()
    limit = thresholds().services_unheard_days
    counts: dict[date, bool] = {}
    for day, *rest in rows:
        if day not in counts:
            counts[day] = working_days_between(day, today, holidays=off) <= limit
        if counts[day]:
            yield tuple(rest)


def _forbidden(parent: PlaceCode, days: Calendar) -> Parts:
    if days.fixed_date is None:
        return
    start = window_start(days.fixed_date, months=thresholds().replacement_months)
    rows = Replacement.objects.filter(within(parent), replaced_date__gte=start, consent="")
    for code, row in _by_part(rows, count=Count("id")):
        yield code, Part(Standing(forbidden=row["count"]))


def _unacknowledged(parent: PlaceCode, today: date) -> Parts:
    low, high = subtree_range(parent)
    rows = CircularReceipt.objects.filter(
        circular__place__gte=low,
        circular__place__lt=high,
        circular__due_date__lt=today,
        acknowledged_at__isnull=True,
    )
    counts = {"count": Count("id"), "due": Min("circular__due_date")}
    for code, row in _by_part(rows, "circular__place_id", **counts):
        yield code, Part(unacknowledged=row["count"], circular_due=row["due"])


def authorities_in_the_race(parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, int]:
    """Return how many cases lie with an authority that is itself a candidate, by its place.

    That is the place of the authority: a regency's cases that went up stand under the province.

    Two queries.
    """
    waiting = (
        Case.objects.filter(within(parent), state__in=WAITING, authority__isnull=False)
        .values(at_place=F("authority__place_id"))
        .annotate(count=Count("id"))
        .order_by("at_place")
    )
    counts = {PlaceCode(row["at_place"]): int(row["count"]) for row in waiting}
    holders = institutions.holder_of(list(counts), at=at)
    return {place: n for place, n in counts.items() if (h := holders.get(place)) and h.is_candidate}
