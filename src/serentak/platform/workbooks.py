"""Reads one sheet of a file as text, in a process of its own whose memory and time are bounded.

`python -m serentak.platform.workbooks` gets an `Order` as a line of JSON and the file's bytes after
it, and answers with a `Found` or a refusal as JSON. It holds nothing of the house: no settings, no
database, no secrets. Whatever a file says of itself, it takes no more than the order allows.
"""

import contextlib
import csv
import io
import json
import os
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from .headings import ROWS_BEFORE_DATA, Headings, headings_in

TOO_MUCH = 75
"""The exit code of a process whose memory did not suffice."""
_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships|id"
_ROW = re.compile(
    rb"<(?:\w+:)?row(?P<about>\s[^>]*)?(?<!/)>(?P<cells>.*?)</(?:\w+:)?row>", re.DOTALL
)
_NUMBER = re.compile(rb"\sr=[\"']([0-9]{1,9})[\"']")
_HIDDEN = re.compile(rb"\shidden=[\"'](?:1|true)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^>]*)?>")
_ADDRESS = re.compile(rb"\sr=[\"']([A-Z]{1,3})[0-9]{1,7}[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_LONGEST_ROW = 8 << 20
_PIECE = 1 << 20
_MOST_SHEETS = 50
_MOST_IN_CELL = 32_767
"""What a cell of a workbook can hold."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is asked: the limits, what the columns' headings may be, and which sheet if one was
    chosen. `memory` is in bytes, `seconds` are of the processor."""

    rows: int
    columns: int
    cells: int
    characters: int
    memory: int
    seconds: int
    nice: int = 0
    names: Sequence[Sequence[str]] = ()
    sheet: str = ""


@dataclass(frozen=True)
class Found:
    """One table: `rows` from the first one on, `hidden` the rows (from 0) that a filter hides.

    `at` and `deep` say where the headings are; `others` are the workbook's other sheets,
    `invisible` those of all that it hides.
    """

    rows: list[list[str]]
    headings: list[str]
    at: int
    deep: int
    sheet: str = ""
    others: list[str] = field(default_factory=list)
    invisible: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)


class CannotRead(Exception):
    """The file is not read; `code` is a refusal of the platform's."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(slots=True)
class Extent:
    """How far a sheet reaches, which of its filled rows are hidden, whether results are missing.

    Cells that only have a format do not count: whole columns are often formatted.
    """

    rows: int = 0
    columns: int = 0
    uncomputed: bool = False
    hidden: set[int] = field(default_factory=set)


def found_in(content: bytes, order: Order) -> Found:
    """Read the sheet that fits; CannotRead if there is none that may be read."""
    try:
        if content.startswith(b"PK\x03\x04"):
            found = _of_workbook(content, order)
        else:
            found = _of_text(content, order)
    except (CalamineError, csv.Error, zipfile.BadZipFile, expat.ExpatError) as error:
        raise CannotRead("sheet_is_damaged") from error
    except (IndexError, KeyError, NotImplementedError, ValueError) as error:
        raise CannotRead("sheet_is_damaged") from error
    if sum(len(cell) for row in found.rows for cell in row) > order.characters:
        raise CannotRead("sheet_has_too_much_text", most=order.characters)
    return found


# --- workbooks


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    is_visible: bool
    extent: Extent
    rows: list[list[str]]
    headings: Headings | None

    @property
    def rank(self) -> tuple[bool, int]:
        """What people see comes first, of that what fits best; what is hidden is for who asks."""
        return self.is_visible, (self.headings.known if self.headings else -1)


def _of_workbook(content: bytes, order: Order) -> Found:
    extents = _extents(content, order)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    visible = {s.name: s.visible is SheetVisibleEnum.Visible for s in book.sheets_metadata}
    names = [name for name in book.sheet_names if name in extents][:_MOST_SHEETS]
    if order.sheet in names:
        names = [order.sheet]
    too_large = [name for name in names if _is_too_large(extents[name], order)]
    candidates: list[_Candidate] = []
    for name in names:
        if name not in too_large:
            rows = _cells(book.get_sheet_by_name(name))
            headings = headings_in(rows[:ROWS_BEFORE_DATA], order.names)
            candidates.append(_Candidate(name, visible[name], extents[name], rows, headings))
            del rows
            # Only the best one so far is kept whole.
            candidates = [max(candidates, key=lambda c: c.rank)]
    best = candidates[0] if candidates else None
    if too_large and (best is None or best.rank[0] <= 0):
        extent = extents[too_large[0]]
        raise _too_large(extent.rows, extent.columns, order)
    if best is None or best.headings is None:
        raise CannotRead("sheet_is_empty")
    if best.extent.uncomputed:
        raise CannotRead("formulas_are_not_computed")
    return Found(
        best.rows,
        list(best.headings.texts),
        best.headings.at,
        best.headings.deep,
        best.name,
        others=[name for name in book.sheet_names if name != best.name],
        invisible=[name for name in book.sheet_names if not visible[name]],
        hidden=sorted(row - 1 for row in best.extent.hidden),
    )


def _cells(sheet: CalamineSheet) -> list[list[str]]:
    rows = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        # What is merged downwards is said of each row; a title across the table is said once.
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and not row[left]:
                row[left] = rows[top][left]
    return rows


def _text(value: Any) -> str:
    """Write a cell as its sender sees it: whole numbers without a point, dates as ISO.

    A fraction keeps its point and never has three digits after it, which could be thousands.
    """
    match value:
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            shown = f"{value:.10f}".rstrip("0")
            return f"{shown}0" if len(shown.partition(".")[2]) == 3 else shown
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value).strip()


def _extents(content: bytes, order: Order) -> dict[str, Extent]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets, is_stale = _sheets(archive)
        links = _links(archive)
        found: dict[str, Extent] = {}
        for name, link in list(sheets.items())[:_MOST_SHEETS]:
            path = posixpath.normpath(posixpath.join("/xl", links.get(link, ""))).lstrip("/")
            with archive.open(path) as part:
                found[name] = _measured(part, is_stale, order)
        return found


def _parsed(part: IO[bytes], start: Any) -> None:
    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = start
    while True:
        piece = part.read(_PIECE)
        parser.Parse(piece, not piece)
        if not piece:
            break


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Return the link of each sheet, and whether results are to be computed on opening."""
    sheets: dict[str, str] = {}
    stale = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal stale
        tag = name.rpartition("|")[2]
        if tag == "sheet" and len(sheets) < _MOST_SHEETS:
            sheets[attributes.get("name", "")] = attributes.get(_ID, "")
        elif tag == "calcPr":
            stale = attributes.get("fullCalcOnLoad") in {"1", "true"}

    with archive.open("xl/workbook.xml") as part:
        _parsed(part, start)
    return sheets, stale


def _links(archive: zipfile.ZipFile) -> dict[str, str]:
    links: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.endswith("Relationship"):
            links[attributes.get("Id", "")] = attributes.get("Target", "")

    with archive.open("xl/_rels/workbook.xml.rels") as part:
        _parsed(part, start)
    return links


def _measured(part: IO[bytes], is_stale: bool, order: Order) -> Extent:
    """Look at each row's last filled cell; a parser would call us for each of a million cells."""
    found = Extent()
    number = 0
    rest = b""
    while not _is_too_large(found, order):
        piece = part.read(_PIECE)
        rest += piece
        end = 0
        for row in _ROW.finditer(rest):
            end = row.end()
            said = _NUMBER.search(row["about"])
            number = int(said[1]) if said else number + 1
            column = _last_column(row["cells"])
            if not column:
                continue
            found.rows, found.columns = max(found.rows, number), max(found.columns, column)
            found.uncomputed |= is_stale and bool(_FORMULA.search(row["cells"]))
            if _HIDDEN.search(row["about"]):
                found.hidden.add(number)
            if _is_too_large(found, order):
                break
        rest = rest[end:]
        if len(rest) > _LONGEST_ROW:
            raise CannotRead("sheet_has_too_much_text", most=order.characters)
        if not piece:
            break
    return found


def _last_column(cells: bytes) -> int:
    """Return the column of the last cell that holds something, 0 if none does."""
    end = max(cells.rfind(b"</c>"), cells.rfind(b":c>"))
    start = max(cells.rfind(b"<c ", 0, end), cells.rfind(b":c ", 0, end)) if end >= 0 else -1
    if start >= 0 and (address := _ADDRESS.search(cells, start, start + 80)):
        return _column(address[1].decode())
    return len(_CELL.findall(cells, 0, end)) if end >= 0 else 0


def _is_too_large(extent: Extent, order: Order) -> bool:
    return (
        extent.rows > order.rows
        or extent.columns > order.columns
        or extent.rows * extent.columns > order.cells
    )


def _too_large(rows: int, columns: int, order: Order) -> CannotRead:
    return CannotRead(
        "sheet_is_too_large",
        rows=rows,
        columns=columns,
        most_rows=order.rows,
        most_columns=order.columns,
        most_cells=order.cells,
    )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# --- text

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
"""A quoted cell, whose commas and semicolons say nothing about the sheet's delimiter."""
_HEAD = 64 * 1024


def _of_text(content: bytes, order: Order) -> Found:
    text = _decoded(content)
    head = "\n".join(text[:_HEAD].splitlines()[:ROWS_BEFORE_DATA])
    bare = _QUOTED.sub("", head)
    lines = [line for line in bare.splitlines() if line.strip()]
    # A tab stands in no text that people type: rows copied from a spreadsheet hold one each.
    is_tabbed = bool(lines) and sum("\t" in line for line in lines) * 2 > len(lines)
    delimiter = "\t" if is_tabbed else max(",;\t", key=bare.count)
    csv.field_size_limit(_MOST_IN_CELL)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True):
            cells = [cell.strip() for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            rows.append(cells)
            if len(rows) > order.rows + ROWS_BEFORE_DATA or len(cells) > order.columns:
                raise _too_large(len(rows), max(map(len, rows)), order)
    except csv.Error as error:
        if "field larger" in str(error):
            raise CannotRead("cell_is_too_long", row=len(rows) + 1, most=_MOST_IN_CELL) from error
        raise
    headings = headings_in(rows[:ROWS_BEFORE_DATA], order.names)
    if headings is None:
        raise CannotRead("sheet_is_empty")
    return Found(rows, list(headings.texts), headings.at, headings.deep)


def _decoded(content: bytes) -> str:
    """Read text as UTF-8, as UTF-16 with its mark, else as an older Windows wrote it."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode(encoding)
    return content.decode("cp1252", errors="replace")


# --- the process


def answer_to(order: Order, content: bytes) -> Mapping[str, Any]:
    """Return what is answered: the table, or the refusal and what it names."""
    try:
        return asdict(found_in(content, order))
    except CannotRead as refused:
        return {"refused": refused.code, "params": refused.params}


def main() -> int:
    """Read the order and the file, bound this process, answer."""
    order = Order(**json.loads(sys.stdin.buffer.readline()))
    os.nice(order.nice)
    resource.setrlimit(resource.RLIMIT_AS, (order.memory, order.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (order.seconds, order.seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = answer_to(order, sys.stdin.buffer.read())
        json.dump(answer, sys.stdout, ensure_ascii=True)
        sys.stdout.flush()
    except MemoryError:
        return TOO_MUCH
    return 0


if __name__ == "__main__":
    sys.exit(main())
