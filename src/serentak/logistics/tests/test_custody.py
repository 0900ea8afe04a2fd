"""Loads: one holder at a time, a sum that closes, seals set once, differences with a clock."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions
from serentak.logistics.actions import Became, Packed, Sorted, Thing
from serentak.logistics.actions import custody as loads
from serentak.logistics.models import (
    Consignment,
    ConsignmentLine,
    Entry,
    Location,
    Movement,
    Seal,
    Stock,
)
from serentak.logistics.queries.loads import pressing_by_origin, pressing_loads
from serentak.logistics.queries.measures import MEASURES
from serentak.logistics.queries.stock import entries_under, on_hand
from serentak.logistics.rules.custody import ConsignmentState, Counted
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import Condition, Site
from serentak.logistics.rules.needs import What
from serentak.platform.tests.builders import PNG
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast

from .builders import receive, set_up_stations

Notification = apps.get_model("notices", "Notification")

BOXES = Thing("ballot-box", Race.GOVERNOR)
BOOTHS = Thing("booth")
REGENT = Thing("ballot-regent", Race.REGENT, "A1")
VILLAGE = PlaceCode("16.02.14.2001")
STATION = PlaceCode("16.02.14.2001.001")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _stations(cast: Cast) -> None:
    set_up_stations()
    receive(BOXES, 100)
    receive(BOOTHS, 400)


def pack(*lines: Packed, **more: Any) -> Consignment:
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "destination": AIR_SUGIHAN, "seals": (),
        "due_at": AT + 48 * HOUR, "actor": SYSTEM, "at": AT,
    } | more  # fmt: skip
    lines = lines or (Packed(BOXES, 40),)
    return Consignment.objects.get(pk=actions.pack(lines=lines, **given))


def left(load: Consignment, **more: Any) -> Consignment:
    given: dict[str, Any] = {
        "version": load.version, "vehicle": "Truk BG 1234 XX", "escort": "Polres OKI, 6 orang",
        "actor": SYSTEM, "at": AT + HOUR,
    } | more  # fmt: skip
    actions.depart(consignment_id=load.pk, **given)
    load.refresh_from_db()
    return load


def took(load: Consignment, *counted: Counted, **more: Any) -> Consignment:
    given: dict[str, Any] = {
        "client_key": uuid4(), "seals": [seal.number for seal in load.seals.all()],
        "record_number": "BAST-1", "actor": SYSTEM, "at": AT + 5 * HOUR,
    } | more  # fmt: skip
    lines = load.lines.order_by("pk")
    found = counted or [Counted(line.shipped) for line in lines]
    by_line = {line.pk: one for line, one in zip(lines, found, strict=True)}
    actions.hand_over(consignment_id=load.pk, counted=by_line, **given)
    load.refresh_from_db()
    return load


@contextmanager
def refused(code: str, kind: type[Refused] = Refused) -> Iterator[None]:
    before = (Movement.objects.count(), Entry.objects.count(), Consignment.objects.count())
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == (code if "." in code else f"logistics.{code}")
    assert (Movement.objects.count(), Entry.objects.count(), Consignment.objects.count()) == before


def held(place: PlaceCode, thing: Thing = BOXES, condition: Condition = Condition.GOOD) -> int:
    found = Stock.objects.filter(
        location__place=place, item=thing.item, condition=condition.value,
    ).exclude(location__site=Site.UNDER_WAY.value)  # fmt: skip
    return found.exclude(is_outside=True).aggregate(n=Sum("quantity"))["n"] or 0


def going() -> int:
    found = Stock.objects.filter(location__site=Site.UNDER_WAY.value)
    return found.aggregate(n=Sum("quantity"))["n"] or 0


def test_a_load_goes_from_keeper_to_keeper_and_is_never_in_two_hands() -> None:
    load = pack(Packed(BOXES, 40), Packed(BOOTHS, 160), seals=("A1", "A2"))
    assert (held(OKI), held(AIR_SUGIHAN), going()) == (60, 0, 200)
    assert (
        on_hand(AIR_SUGIHAN, Level.DISTRICT)[AIR_SUGIHAN][
            What("ballot-box", Race.GOVERNOR)
        ].under_way
        == 40
    )
    assert load.number == "16.02/0001"
    load = took(left(load))
    assert load.state == ConsignmentState.HANDED_OVER
    assert (held(OKI), held(AIR_SUGIHAN), going()) == (60, 40, 0)
    assert set(load.seals.values_list("is_read", flat=True)) == {True}
    assert load.settle_by is None


def test_what_differs_stays_on_its_way_until_the_giver_says_what_became_of_it(cast: Cast) -> None:
    load = left(pack(Packed(BOXES, 40), Packed(BOOTHS, 160)))
    load = took(
        load, Counted(38, rejected=2, reason="WET"), Counted(159, missing=1, reason="WRONG_NUMBER")
    )
    assert load.state == ConsignmentState.DIFFERENT
    assert (held(AIR_SUGIHAN), going()) == (38, 3)
    assert load.settle_by == AT + 8 * HOUR, "the most urgent reason has three hours"
    wet, lacking = load.lines.order_by("pk")
    key = uuid4()
    for version, code in ((load.version, "not_all_is_settled"), (2, "platform.changed_meanwhile")):
        with refused(code, Conflict if version == 2 else Refused):
            actions.settle(
                client_key=key, consignment_id=load.pk, version=version,
                became={wet.pk: Became(damaged=2)}, settlement="BA 7", actor=SYSTEM, at=AT + 6 * HOUR,
            )  # fmt: skip
    for _again in range(2):
        actions.settle(
            client_key=key, consignment_id=load.pk, version=load.version,
            became={wet.pk: Became(damaged=2), lacking.pk: Became(delivered=1)},
            settlement="BA 7", actor=SYSTEM, at=AT + 6 * HOUR,
        )  # fmt: skip
    load.refresh_from_db()
    assert load.state == ConsignmentState.SETTLED
    assert (held(OKI, BOXES, Condition.DAMAGED), held(AIR_SUGIHAN, BOOTHS), going()) == (2, 160, 0)


def test_a_settlement_by_which_nothing_moves_is_answered_again() -> None:
    load, key = took(left(pack()), Counted(40, surplus=3, reason="SURPLUS")), uuid4()
    given: dict[str, Any] = {
        "client_key": key, "consignment_id": load.pk, "version": load.version, "became": {},
        "settlement": "Salah hitung di gudang", "actor": SYSTEM, "at": AT + 6 * HOUR,
    }  # fmt: skip
    for _again in range(2):
        actions.settle(**given)
    with refused("platform.key_was_used_by_another", Conflict):
        actions.settle(**given | {"settlement": "BA 8"})
    load.refresh_from_db()
    assert (load.state, held(OKI), held(AIR_SUGIHAN)) == (ConsignmentState.SETTLED, 60, 43)
    assert [row.pieces for row in entries_under(OKI) if row.deed == "SETTLED"] == [0]


def test_the_giver_is_told_of_a_difference_at_once(cast: Cast) -> None:
    Notification.objects.all().delete()
    load = left(pack())
    took(load, Counted(39, missing=1, reason="WRONG_NUMBER"), actor=SYSTEM)
    told = Notification.objects.filter(code="logistics.load_differs")
    assert {(n.user_id, n.is_urgent) for n in told} == {(cast.commission.user_id, True)}


def test_surplus_is_kept_apart_from_what_was_shipped() -> None:
    load = took(left(pack()), Counted(40, surplus=3, reason="SURPLUS"))
    assert load.state == ConsignmentState.DIFFERENT
    assert held(AIR_SUGIHAN) == 43
    assert load.settle_by == AT + 29 * HOUR


@pytest.mark.parametrize(
    ("counted", "code"),
    [
        (Counted(39), "sum_is_open"),
        (Counted(41), "sum_is_open"),
        (Counted(38, rejected=2), "difference_needs_a_reason"),
        (Counted(38, rejected=2, reason="BAD"), "reason_is_unknown"),
        (Counted(-1, rejected=41, reason="WET"), "pieces_are_absurd"),
        (Counted(40, surplus=10**12, reason="SURPLUS"), "pieces_are_absurd"),
    ],
)
def test_a_record_that_does_not_close_is_refused(counted: Counted, code: str) -> None:
    load = left(pack())
    with refused(code):
        took(load, counted)
    load.refresh_from_db()
    assert load.state == ConsignmentState.UNDER_WAY


def test_a_receipt_sent_twice_is_one_and_another_is_refused() -> None:
    load, key = left(pack()), uuid4()
    took(load, client_key=key)
    before = Entry.objects.count()
    took(load, client_key=key)
    assert Entry.objects.count() == before
    with refused("load_was_received_already"):
        took(load)
    with refused("platform.key_was_used_by_another", Conflict):
        took(load, client_key=key, record_number="BAST-2")


def test_a_seal_is_set_once_and_read_by_the_receiver() -> None:
    load = pack(seals=("B1", "B2"))
    with refused("seal_was_set_before"):
        pack(Packed(BOXES, 1), seals=("B2",))
    with refused("seal_stands_twice"):
        pack(Packed(BOXES, 1), seals=("C1", "C1"))
    load = took(left(load), seals=["B1", "X9"])
    assert load.state == ConsignmentState.DIFFERENT, "all pieces are there, a seal is not"
    assert dict(load.seals.values_list("number", "is_read")) == {"B1": True, "B2": False}
    more = took(left(pack(seals=("D1",))), seals=["D1", "X9"])
    assert more.state == ConsignmentState.DIFFERENT, "one seal was never set"
    seal = Seal.objects.get(number="B2")
    for change in (seal.delete, lambda: Seal.objects.update(number="Z")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("destination", "code"),
    [
        (PlaceCode("16.07.02"), "no_way_leads_there"),
        (OKI, "no_way_leads_there"),
        (STATION, "no_way_leads_there"),
    ],
)
def test_a_load_goes_only_where_a_way_leads(destination: PlaceCode, code: str) -> None:
    with refused(code):
        pack(destination=destination)


def test_ballots_of_a_regents_race_stay_in_their_regency() -> None:
    receive(REGENT, 2_000)
    with refused("race_is_not_held_there"):
        pack(Packed(REGENT, 10, Condition.UNSORTED), destination=BANYUASIN)
    governor = Thing("ballot-governor", Race.GOVERNOR, "A1")
    receive(governor, 2_000)
    load = pack(Packed(governor, 10, Condition.UNSORTED), destination=BANYUASIN)
    assert load.leg == "store-store"


@pytest.mark.parametrize("condition", [Condition.UNSORTED, Condition.GOOD])
def test_ballots_of_another_store_count_as_received_and_as_sorted_where_they_were(
    condition: Condition,
) -> None:
    governor = Thing("ballot-governor", Race.GOVERNOR, "A1")
    receive(governor, 2_000)
    receive(governor, 300, place=BANYUASIN)
    actions.sort_ballots(
        client_key=uuid4(), place=OKI, lines=[Sorted(governor, 500, 490, 10)],
        actor=SYSTEM, at=AT,
    )  # fmt: skip
    load = left(pack(Packed(governor, 40, condition), destination=BANYUASIN))
    took(load, Counted(39, missing=1, reason="WRONG_NUMBER"))

    def measured(name: str) -> dict[str, float]:
        return {place: found.quantity for place, found in MEASURES[name](parent=PROVINCE).items()}

    assert measured("ballots-received") == {OKI: 2_000, BANYUASIN: 339}
    looked_at = 39 if condition is Condition.GOOD else 0
    assert measured("ballots-sorted") == {OKI: 500, BANYUASIN: looked_at}


def test_more_than_is_there_is_not_packed_and_nothing_is_half_written() -> None:
    with refused("not_so_many_there"):
        pack(Packed(BOOTHS, 10), Packed(BOXES, 101))
    assert (held(OKI), held(OKI, BOOTHS), going()) == (100, 400, 0)
    with refused("arrival_has_passed"):
        pack(due_at=AT)


def test_a_load_is_unpacked_or_turned_back() -> None:
    load = pack()
    actions.unload(consignment_id=load.pk, version=1, reason="Truk rusak", actor=SYSTEM, at=AT)
    load.refresh_from_db()
    assert (load.state, held(OKI)) == (ConsignmentState.UNPACKED, 100)
    load = left(pack())
    actions.unload(consignment_id=load.pk, version=2, reason="Jembatan putus", actor=SYSTEM, at=AT)
    load.refresh_from_db()
    assert (load.state, held(OKI), going()) == (ConsignmentState.TURNED_BACK, 100, 0)
    with refused("load_is_elsewhere"):
        took(load)


def test_it_leaves_with_a_vehicle_and_an_escort() -> None:
    load = pack()
    with refused("load_needs_its_escort"):
        left(load, escort=" ")
    with refused("platform.text_is_too_long"):
        left(load, vehicle="x" * 121)
    with refused("platform.changed_meanwhile", Conflict):
        left(load, version=7)


def test_who_may_do_what_with_a_load(cast: Cast) -> None:
    keeper, ppk, desk = (
        cast.commission.viewer,
        cast.district_committee.viewer,
        cast.governor_desk.viewer,
    )
    with pytest.raises(OutOfScope):
        pack(actor=desk)
    with pytest.raises(OutOfScope):
        pack(actor=ppk)
    load = pack(actor=keeper)
    with pytest.raises(OutOfScope):
        left(load, actor=ppk)
    load = left(load, actor=keeper)
    with pytest.raises(OutOfScope):
        took(load, actor=desk)
    load = took(load, actor=ppk)
    assert (load.received_by_id, load.receiver_name) == (cast.district_committee.user_id, "")


def test_who_has_no_account_signs_on_paper(cast: Cast) -> None:
    load = left(pack(actor=cast.commission.viewer), actor=cast.commission.viewer)
    paper: dict[str, Any] = {"actor": cast.commission.viewer}
    with refused("paper_needs_a_name"):
        took(load, **paper)
    with refused("paper_needs_a_photo"):
        took(load, receiver_name="Sumiati, Ketua PPK", **paper)
    photo = ContentFile(PNG, name="bast.png")
    load = took(load, receiver_name="Sumiati, Ketua PPK", photo=photo, **paper)
    assert (load.received_by_id, load.receiver_name) == (None, "Sumiati, Ketua PPK")
    assert load.record is not None


def test_boxes_go_down_to_the_station_and_come_back(cast: Cast) -> None:
    took(left(pack()))
    took(left(pack(Packed(BOXES, 4), place=AIR_SUGIHAN, destination=VILLAGE)))
    took(left(pack(Packed(BOXES, 2), place=VILLAGE, destination=STATION)))
    assert held(STATION) == 2
    back = left(pack(Packed(BOXES, 2), place=STATION, destination=AIR_SUGIHAN))
    took(back)
    assert (held(STATION), held(AIR_SUGIHAN)) == (0, 38)


def test_what_was_counted_is_not_changed_afterwards() -> None:
    load = took(left(pack()))
    line = ConsignmentLine.objects.get(consignment=load)
    for change in (
        line.delete,
        lambda: ConsignmentLine.objects.update(accepted=39, missing=1, reason="WET"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_sum_that_does_not_close_cannot_be_stored() -> None:
    load = pack()
    with pytest.raises(IntegrityError), transaction.atomic():
        load.lines.update(accepted=39, rejected=0, missing=0, surplus=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        load.lines.update(accepted=39, rejected=1, missing=0, surplus=0)


def _balance() -> None:
    """All that is in the house and beyond it came from somewhere: the sum of all stocks is none."""
    assert Stock.objects.aggregate(n=Sum("quantity"))["n"] in (0, None)
    assert not Stock.objects.filter(quantity__lt=0, is_outside=False).exists()
    open_states = ("PACKED", "UNDER_WAY", "DIFFERENT")
    for load in Consignment.objects.all():
        lying = load.way.stocks.aggregate(n=Sum("quantity"))["n"] or 0
        if load.state in open_states:
            lines = list(load.lines.all())
            owed = sum(
                line.shipped if line.accepted is None else line.rejected + line.missing
                for line in lines
            )
            assert lying == owed
        else:
            assert lying == 0


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_tried_nothing_is_lost_or_in_two_hands(seed: int) -> None:
    chance = random.Random(seed)
    for _step in range(40):
        loads = list(Consignment.objects.all())
        load = chance.choice(loads) if loads else None
        what = chance.choice(["pack", "leave", "take", "settle", "back"])
        with suppress(Refused):
            _try(what, load, chance)
        _balance()


def _try(what: str, load: Consignment | None, chance: random.Random) -> None:
    if what == "pack":
        thing = chance.choice([BOXES, BOOTHS])
        ways = [(OKI, AIR_SUGIHAN), (AIR_SUGIHAN, OKI), (AIR_SUGIHAN, VILLAGE), (OKI, BANYUASIN)]
        origin, destination = chance.choice(ways)
        pack(Packed(thing, chance.randint(-1, 60)), place=origin, destination=destination)
    elif load is None:
        return
    elif what == "leave":
        left(load)
    elif what == "take":
        shipped = load.lines.get().shipped
        lost = chance.choice([0, 0, 1, shipped])
        wet = chance.choice([0, 0, 2])
        reason = "WET" if lost or wet else ""
        took(load, Counted(shipped - lost - wet, wet, lost, chance.choice([0, 0, 1]), reason))
    elif what == "settle":
        line = load.lines.get()
        owed = (line.rejected or 0) + (line.missing or 0)
        parts = chance.choice([Became(returned=owed), Became(lost=owed), Became(delivered=owed)])
        actions.settle(
            client_key=uuid4(), consignment_id=load.pk, version=load.version,
            became={line.pk: parts}, settlement="BA", actor=SYSTEM, at=AT,
        )  # fmt: skip
    else:
        actions.unload(
            consignment_id=load.pk, version=load.version, reason="x", actor=SYSTEM, at=AT
        )


@pytest.mark.django_db(transaction=True)
def test_two_who_receive_at_once_receive_once() -> None:
    load = left(pack())
    lines = {line.pk: Counted(line.shipped) for line in load.lines.all()}
    said: list[str] = []

    def receive_it() -> None:
        try:
            actions.hand_over(
                client_key=uuid4(), consignment_id=load.pk, counted=lines, seals=[],
                record_number="B", actor=SYSTEM, at=AT + 5 * HOUR,
            )  # fmt: skip
            said.append("taken")
        except Refused as error:
            said.append(error.code)
        finally:
            connection.close()

    both = [threading.Thread(target=receive_it) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said) == ["logistics.load_was_received_already", "taken"]
    assert held(AIR_SUGIHAN) == 40


@pytest.mark.django_db(transaction=True)
def test_two_who_pack_the_same_boxes_do_not_both_get_them() -> None:
    said: list[str] = []

    def pack_it() -> None:
        try:
            pack(Packed(BOXES, 60))
            said.append("packed")
        except Refused as error:
            said.append(error.code)
        finally:
            connection.close()

    both = [threading.Thread(target=pack_it) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said) == ["logistics.not_so_many_there", "packed"]
    assert (held(OKI), going()) == (40, 60)


@pytest.mark.django_db(transaction=True)
def test_two_who_pack_at_once_number_their_loads_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbered, asks, numbers = threading.Event(), threading.Event(), list[str]()
    write, number = loads._move, loads._next_number

    def pack_another() -> None:
        numbered.wait(timeout=5)
        try:
            numbers.append(pack(Packed(BOOTHS, 1)).number)
        finally:
            connection.close()

    second = threading.Thread(target=pack_another, daemon=True)

    def write_later(*given: Any, **more: Any) -> int:
        if threading.current_thread() is not second:
            numbered.set()
            asks.wait(timeout=5)
            second.join(timeout=0.3)  # it waits for the first to be stored
        return write(*given, **more)

    def number_it(origin: Location) -> str:
        if threading.current_thread() is second:
            asks.set()
        return number(origin)

    monkeypatch.setattr(loads, "_move", write_later)
    monkeypatch.setattr(loads, "_next_number", number_it)
    second.start()
    assert pack(Packed(BOXES, 1)).number == "16.02/0001"
    second.join(timeout=5)
    assert numbers == ["16.02/0002"]


def test_every_late_load_counts_though_not_every_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("serentak.logistics.queries.loads.MOST_PRESSING", 2)
    for _ in range(3):
        left(pack(Packed(BOXES, 1)))
    late = AT + 72 * HOUR
    assert len(pressing_loads(OKI, at=late)) == 2
    assert pressing_by_origin(OKI, at=late) == {OKI: 3}
