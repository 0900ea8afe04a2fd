"""How a place stands: pledges, services, cases as far as they may show, replaced officials."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from serentak.kernel.countdown import days_after_vote
from serentak.kernel.status import RollUp, Status, Verdict, judge
from serentak.kernel.sums import Summed

from .catalogue import Thresholds

LONGEST_LINE = 200
"""Letters that a source or a reason may have."""


class ServiceLevel(StrEnum):
    """Whether an agency serves the public today."""

    OPEN = "OPEN"
    REDUCED = "REDUCED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Cases(Summed):
    """Cases of a place: how many are open, past their clock, recommended, and followed up."""

    total: int = 0
    open: int = 0
    past_clock: int = 0
    recommended: int = 0
    followed: int = 0

    @property
    def follow_up(self) -> float | None:
        """Followed up, divided by recommended; None if nothing was recommended."""
        return self.followed / self.recommended if self.recommended else None


@dataclass(frozen=True, slots=True)
class Pledges(Summed):
    """How many of the staff of the agencies that reported have signed."""

    signed: int = 0
    staff: int = 0
    agencies: int = 0

    @property
    def coverage(self) -> float | None:
        """Signed divided by staff; None if nobody counted."""
        return self.signed / self.staff if self.staff else None


@dataclass(frozen=True, slots=True)
class Services(Summed):
    """Agencies by what they last reported; who has not reported lately is silent.

    `shut` and `mute` count those among the closed and the silent that must stay open whatever the
    day. On a day on which offices do not work only such agencies are counted.
    """

    open: int = 0
    reduced: int = 0
    closed: int = 0
    silent: int = 0
    shut: int = 0
    mute: int = 0

    @property
    def heard(self) -> int:
        """How many reported."""
        return self.open + self.reduced + self.closed

    @property
    def total(self) -> int:
        """How many serve the public."""
        return self.heard + self.silent

    @property
    def thin(self) -> int:
        """How many serve less than usual or not at all."""
        return self.reduced + self.closed

    @property
    def thin_share(self) -> float | None:
        """Reduced or closed, divided by those that reported; None if nobody did."""
        return self.thin / self.heard if self.heard else None


def counted_services(
    reports: Iterable[tuple[ServiceLevel | None, bool]], *, is_working_day: bool
) -> Services:
    """Count agencies by level (None: silent) and whether they must stay open.

    On a holiday only those that must are counted: a school that is shut then is no closure.
    """
    counts: Counter[str] = Counter()
    for level, stays_open in reports:
        if not (stays_open or is_working_day):
            continue
        counts[level.value.lower() if level else "silent"] += 1
        if stays_open and level is None:
            counts["mute"] += 1
        if stays_open and level is ServiceLevel.CLOSED:
            counts["shut"] += 1
    return Services(**counts)


@dataclass(frozen=True, slots=True)
class Standing(Summed):
    """All that is counted of a place; `forbidden` are replacements inside the window."""

    cases: Cases = Cases()
    pledges: Pledges = Pledges()
    services: Services = Services()
    forbidden: int = 0


def median(counts: Mapping[int, int]) -> float | None:
    """Return the median of values that occur so many times each, None if there are none."""
    half, odd = divmod(sum(counts.values()), 2)
    if not half and not odd:
        return None
    middle: list[int] = []
    seen = 0
    for value, times in sorted(counts.items()):
        seen += times
        if not odd and not middle and seen >= half:
            middle.append(value)
        if seen > half:
            middle.append(value)
            break
    return sum(middle) / len(middle)


# --- what may show


def count_shows(part: int, of: int, *, hidden_below: int) -> bool:
    """Tell whether `part` of `of` cases may be told to those who may not see cases.

    Neither what is counted nor what is left may be a few: both tell of single cases.
    """
    return of >= hidden_below and all(n == 0 or n >= hidden_below for n in (part, of - part))


# --- status


def services_are_reported(today: date, *, vote_date: date, thresholds: Thresholds) -> bool:
    """Tell whether agencies report their services at this time."""
    day = days_after_vote(today, vote_date=vote_date)
    return thresholds.services_from <= day <= thresholds.services_until


def pledge_status(
    pledges: Pledges, *, today: date, vote_date: date, thresholds: Thresholds
) -> Status:
    """Return how the pledges of a place stand; before the day they are due none is late."""
    coverage = pledges.coverage
    if coverage is None:
        return Status.NO_REPORT
    if coverage >= 1:
        return Status.DONE
    if coverage >= thresholds.pledges_enough:
        return Status.ON_TRACK
    if days_after_vote(today, vote_date=vote_date) <= thresholds.pledges_due:
        return Status.ON_TRACK
    return Status.LATE if coverage < thresholds.pledges_late_below else Status.AT_RISK


class Ground(StrEnum):
    """What decides how a place stands; the page words it with the judgement's numbers."""

    REPLACED = "REPLACED"
    CASES_PAST = "CASES_PAST"
    SERVICES_THIN = "SERVICES_THIN"
    SERVICE_SHUT = "SERVICE_SHUT"
    SERVICE_MUTE = "SERVICE_MUTE"
    SERVICES_SILENT = "SERVICES_SILENT"
    PLEDGES_LOW = "PLEDGES_LOW"
    PLEDGES_UNKNOWN = "PLEDGES_UNKNOWN"
    NOTHING_HEARD = "NOTHING_HEARD"
    NOTHING_OWED = "NOTHING_OWED"
    PLACES_LATE = "PLACES_LATE"
    PLACES_SILENT = "PLACES_SILENT"
    PLACES_AT_RISK = "PLACES_AT_RISK"
    ALL_IN_ORDER = "ALL_IN_ORDER"
    PAST_THE_WINDOW = "PAST_THE_WINDOW"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status, what decides it, and `count` of `of` that do."""

    status: Status
    ground: Ground
    count: int = 0
    of: int = 0


def service_status(services: Services, *, thresholds: Thresholds) -> Judgement:
    """Return how the services of a place stand.

    Who is silent may be shut: silence counts as thin, but makes nobody late. One agency that must
    stay open and is shut or mute is enough for a risk.
    """
    share = services.thin_share
    total = services.total
    if share is None or services.silent / total >= thresholds.children_silent_share:
        return Judgement(Status.NO_REPORT, Ground.SERVICES_SILENT, services.silent, total)
    thin = Judgement(Status.LATE, Ground.SERVICES_THIN, services.thin, total)
    if share >= thresholds.services_thin_late:
        return thin
    if services.shut:
        return Judgement(Status.AT_RISK, Ground.SERVICE_SHUT, services.shut, total)
    if services.mute:
        return Judgement(Status.AT_RISK, Ground.SERVICE_MUTE, services.mute, total)
    if share >= thresholds.services_thin_risk:
        return replace(thin, status=Status.AT_RISK)
    if (services.thin + services.silent) / total >= thresholds.services_thin_risk:
        return Judgement(Status.AT_RISK, Ground.SERVICES_SILENT, services.silent, total)
    return Judgement(Status.ON_TRACK, Ground.ALL_IN_ORDER)


def case_status(cases: Cases, *, sees_cases: bool, thresholds: Thresholds) -> Judgement:
    """Return how cases weigh in the status of a place.

    One clock past is never on track; a large share of them is late, where there are enough to speak
    of a share. For who may not see cases they weigh only where so many are past that the colour
    follows none of them: one that followed a single case would tell that it exists.
    """
    past, open_ = cases.past_clock, cases.open
    if not past or not (sees_cases or past >= thresholds.hidden_below):
        return Judgement(Status.ON_TRACK, Ground.ALL_IN_ORDER)
    late = open_ >= thresholds.hidden_below and past / open_ >= thresholds.cases_past_clock_late
    return Judgement(Status.LATE if late else Status.AT_RISK, Ground.CASES_PAST, past, open_)


def judgement_of(
    standing: Standing,
    *,
    sees_cases: bool,
    today: date,
    vote_date: date,
    thresholds: Thresholds,
    counts_pledges: bool = True,
) -> Judgement:
    """Return how a place stands to somebody: its worst part; a part's silence shows.

    Only a part that the place owes can be silent: pledges are counted by the agencies of provinces
    and regencies, so a district without a count of its own (`counts_pledges`) hides nothing. Where
    nobody has reported anything it is silent. A place is never done before services need no
    reports any more, since neutrality ends after the vote, nor while a case is open.
    """
    day = days_after_vote(today, vote_date=vote_date)
    pledges = standing.pledges
    pledged = pledge_status(pledges, today=today, vote_date=vote_date, thresholds=thresholds)
    missing = pledges.staff - pledges.signed
    parts = []
    if pledged is not Status.NO_REPORT:
        parts.append(Judgement(pledged, Ground.PLEDGES_LOW, missing, pledges.staff))
    elif counts_pledges:
        parts.append(Judgement(pledged, Ground.PLEDGES_UNKNOWN))
    if services_are_reported(today, vote_date=vote_date, thresholds=thresholds):
        parts.append(service_status(standing.services, thresholds=thresholds))
    told = [case_status(standing.cases, sees_cases=sees_cases, thresholds=thresholds)]
    if standing.forbidden:
        told.append(Judgement(Status.LATE, Ground.REPLACED, standing.forbidden))
    silent = [part for part in parts if part.status is Status.NO_REPORT]
    found = [part for part in (*told, *parts) if part.status is not Status.NO_REPORT]
    if parts and len(silent) == len(parts):
        if all(part.status is Status.ON_TRACK for part in told):
            return Judgement(Status.NO_REPORT, Ground.NOTHING_HEARD)
    elif silent:
        found.append(replace(silent[0], status=Status.AT_RISK))
    worst = max(found, key=lambda part: part.status.rank)
    if worst.status is not Status.ON_TRACK and worst.status is not Status.DONE:
        return worst
    if day > thresholds.services_until and not (sees_cases and standing.cases.open):
        return Judgement(Status.DONE, Ground.PAST_THE_WINDOW)
    return Judgement(Status.ON_TRACK, Ground.ALL_IN_ORDER if parts else Ground.NOTHING_OWED)


_OF_PLACES: Mapping[Status, Ground] = {
    Status.LATE: Ground.PLACES_LATE,
    Status.NO_REPORT: Ground.PLACES_SILENT,
    Status.AT_RISK: Ground.PLACES_AT_RISK,
}


def parent_judgement(
    own: Judgement, children: Iterable[Status], whole: Judgement, *, thresholds: Thresholds
) -> Judgement:
    """Return how a place with children stands: by their shares, and by what it answers itself.

    `own` is what stands under the place and none of its children, `whole` how the cases of all of
    them together weigh. A child that is late or mute is named, but what the place itself answers
    comes first where both weigh the same; who has nothing of its own follows its children.
    """
    parts = [Verdict(status, status, 1, 1).part() for status in children]
    if not parts:
        return own
    found = judge(parts, rule=roll_up_rule(thresholds))
    ground = _OF_PLACES.get(found.because, Ground.PAST_THE_WINDOW)
    rolled = Judgement(found.status, ground, found.count, found.of)
    heard = [j for j in (own, rolled) if j.status is not Status.NO_REPORT]
    if whole.status is not Status.ON_TRACK:
        heard.append(whole)
    worst = max(heard, key=lambda j: j.status.rank, default=rolled)
    if rolled.status is Status.NO_REPORT and worst.status is not Status.LATE:
        return rolled
    if worst.status is Status.ON_TRACK:
        return Judgement(Status.ON_TRACK, Ground.ALL_IN_ORDER)
    return worst


def roll_up_rule(thresholds: Thresholds) -> RollUp:
    """Return the shares by which a parent follows its children."""
    return RollUp(
        late_share=thresholds.children_late_share,
        risk_share=thresholds.children_risk_share,
        silent_share=thresholds.children_silent_share,
    )


# --- replaced officials


def window_start(fixed_date: date, *, months: int) -> date:
    """Return the first day on which no official is replaced: so many months before the fixing."""
    index = fixed_date.year * 12 + fixed_date.month - 1 - months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(fixed_date.day, monthrange(year, month)[1]))


def is_forbidden(
    replaced_date: date, *, consent: str, fixed_date: date | None, months: int
) -> bool:
    """Tell whether replacing an official needed a consent that nobody showed.

    The window stays open until the term of the head of region ends, so it has no end here.
    """
    if fixed_date is None or consent.strip():
        return False
    return replaced_date >= window_start(fixed_date, months=months)


# --- what may be recorded


@dataclass(frozen=True, slots=True)
class GivenPledges:
    """How many of an agency's staff signed."""

    agency_id: int
    staff: int
    signed: int


MOST_STAFF = 200_000
"""More than all civil servants of a province (187,751 in South Sumatra, December 2023)."""


def pledge_fault(*, signed: int, staff: int) -> str | None:
    """Return the code of what is wrong with a line of pledges, None if it holds."""
    if staff <= 0:
        return "neutrality.agency_has_no_staff"
    if staff > MOST_STAFF:
        return "neutrality.staff_is_absurd"
    if signed < 0:
        return "neutrality.fewer_than_none_signed"
    if signed > staff:
        return "neutrality.more_signed_than_staff"
    return None
