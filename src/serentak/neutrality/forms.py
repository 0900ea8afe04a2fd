"""What people enter about neutrality: a case, its steps, a circular, a replaced official."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.web.forms import (
    KeyedForm,
    LineField,
    VersionedForm,
    day_field,
    radio_field,
    set_choices,
)

from .rules.cases import CaseState
from .rules.catalogue import Track
from .words import PERSON_FIELDS, REPLIES, STAKES, STATES

Choices = Sequence[tuple[str, str | Promise]]

REFERRED_AT = (
    CaseState.AT_TASK_FORCE,
    CaseState.AT_SUPERVISOR,
    CaseState.AT_BKN,
    CaseState.AT_AUTHORITY,
)


def _note(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Reason") if required else _("Note"),
        help_text=_("Kept encrypted; only case handlers read it."),
        max_length=4000,
        required=required,
        widget=forms.Textarea({"rows": 3}),
    )


class ReferForm(KeyedForm):
    """A case as the referring institution knows it."""

    referred_by = forms.ChoiceField(label=_("Referred by"))
    reference = LineField(
        label=_("Reference number"), help_text=_("Of the letter or the register."), max_length=80
    )
    agency = forms.ChoiceField(label=_("Agency of the person"))
    track = forms.TypedChoiceField(label=_("Whose case it is"), coerce=Track)
    violation = forms.ChoiceField(
        label=_("Violation"),
        help_text=_("Class and legal ground follow from the catalogue and the day of the deed."),
    )
    deed_date = day_field(_("Day of the deed"))
    received_date = day_field(_("Received on"))
    state = forms.TypedChoiceField(
        label=_("Comes in at"),
        choices=[(s.value, STATES[s]) for s in REFERRED_AT],
        coerce=CaseState,
    )
    full_name = LineField(
        label=PERSON_FIELDS["full_name"],
        help_text=_("Kept encrypted, apart from the case; only case handlers read it."),
        max_length=200,
    )
    employee_number = LineField(
        label=PERSON_FIELDS["employee_number"], max_length=30, required=False
    )
    post = LineField(label=PERSON_FIELDS["post"], max_length=200, required=False)
    account = forms.CharField(
        label=PERSON_FIELDS["account"],
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        referrers: Choices,
        agencies: Choices,
        violations: Choices,
        tracks: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("referred_by", referrers),
            ("agency", agencies),
            ("violation", violations),
            ("track", tracks),
        ):
            set_choices(self, name, [*([("", _("Choose"))] if len(choices) > 1 else []), *choices])


class StepForm(VersionedForm):
    """A step on."""

    note = _note(required=False)


class HandOverForm(VersionedForm):
    """To the next authority."""

    stake = radio_field(_("Why this authority cannot decide"), STAKES)
    note = _note(required=True)


class SanctionForm(VersionedForm):
    """The decision of the appointing authority."""

    sanction = forms.ChoiceField(
        label=_("Sanction"),
        help_text=_("Those of the class of this violation."),
        widget=forms.RadioSelect,
    )
    letter_number = LineField(label=_("Number of the decision"), max_length=80)
    decided_date = day_field(_("Decided on"))
    note = _note(required=False)

    def __init__(self, *args: Any, sanctions: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "sanction", sanctions)


class NotProvenForm(VersionedForm):
    """The end of a case that was not proven."""

    letter_number = LineField(label=_("Number of the letter"), max_length=80, required=False)
    decided_date = day_field(_("Decided on"))
    note = _note(required=True)


class ReplyForm(VersionedForm):
    """What came of the right to reply."""

    kind = radio_field(_("What came"), REPLIES)
    replied_date = day_field(_("On"))
    text = forms.CharField(
        label=_("What the person said"),
        help_text=_("Kept encrypted; only case handlers read it."),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


class CircularForm(KeyedForm):
    """A circular that was signed and goes out."""

    number = LineField(
        label=_("Number"),
        help_text=_("As the letter bears it; it is signed and numbered outside Serentak."),
        max_length=80,
    )
    title = LineField(label=pgettext_lazy("circular", "About"), max_length=200)
    issued_date = day_field(_("Issued on"))
    due_date = day_field(_("To be acknowledged by"))


class ReplacementForm(KeyedForm):
    """The replacement of an official: the post, not the person."""

    agency = forms.ChoiceField(label=_("Agency"))
    post = LineField(
        label=pgettext_lazy("person", "Post"), help_text=_("Without a name."), max_length=200
    )
    decree_number = LineField(label=_("Number of the decree"), max_length=80)
    replaced_date = day_field(_("Replaced on"))
    consent = LineField(
        label=_("The Minister's consent"),
        help_text=_("Number of the letter; empty if there is none."),
        max_length=80,
        required=False,
    )

    def __init__(self, *args: Any, agencies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "agency", [("", _("Choose")), *agencies])
