"""Importing a sheet in steps: send it, see how its columns are read, see what is wrong, commit.

Nothing is written before the last step, and then all rows or none. Between the steps the file lies
in the cache of the database, for the one who sent it, for an hour; no node's disk holds anything.
A small sheet is answered at once; a large one is read, checked and taken over by the worker, while
the page says how far it is (ADR 18).
"""

import hashlib
import io
import secrets
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import resolve
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views import View

from serentak.kernel.refused import Fault, OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.platform import clock
from serentak.platform.access import may_open, viewer_of
from serentak.platform.action import action
from serentak.platform.concurrency import one_at_a_time
from serentak.platform.contents import XLSX
from serentak.platform.documents import download
from serentak.platform.queue import enqueue
from serentak.platform.sheets import (
    AT_ONCE,
    ROOMY,
    Aside,
    Bounds,
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
    set_aside,
    template_workbook,
    total_problems,
    twice_problems,
)
from serentak.platform.words import refusal_text

from .forms import UNPROCESSABLE, LineField, natural
from .uploads import SHEETS, CheckedFileField

HELD_SECONDS = 3600
PROBLEMS_SHOWN = 200
EXAMPLES = 3
MOST_ROWS_AT_ONCE = 2_000
"""What is checked and taken over in about a second; longer sheets go to the worker."""
_KB_AT_ONCE = 512
_UNPACKED_KB_AT_ONCE = 8_192
_MOST_ATTEMPTS = 3
_LOOK_AGAIN_SECONDS = 2
JOB = "platform.work_on_sheet"


class UploadForm(forms.Form):
    """The sheet to be imported: a file, or its rows as they were copied."""

    use_required_attribute = False  # the one or the other
    file = CheckedFileField(
        label=_("Sheet, XLSX or CSV"), accepted=SHEETS, most_mb=settings.SERENTAK_SHEET_MB
    )
    pasted = forms.CharField(
        label=_("Or paste its rows here"),
        help_text=_("With the headings, as they are copied from a spreadsheet."),
        widget=forms.Textarea({"rows": 3}),
        max_length=500_000,
        required=False,
        strip=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("pasted", "").strip():
            self.fields["file"].required = False

    @property
    def sent(self) -> tuple[str, bytes]:
        """The name and the content of what was sent; a file comes before what was pasted."""
        file = self.cleaned_data["file"]
        if file is not None:
            return file.name, file.read()
        name = str(_("pasted rows"))
        return f"{name}.csv", self.cleaned_data["pasted"].encode()


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
    aside: Mapping[int, Aside] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        """What stops the import."""
        return [p for p in self.problems if p.severity is Severity.ERROR]

    @property
    def confirms(self) -> list[Problem]:
        """What wants a reason."""
        return [p for p in self.problems if p.severity is Severity.CONFIRM]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A fact of what saving would change, such as how many rows are new."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was saved, in a sentence, and where it is seen."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page shows of a checked sheet: as much as fits, whatever the sheet's length."""

    headings: Sequence[str]
    mapping: Mapping[str, int]
    examples: Mapping[str, Sequence[str]]
    rows: int
    errors: int
    confirms: int
    problems: Sequence[Problem]
    values: Sequence[str]
    """The first problems, and what stands in the sheet where each of them is."""
    sheet: str = ""
    others: Sequence[str] = ()
    invisible: Sequence[str] = ()
    aside: Mapping[str, int] = field(default_factory=dict)
    outlook: Sequence[Outlook] = ()

    @property
    def mark(self) -> str:
        """What is sent back with the order to save, as a sign of what its sender was shown."""
        return mark_of(self.outlook, self.mapping)

    @property
    def hidden_problems(self) -> int:
        """How many are not shown."""
        return self.errors + self.confirms - len(self.problems)


class Step(Enum):
    """How far the worker is."""

    WAITING = "waiting"
    READING = "reading"
    CHECKING = "checking"
    SAVING = "saving"
    READY = "ready"
    TAKEN = "taken"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Work:
    """What the worker is to do with a large sheet, and how far it is."""

    step: Step
    since: datetime
    language: str
    saves: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    attempts: int = 0
    preview: Preview | None = None
    refusal: Sequence[Fault] = ()

    @property
    def is_under_way(self) -> bool:
        """Tell whether the worker has still to do something."""
        return self.step not in (Step.READY, Step.TAKEN, Step.FAILED)


class ImportView(View):
    """The page of one kind of import. A slice sets the attributes and gives two methods.

    `check` names what is wrong, for all rows at once; `commit` calls one action. Both know who asks
    as `self.viewer`, the URL's parts as `self.kwargs` and what was filled in as `self.given`: they
    run in the web process or in the worker, where there is no request.
    Declare access around it: `requires(IMPORT_STATIONS)(StationImport.as_view())`.
    """

    viewer: Viewer
    given: Mapping[str, str]
    title: ClassVar[str | Promise]
    about: ClassVar[str | Promise] = ""
    columns: Sequence[SheetColumn]
    template_name: ClassVar[str] = "platform/import/page.html"

    def check_access(self) -> None:
        """Raise Http404 where the page is not there for the viewer; the route's permission holds.

        Where columns hang on the address, they are set here.

        Asked again when the worker saves what was sent.
        """

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Return the problems of the rows; columns that are required are there."""
        raise NotImplementedError

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Return what saving the rows would change; asked where `check` found no error."""
        return ()

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Write the rows by one action; may raise Refused.

        `reason` is given where `check` asked for a confirmation, else empty.
        """
        raise NotImplementedError

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return the names that the template asks for, by column."""
        return ()

    def context(self) -> Mapping[str, Any]:
        """Return what the page shows beside the steps.

        `extra` names a partial with fields of the slice's own, shown above the last button; the
        slice reads them from `self.given` in `commit`.
        """
        return {}

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Know who asks and what was filled in."""
        super().setup(request, *args, **kwargs)
        self.viewer = viewer_of(request)
        self.given = request.POST.dict()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer those for whom the page is there."""
        self.check_access()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the first step, how far the worker is, or send the template."""
        if "template" in request.GET:
            content = template_workbook(str(self.title), self.columns, self.template_rows())
            return download(content, f"{slugify(str(self.title))}.xlsx", XLSX)
        if token := request.GET.get("sheet", ""):
            return self._looked_at(token)
        return self._page(form=UploadForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take one step."""
        step = self.given.get("step", "")
        if "file" in request.FILES or step == "send":
            return self._send()
        token = self.given.get("token", "")
        held = self._held(token)
        if held is None:
            return self._gone(token)
        if work := self._work(held.token):
            return self._go_on(held, work, step)
        try:
            checked = self._checked(self._sheet_of(held, AT_ONCE))
        except Refused as refused:  # another sheet was chosen, which is empty or too large
            return self._unread(refusal_text(refused))
        match step:
            case "return":
                return self._returned(held, self._returned_sheet(checked))
            case "commit":
                return self._commit(held, checked)
            case _:
                return self._shown(held, self._preview(checked))

    # --- the steps

    def _send(self) -> HttpResponse:
        form = UploadForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self._page(form=form, status=UNPROCESSABLE)
        held = Held(secrets.token_urlsafe(16), *form.sent)
        if not _is_small(held.content):
            return self._handed_on(held)
        try:
            sheet = self._sheet_of(held, AT_ONCE)
        except Refused as refused:
            return self._unread(refusal_text(refused))
        if len(sheet.rows) > MOST_ROWS_AT_ONCE:
            return self._handed_on(held)
        cache.set(self._key(held.token), (held.file_name, held.content), HELD_SECONDS)
        return self._shown(held, self._preview(self._checked(sheet)))

    def _commit(self, held: Held, checked: Checked) -> HttpResponse:
        if shown := self._not_ready(held, self._preview(checked)):
            return shown
        try:
            taken = take_over(view=self, held=held, checked=checked, key=self._key(held.token))
        except Refused as refused:
            checked, text = _with_refusal(checked, refused.faults)
            return self._shown(held, self._preview(checked), refusal=text)
        return self._led_on(taken) if taken else self._gone(held.token)

    def _not_ready(self, held: Held, preview: Preview) -> HttpResponse | None:
        """Return the page where the sheet cannot be saved as it stands, None where it can."""
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            text = " ".join(map(str, form.errors["reason"]))
            return self._shown(held, preview, refusal=text)
        if preview.errors or (preview.confirms and not form.cleaned_data["reason"]):
            return self._shown(held, preview, reason_is_missing=not preview.errors)
        return None

    def _sheet_of(self, held: Held, bounds: Bounds) -> RawSheet:
        """Read the sheet that was chosen, or the one that fits; Refused if it cannot be read."""
        return read_sheet(
            held.content, self.columns, sheet=self.given.get("sheet", ""), bounds=bounds
        )

    def _checked(self, sheet: RawSheet) -> Checked:
        mapping = self._chosen_mapping()
        if mapping is None:
            mapping = recognise(sheet.headings, self.columns)
        mapping = {name: at for name, at in mapping.items() if at < len(sheet.headings)}
        aside = set_aside(sheet, mapping, self.columns)
        rows = mapped_rows(sheet, mapping, aside)
        problems: Sequence[Problem] = missing_problems(mapping, self.columns)
        if not problems:
            problems = [
                *self.check(rows),
                *twice_problems(sheet, mapping, self.columns, aside),
                *total_problems(sheet, mapping, self.columns, aside),
            ]
        return Checked(sheet, mapping, rows, problems, aside)

    def _chosen_mapping(self) -> dict[str, int] | None:
        """Read the columns as the person set them; None where the form had none."""
        sent = {c.name: self.given.get(f"column-{c.name}") for c in self.columns}
        if all(value is None for value in sent.values()) or self._chose_another_sheet():
            return None
        chosen = {name: natural(value or "") for name, value in sent.items()}
        return {name: column for name, column in chosen.items() if column is not None}

    def _chose_another_sheet(self) -> bool:
        """Tell whether the columns that the form holds are those of another sheet."""
        return self.given.get("sheet", "") != self.given.get("sheet_read", "")

    def _preview(self, checked: Checked) -> Preview:
        sheet = checked.sheet
        return Preview(
            headings=sheet.headings,
            mapping=checked.mapping,
            examples={
                c.name: [row[c.name] for row in checked.rows[:EXAMPLES] if row[c.name]]
                for c in self.columns
            },
            rows=len(checked.rows),
            errors=len(checked.errors),
            confirms=len(checked.confirms),
            problems=checked.problems[:PROBLEMS_SHOWN],
            values=[_cell(p, checked) for p in checked.problems[:PROBLEMS_SHOWN]],
            sheet=sheet.name,
            others=sheet.others,
            invisible=sheet.invisible,
            aside=Counter(why.value for why in checked.aside.values()),
            outlook=() if checked.errors else self.outlook(checked.rows),
        )

    def _returned_sheet(self, checked: Checked) -> bytes:
        return returned_workbook(checked.sheet, checked.problems, checked.mapping)

    def _returned(self, held: Held, content: bytes) -> HttpResponse:
        stem = held.file_name.rpartition(".")[0] or held.file_name
        return download(content, f"{slugify(stem) or 'sheet'}-checked.xlsx", XLSX)

    def _led_on(self, taken: Taken) -> HttpResponse:
        messages.success(self.request, taken.text)
        return HttpResponseRedirect(taken.path)

    # --- a large sheet, which the worker reads, checks and takes over

    def _handed_on(self, held: Held, *, saves: bool = False) -> HttpResponse:
        """Give the sheet to the worker and lead to the page that says how far it is."""
        key = self._key(held.token)
        work = Work(
            Step.WAITING,
            clock.now(),
            translation.get_language() or settings.LANGUAGE_CODE,
            saves=saves,
            given={k: v for k, v in self.given.items() if k not in ("csrfmiddlewaretoken", "step")},
        )
        with transaction.atomic():
            cache.set(key, (held.file_name, held.content), HELD_SECONDS)
            cache.set(f"{key}:work", work, HELD_SECONDS)
            enqueue(
                JOB, lock=key, user_id=self.viewer.user_id, path=self.request.path, token=held.token
            )
        return HttpResponseRedirect(f"{self.request.path}?sheet={held.token}")

    def _go_on(self, held: Held, work: Work, step: str) -> HttpResponse:
        """Take the next step with a sheet that the worker has checked."""
        preview = work.preview
        if work.step is not Step.READY or preview is None:
            return HttpResponseRedirect(f"{self.request.path}?sheet={held.token}")
        match step:
            case "return":
                return self._returned(held, cache.get(f"{self._key(held.token)}:returned", b""))
            case "commit":
                shown = self._not_ready(held, preview)
                return shown or self._handed_on(held, saves=True)
            case _:
                return self._handed_on(held)

    def _looked_at(self, token: str) -> HttpResponse:
        """Show how far the worker is, or what it found."""
        work = self._work(token)
        if work is None or work.step is Step.TAKEN:
            return self._gone(token)
        text = refusal_text(Refused.of(*work.refusal)) if work.refusal else ""
        held = self._held(token)
        if work.step is Step.READY and work.preview and held:
            self.given = {**work.given}
            return self._shown(held, work.preview, refusal=text)
        if not work.is_under_way or held is None:
            return self._unread(text)
        response = self._page(work=work, held=held, stages=_stages(work))
        response["Refresh"] = str(_LOOK_AGAIN_SECONDS)
        return response

    @classmethod
    def of_job(cls, path: str, *, viewer: Viewer, given: Mapping[str, str]) -> "ImportView":
        """Return the import at a path as it stands for a viewer; Http404 or OutOfScope if not."""
        if not may_open(viewer, path):
            raise Http404
        match = resolve(path)
        view: ImportView = match.func.view_class()  # type: ignore[attr-defined]  # by as_view
        view.args, view.kwargs = match.args, match.kwargs
        view.viewer, view.given = viewer, given
        view.check_access()
        return view

    # --- what lies between the steps

    def _key(self, token: str) -> str:
        return _key(type(self), self.viewer.user_id, token)

    def _held(self, token: str) -> Held | None:
        found = cache.get(self._key(token)) if token else None
        return Held(token, *found) if found else None

    def _work(self, token: str) -> Work | None:
        found: Work | None = cache.get(f"{self._key(token)}:work")
        return found

    # --- the page

    def _unread(self, text: str) -> HttpResponse:
        """Show the first step again, and why the sheet was not read."""
        form = UploadForm(QueryDict(), MultiValueDict())
        form.errors.clear()
        form.add_error("file", text)
        return self._page(form=form, status=UNPROCESSABLE)

    def _gone(self, token: str) -> HttpResponse:
        """Lead on where a sheet was saved, as often as that is asked; else say that it is gone."""
        taken: Taken | None = cache.get(f"{self._key(token)}:taken")
        if taken:
            return self._led_on(taken)
        return self._page(form=UploadForm(), is_lost=True, status=UNPROCESSABLE)

    def _shown(self, held: Held, preview: Preview, **more: Any) -> HttpResponse:
        fine = not preview.problems and not more.get("refusal")
        return self._page(
            form=UploadForm(),
            held=held,
            checked=preview,
            columns_read=[
                {
                    "column": column,
                    "at": preview.mapping.get(column.name),
                    "examples": preview.examples[column.name],
                }
                for column in self.columns
            ],
            headings=list(enumerate(preview.headings)),
            sheets=[preview.sheet, *preview.others],
            asides=[(ASIDES[Aside(why)], count) for why, count in preview.aside.items()],
            reason=self.given.get("reason", ""),
            problems=list(map(self._problem, preview.problems, preview.values)),
            hidden_problems=preview.hidden_problems,
            status=200 if fine else UNPROCESSABLE,
            **more,
        )

    def _problem(self, problem: Problem, value: str) -> dict[str, Any]:
        labels = {c.name: c.label for c in self.columns}
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


ASIDES: Mapping[Aside, Any] = {
    Aside.HIDDEN: _("hidden by a filter or by hand; show all rows and send it again to have them"),
    Aside.NUMBERS: _("only number the columns"),
    Aside.TOTAL: _("hold totals, which were compared with the rows above them"),
    Aside.EMPTY: _("only name something and hold no figures"),
    Aside.BELOW: _("stand below the totals and hold no figures"),
}
"""Why rows were left out."""


STAGES: Mapping[Step, Any] = {
    Step.WAITING: _("Received; waits for its turn"),
    Step.READING: _("Is read"),
    Step.CHECKING: _("Rows are checked"),
    Step.SAVING: _("Is saved, all rows or none"),
}
"""The work's steps in words, in their order."""


def _stages(work: Work) -> list[dict[str, Any]]:
    """Return the steps of the work, and which are over."""
    steps = [step for step in STAGES if work.saves or step is not Step.SAVING]
    now = steps.index(work.step)
    return [
        {"text": STAGES[step], "is_over": at < now, "is_now": at == now}
        for at, step in enumerate(steps)
    ]


def _is_small(content: bytes) -> bool:
    """Tell whether reading a file takes a moment, by its size and what it says to unpack to."""
    if len(content) > _KB_AT_ONCE * 1024:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(p.file_size for p in archive.infolist()) <= _UNPACKED_KB_AT_ONCE * 1024
    except zipfile.BadZipFile:
        return True


def _cell(problem: Problem, checked: Checked) -> str:
    """Return what stands in the sheet where a problem is."""
    at = checked.mapping.get(problem.column or "")
    if problem.row is None or at is None:
        return ""
    row = checked.sheet.rows[problem.row - checked.sheet.first_row]
    return row[at] if at < len(row) else ""


def _with_refusal(checked: Checked, faults: Sequence[Fault]) -> tuple[Checked, str]:
    """Return the sheet with what the action refused of its rows, and the rest in words."""
    found = [Problem.of(fault) for fault in faults]
    of_rows = [problem for problem in found if problem.row is not None]
    text = " ".join(problem.text for problem in found if problem.row is None)
    return replace(checked, problems=[*checked.problems, *of_rows]), text


def _key(kind: type[ImportView], user_id: int | None, token: str) -> str:
    """Return under which name a sheet lies between the steps, for the one who sent it."""
    return f"sheet:{kind.__name__}:{user_id}:{token[:64]}"


@action
def take_over(*, view: ImportView, held: Held, checked: Checked, key: str) -> Taken | None:
    """Take a sheet over and forget it, in one transaction; None if it was never there.

    What was taken over before is answered with what was said then. Two sheets of a kind are taken
    over one after the other, and the second is refused where what its sender was shown of it
    (`Preview.mark`) does not hold any more.
    """
    one_at_a_time(key)
    if cache.get(key) is None:
        known: Taken | None = cache.get(f"{key}:taken")
        return known
    one_at_a_time(f"sheets of {type(view).__name__}")
    seen = view.given.get("seen")
    if seen is not None and seen != mark_of(view.outlook(checked.rows), checked.mapping):
        raise Refused("platform.changed_since_checked")
    taken = view.commit(checked.rows, held=held, reason=view.given.get("reason", "").strip())
    cache.delete(key)
    cache.set(f"{key}:taken", taken, HELD_SECONDS)
    if work := cache.get(f"{key}:work"):
        cache.set(f"{key}:work", replace(work, step=Step.TAKEN), HELD_SECONDS)
    return taken


def mark_of(outlook: Sequence[Outlook], mapping: Mapping[str, int]) -> str:
    """Return what tells one outlook from another, and by which columns it was read."""
    told = [*sorted(mapping.items()), *((str(fact.label), str(fact.text)) for fact in outlook)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def work_on(*, user_id: int, path: str, token: str) -> None:
    """Read, check or take over a large sheet that somebody sent to the import at `path`.

    A job that is tried again, since its worker was killed, does what is still to be done. Whatever
    ends it is told on the page; what was not taken over in whole is not there.
    """
    viewer: Viewer = import_string(settings.SERENTAK_VIEWER)(user_id=user_id, at=clock.now())
    key = _key(getattr(resolve(path).func, "view_class", ImportView), user_id, token)
    work: Work | None = cache.get(f"{key}:work")
    found = cache.get(key)
    if work is None or found is None or not work.is_under_way:
        return
    job = _Job(key, replace(work, attempts=work.attempts + 1))
    if work.attempts >= _MOST_ATTEMPTS:
        job.say(Step.FAILED, refusal=(Fault("platform.sheet_was_not_worked_on"),))
        return
    with translation.override(work.language):
        try:
            _work_on(job, ImportView.of_job(path, viewer=viewer, given=work.given), token, found)
        except Refused as refused:
            job.say(Step.FAILED, refusal=tuple(refused.faults))
        except (Http404, OutOfScope):
            job.say(Step.FAILED, refusal=(Fault("platform.sheet_may_not_be_sent"),))
        except OperationalError:
            raise  # the database is away: the queue tries again
        except Exception:
            job.say(Step.FAILED, refusal=(Fault("platform.sheet_was_not_worked_on"),))
            raise


class _Job:
    """What the worker says of its work."""

    def __init__(self, key: str, work: Work) -> None:
        self.key, self.work = key, work

    def say(self, step: Step, **more: Any) -> None:
        self.work = replace(self.work, step=step, **more)
        cache.set(f"{self.key}:work", self.work, HELD_SECONDS)


def _work_on(job: _Job, view: ImportView, token: str, found: tuple[str, bytes]) -> None:
    held = Held(token, *found)
    job.say(Step.READING)
    sheet = view._sheet_of(held, ROOMY)
    job.say(Step.CHECKING, rows=len(sheet.rows))
    checked = view._checked(sheet)
    refusal: Sequence[Fault] = ()
    if job.work.saves and not checked.errors:
        job.say(Step.SAVING)
        try:
            take_over(view=view, held=held, checked=checked, key=job.key)
        except Refused as refused:
            checked, _text = _with_refusal(checked, refused.faults)
            refusal = [fault for fault in refused.faults if fault.row is None]
        else:
            return
    if checked.problems:
        cache.set(f"{job.key}:returned", view._returned_sheet(checked), HELD_SECONDS)
    job.say(Step.READY, preview=view._preview(checked), refusal=refusal)
