"""A sheet of deliveries in, checked rows and problems by row out; nothing is written here."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from serentak.platform.sheets import Problem, SheetColumn, SheetRow, number_code, plain, whole

from .queries.catalogues import items
from .rules.items import Item, Race, Track
from .rules.ledger import LONGEST_LOT, MOST_PIECES
from .rules.needs import What

COLUMNS = (
    SheetColumn(
        "item",
        _("Item"),
        ("barang", "nama barang", "jenis logistik", "jenis barang", "logistik", "uraian", "item"),
        about=_("Name as in the list of needs."),
        example="Surat suara gubernur",
        is_name=True,
    ),
    SheetColumn(
        "race",
        _("Race"),
        ("pemilihan", "jenis pemilihan", "race"),
        about=_("Governor, or regent or mayor; only where the item has pieces of both."),
        example="gubernur",
        is_required=False,
    ),
    SheetColumn(
        "lot",
        _("Lot"),
        ("nomor lot", "batch", "nomor batch", "koli", "lot"),
        about=_("As the supplier marked it; may be empty."),
        example="SS-G-01",
        is_required=False,
    ),
    SheetColumn(
        "quantity",
        _("Quantity"),
        ("jumlah", "banyaknya", "jumlah diterima", "diterima", "volume", "quantity"),
        about=_("Pieces such as 1.249, or packs such as “12 cartons”."),
        example="12 dus",
    ),
    SheetColumn(
        "content",
        _("Content of a carton"),
        ("isi", "isi per dus", "isi dus", "per dus", "content"),
        about=_("Pieces, where it is not the catalogue's."),
        example="2.000",
        is_required=False,
    ),
)

_RACES: Mapping[str, Race] = {
    **dict.fromkeys(("gubernur", "pilgub", "governor", "pemilihan gubernur"), Race.GOVERNOR),
    **dict.fromkeys(
        (
            "bupati", "wali kota", "walikota", "pilbup", "pilwako", "pilwali", "regent", "mayor",
            "bupati atau wali kota", "regent or mayor", "pemilihan bupati", "pemilihan wali kota",
        ),
        Race.REGENT,
    ),
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

    what: What
    lot: str
    quantity: Quantity
    carton: int


@dataclass(frozen=True, slots=True)
class ReadDeliveries:
    """The rows that hold, and every rule that a row breaks."""

    rows: tuple[Delivered, ...]
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


def read_deliveries(rows: Sequence[SheetRow], *, races: Collection[Race]) -> ReadDeliveries:
    """Check a sheet's rows for a store that keeps these races; a row with a problem is left out."""
    by_name = _by_name()
    found: list[Delivered] = []
    problems: list[Problem] = []
    for row in rows:
        faults: list[Problem] = []
        what = _what(row, by_name, races, faults)
        if what:
            item = items().items[what.item]
            lot = _lot(row, item, faults)
            quantity, carton = _quantity(row, item, faults)
            if not faults and quantity:
                found.append(Delivered(what, lot, quantity, carton))
        problems.extend(faults)
    return ReadDeliveries(tuple(found), tuple(problems))


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
    said = by_name.get(plain(row["item"]))
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


def _lot(row: SheetRow, item: Item, faults: list[Problem]) -> str:
    lot = " ".join(row["lot"].split())
    if lot and Track.LOT not in item.track:
        faults.append(Problem(row.number, "lot", "logistics.item_comes_in_no_lots"))
    if len(lot) > LONGEST_LOT:
        most = {"most": LONGEST_LOT}
        faults.append(Problem(row.number, "lot", "logistics.lot_is_too_long", most))
    return lot


def _quantity(row: SheetRow, item: Item, faults: list[Problem]) -> tuple[Quantity | None, int]:
    carton = whole(row["content"]) if row["content"].strip() else item.pack.carton
    if carton is None or not 1 <= carton <= MOST_PIECES:
        faults.append(Problem(row.number, "content", "logistics.content_is_not_read"))
        return None, 0
    quantity = read_quantity(row["quantity"], pack=item.pack.pieces, carton=carton)
    if quantity is None:
        code = number_code(row["quantity"], "logistics.quantity_is_not_read")
        if code == "platform.number_has_words":
            code = "logistics.quantity_is_not_read"
        faults.append(Problem(row.number, "quantity", code))
    elif not 1 <= quantity.pieces <= MOST_PIECES:
        bounds = {"least": 1, "most": MOST_PIECES}
        faults.append(Problem(row.number, "quantity", "logistics.pieces_are_absurd", bounds))
        quantity = None
    return quantity, carton
