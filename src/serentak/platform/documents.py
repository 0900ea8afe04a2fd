"""Documents to print and to edit: PDF by Typst from data, the same bytes for the same data."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import emoji
import segno
import typst
from django.http import HttpResponse

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the PDF that a Typst template makes of `data`.

    The template reads `json(bytes(sys.inputs.data))`, so what people wrote is text and never
    markup. It says `#set document(date: none)` and uses the fonts that Typst carries: one document
    has the same bytes on every machine. Signs that those fonts lack are said in words, in the
    language of `data` (without: Indonesian), and long words break.
    """
    language = str(data.get("language", "id"))
    text = json.dumps(_printable(data, language), ensure_ascii=False, sort_keys=True)
    made = typst.compile(
        template, root=template.parent, ignore_system_fonts=True, sys_inputs={"data": text}
    )
    return bytes(made)


def square(link: str) -> segno.QRCode:
    """Return the code that opens an address when it is scanned from paper or screen."""
    return segno.make(link, error="m", micro=False)


def dots(link: str) -> list[list[int]]:
    """Return the same as rows of 1 (dark) and 0, as templates draw it."""
    return [list(row) for row in square(link).matrix]


_LONG = re.compile(r"\S{31,}")
_PART = 15
_BREAK = "\N{ZERO WIDTH SPACE}"
"""A word longer than the narrowest cell may break after so many letters."""

_LAST_DRAWN = "\u22ff"
"""Up to here, letters, arrows and signs of arithmetic, the fonts have what emoji are among."""


def _printable(value: Any, language: str) -> Any:
    """Return data whose every text can be drawn and fits the paper."""
    match value:
        case str():
            return printable(value, language)
        case Mapping():
            return {key: _printable(found, language) for key, found in value.items()}
        case list() | tuple():
            return [_printable(found, language) for found in value]
    return value


def printable(text: str, language: str = "id") -> str:
    """Return text with its emoji in words, `[peringatan]`, and with breaks in long words."""

    def said(sign: str, _data: Any) -> str:
        if sign[0] <= _LAST_DRAWN and len(sign) == 1:
            return sign
        return f"[{emoji.demojize(sign, delimiters=('', ''), language=language)}]".replace("_", " ")

    def broken(word: re.Match[str]) -> str:
        parts = [word[0][at : at + _PART] for at in range(0, len(word[0]), _PART)]
        return _BREAK.join(parts)

    return _LONG.sub(broken, emoji.replace_emoji(text, said))


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return `content` as a file that browsers save under `name` and nobody keeps in between."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
