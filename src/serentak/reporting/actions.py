"""What desks do with daily reports; the only writer of reports, sentences and stored days."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import override

from serentak.coordination import actions as coordination
from serentak.institutions import public as institutions
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import PlaceCode, parent_of
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.action import action
from serentak.platform.areas import focus_name
from serentak.platform.audit import record

from . import words
from .events import (
    ReportAccepted,
    ReportDrafted,
    ReportReturned,
    ReportSubmitted,
    SentenceAdded,
    SentenceEdited,
    SentencesPublished,
    SilentReminded,
    SnapshotsTaken,
)
from .models import DailyReport, Sentence, Snapshot
from .permissions import ACCEPT_DAILY_REPORT, PUBLISH_REPORT, WRITE_DAILY_REPORT
from .queries.material import ChildReport, Moment, child_reports, gather, moment_of
from .queries.snapshots import snapshot_of
from .queries.sources import (
    Briefings,
    briefings_of,
    is_publishable,
    outline,
    reader_at,
    rules,
)
from .rules.closing import Round
from .rules.drafting import Drafted, Row, draft
from .rules.outline import Code
from .rules.personal import Personal, personal_number
from .rules.redrafting import Stored, redraft
from .rules.states import (
    EDITABLE,
    HEARD,
    ReportEvent,
    ReportState,
    readiness_event,
    report_after,
)

MOST_LETTERS = 1200
MOST_OF_A_RECEIPT = 200
MOST_OF_A_REASON = 2000
REMINDED_FOR = timedelta(hours=1)
"""A reminder holds so long before the desk is reminded again."""
DESKS = ("GOVERNOR_DESK", "REGENT_DESK", "CAMAT")
"""Kinds of institutions that write the daily report of a province, a regency and a district."""


# --- drafting


@action
def draft_report(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Draft the report that the desk of a place writes now, and return its id.

    Repeatable: what nobody touched follows the new draft, a person's words stay and are marked
    when the number behind them changed, and a draft that changes nothing leaves no event. What the
    areas said of the place and its children is stored for the day. Refused once it is submitted.
    The report is locked before anything is read, so that no older draft comes over a newer one, and
    names inside a sentence are in the house's language whoever drafts, so that they compare.
    """
    institution_id = _desk(place, actor, WRITE_DAILY_REPORT)
    moment = moment_of(place, at)
    report = _begun(moment)
    _check_editable(report)
    with override(settings.LANGUAGE_CODE):
        gathered = gather(moment, at=at)
        drafted = draft(gathered.material, rules(), outline())
    changed = _rewrite(report, drafted)
    missing = [child.place for child in gathered.material.missing]
    event = readiness_event(missing=len(missing), children_closed=gathered.children_closed)
    state = event and report_after(ReportState(report.state), event)
    _keep(gathered.briefings, moment, at)
    if report.drafted_at and not changed and not state and report.missing == missing:
        return report.pk
    report.state = state or report.state
    report.drafted_at = at
    report.missing = missing
    report.of_children = gathered.material.of_children
    report.revision += 1
    report.save()
    done = ReportDrafted(
        subjects=(f"daily_report:{report.pk}",),
        place=place,
        institution_id=institution_id,
        day=report.day,
        sentences=len(drafted),
        changed=changed,
        missing=len(missing),
    )
    record(done, actor=actor, at=at)
    return report.pk


def _begun(moment: Moment) -> DailyReport:
    """Return the report of a moment, locked; begun where it does not exist."""
    DailyReport.objects.get_or_create(
        place_id=moment.place,
        day=moment.day,
        round=moment.round.number,
        defaults={"due_at": moment.round.due_at},
    )
    return DailyReport.objects.select_for_update().get(
        place=moment.place, day=moment.day, round=moment.round.number
    )


def _rewrite(report: DailyReport, drafted: list[Drafted]) -> int:
    """Bring the sentences of a report to a new draft; return how many changed in words or marks."""
    found = {s.key: s for s in report.sentences.order_by("position")}
    stored = [
        Stored(s.key, s.params, is_edited=bool(s.text), is_added=s.code == Code.ADDED)
        for s in found.values()
    ]
    plan = redraft(stored, drafted)
    position = {sentence.key: number for number, sentence in enumerate(drafted, 1)}
    report.sentences.filter(key__in=plan.drop).delete()
    Sentence.objects.bulk_create(
        _filled(Sentence(report=report, key=s.key), s, position[s.key]) for s in plan.create
    )
    rewritten = []
    changed = len(plan.create) + len(plan.drop)
    for sentence in plan.rewrite:
        row = found[sentence.key]
        changed += row.params != sentence.params
        rewritten.append(_filled(row, sentence, position[sentence.key]))
    for key in plan.mark:
        changed += not found[key].is_outdated
        found[key].is_outdated = True
    gone = [found[key] for key in plan.mark if key not in position]
    for row in gone:
        row.is_gone = True
    Sentence.objects.bulk_update(
        [*rewritten, *gone],
        [
            "section",
            "position",
            "code",
            "focus",
            "params",
            "rows",
            "link",
            "is_outdated",
            "is_gone",
        ],
    )
    return changed


def _filled(row: Sentence, drafted: Drafted, position: int) -> Sentence:
    row.section = str(drafted.section)
    row.position = position
    row.code = str(drafted.code)
    row.focus = drafted.focus.value if drafted.focus else ""
    row.params = dict(drafted.params)
    row.rows = [_row(part) for part in drafted.rows]
    row.link = drafted.link
    row.is_gone = False
    return row


def _row(part: Row) -> dict[str, object]:
    return {
        "place": part.place,
        "name": part.name,
        "status": part.status.value if part.status else None,
        "value": part.value,
        "of": part.of,
    }


# --- a person's words


@action
def edit_sentence(
    *, sentence_id: int, text: str, seen_at: datetime | None, actor: Viewer, at: datetime
) -> None:
    """Put a person's words instead of a sentence; empty words bring the draft's back.

    `seen_at` is when the words were edited that the person saw (None: the draft's): somebody else's
    later words are not overwritten. A public mark is taken away, for it stood for other words. A
    sentence that a person had added, or that nothing stands behind any more, goes with its words.
    """
    sentence = _sentence(sentence_id)
    report = sentence.report
    institution_id = _desk(PlaceCode(report.place_id), actor, WRITE_DAILY_REPORT)
    _check_editable(report)
    if sentence.edited_at != seen_at:
        raise Conflict("reporting.sentence_changed", field="text", text=_words_of(sentence))
    text = _checked(text, may_be_empty=True)
    if text == sentence.text:
        return
    sentence.text = text
    sentence.edited_at = at if text else None
    sentence.edited_by_id = actor.user_id if text else None
    sentence.is_public = False
    sentence.is_outdated = False
    if not text and (sentence.code == Code.ADDED or sentence.is_gone):
        sentence.delete()
    else:
        sentence.save()
    _touch(report)
    event = SentenceEdited(
        subjects=(f"daily_report:{report.pk}",),
        place=PlaceCode(report.place_id),
        institution_id=institution_id,
        key=sentence.key,
        text=text,
    )
    record(event, actor=actor, at=at)


@action
def add_sentence(*, report_id: int, section: str, text: str, actor: Viewer, at: datetime) -> int:
    """Add a person's own sentence to a section, in their name; return its id.

    It belongs to the area of its section: read by who may read that, public as it may be. Refused
    in sections of areas that the house does not have yet.
    """
    report = _locked(report_id)
    institution_id = _desk(PlaceCode(report.place_id), actor, WRITE_DAILY_REPORT)
    _check_editable(report)
    focus = outline().focus_of(section)
    if focus is None or section not in outline().addable():
        raise Refused("reporting.section_is_not_open", field="section")
    text = _checked(text)
    number = hashlib.sha256(f"{section}:{text}".encode()).hexdigest()[:16]
    sentence = Sentence.objects.create(
        report=report,
        focus=focus.value,
        section=str(section),
        position=900,
        key=f"added:{number}",
        code=Code.ADDED.value,
        text=text,
        edited_by_id=actor.user_id,
        edited_at=at,
    )
    _touch(report)
    event = SentenceAdded(
        subjects=(f"daily_report:{report.pk}",),
        place=PlaceCode(report.place_id),
        institution_id=institution_id,
        section=str(section),
        text=text,
    )
    record(event, actor=actor, at=at)
    return sentence.pk


# --- the way up


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
        state = report_after(state, event) or state
    after = report_after(state, ReportEvent.SUBMIT)
    if after is None:
        raise Refused("reporting.report_is_submitted")
    report.state = after
    report.missing = [child.place for child in missing]
    report.of_children = len(children)
    report.signed_off_by_id = actor.user_id
    report.signed_as = _role_in(institution_id, actor)
    report.submitted_at = at
    report.first_submitted_at = report.first_submitted_at or at
    report.revision += 1
    report.save()
    done = ReportSubmitted(
        subjects=(f"daily_report:{report.pk}",),
        place=place,
        institution_id=institution_id,
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
    after = report_after(ReportState(report.state), ReportEvent.ACCEPT)
    if after is None:
        raise _not_submitted(report)
    if actor.user_id is not None and actor.user_id == report.signed_off_by_id:
        raise Refused("reporting.who_signed_does_not_accept")
    _check_seen(report, seen_revision)
    receipt = _one_line(receipt, field="receipt", most=MOST_OF_A_RECEIPT)
    if is_own and not receipt:
        raise Refused("reporting.receipt_is_missing", field="receipt")
    report.state = after
    report.accepted_by_id = actor.user_id
    report.accepted_at = at
    report.receipt = receipt
    report.revision += 1
    report.save()
    event = ReportAccepted(
        subjects=(f"daily_report:{report.pk}",),
        place=PlaceCode(report.place_id),
        institution_id=institution_id,
        day=report.day,
        receipt=report.receipt,
    )
    record(event, actor=actor, at=at)


@action
def return_report(*, report_id: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Send a submitted report back to its desk, with what is to be corrected."""
    report = _locked(report_id)
    institution_id, _ = _desk_above(PlaceCode(report.place_id), actor)
    after = report_after(ReportState(report.state), ReportEvent.RETURN)
    if after is None:
        raise _not_submitted(report)
    reason = _one_line(reason, field="reason", most=MOST_OF_A_REASON)
    if not reason:
        raise Refused("reporting.reason_is_missing", field="reason")
    report.state = after
    report.return_reason = reason
    report.returned_at = at
    report.revision += 1
    report.save()
    event = ReportReturned(
        subjects=(f"daily_report:{report.pk}",),
        place=PlaceCode(report.place_id),
        institution_id=institution_id,
        day=report.day,
        reason=report.return_reason,
    )
    record(event, actor=actor, at=at)


@action
def mark_public(
    *,
    report_id: int,
    sentence_ids: Collection[int],
    seen_revision: int | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Set which sentences of a report are for everybody; the others are not.

    The public page shows them once the report is submitted. Of some areas only the status may be
    marked. Of a locked report marks can be taken away, none added. A sentence of another report is
    none of this one's. `seen_revision` as in `accept_report`.
    """
    report = _locked(report_id)
    institution_id = _desk(PlaceCode(report.place_id), actor, PUBLISH_REPORT)
    _check_seen(report, seen_revision)
    is_locked = report.state == ReportState.ACCEPTED
    rows = {sentence.pk: sentence for sentence in report.sentences.all()}
    wanted = set(sentence_ids)
    if wanted - set(rows):
        raise OutOfScope("sentence", wanted - set(rows))
    if is_locked and any(not rows[id].is_public for id in wanted):
        raise Refused("reporting.report_is_locked")
    for id in wanted:
        _check_public(rows[id])
    changed = [row for id, row in rows.items() if row.is_public != (id in wanted)]
    if not changed:
        return
    for row in changed:
        row.is_public = row.pk in wanted
    Sentence.objects.bulk_update(changed, ["is_public"])
    if not is_locked:
        _touch(report)
    event = SentencesPublished(
        subjects=(f"daily_report:{report.pk}",),
        place=PlaceCode(report.place_id),
        institution_id=institution_id,
        day=report.day,
        marked=tuple(row.key for row in changed if row.is_public),
        unmarked=tuple(row.key for row in changed if not row.is_public),
    )
    record(event, actor=actor, at=at)


@action
def remind_silent(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Remind the desks below that have not reported; return how many.

    Those reminded within the hour are left alone.
    """
    institution_id = _desk(place, actor, ACCEPT_DAILY_REPORT)
    moment = moment_of(place, at)
    silent = [child for child in child_reports(place, moment) if not child.is_heard]
    reminded = _remind(moment, silent, institution_id, REMINDED_FOR, actor, at)
    if not reminded:
        raise Refused("reporting.nobody_to_remind")
    return reminded


@action
def chase_silent(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Remind the desks below whose hour has passed, each once a day; return how many.

    Runs by the clock, so that nobody needs to be there; a desk that was reminded today by a person
    is not told again.
    """
    institution_id = _desk(place, actor, ACCEPT_DAILY_REPORT)
    moment = moment_of(place, at)
    silent = [c for c in child_reports(place, moment) if not c.is_heard and c.due_at <= at]
    return _remind(moment, silent, institution_id, None, actor, at)


def _remind(
    moment: Moment,
    silent: list[ChildReport],
    institution_id: int | None,
    holds_for: timedelta | None,
    actor: Viewer,
    at: datetime,
) -> int:
    """Tell silent desks, unless they were told within `holds_for` (None: on the same day).

    The reminder stands on the desk's own report, which is begun for it and locked before anything
    is decided: two who remind at once tell nobody twice.
    """
    number = moment.round.number
    DailyReport.objects.bulk_create(
        (
            DailyReport(place_id=c.place, day=moment.day, round=number, due_at=c.due_at)
            for c in silent
        ),
        ignore_conflicts=True,
    )
    codes = [child.place for child in silent]
    rows = DailyReport.objects.select_for_update().filter(place__in=codes, day=moment.day)
    last: dict[str, datetime] = {}
    open_rows: dict[str, int] = {}
    for row in rows.order_by("pk"):
        if row.reminded_at:
            last[row.place_id] = max(row.reminded_at, last.get(row.place_id, row.reminded_at))
        if row.round == number and row.state not in HEARD:
            open_rows[row.place_id] = row.pk
    due = [
        code
        for code in codes
        if code in open_rows
        and (code not in last or (holds_for is not None and at - last[code] >= holds_for))
    ]
    if not due:
        return 0
    DailyReport.objects.filter(pk__in=[open_rows[code] for code in due]).update(reminded_at=at)
    desks = institutions.institutions_by(kinds=DESKS, places=due)
    coordination.notify(
        links={desk.id: f"/{place}/daily" for (_, place), desk in desks.items()},
        permission=WRITE_DAILY_REPORT,
        code="reporting.report_is_awaited",
        params={"date": moment.day.isoformat()},
        place=moment.place,
        actor=actor,
        at=at,
    )
    event = SilentReminded(
        subjects=(f"place:{moment.place}",),
        place=moment.place,
        institution_id=institution_id,
        day=moment.day,
        places=tuple(due),
    )
    record(event, actor=actor, at=at)
    return len(due)


@action
def take_snapshots(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Keep what every area says of a place and its children for the day; return how many.

    Repeatable: the day's last word stands.
    """
    actor.require(WRITE_DAILY_REPORT, place)
    moment = moment_of(place, at)
    briefings = briefings_of(place, viewer=reader_at(place), at=at)
    rows = _keep(briefings, moment, at)
    event = SnapshotsTaken(
        subjects=(f"place:{place}",),
        place=place,
        day=moment.day,
        count=len(rows),
        digest=_digest_of([r.place_id, r.focus, r.status, r.figures] for r in rows),
    )
    record(event, actor=actor, at=at)
    return len(rows)


# --- parts


def _keep(briefings: Briefings, moment: Moment, at: datetime) -> list[Snapshot]:
    """Store what the areas said for the day, over what was stored before."""
    rows = [
        snapshot_of(briefing, moment.day, at)
        for _, areas in sorted(briefings.items())
        for briefing in areas.values()
    ]
    Snapshot.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["place", "day", "focus"],
        update_fields=["status", "figures", "silent", "of_children", "as_of", "taken_at"],
    )
    return rows


def _desk(place: PlaceCode, actor: Viewer, permission: Permission) -> int | None:
    """Return the actor's desk of that very place; the desk above may read, never write.

    OutOfScope where the actor has none. The system acts for no institution.
    """
    actor.require(permission, place)
    if actor.system:
        return None
    own = institutions.institutions(actor.institutions(permission))
    for card in own.values():
        if card.place == place:
            return card.id
    raise OutOfScope(permission, place)


def _role_in(institution_id: int | None, actor: Viewer) -> str:
    """Return the role in which somebody signs for their desk: who leads it signs as its head."""
    own = [
        grant
        for grant in actor.grants
        if grant.institution_id == institution_id and WRITE_DAILY_REPORT in grant.permissions
    ]
    own.sort(key=lambda grant: ACCEPT_DAILY_REPORT not in grant.permissions)
    return own[0].role if own else ""


def _desk_above(
    place: PlaceCode, actor: Viewer, *, of_own: Permission = ACCEPT_DAILY_REPORT
) -> tuple[int | None, bool]:
    """Return the actor's desk that accepts a place's reports, and whether it is the place's own.

    `of_own` is asked for where the desk above is outside the house.
    """
    above = parent_of(place)
    if above is None:
        raise OutOfScope(ACCEPT_DAILY_REPORT, place)
    if actor.system or actor.may(ACCEPT_DAILY_REPORT, above):
        return _desk(above, actor, ACCEPT_DAILY_REPORT), False
    if parent_of(above) is None:
        return _desk(place, actor, of_own), True
    raise OutOfScope(ACCEPT_DAILY_REPORT, place)


def _locked(report_id: int) -> DailyReport:
    """Return a report, locked; OutOfScope where there is none."""
    report = DailyReport.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise OutOfScope("daily report", report_id)
    return report


def _sentence(sentence_id: int) -> Sentence:
    """Return a sentence with its report, the report locked first."""
    report_id = Sentence.objects.filter(pk=sentence_id).values_list("report_id", flat=True).first()
    if report_id is None:
        raise Refused("reporting.sentence_is_gone")
    report = _locked(report_id)
    sentence = report.sentences.filter(pk=sentence_id).first()
    if sentence is None:
        raise Refused("reporting.sentence_is_gone")
    sentence.report = report
    return sentence


def _check_editable(report: DailyReport) -> None:
    state = ReportState(report.state)
    if state is ReportState.ACCEPTED:
        raise Refused("reporting.report_is_locked")
    if state not in EDITABLE:
        raise Refused("reporting.report_is_submitted")


def _check_seen(report: DailyReport, seen_revision: int | None) -> None:
    if seen_revision is not None and report.revision != seen_revision:
        raise Conflict("reporting.report_changed")


def _check_public(row: Sentence) -> None:
    text, focus = _words_of(row), Focus(row.focus) if row.focus else None
    if is_publishable(row):
        _check_personal(text)
    elif focus and outline().is_status_public_only(focus):
        raise Refused("reporting.not_for_the_public", text=text, focus=focus_name(focus))
    else:
        raise Refused("reporting.sentence_stays_inside", text=text)


def _not_submitted(report: DailyReport) -> Refused:
    if report.state == ReportState.ACCEPTED:
        return Refused("reporting.report_is_locked")
    state = words.STATES[ReportState(report.state)]
    return Refused("reporting.report_is_not_submitted", state=state)


def _children_of(report: DailyReport, at: datetime) -> list[ChildReport]:
    """Return the desks below for the day and round of a report, which may be a past one."""
    place = PlaceCode(report.place_id)
    election = moment_of(place, at).election
    moment = Moment(place, report.day, Round(report.round, report.due_at), election)
    return child_reports(place, moment)


def _checked(text: str, *, may_be_empty: bool = False) -> str:
    """Return a sentence as it is stored; refused without words or with a person's number."""
    text = _one_line(text, field="text", most=MOST_LETTERS)
    if not text and not may_be_empty:
        raise Refused("reporting.text_is_missing", field="text")
    _check_personal(text, field="text")
    return text


def _one_line(text: str, *, field: str, most: int) -> str:
    """Return words as one line, without signs that no file can hold or that turn text around."""
    text = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    if len(text) > most:
        raise Refused("reporting.text_is_too_long", field=field, limit=most, length=len(text))
    return text


def _check_personal(text: str, *, field: str | None = None) -> None:
    """Refuse words that hold a number which leads to a person."""
    if found := personal_number(text):
        code = {
            Personal.PHONE: "reporting.text_holds_a_phone_number",
            Personal.IDENTITY: "reporting.text_holds_an_identity_number",
        }[found.kind]
        raise Refused(code, field=field, number=found.number)


def _words_of(sentence: Sentence) -> str:
    return sentence.text or words.sentence_text(sentence.code, sentence.params)


def _touch(report: DailyReport) -> None:
    report.revision += 1
    report.save(update_fields=["revision"])


def _digest(report: DailyReport) -> str:
    rows = report.sentences.order_by("section", "position", "pk")
    return _digest_of([s.section, s.key, s.code, s.params, s.text] for s in rows)


def _digest_of(rows: Iterable[list[object]]) -> str:
    text = json.dumps(list(rows), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
