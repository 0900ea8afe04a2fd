"""Names, kinds, tiles and points of places: how a list's name is read, sorted, found and shown."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import Annotated, NamedTuple

from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of
from serentak.kernel.entries import Text, at_least, raise_faults, read

SOFT_HYPHEN = "\u00ad"


class Kind(StrEnum):
    """What a place is; Jakarta's six administrative areas elect no regent or mayor."""

    COUNTRY = "COUNTRY"
    PROVINCE = "PROVINCE"
    REGENCY = "REGENCY"
    CITY = "CITY"
    ADMINISTRATIVE_REGENCY = "ADMINISTRATIVE_REGENCY"
    ADMINISTRATIVE_CITY = "ADMINISTRATIVE_CITY"
    DISTRICT = "DISTRICT"
    URBAN_VILLAGE = "URBAN_VILLAGE"
    VILLAGE = "VILLAGE"
    CUSTOMARY_VILLAGE = "CUSTOMARY_VILLAGE"
    STATION = "STATION"
    SPECIAL_STATION = "SPECIAL_STATION"


KINDS: Mapping[Level, tuple[Kind, ...]] = {
    Level.COUNTRY: (Kind.COUNTRY,),
    Level.PROVINCE: (Kind.PROVINCE,),
    Level.REGENCY: (
        Kind.REGENCY,
        Kind.CITY,
        Kind.ADMINISTRATIVE_REGENCY,
        Kind.ADMINISTRATIVE_CITY,
    ),
    Level.DISTRICT: (Kind.DISTRICT,),
    Level.VILLAGE: (Kind.URBAN_VILLAGE, Kind.VILLAGE, Kind.CUSTOMARY_VILLAGE),
    Level.STATION: (Kind.STATION, Kind.SPECIAL_STATION),
}
"""Which kinds lie on which level."""

VILLAGE_KINDS: Mapping[str, Kind] = {
    "1": Kind.URBAN_VILLAGE,
    "2": Kind.VILLAGE,
    "3": Kind.CUSTOMARY_VILLAGE,
}
"""The first digit of a village's own part of the code (Ministry of Home Affairs) → its kind."""

_PREFIXES = {
    "KABUPATEN ADMINISTRASI ": Kind.ADMINISTRATIVE_REGENCY,
    "KOTA ADMINISTRASI ": Kind.ADMINISTRATIVE_CITY,
    "KABUPATEN ": Kind.REGENCY,
    "KOTA ": Kind.CITY,
}


# --- reading a list


def village_kind(code: PlaceCode) -> Kind | None:
    """Return a village's kind from its code, None if the digit means nothing."""
    return VILLAGE_KINDS.get(code[Level.DISTRICT + 1])


def kind_after_recoding(kind: Kind, new: PlaceCode) -> Kind | None:
    """Return the kind of a place under its new code: a village's follows from the code."""
    return village_kind(new) if level_of(new) is Level.VILLAGE else kind


def kind_and_name(code: PlaceCode, listed: str) -> tuple[Kind, str] | None:
    """Return (kind, name in proper case) of a place as a list names it; None if it has no kind.

    The Ministry's list writes provinces and regencies in capitals, the latter with their kind in
    front ("KABUPATEN ACEH SELATAN"); districts and villages come as they are to be shown.
    """
    name = " ".join(listed.split())
    match level_of(code):
        case Level.REGENCY:
            for prefix, kind in _PREFIXES.items():
                if name.upper().startswith(prefix):
                    return kind, proper_case(name[len(prefix) :])
            return None
        case Level.VILLAGE:
            found = village_kind(code)
            return (found, name) if found else None
        case level:
            upper = level <= Level.PROVINCE
            return KINDS[level][0], proper_case(name) if upper else name


def proper_case(name: str) -> str:
    """Return a name written in capitals as it is spoken: 'DKI JAKARTA' → 'DKI Jakarta'."""
    if not name.isupper():
        return name
    return " ".join(
        word if word in ("DKI", "DI") else word.lower() if word == "DAN" else word.capitalize()
        for word in name.split()
    )


# --- sorting and finding

_NUMBER_WORDS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11,
}  # fmt: skip
_ROMAN = re.compile(r"X{0,3}(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"X": 10, "V": 5, "I": 1}


def folded(text: str) -> str:
    """Return `text` in small letters without marks, its words separated by one space."""
    plain = unicodedata.normalize("NFKD", text.replace(SOFT_HYPHEN, ""))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"[0-9a-z]+", plain))


def sort_key(name: str) -> str:
    """Return the key by which names sort as people count: Banyuasin I, II, III, … IX, X.

    Numbers in figures count anywhere; Roman ones and words ("Ilir Barat Dua") only at the end,
    since Empat Lawang belongs under E.
    """
    words = name.split()
    last = words[-1] if words else ""
    if len(words) > 1 and _ROMAN.fullmatch(last):
        words[-1] = str(_roman(last))
    elif len(words) > 1 and last.lower() in _NUMBER_WORDS:
        words[-1] = str(_NUMBER_WORDS[last.lower()])
    return re.sub(r"\d+", lambda m: m[0].zfill(4), folded(" ".join(words)))


def search_text(name: str, short_name: str = "") -> str:
    """Return the words by which a place is found, also run together and with its number.

    So "lubuklinggau" finds Lubuk Linggau, "35 ilir" finds Tiga-puluh-lima Ilir, "oki" finds what
    is known by that short name.
    """
    words = folded(name).split()
    together = ["".join(words)] if words[1:] else []
    known_as = folded(short_name).split()
    return " ".join(dict.fromkeys([*words, *together, *_counted(words), *known_as]))


_SHORT_FORMS = {
    "tj": "tanjung", "tjg": "tanjung", "tg": "tanjung", "sei": "sungai", "kp": "kampung",
    "kpg": "kampung", "sp": "simpang", "ma": "muara", "mr": "muara", "lb": "lubuk", "lbk": "lubuk",
    "tl": "teluk", "tlk": "teluk", "pd": "padang", "pdg": "padang", "pl": "pulau", "tb": "tebing",
    "tlg": "talang", "pgr": "pagar", "btg": "batang", "bkt": "bukit", "rt": "rantau",
}  # fmt: skip
_KIND_WORDS = frozenset(
    {
        "kec", "kecamatan", "kel", "kelurahan", "ds", "desa", "kab", "kabupaten", "kota", "prov",
        "provinsi", "nagari", "gampong",
    }
)  # fmt: skip


def name_keys(name: str) -> tuple[str, ...]:
    """Return what a name is looked for by, the likeliest first, however an office writes it.

    Short forms ("Tj.", "Sei") and numbers ("35 ILIR", "ILIR BARAT II", "20 Ilir D. III") are
    written out alike; a kind before it ("KEC.", "Desa") counts only where the name is none with it.
    """
    words = [_SHORT_FORMS.get(word, word) for word in folded(name).split()]
    last = words[-1].upper() if words else ""
    if len(words) > 1 and _ROMAN.fullmatch(last):
        words[-1] = str(_roman(last))
        if len(words) > 2 and words[-2] == "d":
            del words[-2]
    keys = ["".join(_with_figures(words))]
    if len(words) > 1 and words[0] in _KIND_WORDS:
        keys.append("".join(_with_figures(words[1:])))
    return tuple(key for key in keys if key)


def _with_figures(words: list[str]) -> list[str]:
    """Return the words with figures for the numbers that they spell."""
    found: list[str] = []
    i = 0
    while i < len(words):
        value, taken = _number_at(words, i)
        found.append(words[i] if value is None else str(value))
        i += taken
    return found


def _number_at(words: list[str], i: int) -> tuple[int | None, int]:
    """Return the number that begins at a word, None if none does, and how many words it takes."""
    value = _NUMBER_WORDS.get(words[i])
    following = words[i + 1] if i + 1 < len(words) else ""
    if value is None:
        return None, 1
    if following == "belas":
        return 10 + value, 2
    if following == "puluh":
        unit = _NUMBER_WORDS.get(words[i + 2], 0) if i + 2 < len(words) else 0
        return 10 * value + (unit if unit < 10 else 0), 3 if 0 < unit < 10 else 2
    return value, 1


def _counted(words: list[str]) -> list[str]:
    """Return the numbers that number words spell: tiga puluh lima → 35, dua belas → 12."""
    found: list[str] = []
    i = 0
    while i < len(words):
        value, taken = _number_at(words, i)
        found += [] if value is None else [str(value)]
        i += taken
    return found


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[c] for c in text]
    return sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))


def code_prefix(text: str) -> str | None:
    """Return the start of a code that somebody typed, with or without dots; None if it is none.

    The election commission writes the same codes without dots: '1607' → '16.07'.
    """
    typed = text.strip()
    if not re.fullmatch(r"\d[\d.]*", typed):
        return None
    if "." in typed:
        return typed
    parts = [typed[0:2], typed[2:4], typed[4:6], typed[6:10], typed[10:13]]
    return ".".join(part for part in parts if part)


# --- showing

_BREAK = re.compile(
    r"(?<=[aeiou])(?=(?:ng|ny|sy|kh|[bcdfghjklmnpqrstvwyz])[aeiou])"
    r"|(?<=[aeiou]ng)(?=[bcdfghjklmnpqrstvwyz][aeiou])"
    r"|(?<=[aeiou][bcdfghjklmnpqrstvwyz])(?!(?<=n)[gy]|(?<=s)y|(?<=k)h)"
    r"(?=[bcdfghjklmnpqrstvwyz][aeiou])",
    re.IGNORECASE,
)
"""Where an Indonesian word may break: before a consonant with its vowel; ng, ny, sy, kh are one."""

LONG_WORD = 8
"""Letters from which a word gets a soft hyphen: a tile on a phone holds seven."""


def with_soft_hyphens(name: str) -> str:
    """Return `name` with a soft hyphen in each long word, at the syllable nearest its middle."""
    return re.sub(r"[^\W\d_]+", lambda m: _with_soft_hyphen(m[0]), name)


def _with_soft_hyphen(word: str) -> str:
    breaks = [m.start() for m in _BREAK.finditer(word) if 3 <= m.start() <= len(word) - 3]
    if len(word) < LONG_WORD or not breaks:
        return word
    at = min(breaks, key=lambda i: abs(2 * i - len(word)))
    return word[:at] + SOFT_HYPHEN + word[at:]


def _short_name(listed: str) -> str:
    if not listed.strip("| "):
        raise ValueError("a short name without a letter")
    return listed.replace("|", SOFT_HYPHEN)


def parse_short_names(data: object) -> Mapping[PlaceCode, str]:
    """Read `short_names.yaml`; `|` marks where a name may break."""
    return read(dict[PlaceCode, Annotated[str, _short_name]], data, at="short_names")


Cell = tuple[Annotated[int, at_least(1)], Annotated[int, at_least(1)]]
"""Column and row of a tile, from 1."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where tiles stand. `is_map` is false for a list, which must not be read as a map."""

    cells: Mapping[PlaceCode, Cell]
    columns: int
    rows: int
    is_map: bool


def arranged(cells: Mapping[PlaceCode, Cell | None], *, columns: int = 5) -> Arrangement:
    """Return the arrangement of children given in list order, each with its own cell or None.

    If one child has no cell of its own the rest cannot be a map either: all flow as a list, row by
    row, in at most `columns` columns.
    """
    own = {code: cell for code, cell in cells.items() if cell is not None}
    if own and len(own) == len(cells) and len(set(own.values())) == len(own):
        width, height = (max(cell[i] for cell in own.values()) for i in (0, 1))
        return Arrangement(own, columns=width, rows=height, is_map=True)
    width = min(columns, max(1, len(cells)))
    flow = {code: (i % width + 1, i // width + 1) for i, code in enumerate(cells)}
    height = max((cell[1] for cell in flow.values()), default=0)
    return Arrangement(flow, columns=width, rows=height, is_map=False)


@dataclass(frozen=True, slots=True)
class _Grid:
    parent: PlaceCode
    tiles: Mapping[PlaceCode, Cell]

    def __post_init__(self) -> None:
        taken = {cell: code for code, cell in self.tiles.items()}
        raise_faults(
            [
                f"{c} does not lie under {self.parent}"
                for c in self.tiles
                if parent_of(c) != self.parent
            ]
            + [
                f"{c} and {taken[at]} share cell {at}"
                for c, at in self.tiles.items()
                if taken[at] != c
            ]
        )


def parse_tiles(data: object) -> Mapping[PlaceCode, Cell]:
    """Read `tiles.yaml`: each tile under its parent, none on another's cell, from 1."""
    grids = read(tuple[_Grid, ...], data, at="grids")
    return {code: cell for grid in grids for code, cell in grid.tiles.items()}


# --- time zones and terrain


@dataclass(frozen=True, slots=True)
class _Zone:
    name: str
    provinces: tuple[PlaceCode, ...]


def parse_zones(data: object) -> Mapping[PlaceCode, str]:
    """Read `zones.yaml`: each province once."""
    zones = read(tuple[_Zone, ...], data, at="zones")
    listed = [code for zone in zones for code in zone.provinces]
    raise_faults(
        f"{code} is not a province or stands in two zones"
        for code in listed
        if level_of(code) is not Level.PROVINCE or listed.count(code) > 1
    )
    return {code: zone.name for zone in zones for code in zone.provinces}


class TerrainKind(StrEnum):
    """What makes a place hard to reach or to work in."""

    WATER_ACCESS = "WATER_ACCESS"
    FLOOD_PRONE = "FLOOD_PRONE"
    NO_SIGNAL = "NO_SIGNAL"


@dataclass(frozen=True, slots=True)
class TerrainNote:
    """What is known of the terrain of places, with source and confidence."""

    places: tuple[PlaceCode, ...]
    kind: TerrainKind
    text: Text
    source: str
    confidence: str


def parse_terrain(data: object) -> tuple[TerrainNote, ...]:
    """Read `terrain.yaml`."""
    return read(tuple[TerrainNote, ...], data, at="terrain")


# --- the list of a body outside


class Point(NamedTuple):
    """Where a place lies: degrees of latitude and longitude (WGS84)."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class _Points:
    points: Mapping[PlaceCode, tuple[float, float]]


def parse_points(data: object) -> Mapping[PlaceCode, Point]:
    """Read `points.yaml`."""
    listed = read(_Points, data).points
    points = {code: Point(*point) for code, point in listed.items()}
    raise_faults(
        f"points: {code}: {point} lies nowhere on Earth"
        for code, point in points.items()
        if not (abs(point.lat) <= 90 and abs(point.lon) <= 180)
    )
    return points


def middle(points: Sequence[Point]) -> Point:
    """Return the middle of points that lie near each other."""
    return Point(*(sum(axis) / len(points) for axis in zip(*points, strict=True)))


def kilometres(one: Point, other: Point) -> float:
    """Return how far two points are from each other as the crow flies (haversine, R = 6371 km)."""
    lat, to_lat = radians(one.lat), radians(other.lat)
    half = sin((to_lat - lat) / 2) ** 2
    half += cos(lat) * cos(to_lat) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6371 * asin(min(1.0, sqrt(half)))


def common_place(codes: Sequence[PlaceCode]) -> PlaceCode:
    """Return the lowest place that holds all of `codes`."""
    low, high = min(codes), max(codes)
    widths = [width for width in Level if width <= min(len(low), len(high))]
    return PlaceCode(next(low[:w] for w in reversed(widths) if low[:w] == high[:w]))
