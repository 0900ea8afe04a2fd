"""A sheet of posts in, checked rows and problems by row out; nothing is written here.

The kind may stand in the name ("Polsek Sungai Menang"), and so may the district in which it stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Fault
from serentak.places.public import PlaceCard, folded, lies_near, name_keys
from serentak.platform.sheets import Problem, SheetColumn, SheetRow, number_code, whole

from .rules import KIND_WORDS, Posted, PostKind, bare, counted_twice, post_faults
from .words import KINDS

COLUMNS = (
    SheetColumn(
        "name",
        _("Post"),
        ("nama pos", "pos", "satuan", "nama satuan", "kesatuan", "polsek", "post"),
        about=_("Such as Polsek Sungai Menang."),
        example="Polsek Sungai Menang",
        is_name=True,
    ),
    SheetColumn(
        "kind",
        _("Kind"),
        ("jenis", "jenis pos", "tingkat"),
        is_required=False,
        about=_("May be empty where the name begins with it."),
        example="Polsek",
        is_name=True,
    ),
    SheetColumn(
        "district",
        _("District"),
        ("kecamatan", "nama kecamatan", "kec", "tempat", "kedudukan"),
        is_required=False,
        about=_("Where it stands; empty for the seat of the regency."),
        example="Sungai Menang",
        is_name=True,
    ),
    SheetColumn(
        "serves",
        _("Serves"),
        ("wilayah", "wilayah hukum", "wilkum", "melayani", "kecamatan dilayani"),
        is_required=False,
        about=_("Districts, with commas between; empty: where it stands."),
        example="Sungai Menang, Mesuji",
        is_name=True,
    ),
    SheetColumn(
        "officers",
        _("Officers"),
        ("personel", "jumlah personel", "kekuatan", "jml pers", "jumlah", "anggota"),
        example="24",
        adds_up=True,
    ),
    SheetColumn("shifts", _("Shifts"), ("gilir", "regu", "shift"), is_required=False, example="1"),
    SheetColumn(
        "vehicles",
        _("Vehicles"),
        ("kendaraan", "ranmor", "jumlah kendaraan"),
        is_required=False,
        example="2",
        adds_up=True,
    ),
    SheetColumn(
        "boats",
        _("Boats"),
        ("perahu", "kapal", "jumlah perahu"),
        is_required=False,
        example="1",
        adds_up=True,
    ),
    SheetColumn(
        "phone",
        _("Phone of the office"),
        ("telepon", "telepon kantor", "no telepon", "kontak", "hp"),
        is_required=False,
    ),
    SheetColumn("lat", pgettext_lazy("column", "Latitude"), ("lintang",), is_required=False),
    SheetColumn("lon", pgettext_lazy("column", "Longitude"), ("bujur",), is_required=False),
)

_UNIT = re.compile(r"(?<=[0-9])\s*(?:org|orang|pers|personel|unit|buah|bh)\.?$", re.IGNORECASE)
"""What only says what is counted: “24 org”, “2 unit”."""
_NOTHING = frozenset({"", "-", "–", "—"})


@dataclass(frozen=True, slots=True)
class Read:
    """The posts that hold, and what is wrong with the other rows."""

    posts: tuple[Posted, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The districts of a regency by how they may be called."""

    regency: PlaceCode
    by_name: Mapping[str, PlaceCode]

    @classmethod
    def of(cls, regency: PlaceCard, districts: Iterable[PlaceCard]) -> "Places":
        """Return the index; two of one name are found by nobody."""
        found: dict[str, PlaceCode | None] = {}
        for card in districts:
            for key in name_keys(card.name):
                found[key] = None if found.get(key, card.code) != card.code else card.code
        for key in name_keys(regency.name):
            found.setdefault(key, regency.code)
        return cls(regency.code, {key: code for key, code in found.items() if code})

    def called(self, name: str) -> PlaceCode | None:
        """Return the place of a name, None where there is none."""
        return next((self.by_name[key] for key in name_keys(name) if key in self.by_name), None)


def read_posts(rows: Sequence[SheetRow], there: Places) -> Read:
    """Check a sheet's rows; every row is looked at, whatever is wrong with those before it."""
    found: list[Posted] = []
    problems: list[Problem] = []
    for row in rows:
        faults: list[Problem] = []
        one = _post(row, there, faults)
        if one and not faults:
            faults += [Problem.of(fault) for fault in (*post_faults(one), *_elsewhere(one))]
        if one and not faults:
            found.append(one)
        problems += faults
    keys = ((one, name_key(one.kind, one.name)) for one in found)
    twice = [Problem.of(fault) for fault in counted_twice(keys)]
    return Read(tuple(found), (*problems, *twice))


def name_key(kind: PostKind, name: str) -> str:
    """Return what a post is known by among those of its kind, however its name is written."""
    own = bare(kind, folded(name))
    return next(iter(name_keys(own)), own)


def _elsewhere(one: Posted) -> Iterator[Fault]:
    if fault := point_fault(one):
        yield fault


def point_fault(one: Posted) -> Fault | None:
    """Return what is wrong with where a post lies: elsewhere than in its regency or near it."""
    if one.lat is None or one.lon is None or lies_near(one.regency, one.lat, one.lon):
        return None
    return Fault("posting.point_lies_elsewhere", "lat", {}, one.row)


def _post(row: SheetRow, there: Places, faults: list[Problem]) -> Posted | None:
    name = " ".join(row["name"].split())
    kind = kind_of(row["kind"]) or kind_of(name)
    if kind is None:
        faults.append(Problem(row.number, "kind", "posting.kind_is_unknown"))
    place = _place(row, name, kind, there)
    if place is None:
        faults.append(Problem(row.number, "district", "posting.place_is_unknown"))
    serves = []
    for part in re.split(r"[,;/]", row["serves"]):
        if part.strip() not in _NOTHING:
            code = there.called(part)
            if code is None:
                faults.append(Problem(row.number, "serves", "posting.place_is_unknown"))
            else:
                serves.append(code)
    officers = _number(row, "officers", None, faults)
    shifts = _number(row, "shifts", 1, faults)
    vehicles = _number(row, "vehicles", 0, faults)
    boats = _number(row, "boats", 0, faults)
    lat, lon = (_degrees(row, axis, faults) for axis in ("lat", "lon"))
    if kind is None or place is None or None in (officers, shifts, vehicles, boats):
        return None
    phone = "" if row["phone"].strip() in _NOTHING else row["phone"].strip()
    return Posted(
        place=place,
        kind=kind,
        name=name,
        phone=phone,
        serves=tuple(serves),
        row=row.number,
        officers=officers or 0,
        shifts=shifts or 0,
        vehicles=vehicles or 0,
        boats=boats or 0,
        lat=lat,
        lon=lon,
    )


def kind_of(text: str) -> PostKind | None:
    """Return the kind that a text says or begins with; None where it says none."""
    words = folded(text)
    for kind, said in KINDS.items():
        if words and words == folded(str(said)):
            return kind
    return next(
        (
            kind
            for word, kind in KIND_WORDS.items()
            if words == word or words.startswith(f"{word} ")
        ),
        None,
    )


def _place(row: SheetRow, name: str, kind: PostKind | None, there: Places) -> PlaceCode | None:
    if row["district"].strip() not in _NOTHING:
        return there.called(row["district"])
    known = there.called(bare(kind, folded(name)) if kind else name)
    if known or kind is not PostKind.POLSEK or row["serves"].strip() not in _NOTHING:
        return known or there.regency
    return None  # or it would serve the whole regency


def _number(row: SheetRow, column: str, otherwise: int | None, faults: list[Problem]) -> int | None:
    text = _UNIT.sub("", row[column].strip())
    if text in _NOTHING:
        if otherwise is None:
            faults.append(Problem(row.number, column, "posting.strength_is_missing"))
        return otherwise
    value = whole(text)
    if value is None:
        code = number_code(text, "posting.number_is_not_read")
        faults.append(Problem(row.number, column, code))
    elif value < 0:
        faults.append(Problem(row.number, column, "posting.number_is_below_zero"))
        return None
    return value


def _degrees(row: SheetRow, column: str, faults: list[Problem]) -> float | None:
    text = row[column].strip().replace(",", ".").replace("−", "-")
    if text in _NOTHING:
        return None
    try:
        return float(text)
    except ValueError:
        faults.append(Problem(row.number, column, "posting.point_lies_nowhere"))
        return None
