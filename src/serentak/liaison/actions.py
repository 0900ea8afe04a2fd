"""Keeps numbers, records assessments, asks for people and things, takes crimes on; only writers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils.translation import gettext, override

from serentak.coordination import actions as coordination
from serentak.coordination.actions import Ask
from serentak.coordination.public import OWED, ActionState
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import About, record
from serentak.platform.concurrency import check_unchanged, digest_of, first_answer
from serentak.platform.holidays import holidays
from serentak.platform.web import formats

from . import queries
from .events import (
    AidAsked,
    AidMoved,
    ContactRemoved,
    ContactSaved,
    CrimeEntered,
    CrimeMoved,
    PlaceAssessed,
)
from .models import AidRequest, Assessment, AssessmentMember, Contact, Crime, Follow
from .permissions import ASSESS, HANDLE_CRIMES, KEEP_LIAISON
from .rules import (
    AID_TRANSITIONS,
    CRIME_TRANSITIONS,
    ENDS,
    LONGEST_LINE,
    LONGEST_TEXT,
    WITHDRAWS,
    AidEvent,
    AidState,
    CrimeEvent,
    CrimeState,
    answer_due,
)

ASSESSED, REQUESTED = "liaison.ASSESSMENT", "liaison.REQUEST"
"""From what an action says that it was made."""


# --- contacts


@action
def add_contact(
    *,
    client_key: UUID,
    place: PlaceCode,
    institution_id: int,
    office: str,
    phone: str,
    is_personal: bool = False,
    hours: str = "",
    rank: int = 1,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Enter a number under which an institution is called about a place; return its id."""
    digest = digest_of(locals())
    card = institutions.institution(institution_id)
    if card is None or not _is_of(card, place):
        raise OutOfScope(KEEP_LIAISON, place)
    if not actor.system and card.id not in queries.keeps(actor, place, at, [card]):
        raise OutOfScope(KEEP_LIAISON, institution_id)
    if known := first_answer(Contact, client_key, digest):
        return known.pk
    row = Contact(
        client_key=client_key,
        digest=digest,
        place_id=place,
        institution_id=institution_id,
        figure_class=figure_class.value,
    )
    _save_contact(row, office, phone, is_personal, hours, rank, actor=actor, at=at)
    return row.pk


@action
def change_contact(
    *,
    contact_id: int,
    version: int,
    office: str,
    phone: str,
    is_personal: bool = False,
    hours: str = "",
    rank: int = 1,
    actor: Viewer,
    at: datetime,
) -> None:
    """Change a number."""
    row = queries.contact(contact_id, actor, at, lock=True)
    check_unchanged(version, row.version)
    row.version += 1
    _save_contact(row, office, phone, is_personal, hours, rank, actor=actor, at=at)


@action
def remove_contact(*, contact_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Take a number away; it is gone, as privacy law can ask for."""
    row = queries.contact(contact_id, actor, at, lock=True)
    check_unchanged(version, row.version)
    removed = ContactRemoved(**_of_institution(row), office=row.office)
    row.delete()
    record(removed, actor=actor, at=at)


def _is_of(card: InstitutionCard, place: PlaceCode) -> bool:
    return place == card.place or place in card.places


def _save_contact(
    row: Contact,
    office: str,
    phone: str,
    is_personal: bool,
    hours: str,
    rank: int,
    *,
    actor: Viewer,
    at: datetime,
) -> None:
    row.office, row.hours = _line(office, "office"), one_line(hours)
    check_length(row.hours, most=LONGEST_LINE, field="hours")
    row.phone = _phone(phone)
    row.is_personal, row.rank = is_personal, rank
    row.edited_at, row.edited_by_id = at, actor.user_id
    row.save()
    saved = ContactSaved(**_of_institution(row), office=row.office, phone=row.phone)
    record(saved, actor=actor, at=at)


def _phone(phone: str) -> str:
    said = one_line(phone)
    digits = sum(sign.isdigit() for sign in said)
    if not 3 <= digits <= 15 or any(not (s.isdigit() or s in "+-() .") for s in said):
        raise Refused("liaison.phone_is_none", field="phone")
    check_length(said, most=30, field="phone")
    return said


# --- assessments


@dataclass(frozen=True, slots=True)
class Following:
    """What follows from an assessment: who has to do what by when."""

    owner_id: int
    text: str
    due_date: date


@action
def assess_place(
    *,
    client_key: UUID,
    place: PlaceCode,
    level: str,
    assessed_date: date,
    text: str,
    members: Collection[int],
    follow: Sequence[Following] = (),
    institution_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record how grave institutions together find a place, and ask what follows; return its id.

    At least two agree. `institution_id` is for the machine.
    """
    digest = digest_of(locals())
    card = (
        institutions.institution(institution_id or 0)
        if actor.system
        else queries.assesses(actor, place)
    )
    if card is None:
        raise OutOfScope(ASSESS, place)
    if known := first_answer(Assessment, client_key, digest):
        return known.pk
    if level not in queries.settings().levels:
        raise Refused("liaison.level_is_unknown", field="level")
    if assessed_date > queries.today_at(place, at):
        raise Refused("liaison.day_lies_ahead", field="assessed_date")
    if not text.strip():
        raise Refused("liaison.text_is_missing", field="text")
    check_length(text, most=LONGEST_TEXT, field="text")
    allowed = {one.id for one in queries.agreeing_at(place)}
    agreeing = list(dict.fromkeys(members))
    if len(agreeing) < 2 or not set(agreeing) <= allowed:
        raise Refused("liaison.two_agree", field="members")
    row = Assessment.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        institution_id=card.id,
        assessed_date=assessed_date,
        level=level,
        text=text.strip(),
        figure_class=figure_class.value,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    AssessmentMember.objects.bulk_create(
        AssessmentMember(assessment=row, institution_id=pk) for pk in agreeing
    )
    for number, one in enumerate(follow):
        asked = coordination.create_action(
            client_key=uuid5(client_key, str(number)),
            ask=Ask(
                owner_id=one.owner_id,
                text=one.text,
                due_date=one.due_date,
                place=place,
                alert_code=ASSESSED,
                alert_params={"level": level},
                alert_link=reverse("liaison:assessment", args=[row.pk]),
            ),
            sender_id=card.id,
            figure_class=figure_class,
            actor=actor,
            at=at,
        )
        Follow.objects.create(assessment=row, action_id=asked)
    event = PlaceAssessed(
        **_about(row, "assessment", card.id),
        level=level,
        members=len(agreeing),
        follow=len(follow),
    )
    record(event, actor=actor, at=at)
    return row.pk


# --- requests


@action
def ask_for_aid(
    *,
    client_key: UUID,
    place: PlaceCode,
    thing: str,
    number: int,
    owner_id: int,
    needed_until_at: datetime,
    purpose: str = "",
    sender_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Ask an institution for so many of something at a place by a moment; return the id.

    The letter goes out as an action of coordination, said as the two stand to each other, with
    `purpose`: where exactly and what for. `sender_id` is for the machine.
    """
    digest = digest_of(locals())
    sender = (
        institutions.institution(sender_id or 0) if actor.system else queries.asks(actor, place)
    )
    if sender is None:
        raise OutOfScope(KEEP_LIAISON, place)
    if known := first_answer(AidRequest, client_key, digest):
        return known.pk
    kind = queries.settings().things.get(thing)
    if kind is None:
        raise Refused("liaison.thing_is_unknown", field="thing")
    owner = {card.id: card for card in queries.givers(place, sender)}.get(owner_id)
    if owner is None or owner.kind not in kind.of:
        raise Refused("liaison.they_do_not_have_it", field="owner_id")
    most = queries.settings().most
    if not 0 < number <= most:
        raise Refused("liaison.number_is_absurd", field="number", most=most)
    if needed_until_at <= at:
        raise Refused("liaison.moment_has_passed", field="needed_until_at")
    purpose = one_line(purpose)
    check_length(purpose, most=LONGEST_LINE, field="purpose")
    words = {
        language: _asked_words(number, kind.unit[language], place, needed_until_at, language)
        + (f" ({purpose})" if purpose else "")
        for language in ("id", "en")
    }
    row = AidRequest(
        client_key=client_key,
        digest=digest,
        place_id=place,
        sender_id=sender.id,
        owner_id=owner_id,
        thing=thing,
        number=number,
        purpose=purpose,
        needed_until_at=needed_until_at,
        asked_at=at,
        asked_by_id=actor.user_id,
        due_at=answer_due(at, needed_until_at, kind.answer_hours),
        figure_class=figure_class.value,
    )
    row.action_id = coordination.create_action(
        client_key=uuid5(client_key, "letter"),
        ask=Ask(
            owner_id=owner_id,
            text=words["id"],
            text_en=words["en"],
            due_date=clock.local_date(needed_until_at, zone=places.zone_of(place).key),
            place=place,
            alert_code=REQUESTED,
            alert_params={"thing": thing},
            alert_link=reverse("liaison:place", args=[place]) + "#requests",
        ),
        sender_id=sender.id,
        figure_class=figure_class,
        actor=actor,
        at=at,
    )
    row.save()
    event = AidAsked(**_about(row, "aid", sender.id), thing=thing, number=number, owner_id=owner_id)
    record(event, actor=actor, at=at)
    return row.pk


@action
def promise_aid(
    *, request_id: int, version: int, granted: int, actor: Viewer, at: datetime
) -> None:
    """Promise so many; what is missing of the number asked for shows as a shortage."""
    row = _aid(request_id, version, AidEvent.PROMISE, actor, at)
    _check_granted(row, granted)
    row.granted = granted
    if _answers(row, actor) and row.action.state in (ActionState.OPEN, ActionState.ACKNOWLEDGED):
        coordination.start_action(
            action_id=row.action_id, version=row.action.version, actor=actor, at=at
        )
    _move_aid(row, AidEvent.PROMISE, "", actor=actor, at=at)


@action
def refuse_aid(*, request_id: int, version: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Refuse for a reason; also what was promised before."""
    row = _aid(request_id, version, AidEvent.REFUSE, actor, at)
    said = _line(reason, "reason")
    row.granted = None
    if not _answers(row, actor):
        _take_back(row, said, actor=actor, at=at)
    elif row.action.state in OWED:
        coordination.refuse_action(
            action_id=row.action_id, version=row.action.version, reason=said, actor=actor, at=at
        )
    _move_aid(row, AidEvent.REFUSE, said, actor=actor, at=at)


@action
def report_arrival(
    *, request_id: int, version: int, granted: int, actor: Viewer, at: datetime
) -> None:
    """Say that so many are there; who asked verifies it in coordination."""
    row = _aid(request_id, version, AidEvent.ARRIVE, actor, at)
    _check_granted(row, granted)
    row.granted = granted
    if not _answers(row, actor):
        _take_back(row, _TOLD, actor=actor, at=at)
    elif row.action.state in OWED:
        coordination.complete_action(
            action_id=row.action_id,
            version=row.action.version,
            note=f"{granted}/{row.number}",
            actor=actor,
            at=at,
        )
    _move_aid(row, AidEvent.ARRIVE, "", actor=actor, at=at)


@action
def withdraw_aid(
    *, request_id: int, version: int, reason: str, actor: Viewer, at: datetime
) -> None:
    """Take a request back for a reason; by who asked."""
    row = _aid(request_id, version, AidEvent.WITHDRAW, actor, at)
    said = _line(reason, "reason")
    _take_back(row, said, actor=actor, at=at)
    _move_aid(row, AidEvent.WITHDRAW, said, actor=actor, at=at)


def _aid(request_id: int, version: int, event: AidEvent, actor: Viewer, at: datetime) -> AidRequest:
    """Lock a request of which the actor is the side that does this."""
    row = queries.request_row(request_id, actor, lock=True)
    if event not in queries.may_say(actor, row, at):
        raise OutOfScope(KEEP_LIAISON, request_id)
    check_unchanged(version, row.version)
    _aid_after(row, event)
    if row.action.state == ActionState.CANCELLED:
        raise Refused("liaison.request_is_elsewhere")
    return row


_TOLD = "Dicatat sudah tiba oleh pihak yang meminta; lembaga belum mempunyai akun."
"""Why what was asked of an institution without an account is taken back once it is there."""


def _answers(row: AidRequest, actor: Viewer) -> bool:
    """Tell whether the actor itself was asked; else who asked notes what was said by telephone."""
    return row.owner_id in institutions.voices(actor, KEEP_LIAISON)


def _take_back(row: AidRequest, reason: str, *, actor: Viewer, at: datetime) -> None:
    """Cancel the letter's action, as long as somebody still owes it."""
    if row.action.state in (*OWED, ActionState.REFUSED):
        coordination.cancel_action(
            action_id=row.action_id, version=row.action.version, reason=reason, actor=actor, at=at
        )


def _aid_after(row: AidRequest, event: AidEvent) -> AidState:
    return AID_TRANSITIONS.must(
        AidState(row.state), event, otherwise=Refused("liaison.request_is_elsewhere")
    )


def _check_granted(row: AidRequest, granted: int) -> None:
    if not 0 < granted <= row.number:
        raise Refused("liaison.granted_is_absurd", field="granted", most=row.number)


def _move_aid(
    row: AidRequest, event: AidEvent, reason: str, *, actor: Viewer, at: datetime
) -> None:
    row.state, row.reason = _aid_after(row, event).value, reason
    row.answered_at = row.answered_at or (None if event in WITHDRAWS else at)
    row.version += 1
    row.save()
    side = row.owner_id if _answers(row, actor) else row.sender_id
    moved = AidMoved(
        **_about(row, "aid", side),
        thing=row.thing,
        event=event.value,
        granted=row.granted,
        reason=reason,
    )
    record(moved, actor=actor, at=at)


# --- crimes


@action
def enter_crime(
    *,
    client_key: UUID,
    place: PlaceCode,
    register: str,
    known_date: date,
    institution_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Enter an election crime by its register, without a name; by the supervisor. Return its id."""
    digest = digest_of(locals())
    stage = queries.crimes_catalogue().stages[CrimeState.KNOWN]
    card = (
        institutions.institution(institution_id or 0)
        if actor.system
        else queries.handler(actor, place, stage)
    )
    if card is None:
        raise OutOfScope(HANDLE_CRIMES, place)
    if known := first_answer(Crime, client_key, digest):
        return known.pk
    if known_date > queries.today_at(place, at):
        raise Refused("liaison.day_lies_ahead", field="known_date")
    said = _line(register, "register", most=60)
    row = Crime.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        institution_id=card.id,
        register=said,
        known_date=known_date,
        stage_date=known_date,
        due_date=stage.due(known_date, is_extended=False, holidays=holidays()),
        figure_class=figure_class.value,
    )
    assert row.due_date is not None  # noqa: S101  # for the type checker: a stage has its clock
    entered = CrimeEntered(**_hidden(row, card.id), due_date=row.due_date)
    record(entered, actor=actor, at=at)
    return row.pk


@action
def move_crime(
    *,
    crime_id: int,
    version: int,
    event: CrimeEvent,
    moved_date: date,
    actor: Viewer,
    at: datetime,
) -> CrimeState:
    """Take a crime a stage on, give it more days once, or end it; by who acts at its stage."""
    row = queries.crime_row(crime_id, actor, lock=True)
    before = CrimeState(row.state)
    if before not in ENDS and not actor.system and not queries.handles(actor, row):
        raise OutOfScope(HANDLE_CRIMES, crime_id)
    check_unchanged(version, row.version)
    after = CRIME_TRANSITIONS.must(
        before, event, otherwise=Refused("liaison.crime_is_elsewhere", field="event")
    )
    if not row.stage_date <= moved_date <= queries.today_at(PlaceCode(row.place_id), at):
        raise Refused("liaison.day_is_not_of_this_stage", field="moved_date")
    if event is CrimeEvent.EXTEND:
        if row.is_extended:
            raise Refused("liaison.extended_already", field="event")
        if row.due_date is not None and row.due_date < moved_date:
            raise Refused("liaison.clock_has_run_out", field="event")
        row.is_extended = True
    else:
        row.state, row.stage_date, row.is_extended = after.value, moved_date, False
    stage = queries.crimes_catalogue().stages.get(after)
    row.due_date = (
        stage.due(row.stage_date, is_extended=row.is_extended, holidays=holidays())
        if stage
        else None
    )
    row.version += 1
    row.save()
    own = institutions.voices(actor, HANDLE_CRIMES).first
    moved = CrimeMoved(
        **_hidden(row, own.id if own else None),
        event=event.value,
        before=before.value,
        after=after.value,
        due_date=row.due_date,
    )
    record(moved, actor=actor, at=at)
    return after


# --- parts


def _line(text: str, field: str, *, most: int = LONGEST_LINE) -> str:
    said = one_line(text)
    if not said:
        raise Refused(f"liaison.{field}_is_missing", field=field)
    check_length(said, most=most, field=field)
    return said


def _about(row: Any, kind: str, institution_id: int | None) -> About:
    return About(
        subjects=(f"{kind}:{row.pk}",),
        place=PlaceCode(row.place_id),
        institution_id=institution_id,
    )


def _of_institution(row: Contact) -> About:
    """Return what an event of a number says first: the institution's page tells of it."""
    return About(
        subjects=(f"institution:{row.institution_id}",),
        place=PlaceCode(row.place_id),
        institution_id=row.institution_id,
    )


def _hidden(row: Crime, institution_id: int | None) -> About:
    """Return what an event of a crime says first; no place, since that tells of it."""
    return About(subjects=(f"crime:{row.pk}",), place=COUNTRY, institution_id=institution_id)


def _asked_words(number: int, unit: str, place: PlaceCode, until: datetime, language: str) -> str:
    """Return what the other is to do, as the letter says it."""
    with override(language):
        return gettext("Provide %(number)s %(unit)s for %(place)s by %(until)s") % {
            "number": formats.number(number),
            "unit": unit,
            "place": places.places([place])[place].full_name,
            "until": formats.moment(until, places.zone_of(place).key, "paper"),
        }
