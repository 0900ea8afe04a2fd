"""What people enter: a new list taken over, and rows of what was received, sorted, counted."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Conflict, Fault, Refused
from serentak.platform.evidence import SCANS
from serentak.platform.web.forms import (
    KeyedForm,
    LineField,
    VersionedForm,
    day_field,
    set_choices,
)
from serentak.platform.web.uploads import CheckedFileField
from serentak.platform.words import fault_text

from .actions import Became, Counted, Destroyed, Packed, Received, Sorted, Thing, Wanted
from .queries.catalogues import group_text, what_text
from .rules.custody import Counted as CountedPieces
from .rules.custody import seals_by_station, split_seals
from .rules.items import Race
from .rules.ledger import LONGEST_LOT, Condition
from .rules.needs import What
from .words import CONDITIONS

MOST_ROWS = 40
"""Rows of one entry; more come as a sheet."""


class SealsField(forms.CharField):
    """Numbers of seals, as they are read off one after another."""

    widget = forms.Textarea({"rows": 3})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> Any:
        """Return the numbers, each in capitals."""
        return split_seals(str(super().clean(value) or ""))


class TakeOverForm(KeyedForm, VersionedForm):
    """Why needs are counted from another list; `version` is the number that was seen to hold."""

    reason = LineField(
        label=_("Reason"),
        help_text=_("Such as the number of the decision on the new list; the first needs none."),
        max_length=300,
        required=False,
    )

    def renew(self, refused: Conflict) -> None:
        """Give it a key of its own, and the version that holds meanwhile."""
        KeyedForm.renew(self, refused)
        VersionedForm.renew(self, refused)


class ReceiveForm(KeyedForm):
    """What goes with a delivery; `order_id` is the order for which it came."""

    order_id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    reference = LineField(
        label=_("Number of the delivery note or record"), max_length=80, required=False
    )


class SortForm(KeyedForm):
    """What goes with a sorting: nothing."""


class CountForm(KeyedForm):
    """What goes with a count by hand."""

    reason = LineField(
        label=_("Reason"),
        help_text=_("Why it was counted, and what explains a difference."),
        max_length=300,
    )


class DestroyForm(KeyedForm):
    """What goes with a destruction."""

    record_number = LineField(label=_("Number of the record (berita acara)"), max_length=80)
    witnesses = LineField(
        label=_("Who saw it"),
        help_text=_("Institutions, such as the supervisor and the police."),
        max_length=300,
    )


def _pieces(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, localize=False)


class RowForm(forms.Form):
    """One row: what, of which lot, and numbers. A row without any number is left out."""

    numbers: ClassVar[Sequence[str]] = ("quantity",)
    what = forms.ChoiceField(label=_("Item"), required=False)
    lot = LineField(label=_("Lot"), max_length=LONGEST_LOT, required=False)

    def __init__(self, *args: Any, things: Sequence[What], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for what in things:
            groups.setdefault(group_text(what), []).append((value_of(what), what_text(what)))
        set_choices(self, "what", [("", _("Choose")), *groups.items()])

    @property
    def is_left_out(self) -> bool:
        """Tell whether the row says no number."""
        return not self.errors and all(self.cleaned_data.get(name) is None for name in self.numbers)

    def clean(self) -> None:
        """Ask for the rest of a row that was begun."""
        told = {name: self.cleaned_data.get(name) for name in self.numbers}
        begun = any(value is not None for value in told.values())
        missing = [name for name in self.numbers if name not in self.errors and told[name] is None]
        if begun and not self.cleaned_data.get("what") and "what" not in self.errors:
            missing.insert(0, "what")
        for name in missing if begun else ():
            self.add_error(name, fault_text(Fault("logistics.row_is_unfinished", name)))

    def ask_for_all(self) -> None:
        """Show as asked for what a row that is begun needs; a row left out needs nothing."""
        for name in ("what", *self.numbers):
            self.fields[name].required = True

    def thing(self) -> Thing:
        """Return what the row is about."""
        item, _, race = self.cleaned_data["what"].partition(":")
        return Thing(item, Race(race) if race else None, self.cleaned_data["lot"])


class ReceivedRow(RowForm):
    """Pieces that came."""

    quantity = _pieces(_("Pieces"))

    def line(self) -> Received:
        """Return the row as the action takes it."""
        return Received(self.thing(), self.cleaned_data["quantity"])


class SortedRow(RowForm):
    """What was found when ballots were looked at one by one."""

    numbers = ("opened", "good", "damaged")
    opened = _pieces(_("Opened"))
    good = _pieces(_("Good"))
    damaged = _pieces(_("Damaged"))

    def line(self) -> Sorted:
        """Return the row as the action takes it."""
        return Sorted(self.thing(), *(self.cleaned_data[name] for name in self.numbers))


def _condition() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Condition"),
        choices=[(condition.value, word) for condition, word in CONDITIONS.items()],
        coerce=Condition,
    )


class CountedRow(RowForm):
    """What was counted by hand."""

    condition = _condition()
    quantity = _pieces(_("Counted"))

    def line(self) -> Counted:
        """Return the row as the action takes it."""
        return Counted(self.thing(), self.cleaned_data["condition"], self.cleaned_data["quantity"])


class DestroyedRow(RowForm):
    """Pieces destroyed."""

    condition = _condition()
    quantity = _pieces(_("Destroyed"))

    def line(self) -> Destroyed:
        """Return the row as the action takes it."""
        return Destroyed(
            self.thing(), self.cleaned_data["condition"], self.cleaned_data["quantity"]
        )


class ArrivalForm(KeyedForm):
    """By when a load must be there."""

    due_day = day_field(_("To arrive by"))
    due_hour = forms.TimeField(
        label=_("Hour"), initial=time(17), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )


class PackForm(ArrivalForm):
    """Where a load goes, by when it must be there, and the seals that were set."""

    field_order = ("client_key", "destination")
    destination = forms.ChoiceField(label=pgettext_lazy("of a load", "To"))
    order_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seals = SealsField(
        label=_("Numbers of the seals"),
        help_text=_("One a line, or with commas between; each seal is set once."),
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "destination", [("", _("Choose")), *places])


class PackedRow(RowForm):
    """Pieces that go into a load."""

    condition = _condition()
    quantity = _pieces(_("Pieces"))

    def line(self) -> Packed:
        """Return the row as the action takes it."""
        return Packed(self.thing(), self.cleaned_data["quantity"], self.cleaned_data["condition"])


class WantedRow(RowForm):
    """Pieces that are asked for; the giver says of which lot."""

    quantity = _pieces(_("Pieces"))

    def __init__(self, *args: Any, things: Sequence[What], **kwargs: Any) -> None:
        super().__init__(*args, things=things, **kwargs)
        del self.fields["lot"]

    def line(self) -> Wanted:
        """Return the row as the action takes it."""
        item, _, race = self.cleaned_data["what"].partition(":")
        return Wanted(item, Race(race) if race else None, self.cleaned_data["quantity"])


SUPPLIER = "supplier"
"""What stands for a supplier among the keepers that may be asked."""


class OrderForm(KeyedForm):
    """Of whom pieces are asked, by when, and why."""

    origin = forms.ChoiceField(label=_("Asked of"))
    needed_by = day_field(_("Needed by"))
    reason = LineField(
        label=_("Reason"),
        help_text=_("Such as the number of the record of sorting."),
        max_length=300,
    )

    def __init__(self, *args: Any, keepers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "origin", [("", _("Choose")), *keepers])

    def clean_origin(self) -> PlaceCode | None:
        """Return whose pieces are asked for, None for the supplier."""
        origin = self.cleaned_data["origin"]
        return None if origin == SUPPLIER else PlaceCode(origin)


class AdoptForm(KeyedForm):
    """Which of the proposed transfers become orders; `seen` is the mark of the proposal."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    pairs = forms.MultipleChoiceField(label=_("Transfers"), widget=forms.CheckboxSelectMultiple)
    needed_by = day_field(_("Needed by"))
    reason = LineField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, pairs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "pairs", list(pairs))

    def clean_pairs(self) -> list[tuple[PlaceCode, PlaceCode]]:
        """Return between which places."""
        found = (pair.partition(">") for pair in self.cleaned_data["pairs"])
        return [(PlaceCode(origin), PlaceCode(to)) for origin, _arrow, to in found]


class AnswerOrderForm(VersionedForm):
    """Whether pieces are sent that somebody asked for."""

    answer = LineField(
        label=_("Answer"), help_text=_("A refusal says why."), max_length=300, required=False
    )


class WithdrawOrderForm(VersionedForm):
    """Why an order is taken back."""

    answer = LineField(label=_("Reason"), max_length=300)


class LeavingForm(forms.Form):
    """With what and with whom loads leave."""

    vehicle = LineField(
        label=_("Vehicle or boat"), help_text=_("Its kind, and its plate or name."), max_length=120
    )
    escort = LineField(
        label=_("Escort"), help_text=_("Unit, number, who leads it."), max_length=200
    )


class DepartForm(LeavingForm, VersionedForm):
    """With what and with whom a load leaves."""


class UnloadForm(VersionedForm):
    """Why a load goes back to where it came from."""

    reason = LineField(label=_("Reason"), max_length=300)


class SignedForm(KeyedForm):
    """What a record says beside its lines; on paper: who took it, and the photo."""

    seals = SealsField(
        label=_("Numbers of the seals as you read them"),
        help_text=_("Read them from the boxes, not from a list."),
    )
    record_number = LineField(
        label=_("Number of the record (berita acara serah terima)"), max_length=80, required=False
    )
    receiver_name = LineField(label=_("Who took it, and office"), max_length=120)
    photo = CheckedFileField(
        label=_("Photo of the signed record"), accepted=SCANS, most_mb=10, required=False
    )

    def __init__(self, *args: Any, is_paper: bool, **kwargs: Any) -> None:
        """Ask for name and photo where the receiver has no account here."""
        super().__init__(*args, **kwargs)
        if is_paper:
            self.fields["photo"].required = True
        else:
            del self.fields["receiver_name"]


class HandOverForm(SignedForm):
    """The record of one load, with a remark."""

    remark = LineField(label=_("Remark"), max_length=500, required=False)


class CountedLine(forms.Form):
    """What was counted of one line; empty numbers but the first are none."""

    accepted = _pieces(_("Accepted"))
    rejected = _pieces(_("Rejected"))
    missing = _pieces(_("Missing"))
    surplus = _pieces(_("More than shipped"))
    reason = forms.ChoiceField(label=_("Reason of a difference"), required=False)

    def __init__(self, *args: Any, reasons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "reason", [("", _("No difference")), *reasons])
        self.fields["accepted"].required = True

    def counted(self) -> CountedPieces:
        """Return the line as the action takes it."""
        data = self.cleaned_data
        accepted, rejected, missing, surplus = (
            data.get(name) or 0 for name in ("accepted", "rejected", "missing", "surplus")
        )
        return CountedPieces(accepted, rejected, missing, surplus, data["reason"])


class SettleForm(KeyedForm, VersionedForm):
    """What was done about a difference."""

    settlement = LineField(
        label=_("What was done"), help_text=_("Such as the record of the exchange."), max_length=500
    )

    def renew(self, refused: Conflict) -> None:
        """Give it a key of its own, and the version that holds meanwhile."""
        KeyedForm.renew(self, refused)
        VersionedForm.renew(self, refused)


class StationsForm(ArrivalForm):
    """For which stations loads are packed, or from which they come back, and their seals."""

    field_order = ("client_key", "stations")
    stations = forms.MultipleChoiceField(label=_("Stations"), widget=forms.CheckboxSelectMultiple)
    seals = forms.CharField(
        label=_("Numbers of the seals"),
        help_text=_("A line for each station, such as “001: 0417723, 0417724”."),
        widget=forms.Textarea({"rows": 4}),
        required=False,
    )

    def __init__(self, *args: Any, stations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "stations", list(stations))
        self.initial.setdefault("stations", [code for code, _name in stations])

    def clean_stations(self) -> list[PlaceCode]:
        """Return the stations chosen."""
        return [PlaceCode(code) for code in self.cleaned_data["stations"]]

    def clean_seals(self) -> dict[PlaceCode, tuple[str, ...]]:
        """Return the seals of each station."""
        known = {code[-3:]: PlaceCode(code) for code in self.cleaned_data.get("stations", ())}
        found, strange = seals_by_station(self.cleaned_data["seals"], known)
        if strange:
            fault = Fault("logistics.seals_name_no_station", "seals", {"text": strange[0][:60]})
            raise forms.ValidationError(fault_text(fault))
        return found


class LoadsForm(forms.Form):
    """Which loads are moved together."""

    loads = forms.MultipleChoiceField(label=_("Loads"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, loads: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "loads", list(loads))
        self.initial.setdefault("loads", [value for value, _text in loads])


class DepartTogetherForm(LeavingForm, LoadsForm):
    """Loads that leave with one vehicle and escort; each is chosen with the version seen."""

    def clean_loads(self) -> dict[int, int]:
        """Return the version of each load that was chosen."""
        pairs = (value.split(":") for value in self.cleaned_data["loads"])
        return {int(load): int(version) for load, version in pairs}


class HandOverTogetherForm(SignedForm, LoadsForm):
    """Loads that are handed over whole, signed once for all of them."""

    def clean_loads(self) -> list[int]:
        """Return the ids of the loads chosen."""
        return [int(value) for value in self.cleaned_data["loads"]]


class BecameLine(forms.Form):
    """What became of the pieces of one line that were rejected or missing."""

    delivered = _pieces(_("Delivered after all"))
    returned = _pieces(_("Back, good"))
    damaged = _pieces(_("Back, damaged"))
    lost = _pieces(_("Lost"))

    def became(self) -> Became:
        """Return the line as the action takes it."""
        names = ("delivered", "returned", "damaged", "lost")
        return Became(*(self.cleaned_data.get(name) or 0 for name in names))


def value_of(what: What) -> str:
    """Return what stands for a thing in a form."""
    return f"{what.item}:{what.race}" if what.race else what.item


def rows_of(
    kind: type[RowForm],
    things: Sequence[What],
    data: Any = None,
    initial: Sequence[Mapping[str, Any]] = (),
) -> "BaseFormSet[Any]":
    """Return the rows of a page, as they were sent or for the first time."""
    made: Any = formset_factory(
        kind, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
    )
    told = {
        "missing_management_form": _("The rows did not arrive whole. Fill them in again."),
        "too_many_forms": _("At most %(most)s rows are entered at once; send a sheet instead.")
        % {"most": MOST_ROWS},
    }
    rows: BaseFormSet[Any] = made(
        data,
        initial=list(initial),
        prefix="rows",
        form_kwargs={"things": things},
        error_messages=told,
    )
    return rows


def tell_rows(form: forms.Form, rows: "BaseFormSet[Any]", refused: Refused) -> None:
    """Show each fault at the row and field that it names, above the form where it names none."""
    entered = [row for row in rows.forms if not row.is_left_out]
    for fault in refused.faults:
        if fault.row is not None and fault.row <= len(entered):
            row = entered[fault.row - 1]
            field = (fault.field or "").rpartition("_")[0]
            row.add_error(field if field in row.fields else None, fault_text(fault))
        else:
            form.add_error(fault.field if fault.field in form.fields else None, fault_text(fault))
    if isinstance(refused, Conflict) and isinstance(form, KeyedForm):
        form.renew(refused)
