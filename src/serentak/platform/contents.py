"""What a file is by its content, whatever its name says."""

import re
import zipfile
from typing import IO, Any

import filetype
from django.utils.translation import gettext_lazy as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
HTML = "text/html"
XLS = "application/vnd.ms-excel"
CUT = "application/x-cut-off"
"""A packed file without its end: a workbook that did not arrive whole."""
LOCKED = "application/encrypted"
"""A workbook that opens with a password only."""
_HEAD = 8192
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|script|svg|\?xml|!--)", re.I)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MOST_UNPACKED = 300 * 1024 * 1024
"""A workbook that unpacks to more than this is none that a person made."""


def content_type_of(file: IO[Any]) -> str:
    """Return the MIME type that the bytes show, `?` if they show none; the file is rewound."""
    file.seek(0)
    head = bytes(file.read(_HEAD))
    file.seek(0)
    if head.startswith(_COMPOUND):
        found = _compound(bytes(file.read()))
        file.seek(0)
        return found
    if head.startswith(b"PK\x03\x04"):
        found = _packed(file)
        file.seek(0)
        return found
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    if not head or not _is_text(head):
        return "?"
    return HTML if _MARKUP.match(head) else CSV


_NAMES = {
    "?": _("unknown"),
    HTML: _("a web page (HTML)"),
    XLS: "XLS",
    XLSX: "XLSX",
    LOCKED: _("a workbook with a password"),
    CUT: _("an incomplete file"),
    "application/msword": "DOC",
    "text/plain": _("text"),
}


def name_of(mime: str) -> str:
    """Return what people call a type of content."""
    return str(_NAMES.get(mime) or mime.rpartition("/")[2].upper())


def _compound(content: bytes) -> str:
    """Tell what the older offices' container holds, by the names of its parts."""
    names = {
        LOCKED: ("EncryptedPackage",),
        XLS: ("Workbook", "Book"),
        "application/msword": ("WordDocument",),
    }
    for kind, parts in names.items():
        if any(part.encode("utf-16-le") in content for part in parts):
            return kind
    return "?"


def _packed(file: IO[Any]) -> str:
    """Look for the workbook part itself: tools order the parts of the archive as they like."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        return CUT
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names and sum(p.file_size for p in parts) <= _MOST_UNPACKED:
        return XLSX
    return "application/zip"


def _is_text(head: bytes) -> bool:
    if head.startswith(_UTF_16):
        whole = head[: len(head) // 2 * 2]
        text = whole.decode("utf-16", errors="replace")
        return not any(ord(c) < 9 or 13 < ord(c) < 32 for c in text)
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A character cut at the end is no sign of a binary file; text of an older Windows is text.
        is_cut = error.start > len(head) - 4
        return is_cut or not any(byte < 9 or 13 < byte < 32 for byte in head)
    return not any(byte < 9 or 13 < byte < 32 for byte in head)
