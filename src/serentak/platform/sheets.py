"""Sheets that people send: read, columns recognised, problems named by row and column, sent back.

A slice declares its columns and an importer that turns `SheetRow`s into its own rows and
`Problem`s. Nothing here writes to the database.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, Self

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from serentak.kernel.refused import Fault, Refused

from .contents import CSV, XLSX, content_type_of
from .words import fault_text
from .workbooks import extent_of

Text = str | Promise

MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CELLS = 1_000_000
"""Rows times columns; a table of five million cells takes half a gigabyte."""
_ROWS_BEFORE_HEADINGS = 15
_GROUPED = re.compile(r"-?[0-9]{1,3}([.,\s\u00a0][0-9]{3})+")
_WHOLE = re.compile(r"-?[0-9]{1,9}(\.0+)?")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column that an import knows: `name` in code, `label` as its heading, and other headings.

    `about` says what belongs in it, `example` shows it; both stand in the template.
    """

    name: str
    label: Text
    aliases: tuple[str, ...] = ()
    is_required: bool = True
    about: Text = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """What was sent, as text; `first_row` is the number of the first row as the sender sees it."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    first_row: int = 2


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row by the names of the columns; absent columns and empty cells are empty text."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


class Severity(Enum):
    """Whether a problem stops the import, or wants a reason from a person."""

    ERROR = "error"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that a row breaks; `code` is worded like a refusal. Row None: the whole sheet."""

    row: int | None
    column: str | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """Return the problem that a fault is."""
        return cls(fault.row, fault.field, fault.code, fault.params)

    @property
    def text(self) -> str:
        """The rule in the reader's language."""
        return fault_text(Fault(self.code, self.column, self.params))


def read_sheet(content: bytes) -> RawSheet:
    """Read an XLSX or CSV file; Refused if it is neither, damaged, empty or too large.

    The row of headings is the one of the first few in which the most cells hold text, so that a
    title above the table does no harm.
    """
    kind = content_type_of(io.BytesIO(content))
    if kind == XLSX:
        table = _workbook_rows(content)
    elif kind == CSV:
        table = _csv_rows(content)
    else:
        raise Refused("platform.sheet_is_neither_xlsx_nor_csv", field="file", found=kind)
    return _with_headings(table)


def pasted_rows(text: str) -> list[list[str]]:
    """Return the cells of rows copied from a spreadsheet; empty rows are left out."""
    lines = [line for line in text.splitlines() if line.strip()][:MOST_ROWS]
    return [[cell.strip() for cell in re.split(r"\t|;", line)] for line in lines]


def recognise(headings: Sequence[str], columns: Sequence[SheetColumn]) -> dict[str, int]:
    """Return which heading (by position) holds which column: by label, name or alias."""
    positions: dict[str, int] = {}
    for position, heading in enumerate(headings):
        positions.setdefault(plain(heading), position)
    found: dict[str, int] = {}
    for column in columns:
        names = (str(column.label), column.name, *column.aliases)
        at = next((positions[plain(n)] for n in names if plain(n) in positions), None)
        if at is not None and at not in found.values():
            found[column.name] = at
    return found


def plain(heading: str) -> str:
    """Reduce a heading to what matters: no case, accents, punctuation or spaces."""
    text = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(c for c in text if c.isalnum())


def whole(text: str) -> int | None:
    """Return the whole number that a cell shows (1.235 and 1,235 are thousands), else None."""
    shown = text.strip().replace("−", "-")
    if _GROUPED.fullmatch(shown):
        return int(re.sub(r"[.,\s\u00a0]", "", shown))
    return int(float(shown)) if _WHOLE.fullmatch(shown) else None


def mapped_rows(sheet: RawSheet, mapping: Mapping[str, int]) -> list[SheetRow]:
    """Return the rows that are not empty, by column."""
    return [
        SheetRow(
            number,
            {name: row[at] if at < len(row) else "" for name, at in mapping.items()},
        )
        for number, row in enumerate(sheet.rows, start=sheet.first_row)
        if any(row)
    ]


def missing_problems(mapping: Mapping[str, int], columns: Sequence[SheetColumn]) -> list[Problem]:
    """Return a problem of the whole sheet for each required column that no heading holds."""
    return [
        Problem(None, c.name, "platform.column_is_missing", {"column": str(c.label)})
        for c in columns
        if c.is_required and c.name not in mapping
    ]


def template_workbook(title: str, columns: Sequence[SheetColumn]) -> bytes:
    """Return an empty sheet with the headings, as text cells, and a sheet that explains them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(_("Data"))
        page.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            page.set_column(index, index, max(14, len(str(column.label)) + 4), text)
            page.write_string(0, index, str(column.label), bold)
        about = book.add_worksheet(_("Guide"))
        about.set_column(0, 3, 28, wrapped)
        about.write_string(0, 0, title, bold)
        for index, heading in enumerate((_("Column"), _("Required"), _("Content"), _("Example"))):
            about.write_string(2, index, heading, bold)
        for line, column in enumerate(columns, start=3):
            required = _("yes") if column.is_required else _("no")
            values = (str(column.label), required, str(column.about), column.example)
            for index, value in enumerate(values):
                about.write_string(line, index, value, wrapped)
    return out.getvalue()


def returned_workbook(
    sheet: RawSheet, problems: Iterable[Problem], mapping: Mapping[str, int]
) -> bytes:
    """Return the same sheet with a column that says what is wrong, and the cells marked."""
    by_row: dict[int | None, list[Problem]] = {}
    for problem in problems:
        by_row.setdefault(problem.row, []).append(problem)
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        wrong = book.add_format({"bg_color": "#fbe4e2", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        page = book.add_worksheet(_("Data"))
        page.freeze_panes(1, 0)
        last = len(sheet.headings)
        page.set_column(0, last - 1, 16)
        page.set_column(last, last, 70)
        for index, heading in enumerate([*sheet.headings, _("What is wrong")]):
            page.write_string(0, index, heading, bold)
        for line, (number, row) in enumerate(enumerate(sheet.rows, start=sheet.first_row), start=1):
            found = by_row.get(number, [])
            marked = {mapping[p.column] for p in found if p.column and p.column in mapping}
            for index, value in enumerate(row[:last]):
                if value or index in marked:
                    page.write_string(line, index, value, wrong if index in marked else text)
            if found:
                page.write_string(line, last, " · ".join(p.text for p in found))
    return out.getvalue()


def _workbook_rows(content: bytes) -> list[list[str]]:
    try:
        extent = extent_of(content, rows=MOST_ROWS, columns=MOST_COLUMNS)
        if (
            extent.rows > MOST_ROWS
            or extent.columns > MOST_COLUMNS
            or extent.rows * extent.columns > MOST_CELLS
        ):
            raise _too_many(extent.rows, extent.columns)
        if extent.uncomputed:
            raise Refused("platform.formulas_are_not_computed", field="file")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        page = book.get_sheet_by_index(0)
    except (CalamineError, IndexError, ValueError) as error:
        raise Refused("platform.sheet_is_damaged", field="file") from error
    return [[_cell_text(value) for value in row] for row in page.to_python(skip_empty_area=False)]


_QUOTED = re.compile(r'"(?:[^"]|"")*"')
"""A quoted cell, whose commas and semicolons say nothing about the sheet's delimiter."""


def _csv_rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    head = "\n".join(text.splitlines()[:_ROWS_BEFORE_HEADINGS])
    delimiter = max(",;\t", key=_QUOTED.sub("", head).count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True):
            rows.append([cell.strip() for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS + _ROWS_BEFORE_HEADINGS:
                raise _too_many(len(rows), max(map(len, rows)))
    except csv.Error as error:
        raise Refused("platform.sheet_is_damaged", field="file") from error
    return rows


def _too_many(rows: int, columns: int) -> Refused:
    return Refused(
        "platform.sheet_is_too_large",
        field="file",
        rows=rows,
        columns=columns,
        most_rows=MOST_ROWS,
        most_columns=MOST_COLUMNS,
        most_cells=MOST_CELLS,
    )


def _with_headings(table: list[list[str]]) -> RawSheet:
    head = table[:_ROWS_BEFORE_HEADINGS]
    filled = [sum(1 for cell in row if cell and not _is_number(cell)) for row in head]
    if not filled or max(filled) == 0:
        raise Refused("platform.sheet_is_empty", field="file")
    at = filled.index(max(filled))
    rows = table[at + 1 :]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise Refused("platform.sheet_is_empty", field="file")
    return RawSheet(table[at], rows, first_row=at + 2)


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").isdigit()


def _cell_text(value: Any) -> str:
    """Write a cell as its sender sees it: whole numbers without a point, dates as ISO."""
    match value:
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value).strip()
