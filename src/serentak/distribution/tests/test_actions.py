"""What people do with vehicles, ways and plans: works, refused, repeated, two at once, whose."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.apps import apps

from serentak.distribution import actions, jobs
from serentak.distribution.actions import Placing
from serentak.distribution.models import Leg, Plan, Route, Stop, Vehicle
from serentak.distribution.queries.plans import changes, plan, seen, with_those_at_hand
from serentak.distribution.queries.world import world
from serentak.distribution.rules.catalogue import Stage, Terrain
from serentak.distribution.rules.plans import Against, PlanState
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.logistics import actions as logistics
from serentak.logistics.actions import Packed, Received, Thing
from serentak.logistics.public import Race
from serentak.platform.models import AuditEvent
from tests.cast import AIR_SUGIHAN, AT, OGAN_ILIR, OKI, Cast

from .builders import KAYU_AGUNG, block, lend, owner, set_up_needs

CELIKAH = "16.02.05.2010"


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up_needs()


def draft(**more: Any) -> int:
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "stage": Stage.DISTRICTS, "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    return actions.draft_plan(**given | more)


def arrange(plan_id: int, *placings: Placing, actor: Viewer = SYSTEM) -> None:
    version = Plan.objects.get(pk=plan_id).version
    actions.arrange_plan(plan_id=plan_id, version=version, placings=placings, actor=actor, at=AT)


def improve(plan_id: int, **more: Any) -> int:
    given: dict[str, Any] = {
        "client_key": uuid4(), "plan_id": plan_id, "iterations": 20, "actor": SYSTEM, "at": AT,
        "version": Plan.objects.get(pk=plan_id).version,
    }  # fmt: skip
    made: int = actions.improve_plan(**given | more)
    with patch("serentak.platform.clock.now", lambda: AT):
        jobs.compute_plan(made)
    return made


def adopt(plan_id: int, **more: Any) -> None:
    version = Plan.objects.get(pk=plan_id).version
    actions.adopt_plan(plan_id=plan_id, version=version, actor=SYSTEM, at=AT, **more)


def both(truck: int, boat: int) -> list[Placing]:
    """Kayu Agung by lorry, Air Sugihan by boat, whole."""
    return [Placing(KAYU_AGUNG, truck, 1, 1, 3), Placing(AIR_SUGIHAN, boat, 1, 1, 2)]


def state(plan_id: int) -> str:
    return Plan.objects.get(pk=plan_id).state


def events() -> list[str]:
    names = AuditEvent.objects.filter(name__startswith="distribution.").order_by("pk")
    return [str(event.facts.get("event", event.name)) for event in names]


# --- vehicles


def test_a_vehicle_is_lent_once_and_changed_by_its_owner(cast: Cast) -> None:
    key, agency = uuid4(), cast.agency.viewer
    dishub = cast.agency.institution_id
    first = lend("BG 1", client_key=key, owner_id=dishub, actor=agency)
    assert lend("BG 1", client_key=key, owner_id=dishub, actor=agency) == first
    with pytest.raises(Conflict):
        lend("BG 2", client_key=key, owner_id=dishub, actor=agency)
    said: dict[str, Any] = {
        "vehicle_id": first, "kind": "truck-large", "name": "BG 1", "kg": 5000, "litres": 30_000,
        "is_withdrawn": True, "at": AT,
    }  # fmt: skip
    with pytest.raises(OutOfScope):
        actions.change_vehicle(version=1, actor=cast.commission.viewer, **said)
    actions.change_vehicle(version=1, actor=agency, **said)
    with pytest.raises(Conflict):
        actions.change_vehicle(version=1, actor=agency, **said)
    row = Vehicle.objects.get(pk=first)
    assert (row.kind, row.kg, row.is_withdrawn, row.version) == ("truck-large", 5000, True, 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kg": 0}, "kg"),
        ({"kg": 10**9}, "kg"),
        ({"litres": 0}, "m3"),
        ({"litres": 10**9}, "m3"),
        ({"kind": "submarine"}, "kind"),
        ({"name": "  "}, "name"),
        ({"crew": 0}, "crew"),
        ({"free_from_at": AT, "free_until_at": AT}, "free_until_at"),
    ],
)
def test_a_vehicle_without_capacity_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as caught:
        lend(**{"name": "BG 1"} | wrong)
    assert caught.value.field == field
    assert not Vehicle.objects.exists()


def test_two_vehicles_of_a_place_have_two_names(cast: Cast) -> None:
    lend("BG 1")
    with pytest.raises(Refused, match="vehicle_has_this_name"):
        lend("BG 1")
    with pytest.raises(OutOfScope):
        lend("BG 2", actor=cast.governor_desk.viewer)
    with pytest.raises(OutOfScope):
        lend("BG 2", owner_id=owner("POLICE"), actor=cast.agency.viewer)


# --- ways


def tell(hours: str | None = "3.5", **more: Any) -> int:
    given: dict[str, Any] = {
        "place": OKI, "start": OKI, "end": AIR_SUGIHAN, "terrain": None, "reason": "Polairud",
        "hours": Decimal(hours) if hours else None, "actor": SYSTEM, "at": AT,
    }  # fmt: skip
    return actions.tell_way(**given | more)


def test_what_is_told_of_a_way_keeps_author_day_and_source_and_is_planned_with(cast: Cast) -> None:
    before = world(OKI, Stage.DISTRICTS, at=AT)
    leg = tell(terrain=Terrain.RIVER, actor=cast.agency.viewer)
    assert tell(terrain=Terrain.RIVER, actor=cast.agency.viewer) == leg, "sent twice, told once"
    row = Leg.objects.get()
    assert (row.low_id, row.high_id, row.version) == (OKI, AIR_SUGIHAN, 1)
    assert (row.told_by_id, row.told_for_id) == (cast.agency.user_id, cast.agency.institution_id)
    after = world(OKI, Stage.DISTRICTS, at=AT)
    assert before
    assert after
    assert (before.terrain(AIR_SUGIHAN), after.terrain(AIR_SUGIHAN)) == ("TIDAL", "RIVER")
    assert after.lasts[AIR_SUGIHAN] != before.lasts[AIR_SUGIHAN]
    block()
    actions.forget_way(leg_id=leg, version=2, actor=SYSTEM, at=AT)
    assert Leg.objects.get().blocked_until_at, "a block stays"
    with pytest.raises(Conflict):
        actions.unblock_way(leg_id=leg, version=2, actor=SYSTEM, at=AT)
    actions.unblock_way(leg_id=leg, version=3, actor=SYSTEM, at=AT)
    assert not Leg.objects.exists()
    assert events() == ["TELL", "BLOCK", "FORGET", "OPEN"]


@pytest.mark.parametrize("hours", ["0", "-1", "121", "10000"])
def test_no_way_takes_no_hours_or_ten_thousand(hours: str) -> None:
    with pytest.raises(Refused, match="hours_are_absurd"):
        tell(hours)
    assert not Leg.objects.exists()


def test_a_way_that_says_nothing_or_leads_out_is_refused(cast: Cast) -> None:
    for wrong, code in (
        ({"hours": None}, "way_says_nothing"),
        ({"reason": " "}, "way_needs_a_source"),
        ({"end": OKI}, "way_leads_nowhere"),
        ({"end": "16.07.02"}, "way_leads_out"),
    ):
        with pytest.raises(Refused, match=code):
            tell(**wrong)
    with pytest.raises(Refused, match="block_is_over"):
        block(days=0)
    with pytest.raises(OutOfScope):
        tell(actor=cast.governor_desk.viewer)
    assert not Leg.objects.exists()


# --- plans


def test_a_plan_by_hand_is_arranged_and_adopted_and_all_versions_are_kept(cast: Cast) -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat", kg=2500, litres=12_000)
    key, commission = uuid4(), cast.commission.viewer
    first = draft(client_key=key, actor=commission)
    assert draft(client_key=key, actor=commission) == first
    with pytest.raises(Conflict, match="drafted_already"):
        draft(actor=commission)
    arrange(first, *both(truck, boat), actor=commission)
    stops = {stop.place_id: stop for stop in Stop.objects.select_related("route")}
    by_water = stops[AIR_SUGIHAN]
    # Two days by road and tide, and one for weather: the last departure is H-5 16:15.
    assert by_water.arrives_at
    assert by_water.route.leaves_at < by_water.arrives_at <= AT + timedelta(days=28)
    adopt(first)
    second = draft()
    assert Route.objects.filter(plan=second).count() == 2, "it begins as the adopted one"
    adopt(second)
    assert (state(first), state(second)) == ("SUPERSEDED", "ADOPTED")
    assert Route.objects.filter(plan=first).count() == 2
    assert events() == [
        "distribution.VehicleOffered", "distribution.VehicleOffered", "DRAFT", "ARRANGE", "ADOPT",
        "DRAFT", "REPLACE", "ADOPT",
    ]  # fmt: skip


def test_only_the_commission_plans_its_store(cast: Cast) -> None:
    plan_id = draft()
    for other in (cast.governor_desk, cast.agency, cast.district_committee):
        with pytest.raises(OutOfScope):
            draft(actor=other.viewer)
        with pytest.raises(OutOfScope):
            arrange(plan_id, actor=other.viewer)
        with pytest.raises(OutOfScope):
            actions.drop_plan(plan_id=plan_id, version=1, actor=other.viewer, at=AT)


def test_what_cannot_be_driven_is_refused_row_by_row_and_nothing_is_written() -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat")
    plan_id = draft()
    rows = [
        Placing(AIR_SUGIHAN, truck, 1, 1, 2),
        Placing(KAYU_AGUNG, boat, 1, 1, 1),
        Placing(KAYU_AGUNG, truck, 1, 2, 3),
        Placing(KAYU_AGUNG, truck, 1, 3, 1),
        Placing(KAYU_AGUNG, 999_999, 1, 1, 1),
    ]
    with pytest.raises(Refused) as caught:
        arrange(plan_id, *rows)
    told = [(fault.code.partition(".")[2], fault.row) for fault in caught.value.faults]
    assert told == [
        ("vehicle_cannot_go_there", 1),
        ("vehicle_cannot_go_there", 2),
        ("more_stations_than_there_are", 3),
        ("place_stands_twice_on_a_route", 4),
        ("more_stations_than_there_are", 4),
        ("vehicle_is_not_lent", 5),
    ]
    for wrong in (
        Placing(KAYU_AGUNG, truck, 1, 1, 0),
        Placing(KAYU_AGUNG, truck, 0, 1, 1),
        Placing(KAYU_AGUNG, truck, 1, 10**9, 1),
    ):
        with pytest.raises(Refused, match="number_is_absurd"):
            arrange(plan_id, wrong)
    assert not Route.objects.exists()
    assert Plan.objects.get().version == 1


def test_a_plan_that_is_too_full_late_or_not_whole_says_so(cast: Cast) -> None:
    truck = lend("Pikap", "pickup", kg=40, litres=900)
    plan_id = draft()
    with pytest.raises(Refused, match="plan_has_no_route"):
        adopt(plan_id)
    arrange(plan_id, Placing(KAYU_AGUNG, truck, 1, 1, 3))
    with pytest.raises(Refused) as caught:
        adopt(plan_id, reason="Sudah malam")
    codes = {fault.code.partition(".")[2] for fault in caught.value.faults}
    assert codes == {Against.OVER_KG.value, Against.OVER_LITRES.value}
    arrange(plan_id, Placing(KAYU_AGUNG, truck, 1, 1, 1))
    with pytest.raises(Refused) as caught:
        adopt(plan_id)
    assert [(f.code, f.params["count"]) for f in caught.value.faults] == [
        ("distribution.stations_are_in_no_route", 2),
        ("distribution.stations_are_in_no_route", 2),
    ]
    adopt(plan_id, reason="Perahu menyusul")
    assert Plan.objects.get().reason == "Perahu menyusul"


def test_a_route_may_leave_at_another_hour_which_stays_when_others_are_arranged() -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat")
    plan_id = draft()
    arrange(plan_id, *both(truck, boat))
    route = Route.objects.get(vehicle=truck)
    given: dict[str, Any] = {"plan_id": plan_id, "route_id": route.pk, "actor": SYSTEM, "at": AT}
    with pytest.raises(Refused, match="departure_has_passed"):
        actions.set_departure(version=2, leaves_at=AT - timedelta(hours=1), **given)
    early = route.leaves_at - timedelta(days=1)
    actions.set_departure(version=2, leaves_at=early, **given)
    assert Route.objects.get(vehicle=truck).leaves_at == early
    arrange(plan_id, both(truck, boat)[0], Placing(AIR_SUGIHAN, boat, 1, 1, 1))
    assert Route.objects.get(vehicle=truck).leaves_at == early


def test_the_solver_proposes_and_nothing_changes_until_it_is_taken_over() -> None:
    lend("Truk 1")
    lend("Jukung 1", "river-boat")
    plan_id = draft()
    made = improve(plan_id)
    assert (state(plan_id), state(made)) == ("DRAFT", "PROPOSED")
    found = seen(plan(made), at=AT)  # type: ignore[arg-type]
    assert found
    assert found.outcome.unmet == ()
    actions.take_over_plan(plan_id=made, version=2, actor=SYSTEM, at=AT)
    assert (state(plan_id), state(made)) == ("SUPERSEDED", "DRAFT")
    with pytest.raises(Refused, match="plan_is_elsewhere"):
        actions.take_over_plan(plan_id=made, version=3, actor=SYSTEM, at=AT)
    adopt(made)
    assert state(made) == "ADOPTED"


def test_asked_twice_it_is_computed_once_and_what_was_dropped_is_left() -> None:
    lend("Truk 1")
    lend("Jukung 1", "river-boat")
    plan_id, key = draft(), uuid4()
    given: dict[str, Any] = {"client_key": key, "plan_id": plan_id, "version": 1, "iterations": 20,
                             "actor": SYSTEM, "at": AT}  # fmt: skip
    made = actions.improve_plan(**given)
    assert actions.improve_plan(**given) == made
    with pytest.raises(Conflict, match="computed_already"):
        actions.improve_plan(**given | {"client_key": uuid4()})
    actions.drop_plan(plan_id=made, version=1, actor=SYSTEM, at=AT)
    jobs.compute_plan(made)
    assert state(made) == "SUPERSEDED"
    with pytest.raises(OutOfScope):
        actions.compute_plan(plan_id=made, routes=(), left_out=(), actor=Viewer(), at=AT)


def test_a_stop_that_nobody_can_reach_is_named_and_nothing_is_written() -> None:
    plan_id = draft()
    with pytest.raises(Refused, match="nobody_lends_a_vehicle"):
        improve(plan_id)
    lend("Truk 1")
    with pytest.raises(Refused) as caught:
        improve(plan_id)
    told = [(fault.code, fault.params["place"]) for fault in caught.value.faults]
    assert told == [("distribution.no_vehicle_reaches_it", "Air Sugihan")]
    lend("Jukung 1", "river-boat")
    block(start=KAYU_AGUNG)
    block()
    with pytest.raises(Refused) as caught:
        improve(plan_id)
    assert [fault.code for fault in caught.value.faults] == ["distribution.its_way_is_blocked"]
    for wrong in ({"iterations": 0}, {"iterations": 10**9}, {"seed": -1}):
        with pytest.raises(Refused, match="number_is_absurd"):
            improve(plan_id, **wrong)
    assert Plan.objects.count() == 1


def test_too_few_vehicles_fail_and_say_for_how_many_stations() -> None:
    lend("Truk 1")
    soon = AT + timedelta(days=24, hours=1)
    lend("Jukung 1", "klotok", kg=60, litres=1000, free_until_at=soon)
    plan_id = draft()
    made = improve(plan_id)
    row = Plan.objects.get(pk=made)
    assert (row.state, row.faults) == ("FAILED", [["no_vehicle_is_left_for_it", AIR_SUGIHAN, 2]])
    assert not Route.objects.filter(plan=made).exists()


def test_a_blocked_way_is_planned_anew_with_what_changed_by_stop() -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat")
    plan_id = draft()
    arrange(plan_id, *both(truck, boat))
    adopt(plan_id)
    block()
    before = seen(plan(plan_id), at=AT)  # type: ignore[arg-type]
    assert before
    assert {one.code for one in before.outcome.unmet} == {AIR_SUGIHAN}
    tell("8", start=OKI, end=KAYU_AGUNG, terrain=Terrain.BAD_ROAD)
    tell("30", start=KAYU_AGUNG, end=AIR_SUGIHAN, terrain=Terrain.BAD_ROAD)
    actions.unblock_way(leg_id=Leg.objects.get(high=AIR_SUGIHAN, low=OKI).pk, version=1,
                        actor=SYSTEM, at=AT)  # fmt: skip
    tell("20", terrain=Terrain.BAD_ROAD)
    made = improve(plan_id)
    after = seen(plan(made), at=AT)  # type: ignore[arg-type]
    assert after
    assert {one.code for one in changes(before, after)} == {AIR_SUGIHAN, KAYU_AGUNG}
    assert PlanState(state(plan_id)) is PlanState.ADOPTED


def test_a_district_committee_plans_its_villages_and_nothing_is_driven_twice(cast: Cast) -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat")
    far = draft()
    arrange(far, *both(truck, boat))
    adopt(far)
    ppk = cast.district_committee.viewer
    with pytest.raises(Refused, match="stage_is_planned_elsewhere"):
        draft(place=AIR_SUGIHAN, actor=ppk)
    near = draft(place=AIR_SUGIHAN, stage=Stage.VILLAGES, actor=ppk)
    leaves = Route.objects.get(vehicle=truck).leaves_at
    rows = [
        Placing(code, truck, 1, n, 1)
        for n, code in enumerate(("16.02.14.2001", "16.02.14.2002"), 1)
    ]
    arrange(near, *rows, actor=ppk)
    route = Route.objects.get(plan=near)
    actions.set_departure(plan_id=near, version=2, route_id=route.pk, leaves_at=leaves, actor=ppk,
                          at=AT)  # fmt: skip
    with pytest.raises(Refused, match="vehicle_is_elsewhere"):
        actions.adopt_plan(plan_id=near, version=3, actor=ppk, at=AT)


def test_the_boxes_come_back_by_night() -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat")
    plan_id = draft(stage=Stage.BACK)
    arrange(plan_id, *both(truck, boat))
    found = seen(plan(plan_id), at=AT)  # type: ignore[arg-type]
    assert found
    assert found.outcome.unmet == ()
    assert state(improve(plan_id)) == "PROPOSED"


def test_nothing_is_planned_before_needs_are_known() -> None:
    """Ogan Ilir has no station."""
    with pytest.raises(Refused, match="needs_are_not_known"):
        draft(place=OGAN_ILIR)


def send(place: PlaceCode, boxes: int, at: datetime = AT) -> None:
    """Let boxes of each race leave for a place."""
    things = [Thing("ballot-box", race) for race in Race]
    logistics.receive(
        client_key=uuid4(), place=OKI, lines=[Received(thing, boxes) for thing in things],
        reference="SJ", actor=SYSTEM, at=AT,
    )  # fmt: skip
    load = logistics.pack(
        client_key=uuid4(), place=OKI, destination=place, due_at=at + timedelta(days=5),
        lines=[Packed(thing, boxes) for thing in things], actor=SYSTEM, at=AT,
    )  # fmt: skip
    logistics.depart(
        consignment_id=load, version=1, vehicle="Truk", escort="Polres", actor=SYSTEM, at=AT
    )


def test_what_has_left_is_not_planned_again() -> None:
    lend("Truk 1")
    plan_id = draft()
    send(AIR_SUGIHAN, 2)
    send(KAYU_AGUNG, 1)
    made = improve(plan_id)
    assert state(made) == "PROPOSED", "no boat is needed any more"
    stops = Stop.objects.filter(route__plan=made).values_list("place", "stations")
    assert list(stops) == [(KAYU_AGUNG, 2)]


def test_who_is_under_way_is_planned_again_when_he_is_back() -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat")
    plan_id = draft()
    arrange(plan_id, *both(truck, boat))
    adopt(plan_id)
    route = Route.objects.get(vehicle=boat)
    found = world(OKI, Stage.DISTRICTS, at=route.leaves_at)
    assert found
    later = with_those_at_hand(found, at=route.leaves_at + timedelta(minutes=1))
    free = later.setting.carriers[boat].free_from
    assert free
    assert free > route.stops.get().arrives_at  # type: ignore[operator]
    assert later.setting.carriers[truck].free_from is None


def test_owners_hear_of_a_plan_and_the_commission_of_a_blocked_way(cast: Cast) -> None:
    truck = lend("Truk 1", owner_id=cast.agency.institution_id)
    plan_id = draft()
    arrange(plan_id, Placing(KAYU_AGUNG, truck, 1, 1, 3))
    adopt(plan_id, reason="Perahu menyusul")
    block(actor=cast.agency.viewer)
    told = apps.get_model("notices.Notification").objects.order_by("pk")
    assert set(told.values_list("code", "user")) == {
        ("distribution.plan_was_adopted", cast.agency.user_id),
        ("distribution.way_was_blocked", cast.commission.user_id),
    }
