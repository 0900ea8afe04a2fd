"""What people enter: weights, a reply, the day on which disputes ended."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serentak.kernel.refused import Refused
from serentak.platform.catalogue import said
from serentak.platform.web.forms import KeyedForm, add_refusal, day_field

from .queries.catalogues import catalogue
from .rules.judging import LONGEST_REPLY
from .rules.weighing import check_weights


class WeightsForm(forms.Form):
    """How much each principle weighs; only proportions matter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, principle in catalogue().frame.principles.items():
            self.fields[key] = forms.FloatField(
                label=said(principle.name), initial=1, localize=True
            )

    def clean(self) -> dict[str, Any]:
        """Refuse negative weights, and weights that are all zero, naming the row."""
        given = super().clean() or {}
        if not self.errors:
            try:
                check_weights(self.weights(given), self.names())
            except Refused as refused:
                add_refusal(self, refused)
        return given

    @staticmethod
    def names() -> Mapping[str, str]:
        """Return how principles are called."""
        return {k: said(p.name) for k, p in catalogue().frame.principles.items()}

    @staticmethod
    def weights(given: Mapping[str, Any]) -> Mapping[str, float]:
        """Return the weights entered; all of them."""
        return {key: float(given.get(key) or 0) for key in catalogue().frame.principles}


class ReplyForm(KeyedForm):
    """What an institution answers to a score of its work."""

    text = forms.CharField(
        label=_("Reply of your institution"),
        help_text=_("It is published with the score. Write nobody's name."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST_REPLY,
    )


class OpenForm(forms.Form):
    """When disputes ended."""

    disputes_ended_date = day_field(_("Day on which the last dispute ended"))
