"""Takes pages of progress reports, one as it is sent or weeks of them that were kept elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.db.models import OuterRef, Subquery

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.evidence import store_evidence
from serentak.platform.web.formats import number
from serentak.readiness.events import ProgressReported, ReportsTakenOver
from serentak.readiness.models import Activity, ActivityShare, ProgressReport, Submission
from serentak.readiness.permissions import REPORT_PROGRESS
from serentak.readiness.queries.board import catalogue, thresholds
from serentak.readiness.queries.loading import activity_name, state_after, writing_for
from serentak.readiness.queries.owed import Writers
from serentak.readiness.rules.lines import Told, heard_of_whole, quantity_of_whole
from serentak.readiness.rules.reporting import NOTE_FAULTS, ReportKind, report_fault
from serentak.readiness.rules.states import ActivityEvent


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One answer of a page: on the whole of an activity, or on a district's line of it.

    `quantity` is the total reached, only for the kind QUANTITY; `photo` is stored as evidence.
    """

    activity_id: int
    kind: ReportKind
    quantity: int | None = None
    note: str = ""
    district: PlaceCode | None = None
    photo: File[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a page of reports; `repeated` says that this is the first sending's answer."""

    submission_id: int
    sent_at: datetime
    count: int
    quantities: int
    unchanged: int
    nothing: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class PastPage:
    """A page of reports as somebody sent it at the time."""

    client_key: UUID
    place: PlaceCode
    sent_at: datetime
    rows: Sequence[ReportRow]


@action
def report_progress(
    *,
    client_key: UUID,
    place: PlaceCode,
    rows: Sequence[ReportRow],
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> Receipt:
    """Take a page of reports on the activities (or district lines) of a place.

    `client_key` is made by the device: a repeat is answered with the first answer, also while the
    first is on its way; other answers under a used key are refused. All rows hold or none is
    written; the refusal's field is `<activity>.quantity`, `.note` or `.kind`. What a report on a
    district's line does to the whole, `rules.lines` says.
    """
    actor.require(REPORT_PROGRESS, place)
    if not rows and not Submission.objects.filter(client_key=client_key).exists():
        raise Refused("readiness.page_is_empty")
    digest = _digest_of_page(rows)
    submission, is_new = Submission.objects.get_or_create(
        client_key=client_key,
        defaults={
            "place_id": place,
            "submitted_by_id": actor.user_id,
            "submitted_at": at,
            "digest": digest,
        },
    )
    if not is_new:
        if submission.submitted_by_id != actor.user_id or submission.place_id != place:
            raise Refused("readiness.key_was_used_by_another")
        if rows and submission.digest not in ("", digest):
            raise Conflict("readiness.key_was_used_for_other_answers")
        return _receipt(
            submission, submission.reports.values_list("kind", flat=True), repeated=True
        )
    activities = Activity.objects.locked({row.activity_id for row in rows})
    lines = _lines_of(rows)
    writers = Writers(actor, REPORT_PROGRESS, {a.owner_id for a in activities.values()})
    reports = []
    seen: set[tuple[int, PlaceCode | None]] = set()
    for row in rows:
        activity = activities.get(row.activity_id)
        line = lines.get((row.activity_id, row.district)) if row.district else None
        if activity is None or place != (row.district or activity.place_id):
            raise OutOfScope(REPORT_PROGRESS, place)
        if row.district and line is None:
            raise OutOfScope(REPORT_PROGRESS, place)
        if (row.activity_id, row.district) in seen:
            raise Refused("readiness.page_answers_twice", activity=activity_name(activity))
        seen.add((row.activity_id, row.district))
        through = writing_for(writers, activity, line)
        state_after(activity, ActivityEvent.REPORT)
        reports.append(
            _report(
                row,
                activity,
                line,
                submission,
                institution_id=through,
                figure_class=figure_class,
                actor=actor,
                at=at,
            )
        )
    ProgressReport.objects.bulk_create(reports)
    ActivityShare.objects.bulk_update(lines.values(), ["done_quantity", "last_report_at"])
    _save_activities(activities, {line.activity_id for line in lines.values()})
    event = ProgressReported(
        subjects=tuple(dict.fromkeys(f"activity:{report.activity_id}" for report in reports)),
        place=place,
        institution_id=reports[0].institution_id,
        submission_id=submission.pk,
        count=len(reports),
        rows=[
            {
                "activity": report.activity_id,
                "district": report.share.place_id if report.share else None,
                "kind": report.kind,
                "quantity": report.quantity,
                "before": report.quantity_before,
            }
            for report in reports
        ],
        figure_class=figure_class,
        notes={str(report.activity_id): report.note for report in reports if report.note},
    )
    record(event, actor=actor, at=at)
    return _receipt(submission, [report.kind for report in reports])


@action
def take_over_reports(
    *,
    pages: Sequence[PastPage],
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Take over pages of past reports, all or none, and return how many reports.

    Each page holds what `report_progress` would hold, at its own time; photos cannot come along.
    Refused where a report is older than the last one that stands.
    """
    ordered = sorted(pages, key=lambda page: page.sent_at)
    if not ordered or not all(page.rows for page in ordered):
        raise Refused("readiness.page_is_empty")
    for place in {page.place for page in ordered}:
        actor.require(REPORT_PROGRESS, place)
    activities = Activity.objects.locked({row.activity_id for p in ordered for row in p.rows})
    lines = {
        (line.activity_id, PlaceCode(line.place_id)): line
        for line in ActivityShare.objects.select_for_update()
        .filter(activity__in=activities, place__in={page.place for page in ordered})
        .order_by("id")
    }
    writers = Writers(actor, REPORT_PROGRESS, {a.owner_id for a in activities.values()})
    submissions = Submission.objects.bulk_create(
        Submission(
            client_key=page.client_key,
            place_id=page.place,
            submitted_by_id=actor.user_id,
            submitted_at=page.sent_at,
        )
        for page in ordered
    )
    reports = []
    on_lines: dict[int, bool] = {}
    for page, submission in zip(ordered, submissions, strict=True):
        for row in page.rows:
            activity = activities.get(row.activity_id)
            line = lines.get((row.activity_id, row.district)) if row.district else None
            if (
                activity is None
                or page.place != (row.district or activity.place_id)
                or (row.district and line is None)
            ):
                raise OutOfScope(REPORT_PROGRESS, page.place)
            last = (line or activity).last_report_at
            if last is not None and page.sent_at < last:
                raise Refused("readiness.report_is_older", activity=activity_name(activity))
            state_after(activity, ActivityEvent.REPORT)
            reports.append(
                _report(
                    row,
                    activity,
                    line,
                    submission,
                    institution_id=writing_for(writers, activity, line),
                    figure_class=figure_class,
                    actor=actor,
                    at=page.sent_at,
                )
            )
            on_lines[activity.pk] = line is not None
    ProgressReport.objects.bulk_create(reports)
    _save_lines([report.share_id for report in reports if report.share_id])
    _save_activities(activities, {pk for pk, on_line in on_lines.items() if on_line})
    codes = sorted({page.place for page in ordered})
    event = ReportsTakenOver(
        subjects=tuple(f"activity:{pk}" for pk in sorted(activities)),
        place=places.common_place(codes),
        institution_id=None,
        pages=len(ordered),
        count=len(reports),
        first_at=ordered[0].sent_at,
        last_at=ordered[-1].sent_at,
        figure_class=figure_class,
        digest=_digest(reports),
    )
    record(event, actor=actor, at=at)
    return len(reports)


def _report(
    row: ReportRow,
    activity: Activity,
    line: ActivityShare | None,
    submission: Submission,
    *,
    institution_id: int,
    figure_class: FigureClass,
    actor: Viewer,
    at: datetime,
) -> ProgressReport:
    """Check one row, change activity or line in memory, and return the report to be written."""
    counted = line or activity
    # A page that was sent earlier may come in later; it then stands after the report before it.
    at = max(at, counted.last_report_at or at)
    before = counted.done_quantity
    _check_report(row, activity, before, counted.target_quantity)
    after = row.quantity if row.kind is ReportKind.QUANTITY else before
    photo = (
        store_evidence(
            file=row.photo,
            place=PlaceCode(counted.place_id),
            institution_id=institution_id,
            actor=actor,
            at=at,
        )
        if row.photo
        else None
    )
    counted.done_quantity = after
    if line is None:
        activity.heard_at = at
    else:
        line.last_report_at = at
    # Past pages come by owner: a district's may be older than what stands on the whole.
    activity.last_report_at = max(activity.last_report_at or at, at)
    if row.kind is ReportKind.QUANTITY:
        activity.figure_class = figure_class
    return ProgressReport(
        submission=submission,
        activity=activity,
        share=line,
        institution_id=institution_id,
        kind=row.kind,
        quantity=after,
        quantity_before=before,
        figure_class=figure_class,
        note=row.note.strip(),
        evidence_id=photo,
        reported_at=at,
    )


def _check_report(row: ReportRow, activity: Activity, before: int | None, target: int) -> None:
    definition = catalogue().activities[activity.key]
    fault = report_fault(
        row.kind,
        row.quantity,
        row.note,
        before=before,
        target=target,
        is_percent=definition.is_percent,
        absurd_factor=thresholds().absurd_factor,
    )
    if fault is not None:
        raise Refused(
            f"readiness.{fault}",
            field=f"{activity.pk}.{'note' if fault in NOTE_FAULTS else 'quantity'}",
            activity=activity_name(activity),
            quantity=number(row.quantity),
            before=number(before),
            target=number(target),
            factor=number(thresholds().absurd_factor),
        )


def _lines_of(
    rows: Sequence[ReportRow],
) -> dict[tuple[int, PlaceCode | None], ActivityShare]:
    wanted = [row for row in rows if row.district]
    found = ActivityShare.objects.select_for_update().filter(
        activity__in={row.activity_id for row in wanted},
        place__in={row.district for row in wanted if row.district},
    )
    return {(line.activity_id, PlaceCode(line.place_id)): line for line in found.order_by("id")}


def _receipt(submission: Submission, of: Iterable[str], *, repeated: bool = False) -> Receipt:
    kinds = list(of)
    return Receipt(
        submission_id=submission.pk,
        sent_at=submission.submitted_at,
        count=len(kinds),
        quantities=kinds.count(ReportKind.QUANTITY),
        unchanged=kinds.count(ReportKind.NO_CHANGE),
        nothing=kinds.count(ReportKind.NOTHING_TO_REPORT),
        repeated=repeated,
    )


def _save_lines(share_ids: Sequence[int]) -> None:
    """Let each line say what its newest report says, in one statement."""
    newest = ProgressReport.objects.filter(share=OuterRef("pk")).order_by("-reported_at", "-id")
    ActivityShare.objects.filter(pk__in=set(share_ids)).update(
        done_quantity=Subquery(newest.values("quantity")[:1]),
        last_report_at=Subquery(newest.values("reported_at")[:1]),
    )


def _save_activities(activities: Mapping[int, Activity], on_lines: Collection[int]) -> None:
    """Store activities; what those reported on lines amount to, and since when they are heard."""
    lines: dict[int, list[Told]] = {}
    for pk, quantity, told_at, target in ActivityShare.objects.filter(
        activity__in=on_lines
    ).values_list("activity", "done_quantity", "last_report_at", "target_quantity"):
        lines.setdefault(pk, []).append(Told(quantity, told_at, target))
    own = {
        pk: Told(quantity, told_at)
        for pk, quantity, told_at in ProgressReport.objects.filter(
            activity__in=on_lines, share=None
        )
        .order_by("activity", "-reported_at", "-id")
        .distinct("activity")
        .values_list("activity", "quantity", "reported_at")
    }
    for pk in activities.keys() & on_lines:
        activity, whole = activities[pk], own.get(pk, Told())
        activity.done_quantity = quantity_of_whole(whole, lines[pk])
        activity.heard_at = heard_of_whole(
            whole, lines[pk], silent_share=thresholds().silent_lines_share
        )
    Activity.objects.bulk_update(
        activities.values(), ["done_quantity", "figure_class", "last_report_at", "heard_at"]
    )


def _digest_of_page(rows: Sequence[ReportRow]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        photo = (row.photo.name, row.photo.size) if row.photo else None
        line = (row.activity_id, row.district, row.kind.value, row.quantity, row.note, photo)
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def _digest(reports: Sequence[ProgressReport]) -> str:
    digest = hashlib.sha256()
    for report in reports:
        place = report.share.place_id if report.share else report.activity.place_id
        line = (report.activity_id, place, report.kind, report.quantity, report.note)
        digest.update(f"{report.reported_at.isoformat()}\t{line}\n".encode())
    return digest.hexdigest()
