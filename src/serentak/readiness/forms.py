"""What people enter about readiness: the page of reports, target dates, reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from serentak.platform.sheets import whole
from serentak.platform.web.formats import number
from serentak.platform.web.forms import natural, set_choices
from serentak.platform.web.uploads import CheckedFileField
from serentak.platform.words import word

from .importers import NOTE_LENGTH, Known, ReadRow, fault_params
from .rules.reporting import NOTE_FAULTS, ReportKind, report_fault

PHOTOS: Mapping[str, str] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "application/pdf": "PDF",
}

ANSWERS = {
    "quantity": ReportKind.QUANTITY,
    "same": ReportKind.NO_CHANGE,
    "nil": ReportKind.NOTHING_TO_REPORT,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was entered on one activity; `error` stands at the field that `error_at` names."""

    activity_id: int
    chosen: str = ""
    quantity: str = ""
    note: str = ""
    photo: UploadedFile[Any] | None = None
    error: str = ""
    error_at: str = ""

    @property
    def id(self) -> str:
        """What names the activity's fields."""
        return str(self.activity_id)

    @property
    def kind(self) -> ReportKind | None:
        """The kind of report, None while nothing is chosen."""
        return ANSWERS.get(self.chosen)

    @property
    def total(self) -> int | None:
        """The number that was typed, None if it is none."""
        return whole(self.quantity)


class ReportPage:
    """The page of reports as it was sent: one answer for each activity that may be reported.

    Field names are `<activity>_answer`, `_quantity`, `_note`, `_photo`; `rest` answers all others
    with "no change", except those `alone`. A number that was typed counts as chosen.
    """

    def __init__(
        self,
        known: Sequence[Known],
        *,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        absurd_factor: int,
        most_mb: int,
        alone: Collection[int] = (),
    ) -> None:
        self.alone = frozenset(alone)
        self.known = {item.activity_id: item for item in known}
        self.absurd_factor = absurd_factor
        self.photo_field = CheckedFileField(accepted=PHOTOS, most_mb=most_mb, required=False)
        self.is_bound = data is not None
        self.data = data or {}
        self.files = files or MultiValueDict()
        self.rest = bool(self.data.get("rest"))
        self.answers = {id: self._checked(self._read(id)) for id in self.known}

    @property
    def client_key(self) -> UUID:
        """The key under which the device sends the page; a new one on a fresh page."""
        try:
            return UUID(str(self.data.get("client_key")))
        except ValueError:
            return uuid4()

    @property
    def errors(self) -> list[Answer]:
        """The answers that do not hold."""
        return [answer for answer in self.answers.values() if answer.error]

    def to_send(self) -> list[Answer]:
        """Return the answers to be sent, those that follow the rest included."""
        answers = [
            replace(answer, chosen="same")
            if self.rest and not answer.kind and id not in self.alone
            else answer
            for id, answer in self.answers.items()
        ]
        return [answer for answer in answers if answer.kind]

    def fill(self, rows: Sequence[ReadRow]) -> None:
        """Put rows of the clipboard where one would have typed them."""
        for row in rows:
            self.answers[row.activity_id] = Answer(
                row.activity_id, "quantity", str(row.quantity), row.note
            )

    def refuse(self, field: str | None, text: str) -> None:
        """Show a refusal of the action at the answer that it names."""
        text_of_id, _dot, part = (field or "").partition(".")
        id = natural(text_of_id)
        if id in self.answers:
            self.answers[id] = replace(self.answers[id], error=text, error_at=part)

    def _said(self, name: str) -> str:
        """Return what was typed; a NUL, which no database takes, is left out."""
        return str(self.data.get(name, "")).replace("\x00", "").strip()

    def _read(self, id: int) -> Answer:
        quantity = self._said(f"{id}_quantity")
        chosen = str(self.data.get(f"{id}_answer", ""))
        if not chosen and quantity:
            chosen = "quantity"
        return Answer(
            activity_id=id,
            chosen=chosen if chosen in ANSWERS else "",
            quantity=quantity[:20],
            note=self._said(f"{id}_note"),
            photo=self.files.get(f"{id}_photo"),
        )

    def _checked(self, answer: Answer) -> Answer:
        if not self.is_bound or answer.kind is None:
            return answer
        item = self.known[answer.activity_id]
        if answer.quantity and answer.kind is not ReportKind.QUANTITY:
            text = word(
                "REFUSALS",
                "readiness.total_beside_another_answer",
                {"activity": item.names[0], "text": answer.quantity},
            )
            return replace(answer, error=text, error_at="quantity")
        if len(answer.note) > NOTE_LENGTH:
            text = word(
                "REFUSALS",
                "readiness.note_is_too_long",
                {
                    "activity": item.names[0],
                    "length": number(len(answer.note)),
                    "most": number(NOTE_LENGTH),
                },
            )
            return replace(answer, error=text, error_at="note")
        if answer.quantity and answer.total is None and answer.kind is ReportKind.QUANTITY:
            text = word(
                "REFUSALS",
                "readiness.total_is_no_number",
                {"activity": item.names[0], "text": answer.quantity},
            )
            return replace(answer, error=text, error_at="quantity")
        fault = report_fault(
            answer.kind,
            answer.total,
            answer.note,
            before=item.before,
            target=item.target,
            is_percent=item.is_percent,
            absurd_factor=self.absurd_factor,
        )
        if fault is not None:
            params = fault_params(item, answer.total, self.absurd_factor)
            text = word("REFUSALS", f"readiness.{fault}", params)
            return replace(
                answer, error=text, error_at="note" if fault in NOTE_FAULTS else "quantity"
            )
        try:
            self.photo_field.clean(answer.photo)
        except ValidationError as error:
            return replace(answer, photo=None, error=" ".join(error.messages), error_at="photo")
        return answer


def _day(
    label: Any, help_text: Any = "", *, missing: Any = "", required: bool = True
) -> forms.DateField:
    return forms.DateField(
        required=required,
        label=label,
        error_messages={
            "required": missing,
            "invalid": _("Write the date as year-month-day, for example 2024-11-20."),
        },
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


def _reason(missing: Any = "", **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        error_messages={"required": missing},
        help_text=_("It stands in the history, with your name."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        **kwargs,
    )


class ReasonForm(forms.Form):
    """A reason."""

    reason = _reason(_("Write the reason; it stays in the history."))


class ProposeForm(forms.Form):
    """Another date for a target that no meeting has agreed."""

    target_date = _day(_("Target date"), missing=_("Enter the date that you propose."))
    reason = _reason(required=False)


class MoveForm(forms.Form):
    """Another date for an agreed target."""

    target_date = _day(
        _("New target date"),
        _("The agreed date stays beside it as the baseline."),
        missing=_("Enter the new target date."),
    )
    reason = _reason(_("Write why the target moves."))


class AgreeForm(forms.Form):
    """Which proposed targets a meeting agreed: one of the list, or another by name and date."""

    meeting_id = forms.TypedChoiceField(
        label=_("Meeting"),
        coerce=int,
        empty_value=None,
        help_text=_("A meeting of the list is linked to the targets that it agreed."),
        error_messages={
            "required": _("Choose the meeting, or enter name and date of another one.")
        },
    )
    meeting_name = forms.CharField(
        label=_("Name of the meeting"),
        max_length=200,
        error_messages={
            "required": _(
                "Enter the meeting's name, for example Coordination Meeting on the Election."
            )
        },
    )
    meeting_date = _day(_("Date of the meeting"), missing=_("Enter the date of the meeting."))
    activity_ids = forms.TypedMultipleChoiceField(
        label=_("Targets agreed"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one target that the meeting agreed.")},
    )

    def __init__(
        self,
        *args: Any,
        meetings: Sequence[tuple[str, str]],
        targets: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        other = ("meeting_name", "meeting_date")
        self.names_other = not meetings or any(self.data.get(name) for name in other)
        for name in other:
            self.fields[name].required = self.names_other or not self.is_bound
        self.fields["meeting_id"].required = not self.names_other
        set_choices(self, "meeting_id", [("", _("Choose a meeting")), *meetings])
        set_choices(self, "activity_ids", targets)
        self.has_meetings = bool(meetings)

    def clean(self) -> dict[str, Any]:
        """Refuse two meetings at once."""
        sent = super().clean() or {}
        if self.names_other and sent.get("meeting_id"):
            text = _("Choose a meeting or write name and date of another one, not both.")
            self.add_error("meeting_id", text)
        return sent
