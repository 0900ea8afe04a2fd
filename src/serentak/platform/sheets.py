"""Sheets that people send: read, columns recognised, problems named by row and column, sent back.

A slice declares its columns and an importer that turns `SheetRow`s into its own rows and
`Problem`s. Nothing here writes to the database.
"""

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Self

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serentak.kernel.refused import Fault, Refused

from .contents import CSV, LOCKED, XLS, XLSX, content_type_of, name_of
from .headings import numbers_columns, recognised
from .headings import plain as plain
from .words import fault_text
from .workbooks import TOO_MUCH, Order

Text = str | Promise

MOST_ROWS = 50_000
MOST_COLUMNS = 100
MOST_CELLS = 1_000_000
"""Rows times columns; a table of five million cells takes half a gigabyte."""
MOST_CHARACTERS = 20_000_000
_MB = 1024 * 1024
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}([.,\s\u00a0][0-9]{3})+")
_WHOLE = re.compile(r"-?[0-9]{1,9}(\.0+)?")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading a sheet may take: memory in megabytes, seconds of the processor and in all."""

    mb: int
    seconds: int
    patience: int
    nice: int = 0
    """How far it stands back behind what somebody waits for."""


AT_ONCE = Bounds(mb=192, seconds=2, patience=10)
"""While somebody waits for the page."""
ROOMY = Bounds(mb=768, seconds=20, patience=300, nice=5)
"""In the worker and on the command line."""


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
    adds_up: bool = False
    """A row of totals holds its sum."""
    is_name: bool = False
    """It only names what the row is of; a row with nothing else says nothing."""

    @property
    def names(self) -> tuple[str, ...]:
        """What its heading may be, in the order in which it is looked for."""
        return (str(self.label), self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """What was sent, as text; `first_row` is the number of the first row as the sender sees it.

    `name` is the sheet's among the workbook's `others`, `invisible` those that it hides; `hidden`
    are the numbers of rows that a filter hides.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    first_row: int = 2
    name: str = ""
    others: Sequence[str] = ()
    invisible: Sequence[str] = ()
    hidden: frozenset[int] = frozenset()


class Aside(Enum):
    """Why a row of a sheet is none of its data."""

    HIDDEN = "hidden"
    NUMBERS = "numbers"
    TOTAL = "total"
    BELOW = "below"
    EMPTY = "empty"


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


def read_sheet(
    content: bytes,
    columns: Sequence[SheetColumn] = (),
    *,
    sheet: str = "",
    bounds: Bounds = ROOMY,
) -> RawSheet:
    """Read an XLSX or CSV file; Refused if it is neither, damaged, empty or too large.

    Of a workbook's sheets, `sheet` is read, without a choice the one whose headings name the most
    of `columns`. It is read in a process of its own, which ends at its bounds.
    """
    kind = content_type_of(io.BytesIO(content))
    if kind not in (XLSX, CSV):
        code = {XLS: "sheet_is_of_an_old_kind", LOCKED: "sheet_has_a_password"}.get(
            kind, "sheet_is_neither_xlsx_nor_csv"
        )
        raise Refused(f"platform.{code}", field="file", found=name_of(kind))
    order = Order(
        rows=MOST_ROWS,
        columns=MOST_COLUMNS,
        cells=MOST_CELLS,
        characters=MOST_CHARACTERS,
        memory=bounds.mb * _MB,
        seconds=bounds.seconds,
        nice=bounds.nice,
        names=[column.names for column in columns],
        sheet=sheet,
    )
    found = _answer(order, content, bounds)
    if "refused" in found:
        raise Refused(f"platform.{found['refused']}", field="file", **found["params"])
    top = found["at"] + found["deep"]
    rows = found["rows"][top:]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise Refused("platform.sheet_is_empty", field="file")
    return RawSheet(
        found["headings"],
        rows,
        first_row=top + 1,
        name=found["sheet"],
        others=found["others"],
        invisible=found["invisible"],
        hidden=frozenset(row + 1 for row in found["hidden"]),
    )


def _answer(order: Order, content: bytes, bounds: Bounds) -> dict[str, Any]:
    """Let a process read the file, one that knows nothing of the house and ends at its bounds."""
    command = [sys.executable, "-I", "-m", "serentak.platform.workbooks"]
    said = json.dumps(asdict(order)).encode() + b"\n"
    try:
        ended = subprocess.run(
            command,
            input=said + content,
            capture_output=True,
            env={},
            timeout=bounds.patience,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise _takes_too_much(bounds) from late
    if ended.returncode < 0 or ended.returncode == TOO_MUCH:
        raise _takes_too_much(bounds)
    if ended.returncode:
        last = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        _log.warning("a sheet made its reader fall: %s", last[:200])
        raise Refused("platform.sheet_is_damaged", field="file")
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _takes_too_much(bounds: Bounds) -> Refused:
    params = {"mb": bounds.mb, "seconds": bounds.seconds}
    return Refused("platform.sheet_takes_too_much", field="file", **params)


_ORNAMENT = re.compile(r"^(?:[\s>*_~•·▪\u2013-]|[0-9]{1,3}[.)]\s)+|[*_~]+(?=\s|$|[:;\t])")
"""What chats put before and around a line: bullets, numbers, stars."""
_LAST_COLON = re.compile(r"\s*[:=]\s*(?=[^:=]*$)")


def pasted_rows(text: str) -> list[list[str]]:
    """Return the cells of each line that was pasted; empty lines are left out.

    A line from a spreadsheet parts at its tabs, one from a text file at semicolons, one from a chat
    ("*Posko*: 17") at its last colon.
    """
    lines = [line for line in text.splitlines() if line.strip()][:MOST_ROWS]
    return [_pasted_cells(line) for line in lines]


def _pasted_cells(line: str) -> list[str]:
    for mark in ("\t", ";"):
        if mark in line:
            cells = line.split(mark)
            break
    else:
        cells = _LAST_COLON.split(line, maxsplit=1)
    return [_ORNAMENT.sub("", cells[0]).strip(), *(cell.strip(" *_~") for cell in cells[1:])]


def by_heading(rows: Sequence[Sequence[str]], columns: Sequence[SheetColumn]) -> list[SheetRow]:
    """Return pasted rows by column: as a heading among them says, else in the columns' order."""
    named: dict[str, int] = {}
    found: list[SheetRow] = []
    for number, cells in enumerate(rows, start=1):
        heading = recognise(cells, columns)
        if len(heading) > 1 and all(c.name in heading for c in columns if c.is_required):
            named = heading
            continue
        mapping = named or {c.name: at for at, c in enumerate(columns)}
        found.append(
            SheetRow(
                number,
                {name: cells[at] if at < len(cells) else "" for name, at in mapping.items()},
            )
        )
    return found


def recognise(headings: Sequence[str], columns: Sequence[SheetColumn]) -> dict[str, int]:
    """Return which heading (by position) holds which column: by label, name or alias."""
    return recognised(headings, {column.name: column.names for column in columns})


def whole(text: str) -> int | None:
    """Return the whole number that a cell shows (1.235 and 1,235 are thousands), else None."""
    shown = text.strip().replace("−", "-")
    if _GROUPED.fullmatch(shown):
        return int(re.sub(r"[.,\s\u00a0]", "", shown))
    return int(float(shown)) if _WHOLE.fullmatch(shown) else None


def number_code(text: str, otherwise: str) -> str:
    """Return the refusal of a cell that is no whole number: what it is, or `otherwise`."""
    shown = text.strip().replace("−", "-").rstrip("%").strip()
    if re.fullmatch(r"-?[0-9]{1,12}[.,][0-9]{1,12}", shown):
        return "platform.number_is_a_fraction"
    if re.fullmatch(r"-?[0-9][0-9.,]*\s+[^\W\d].*|[^\W\d].*\s+[0-9][0-9.,]*", shown):
        return "platform.number_has_words"
    return otherwise


_AROUND = re.compile(r"([*_~]+)(\S(?:.*\S)?)\1", re.DOTALL)
"""A cell in bold, slanted or struck through, as chats write it."""
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
"""Marks that only say how a sign is drawn, or in which direction."""


def unadorned(cell: str) -> str:
    """Return a cell without what chats put around it, and without unseen marks."""
    text = _UNSEEN.sub("", cell)
    found = _AROUND.fullmatch(text.strip())
    return found[2] if found else text


def mapped_rows(
    sheet: RawSheet, mapping: Mapping[str, int], aside: Mapping[int, Aside] | None = None
) -> list[SheetRow]:
    """Return the rows that are not empty and not set `aside`, by column."""
    left_out = aside if aside is not None else {}
    return [
        SheetRow(
            number,
            {name: unadorned(row[at]) if at < len(row) else "" for name, at in mapping.items()},
        )
        for number, row in enumerate(sheet.rows, start=sheet.first_row)
        if any(row) and number not in left_out
    ]


def set_aside(
    sheet: RawSheet, mapping: Mapping[str, int], columns: Sequence[SheetColumn]
) -> dict[int, Aside]:
    """Return which rows are none of the data: see `Aside`."""
    said = {mapping[c.name] for c in columns if not c.is_name and c.name in mapping}
    are_named = any(c.is_name and c.name in mapping for c in columns)
    sums = {mapping[c.name] for c in columns if c.adds_up and c.name in mapping}
    found: dict[int, Aside] = {}
    has_data = False
    for number, row in enumerate(sheet.rows, start=sheet.first_row):
        if number in sheet.hidden:
            found[number] = Aside.HIDDEN
        elif not has_data and numbers_columns(row):
            found[number] = Aside.NUMBERS
        elif sums and _says_total(row, sums):
            found[number] = Aside.TOTAL
        elif any(row):
            has_data = True
            if are_named and not any(row[at] for at in said if at < len(row)):
                found[number] = Aside.EMPTY
    totals = [number for number, why in found.items() if why is Aside.TOTAL]
    if totals:
        above = [
            _filled(row, mapping)
            for number, row in enumerate(sheet.rows, start=sheet.first_row)
            if number < totals[-1] and number not in found and any(row)
        ]
        usual = max(2, min(above, default=0))
        for number, row in enumerate(sheet.rows, start=sheet.first_row):
            holds = any(at < len(row) and whole(row[at]) is not None for at in sums)
            if (
                number > totals[-1]
                and any(row)
                and not (holds or (number not in found and _filled(row, mapping) >= usual))
            ):
                found[number] = Aside.BELOW
    return found


def _filled(row: Sequence[str], mapping: Mapping[str, int]) -> int:
    """Return how many columns a row fills: data below a subtotal as many as above it."""
    return sum(at < len(row) and bool(row[at]) for at in mapping.values())


_TOTAL = re.compile(r"(sub[\s-]?|grand[\s-]?)?(jumlah|total)\b.*", re.IGNORECASE)


def _says_total(row: Sequence[str], sums: set[int]) -> bool:
    first = next((cell for at, cell in enumerate(row) if cell and at not in sums), "")
    return bool(_TOTAL.fullmatch(first)) and any(row[at] for at in sums if at < len(row))


def total_problems(
    sheet: RawSheet,
    mapping: Mapping[str, int],
    columns: Sequence[SheetColumn],
    aside: Mapping[int, Aside],
) -> list[Problem]:
    """Compare each row of totals with the rows above it: with all, or those since the last one."""
    problems: list[Problem] = []
    for column in columns:
        at = mapping.get(column.name)
        if at is None or not column.adds_up:
            continue
        in_all = part = 0
        has_data = False
        for number, row in enumerate(sheet.rows, start=sheet.first_row):
            value = whole(row[at]) if at < len(row) else None
            has_data = has_data or (any(row) and number not in aside)
            if not has_data:
                continue  # a total on top
            if value is None and number not in aside and at < len(row) and row[at]:
                break  # such as “12 dus”: what it adds to the total is not known here
            if value is None or aside.get(number) not in (None, Aside.TOTAL):
                continue
            if number not in aside:
                in_all, part = in_all + value, part + value
            else:
                if value not in (in_all, part):
                    params = {"total": value, "sum": in_all}
                    code = "platform.total_row_differs"
                    problems.append(Problem(number, column.name, code, params))
                part = 0
    return problems


def missing_problems(mapping: Mapping[str, int], columns: Sequence[SheetColumn]) -> list[Problem]:
    """Return a problem of the whole sheet for each required column that no heading holds."""
    return [
        Problem(None, c.name, "platform.column_is_missing", {"column": str(c.label)})
        for c in columns
        if c.is_required and c.name not in mapping
    ]


def twice_problems(
    sheet: RawSheet,
    mapping: Mapping[str, int],
    columns: Sequence[SheetColumn],
    aside: Mapping[int, Aside],
) -> list[Problem]:
    """Return a problem of each row in which two columns of one heading say different things."""
    heads = [plain(heading) for heading in sheet.headings]
    labels = {c.name: str(c.label) for c in columns}
    taken = set(mapping.values())
    found: list[Problem] = []
    for name, at in mapping.items():
        others = [i for i, head in enumerate(heads) if head == heads[at] and i not in taken]
        for number, row in enumerate(sheet.rows, start=sheet.first_row):
            said = {row[i] for i in (at, *others) if i < len(row) and row[i]} if others else ()
            if len(said) > 1 and number not in aside:
                params = {"column": labels.get(name, name)}
                found.append(Problem(number, name, "platform.columns_say_two_things", params))
    return found


def template_workbook(
    title: str, columns: Sequence[SheetColumn], rows: Iterable[Mapping[str, str]] = ()
) -> bytes:
    """Return a sheet with the headings, as text cells, and a sheet that explains them.

    `rows` hold the names that are asked for, by column.
    """
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
        for line, row in enumerate(rows, start=1):
            for index, column in enumerate(columns):
                if value := row.get(column.name):
                    page.write_string(line, index, value, text)
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
