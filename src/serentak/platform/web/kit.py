"""A page that shows every part of the kit, for those who build with it; while debugging only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.platform.access import public
from serentak.platform.sheets import Problem, Severity, SheetColumn, SheetRow

from .charts import Curve, CurvePoint, Gantt, GanttRow, Stage, StageTimeline, Tile, TileGrid
from .forms import render_form
from .imports import Held, ImportView, Taken
from .pickers import Option, PickerField, picker_options
from .tables import Choice, Column, Kind, Table
from .uploads import CheckedFileField

VOTE = date(2024, 11, 27)
TODAY = date(2024, 10, 28)
LABELS = (
    "Sortir dan lipat surat suara gubernur dan bupati di gudang KPU",
    "Kontrak perahu",
    "Lantik KPPS",
)


@dataclass(frozen=True, slots=True)
class _Row:
    code: PlaceCode
    name: str
    status: Status
    stations: int | None
    share: float | None
    due: date | None


OPTIONS = (
    Option("16.07.19", "Air Kumbang", "16.07 Banyuasin"),
    Option("16.02.16", "Air Sugihan", "16.02 Ogan Komering Ilir"),
    Option("16.02", "Ogan Komering Ilir", "Kabupaten"),
)


def _found(text: str) -> list[Option]:
    return [option for option in OPTIONS if text.casefold() in option.label.casefold()]


class KitForm(forms.Form):
    """One field of each kind."""

    quantity = forms.IntegerField(label="Jumlah hari ini", min_value=0, max_value=600)
    note = forms.CharField(label="Catatan", required=False, widget=forms.Textarea({"rows": 2}))
    kind = forms.ChoiceField(label="Jenis", choices=[("", "Pilih"), ("A", "Satu"), ("B", "Dua")])
    answer = forms.ChoiceField(
        label="Jawaban",
        choices=[("same", "Tidak berubah"), ("nil", "Nihil")],
        widget=forms.RadioSelect,
        help_text="Nihil: hari ini tidak ada kegiatan.",
    )
    place = PickerField(
        label="Tempat",
        search=_found,
        find=lambda value: next((o for o in OPTIONS if o.value == value), None),
        url_name="platform:kit_options",
        required=False,
    )
    photo = CheckedFileField(
        label="Foto",
        accepted={"image/jpeg": "JPEG", "image/png": "PNG"},
        most_mb=10,
        required=False,
    )
    sure = forms.BooleanField(label="Saya sudah memeriksa angka ini")


@public
def kit(request: HttpRequest) -> HttpResponse:
    """Show the kit; a sent form comes back with its errors."""
    if not settings.DEBUG:
        raise Http404
    table = _table().bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    form = KitForm(request.POST or None, request.FILES or None)
    return render_form(request, "platform/kit.html", form, _context() | {"table": table})


@public
def kit_options(request: HttpRequest) -> HttpResponse:
    """Answer the picker of the kit."""
    if not settings.DEBUG:
        raise Http404
    return picker_options(request, _found)


class KitImport(ImportView):
    """An import that writes nothing."""

    title = "Impor TPS"
    about = "Contoh: nomor TPS dan jumlah pemilih."
    columns = (
        SheetColumn("code", "Kode TPS", ("kode",), about="17 angka", example="16.07.19.2015.001"),
        SheetColumn("voters", "Pemilih", ("dpt", "jumlah pemilih"), example="412"),
        SheetColumn("note", "Catatan", is_required=False),
    )

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Numbers only; more than 600 voters want a reason."""
        found = []
        for row in rows:
            if not row["voters"].isdigit():
                found.append(Problem(row.number, "voters", "kit.not_a_number"))
            elif int(row["voters"]) > 600:
                found.append(Problem(row.number, "voters", "kit.many", severity=Severity.CONFIRM))
        return found

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Say what would have been saved."""
        return Taken(self.request.path, f"{len(rows)} · {held.digest[:8]} · {reason}")

    def check_access(self) -> None:
        """Exist while debugging only."""
        if not settings.DEBUG:
            raise Http404


kit_import = public(KitImport.as_view())


def _context() -> dict[str, Any]:
    return {
        "statuses": list(Status),
        "classes": list(FigureClass),
        "at": datetime(2024, 10, 28, 2, 30, tzinfo=UTC),
        "vote": VOTE,
        "today": TODAY,
        "overdue": date(2024, 6, 27),
        "tiles": _tiles(),
        "gantt": _gantt(12),
        "long_gantt": _gantt(60),
        "stages": _stages(),
        "curve": _curve(),
    }


def _rows() -> list[_Row]:
    names = (
        "Ogan Komering Ulu", "Ogan Komering Ilir", "Muara Enim", "Lahat", "Musi Rawas",
        "Musi Banyuasin", "Banyuasin", "Ogan Komering Ulu Timur", "Ogan Komering Ulu Selatan",
        "Ogan Ilir", "Empat Lawang", "Penukal Abab Lematang Ilir", "Musi Rawas Utara",
    )  # fmt: skip
    statuses = list(Status)
    return [
        _Row(
            PlaceCode(f"16.{number:02}"),
            name,
            statuses[number % 5],
            None if number == 11 else 300 + number * 77,
            None if number == 11 else 0.9 - number / 30,
            TODAY + timedelta(number * 3 - 9),
        )
        for number, name in enumerate(names, start=1)
    ]


def _table() -> Table[_Row]:
    words = [(status.value, status.value) for status in Status]
    return Table(
        name="places",
        title="Kabupaten dan kota",
        columns=[
            Column("name", "Nama", lambda r: r.name, link=lambda r: f"/{r.code}"),
            Column("status", "Status", lambda r: r.status, kind=Kind.STATUS),
            Column("stations", "TPS", lambda r: r.stations, kind=Kind.NUMBER),
            Column("share", "Siap", lambda r: r.share, kind=Kind.SHARE, places=1),
            Column("due", "Target", lambda r: r.due, kind=Kind.DAY),
        ],
        rows=_rows(),
        choices=[
            Choice("status", "Status", words, lambda rows, v: [r for r in rows if r.status == v])
        ],
        page_size=8,
        notes=["Siap: kegiatan selesai dari semua kegiatan yang jatuh tempo. Data sintetis."],
    )


def _tiles() -> TileGrid:
    cells = [
        ("OKU", "Ogan Komering Ulu", 4, 4), ("OKI", "Ogan Komering Ilir", 5, 3),
        ("Muara Enim", "Muara Enim", 3, 4), ("Lahat", "Lahat", 2, 3), ("Mura", "Musi Rawas", 2, 2),
        ("Muba", "Musi Banyuasin", 3, 1), ("Banyu\N{SOFT HYPHEN}asin", "Banyuasin", 4, 1),
        ("OKU T", "Ogan Komering Ulu Timur", 5, 4), ("OKU S", "Ogan Komering Ulu Selatan", 4, 5),
        ("Ogan Ilir", "Ogan Ilir", 4, 3), ("Empat Lawang", "Empat Lawang", 1, 3),
        ("PALI", "Penukal Abab Lematang Ilir", 3, 2),
        ("Mura\N{SOFT HYPHEN}tara", "Musi Rawas Utara", 1, 1),
        ("Palem\N{SOFT HYPHEN}bang", "Palembang", 4, 2), ("Pagar Alam", "Pagar Alam", 2, 4),
        ("Lubuk Linggau", "Lubuk Linggau", 1, 2), ("Prabu\N{SOFT HYPHEN}mulih", "Prabumulih", 3, 3),
    ]  # fmt: skip
    statuses = list(Status)
    tiles = [
        Tile(label, name, statuses[i % 5], f"{60 + i} %", "#", column, row)
        for i, (label, name, column, row) in enumerate(cells)
    ]
    return TileGrid(tiles)


def _gantt(count: int) -> Gantt:
    statuses = list(Status)
    rows = []
    for i in range(count):
        start = date(2024, 10, 20) + timedelta(i * 34 // count)
        end = start + timedelta(3 + i % 5)
        rows.append(
            GanttRow(
                label=LABELS[i % 3],
                start=start,
                end=end,
                target=end - timedelta(i % 3 - 1),
                is_critical=i % 2 == 0,
                done_share=None if i % 4 else 0.4,
                status=statuses[i % 5],
                note=f"target H-{(VOTE - end).days}, 26 Okt",
                link="#",
                group="Logistik" if i < count / 2 else "Badan penyelenggara",
            )
        )
    return Gantt(rows, TODAY, VOTE, "Jalur kritis")


def _stages() -> StageTimeline:
    def stage(label: str, start: tuple[int, int], end: tuple[int, int], **more: Any) -> Stage:
        return Stage(label, date(2024, *start), date(2024, *end), **more)

    return StageTimeline(
        [
            stage("Pencalonan", (8, 27), (9, 22)),
            stage("Kampanye", (9, 25), (11, 23)),
            stage("Masa tenang", (11, 24), (11, 26)),
            stage("Pemungutan suara", (11, 27), (11, 27), is_vote=True),
            stage("Rekap kecamatan", (11, 28), (12, 3)),
            stage("Rekap kabupaten/kota", (11, 29), (12, 6)),
            stage("Rekap provinsi", (11, 30), (12, 9)),
        ],
        TODAY,
        VOTE,
        "Tahapan",
        first=date(2024, 9, 16),
    )


def _curve() -> Curve:
    first = VOTE - timedelta(60)
    target = [CurvePoint(first + timedelta(5 * i), min(100, 8 + 8.2 * i)) for i in range(13)]
    actual = [CurvePoint(first + timedelta(5 * i), 7 + 7.6 * i) for i in range(7)]
    return Curve(
        actual, target, TODAY, VOTE, "Kemajuan kesiapan", "persen pekerjaan selesai, tertimbang"
    )
