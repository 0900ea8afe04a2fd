"""A sheet of figures in, figures and problems by row out; nothing is written here."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.platform.sheets import Problem, SheetColumn, SheetRow, plain, whole

from . import rules
from .rules import GivenFigure, Measure

COLUMNS = (
    SheetColumn("place", _("Code of the place"), ("kode", "kode wilayah", "code", "place")),
    SheetColumn("measure", _("What is counted"), ("ukuran", "indikator", "measure")),
    SheetColumn("value", _("Figure"), ("angka", "nilai", "jumlah", "value", "figure")),
    SheetColumn("source", _("Source"), ("sumber", "source")),
    SheetColumn("source_date", _("Date of the source"), ("tanggal", "date", "source date")),
    SheetColumn("scope", _("Scope"), ("cakupan", "scope"), is_required=False),
    SheetColumn(
        "figure_class",
        _("How far it can be trusted"),
        ("kelas", "kelas angka", "class", "figure class"),
        is_required=False,
    ),
    SheetColumn("rounded_to", _("Rounded to"), ("dibulatkan", "rounded"), is_required=False),
)

_CLASSES = {
    "": FigureClass.SOURCED,
    "bersumber": FigureClass.SOURCED,
    "sourced": FigureClass.SOURCED,
    "asumsi": FigureClass.ASSUMED,
    "assumed": FigureClass.ASSUMED,
}
"""What a sheet may hold; synthetic figures come with a demonstration only."""

_MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")
"""What a spreadsheet writes behind a day."""
_DECIMAL = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,6})?")
_CODE = re.compile(r"(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d{4})(\d{3})?)?)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """The figures of the rows that hold, and every rule that a row breaks."""

    given: tuple[GivenFigure, ...]
    problems: tuple[Problem, ...]


def place_in(text: str) -> PlaceCode | None:
    """Return the code in a cell, with or without dots; None if it has another width."""
    match = _CODE.fullmatch(re.sub(r"[.\s-]", "", text))
    return PlaceCode(".".join(filter(None, match.groups()))) if match else None


def read_figures(
    rows: Sequence[SheetRow],
    *,
    measures: Mapping[str, Measure],
    there: Collection[PlaceCode],
    recorded: Collection[tuple[str, str, str, date, str]],
    today: date,
) -> ReadFigures:
    """Check rows against the places that are `there` and the keys of what is `recorded`.

    A measure is written by its code or by its name in either language.
    """
    names = {plain(name): code for code, m in measures.items() for name in (code, *m.name.values())}
    found: list[GivenFigure] = []
    first: dict[tuple[str, str, str, date, str], int] = {}
    problems: list[Problem] = []
    for row in rows:
        own: list[Problem] = []
        figure = _figure(row, names, there, own)
        if figure:
            fault = rules.fault_of(figure, measures.get(figure.measure), today=today)
            if fault:
                own.append(Problem.of(replace(fault, row=row.number)))
            elif figure.key in recorded:
                own.append(Problem(row.number, "source", "a_source_gives_one_figure_on_a_day"))
            elif figure.key in first:
                params = {"first": first[figure.key]}
                own.append(Problem(row.number, "source", "figures.row_repeats", params))
            first.setdefault(figure.key, row.number)
        if figure and not own:
            found.append(figure)
        problems += own
    return ReadFigures(tuple(found), tuple(problems))


def _figure(
    row: SheetRow,
    names: Mapping[str, str],
    there: Collection[PlaceCode],
    problems: list[Problem],
) -> GivenFigure | None:
    """Return what a row states; None, with every reason among the problems, where it cannot."""

    def note(column: str, code: str, **params: object) -> None:
        problems.append(Problem(row.number, column, f"figures.{code}", params))

    place = place_in(row["place"])
    if place is None or place not in there:
        note("place", "place_is_missing", place=row["place"][:20] or "–")
    value = number_of(row["value"])
    if value is None:
        note("value", "value_is_no_number")
    rounded_to = number_of(row["rounded_to"] or "0")
    if rounded_to is None:
        note("rounded_to", "rounding_is_absurd")
    try:
        day, precision = rules.source_date(_MIDNIGHT.sub("", row["source_date"].strip()))
    except ValueError:
        note("source_date", "source_date_is_none", text=row["source_date"][:40])
        day = None
    figure_class = _CLASSES.get(plain(row["figure_class"]))
    if figure_class is None:
        note("figure_class", "class_is_unknown", text=row["figure_class"][:40])
    if place is None or value is None or rounded_to is None or day is None or figure_class is None:
        return None
    return GivenFigure(
        place=place,
        measure=names.get(plain(row["measure"]), row["measure"]),
        value=value,
        source=row["source"].strip(),
        source_date=day,
        precision=precision,
        scope=row["scope"].strip(),
        figure_class=figure_class,
        rounded_to=rounded_to,
    )


def number_of(text: str) -> Decimal | None:
    """Return the number in a cell; 1.235 and 1,235 are thousands, 12,5 and 12.5 a decimal."""
    amount = whole(text)
    if amount is not None:
        return Decimal(amount)
    shown = text.strip().replace("−", "-")
    return Decimal(shown.replace(",", ".")) if _DECIMAL.fullmatch(shown) else None
