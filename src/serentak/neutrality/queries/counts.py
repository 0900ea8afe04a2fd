"""What neutrality tells of indicators of quality: numbers of cases, pledges and days, no persons.

Each count asks at most three queries, however many places and cases there are.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db.models import Q

from serentak.elections.public import current_election
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts, Counts, Share, Wait, counted, timed
from serentak.kernel.workdays import working_days_between
from serentak.neutrality.models import (
    Case,
    CaseStep,
    PledgeCoverage,
    Replacement,
    ServiceReport,
)
from serentak.neutrality.rules.cases import CaseState
from serentak.neutrality.rules.standing import ServiceLevel, window_start
from serentak.platform.holidays import holidays
from serentak.platform.rows import within

from .catalogues import calendar, thresholds, today_at

_DECIDED = (CaseState.SANCTIONED.value, CaseState.NOT_PROVEN.value)
_RIPE = timedelta(days=30)
_FROM, _TO = timedelta(days=30), timedelta(days=7)


def _followed_up(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    ripe = today_at(parent, at) - _RIPE
    rows = Case.objects.filter(within(parent), recommended_date__lt=ripe).order_by()
    return counted(
        (place, agency, Share(int(state in _DECIDED), 1))
        for place, agency, state in rows.values_list("place_id", "agency_id", "state")
    )


def _days(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    today = today_at(parent, at)
    off = holidays()
    rows = Case.objects.filter(within(parent), recommended_date__isnull=False).order_by()
    return timed(
        (
            place,
            agency,
            Wait(
                working_days_between(recommended, max(closed or today, recommended), holidays=off),
                closed is not None,
            ),
        )
        for place, agency, recommended, closed in rows.values_list(
            "place_id", "agency_id", "recommended_date", "closed_date"
        )
        if recommended
    )


def _replaced(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    days = calendar(parent, at)
    if days.fixed_date is None:
        return {}
    start = window_start(days.fixed_date, months=thresholds().replacement_months)
    rows = Replacement.objects.filter(within(parent), replaced_date__gte=start).order_by()
    return counted(
        (place, agency, Share(int(bool(consent)), 1))
        for place, agency, consent in rows.values_list("place_id", "agency_id", "consent")
    )


def _clocks(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    today = today_at(parent, at)
    rows = CaseStep.objects.filter(within(parent, "case__place"), due_date__isnull=False).filter(
        Q(to_date__isnull=False) | Q(due_date__lt=today)
    )
    return counted(
        (
            place,
            case,
            Share(int(not lapses and to is not None and due is not None and to <= due), 1),
        )
        for place, case, to, due, lapses in rows.order_by().values_list(
            "case__place_id", "case_id", "to_date", "due_date", "lapses"
        )
    )


def _pledges(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    rows = PledgeCoverage.objects.filter(within(parent)).order_by()
    return counted(
        (place, agency, Share(min(signed, staff), staff))
        for place, agency, signed, staff in rows.values_list(
            "place_id", "agency_id", "signed", "staff"
        )
    )


def _services(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Counts]:
    """Return agency-days open, of those from 30 days before the vote to 7 after.

    A day without a report, between an agency's first one and today, counts as silent.
    """
    election = current_election(parent)
    if election is None:
        return {}
    today = today_at(parent, at)
    first, last = election.vote_date - _FROM, min(election.vote_date + _TO, today)
    rows = ServiceReport.objects.filter(within(parent), report_date__range=(first, last))
    told: dict[tuple[str, int], dict[str, set[date]]] = {}
    for place, agency, day, level in rows.order_by().values_list(
        "place_id", "agency_id", "report_date", "level"
    ):
        days = told.setdefault((place, agency), {"open": set(), "all": set()})
        days["all"].add(day)
        if level == ServiceLevel.OPEN.value:
            days["open"].add(day)
    off = holidays()
    return counted(
        (
            place,
            agency,
            Share(
                len(days["open"]),
                len(days["all"]),
                max(
                    0,
                    working_days_between(min(days["all"]), last, holidays=off)
                    + 1
                    - len(days["all"]),
                ),
            ),
        )
        for (place, agency), days in told.items()
    )


COUNTS: Mapping[str, AsksForCounts] = {
    "neutrality-followed-up": _followed_up,
    "neutrality-days": _days,
    "replaced-with-consent": _replaced,
    "clocks-kept": _clocks,
    "pledges-signed": _pledges,
    "services-kept": _services,
}
"""What neutrality counts, by the indicator's key."""
