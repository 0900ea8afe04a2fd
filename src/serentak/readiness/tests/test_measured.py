"""What a ledger knows becomes progress by itself; nobody types it, and elsewhere all stays typed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client

from serentak.kernel.codes import Level
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions as logistics
from serentak.logistics.public import Race
from serentak.platform import areas
from serentak.platform.models import User
from serentak.readiness import actions
from serentak.readiness.models import ProgressReport
from serentak.readiness.queries.board import catalogue
from serentak.readiness.queries.measured import measure_of
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, Cast

from .builders import activity, answer, line, report, set_up

BALLOTS = logistics.Thing("ballot-regent", Race.REGENT, "A1")
BOXES = logistics.Thing("ballot-box", Race.REGENT)


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up()


def received(thing: logistics.Thing, quantity: int) -> None:
    logistics.receive(
        client_key=uuid4(),
        place=OKI,
        lines=[logistics.Received(thing, quantity)],
        reference="SJ-1",
        actor=SYSTEM,
        at=AT,
    )


def test_every_measure_that_an_activity_names_is_declared() -> None:
    named = {one.measured_by for one in catalogue().activities.values()} - {""}
    assert named == set(areas.measures())
    for one in catalogue().activities.values():
        assert not one.measured_by or one.levels == (Level.REGENCY,)


def test_what_the_ledger_knows_is_reported_by_itself(cast: Cast) -> None:
    assert actions.take_measures(actor=SYSTEM, at=AT) == 0, "nobody keeps a ledger yet"
    received(BALLOTS, 800)
    assert actions.take_measures(actor=SYSTEM, at=AT) == 2
    assert activity("ballot-arrive").done_quantity == 800
    assert activity("ballot-sort").done_quantity == 0
    assert activity("ballot-arrive", BANYUASIN).done_quantity is None
    told = ProgressReport.objects.get(activity=activity("ballot-arrive"))
    assert (told.kind, told.note) == (
        "QUANTITY",
        "Menurut buku besar atau pemeriksaan di Serentak.",
    )
    assert actions.take_measures(actor=SYSTEM, at=AT) == 0
    later = AT + timedelta(days=1)
    assert actions.take_measures(actor=SYSTEM, at=later) == 2, "unchanged, once a day"
    with pytest.raises(OutOfScope):
        actions.take_measures(actor=cast.commission.viewer, at=AT)


def test_work_that_no_ledger_measures_asks_none(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert measure_of("kpps-form", OKI) is None


def test_nobody_types_what_the_ledger_says(cast: Cast) -> None:
    report(answer("ballot-arrive", 700), actor=cast.commission.viewer)
    received(BALLOTS, 600)
    assert actions.take_measures(actor=SYSTEM, at=AT) == 2
    assert activity("ballot-arrive").done_quantity == 600, "the ledger corrects what was typed"
    with pytest.raises(Refused) as caught:
        report(answer("ballot-arrive", 900), actor=cast.commission.viewer)
    assert caught.value.code == "readiness.a_ledger_says_it"
    client = Client()
    client.force_login(User.objects.get(pk=cast.commission.user_id))
    page = client.get("/16.02/report?all").content.decode()
    assert "Dari buku besar" in page
    assert f'name="{activity("ballot-arrive").pk}_quantity"' not in page
    assert f'name="{activity("forms-print").pk}_quantity"' in page


def test_boxes_handed_over_are_the_districts_progress(cast: Cast) -> None:
    received(BOXES, 10)
    load = logistics.pack(
        client_key=uuid4(),
        place=OKI,
        destination=AIR_SUGIHAN,
        lines=[logistics.Packed(BOXES, 2)],
        due_at=AT + timedelta(days=1),
        actor=SYSTEM,
        at=AT,
    )
    logistics.depart(
        consignment_id=load, version=1, vehicle="Truk", escort="Polres", actor=SYSTEM, at=AT
    )
    actions.take_measures(actor=SYSTEM, at=AT)
    assert line("ship-d").done_quantity == 0
    lines = apps.get_model("logistics", "ConsignmentLine").objects.filter(consignment=load)
    logistics.hand_over(
        client_key=uuid4(),
        consignment_id=load,
        counted={row.pk: logistics.CountedPieces(2) for row in lines},
        seals=(),
        record_number="BAST-1",
        actor=SYSTEM,
        at=AT,
    )
    actions.take_measures(actor=SYSTEM, at=AT)
    assert line("ship-d").done_quantity == 2
    assert activity("ship-d").done_quantity == 2
