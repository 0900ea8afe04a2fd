"""What logistics counts of quality, and where givers and receivers of loads differ."""

from datetime import timedelta
from uuid import uuid4

import pytest

from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import Counted as Counts
from serentak.kernel.counting import Share
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions
from serentak.logistics.actions import Became, Packed
from serentak.logistics.models import Consignment
from serentak.logistics.queries.checks import CHECKS, hours_taken
from serentak.logistics.queries.counts import COUNTS
from serentak.logistics.rules.custody import Counted
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast

from . import test_custody as loads
from . import test_stations as stations
from .builders import add_stations, receive, set_up_stations, take_over
from .test_custody import BOOTHS, BOXES


@pytest.fixture(autouse=True)
def _stations(cast: Cast) -> None:
    set_up_stations()
    take_over()
    receive(BOXES, 100)
    receive(BOOTHS, 400)


def by_unit(key: str) -> dict[str, Share]:
    found = COUNTS[key](parent=PROVINCE, at=AT + timedelta(days=20))
    assert set(found) <= {OKI}
    one = found.get(OKI)
    assert one is None or isinstance(one, Counts)
    return dict(one.by_unit) if one else {}


def settled(load: Consignment) -> None:
    """Say that what is missing went back to the giver."""
    owed = {line.pk: (line.rejected or 0) + (line.missing or 0) for line in load.lines.all()}
    actions.settle(
        client_key=uuid4(), consignment_id=load.pk, version=load.version,
        became={line: Became(returned=n) for line, n in owed.items() if n},
        settlement="BA 7", actor=SYSTEM, at=AT + timedelta(hours=6),
    )  # fmt: skip


def test_boxes_whole_and_sealed_of_all_that_are_needed() -> None:
    assert by_unit("custody-unbroken") == {} == by_unit("complete-on-the-eve")
    stations.supply(stations.VILLAGE, 2)
    first, second = stations.STATIONS
    sent = stations.pack(seals={first: ["A1"], second: ["A2"]})
    stations.leave(sent)
    stations.take(sent[:1], seals=["A1"])
    # Two races need two boxes at each of three stations there, and of two elsewhere.
    assert by_unit("custody-unbroken") == {"16.02.05": Share(1, 6), "16.02.14": Share(0, 4)}
    stations.take(sent[1:], seals=["A2"])
    assert by_unit("custody-unbroken")["16.02.05"] == Share(2, 6)
    assert by_unit("complete-on-the-eve") == {"16.02.05": Share(2, 3), "16.02.14": Share(0, 2)}


def test_one_short_load_leaves_a_station_incomplete() -> None:
    stations.supply(stations.VILLAGE, 2)
    sent = stations.pack()
    stations.leave(sent)
    assert by_unit("complete-on-the-eve") == {}, "what is on its way is not there"
    stations.take(sent)
    whole = {"16.02.05": Share(2, 3), "16.02.14": Share(0, 2)}
    assert by_unit("complete-on-the-eve") == whole
    stations.supply(stations.VILLAGE, 1)
    station = stations.STATIONS[0]
    more = loads.left(loads.pack(Packed(BOXES, 1), place=stations.VILLAGE, destination=station))
    assert by_unit("complete-on-the-eve")["16.02.05"] == Share(1, 3)
    loads.took(more, Counted(0, missing=1, reason="WRONG_NUMBER"))
    assert by_unit("complete-on-the-eve")["16.02.05"] == Share(1, 3)


def test_what_is_missing_and_unsettled_is_not_accounted_for() -> None:
    whole = loads.took(loads.left(loads.pack(Packed(BOXES, 10))))
    assert by_unit("loads-accounted") == {AIR_SUGIHAN: Share(1, 1)}
    short = loads.took(
        loads.left(loads.pack(Packed(BOXES, 10))), Counted(8, missing=2, reason="WRONG_NUMBER")
    )
    assert by_unit("loads-accounted") == {AIR_SUGIHAN: Share(1, 2)}
    settled(short)
    assert by_unit("loads-accounted") == {AIR_SUGIHAN: Share(2, 2)}
    assert whole.pk != short.pk


def test_receivers_count_otherwise_thing_by_thing() -> None:
    ask = CHECKS["shipped-accepted"]
    loads.took(loads.left(loads.pack(Packed(BOXES, 10))))
    loads.took(loads.left(loads.pack(Packed(BOXES, 10))), Counted(8, rejected=2, reason="WET"))
    assert list(ask(parent=PROVINCE, at=AT)) == [], "what is rejected was there"
    load = loads.took(
        loads.left(loads.pack(Packed(BOXES, 10), Packed(BOOTHS, 10))),
        Counted(8, missing=2, reason="WRONG_NUMBER"),
        Counted(10, surplus=2, reason="WRONG_NUMBER"),
    )
    lacking, over = ask(parent=PROVINCE, at=AT)
    assert (lacking.place, lacking.a.value, lacking.b.value, lacking.amount) == (OKI, 10, 8, 2)
    assert (over.a.value, over.b.value) == (10, 12), "too many booths make up for no box"
    assert lacking.subject != over.subject
    assert load.number in lacking.about["id"]
    assert lacking.about != over.about
    assert list(ask(parent=BANYUASIN, at=AT)) == []
    settled(load)
    assert list(ask(parent=PROVINCE, at=AT)) == []


def test_seals_that_did_not_arrive() -> None:
    ask = CHECKS["seals"]
    loads.took(loads.left(loads.pack(seals=("A1", "A2"))))
    assert list(ask(parent=PROVINCE, at=AT)) == []
    load = loads.took(loads.left(loads.pack(seals=("B1", "B2"))), seals=["B1"])
    (one,) = ask(parent=PROVINCE, at=AT)
    assert (one.subject, one.a.value, one.b.value, one.amount) == (f"load:{load.pk}", 2, 1, 1)


def test_stations_listed_after_the_needs_were_taken_over() -> None:
    ask = CHECKS["listed-ordered"]
    assert list(ask(parent=PROVINCE, at=AT)) == []
    add_stations("16.02.14.2002.002", "16.02.14.2002.003")
    (one,) = ask(parent=PROVINCE, at=AT)
    assert (one.place, one.a.value, one.b.value, one.amount) == (OKI, 7, 5, 2)


def test_hours_under_way_are_those_of_what_arrived() -> None:
    load = loads.pack()
    assert hours_taken(PROVINCE) == {}
    loads.took(loads.left(load))
    assert hours_taken(PROVINCE)[PlaceCode(AIR_SUGIHAN)].hours == 4
