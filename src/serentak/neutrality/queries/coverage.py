"""Circulars, pledges, services and replaced officials: what a place's agencies said and did."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.cards import card_of
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.viewer import Permission, Viewer
from serentak.neutrality.models import (
    Circular,
    CircularReceipt,
    PledgeCoverage,
    Replacement,
    ServiceReport,
)
from serentak.neutrality.permissions import (
    ACKNOWLEDGE_CIRCULAR,
    RECORD_REPLACEMENT,
    REPORT_SERVICES,
    REPORT_SERVICES_OF_ALL,
    VIEW_NEUTRALITY,
)
from serentak.neutrality.rules.standing import ServiceLevel, is_forbidden
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.rows import within

from .catalogues import Calendar, rules, thresholds, today_at
from .standings import DEEPEST, expected_agencies, latest_services

OWN_AGENCY = "OWN_AGENCY"

WATCHING = frozenset({"SUPERVISOR", "VERTICAL_AGENCY"})
"""Families that watch officials anywhere in their area: supervisor, civil service agency."""


def answers_for(viewer: Viewer, permission: Permission, place: PlaceCode) -> bool:
    """Tell whether the viewer holds `permission` in an institution of the region around a place.

    Whoever stands above directs a region and reads it; its agencies' words are its own. Two
    queries at most.
    """
    region = at_level(place, min(level_of(place), Level.REGENCY))
    return viewer.may(permission, place) and institutions.voices(viewer, permission).act_at(region)


def may_record_replacement(viewer: Viewer, place: PlaceCode) -> bool:
    """Tell whether somebody of the region, or of those who watch it from outside, records this."""
    if answers_for(viewer, RECORD_REPLACEMENT, place):
        return True
    own = institutions.voices(viewer, RECORD_REPLACEMENT).own
    watches = any(card.family in WATCHING for card in own)
    return watches and viewer.may(RECORD_REPLACEMENT, place)


def agencies_of(place: PlaceCode) -> list[InstitutionCard]:
    """Return a region's own agencies: those of the place, and of a regency its district heads."""
    found = [c for c in institutions.institutions_of(place) if c.family == OWN_AGENCY]
    if level_of(place) is Level.REGENCY:
        districts = [card.code for card in places.descendants(place, DEEPEST)]
        heads = institutions.institutions_by(kinds=["CAMAT"], places=districts)
        found += [heads[key] for key in sorted(heads, key=lambda key: key[1])]
    return found


# --- circulars


@dataclass(frozen=True, slots=True)
class CircularLine:
    """A circular and how far it has been acknowledged; `mine` is the viewer's open receipt."""

    key: UUID
    number: str
    title: str
    issuer: str
    issued_date: date
    due_date: date
    agencies: int
    acknowledged: int
    is_overdue: bool
    figure_class: str
    mine: tuple[tuple[int, str], ...] = ()
    may_open: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """An agency that a circular went to."""

    agency: str
    acknowledged_at: datetime | None
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class CircularPage:
    """A circular with all its receipts."""

    line: CircularLine
    place: PlaceCode
    receipts: tuple[ReceiptLine, ...]


def circulars(place: PlaceCode, viewer: Viewer, at: datetime) -> tuple[CircularLine, ...]:
    """Return the circulars of a place, newest first; two queries.

    Of a district those that its head received. To an agency's people `mine` names where they have
    still to acknowledge.
    """
    where = Q(place=place)
    if level_of(place) is DEEPEST:
        received = CircularReceipt.objects.filter(agency__place=place).values("circular")
        where = Q(pk__in=received)
    return _circulars(where, viewer, today_at(place, at))


def _circulars(where: Q, viewer: Viewer, today: date) -> tuple[CircularLine, ...]:
    rows = list(
        Circular.objects.filter(where)
        .select_related("issuer")
        .annotate(
            agencies=Count("receipts"),
            acknowledged=Count("receipts", filter=Q(receipts__acknowledged_at__isnull=False)),
        )
        .order_by("-issued_date", "-id")
    )
    mine: dict[int, list[tuple[int, str]]] = {}
    received = CircularReceipt.objects.filter(
        circular__in=[row.pk for row in rows],
        agency__in=viewer.institutions(ACKNOWLEDGE_CIRCULAR),
    ).values_list("circular_id", "agency_id", "agency__name", "acknowledged_at")
    for circular_id, agency_id, name, acknowledged_at in received:
        open_ones = mine.setdefault(circular_id, [])
        if acknowledged_at is None:
            open_ones.append((agency_id, name))
    return tuple(
        card_of(
            CircularLine,
            row,
            issuer=row.issuer.name,
            is_overdue=row.due_date < today and row.acknowledged < row.agencies,
            mine=tuple(mine.get(row.pk, ())),
            may_open=row.pk in mine or viewer.may(VIEW_NEUTRALITY, PlaceCode(row.place_id)),
        )
        for row in rows
    )


def circular_page(key: UUID, viewer: Viewer, at: datetime) -> CircularPage | None:
    """Return a circular with its receipts, None if there is none for the viewer; four queries.

    For who may see neutrality at its place, and for the people of an agency that received it.
    """
    found = Circular.objects.filter(key=key).values_list("place_id", flat=True).first()
    if found is None:
        return None
    place = PlaceCode(found)
    rows = list(
        CircularReceipt.objects.filter(circular__key=key)
        .select_related("agency", "acknowledged_by")
        .order_by("agency__place_id", "agency_id")
    )
    mine = viewer.institutions(ACKNOWLEDGE_CIRCULAR)
    if not viewer.may(VIEW_NEUTRALITY, place):
        rows = [row for row in rows if row.agency_id in mine]
        if not rows:
            return None
    (line,) = _circulars(Q(key=key), viewer, today_at(place, at))
    return CircularPage(
        line,
        place,
        tuple(
            card_of(
                ReceiptLine,
                row,
                agency=row.agency.name,
                acknowledged_by=row.acknowledged_by.full_name if row.acknowledged_by else "",
            )
            for row in rows
        ),
    )


# --- pledges


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """An agency's pledges; numbers are None where nobody has counted."""

    agency_id: int
    agency: str
    signed: int | None = None
    staff: int | None = None
    as_of_date: date | None = None
    source: str = ""
    figure_class: str = ""

    @property
    def coverage(self) -> float | None:
        """Signed divided by staff."""
        return self.signed / self.staff if self.signed is not None and self.staff else None


def pledge_lines(place: PlaceCode) -> tuple[PledgeLine, ...]:
    """Return the pledges of a place's own agencies, those that nobody counted too; four queries."""
    agencies = agencies_of(place)
    rows = {
        row.agency_id: row
        for row in PledgeCoverage.objects.filter(agency__in=[agency.id for agency in agencies])
    }
    return tuple(
        card_of(PledgeLine, rows[agency.id], agency=agency.name)
        if agency.id in rows
        else PledgeLine(agency.id, agency.name)
        for agency in agencies
    )


# --- services


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """An agency's services: what it last said that still counts, and whether the viewer reports."""

    agency_id: int
    agency: str
    service: str
    stays_open: bool
    level: ServiceLevel | None
    reason: str
    report_date: date | None
    reported_today: bool
    may_report: bool


def service_lines(place: PlaceCode, viewer: Viewer, at: datetime) -> tuple[ServiceLine, ...]:
    """Return the services of a place's own agencies; five queries."""
    today = today_at(place, at)
    known = rules().services
    own = [
        (kind, agency)
        for (kind, where), agency in expected_agencies(place).items()
        if where == place or (level_of(place) is Level.REGENCY and kind == "CAMAT")
    ]
    order = list(known)
    latest = latest_services(within(place), today)
    all_of_them = answers_for(viewer, REPORT_SERVICES_OF_ALL, place)
    lines = []
    for kind, agency in sorted(own, key=lambda item: (order.index(item[0]), item[1].place)):
        report: ServiceReport | None = latest.get(agency.id)
        lines.append(
            ServiceLine(
                agency_id=agency.id,
                agency=agency.name,
                service=said(known[kind].name),
                stays_open=known[kind].stays_open,
                level=ServiceLevel(report.level) if report else None,
                reason=report.reason if report else "",
                report_date=report.report_date if report else None,
                reported_today=bool(report and report.report_date == today),
                may_report=all_of_them or viewer.acts_for(agency.id, REPORT_SERVICES),
            )
        )
    return tuple(lines)


# --- replaced officials


@dataclass(frozen=True, slots=True)
class ReplacementLine:
    """A replaced official's post."""

    agency: str
    post: str
    decree_number: str
    replaced_date: date
    consent: str
    is_forbidden: bool


def replacements(place: PlaceCode, days: Calendar) -> tuple[ReplacementLine, ...]:
    """Return the replacements at and under a place, the newest first; one query."""
    months = thresholds().replacement_months
    rows = (
        Replacement.objects.filter(within(place))
        .select_related("agency")
        .order_by("-replaced_date", "-id")[:200]
    )
    return tuple(
        card_of(
            ReplacementLine,
            row,
            agency=row.agency.name,
            is_forbidden=is_forbidden(
                row.replaced_date, consent=row.consent, fixed_date=days.fixed_date, months=months
            ),
        )
        for row in rows
    )
