"""Plans meetings, sets their agenda, records who came and what came out, closes them."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from serentak.coordination.events import (
    AgendaSet,
    AttendanceRecorded,
    MeetingClosed,
    MeetingPlanned,
    OutcomesRecorded,
)
from serentak.coordination.models import (
    Action,
    AgendaItem,
    AgendaKind,
    Attendance,
    Invitation,
    Meeting,
    Outcome,
)
from serentak.coordination.permissions import ANSWER_ACTION, GIVE_ACTION, RUN_MEETING
from serentak.coordination.queries.asking import (
    FURTHEST,
    LONGEST,
    Ask,
    agenda_point,
    asked,
    climbing,
    is_path,
    today_at,
)
from serentak.coordination.queries.follow_up import (
    action_link,
    action_row,
    is_confided,
    open_to_all,
)
from serentak.coordination.queries.meetings import meeting_link
from serentak.coordination.queries.settings import minutes_words, policy, restricted
from serentak.coordination.rules.escalation import has_reached_agenda
from serentak.coordination.rules.minutes import KIND_OF_VERB, OutcomeKind
from serentak.coordination.rules.states import (
    UNSETTLED,
    MeetingEvent,
    MeetingState,
)
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.kernel.text import check_length
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.concurrency import digest_of, first_answer

from .parts import _about_meeting, _hold, _notice, _running_meeting, _speaker, _stepped, _take_up


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """A point of an agenda: an action, an alert with what its sentence needs, or free text.

    With the `id` of a point that stands there it is that one, whatever else is said.
    """

    text: str = ""
    action_id: int | None = None
    alert_code: str = ""
    alert_params: Mapping[str, Any] = field(default_factory=dict)
    place: PlaceCode | None = None
    link: str = ""
    severity: Status = Status.ON_TRACK
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AttendanceEntry:
    """Whether an invited institution came, and by whom."""

    institution_id: int
    attendance: Attendance
    representative: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A line of minutes as a person decided to read it.

    `kind` INFORMATION asks nothing. DECISION without a verb is carried by what one says first to
    the owner. The check is a date or a planned meeting; `place` empty means the owner's.
    """

    text: str
    kind: OutcomeKind
    owner_id: int | None = None
    verb: str = ""
    due_date: date | None = None
    check_date: date | None = None
    check_meeting_id: int | None = None
    evidence_asked: str = ""
    person: str = ""
    place: PlaceCode | None = None


@action
def plan_meeting(
    *,
    client_key: UUID,
    place: PlaceCode,
    theme: str,
    starts_at: datetime,
    venue: str = "",
    chair: str = "",
    invited: Collection[int] = (),
    taken_up: Collection[int] = (),
    host_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Plan a meeting and return its id; a repeat gets the first answer.

    The host is the head of region whose desk plans it, else the actor's own institution. What has
    climbed to the next meeting while none was planned stands on its agenda, and after it the points
    `taken_up` of those that earlier meetings put off.
    """
    digest = digest_of(locals())
    actor.require(RUN_MEETING, place)
    if not places.places([place]):
        raise Refused("coordination.place_is_missing", field="place")
    if known := first_answer(Meeting, client_key, digest):
        return known.pk
    host = _speaker(host_id, actor, RUN_MEETING, field="host")
    if not theme.strip():
        raise Refused("coordination.theme_is_missing", field="theme")
    if starts_at > at + FURTHEST:
        raise Refused("coordination.due_date_is_too_far", field="starts_at")
    cards = institutions.institutions(set(invited))
    for id in invited:
        if id not in cards or not institutions.verbs_of(host, cards[id]):
            raise Refused("coordination.owner_is_missing", field="invited")
    row = Meeting.objects.create(
        client_key=client_key,
        digest=digest,
        place_id=place,
        host_id=host.id,
        theme=theme.strip(),
        starts_at=starts_at,
        venue=venue.strip(),
        chair=chair.strip(),
        figure_class=figure_class.value,
    )
    Invitation.objects.bulk_create(
        Invitation(meeting=row, institution_id=id) for id in sorted(set(invited))
    )
    _carry_over(row, at)
    _take_up(row, taken_up)
    event = MeetingPlanned(
        **_about_meeting(row), date=today_at(place, starts_at), invited=len(cards), theme=row.theme
    )
    record(event, actor=actor, at=at)
    there = starts_at.astimezone(places.zone_of(place))
    where = ", ".join(part for part in (f"{there:%H.%M} {there.tzname()}", row.venue) if part)
    notices = [
        Notice(
            institution_id=id,
            permission=ANSWER_ACTION,
            code="coordination.invited_to",
            params={
                "theme": row.theme,
                "date": today_at(place, starts_at).isoformat(),
                "where": where,
            },
            link=meeting_link(row.pk),
        )
        for id in cards
    ]
    notify(notices=notices, actor=actor, at=at)
    return row.pk


@action
def set_agenda(
    *,
    meeting_id: int,
    version: int,
    entries: Sequence[AgendaEntry],
    taken_up: Collection[int] = (),
    actor: Viewer,
    at: datetime,
) -> None:
    """Set a meeting's agenda as a whole, in the order given; at its end the points `taken_up`.

    What an earlier meeting put off and this one strikes waits for a meeting again.
    """
    row = _running_meeting(meeting_id, actor, version)
    there = {point.pk: point for point in row.agenda.all()}
    struck = there.keys() - {entry.id for entry in entries}
    if any(there[id].put_off_at for id in struck):
        raise Refused("coordination.point_was_put_off", field="keep")
    row.agenda.filter(pk__in=struck).delete()
    for position, entry in enumerate(entries, 1):
        if (point := there.get(entry.id or 0)) is None:
            _write_agenda(row, [entry], actor, start=position)
        elif point.position != position:
            point.position = position
            point.save(update_fields=["position"])
    _take_up(row, taken_up)
    _record_agenda(row, row.agenda.count(), actor, at)


@action
def add_to_agenda(*, meeting_id: int, entry: AgendaEntry, actor: Viewer, at: datetime) -> None:
    """Put one more point on a meeting's agenda; one that stands there already is left alone."""
    row = _running_meeting(meeting_id, actor)
    if entry.action_id is not None:
        same = row.agenda.filter(action=entry.action_id)
    else:
        same = row.agenda.filter(
            alert_code=entry.alert_code, link=entry.link, text=entry.text.strip()
        )
    if same.exists():
        return
    last = row.agenda.aggregate(last=Max("position"))["last"] or 0
    _write_agenda(row, [entry], actor, start=last + 1)
    _record_agenda(row, last + 1, actor, at)


@action
def hold_meeting(*, meeting_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Say that a meeting took place."""
    row = _running_meeting(meeting_id, actor, version)
    record(_hold(row, at), actor=actor, at=at)
    row.version += 1
    row.save()


@action
def record_attendance(
    *,
    meeting_id: int,
    version: int,
    entries: Sequence[AttendanceEntry],
    actor: Viewer,
    at: datetime,
) -> None:
    """Record who came; whoever came without an invitation is added."""
    row = _running_meeting(meeting_id, actor, version)
    cards = institutions.institutions({e.institution_id for e in entries})
    for entry in entries:
        if entry.institution_id not in cards:
            raise Refused("coordination.owner_is_missing", field="institution")
        check_length(
            entry.representative.strip(), most=LONGEST["representative"], field="representative"
        )
        Invitation.objects.update_or_create(
            meeting=row,
            institution_id=entry.institution_id,
            defaults={
                "attendance": entry.attendance.value,
                "representative": entry.representative.strip(),
            },
        )
    row.version += 1
    row.save()
    came = (Attendance.PRESENT.value, Attendance.REPRESENTED.value)
    event = AttendanceRecorded(
        **_about_meeting(row),
        present=row.invitations.filter(attendance__in=came).count(),
        invited=row.invitations.count(),
    )
    record(event, actor=actor, at=at)


@action
def record_outcomes(
    *,
    meeting_id: int,
    version: int,
    minutes: str,
    rows: Sequence[OutcomeRow],
    actor: Viewer,
    at: datetime,
) -> list[int]:
    """Turn minutes into outcomes, all or none, and return the ids of the actions they ask for.

    A meeting whose time has come counts as held by it. Refused is the first row without owner, due
    date or check, or with a verb that the host may not use; the field is `rows-<number>-<name>`.
    """
    meeting = _running_meeting(meeting_id, actor, version)
    if not rows:
        raise Refused("coordination.outcomes_are_missing", field="minutes")
    for number, row in enumerate(rows):
        if minutes_words().is_of_a_case(row.text):
            raise Refused("coordination.case_is_not_for_minutes", field=f"rows-{number}-text")
        if row.place and not places.places([row.place]):
            raise Refused("coordination.place_is_missing", field=f"rows-{number}-text")
    if minutes_words().is_of_a_case(minutes):
        raise Refused("coordination.case_is_not_for_minutes", field="minutes")
    if meeting.state == MeetingState.PLANNED:
        record(_hold(meeting, at), actor=actor, at=at)
    _stepped(meeting, MeetingEvent.RECORD)
    host = institutions.institution(meeting.host_id)
    assert host is not None  # noqa: S101  # the foreign key holds it
    cards = institutions.institutions({r.owner_id for r in rows if r.owner_id})
    first = (meeting.outcomes.aggregate(last=Max("position"))["last"] or 0) + 1
    made: list[Action] = []
    for number, row in enumerate(rows):
        owner = cards.get(row.owner_id or 0)
        outcome = _outcome(meeting, row, first + number, owner, f"rows-{number}-", at)
        ask = _ask(row, owner, PlaceCode(meeting.place_id))
        asked_row = None
        if ask is not None:
            actor.require(GIVE_ACTION, ask.place)
            asked_row = asked(
                ask,
                sender=host,
                owner=owner,
                figure_class=FigureClass(meeting.figure_class),
                actor=actor,
                at=at,
                prefix=f"rows-{number}-",
            )
            outcome.verb = asked_row.verb
        outcome.save()
        if asked_row is not None:
            asked_row.outcome = outcome
            asked_row.save()
            made.append(asked_row)
    meeting.minutes = "\n".join(part for part in (meeting.minutes, minutes.strip()) if part)
    meeting.version += 1
    meeting.save()
    event = OutcomesRecorded(
        **_about_meeting(meeting, *(f"action:{row.pk}" for row in made)),
        count=len(rows),
        actions=len(made),
        digest=_digest(rows),
    )
    record(event, actor=actor, at=at)
    notices = [_notice(given, given.owner_id, "coordination.asked") for given in made]
    notify(notices=notices, actor=actor, at=at)
    return [given.pk for given in made]


@action
def close_meeting(*, meeting_id: int, version: int, actor: Viewer, at: datetime) -> None:
    """Close a meeting's record; nothing is added after.

    A meeting whose time has come counts as held by it, also where nothing came out of it.
    """
    row = _running_meeting(meeting_id, actor, version)
    if row.state == MeetingState.PLANNED:
        record(_hold(row, at), actor=actor, at=at)
    row.state = _stepped(row, MeetingEvent.CLOSE).value
    row.closed_at = at
    row.version += 1
    row.save()
    record(MeetingClosed(**_about_meeting(row), outcomes=row.outcomes.count()), actor=actor, at=at)


# --- steps


def _carry_over(meeting: Meeting, at: datetime) -> None:
    """Put on a new agenda what its host is owed and what has climbed to a meeting before."""
    rows = Action.objects.filter(
        open_to_all(), sender=meeting.host_id, state__in=[state.value for state in UNSETTLED]
    ).exclude(climbed_to="")
    climbed = [r for r in rows if has_reached_agenda(climbing(r), policy(), at=at)]
    AgendaItem.objects.bulk_create(
        agenda_point(row, meeting, position, at=at)
        for position, row in enumerate(sorted(climbed, key=lambda r: (r.due_date, r.pk)), 1)
    )


def _write_agenda(
    row: Meeting, entries: Sequence[AgendaEntry], actor: Viewer, *, start: int
) -> None:
    for position, entry in enumerate(entries, start):
        if entry.link and not is_path(entry.link):
            raise Refused("coordination.link_is_no_path", field="link")
        if entry.alert_code in restricted():
            raise Refused("coordination.not_for_an_agenda")
        if entry.place is not None and not places.places([entry.place]):
            raise Refused("coordination.place_is_missing", field="place")
        if entry.action_id is not None:
            if is_confided(action_row(entry.action_id, actor)):
                raise Refused("coordination.not_for_an_agenda")
            kind, link = AgendaKind.ACTION, action_link(entry.action_id)
        elif entry.alert_code:
            kind, link = AgendaKind.ALERT, entry.link
        elif entry.text.strip():
            check_length(entry.text.strip(), most=LONGEST["point"], field="text")
            kind, link = AgendaKind.TEXT, entry.link
        else:
            raise Refused("coordination.text_is_missing", field="text")
        AgendaItem.objects.create(
            meeting=row,
            position=position,
            kind=kind.value,
            text=entry.text.strip(),
            action_id=entry.action_id,
            alert_code=entry.alert_code,
            alert_params=dict(entry.alert_params),
            place_id=entry.place,
            link=link,
            severity=entry.severity.value,
        )


def _record_agenda(row: Meeting, count: int, actor: Viewer, at: datetime) -> None:
    row.version += 1
    row.save(update_fields=["version"])
    record(AgendaSet(**_about_meeting(row), count=count), actor=actor, at=at)


def _outcome(
    meeting: Meeting,
    row: OutcomeRow,
    position: int,
    owner: InstitutionCard | None,
    prefix: str,
    at: datetime,
) -> Outcome:
    """Return the row of an outcome, not saved; refuses a decision that could not be followed up."""
    if not row.text.strip():
        raise Refused("coordination.text_is_missing", field=f"{prefix}text")
    outcome = Outcome(
        meeting=meeting, position=position, kind=row.kind.value, text=row.text.strip()
    )
    if row.kind is OutcomeKind.INFORMATION:
        outcome.check_date = row.check_date
        return outcome
    if owner is None:
        raise Refused("coordination.decision_has_no_owner", field=f"{prefix}owner")
    if row.due_date is None:
        raise Refused("coordination.decision_has_no_due_date", field=f"{prefix}due_date")
    if row.check_date is None and row.check_meeting_id is None:
        raise Refused("coordination.decision_has_no_check", field=f"{prefix}check_date")
    if row.verb and row.kind not in (KIND_OF_VERB.get(row.verb), OutcomeKind.DECISION):
        raise Refused("coordination.verb_and_kind_differ", field=f"{prefix}kind")
    if row.check_meeting_id is not None:
        check = Meeting.objects.filter(pk=row.check_meeting_id, place=meeting.place_id).first()
        if check is None or check.starts_at <= meeting.starts_at:
            raise Refused("coordination.check_meeting_is_missing", field=f"{prefix}check_date")
        outcome.check_meeting = check
    outcome.owner_id = owner.id
    outcome.due_date, outcome.check_date = row.due_date, row.check_date
    outcome.evidence_asked = row.evidence_asked.strip()
    return outcome


def _ask(row: OutcomeRow, owner: InstitutionCard | None, meeting_place: PlaceCode) -> Ask | None:
    """Return what an outcome asks, None for information.

    Without a place of its own it concerns the owner's place, if that lies in the meeting's.
    """
    if row.kind is OutcomeKind.INFORMATION or owner is None or row.due_date is None:
        return None
    inside = owner.place if is_within(owner.place, meeting_place) else meeting_place
    return Ask(
        owner_id=owner.id,
        text=row.text,
        due_date=row.due_date,
        place=row.place or inside,
        verb=row.verb,
        person=row.person,
        evidence_asked=row.evidence_asked,
        check_date=row.check_date,
    )


def _digest(rows: Sequence[OutcomeRow]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        due = row.due_date.isoformat() if row.due_date else ""
        line = (row.kind.value, row.verb, str(row.owner_id or ""), due, row.text.strip())
        digest.update(("\t".join(line) + "\n").encode())
    return digest.hexdigest()
