"""Need against the known answers of all regencies; shortage, patterns that cannot be met."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import PlaceCode
from serentak.posting.queries.catalogues import patterns
from serentak.posting.rules import (
    StationClass,
    Unit,
    counted,
    evenly,
    groups,
    need_of,
    needs,
    on_duty,
    pattern_faults,
    shortage,
)

LESS, VULNERABLE = StationClass.LESS, StationClass.VULNERABLE
HIGHLY, SPECIAL = StationClass.HIGHLY, StationClass.SPECIAL

KNOWN = {
    # code: need by district, own officers, reinforcements
    "16.01": (196, 293, 50),
    "16.02": (634, 388, 124),
    "16.03": (378, 286, 0),
    "16.04": (310, 226, 40),
    "16.05": (242, 213, 77),
    "16.06": (392, 307, 70),
    "16.07": (545, 465, 80),
    "16.08": (304, 298, 0),
    "16.09": (260, 206, 0),
    "16.10": (127, 311, 20),
    "16.11": (202, 249, 34),
    "16.12": (120, 88, 23),
    "16.13": (122, 95, 41),
    "16.71": (826, 911, 150),
    "16.72": (98, 300, 0),
    "16.73": (168, 98, 0),
    "16.74": (116, 84, 0),
}


def need(code: str) -> int:
    of = patterns().of(PlaceCode(code))
    demo = patterns().regencies[PlaceCode(code)].demo
    assert demo
    return sum(sum(needs(of, counts).values()) for counts in evenly(demo))


@pytest.mark.parametrize("code", KNOWN)
def test_each_regency_needs_what_is_known(code: str) -> None:
    wanted, own, sent = KNOWN[code]
    known = patterns().regencies[PlaceCode(code)]
    assert (need(code), known.own.officers, known.reinforcement) == (wanted, own, sent)


def test_the_province_needs_5040_and_gets_709_from_headquarters() -> None:
    known = patterns()
    assert sum(map(need, KNOWN)) == 5040
    assert sum(one.reinforcement for one in known.regencies.values()) == 709
    assert sum(one.reinforcement > 0 for one in known.regencies.values()) == 11
    demos = [one.demo for one in known.regencies.values() if one.demo]
    stations = Counter[StationClass]()
    for demo in demos:
        stations.update({one: getattr(demo, one.value) for one in StationClass})
    assert (stations.total(), sum(one.districts for one in demos)) == (13_206, 241)
    assert [stations[one] for one in (LESS, VULNERABLE, HIGHLY, SPECIAL)] == [11423, 1607, 155, 21]
    lacks = {code: need(code) - own - sent for code, (_, own, sent) in KNOWN.items()}
    assert sum(n for n in lacks.values() if n > 0) == 444
    assert sum(n > 0 for n in lacks.values()) == 9
    assert -sum(n for n in lacks.values() if n < 0) == 931


def test_officers_who_wait_in_the_district_are_not_multiplied() -> None:
    of = patterns().of(PlaceCode("16.10"))[LESS]
    assert of.unit is Unit.DISTRICT
    assert [need_of(of, n) for n in (0, 1, 40)] == [0, 2, 2]
    assert [(one.officers, one.stations) for one in groups(of, 40)] == [(2, 40)]


@given(st.integers(0, 400), st.sampled_from(StationClass))
def test_groups_hold_every_station_and_add_up_to_the_need(stations: int, of: StationClass) -> None:
    pattern = patterns().of(PlaceCode("16.71"))[of]
    found = groups(pattern, stations)
    assert sum(one.stations for one in found) == stations
    assert sum(one.officers for one in found) == need_of(pattern, stations)
    assert all(1 <= one.stations <= pattern.stations for one in found)


def test_a_station_without_a_class_counts_as_less_vulnerable() -> None:
    first, second = PlaceCode("16.02.14.2001.001"), PlaceCode("16.02.05.1001.001")
    found = counted([first, second], {first: HIGHLY})
    assert found == {PlaceCode("16.02.14"): {HIGHLY: 1}, PlaceCode("16.02.05"): {LESS: 1}}


@pytest.mark.parametrize(
    ("strength", "lacks"),
    [
        (100, {}),
        (60, {LESS: 40}),
        (15, {VULNERABLE: 5, LESS: 80}),
        (3, {HIGHLY: 1, SPECIAL: 2, VULNERABLE: 14, LESS: 80}),
        (-7, {HIGHLY: 4, SPECIAL: 2, VULNERABLE: 14, LESS: 80}),
    ],
)
def test_the_gravest_are_served_first(strength: int, lacks: dict[StationClass, int]) -> None:
    need = {HIGHLY: 4, SPECIAL: 2, VULNERABLE: 14, LESS: 80}
    found = shortage(need, strength)
    assert found.by_class == lacks
    assert found.officers == sum(lacks.values())
    assert found.gravest == next(iter(lacks), None)


@pytest.mark.parametrize(
    ("of", "unit", "officers", "stations", "fault"),
    [
        (LESS, Unit.STATIONS, 0, 8, "pattern_has_no_officers"),
        (LESS, Unit.STATIONS, -2, 8, "pattern_has_no_officers"),
        (LESS, Unit.STATIONS, 2, 0, "pattern_has_no_stations"),
        (LESS, Unit.DISTRICT, 2, 4, "pattern_of_a_district_counts_no_stations"),
        (HIGHLY, Unit.STATIONS, 2, 2, "highly_vulnerable_stations_share_no_officers"),
        (HIGHLY, Unit.DISTRICT, 2, 0, "highly_vulnerable_stations_share_no_officers"),
    ],
)
def test_a_pattern_that_cannot_be_met_says_which_rule(
    of: StationClass, unit: Unit, officers: int, stations: int, fault: str
) -> None:
    assert fault in list(pattern_faults(of, unit, officers, stations))


def test_guards_are_two_at_each_station() -> None:
    every = [*patterns().defaults, *patterns().alternatives]
    every += [one for known in patterns().regencies.values() for one in known.patterns]
    assert all(one.guards == 2 * one.stations for one in every)


def test_shifts_divide_who_stands_at_one_time() -> None:
    assert [on_duty(25, shifts) for shifts in (1, 2, 3)] == [25, 12, 8]
