"""Reads a catalogue into frozen dataclasses: their fields and types say what an entry may hold.

`read(Calendar, raw)` needs every field without a default, refuses fields that the class does not
have, and tells all faults at once, one a line: `field: entry: field: rule`. A field may have the
type

    str, int, float, Decimal, bool, date, time, datetime with its zone, PlaceCode
    Text        the same words in both languages; Cite also where they need no translation
    Countdown   H-30, H or H+2, read as days after the vote
    Dated       a date as exact as its source: 2024, 2024-11 or 2024-11-27
    an enum     its member's value; IntEnums such as Level by the member's name
    X | None    None where the field is missing
    a dataclass, tuple[X, ...], frozenset[X], tuple[X, Y], Mapping[K, X], object as it stands
    Settings[X] numbers by which rules judge, each with what it means and where it comes from

and in `Annotated` what the type alone cannot say: `at_least(1)`, `every(Level)`, `Named("from")`,
`Among("sources")` or any function that returns the value to keep. Such a function and
`__post_init__` refuse with ValueError, a line for each fault.

An entry with a `Key` has a name: it stands under it in a mapping or has it in a list, never twice,
and a mapping by name may be written either way. What every entry may say about where it comes from
(`PROVENANCE`) need not be a field.
"""

import re
import typing
from collections import abc
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, make_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache
from math import isfinite
from types import UnionType
from typing import Annotated, Any, Generic, NamedTuple, NewType, TypeVar, Union

from .briefing import FigureClass
from .century import is_of_this_century, read_day
from .codes import PlaceCode, parse_code
from .countdown import parse_countdown

T = TypeVar("T")
M = TypeVar("M", bound=Enum)
Step = Callable[[Any], Any]

LANGUAGES = ("id", "en")
PROVENANCE = frozenset(
    {"class", "confidence", "date", "law", "note", "replace", "source", "version"}
)
"""Fields that any entry may carry without its class reading them."""


def raise_faults(faults: Iterable[str]) -> None:
    """Raise ValueError with one fault a line, if there are any."""
    if told := "\n".join(faults):
        raise ValueError(told)


# --- what a type alone cannot say


@dataclass(frozen=True, slots=True)
class Named:
    """The field's name in the file, where Python's would not do: `class`, `from`, `with`."""

    name: str


@dataclass(frozen=True, slots=True)
class Among:
    """The value must be a key of this field of the file, or one of what `read` was given as it."""

    field: str


@dataclass(frozen=True, slots=True)
class As:
    """How the raw value is read where its type does not say it; ValueError tells the rule."""

    read: Step


def rule(holds: Callable[[Any], object], words: str) -> Step:
    """Refuse a value for which `holds` is false."""

    def check(value: Any) -> Any:
        raise_faults([] if holds(value) else [words])
        return value

    return check


def at_least(low: float) -> Step:
    """Refuse numbers below `low`."""
    return rule(lambda value: value >= low, f"must be at least {low}")


def between(low: float, high: float) -> Step:
    """Refuse numbers below `low` or above `high`."""
    return rule(lambda value: low <= value <= high, f"must lie between {low} and {high}")


def every(members: Iterable[Enum]) -> Step:
    """Refuse a mapping in which one of `members` is missing."""

    def check(value: Any) -> Any:
        raise_faults(f"{member.name}: is missing" for member in members if member not in value)
        return value

    return check


above_zero = rule(lambda value: value > 0, "must be greater than 0")
some = rule(bool, "there must be at least one")


# --- single values


def _words(raw: Any) -> Mapping[str, str]:
    if not isinstance(raw, Mapping) or not all(str(raw.get(x) or "").strip() for x in LANGUAGES):
        raise ValueError("needs a text in both languages, {id:, en:}")
    if unknown := sorted(set(map(str, raw)) - set(LANGUAGES)):
        raise ValueError(f"{', '.join(unknown)} is no language; a text with a comma needs quotes")
    return {language: str(raw[language]) for language in LANGUAGES}


def _cite(raw: Any) -> Mapping[str, str]:
    return dict.fromkeys(LANGUAGES, raw) if isinstance(raw, str) and raw else _words(raw)


def _dated(raw: Any) -> str:
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", str(raw)):
        raise ValueError(f"{raw!r} is not a year, month or day like 2024-11-27")
    return str(raw)


def _number(raw: Any) -> Any:
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    return raw if is_number and isfinite(raw) else None


def _day(raw: Any) -> date:
    return read_day(raw.isoformat() if type(raw) is date else raw)


def _moment(raw: Any) -> datetime | None:
    moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    return moment if moment.tzinfo and is_of_this_century(moment) else None


_SINGLE: Mapping[object, tuple[Step, str]] = {
    str: (lambda raw: raw.strip() or None, "a text"),
    int: (lambda raw: _number(raw) if isinstance(raw, int) else None, "a whole number"),
    float: (lambda raw: float(_number(raw)), "a number"),
    Decimal: (lambda raw: Decimal(str(_number(raw))), "a number"),
    bool: (lambda raw: raw if isinstance(raw, bool) else None, "true or false"),
    date: (_day, "a date of 2000 to 2100: 2024-11-27"),
    time: (time.fromisoformat, 'an hour in quotes: "17:00"'),
    datetime: (_moment, "a moment with its zone: 2024-10-28T09:30+07:00"),
    PlaceCode: (parse_code, 'a place code in quotes: "16.07"'),
}
"""How a value of each type is read, None or an error where it cannot be, and what it should be.

Without quotes YAML makes 1020 of 17:00 and 16.1 of 16.10.
"""


def _single(kind: object, raw: object) -> object:
    parse, words = _SINGLE[kind]
    try:
        found = parse(raw)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        found = None
    if found is None:
        raise ValueError(f"{raw!r} is not {words}")
    return found


def _member(kind: type[Enum], raw: object) -> Enum:
    by_name = {m.value if isinstance(m.value, str) else m.name: m for m in kind}
    if str(raw) not in by_name:
        raise ValueError(f"{str(raw)!r} is none of {', '.join(by_name)}")
    return by_name[str(raw)]


def small(kind: type[M]) -> Callable[[object], M]:
    """Read a member of `kind` that stands in small letters."""
    by_name = {str(member.value).lower(): member for member in kind}

    def member(raw: object) -> M:
        if str(raw) not in by_name:
            raise ValueError(f"{str(raw)!r} is none of {', '.join(by_name)}")
        return by_name[str(raw)]

    return member


# --- what many catalogues have

Text = Annotated[Mapping[str, str], As(_words)]
"""The same words in each language of the screens: `{"id": …, "en": …}`."""

Cite = Annotated[Mapping[str, str], As(_cite)]
Countdown = Annotated[int, As(lambda raw: parse_countdown(str(raw)))]
Dated = Annotated[str, As(_dated)]
Class = Annotated[FigureClass, Named("class")]

_KEY = "the entry's own name"
Keyed = Annotated[T, _KEY]
"""The name of an entry that is a member of an enum, a code, a day."""

Key = Keyed[str]
"""The name of an entry."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where entries come from; `date` is as exact as the source."""

    key: Key
    cite: Cite
    date: Dated


@dataclass(frozen=True, slots=True)
class Origin:
    """A number by which rules judge: what it means, where it comes from, how to replace it."""

    key: Key
    value: object
    figure_class: Class
    source: str
    date: Dated
    meaning: Text
    replace: Text | None = None


@dataclass(frozen=True, slots=True)
class Settings(Generic[T]):
    """A dataclass of which each field stands in the file as an entry with its origin."""

    values: T
    origins: Mapping[str, Origin]


# --- reading

Names = Mapping[str, Collection[str]]


def read(kind: type[T], raw: object, *, at: str = "", known: Names | None = None) -> T:
    """Return a catalogue's plain data as `kind`; ValueError with one fault a line.

    With `at` the file has that one field, and `kind` is what stands in it: `read(tuple[Seat, ...],
    raw, at="institutions")`. `known` are names from elsewhere for `Among`.
    """
    listed = raw.items() if isinstance(raw, Mapping) else ()
    names = {str(field): _names(below) for field, below in listed} | dict(known or {})
    whole: Any = make_dataclass("File", [(at, kind)]) if at else kind
    found = _value(whole, raw, names)
    result: T = getattr(found, at) if at else found
    return result


def _names(below: object) -> Collection[str]:
    """Return how the entries of a field are called."""
    if isinstance(below, list):
        return [str(item.get("key")) for item in below if isinstance(item, Mapping)]
    return [str(key) for key in below] if isinstance(below, Mapping) else []


class _Field(NamedTuple):
    """A field of a class as it stands in a file."""

    name: str
    in_file: str
    hint: Any
    is_key: bool
    default: object


def _apart(hint: Any) -> tuple[Any, tuple[Any, ...], bool]:
    """Return a type without `Annotated` and `None`, what the first said, whether None was there."""
    marks: tuple[Any, ...] = ()
    is_optional = False
    while True:
        origin, args = typing.get_origin(hint), typing.get_args(hint)
        if origin is Annotated:
            hint, marks = args[0], marks + args[1:]
        elif origin in (Union, UnionType) and type(None) in args:
            (hint,), is_optional = (arg for arg in args if arg is not type(None)), True
        else:
            return hint, marks, is_optional


@cache
def _fields(kind: Any) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(kind, include_extras=True)
    found = []
    for one in fields(kind):
        _, marks, is_optional = _apart(hints[one.name])
        in_file = next((mark.name for mark in marks if isinstance(mark, Named)), one.name)
        default = one.default if one.default_factory is MISSING else one.default_factory()
        if default is MISSING and is_optional:
            default = None
        found.append(_Field(one.name, in_file, hints[one.name], _KEY in marks, default))
    return tuple(found)


def _key_of(hint: Any) -> _Field | None:
    bare: Any = _apart(hint)[0]
    entry = is_dataclass(bare)
    return next((one for one in _fields(bare) if one.is_key), None) if entry else None


class _Faults(list[str]):
    """What is wrong, each under the name of where it stands."""

    def note(self, where: object, hint: Any, raw: object, names: Names, key: object = None) -> Any:
        """Return `raw` as `hint` wants it, or note what is wrong with it."""
        try:
            return _value(hint, raw, names, key)
        except ValueError as error:
            self.extend(f"{where}: {line}" for line in str(error).splitlines())


def _value(hint: Any, raw: object, names: Names, key: object = None) -> Any:
    """Return `raw` as `hint` wants it; `key` is the name under which an entry stands."""
    bare, marks, _ = _apart(hint)
    convert = next((mark.read for mark in marks if isinstance(mark, As)), None)
    found = convert(raw) if convert else _by_type(bare, raw, names, key)
    for mark in marks:
        if isinstance(mark, Among) and str(found) not in names.get(mark.field, ()):
            raise ValueError(f"{str(found)!r} stands nowhere under {mark.field}")
        if callable(mark):
            found = mark(found)
    return found


def _by_type(bare: Any, raw: Any, names: Names, key: object) -> Any:
    origin, args = typing.get_origin(bare), typing.get_args(bare)
    if bare in (object, Any):
        return raw
    if bare in _SINGLE:
        return _single(bare, raw)
    if isinstance(bare, NewType):
        return _value(bare.__supertype__, raw, names)
    if isinstance(bare, type) and issubclass(bare, Enum):
        return _member(bare, raw)
    if origin is Settings:
        origins = _value(Mapping[str, Origin], raw, names)
        values = {name: origin.value for name, origin in origins.items()}
        return Settings(_value(args[0], values, names), origins)
    if origin in (abc.Mapping, dict):
        return _mapping(args[0], args[1], raw, names)
    if origin in (tuple, frozenset):
        return _sequence(origin, args, raw, names)
    if origin is None and is_dataclass(bare):
        return _entry(bare, raw, names, key)
    raise TypeError(f"{bare} cannot stand in a catalogue")


def _entry(kind: Any, raw: Any, names: Names, key: object) -> Any:
    if not isinstance(raw, Mapping):
        raise ValueError("must be a mapping of fields")
    faults = _Faults()
    given: dict[str, Any] = {}
    for one in _fields(kind):
        value = raw.get(one.in_file)
        if one.is_key and key is not None:
            given[one.name] = key
        elif value is not None and value != one.default:
            given[one.name] = faults.note(one.in_file, one.hint, value, names)
        elif one.default is MISSING:
            faults.append(f"{one.in_file}: is missing")
        else:
            given[one.name] = one.default
    known = PROVENANCE | {one.in_file for one in _fields(kind)}
    faults.extend(f"{name}: is not a field of this entry" for name in raw if name not in known)
    raise_faults(faults)
    return kind(**given)


def _mapping(keys: Any, values: Any, raw: Any, names: Names) -> Any:
    if isinstance(raw, list) and (key := _key_of(values)):
        return {getattr(entry, key.name): entry for entry in _items(values, raw, names)}
    if not isinstance(raw, Mapping):
        raise ValueError("must be a mapping")
    faults = _Faults()
    found = {}
    for raw_name, item in raw.items():
        name = faults.note(raw_name, keys, raw_name, names)
        found[name] = faults.note(raw_name, values, item, names, name or raw_name)
    raise_faults(faults)
    return found


def _sequence(origin: Any, args: tuple[Any, ...], raw: Any, names: Names) -> Any:
    if not isinstance(raw, list | tuple):
        raise ValueError("must be a list")
    if origin is tuple and args[-1] is not Ellipsis:
        if len(raw) != len(args):
            raise ValueError(f"must be a list of {len(args)}")
        return tuple(_value(hint, item, names) for hint, item in zip(args, raw, strict=True))
    return origin(_items(args[0], raw, names))


def _items(hint: Any, raw: Iterable[Any], names: Names) -> list[Any]:
    """Return the items of a list; an entry is called by its name, others are counted."""
    key = _key_of(hint)
    faults = _Faults()
    found = []
    seen = set()
    for number, item in enumerate(raw, 1):
        name = item.get(key.in_file) if key and isinstance(item, Mapping) else None
        where = str(name or number)
        if key and name and where in seen:
            faults.append(f"{where}: {key.in_file}: stands twice")
        seen.add(where)
        found.append(faults.note(where, hint, item, names))
    raise_faults(faults)
    return found
