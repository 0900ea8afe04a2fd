"""Incidents: what works, what is refused, who may, twice and two at once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from serentak.contingency import actions as contingency
from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Permission, Viewer
from serentak.platform.models import AuditEvent
from serentak.security import actions
from serentak.security.models import Incident, IncidentReport, IncidentStep
from serentak.security.queries.page import incident_page
from serentak.security.rules.catalogue import Confided
from serentak.security.rules.states import IncidentState, Severity
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, NUSA_KARTA, Cast

from .builders import MINUTE, election, fresh, given, id_of, police, reported, stepped, supervisor

VIEW_CONFIDED = Permission("contingency.VIEW_CONFIDED")

Notification = apps.get_model("notices", "Notification")


@pytest.fixture(autouse=True)
def _election(cast: Cast) -> None:
    election()


def test_a_report_becomes_an_incident_with_owner_clock_and_log(cast: Cast) -> None:
    officer = police()
    incident = reported(actor=cast.district_committee.viewer)
    assert (incident.severity, incident.state) == ("S3", "REPORTED")
    assert incident.owner.kind == "POLICE"
    assert incident.access == "FAR"
    assert incident.due_at == AT + 10 * MINUTE
    assert incident.climbs_at == AT + 30 * MINUTE
    assert [step.event for step in incident.steps.all()] == ["REPORT"]
    event = AuditEvent.objects.get(name="security.IncidentReported")
    assert (event.place, event.subjects) == (AIR_SUGIHAN, [f"incident:{incident.key}"])
    told = Notification.objects.get(user=officer.user_id)
    assert (told.code, told.is_urgent) == ("security.incident_was_reported", True)


def test_a_repeat_gets_the_first_answer(cast: Cast) -> None:
    sent = given(actor=cast.district_committee.viewer)
    first = actions.report_incident(**sent)
    assert actions.report_incident(**{**sent, "at": AT + MINUTE}) == first
    with pytest.raises(Conflict):
        actions.report_incident(**{**sent, "kind": "RIOT", "answers": {}})
    assert Incident.objects.count() == IncidentReport.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"place": None}, "place_is_missing", "place"),
        ({"place": COUNTRY}, "place_is_missing", "place"),
        ({"place": "16.02.99"}, "place_is_unknown", "place"),
        ({"place": BANYUASIN}, "place_is_outside", "place"),
        ({"happened_at": AT + 6 * MINUTE}, "moment_lies_ahead", "happened_at"),
        ({"happened_at": AT - timedelta(days=31)}, "moment_is_too_old", "happened_at"),
        ({"kind": "DRAGON"}, "kind_is_unknown", "kind"),
        ({"answers": {"hurt": 1}}, "question_is_not_asked", "hurt"),
        ({"answers": {"crowd": "HUGE"}}, "answer_is_none_of_these", "crowd"),
        ({"kind": "RIOT", "answers": {"hurt": -1}}, "answer_is_no_number", "hurt"),
        ({"kind": "RIOT", "answers": {"police_there": "x"}}, "answer_is_none_of_these",
         "police_there"),
        ({"kind": "POWER_CUT", "answers": {"stations_hit": True}}, "answer_is_no_number",
         "stations_hit"),
        ({"kind": "LATE_OPENING", "answers": {"since": "25:99"}}, "answer_is_no_hour", "since"),
        ({"kind": "THREAT", "answers": {"what": "x" * 201}}, "text_is_too_long", "what"),
        ({"needs": ["MONEY"]}, "need_is_unknown", "needs"),
        ({"also_at": NUSA_KARTA}, "border_is_none", "also_at"),
        ({"stations": [NUSA_KARTA]}, "station_is_unknown", "stations"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_its_field(
    cast: Cast, changes: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        reported(**{"actor": cast.district_committee.viewer, **changes})
    assert (refused.value.code, refused.value.field) == (f"security.{code}", field)
    assert not Incident.objects.exists()
    assert not AuditEvent.objects.filter(name__startswith="security.").exists()


def test_a_photo_is_a_picture(cast: Cast) -> None:
    paper = SimpleUploadedFile("foto.pdf", b"%PDF-1.4\n%EOF\n")
    with pytest.raises(Refused) as refused:
        reported(actor=cast.district_committee.viewer, photo=paper)
    assert refused.value.field == "photo"
    assert not Incident.objects.exists()


def test_a_source_that_sends_too_fast_is_told_when_to_go_on(cast: Cast) -> None:
    viewer = cast.district_committee.viewer
    for second in range(60):
        reported(kind="OBJECTION", answers={}, actor=viewer, at=AT + timedelta(seconds=second / 2))
    with pytest.raises(Refused) as refused:
        reported(kind="OBJECTION", answers={}, actor=viewer, at=AT + timedelta(seconds=40))
    assert refused.value.code == "security.too_many_reports"
    assert refused.value.params == {"most": 60, "seconds": 20}
    reported(kind="OBJECTION", answers={}, actor=cast.agency.viewer, at=AT)
    reported(kind="OBJECTION", answers={}, actor=viewer, at=AT + timedelta(seconds=61))
    assert Incident.objects.count() == 62


def test_an_incident_goes_its_way(cast: Cast) -> None:
    officer = police()
    incident = reported()
    found = stepped(incident, "triage", actor=officer.viewer, at=AT + MINUTE)
    assert (found.state, found.due_at) == ("TRIAGED", AT + 240 * MINUTE)
    actions.dispatch(
        key=found.key, version=found.version, commander="Kapolsek Air Sugihan",
        actor=officer.viewer, at=AT + 2 * MINUTE,
    )  # fmt: skip
    found = stepped(incident, "arrive", actor=officer.viewer, at=AT + 20 * MINUTE)
    assert (found.state, found.commander) == ("ON_SCENE", "Kapolsek Air Sugihan")
    assert found.due_at == AT + 600 * MINUTE
    found = stepped(incident, "contain", "resolve", actor=officer.viewer, at=AT + 30 * MINUTE)
    assert (found.state, found.due_at) == ("RESOLVED", AT + 30 * MINUTE + 720 * MINUTE)
    found = stepped(incident, "close", actor=officer.viewer, at=AT + 60 * MINUTE)
    assert (found.state, found.due_at, found.was_past) == ("CLOSED", None, False)
    assert found.closed_at == AT + 60 * MINUTE
    assert IncidentStep.objects.filter(incident=found).count() == 7
    assert AuditEvent.objects.filter(name="security.IncidentMoved").count() == 6


def test_a_grave_one_is_closed_with_what_came_of_it(cast: Cast) -> None:
    incident = stepped(reported(), "triage", "contain", "resolve")
    with pytest.raises(Refused) as refused:
        actions.close(key=incident.key, version=None, note=" ", actor=police().viewer, at=AT)
    assert (refused.value.code, refused.value.field) == ("security.say_what_came_of_it", "note")
    assert fresh(incident.key).state == "RESOLVED"


def test_one_whose_plan_has_open_steps_is_neither_closed_nor_hidden(cast: Cast) -> None:
    officer, incident = police(), reported()
    contingency.start_plan(
        client_key=uuid4(), plan="riot-district-office", place=AIR_SUGIHAN,
        subject=f"incident:{incident.key}", actor=cast.regent_desk.viewer, at=AT,
    )  # fmt: skip
    incident = stepped(incident, "triage", "contain", "resolve", actor=officer.viewer)
    with pytest.raises(Refused) as refused:
        actions.close(key=incident.key, version=None, note="Usai", actor=officer.viewer, at=AT)
    assert refused.value.code == "security.plan_has_open_steps"
    with pytest.raises(Refused) as refused:
        actions.restrict(key=incident.key, confided=Confided.YES, version=None, note="x",
                         actor=officer.viewer, at=AT)  # fmt: skip
    assert refused.value.code == "security.plan_runs_in_the_open"
    assert (fresh(incident.key).state, fresh(incident.key).confided) == ("RESOLVED", "NO")


def test_what_is_merged_brings_the_open_steps_of_its_plan(cast: Cast) -> None:
    officer, first, second = police(), reported(), reported()
    contingency.start_plan(
        client_key=uuid4(), plan="riot-district-office", place=AIR_SUGIHAN,
        subject=f"incident:{second.key}", actor=cast.regent_desk.viewer, at=AT,
    )  # fmt: skip
    with pytest.raises(Refused, match="plan_has_open_steps"):
        actions.mark_unfounded(key=second.key, version=None, note="Polsek", actor=officer.viewer,
                               at=AT)  # fmt: skip
    actions.mark_duplicate(key=second.key, original=first.key, version=None, actor=officer.viewer,
                           at=AT)  # fmt: skip
    assert [run.plan for run in incident_page(first.key, officer.viewer, AT).runs] == [
        "riot-district-office"
    ]
    stepped(first, "triage", "contain", "resolve", actor=officer.viewer)
    with pytest.raises(Refused, match="plan_has_open_steps"):
        actions.close(key=first.key, version=None, note="Usai", actor=officer.viewer, at=AT)


def test_a_step_out_of_turn_is_refused(cast: Cast) -> None:
    incident = reported()
    with pytest.raises(Refused) as refused:
        stepped(incident, "resolve", actor=police().viewer)
    assert refused.value.code == "security.step_is_not_possible_now"
    assert fresh(incident.key).state == "REPORTED"


def test_of_two_dispatchers_the_second_is_told(cast: Cast) -> None:
    officer, incident = police(), reported()
    seen = incident.version
    actions.triage(key=incident.key, version=seen, actor=officer.viewer, at=AT)
    with pytest.raises(Conflict):
        actions.triage(key=incident.key, version=seen, actor=officer.viewer, at=AT)
    assert IncidentStep.objects.filter(event="TRIAGE").count() == 1


def test_who_is_elsewhere_finds_nothing(cast: Cast) -> None:
    incident = reported()
    for viewer in (police(BANYUASIN).viewer, cast.neighbour.viewer):
        with pytest.raises(OutOfScope):
            actions.triage(key=incident.key, version=None, actor=viewer, at=AT)
    with pytest.raises(OutOfScope):
        actions.triage(key=incident.key, version=None, actor=cast.observer.viewer, at=AT)
    assert fresh(incident.key).state == "REPORTED"


def test_a_desk_closes_nothing_of_the_police(cast: Cast) -> None:
    incident = stepped(reported(), "triage", "contain", "resolve")
    with pytest.raises(Refused) as refused:
        actions.close(
            key=incident.key, version=None, note="Selesai", actor=cast.regent_desk.viewer, at=AT
        )
    assert refused.value.code == "security.theirs_alone_to_do"
    flood = reported(kind="FLOOD", answers={"water": "KNEE"})
    assert flood.owner.kind == "BPBD"
    done = stepped(flood, "triage", "contain", "resolve", "close", actor=cast.regent_desk.viewer)
    assert done.state == "CLOSED"


def test_who_reported_it_may_say_that_help_has_come(cast: Cast) -> None:
    incident = reported(actor=cast.district_committee.viewer)
    stepped(incident, "triage", actor=police().viewer)
    found = stepped(incident, "arrive", actor=cast.district_committee.viewer)
    assert found.state == "ON_SCENE"


def test_severity_rises_with_a_reason_and_a_new_clock(cast: Cast) -> None:
    incident = reported()
    later = AT + 20 * MINUTE
    with pytest.raises(Refused) as refused:
        actions.set_severity(key=incident.key, severity=Severity.S4, version=None, note="",
                             actor=cast.regent_desk.viewer, at=later)  # fmt: skip
    assert refused.value.field == "note"
    with pytest.raises(Refused) as refused:
        actions.set_severity(key=incident.key, severity=Severity.S1, version=None, note="x",
                             actor=cast.regent_desk.viewer, at=later)  # fmt: skip
    assert refused.value.code == "security.severity_is_out_of_range"
    with pytest.raises(Refused) as refused:
        actions.set_severity(key=incident.key, severity=Severity.S2, version=None, note="x",
                             actor=cast.regent_desk.viewer, at=later)  # fmt: skip
    assert refused.value.code == "security.only_on_the_scene_lowers"
    actions.set_severity(key=incident.key, severity=Severity.S4, version=None, note="Api",
                         actor=cast.regent_desk.viewer, at=later)  # fmt: skip
    found = fresh(incident.key)
    assert (found.severity, found.proposed, found.due_at) == ("S4", "S3", later + 5 * MINUTE)
    assert found.was_past


def test_two_sources_are_two_reports_of_one_incident(cast: Cast) -> None:
    first = reported(actor=cast.district_committee.viewer)
    second = reported(
        kind="RIOT", answers={"hurt": 2}, actor=cast.commission.viewer, at=AT + 4 * MINUTE,
        needs=["MEDIC"],
    )  # fmt: skip
    actions.mark_duplicate(key=second.key, original=first.key, version=None,
                           actor=cast.regent_desk.viewer, at=AT + 5 * MINUTE)  # fmt: skip
    first, second = fresh(first.key), fresh(second.key)
    assert (second.state, second.original_id) == ("DUPLICATE", first.pk)
    assert (first.severity, first.needs) == ("S4", ["MEDIC"])
    assert IncidentReport.objects.count() == 2
    with pytest.raises(Refused):
        actions.mark_duplicate(key=first.key, original=second.key, version=None,
                               actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
    actions.reopen(key=second.key, version=None, note="Lain tempat",
                   actor=cast.regent_desk.viewer, at=AT + 9 * MINUTE)  # fmt: skip
    assert (fresh(second.key).state, fresh(second.key).original_id) == ("REPORTED", None)


def test_nothing_restricted_is_merged_into_what_others_see(cast: Cast) -> None:
    officer, first, second = police(), reported(), reported(kind="RIOT", answers={})
    actions.restrict(key=second.key, confided=Confided.YES, version=None, note="x",
                     actor=officer.viewer, at=AT)  # fmt: skip
    with pytest.raises(Refused) as refused:
        actions.mark_duplicate(key=second.key, original=first.key, version=None,
                               actor=officer.viewer, at=AT)  # fmt: skip
    assert (refused.value.code, refused.value.field) == (
        "security.original_is_not_restricted",
        "original",
    )


def test_nothing_is_merged_into_what_is_closed(cast: Cast) -> None:
    first = stepped(reported(), "mark_unfounded")
    second = reported(kind="RIOT", answers={})
    with pytest.raises(Refused) as refused:
        actions.mark_duplicate(key=second.key, original=first.key, version=None,
                               actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
    assert (refused.value.code, refused.value.field) == ("security.incident_is_closed", "original")
    assert fresh(second.key).state == "REPORTED"


def test_what_was_merged_leaves_with_what_it_was_merged_into(cast: Cast) -> None:
    officer, first, second = police(), reported(), reported(kind="RIOT", answers={})
    actions.mark_duplicate(key=second.key, original=first.key, version=None,
                           actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
    actions.restrict(key=first.key, confided=Confided.YES, version=None, note="x",
                     actor=officer.viewer, at=AT)  # fmt: skip
    assert fresh(second.key).confided == "YES"
    assert not Notification.objects.filter(user=cast.regent_desk.user_id).exists()
    with pytest.raises(OutOfScope):
        actions.add_note(key=second.key, note="x", actor=cast.regent_desk.viewer, at=AT)


def test_a_desk_takes_nothing_from_the_police_by_its_kind(cast: Cast) -> None:
    incident = reported()
    for kind, code in (
        ("FLOOD", "security.theirs_alone_to_do"),
        ("LATE_OPENING", "security.theirs_alone_to_do"),
    ):
        with pytest.raises(Refused) as refused:
            actions.set_kind(key=incident.key, kind=kind, version=None,
                             actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
        assert (refused.value.code, refused.value.field) == (code, "kind")
    assert fresh(incident.key).kind == "SIEGE"
    actions.set_kind(key=incident.key, kind="RIOT", version=None,
                     actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
    assert fresh(incident.key).kind == "RIOT"


def test_a_climb_that_was_made_is_not_made_again_by_a_step(cast: Cast) -> None:
    incident = reported()
    actions.climb(actor=SYSTEM, at=AT + 31 * MINUTE)
    assert fresh(incident.key).climbs > 0
    later = AT + 40 * MINUTE
    actions.set_kind(key=incident.key, kind="RIOT", version=None, actor=SYSTEM, at=later)
    found = fresh(incident.key).climbs_at
    assert found is not None
    assert found > later


def test_what_is_opened_again_begins_its_clock_anew(cast: Cast) -> None:
    incident = stepped(reported(), "triage", "contain")
    later = AT + timedelta(hours=3)
    found = stepped(incident, "reopen", actor=police().viewer, at=later)
    assert (found.state, found.due_at) == ("REPORTED", later + 10 * MINUTE)


def test_handing_on_names_who_took_it(cast: Cast) -> None:
    incident = reported(kind="VOTE_WRONG", answers={"persons": 9})
    for receiver, number, field in (("", "1", "receiver"), ("Gakkumdu", "", "number")):
        with pytest.raises(Refused) as refused:
            actions.transfer(key=incident.key, version=None, receiver=receiver, number=number,
                             actor=cast.commission.viewer, at=AT)  # fmt: skip
        assert refused.value.field == field
    actions.transfer(key=incident.key, version=None, receiver="Gakkumdu", number="12/2024",
                     actor=cast.commission.viewer, at=AT)  # fmt: skip
    assert (fresh(incident.key).state, fresh(incident.key).due_at) == ("TRANSFERRED", None)


def test_a_border_tells_both_regencies_and_the_province(cast: Cast) -> None:
    incident = reported(also_at=BANYUASIN)
    told = set(Notification.objects.values_list("user_id", flat=True))
    assert {cast.regent_desk.user_id, cast.neighbour.user_id, cast.governor_desk.user_id} <= told
    found = stepped(incident, "add_note", actor=cast.neighbour.viewer)
    assert found.steps.last().event == "NOTE"


def test_what_becomes_restricted_leaves_silently(cast: Cast) -> None:
    officer, incident = police(), reported()
    assert Notification.objects.filter(user=cast.regent_desk.user_id).exists()
    with pytest.raises(OutOfScope):
        actions.restrict(key=incident.key, confided=Confided.YES, version=None, note="x",
                         actor=cast.regent_desk.viewer, at=AT)  # fmt: skip
    actions.restrict(key=incident.key, confided=Confided.YES, version=None, note="Rahasia",
                     actor=officer.viewer, at=AT)  # fmt: skip
    assert not Notification.objects.filter(user=cast.regent_desk.user_id).exists()
    assert Notification.objects.filter(user=officer.user_id).exists()
    event = AuditEvent.objects.filter(name__startswith="security.").latest("id")
    assert (event.name, event.place, event.facts) == ("security.ConfidedLeft", COUNTRY, {})
    with pytest.raises(OutOfScope):
        actions.add_note(key=incident.key, note="x", actor=cast.regent_desk.viewer, at=AT)


def test_what_is_restricted_from_the_start_is_told_to_handlers_alone(cast: Cast) -> None:
    handler = supervisor()
    incident = reported(kind="MONEY", answers={"what": "Amplop"}, actor=cast.regent_desk.viewer)
    assert {n.user_id for n in Notification.objects.all()} == {
        handler.user_id, cast.supervisor.user_id,
    } - {cast.supervisor.user_id}  # fmt: skip
    assert incident.owner_id == id_of("PANWASCAM", AIR_SUGIHAN)
    event = AuditEvent.objects.filter(name__startswith="security.").latest("id")
    assert (event.name, event.place) == ("security.ConfidedMatter", COUNTRY)
    assert stepped(incident, "triage", actor=handler.viewer).state == IncidentState.TRIAGED


def test_duty_is_planned_and_taken_back(cast: Cast) -> None:
    key, officer = uuid4(), police()
    plan = {
        "client_key": key, "institution_id": officer.institution_id, "office": "Piket Polres",
        "from_at": AT, "to_at": AT + timedelta(hours=8), "actor": officer.viewer, "at": AT,
    }  # fmt: skip
    first = actions.plan_duty(**plan)
    assert actions.plan_duty(**plan) == first
    for changes, field in (
        ({"office": " "}, "office"),
        ({"to_at": AT}, "to_at"),
        ({"to_at": AT + timedelta(days=8)}, "to_at"),
        ({"from_at": AT - timedelta(hours=9), "to_at": AT - timedelta(hours=1)}, "to_at"),
    ):
        with pytest.raises(Refused) as refused:
            actions.plan_duty(**{**plan, "client_key": uuid4(), **changes})
        assert refused.value.field == field
    with pytest.raises(OutOfScope):
        actions.plan_duty(**{**plan, "client_key": uuid4(), "actor": cast.regent_desk.viewer})
    with pytest.raises(OutOfScope):
        actions.cancel_duty(duty_id=first, actor=cast.regent_desk.viewer, at=AT)
    actions.cancel_duty(duty_id=first, actor=officer.viewer, at=AT)
    actions.cancel_duty(duty_id=first, actor=officer.viewer, at=AT)
    assert AuditEvent.objects.filter(name="security.DutyCancelled").count() == 1


# --- links


@pytest.mark.parametrize("subject", ["load:999", "load:x", "incident:1", "stage:0", "activity:-1"])
def test_an_incident_hangs_on_nothing_that_is_not_there(cast: Cast, subject: str) -> None:
    with pytest.raises(Refused) as refused:
        actions.report_incident(**given(subjects=(subject,)))
    assert [(f.code, f.field) for f in refused.value.faults] == [
        ("security.link_is_unknown", "subjects")
    ]
    incident = reported()
    with pytest.raises(Refused):
        actions.link_incident(
            key=incident.key, subjects=[subject], version=None, actor=SYSTEM, at=AT
        )
    assert (Incident.objects.count(), fresh(incident.key).version) == (1, incident.version)


def test_who_links_leaves_what_others_linked_and_touches_a_station(cast: Cast) -> None:
    incident = reported()
    Incident.objects.filter(pk=incident.pk).update(subjects=["case:7"])
    by = {"version": None, "actor": cast.regent_desk.viewer, "at": AT}
    actions.link_incident(key=incident.key, subjects=[], **by)
    assert fresh(incident.key).subjects == ["case:7"]
    assert AuditEvent.objects.filter(name="security.IncidentNoted").count() == 1
    with pytest.raises(Refused, match="station_is_unknown"):
        actions.link_incident(key=incident.key, subjects=[], station=NUSA_KARTA, **by)
    with pytest.raises(Conflict):
        actions.link_incident(key=incident.key, subjects=[], **{**by, "version": 1})
    by["actor"] = cast.observer.viewer
    with pytest.raises(OutOfScope):
        actions.link_incident(key=incident.key, subjects=[], **by)


def _plan(incident: Incident, viewer: Viewer, **more: Any) -> int:
    return contingency.start_plan(
        client_key=uuid4(), plan="riot-district-office", place=AIR_SUGIHAN,
        subject=f"incident:{incident.key}", actor=viewer, at=AT, **more,
    )  # fmt: skip


def test_what_was_merged_before_keeps_its_steps_and_its_secrecy(cast: Cast) -> None:
    desk, officer = cast.regent_desk.viewer, police()
    first, second, third = reported(), reported(), reported(kind="RIOT", answers={})
    _plan(third, desk)
    actions.mark_duplicate(key=third.key, original=second.key, version=None, actor=desk, at=AT)
    actions.restrict(key=first.key, confided=Confided.YES, version=None, note="x",
                     actor=officer.viewer, at=AT)  # fmt: skip
    with pytest.raises(Refused, match="plan_runs_in_the_open"):
        actions.mark_duplicate(key=second.key, original=first.key, version=None,
                               actor=officer.viewer, at=AT)  # fmt: skip
    assert fresh(second.key).state == "REPORTED"
    assert {fresh(one.key).confided for one in (second, third)} == {"NO"}
    whole = reported()
    actions.mark_duplicate(key=second.key, original=whole.key, version=None, actor=desk, at=AT)
    assert fresh(third.key).original_id == whole.pk
    assert len(incident_page(whole.key, desk, AT).runs) == 1
    stepped(whole, "triage", "contain", "resolve", actor=officer.viewer)
    with pytest.raises(Refused, match="plan_has_open_steps"):
        actions.close(key=whole.key, version=None, note="Usai", actor=officer.viewer, at=AT)


def test_a_confided_plan_of_what_was_merged_is_not_told_by_what_is_open(cast: Cast) -> None:
    desk, officer, whole, second, third = (
        cast.regent_desk.viewer, police(), reported(), reported(), reported(kind="RIOT", answers={}),
    )  # fmt: skip
    run = _plan(third, SYSTEM, needs_permission=VIEW_CONFIDED, speaker_id=id_of("REGENT"))
    by: dict[str, Any] = {"version": None, "actor": officer.viewer, "at": AT}
    for one in (second, third):
        actions.restrict(key=one.key, confided=Confided.YES, note="x", **by)
    actions.mark_duplicate(key=third.key, original=second.key, **by)
    actions.restrict(key=second.key, confided=Confided.NO, note="x", **by)
    assert fresh(third.key).confided == "YES", "each says for itself who may know of it"
    actions.mark_duplicate(key=second.key, original=whole.key, version=None, actor=desk, at=AT)
    stepped(whole, "triage", "contain", "resolve", actor=officer.viewer)
    assert not incident_page(whole.key, desk, AT).runs
    actions.close(key=whole.key, note="Usai", **by)
    assert [one.id for one in incident_page(third.key, officer.viewer, AT).runs] == [run]


def test_what_is_confided_with_its_plan_can_be_merged_into_what_is(cast: Cast) -> None:
    officer, whole, second = police(), reported(), reported(kind="RIOT", answers={})
    by: dict[str, Any] = {"version": None, "actor": officer.viewer, "at": AT}
    _plan(second, SYSTEM, needs_permission=VIEW_CONFIDED, speaker_id=id_of("REGENT"))
    actions.restrict(key=second.key, confided=Confided.YES, note="x", **by)
    actions.restrict(key=whole.key, confided=Confided.YES, note="x", **by)
    actions.mark_duplicate(key=second.key, original=whole.key, **by)
    assert len(incident_page(whole.key, officer.viewer, AT).runs) == 1
    stepped(whole, "triage", "contain", "resolve", actor=officer.viewer)
    with pytest.raises(Refused, match="plan_has_open_steps"):
        actions.close(key=whole.key, note="Usai", **by)
