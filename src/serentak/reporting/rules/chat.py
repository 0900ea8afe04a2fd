"""How a desk's short text for its group reads: its own words around pieces of the report."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from serentak.kernel.refused import Fault

LONGEST = 2000
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


class Piece(StrEnum):
    """What the report fills in; who writes a text names it by its Indonesian word in braces."""

    HEADING = "judul"
    MOMENT = "keadaan"
    DESKS = "desk"
    AREAS = "bidang"
    PROBLEMS = "masalah"
    TOMORROW = "besok"
    CORRECTIONS = "ralat"
    SOURCE = "rujukan"


NEEDED = (Piece.HEADING, Piece.AREAS, Piece.CORRECTIONS)
"""What no text may leave out: whose and how true it is, how it stands, what was said wrongly."""

STANDARD = "\n".join(f"{{{piece}}}" for piece in Piece)
"""The text of a desk that keeps none of its own."""


def faults_of(template: str) -> Iterator[Fault]:
    """Yield what a text may not be: too long, without what it needs, with what nobody fills in."""
    if len(template) > LONGEST:
        yield Fault("platform.text_is_too_long", "text", {"most": LONGEST, "length": len(template)})
    named = _PLACEHOLDER.findall(template)
    if unknown := [name for name in named if name not in set(Piece)]:
        yield Fault("reporting.chat_piece_is_unknown", "text", {"names": _in_braces(unknown)})
    if missing := [piece for piece in NEEDED if piece not in named]:
        yield Fault("reporting.chat_piece_is_missing", "text", {"names": _in_braces(missing)})


def _in_braces(names: list[str] | list[Piece]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def fill(template: str, pieces: Mapping[Piece, str]) -> str:
    """Return a text with its pieces; a line that names only empty ones is left out."""
    lines = []
    for line in template.splitlines():
        named = _PLACEHOLDER.findall(line)
        if named and not any(pieces[Piece(name)] for name in named):
            continue
        lines.append(_PLACEHOLDER.sub(lambda found: pieces[Piece(found[1])], line))
    return "\n".join(lines)
