"""Checks are recorded whole or not at all; defects go from who found to who mends and back."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from serentak.facilities import actions
from serentak.facilities.actions import Answered
from serentak.facilities.models import Check, Defect, Standing
from serentak.facilities.permissions import MEND_DEFECTS
from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.platform.models import AuditEvent
from tests.cast import AIR_SUGIHAN, AT, OKI, PALEMBANG, Cast, Member, seat

from .builders import FIRST, SECOND, check, set_up_stations, standing, the_defect

TODAY = date(2024, 10, 28)


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up_stations()


@pytest.fixture
def officer() -> Member:
    return seat("pps.nusakarta", "Sri", "VILLAGE_COMMITTEE_OFFICER", "PPS", PlaceCode(FIRST[:13]))


def answered(place: str, **answers: Any) -> list[Answered]:
    return [Answered(PlaceCode(place), answers)]


def events() -> list[tuple[str, Any]]:
    rows = AuditEvent.objects.filter(name__startswith="facilities.").order_by("id")
    return [(row.name.partition(".")[2], row.facts) for row in rows]


# --- checks


def test_a_check_says_how_a_place_stands_and_what_is_to_be_mended(cast: Cast) -> None:
    check("venue", FIRST, but={"flood": "no", "light": 1}, actor=cast.district_committee.viewer)
    found = standing(FIRST)
    assert (found.outcome, found.failed, found.unanswered) == ("NOT_READY", ["flood", "light"], [])
    assert found.open_due == -7
    assert found.last_check.institution_id == cast.district_committee.institution_id
    flood = the_defect(question="flood")
    assert (flood.is_hard, flood.due_date, flood.stations, flood.voters) == (
        True, date(2024, 11, 20), 1, 555,
    )  # fmt: skip
    assert flood.owner.kind == "KPU"
    light = the_defect(question="light")
    assert (light.owner.kind, light.is_hard) == ("PPS", False), "no crew is set up: the village's"
    ((name, facts),) = events()
    assert name == "PlacesChecked"
    assert facts == {"checklist": "venue", "places": 1, "found": 2, "confirmed": 0}


def test_the_last_answers_count_and_older_checks_stay(cast: Cast) -> None:
    check("venue", FIRST)
    actions.record_checks(
        client_key=uuid4(), checklist="venue", rows=answered(FIRST, light=2), actor=SYSTEM, at=AT
    )
    found = standing(FIRST)
    assert found.answers["light"] == 2
    assert found.answers["flood"] == "yes", "what was not looked at keeps its answer"
    assert Check.objects.count() == 2
    assert Check.objects.order_by("id")[0].answers["light"] == 100


def test_a_check_of_an_older_version_is_not_built_on(cast: Cast) -> None:
    check("venue", FIRST)
    Standing.objects.update(version=0)
    actions.record_checks(
        client_key=uuid4(), checklist="venue", rows=answered(FIRST, light=4), actor=SYSTEM, at=AT
    )
    assert standing(FIRST).answers == {"light": 4}
    assert standing(FIRST).outcome == "UNANSWERED"


def test_what_is_sent_twice_is_recorded_once(cast: Cast) -> None:
    key = uuid4()
    for _again in range(2):
        check("venue", FIRST, SECOND, client_key=key)
    assert Check.objects.count() == 2
    with pytest.raises(Conflict):
        check("venue", FIRST, SECOND, client_key=key, but={"light": 1})


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ([], "facilities.nothing_is_answered", None),
        (answered(FIRST), "facilities.nothing_is_answered", None),
        (answered(FIRST, size=-1), "facilities.answer_is_absurd", "size"),
        (answered(FIRST, rocket="yes"), "facilities.question_is_unknown", "rocket"),
        (answered(FIRST, flood="na"), "facilities.question_always_applies", "flood"),
        (answered(FIRST, light=3) * 2, "facilities.place_stands_twice", "place"),
        (answered("16.02.14.2001.999", light=3), "facilities.place_is_unknown", "place"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_written(
    cast: Cast, rows: list[Answered], code: str, field: str | None
) -> None:
    fine = answered(SECOND, light=3) if rows else []
    with pytest.raises(Refused) as caught:
        actions.record_checks(
            client_key=uuid4(), checklist="venue", rows=[*fine, *rows], actor=SYSTEM, at=AT
        )
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not Check.objects.exists()
    assert not events()


def test_who_checks_what(cast: Cast, officer: Member) -> None:
    for viewer in (officer.viewer, cast.district_committee.viewer, cast.commission.viewer):
        check("venue", FIRST, actor=viewer)
    check("warehouse", OKI, actor=cast.commission.viewer)
    for key, place, viewer in (
        ("venue", "16.02.14.2002.001", officer.viewer),
        ("warehouse", OKI, cast.district_committee.viewer),
        ("district-store", AIR_SUGIHAN, officer.viewer),
        ("venue", FIRST, cast.governor_desk.viewer),
        ("venue", FIRST, cast.regent_desk.viewer),
        ("venue", FIRST, cast.agency.viewer),
        ("warehouse", FIRST, cast.commission.viewer),
        ("warehouse", PALEMBANG, cast.commission.viewer),
    ):
        with pytest.raises(OutOfScope):
            check(key, place, actor=viewer)
    with pytest.raises(Refused, match="checklist_is_unknown"):
        actions.record_checks(
            client_key=uuid4(), checklist="rocket", rows=answered(FIRST, a=1), actor=SYSTEM, at=AT
        )


def test_where_nobody_knows_a_quantity_the_question_stays_unanswered(cast: Cast) -> None:
    check("warehouse", OKI)
    assert standing(OKI, "warehouse").unanswered == ["pallets"]
    assert standing(OKI, "warehouse").outcome == "UNANSWERED"


# --- defects


def answer(act: Any, defect: Defect, actor: Viewer = SYSTEM, **more: Any) -> None:
    given: dict[str, Any] = {"remark": "Sudah ditimbun", "version": defect.version, "at": AT}
    act(defect_id=defect.pk, actor=actor, **given | more)
    defect.refresh_from_db()


def test_a_defect_is_promised_mended_found_again_and_confirmed(cast: Cast) -> None:
    check("venue", FIRST, but={"flood": "no"})
    defect = the_defect()
    owner = cast.commission.viewer
    answer(actions.promise_defect, defect, owner, promised_date=TODAY + timedelta(days=3))
    assert (defect.state, defect.promised_date) == ("PROMISED", TODAY + timedelta(days=3))
    answer(actions.mend_defect, defect, owner)
    assert (defect.state, defect.remark) == ("MENDED", "Sudah ditimbun")
    check("venue", FIRST, but={"flood": "no"})
    defect.refresh_from_db()
    assert (defect.state, defect.promised_date) == ("FOUND", None)
    answer(actions.mend_defect, defect, owner)
    check("venue", FIRST)
    defect.refresh_from_db()
    assert defect.state == "CONFIRMED"
    assert defect.confirmed_by == standing(FIRST).last_check
    check("venue", FIRST, but={"flood": "no"})
    assert Defect.objects.filter(question="flood").count() == 2, "a new one, the old one stays"
    told = [facts["event"] for name, facts in events() if name == "DefectAnswered"]
    assert told == ["PROMISE", "MEND", "MEND"]


def test_a_question_left_open_confirms_nothing(cast: Cast) -> None:
    check("venue", FIRST, but={"flood": "no"})
    answer(actions.mend_defect, the_defect(), cast.commission.viewer)
    Standing.objects.update(version=0)  # its answers count no more
    actions.record_checks(
        client_key=uuid4(), checklist="venue", rows=answered(FIRST, light=4), actor=SYSTEM, at=AT
    )
    assert the_defect().state == "MENDED"


def test_a_question_that_is_asked_no_more_keeps_no_defect_open(cast: Cast) -> None:
    check("venue", FIRST, but={"flood": "no"})
    Defect.objects.update(question="rocket")
    check("venue", FIRST)
    assert the_defect().state == "CONFIRMED"


def test_only_who_mends_answers_and_only_for_what_was_seen(cast: Cast, officer: Member) -> None:
    check("venue", FIRST, but={"flood": "no"})
    defect = the_defect()
    for viewer in (officer.viewer, cast.governor_desk.viewer, cast.agency.viewer):
        with pytest.raises(OutOfScope):
            answer(actions.mend_defect, defect, viewer)
    with pytest.raises(OutOfScope):
        actions.mend_defect(defect_id=defect.pk + 1, version=1, remark="x", actor=SYSTEM, at=AT)
    with pytest.raises(Conflict):
        answer(actions.mend_defect, defect, cast.commission.viewer, version=7)
    assert the_defect().state == "FOUND"


@pytest.mark.parametrize(
    ("act", "more", "code", "field"),
    [
        ("mend_defect", {"remark": " "}, "facilities.say_how_it_was_mended", "remark"),
        ("dispute_defect", {"remark": ""}, "facilities.say_why_not", "remark"),
        ("ask_for_move", {"remark": ""}, "facilities.say_where_to", "remark"),
        ("mend_defect", {"remark": "x" * 301}, "facilities.answer_is_too_long", "remark"),
        ("promise_defect", {"promised_date": TODAY - timedelta(days=1)},
         "facilities.promise_has_passed", "promised_date"),
        ("promise_defect", {"promised_date": date(2024, 11, 28)},
         "facilities.promise_is_after_the_vote", "promised_date"),
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_is_refused(
    cast: Cast, act: str, more: dict[str, Any], code: str, field: str
) -> None:
    check("venue", FIRST, but={"flood": "no"})
    with pytest.raises(Refused) as caught:
        answer(getattr(actions, act), the_defect(), **more)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert the_defect().version == 1


def test_a_venue_asks_for_a_move_while_there_is_time(cast: Cast, officer: Member) -> None:
    check("venue", FIRST, but={"secret": "no"})
    defect = the_defect()
    assert defect.owner.kind == "PPS"
    late = AT + timedelta(days=24)
    with pytest.raises(Refused) as caught:
        answer(actions.ask_for_move, defect, officer.viewer, at=late)
    assert caught.value.params == {"day": "H-7"}
    answer(actions.ask_for_move, defect, officer.viewer, remark="Balai desa kosong")
    assert (defect.state, defect.owner_id) == ("MOVE_ASKED", cast.commission.institution_id)
    with pytest.raises(OutOfScope):
        answer(actions.mend_defect, defect, officer.viewer)
    answer(actions.promise_defect, defect, cast.commission.viewer, promised_date=date(2024, 11, 5))
    check("venue", FIRST)
    assert the_defect().state == "CONFIRMED"


def test_what_is_not_grave_or_no_site_asks_for_no_move(cast: Cast) -> None:
    check("venue", FIRST, but={"light": 0})
    check("warehouse", OKI, but={"dry": "no"})
    for defect in Defect.objects.all():
        with pytest.raises(Refused, match="nothing_asks_for_a_move"):
            answer(actions.ask_for_move, defect)


def test_who_mends_is_told_once_of_all_that_was_found(cast: Cast, officer: Member) -> None:
    check("venue", FIRST, SECOND, but={"secret": "no", "roof": "no"}, actor=SYSTEM)
    owner = institutions.institution_by("PPS", PlaceCode(FIRST[:13]))
    assert owner is not None
    assert set(Defect.objects.values_list("owner", flat=True)) == {owner.id}
    assert officer.viewer.acts_for(owner.id, MEND_DEFECTS)

    told = apps.get_model("notices.Notification").objects.filter(user=officer.user_id)
    assert [row.params["count"] for row in told] == [4]
