"""What people enter about the election: the ballot of a contest."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from serentak.kernel.briefing import FigureClass
from serentak.platform.web.forms import LineField, day_field
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD

from .rules import Pair

MOST_PAIRS = 8
"""Rows of the form; more pairs than that have not run anywhere."""

CLASSES = (FigureClass.SOURCED, FigureClass.SYNTHETIC)


class ListForm(forms.Form):
    """Where a list of stations comes from, and of which day it is."""

    source = LineField(label=_("Source of the list"), max_length=200, required=False)
    as_of = day_field(_("Date of the list"))


class BallotForm(forms.Form):
    """A contest's ballot as a whole: a row for each pair, empty rows are left out."""

    figure_class = forms.ChoiceField(
        label=_("How far it can be trusted"),
        choices=[(c.value, FIGURE_CLASS_WORD[c]) for c in CLASSES],
        widget=forms.RadioSelect,
        initial=FigureClass.SOURCED.value,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(1, MOST_PAIRS + 1):
            number = forms.IntegerField(
                label=_("Ballot number"), min_value=1, max_value=99, required=False
            )
            head = LineField(label=_("Candidate for head"), max_length=200, required=False)
            deputy = LineField(label=_("Candidate for deputy"), max_length=200, required=False)
            blank = forms.BooleanField(label=_("Blank column"), required=False)
            self.fields |= {
                f"number_{row}": number,
                f"head_{row}": head,
                f"deputy_{row}": deputy,
                f"blank_{row}": blank,
            }

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each pair."""
        names = ("number", "head", "deputy", "blank")
        return [[self[f"{name}_{row}"] for name in names] for row in range(1, MOST_PAIRS + 1)]

    def clean(self) -> dict[str, Any]:
        """Ask for a number where a row holds anything else."""
        data = super().clean() or {}
        for row in range(1, MOST_PAIRS + 1):
            if self._is_filled(data, row) and not data.get(f"number_{row}"):
                self.add_error(f"number_{row}", _("Write the ballot number."))
        return data

    @property
    def pairs(self) -> list[Pair]:
        """The pairs entered."""
        data = self.cleaned_data
        return [
            Pair(
                ballot_number=data[f"number_{row}"],
                head_name=data[f"head_{row}"],
                deputy_name=data[f"deputy_{row}"],
                is_blank_column=data[f"blank_{row}"],
            )
            for row in range(1, MOST_PAIRS + 1)
            if self._is_filled(data, row) or data.get(f"number_{row}")
        ]

    @staticmethod
    def _is_filled(data: dict[str, Any], row: int) -> bool:
        return any(data.get(f"{name}_{row}") for name in ("head", "deputy", "blank"))

    @staticmethod
    def initial_of(pairs: tuple[Any, ...]) -> dict[str, Any]:
        """Return what the form shows for a ballot that exists."""
        initial: dict[str, Any] = {}
        for row, pair in enumerate(pairs, start=1):
            initial |= {
                f"number_{row}": pair.ballot_number,
                f"head_{row}": pair.head_name,
                f"deputy_{row}": pair.deputy_name,
                f"blank_{row}": pair.is_blank_column,
                "figure_class": pair.figure_class.value,
            }
        return initial
