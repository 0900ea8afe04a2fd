"""A sheet of stations in, checked rows and problems by row out; nothing is written here.

Recognised are sheets of the commission as they go round: with the Ministry's codes, with or
without dots, or with the names of district and village beside the station's number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.codes import Level, PlaceCode, at_level, is_within
from serentak.kernel.refused import Fault, Refused, noting
from serentak.places.public import name_keys
from serentak.platform.sheets import (
    Problem,
    Severity,
    SheetColumn,
    SheetRow,
    number_code,
    whole,
)

from . import rules
from .rules import Limits, StationRow, VillageName

T = TypeVar("T")

COLUMNS = (
    SheetColumn(
        "code",
        _("Code of station or village"),
        ("kode", "kode TPS", "kode wilayah", "kode desa/kelurahan", "kode kelurahan", "kode desa",
         "code", "station code", "village code", "kodwil"),
        is_required=False,
        about=_("17 characters for a station, 13 for a village; also without dots."),
        example="16.02.14.2001",
        is_name=True,
    ),
    SheetColumn(
        "district",
        _("District"),
        ("kecamatan", "nama kecamatan", "kec", "district"),
        is_required=False,
        about=_("Instead of the code, together with the village."),
        example="Air Sugihan",
        is_name=True,
    ),
    SheetColumn(
        "village",
        pgettext_lazy("column", "Village"),
        ("desa/kelurahan", "kelurahan/desa", "kelurahan", "desa", "kel/desa", "desa/kel",
         "nama desa/kelurahan", "nama kelurahan", "nama desa", "village"),
        is_required=False,
        about=_("Instead of the code, together with the district."),
        example="Nusa Karta",
        is_name=True,
    ),
    SheetColumn(
        "number",
        _("Station number"),
        ("TPS", "no TPS", "nomor TPS", "nama TPS", "station", "station number", "no"),
        is_required=False,
        about=_("1 to 999, needed unless the code is a station's."),
        example="001",
    ),
    SheetColumn(
        "male",
        _("Voters, men"),
        ("L", "LK", "laki-laki", "laki", "pemilih laki-laki", "jumlah laki-laki", "DPT L", "male",
         "men", "M"),
        about=_("Whole number."),
        example="231",
        adds_up=True,
    ),
    SheetColumn(
        "female",
        _("Voters, women"),
        ("P", "PR", "perempuan", "pemilih perempuan", "jumlah perempuan", "DPT P", "female",
         "women", "F"),
        about=_("Whole number."),
        example="244",
        adds_up=True,
    ),
    SheetColumn(
        "total",
        _("Voters in all"),
        ("L+P", "jumlah", "total", "jumlah pemilih", "total pemilih", "DPT", "voters"),
        is_required=False,
        about=_("Only checked: men and women together."),
        example="475",
        adds_up=True,
    ),
    SheetColumn(
        "special_location",
        _("Special location"),
        ("lokasi khusus", "TPS lokasi khusus", "TPS khusus", "special", "special location"),
        is_required=False,
        about=_("What it is: prison, hospital, boarding school."),
    ),
    SheetColumn(
        "over_limit_reason",
        _("Reason for more voters than allowed"),
        ("alasan", "alasan lebih dari 600", "alasan lebih dari batas", "reason"),
        is_required=False,
        about=_("Needed where a station has more voters than the law allows."),
    ),
)  # fmt: skip

_NO = {"", "-", "–", "0", "tidak", "bukan", "no", "false"}
_YES = {"1", "ya", "yes", "x", "v", "true", "khusus"}
_NUMBER = re.compile(r"(?:TPS[\s.\-]*)?0*([0-9]{1,3})(?:\.0+)?", re.IGNORECASE)
SPECIAL = "lokasi khusus"
_TEXT_LIMITS = {"special_location": 200, "over_limit_reason": 300}


class Villages:
    """The villages of the area into which a sheet is imported, by code and by name."""

    def __init__(self, names: Sequence[VillageName]) -> None:
        self.by_code = {v.code: v for v in names}
        self.districts: dict[str, str] = {}
        self.by_district: dict[str, dict[str, list[VillageName]]] = {}
        self.by_name: dict[str, list[VillageName]] = {}
        for village in names:
            district, *_ = name_keys(village.district)
            key, *_ = name_keys(village.name)
            self.districts.setdefault(district, village.district)
            self.by_district.setdefault(district, {}).setdefault(key, []).append(village)
            self.by_name.setdefault(key, []).append(village)


@dataclass(frozen=True, slots=True)
class ReadStations:
    """The rows that hold, and every rule that a row breaks."""

    rows: tuple[StationRow, ...]
    problems: tuple[Problem, ...]


def read_stations(
    rows: Sequence[SheetRow], *, villages: Villages, within: PlaceCode, limits: Limits
) -> ReadStations:
    """Check a sheet's rows against the villages of `within`.

    A station over the limit without its own reason is among the rows, with a problem that wants
    confirming; every other problem keeps its row out. Of two rows for one station the first holds.
    """
    if rows and not any(row["code"] or row["village"] for row in rows):
        return ReadStations((), (Problem(None, "code", "elections.sheet_names_no_village"),))
    found: list[StationRow] = []
    first: dict[PlaceCode, int] = {}
    problems: list[Problem] = []
    for row in rows:
        code = PlaceCode("")
        faults: list[Fault] = []
        with noting(faults, row=row.number):
            code = _station_code(row, villages, within)
            if code in first:
                column = "code" if row["code"] else "number"
                params = {"station": code, "first": first[code]}
                raise Refused("elections.row_repeats", field=column, **params)
            first[code] = row.number
        own = list(map(Problem.of, faults))
        if code and row["code"]:
            own += _names_beside_code(row, villages.by_code[at_level(code, Level.VILLAGE)])
        station = _figures(row, code, limits, own)
        if station and not any(p.severity is Severity.ERROR for p in own):
            found.append(station)
        problems += own
    return ReadStations(tuple(found), tuple(problems))


def with_reason(rows: Sequence[StationRow], reason: str, *, limits: Limits) -> list[StationRow]:
    """Return the stations, those over the limit without a reason of their own with `reason`."""
    return [
        replace(row, over_limit_reason=reason)
        if row.total > limits.station_voters and not row.over_limit_reason
        else row
        for row in rows
    ]


# --- which station


def _station_code(row: SheetRow, villages: Villages, within: PlaceCode) -> PlaceCode:
    number = _station_number(row["number"])
    if row["code"]:
        village, in_code = _by_code(row["code"], villages, within)
        if in_code and number not in (None, in_code):
            raise Refused("elections.number_differs_from_code", field="number", code=row["code"])
        number = in_code or number
    else:
        village = _by_name(row["district"], row["village"], villages)
    if number is None:
        raise Refused("elections.station_number_is_missing", field="number")
    return PlaceCode(f"{village}.{number:03}")


def _station_number(text: str) -> int | None:
    """Return the number in `TPS 001`, `1` or `001`; None for an empty cell."""
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    if not match or int(match[1]) == 0:
        raise Refused("elections.station_number_is_wrong", field="number", number=text[:40])
    return int(match[1])


def _by_code(text: str, villages: Villages, within: PlaceCode) -> tuple[PlaceCode, int | None]:
    """Return the village, and the station's number if the code is a station's."""
    digits = re.sub(r"[.\s-]", "", text)
    if not re.fullmatch(r"[0-9]{10}([0-9]{3})?", digits):
        raise Refused("elections.code_has_wrong_width", field="code", code=text[:40])
    village = PlaceCode(f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:10]}")
    if not is_within(village, within):
        raise Refused("elections.village_is_outside", field="code", village=village, area=within)
    if village not in villages.by_code:
        raise Refused("elections.village_is_unknown", field="code", village=village)
    if not digits[10:]:
        return village, None
    if int(digits[10:]) == 0:
        raise Refused("elections.station_number_is_wrong", field="code", number="000")
    return village, int(digits[10:])


def _by_name(district: str, village: str, villages: Villages) -> PlaceCode:
    if not (name_keys(district) and name_keys(village)):
        column = "village" if district else "district"
        raise Refused("elections.row_names_no_village", field=column)
    names = _first(villages.by_district, district)
    if names is None:
        about = {"district": district[:60]}
        if near := _near(district, villages.districts):
            raise Refused("elections.district_is_nearly", field="district", near=near, **about)
        raise Refused("elections.district_is_unknown", field="district", **about)
    found = _first(names, village) or []
    if len(found) == 1:
        return found[0].code
    params = {"village": village[:60], "district": district[:60]}
    if found:
        raise Refused("elections.village_name_is_ambiguous", field="village", **params)
    if elsewhere := _first(villages.by_name, village):
        where = ", ".join(dict.fromkeys(v.district for v in elsewhere[:3]))
        raise Refused("elections.village_lies_elsewhere", field="village", where=where, **params)
    if near := _near(village, {key: of_one[0].name for key, of_one in names.items()}):
        raise Refused("elections.village_name_is_nearly", field="village", near=near, **params)
    raise Refused("elections.village_name_is_unknown", field="village", **params)


def _first(named: Mapping[str, T], name: str) -> T | None:
    return next((named[key] for key in name_keys(name) if key in named), None)


def _near(name: str, named: Mapping[str, str]) -> str:
    """Return the name that was perhaps meant, empty if none is near."""
    for key in name_keys(name):
        if close := get_close_matches(key, named, n=1, cutoff=0.75):
            return named[close[0]]
    return ""


def _names_beside_code(row: SheetRow, village: VillageName) -> list[Problem]:
    """Compare the names on a row with its code's: neither is silently right.

    What is only spelt otherwise wants confirming.
    """
    problems = []
    for column, name in (("district", village.district), ("village", village.name)):
        keys, (true, *_) = name_keys(row[column]), name_keys(name)
        if not keys or true in keys:
            continue
        about = {"code": village.code, "name": name, "text": row[column][:60]}
        is_near = any(get_close_matches(key, [true], cutoff=0.8) for key in keys)
        severity = Severity.CONFIRM if is_near else Severity.ERROR
        code = f"elections.name_{'is_spelt_otherwise' if is_near else 'differs_from_code'}"
        problems.append(Problem(row.number, column, code, about, severity))
    return problems


# --- its figures


def _figures(
    row: SheetRow, code: PlaceCode, limits: Limits, problems: list[Problem]
) -> StationRow | None:
    """Return the station; None where its figures are no numbers or it has no code."""

    def note(column: str, fault: str, severity: Severity = Severity.ERROR, **about: object) -> None:
        problems.append(Problem(row.number, column, f"elections.{fault}", about, severity))

    for name, most in _TEXT_LIMITS.items():
        if len(row[name]) > most:
            note(name, "text_is_too_long", most=most)
    values = {name: whole(row[name]) for name in ("male", "female", "total")}
    for name, value in values.items():
        if value is None and row[name]:
            why = number_code(row[name], "elections.voters_are_no_number")
            problems.append(Problem(row.number, name, why, {"text": row[name][:40]}))
        elif value is None and name != "total":
            note(name, "voters_are_missing")
    male, female, total = values["male"], values["female"], values["total"]
    if male is None or female is None:
        return None
    if total is not None and total != male + female:
        note("total", "total_differs", total=total, sum=male + female)
    special = row["special_location"]
    if special.casefold() in _YES:
        special = SPECIAL
    elif special.casefold() in _NO:
        special = ""
    station = StationRow(code, male, female, special, row["over_limit_reason"])
    if fault := rules.fault_of_station(station, limits=limits):
        is_over = fault == "voters_over_limit_need_a_reason"
        note(
            "female" if female < 0 <= male else "male",
            fault,
            Severity.CONFIRM if is_over else Severity.ERROR,
            station=code or "?",
            total=station.total,
            limit=limits.station_voters,
            most=limits.absurd_voters,
        )
    return station if code else None
