"""What several actions share: who speaks, what the two sides hear, the steps of a meeting."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Max

from serentak.coordination.events import LetterDrafted, MeetingHeld
from serentak.coordination.models import Action, AgendaItem, Letter, Meeting
from serentak.coordination.permissions import ANSWER_ACTION, GIVE_ACTION, RUN_MEETING
from serentak.coordination.queries.asking import today_at
from serentak.coordination.queries.follow_up import action_link
from serentak.coordination.queries.letters import LetterCard, columns_of
from serentak.coordination.queries.meetings import meeting_row, points_waiting
from serentak.coordination.queries.settings import restricted
from serentak.coordination.rules.states import (
    MEETING_TRANSITIONS,
    MeetingEvent,
    MeetingState,
)
from serentak.coordination.words import MEETING_STATES
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.notices.actions import Notice
from serentak.platform.audit import About
from serentak.platform.concurrency import check_unchanged


def _speaker(
    institution_id: int | None, actor: Viewer, permission: Permission, *, field: str
) -> InstitutionCard:
    """Return in whose name the actor speaks; refuses a name that is not the actor's."""
    found = voices(actor, permission)
    card = institutions.institution(institution_id) if institution_id else found.first
    if card is None or card.id not in found:
        raise Refused("coordination.not_your_voice", field=field)
    return card


def _notice(row: Action, institution_id: int, code: str, *, is_urgent: bool = False) -> Notice:
    """Return what one side of an action is told; what is confided only who may know."""
    task = {"id": row.text[:200], "en": row.text_en[:200]}
    return Notice(
        institution_id=institution_id,
        permission=ANSWER_ACTION if institution_id == row.owner_id else GIVE_ACTION,
        also=restricted().get(row.alert_code),
        code=code,
        params={"task": task, "due": row.due_date.isoformat()},
        link=action_link(row.pk),
        is_urgent=is_urgent,
    )


def _stored_letter(row: Action, letter: LetterCard, actor: Viewer) -> Letter:
    """Store a letter about an action as a draft and return its row."""
    return Letter.objects.create(
        action=row,
        sender_id=row.sender_id,
        recipient_id=row.owner_id,
        drafted_by_id=actor.user_id,
        **columns_of(letter),
    )


def _drafted_event(letter: Letter) -> LetterDrafted:
    """Return the event that a letter was drafted."""
    return LetterDrafted(
        **_about_letter(letter), verb=letter.verb, level=letter.level, ground=letter.ground
    )


def _about_letter(letter: Letter, place: PlaceCode = COUNTRY) -> About:
    """Return what an event says of a letter; a draft is recorded at no place."""
    return {
        "subjects": (f"letter:{letter.pk}", f"action:{letter.action_id}"),
        "place": place,
        "institution_id": letter.sender_id,
    }


def _running_meeting(meeting_id: int, actor: Viewer, version: int | None = None) -> Meeting:
    """Return a meeting locked, if the actor runs it and it is not closed."""
    row = meeting_row(meeting_id, actor, lock=True)
    actor.require(RUN_MEETING, PlaceCode(row.place_id))
    if row.host_id not in voices(actor, RUN_MEETING):
        raise Refused("coordination.only_the_host_runs_it")
    check_unchanged(version, row.version)
    if row.state == MeetingState.CLOSED:
        raise Refused("coordination.meeting_is_closed")
    return row


def _about_meeting(row: Meeting, *more: str) -> About:
    return {
        "subjects": (f"meeting:{row.pk}", *more),
        "place": PlaceCode(row.place_id),
        "institution_id": row.host_id,
    }


def _stepped(row: Meeting, event: MeetingEvent) -> MeetingState:
    before = MeetingState(row.state)
    refused = Refused("coordination.step_is_not_possible", state=MEETING_STATES[before])
    return MEETING_TRANSITIONS.must(before, event, otherwise=refused)


def _hold(row: Meeting, at: datetime) -> MeetingHeld:
    """Let a meeting be held and return the event of it, which the caller records."""
    after = _stepped(row, MeetingEvent.HOLD)
    if row.starts_at > at:
        raise Refused("coordination.meeting_lies_ahead")
    row.state, row.held_at = after.value, at
    day = today_at(PlaceCode(row.place_id), row.starts_at)
    return MeetingHeld(**_about_meeting(row), date=day)


def _take_up(meeting: Meeting, point_ids: Collection[int]) -> None:
    """Put points that meetings of the same host at the same place put off on an agenda, once each.

    A point that stands there already is the one to which it is carried.
    """
    points = list(
        points_waiting(PlaceCode(meeting.place_id), meeting.host_id)
        .select_for_update(of=("self",))
        .filter(pk__in=point_ids)
    )
    if len(points) != len(set(point_ids)):
        raise Refused("coordination.point_is_not_put_off", field="taken_up")
    for point in points:
        about = ("action_id",) if point.action_id else ("alert_code", "link", "text", "place_id")
        there = meeting.agenda.filter(**{name: getattr(point, name) for name in about}).first()
        if there is None:
            last = meeting.agenda.aggregate(last=Max("position"))["last"] or 0
            there = AgendaItem(meeting=meeting, position=last + 1, times_put_off=0)
            for name in _MATTER:
                setattr(there, name, getattr(point, name))
        there.times_put_off = max(there.times_put_off, point.times_put_off)
        there.save()
        point.carried_to = there
        point.save(update_fields=["carried_to"])


_MATTER = (
    "kind",
    "text",
    "action_id",
    "alert_code",
    "alert_params",
    "place_id",
    "link",
    "severity",
)
"""What a point is about, wherever it stands."""
