"""Numbers are kept by their own; assessments agreed by two; requests answered; crimes taken on."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from serentak.coordination import actions as coordination
from serentak.coordination.public import ActionState
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.liaison import actions, public, queries
from serentak.liaison.actions import Following
from serentak.liaison.models import AidRequest, Assessment, Contact, Crime
from serentak.liaison.rules import CrimeEvent
from serentak.platform.models import AuditEvent
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast

from .builders import (
    TODAY,
    ask,
    assess,
    contact,
    crime,
    id_of,
    police,
    prosecutor,
    supervisor,
    the_request,
)

Action: Any = apps.get_model("coordination.Action")
LATER = AT + timedelta(hours=1)


def events() -> list[tuple[str, Any]]:
    rows = AuditEvent.objects.filter(name__startswith="liaison.").order_by("id")
    return [(row.name.partition(".")[2], row.facts) for row in rows]


def refused(act: Any, /, *args: Any, **given: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        act(*args, **given)
    return caught.value.code, caught.value.field


# --- contacts


def test_an_institution_keeps_its_own_numbers(cast: Cast) -> None:
    row = contact(cast.commission.viewer, "KPU", hours="24 jam")
    given = {"contact_id": row.pk, "office": "Piket KPU", "phone": "x1", "at": LATER}
    assert refused(actions.change_contact, **given, version=1, actor=cast.commission.viewer) == (
        "liaison.phone_is_none",
        "phone",
    )
    given["phone"] = "+62 711 352042"
    actions.change_contact(**given, version=1, actor=cast.commission.viewer)
    row.refresh_from_db()
    assert (row.office, row.phone, row.version) == ("Piket KPU", "+62 711 352042", 2)
    with pytest.raises(Conflict):
        actions.change_contact(**given, version=1, actor=cast.commission.viewer)
    for member in (cast.regent_desk, cast.agency, cast.neighbour, cast.observer):
        with pytest.raises(OutOfScope):
            actions.remove_contact(contact_id=row.pk, version=2, actor=member.viewer, at=LATER)
    actions.remove_contact(contact_id=row.pk, version=2, actor=cast.commission.viewer, at=LATER)
    assert not Contact.objects.exists()
    assert [name for name, _ in events()] == ["ContactSaved", "ContactSaved", "ContactRemoved"]
    assert all(not facts for _, facts in events()), "numbers are personal"


def test_a_desk_keeps_the_numbers_of_who_has_no_account(cast: Cast) -> None:
    contact(cast.regent_desk.viewer, "PLN")
    with pytest.raises(OutOfScope):
        contact(cast.regent_desk.viewer, "KPU")
    with pytest.raises(OutOfScope):
        contact(cast.governor_desk.viewer, "PLN")
    with pytest.raises(OutOfScope):
        contact(cast.neighbour.viewer, "PLN")
    with pytest.raises(OutOfScope):
        contact(SYSTEM, "PLN", place=BANYUASIN)


def test_a_number_is_kept_once(cast: Cast) -> None:
    key = uuid4()
    first = contact(cast.regent_desk.viewer, client_key=key)
    assert contact(cast.regent_desk.viewer, client_key=key).pk == first.pk
    assert refused(contact, cast.regent_desk.viewer)[0] == (
        "constraint.a_number_of_an_institution_stands_once"
    )
    assert refused(contact, cast.regent_desk.viewer, office=" ") == (
        "liaison.office_is_missing", "office",
    )  # fmt: skip


def test_personal_numbers_show_in_scope_alone(cast: Cast) -> None:
    row = contact(cast.regent_desk.viewer, is_personal=True)
    for member, phone in ((cast.regent_desk, row.phone), (cast.neighbour, ""), (cast.observer, "")):
        ((card,),) = public.contacts_at(OKI, member.viewer).values()
        assert card.phone == phone
        assert card.link == (f"tel:{phone.replace('-', '')}" if phone else "")


# --- assessments


def test_two_agree_and_what_follows_is_asked(cast: Cast) -> None:
    follow = [Following(id_of("BPBD"), "Siapkan perahu", TODAY + timedelta(days=2))]
    made = assess(cast.regent_desk.viewer, follow=follow)
    assert [card.kind for card in queries.members_of(made)] == ["POLICE", "KPU"]
    (asked,) = queries.follows_of(made)
    assert (asked.verb, asked.owner.kind, asked.alert_code) == (
        "INSTRUCTION", "BPBD", "liaison.ASSESSMENT",
    )  # fmt: skip
    ((name, facts),) = events()
    assert (name, facts) == ("PlaceAssessed", {"level": "watch", "members": 2, "follow": 1})
    standing = public.standing(PROVINCE, AT + timedelta(days=4))[OKI]
    assert (standing.level, standing.days, standing.is_stale) == ("watch", 4, True)
    assert not public.standing(PROVINCE, AT)[OKI].is_stale


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"level": "rocket"}, "liaison.level_is_unknown", "level"),
        ({"assessed_date": date(2024, 10, 29)}, "liaison.day_lies_ahead", "assessed_date"),
        ({"text": " "}, "liaison.text_is_missing", "text"),
        ({"members": []}, "liaison.two_agree", "members"),
        ({"members": [1, 2]}, "liaison.two_agree", "members"),
    ],
)
def test_what_does_not_hold_is_refused(
    cast: Cast, given: dict[str, Any], code: str, field: str
) -> None:
    assert refused(assess, cast.regent_desk.viewer, **given) == (code, field)
    assert not Assessment.objects.exists()
    assert not events()


def test_what_may_not_be_asked_leaves_no_assessment(cast: Cast) -> None:
    follow = [Following(id_of("BPBD"), "Siapkan perahu", TODAY - timedelta(days=1))]
    with pytest.raises(Refused, match="due_date_has_passed"):
        assess(cast.regent_desk.viewer, follow=follow)
    assert not Assessment.objects.exists()


def test_who_assesses(cast: Cast) -> None:
    key = uuid4()
    first = assess(police().viewer, client_key=key)
    assess(cast.governor_desk.viewer)
    assert Assessment.objects.filter(pk=first).exists()
    for member in (cast.commission, cast.neighbour, cast.agency, cast.observer, cast.ministry):
        with pytest.raises(OutOfScope):
            assess(member.viewer)
    with pytest.raises(OutOfScope):
        assess(cast.regent_desk.viewer, place="16.02.14")


# --- requests


def test_a_request_whose_action_was_taken_back_is_over(cast: Cast) -> None:
    row = ask(cast.regent_desk.viewer)
    late = AT + timedelta(days=3)
    assert queries.is_late(row, late)
    coordination.cancel_action(
        action_id=row.action_id, version=row.action.version, reason="Tidak perlu",
        actor=cast.regent_desk.viewer, at=LATER,
    )  # fmt: skip
    row = the_request(row.pk)
    assert not queries.is_late(row, late)
    assert public.alerts(parent=OKI, viewer=cast.regent_desk.viewer, at=late) == ()
    with pytest.raises(Refused, match="request_is_elsewhere"):
        actions.promise_aid(
            request_id=row.pk, version=row.version, granted=2, actor=cast.agency.viewer, at=LATER
        )


def test_a_request_is_promised_met_and_its_letter_follows(cast: Cast) -> None:
    row = ask(cast.regent_desk.viewer)
    assert (row.sender.kind, row.action.verb, row.due_at) == (
        "REGENT", "INSTRUCTION", AT + timedelta(hours=4),
    )  # fmt: skip
    assert row.action.text == (
        "Menyediakan 6 perahu untuk Kabupaten Ogan Komering Ilir paling lambat 30 Oktober 2024, "
        "09.00 WIB"
    )
    owner = cast.agency.viewer
    given: dict[str, Any] = {"request_id": row.pk, "at": LATER}
    assert refused(actions.promise_aid, **given, version=1, granted=7, actor=owner) == (
        "liaison.granted_is_absurd", "granted",
    )  # fmt: skip
    actions.promise_aid(**given, version=1, granted=4, actor=owner)
    row = the_request(row.pk)
    assert (row.state, row.granted, queries.missing(row), row.action.state) == (
        "PROMISED", 4, 2, ActionState.IN_PROGRESS,
    )  # fmt: skip
    actions.promise_aid(**given, version=2, granted=5, actor=owner)
    with pytest.raises(Conflict):
        actions.promise_aid(**given, version=2, granted=6, actor=owner)
    actions.report_arrival(**given, version=3, granted=5, actor=owner)
    row = the_request(row.pk)
    assert (row.state, row.action.state) == ("ARRIVED", ActionState.DONE)
    assert (
        refused(actions.refuse_aid, **given, version=4, reason="Rusak", actor=owner)[0]
        == "liaison.request_is_elsewhere"
    )
    told = [facts["event"] for name, facts in events() if name == "AidMoved"]
    assert told == ["PROMISE", "PROMISE", "ARRIVE"]


def test_a_request_is_refused_or_withdrawn_for_a_reason(cast: Cast) -> None:
    owner, sender = cast.agency.viewer, cast.regent_desk.viewer
    row = ask(sender)
    given: dict[str, Any] = {"request_id": row.pk, "version": 1, "at": LATER}
    assert refused(actions.refuse_aid, **given, reason=" ", actor=owner) == (
        "liaison.reason_is_missing", "reason",
    )  # fmt: skip
    actions.refuse_aid(**given, reason="Semua rusak", actor=owner)
    row = the_request(row.pk)
    assert (row.state, row.action.state, queries.missing(row)) == (
        "REFUSED", ActionState.REFUSED, 6,
    )  # fmt: skip
    other = ask(sender)
    given["request_id"] = other.pk
    with pytest.raises(OutOfScope):
        actions.withdraw_aid(**given, reason="x", actor=owner)
    with pytest.raises(OutOfScope):
        actions.promise_aid(**given, granted=1, actor=sender)
    actions.withdraw_aid(**given, reason="Air surut", actor=sender)
    other = the_request(other.pk)
    assert (other.state, other.action.state) == ("WITHDRAWN", ActionState.CANCELLED)


def test_who_asked_notes_what_was_said_by_telephone(cast: Cast) -> None:
    sender = cast.regent_desk.viewer
    row = ask(sender, owner_id=id_of("ARMY"))
    given: dict[str, Any] = {"request_id": row.pk, "actor": sender, "at": LATER}
    actions.promise_aid(**given, version=1, granted=4)
    assert the_request(row.pk).action.state == ActionState.OPEN
    actions.report_arrival(**given, version=2, granted=4)
    row = the_request(row.pk)
    assert (row.state, row.action.state) == ("ARRIVED", ActionState.CANCELLED)
    other = ask(sender, owner_id=id_of("ARMY"))
    given["request_id"] = other.pk
    actions.refuse_aid(**given, version=1, reason="Semua dipakai")
    assert the_request(other.pk).action.state == ActionState.CANCELLED


def test_what_may_not_be_asked(cast: Cast) -> None:
    sender = cast.regent_desk.viewer
    for given, code, field in (
        ({"thing": "rockets"}, "liaison.thing_is_unknown", "thing"),
        ({"owner_id": id_of("KPU")}, "liaison.they_do_not_have_it", "owner_id"),
        ({"thing": "reinforcements"}, "liaison.they_do_not_have_it", "owner_id"),
        ({"number": 0}, "liaison.number_is_absurd", "number"),
        ({"number": 5001}, "liaison.number_is_absurd", "number"),
        ({"needed_until_at": AT}, "liaison.moment_has_passed", "needed_until_at"),
    ):
        assert refused(ask, sender, **given) == (code, field)
    assert not AidRequest.objects.exists()
    assert not Action.objects.exists()
    for member in (cast.neighbour, cast.observer, cast.district_committee):
        with pytest.raises(OutOfScope):
            ask(member.viewer)
    key = uuid4()
    assert ask(sender, client_key=key).pk == ask(sender, client_key=key).pk
    asked = ask(cast.governor_desk.viewer, thing="reinforcements", owner_id=id_of("POLICE"))
    assert asked.action.verb == "REQUEST", "nobody orders the police"


# --- crimes


def test_a_crime_goes_from_stage_to_stage_by_who_acts_there(cast: Cast) -> None:
    own, investigator, pleader = supervisor().viewer, police().viewer, prosecutor().viewer
    row = crime(own)
    assert row.due_date == date(2024, 11, 4)

    def move(actor: Any, event: str, day: date = TODAY) -> Crime:
        row.refresh_from_db()
        actions.move_crime(
            crime_id=row.pk, version=row.version, event=CrimeEvent(event), moved_date=day,
            actor=actor, at=AT,
        )  # fmt: skip
        row.refresh_from_db()
        return row

    with pytest.raises(OutOfScope):
        move(investigator, "REPORT")
    assert move(own, "REPORT").due_date == date(2024, 10, 31)
    assert move(own, "EXTEND").due_date == date(2024, 11, 2)
    assert refused(move, own, "EXTEND") == ("liaison.extended_already", "event")
    assert refused(move, own, "RULE") == ("liaison.crime_is_elsewhere", "event")
    assert refused(move, own, "FORWARD", TODAY + timedelta(days=1)) == (
        "liaison.day_is_not_of_this_stage", "moved_date",
    )  # fmt: skip
    assert move(own, "FORWARD").due_date == date(2024, 11, 15)
    with pytest.raises(OutOfScope):
        move(own, "FORWARD")
    assert move(investigator, "FORWARD").state == "PROSECUTION"
    for event in ("FORWARD", "RULE", "APPEAL", "CLOSE"):
        move(pleader, event)
    assert (row.state, row.due_date) == ("FINAL", None)
    assert refused(move, pleader, "CLOSE") == ("liaison.crime_is_elsewhere", "event")


def test_a_clock_that_has_run_out_is_not_extended(cast: Cast) -> None:
    own = supervisor().viewer
    row = crime(own)

    def move(event: str, day: date, at: Any) -> None:
        row.refresh_from_db()
        actions.move_crime(
            crime_id=row.pk, version=row.version, event=CrimeEvent(event), moved_date=day,
            actor=own, at=at,
        )  # fmt: skip

    move("REPORT", TODAY, AT)
    late = AT + timedelta(days=4)
    assert refused(move, "EXTEND", TODAY + timedelta(days=4), late) == (
        "liaison.clock_has_run_out", "event",
    )  # fmt: skip
    move("EXTEND", TODAY + timedelta(days=3), late)


def test_a_crime_does_not_exist_for_desks_and_commission(cast: Cast) -> None:
    row = crime(supervisor().viewer)
    for member in (
        cast.governor_desk, cast.regent_desk, cast.commission, cast.neighbour, cast.agency,
        cast.observer, cast.ministry,
    ):  # fmt: skip
        assert list(queries.crimes_under(OKI, member.viewer)) == []
        with pytest.raises(OutOfScope):
            queries.crime_row(row.pk, member.viewer)
        with pytest.raises(OutOfScope):
            crime(member.viewer, register="002/Reg")
    ((_, facts),) = events()
    event = AuditEvent.objects.get(name="liaison.CrimeEntered")
    assert (event.place, facts) == ("", {"due_date": "2024-11-04"})


def test_a_crime_is_entered_once(cast: Cast) -> None:
    own, key = supervisor().viewer, uuid4()
    assert crime(own, client_key=key).pk == crime(own, client_key=key).pk
    assert refused(crime, own)[0] == ("constraint.a_register_number_names_one_crime")
    assert refused(crime, own, register="") == ("liaison.register_is_missing", "register")
    assert refused(crime, own, known_date=date(2024, 10, 29), register="2")[0] == (
        "liaison.day_lies_ahead"
    )
    assert Crime.objects.count() == 1
