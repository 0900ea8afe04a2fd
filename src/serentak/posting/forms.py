"""What people enter: patterns, strength, posts, reinforcements, plans, roll calls, moves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.codes import PlaceCode
from serentak.platform.web.forms import (
    KeyedForm,
    LineField,
    VersionedForm,
    day_field,
    radio_field,
    set_choices,
)

from .rules import Posted, PostKind
from .words import KINDS, UNITS

Choices = Sequence[tuple[Any, Any]]


class PatternForm(VersionedForm):
    """How many officers stand at how many stations of a class, and why."""

    unit = radio_field(_("Where the officers are"), UNITS)
    officers = forms.IntegerField(label=_("Officers"))
    stations = forms.IntegerField(
        label=_("at so many stations"),
        help_text=_("0 where they wait in the district. Guards are two at each station."),
    )
    reason = LineField(label=_("Reason"), max_length=300)


class ForceForm(VersionedForm):
    """A regency's officers in sum."""

    officers = forms.IntegerField(
        label=_("Officers for stations"),
        help_text=_(
            "Without those who come from elsewhere. It holds until the posts that are told have as "
            "many. Empty: the posts are complete, theirs count."
        ),
        required=False,
    )
    source = LineField(label=_("Source"), max_length=200, required=False)
    as_of = day_field(_("As of"), required=False)


class PostForm(VersionedForm):
    """A post: what it is, where, whom it serves, how strong."""

    kind = forms.TypedChoiceField(label=_("Kind"), coerce=PostKind, initial=PostKind.POLSEK.value)
    name = LineField(label=_("Name"), help_text=_("Such as Polsek Sungai Menang."), max_length=80)
    place = forms.TypedChoiceField(label=_("Stands in"), coerce=PlaceCode)
    serves = forms.TypedMultipleChoiceField(
        label=_("Serves"),
        help_text=_("Without a choice the place in which it stands."),
        coerce=PlaceCode,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    officers = forms.IntegerField(label=_("Officers"))
    shifts = forms.IntegerField(
        label=_("Shifts"),
        help_text=_("In how many they stand: with two, half of them at one time."),
        initial=1,
    )
    vehicles = forms.IntegerField(label=_("Vehicles"), initial=0)
    boats = forms.IntegerField(label=_("Boats"), initial=0)
    phone = LineField(label=_("Phone of the office"), max_length=40, required=False)
    lat = forms.FloatField(label=_("Latitude"), required=False)
    lon = forms.FloatField(label=_("Longitude"), required=False)
    as_of = day_field(_("As of"), required=False)

    def __init__(
        self, *args: Any, kinds: Sequence[PostKind], places: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "kind", [(one.value, KINDS[one]) for one in PostKind if one in kinds])
        for name in ("place", "serves"):
            set_choices(self, name, places)

    def clean(self) -> dict[str, Any]:
        """Return what was entered as the action takes it."""
        data: Mapping[str, Any] = self.cleaned_data
        if self.errors:
            return dict(data)
        told = {name: value for name, value in data.items() if name not in ("version", "serves")}
        return {
            "version": data["version"],
            "posted": Posted(**told, serves=tuple(data["serves"])),
        }


class ReinforceForm(KeyedForm):
    """From where, how many, by when."""

    origin = forms.TypedChoiceField(label=pgettext_lazy("of officers", "From"), coerce=PlaceCode)
    officers = forms.IntegerField(label=_("Officers"))
    day = day_field(_("There by"), required=False)

    def __init__(self, *args: Any, origins: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "origin", origins)


class SolveForm(KeyedForm):
    """How many are kept back."""

    reserve = forms.IntegerField(
        label=_("Officers kept as reserve"),
        help_text=_("Empty: teams of those who are over, else of a small share of all."),
        required=False,
    )


class AdoptForm(VersionedForm):
    """Why it is adopted though stations stay without officers."""

    reason = LineField(
        label=_("Reason"),
        help_text=_("Why it is adopted though stations stay without officers."),
        max_length=300,
        error_messages={
            "required": _("Stations stay without officers. Say why it is adopted all the same.")
        },
    )

    def ask_why(self, *, is_needed: bool) -> None:
        """Ask for the reason where stations stay without officers, and nowhere else."""
        if not is_needed:
            del self.fields["reason"]


class RollForm(forms.Form):
    """How many of a post are there."""

    present = forms.IntegerField(label=_("Present"))
    absent = forms.IntegerField(label=pgettext_lazy("officers", "Absent"), initial=0)
    remark = LineField(label=_("Remark"), max_length=200, required=False)


class MoveForm(KeyedForm):
    """Who is sent where, how many, and for what."""

    post_id = forms.TypedChoiceField(label=pgettext_lazy("of officers", "From"), coerce=int)
    to = forms.TypedChoiceField(label=pgettext_lazy("of officers", "To"), coerce=PlaceCode)
    officers = forms.IntegerField(label=_("Officers"))
    incident_ref = LineField(
        label=_("Incident"),
        help_text=_("Its number, such as D077CFE0: eight signs, as on its page."),
        max_length=8,
        required=False,
    )

    def __init__(self, *args: Any, posts: Choices, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "post_id", posts)
        set_choices(self, "to", places)
