"""Which rows of a table are its headings, and which column each of them names."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

BETWEEN = " › "
"""Stands between the parts of a heading that goes over several rows."""
ROWS_BEFORE_DATA = 25
"""So many rows from the top the headings are looked for."""
_MOST_DEEP = 3

Names = Sequence[Collection[str]]
"""For each column that is known: what its heading may be, in the order in which it is tried."""


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a table: from row `at`, `deep` rows of them; how many are `known`."""

    at: int
    deep: int
    texts: Sequence[str]
    known: int


def plain(heading: str) -> str:
    """Reduce a heading to what matters: no case, accents, punctuation or spaces."""
    text = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(c for c in text if c.isalnum())


def recognised(headings: Sequence[str], columns: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Return which heading (by position) holds which column, by the names that each may have.

    A heading over several rows counts by the whole of it, then by its last part, then by its first,
    unless that stands over several columns.
    """
    parts = [heading.split(BETWEEN) for heading in headings]
    tops = [plain(part[0]) for part in parts]
    positions: dict[str, int] = {}
    for known in (
        [plain(heading) for heading in headings],
        [plain(part[-1]) for part in parts],
        [top if tops.count(top) == 1 else "" for top in tops],
    ):
        for position, name in enumerate(known):
            positions.setdefault(name, position)
    found: dict[str, int] = {}
    for column, names in columns.items():
        at = next((positions[n] for n in map(plain, names) if n and n in positions), None)
        if at is not None and at not in found.values():
            found[column] = at
    return found


def headings_in(rows: Sequence[Sequence[str]], names: Names) -> Headings | None:
    """Return the headings of a table, None where no row holds text.

    They are the rows, up to three below each other, that name the most columns; where none is
    known, the row with the most cells of text, so that a title above the table does no harm.
    """
    columns = {str(number): of_one for number, of_one in enumerate(names)}
    best: tuple[tuple[int, int, int, int], Headings] | None = None
    for at, row in enumerate(rows[:ROWS_BEFORE_DATA]):
        texts = sum(1 for cell in row if cell and not is_number(cell))
        if not texts:
            continue
        for deep in range(1, _MOST_DEEP + 1):
            below = rows[at + 1 : at + deep]
            if len(below) < deep - 1 or any(not any(r) or any(map(is_number, r)) for r in below):
                break
            shown = _combined(rows[at : at + deep])
            known = len(recognised(shown, columns))
            rank = (known, -deep, texts, -at)
            if best is None or rank > best[0]:
                best = rank, Headings(at, deep, shown, known)
    return best[1] if best else None


def _combined(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join rows of headings; what stands over several columns is said of each of them."""
    width = max(map(len, rows))
    table = [[*row, *[""] * (width - len(row))] for row in rows]
    for upper, lower in pairwise(table):
        for at in range(1, width):
            if not upper[at] and lower[at] and lower[at - 1]:
                upper[at] = upper[at - 1]
    return [
        BETWEEN.join(dict.fromkeys(filter(None, (row[at] for row in table)))) for at in range(width)
    ]


def numbers_columns(row: Sequence[str]) -> bool:
    """Tell whether a row only numbers the columns: (1) (2) (3), or 1, 2, 3, 4 = 2 + 3."""
    cells = [cell for cell in row if cell]
    numbers = [re.match(r"\(?([0-9]{1,2})\)?\.?\s*(=.*)?\)?$", cell) for cell in cells]
    found = [int(number[1]) for number in numbers if number]
    return (
        len(cells) >= 3
        and len(found) == len(cells)
        and found == list(range(found[0], found[0] + len(found)))
        and found[0] in (0, 1)
    )


def is_number(text: str) -> bool:
    """Tell whether a cell holds digits only, apart from points and commas."""
    return text.replace(".", "").replace(",", "").isdigit()
