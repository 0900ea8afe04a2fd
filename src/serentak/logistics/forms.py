"""What people enter: a new list taken over, and rows of what was received, sorted, counted."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from serentak.kernel.refused import Conflict, Fault, Refused
from serentak.platform.web.forms import KeyedForm, LineField, VersionedForm, set_choices
from serentak.platform.words import fault_text

from .actions import Counted, Destroyed, Received, Sorted, Thing
from .queries.catalogues import group_text, what_text
from .rules.items import Race
from .rules.ledger import LONGEST_LOT, Condition
from .rules.needs import What
from .words import CONDITIONS

MOST_ROWS = 40
"""Rows of one entry; more come as a sheet."""


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
    """What goes with a delivery."""

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
