"""Drafts letters, lets people change them, and notes when they were signed and sent outside.

What happens to a draft is recorded at no place: until it is sent, no place's feed tells of it.
"""

from datetime import date, datetime

from django.utils.translation import override

from serentak.coordination.events import LetterDiscarded, LetterRevised, LetterSent
from serentak.coordination.models import Action, Letter
from serentak.coordination.permissions import ANSWER_ACTION, DRAFT_LETTER
from serentak.coordination.queries.asking import not_allowed, today_at
from serentak.coordination.queries.follow_up import action_link, action_row, event_place
from serentak.coordination.queries.letters import (
    LEVELS,
    composed,
    letter_row,
)
from serentak.coordination.queries.settings import restricted, thresholds
from serentak.coordination.rules.letters import Draft, ReprimandFault, reprimand_fault
from serentak.coordination.rules.states import (
    LETTER_TRANSITIONS,
    SETTLED,
    UNDONE,
    ActionState,
    LetterEvent,
    LetterState,
)
from serentak.coordination.words import ACTION_STATES, LETTER_STATES
from serentak.institutions import public as institutions
from serentak.institutions.public import Verb, voices
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import check_unchanged

from .parts import _about_letter, _drafted_event, _stored_letter


@action
def draft_letter(
    *,
    action_id: int,
    verb: str = "",
    level: int = 0,
    ground: str = "",
    clock_ran_out: bool = False,
    actor: Viewer,
    at: datetime,
) -> int:
    """Draft a letter from an action and return its id; an open draft of that verb is returned.

    Without a verb the action's own. Sender and receiver are named by their offices' holders of
    today, with status. A reminder needs an action that is overdue or was not acknowledged in time,
    or, as `clock_ran_out`, the word of a higher floor that a clock of its own ran out. A reprimand
    needs the same, its legal ground, a reminder that was sent before, and the level before it.
    Number, date and signature stay blank.
    """
    row = action_row(action_id, actor, lock=True)
    place = PlaceCode(row.place_id)
    actor.require(DRAFT_LETTER, place)
    if row.sender_id not in voices(actor, DRAFT_LETTER):
        raise Refused("coordination.only_the_sender_writes")
    verb = verb or row.verb
    known = Letter.objects.filter(action=row, verb=verb, state=LetterState.DRAFT.value).first()
    if known:
        return known.pk
    with override("id"):
        cards = institutions.institutions([row.sender_id, row.owner_id])
        sender, recipient = cards[row.sender_id], cards[row.owner_id]
        if verb not in {v.value for v in institutions.verbs_of(sender, recipient)}:
            raise not_allowed(sender, recipient, field="verb")
        state = ActionState(row.state)
        if verb in (Verb.REMINDER, Verb.REPRIMAND) and state not in UNDONE:
            raise Refused("coordination.step_is_not_possible", state=ACTION_STATES[state])
        if verb == Verb.REPRIMAND:
            _check_reprimand(row, level, ground, at)
        if verb in (Verb.REMINDER, Verb.REPRIMAND) and not (clock_ran_out or _is_late(row, at)):
            raise Refused("coordination.nothing_to_remind_of", field="verb")
    composition = composed(
        row,
        sender=sender,
        recipient=recipient,
        verb=verb,
        level=level,
        ground=ground.strip(),
        at=at,
    )
    letter = _stored_letter(row, composition, actor)
    record(_drafted_event(letter), actor=actor, at=at)
    return letter.pk


@action
def revise_letter(
    *, letter_id: int, version: int, draft: Draft, actor: Viewer, at: datetime
) -> None:
    """Change the words of a draft."""
    letter = _letter(letter_id, version, actor, LetterEvent.REVISE)
    if not draft.subject.strip() or not draft.opening.strip():
        raise Refused("coordination.text_is_missing", field="subject")
    letter.subject, letter.opening = draft.subject.strip(), draft.opening.strip()
    letter.points = [p.strip() for p in draft.points if p.strip()]
    letter.closing = draft.closing.strip()
    letter.copies = [c.strip() for c in draft.copies if c.strip()]
    letter.nature, letter.enclosures = draft.nature.strip(), draft.enclosures.strip()
    letter.save()
    record(LetterRevised(**_about_letter(letter), verb=letter.verb), actor=actor, at=at)


@action
def mark_letter_sent(
    *,
    letter_id: int,
    version: int,
    number: str,
    letter_date: date,
    actor: Viewer,
    at: datetime,
) -> None:
    """Note number and date that the state's own systems gave a letter when it was signed."""
    letter = _letter(letter_id, version, actor, LetterEvent.SEND)
    place = PlaceCode(letter.action.place_id)
    state = ActionState(letter.action.state)
    if letter.verb in (Verb.REMINDER, Verb.REPRIMAND) and state in SETTLED:
        raise Refused("coordination.step_is_not_possible", state=ACTION_STATES[state])
    if not number.strip():
        raise Refused("coordination.number_is_missing", field="number")
    if letter_date > today_at(place, at):
        raise Refused("coordination.letter_date_lies_ahead", field="letter_date")
    if letter_date < today_at(place, letter.drafted_at):
        raise Refused("coordination.letter_date_comes_before_draft", field="letter_date")
    letter.number, letter.letter_date = number.strip(), letter_date
    letter.sent_at, letter.sent_by_id = at, actor.user_id
    letter.save()
    event = LetterSent(
        **_about_letter(letter, event_place(letter.action)),
        verb=letter.verb,
        level=letter.level,
        number=letter.number,
        letter_date=letter_date,
    )
    record(event, actor=actor, at=at)
    notice = Notice(
        institution_id=letter.recipient_id,
        permission=ANSWER_ACTION,
        also=restricted().get(letter.action.alert_code),
        code="coordination.letter_came",
        params={
            "sender": letter.sender_title,
            "subject": letter.subject,
            "number": letter.number,
            "date": letter_date.isoformat(),
        },
        link=action_link(letter.action_id),
    )
    notify(notices=[notice], actor=actor, at=at)


@action
def discard_letter(*, letter_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Put a draft away; it stays in the history."""
    letter = _letter(letter_id, version, actor, LetterEvent.DISCARD)
    letter.save()
    record(LetterDiscarded(**_about_letter(letter), verb=letter.verb), actor=actor, at=at)


# --- steps


def _letter(letter_id: int, version: int, actor: Viewer, event: LetterEvent) -> Letter:
    """Return a letter locked and in its next state, not saved."""
    letter = letter_row(letter_id, actor, lock=True)
    actor.require(DRAFT_LETTER, PlaceCode(letter.action.place_id))
    if letter.sender_id not in voices(actor, DRAFT_LETTER):
        raise OutOfScope(DRAFT_LETTER)
    check_unchanged(version, letter.version)
    before = LetterState(letter.state)
    refused = Refused("coordination.step_is_not_possible", state=LETTER_STATES[before])
    letter.state = LETTER_TRANSITIONS.must(before, event, otherwise=refused).value
    letter.version += 1
    return letter


def _check_reprimand(row: Action, level: int, ground: str, at: datetime) -> None:
    if level not in LEVELS:
        raise Refused("coordination.level_is_unknown", field="level")
    sent = Letter.objects.filter(recipient=row.owner_id, state=LetterState.SENT.value)
    about = sent.filter(action=row)
    reminded = about.filter(verb=Verb.REMINDER.value).order_by("letter_date").first()
    fault = reprimand_fault(
        level=level,
        ground=ground,
        reminded_on=reminded.letter_date if reminded else None,
        levels_sent={
            letter.level: letter.letter_date
            for letter in about.filter(verb=Verb.REPRIMAND.value).order_by("letter_date")
            if letter.letter_date
        },
        today=today_at(PlaceCode(row.place_id), at),
        after_days=thresholds().reprimand_after_days,
        between_days=thresholds().days_between_levels,
    )
    if fault:
        is_between = fault is ReprimandFault.LEVEL_TOO_SOON
        raise Refused(
            f"coordination.{fault.value}",
            field="ground" if not ground.strip() else "level",
            days=thresholds().days_between_levels
            if is_between
            else thresholds().reprimand_after_days,
        )


def _is_late(row: Action, at: datetime) -> bool:
    """Tell whether an action is overdue, or nobody acknowledged it within the policy's hours."""
    return today_at(PlaceCode(row.place_id), at) > row.due_date or (
        row.state == ActionState.OPEN and at > row.acknowledge_by
    )
