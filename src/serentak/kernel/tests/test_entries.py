"""A catalogue is read by the types of its classes, and every fault names entry, field and rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import pytest

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.entries import (
    Among,
    As,
    Cite,
    Class,
    Countdown,
    Dated,
    Key,
    Keyed,
    Named,
    Settings,
    Source,
    Text,
    above_zero,
    at_least,
    between,
    every,
    raise_faults,
    read,
    some,
)
from serentak.kernel.viewer import Permission


class Colour(StrEnum):
    RED = "RED"
    GREEN = "GREEN"


class Size(StrEnum):
    SMALL = "s"
    LARGE = "l"


def _twice(raw: object) -> int:
    if not isinstance(raw, str):
        raise ValueError("must be a text to count")
    return 2 * len(raw)


# --- single values


@dataclass(frozen=True, slots=True)
class Values:
    """One field of each kind, all of them optional."""

    text: str = ""
    words: Text | None = None
    cite: Cite | None = None
    whole: int | None = None
    few: Annotated[int, at_least(1)] = 1
    number: float | None = None
    share: Annotated[float, between(0, 1)] = 0.0
    positive: Annotated[float, above_zero] = 1.0
    amount: Decimal | None = None
    flag: bool = False
    day: date | None = None
    hour: time | None = None
    moment: datetime | None = None
    code: PlaceCode | None = None
    countdown: Countdown | None = None
    dated: Dated | None = None
    colour: Colour | None = None
    level: Level | None = None
    size: Size | None = None
    permission: Permission | None = None
    figure_class: Class = FigureClass.SOURCED
    start: Annotated[date | None, Named("from")] = None
    twice: Annotated[int, As(_twice)] = 0
    loud: Annotated[str, str.upper] = ""
    many: tuple[str, ...] = ()
    all_of: frozenset[Colour] = frozenset()
    pair: tuple[str, int] | None = None
    by_level: Mapping[Level, int] = field(default_factory=dict)
    as_it_stands: object = None


@pytest.mark.parametrize(
    ("name", "raw", "kept"),
    [
        ("text", " a ", "a"),
        ("text", "", ""),
        ("words", {"id": "satu", "en": "one"}, {"id": "satu", "en": "one"}),
        ("cite", "PKPU 2/2024", {"id": "PKPU 2/2024", "en": "PKPU 2/2024"}),
        ("cite", {"id": "satu", "en": "one"}, {"id": "satu", "en": "one"}),
        ("whole", -3, -3),
        ("few", 1, 1),
        ("number", 2, 2.0),
        ("share", 1, 1.0),
        ("positive", 0.1, 0.1),
        ("amount", 0.1, Decimal("0.1")),
        ("flag", True, True),
        ("day", date(2024, 11, 27), date(2024, 11, 27)),
        ("day", "2024-11-27", date(2024, 11, 27)),
        ("hour", "17:00", time(17)),
        ("moment", "2024-11-27T07:00Z", datetime(2024, 11, 27, 7, tzinfo=UTC)),
        ("moment", datetime(2024, 11, 27, tzinfo=UTC), datetime(2024, 11, 27, tzinfo=UTC)),
        ("code", "16.07", PlaceCode("16.07")),
        ("countdown", "H-30", -30),
        ("countdown", "H", 0),
        ("dated", date(2024, 11, 27), "2024-11-27"),
        ("dated", "2024-11", "2024-11"),
        ("dated", 2024, "2024"),
        ("colour", "RED", Colour.RED),
        ("level", "DISTRICT", Level.DISTRICT),
        ("size", "l", Size.LARGE),
        ("permission", "figures.VIEW", "figures.VIEW"),
        ("class", "ASSUMED", FigureClass.ASSUMED),
        ("from", date(2024, 1, 1), date(2024, 1, 1)),
        ("twice", "abc", 6),
        ("loud", "abc", "ABC"),
        ("many", ["a", "b"], ("a", "b")),
        ("many", [], ()),
        ("all_of", ["RED", "RED"], frozenset({Colour.RED})),
        ("pair", ["a", 1], ("a", 1)),
        ("by_level", {"REGENCY": 2}, {Level.REGENCY: 2}),
        ("as_it_stands", [1, {"a": 2}], [1, {"a": 2}]),
        ("text", None, ""),
        ("many", None, ()),
    ],
)
def test_a_value_is_kept_as_its_type_wants_it(name: str, raw: object, kept: object) -> None:
    fields = {"class": "figure_class", "from": "start"}
    found = getattr(read(Values, {name: raw}), fields.get(name, name))
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("name", "raw", "fault"),
    [
        ("text", "  ", "'  ' is not a text"),
        ("text", 3, "3 is not a text"),
        ("words", "satu", "needs a text in both languages, {id:, en:}"),
        ("words", {"id": "satu"}, "needs a text in both languages, {id:, en:}"),
        ("words", {"id": "satu", "en": " "}, "needs a text in both languages, {id:, en:}"),
        (
            "words",
            {"id": "satu", "dua": None, "en": "one"},
            "dua is no language; a text with a comma needs quotes",
        ),
        (
            "words",
            {"id": "satu", "en": "one", "fr": "un", "dua": None},
            "dua, fr is no language; a text with a comma needs quotes",
        ),
        ("cite", "", "needs a text in both languages, {id:, en:}"),
        ("whole", 1.5, "1.5 is not a whole number"),
        ("whole", True, "True is not a whole number"),
        ("whole", "1", "'1' is not a whole number"),
        ("few", 0, "must be at least 1"),
        ("number", "1", "'1' is not a number"),
        ("number", True, "True is not a number"),
        ("number", float("nan"), "nan is not a number"),
        ("number", float("inf"), "inf is not a number"),
        ("share", 1.01, "must lie between 0 and 1"),
        ("share", -0.01, "must lie between 0 and 1"),
        ("positive", 0, "must be greater than 0"),
        ("amount", "1", "'1' is not a number"),
        ("amount", 10**400, f"{10**400} is not a number"),
        ("flag", "yes", "'yes' is not true or false"),
        ("day", "0001-01-01", "'0001-01-01' is not a date of 2000 to 2100: 2024-11-27"),
        ("day", "27 Nov", "'27 Nov' is not a date of 2000 to 2100: 2024-11-27"),
        ("day", 20241127, "20241127 is not a date of 2000 to 2100: 2024-11-27"),
        (
            "day",
            datetime(2024, 11, 27, tzinfo=UTC),
            f"{datetime(2024, 11, 27, tzinfo=UTC)!r} is not a date of 2000 to 2100: 2024-11-27",
        ),
        ("hour", "25:00", "'25:00' is not an hour in quotes: \"17:00\""),
        # What YAML makes of 17:00 without quotes; as a text it would read as twenty past ten.
        ("hour", 1020, '1020 is not an hour in quotes: "17:00"'),
        (
            "moment",
            "2024-10-28T09:30",
            "'2024-10-28T09:30' is not a moment with its zone: 2024-10-28T09:30+07:00",
        ),
        ("moment", "soon", "'soon' is not a moment with its zone: 2024-10-28T09:30+07:00"),
        ("code", "161", "'161' is not a place code in quotes: \"16.07\""),
        # 16.10 without quotes is the number 16.1.
        ("code", 16.1, '16.1 is not a place code in quotes: "16.07"'),
        ("countdown", "D-3", "'D-3' is not of the form H-30, H or H+2"),
        ("dated", "Nov 2024", "'Nov 2024' is not a year, month or day like 2024-11-27"),
        ("colour", "BLUE", "'BLUE' is none of RED, GREEN"),
        ("colour", "red", "'red' is none of RED, GREEN"),
        ("size", "LARGE", "'LARGE' is none of s, l"),
        (
            "level",
            5,
            "'5' is none of COUNTRY, PROVINCE, REGENCY, DISTRICT, VILLAGE, STATION",
        ),
        ("class", "LAW", "'LAW' is none of SOURCED, ASSUMED, SYNTHETIC"),
        ("twice", 3, "must be a text to count"),
        ("many", "a", "must be a list"),
        ("pair", ["a"], "must be a list of 2"),
        ("by_level", ["REGENCY"], "must be a mapping"),
        ("figure_class", "ASSUMED", "is not a field of this entry"),
        ("txt", "a", "is not a field of this entry"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_field_and_rule(
    name: str, raw: object, fault: str
) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        read(Values, {name: raw})
    assert str(caught.value) == f"{name}: {fault}"


def test_bounds_belong_to_what_they_bound() -> None:
    share = between(0, 1)
    assert [share(value) for value in (0, 0.5, 1)] == [0, 0.5, 1]
    for value in (-0.1, 1.1):
        with pytest.raises(ValueError, match=r"^must lie between 0 and 1$"):
            share(value)


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({"many": ["a", ""]}, "many: 2: '' is not a text"),
        ({"pair": ["a", "b"]}, "pair: 'b' is not a whole number"),
        ({"by_level": {"REGENCY": "2"}}, "by_level: REGENCY: '2' is not a whole number"),
        ({"by_level": {"SHIRE": 2}}, "by_level: SHIRE: 'SHIRE' is none of"),
    ],
)
def test_a_fault_in_a_list_or_mapping_says_where(raw: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read(Values, raw)


# --- entries


@dataclass(frozen=True, slots=True)
class Part:
    """An entry without a name."""

    amount: Annotated[int, at_least(1)]
    note: Text | None


@dataclass(frozen=True, slots=True)
class Thing:
    """An entry with a name."""

    key: Key
    colour: Colour
    parts: tuple[Part, ...] = ()
    source: Annotated[str, Among("sources")] = "own"
    first: int = 0
    last: int = 0

    def __post_init__(self) -> None:
        raise_faults(["last: comes before first"] if self.last < self.first else [])


@dataclass(frozen=True, slots=True)
class Shade:
    """An entry whose name is a member of an enum."""

    colour: Annotated[Keyed[Colour], Named("key")]
    strength: int


@dataclass(frozen=True, slots=True)
class File:
    """A whole catalogue."""

    things: Annotated[Mapping[str, Thing], some]
    sources: Mapping[str, Source]
    names: Annotated[Mapping[Colour, Text], every(Colour)]
    shades: Mapping[Colour, Shade] = field(default_factory=dict)
    listed: tuple[Thing, ...] = ()


TEXT = {"id": "a", "en": "b"}


def raw_file(**changes: Any) -> dict[str, Any]:
    return {
        "things": [{"key": "box", "colour": "RED"}],
        "sources": {"law": {"cite": "UU 1/2015", "date": 2015}},
        "names": {"RED": TEXT, "GREEN": TEXT},
        **changes,
    }


@pytest.mark.parametrize(
    "things",
    [
        [{"key": "box", "colour": "RED", "source": "law"}],
        {"box": {"colour": "RED", "source": "law"}},
    ],
)
def test_named_entries_stand_in_a_list_or_in_a_mapping(things: object) -> None:
    found = read(File, raw_file(things=things))
    assert found.things == {"box": Thing("box", Colour.RED, source="law")}
    assert found.sources["law"] == Source("law", {"id": "UU 1/2015", "en": "UU 1/2015"}, "2015")


@pytest.mark.parametrize(
    "shades", [[{"key": "RED", "strength": 3}], {"RED": {"strength": 3}}]
)  # fmt: skip
def test_a_name_may_be_a_member_of_an_enum(shades: object) -> None:
    found = read(File, raw_file(shades=shades)).shades
    assert found == {Colour.RED: Shade(Colour.RED, 3)}
    assert found[Colour.RED].colour is Colour.RED


def test_every_entry_may_say_where_it_comes_from() -> None:
    origin = {
        "class": "SOURCED",
        "confidence": "H",
        "date": 2024,
        "law": "UU",
        "note": "x",
        "replace": TEXT,
        "version": 1,
    }
    thing = {"key": "box", "colour": "RED", **origin}
    assert read(File, raw_file(things=[thing], source="x", **origin)).things["box"].first == 0


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"things": []}, ["things: there must be at least one"]),
        ({"things": None}, ["things: is missing"]),
        ({"things": "box"}, ["things: must be a mapping"]),
        ({"things": [3]}, ["things: 1: must be a mapping of fields"]),
        ({"things": [{"colour": "RED"}]}, ["things: 1: key: is missing"]),
        ({"things": [{"key": "box"}]}, ["things: box: colour: is missing"]),
        ({"things": {"box": {}}}, ["things: box: colour: is missing"]),
        (
            {"things": [{"key": "box", "colour": "RED"}] * 2},
            ["things: box: key: stands twice"],
        ),
        ({"listed": [{"key": "a", "colour": "RED"}] * 2}, ["listed: a: key: stands twice"]),
        (
            {"things": [{"key": "box", "colour": "RED", "source": "rumour"}]},
            ["things: box: source: 'rumour' stands nowhere under sources"],
        ),
        (
            {"things": [{"key": "box", "colour": "RED", "parts": [{"amount": 1}, {"amount": 0}]}]},
            ["things: box: parts: 2: amount: must be at least 1"],
        ),
        (
            {"things": [{"key": "box", "colour": "RED", "parts": [{"amount": 1, "nte": "x"}]}]},
            ["things: box: parts: 1: nte: is not a field of this entry"],
        ),
        (
            {"things": [{"key": "box", "colour": "RED", "first": 3, "last": 2}]},
            ["things: box: last: comes before first"],
        ),
        ({"names": {"RED": TEXT}}, ["names: GREEN: is missing"]),
        ({"sources": {"law": {"cite": "UU"}}}, ["sources: law: date: is missing"]),
        (
            {"things": [{"key": "box", "colour": "BLUE"}], "names": {"RED": {}}, "x": 1},
            [
                "things: box: colour: 'BLUE' is none of RED, GREEN",
                "names: RED: needs a text in both languages, {id:, en:}",
                "x: is not a field of this entry",
            ],
        ),
    ],
)
def test_all_faults_are_told_by_entry_field_and_rule(
    changes: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(ValueError, match=":") as caught:
        read(File, raw_file(**changes))
    assert str(caught.value).splitlines() == faults


@pytest.mark.parametrize("raw", [None, [], "things", 3])
def test_what_is_no_catalogue_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="must be a mapping of fields"):
        read(File, raw)


# --- a file with one field, and names from elsewhere


def test_a_file_may_be_one_field() -> None:
    raw = {"version": 1, "parts": [{"amount": 2}]}
    assert read(tuple[Part, ...], raw, at="parts") == (Part(2, None),)
    assert read(dict[str, int], {"limits": {"a": 1}}, at="limits") == {"a": 1}


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ({}, "parts: is missing"),
        (None, "must be a mapping of fields"),
        ({"parts": [], "prts": []}, "prts: is not a field of this entry"),
        ({"parts": [{}]}, "parts: 1: amount: is missing"),
    ],
)
def test_a_faulty_file_of_one_field_is_refused(raw: object, fault: str) -> None:
    with pytest.raises(ValueError, match="^" + fault + "$"):
        read(tuple[Part, ...], raw, at="parts")


def test_names_may_come_from_elsewhere() -> None:
    raw = {"box": {"colour": "RED", "source": "law"}}
    assert read(dict[str, Thing], raw, known={"sources": {"law"}})["box"].source == "law"
    with pytest.raises(ValueError, match="box: source: 'law' stands nowhere under sources"):
        read(dict[str, Thing], raw, known={"sources": {"own"}})


def test_what_is_named_must_stand_somewhere() -> None:
    raw = {"box": {"colour": "RED", "source": "law"}}
    with pytest.raises(ValueError, match="box: source: 'law' stands nowhere under sources"):
        read(dict[str, Thing], raw)


Known = Annotated[str, Among("sources")]


@dataclass(frozen=True, slots=True)
class Naming:
    """Names of sources wherever a type can hold one."""

    sources: Mapping[str, Source]
    listed: tuple[Known, ...] = ()
    pair: tuple[Known, int] | None = None
    as_keys: Mapping[Known, int] = field(default_factory=dict)
    as_values: Mapping[str, Known] = field(default_factory=dict)
    all_of: frozenset[Known] = frozenset()


@pytest.mark.parametrize(
    ("name", "raw", "where"),
    [
        ("listed", ["{}"], "listed: 1"),
        ("pair", ["{}", 1], "pair"),
        ("as_keys", {"{}": 1}, "as_keys: {}"),
        ("as_values", {"a": "{}"}, "as_values: a"),
        ("all_of", ["{}"], "all_of: 1"),
    ],
)
def test_a_name_is_looked_up_wherever_it_stands(name: str, raw: Any, where: str) -> None:
    def called(raw: Any, source: str) -> Any:
        if isinstance(raw, dict):
            return {called(k, source): called(v, source) for k, v in raw.items()}
        if isinstance(raw, list):
            return [called(item, source) for item in raw]
        return source if raw == "{}" else raw

    sources = [{"key": "law", "cite": "UU 1/2015", "date": 2015}]
    assert getattr(read(Naming, {"sources": sources, name: called(raw, "law")}), name)
    with pytest.raises(ValueError, match="stands nowhere") as caught:
        read(Naming, {"sources": sources, name: called(raw, "rumour")})
    fault = f"{where.format('rumour')}: 'rumour' stands nowhere under sources"
    assert str(caught.value) == fault


# --- settings


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers by which somebody judges."""

    days: Annotated[int, at_least(0)]
    shares: Mapping[Colour, float]


ORIGIN = {"class": "ASSUMED", "source": "Serentak", "date": "2024-11", "meaning": TEXT}


@pytest.mark.parametrize("is_list", [True, False])
def test_settings_give_their_values_and_where_each_is_from(is_list: bool) -> None:
    entries = {"days": {"value": 3, **ORIGIN}, "shares": {"value": {"RED": 0.5}, **ORIGIN}}
    raw = [{"key": key, **entry} for key, entry in entries.items()] if is_list else entries
    found = read(Settings[Numbers], {"rules": raw}, at="rules")
    assert found.values == Numbers(3, {Colour.RED: 0.5})
    assert found.origins["days"].figure_class is FigureClass.ASSUMED
    assert (found.origins["days"].value, found.origins["days"].meaning) == (3, TEXT)


@pytest.mark.parametrize(
    ("entries", "faults"),
    [
        ({"days": {"value": 3, **ORIGIN}}, ["shares: is missing"]),
        (
            {"days": {"value": -3, **ORIGIN}, "shares": {"value": {}, **ORIGIN}, "x": ORIGIN},
            ["x: value: is missing"],
        ),
        (
            {"days": {"value": -3, **ORIGIN}, "shares": {"value": {"RED": "x"}, **ORIGIN}},
            ["days: must be at least 0", "shares: RED: 'x' is not a number"],
        ),
        (
            {"days": {"value": 3}, "shares": {"value": {}, **ORIGIN}},
            [f"days: {name}: is missing" for name in ("class", "source", "date", "meaning")],
        ),
        (
            {"days": {"value": 3, **ORIGIN}, "shares": {"value": {}, **ORIGIN},
             "hours": {"value": 3, **ORIGIN}},
            ["hours: is not a field of this entry"],
        ),
    ],
)  # fmt: skip
def test_settings_without_origin_or_out_of_bounds_are_refused(
    entries: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(ValueError, match=":") as caught:
        read(Settings[Numbers], entries)
    assert str(caught.value).splitlines() == faults


# --- what no catalogue can hold


@dataclass(frozen=True, slots=True)
class Wrong:
    """A class with a type that no file can give."""

    made: set[str]


@dataclass(frozen=True, slots=True)
class Unread:
    """Another one."""

    made: complex


@pytest.mark.parametrize("kind", [Wrong, Unread])
def test_a_type_that_cannot_stand_in_a_catalogue_is_the_programmers_fault(kind: type) -> None:
    with pytest.raises(TypeError, match="cannot stand in a catalogue"):
        read(kind, {"made": ["a"]})
