"""Rows of a sheet or of the clipboard in, checked rows and problems by row out; no writing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext_lazy as _

from serentak.kernel.text import clean
from serentak.platform.sheets import (
    Problem,
    SheetColumn,
    SheetRow,
    by_heading,
    number_code,
    plain,
    whole,
)
from serentak.readiness.rules.reporting import Reportable, ReportKind, ReportRow, report_faults

COLUMNS = (
    SheetColumn(
        "activity",
        _("Activity"),
        ("kegiatan", "nama kegiatan", "activity", "uraian"),
        about=_("Its name, code or a usual short name."),
        example="Kotak tiba di TPS",
        is_name=True,
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
        about=_("Needed where the total is above the target; of a correction, its reason."),
        example="7 desa di Lempuing Jaya",
    ),
    SheetColumn(
        "kind",
        _("Kind of report"),
        ("jenis", "jenis laporan", "kind", "koreksi"),
        is_required=False,
        about=_(
            "Empty for progress; “koreksi” where the total reported before was wrong, up or down."
        ),
        example="koreksi",
    ),
)
REMARKS = COLUMNS[2:3]
"""What a form asks beside the total; the kind is one of its answers."""
CORRECTION = frozenset(map(plain, ("koreksi", "ralat", "pembetulan", "correction")))
PROGRESS = frozenset(map(plain, ("", "-", "angka baru", "kemajuan", "new figure", "progress")))
"""What may stand in the column of kinds."""


@dataclass(frozen=True, slots=True)
class ReadReports:
    """The rows that hold, which activity each row was taken for, and every rule that one breaks."""

    rows: tuple[ReportRow, ...]
    meant: Mapping[int, int]
    problems: tuple[Problem, ...]


def answer(
    row: SheetRow,
    to: Reportable,
    *,
    kind: ReportKind = ReportKind.QUANTITY,
    photo: Any = None,
    seen: int | None = None,
) -> ReportRow:
    """Return what a row's cells, or a form's fields of these names, say of what may be reported.

    What no database takes is left out.
    """
    written = {c.name: clean(row[c.name]).strip() for c in COLUMNS[1:]}
    return ReportRow(
        activity_id=to.activity_id,
        kind=kind,
        quantity=whole(written["quantity"]),
        note=written["note"],
        district=to.district,
        photo=photo,
        seen=seen,
        number=row.number,
        written=written,
    )


def read_reports(
    rows: Sequence[SheetRow],
    *,
    known: Sequence[Reportable],
    absurd_factor: int,
    answers_all: bool = False,
) -> ReadReports:
    """Check rows against what may be reported at a place.

    Rows without a total are left out; where `answers_all`, they are named. Of two rows for one
    activity the first holds.
    """
    names = _by_name(known)
    found: list[ReportRow] = []
    meant: dict[int, int] = {}
    first: dict[int, int] = {}
    problems: list[Problem] = []

    def note(row: SheetRow, code: str, **params: object) -> None:
        problems.append(Problem(row.number, "activity", f"readiness.{code}", params))

    for row in rows:
        text = row["activity"].strip()
        if not row["quantity"].strip():
            if answers_all:
                note(row, "row_holds_no_total", text=text[:60])
            continue
        to = names.get(plain(text))
        if to is None:
            close = get_close_matches(plain(text), names, n=1, cutoff=0.75)
            if close:
                note(row, "row_is_nearly", text=text[:60], near=names[close[0]].names[0])
            else:
                note(row, "row_is_unknown", text=text[:60])
            continue
        meant[row.number] = to.activity_id
        if to.activity_id in first:
            note(row, "row_is_repeated", first=first[to.activity_id])
            continue
        first[to.activity_id] = row.number
        kind = plain(row["kind"])
        if kind not in CORRECTION | PROGRESS:
            problems.append(
                Problem(row.number, "kind", "readiness.kind_is_unknown", {"text": row["kind"][:60]})
            )
            continue
        is_correction = kind in CORRECTION
        report = answer(
            row, to, kind=ReportKind.CORRECTION if is_correction else ReportKind.QUANTITY
        )
        faults = report_faults(report, to, absurd_factor=absurd_factor)
        for fault in faults:
            problem = Problem.of(fault)
            if fault.code == "readiness.total_is_no_number":
                problem = replace(problem, code=number_code(row["quantity"], fault.code))
            problems.append(problem)
        if not faults:
            found.append(report)
    return ReadReports(tuple(found), meant, tuple(problems))


def pasted(rows: Sequence[Sequence[str]]) -> list[SheetRow]:
    """Return rows of the clipboard: by a heading among them, else activity, total and note."""
    return by_heading(rows, COLUMNS)


def _by_name(known: Sequence[Reportable]) -> dict[str, Reportable]:
    """Return what each name means; a name that means several means none."""
    found: dict[str, dict[int, Reportable]] = {}
    for item in known:
        for name in item.names:
            found.setdefault(plain(name), {})[item.activity_id] = item
    return {
        name: next(iter(items.values()))
        for name, items in found.items()
        if name and len(items) == 1
    }
