"""Every use case of coordination: works, refused and nothing written, wrong place, wrong person."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from serentak.coordination import actions
from serentak.coordination.actions import AgendaEntry, AttendanceEntry, follow_up, parts
from serentak.coordination.models import (
    Action,
    AgendaItem,
    Attendance,
    Guidance,
    Invitation,
    Letter,
    Meeting,
    Outcome,
)
from serentak.coordination.queries.follow_up import action_card, evidence_of, for_minister
from serentak.coordination.queries.letters import letter_card
from serentak.coordination.rules.letters import Draft
from serentak.coordination.rules.minutes import OutcomeKind
from serentak.coordination.rules.states import ActionState
from serentak.institutions import actions as institutions
from serentak.institutions import public
from serentak.institutions.public import HolderStatus
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform.audit import activity_under
from serentak.platform.evidence import evidence_file
from serentak.platform.models import AuditEvent, EvidenceFile
from serentak.platform.words import NOT_OF_THIS_CENTURY, refusal_text
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast, seat

from .builders import ask, done, give, institution_id, plan, row

DAY = timedelta(days=1)
Notification = apps.get_model("notices", "Notification")


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=f"coordination.{name}").order_by("pk"))


# --- asking


def test_a_desk_asks_in_the_name_of_its_governor(cast: Cast) -> None:
    given = give(
        cast,
        alert_code="readiness.OVERDUE",
        alert_params={"days": "3"},
        alert_link="/16.02/readiness",
    )
    assert given.sender_id == institution_id("GOVERNOR")
    assert (given.verb, given.state) == ("DIRECTIVE", ActionState.OPEN)
    assert (given.alert_code, given.alert_link) == ("readiness.OVERDUE", "/16.02/readiness")
    assert given.due_at.isoformat() == "2024-10-30T17:00:00+00:00"
    assert given.next_climb_at == AT + DAY
    (event,) = events("ActionGiven")
    assert event.facts["owner_id"] == given.owner_id
    assert Notification.objects.get().user_id == cast.regent_desk.user_id


def test_a_repeated_click_asks_once(cast: Cast) -> None:
    key = uuid4()
    ids = {
        actions.create_action(client_key=key, ask=ask(), actor=cast.governor_desk.viewer, at=AT)
        for _ in range(2)
    }
    assert len(ids) == 1 == Action.objects.count() == len(events("ActionGiven"))


def test_somebody_elses_key_is_a_conflict(cast: Cast) -> None:
    key = uuid4()
    actions.create_action(client_key=key, ask=ask(), actor=cast.governor_desk.viewer, at=AT)
    with pytest.raises(Conflict, match="key_was_used_by_another"):
        actions.create_action(
            client_key=key,
            ask=ask(owner_id=institution_id("DISHUB", OKI)),
            actor=cast.regent_desk.viewer,
            at=AT,
        )


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"text": "  "}, "coordination.text_is_missing", "text"),
        ({"owner_id": 0}, "coordination.owner_is_missing", "owner"),
        ({"verb": "INSTRUCTION"}, "coordination.verb_is_not_allowed", "kind"),
        ({"verb": "REPRIMAND"}, "coordination.reprimand_is_a_letter", "kind"),
        ({"due_date": date(2024, 10, 27)}, "coordination.due_date_has_passed", "due_date"),
        ({"due_date": date(9999, 12, 31)}, "coordination.due_date_is_too_far", "due_date"),
        (
            {"check_date": date(2024, 10, 29)},
            "coordination.check_comes_before_due_date",
            "check_date",
        ),
        ({"alert_link": "https://example.org"}, "coordination.link_is_no_path", "alert_link"),
        ({"alert_link": "//example.org"}, "coordination.link_is_no_path", "alert_link"),
        ({"place": "16.99"}, "coordination.place_is_missing", "place"),
    ],
)
def test_what_may_not_be_asked_is_refused(
    cast: Cast, changed: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        give(cast, **changed)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not Action.objects.exists()
    assert not events("ActionGiven")


@pytest.mark.parametrize("kind", ["KPU", "BAWASLU", "POLICE"])
def test_independent_bodies_are_asked_and_never_told(cast: Cast, kind: str) -> None:
    owner = institution_id(kind)
    for verb in ("DIRECTIVE", "INSTRUCTION", "REMINDER", "GUIDANCE"):
        with pytest.raises(Refused, match="verb_is_not_allowed"):
            give(cast, owner_id=owner, place=PROVINCE, verb=verb)
    assert give(cast, owner_id=owner, place=PROVINCE).verb == "REQUEST"


def test_one_asks_in_ones_own_places_and_name_only(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        give(cast, by=cast.neighbour)
    with pytest.raises(OutOfScope):
        give(cast, by=cast.observer)
    with pytest.raises(Refused, match="not_your_voice"):
        actions.create_action(
            client_key=uuid4(),
            ask=ask(),
            sender_id=institution_id("GOVERNOR"),
            actor=cast.regent_desk.viewer,
            at=AT,
        )


# --- answering and verifying


def test_from_asking_to_proof(cast: Cast) -> None:
    given = give(cast)
    desk, regent = cast.governor_desk.viewer, cast.regent_desk.viewer
    actions.acknowledge_action(action_id=given.pk, version=1, actor=regent, at=AT)
    actions.start_action(action_id=given.pk, version=2, actor=regent, at=AT + DAY)
    actions.complete_action(
        action_id=given.pk,
        version=3,
        note="Kontrak ditandatangani",
        evidence=SimpleUploadedFile("kontrak.pdf", b"%PDF-1.4\n%EOF\n"),
        actor=regent,
        at=AT + 2 * DAY,
    )
    actions.verify_action(action_id=given.pk, version=4, actor=desk, at=AT + 3 * DAY)
    given.refresh_from_db()
    assert (given.state, given.version) == (ActionState.VERIFIED, 5)
    assert given.acknowledged_at == AT
    assert given.done_date == date(2024, 10, 30)
    assert (given.done_by_id, given.verified_by_id) == (
        cast.regent_desk.user_id,
        cast.governor_desk.user_id,
    )
    assert given.evidence_id == EvidenceFile.objects.get().pk
    assert given.next_climb_at is None
    assert [e.facts["step"] for e in events("ActionMoved")] == [
        "ACKNOWLEDGE", "START", "COMPLETE", "VERIFY",
    ]  # fmt: skip


def test_wanting_evidence_makes_it_owed_again(cast: Cast) -> None:
    given = done(cast, give(cast))
    assert given.next_climb_at == AT + DAY, "whoever asked has a day to verify"
    actions.reject_action(
        action_id=given.pk, version=2, reason="Foto kabur", actor=cast.governor_desk.viewer, at=AT
    )
    given.refresh_from_db()
    assert (given.state, given.reason) == (ActionState.IN_PROGRESS, "Foto kabur")
    assert given.next_climb_at == given.due_at


def test_refused_is_asked_again_with_a_new_day(cast: Cast) -> None:
    given = give(cast)
    actions.refuse_action(
        action_id=given.pk,
        version=1,
        reason="Tak ada anggaran",
        actor=cast.regent_desk.viewer,
        at=AT,
    )
    given.refresh_from_db()
    assert (given.state, given.next_climb_at) == (ActionState.REFUSED, given.due_at + DAY)
    actions.reopen_action(
        action_id=given.pk,
        version=2,
        reason="Anggaran tersedia",
        due_date=date(2024, 11, 4),
        actor=cast.governor_desk.viewer,
        at=AT + DAY,
    )
    given.refresh_from_db()
    assert (given.state, given.due_date) == (ActionState.OPEN, date(2024, 11, 4))
    assert (given.asked_at, given.acknowledged_at) == (AT + DAY, None)
    assert given.first_due_date is None, "what was refused was promised for no day"
    assert [e.facts["due_date"] for e in events("ActionMoved")] == [None, "2024-11-04"]


def test_what_was_accepted_and_then_refused_stays_measured_by_its_day(cast: Cast) -> None:
    given = give(cast)
    regent, desk = cast.regent_desk.viewer, cast.governor_desk.viewer
    actions.acknowledge_action(action_id=given.pk, version=1, actor=regent, at=AT)
    actions.refuse_action(action_id=given.pk, version=2, reason="x", actor=regent, at=AT)
    actions.reopen_action(
        action_id=given.pk, version=3, reason="y", due_date=date(2024, 11, 20), actor=desk, at=AT
    )
    given.refresh_from_db()
    assert (given.first_due_date, given.due_date) == (date(2024, 10, 30), date(2024, 11, 20))


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(2300, 1, 1), date(2024, 10, 1)])
def test_nothing_is_asked_again_for_a_day_that_is_none(cast: Cast, day: date) -> None:
    given = give(cast)
    actions.refuse_action(
        action_id=given.pk, version=1, reason="x", actor=cast.regent_desk.viewer, at=AT
    )
    with pytest.raises(Refused, match="due_date") as refused:
        actions.reopen_action(
            action_id=given.pk,
            version=2,
            reason="y",
            due_date=day,
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    assert refused.value.field == "due_date"


def test_a_long_point_of_an_agenda_is_refused_and_not_cut(cast: Cast) -> None:
    meeting = plan(cast)
    with pytest.raises(Refused, match="text_is_too_long"):
        actions.set_agenda(
            meeting_id=meeting.pk,
            version=meeting.version,
            entries=[AgendaEntry(text="Cuaca " * 60)],
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    assert not meeting.agenda.exists()


def test_what_no_page_holds_is_refused_at_its_field(cast: Cast) -> None:
    for changed, field in (
        ({"text": "a\0b"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"person": "x" * 201}, "person"),
    ):
        with pytest.raises(Refused, match="text_is_too_long") as refused:
            give(cast, **changed)
        assert refused.value.field == field
    given = give(cast)
    with pytest.raises(Refused, match="text_is_too_long"):
        actions.refuse_action(
            action_id=given.pk, version=1, reason="\0", actor=cast.regent_desk.viewer, at=AT
        )
    with pytest.raises(Refused, match="too_far"):
        plan(cast, starts_at=AT + 800 * DAY, at=AT)


def test_a_reason_ends_with_the_state_that_it_explained(cast: Cast) -> None:
    given = done(cast, give(cast))
    desk = cast.governor_desk.viewer
    actions.reject_action(action_id=given.pk, version=2, reason="Foto kabur", actor=desk, at=AT)
    given.refresh_from_db()
    done(cast, given)
    actions.verify_action(action_id=given.pk, version=4, actor=desk, at=AT)
    given.refresh_from_db()
    assert (given.state, given.reason) == (ActionState.VERIFIED, "")


def test_what_is_confided_climbs_to_who_asked_alone(cast: Cast) -> None:
    given = give(cast, alert_code="neutrality.CASES_PAST_CLOCK", alert_link="/16.02/neutrality")
    plan(cast, starts_at=AT + 30 * DAY)
    actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 20 * DAY)
    given.refresh_from_db()
    assert (given.for_minister_at, AgendaItem.objects.count()) == (None, 0)
    (event,) = events("ActionsEscalated")
    assert {step.split()[1] for step in event.facts["steps"]} <= {
        "TELL_OWNER", "TELL_SENDER", "PROPOSE_REMINDER",
    }  # fmt: skip


def test_verified_is_reopened_and_the_verification_goes(cast: Cast) -> None:
    given = done(cast, give(cast))
    desk = cast.governor_desk.viewer
    actions.verify_action(action_id=given.pk, version=2, actor=desk, at=AT)
    actions.reopen_action(action_id=given.pk, version=3, reason="Palsu", actor=desk, at=AT)
    given.refresh_from_db()
    assert (given.state, given.verified_at, given.verified_by_id) == (
        ActionState.IN_PROGRESS,
        None,
        None,
    )


def test_done_needs_evidence(cast: Cast) -> None:
    given = give(cast)
    with pytest.raises(Refused, match="evidence_is_missing"):
        actions.complete_action(
            action_id=given.pk, version=1, note=" ", actor=cast.regent_desk.viewer, at=AT
        )
    given.refresh_from_db()
    assert (given.state, given.version) == (ActionState.OPEN, 1)


@pytest.mark.parametrize(
    "step", ["refuse_action", "reject_action", "cancel_action", "reopen_action"]
)
def test_what_turns_back_needs_a_reason(cast: Cast, step: str) -> None:
    given = give(cast)
    actor = cast.regent_desk.viewer if step == "refuse_action" else cast.governor_desk.viewer
    if step == "reject_action":
        given = done(cast, given)
    if step == "reopen_action":
        actions.refuse_action(
            action_id=given.pk, version=1, reason="x", actor=cast.regent_desk.viewer, at=AT
        )
        given.refresh_from_db()
    with pytest.raises(Refused, match="reason_is_missing"):
        getattr(actions, step)(
            action_id=given.pk, version=given.version, reason=" ", actor=actor, at=AT
        )


def test_the_wrong_person_is_refused_and_a_stranger_sees_nothing(cast: Cast) -> None:
    given = give(cast)
    with pytest.raises(Refused) as caught:
        actions.acknowledge_action(action_id=given.pk, version=1, actor=cast.agency.viewer, at=AT)
    assert caught.value.code == "coordination.only_the_owner_answers"
    with pytest.raises(Refused, match="only_the_owner_answers"):
        actions.acknowledge_action(
            action_id=given.pk, version=1, actor=cast.governor_desk.viewer, at=AT
        )
    with pytest.raises(Refused, match="only_the_sender_decides"):
        actions.cancel_action(
            action_id=given.pk, version=1, reason="x", actor=cast.regent_desk.viewer, at=AT
        )
    for stranger in (cast.neighbour, cast.observer, cast.administrator):
        with pytest.raises(OutOfScope):
            actions.acknowledge_action(action_id=given.pk, version=1, actor=stranger.viewer, at=AT)
    assert events("ActionMoved") == []


def test_who_did_does_not_verify(cast: Cast) -> None:
    """Somebody who sits in both desks is still one person."""
    given = give(cast)
    institutions.assign_role(
        person_id=cast.regent_desk.person_id,
        institution_id=cast.governor_desk.institution_id,
        role="GOVERNOR_DESK_OFFICER",
        from_date=date(2024, 1, 1),
        actor=SYSTEM,
        at=AT,
    )
    both = public.viewer_for(user_id=cast.regent_desk.user_id, at=AT)
    actions.complete_action(action_id=given.pk, version=1, note="x", actor=both, at=AT)
    with pytest.raises(Refused, match="who_did_cannot_verify"):
        actions.verify_action(action_id=given.pk, version=2, actor=both, at=AT)


def test_a_second_click_and_a_second_person_meet_a_conflict(cast: Cast) -> None:
    given = give(cast)
    actions.acknowledge_action(action_id=given.pk, version=1, actor=cast.regent_desk.viewer, at=AT)
    for member in (cast.regent_desk, cast.regent_desk):
        with pytest.raises(Conflict, match="changed_meanwhile"):
            actions.refuse_action(
                action_id=given.pk, version=1, reason="x", actor=member.viewer, at=AT
            )
    assert len(events("ActionMoved")) == 1


def test_a_step_that_is_not_possible_is_refused(cast: Cast) -> None:
    given = give(cast)
    with pytest.raises(Refused, match="step_is_not_possible"):
        actions.verify_action(action_id=given.pk, version=1, actor=cast.governor_desk.viewer, at=AT)


def test_evidence_of_what_is_confided_shows_nowhere_else(cast: Cast) -> None:
    answers = seat("kepala.desk", "Aminah", "REGENT_DESK_HEAD", "REGENT_DESK", OKI)
    given = give(cast, alert_code="neutrality.CASES_PAST_CLOCK", alert_link="/16.02/neutrality")
    actions.complete_action(
        action_id=given.pk,
        version=1,
        note="Diputus",
        evidence=SimpleUploadedFile("sk.pdf", b"%PDF-1.4\n%EOF\n"),
        actor=answers.viewer,
        at=AT,
    )
    stored = EvidenceFile.objects.get()
    with pytest.raises(OutOfScope):
        evidence_file(stored.pk, viewer=cast.regent_desk.viewer)
    with pytest.raises(OutOfScope):
        evidence_of(given.pk, cast.regent_desk.viewer)
    assert "platform.EvidenceStored" not in {e.name for e in activity_under(OKI, limit=200)}
    for member in (cast.governor_desk, answers):
        assert evidence_of(given.pk, member.viewer) == stored


def test_evidence_is_seen_by_both_sides_and_by_who_sees_the_place(cast: Cast) -> None:
    given = give(cast, owner_id=institution_id("KPU"), place=PROVINCE)
    actions.complete_action(
        action_id=given.pk,
        version=1,
        evidence=SimpleUploadedFile("surat.pdf", b"%PDF-1.4\n%EOF\n"),
        actor=cast.province_commission.viewer,
        at=AT,
    )
    stored = EvidenceFile.objects.get()
    for member in (cast.governor_desk, cast.province_commission):
        assert evidence_of(given.pk, member.viewer) == stored
    with pytest.raises(OutOfScope):
        evidence_of(given.pk, cast.neighbour.viewer)
    with pytest.raises(OutOfScope):
        evidence_of(give(cast).pk, cast.governor_desk.viewer)


# --- climbing


def test_what_nobody_answers_climbs_once_a_step(cast: Cast) -> None:
    given = give(cast)
    meeting = plan(cast, starts_at=AT + 7 * DAY)
    Notification.objects.all().delete()
    assert actions.escalate_overdue(actor=SYSTEM, at=AT + DAY - timedelta(minutes=1)) == 0
    assert actions.escalate_overdue(actor=SYSTEM, at=AT + DAY) == 1
    assert actions.escalate_overdue(actor=SYSTEM, at=AT + DAY) == 0
    told = Notification.objects.get()
    assert (told.user_id, told.is_urgent, told.code) == (
        cast.regent_desk.user_id, True, "coordination.climb.TELL_OWNER",
    )  # fmt: skip
    assert actions.escalate_overdue(actor=SYSTEM, at=AT + 2 * DAY) == 1
    point = AgendaItem.objects.get()
    assert (point.meeting_id, point.action_id) == (meeting.pk, given.pk)
    assert actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 7 * DAY) == 5
    given.refresh_from_db()
    assert (given.climbed_to, given.next_climb_at) == ("minister", None)
    assert given.for_minister_at == given.due_at + 7 * DAY
    assert AgendaItem.objects.count() == 1
    last = Notification.objects.filter(created_at=given.due_at + 7 * DAY)
    assert {(n.user_id, n.code) for n in last} == {
        (cast.regent_desk.user_id, "coordination.climb.TELL_OWNER"),
        (cast.governor_desk.user_id, "coordination.climb.REPORT_TO_MINISTER"),
    }, "of several steps at once who asked hears of the furthest"
    assert [e.facts["count"] for e in events("ActionsEscalated")] == [1, 1, 5]


def test_a_request_climbs_to_agenda_and_minister_only(cast: Cast) -> None:
    given = give(cast, owner_id=institution_id("KPU"), place=PROVINCE)
    actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 30 * DAY)
    (event,) = events("ActionsEscalated")
    steps = {step.split()[1] for step in event.facts["steps"]}
    assert steps == {"TELL_SENDER", "AGENDA", "REPORT_TO_MINISTER", "TELL_OWNER"}
    given.refresh_from_db()
    assert given.for_minister_at is not None


def test_what_is_settled_does_not_climb_and_nobody_lets_things_climb(cast: Cast) -> None:
    given = done(cast, give(cast))
    desk = cast.governor_desk.viewer
    actions.verify_action(action_id=given.pk, version=2, actor=desk, at=AT)
    cancelled = give(cast)
    actions.cancel_action(action_id=cancelled.pk, version=1, reason="x", actor=desk, at=AT)
    assert actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 30 * DAY) == 0
    with pytest.raises(OutOfScope):
        actions.escalate_overdue(actor=cast.governor_desk.viewer, at=AT)


def test_what_nobody_verifies_climbs_to_who_asked_and_to_the_next_meeting(cast: Cast) -> None:
    given = done(cast, give(cast))
    Notification.objects.all().delete()
    assert actions.escalate_overdue(actor=SYSTEM, at=AT + DAY) == 1
    told = Notification.objects.get()
    assert (told.user_id, told.code) == (
        cast.governor_desk.user_id, "coordination.climb.UNVERIFIED",
    )  # fmt: skip
    assert actions.escalate_overdue(actor=SYSTEM, at=AT + 2 * DAY) == 1
    point = plan(cast, starts_at=AT + 5 * DAY).agenda.get()
    assert (point.action_id, point.severity) == (given.pk, "AT_RISK")
    given.refresh_from_db()
    assert (given.climbed_to, given.next_climb_at) == ("unverified_agenda", None)
    late = given.due_at + 5 * DAY
    actions.reject_action(
        action_id=given.pk,
        version=2,
        reason="Foto kabur",
        actor=cast.governor_desk.viewer,
        at=late,
    )
    assert actions.escalate_overdue(actor=SYSTEM, at=late) == 0, "who asked has just decided"
    given.refresh_from_db()
    assert given.climbed_to == "reminder"
    assert plan(cast, starts_at=late + DAY).agenda.get().action_id == given.pk
    assert actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 7 * DAY) == 1


def test_what_is_refused_and_left_climbs_past_who_refused(cast: Cast) -> None:
    given = give(cast)
    actions.refuse_action(
        action_id=given.pk, version=1, reason="x", actor=cast.regent_desk.viewer, at=AT
    )
    Notification.objects.all().delete()
    assert actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 7 * DAY) == 4
    given.refresh_from_db()
    assert given.for_minister_at is not None
    assert {n.user_id for n in Notification.objects.all()} == {cast.governor_desk.user_id}
    later = given.due_at + 7 * DAY
    found = for_minister(PROVINCE, viewer=SYSTEM, at=later)
    assert [c.id for c in found] == [given.pk]
    letter_id = actions.draft_letter(
        action_id=given.pk, verb="REMINDER", actor=cast.governor_desk.viewer, at=later
    )
    assert Letter.objects.get(pk=letter_id).verb == "REMINDER"


def test_what_has_climbed_waits_for_the_next_meeting_and_is_not_lost(cast: Cast) -> None:
    given = give(cast, owner_id=institution_id("KPU"), place=PROVINCE)
    answered = give(cast)
    actions.escalate_overdue(actor=SYSTEM, at=AT + 2 * DAY)
    done(cast, answered, at=AT + 2 * DAY)
    meeting = plan(cast, starts_at=AT + 5 * DAY)
    point = meeting.agenda.get()
    assert (point.action_id, point.severity) == (given.pk, "LATE")


def test_an_agenda_seen_before_something_climbed_to_it_is_not_saved(cast: Cast) -> None:
    meeting = plan(cast, starts_at=AT + 7 * DAY)
    given = give(cast)
    actions.escalate_overdue(actor=SYSTEM, at=AT + 2 * DAY)
    with pytest.raises(Conflict):
        actions.set_agenda(
            meeting_id=meeting.pk,
            version=meeting.version,
            entries=[AgendaEntry(text="Cuaca")],
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    assert meeting.agenda.get().action_id == given.pk


def test_asked_again_with_a_new_day_it_climbs_from_the_beginning(cast: Cast) -> None:
    given = give(cast)
    actions.escalate_overdue(actor=SYSTEM, at=given.due_at + 8 * DAY)
    given.refresh_from_db()
    done(cast, given, at=given.due_at + 8 * DAY)
    later = given.due_at + 7 * DAY
    desk = cast.governor_desk.viewer
    actions.verify_action(action_id=given.pk, version=2, actor=desk, at=later)
    new_day = given.due_date + 14 * DAY
    actions.reopen_action(
        action_id=given.pk, version=3, reason="Perahu bocor", due_date=new_day, actor=desk, at=later
    )
    given.refresh_from_db()
    assert (given.climbed_to, given.for_minister_at, given.check_date) == ("", None, new_day)
    assert given.next_climb_at == given.due_at
    assert given.first_due_date == given.due_date - 14 * DAY
    assert action_card(given.pk, desk, at=later).promised_date == given.first_due_date


# --- meetings


def test_a_meeting_from_plan_to_closing(cast: Cast) -> None:
    meeting = plan(cast)
    desk = cast.governor_desk.viewer
    assert meeting.host_id == institution_id("GOVERNOR")
    assert meeting.invitations.count() == 2
    earlier = give(cast)
    actions.set_agenda(
        meeting_id=meeting.pk,
        version=1,
        entries=[
            AgendaEntry(action_id=earlier.pk),
            AgendaEntry(alert_code="readiness.OVERDUE", link="/16.02/readiness", place=OKI),
            AgendaEntry(text="Lain-lain"),
        ],
        actor=desk,
        at=AT,
    )
    actions.record_attendance(
        meeting_id=meeting.pk,
        version=2,
        entries=[
            AttendanceEntry(institution_id("KPU"), Attendance.PRESENT, "Ketua"),
            AttendanceEntry(institution_id("BAWASLU"), Attendance.REPRESENTED),
        ],
        actor=desk,
        at=AT,
    )
    assert Invitation.objects.filter(meeting=meeting).count() == 3
    ids = actions.record_outcomes(
        meeting_id=meeting.pk,
        version=3,
        minutes="Bupati OKI kontrak perahu\nRakor berikut 4 Nov",
        rows=[
            row(),
            row(
                text="Rakor berikut",
                kind=OutcomeKind.INFORMATION,
                owner_id=None,
                verb="",
                due_date=None,
            ),
        ],
        actor=desk,
        at=AT,
    )
    made = Action.objects.get(pk=ids[0])
    assert made.outcome is not None
    assert (made.outcome.meeting_id, made.place_id, made.verb) == (meeting.pk, OKI, "DIRECTIVE")
    assert Outcome.objects.count() == 2
    (event,) = events("OutcomesRecorded")
    assert (event.facts["count"], event.facts["actions"]) == (2, 1)
    actions.close_meeting(meeting_id=meeting.pk, version=4, actor=desk, at=AT)
    with pytest.raises(Refused, match="meeting_is_closed"):
        actions.record_outcomes(
            meeting_id=meeting.pk, version=5, minutes="", rows=[row()], actor=desk, at=AT
        )


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"owner_id": None}, "decision_has_no_owner", "rows-1-owner"),
        ({"due_date": None}, "decision_has_no_due_date", "rows-1-due_date"),
        ({"check_date": None}, "decision_has_no_check", "rows-1-check_date"),
        ({"text": ""}, "text_is_missing", "rows-1-text"),
        (
            {"kind": OutcomeKind.INSTRUCTION, "verb": "INSTRUCTION"},
            "verb_is_not_allowed",
            "rows-1-kind",
        ),
        ({"kind": OutcomeKind.REQUEST}, "verb_and_kind_differ", "rows-1-kind"),
        (
            {"check_meeting_id": 0, "check_date": None},
            "check_meeting_is_missing",
            "rows-1-check_date",
        ),
    ],
)
def test_an_outcome_that_cannot_be_followed_up_stops_all(
    cast: Cast, changed: dict[str, Any], code: str, field: str
) -> None:
    meeting = plan(cast)
    with pytest.raises(Refused) as caught:
        actions.record_outcomes(
            meeting_id=meeting.pk,
            version=1,
            minutes="…",
            rows=[row(), row(**changed)],
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    assert (caught.value.code, caught.value.field) == (f"coordination.{code}", field)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minutes, meeting.version) == ("PLANNED", "", 1)
    assert not Outcome.objects.exists()
    assert not Action.objects.exists()


def test_a_decision_is_carried_by_what_one_says_first_and_checked_at_a_meeting(cast: Cast) -> None:
    meeting, later = plan(cast), plan(cast, starts_at=AT + 7 * DAY)
    ids = actions.record_outcomes(
        meeting_id=meeting.pk,
        version=1,
        minutes="",
        rows=[
            row(kind=OutcomeKind.DECISION, verb="", check_date=None, check_meeting_id=later.pk),
            row(kind=OutcomeKind.DECISION, verb="", owner_id=institution_id("POLICE")),
        ],
        actor=cast.governor_desk.viewer,
        at=AT,
    )
    verbs = dict(Action.objects.filter(pk__in=ids).values_list("owner__kind", "verb"))
    assert verbs == {"REGENT": "DIRECTIVE", "POLICE": "REQUEST"}


def test_outcomes_before_the_meeting_and_twice_are_refused(cast: Cast) -> None:
    ahead = plan(cast, starts_at=AT + DAY)
    desk = cast.governor_desk.viewer
    arguments: dict[str, Any] = {"minutes": "", "rows": [row()], "actor": desk, "at": AT}
    with pytest.raises(Refused, match="meeting_lies_ahead"):
        actions.record_outcomes(meeting_id=ahead.pk, version=1, **arguments)
    meeting = plan(cast)
    actions.record_outcomes(meeting_id=meeting.pk, version=1, **arguments)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        actions.record_outcomes(meeting_id=meeting.pk, version=1, **arguments)
    assert Action.objects.count() == 1


def test_a_meeting_is_run_by_its_host_only(cast: Cast) -> None:
    meeting = plan(cast)
    for member in (cast.regent_desk, cast.agency, cast.supervisor):
        with pytest.raises((OutOfScope, Refused)):
            actions.hold_meeting(meeting_id=meeting.pk, version=1, actor=member.viewer, at=AT)
    with pytest.raises(OutOfScope):
        actions.hold_meeting(meeting_id=meeting.pk, version=1, actor=cast.neighbour.viewer, at=AT)
    with pytest.raises(OutOfScope):
        plan(cast, actor=cast.regent_desk.viewer)
    with pytest.raises(Refused, match="theme_is_missing"):
        plan(cast, theme=" ")
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"theme": "Rakor logistik"}, {"venue": "Kayuagung"}, {"invited": []}, {"starts_at": AT + DAY}],
)
def test_a_plan_under_a_used_key_is_not_lost(cast: Cast, changed: dict[str, Any]) -> None:
    key = uuid4()
    plan(cast, client_key=key)
    with pytest.raises(Conflict, match="key_was_used_by_another"):
        plan(cast, client_key=key, **changed)
    with pytest.raises(Conflict, match="key_was_used_by_another"):
        plan(cast, client_key=key, actor=SYSTEM)
    assert plan(cast, **changed).pk != Meeting.objects.get(client_key=key).pk


@pytest.mark.parametrize(
    "changed", [{"text": "Sewa perahu"}, {"due_date": date(2024, 11, 5)}, {"person": "Amir"}]
)
def test_what_is_asked_under_a_used_key_is_not_lost(cast: Cast, changed: dict[str, Any]) -> None:
    common = {"client_key": uuid4(), "actor": cast.governor_desk.viewer, "at": AT}
    actions.create_action(ask=ask(), **common)
    with pytest.raises(Conflict, match="key_was_used_by_another"):
        actions.create_action(ask=ask(**changed), **common)


def test_the_database_holds_no_meeting_beyond_all_calendars(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        plan(cast, starts_at=datetime(1, 1, 9, tzinfo=UTC), at=AT)
    assert refusal_text(refused.value) == str(NOT_OF_THIS_CENTURY)
    assert not Meeting.objects.exists()


def test_a_repeated_plan_and_point_stand_once(cast: Cast) -> None:
    key = uuid4()
    assert plan(cast, client_key=key).pk == plan(cast, client_key=key).pk
    meeting = Meeting.objects.get()
    entry = AgendaEntry(alert_code="figures.difference_is_open", link="/16/figures#stations")
    for _ in range(2):
        actions.add_to_agenda(
            meeting_id=meeting.pk, entry=entry, actor=cast.governor_desk.viewer, at=AT
        )
    given = give(cast)
    for _ in range(2):
        actions.add_to_agenda(
            meeting_id=meeting.pk,
            entry=AgendaEntry(action_id=given.pk),
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    assert meeting.agenda.count() == 2
    with pytest.raises(Refused, match="place_is_missing"):
        actions.add_to_agenda(
            meeting_id=meeting.pk,
            entry=AgendaEntry(text="x", place=PlaceCode("16.99")),
            actor=cast.governor_desk.viewer,
            at=AT,
        )
    with pytest.raises(Refused, match="place_is_missing"):
        plan(cast, place=PlaceCode("16.99"))
    with pytest.raises(Refused, match="link_is_no_path"):
        actions.add_to_agenda(
            meeting_id=meeting.pk,
            entry=AgendaEntry(text="x", link="javascript:alert(1)"),
            actor=cast.governor_desk.viewer,
            at=AT,
        )


# --- guidance


def test_a_visit_is_recorded_and_leads_to_an_action(cast: Cast) -> None:
    key = uuid4()
    arguments: dict[str, Any] = {
        "client_key": key,
        "place": OKI,
        "visited_id": institution_id("REGENT", OKI),
        "visit_date": date(2024, 10, 27),
        "findings": "Gudang Air Sugihan belum siap",
        "actor": cast.governor_desk.viewer,
        "at": AT,
    }
    visit = actions.record_guidance(**arguments)
    assert actions.record_guidance(**arguments) == visit
    with pytest.raises(Conflict, match="key_was_used_by_another"):
        actions.record_guidance(**{**arguments, "findings": "Kotak suara kurang."})
    assert Guidance.objects.count() == 1 == len(events("GuidanceRecorded"))
    action_id = actions.create_action(
        client_key=uuid4(), ask=ask(), guidance_id=visit, actor=cast.governor_desk.viewer, at=AT
    )
    assert Action.objects.get(pk=action_id).guidance_id == visit
    for changed, code in (
        ({"findings": " "}, "findings_are_missing"),
        ({"visit_date": date(2024, 10, 29)}, "visit_lies_ahead"),
        ({"visited_id": institution_id("KPU", OKI)}, "verb_is_not_allowed"),
        ({"visited_id": institution_id("REGENT", BANYUASIN)}, "owner_is_missing"),
    ):
        with pytest.raises(Refused, match=code):
            actions.record_guidance(**(arguments | {"client_key": uuid4()} | changed))
    with pytest.raises(OutOfScope):
        actions.record_guidance(**(arguments | {"actor": cast.neighbour.viewer}))


# --- letters


def _holder(cast: Cast, name: str, status: HolderStatus, *, contest: str = "") -> None:
    institution = institution_id("REGENT", OKI)
    person = institutions.add_person(
        institution_id=institution,
        full_name=name,
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=AT,
    )
    institutions.name_holder(
        institution_id=institution,
        person_id=person,
        status=status,
        from_date=date(2024, 1, 3),
        contest=contest,
        source="uji",
        actor=SYSTEM,
        at=AT,
    )


def test_a_letter_names_the_holder_of_the_day_and_leaves_number_and_date_blank(cast: Cast) -> None:
    _holder(cast, "Rustam Selincah", HolderStatus.PJ)
    given = give(cast)
    id = actions.draft_letter(action_id=given.pk, actor=cast.governor_desk.viewer, at=AT)
    again = actions.draft_letter(action_id=given.pk, actor=cast.governor_desk.viewer, at=AT)
    assert id == again
    card = letter_card(id, cast.governor_desk.viewer)
    assert card.recipient_title == "Pj. Bupati Ogan Komering Ilir"
    assert card.recipient_name == "Rustam Selincah"
    assert (card.number, card.letter_date, card.city) == ("", None, "Palembang")
    assert card.draft.subject == "Arahan mengenai Kontrak perahu untuk 272 TPS"
    assert "30 Oktober 2024" in card.draft.points[0]
    assert "salinan kontrak" in card.draft.points[1]
    assert len(events("LetterDrafted")) == 1


def test_a_task_that_ends_in_a_stop_goes_on_in_the_letter(cast: Cast) -> None:
    given = give(cast, text="Kontrak perahu untuk 272 TPS.")
    id = actions.draft_letter(action_id=given.pk, actor=cast.governor_desk.viewer, at=AT)
    draft = letter_card(id, cast.governor_desk.viewer).draft
    assert draft.subject == "Arahan mengenai Kontrak perahu untuk 272 TPS"
    assert "272 TPS paling lambat" in draft.points[0]


def test_a_holder_who_is_a_candidate_is_marked(cast: Cast) -> None:
    _holder(cast, "Lanang Komering", HolderStatus.DEFINITIVE, contest="bupati")
    id = actions.draft_letter(action_id=give(cast).pk, actor=cast.governor_desk.viewer, at=AT)
    assert letter_card(id, cast.governor_desk.viewer).recipient_is_candidate


def test_a_letter_is_revised_sent_and_then_stands(cast: Cast) -> None:
    desk = cast.governor_desk.viewer
    id = actions.draft_letter(action_id=give(cast).pk, actor=desk, at=AT)
    draft = Draft("Hal", "Pembuka", ("Satu", " "), "Penutup", ("Menteri",))
    actions.revise_letter(letter_id=id, version=1, draft=draft, actor=desk, at=AT)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        actions.revise_letter(letter_id=id, version=1, draft=draft, actor=desk, at=AT)
    with pytest.raises(Refused, match="number_is_missing"):
        actions.mark_letter_sent(
            letter_id=id, version=2, number=" ", letter_date=date(2024, 10, 28), actor=desk, at=AT
        )
    with pytest.raises(Refused, match="letter_date_lies_ahead"):
        actions.mark_letter_sent(
            letter_id=id, version=2, number="1", letter_date=date(2024, 10, 29), actor=desk, at=AT
        )
    actions.mark_letter_sent(
        letter_id=id,
        version=2,
        number="200.2/1/2024",
        letter_date=date(2024, 10, 28),
        actor=desk,
        at=AT,
    )
    letter = Letter.objects.get(pk=id)
    assert (letter.state, letter.points, letter.number) == ("SENT", ["Satu"], "200.2/1/2024")
    with pytest.raises(Refused, match="step_is_not_possible"):
        actions.discard_letter(letter_id=id, version=3, actor=desk, at=AT)


def test_no_feed_of_a_place_tells_of_a_draft(cast: Cast) -> None:
    desk = cast.governor_desk.viewer
    given = give(cast)
    put_away = actions.draft_letter(action_id=given.pk, actor=desk, at=AT)
    actions.discard_letter(letter_id=put_away, version=1, actor=desk, at=AT)
    id = actions.draft_letter(action_id=given.pk, actor=desk, at=AT)
    draft = Draft("Hal", "Pembuka", ("Satu",), "Penutup", ())
    actions.revise_letter(letter_id=id, version=1, draft=draft, actor=desk, at=AT)
    of_drafts = [
        event
        for name in ("LetterDrafted", "LetterRevised", "LetterDiscarded")
        for event in events(name)
    ]
    assert [event.place for event in of_drafts] == [COUNTRY] * 4
    actions.mark_letter_sent(
        letter_id=id, version=2, number="1", letter_date=date(2024, 10, 28), actor=desk, at=AT
    )
    assert [event.place for event in events("LetterSent")] == [OKI]


def test_a_draft_put_away_makes_room_for_another(cast: Cast) -> None:
    desk = cast.governor_desk.viewer
    given = give(cast)
    first = actions.draft_letter(action_id=given.pk, actor=desk, at=AT)
    actions.discard_letter(letter_id=first, version=1, actor=desk, at=AT)
    assert actions.draft_letter(action_id=given.pk, actor=desk, at=AT) != first


def test_a_reprimand_comes_after_a_reminder_with_its_ground(cast: Cast) -> None:
    desk = cast.governor_desk.viewer
    given = give(cast)
    late = given.due_at + DAY

    def reprimand(level: int = 1, ground: str = "PP 12/2017 pasal 37", at: datetime = late) -> int:
        return actions.draft_letter(
            action_id=given.pk, verb="REPRIMAND", level=level, ground=ground, actor=desk, at=at
        )

    for arguments, code in (
        ({"ground": " "}, "NO_GROUND"),
        ({}, "NO_REMINDER"),
        ({"level": 3}, "level_is_unknown"),
    ):
        with pytest.raises(Refused, match=code):
            reprimand(**arguments)  # type: ignore[arg-type]
    reminder = actions.draft_letter(action_id=given.pk, verb="REMINDER", actor=desk, at=late)
    actions.mark_letter_sent(
        letter_id=reminder,
        version=1,
        number="1",
        letter_date=date(2024, 11, 1),
        actor=desk,
        at=late,
    )
    with pytest.raises(Refused, match="TOO_SOON"):
        reprimand()
    with pytest.raises(Refused, match="NO_LEVEL_BEFORE"):
        reprimand(level=2, at=late + 3 * DAY)
    letter = Letter.objects.get(pk=reprimand(at=late + 3 * DAY))
    assert (letter.verb, letter.level, letter.ground) == ("REPRIMAND", 1, "PP 12/2017 pasal 37")
    assert letter.subject.startswith("Teguran tertulis pertama mengenai ")


def test_nobody_is_reminded_before_anything_is_late(cast: Cast) -> None:
    desk, given = cast.governor_desk.viewer, give(cast)
    arguments: dict[str, Any] = {"action_id": given.pk, "verb": "REMINDER", "actor": desk}
    with pytest.raises(Refused, match="nothing_to_remind_of"):
        actions.draft_letter(at=AT + DAY, **arguments)
    assert not Letter.objects.exists()
    assert actions.draft_letter(at=AT + DAY + timedelta(minutes=1), **arguments)
    known = give(cast)
    actions.acknowledge_action(action_id=known.pk, version=1, actor=cast.regent_desk.viewer, at=AT)
    arguments["action_id"] = known.pk
    with pytest.raises(Refused, match="nothing_to_remind_of"):
        actions.draft_letter(at=known.due_at - timedelta(minutes=1), **arguments)
    assert actions.draft_letter(at=known.due_at, **arguments)


def test_a_letter_is_not_older_than_its_draft_and_levels_take_their_days(cast: Cast) -> None:
    desk, given = cast.governor_desk.viewer, give(cast)
    late = given.due_at + DAY

    def send(id: int, day: date, at: datetime) -> None:
        actions.mark_letter_sent(
            letter_id=id, version=1, number="1", letter_date=day, actor=desk, at=at
        )

    reminder = actions.draft_letter(action_id=given.pk, verb="REMINDER", actor=desk, at=late)
    with pytest.raises(Refused, match="letter_date_comes_before_draft") as caught:
        send(reminder, date(2024, 9, 1), late)
    assert caught.value.field == "letter_date"
    send(reminder, date(2024, 11, 1), late)
    arguments: dict[str, Any] = {"action_id": given.pk, "verb": "REPRIMAND", "ground": "PP 12/2017"}
    first = actions.draft_letter(level=1, actor=desk, at=late + 3 * DAY, **arguments)
    send(first, date(2024, 11, 4), late + 3 * DAY)
    with pytest.raises(Refused, match="LEVEL_TOO_SOON"):
        actions.draft_letter(level=2, actor=desk, at=late + 5 * DAY, **arguments)
    assert actions.draft_letter(level=2, actor=desk, at=late + 6 * DAY, **arguments)


@pytest.mark.parametrize("end", ["verify_action", "cancel_action"])
def test_no_reminder_goes_out_on_what_is_settled(cast: Cast, end: str) -> None:
    desk, given = cast.governor_desk.viewer, give(cast)
    late = given.due_at + DAY
    id = actions.draft_letter(action_id=given.pk, verb="REMINDER", actor=desk, at=late)
    if end == "verify_action":
        done(cast, given, at=late)
    ending: dict[str, Any] = {"reason": "x"} if end == "cancel_action" else {}
    getattr(actions, end)(action_id=given.pk, version=given.version, actor=desk, at=late, **ending)
    with pytest.raises(Refused, match="step_is_not_possible"):
        actions.mark_letter_sent(
            letter_id=id, version=1, number="1", letter_date=date(2024, 11, 1), actor=desk, at=late
        )
    assert Letter.objects.get().state == "DRAFT"


def test_nobody_is_reminded_of_what_is_done(cast: Cast) -> None:
    given = done(cast, give(cast))
    with pytest.raises(Refused, match="step_is_not_possible"):
        actions.draft_letter(
            action_id=given.pk, verb="REMINDER", actor=cast.governor_desk.viewer, at=AT
        )


def test_nobody_reprimands_the_commission(cast: Cast) -> None:
    given = give(cast, owner_id=institution_id("KPU"), place=PROVINCE)
    for verb in ("REMINDER", "REPRIMAND", "DIRECTIVE"):
        with pytest.raises(Refused, match="verb_is_not_allowed"):
            actions.draft_letter(
                action_id=given.pk,
                verb=verb,
                level=1,
                ground="x",
                actor=cast.governor_desk.viewer,
                at=AT,
            )
    assert not Letter.objects.exists()


def test_only_the_desk_that_asked_writes(cast: Cast) -> None:
    given = give(cast)
    with pytest.raises(Refused, match="only_the_sender_writes"):
        actions.draft_letter(action_id=given.pk, actor=cast.regent_desk.viewer, at=AT)
    with pytest.raises(OutOfScope):
        actions.draft_letter(action_id=given.pk, actor=cast.neighbour.viewer, at=AT)


# --- two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_wins(cast: Cast) -> None:
    given = give(cast)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def answer(step: str) -> None:
        try:
            barrier.wait()
            arguments: dict[str, Any] = {"reason": "x"} if step == "refuse_action" else {}
            getattr(actions, step)(
                action_id=given.pk, version=1, actor=cast.regent_desk.viewer, at=AT, **arguments
            )
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=answer, args=(step,))
        for step in ("acknowledge_action", "refuse_action")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "done"]
    given.refresh_from_db()
    assert given.version == 2


def waits_for_a_key() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone() is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("use_case", ["create_action", "plan_meeting", "record_guidance"])
def test_the_same_page_sent_twice_at_once_is_answered_once(cast: Cast, use_case: str) -> None:
    key, answers = uuid4(), list[object]()
    arguments: dict[str, Any] = {
        "create_action": {"ask": ask()},
        "plan_meeting": {"place": PROVINCE, "theme": "Rakor", "starts_at": AT + DAY},
        "record_guidance": {
            "place": OKI,
            "visited_id": institution_id("REGENT", OKI),
            "visit_date": date(2024, 10, 28),
            "findings": "Gudang bocor",
        },
    }[use_case]

    def the_other_waits(*_: Any, **__: Any) -> Any:
        """Let the first write only when the second has come to the key."""
        until = time.monotonic() + 20
        while not waits_for_a_key():
            assert time.monotonic() < until
        return voices_of(*_, **__)

    def send() -> None:
        try:
            answers.append(
                getattr(actions, use_case)(
                    client_key=key, actor=cast.governor_desk.viewer, at=AT, **arguments
                )
            )
        except Refused as refused:
            answers.append(refused.code)
        finally:
            connection.close()

    module = parts if use_case == "plan_meeting" else follow_up
    voices_of = module.voices
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "voices", the_other_waits)
        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert isinstance(answers[0], int)
    assert answers == [answers[0]] * 2
    name = {
        "create_action": "ActionGiven",
        "plan_meeting": "MeetingPlanned",
        "record_guidance": "GuidanceRecorded",
    }[use_case]
    assert len(events(name)) == 1
