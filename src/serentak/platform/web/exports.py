"""Sheets to take away: XLSX and CSV, safe to open, with what the rows are about."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from serentak.platform import clock
from serentak.platform.contents import XLSX
from serentak.platform.documents import download

from . import formats

_OPENS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_FORMATS = {
    "number": "#,##0.##",
    "percent": "0.0",
    "share": "0.0%",
    "day": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_MOST_CHARACTERS = 32_767
"""What a cell of a workbook can hold."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows with headings; `kinds` are `Kind` values; `about` says what was filtered and noted."""

    name: str
    title: str
    headings: Sequence[str]
    kinds: Sequence[str]
    rows: Iterable[Sequence[Any]]
    about: Sequence[str] = field(default_factory=tuple)


def answer(sheet: Sheet, wanted: str) -> HttpResponse:
    """Return the sheet as a download, `xlsx` or `csv`; anything else is not found."""
    stamp = formats.local(clock.now()).strftime("%Y%m%d-%H%M")
    file = f"{sheet.name}-{stamp}.{wanted}"
    if wanted == "xlsx":
        return download(workbook(sheet), file, XLSX)
    if wanted == "csv":
        # Not streamed: the reader's language holds only until the view returns.
        text = "".join(csv_lines(sheet))
        return download(text.encode(), file, "text/csv; charset=utf-8")
    raise Http404


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """Yield CSV for machines: comma, ISO dates, a byte-order mark for spreadsheets.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    yield "\N{BYTE ORDER MARK}" + _csv_line(sheet.headings)
    for row in sheet.rows:
        yield _csv_line([_plain(value) for value in row])


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_OPENS_A_FORMULA) else text


def workbook(sheet: Sheet) -> bytes:
    """Return an XLSX file: the rows, and a second sheet on where they come from."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        styles = {kind: book.add_format({"num_format": f}) for kind, f in _NUMBER_FORMATS.items()}
        page = book.add_worksheet(_tab(sheet.title))
        page.freeze_panes(1, 1)
        for index, heading in enumerate(sheet.headings):
            page.set_column(index, index, max(10, min(len(heading) + 4, 40)))
            page.write_string(0, index, heading, bold)
        last = 0
        for last, row in enumerate(sheet.rows, start=1):
            for index, value in enumerate(row):
                _write(page, last, index, value, styles.get(sheet.kinds[index]))
        page.autofilter(0, 0, last, max(len(sheet.headings) - 1, 0))
        about = book.add_worksheet(_tab(_("About")))
        about.set_column(0, 0, 100)
        taken = _("Taken on %(at)s") % {"at": formats.moment(clock.now())}
        for index, line in enumerate([sheet.title, taken, *sheet.about]):
            about.write_string(index, 0, line[:_MOST_CHARACTERS], bold if index == 0 else None)
    return out.getvalue()


def _write(page: Any, row: int, column: int, value: Any, style: Any) -> None:
    match value:
        case None | "":
            return
        case bool():
            page.write_boolean(row, column, value)
        case int() | float() | Decimal():
            page.write_number(row, column, value, style)
        case datetime():
            page.write_datetime(row, column, formats.local(value).replace(tzinfo=None), style)
        case date():
            page.write_datetime(row, column, value, style)
        case _:
            page.write_string(row, column, str(value)[:_MOST_CHARACTERS])


def _plain(value: Any) -> Any:
    match value:
        case None:
            return ""
        case bool() | int() | float() | Decimal():
            return value
        case datetime():
            return formats.local(value).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return harmless(str(value))


def _csv_line(values: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _tab(title: str) -> str:
    """Cut and clean a title to what the name of a worksheet may be."""
    clean = "".join(" " if c in "[]:*?/\\'" else c for c in title).strip()
    return clean[:31].strip() or "Sheet"
