"""What people enter: vehicles, what they know of ways, and rows of a plan."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, Fault, Refused
from serentak.platform.catalogue import said
from serentak.platform.web.forms import (
    KeyedForm,
    LineField,
    VersionedForm,
    moment_field,
    set_choices,
)
from serentak.platform.words import fault_text

from .actions import Placing
from .queries.catalogues import vehicles
from .rules.catalogue import Conditions, Stage, Terrain
from .words import TERRAINS

MOST_ROWS = 120
"""Rows of one plan: its places, and those that are divided among vehicles."""

Choices = Sequence[tuple[Any, Any]]


class VehicleForm(forms.Form):
    """What a vehicle takes, and when it is there."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = LineField(label=_("Plate or name"), max_length=80)
    kg = forms.IntegerField(label=_("Takes, in kg"), min_value=1)
    m3 = forms.DecimalField(
        label=_("Takes, in m³"),
        help_text=_("Of the empty bed; a quarter of it is left to air when it is loaded."),
        min_value=Decimal("0.001"),
        max_value=1000,
        decimal_places=3,
    )
    crew = forms.IntegerField(label=_("Crew"), initial=2, min_value=1, max_value=50)
    escort = LineField(
        label=_("Escort"),
        help_text=_("The unit and how many, without names."),
        max_length=120,
        required=False,
    )
    free_from_at = moment_field(_("There from"), required=False)
    free_until_at = moment_field(_("There until"), required=False)
    is_withdrawn = forms.BooleanField(label=_("Not to be had now, such as broken"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(key, said(one.name)) for key, one in vehicles().vehicles.items()]
        set_choices(self, "kind", [("", _("Choose")), *kinds])

    def clean(self) -> dict[str, Any]:
        """Return what was entered, with the volume in litres."""
        data = dict(self.cleaned_data)
        if (m3 := data.pop("m3", None)) is not None:
            data["litres"] = int(m3 * 1000)
        return data


class OfferForm(VehicleForm, KeyedForm):
    """A vehicle that is new, and whose it is."""

    owner_id = forms.TypedChoiceField(label=_("Owner"), coerce=int)

    def __init__(self, *args: Any, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "owner_id", owners)


class ChangeForm(VehicleForm, VersionedForm):
    """A vehicle that is known."""


class _WayForm(forms.Form):
    """Between which places a way leads, and who knows it."""

    start = forms.ChoiceField(label=pgettext_lazy("of a way", "From"))
    end = forms.ChoiceField(label=pgettext_lazy("of a way", "To"))

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start", "end"):
            set_choices(self, name, [("", _("Choose")), *places])

    def clean(self) -> dict[str, Any]:
        """Return what was entered, with places as codes."""
        data = dict(self.cleaned_data)
        for name in ("start", "end"):
            if name in data:
                data[name] = PlaceCode(data[name])
        return data


class WayForm(_WayForm):
    """How long a way takes."""

    terrain = forms.TypedChoiceField(
        label=_("Terrain on which one arrives"), coerce=Terrain, empty_value=None, required=False
    )
    hours = forms.DecimalField(
        label=_("Hours on the way"),
        help_text=_("As driven, without reserve: rain, tide and night are added by the plan."),
        max_digits=5,
        decimal_places=2,
        required=False,
    )
    reason = LineField(
        label=_("Who knows it, and since when"),
        help_text=_("Such as: Satpolairud, driven 12 November."),
        max_length=300,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(one.value, word) for one, word in TERRAINS.items()]
        set_choices(self, "terrain", [("", _("As known")), *words])


class BlockForm(_WayForm):
    """Until when nothing goes on a way."""

    blocked_until_at = moment_field(_("Blocked until"))
    reason = LineField(
        label=_("Why, and who knows it"),
        help_text=_("Such as: bridge down, transport agency."),
        max_length=300,
    )


class DraftForm(KeyedForm):
    """Which stage is planned, and in what weather."""

    stage = forms.TypedChoiceField(label=_("Stage"), coerce=Stage)
    conditions = forms.TypedChoiceField(label=_("Conditions"), coerce=Conditions)

    def __init__(self, *args: Any, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        catalogue = vehicles()
        known = [(one.value, said(catalogue.stages[one].name)) for one in stages]
        set_choices(self, "stage", known)
        set_choices(self, "conditions", condition_choices())


def condition_choices() -> Choices:
    """Return the conditions with by how much they slow."""
    return [
        (key.value, f"{said(one.name)} (× {one.factor:g})")
        for key, one in vehicles().conditions.items()
    ]


class ImproveForm(KeyedForm, VersionedForm):
    """How long the solver searches, and from which seed."""

    conditions = forms.TypedChoiceField(label=_("Conditions"), coerce=Conditions)
    iterations = forms.IntegerField(
        label=_("Rounds of the search"),
        help_text=_("As many rounds from the same seed find the same plan."),
        initial=2_000,
    )
    seed = forms.IntegerField(label=_("Seed"), initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "conditions", condition_choices())

    def renew(self, refused: Conflict) -> None:
        """Give it a key of its own, and the version that holds meanwhile."""
        KeyedForm.renew(self, refused)
        VersionedForm.renew(self, refused)


class AdoptForm(VersionedForm):
    """Why what arrives late or is in no route is adopted all the same."""

    reason = LineField(
        label=_("Reason"),
        help_text=_("Only where something arrives too late or is in no route."),
        max_length=300,
        required=False,
    )


class DepartureForm(VersionedForm):
    """When a route leaves."""

    leaves_at = moment_field(pgettext_lazy("a route", "Leaves"))


class ArrangeForm(VersionedForm):
    """What goes with the rows of a plan: the version that was seen."""


class PlacingRow(forms.Form):
    """One stop: by which vehicle, on which trip, as the how-many-th, for how many stations."""

    place = forms.ChoiceField(label=_("Place"), required=False)
    vehicle = forms.TypedChoiceField(
        label=_("Vehicle"), coerce=int, empty_value=None, required=False
    )
    trip = forms.IntegerField(label=_("Trip"), required=False, initial=1)
    position = forms.IntegerField(label=pgettext_lazy("of a stop", "Order"), required=False)
    stations = forms.IntegerField(label=_("Stations"), required=False)

    def __init__(self, *args: Any, places: Choices, lent: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "place", [("", _("Choose")), *places])
        set_choices(self, "vehicle", [("", _("None yet")), *lent])

    @property
    def is_left_out(self) -> bool:
        """Tell whether the row puts nothing on a vehicle."""
        return not self.errors and self.cleaned_data.get("vehicle") is None

    def clean(self) -> None:
        """Ask for the rest of a row that names a vehicle."""
        data = self.cleaned_data
        if data.get("vehicle") is not None:
            for name in ("place", "stations"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, fault_text(Fault("distribution.row_is_unfinished", name)))

    def placing(self, number: int) -> Placing:
        """Return the row as the action takes it; without an order it goes after those above."""
        data = self.cleaned_data
        return Placing(
            PlaceCode(data["place"]),
            data["vehicle"],
            1 if data.get("trip") is None else data["trip"],
            number if data.get("position") is None else data["position"],
            data["stations"],
        )


def placing_rows(
    places: Choices, lent: Choices, *, data: Any = None, initial: Sequence[Any] = ()
) -> "BaseFormSet[Any]":
    """Return the rows of a plan, as they were sent or as it stands."""
    made: Any = formset_factory(
        PlacingRow, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
    )
    told = {
        "missing_management_form": _("The rows did not arrive whole. Fill them in again."),
    }
    rows: BaseFormSet[Any] = made(
        data,
        initial=list(initial),
        prefix="rows",
        form_kwargs={"places": places, "lent": lent},
        error_messages=told,
    )
    return rows


def tell_rows(form: forms.Form, rows: "BaseFormSet[Any]", refused: Refused) -> None:
    """Show each fault at the row and field that it names, above the form where it names none."""
    entered = [row for row in rows.forms if not row.is_left_out]
    for fault in refused.faults:
        if fault.row is not None and fault.row <= len(entered):
            row = entered[fault.row - 1]
            row.add_error(fault.field if fault.field in row.fields else None, fault_text(fault))
        else:
            form.add_error(None, fault_text(fault))
    if isinstance(refused, Conflict) and isinstance(form, VersionedForm):
        form.renew(refused)
