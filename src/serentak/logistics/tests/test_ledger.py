"""The ledger: what moves is there, stays what it is, and is written once."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions
from serentak.logistics.actions import Counted, Destroyed, Received, Sorted, Thing
from serentak.logistics.models import Entry, Movement, Stock
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.ledger import OUTSIDE, Condition, Site
from serentak.platform.models import AuditEvent
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE, Cast

from .builders import receive, set_up_stations

BALLOTS = Thing("ballot-regent", Race.REGENT, "A1")
BOOTHS = Thing("booth")


@pytest.fixture(autouse=True)
def _stations(cast: Cast) -> None:
    set_up_stations()


def sort(opened: int, good: int, damaged: int, thing: Thing = BALLOTS) -> int:
    return actions.sort_ballots(
        client_key=uuid4(), place=OKI, lines=[Sorted(thing, opened, good, damaged)],
        actor=SYSTEM, at=AT,
    )  # fmt: skip


def count(thing: Thing, condition: Condition, quantity: int, reason: str = "hitung ulang") -> int:
    return actions.count_stock(
        client_key=uuid4(), place=OKI, lines=[Counted(thing, condition, quantity)],
        reason=reason, actor=SYSTEM, at=AT,
    )  # fmt: skip


def destroy(thing: Thing, condition: Condition, quantity: int, **more: object) -> int:
    given: dict[str, object] = {"record_number": "BA-9/2024", "witnesses": "Bawaslu, Polres"}
    return actions.destroy(
        client_key=uuid4(), place=OKI, lines=[Destroyed(thing, condition, quantity)],
        actor=SYSTEM, at=AT, **given | more,  # type: ignore[arg-type]
    )  # fmt: skip


def there(
    thing: Thing, condition: Condition, site: Site = Site.STORE, place: PlaceCode = OKI
) -> int:
    found = Stock.objects.filter(
        location__site=site.value, location__place=place, item=thing.item, lot=thing.lot,
        condition=condition.value,
    ).aggregate(sum=Sum("quantity"))  # fmt: skip
    return found["sum"] or 0


def test_ballots_come_unsorted_and_are_sorted_to_the_last_sheet() -> None:
    receive(BALLOTS, 2_000)
    sort(2_000, 1_985, 9)
    assert there(BALLOTS, Condition.UNSORTED) == 0
    assert there(BALLOTS, Condition.GOOD) == 1_985
    assert there(BALLOTS, Condition.DAMAGED) == 9
    # Six were missing: they went to where counts differ.
    assert there(BALLOTS, Condition.UNSORTED, Site.COUNTED) == 6
    assert there(BALLOTS, Condition.UNSORTED, Site.SUPPLIER) == -2_000


def test_what_is_only_counted_is_not_sorted() -> None:
    receive(BOOTHS, 40)
    with refused("logistics.item_is_not_sorted", field="what_1"):
        sort(40, 40, 0, BOOTHS)


def test_more_may_be_found_than_a_carton_said() -> None:
    receive(BALLOTS, 2_000)
    sort(1_000, 1_003, 0)
    assert there(BALLOTS, Condition.UNSORTED) == 1_000
    assert there(BALLOTS, Condition.GOOD) == 1_003
    assert there(BALLOTS, Condition.UNSORTED, Site.COUNTED) == -3


def test_a_count_by_hand_makes_the_ledger_follow_with_a_reason() -> None:
    receive(BOOTHS, 40)
    entry = Entry.objects.get(pk=count(BOOTHS, Condition.GOOD, 37))
    assert (entry.deed, entry.reason) == ("COUNTED", "hitung ulang")
    assert there(BOOTHS, Condition.GOOD) == 37
    count(BOOTHS, Condition.DAMAGED, 3)
    assert there(BOOTHS, Condition.DAMAGED) == 3
    with refused("logistics.count_agrees"):
        count(BOOTHS, Condition.DAMAGED, 3)
    count(BOOTHS, Condition.DAMAGED, 0)
    assert there(BOOTHS, Condition.DAMAGED) == 0
    with refused("logistics.a_count_needs_a_reason"):
        count(BOOTHS, Condition.DAMAGED, 4, reason=" ")


def test_what_is_destroyed_has_a_record_and_witnesses() -> None:
    receive(BALLOTS, 100)
    sort(100, 90, 10)
    with refused("logistics.destruction_needs_a_record"):
        destroy(BALLOTS, Condition.DAMAGED, 10, record_number="")
    with refused("logistics.destruction_needs_witnesses"):
        destroy(BALLOTS, Condition.DAMAGED, 10, witnesses="")
    destroy(BALLOTS, Condition.DAMAGED, 10)
    assert there(BALLOTS, Condition.DAMAGED) == 0
    assert there(BALLOTS, Condition.DAMAGED, Site.DESTROYED) == 10
    with refused("logistics.not_so_many_there", there=0, wanted=1):
        destroy(BALLOTS, Condition.DAMAGED, 1)


@pytest.mark.parametrize(
    ("thing", "code"),
    [
        (Thing("spaceship"), "logistics.item_is_unknown"),
        (Thing("ballot-regent"), "logistics.item_needs_its_race"),
        (Thing("booth", Race.REGENT), "logistics.item_serves_every_race"),
        (Thing("booth", None, "A1"), "logistics.item_comes_in_no_lots"),
        (Thing("ballot-governor", Race.REGENT), "logistics.item_is_of_another_race"),
        (Thing("ink", None, "A" * 61), "logistics.lot_is_too_long"),
    ],
)
def test_a_thing_that_is_none_is_refused(thing: Thing, code: str) -> None:
    with refused(code, row=1):
        receive(thing, 5)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("quantity", [0, -1, 1_000_000_001])
def test_pieces_are_counted_within_bounds(quantity: int) -> None:
    with refused("logistics.pieces_are_absurd", field="quantity_1"):
        receive(BOOTHS, quantity)


def test_a_province_keeps_nothing_of_its_regents_races() -> None:
    with refused("logistics.race_is_not_held_here", row=1):
        receive(BALLOTS, 5, place=PROVINCE)


def test_a_lot_is_the_same_however_it_is_spaced() -> None:
    lines = [Received(Thing("ink", None, lot), 10) for lot in ("A 1", " A  1 ")]
    actions.receive(client_key=uuid4(), place=OKI, lines=lines, reference="", actor=SYSTEM, at=AT)
    assert there(Thing("ink", None, "A 1"), Condition.GOOD) == 20


def test_what_lacks_is_told_at_the_line_that_asked_for_it() -> None:
    receive(BALLOTS, 1_000)
    lines = [Sorted(BALLOTS, 600, 590, 4), Sorted(BALLOTS, 600, 600, 0)]
    with refused("logistics.not_so_many_there", row=2, field="opened_2", there=1_000, wanted=1_200):
        actions.sort_ballots(client_key=uuid4(), place=OKI, lines=lines, actor=SYSTEM, at=AT)
    for good, damaged, field in ((-1, 0, "good_1"), (0, -1, "damaged_1"), (10**10, 0, "good_1")):
        with refused("logistics.pieces_are_absurd", row=1, field=field):
            sort(10, good, damaged)


def test_a_thing_is_counted_once_in_a_count() -> None:
    lines = [Counted(BOOTHS, Condition.GOOD, n) for n in (5, 7)]
    with refused("logistics.thing_stands_twice", row=2, field="what_2"):
        actions.count_stock(
            client_key=uuid4(), place=OKI, lines=lines, reason="x", actor=SYSTEM, at=AT
        )


def test_a_district_receives_nothing_from_the_supplier() -> None:
    with pytest.raises(OutOfScope):
        receive(BOOTHS, 40, place=AIR_SUGIHAN)


def test_a_sheet_half_right_writes_nothing() -> None:
    lines = [Received(BOOTHS, 5), Received(Thing("spaceship"), 1)]
    with refused("logistics.item_is_unknown", row=2):
        actions.receive(
            client_key=uuid4(), place=OKI, lines=lines, reference="", actor=SYSTEM, at=AT
        )
    assert not Stock.objects.exists()
    assert not Entry.objects.exists()


def test_a_repeat_is_answered_and_other_content_is_refused() -> None:
    key = uuid4()
    first = receive(BOOTHS, 40, client_key=key)
    assert receive(BOOTHS, 40, client_key=key) == first
    with pytest.raises(Conflict):
        receive(BOOTHS, 41, client_key=key)
    assert there(BOOTHS, Condition.GOOD) == 40


def test_who_keeps_a_store_writes_in_it_and_nobody_else(cast: Cast) -> None:
    receive(BOOTHS, 40, actor=cast.commission.viewer)
    for who in (cast.governor_desk, cast.regent_desk, cast.province_commission, cast.observer):
        with pytest.raises(OutOfScope):
            receive(BOOTHS, 40, actor=who.viewer)
    with pytest.raises(OutOfScope):
        receive(BOOTHS, 40, place=BANYUASIN, actor=cast.commission.viewer)


def test_each_deed_is_recorded_once() -> None:
    receive(BOOTHS, 40)
    event = AuditEvent.objects.get(name="logistics.PiecesMoved")
    assert event.facts["pieces"] == 40
    assert event.place == OKI


# --- what the database holds by itself


def test_only_a_movement_changes_stock() -> None:
    receive(BOOTHS, 40)
    stock = Stock.objects.filter(location__site=Site.STORE.value)
    for change in ({"quantity": 41}, {"item": "ink"}, {"lot": "x"}):
        with broken("stock_is_what_moved"):
            stock.update(**change)
    with broken("stock_is_what_moved"):
        stock._raw_delete(stock.db)
    with broken("stock_is_what_moved"):
        Stock.objects.create(location=stock.get().location, item="ink", quantity=5)


def test_ballots_of_one_race_never_become_anothers() -> None:
    receive(BALLOTS, 100)
    receive(Thing("ballot-regent", Race.REGENT, "B2"), 1)
    receive(BALLOTS, 1, place=BANYUASIN)
    entry = Entry.objects.first()
    rows = list(Stock.objects.filter(location__site=Site.STORE.value, condition="UNSORTED"))
    assert len(rows) == 3
    for other in rows[1:]:
        with broken("pieces_stay_what_they_are"):
            Movement.objects.create(entry=entry, origin=rows[0], destination=other, quantity=1)


def test_what_moved_is_not_unmoved() -> None:
    receive(BOOTHS, 40)
    for rows in (Movement.objects.all(), Entry.objects.all()):
        with broken("what_moved_is_not_unmoved"):
            rows._raw_delete(rows.db)
    with broken("what_moved_is_not_unmoved"):
        Movement.objects.update(quantity=1)
    Entry.objects.update(witnesses="")  # names can be taken out


def test_stock_is_never_negative_whatever_is_written() -> None:
    receive(BOOTHS, 40)
    entry = Entry.objects.get()
    movement = Movement.objects.get()
    with broken("stock_is_never_negative"):
        Movement.objects.create(
            entry=entry, origin=movement.destination, destination=movement.origin, quantity=41
        )


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_in_whatever_order_nothing_appears_or_vanishes(seed: int) -> None:
    """Random deeds, valid and not: no stock below zero, and all sums of double entry are nought."""
    chance = random.Random(seed)
    things = [BALLOTS, BOOTHS, Thing("ballot-governor", Race.GOVERNOR, "G1")]
    done = 0
    for _ in range(40):
        thing = chance.choice(things)
        pieces = chance.randrange(1, 60)
        condition = chance.choice(list(Condition))
        deed = chance.choice(
            [
                partial(receive, thing, pieces),
                partial(sort, pieces, chance.randrange(0, 60), chance.randrange(0, 5), thing),
                partial(count, thing, condition, pieces),
                partial(destroy, thing, condition, pieces),
            ]
        )
        before = list(Stock.objects.order_by("pk").values_list("pk", "quantity"))
        try:
            deed()
            done += 1
        except Refused:
            after = list(Stock.objects.order_by("pk").values_list("pk", "quantity"))
            assert after == before, "what is refused writes nothing"
    assert done > 5
    for row in Stock.objects.select_related("location"):
        assert row.quantity >= 0 or Site(row.location.site) in OUTSIDE
        moved = Movement.objects.filter(destination=row).aggregate(n=Sum("quantity"))["n"] or 0
        left = Movement.objects.filter(origin=row).aggregate(n=Sum("quantity"))["n"] or 0
        assert row.quantity == moved - left
    sums = Stock.objects.values("item", "contest", "lot").annotate(n=Sum("quantity"))
    assert {row["n"] for row in sums} == {0}


@pytest.mark.django_db(transaction=True)
def test_two_who_destroy_the_same_pieces_at_once_destroy_them_once() -> None:
    receive(BALLOTS, 100)
    sort(100, 0, 100)
    start = threading.Barrier(2)
    told: list[str] = []

    def act() -> None:
        start.wait()
        try:
            destroy(BALLOTS, Condition.DAMAGED, 60)
            told.append("done")
        except Refused as refusal:
            told.append(refusal.faults[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "logistics.not_so_many_there"]
    assert there(BALLOTS, Condition.DAMAGED) == 40


@contextmanager
def refused(code: str, **said: object) -> Iterator[None]:
    """Expect a refusal by its code, and what it says of row, field and numbers."""
    with pytest.raises(Refused) as caught:
        yield
    (fault,) = caught.value.faults
    told = {"row": fault.row, "field": fault.field, **fault.params}
    assert fault.code == code
    assert {name: told.get(name) for name in said} == said


@contextmanager
def broken(constraint: str) -> Iterator[None]:
    """Expect the database to refuse, by the constraint's name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]
