"""Importing a sheet in steps: send it, see how its columns are read, see what is wrong, commit.

Nothing is written before the last step, and then all rows or none. Between the steps the file lies
in the cache of the database, for the one who sent it, for an hour; no node's disk holds anything.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views import View

from serentak.kernel.refused import Refused
from serentak.platform.contents import XLSX
from serentak.platform.documents import download
from serentak.platform.sheets import (
    Problem,
    RawSheet,
    Severity,
    SheetColumn,
    SheetRow,
    mapped_rows,
    missing_problems,
    read_sheet,
    recognise,
    returned_workbook,
    template_workbook,
)
from serentak.platform.words import refusal_text

from .forms import UNPROCESSABLE, LineField, natural
from .uploads import SHEETS, CheckedFileField

HELD_SECONDS = 3600
PROBLEMS_SHOWN = 200
EXAMPLES = 3


class UploadForm(forms.Form):
    """The sheet to be imported."""

    file = CheckedFileField(
        label=_("Sheet, XLSX or CSV"), accepted=SHEETS, most_mb=settings.SERENTAK_SHEET_MB
    )


class ReasonForm(forms.Form):
    """Why rows that break a soft rule are right."""

    reason = LineField(label=_("Reason"), max_length=500, required=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A sheet between two steps."""

    token: str
    file_name: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the file: what an action records, and knows a repeat by."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet after its dry run."""

    sheet: RawSheet
    mapping: Mapping[str, int]
    rows: Sequence[SheetRow]
    problems: Sequence[Problem]

    @property
    def errors(self) -> list[Problem]:
        """What stops the import."""
        return [p for p in self.problems if p.severity is Severity.ERROR]

    @property
    def confirms(self) -> list[Problem]:
        """What wants a reason."""
        return [p for p in self.problems if p.severity is Severity.CONFIRM]


class ImportView(View):
    """The page of one kind of import. A slice sets the attributes and gives two methods.

    `check` names what is wrong, for all rows at once; `commit` calls one action and returns the
    path to go to. Both see the request as `self.request` and the URL's parts as `self.kwargs`.
    Declare access around it: `requires(IMPORT_STATIONS)(StationImport.as_view())`.
    """

    title: ClassVar[str | Promise]
    about: ClassVar[str | Promise] = ""
    columns: ClassVar[Sequence[SheetColumn]]
    template_name: ClassVar[str] = "platform/import/page.html"

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Return the problems of the rows; columns that are required are there."""
        raise NotImplementedError

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> str:
        """Write the rows by one action and return the path to show next; may raise Refused.

        `reason` is given where `check` asked for a confirmation, else empty.
        """
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        """Return what the page shows beside the steps.

        `extra` names a partial with fields of the slice's own, shown above the last button; the
        slice reads them from the request in `commit`.
        """
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the first step, or send the template."""
        if "template" in request.GET:
            content = template_workbook(str(self.title), self.columns)
            return download(content, f"{slugify(str(self.title))}.xlsx", XLSX)
        return self._page(form=UploadForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take one step."""
        if "file" in request.FILES or request.POST.get("step") == "send":
            return self._send()
        held = self._held(request.POST.get("token", ""))
        if held is None:
            form = UploadForm()
            return self._page(form=form, is_lost=True, status=UNPROCESSABLE)
        checked = self._checked(held, self._chosen_mapping())
        match request.POST.get("step"):
            case "return":
                content = returned_workbook(checked.sheet, checked.problems, checked.mapping)
                stem = held.file_name.rpartition(".")[0] or held.file_name
                return download(content, f"{slugify(stem) or 'sheet'}-checked.xlsx", XLSX)
            case "commit":
                return self._commit(held, checked)
            case _:
                return self._shown(held, checked)

    # --- the steps

    def _send(self) -> HttpResponse:
        form = UploadForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._page(form=form, status=UNPROCESSABLE)
        file = form.cleaned_data["file"]
        held = Held(secrets.token_urlsafe(16), file.name, file.read())
        try:
            checked = self._checked(held, None)
        except Refused as refused:
            form.add_error("file", refusal_text(refused))
            return self._page(form=form, status=UNPROCESSABLE)
        cache.set(self._key(held.token), (held.file_name, held.content), HELD_SECONDS)
        return self._shown(held, checked)

    def _commit(self, held: Held, checked: Checked) -> HttpResponse:
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            text = " ".join(map(str, form.errors["reason"]))
            return self._shown(held, checked, refusal=text)
        reason = form.cleaned_data["reason"]
        if checked.errors or (checked.confirms and not reason):
            return self._shown(held, checked, reason_is_missing=not checked.errors)
        try:
            path = self.commit(checked.rows, held=held, reason=reason)
        except Refused as refused:
            found = [Problem.of(fault) for fault in refused.faults]
            of_rows = [problem for problem in found if problem.row is not None]
            text = " ".join(problem.text for problem in found if problem.row is None)
            checked = replace(checked, problems=[*checked.problems, *of_rows])
            return self._shown(held, checked, refusal=text)
        cache.delete(self._key(held.token))
        return HttpResponseRedirect(path)

    def _checked(self, held: Held, mapping: Mapping[str, int] | None) -> Checked:
        sheet = read_sheet(held.content)
        width = len(sheet.headings)
        if mapping is None:
            mapping = recognise(sheet.headings, self.columns)
        mapping = {name: at for name, at in mapping.items() if at < width}
        rows = mapped_rows(sheet, mapping)
        problems: Sequence[Problem] = missing_problems(mapping, self.columns)
        if not problems:
            problems = self.check(rows)
        return Checked(sheet, mapping, rows, problems)

    def _chosen_mapping(self) -> dict[str, int] | None:
        """Read the columns as the person set them; None where the form had none."""
        sent = {c.name: self.request.POST.get(f"column-{c.name}") for c in self.columns}
        if all(value is None for value in sent.values()):
            return None
        chosen = {name: natural(value or "") for name, value in sent.items()}
        return {name: column for name, column in chosen.items() if column is not None}

    # --- what lies between the steps

    def _key(self, token: str) -> str:
        return f"sheet:{type(self).__name__}:{self.request.user.pk}:{token[:64]}"

    def _held(self, token: str) -> Held | None:
        found = cache.get(self._key(token)) if token else None
        return Held(token, *found) if found else None

    # --- the page

    def _shown(self, held: Held, checked: Checked, **more: Any) -> HttpResponse:
        fine = not checked.problems and not more.get("refusal")
        return self._page(
            form=UploadForm(),
            held=held,
            checked=checked,
            columns_read=self._columns_read(checked),
            headings=list(enumerate(checked.sheet.headings)),
            reason=self.request.POST.get("reason", ""),
            problems=[self._problem(p, checked) for p in checked.problems[:PROBLEMS_SHOWN]],
            hidden_problems=max(len(checked.problems) - PROBLEMS_SHOWN, 0),
            status=200 if fine else UNPROCESSABLE,
            **more,
        )

    def _columns_read(self, checked: Checked) -> list[dict[str, Any]]:
        shown = []
        for column in self.columns:
            at = checked.mapping.get(column.name)
            examples = [row[column.name] for row in checked.rows[:EXAMPLES] if row[column.name]]
            shown.append({"column": column, "at": at, "examples": examples})
        return shown

    def _problem(self, problem: Problem, checked: Checked) -> dict[str, Any]:
        labels = {c.name: c.label for c in self.columns}
        value = ""
        at = checked.mapping.get(problem.column or "")
        if problem.row is not None and at is not None:
            row = checked.sheet.rows[problem.row - checked.sheet.first_row]
            value = row[at] if at < len(row) else ""
        label = labels.get(problem.column or "", problem.column or "")
        return {"problem": problem, "label": label, "value": value}

    def _page(self, *, status: int = 200, **values: Any) -> HttpResponse:
        context = {
            "title": self.title,
            "about": self.about,
            "columns": self.columns,
            **self.context(),
            **values,
        }
        return render(self.request, self.template_name, context, status=status)
