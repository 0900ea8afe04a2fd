"""A list of regions in, checked rows and faults by line out."""

import csv
import io
import lzma
from dataclasses import dataclass
from importlib.resources import files

from serentak.kernel.codes import COUNTRY, Level, PlaceCode, level_of, parent_of, parse_code
from serentak.kernel.refused import Fault

from .rules import Kind, kind_and_name

COLUMNS = ["code", "name"]
NAME_LENGTH = 120

_XZ_MAGIC = b"\xfd7zXZ\x00"


@dataclass(frozen=True, slots=True)
class Region:
    """A checked row of the list."""

    code: PlaceCode
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class RegionList:
    """Rows in the order of their codes; nothing may be loaded while there is a fault.

    A fault's `row` is the line of the list, whose heading is 1.
    """

    regions: tuple[Region, ...]
    faults: tuple[Fault, ...]


def shipped_list() -> bytes:
    """Return the list that comes with Serentak, compressed."""
    return (files("serentak.places") / "data" / "regions.csv.xz").read_bytes()


def read_regions(content: bytes) -> RegionList:
    """Check a list of regions: CSV in UTF-8 with the columns `code,name`, also compressed (xz).

    The list holds the whole path of each place, from its province down to villages at most.
    """
    try:
        if content.startswith(_XZ_MAGIC):
            content = lzma.decompress(content)
        text = content.decode("utf-8-sig")
    except (lzma.LZMAError, UnicodeDecodeError):
        return _refused("places.list_is_not_utf8_csv")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        heading = next(reader, [])
        if heading != COLUMNS:
            return _refused(
                "places.list_has_other_columns",
                found=", ".join(heading)[:80],
                expected=", ".join(COLUMNS),
            )
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error:
        return _refused("places.list_is_not_utf8_csv")
    return _checked(rows)


def _refused(code: str, **params: object) -> RegionList:
    return RegionList((), (_fault(1, "", code, **params),))


def _checked(rows: list[tuple[int, list[str]]]) -> RegionList:
    regions: dict[PlaceCode, Region] = {}
    lines: dict[PlaceCode, int] = {}
    faults: list[Fault] = []
    for line, row in rows:
        found = _region(line, row)
        if isinstance(found, Fault):
            faults.append(found)
        elif found.code in regions:
            first = lines[found.code]
            faults.append(
                _fault(line, "code", "places.code_is_listed_twice", place=found.code, first=first)
            )
        else:
            regions[found.code] = found
            lines[found.code] = line
    if not rows:
        faults.append(_fault(1, "", "places.list_is_empty"))
    for code in regions:
        parent = parent_of(code)
        if parent and parent not in regions:
            faults.append(
                _fault(
                    lines[code], "code", "places.parent_is_not_listed", place=code, parent=parent
                )
            )
    faults.sort(key=lambda fault: fault.row or 0)
    return RegionList(tuple(regions[code] for code in sorted(regions)), tuple(faults))


def _fault(line: int, column: str, code: str, **params: object) -> Fault:
    return Fault(code, column, params, line)


def _region(line: int, row: list[str]) -> Region | Fault:
    if len(row) != len(COLUMNS):
        return _fault(line, "", "places.row_has_other_columns", count=len(row))
    text, name = row[0].strip(), row[1].strip()
    try:
        code = parse_code(text)
    except ValueError:
        return _fault(line, "code", "places.code_has_wrong_width", place=text[:20])
    if code == COUNTRY or level_of(code) is Level.STATION:
        return _fault(line, "code", "places.code_has_wrong_width", place=text[:20])
    if not name or "\x00" in name:
        return _fault(line, "name", "places.name_is_empty", place=code)
    if len(name) > NAME_LENGTH:
        return _fault(line, "name", "places.name_is_too_long", limit=NAME_LENGTH)
    found = kind_and_name(code, name)
    if found is None:
        at = "name" if level_of(code) is Level.REGENCY else "code"
        return _fault(line, at, "places.kind_is_unknown", place=code)
    return Region(code, *found)
