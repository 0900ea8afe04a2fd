"""Drafts letters, lets people change them, and notes when they were signed and sent outside.

What happens to a draft is recorded at no place: until it is sent, no place's feed tells of it.
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from babel.dates import format_date
from django.utils.translation import override

from serentak.coordination.events import LetterDiscarded, LetterDrafted, LetterRevised, LetterSent
from serentak.coordination.models import Action, Letter
from serentak.coordination.permissions import ANSWER_ACTION, DRAFT_LETTER
from serentak.coordination.queries.asking import not_allowed, today_at
from serentak.coordination.queries.follow_up import action_link, action_row, event_place, holder_of
from serentak.coordination.queries.letters import letter_row
from serentak.coordination.queries.settings import letter_patterns, policy, restricted, thresholds
from serentak.coordination.rules.letters import Draft, ReprimandFault, drafted, reprimand_fault
from serentak.coordination.rules.promises import days_overdue, promised_date
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
from serentak.institutions.public import HolderCard, InstitutionCard, Verb, voices
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.platform.action import action
from serentak.platform.audit import About, record
from serentak.platform.concurrency import check_unchanged

LEVELS = {1: "I", 2: "II"}


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
        letter = _drafted(row, verb, level, ground.strip(), sender, recipient, actor, at)
    event = LetterDrafted(**_about(letter), verb=verb, level=letter.level, ground=letter.ground)
    record(event, actor=actor, at=at)
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
    letter.save()
    record(LetterRevised(**_about(letter), verb=letter.verb), actor=actor, at=at)


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
        **_about(letter, event_place(letter.action)),
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
        code="coordination.letter_sent",
        params={"subject": letter.subject, "number": letter.number},
        link=action_link(letter.action_id),
    )
    notify(notices=[notice], actor=actor, at=at)


@action
def discard_letter(*, letter_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Put a draft away; it stays in the history."""
    letter = _letter(letter_id, version, actor, LetterEvent.DISCARD)
    letter.save()
    record(LetterDiscarded(**_about(letter), verb=letter.verb), actor=actor, at=at)


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


def _about(letter: Letter, place: PlaceCode = COUNTRY) -> About:
    return {
        "subjects": (f"letter:{letter.pk}", f"action:{letter.action_id}"),
        "place": place,
        "institution_id": letter.sender_id,
    }


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
    unheard = row.asked_at + timedelta(hours=policy().acknowledge_hours)
    return today_at(PlaceCode(row.place_id), at) > row.due_date or (
        row.state == ActionState.OPEN and at > unheard
    )


def _drafted(
    row: Action,
    verb: str,
    level: int,
    ground: str,
    sender: InstitutionCard,
    recipient: InstitutionCard,
    actor: Viewer,
    at: datetime,
) -> Letter:
    patterns = letter_patterns()
    place = PlaceCode(row.place_id)
    signs, receives = holder_of(sender, at=at), holder_of(recipient, at=at)
    measured = promised_date(row.due_date, row.first_due_date)
    late = days_overdue(measured, state=ActionState(row.state), today=today_at(place, at))
    words = drafted(
        patterns.by_verb[verb],
        {
            "task": row.text.rstrip(". "),  # the sentence of the letter goes on after it
            "due": _long_date(measured if late else row.due_date),
            "check": _check_text(row),
            "evidence": row.evidence_asked,
            "origin": _origin(row),
            "level": LEVELS.get(level, ""),
            "days": str(late) if late else "",
            "office": sender.name,
        },
        patterns.copies.get(verb, ()),
    )
    return Letter.objects.create(
        action=row,
        verb=verb,
        level=level if verb == Verb.REPRIMAND else 0,
        ground=ground if verb == Verb.REPRIMAND else "",
        sender_id=sender.id,
        recipient_id=recipient.id,
        sender_title=_title(sender, signs),
        sender_name=signs.name if signs else "",
        recipient_title=_title(recipient, receives),
        recipient_name=receives.name if receives else "",
        recipient_is_candidate=bool(receives and receives.is_candidate),
        recipient_at=patterns.capitals.get(recipient.place, ""),
        city=patterns.capitals.get(sender.place, ""),
        **{**asdict(words), "subject": words.subject[:300]},
        drafted_by_id=actor.user_id,
        drafted_at=at,
    )


def _title(card: InstitutionCard, holder: HolderCard | None) -> str:
    """Return to whom one writes: the holder with status, else the office, else the institution."""
    return holder.title if holder else institutions.office_title(card.id) or card.name


def _check_text(row: Action) -> str:
    if row.outcome and row.outcome.check_meeting:
        meeting = row.outcome.check_meeting
        day = today_at(PlaceCode(meeting.place_id), meeting.starts_at)
        return f"rapat {_long_date(day)}"
    return _long_date(row.check_date) if row.check_date else ""


def _origin(row: Action) -> str:
    """Return on what a letter rests, in the words of a letter."""
    if row.outcome:
        meeting = row.outcome.meeting
        day = today_at(PlaceCode(meeting.place_id), meeting.starts_at)
        return f"hasil {meeting.theme} tanggal {_long_date(day)}"
    if row.guidance:
        return f"hasil kunjungan pembinaan tanggal {_long_date(row.guidance.visit_date)}"
    return "hasil pemantauan Desk Pilkada"


def _long_date(day: date) -> str:
    """Return a day as letters write it, `27 November 2024`; letters are always Indonesian."""
    return str(format_date(day, "d MMMM y", locale="id"))
