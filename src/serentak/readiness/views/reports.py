"""The page of reports: all that is due, answered in a minute; from a sheet, to a sheet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import Refused
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.sheets import Problem, SheetColumn, SheetRow, pasted_rows
from serentak.platform.web import exports
from serentak.platform.web.formats import number
from serentak.platform.web.forms import UNPROCESSABLE, natural
from serentak.platform.web.imports import Held, ImportView, Outlook, Taken
from serentak.readiness import actions
from serentak.readiness.forms import ReportPage
from serentak.readiness.importers import reports as importers
from serentak.readiness.importers.reports import ReadReports
from serentak.readiness.permissions import REPORT_PROGRESS
from serentak.readiness.queries.board import thresholds
from serentak.readiness.queries.loading import today_in
from serentak.readiness.queries.owed import Owed, answered, owed, reportable, sent
from serentak.readiness.queries.plan import Planned
from serentak.readiness.rules.reporting import Reportable, ReportKind, ReportRow

from .heads import head


@dataclass(frozen=True, slots=True)
class Line:
    """One activity of the page with what was written on it and what of that does not hold."""

    planned: Planned
    row: ReportRow
    chosen: str
    problems: Sequence[Problem]
    is_last_day: bool
    is_past: bool

    @property
    def id(self) -> str:
        """What names the activity's fields."""
        return str(self.planned.activity_id)

    @property
    def wrong(self) -> frozenset[str | None]:
        """The columns that do not hold."""
        return frozenset(problem.column for problem in self.problems)

    @property
    def remarks(self) -> list[tuple[SheetColumn, str]]:
        """What may be written beside the total, by column."""
        return [(column, self.row.written.get(column.name, "")) for column in importers.REMARKS]

    @property
    def most(self) -> str:
        """The target, where the buttons stop."""
        return str(self.planned.target_quantity)

    @property
    def before(self) -> str:
        """The total so far, empty while unknown."""
        done = self.planned.done_quantity
        return "" if done is None else str(done)

    @property
    def missing(self) -> int:
        """How much is missing to the target."""
        return self.planned.target_quantity - (self.planned.done_quantity or 0)


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A row of the clipboard as it was read; `after` is None where it does not hold."""

    number: int
    name: str
    before: int | None
    after: int | None
    is_correction: bool
    problem: str


@requires(REPORT_PROGRESS)
def report(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what is due and take the page of reports; paste fills it without writing."""
    if request.method != "POST" or level_of(place) > Level.DISTRICT:
        return _shown(request, place)
    if request.POST.get("step") == "paste":
        return _shown(request, place, pasted=request.POST.get("rows", ""))
    # Only what was sent is looked up; all that is owed here is worked out to show a page.
    at = clock.now()
    asked = answered(place, _sent_ids(request))
    today = today_in(place, at=at)
    page = _sent(
        request, (item for item, _ in asked), {i.activity_id for i, d in asked if d < today}
    )
    try:
        receipt = actions.report_progress(
            client_key=page.client_key,
            place=place,
            rows=page.to_send(),
            actor=viewer_of(request),
            at=at,
        )
    except Refused as refused:
        return _shown(request, place, refused=refused)
    messages.success(request, _receipt_words(receipt))
    return redirect("readiness:report", place)


def _sent_ids(request: HttpRequest) -> set[int]:
    """Return the activities on the page that was sent."""
    ids = map(natural, request.POST.get("shown", "").split())
    return {id for id in ids if id is not None}


def _sent(request: HttpRequest, known: Iterable[Reportable], alone: Collection[int]) -> ReportPage:
    return ReportPage(list(known), data=request.POST, files=request.FILES, alone=alone)


def _shown(
    request: HttpRequest, place: PlaceCode, *, pasted: str = "", refused: Refused | None = None
) -> HttpResponse:
    """Show the page: what is due or everything, what was pasted, or what was sent and refused."""
    viewer, at = viewer_of(request), clock.now()
    found = owed(place, viewer=viewer, at=at) if level_of(place) <= Level.DISTRICT else None
    if found is None:
        return render(request, "readiness/report.html", {**head(place), "owed": None})
    shows_finished = "finished" in request.GET
    shows_all = shows_finished or "all" in request.GET
    rows = list(found.finished if shows_finished else found.rows if shows_all else found.due)
    if request.method == "POST":
        ids = _sent_ids(request)
        rows = [row for row in found.known if row.activity_id in ids] or rows
    read = None
    if pasted:
        read = _read(importers.pasted(pasted_rows(pasted)), found, answers_all=True)
    if read:
        more = {row.activity_id for row in read.rows} - {row.activity_id for row in rows}
        rows += [row for row in found.known if row.activity_id in more]
    alone = {row.activity_id for row in rows if row.target_date < found.today}
    page = _sent(request, _known(rows), alone) if refused else ReportPage(_known(rows), alone=alone)
    if refused:
        page.refuse(refused)
    if read:
        page.fill(read.rows)
    history = sent(place, viewer=viewer)
    context = {
        **head(place),
        "owed": found,
        "page": page,
        "lines": [
            Line(
                row,
                page.rows[row.activity_id],
                page.chosen.get(row.activity_id, ""),
                [problem for problem in page.problems if problem.row == row.activity_id],
                is_last_day=row.target_date <= found.today and row.done_share < 1,
                is_past=row.activity_id in page.alone,
            )
            for row in rows
        ],
        "shown": " ".join(str(row.activity_id) for row in rows),
        "others": len({r.activity_id for r in found.rows} - {r.activity_id for r in rows}),
        "shows_finished": shows_finished,
        "follow": len(page.follows),
        "stand_alone": len(alone),
        "shows_all": shows_all,
        "remarks": importers.REMARKS,
        "pasted_text": pasted,
        "pasted": _pasted_lines(read, found) if read else (),
        "sent": history,
        "sent_today": any(today_in(place, at=item.sent_at) == found.today for item in history),
        "photos_are_lost": bool(request.FILES),
    }
    status = UNPROCESSABLE if refused else 200
    return render(request, "readiness/report.html", context, status=status)


def _known(rows: Iterable[Planned]) -> list[Reportable]:
    return [
        reportable(row.activity_id, row.key, row, district=row.place if row.line_id else None)
        for row in rows
    ]


def _read(rows: Sequence[SheetRow], found: Owed, *, answers_all: bool = False) -> ReadReports:
    return importers.read_reports(
        rows,
        known=_known(found.known),
        absurd_factor=thresholds().absurd_factor,
        answers_all=answers_all,
    )


def _pasted_lines(read: ReadReports, found: Owed) -> list[PastedLine]:
    planned = {row.activity_id: row for row in found.known}
    held = {row.number: row for row in read.rows}
    told: dict[int, str] = {}
    for problem in read.problems:
        line = problem.row or 0
        told[line] = f"{told.get(line, '')} {problem.text}".strip()
    lines = []
    for line in sorted({*held, *told}):
        id = read.meant.get(line)
        row = held.get(line)
        lines.append(
            PastedLine(
                number=line,
                name=planned[id].name if id else "",
                before=planned[id].done_quantity if id else None,
                after=row.quantity if row else None,
                is_correction=row is not None and row.kind is ReportKind.CORRECTION,
                problem=told.get(line, ""),
            )
        )
    return lines


def _receipt_words(receipt: actions.Receipt) -> str:
    """Say what was received, without what there was none of."""
    if receipt.repeated:
        text = _("This page was received before: %(count)s reports; nothing was written twice.")
        return text % {"count": number(receipt.count)}
    told = [
        (receipt.quantities, ngettext("%(n)s new figure", "%(n)s new figures", receipt.quantities)),
        (
            receipt.corrections,
            ngettext("%(n)s total corrected", "%(n)s totals corrected", receipt.corrections),
        ),
        (receipt.unchanged, ngettext("%(n)s no change", "%(n)s no change", receipt.unchanged)),
        (
            receipt.nothing,
            ngettext("%(n)s nothing to report", "%(n)s nothing to report", receipt.nothing),
        ),
    ]
    text = ngettext(
        "%(count)s report received: %(kinds)s.",
        "%(count)s reports received: %(kinds)s.",
        receipt.count,
    )
    return text % {
        "count": number(receipt.count),
        "kinds": ", ".join(kind % {"n": number(count)} for count, kind in told if count),
    }


# --- sheets


@requires(REPORT_PROGRESS)
def report_sheet(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Send a workbook with everything that may be reported here, to be filled in and sent back."""
    found = owed(place, viewer=viewer_of(request), at=clock.now())
    if found is None:
        raise Http404
    activity, *blank = importers.COLUMNS
    sheet = exports.Sheet(
        name=f"report-{place}",
        title=_("Progress reports of %(place)s") % {"place": head(place)["card"].full_name},
        headings=[
            str(activity.label),
            _("Unit"),
            pgettext("amount", "Target"),
            _("Target date"),
            _("Reported so far"),
            *(str(column.label) for column in blank),
        ],
        kinds=["text", "text", "number", "day", "number", *("text" for _column in blank)],
        rows=[
            (
                row.name,
                row.unit,
                row.target_quantity,
                row.target_date,
                row.done_quantity,
                *(None for _column in blank),
            )
            for row in found.rows
        ],
        about=[_("Fill in totals and notes, and send the sheet back on the page of reports.")],
    )
    return exports.answer(sheet, "xlsx")


def _total_outlook(row: Planned, quantity: int) -> Outlook:
    before = "–" if row.done_quantity is None else number(row.done_quantity)
    text = _("%(before)s → %(now)s of %(target)s %(unit)s") % {
        "before": before,
        "now": number(quantity),
        "target": number(row.target_quantity),
        "unit": row.unit,
    }
    return Outlook(row.name, text)


class ReportImport(ImportView):
    """Takes a workbook of reports back."""

    title = gettext_lazy("Import progress reports")
    about = gettext_lazy(
        "Totals of activities that you report at this place. Rows without a total are left out; "
        "nothing is written before the last step."
    )
    columns = importers.COLUMNS

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return the activities that may be reported here."""
        return [{"activity": row.name} for row in self._owed().rows]

    def context(self) -> Mapping[str, Any]:
        """Return what the page shows beside the steps."""
        return head(self.kwargs["place"])

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Return the problems of the rows."""
        read = _read(rows, self._owed())
        if not read.rows and not read.problems:
            return [Problem(None, "quantity", "readiness.page_is_empty")]
        return read.problems

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say what each total becomes, so that a point read as thousands is seen."""
        found = self._owed()
        planned = {row.activity_id: row for row in found.rows}
        return [
            _total_outlook(planned[row.activity_id], row.quantity)
            for row in _read(rows, found).rows
            if row.quantity is not None
        ]

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Send all rows as one page; the same sheet on the same day is taken once."""
        place: PlaceCode = self.kwargs["place"]
        found = self._owed()
        receipt = actions.report_progress(
            client_key=uuid5(
                NAMESPACE_OID, f"{held.digest} {place} {self.viewer.user_id} {found.today}"
            ),
            place=place,
            rows=_read(rows, found).rows,
            actor=self.viewer,
            at=clock.now(),
        )
        return Taken(reverse("readiness:report", args=[place]), _receipt_words(receipt))

    def _owed(self) -> Owed:
        found = owed(self.kwargs["place"], viewer=self.viewer, at=clock.now())
        if found is None:
            raise Http404
        return found
