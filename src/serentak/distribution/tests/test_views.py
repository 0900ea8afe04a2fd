"""The pages of routes: a regency's, its vehicles and ways, a plan from draft to drivers' sheet."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client

from serentak.distribution import actions, jobs
from serentak.distribution.models import Leg, Plan, Route, Vehicle
from serentak.distribution.queries.progress import tell_progress
from serentak.distribution.rules.catalogue import Stage
from serentak.kernel.viewer import SYSTEM
from serentak.platform.models import User
from tests.cast import AIR_SUGIHAN, AT, OKI, Cast, Member
from tests.markup import compact

from .builders import KAYU_AGUNG, block, lend, set_up_needs

HOME = "/16.02/distribution"


def as_(member: Member, language: str = "id") -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=member.user_id))
    client.cookies["serentak_language"] = language
    return client


@pytest.fixture(autouse=True)
def _set_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)
    set_up_needs()


def begun(cast: Cast) -> Plan:
    sent = {"client_key": str(uuid4()), "stage": "DISTRICTS", "conditions": "DRY"}
    answer = as_(cast.commission).post(f"{HOME}/draft", sent)
    plan = Plan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/distribution/plans/{plan.pk}")
    return plan


def rows(*given: tuple[str, int | str, int, int, int | str]) -> dict[str, str]:
    sent = {"rows-TOTAL_FORMS": str(len(given)), "rows-INITIAL_FORMS": str(len(given))}
    for number, row in enumerate(given):
        names = ("place", "vehicle", "trip", "position", "stations")
        sent |= {
            f"rows-{number}-{name}": str(value) for name, value in zip(names, row, strict=True)
        }
    return sent


def arranged(cast: Cast) -> Plan:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat", kg=2500, litres=12_000)
    plan = begun(cast)
    sent = rows(
        (KAYU_AGUNG, truck, 1, 1, 3), (AIR_SUGIHAN, boat, 1, 1, 2), (AIR_SUGIHAN, "", 1, 2, "")
    )
    address = f"/distribution/plans/{plan.pk}/arrange"
    answer = as_(cast.commission).post(address, {"version": plan.version, **sent})
    assert answer.status_code == 302
    plan.refresh_from_db()
    return plan


def test_a_regency_shows_what_must_leave_in_which_order(cast: Cast) -> None:
    page = compact(as_(cast.commission).get(HOME).content.decode())
    far, near = page.index("Air Sugihan"), page.index("Kayu Agung")
    assert far < near, "the water district leaves first"
    assert "22 Nov 2024, 16.15 WIB" in page
    assert "Belum ada rencana yang ditetapkan" in page
    assert "Mulai rencana" in page
    assert "Mulai rencana" not in as_(cast.governor_desk).get(HOME).content.decode()
    english = compact(as_(cast.governor_desk, "en").get(HOME).content.decode())
    assert "Last departure" in english


def test_a_province_shows_how_far_its_regencies_are(cast: Cast) -> None:
    arranged(cast)
    block()
    page = compact(as_(cast.governor_desk).get("/16/distribution").content.decode())
    assert "Konsep" in page
    assert as_(cast.governor_desk).get("/16.02.14.2001/distribution").status_code == 404
    assert as_(cast.ministry).get("/distribution").status_code in (200, 404)


def test_a_vehicle_is_lent_and_changed_on_its_page(cast: Cast) -> None:
    agency, address = as_(cast.agency), f"{HOME}/vehicles/add"
    sent: dict[str, Any] = {
        "client_key": str(uuid4()), "kind": "klotok", "name": "Klotok 7", "kg": "700", "m3": "0",
        "crew": "1", "escort": "Polairud, 2 orang", "owner_id": str(cast.agency.institution_id),
    }  # fmt: skip
    assert agency.post(address, sent).status_code == 422
    assert not Vehicle.objects.exists()
    answer = agency.post(address, sent | {"m3": "3.5"})
    assert answer.status_code == 302
    row = Vehicle.objects.get()
    assert (row.litres, row.owner_id) == (3500, cast.agency.institution_id)
    page = f"/distribution/vehicles/{row.pk}"
    changed = sent | {"m3": "3.5", "version": "1", "is_withdrawn": "on"}
    assert as_(cast.commission).post(page, changed).status_code == 404
    assert "Hanya pemilik" in as_(cast.commission).get(page).content.decode()
    assert agency.post(page, changed).status_code == 302
    assert agency.post(page, changed).status_code == 422, "it was changed meanwhile"
    row.refresh_from_db()
    assert row.is_withdrawn
    assert "tidak tersedia" in agency.get(HOME).content.decode()


def test_ways_are_told_blocked_and_opened(cast: Cast) -> None:
    agency = as_(cast.agency)
    sent = {
        "start": OKI,
        "end": AIR_SUGIHAN,
        "hours": "7",
        "terrain": "RIVER",
        "reason": "Polairud",
    }
    assert agency.post(f"{HOME}/way", sent | {"hours": "0"}).status_code == 422
    assert agency.post(f"{HOME}/way", sent).status_code == 302
    until = (AT + timedelta(days=28)).strftime("%Y-%m-%dT%H:%M")
    shut = {"start": OKI, "end": AIR_SUGIHAN, "blocked_until_at": until, "reason": "Kapal karam"}
    assert agency.post(f"{HOME}/block", shut).status_code == 302
    page = compact(agency.get(HOME).content.decode())
    assert "terputus sampai" in page
    assert "Yusuf Marzuki" in page
    leg = Leg.objects.get()
    assert agency.post(f"/distribution/ways/{leg.pk}/open", {"version": "2"}).status_code == 302
    assert agency.post(f"/distribution/ways/{leg.pk}/forget", {"version": "3"}).status_code == 302
    assert not Leg.objects.exists()


def test_a_plan_goes_from_draft_to_the_drivers_sheet(cast: Cast) -> None:
    plan = arranged(cast)
    commission, address = as_(cast.commission), f"/distribution/plans/{plan.pk}"
    page = compact(commission.get(address).content.decode())
    assert "<polyline" in page
    assert "sungai lewat Palembang" in page
    assert "Kendala rencana" not in page
    route = Route.objects.get(vehicle__name="Truk 1")
    leaves = (route.leaves_at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    sent = {"version": plan.version, "leaves_at": leaves}
    assert commission.get(f"{address}/routes/{route.pk}/departure").status_code == 200
    assert commission.post(f"{address}/routes/{route.pk}/departure", sent).status_code == 302
    assert commission.post(f"{address}/adopt", {"version": plan.version}).status_code == 422
    assert commission.post(f"{address}/adopt", {"version": plan.version + 1}).status_code == 302
    sheet = commission.get(f"{address}/sheets.pdf")
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content == commission.get(f"{address}/sheets.pdf").content
    assert as_(cast.governor_desk).get(address).status_code == 200
    for path in ("arrange", f"routes/{route.pk}/departure"):
        assert as_(cast.governor_desk).get(f"{address}/{path}").status_code in (403, 404)


def test_the_page_waits_while_it_is_computed_then_compares(cast: Cast) -> None:
    plan = arranged(cast)
    commission = as_(cast.commission)
    sent = {
        "client_key": str(uuid4()), "version": plan.version, "conditions": "DRY", "seed": "3",
        "iterations": "40",
    }  # fmt: skip
    address = f"/distribution/plans/{plan.pk}/improve"
    assert commission.post(address, sent | {"iterations": "0"}).status_code == 422
    answer = commission.post(address, sent)
    made = Plan.objects.latest("pk")
    assert answer["Location"] == f"/distribution/plans/{made.pk}"
    tell_progress(made.pk, 30)
    waiting = commission.get(answer["Location"])
    assert waiting["Refresh"] == "2"
    assert "30 dari 40 putaran selesai" in compact(waiting.content.decode())
    jobs.compute_plan(made.pk)
    page = compact(commission.get(answer["Location"]).content.decode())
    assert "Gudang ke kecamatan, rencana 1" in page
    assert "Ambil sebagai konsep" in page
    made.refresh_from_db()
    taken = commission.post(f"{answer['Location']}/take-over", {"version": made.version})
    assert taken.status_code == 302
    plan.refresh_from_db()
    assert plan.state == "SUPERSEDED"
    dropped = commission.post(f"{answer['Location']}/drop", {"version": made.version + 1})
    assert dropped["Location"] == HOME


def test_rows_of_a_plan_are_corrected_where_they_are_wrong(cast: Cast) -> None:
    truck = lend("Truk 1")
    plan = begun(cast)
    commission, address = as_(cast.commission), f"/distribution/plans/{plan.pk}/arrange"
    page = commission.get(address).content.decode()
    assert page.count("<fieldset") == 2, "a row for each place that is in no route"
    more = {"version": plan.version, "do": "more", **rows((KAYU_AGUNG, truck, 1, 1, 1))}
    assert commission.post(address, more).content.decode().count("<fieldset") == 7
    wrong = {
        "version": plan.version,
        **rows((AIR_SUGIHAN, truck, 1, 1, 2), (KAYU_AGUNG, truck, 1, 2, "")),
    }
    answer = commission.post(address, wrong)
    assert answer.status_code == 422
    assert "Pilih tempat dan isi jumlah TPS" in answer.content.decode()
    wrong |= {"rows-1-stations": "3"}
    answer = commission.post(address, wrong)
    assert "tidak dapat mencapai Air Sugihan" in answer.content.decode()
    assert not Route.objects.exists()


def test_a_broken_boat_and_a_blocked_way_show_on_the_adopted_plan(cast: Cast) -> None:
    plan = arranged(cast)
    actions.adopt_plan(plan_id=plan.pk, version=plan.version, actor=SYSTEM, at=AT)
    block()
    Vehicle.objects.filter(name="Truk 1").update(is_withdrawn=True)
    page = compact(as_(cast.commission).get(HOME).content.decode())
    assert "mempunyai 2 kendala" in page
    page = compact(as_(cast.commission).get(f"/distribution/plans/{plan.pk}").content.decode())
    assert "Air Sugihan: jalurnya terputus" in page
    assert "Truk 1: tidak tersedia pada waktu itu" in page


def test_what_leaves_today_is_told_with_whom(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = arranged(cast)
    actions.adopt_plan(plan_id=plan.pk, version=plan.version, actor=SYSTEM, at=AT)
    route = Route.objects.get(vehicle__name="Jukung 1")
    monkeypatch.setattr("serentak.platform.clock.now", lambda: route.leaves_at)
    page = compact(as_(cast.commission).get(HOME).content.decode())
    assert "Berangkat hari ini" in page
    assert page.count("Jukung 1") >= 3


def test_a_page_of_routes_asks_as_much_for_ten_times_the_plans(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    plan = arranged(cast)
    client = as_(cast.commission)
    for number in range(2, 12):
        Plan.objects.create(
            client_key=uuid4(), place_id=OKI, stage=Stage.DISTRICTS, number=number,
            state="SUPERSEDED", conditions="DRY", planned_for_id=plan.planned_for_id,
            planned_at=AT,
        )  # fmt: skip
    with django_assert_max_num_queries(45):
        client.get(HOME)
    with django_assert_max_num_queries(40), patch("serentak.platform.reading.MOST", 0):
        client.get(f"/distribution/plans/{plan.pk}")
