"""How far a workbook's first sheet reaches, found before a table of that size is built from it."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FILLED = {"v", "is", "f"}
_PIECE = 1 << 16


@dataclass(slots=True)
class Extent:
    """The last row and column that hold something, and whether formulas hold no stored results.

    Cells that only have a format do not count: whole columns are often formatted.
    """

    rows: int = 0
    columns: int = 0
    uncomputed: bool = False


def extent_of(content: bytes, *, rows: int, columns: int) -> Extent:
    """Read how far the first sheet reaches, and stop as soon as it is beyond `rows` or `columns`.

    Raises ValueError if the parts of the workbook do not hang together or are no XML. A workbook
    that asks for a full calculation on opening was written by a program that stored no results.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            path, is_stale = _first_sheet(archive)
            with archive.open(path) as part:
                return _measured(part, is_stale, rows=rows, columns=columns)
    except (
        zipfile.BadZipFile,
        KeyError,
        NotImplementedError,
        ElementTree.ParseError,
        expat.ExpatError,
    ) as error:
        raise ValueError("no readable workbook") from error


def _first_sheet(archive: zipfile.ZipFile) -> tuple[str, bool]:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 -- expat bounds it
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    sheet = next(book.iter(f"{_MAIN}sheet"), None)
    wanted = sheet.get(_ID) if sheet is not None else None
    target = next((link.get("Target", "") for link in links if link.get("Id") == wanted), "")
    calculation = next(book.iter(f"{_MAIN}calcPr"), None)
    is_stale = calculation is not None and calculation.get("fullCalcOnLoad") in {"1", "true"}
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"), is_stale


def _measured(part: IO[bytes], is_stale: bool, *, rows: int, columns: int) -> Extent:
    found = Extent()
    row = column = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        tag = name.rpartition(":")[2]
        if tag == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif tag == "c":
            if address := _ADDRESS.fullmatch(attributes.get("r", "")):
                row, column = int(address[2]), _column(address[1])
            else:
                column += 1
        elif tag in _FILLED:
            found.rows, found.columns = max(found.rows, row), max(found.columns, column)
            found.uncomputed |= is_stale and tag == "f"

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    while found.rows <= rows and found.columns <= columns:
        piece = part.read(_PIECE)
        parser.Parse(piece, not piece)
        if not piece:
            break
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
