"""Issues and acknowledges circulars, records pledges, services and replaced officials."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import check_length
from serentak.kernel.viewer import Permission, Viewer
from serentak.neutrality.events import (
    CircularAcknowledged,
    CircularIssued,
    PledgesRecorded,
    ReplacementRecorded,
    ServicesReported,
)
from serentak.neutrality.models import (
    Circular,
    CircularReceipt,
    PledgeCoverage,
    Replacement,
    ServiceReport,
)
from serentak.neutrality.permissions import (
    ACKNOWLEDGE_CIRCULAR,
    ISSUE_CIRCULAR,
    RECORD_PLEDGES,
    RECORD_REPLACEMENT,
    REPORT_SERVICES,
    REPORT_SERVICES_OF_ALL,
)
from serentak.neutrality.queries.catalogues import calendar, rules, thresholds, today_at
from serentak.neutrality.queries.coverage import (
    OWN_AGENCY,
    agencies_of,
    answers_for,
    may_record_replacement,
)
from serentak.neutrality.rules.standing import (
    LONGEST_LINE,
    GivenPledges,
    ServiceLevel,
    is_forbidden,
    pledge_fault,
)
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer

HEADS: dict[Level, str] = {Level.PROVINCE: "GOVERNOR", Level.REGENCY: "REGENT"}


@dataclass(frozen=True, slots=True)
class GivenService:
    """How an agency serves today; a reason unless it is open."""

    agency_id: int
    level: ServiceLevel
    reason: str = ""


@action
def issue_circular(
    *,
    key: UUID,
    place: PlaceCode,
    number: str,
    title: str,
    issued_date: date,
    due_date: date,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Send a circular to the region's own agencies and return to how many it went.

    The letter itself is signed outside; its number stands here. A repeat gets the first answer.
    """
    digest = digest_of(locals())
    _require_own_region(actor, ISSUE_CIRCULAR, place)
    issuer = institutions.institution_by(HEADS.get(level_of(place), ""), place)
    if issuer is None:
        raise Refused("neutrality.nobody_issues_circulars_here", field="place")
    if known := first_answer(Circular, key, digest, field="key"):
        return known.receipts.count()
    if not number.strip() or not title.strip():
        field = "title" if number.strip() else "number"
        raise Refused("neutrality.circular_needs_number_and_title", field=field)
    if issued_date > today_at(place, at):
        raise Refused("neutrality.day_lies_ahead", field="issued_date")
    if due_date < issued_date:
        raise Refused("neutrality.circular_is_due_before_it_is_issued", field="due_date")
    circular = Circular.objects.create(
        key=key,
        digest=digest,
        issuer_id=issuer.id,
        place_id=place,
        number=number.strip(),
        title=title.strip(),
        issued_date=issued_date,
        due_date=due_date,
        figure_class=figure_class.value,
        issued_by_id=actor.user_id,
        issued_at=at,
    )
    agencies = agencies_of(place)
    CircularReceipt.objects.bulk_create(
        CircularReceipt(circular=circular, agency_id=agency.id) for agency in agencies
    )
    event = CircularIssued(
        subjects=(f"circular:{circular.pk}",),
        place=place,
        institution_id=issuer.id,
        number=circular.number,
        count=len(agencies),
        due_date=due_date,
    )
    record(event, actor=actor, at=at)
    return len(agencies)


@action
def acknowledge_circular(*, key: UUID, agency_id: int, actor: Viewer, at: datetime) -> bool:
    """Acknowledge a circular for an agency; False says that somebody of it did so before."""
    receipt = (
        CircularReceipt.objects.select_for_update(of=("self",))
        .select_related("circular")
        .filter(circular__key=key, agency_id=agency_id)
        .first()
    )
    if receipt is None or not actor.acts_for(agency_id, ACKNOWLEDGE_CIRCULAR):
        raise OutOfScope(ACKNOWLEDGE_CIRCULAR, agency_id)
    if receipt.acknowledged_at is not None:
        return False
    receipt.acknowledged_at = at
    receipt.acknowledged_by_id = actor.user_id
    receipt.save(update_fields=["acknowledged_at", "acknowledged_by"])
    event = CircularAcknowledged(
        subjects=(f"circular:{receipt.circular_id}", f"institution:{agency_id}"),
        place=PlaceCode(receipt.circular.place_id),
        institution_id=agency_id,
        number=receipt.circular.number,
    )
    record(event, actor=actor, at=at)
    return True


@action
def record_pledges(
    *,
    place: PlaceCode,
    rows: Sequence[GivenPledges],
    as_of_date: date,
    source: str,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record how many have signed at agencies of a place, all lines or none; return how many.

    What an agency had before is replaced; the audit keeps the sums. An older count than the one
    recorded is refused.
    """
    _require_own_region(actor, RECORD_PLEDGES, place)
    if not rows:
        raise Refused("neutrality.list_is_empty")
    if not source.strip():
        raise Refused("neutrality.source_is_missing", field="source")
    check_length(source.strip(), most=LONGEST_LINE, field="source")
    if as_of_date > today_at(place, at):
        raise Refused("neutrality.day_lies_ahead", field="as_of_date")
    agencies = _own_agencies(place, [row.agency_id for row in rows])
    known = {
        row.agency_id: row
        for row in PledgeCoverage.objects.select_for_update()
        .filter(agency__in=agencies)
        .order_by("agency_id")
    }
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda row: row.agency_id):
        agency = agencies[row.agency_id]
        if fault := pledge_fault(signed=row.signed, staff=row.staff):
            raise Refused(fault, field="signed", agency=agency.name)  # worded in words.py
        before = known.get(row.agency_id)
        if before and before.as_of_date > as_of_date:
            raise Refused(
                "neutrality.newer_pledges_are_recorded", field="as_of_date", agency=agency.name
            )
        digest.update(f"{row.agency_id}\t{row.staff}\t{row.signed}\n".encode())
        PledgeCoverage.objects.update_or_create(
            agency_id=row.agency_id,
            defaults={
                "place_id": agency.place,
                "staff": row.staff,
                "signed": row.signed,
                "as_of_date": as_of_date,
                "source": source.strip(),
                "figure_class": figure_class.value,
                "recorded_by_id": actor.user_id,
                "recorded_at": at,
            },
        )
    event = PledgesRecorded(
        subjects=tuple(f"institution:{agency_id}" for agency_id in agencies),
        place=place,
        count=len(rows),
        signed=sum(row.signed for row in rows),
        staff=sum(row.staff for row in rows),
        digest=digest.hexdigest(),
    )
    record(event, actor=actor, at=at)
    return len(rows)


@action
def report_services(
    *,
    place: PlaceCode,
    rows: Sequence[GivenService],
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Report how agencies of a place serve today; return how many.

    A later word of the same day replaces an earlier one. An agency reports for
    itself, a desk for all agencies of its region.
    """
    actor.require(REPORT_SERVICES, place)
    if not rows:
        raise Refused("neutrality.list_is_empty")
    today = today_at(place, at)
    agencies = _own_agencies(place, [row.agency_id for row in rows])
    for row in rows:
        agency = agencies[row.agency_id]
        if agency.kind not in rules().services:
            raise Refused("neutrality.agency_reports_no_services", agency=agency.name)
        if not (
            answers_for(actor, REPORT_SERVICES_OF_ALL, agency.place)
            or actor.acts_for(agency.id, REPORT_SERVICES)
        ):
            raise OutOfScope(REPORT_SERVICES, agency.id)
        check_length(row.reason.strip(), most=LONGEST_LINE, field=f"reason_{agency.id}")
        if row.level is not ServiceLevel.OPEN and not row.reason.strip():
            raise Refused(
                "neutrality.service_needs_a_reason",
                field=f"reason_{agency.id}",
                agency=agency.name,
            )
    ServiceReport.objects.bulk_create(
        [
            ServiceReport(
                agency_id=row.agency_id,
                place_id=agencies[row.agency_id].place,
                report_date=today,
                level=row.level.value,
                reason=row.reason.strip(),
                figure_class=figure_class.value,
                reported_by_id=actor.user_id,
                reported_at=at,
            )
            for row in sorted(rows, key=lambda row: row.agency_id)
        ],
        update_conflicts=True,
        unique_fields=["agency", "report_date"],
        update_fields=["level", "reason", "figure_class", "reported_by", "reported_at"],
    )
    levels = [row.level for row in rows]
    event = ServicesReported(
        subjects=tuple(f"institution:{agency_id}" for agency_id in agencies),
        place=place,
        institution_id=rows[0].agency_id if len(rows) == 1 else None,
        report_date=today,
        count=len(rows),
        open=levels.count(ServiceLevel.OPEN),
        reduced=levels.count(ServiceLevel.REDUCED),
        closed=levels.count(ServiceLevel.CLOSED),
        reasons=[
            {"agency": row.agency_id, "reason": row.reason.strip()} for row in rows if row.reason
        ],
    )
    record(event, actor=actor, at=at)
    return len(rows)


@action
def record_replacement(
    *,
    key: UUID,
    agency_id: int,
    post: str,
    decree_number: str,
    replaced_date: date,
    consent: str = "",
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> bool:
    """Record that an official was replaced; True says that it was forbidden without consent.

    Only the post is kept, never a name. A repeat gets the first answer.
    """
    digest = digest_of(locals())
    agency = institutions.institution(agency_id)
    if agency is None or not may_record_replacement(actor, agency.place):
        raise OutOfScope(RECORD_REPLACEMENT, agency_id)
    if agency.family != OWN_AGENCY:
        raise Refused("neutrality.agency_is_not_the_regions_own", field="agency")
    days = calendar(agency.place, at)
    forbidden = is_forbidden(
        replaced_date,
        consent=consent,
        fixed_date=days.fixed_date,
        months=thresholds().replacement_months,
    )
    if first_answer(Replacement, key, digest, field="key"):
        return forbidden
    if not post.strip() or not decree_number.strip():
        field = "decree_number" if post.strip() else "post"
        raise Refused("neutrality.replacement_needs_post_and_decree", field=field)
    if replaced_date > days.today:
        raise Refused("neutrality.day_lies_ahead", field="replaced_date")
    row = Replacement.objects.create(
        key=key,
        digest=digest,
        agency_id=agency_id,
        place_id=agency.place,
        post=post.strip(),
        decree_number=decree_number.strip(),
        replaced_date=replaced_date,
        consent=consent.strip(),
        figure_class=figure_class.value,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    event = ReplacementRecorded(
        subjects=(f"replacement:{row.pk}", f"institution:{agency_id}"),
        place=agency.place,
        institution_id=agency_id,
        replaced_date=replaced_date,
        has_consent=bool(consent.strip()),
        is_forbidden=forbidden,
    )
    record(event, actor=actor, at=at)
    return forbidden


def _require_own_region(actor: Viewer, permission: Permission, place: PlaceCode) -> None:
    if not answers_for(actor, permission, place):
        raise OutOfScope(permission, place)


def _own_agencies(place: PlaceCode, ids: Sequence[int]) -> dict[int, InstitutionCard]:
    """Return the region's own agencies of these ids, at or under the place; each named once."""
    if len(set(ids)) < len(ids):
        raise Refused("neutrality.agency_stands_twice")
    found = institutions.institutions(ids)
    for agency_id in ids:
        agency = found.get(agency_id)
        if agency is None or agency.family != OWN_AGENCY or not is_within(agency.place, place):
            raise OutOfScope(RECORD_PLEDGES, agency_id)
    return dict(sorted(found.items()))
