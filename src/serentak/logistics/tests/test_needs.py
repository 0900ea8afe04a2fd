"""Needs: the database sums what the rules say, a new list is shown before it is taken over."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.logistics.models import NeedVersion, StationBasis
from serentak.logistics.queries.catalogues import items
from serentak.logistics.queries.needs import basis_of, current_version, needs_at, outlook
from serentak.logistics.rules.items import Race
from serentak.logistics.rules.needs import (
    Above,
    Needs,
    Station,
    What,
    own_need,
    station_need,
    total,
)
from serentak.platform.models import AuditEvent
from tests.cast import BANYUASIN, OKI, PALEMBANG, PROVINCE, Cast

from .builders import add_stations, set_up_stations, take_over

LEVELS = (Level.PROVINCE, Level.REGENCY, Level.DISTRICT, Level.VILLAGE, Level.STATION)
BOX = What("ballot-box", Race.GOVERNOR)


@pytest.fixture(autouse=True)
def _stations(cast: Cast) -> None:
    set_up_stations()


def oracle(place: PlaceCode, level: Level) -> dict[PlaceCode, Needs]:
    """Return the needs of places, summed station by station with the plain rules."""
    parts: dict[PlaceCode, list[Needs]] = {}
    for code, needs in _places(place):
        if level_of(code) >= level:
            parts.setdefault(at_level(code, level), []).append(needs)
    return {code: total(needs) for code, needs in parts.items()}


def _places(place: PlaceCode) -> Iterator[tuple[PlaceCode, Needs]]:
    pairs = ((Race.GOVERNOR, 3), (Race.REGENT, 0))
    stations = elections.stations_of(place)
    for station in stations:
        yield station.code, station_need(Station(station.total, pairs), items())
    for level in LEVELS[:-1]:
        for code in dict.fromkeys(at_level(station.code, level) for station in stations):
            if level >= level_of(place):
                count = sum(at_level(s.code, level) == code for s in stations)
                yield code, own_need(Above(level, count, 2 * count, frozenset(Race)), items())


@pytest.mark.parametrize("place", [PROVINCE, OKI, PlaceCode("16.02.05"), PlaceCode("16.71")])
def test_the_database_sums_what_the_rules_say_at_every_level(place: PlaceCode) -> None:
    take_over()
    for level in LEVELS:
        if level >= level_of(place):
            found = {code: _some(needs) for code, needs in needs_at(place, level).items()}
            assert found == {code: _some(n) for code, n in oracle(place, level).items()}, level


def _some(needs: Needs) -> Needs:
    return {what: amount for what, amount in needs.items() if amount}


def test_a_place_without_stations_needs_nothing() -> None:
    take_over()
    assert needs_at(PlaceCode("16.10"), Level.REGENCY) == {}
    assert set(needs_at(PROVINCE, Level.REGENCY)) == {OKI, BANYUASIN, PALEMBANG}


def test_before_the_first_list_nothing_is_said() -> None:
    assert current_version(PROVINCE) is None
    assert needs_at(PROVINCE, Level.PROVINCE) == {}
    found = outlook(PROVINCE)
    assert (found.more_stations, found.is_as_before) == (8, False)
    assert next(c for c in found.changes if c.what == BOX).more == 8


def test_the_difference_is_shown_before_it_is_taken_over() -> None:
    assert take_over(seen=0, reason="") == 1
    before = needs_at(PROVINCE, Level.PROVINCE)[PROVINCE]
    add_stations(*(f"16.02.14.2002.{n:03}" for n in range(2, 23)))
    found = outlook(PROVINCE)
    assert (found.more_stations, found.more_voters) == (21, 8_400)
    by_what = {change.what: change for change in found.changes}
    boxes = [by_what[What("ballot-box", race)].more for race in Race]
    assert boxes == [21, 21], "42 ballot boxes"
    assert by_what[What("ballot-governor", Race.GOVERNOR)].more == 21 * 410
    assert by_what[What("booth", None)].more == 84
    assert What("recap-box", None) not in by_what, "two a district, as before"
    assert take_over(seen=1) == 2
    after = needs_at(PROVINCE, Level.PROVINCE)[PROVINCE]
    for change in found.changes:
        assert (before.get(change.what, 0), after[change.what]) == (change.before, change.after)
    assert {what for what in after if after[what] != before.get(what, 0)} == set(by_what)


def test_versions_are_kept() -> None:
    take_over()
    add_stations("16.02.14.2002.002")
    take_over(reason="SK 13/2024")
    versions = NeedVersion.objects.order_by("number")
    assert [(v.number, v.stations, v.reason) for v in versions] == [
        (1, 8, "SK 12/2024"),
        (2, 9, "SK 13/2024"),
    ]
    assert [v.basis.count() for v in versions] == [8, 9]
    for rows in (StationBasis.objects.all(), versions):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_an_unchanged_list_is_refused() -> None:
    take_over()
    with pytest.raises(Refused, match="needs_are_as_they_were"):
        take_over()
    assert outlook(PROVINCE).is_as_before
    assert NeedVersion.objects.count() == 1


def test_a_changed_list_has_a_reason() -> None:
    take_over()
    add_stations("16.02.14.2002.002")
    with pytest.raises(Refused) as caught:
        take_over(reason="  ")
    assert caught.value.faults[0].code == "logistics.changed_needs_need_a_reason"
    assert caught.value.faults[0].field == "reason"
    assert NeedVersion.objects.count() == 1


def test_who_saw_another_version_is_told() -> None:
    take_over(seen=0)
    add_stations("16.02.14.2002.002")
    with pytest.raises(Conflict) as caught:
        take_over(seen=0)
    assert caught.value.params["now"] == 1


def test_a_repeat_is_answered_once() -> None:
    key = uuid4()
    assert take_over(client_key=key, seen=0) == take_over(client_key=key, seen=0) == 1
    assert AuditEvent.objects.filter(name="logistics.NeedsTakenOver").count() == 1


def test_the_provinces_commission_takes_over_and_nobody_else(cast: Cast) -> None:
    for who in (cast.governor_desk, cast.commission, cast.observer, cast.supervisor):
        with pytest.raises(OutOfScope):
            take_over(actor=who.viewer)
    with pytest.raises(OutOfScope):
        take_over(actor=cast.province_commission.viewer, province=OKI)
    assert take_over(actor=cast.province_commission.viewer) == 1
    event = AuditEvent.objects.get(name="logistics.NeedsTakenOver")
    assert (event.facts["stations"], event.facts["voters"]) == (8, 3_624)


def test_needs_read_four_statements_whatever_there_is(
    django_assert_max_num_queries: type,
) -> None:
    take_over()
    with django_assert_max_num_queries(4):  # type: ignore[call-arg]
        needs_at(PROVINCE, Level.REGENCY)
    with django_assert_max_num_queries(12):  # type: ignore[call-arg]
        outlook(PROVINCE)


def test_a_place_holds_the_pairs_of_its_own_races() -> None:
    rows = {row.place_id: (row.governor_pairs, row.regent_pairs) for row in basis_of(PROVINCE)}
    assert set(rows.values()) == {(3, 0)}


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_at_once_make_one_version() -> None:
    start = threading.Barrier(2)
    told: list[str] = []

    def act() -> None:
        start.wait()
        try:
            take_over(seen=0)
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
    assert sorted(told) == ["done", "platform.changed_meanwhile"]
    assert NeedVersion.objects.count() == 1
