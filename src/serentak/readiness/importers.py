"""Rows of a sheet or of the clipboard in, checked answers and problems by row out; no writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _

from serentak.platform.sheets import Problem, SheetColumn, SheetRow, plain, whole
from serentak.platform.web.formats import number

from .rules.reporting import NOTE_FAULTS, ReportKind, report_fault

COLUMNS = (
    SheetColumn(
        "activity",
        _("Activity"),
        ("kegiatan", "nama kegiatan", "activity", "uraian"),
        about=_("Its name, code or a usual short name."),
        example="Kotak tiba di TPS",
    ),
    SheetColumn(
        "quantity",
        _("Total reached"),
        ("jumlah", "realisasi", "jumlah hari ini", "capaian", "total", "quantity"),
        about=_("Whole number, all in all and not today's part; an empty row is left out."),
        example="221",
    ),
    SheetColumn(
        "note",
        _("Note"),
        ("catatan", "keterangan", "note", "remark"),
        is_required=False,
        about=_("Needed where the total is above the target or below the one before."),
        example="7 desa di Lempuing Jaya",
    ),
)

NOTE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """An activity that may be reported here: its names, the total so far and the target."""

    activity_id: int
    names: tuple[str, ...]
    before: int | None
    target: int
    is_percent: bool


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that holds: the total reached with its note."""

    number: int
    activity_id: int
    quantity: int
    note: str


@dataclass(frozen=True, slots=True)
class ReadReports:
    """The rows that hold, which activity each row was taken for, and every rule that one breaks."""

    rows: tuple[ReadRow, ...]
    meant: Mapping[int, int]
    problems: tuple[Problem, ...]


def read_reports(
    rows: Sequence[SheetRow], *, known: Sequence[Known], absurd_factor: int
) -> ReadReports:
    """Check rows against the activities that may be reported at a place.

    Rows without a total are left out. Of two rows for one activity the first holds.
    """
    names = _by_name(known)
    by_id = {item.activity_id: item for item in known}
    found: list[ReadRow] = []
    meant: dict[int, int] = {}
    first: dict[int, int] = {}
    problems: list[Problem] = []

    def note(row: SheetRow, column: str, code: str, **params: object) -> None:
        problems.append(Problem(row.number, column, f"readiness.{code}", params))

    for row in rows:
        if not row["quantity"].strip():
            continue
        text = row["activity"].strip()
        activity_id = names.get(plain(text))
        if activity_id is None:
            close = get_close_matches(plain(text), names, n=1, cutoff=0.75)
            if close:
                near = by_id[names[close[0]]].names[0]
                note(row, "activity", "row_is_nearly", text=text[:60], near=near)
            else:
                note(row, "activity", "row_is_unknown", text=text[:60])
            continue
        meant[row.number] = activity_id
        if activity_id in first:
            note(row, "activity", "row_is_repeated", first=first[activity_id])
            continue
        first[activity_id] = row.number
        quantity = whole(row["quantity"])
        if quantity is None:
            note(row, "quantity", "row_has_no_number", text=row["quantity"][:40])
            continue
        item = by_id[activity_id]
        words = row["note"].strip()
        if len(words) > NOTE_LENGTH:
            note(
                row,
                "note",
                "note_is_too_long",
                activity=item.names[0],
                length=number(len(words)),
                most=number(NOTE_LENGTH),
            )
            continue
        fault = report_fault(
            ReportKind.QUANTITY,
            quantity,
            words,
            before=item.before,
            target=item.target,
            is_percent=item.is_percent,
            absurd_factor=absurd_factor,
        )
        if fault is not None:
            params = fault_params(item, quantity, absurd_factor)
            note(row, "note" if fault in NOTE_FAULTS else "quantity", fault, **params)
            continue
        found.append(ReadRow(row.number, activity_id, quantity, words))
    return ReadReports(tuple(found), meant, tuple(problems))


def fault_params(item: Known, quantity: int | None, absurd_factor: int) -> dict[str, object]:
    """Return what the sentence about a faulty report needs."""
    return {
        "activity": item.names[0],
        "quantity": number(quantity),
        "before": number(item.before),
        "target": number(item.target),
        "factor": number(absurd_factor),
    }


def pasted(rows: Sequence[Sequence[str]]) -> list[SheetRow]:
    """Return rows of the clipboard, whose cells are activity, total and note in this order."""
    names = [column.name for column in COLUMNS]
    return [
        SheetRow(line, dict(zip(names, cells, strict=False)))
        for line, cells in enumerate(rows, start=1)
    ]


def _by_name(known: Sequence[Known]) -> dict[str, int]:
    """Return the activity that each name means; a name that means several means none."""
    found: dict[str, set[int]] = {}
    for item in known:
        for name in item.names:
            found.setdefault(plain(name), set()).add(item.activity_id)
    return {name: min(ids) for name, ids in found.items() if name and len(ids) == 1}
