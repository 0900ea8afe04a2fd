"""What presses in distribution: late where it is, one for a regency and kind, silent elsewhere."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from serentak.distribution import actions
from serentak.distribution.actions import Placing
from serentak.distribution.public import alerts
from serentak.distribution.rules.catalogue import Stage
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions as logistics
from serentak.logistics.actions import Packed, Received, Thing
from serentak.logistics.public import Race
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE, Cast

from .builders import KAYU_AGUNG, block, lend, set_up_needs

MISSED = "distribution.last_departure_is_missed"
BLOCKED = "distribution.planned_way_is_blocked"
UNPLANNED = "distribution.stops_are_in_no_plan"


@pytest.fixture(autouse=True)
def _world(cast: Cast) -> None:
    set_up_needs()


def on(days: int, hour: int = 9) -> datetime:
    """Return an hour of the day so many days from the vote, in Palembang."""
    return AT + timedelta(days=30 + days, hours=hour - 9)


def told(at: datetime, place: PlaceCode = PROVINCE) -> dict[str, Alert]:
    found = alerts(parent=place, viewer=SYSTEM, at=at)
    by_code = {alert.code: alert for alert in found}
    assert len(by_code) == len(found), "one for each regency and kind"
    return by_code


def draft() -> int:
    return actions.draft_plan(
        client_key=uuid4(), place=OKI, stage=Stage.DISTRICTS, actor=SYSTEM, at=AT
    )


def adopted(*places: PlaceCode, reason: str = "") -> None:
    truck, boat = lend("Truk 1"), lend("Jukung 1", "river-boat")
    rows = {
        KAYU_AGUNG: Placing(KAYU_AGUNG, truck, 1, 1, 3),
        AIR_SUGIHAN: Placing(AIR_SUGIHAN, boat, 1, 1, 2),
    }
    plan_id = draft()
    actions.arrange_plan(
        plan_id=plan_id, version=1, placings=[rows[p] for p in places], actor=SYSTEM, at=AT
    )
    actions.adopt_plan(plan_id=plan_id, version=2, reason=reason, actor=SYSTEM, at=AT)


def test_a_regency_that_has_no_plan_here_is_not_said_to_lack_one() -> None:
    assert told(on(-4)) == {}


def test_what_is_in_no_plan_is_at_risk_from_the_target_on_and_late_from_h_8() -> None:
    adopted(KAYU_AGUNG, reason="Perahu menyusul")
    assert told(on(-15)) == {}
    found = told(on(-14))
    assert set(found) == {UNPLANNED}
    alert = found[UNPLANNED]
    assert (alert.severity, alert.place) == (Status.AT_RISK, OKI)
    assert alert.params == {"count": "1", "stations": "2", "first": "Air Sugihan"}
    assert alert.due_date == on(-5).date()
    assert told(on(-8))[UNPLANNED].severity is Status.LATE
    assert told(on(-8), AIR_SUGIHAN)[UNPLANNED].link == "/16.02/distribution"
    assert told(on(-8), KAYU_AGUNG) == {}


def test_a_last_departure_missed_is_late_until_the_boxes_have_left() -> None:
    adopted(KAYU_AGUNG, AIR_SUGIHAN)
    assert told(on(-5, 16)) == {}
    late = told(on(-5, 17))
    assert set(late) == {MISSED}
    assert (late[MISSED].severity, late[MISSED].press.days_left) == (Status.LATE, 0)
    boxes = [Thing("ballot-box", race) for race in Race]
    logistics.receive(
        client_key=uuid4(), place=OKI, lines=[Received(box, 100) for box in boxes],
        reference="SJ", actor=SYSTEM, at=AT,
    )  # fmt: skip
    load = logistics.pack(
        client_key=uuid4(), place=OKI, destination=AIR_SUGIHAN,
        lines=[Packed(box, 2) for box in boxes], due_at=on(-3), actor=SYSTEM, at=AT,
    )  # fmt: skip
    logistics.depart(
        consignment_id=load, version=1, vehicle="Jukung", escort="Polairud", actor=SYSTEM, at=AT
    )
    assert told(on(-5, 17)) == {}


def test_a_planned_way_that_is_blocked_is_told_while_it_is() -> None:
    adopted(KAYU_AGUNG, AIR_SUGIHAN)
    block(days=20)
    assert set(told(on(-12))) == {BLOCKED}
    assert told(on(-12))[BLOCKED].place == OKI
    assert told(on(-9)) == {}, "it is open again by itself"


def test_a_neighbour_is_told_nothing(cast: Cast) -> None:
    adopted(KAYU_AGUNG, reason="Perahu menyusul")
    assert alerts(parent=OKI, viewer=cast.neighbour.viewer, at=on(-8)) == ()
    assert alerts(parent=OKI, viewer=cast.governor_desk.viewer, at=on(-8))
    village = PlaceCode("16.02.14.2001")
    assert alerts(parent=village, viewer=SYSTEM, at=on(-8)) == ()


def test_alerts_of_a_province_take_as_many_queries_as_of_a_regency(
    django_assert_max_num_queries: Any,
) -> None:
    adopted(KAYU_AGUNG, AIR_SUGIHAN)
    for place in (PROVINCE, OKI):
        with django_assert_max_num_queries(17):
            alerts(parent=place, viewer=SYSTEM, at=on(-8))
