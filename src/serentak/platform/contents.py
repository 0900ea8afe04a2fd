"""What a file is by its content, whatever its name says."""

import zipfile
from typing import IO, Any

import filetype

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
_HEAD = 8192
_MOST_UNPACKED = 300 * 1024 * 1024
"""A workbook that unpacks to more than this is none that a person made."""


def content_type_of(file: IO[Any]) -> str:
    """Return the MIME type that the bytes show, `?` if they show none; the file is rewound."""
    file.seek(0)
    head = bytes(file.read(_HEAD))
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        found = XLSX if _is_workbook(file) else "application/zip"
        file.seek(0)
        return found
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    return CSV if head and _is_text(head) else "?"


def _is_workbook(file: IO[Any]) -> bool:
    """Look for the workbook part itself: tools order the parts of the archive as they like."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        return False
    names = {part.filename for part in parts}
    return "xl/workbook.xml" in names and sum(p.file_size for p in parts) <= _MOST_UNPACKED


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A character cut at the end is no sign of a binary file; text of an older Windows is text.
        is_cut = error.start > len(head) - 4
        return is_cut or not any(byte < 9 or 13 < byte < 32 for byte in head)
    return not any(byte < 9 or 13 < byte < 32 for byte in head)
