"""Place codes: a place's code is its path, so level, parent and subtree follow from the text.

`16` province, `16.07` regency, `16.07.19` district, `16.07.19.2015` village,
`16.07.19.2015.001` polling station; the empty code is the whole country. Codes are those of the
Ministry of Home Affairs; a station adds its three-digit number within the village.
"""

import re
from enum import IntEnum
from typing import NewType

PlaceCode = NewType("PlaceCode", str)

COUNTRY = PlaceCode("")


class Level(IntEnum):
    """How deep a place lies; the number is the length of its code."""

    COUNTRY = 0
    PROVINCE = 2
    REGENCY = 5
    DISTRICT = 8
    VILLAGE = 13
    STATION = 17


_SHAPE = re.compile(r"(\d\d(\.\d\d(\.\d\d(\.\d{4}(\.\d{3})?)?)?)?)?", re.ASCII)
_LEVELS = list(Level)


def parse_code(text: str) -> PlaceCode:
    """Return `text` as a place code; raise ValueError when it is none of the six widths."""
    if not _SHAPE.fullmatch(text):
        raise ValueError(f"{text!r} is not a place code")
    return PlaceCode(text)


def level_of(code: PlaceCode) -> Level:
    """Return the level of a place from the length of its code."""
    return Level(len(code))


def child_level(level: Level) -> Level | None:
    """Return the level below, None under a station."""
    index = _LEVELS.index(level) + 1
    return _LEVELS[index] if index < len(_LEVELS) else None


def parent_of(code: PlaceCode) -> PlaceCode | None:
    """Return the code one level up, None for the country."""
    if code == COUNTRY:
        return None
    return PlaceCode(code[: _LEVELS[_LEVELS.index(level_of(code)) - 1]])


def at_level(code: PlaceCode, level: Level) -> PlaceCode:
    """Return the ancestor (or the place itself) at `level`; ValueError if `code` lies above it."""
    if len(code) < level:
        raise ValueError(f"{code!r} lies above {level.name}")
    return PlaceCode(code[:level])


def ancestors(code: PlaceCode) -> tuple[PlaceCode, ...]:
    """Return the codes above `code`, the country first."""
    return tuple(PlaceCode(code[:level]) for level in _LEVELS if level < len(code))


def is_within(code: PlaceCode, above: PlaceCode) -> bool:
    """Tell whether `code` is `above` or lies under it."""
    return code == above or above == COUNTRY or code.startswith(above + ".")


def subtree_range(code: PlaceCode) -> tuple[str, str]:
    """Return the half-open range of codes (in byte order) that holds `code` and all under it.

    `.` is followed by `/` in ASCII, so everything under `16` sorts before `16/`; no other code
    lies between `16` and `16.`.
    """
    return (code, code + "/") if code else ("", ":")
