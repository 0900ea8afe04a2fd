"""What people enter about a place: a check."""

from django import forms
from django.utils.translation import gettext_lazy as _

from serentak.platform.web.forms import LineField, day_field


class CheckForm(forms.Form):
    """What was found when somebody looked; the action says what is plausible."""

    looked_at = forms.IntegerField(
        label=_("Looked at"),
        help_text=_("What belongs to the place itself; places below have checks of their own."),
    )
    in_order = forms.IntegerField(label=_("In order"))
    checked_date = day_field(_("Day of the check"))
    source = LineField(label=_("Source"), help_text=_("Who looked, in which list?"), max_length=200)
