"""Asks, answers, verifies, lets what is overdue climb; records visits of guidance."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.base import File
from django.db.models import Max

from serentak.coordination.events import (
    ActionGiven,
    ActionMoved,
    ActionsEscalated,
    GuidanceRecorded,
)
from serentak.coordination.models import Action, Guidance, Meeting
from serentak.coordination.permissions import (
    ANSWER_ACTION,
    DRAFT_LETTER,
    GIVE_ACTION,
    RECORD_GUIDANCE,
)
from serentak.coordination.queries.asking import (
    LONGEST,
    Ask,
    agenda_point,
    asked,
    check_due_date,
    climbing,
    clock_end,
    end_of,
    next_climb,
    not_allowed,
    today_at,
)
from serentak.coordination.queries.follow_up import action_row, event_place, is_confided
from serentak.coordination.queries.letters import composed
from serentak.coordination.queries.settings import policy, restricted
from serentak.coordination.rules.escalation import Climb, Step, due_steps
from serentak.coordination.rules.letters import Draft
from serentak.coordination.rules.states import (
    ACTION_TRANSITIONS,
    ANSWERS,
    NEEDS_A_REASON,
    ActionEvent,
    ActionState,
    MeetingState,
)
from serentak.coordination.words import ACTION_STATES
from serentak.institutions import public as institutions
from serentak.institutions.public import Verb, voices
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import check_length
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged, digest_of, first_answer
from serentak.platform.evidence import store_evidence

from .parts import _drafted_event, _notice, _speaker, _stored_letter

BATCH = 500
"""How many actions climb in one transaction; the next run takes the rest."""


@action
def create_action(
    *,
    client_key: UUID,
    ask: Ask,
    letter: Draft | None = None,
    sender_id: int | None = None,
    guidance_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Ask something of an institution and return the action's id; a repeat gets the first answer.

    One asks in the name of one's own institution, a desk in that of its head of region. `letter`
    are the words of the letter that was written before: it is stored as a draft with the action.
    """
    digest = digest_of(locals())
    actor.require(GIVE_ACTION, ask.place)
    if letter is not None:
        actor.require(DRAFT_LETTER, ask.place)
    if (needed := restricted().get(ask.alert_code)) is not None:
        actor.require(needed, ask.place)
    if known := first_answer(Action, client_key, digest):
        return known.pk
    if not places.places([ask.place]):
        raise Refused("coordination.place_is_missing", field="place")
    sender = _speaker(sender_id, actor, GIVE_ACTION, field="sender")
    owner = institutions.institution(ask.owner_id)
    row = asked(ask, sender=sender, owner=owner, figure_class=figure_class, actor=actor, at=at)
    if guidance_id is not None:
        visit = Guidance.objects.filter(pk=guidance_id, visitor=sender.id).first()
        if visit is None:
            raise OutOfScope(RECORD_GUIDANCE)
        row.guidance = visit
    row.client_key, row.digest = client_key, digest
    row.save()
    event = ActionGiven(
        # An institution's page shows what happened to it, to all who read the directory.
        subjects=(f"action:{row.pk}",)
        if is_confided(row)
        else (f"action:{row.pk}", f"institution:{row.owner_id}"),
        place=event_place(row),
        institution_id=sender.id,
        verb=row.verb,
        owner_id=row.owner_id,
        due_date=row.due_date,
        alert_code=row.alert_code,
    )
    record(event, actor=actor, at=at)
    if letter is not None and owner is not None:
        words = composed(row, sender=sender, recipient=owner, at=at)
        stored = _stored_letter(row, replace(words, draft=letter), actor)
        record(_drafted_event(stored), actor=actor, at=at)
    _tell(row, row.owner_id, "coordination.asked", actor, at)
    return row.pk


@action
def acknowledge_action(*, action_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Say that the asking was received and accepted."""
    _step(action_id, version, ActionEvent.ACKNOWLEDGE, actor, at)


@action
def start_action(*, action_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Say that work has begun."""
    _step(action_id, version, ActionEvent.START, actor, at)


@action
def complete_action(
    *,
    action_id: int,
    version: int,
    note: str = "",
    evidence: "File[bytes] | None" = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Say that it is done, with evidence: words, a file, or both."""
    _step(action_id, version, ActionEvent.COMPLETE, actor, at, note=note, evidence=evidence)


@action
def refuse_action(
    *, action_id: int, version: int, reason: str, actor: Viewer, at: datetime
) -> None:
    """Refuse what was asked, with a reason; whoever asked decides what follows."""
    _step(action_id, version, ActionEvent.REFUSE, actor, at, note=reason)


@action
def verify_action(
    *, action_id: int, version: int, note: str = "", actor: Viewer, at: datetime
) -> None:
    """Confirm that it was done; never by the one who did it."""
    _step(action_id, version, ActionEvent.VERIFY, actor, at, note=note)


@action
def reject_action(
    *, action_id: int, version: int, reason: str, actor: Viewer, at: datetime
) -> None:
    """Find the evidence wanting; the action is owed again."""
    _step(action_id, version, ActionEvent.REJECT, actor, at, note=reason)


@action
def cancel_action(
    *, action_id: int, version: int, reason: str, actor: Viewer, at: datetime
) -> None:
    """Take back what was asked, with a reason."""
    _step(action_id, version, ActionEvent.CANCEL, actor, at, note=reason)


@action
def reopen_action(
    *,
    action_id: int,
    version: int,
    reason: str,
    due_date: date | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Ask again what was refused, or what turned out not to be done after all."""
    _step(action_id, version, ActionEvent.REOPEN, actor, at, note=reason, due_date=due_date)


@action
def escalate_overdue(*, actor: Viewer, at: datetime) -> int:
    """Let what is unanswered or overdue climb by the policy, and return how many steps were taken.

    Each step is taken once however often this runs; nothing to do leaves no event.
    """
    if not actor.system:
        raise OutOfScope(GIVE_ACTION)
    rows = list(
        # Without the key: a point of an agenda may be written about a row that climbs.
        Action.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(next_climb_at__lte=at)
        .order_by("next_climb_at", "pk")[:BATCH]
    )
    steps: list[str] = []
    owners: list[Notice] = []
    senders: list[Notice] = []
    for row in rows:
        due = due_steps(climbing(row), policy(), at=at)
        for step in due:
            does = _does(row, step)
            row.climbed_to = step.key
            steps.append(f"action:{row.pk} {does.value}")
            if does is Climb.AGENDA:
                _put_on_agenda(row, at)
            elif does is Climb.REPORT_TO_MINISTER:
                row.for_minister_at = at
        if any(step.does is Climb.TELL_OWNER for step in due):
            owners.append(_climb_notice(row, row.owner_id, Climb.TELL_OWNER))
        # Of several steps at once who asked hears of the furthest.
        for step in [step for step in due if step.does is not Climb.TELL_OWNER][-1:]:
            senders.append(_climb_notice(row, row.sender_id, _climb_code(row, step)))
        row.next_climb_at = next_climb(row)
    Action.objects.bulk_update(rows, ["climbed_to", "next_climb_at", "for_minister_at"])
    notify(notices=[*owners, *senders], actor=actor, at=at)
    if steps:
        event = ActionsEscalated(
            subjects=tuple(f"action:{row.pk}" for row in rows),
            place=places.common_place([event_place(row) for row in rows]),
            count=len(steps),
            steps=steps,
        )
        record(event, actor=actor, at=at)
    return len(steps)


@action
def record_guidance(
    *,
    client_key: UUID,
    place: PlaceCode,
    visited_id: int,
    visit_date: date,
    findings: str,
    advice: str = "",
    team: str = "",
    actor: Viewer,
    at: datetime,
) -> int:
    """Record a visit of guidance with its findings, and return its id.

    Only where the visitor may give guidance: a governor to regents and mayors, along each line.
    """
    digest = digest_of(locals())
    actor.require(RECORD_GUIDANCE, place)
    if known := first_answer(Guidance, client_key, digest):
        return known.pk
    visited = institutions.institution(visited_id)
    if visited is None or place not in visited.places:
        raise Refused("coordination.owner_is_missing", field="visited")
    visitor = _speaker(None, actor, RECORD_GUIDANCE, field="sender")
    if Verb.GUIDANCE not in institutions.verbs_of(visitor, visited):
        raise not_allowed(visitor, visited, field="visited")
    if not findings.strip():
        raise Refused("coordination.findings_are_missing", field="findings")
    if visit_date > today_at(place, at):
        raise Refused("coordination.visit_lies_ahead", field="visit_date")
    row = Guidance.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        visitor_id=visitor.id,
        visited_id=visited_id,
        visit_date=visit_date,
        team=team.strip(),
        findings=findings.strip(),
        advice=advice.strip(),
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    event = GuidanceRecorded(
        subjects=(f"guidance:{row.pk}", f"institution:{visited_id}"),
        place=place,
        institution_id=visitor.id,
        visit_date=visit_date,
        findings=row.findings,
    )
    record(event, actor=actor, at=at)
    return row.pk


# --- steps


def _step(
    action_id: int,
    version: int,
    event: ActionEvent,
    actor: Viewer,
    at: datetime,
    *,
    note: str = "",
    evidence: "File[bytes] | None" = None,
    due_date: date | None = None,
) -> None:
    row = action_row(action_id, actor, lock=True)
    _check_who(row, event, actor)
    check_unchanged(version, row.version)
    before = ActionState(row.state)
    refused = Refused("coordination.step_is_not_possible", state=ACTION_STATES[before])
    after = ACTION_TRANSITIONS.must(before, event, otherwise=refused)
    note = note.strip()
    if event in NEEDS_A_REASON and not note:
        raise Refused("coordination.reason_is_missing", field="reason")
    written = "reason" if event in NEEDS_A_REASON else "note"
    check_length(note, most=LONGEST[written], field=written)
    row.state = after.value
    row.version += 1
    row.reason = note if event in NEEDS_A_REASON else ""
    if event is ActionEvent.REFUSE and before in (
        ActionState.ACKNOWLEDGED,
        ActionState.IN_PROGRESS,
    ):
        # What was accepted for a day and then refused stays measured by that day.
        row.first_due_date = row.first_due_date or row.due_date
    if event in ANSWERS:
        row.acknowledged_at = row.acknowledged_at or at
    if event is ActionEvent.COMPLETE:
        _complete(row, note, evidence, actor, at)
    elif event is ActionEvent.VERIFY:
        if row.done_by_id is not None and row.done_by_id == actor.user_id:
            raise Refused("coordination.who_did_cannot_verify")
        row.verified_at, row.verified_by_id = at, actor.user_id
    else:
        row.verified_at = row.verified_by_id = None
    if event is ActionEvent.REOPEN:
        _ask_again(row, before, due_date, at)
    if event in (ActionEvent.COMPLETE, ActionEvent.REOPEN):
        # Another chain begins, from its start.
        row.climbed_to = ""
    elif event is ActionEvent.REJECT:
        _owe_again(row, at)
    row.next_climb_at = next_climb(row)
    row.save()
    moved = ActionMoved(
        subjects=(f"action:{row.pk}",),
        place=event_place(row),
        institution_id=row.owner_id if event in ANSWERS else row.sender_id,
        step=event.value,
        before=before.value,
        after=after.value,
        evidence_id=str(row.evidence_id or "") if event is ActionEvent.COMPLETE else "",
        due_date=due_date,
        note=note,
    )
    record(moved, actor=actor, at=at)
    _tell(
        row,
        row.sender_id if event in ANSWERS else row.owner_id,
        f"coordination.{event.value}",
        actor,
        at,
    )


def _check_who(row: Action, event: ActionEvent, actor: Viewer) -> None:
    answers = event in ANSWERS
    institution_id = row.owner_id if answers else row.sender_id
    if institution_id in voices(actor, ANSWER_ACTION if answers else GIVE_ACTION):
        return
    card = institutions.institution(institution_id)
    name = card.name if card else ""
    if answers:
        raise Refused("coordination.only_the_owner_answers", owner=name)
    raise Refused("coordination.only_the_sender_decides", sender=name)


def _complete(
    row: Action, note: str, evidence: "File[bytes] | None", actor: Viewer, at: datetime
) -> None:
    if not note and evidence is None:
        raise Refused("coordination.evidence_is_missing", field="note")
    place = PlaceCode(row.place_id)
    row.done_at, row.done_date, row.done_by_id = at, today_at(place, at), actor.user_id
    row.verify_by = clock_end(at, policy().verify_hours, place)
    row.done_note = note
    row.evidence_id = (
        # What is confided stays so: neither the file nor the note that it came shows at the place.
        store_evidence(
            file=evidence,
            place=event_place(row),
            institution_id=row.owner_id,
            actor=actor,
            at=at,
        )
        if evidence is not None
        else None
    )


def _ask_again(row: Action, before: ActionState, due_date: date | None, at: datetime) -> None:
    """Give a new due date where one was named; what was refused is asked anew."""
    place = PlaceCode(row.place_id)
    if due_date is not None:
        check_due_date(due_date, place, at=at)
        if before is ActionState.VERIFIED:
            row.first_due_date = row.first_due_date or row.due_date
        row.due_date, row.due_at = due_date, end_of(due_date, place)
        row.check_date = max(row.check_date, due_date) if row.check_date else None
    if before is ActionState.REFUSED:
        row.asked_at, row.acknowledged_at = at, None
        row.acknowledge_by = clock_end(at, policy().acknowledge_hours, place)
    if due_date is not None or before is ActionState.REFUSED:
        row.for_minister_at = None


def _owe_again(row: Action, at: datetime) -> None:
    """Take what is owed again up where it would stand by now.

    Who asked has just decided: nobody is told once more of steps that lie behind, but it stands on
    the next agenda if it would have come there.
    """
    passed = due_steps(replace(climbing(row), climbed_to=""), policy(), at=at)
    row.climbed_to = passed[-1].key if passed else ""
    if any(_does(row, step) is Climb.AGENDA for step in passed):
        _put_on_agenda(row, at)


def _tell(row: Action, institution_id: int, code: str, actor: Viewer, at: datetime) -> None:
    """Tell who answers or who asked, except the one who acts."""
    notify(notices=[_notice(row, institution_id, code)], actor=actor, at=at)


def _climb_notice(row: Action, institution_id: int, code: str) -> Notice:
    """Return what is told at once, also in the quiet hours."""
    return _notice(row, institution_id, f"coordination.climb.{code}", is_urgent=True)


def _does(row: Action, step: Step) -> Climb:
    """Return what a step does with a row: what is confided goes before nobody else."""
    is_told_on = step.does in (Climb.AGENDA, Climb.REPORT_TO_MINISTER)
    return Climb.TELL_SENDER if is_told_on and is_confided(row) else step.does


def _climb_code(row: Action, step: Step) -> str:
    """Return what who asked is told: where it went, or why it comes back."""
    does = _does(row, step)
    return step.when.value if does is Climb.TELL_SENDER else does.value


def _put_on_agenda(row: Action, at: datetime) -> None:
    """Put an action on the sender's next meeting, once; one that is planned later takes it up."""
    meeting = (
        Meeting.objects.select_for_update()
        .filter(host=row.sender_id, state=MeetingState.PLANNED.value)
        .filter(starts_at__gt=at - timedelta(hours=1))
        .order_by("starts_at", "pk")
        .first()
    )
    if meeting is None or meeting.agenda.filter(action=row).exists():
        return
    last = meeting.agenda.aggregate(last=Max("position"))["last"] or 0
    agenda_point(row, meeting, last + 1, at=at).save()
    # Whoever is about to save the agenda that they saw without this point is told so.
    meeting.version += 1
    meeting.save(update_fields=["version"])
