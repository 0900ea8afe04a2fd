"""Sheets of deliveries, sortings and counts in, checked rows and problems by row out."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.sheets import Problem, SheetColumn, SheetRow, number_code, plain, whole

from .queries.catalogues import items
from .rules.items import Item, Race, Track
from .rules.ledger import LONGEST_LOT, MOST_PIECES, Condition
from .rules.needs import What

ITEM = SheetColumn(
    "item",
    _("Item"),
    (
        "barang",
        "nama barang",
        "jenis logistik",
        "jenis barang",
        "logistik",
        "uraian",
        "item",
        "jenis surat suara",
        "surat suara",
    ),
    about=_("Name as in the list of needs."),
    example="Surat suara gubernur",
    is_name=True,
)
RACE = SheetColumn(
    "race",
    _("Race"),
    ("pemilihan", "jenis pemilihan", "race"),
    about=_("Governor, or regent or mayor; only where the item has pieces of both."),
    example="gubernur",
    is_required=False,
)
LOT = SheetColumn(
    "lot",
    _("Lot"),
    ("nomor lot", "batch", "nomor batch", "koli", "lot"),
    about=_("As the supplier marked it; may be empty."),
    example="SS-G-01",
    is_required=False,
)
CONTENT = SheetColumn(
    "content",
    _("Content of a carton"),
    ("isi", "isi per dus", "isi dus", "per dus", "content"),
    about=_("Pieces, where it is not the catalogue's."),
    example="2.000",
    is_required=False,
)
UNIT = SheetColumn(
    "unit",
    _("Unit"),
    ("satuan", "kemasan", "unit"),
    about=_("Where the number counts packs: “dus”, “ikat”; empty is pieces."),
    example="",
    is_required=False,
)
_PACKS_TOO = _("Pieces such as 1.249, or packs such as “12 cartons”.")

COLUMNS = (
    ITEM,
    RACE,
    LOT,
    SheetColumn(
        "quantity",
        _("Quantity"),
        ("jumlah", "banyaknya", "jumlah diterima", "diterima", "volume", "quantity"),
        about=_PACKS_TOO,
        example="12 dus",
        adds_up=True,
    ),
    UNIT,
    CONTENT,
)
"""A sheet of what a supplier delivered."""

SORTED_COLUMNS = (
    ITEM,
    RACE,
    LOT,
    SheetColumn(
        "opened",
        _("Opened"),
        (
            "dibuka",
            "jumlah dibuka",
            "yang dibuka",
            "jumlah disortir",
            "disortir",
            "diterima",
            "jumlah diterima",
            "jumlah",
            "opened",
        ),
        about=_PACKS_TOO,
        example="12 dus",
    ),
    SheetColumn(
        "good",
        pgettext_lazy("pieces", "Good"),
        ("baik", "kondisi baik", "jumlah baik", "layak", "surat suara baik", "good"),
        about=_("What was found good."),
        example="23.950",
        adds_up=True,
    ),
    SheetColumn(
        "damaged",
        pgettext_lazy("pieces", "Damaged"),
        ("rusak", "kondisi rusak", "jumlah rusak", "cacat", "tidak layak", "damaged"),
        about=_("What was found damaged; empty is none."),
        example="38",
        is_required=False,
        adds_up=True,
    ),
    CONTENT,
)
"""A sheet of what sorting found."""

COUNTED_COLUMNS = (
    ITEM,
    RACE,
    LOT,
    SheetColumn(
        "condition",
        _("Condition"),
        ("kondisi", "keadaan", "condition"),
        about=_("Good, damaged or unsorted; empty is good, of ballots unsorted."),
        example="baik",
        is_required=False,
    ),
    SheetColumn(
        "quantity",
        _("Counted"),
        (
            "hasil hitung",
            "hasil penghitungan",
            "jumlah fisik",
            "fisik",
            "stok",
            "stok fisik",
            "jumlah",
            "ada",
            "counted",
        ),
        about=_PACKS_TOO,
        example="24.960",
        adds_up=True,
    ),
    UNIT,
    CONTENT,
)
"""A sheet of what was counted by hand."""

_CONDITIONS: Mapping[str, Condition] = {
    plain(text): condition
    for condition, texts in (
        (Condition.GOOD, ("baik", "bagus", "layak", "good")),
        (Condition.DAMAGED, ("rusak", "cacat", "tidak layak", "damaged")),
        (Condition.UNSORTED, ("belum disortir", "belum sortir", "utuh", "unsorted")),
    )
    for text in texts
}
_NONE = frozenset(map(plain, ("", "-", "nihil", "kosong", "tidak ada", "none")))
"""How people write that there is none."""

_RACES: Mapping[str, Race] = {
    plain(text): race
    for race, texts in (
        (Race.GOVERNOR, ("gubernur", "pilgub", "governor", "pemilihan gubernur")),
        (
            Race.REGENT,
            (
                "bupati", "wali kota", "pilbup", "pilwako", "pilwali", "regent", "mayor",
                "bupati atau wali kota", "regent or mayor", "pemilihan bupati",
                "pemilihan wali kota",
            ),
        ),
    )
    for text in texts
}  # fmt: skip
_CARTONS = frozenset({"dus", "dos", "karton", "koli", "carton", "cartons", "box", "boks"})
_PACKS = frozenset({"ikat", "pak", "pack", "packs", "bundel", "bundle", "bundles", "bungkus"})
_PIECES = frozenset({
    "", "buah", "lembar", "lbr", "botol", "set", "tube", "buku", "pcs", "pc", "unit", "bh",
    "pieces", "sheets", "bottles", "sets", "tubes", "books",
})  # fmt: skip
_TERM = re.compile(r"([0-9][0-9.,\u00a0]*)\s*([^\W\d_]*)\s*[+,;&]?\s*")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a cell says: pieces, and from how many cartons and packs they were counted."""

    pieces: int
    cartons: int = 0
    packs: int = 0


@dataclass(frozen=True, slots=True)
class Delivered:
    """A row that holds, with how its quantity was read."""

    number: int
    what: What
    lot: str
    quantity: Quantity
    carton: int


@dataclass(frozen=True, slots=True)
class SortedRow:
    """What sorting found of a lot."""

    number: int
    what: What
    lot: str
    opened: int
    good: int
    damaged: int


@dataclass(frozen=True, slots=True)
class CountedRow:
    """What was counted of a lot in a condition."""

    number: int
    what: What
    lot: str
    condition: Condition
    quantity: int


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Read(Generic[R]):
    """The rows that hold, and every rule that a row breaks."""

    rows: tuple[R, ...]
    problems: tuple[Problem, ...]


def read_quantity(text: str, *, pack: int, carton: int) -> Quantity | None:
    """Return what `1.249`, `12 dus` or `2 dus 10 ikat 13 lembar` says, None if it says nothing."""
    found = [0, 0, 0]
    at = 0
    shown = text.strip().casefold()
    while at < len(shown):
        term = _TERM.match(shown, at)
        amount = whole(term[1].rstrip(".,")) if term else None
        if term is None or amount is None:
            return None
        for number, words in enumerate((_PIECES, _PACKS, _CARTONS)):
            if term[2] in words:
                found[number] += amount
                break
        else:
            return None
        at = term.end()
    pieces, packs, cartons = found
    return Quantity(pieces + packs * pack + cartons * carton, cartons, packs) if shown else None


def read_deliveries(rows: Sequence[SheetRow], *, races: Collection[Race]) -> Read[Delivered]:
    """Check a sheet's rows for a store that keeps these races; a row with a problem is left out."""

    def read(row: SheetRow, what: What, lot: str, item: Item, faults: list[Problem]) -> Delivered:
        carton = _carton(row, item, faults)
        return Delivered(
            row.number, what, lot, _quantity(row, "quantity", item, carton, faults), carton
        )

    return _read(rows, races, read)


def read_sorted(rows: Sequence[SheetRow], *, races: Collection[Race]) -> Read[SortedRow]:
    """Check a sheet of what sorting found; a row with a problem is left out."""

    def read(row: SheetRow, what: What, lot: str, item: Item, faults: list[Problem]) -> SortedRow:
        if not item.is_sorted:
            faults.append(Problem(row.number, "item", "logistics.item_is_not_sorted"))
        carton = _carton(row, item, faults)
        opened, good = (
            _quantity(row, name, item, carton, faults, least=least).pieces
            for name, least in (("opened", 1), ("good", 0))
        )
        damaged = 0
        if plain(row["damaged"]) not in _NONE:
            damaged = _quantity(row, "damaged", item, carton, faults, least=0).pieces
        return SortedRow(row.number, what, lot, opened, good, damaged)

    return _read(rows, races, read)


def read_counted(rows: Sequence[SheetRow], *, races: Collection[Race]) -> Read[CountedRow]:
    """Check a sheet of what was counted by hand; a row with a problem is left out.

    The same thing twice is a problem: nobody can tell which of the two was counted.
    """
    seen: set[tuple[What, str, Condition]] = set()

    def read(row: SheetRow, what: What, lot: str, item: Item, faults: list[Problem]) -> CountedRow:
        text = plain(row["condition"])
        usual = Condition.UNSORTED if item.is_sorted else Condition.GOOD
        condition = _CONDITIONS.get(text) if text not in _NONE else usual
        if condition is None:
            faults.append(Problem(row.number, "condition", "logistics.condition_is_unknown"))
        carton = _carton(row, item, faults)
        counted = _quantity(row, "quantity", item, carton, faults, least=0).pieces
        if condition and (what, lot, condition) in seen:
            faults.append(Problem(row.number, "item", "logistics.thing_stands_twice"))
        seen.add((what, lot, condition or usual))
        return CountedRow(row.number, what, lot, condition or usual, counted)

    return _read(rows, races, read)


def _read(
    rows: Sequence[SheetRow],
    races: Collection[Race],
    read: Callable[[SheetRow, What, str, Item, list[Problem]], R],
) -> Read[R]:
    by_name = _by_name()
    found: list[R] = []
    problems: list[Problem] = []
    for row in rows:
        faults: list[Problem] = []
        what = _what(row, by_name, races, faults)
        if what:
            item = items().items[what.item]
            one = read(row, what, _lot(row, item, faults), item, faults)
            if not faults:
                found.append(one)
        problems.extend(faults)
    return Read(tuple(found), tuple(problems))


def _by_name() -> Mapping[str, What | Item]:
    """Return every name of an item; with its race where the name says it."""
    found: dict[str, What | Item] = {}
    for key, item in items().items.items():
        for name in (key, *item.name.values(), *item.also):
            found[plain(name)] = item
            for text, race in _RACES.items():
                if race in item.made_for and len(item.made_for) > 1:
                    found[plain(f"{name} {text}")] = What(key, race)
    return found


def _what(
    row: SheetRow,
    by_name: Mapping[str, What | Item],
    races: Collection[Race],
    faults: list[Problem],
) -> What | None:
    said = by_name.get(plain(row["item"])) or _ballots(row)
    if said is None:
        faults.append(Problem(row.number, "item", "logistics.item_is_unknown"))
        return None
    text = plain(row["race"])
    race = _RACES.get(text) if text else None
    if text and race is None:
        faults.append(Problem(row.number, "race", "logistics.race_is_unknown"))
        return None
    if isinstance(said, What):
        item, told = items().items[said.item], said.race
        fits = race in (None, told)
    else:
        item, told = said, race
        if len(item.made_for) == 1 and (race is None or item.is_bound):
            told = item.made_for[0]
        fits = race is None or race in item.made_for
    code = ""
    if not fits:
        code = (
            "logistics.item_is_of_another_race"
            if item.is_bound
            else "logistics.item_serves_every_race"
        )
    elif item.is_bound and told is None:
        code = "logistics.item_needs_its_race"
    elif told and told not in races:
        code = "logistics.race_is_not_held_here"
    if code:
        faults.append(Problem(row.number, "race", code))
        return None
    return What(item.key, told)


def _ballots(row: SheetRow) -> What | None:
    """Return which ballots a row means that calls them by their race alone."""
    race = _RACES.get(plain(row["race"]) or plain(row["item"]))
    if race is None or plain(row["item"]) not in {*_BALLOTS, *_RACES}:
        return None
    found = (i for i in items().items.values() if i.is_ballot and i.made_for == (race,))
    return next((What(item.key, race) for item in found), None)


_BALLOTS = frozenset(map(plain, ("surat suara", "surat suara pilkada", "ballots")))


def _lot(row: SheetRow, item: Item, faults: list[Problem]) -> str:
    lot = " ".join(row["lot"].split())
    if lot and Track.LOT not in item.track:
        faults.append(Problem(row.number, "lot", "logistics.item_comes_in_no_lots"))
    if len(lot) > LONGEST_LOT:
        most = {"most": LONGEST_LOT}
        faults.append(Problem(row.number, "lot", "logistics.lot_is_too_long", most))
    return lot


def _carton(row: SheetRow, item: Item, faults: list[Problem]) -> int:
    """Return the pieces of a carton, as the sheet or else the catalogue says."""
    carton = whole(row["content"]) if row["content"].strip() else item.pack.carton
    if carton is None or not 1 <= carton <= MOST_PIECES:
        faults.append(Problem(row.number, "content", "logistics.content_is_not_read"))
        return item.pack.carton
    return carton


def _quantity(
    row: SheetRow, column: str, item: Item, carton: int, faults: list[Problem], *, least: int = 1
) -> Quantity:
    """Return how many pieces a cell says; a problem is noted and none are returned."""
    text = row[column]
    if row["unit"].strip() and whole(text) is not None:
        text = f"{text.strip()} {row['unit'].strip()}"
    quantity = read_quantity(text, pack=item.pack.pieces, carton=carton)
    if quantity is None:
        code = number_code(text, "logistics.quantity_is_not_read")
        if code == "platform.number_has_words":
            code = "logistics.quantity_is_not_read"
        faults.append(Problem(row.number, column, code))
    elif not least <= quantity.pieces <= MOST_PIECES:
        bounds = {"least": least, "most": MOST_PIECES}
        faults.append(Problem(row.number, column, "logistics.pieces_are_absurd", bounds))
    else:
        return quantity
    return Quantity(0)
