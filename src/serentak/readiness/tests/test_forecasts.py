"""Forecasts that are kept, shocks that an installation sets, and what people try."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.platform.models import AuditEvent
from serentak.readiness import actions, jobs, public
from serentak.readiness.models import (
    Activity,
    ForecastRun,
    PlaceOutlook,
    Scenario,
    ShockChance,
    ShockStruck,
)
from serentak.readiness.queries import forecasting
from serentak.readiness.queries.board import catalogue
from serentak.readiness.queries.forecast_page import forecast_page
from serentak.readiness.queries.forecasting import computed, is_outdated, tried
from serentak.readiness.queries.scenarios import scenario
from serentak.readiness.queries.shock_list import shock_lines
from serentak.readiness.rules.activities import Drop
from serentak.readiness.rules.scenarios import Change, ChangeKind
from serentak.readiness.solvers import choose
from tests.cast import AT, BANYUASIN, OKI, PASSWORD, PROVINCE, Cast, Member

from .builders import set_up

FLOOD = "flood-komering"
VOTE = date(2024, 11, 27)
CLOSE = AT + timedelta(days=20)
"""H-10: the chance counts for the status."""


@pytest.fixture(autouse=True)
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasting, "RUNS", 300)
    monkeypatch.setattr(forecasting, "MOVE_DRAWS", 100)


@pytest.fixture
def world(cast: Cast) -> Cast:
    set_up()
    return cast


def nearly_done(*still: str) -> None:
    """Let everything be done that belongs before the vote, but some works."""
    for row in Activity.objects.exclude(key__in=still).filter(target_date__lt=VOTE):
        row.done_quantity, row.last_report_at, row.heard_at = row.target_quantity, AT, AT
        row.save()


def keep(at: Any = AT) -> int | None:
    found = computed(PROVINCE, at=at, choose=choose)
    assert found is not None
    return actions.store_forecast(found=found, actor=SYSTEM, at=at)


def more(key: str = "box-pack", amount: float = 2, kind: ChangeKind = ChangeKind.PERSON) -> Change:
    return Change(kind, OKI, key, amount)


def try_it(member: Member, *changes: Change, name: str = "Dua orang lagi", **given: Any) -> int:
    asked: dict[str, Any] = {"client_key": uuid4(), "place": OKI, "at": AT, **given}
    return actions.try_scenario(
        name=name, changes=changes or (more(),), actor=member.viewer, **asked
    )


def given_actions() -> list[AuditEvent]:
    """Return what was asked of institutions."""
    return list(AuditEvent.objects.filter(name="coordination.ActionGiven"))


def refused(code: str, act: Callable[[], object]) -> None:
    """Check that an action is refused and writes nothing."""
    before = AuditEvent.objects.count()
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    assert AuditEvent.objects.count() == before


# --- what is kept


def test_a_forecast_is_kept_once_with_one_event(world: Cast) -> None:
    assert is_outdated(PROVINCE, at=AT)
    before = AuditEvent.objects.count()
    assert keep() is not None
    assert keep() is None
    assert AuditEvent.objects.count() == before + 1
    assert not is_outdated(PROVINCE, at=AT)
    assert {row.place_id for row in PlaceOutlook.objects.all()} >= {PROVINCE, OKI}


def test_what_changes_makes_it_outdated_and_one_a_day_is_kept(world: Cast) -> None:
    keep()
    actions.note_shock(
        place=OKI, shock=FLOOD, struck_on=date(2024, 10, 27), actor=SYSTEM, at=AT
    )  # fmt: skip
    assert is_outdated(PROVINCE, at=AT)
    keep(AT + timedelta(hours=1))
    [run] = ForecastRun.objects.all()
    assert run.assumptions["struck"] == [[FLOOD, OKI]]
    keep(AT + timedelta(days=1))
    assert ForecastRun.objects.count() == 2


def test_only_the_clock_keeps_forecasts(world: Cast) -> None:
    found = computed(PROVINCE, at=AT, choose=choose)
    assert found is not None
    with pytest.raises(OutOfScope):
        actions.store_forecast(found=found, actor=world.governor_desk.viewer, at=AT)


def test_the_job_does_nothing_twice(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)
    jobs.compute_forecast(PROVINCE)
    before = AuditEvent.objects.count()
    jobs.compute_forecast(PROVINCE)
    assert AuditEvent.objects.count() == before


def test_a_regency_alone_equals_its_part_of_the_province(world: Cast) -> None:
    nearly_done("box-pack", "ship-d")
    keep()
    before, after = tried(OKI, [more()], at=AT)
    kept_row = PlaceOutlook.objects.get(place=OKI)
    assert before["ready"] == kept_row.results["ready"]
    assert after["ready"][0] >= before["ready"][0]


# --- what a place says of it


def test_a_card_says_the_chance_with_its_age(world: Cast) -> None:
    nearly_done("box-pack")
    keep()
    [*_, why] = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)[OKI].why
    assert why.code.startswith("readiness.CHANCE")
    assert why.params["at"] == "09.00"


def test_close_to_the_vote_no_place_is_on_track_that_will_hardly_be_ready(world: Cast) -> None:
    nearly_done("box-pack")
    row = Activity.objects.get(place=OKI, key="box-pack")
    row.done_quantity, row.last_report_at, row.heard_at = 1, CLOSE, CLOSE
    row.target_date = date(2024, 11, 26)
    row.save()
    keep(CLOSE)
    before = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=CLOSE)[OKI]
    PlaceOutlook.objects.filter(place=OKI).update(ready=0.31)
    briefing = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=CLOSE)[OKI]
    assert briefing.status is not Status.ON_TRACK
    [alert] = [a for a in briefing.alerts if a.code == "readiness.LOW_CHANCE"]
    assert (alert.place, alert.params["of_100"]) == (OKI, "31")
    if before.status is Status.ON_TRACK:
        assert briefing.why[0].code == "readiness.WORK.UNLIKELY"
    asked = public.proposal(alert, place=None, at=CLOSE)
    assert asked is not None
    assert asked.place == OKI


def test_far_from_the_vote_a_low_chance_is_told_and_changes_no_status(world: Cast) -> None:
    before = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)[OKI]
    keep()
    after = public.briefings(parent=PROVINCE, viewer=SYSTEM, at=AT)[OKI]
    assert after.status is before.status
    assert [a.code for a in after.alerts] == [a.code for a in before.alerts]


def test_the_daily_report_tells_it(world: Cast) -> None:
    nearly_done("box-pack")
    keep()
    [said] = public.forecast_sentences(place=OKI, day=AT.date(), viewer=SYSTEM, at=AT)
    from serentak.readiness.words import SENTENCES

    with translation.override("id"):
        assert "siap pada H-1" in SENTENCES[said.code](said.params)


@pytest.mark.parametrize("place", [PROVINCE, OKI])
def test_a_page_takes_a_fixed_number_of_queries(
    world: Cast, django_assert_max_num_queries: Any, place: PlaceCode
) -> None:
    nearly_done("box-pack", "ship-d", "ship-v", "ship-t")
    keep()
    with django_assert_max_num_queries(24):
        page = forecast_page(place, viewer=world.governor_desk.viewer, at=AT)
    assert page is not None
    assert page.told is not None
    assert page.critical
    if place == OKI:
        assert 1 <= len(page.moves) <= 3
        assert all(move.owner for move in page.moves)


def test_a_move_proposes_its_owner(world: Cast) -> None:
    from serentak.readiness.queries.board import board
    from serentak.readiness.queries.moves import asking_alert

    found = board(OKI, at=AT)
    assert found is not None
    for change in (
        more(),
        more(amount=1, kind=ChangeKind.VEHICLE),
        more(amount=-2, kind=ChangeKind.DAYS),
        more(kind=ChangeKind.DROP),
    ):
        alert = asking_alert(found, change)
        assert alert is not None
        proposed = public.proposal(alert, place=OKI, at=AT)
        assert proposed is not None
        assert proposed.owner_id == Activity.objects.get(place=OKI, key="box-pack").owner_id
        assert "…" not in proposed.act["id"]
    assert asking_alert(found, more(amount=3, kind=ChangeKind.DAYS)) is None
    assert asking_alert(found, Change(ChangeKind.SHOCK, OKI, FLOOD, 100)) is None


# --- what to do first


def test_where_hands_are_too_few_it_says_what_waits_and_who_is_asked(
    world: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = AT + timedelta(days=27)
    monkeypatch.setattr("serentak.platform.clock.now", lambda: at)
    keep(at)
    stored = PlaceOutlook.objects.get(place=OKI).results["choice"]
    assert stored["gap"] <= 0.01
    assert 0 <= stored["held"] <= stored["stations"]
    waiting = {row["key"] for row in stored["later"]}
    assert "outreach" in waiting
    assert all(catalogue().activities[key].drop is not Drop.NEVER for key in waiting)
    assert "ballot-print" in {row["key"] for row in stored["short"]}, (
        "what stops the vote never waits"
    )
    assert 0 < len(stored["first"]) <= stored["firsts"]
    client.login(username=world.governor_desk.username, password=PASSWORD)
    shown = client.get(f"/{OKI}/forecast").content.decode()
    assert shown.count("Dapat ditunda") == 1
    page = forecast_page(OKI, viewer=world.governor_desk.viewer, at=at)
    assert page is not None
    assert page.choice is not None
    assert all(one.ask_url and one.owner for one in page.choice.later)
    assert all(one.ask_url and one.owner for one in page.choice.short)
    assert all(one.due and one.due < VOTE for one in page.choice.first)
    watched = forecast_page(OKI, viewer=world.observer.viewer, at=at)
    assert watched is not None
    assert watched.choice is not None
    assert not any(one.ask_url for one in watched.choice.later)


def test_what_was_stored_before_has_no_choice(world: Cast) -> None:
    keep()
    for row in PlaceOutlook.objects.all():
        row.results.pop("choice", None)
        row.save()
    page = forecast_page(OKI, viewer=world.governor_desk.viewer, at=AT)
    assert page is not None
    assert page.choice is None


# --- shocks


def set_chance(member: Member, **given: Any) -> None:
    asked: dict[str, Any] = {
        "place": PROVINCE,
        "shock": FLOOD,
        "per_week": 0.4,
        "reason": "Curah hujan tinggi menurut BMKG",
        "at": AT,
        **given,
    }
    actions.set_shock_chance(actor=member.viewer, **asked)


def test_an_installation_sets_a_chance_and_sees_it(world: Cast) -> None:
    set_chance(world.governor_desk, version=0)
    [line] = [one for one in shock_lines(PROVINCE, viewer=SYSTEM) if one.key == FLOOD]
    assert (line.per_week, line.is_own, line.version) == (0.4, True, 1)
    with pytest.raises(Conflict):
        set_chance(world.governor_desk, per_week=0.5, version=0)
    set_chance(world.governor_desk, per_week=0.5, version=1)
    assert ShockChance.objects.get().version == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"per_week": 1.2}, "readiness.chance_out_of_range"),
        ({"per_week": -0.1}, "readiness.chance_out_of_range"),
        ({"per_week": float("nan")}, "readiness.chance_out_of_range"),
        ({"reason": " "}, "readiness.reason_is_missing"),
        ({"shock": "meteor"}, "readiness.shock_is_unknown"),
    ],
)
def test_a_bad_chance_is_refused(world: Cast, given: dict[str, Any], code: str) -> None:
    refused(code, lambda: set_chance(world.governor_desk, **given))
    assert not ShockChance.objects.exists()


def test_only_the_governors_desk_sets_chances(world: Cast) -> None:
    for member in (world.agency, world.regent_desk, world.observer):
        with pytest.raises(OutOfScope):
            set_chance(member)
    with pytest.raises(OutOfScope):
        set_chance(world.governor_desk, place=OKI)


def test_what_has_struck_is_noted_once_and_taken_back(world: Cast) -> None:
    given: dict[str, Any] = {"place": OKI, "shock": FLOOD, "actor": world.regent_desk.viewer}
    actions.note_shock(struck_on=AT.date(), at=AT, **given)
    refused(
        "readiness.shock_is_noted_already",
        lambda: actions.note_shock(struck_on=AT.date(), at=AT, **given),
    )
    actions.forget_shock(at=AT, **given)
    assert not ShockStruck.objects.exists()
    refused("readiness.shock_is_not_noted", lambda: actions.forget_shock(at=AT, **given))
    refused(
        "readiness.shock_lies_ahead",
        lambda: actions.note_shock(struck_on=AT.date() + timedelta(days=1), at=AT, **given),
    )
    refused(
        "readiness.shock_strikes_elsewhere",
        lambda: actions.note_shock(
            place=OKI, shock="flood-rawas", struck_on=AT.date(), actor=SYSTEM, at=AT
        ),
    )
    with pytest.raises(OutOfScope):
        actions.note_shock(
            place=OKI, shock=FLOOD, struck_on=AT.date(), actor=world.neighbour.viewer, at=AT
        )


# --- what people try


def test_somebody_tries_and_nothing_real_changes(world: Cast) -> None:
    nearly_done("box-pack", "ship-d")
    rows = list(Activity.objects.order_by("pk").values())
    found = scenario(try_it(world.regent_desk), viewer=SYSTEM)
    assert found.is_computed
    assert list(Activity.objects.order_by("pk").values()) == rows


def test_a_repeat_gets_the_first_answer(world: Cast) -> None:
    key = uuid4()
    first = try_it(world.regent_desk, client_key=key)
    assert try_it(world.regent_desk, client_key=key) == first
    assert Scenario.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ((more(amount=0),), "readiness.amount_is_out_of_range"),
        ((more(amount=float("nan")),), "readiness.amount_is_out_of_range"),
        ((more(amount=0, kind=ChangeKind.DAYS),), "readiness.days_change_nothing"),
        (
            (Change(ChangeKind.DURATION, OKI, "box-pack", days=(5, 2, 9)),),
            "readiness.durations_are_out_of_order",
        ),
        ((more(key="nowhere"),), "readiness.activity_is_not_there"),
        ((Change(ChangeKind.PERSON, BANYUASIN, "box-pack", 1),), "readiness.activity_is_not_there"),
        ((Change(ChangeKind.SHOCK, OKI, "meteor", 50),), "readiness.shock_is_unknown"),
        ((Change(ChangeKind.SHOCK, OKI, FLOOD, 120),), "readiness.amount_is_out_of_range"),
        ((more(), more()), "readiness.change_is_repeated"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    world: Cast, changes: tuple[Change, ...], code: str
) -> None:
    refused(code, lambda: try_it(world.regent_desk, *changes))
    assert not Scenario.objects.exists()


def test_a_scenario_needs_a_name_and_a_role(world: Cast) -> None:
    refused("readiness.scenario_has_no_name", lambda: try_it(world.regent_desk, name="  "))
    for member in (world.observer, world.neighbour):
        with pytest.raises(OutOfScope):
            try_it(member)


def test_the_worker_computes_a_province(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)
    id = try_it(world.governor_desk, place=PROVINCE)
    assert not scenario(id, viewer=SYSTEM).is_computed
    refused(
        "readiness.scenario_is_not_computed",
        lambda: actions.adopt_scenario(scenario_id=id, actor=world.governor_desk.viewer, at=AT),
    )
    jobs.compute_scenario(id)
    assert scenario(id, viewer=SYSTEM).is_computed
    before = AuditEvent.objects.count()
    jobs.compute_scenario(id)
    assert AuditEvent.objects.count() == before


def test_adopting_asks_the_owner_once_and_changes_nothing_else(world: Cast) -> None:
    id = try_it(world.governor_desk, more(), Change(ChangeKind.SHOCK, OKI, FLOOD, 50))
    rows = list(Activity.objects.order_by("pk").values())
    asked = actions.adopt_scenario(scenario_id=id, actor=world.governor_desk.viewer, at=AT)
    assert asked == 1
    [given] = given_actions()
    assert given.facts["alert_code"] == "readiness.MORE_PEOPLE"
    assert list(Activity.objects.order_by("pk").values()) == rows
    refused(
        "readiness.scenario_is_adopted_already",
        lambda: actions.adopt_scenario(scenario_id=id, actor=world.governor_desk.viewer, at=AT),
    )


def test_a_shock_alone_asks_nobody(world: Cast) -> None:
    id = try_it(world.governor_desk, Change(ChangeKind.SHOCK, OKI, FLOOD, 50))
    refused(
        "readiness.scenario_asks_nobody",
        lambda: actions.adopt_scenario(scenario_id=id, actor=world.governor_desk.viewer, at=AT),
    )


# --- pages


def page(client: Client, member: Member, path: str, **data: Any) -> Any:
    client.login(username=member.username, password=PASSWORD)
    return client.post(path, data) if data else client.get(path)


def test_pages_show_what_is_stored(world: Cast, client: Client) -> None:
    nearly_done("box-pack", "ship-d")
    keep()
    for place in (PROVINCE, OKI):
        answer = page(client, world.governor_desk, f"/{place}/forecast")
        assert answer.status_code == 200
        assert "dari 100" in answer.content.decode()
        assert page(client, world.governor_desk, f"/{place}/forecast/shocks").status_code == 200
        assert page(client, world.governor_desk, f"/{place}/forecast/try").status_code == 200


def test_before_the_first_forecast_the_page_says_so(world: Cast, client: Client) -> None:
    answer = page(client, world.governor_desk, "/16/forecast")
    assert "Belum ada perkiraan" in answer.content.decode()


def test_the_form_tries_and_the_page_adopts(world: Cast, client: Client) -> None:
    desk = world.governor_desk
    answer = page(
        client,
        desk,
        f"/{OKI}/forecast/try",
        client_key=uuid4(),
        name="Dua orang",
        activity_1=f"{OKI}|box-pack",
        kind_1="PERSON",
        amount_1="2",
    )
    assert answer.status_code == 302, answer.content.decode()
    shown = client.get(answer["Location"])
    assert "tambah 2 orang" in shown.content.decode()
    client.post(f"{answer['Location']}/adopt")
    assert len(given_actions()) == 1
    bad = page(client, desk, f"/{OKI}/forecast/try", client_key=uuid4(), name="x",
               activity_1=f"{OKI}|box-pack", kind_1="DURATION", amount_1="2/x")  # fmt: skip
    assert bad.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_keep_the_same_forecast_at_once(world: Cast) -> None:
    found = computed(PROVINCE, at=AT, choose=choose)
    assert found is not None
    answers: list[int | None] = []

    def store() -> None:
        answers.append(actions.store_forecast(found=found, actor=SYSTEM, at=AT))
        connection.close()

    threads = [threading.Thread(target=store) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in answers) == 1
