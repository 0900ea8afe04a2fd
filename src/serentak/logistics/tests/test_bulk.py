"""What places' needs weigh and take up, and how many boxes have left for them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from serentak.kernel.codes import Level
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions
from serentak.logistics.actions import Packed, Thing
from serentak.logistics.models import Consignment
from serentak.logistics.public import boxes_sent, bulk_at
from serentak.logistics.rules.items import Race
from tests.cast import AIR_SUGIHAN, AT, OKI, Cast

from .builders import receive, set_up_stations, take_over

BOXES = Thing("ballot-box", Race.GOVERNOR)
REGENT = Thing("ballot-box", Race.REGENT)


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up_stations()


def test_boxes_and_booths_are_carried_and_the_rest_lies_in_the_boxes() -> None:
    assert bulk_at(OKI, Level.DISTRICT) == {}, "nobody has taken needs over"
    take_over()
    found = bulk_at(OKI, Level.DISTRICT)[AIR_SUGIHAN]
    # Two stations of two races: a box of 10 kg, 0.096 m3 each, 4 booths of 0.8 kg, 0.02 m3;
    # and the district's own recap boxes, 2 of 12 kg.
    assert (found.stations, found.boxes) == (2, 4)
    assert found.kg == pytest.approx(4 * 10 + 8 * 0.8 + 2 * 12)
    assert found.m3 == pytest.approx(4 * 0.096 + 8 * 0.02 + 2 * 0.096)
    assert bulk_at(OKI, Level.REGENCY)[OKI].stations == 5


def test_boxes_count_as_sent_when_they_have_left_and_are_not_back() -> None:
    take_over()
    receive(BOXES, 10)
    receive(REGENT, 10)
    load = actions.pack(
        client_key=uuid4(), place=OKI, destination=AIR_SUGIHAN,
        lines=[Packed(BOXES, 5), Packed(REGENT, 1)],
        due_at=AT + timedelta(days=2), actor=SYSTEM, at=AT,
    )  # fmt: skip
    assert boxes_sent(OKI, Level.DISTRICT) == {}
    actions.depart(
        consignment_id=load, version=1, vehicle="Jukung", escort="Polairud", actor=SYSTEM, at=AT
    )
    # Of the two stations one has the boxes of both its races.
    assert boxes_sent(OKI, Level.DISTRICT) == {AIR_SUGIHAN: 2}
    assert boxes_sent(OKI, Level.VILLAGE) == {}
    version = Consignment.objects.get(pk=load).version
    actions.unload(consignment_id=load, version=version, reason="Ombak", actor=SYSTEM, at=AT)
    assert boxes_sent(OKI, Level.DISTRICT) == {}
