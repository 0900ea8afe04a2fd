"""Documents to print and to edit: PDF by Typst from data, the same bytes for the same data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the PDF that a Typst template makes of `data`.

    The template reads `json(bytes(sys.inputs.data))`, so what people wrote is text and never
    markup. It says `#set document(date: none)` and uses the fonts that Typst carries: one document
    has the same bytes on every machine.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    made = typst.compile(
        template, root=template.parent, ignore_system_fonts=True, sys_inputs={"data": text}
    )
    return bytes(made)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return `content` as a file that browsers save under `name` and nobody keeps in between."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
