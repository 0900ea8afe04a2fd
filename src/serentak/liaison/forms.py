"""What people enter: numbers, assessments, requests and answers, crimes and their steps."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.web.forms import (
    KeyedForm,
    LineField,
    VersionedForm,
    day_field,
    moment_field,
    set_choices,
)

from .rules import LONGEST_LINE, LONGEST_TEXT, CrimeEvent
from .words import CRIME_EVENTS

Choices = Sequence[tuple[Any, Any]]

FOLLOWS = (1, 2, 3)
"""How many rows of what follows a form has."""


def _number_fields() -> dict[str, forms.Field]:
    return {
        "office": LineField(
            label=_("Whom it reaches"),
            help_text=_("Office or post, such as head of operations; no private matter."),
            max_length=LONGEST_LINE,
        ),
        "phone": LineField(
            label=_("Telephone"),
            max_length=30,
            widget=forms.TextInput({"type": "tel", "inputmode": "tel"}),
        ),
        "is_personal": forms.BooleanField(
            label=_("A personal number"),
            help_text=_("Shown to those alone who may see liaison here."),
            required=False,
        ),
        "hours": LineField(
            label=_("Hours"), help_text=_("Such as: day and night"), max_length=LONGEST_LINE,
            required=False,
        ),
        "rank": forms.IntegerField(
            label=_("Called as number"), min_value=1, max_value=99, initial=1,
            widget=forms.NumberInput({"inputmode": "numeric"}),
        ),
    }  # fmt: skip


class ContactForm(KeyedForm):
    """A number of an institution."""

    institution_id = forms.TypedChoiceField(label=_("Institution"), coerce=int)

    def __init__(self, *args: Any, keeps: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "institution_id", keeps)
        self.fields.update(_number_fields())


class ChangeContactForm(VersionedForm):
    """The same, of one that stands already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_number_fields())


class AssessForm(KeyedForm):
    """How grave a place is, who agrees, and what follows."""

    assessed_date = day_field(_("Day of the assessment"))
    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=pgettext_lazy("an assessment", "Why"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 4}),
    )
    members = forms.TypedMultipleChoiceField(
        label=_("Institutions that agree"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, levels: Choices, members: Choices, owners: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "level", levels)
        set_choices(self, "members", members)
        for n in FOLLOWS:
            given: dict[str, Any] = {"required": False}
            self.fields[f"owner_{n}"] = forms.TypedChoiceField(
                label=_("What follows: who"),
                coerce=int,
                empty_value=None,
                choices=[("", "–"), *owners],
                **given,
            )
            self.fields[f"text_{n}"] = LineField(
                label=_("What follows: what"), max_length=LONGEST_LINE, **given
            )
            self.fields[f"due_{n}"] = day_field(_("What follows: by when"), **given)

    def clean(self) -> dict[str, Any]:
        """Refuse a row of what follows that is not whole."""
        found = super().clean() or {}
        for n in FOLLOWS:
            row = {name: found.get(f"{name}_{n}") for name in ("owner", "text", "due")}
            if any(row.values()):
                for name in (name for name, value in row.items() if not value):
                    if f"{name}_{n}" not in self.errors:
                        self.add_error(f"{name}_{n}", _("Say who, what and by when."))
        return found


class AidForm(KeyedForm):
    """What is asked for, how many, of whom, until when."""

    thing = forms.ChoiceField(label=_("What is asked for"))
    number = forms.IntegerField(
        label=_("How many"), min_value=1, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    owner_id = forms.TypedChoiceField(label=_("Of whom"), coerce=int)
    purpose = LineField(
        label=_("Where exactly and what for"),
        help_text=_("Such as: 12 stations of Sungai Menang are without officers."),
        max_length=LONGEST_LINE,
    )
    needed_until_at = moment_field(_("Needed by"))

    def __init__(self, *args: Any, things: Choices, owners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "thing", things)
        set_choices(self, "owner_id", owners)


class GrantForm(VersionedForm):
    """How many are promised, or are there."""

    granted = forms.IntegerField(
        label=_("How many"), min_value=1, widget=forms.NumberInput({"inputmode": "numeric"})
    )


class ReasonForm(VersionedForm):
    """Why."""

    reason = LineField(label=_("Reason"), max_length=LONGEST_LINE)


class CrimeForm(KeyedForm):
    """A crime by its register, without a name."""

    register = LineField(
        label=_("Register number"),
        help_text=_("The number alone: no name, no place of a person."),
        max_length=60,
    )
    known_date = day_field(_("Known since"))


class CrimeStepForm(VersionedForm):
    """What happened to a crime, and when."""

    event = forms.TypedChoiceField(
        label=_("What happened"), coerce=CrimeEvent, widget=forms.RadioSelect
    )
    moved_date = day_field(_("On"))

    def __init__(self, *args: Any, events: Sequence[CrimeEvent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "event", [(event.value, CRIME_EVENTS[event]) for event in events])
