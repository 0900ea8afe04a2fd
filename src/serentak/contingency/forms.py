"""What people enter: that a plan starts, why a step is dropped or a run called off."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serentak.platform.web.forms import KeyedForm, LineField

from .rules import LONGEST_REASON


class StartForm(KeyedForm):
    """Whether a plan is started in earnest; `about` is its subject, signed by who leads here."""

    is_rehearsal = forms.BooleanField(
        label=_("Exercise only"),
        help_text=_("All that is asked says LATIHAN, and counts nowhere."),
        required=False,
    )
    about = forms.CharField(widget=forms.HiddenInput, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = LineField(label=_("Reason"), max_length=LONGEST_REASON)
