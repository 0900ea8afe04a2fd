"""Actions of neutrality: what works, what is refused and writes nothing, who may, what if twice."""

import json
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection

from serentak.institutions import actions as institution_actions
from serentak.institutions.public import holder_of
from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.neutrality import actions
from serentak.neutrality.actions import GivenPledges, GivenService
from serentak.neutrality.models import (
    Case,
    CasePerson,
    CircularReceipt,
    Decision,
    PledgeCoverage,
    Replacement,
    Reply,
    ServiceReport,
)
from serentak.neutrality.queries.standings import is_past
from serentak.neutrality.rules.cases import CaseEvent, CaseState, ReplyKind, Stake
from serentak.neutrality.rules.catalogue import Track
from serentak.neutrality.rules.standing import ServiceLevel
from serentak.neutrality.words import REFUSALS
from serentak.platform import words as platform_words
from serentak.platform.audit import activity_under
from serentak.platform.models import AuditDetail, AuditEvent
from serentak.platform.sealing import opened
from tests.cast import AT, BANYUASIN, NUSA_KARTA, OKI, PALEMBANG, PROVINCE, Cast

from .builders import (
    NAME,
    election,
    given,
    handler,
    id_of,
    referred,
    regent_desk_head,
    sanctioned,
    step,
    waived,
)


@pytest.fixture(autouse=True)
def _set_up(cast: Cast) -> None:
    election()


def refused(code: str):
    assert code in {**REFUSALS, **platform_words.REFUSALS}
    return pytest.raises(Refused, match=code)


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(name=f"neutrality.{name}").order_by("id"))


# --- referring


def test_a_case_gets_class_ground_clock_handler_and_authority() -> None:
    case = referred()
    assert (case.state, case.violation_class) == ("AT_TASK_FORCE", "HEAVY")
    assert case.ground.startswith("PP 94/2021")
    assert case.due_date == date(2024, 11, 1)
    assert case.handler_id == id_of("INSPECTORATE")
    assert (case.authority_kind, case.authority_id) == ("REGENT", id_of("REGENT"))
    assert case.steps.get().due_date == case.due_date


def test_before_candidates_are_fixed_the_same_is_a_breach_of_ethics() -> None:
    case = referred(deed_date=date(2024, 9, 21), received_date=date(2024, 9, 21))
    assert case.violation_class == "ETHICS"
    assert "PP 42/2004" in case.ground


def test_a_name_stands_nowhere_in_the_clear() -> None:
    case = referred()
    assert opened(CasePerson.objects.get(case=case).sealed)["full_name"] == NAME
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND (table_name LIKE 'neutrality%%' OR table_name LIKE 'platform_audit%%')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s',
                           [f"%{NAME}%"])  # fmt: skip
            assert cursor.fetchone() == (0,), table


def test_events_of_a_case_hold_no_words_and_show_in_no_place() -> None:
    case = referred()
    step(case, CaseEvent.STUDY)
    sanctioned(referred(reference="2", state=CaseState.AT_AUTHORITY))
    found = AuditEvent.objects.filter(name__startswith="neutrality.")
    assert {e.name for e in found} == {
        "neutrality.CaseReferred", "neutrality.CaseMoved", "neutrality.ReplyRecorded",
        "neutrality.CaseClosed",
    }  # fmt: skip
    assert {e.place for e in found} == {COUNTRY}
    assert not AuditDetail.objects.filter(event__in=found).exists()
    assert NAME not in json.dumps([e.facts for e in found])
    assert "Case" not in "".join(e.name for e in activity_under(OKI, limit=200))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reference": " "}, "neutrality.reference_is_missing"),
        ({"violation": "littering"}, "neutrality.violation_is_unknown"),
        ({"received_date": date(2024, 10, 29)}, "neutrality.day_lies_ahead"),
        ({"deed_date": date(2024, 10, 26)}, "neutrality.deed_is_later_than_the_case"),
        ({"track": Track.VILLAGE_HEAD}, "neutrality.track_does_not_fit_the_agency"),
        ({"state": CaseState.BLOCKED}, "neutrality.step_is_not_of_this_track"),
    ],
)
def test_what_is_wrong_is_refused(changes: dict[str, object], code: str) -> None:
    with refused(code):
        referred(**changes)
    assert not Case.objects.exists()
    assert events("CaseReferred") == []


def test_police_and_commission_have_other_authorities() -> None:
    with refused("neutrality.agency_is_not_the_regions_own"):
        referred(agency_id=id_of("POLICE"))


@pytest.mark.parametrize(
    ("send", "changed"),
    [
        ("circular", {"title": "Larangan kampanye"}),
        ("circular", {"due_date": date(2024, 10, 28)}),
        ("replacement", {"post": "Sekretaris"}),
        ("replacement", {"consent": "100.2/1/OTDA"}),
        ("referred", {"deed_date": date(2024, 10, 1)}),
        ("referred", {"person": actions.Person("Orang Lain")}),
    ],
)
def test_other_content_under_a_used_key_is_not_lost(
    cast: Cast, send: str, changed: dict[str, object]
) -> None:
    act: Callable[..., object] = globals()[send]
    key = uuid4()
    act(key=key)
    act(key=key)
    with refused("platform.key_was_used_by_another"):
        act(key=key, **changed)


def test_a_repeated_referral_gets_the_first_answer() -> None:
    key = uuid4()
    assert referred(key=key).pk == referred(key=key).pk
    assert len(events("CaseReferred")) == 1
    with refused("platform.key_was_used_by_another"):
        referred(key=key, reference="another")
    with pytest.raises(Refused, match="a_reference_number_names_one_case"):
        referred()


def test_only_who_refers_in_the_place_may(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        referred(actor=cast.regent_desk.viewer)
    neighbour = handler("INSPECTORATE", BANYUASIN)
    with pytest.raises(OutOfScope):
        referred(actor=neighbour.viewer, by=neighbour.institution_id)
    with pytest.raises(OutOfScope):
        referred(actor=cast.supervisor.viewer, by=id_of("INSPECTORATE"))
    own = referred(actor=cast.supervisor.viewer, by=id_of("BAWASLU", PROVINCE))
    assert own.referred_by_id == cast.supervisor.institution_id


def test_a_village_head_goes_from_the_supervisor_to_the_regent() -> None:
    case = referred(
        agency_id=id_of("VILLAGE_HEAD", NUSA_KARTA),
        track=Track.VILLAGE_HEAD,
        state=CaseState.AT_SUPERVISOR,
    )
    assert (case.violation_class, case.handler_id) == ("VILLAGE", id_of("BAWASLU"))
    case = step(case, CaseEvent.RECOMMEND)
    assert (case.state, case.authority_id) == ("AT_AUTHORITY", id_of("REGENT"))


def test_a_provincial_agency_answers_to_the_governor() -> None:
    case = referred(agency_id=id_of("DISHUB", PROVINCE), state=CaseState.AT_AUTHORITY)
    assert case.authority_id == id_of("GOVERNOR", PROVINCE)
    assert case.handler_id == id_of("BKD", PROVINCE)


# --- steps


def test_a_case_walks_to_its_sanction() -> None:
    case = step(referred(), CaseEvent.STUDY)
    assert (case.handler_id, case.due_date) == (id_of("BAWASLU"), date(2024, 10, 31))
    case = step(case, CaseEvent.EXTEND)
    assert case.due_date == date(2024, 11, 4)
    case = step(case, CaseEvent.FORWARD)
    assert (case.handler_id, case.due_date) == (id_of("BKN", PROVINCE), None)
    case = step(case, CaseEvent.RECOMMEND)
    assert (case.handler_id, case.due_date) == (id_of("BKD"), date(2024, 11, 11))
    case = sanctioned(case, AT + timedelta(days=3))
    assert (case.state, case.due_date, case.closed_date) == (
        "SANCTIONED", None, date(2024, 10, 31))  # fmt: skip
    assert Decision.objects.get().sanction == "DEMOTION"
    states = [s.state for s in case.steps.order_by("id")]
    assert states == ["AT_TASK_FORCE", "AT_SUPERVISOR", "AT_BKN", "AT_AUTHORITY", "SANCTIONED"]
    assert [e.facts["event"] for e in events("CaseMoved")] == [
        "STUDY", "EXTEND", "FORWARD", "RECOMMEND"]  # fmt: skip


def test_a_term_is_extended_once_and_in_time() -> None:
    case = step(step(referred(), CaseEvent.STUDY), CaseEvent.EXTEND)
    assert case.is_extended
    with refused("neutrality.clock_cannot_be_extended"):
        step(case, CaseEvent.EXTEND)
    late = step(referred(reference="2"), CaseEvent.STUDY)
    after = at_day(date(2024, 11, 5))
    actions.expire_clocks(actor=SYSTEM, at=after)
    with refused("neutrality.clock_has_run_out"):
        step(late, CaseEvent.EXTEND, at=after)


def test_the_next_step_begins_with_a_clock_that_nobody_extended() -> None:
    case = step(step(referred(), CaseEvent.STUDY), CaseEvent.EXTEND)
    case = step(case, CaseEvent.FORWARD)
    assert (case.is_extended, case.due_date) == (False, None)
    case = step(case, CaseEvent.RECOMMEND)
    assert (case.is_extended, case.due_date) == (False, date(2024, 11, 11))


@pytest.mark.parametrize("event", [CaseEvent.FORWARD, CaseEvent.RECOMMEND, CaseEvent.EXTEND])
def test_a_step_that_does_not_fit_is_refused(event: CaseEvent) -> None:
    case = referred()
    with refused("neutrality.step_does_not_fit_the_state"):
        step(case, event)
    assert case.steps.count() == 1


def test_a_civil_servants_case_does_not_skip_the_agency() -> None:
    case = step(referred(), CaseEvent.STUDY)
    with refused("neutrality.step_is_not_of_this_track"):
        step(case, CaseEvent.RECOMMEND)


def test_a_sanction_has_no_short_way() -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    with refused("neutrality.step_has_its_own_form"):
        step(case, CaseEvent.SANCTION)


def test_who_handles_the_case_takes_its_steps(cast: Cast) -> None:
    case = referred()
    inspector, supervisor = handler("INSPECTORATE"), handler("BAWASLU")
    with refused("neutrality.another_institution_handles_the_case"):
        step(case, CaseEvent.STUDY, supervisor.viewer)
    with refused("neutrality.another_institution_handles_the_case"):
        step(case, CaseEvent.STUDY, cast.governor_desk.viewer)
    for stranger in (cast.neighbour, cast.observer, handler("INSPECTORATE", BANYUASIN)):
        with pytest.raises(OutOfScope):
            step(case, CaseEvent.STUDY, stranger.viewer)
    assert step(case, CaseEvent.STUDY, inspector.viewer).state == "AT_SUPERVISOR"
    with refused("neutrality.another_institution_handles_the_case"):
        step(case, CaseEvent.FORWARD, inspector.viewer)


def test_two_people_decide_at_once_and_the_second_is_told() -> None:
    case = referred()
    seen = case.version
    step(case, CaseEvent.STUDY)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        actions.record_step(key=case.key, event=CaseEvent.STUDY, version=seen, actor=SYSTEM, at=AT)
    assert case.steps.count() == 2


# --- reply and decision


def test_nobody_is_sanctioned_unheard() -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    with refused("neutrality.person_could_not_reply_yet"):
        actions.record_sanction(
            key=case.key,
            sanction="DEMOTION",
            letter_number="1",
            decided_date=AT.date(),
            version=0,
            actor=SYSTEM,
            at=AT,
        )
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("kind", "day", "text", "code"),
    [
        (ReplyKind.GIVEN, date(2024, 10, 26), " ", "neutrality.reply_has_no_words"),
        (ReplyKind.GIVEN, date(2024, 10, 29), "no", "neutrality.day_lies_ahead"),
        (ReplyKind.GIVEN, date(2024, 10, 24), "no", "neutrality.reply_is_older_than_the_case"),
        (ReplyKind.NO_ANSWER, date(2024, 10, 27), "", "neutrality.reply_still_has_time"),
    ],
)
def test_a_reply_that_cannot_be_is_refused(
    kind: ReplyKind, day: date, text: str, code: str
) -> None:
    case = referred()
    with refused(code):
        actions.record_reply(
            key=case.key, kind=kind, replied_date=day, text=text, actor=SYSTEM, at=AT
        )
    assert not Reply.objects.exists()


def test_a_reply_is_sealed_and_counts() -> None:
    case = referred()
    actions.record_reply(
        key=case.key,
        kind=ReplyKind.GIVEN,
        replied_date=date(2024, 10, 28),
        text="Itu akun lama.",
        actor=SYSTEM,
        at=AT,
    )
    assert opened(Reply.objects.get().sealed or b"")["text"] == "Itu akun lama."
    case.refresh_from_db()
    assert case.version == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sanction": "MORAL_OPEN"}, "neutrality.sanction_is_not_of_this_class"),
        ({"letter_number": ""}, "neutrality.decision_has_no_number"),
        ({"decided_date": date(2024, 10, 29)}, "neutrality.day_lies_ahead"),
        ({"decided_date": date(2024, 10, 24)}, "neutrality.decision_is_older_than_the_step"),
    ],
)
def test_a_wrong_decision_is_refused(changes: dict[str, object], code: str) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    with refused(code):
        sanctioned(case, **changes)
    case.refresh_from_db()
    assert case.state == "AT_AUTHORITY"


def test_a_case_is_closed_as_not_proven_for_a_reason() -> None:
    case = referred()
    told = {"key": case.key, "decided_date": AT.date(), "version": 0, "actor": SYSTEM, "at": AT}
    with refused("neutrality.reason_is_missing"):
        actions.close_not_proven(note=" ", **told)
    actions.close_not_proven(note="Akun tiruan.", **told)
    case.refresh_from_db()
    assert (case.state, case.recommended_date) == ("NOT_PROVEN", None)
    with refused("neutrality.case_is_closed"):
        waived(case)


# --- clocks


def at_day(day: date) -> datetime:
    return AT + (day - AT.date())


def test_a_clock_that_runs_out_marks_the_case_and_takes_it_up() -> None:
    case = referred(received_date=date(2024, 10, 21), deed_date=date(2024, 10, 20))
    assert case.due_date == date(2024, 10, 28)
    assert actions.expire_clocks(actor=SYSTEM, at=AT) == 0
    assert actions.expire_clocks(actor=SYSTEM, at=AT + timedelta(days=1)) == 1
    case.refresh_from_db()
    assert (case.state, case.climbed_to, case.lapsed_date, case.due_date) == (
        "AT_TASK_FORCE", "REGENT_DESK", date(2024, 10, 28), date(2024, 10, 31))  # fmt: skip
    assert case.handler_id == id_of("INSPECTORATE")
    assert case.version == 1
    (event,) = events("ClocksExpired")
    assert event.facts["count"] == 1
    assert event.subjects == [f"case:{case.pk}"]
    assert actions.expire_clocks(actor=SYSTEM, at=AT + timedelta(days=1)) == 0


def test_an_authority_that_does_not_answer_has_not_followed_up_and_records_are_blocked() -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    assert case.due_date == date(2024, 11, 8)
    actions.expire_clocks(actor=SYSTEM, at=at_day(date(2024, 11, 9)))
    case.refresh_from_db()
    assert (case.state, case.climbed_to, case.due_date) == (
        "NOT_FOLLOWED_UP", "GOVERNOR_DESK", date(2024, 11, 13))  # fmt: skip
    later = at_day(date(2024, 11, 14))
    actions.expire_clocks(actor=SYSTEM, at=later)
    case.refresh_from_db()
    assert (case.climbed_to, case.due_date) == ("MINISTER", None)
    codes = apps.get_model("notices", "Notification").objects.values_list("code", flat=True)
    assert "neutrality.case_goes_to_minister" in codes
    with refused("neutrality.only_the_civil_service_agency_blocks"):
        step(case, CaseEvent.BLOCK, handler("BKD").viewer, later)
    case = step(case, CaseEvent.BLOCK, handler("BKN", PROVINCE).viewer, later)
    assert (case.state, case.climbed_to, case.lapsed_date) == (
        "BLOCKED", "MINISTER", date(2024, 11, 8))  # fmt: skip
    case = sanctioned(case, later)
    assert (case.state, case.lapsed_date) == ("SANCTIONED", None)


def test_weeks_without_a_run_are_made_good() -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    actions.expire_clocks(actor=SYSTEM, at=at_day(date(2024, 12, 20)))
    case.refresh_from_db()
    assert (case.state, case.climbed_to, case.climbs) == ("NOT_FOLLOWED_UP", "MINISTER", 1)
    walked = list(case.steps.order_by("id").values_list("state", "lapses", "from_date"))
    assert walked == [
        ("AT_AUTHORITY", 1, date(2024, 10, 25)),
        ("NOT_FOLLOWED_UP", 1, date(2024, 11, 8)),
    ]


def test_only_the_machine_lets_clocks_run_out(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        actions.expire_clocks(actor=cast.governor_desk.viewer, at=AT)


# --- authorities in the race


def seat_holder(kind: str, place: str, contest: str = "") -> None:
    """Let somebody hold an office on the tests' day; who runs in a contest is a candidate."""
    person = institution_actions.add_person(
        institution_id=id_of(kind, place), full_name="Calon Petahana", actor=SYSTEM, at=AT
    )
    institution_actions.name_holder(
        institution_id=id_of(kind, place),
        person_id=person,
        status=institution_actions.rules.HolderStatus.DEFINITIVE,
        from_date=date(2024, 10, 1),
        contest=contest,
        source="test",
        actor=SYSTEM,
        at=AT,
    )


def recommended_at_once() -> Case:
    return referred(state=CaseState.AT_AUTHORITY)


def recommended_after_study() -> Case:
    case = referred()
    for event in (CaseEvent.STUDY, CaseEvent.FORWARD, CaseEvent.RECOMMEND):
        case = step(case, event)
    return case


@pytest.mark.parametrize("recommended", [recommended_at_once, recommended_after_study])
def test_a_candidate_does_not_decide_and_the_next_authority_gets_the_case(recommended) -> None:
    seat_holder("REGENT", OKI, contest="Pemilihan Bupati")
    assert holder_of([OKI], at=AT)[OKI].is_candidate
    case = recommended()
    assert (case.authority_kind, case.stake) == ("GOVERNOR", "CANDIDATE")
    assert case.authority_id == id_of("GOVERNOR", PROVINCE)
    assert case.handler_id == id_of("BKD", PROVINCE)


@pytest.mark.parametrize("recommended", [recommended_at_once, recommended_after_study])
def test_a_regent_who_does_not_run_decides_himself(recommended) -> None:
    seat_holder("REGENT", OKI)
    seat_holder("GOVERNOR", PROVINCE, contest="Pemilihan Gubernur")
    assert not holder_of([OKI], at=AT)[OKI].is_candidate
    case = recommended()
    assert (case.authority_kind, case.stake) == ("REGENT", "")
    assert (case.authority_id, case.handler_id) == (id_of("REGENT"), id_of("BKD"))


def test_a_case_climbs_past_candidates_only() -> None:
    seat_holder("REGENT", OKI, contest="Pemilihan Bupati")
    seat_holder("GOVERNOR", PROVINCE)
    case = referred(state=CaseState.AT_AUTHORITY)
    assert (case.authority_kind, case.stake) == ("GOVERNOR", "CANDIDATE")


def test_when_the_governor_runs_too_the_minister_decides() -> None:
    seat_holder("REGENT", OKI, contest="Pemilihan Bupati")
    seat_holder("GOVERNOR", PROVINCE, contest="Pemilihan Gubernur")
    case = referred(state=CaseState.AT_AUTHORITY)
    assert (case.authority_kind, case.authority_id) == ("MINISTER", None)
    assert case.handler_id == id_of("BKD", PROVINCE)


def hand_over(case: Case, actor=SYSTEM, note: str = "Ipar calon nomor 2.") -> str:
    case.refresh_from_db()
    return actions.hand_over_case(
        key=case.key, stake=Stake.RELATED, version=case.version, note=note, actor=actor, at=AT
    )


def test_the_desk_above_hands_a_case_over(cast: Cast) -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    with refused("neutrality.reason_is_missing"):
        hand_over(case, note="")
    assert hand_over(case, cast.governor_desk.viewer) == "GOVERNOR"
    case.refresh_from_db()
    assert (case.stake, case.due_date, case.handler_id) == (
        "RELATED", date(2024, 11, 11), id_of("BKD", PROVINCE))  # fmt: skip
    assert hand_over(case) == "MINISTER"
    with refused("neutrality.nobody_decides_above"):
        hand_over(case)


def test_what_ran_out_before_a_hand_over_stays_so_and_counts() -> None:
    late = AT + timedelta(days=30)
    lapsed, running = (
        referred(reference=name, state=CaseState.AT_AUTHORITY) for name in ("lapsed", "running")
    )
    due = lapsed.due_date
    hand_over(running)
    actions.hand_over_case(
        key=lapsed.key, stake=Stake.RELATED, version=lapsed.version, note="Ipar.", actor=SYSTEM,
        at=late,
    )  # fmt: skip
    lapsed.refresh_from_db()
    running.refresh_from_db()
    assert due
    assert lapsed.lapsed_date == due < date(2024, 11, 27)
    assert lapsed.due_date
    assert lapsed.due_date > due
    assert running.lapsed_date is None
    past = Case.objects.filter(is_past(date(2024, 10, 29)))
    assert list(past.values_list("reference", flat=True)) == ["lapsed"]


def test_a_handler_of_another_step_does_not_hand_over() -> None:
    case = referred(state=CaseState.AT_AUTHORITY)
    with refused("neutrality.another_institution_handles_the_case"):
        hand_over(case, handler("INSPECTORATE").viewer)


# --- circulars


def circular(**changes: object) -> int:
    fields: dict[str, object] = {
        "key": uuid4(),
        "place": OKI,
        "number": "800/903/BKPSDM/2024",
        "title": "Netralitas ASN",
        "issued_date": date(2024, 10, 21),
        "due_date": date(2024, 10, 25),
        "actor": SYSTEM,
        "at": AT,
    }
    return actions.issue_circular(**{**fields, **changes})


def test_a_circular_goes_to_the_regions_own_agencies_and_district_heads(cast: Cast) -> None:
    key = uuid4()
    count = circular(key=key)
    kinds = set(CircularReceipt.objects.values_list("agency__kind", flat=True))
    assert {"DISHUB", "BKD", "CAMAT"} <= kinds
    assert "POLICE" not in kinds
    assert "KPU" not in kinds
    assert circular(key=key) == count
    assert len(events("CircularIssued")) == 1
    mine = {"key": key, "agency_id": id_of("DISHUB"), "actor": cast.agency.viewer, "at": AT}
    assert actions.acknowledge_circular(**mine) is True
    assert actions.acknowledge_circular(**mine) is False
    assert len(events("CircularAcknowledged")) == 1
    with pytest.raises(OutOfScope):
        actions.acknowledge_circular(**{**mine, "agency_id": id_of("BKD")})
    with pytest.raises(OutOfScope):
        actions.acknowledge_circular(**{**mine, "key": uuid4()})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": ""}, "neutrality.circular_needs_number_and_title"),
        ({"issued_date": date(2024, 10, 29)}, "neutrality.day_lies_ahead"),
        ({"due_date": date(2024, 10, 20)}, "neutrality.circular_is_due_before_it_is_issued"),
        ({"place": NUSA_KARTA}, "neutrality.nobody_issues_circulars_here"),
    ],
)
def test_a_wrong_circular_is_refused(changes: dict[str, object], code: str) -> None:
    with refused(code):
        circular(**changes)
    assert not CircularReceipt.objects.exists()


def test_an_officer_issues_no_circular(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        circular(actor=cast.regent_desk.viewer)


def test_the_governor_sends_circulars_to_own_agencies_and_not_in_a_regents_name(
    cast: Cast,
) -> None:
    desk = cast.governor_desk.viewer
    with pytest.raises(OutOfScope):
        circular(actor=desk)
    assert not CircularReceipt.objects.exists()
    assert circular(place=PROVINCE, actor=desk) > 0
    assert set(CircularReceipt.objects.values_list("agency__place", flat=True)) == {PROVINCE}
    with pytest.raises(OutOfScope):
        circular(place=PROVINCE, actor=regent_desk_head().viewer)


def test_what_a_regencys_agencies_say_is_not_changed_from_above(cast: Cast) -> None:
    services(("DISHUB", ServiceLevel.CLOSED, "Banjir"), actor=cast.agency.viewer)
    for deed in (
        lambda: services(("DISHUB", ServiceLevel.OPEN, ""), actor=cast.governor_desk.viewer),
        lambda: pledge(("DISHUB", 120, 120), actor=cast.governor_desk.viewer),
    ):
        with pytest.raises(OutOfScope):
            deed()
    assert ServiceReport.objects.get().level == "CLOSED"
    services(("DISHUB", ServiceLevel.OPEN, ""), actor=cast.regent_desk.viewer)
    assert ServiceReport.objects.get().level == "OPEN"


# --- pledges


def pledge(*rows: tuple[str, int, int], **changes: object) -> int:
    fields: dict[str, object] = {
        "place": OKI,
        "rows": [GivenPledges(id_of(kind), staff, signed) for kind, staff, signed in rows],
        "as_of_date": date(2024, 10, 20),
        "source": "BKPSDM",
        "actor": SYSTEM,
        "at": AT,
    }
    return actions.record_pledges(**{**fields, **changes})


def test_pledges_replace_what_was_counted_before(cast: Cast) -> None:
    assert pledge(("DISHUB", 120, 90), ("BKD", 40, 40), actor=cast.regent_desk.viewer) == 2
    pledge(("DISHUB", 120, 118), as_of_date=date(2024, 10, 27))
    row = PledgeCoverage.objects.get(agency_id=id_of("DISHUB"))
    assert (row.signed, row.staff) == (118, 120)
    first, second = events("PledgesRecorded")
    assert (first.facts["signed"], first.facts["staff"], first.facts["count"]) == (130, 160, 2)
    assert first.facts["digest"] != second.facts["digest"]


@pytest.mark.parametrize(
    ("rows", "changes", "code"),
    [
        ([("DISHUB", 5, 6)], {}, "neutrality.more_signed_than_staff"),
        ([("DISHUB", 0, 0)], {}, "neutrality.agency_has_no_staff"),
        ([("DISHUB", 5, 5), ("DISHUB", 5, 5)], {}, "neutrality.agency_stands_twice"),
        ([], {}, "neutrality.list_is_empty"),
        ([("DISHUB", 5, 5)], {"source": ""}, "neutrality.source_is_missing"),
        ([("DISHUB", 5, 5)], {"as_of_date": date(2024, 10, 29)}, "neutrality.day_lies_ahead"),
    ],
)
def test_wrong_pledges_are_refused_as_a_whole(
    rows: list[tuple[str, int, int]], changes: dict[str, object], code: str
) -> None:
    with refused(code):
        pledge(("BKD", 40, 40), *rows, **changes) if rows else pledge(**changes)
    assert not PledgeCoverage.objects.exists()


def test_an_older_count_does_not_replace_a_newer() -> None:
    pledge(("DISHUB", 120, 90))
    with refused("neutrality.newer_pledges_are_recorded"):
        pledge(("DISHUB", 120, 80), as_of_date=date(2024, 10, 1))


def test_a_neighbours_pledges_are_not_ones_own(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        pledge(("DISHUB", 5, 5), actor=cast.neighbour.viewer)
    with pytest.raises(OutOfScope):
        pledge(("POLICE", 5, 5))


# --- services


def services(*rows: tuple[str, ServiceLevel, str], **changes: object) -> int:
    fields: dict[str, object] = {
        "place": OKI,
        "rows": [GivenService(id_of(kind), level, reason) for kind, level, reason in rows],
        "actor": SYSTEM,
        "at": AT,
    }
    return actions.report_services(**{**fields, **changes})


def test_a_later_word_of_the_day_replaces_the_earlier(cast: Cast) -> None:
    services(("DISHUB", ServiceLevel.OPEN, ""), actor=cast.agency.viewer)
    services(("DISHUB", ServiceLevel.REDUCED, "Dermaga banjir"), actor=cast.agency.viewer)
    services(("DISHUB", ServiceLevel.OPEN, ""), at=AT + timedelta(days=1))
    rows = list(ServiceReport.objects.order_by("report_date").values_list("level", "reason"))
    assert rows == [("REDUCED", "Dermaga banjir"), ("OPEN", "")]
    first, second, _ = events("ServicesReported")
    assert (first.institution_id, second.facts["reduced"]) == (id_of("DISHUB"), 1)
    assert "Dermaga" not in json.dumps(second.facts)


def test_who_is_not_open_says_why() -> None:
    with refused("neutrality.service_needs_a_reason"):
        services(("DUKCAPIL", ServiceLevel.OPEN, ""), ("DISHUB", ServiceLevel.CLOSED, " "))
    assert not ServiceReport.objects.exists()


def test_an_agency_reports_for_itself_and_a_desk_for_all(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        services(("DUKCAPIL", ServiceLevel.OPEN, ""), actor=cast.agency.viewer)
    with pytest.raises(OutOfScope):
        services(("DUKCAPIL", ServiceLevel.OPEN, ""), actor=cast.neighbour.viewer)
    both = [("DUKCAPIL", ServiceLevel.OPEN, ""), ("DISHUB", ServiceLevel.OPEN, "")]
    assert services(*both, actor=cast.regent_desk.viewer) == 2
    with refused("neutrality.agency_reports_no_services"):
        services(("BKD", ServiceLevel.OPEN, ""))


# --- replaced officials


def replacement(**changes: object) -> bool:
    fields: dict[str, object] = {
        "key": uuid4(),
        "agency_id": id_of("DISHUB"),
        "post": "Kepala Bidang Lalu Lintas",
        "decree_number": "821/12/2024",
        "replaced_date": date(2024, 10, 1),
        "actor": SYSTEM,
        "at": AT,
    }
    return actions.record_replacement(**{**fields, **changes})


def test_a_replacement_in_the_window_needs_consent(cast: Cast) -> None:
    key = uuid4()
    assert replacement(key=key) is True
    assert replacement(key=key) is True
    assert replacement(post="Sekretaris", consent="100.2/1/OTDA") is False
    assert Replacement.objects.count() == 2
    assert [e.facts["is_forbidden"] for e in events("ReplacementRecorded")] == [True, False]
    with refused("neutrality.replacement_needs_post_and_decree"):
        replacement(post="")
    with pytest.raises(Refused, match="a_replacement_is_recorded_once"):
        replacement()
    with pytest.raises(OutOfScope):
        replacement(actor=cast.neighbour.viewer, agency_id=id_of("DISHUB", PALEMBANG))
    with pytest.raises(OutOfScope):
        replacement(actor=cast.governor_desk.viewer, decree_number="822/1")
    assert replacement(actor=cast.supervisor.viewer, decree_number="822/2") is True
    assert replacement(actor=cast.regent_desk.viewer, decree_number="822/3") is True


# --- looking where one may not


def test_a_refused_look_is_noted(cast: Cast) -> None:
    case = referred()
    actions.note_refused_view(case_id=case.pk, actor=cast.neighbour.viewer, at=AT)
    (event,) = events("CaseRefusedToViewer")
    assert (event.actor_id, event.place) == (cast.neighbour.user_id, COUNTRY)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_wins(cast: Cast) -> None:
    case = referred()
    answers: list[str] = []

    def take() -> None:
        try:
            actions.record_step(key=case.key, event=CaseEvent.STUDY, version=0, actor=SYSTEM, at=AT)
            answers.append("done")
        except Conflict:
            answers.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "told"]


@pytest.mark.django_db(transaction=True)
def test_a_circular_sent_twice_at_the_same_moment_goes_out_once(cast: Cast) -> None:
    key, start, answers = uuid4(), threading.Barrier(2), list[object]()

    def send() -> None:
        start.wait()
        try:
            answers.append(circular(key=key))
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [CircularReceipt.objects.count()] * 2
    assert len(events("CircularIssued")) == 1


def test_the_person_of_a_case_can_be_deleted_alone() -> None:
    case = referred()
    CasePerson.objects.filter(case=case).delete()
    assert Case.objects.get(pk=case.pk).reference == given().reference


@pytest.mark.parametrize("by", ["INSPECTORATE", "BKD"])
def test_only_supervisor_and_civil_service_agency_recommend(cast: Cast, by: str) -> None:
    with refused("neutrality.only_some_recommend"):
        referred(state=CaseState.AT_AUTHORITY, by=id_of(by))
    assert referred(state=CaseState.AT_AUTHORITY).state == CaseState.AT_AUTHORITY
