"""Orders between keepers, transfers adopted as orders, and what is expected to lack."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.logistics import actions
from serentak.logistics.actions import Packed, Sorted, Thing, Wanted
from serentak.logistics.models import Consignment, Movement, Order, OrderLine
from serentak.logistics.queries.orders import open_pieces, ordered_for, promised_by
from serentak.logistics.queries.place import ItemLine, item_lines
from serentak.logistics.queries.transfers import proposed_transfers
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.needs import What
from serentak.logistics.rules.orders import OrderState
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast, seat

from .builders import receive, set_up_stations, take_over

GOVERNOR = What("ballot-governor", Race.GOVERNOR)
LOT = Thing("ballot-governor", Race.GOVERNOR, "A1")
BOOTHS = Thing("booth")
PALEMBANG = PlaceCode("16.71")
DAY = date(2024, 11, 16)
HOUR = timedelta(hours=1)
KPU_BANYUASIN = ("kpu.banyuasin", "Logistik Banyuasin", "COMMISSION_LOGISTICS", "KPU", BANYUASIN)


@pytest.fixture(autouse=True)
def _stations(cast: Cast) -> None:
    set_up_stations()


def order(**more: Any) -> Order:
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": OKI, "origin": BANYUASIN, "destination": OKI,
        "lines": [Wanted("ballot-governor", Race.GOVERNOR, 300)], "needed_by": DAY,
        "reason": "Kurang saat penyortiran", "actor": SYSTEM, "at": AT,
    } | more  # fmt: skip
    return Order.objects.get(pk=actions.order(**given))


def sort(thing: Thing, opened: int, good: int, damaged: int, place: PlaceCode = OKI) -> None:
    actions.sort_ballots(
        client_key=uuid4(), place=place, lines=[Sorted(thing, opened, good, damaged)],
        actor=SYSTEM, at=AT,
    )  # fmt: skip


def stocked(place: PlaceCode, pieces: int) -> None:
    """Let a store have so many good ballots of the governor's race."""
    receive(LOT, pieces, place)
    sort(LOT, pieces, pieces, 0, place)


def pack(asked: Order, quantity: int, **more: Any) -> Consignment:
    given: dict[str, Any] = {
        "client_key": uuid4(), "place": BANYUASIN, "destination": OKI, "seals": (),
        "lines": [Packed(LOT, quantity)], "due_at": AT + 48 * HOUR, "order_id": asked.pk,
        "actor": SYSTEM, "at": AT,
    } | more  # fmt: skip
    return Consignment.objects.get(pk=actions.pack(**given))


def line_of(place: PlaceCode, what: What = GOVERNOR) -> ItemLine:
    return next(line for line in item_lines(place) if line.what == what)


@contextmanager
def refused(code: str, kind: type[Refused] = Refused) -> Iterator[None]:
    before = (Order.objects.count(), Movement.objects.count())
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == (code if "." in code else f"logistics.{code}")
    assert (Order.objects.count(), Movement.objects.count()) == before


def test_what_is_ordered_is_packed_in_parts_and_closed_by_the_last() -> None:
    stocked(BANYUASIN, 500)
    asked = order()
    assert asked.state == OrderState.AGREED
    assert asked.number == "16.02/P0001"
    assert ordered_for(PROVINCE, Level.REGENCY) == {OKI: {GOVERNOR: 300}}
    assert promised_by(PROVINCE, Level.REGENCY) == {BANYUASIN: {GOVERNOR: 300}}
    pack(asked, 100)
    assert open_pieces(asked.pk) == {GOVERNOR: 200}
    last = pack(asked, 200)
    asked.refresh_from_db()
    assert asked.state == OrderState.FULFILLED
    assert ordered_for(PROVINCE, Level.REGENCY) == {}
    actions.unload(
        consignment_id=last.pk, version=1, reason="Jembatan putus", actor=SYSTEM, at=AT
    )  # fmt: skip
    asked.refresh_from_db()
    assert asked.state == OrderState.AGREED
    assert open_pieces(asked.pk) == {GOVERNOR: 200}


def test_what_came_for_an_order_is_not_awaited_any_more() -> None:
    asked = order(origin=None)
    receive(LOT, 120, order_id=asked.pk)
    assert open_pieces(asked.pk) == {GOVERNOR: 180}
    receive(LOT, 200, order_id=asked.pk)
    asked.refresh_from_db()
    assert asked.state == OrderState.FULFILLED
    assert ordered_for(OKI, Level.REGENCY) == {}


def test_no_more_is_sent_than_is_open() -> None:
    stocked(BANYUASIN, 500)
    asked = order()
    with refused("more_than_ordered"):
        pack(asked, 301)
    pack(asked, 300)
    with refused("order_is_not_agreed"):
        pack(asked, 1)


def test_an_order_is_filled_between_its_own_places() -> None:
    stocked(BANYUASIN, 500)
    asked = order()
    with refused("order_is_of_other_places"):
        pack(asked, 10, destination=PALEMBANG)
    with refused("order_is_of_other_places"):
        receive(LOT, 10, order_id=asked.pk)


def test_who_keeps_the_pieces_answers(cast: Cast) -> None:
    asker, keeper = cast.commission.viewer, seat(*KPU_BANYUASIN).viewer
    stocked(BANYUASIN, 500)
    asked = order(actor=asker)
    assert asked.state == OrderState.ASKED
    assert ordered_for(OKI, Level.REGENCY) == {OKI: {GOVERNOR: 300}}
    with refused("order_is_not_agreed"):
        pack(asked, 10, actor=keeper)
    with pytest.raises(OutOfScope):
        answer(asked, actor=asker)
    with refused("a_refusal_says_why"):
        answer(asked, actor=keeper, is_agreed=False, answer=" ")
    answer(asked, actor=keeper)
    with refused("platform.changed_meanwhile", Conflict):
        answer(asked, actor=keeper, version=1)
    asked.refresh_from_db()
    assert asked.state == OrderState.AGREED
    with pytest.raises(OutOfScope):
        actions.withdraw_order(
            order_id=asked.pk, version=2, answer="Cukup", actor=keeper, at=AT
        )  # fmt: skip
    actions.withdraw_order(order_id=asked.pk, version=2, answer="Cukup", actor=asker, at=AT)
    assert ordered_for(OKI, Level.REGENCY) == {}
    with refused("order_is_elsewhere"):
        answer(asked, actor=keeper, version=3)


def answer(asked: Order, **more: Any) -> None:
    given: dict[str, Any] = {
        "order_id": asked.pk, "version": asked.version, "is_agreed": True, "answer": "",
        "actor": SYSTEM, "at": AT,
    } | more  # fmt: skip
    actions.answer_order(**given)


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("an_order_needs_a_reason", {"reason": "  "}),
        ("nothing_moves", {"lines": []}),
        ("pieces_are_absurd", {"lines": [Wanted("booth", None, 0)]}),
        ("pieces_are_absurd", {"lines": [Wanted("booth", None, 10**9 + 1)]}),
        ("item_is_unknown", {"lines": [Wanted("balloon", None, 1)]}),
        ("item_needs_its_race", {"lines": [Wanted("ballot-governor", None, 1)]}),
        ("thing_stands_twice", {"lines": [Wanted("booth", None, 1), Wanted("booth", None, 2)]}),
        ("race_is_not_held_there", {"lines": [Wanted("ballot-regent", Race.REGENT, 1)]}),
        ("no_way_leads_there", {"origin": PlaceCode("16.07.02")}),
        ("order_is_for_another_place", {"destination": PALEMBANG}),
        ("suppliers_deliver_to_stores", {"origin": None, "destination": AIR_SUGIHAN}),
        ("arrival_has_passed", {"needed_by": date(2024, 1, 1)}),
        ("platform.text_is_too_long", {"reason": "x" * 301}),
    ],
)
def test_an_order_that_cannot_be_is_refused(code: str, more: dict[str, Any]) -> None:
    with refused(code):
        order(**more)


def test_an_order_sent_twice_is_one_order() -> None:
    key = uuid4()
    assert order(client_key=key).pk == order(client_key=key).pk
    with refused("platform.key_was_used_by_another", Conflict):
        order(client_key=key, reason="Lain")


def test_what_was_asked_stays() -> None:
    asked = order()
    with pytest.raises(IntegrityError, match="what was asked stays"), transaction.atomic():
        OrderLine.objects.filter(order=asked).update(quantity=1)


# --- enough?


def test_what_is_likely_to_lack_counts_losses_and_orders() -> None:
    take_over()
    needed = line_of(OKI).needed
    assert needed
    receive(LOT, needed)
    sort(LOT, 1_000, 900, 60)
    line = line_of(OKI)
    # 40 were missing and 60 damaged: the damaged are no longer usable, the missing are gone.
    assert line.short == 100
    assert line.expected
    assert line.bounds
    assert 100 <= line.bounds[0] <= line.expected < line.bounds[1]
    order(origin=None, lines=[Wanted("ballot-governor", Race.GOVERNOR, 5_000)])
    assert line_of(OKI).expected == 0
    assert line_of(OKI).short == 100


def test_what_is_asked_within_a_place_brings_nothing_more_to_it() -> None:
    order(place=OKI, origin=OKI, destination=AIR_SUGIHAN, lines=[Wanted("booth", None, 20)])
    what = What("booth", None)
    assert ordered_for(OKI, Level.DISTRICT) == {AIR_SUGIHAN: {what: 20}}
    assert ordered_for(OKI, Level.REGENCY) == {}
    assert promised_by(OKI, Level.REGENCY) == {OKI: {what: 20}}
    order(origin=None)
    assert ordered_for(PROVINCE, Level.PROVINCE) == {PROVINCE: {GOVERNOR: 300}}
    order()
    assert ordered_for(PROVINCE, Level.PROVINCE) == {PROVINCE: {GOVERNOR: 300}}
    assert ordered_for(PROVINCE, Level.REGENCY) == {OKI: {GOVERNOR: 600}}


def test_stores_help_each_other_with_the_governors_ballots_only(cast: Cast) -> None:
    take_over()
    need = {place: line_of(place).needed or 0 for place in (OKI, BANYUASIN, PALEMBANG)}
    stocked(OKI, need[OKI] - 30)
    stocked(BANYUASIN, need[BANYUASIN] + 25)
    stocked(PALEMBANG, need[PALEMBANG] + 10)
    receive(BOOTHS, 1_000, BANYUASIN)
    proposal = proposed_transfers(PROVINCE)
    assert proposal.wanted[GOVERNOR] == {OKI: 30}
    assert sum(one.pieces for one in proposal.plan.transfers) == 30
    assert {one.what for one in proposal.plan.transfers} == {GOVERNOR}
    assert proposal.plan.short == {}
    pairs = sorted({(one.origin, one.destination) for one in proposal.plan.transfers})
    actor, key = cast.province_commission.viewer, uuid4()
    with refused("transfer_is_not_proposed"):
        adopt(proposal.mark, [(PALEMBANG, BANYUASIN)], actor, uuid4())
    made = adopt(proposal.mark, pairs, actor, key)
    assert len(made) == len(pairs)
    assert set(Order.objects.values_list("state", flat=True)) == {OrderState.ASKED.value}
    assert proposed_transfers(PROVINCE).plan.transfers == ()
    assert adopt(proposal.mark, pairs, actor, key) == made
    with refused("platform.changed_meanwhile", Conflict):
        adopt(proposal.mark, pairs, actor, uuid4())


def adopt(
    mark: str, pairs: list[tuple[PlaceCode, PlaceCode]], actor: Viewer, key: UUID
) -> list[int]:
    return list(
        actions.adopt_transfers(
            client_key=key, place=PROVINCE, seen=mark, pairs=pairs, needed_by=DAY,
            reason="Menutup kekurangan", actor=actor, at=AT,
        )
    )  # fmt: skip


def test_a_regencys_store_and_districts_help_each_other() -> None:
    take_over()
    receive(BOOTHS, 1_000)
    proposal = proposed_transfers(OKI)
    what = What("booth", None)
    wanted = proposal.wanted[what]
    moved = {one.destination: one.pieces for one in proposal.plan.transfers}
    assert moved == wanted
    assert {one.origin for one in proposal.plan.transfers} == {OKI}


def test_ballots_nobody_looked_at_are_no_gift() -> None:
    take_over()
    receive(LOT, (line_of(BANYUASIN).needed or 0) + 500, BANYUASIN)
    stocked(OKI, (line_of(OKI).needed or 0) - 30)
    proposal = proposed_transfers(PROVINCE)
    assert proposal.plan.transfers == ()
    assert proposal.plan.short[GOVERNOR][OKI] == 30
