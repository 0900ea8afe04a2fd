"""Takes pages of progress reports, one as it is sent or weeks of them that were kept elsewhere."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import OuterRef, Subquery

from serentak.kernel.area import Measured
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.refused import Conflict, Fault, OutOfScope, Refused, noting
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of
from serentak.platform.evidence import SCANS, store_evidence
from serentak.readiness.events import ProgressReported, ReportsTakenOver
from serentak.readiness.models import Activity, ActivityShare, ProgressReport, Submission
from serentak.readiness.permissions import REPORT_PROGRESS
from serentak.readiness.queries.board import catalogue, thresholds
from serentak.readiness.queries.loading import activity_name, state_after, writing_for
from serentak.readiness.queries.measured import measure_of, measured
from serentak.readiness.queries.owed import Writers
from serentak.readiness.rules.lines import Told, heard_of_whole, quantity_of_whole
from serentak.readiness.rules.reporting import (
    NAMES_A_TOTAL,
    Reportable,
    ReportKind,
    ReportRow,
    report_faults,
)
from serentak.readiness.rules.states import ActivityEvent, ActivityState


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a page of reports; `repeated` says that this is the first sending's answer."""

    submission_id: int
    sent_at: datetime
    count: int
    quantities: int
    corrections: int
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
    written; the refusal names every fault, by the row's number (else its activity's) and column.
    What a report on a district's line does to the whole, `rules.lines` says.
    """
    actor.require(REPORT_PROGRESS, place)
    if not rows and not Submission.objects.filter(client_key=client_key).exists():
        raise Refused("readiness.page_is_empty")
    digest = _digest_of(rows)
    submission = Submission(
        client_key=client_key,
        place_id=place,
        submitted_by_id=actor.user_id,
        submitted_at=at,
        digest=digest,
    )
    if not _stored_first(submission):
        submission = Submission.objects.get(client_key=client_key)
        if submission.submitted_by_id != actor.user_id or submission.place_id != place:
            raise Conflict("readiness.key_was_used_by_another")
        if rows and submission.digest not in ("", digest):
            raise Conflict("readiness.key_was_used_for_other_answers")
        return _receipt(
            submission, submission.reports.values_list("kind", flat=True), repeated=True
        )
    intake = _Intake(rows, actor=actor)
    intake.take(submission, rows, figure_class=figure_class)
    reports = intake.store()
    record(_told(submission, reports), actor=actor, at=at)
    return _receipt(submission, [report.kind for report in reports])


def _digest_of(rows: Sequence[ReportRow]) -> str:
    """Return the digest of what a page says."""
    return digest_of({"rows": [replace(row, number=0, written={}) for row in rows]})


def _told(submission: Submission, reports: Sequence[ProgressReport]) -> ProgressReported:
    """Return the event of a page of reports."""
    return ProgressReported(
        subjects=tuple(dict.fromkeys(f"activity:{report.activity_id}" for report in reports)),
        place=PlaceCode(submission.place_id),
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
        figure_class=reports[0].figure_class,
        notes={str(report.activity_id): report.note for report in reports if report.note},
    )


@action
def take_measures(*, actor: Viewer, at: datetime) -> int:
    """Report what ledgers know where it differs from the last report; return how many reports.

    Where a ledger says less than before, its number corrects what was reported. What has not moved
    for a day is said to be unchanged, so that nobody waits for a report. Repeatable.
    """
    if not actor.system:
        raise OutOfScope(REPORT_PROGRESS)
    keys = [key for key, one in catalogue().activities.items() if one.measured_by]
    rows: dict[tuple[PlaceCode, FigureClass], list[ReportRow]] = {}
    activities = Activity.objects.filter(key__in=keys, state=ActivityState.OPEN.value)
    told: dict[str, Mapping[str, Mapping[PlaceCode, Measured]]] = {}
    for activity in activities.prefetch_related("shares"):
        province = activity.place_id[: Level.PROVINCE]
        if province not in told:
            told[province] = measured(PlaceCode(province))
        known = told[province][activity.key]
        lines: list[Activity | ActivityShare] = list(activity.shares.all()) or [activity]
        for counted in lines:
            code = PlaceCode(counted.place_id)
            found = known.get(code)
            if found is None:
                continue
            district = None if counted is activity else code
            row = _by_ledger(activity.pk, found.quantity, counted, district, at)
            if row is not None:
                rows.setdefault((code, found.figure_class), []).append(row)
    answers = [row for page in rows.values() for row in page]
    if not answers:
        return 0
    # One page for each place, as people send them, but locked and stored all at once.
    submissions = Submission.objects.bulk_create(
        Submission(
            client_key=uuid4(),
            place_id=place,
            submitted_by_id=actor.user_id,
            submitted_at=at,
            digest=_digest_of(page),
        )
        for (place, _), page in rows.items()
    )
    intake = _Intake(answers, actor=actor)
    for submission, ((_, figure_class), page) in zip(submissions, rows.items(), strict=True):
        intake.take(submission, page, figure_class=figure_class)
    by_page: dict[int, list[ProgressReport]] = {}
    for report in intake.store():
        by_page.setdefault(report.submission_id, []).append(report)
    for submission in submissions:
        record(_told(submission, by_page[submission.pk]), actor=actor, at=at)
    return len(answers)


def _by_ledger(
    activity_id: int,
    quantity: int,
    counted: Activity | ActivityShare,
    district: PlaceCode | None,
    at: datetime,
) -> ReportRow | None:
    """Return the report that a ledger makes now; None where it has nothing new to say."""
    before, last = counted.done_quantity, counted.last_report_at
    if quantity == before:
        is_old = last is None or at - last >= UNCHANGED_AFTER
        return ReportRow(activity_id, ReportKind.NO_CHANGE, district=district) if is_old else None
    fell = before is not None and quantity < before
    kind = ReportKind.CORRECTION if fell else ReportKind.QUANTITY
    seen = before if fell else None
    return ReportRow(activity_id, kind, quantity, BY_LEDGER, district, seen=seen)


BY_LEDGER = "Menurut buku besar atau pemeriksaan di Serentak."
"""The note of a report that a ledger made."""
UNCHANGED_AFTER = timedelta(hours=20)
"""After so long a ledger's number is said once more, as a person would each day."""


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
    rows = [row for page in ordered for row in page.rows]
    intake = _Intake(rows, actor=actor, is_past=True)
    submissions = Submission.objects.bulk_create(
        Submission(
            client_key=page.client_key,
            place_id=page.place,
            submitted_by_id=actor.user_id,
            submitted_at=page.sent_at,
        )
        for page in ordered
    )
    for page, submission in zip(ordered, submissions, strict=True):
        intake.take(submission, page.rows, figure_class=figure_class)
    reports = intake.store()
    codes = sorted({page.place for page in ordered})
    event = ReportsTakenOver(
        subjects=tuple(f"activity:{pk}" for pk in sorted({r.activity_id for r in reports})),
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


class _Intake:
    """Takes rows one by one: locks what they report on, changes it in memory, then stores it all.

    Of past pages a report that is older than the last one is refused, and none because a ledger
    tells now what was reported then; a page of today that comes in late stands after the last one.
    """

    def __init__(
        self,
        rows: Sequence[ReportRow],
        *,
        actor: Viewer,
        is_past: bool = False,
    ) -> None:
        self.activities = Activity.objects.locked({row.activity_id for row in rows})
        lines = ActivityShare.objects.select_for_update().filter(
            activity__in=self.activities, place__in={row.district for row in rows if row.district}
        )
        self.lines = {(line.activity_id, line.place_id): line for line in lines.order_by("id")}
        owners = {activity.owner_id for activity in self.activities.values()}
        self.writers = Writers(actor, REPORT_PROGRESS, owners)
        self.actor = actor
        self.is_past = is_past
        self.reports: list[ProgressReport] = []
        self.faults: list[Fault] = []

    def take(
        self, submission: Submission, rows: Sequence[ReportRow], *, figure_class: FigureClass
    ) -> None:
        """Take the rows of a page; what is refused is noted, and `store` refuses it all."""
        seen: set[int] = set()
        for row in rows:
            activity = self.activities.get(row.activity_id)
            line = self.lines.get((row.activity_id, row.district)) if row.district else None
            place = PlaceCode(submission.place_id)
            if (
                activity is None
                or place != (row.district or activity.place_id)
                or (row.district and line is None)
            ):
                raise OutOfScope(REPORT_PROGRESS, place)
            with noting(self.faults, row=row.number or activity.pk, file="photo"):
                if activity.pk in seen:
                    raise Refused("readiness.page_answers_twice", activity=activity_name(activity))
                seen.add(activity.pk)
                self.reports.append(self._report(row, activity, line, submission, figure_class))

    def store(self) -> Sequence[ProgressReport]:
        """Write all reports and what they change, and return them; Refused if one does not hold."""
        if self.faults:
            raise Refused.of(*self.faults)
        ProgressReport.objects.bulk_create(self.reports)
        _save_lines({report.share_id for report in self.reports if report.share_id})
        _save_activities(self.activities, {r.activity_id for r in self.reports if r.share_id})
        return self.reports

    def _report(
        self,
        row: ReportRow,
        activity: Activity,
        line: ActivityShare | None,
        submission: Submission,
        figure_class: FigureClass,
    ) -> ProgressReport:
        """Check one row, change activity or line, and return the report to be written."""
        counted = line or activity
        at = submission.submitted_at
        last = counted.last_report_at or at
        if at < last and self.is_past:
            raise Refused("readiness.report_is_older", activity=activity_name(activity))
        # A page that was sent earlier may come in later; it then stands after the one before it.
        at = max(at, last)
        through = writing_for(self.writers, activity, line)
        state_after(activity, ActivityEvent.REPORT)
        is_typed = not (self.is_past or self.actor.system)
        if is_typed and measure_of(activity.key, PlaceCode(counted.place_id)):
            raise Refused("readiness.a_ledger_says_it", activity=activity_name(activity))
        before = counted.done_quantity
        _check(row, activity, before, counted.target_quantity)
        photo = None
        if row.photo:
            photo = store_evidence(
                file=row.photo,
                place=PlaceCode(counted.place_id),
                institution_id=through,
                accepted=SCANS,
                actor=self.actor,
                at=at,
            )
        if row.kind in NAMES_A_TOTAL:
            counted.done_quantity = row.quantity
            activity.figure_class = figure_class
        if line is None:
            activity.heard_at = at
        else:
            line.last_report_at = at
        # Past pages come by owner: a district's may be older than what stands on the whole.
        activity.last_report_at = max(activity.last_report_at or at, at)
        return ProgressReport(
            kind=row.kind,
            note=row.note.strip(),
            submission=submission,
            activity=activity,
            share=line,
            institution_id=through,
            quantity=counted.done_quantity,
            quantity_before=before,
            figure_class=figure_class,
            evidence_id=photo,
            reported_at=at,
        )


_STORE = """
    INSERT INTO readiness_submission (client_key, place_id, submitted_by_id, submitted_at, digest)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT (client_key) DO NOTHING RETURNING id
"""


def _stored_first(page: Submission) -> bool:
    """Store a page unless its key stands there; tell whether it was stored. One statement.

    Whoever sends the same key meanwhile waits here until the first is stored or refused. To look,
    and then to insert within a savepoint, took four statements of the report that is sent most.
    """
    values = (
        page.client_key,
        page.place_id,
        page.submitted_by_id,
        page.submitted_at,
        page.digest,
    )
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        stored = cursor.fetchone()
    page.pk = stored[0] if stored else None
    return stored is not None


def _check(row: ReportRow, activity: Activity, before: int | None, target: int) -> None:
    of = Reportable(
        activity_id=activity.pk,
        names=(activity_name(activity),),
        before=before,
        target=target,
        is_percent=catalogue().activities[activity.key].is_percent,
    )
    faults = report_faults(row, of, absurd_factor=thresholds().absurd_factor)
    if faults:
        raise Refused.of(*faults)


def _receipt(submission: Submission, of: Iterable[str], *, repeated: bool = False) -> Receipt:
    kinds = list(of)
    return Receipt(
        submission_id=submission.pk,
        sent_at=submission.submitted_at,
        count=len(kinds),
        quantities=kinds.count(ReportKind.QUANTITY),
        corrections=kinds.count(ReportKind.CORRECTION),
        unchanged=kinds.count(ReportKind.NO_CHANGE),
        nothing=kinds.count(ReportKind.NOTHING_TO_REPORT),
        repeated=repeated,
    )


def _save_lines(share_ids: Collection[int]) -> None:
    """Let each line say what its newest report says, in one statement."""
    newest = ProgressReport.objects.filter(share=OuterRef("pk")).order_by("-reported_at", "-id")
    ActivityShare.objects.filter(pk__in=share_ids).update(
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


def _digest(reports: Sequence[ProgressReport]) -> str:
    digest = hashlib.sha256()
    for report in reports:
        place = report.share.place_id if report.share else report.activity.place_id
        line = (report.activity_id, place, report.kind, report.quantity, report.note)
        digest.update(f"{report.reported_at.isoformat()}\t{line}\n".encode())
    return digest.hexdigest()
