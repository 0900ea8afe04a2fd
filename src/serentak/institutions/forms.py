"""What people enter about institutions: people, roles, holders, areas."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from serentak.kernel.codes import PlaceCode, parse_code
from serentak.platform.web.forms import LineField, day_field, radio_field, set_choices
from serentak.platform.web.pickers import Option, PickerField

from .words import HOLDER_STATUS

Choices = Sequence[tuple[str, str]]
Search = Callable[[str], Sequence[Option]]
Find = Callable[[str], Option | None]


class PlacesField(forms.CharField):
    """Place codes, one a line or with commas between."""

    default_error_messages = {"code": _("“%(code)s” is no place's code.")}  # Django's own way

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea({"rows": 3}), max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show codes one a line."""
        return "\n".join(value) if isinstance(value, tuple | list) else value

    def clean(self, value: Any) -> Any:
        """Return the codes."""
        codes: list[PlaceCode] = []
        for text in re.split(r"[\s,;]+", super().clean(value)):
            if text:
                try:
                    codes.append(parse_code(text))
                except ValueError:
                    params = {"code": text}
                    raise ValidationError(self.error_messages["code"], "code", params) from None
        return tuple(codes)


def _password(label: Any, *, required: bool = True) -> forms.CharField:
    """Return a field for a password that is held to the rules of the house."""
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        help_text=_("At least 12 characters. The person changes it after signing in."),
        validators=[validate_password],
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class PersonForm(forms.Form):
    """A new person of an institution, with an account and a role if wanted."""

    full_name = LineField(label=_("Full name"), max_length=200)
    phone = LineField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(
        label=_("Role"), required=False, help_text=_("Without a role a person can do nothing here.")
    )
    username = LineField(
        label=_("User name"),
        max_length=80,
        required=False,
        help_text=_("Only for who is to sign in."),
    )
    password = _password(_("First password"), required=False)

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "role", [("", _("No role")), *roles])

    def clean(self) -> dict[str, Any]:
        """Ask for both or neither of user name and password."""
        data = super().clean() or {}
        if data.get("username") and "password" in data and not data["password"]:
            self.add_error("password", _("An account needs a first password."))
        if data.get("password") and not data.get("username"):
            self.add_error("username", _("Write the user name for this password."))
        return data


class PasswordForm(forms.Form):
    """A new password for somebody who lost the old one."""

    password = _password(_("New password"))


class SwitchForm(forms.Form):
    """Whether an account is open afterwards; the page says it in words."""

    is_open = forms.BooleanField(required=False, widget=forms.HiddenInput)


class RoleForm(forms.Form):
    """A role for somebody who is known."""

    role = forms.ChoiceField(label=_("Role"))
    from_date = day_field(_("First day"))
    to_date = day_field(_("Last day"), required=False)
    places = PlacesField(
        label=_("Only in these places"),
        required=False,
        help_text=_("Codes inside the institution's area; left empty, all of it."),
    )

    def __init__(
        self, *args: Any, roles: Choices, search: Search, find: Find, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "role", [("", _("Choose")), *roles])
        self.fields = {"person": _person(search, find), **self.fields}


class HolderForm(forms.Form):
    """Who holds an office, by what status, from when to when."""

    status = radio_field(_("Status"), HOLDER_STATUS)
    from_date = day_field(
        _("First day"), required=False, help_text=_("Left empty if no source gives it.")
    )
    to_date = day_field(_("Last day"), required=False)
    contest = LineField(
        label=_("Candidate in"),
        max_length=200,
        required=False,
        help_text=_("The race, if the holder is a candidate."),
    )
    source = LineField(label=_("Source"), max_length=300)

    def __init__(self, *args: Any, search: Search, find: Find, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"person": _person(search, find), **self.fields}


class EndForm(forms.Form):
    """The last day of a role or a term."""

    to_date = day_field(_("Last day"))


class JurisdictionForm(forms.Form):
    """Where an institution acts."""

    places = PlacesField(
        label=_("Places"), help_text=_("Codes of all places where it acts, one a line.")
    )


def _person(search: Search, find: Find) -> PickerField:
    return PickerField(
        label=_("Person"),
        search=search,
        find=find,
        url_name="institutions:people_options",
        help_text=_("Type part of the name."),
    )
