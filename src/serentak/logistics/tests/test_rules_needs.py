"""Needs: exact formulas, what is published of other regions, what a new list changes."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.codes import Level
from serentak.kernel.formulas import Formula
from serentak.logistics.queries.catalogues import items
from serentak.logistics.rules.items import NeedOf, Race
from serentak.logistics.rules.needs import (
    RESERVE,
    Above,
    Change,
    Needs,
    Station,
    What,
    changes,
    own_need,
    packs,
    station_need,
    total,
)

BOTH = ((Race.GOVERNOR, 3), (Race.REGENT, 3))
GOVERNOR = ((Race.GOVERNOR, 3),)


@pytest.mark.parametrize(
    ("text", "counts", "amount"),
    [
        ("4", {}, 4),
        ("v + ceil(0.025*v)", {"v": 400}, 410),  # exactly 10, not 11
        ("v + ceil(0.025*v)", {"v": 401}, 412),
        ("24 + 12*c", {"c": 2}, 48),
        ("2*ceil(b/20)", {"b": 421}, 44),
        ("(n + 1)*c - 1", {"n": 2, "c": 2}, 5),
        ("v/3", {"v": 10}, 4),  # part of a piece is a whole one
        ("ceil(ceil(v/3)/2)", {"v": 10}, 2),
        ("v" * 79 + "0", {"v" * 79 + "0": 3}, 3),  # the longest
    ],
)
def test_a_formula_is_exact(text: str, counts: dict[str, int], amount: int) -> None:
    assert Formula(text).of(counts) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", "v +", "v ** 2", "floor(v)", "v if c else 0", "__import__('os')", "v.real", "[v]",
        "'2'", "True", "ceil(v, 2)", "ceil", "v" * 81, "-v", "1e999",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"formula"):
        Formula(text)


@given(st.integers(0, 2000))
def test_the_reserve_is_the_laws(voters: int) -> None:
    assert RESERVE.of({"v": voters}) == voters + ceil(Fraction(voters * 25, 1000))
    assert RESERVE.of({"v": voters}) == voters + ceil(Decimal("0.025") * voters)


def area(
    stations: int,
    *,
    villages: int = 0,
    districts: int = 0,
    regencies: int = 0,
    races: tuple[tuple[Race, int], ...] = BOTH,
    voters: int = 400,
) -> Needs:
    """Return what an area of stations of equal size needs, with the places above them."""
    one = station_need(Station(voters, races), items())
    above = ((Level.VILLAGE, villages), (Level.DISTRICT, districts), (Level.REGENCY, regencies))
    held = frozenset(dict(races))
    parts = [
        {what: amount * count for what, amount in own_need(place, items()).items()}
        for level, count in above
        if count
        for place in [Above(level, stations // count, stations * len(races) // count, held)]
    ]
    return total([{what: amount * stations for what, amount in one.items()}, *parts])


def of(needs: Needs, item: str) -> int:
    """Return the need of an item over all its races."""
    return sum(amount for what, amount in needs.items() if what.item == item)


DKI = {"villages": 267, "districts": 44, "regencies": 6, "races": GOVERNOR}


@pytest.mark.parametrize(
    ("item", "published", "needs"),
    [
        # Receipts that were published, sources in the catalogue.
        ("booth", 59_340, area(14_835, **DKI)),  # type: ignore[arg-type]
        ("ink", 29_670, area(14_835, **DKI)),  # type: ignore[arg-type]
        ("cover-cube", 89_277, area(14_835, **DKI)),  # type: ignore[arg-type]
        ("cover-flat", 133_665, area(14_835, **DKI)),  # type: ignore[arg-type]
        ("form-result-large", 44_505, area(14_835, **DKI)),  # type: ignore[arg-type]
        ("form-a4-set", 29_670, area(14_835, **DKI)),  # type: ignore[arg-type]
        ("blind-template", 14_835, area(14_835, **DKI)),  # type: ignore[arg-type]
        ("booth", 7_112, area(1_778)),  # Demak
        ("cable-tie", 21_336, area(1_778)),
        ("booth", 7_508, area(1_877)),  # Makassar
        ("ink", 3_754, area(1_877)),
        ("ballot-box", 146, area(73)),  # Lalan
        ("booth", 292, area(73)),
        ("ballot-box", 96, area(48)),  # Tanah Abang, PALI
        ("recap-box", 62, area(5_870, districts=31)),  # Bandung regency
        ("bag-large", 188, area(94)),
        # By the facts, of South Sumatra.
        ("ballot-box", 26_412, area(13_206)),
        ("seal-paper", 633_888, area(13_206)),
        ("cover-flat", 239_256, area(13_206, villages=3_258, districts=241, regencies=17)),
        ("cover-cube", 164_988, area(13_206, villages=3_258)),
        ("recap-box", 482, area(13_206, districts=241)),
        ("lamp", 13_206 + 4 * 241, area(13_206, districts=241)),
    ],
)
def test_needs_are_what_was_published(item: str, published: int, needs: Needs) -> None:
    assert of(needs, item) == published


@given(st.lists(st.integers(1, 600), min_size=1, max_size=300))
def test_the_ballots_of_an_area_lie_between_the_bounds_that_its_voters_give(
    voters: list[int],
) -> None:
    needs = total(station_need(Station(v, BOTH), items()) for v in voters)
    ballots = needs[What("ballot-governor", Race.GOVERNOR)]
    least = ceil(Fraction(sum(voters) * 1025, 1000))
    assert least <= ballots <= sum(voters) + (sum(voters) + 39 * len(voters)) / 40
    assert ballots == needs[What("ballot-regent", Race.REGENT)]


def test_a_station_needs_nothing_for_a_race_that_it_does_not_hold() -> None:
    needs = station_need(Station(400, GOVERNOR), items())
    assert {what.race for what in needs} == {None, Race.GOVERNOR}
    assert needs[What("seal-paper", None)] == 36
    assert needs[What("cable-tie", None)] == 6


def test_ink_for_one_race_is_ink_for_the_other_and_ballots_are_not() -> None:
    needs = station_need(Station(400, BOTH), items())
    assert needs[What("glue", None)] == 2
    assert {what.race for what in needs if what.item == "cover-result"} == set(Race)


def test_a_new_list_changes_what_it_changes() -> None:
    before, after = area(100), area(121)
    found = {change.what: change for change in changes(before, after, items())}
    box = What("ballot-box", Race.REGENT)
    assert found[box] == Change(box, 100, 121)
    assert found[box].more == 21
    assert found[What("booth", None)].more == 84
    assert changes(before, before, items()) == ()
    order = [change.what.item for change in changes(before, after, items())]
    assert order[0] == "ballot-box"


def test_what_one_list_alone_needs_changes_from_or_to_nothing() -> None:
    keys = [What("ballot-box", Race.REGENT), What("ballot-box", Race.GOVERNOR), What("booth", None)]
    some = dict.fromkeys(keys, 1)
    told = [Change(keys[1], 1, 0), Change(keys[0], 1, 0), Change(keys[2], 1, 0)]
    assert list(changes(some, {}, items())) == told
    assert list(changes({}, some, items())) == [Change(one.what, 0, 1) for one in told]


def test_what_serves_all_stands_before_what_is_made_for_a_race() -> None:
    keys = [What("booth", Race.GOVERNOR), What("booth", None)]
    assert [one.what for one in changes({}, dict.fromkeys(keys, 1), items())] == keys[::-1]


@pytest.mark.parametrize(
    ("level", "own", "boxes", "stations"),
    [
        (Level.VILLAGE, 0, 22, 11),
        (Level.DISTRICT, 2, 24, 11),  # the district committee's own two boxes
        (Level.REGENCY, 0, 22, 11),
        (Level.PROVINCE, 0, 22, 11),
    ],
)
def test_a_place_counts_what_passes_through_it(
    level: Level, own: int, boxes: int, stations: int
) -> None:
    place = Above(level, 11, 22, frozenset())
    for text, amount in (("own", own), ("boxes", boxes), ("stations", stations)):
        lamp = replace(items().items["lamp"], need={level: NeedOf(Formula(text))})
        assert own_need(place, replace(items(), items={"lamp": lamp})) == {
            What("lamp", None): amount
        }


def test_pieces_are_told_in_packs() -> None:
    ballots = items().items["ballot-governor"]
    assert packs(ballots, 4_213) == (2, 10, 13)


def test_each_formula_asks_for_counts_of_its_level() -> None:
    """What the catalogue says is computed for every level without a name that is not there."""
    assert own_need(Above(Level.PROVINCE, 1, 2, frozenset(Race)), items())
    assert own_need(Above(Level.REGENCY, 1, 2, frozenset(Race)), items())[
        What("revote-regent", Race.REGENT)
    ] == 2_000  # fmt: skip
