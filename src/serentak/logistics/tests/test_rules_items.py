"""The catalogue of items: for which races a thing is, how it is told apart, what it may ask for."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from serentak.kernel.codes import Level
from serentak.kernel.formulas import Formula
from serentak.logistics.queries.catalogues import items
from serentak.logistics.rules.items import (
    Binding,
    Item,
    NeedOf,
    Pack,
    Race,
    Races,
    Track,
    level_named,
)

G, R = Race.GOVERNOR, Race.REGENT
BALLOT = items().items["ballot-governor"]
INK = items().items["ink"]


@pytest.mark.parametrize(
    ("races", "held", "among"),
    [
        (Races.ONCE, {G, R}, (None,)),
        (Races.ONCE, set(), (None,)),
        (Races.EACH, {R, G}, (G, R)),
        (Races.EACH, {R}, (R,)),
        (Races.EACH, set(), ()),
        (Races.GOVERNOR, {G, R}, (G,)),
        (Races.GOVERNOR, {R}, ()),
        (Races.REGENT, {G, R}, (R,)),
    ],
)
def test_a_formula_is_meant_for_the_races_that_are_held(
    races: Races, held: set[Race], among: tuple[Race | None, ...]
) -> None:
    assert races.among(frozenset(held)) == among


def needing(item: Item, **levels: NeedOf) -> Item:
    """Return an item that is needed at the levels named."""
    return replace(item, need={Level[name.upper()]: need for name, need in levels.items()})


@pytest.mark.parametrize(
    ("levels", "faults"),
    [
        ({"station": NeedOf(Formula("v + b + c + n + k"), Races.EACH)}, []),
        ({"village": NeedOf(Formula("own + boxes + stations"), Races.EACH)}, []),
        ({"station": NeedOf(Formula("boxes"), Races.EACH)}, ["station: boxes"]),
        (
            {"village": NeedOf(Formula("v + own + n"), Races.EACH),
             "regency": NeedOf(Formula("k"), Races.REGENT)},
            ["village: n", "village: v", "regency: k"],
        ),
        ({"station": NeedOf(Formula("b"))}, ["station: what"]),  # bound, and of no race
        (
            {"station": NeedOf(Formula("b"), Races.EACH), "province": NeedOf(Formula("3"))},
            ["province: what"],
        ),
    ],
)  # fmt: skip
def test_a_need_asks_for_counts_of_its_level(
    levels: Mapping[str, NeedOf], faults: list[str]
) -> None:
    try:
        needing(BALLOT, **levels)
        found = []
    except ValueError as error:
        found = str(error).splitlines()
    told = zip(found, faults, strict=True)
    assert all(line.startswith(f"need: {start}") for line, start in told)


def test_what_serves_all_races_is_needed_once_or_for_each() -> None:
    assert needing(INK, station=NeedOf(Formula("2"))).made_for == (None,)
    assert needing(INK, station=NeedOf(Formula("2"), Races.EACH)).made_for == (None,)


@pytest.mark.parametrize(
    ("levels", "made_for"),
    [
        ({"station": NeedOf(Formula("b"), Races.EACH)}, (G, R)),
        ({"station": NeedOf(Formula("b"), Races.REGENT)}, (R,)),
        (
            {"station": NeedOf(Formula("b"), Races.REGENT),
             "province": NeedOf(Formula("9"), Races.GOVERNOR)},
            (G, R),
        ),
    ],
)  # fmt: skip
def test_what_is_bound_has_pieces_of_its_own_for_each_race(
    levels: Mapping[str, NeedOf], made_for: tuple[Race, ...]
) -> None:
    assert needing(BALLOT, **levels).made_for == made_for


STATION = NeedOf(Formula("1"), Races.EACH)


@pytest.mark.parametrize(
    ("item", "is_ballot", "is_box"),
    [
        (BALLOT, True, False),
        (replace(BALLOT, is_sorted=False), False, False),
        (needing(BALLOT, province=STATION), False, False),  # for a revote, and not in a booth
        (replace(BALLOT, track=(Track.SEAL, Track.LOT, Track.BOX)), True, True),
        (replace(BALLOT, track=(Track.BOX,)), True, False),
        (replace(BALLOT, track=(Track.SEAL, Track.COUNT)), True, False),
        (replace(items().items["recap-box"]), False, False),
        (items().items["ballot-box"], False, True),
    ],
)
def test_a_ballot_goes_to_a_voter_and_a_box_takes_it(
    item: Item, is_ballot: bool, is_box: bool
) -> None:
    assert (item.is_ballot, item.is_box) == (is_ballot, is_box)


def test_only_what_is_bound_is_bound() -> None:
    assert BALLOT.is_bound
    assert not INK.is_bound
    assert not replace(BALLOT, binding=Binding.FREE).is_bound


def test_a_full_carton_holds_its_packs() -> None:
    assert Pack(20, 100).carton == 2_000


@pytest.mark.parametrize("level", [level for level in Level if level is not Level.COUNTRY])
def test_a_level_is_called_by_its_small_name(level: Level) -> None:
    assert level_named(level.name.lower()) is level


@pytest.mark.parametrize("word", ["country", "STATION", "", 3])
def test_another_word_is_no_level(word: object) -> None:
    with pytest.raises(ValueError, match=f"^'{word}' is none of station, village"):
        level_named(word)
