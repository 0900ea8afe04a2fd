"""What people enter about a daily report: words, a signature, a reason, a receipt."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serentak.platform.web.forms import LineField

from .words import section_title


class EditForm(forms.Form):
    """A person's words for one sentence; `seen_at` tells which words they saw.

    `is_reset` brings the draft's words back, whatever stands in the field.
    """

    text = forms.CharField(label=_("Sentence"), widget=forms.Textarea({"rows": 3}), max_length=5000)
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_reset: bool = False, **kwargs: Any) -> None:
        """Take no words where the draft's are brought back."""
        super().__init__(*args, **kwargs)
        self.is_reset = is_reset
        self.fields["text"].required = not is_reset

    def clean_text(self) -> str:
        """Return the words, none where the draft's are brought back."""
        return "" if self.is_reset else str(self.cleaned_data["text"])

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


class PublicForm(forms.Form):
    """Which sentences are for everybody; the ticks stand beside the sentences."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """Why a report goes back."""

    reason = forms.CharField(
        label=_("What is to be corrected"), widget=forms.Textarea({"rows": 2}), max_length=2000
    )
