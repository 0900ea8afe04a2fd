"""What a meeting did not reach goes on to the next one, or waits until there is one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from serentak.coordination import actions
from serentak.coordination.actions import AgendaEntry, OutcomeRow
from serentak.coordination.models import AgendaItem, Meeting
from serentak.coordination.queries.meetings import agenda, waiting
from serentak.coordination.rules.minutes import OutcomeKind
from serentak.institutions import public as institutions
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.platform.models import AuditEvent
from tests.cast import AT, OKI, PROVINCE, Cast

from .builders import done, give, institution_id, plan

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def held(cast: Cast, *texts: str, at: datetime = AT) -> Meeting:
    """Return a meeting that begins at `at`, with its agenda."""
    meeting = plan(cast, starts_at=at)
    for text in texts:
        actions.add_to_agenda(
            meeting_id=meeting.pk,
            entry=AgendaEntry(text=text, place=OKI),
            actor=cast.governor_desk.viewer,
            at=at,
        )
    meeting.refresh_from_db()
    return meeting


def point(meeting: Meeting, text: str) -> AgendaItem:
    """Return a point of an agenda by its words."""
    return meeting.agenda.get(text=text)


def put_off(
    cast: Cast, meeting: Meeting, *texts: str, said: str = "", at: datetime = AT
) -> int | None:
    """Put points off and return the meeting to which they went."""
    meeting.refresh_from_db()
    return actions.put_off_points(
        meeting_id=meeting.pk,
        version=meeting.version,
        said={point(meeting, text).pk: said for text in texts},
        actor=cast.governor_desk.viewer,
        at=at,
    )


def waits(cast: Cast) -> list[str]:
    """Return the words of what waits for the governor's next meeting."""
    host = institutions.institution(institution_id("GOVERNOR"))
    return [line.text for line in waiting(PROVINCE, host, at=AT)]


def test_what_was_not_reached_goes_to_the_next_meeting_with_what_was_said(cast: Cast) -> None:
    meeting = held(cast, "Perahu", "Hibah")
    following = plan(cast, starts_at=AT + WEEK)
    assert put_off(cast, meeting, "Hibah", said="Menunggu BPKAD") == following.pk
    (line,) = agenda(following.pk, at=AT)
    assert (line.text, line.place, line.times_put_off) == ("Hibah", OKI, 1)
    assert line.before is not None
    assert (line.before.meeting_id, line.before.said) == (meeting.pk, "Menunggu BPKAD")
    here = {line.text: line for line in agenda(meeting.pk, at=AT)}
    assert [here["Perahu"].is_put_off, here["Hibah"].is_put_off] == [False, True]
    assert here["Hibah"].next is not None
    assert here["Hibah"].next.meeting_id == following.pk
    meeting.refresh_from_db()
    assert meeting.state == "HELD"
    (event,) = AuditEvent.objects.filter(name="coordination.PointsPutOff")
    assert (event.facts["count"], event.facts["carried"]) == (1, 1)
    assert waits(cast) == []


def test_without_a_next_meeting_it_waits_and_is_taken_up_when_one_is_planned(cast: Cast) -> None:
    meeting = held(cast, "Perahu", "Hibah", "Sinyal")
    assert put_off(cast, meeting, "Hibah", "Sinyal", said="Waktu habis") is None
    assert waits(cast) == ["Hibah", "Sinyal"]
    following = plan(cast, starts_at=AT + WEEK, taken_up=[point(meeting, "Hibah").pk])
    assert [line.text for line in agenda(following.pk, at=AT)] == ["Hibah"]
    assert waits(cast) == ["Sinyal"]
    actions.set_agenda(
        meeting_id=following.pk,
        version=following.version,
        entries=[AgendaEntry(id=line.id) for line in agenda(following.pk, at=AT)],
        taken_up=[point(meeting, "Sinyal").pk],
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    assert [line.text for line in agenda(following.pk, at=AT)] == ["Hibah", "Sinyal"]
    assert waits(cast) == []


def test_carried_three_times_it_says_so(cast: Cast) -> None:
    meeting = held(cast, "Hibah")
    for number in range(1, 4):
        starts_at = AT + number * WEEK
        following = plan(cast, starts_at=starts_at)
        put_off(cast, meeting, "Hibah", said=f"rapat {number}", at=starts_at - timedelta(days=6))
        (line,) = agenda(following.pk, at=AT)
        assert (line.times_put_off, line.before.said if line.before else "") == (
            number,
            f"rapat {number}",
        )
        meeting = following


def test_what_stands_on_the_next_agenda_already_stands_there_once(cast: Cast) -> None:
    task = give(cast)
    meeting = held(cast)
    following = plan(cast, starts_at=AT + WEEK)
    for there in (meeting, following):
        actions.add_to_agenda(
            meeting_id=there.pk,
            entry=AgendaEntry(action_id=task.pk),
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    following.agenda.update(place=OKI)
    put_off(cast, meeting, "")
    (line,) = agenda(following.pk, at=AT)
    assert line.action is not None
    assert line.times_put_off == 1


def test_an_action_that_was_settled_waits_for_no_meeting(cast: Cast) -> None:
    task = give(cast)
    meeting = held(cast)
    actions.add_to_agenda(
        meeting_id=meeting.pk,
        entry=AgendaEntry(action_id=task.pk),
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    put_off(cast, meeting, "")
    assert waits(cast) == [""]
    row = done(cast, task)
    actions.verify_action(
        action_id=row.pk, version=row.version, actor=cast.governor_desk.viewer, at=AT
    )
    assert waits(cast) == []


def test_struck_from_the_next_agenda_it_waits_again(cast: Cast) -> None:
    meeting = held(cast, "Hibah")
    following = plan(cast, starts_at=AT + WEEK)
    put_off(cast, meeting, "Hibah")
    following.refresh_from_db()
    actions.set_agenda(
        meeting_id=following.pk,
        version=following.version,
        entries=[],
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    assert waits(cast) == ["Hibah"]


def test_it_can_be_taken_back_until_the_next_meeting_begins(cast: Cast) -> None:
    meeting = held(cast, "Hibah", "Sinyal")
    following = plan(cast, starts_at=AT + WEEK)
    put_off(cast, meeting, "Hibah", "Sinyal", said="Waktu habis")

    def take_back(text: str, at: datetime) -> None:
        meeting.refresh_from_db()
        actions.take_back_point(
            meeting_id=meeting.pk,
            version=meeting.version,
            point_id=point(meeting, text).pk,
            actor=cast.governor_desk.viewer,
            at=at,
        )

    take_back("Hibah", AT)
    assert [line.text for line in agenda(following.pk, at=AT)] == ["Sinyal"]
    back = point(meeting, "Hibah")
    assert (back.put_off_at, back.said, back.times_put_off) == (None, "", 0)
    assert AuditEvent.objects.filter(name="coordination.PointTakenBack").count() == 1
    with pytest.raises(Refused, match="point_was_dealt_with"):
        take_back("Sinyal", AT + WEEK)
    with pytest.raises(Refused, match="point_is_not_put_off"):
        take_back("Hibah", AT)


def test_what_cannot_be_put_off_is_refused_and_nothing_is_written(cast: Cast) -> None:
    desk = cast.governor_desk.viewer
    meeting = held(cast, "Hibah")
    ahead = held(cast, "Sinyal", at=AT + WEEK)
    here = point(meeting, "Hibah").pk
    given: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "version": meeting.version,
        "actor": desk,
        "at": AT,
    }

    def refused(code: str, **changed: Any) -> None:
        with pytest.raises(Refused, match=code):
            actions.put_off_points(**{**given, "said": {here: ""}, **changed})

    refused("point_is_missing", said={})
    refused("point_is_missing", said={point(ahead, "Sinyal").pk: ""})
    refused("text_is_too_long", said={here: "x" * 501})
    refused("case_is_not_for_minutes", said={here: "Kasus ASN di OI"})
    said = {point(ahead, "Sinyal").pk: ""}
    refused("meeting_lies_ahead", meeting_id=ahead.pk, version=ahead.version, said=said)
    with pytest.raises(Conflict):
        actions.put_off_points(**{**given, "said": {here: ""}, "version": 99})
    with pytest.raises((OutOfScope, Refused)):
        actions.put_off_points(**{**given, "said": {here: ""}, "actor": cast.regent_desk.viewer})
    assert not AgendaItem.objects.exclude(put_off_at=None).exists()


def test_a_point_put_off_is_not_put_off_twice_nor_struck(cast: Cast) -> None:
    meeting = held(cast, "Hibah")
    put_off(cast, meeting, "Hibah")
    with pytest.raises(Refused, match="point_is_missing"):
        put_off(cast, meeting, "Hibah")
    meeting.refresh_from_db()
    with pytest.raises(Refused, match="point_was_put_off"):
        actions.set_agenda(
            meeting_id=meeting.pk,
            version=meeting.version,
            entries=[],
            actor=cast.governor_desk.viewer,
            at=AT,
        )


def test_points_of_another_host_or_taken_up_already_are_not_taken_up(cast: Cast) -> None:
    meeting = held(cast, "Hibah")
    put_off(cast, meeting, "Hibah")
    here = point(meeting, "Hibah").pk
    with pytest.raises(Refused, match="point_is_not_put_off"):
        plan(
            cast,
            starts_at=AT + WEEK,
            place=OKI,
            invited=[],
            actor=cast.regent_desk.viewer,
            taken_up=[here],
        )
    plan(cast, starts_at=AT + WEEK, taken_up=[here])
    with pytest.raises(Refused, match="point_is_not_put_off"):
        plan(cast, starts_at=AT + 2 * WEEK, taken_up=[here])


def test_nothing_is_put_off_once_the_record_is_closed(cast: Cast) -> None:
    meeting = held(cast, "Hibah")
    desk = cast.governor_desk.viewer
    actions.record_outcomes(
        meeting_id=meeting.pk,
        version=meeting.version,
        minutes="Selesai",
        rows=[OutcomeRow(text="Selesai", kind=OutcomeKind.INFORMATION)],
        actor=desk,
        at=AT,
    )
    meeting.refresh_from_db()
    actions.close_meeting(meeting_id=meeting.pk, version=meeting.version, actor=desk, at=AT)
    with pytest.raises(Refused, match="meeting_is_closed"):
        put_off(cast, meeting, "Hibah")


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"said": "Waktu habis"}, "only_a_point_put_off"),
        ({"carried_to": F("pk")}, "carried"),
        ({"put_off_at": AT, "times_put_off": 0}, "only_a_point_put_off"),
        ({"put_off_at": AT, "times_put_off": 1, "carried_to": F("pk")}, "to_itself"),
    ],
)
def test_the_database_holds_what_a_point_put_off_is(
    cast: Cast, wrong: dict[str, Any], name: str
) -> None:
    meeting = held(cast, "Hibah")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        meeting.agenda.update(**wrong)
