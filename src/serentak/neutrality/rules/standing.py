"""How a place stands: pledges, services, cases as far as they may show, replaced officials."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from serentak.kernel.countdown import days_after_vote
from serentak.kernel.status import RollUp, Status
from serentak.kernel.sums import Summed

from .catalogue import Thresholds


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
    """Agencies by what they last reported; who has not reported lately is silent."""

    open: int = 0
    reduced: int = 0
    closed: int = 0
    silent: int = 0

    @property
    def heard(self) -> int:
        """How many reported."""
        return self.open + self.reduced + self.closed

    @property
    def thin(self) -> int:
        """How many serve less than usual or not at all."""
        return self.reduced + self.closed

    @property
    def thin_share(self) -> float | None:
        """Reduced or closed, divided by those that reported; None if nobody did."""
        return self.thin / self.heard if self.heard else None


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


def service_status(services: Services, *, thresholds: Thresholds) -> Status:
    """Return how the services of a place stand."""
    share = services.thin_share
    if share is None:
        return Status.NO_REPORT
    if share >= thresholds.services_thin_late:
        return Status.LATE
    return Status.AT_RISK if share >= thresholds.services_thin_risk else Status.ON_TRACK


def case_status(cases: Cases, *, thresholds: Thresholds) -> Status:
    """Return how cases weigh in the status of a place that everybody sees.

    Too few open cases weigh nothing: a status that followed a single one would tell that it exists.
    """
    if cases.open < thresholds.hidden_below:
        return Status.ON_TRACK
    share = cases.past_clock / cases.open
    if share >= thresholds.cases_past_clock_late:
        return Status.LATE
    return Status.AT_RISK if share >= thresholds.cases_past_clock_risk else Status.ON_TRACK


def status_of(
    standing: Standing, *, today: date, vote_date: date, thresholds: Thresholds
) -> Status:
    """Return the status of a place: its worst part; silence where nobody has reported anything.

    A place is never done before services need no reports any more: neutrality ends after the vote.
    """
    parts: list[Status] = [
        pledge_status(standing.pledges, today=today, vote_date=vote_date, thresholds=thresholds)
    ]
    if services_are_reported(today, vote_date=vote_date, thresholds=thresholds):
        parts.append(service_status(standing.services, thresholds=thresholds))
    heard: list[Status] = [status for status in parts if status is not Status.NO_REPORT]
    heard.append(case_status(standing.cases, thresholds=thresholds))
    if standing.forbidden:
        heard.append(Status.LATE)
    worst = max(heard, key=lambda status: status.rank)
    if len(heard) == 1 and worst is Status.ON_TRACK:
        return Status.NO_REPORT
    day = days_after_vote(today, vote_date=vote_date)
    if worst is Status.ON_TRACK and day > thresholds.services_until:
        return Status.DONE
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


def pledge_fault(*, signed: int, staff: int) -> str | None:
    """Return the code of what is wrong with a line of pledges, None if it holds."""
    if staff <= 0:
        return "neutrality.agency_has_no_staff"
    if signed < 0:
        return "neutrality.fewer_than_none_signed"
    if signed > staff:
        return "neutrality.more_signed_than_staff"
    return None
