"""Plans are started once, each step asked as the table allows; steps are noted and runs ended."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from serentak.contingency import actions, public, queries
from serentak.contingency.models import PlanRun, RunStep
from serentak.contingency.permissions import VIEW_CONFIDED
from serentak.contingency.rules import ASKS
from serentak.coordination import actions as coordination
from serentak.coordination.public import ActionState, briefings
from serentak.institutions import public as institutions
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform.models import AuditEvent
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast, Member, seat

from .builders import start, step, the_run

Action: Any = apps.get_model("coordination.Action")
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def police(cast: Cast) -> Member:
    return seat("polres.oki", "Andi", "POLICE_OPERATIONS", "POLICE", OKI)


def events() -> list[tuple[str, Any]]:
    rows = AuditEvent.objects.filter(name__startswith="contingency.").order_by("id")
    return [(row.name.partition(".")[2], row.facts) for row in rows]


# --- starting


def test_a_desk_starts_a_plan_and_each_is_asked_as_the_table_allows(cast: Cast) -> None:
    run = start(cast.governor_desk.viewer)
    said = {
        row.n: (row.owner.kind if row.owner else None, row.owner.place_id if row.owner else None,
                row.verb, row.action_id is not None)
        for row in RunStep.objects.filter(run=run).select_related("owner")
    }  # fmt: skip
    assert said[1] == ("POLICE", OKI, "REQUEST", True)
    assert said[2] == (None, None, "OWN_DUTY", False), "no district committee at a regency"
    assert said[3] == ("DINKES", PROVINCE, "INSTRUCTION", True), "the governor's own agency"
    assert said[6] == ("REGENT", OKI, "DIRECTIVE", True)
    assert said[8] == ("KPU", OKI, "REQUEST", True)
    asked = step(run, 1).action
    assert asked is not None
    assert asked.sender.kind == "GOVERNOR"
    assert asked.due_date == AT.date()
    assert asked.alert_link == f"/contingency/runs/{run}"
    ((name, facts),) = events()
    assert name == "PlanStarted"
    assert facts == {
        "plan": "riot-district-office", "is_rehearsal": False, "steps": 8, "asked": 6,
    }  # fmt: skip


def test_a_regency_desk_instructs_its_own_agencies_and_asks_nothing_of_its_regent(
    cast: Cast,
) -> None:
    run = start(cast.regent_desk.viewer, place=AIR_SUGIHAN)
    health, regent, committee = step(run, 3), step(run, 6), step(run, 2)
    assert (health.owner and health.owner.place_id, health.verb) == (OKI, "INSTRUCTION")
    assert (regent.owner and regent.owner.kind, regent.verb, regent.action) == (
        "REGENT", "OWN_DUTY", None,
    )  # fmt: skip
    assert committee.owner is not None
    assert committee.owner.place_id == AIR_SUGIHAN


def test_who_starts_what(cast: Cast, police: Member) -> None:
    start(police.viewer)
    assert step(start(police.viewer, "box-stolen-burnt"), 6).verb == "REQUEST", "no directive"
    start(cast.commission.viewer, "flood")
    for viewer, plan, place in (
        (police.viewer, "flood", OKI),
        (cast.commission.viewer, "riot-district-office", OKI),
        (cast.supervisor.viewer, "flood", OKI),
        (cast.agency.viewer, "flood", OKI),
        (cast.observer.viewer, "flood", OKI),
        (cast.ministry.viewer, "flood", OKI),
        (cast.regent_desk.viewer, "flood", BANYUASIN),
        (cast.regent_desk.viewer, "flood", PROVINCE),
    ):
        with pytest.raises(OutOfScope):
            start(viewer, plan, place)
    with pytest.raises(Refused, match="plan_is_unknown"):
        start(cast.governor_desk.viewer, "rockets")


def test_what_is_sent_twice_runs_once(cast: Cast) -> None:
    key = uuid4()
    first = start(cast.governor_desk.viewer, client_key=key)
    assert start(cast.governor_desk.viewer, client_key=key) == first
    assert PlanRun.objects.count() == 1
    with pytest.raises(Conflict):
        start(cast.governor_desk.viewer, "flood", client_key=key)
    before = Action.objects.count()
    with pytest.raises(Refused, match="a_plan_runs_once_for_a_subject_at_a_place"):
        start(cast.governor_desk.viewer)
    assert Action.objects.count() == before, "nothing of the second was written"
    start(cast.governor_desk.viewer, subject="incident:2")


def test_the_machine_starts_for_an_institution(cast: Cast) -> None:
    governor = institutions.institution_by("GOVERNOR", PROVINCE)
    assert governor is not None
    run = start(SYSTEM, speaker_id=governor.id)
    assert the_run(run).started_by_id is None
    with pytest.raises(OutOfScope):
        start(SYSTEM, "flood")


def test_what_is_asked_goes_into_a_letter_as_it_is(cast: Cast) -> None:
    run = start(cast.governor_desk.viewer)
    asked = step(run, 1).action
    assert asked is not None
    assert asked.text == (
        "Mengamankan pintu, ruang kotak suara, dan jalan evakuasi di Kabupaten Ogan Komering Ilir "
        "(Ricuh di kantor kecamatan) paling lambat 28 Oktober 2024, 09.20 WIB"
    )
    assert asked.text_en.endswith(" (Riot at a district office) by 28 October 2024, 09:20 WIB")
    for plan in queries.catalogue().plans.values():
        for one in plan.steps:
            if one.verb in ASKS:
                assert one.text["id"].startswith("me"), (plan.key, one.n)
                assert not one.text["id"].endswith("."), (plan.key, one.n)


# --- exercises, and what is confided


def test_an_exercise_says_so_and_counts_nowhere(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer, is_rehearsal=True, subject="incident:1")
    asked = step(run, 1).action
    assert asked is not None
    assert asked.text.startswith("LATIHAN – mengamankan pintu")
    assert "LATIHAN" in asked.text_en
    late = AT + timedelta(days=3)
    assert public.open_steps(["incident:1"]) == 0
    assert public.alerts(parent=PROVINCE, viewer=viewer, at=late) == ()
    assert public.running(PROVINCE, late).runs == 0
    assert PROVINCE not in briefings(parent=PROVINCE, viewer=viewer, at=late)
    start(viewer, is_rehearsal=True, subject="incident:1")
    assert PlanRun.objects.count() == 2, "it can be rehearsed again"


def test_what_is_confided_does_not_exist_for_who_may_not_know(cast: Cast, police: Member) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer, subject="incident:7", needs_permission=VIEW_CONFIDED)
    found = public.runs_of(["incident:7"], viewer=viewer, at=AT)
    assert [card.id for card in found["incident:7"]] == [run]
    assert public.runs_of(["incident:7"], viewer=police.viewer, at=AT)
    for member in (cast.agency, cast.commission, cast.regent_desk, cast.ministry):
        assert public.runs_of(["incident:7"], viewer=member.viewer, at=AT) == {}
        with pytest.raises(OutOfScope):
            actions.finish_step(run_id=run, n=2, actor=member.viewer, at=AT)
    asked = step(run, 1).action
    assert asked is not None
    assert asked.alert_code == "contingency.CONFIDED"
    assert public.running(PROVINCE, AT).runs == 0
    assert AuditEvent.objects.get(name="contingency.ConfidedRunChanged").place == ""
    with pytest.raises(OutOfScope):
        start(cast.regent_desk.viewer, "flood", needs_permission=VIEW_CONFIDED)
    with pytest.raises(ValueError, match="hides no actions"):
        start(viewer, "flood", needs_permission="contingency.VIEW_CONTINGENCY")


# --- steps


def test_a_step_is_done_where_who_was_asked_says_so(cast: Cast, police: Member) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer, subject="incident:1")
    assert public.open_steps(["incident:1"]) == 8
    with pytest.raises(Refused, match="its_owner_says_so"):
        actions.finish_step(run_id=run, n=1, actor=viewer, at=LATER)
    asked = step(run, 1).action
    assert asked is not None
    coordination.complete_action(
        action_id=asked.pk, version=asked.version, note="Aman", actor=police.viewer, at=LATER
    )
    assert public.open_steps(["incident:1"]) == 7
    with pytest.raises(Refused, match="step_is_elsewhere"):
        actions.drop_step(run_id=run, n=1, reason="Tidak perlu", actor=viewer, at=LATER)


def test_the_desk_notes_what_it_follows_and_who_has_no_account(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer, subject="incident:1")
    actions.finish_step(run_id=run, n=2, actor=viewer, at=LATER)
    assert (step(run, 2).state, step(run, 2).done_by_id) == ("DONE", cast.governor_desk.user_id)
    with pytest.raises(Refused, match="step_is_elsewhere"):
        actions.finish_step(run_id=run, n=2, actor=viewer, at=LATER)
    actions.undo_step(run_id=run, n=2, actor=viewer, at=LATER)
    assert (step(run, 2).state, step(run, 2).done_at) == ("OPEN", None)
    # No account of the health office: the desk heard it by telephone.
    actions.finish_step(run_id=run, n=3, actor=viewer, at=LATER)
    asked = step(run, 3).action
    assert asked is not None
    assert asked.state == ActionState.CANCELLED
    with pytest.raises(Refused, match="taken_back"):
        actions.undo_step(run_id=run, n=3, actor=viewer, at=LATER)
    assert public.open_steps(["incident:1"]) == 7
    told = [facts["event"] for name, facts in events() if name == "StepNoted"]
    assert told == ["FINISH", "UNDO", "FINISH"]


def test_a_step_is_dropped_for_a_reason_and_what_was_asked_taken_back(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer)
    with pytest.raises(Refused) as caught:
        actions.drop_step(run_id=run, n=1, reason=" ", actor=viewer, at=LATER)
    assert (caught.value.code, caught.value.field) == ("contingency.reason_is_missing", "reason")
    actions.drop_step(run_id=run, n=1, reason="Sudah tenang", actor=viewer, at=LATER)
    asked = step(run, 1).action
    assert asked is not None
    assert (asked.state, asked.reason) == (ActionState.CANCELLED, "Sudah tenang")


def test_only_who_started_it_or_its_desk_notes_and_ends(cast: Cast, police: Member) -> None:
    run = start(cast.governor_desk.viewer)
    for member in (police, cast.regent_desk, cast.commission, cast.neighbour, cast.observer):
        with pytest.raises(OutOfScope):
            actions.finish_step(run_id=run, n=2, actor=member.viewer, at=LATER)
        with pytest.raises(OutOfScope):
            actions.stop_run(run_id=run, reason="x", actor=member.viewer, at=LATER)
    with pytest.raises(OutOfScope):
        actions.finish_step(run_id=run, n=99, actor=cast.governor_desk.viewer, at=LATER)


# --- the end


def test_a_run_ends_once_nothing_waits(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer)
    with pytest.raises(Refused, match="steps_are_open"):
        actions.end_run(run_id=run, actor=viewer, at=LATER)
    for n in range(1, 9):
        actions.drop_step(run_id=run, n=n, reason="Uji", actor=viewer, at=LATER)
    actions.end_run(run_id=run, actor=viewer, at=LATER)
    assert (the_run(run).state, the_run(run).finished_at) == ("ENDED", LATER)
    with pytest.raises(Refused, match="run_is_over"):
        actions.end_run(run_id=run, actor=viewer, at=LATER)


def test_a_run_is_called_off_with_all_that_was_asked(cast: Cast) -> None:
    viewer = cast.governor_desk.viewer
    run = start(viewer, subject="incident:1")
    with pytest.raises(Refused, match="reason_is_missing"):
        actions.stop_run(run_id=run, reason="", actor=viewer, at=LATER)
    actions.stop_run(run_id=run, reason="Kabar keliru", actor=viewer, at=LATER)
    assert set(Action.objects.values_list("state", flat=True)) == {ActionState.CANCELLED.value}
    assert set(RunStep.objects.values_list("state", flat=True)) == {"SKIPPED"}
    assert public.open_steps(["incident:1"]) == 0
    assert events()[-1][1] == {
        "plan": "riot-district-office", "event": "STOP", "is_rehearsal": False,
    }  # fmt: skip
    start(viewer, subject="incident:1")
