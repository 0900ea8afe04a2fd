"""Sends reports up, accepts them or returns them."""

from datetime import datetime

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.reporting import words
from serentak.reporting.events import ReportAccepted, ReportReturned, ReportSubmitted
from serentak.reporting.models import DailyReport
from serentak.reporting.permissions import WRITE_DAILY_REPORT
from serentak.reporting.queries.material import ChildReport, Moment, child_reports, moment_of
from serentak.reporting.rules.closing import Round
from serentak.reporting.rules.states import REPORT_TRANSITIONS, ReportEvent, ReportState

from .correcting import _note_by_accepting, _take_in_corrections
from .parts import (
    MOST_OF_A_REASON,
    MOST_OF_A_RECEIPT,
    _about,
    _check_editable,
    _check_seen,
    _desk,
    _desk_above,
    _locked,
    _one_line,
    _role_in,
)
from .storing import _digest_of


@action
def submit_report(
    *, report_id: int, seen_revision: int, without_missing: bool, actor: Viewer, at: datetime
) -> None:
    """Sign a report off and send it to the desk above.

    `seen_revision` is what the signer read; what changed since is read first. Where desks below
    have not reported, the signer confirms that the report goes without them.
    """
    report = _locked(report_id)
    place = PlaceCode(report.place_id)
    institution_id = _desk(place, actor, WRITE_DAILY_REPORT)
    _check_editable(report)
    if report.drafted_at is None:
        raise Refused("reporting.report_is_not_drafted")
    _check_seen(report, seen_revision)
    children = _children_of(report, at)
    missing = [child for child in children if not child.is_heard]
    if missing and not without_missing:
        names = words.joined([child.name for child in missing])
        raise Refused("reporting.gaps_are_not_confirmed", field="without_missing", places=names)
    state = ReportState(report.state)
    if state is ReportState.WAITING:
        event = ReportEvent.CLOSE if missing else ReportEvent.COMPLETE
        state = REPORT_TRANSITIONS.after(state, event) or state
    refused = Refused("reporting.report_is_submitted")
    report.state = REPORT_TRANSITIONS.must(state, ReportEvent.SUBMIT, otherwise=refused)
    report.missing = [child.place for child in missing]
    report.of_children = len(children)
    report.signed_off_by_id = actor.user_id
    report.signed_as = _role_in(institution_id, actor)
    report.submitted_at = at
    report.first_submitted_at = report.first_submitted_at or at
    report.revision += 1
    report.save()
    done = ReportSubmitted(
        **_about(report, institution_id),
        day=report.day,
        missing=len(missing),
        digest=_digest(report),
    )
    record(done, actor=actor, at=at)


@action
def accept_report(
    *,
    report_id: int,
    seen_revision: int | None = None,
    receipt: str = "",
    actor: Viewer,
    at: datetime,
) -> None:
    """Accept the report of a desk below, which locks it.

    `seen_revision` is what was read: a report that was returned and sent anew, or whose public part
    was set since, is read again first. None where no page was read.

    A province's report goes to the Minister, whose ministry has no desk in the house: the
    province's own desk notes the acceptance, with the letter or message as `receipt`; whoever may
    write the report may do so, so that head and officer can each note what the other signed. Who
    signed a report never accepts it, whatever roles they hold.
    """
    report = _locked(report_id)
    institution_id, is_own = _desk_above(
        PlaceCode(report.place_id), actor, of_own=WRITE_DAILY_REPORT
    )
    after = _decided(report, ReportEvent.ACCEPT)
    if actor.user_id is not None and actor.user_id == report.signed_off_by_id:
        raise Refused("reporting.who_signed_does_not_accept")
    _check_seen(report, seen_revision)
    receipt = _one_line(receipt, field="receipt", most=MOST_OF_A_RECEIPT)
    if is_own and not receipt:
        raise Refused("reporting.receipt_is_missing", field="receipt")
    _note_by_accepting(report, actor, at)
    report.state = after
    report.accepted_by_id = actor.user_id
    report.accepted_at = at
    report.receipt = receipt
    report.revision += 1
    report.save()
    event = ReportAccepted(**_about(report, institution_id), day=report.day, receipt=report.receipt)
    record(event, actor=actor, at=at)


@action
def return_report(*, report_id: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Send a submitted report back to its desk, with what is to be corrected.

    What the desk corrected itself stands in it then.
    """
    report = _locked(report_id)
    institution_id, _ = _desk_above(PlaceCode(report.place_id), actor)
    after = _decided(report, ReportEvent.RETURN)
    reason = _one_line(reason, field="reason", most=MOST_OF_A_REASON)
    if not reason:
        raise Refused("reporting.reason_is_missing", field="reason")
    _take_in_corrections(report, at)
    report.state = after
    report.return_reason = reason
    report.returned_at = at
    report.revision += 1
    report.save()
    event = ReportReturned(
        **_about(report, institution_id), day=report.day, reason=report.return_reason
    )
    record(event, actor=actor, at=at)


def _children_of(report: DailyReport, at: datetime) -> list[ChildReport]:
    """Return the desks below for the day and round of a report, which may be a past one."""
    place = PlaceCode(report.place_id)
    election = moment_of(place, at).election
    moment = Moment(place, report.day, Round(report.round, report.due_at), election)
    return child_reports(place, moment)


def _decided(report: DailyReport, event: ReportEvent) -> ReportState:
    """Return the state after a decision, which is made on a submitted report only."""
    state = ReportState(report.state)
    refused = Refused("reporting.report_is_not_submitted", state=words.STATES[state])
    if state is ReportState.ACCEPTED:
        refused = Refused("reporting.report_is_locked")
    return REPORT_TRANSITIONS.must(state, event, otherwise=refused)


def _digest(report: DailyReport) -> str:
    rows = report.sentences.order_by("section", "position", "pk")
    return _digest_of([s.section, s.key, s.code, s.params, s.text] for s in rows)
