"""Which files the public folder holds, and which names may be asked of it."""

import re

from serentak.kernel.codes import PlaceCode

KINDS = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "css": "text/css; charset=utf-8",
}
"""Content types by a file's ending; no other ending is written or served."""

_NAME = re.compile(r"(?:index|data|\d\d(?:\.\d\d(?:\.\d\d)?)?)(?:\.en)?\.html|"
                   r"\d\d(?:\.\d\d(?:\.\d\d)?)?\.(?:json|csv)|public\.css", re.ASCII)  # fmt: skip


def is_public_name(name: str) -> bool:
    """Tell whether a name can be one of the folder's files; no path leads out of the folder."""
    return _NAME.fullmatch(name) is not None


def page_name(place: PlaceCode, language: str) -> str:
    """Return the file of a place's page: `16.07.html`, in English `16.07.en.html`."""
    return f"{place}.html" if language == "id" else f"{place}.{language}.html"


def index_name(language: str) -> str:
    """Return the file of the list of provinces."""
    return "index.html" if language == "id" else f"index.{language}.html"


def data_name(language: str) -> str:
    """Return the file that says what the data mean."""
    return "data.html" if language == "id" else f"data.{language}.html"
