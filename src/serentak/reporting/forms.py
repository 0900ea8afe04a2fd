"""What people enter about a daily report: words, a signature, a correction, a reason, a receipt."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serentak.kernel.status import Status
from serentak.platform.sheets import whole
from serentak.platform.web.forms import LineField, VersionedForm, radio_field
from serentak.platform.web.vocabulary import STATUS_WORD

from .rules import chat
from .rules.correcting import What
from .words import USED, section_title


class OwnWordsForm(forms.Form):
    """Words of one's own in `text`; `is_reset` brings the house's back, whatever stands there."""

    def __init__(self, *args: Any, is_reset: bool = False, **kwargs: Any) -> None:
        """Take no words where the house's are brought back."""
        super().__init__(*args, **kwargs)
        self.is_reset = is_reset
        self.fields["text"].required = not is_reset

    def clean_text(self) -> str:
        """Return the words, none where the house's are brought back."""
        return "" if self.is_reset else str(self.cleaned_data["text"])


class EditForm(OwnWordsForm):
    """A person's words for one sentence; `seen_at` tells which words they saw."""

    text = forms.CharField(label=_("Sentence"), widget=forms.Textarea({"rows": 3}), max_length=5000)
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen_at(self) -> datetime | None:
        """Return the moment, None for the draft's words."""
        text = self.cleaned_data["seen_at"]
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError:
            raise forms.ValidationError(_("Reload the page and write again.")) from None


class AddForm(forms.Form):
    """A sentence of one's own in one of the sections that may be added to."""

    text = forms.CharField(
        label=_("Sentence"),
        widget=forms.Textarea({"rows": 2}),
        max_length=5000,
        help_text=_("It stands in your name, since nothing in the house stands behind it."),
    )

    def __init__(self, sections: Iterable[str], *args: Any, **kwargs: Any) -> None:
        """Offer the sections."""
        super().__init__(*args, **kwargs)
        offered = [(section, section_title(section)) for section in sections]
        self.fields["section"] = forms.ChoiceField(label=_("Section"), choices=offered)
        self.order_fields(("section", "text"))


class ChatForm(OwnWordsForm, VersionedForm):
    """How the desk's short text for its group reads; the pieces stand in braces."""

    text = forms.CharField(
        label=_("Your text"), widget=forms.Textarea({"rows": 12}), max_length=chat.LONGEST
    )


class SubmitForm(forms.Form):
    """The signature under what was read."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput)
    without_missing = forms.BooleanField(required=False)


class AcceptForm(forms.Form):
    """Acceptance; the receipt is asked where the desk above is outside the house."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput)
    receipt = LineField(
        label=_("Letter or message of the Ministry"), required=False, max_length=200
    )


class NumberField(LineField):
    """A whole number as sheets show it too: 1.240 and 1,240 are thousands."""

    def clean(self, value: Any) -> int | None:
        """Return the number, None where nothing was entered and nothing must be."""
        text = super().clean(value)
        number = whole(text)
        if text and number is None:
            raise forms.ValidationError(_("Write a whole number, digits only, for example 37."))
        return number


class CorrectForm(forms.Form):
    """What a sentence of a signed report should have said, and why; `seen` is what was read."""

    value = NumberField(label=_("Figure that it should have been"))
    of = NumberField(label=_("Of how many"))
    status = forms.TypedChoiceField(
        label=_("Status that it should have been"),
        coerce=Status,
        choices=[(status.value, STATUS_WORD[status]) for status in Status],
    )
    text = forms.CharField(
        label=_("What it should have said"), widget=forms.Textarea({"rows": 3}), max_length=5000
    )
    reason = forms.CharField(
        label=_("Why it was wrong"),
        widget=forms.Textarea({"rows": 2}),
        max_length=2000,
        help_text=_("Everybody who reads the report reads it too, with your name."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, what: What, *args: Any, has_whole: bool = False, **kwargs: Any) -> None:
        """Ask for what is corrected: a figure (with its whole where it has one), status, words."""
        super().__init__(*args, **kwargs)
        asked = {What.FIGURE: "value", What.STATUS: "status", What.WORDS: "text"}[what]
        for name in {"value", "of", "status", "text"} - {asked}:
            if name != "of" or asked != "value" or not has_whole:
                del self.fields[name]

    def clean_seen(self) -> str | None:
        """Return the mark, None without."""
        return self.cleaned_data["seen"] or None


class TakeNoteForm(forms.Form):
    """That corrections were read; the receipt is asked where the desk above is outside."""

    seen_number = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)
    receipt = LineField(
        label=_("Letter or message to the Ministry"), required=False, max_length=200
    )


class PublicForm(forms.Form):
    """Which sentences are for everybody; the ticks stand beside the sentences."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """Why a report goes back."""

    reason = forms.CharField(
        label=_("What is to be corrected"), widget=forms.Textarea({"rows": 2}), max_length=2000
    )


class AnswerForm(VersionedForm):
    """Why two sides differ."""

    answer = LineField(label=_("Why they differ, and what you do about it"), max_length=500)


class SettleForm(VersionedForm):
    """Which side is used, why, and what shows it."""

    used = radio_field(_("In use from now on"), USED)
    reason = LineField(label=_("Why it holds"), max_length=500)
    proof = LineField(
        label=_("What shows it"),
        max_length=200,
        required=False,
        help_text=_("Number and day of the record or letter."),
    )


class ReopenForm(VersionedForm):
    """Why a settled one is opened again."""

    reason = LineField(label=_("Why it is opened again"), max_length=500)
