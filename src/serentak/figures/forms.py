"""What people enter about figures: a source's figure, a reason, an owner, a decision."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.platform.web.forms import (
    LineField,
    VersionedForm,
    day_field,
    radio_field,
    set_choices,
)
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD

from .importers import number_of
from .rules import SOURCE_LENGTH, DatePrecision, GivenFigure
from .words import PRECISIONS

Choices = Sequence[tuple[str, str | Promise]]

FIGURE_CLASSES = (FigureClass.SOURCED, FigureClass.ASSUMED)
"""What a person may enter; synthetic figures come with a demonstration only."""


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        help_text=_("It stands in the history, with your name."),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )


class FigureField(LineField):
    """A number as people write it: 1.235 and 1,235 are thousands, 12,5 and 12.5 a decimal."""

    def clean(self, value: Any) -> Decimal | None:
        """Return the number, None where nothing was entered and nothing must be."""
        text = super().clean(value)
        found = number_of(text)
        if text and found is None:
            raise forms.ValidationError(_("Write a number, such as 1249 or 12,5."))
        return found


class RecordForm(forms.Form):
    """A figure as a source states it."""

    measure = forms.ChoiceField(label=_("What is counted"))
    value = FigureField(label=_("Figure"))
    source = LineField(
        label=_("Source"), help_text=_("Who published it, in what?"), max_length=SOURCE_LENGTH
    )
    source_date = day_field(_("Date of the source"))
    precision = radio_field(_("The date is known"), PRECISIONS, initial=DatePrecision.DAY.value)
    scope = LineField(
        label=_("Scope"),
        help_text=_("What it covers: provisional or final list, with or without special places."),
        max_length=SOURCE_LENGTH,
        required=False,
    )
    rounded_to = FigureField(
        label=_("Rounded to"),
        help_text=_("10000 for 6.37 million; empty if it was not rounded."),
        required=False,
    )
    figure_class = radio_field(
        _("How far it can be trusted"),
        {c: FIGURE_CLASS_WORD[c] for c in FIGURE_CLASSES},
        initial=FigureClass.SOURCED.value,
    )

    def __init__(self, *args: object, measures: Choices, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        set_choices(self, "measure", [("", _("Choose")), *measures])

    def given(self, place: PlaceCode) -> GivenFigure:
        """Return what was entered, as the rules take it."""
        given = GivenFigure(place, **self.cleaned_data)
        if given.precision is DatePrecision.MONTH:
            return replace(given, source_date=given.source_date.replace(day=1))
        return given

    def clean_rounded_to(self) -> Decimal:
        """Return 0 where nothing was rounded."""
        return self.cleaned_data["rounded_to"] or Decimal(0)


class ReasonForm(forms.Form):
    """Why a figure is withdrawn."""

    reason = _reason()


class UseForm(VersionedForm):
    """Why a figure is taken into use instead of the one that its sender saw in use."""

    reason = _reason()


class AssignForm(VersionedForm):
    """Who answers for a discrepancy, by when."""

    owner = forms.TypedChoiceField(label=_("Who answers for it"), coerce=int)
    due_date = day_field(_("By when"))

    def __init__(self, *args: object, owners: Choices, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        set_choices(self, "owner", [("", _("Choose")), *owners])


class DecideForm(VersionedForm):
    """Which figure is in use, and why."""

    figure = forms.TypedChoiceField(
        label=_("Figure in use from now on"), coerce=int, widget=forms.RadioSelect
    )
    reason = _reason()

    def __init__(self, *args: object, figures: Choices, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they are
        set_choices(self, "figure", figures)
