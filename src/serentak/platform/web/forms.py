"""Forms: their page, what is answered when they do not hold, how refusals become errors."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from serentak.kernel.century import FIRST, LAST, is_of_this_century
from serentak.kernel.refused import Conflict, Refused
from serentak.kernel.text import one_line
from serentak.platform import clock
from serentak.platform.access import viewer_of
from serentak.platform.words import NOT_OF_THIS_CENTURY, fault_text, refusal_text

from .drafts import led_back

UNPROCESSABLE = 422

E = TypeVar("E", bound=StrEnum)

Told = str | Callable[[Any], str]
"""A sentence or an address, or what makes it of an action's result."""

_MOST_DIGITS = 18
"""A row's number fits into 64 bits; endless digits are nobody's."""


def natural(text: str) -> int | None:
    """Return a number as an address or a form wrote it, such as a row's, None if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Give a field of choices what may be chosen."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
    field.choices = choices


def check_century(when: date) -> None:
    """Refuse a day or moment with which no calendar can count."""
    if not is_of_this_century(when):
        raise forms.ValidationError(NOT_OF_THIS_CENTURY)


class LineField(forms.CharField):
    """One line of text, whatever is pasted into it."""

    def to_python(self, value: Any) -> str:
        """Return it as one line."""
        return one_line(super().to_python(value) or "")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day of this century, with the picker of the browser."""
    bounds = {"min": FIRST.isoformat(), "max": LAST.isoformat()}
    return forms.DateField(
        label=label,
        widget=forms.DateInput({"type": "date", **bounds}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        validators=[check_century],
        **options,
    )


class MomentField(forms.DateTimeField):
    """A day with its hour: a day alone is not taken for its midnight."""

    def to_python(self, value: Any) -> Any:
        """Return the moment; refused where the hour lacks."""
        if isinstance(value, str) and value.strip() and ":" not in value:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    """Return a field for a day and its hour at the reader's place, of this century."""
    bounds = {"min": f"{FIRST}T00:00", "max": f"{LAST}T23:59"}
    return MomentField(
        label=label,
        widget=forms.DateTimeInput({"type": "datetime-local", **bounds}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        validators=[check_century],
        **options,
    )


def radio_field(label: Any, words: Mapping[E, Any], **options: Any) -> forms.TypedChoiceField:
    """Return a field for one of several members of an enumeration, each in its words."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(member.value, said) for member, said in words.items()],
        coerce=type(next(iter(words))),
        widget=forms.RadioSelect,
        **options,
    )


_NOT_OF_THIS_PAGE = dict.fromkeys(
    ("required", "invalid"), _("It lacks or is damaged. Open the page anew and send once more.")
)


class KeyedForm(forms.Form):
    """A form whose repeat is known by a key that the page made, see `first_answer`."""

    client_key = forms.UUIDField(
        label=_("Key of this page"),
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=_NOT_OF_THIS_PAGE,
    )

    def renew(self, _refused: Conflict) -> None:
        """Give what was typed a key of its own: that of the page led to something else."""
        _say(self, "client_key", uuid4())


class VersionedForm(forms.Form):
    """A form that says which version of a row its sender saw, see `check_unchanged`."""

    version = forms.IntegerField(
        label=_("Version of this page"),
        widget=forms.HiddenInput,
        min_value=0,
        error_messages=_NOT_OF_THIS_PAGE,
    )

    def renew(self, refused: Conflict) -> None:
        """Say the version that the page shows from now on, so that it can be sent again."""
        _say(self, "version", refused.params.get("now", self.data.get("version")))


def _say(form: forms.Form, name: str, value: object) -> None:
    """Let a form that was sent say something else in a hidden field."""
    sent: Any = form.data
    form.data = sent.copy()
    form.data[form.add_prefix(name)] = str(value)  # type: ignore[index]  # the copy can be written


def seen_version(request: HttpRequest) -> int:
    """Return the version that a page without a form was sent with; 0, which none is, otherwise."""
    return natural(request.POST.get("version", "")) or 0


class FormRenderer(TemplatesSetting):
    """Renders every form and field by the templates of the house."""

    form_template_name = "platform/forms/_form.html"
    field_template_name = "platform/forms/_field.html"


def render_form(
    request: HttpRequest,
    template: str,
    form: forms.BaseForm,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Render a page with `form`; the answer is 422 when the form was sent and does not hold."""
    status = UNPROCESSABLE if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **(context or {})}, status=status)


def add_refusal(form: forms.BaseForm, refused: Refused) -> None:
    """Show each fault that an action found at the field that it names, or above the form.

    Once somebody was told what changed meanwhile, the form can be sent again as it stands.
    """
    for fault in refused.faults:
        field = fault.field if fault.field in form.fields else None
        form.add_error(field, fault_text(fault))
    if isinstance(refused, Conflict) and isinstance(form, KeyedForm | VersionedForm):
        form.renew(refused)


def carried_out(
    request: HttpRequest, form: forms.BaseForm, act: Callable[..., Any], *, done: Told, to: Told
) -> HttpResponse | None:
    """Act on a form that was sent and holds, say so and lead on; None where its page is shown.

    `act` is one action: it gets what was entered by the names of the fields, and `actor` and `at`.
    `done` is the sentence that is said, `to` the address. A refusal stands at its field.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        result = act(**form.cleaned_data, actor=viewer_of(request), at=clock.now())
    except Refused as refused:
        add_refusal(form, refused)
        return None
    return _led_on(request, result, done, to)


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[..., Any],
    context: Mapping[str, Any],
    *,
    done: Told,
    to: Told = "",
    template: str = "platform/forms/page.html",
) -> HttpResponse:
    """Show a page with one form, or carry it out; without `to` one comes back where one was.

    `context` holds the page's `head`; `button` says what the button does, else the title does.
    """
    answer = carried_out(request, form, act, done=done, to=to or context["head"].back)
    return answer or render_form(request, template, form, context)


def pressed(
    request: HttpRequest, act: Callable[..., Any], *, done: Told = "", to: Told, back: str = ""
) -> HttpResponse:
    """Do what a button without a form asks and lead on; a refusal is said at `back`."""
    try:
        result = act(actor=viewer_of(request), at=clock.now())
    except Refused as refused:
        return led_back(request, refusal_text(refused), back or to)
    return _led_on(request, result, done, to)


def _led_on(request: HttpRequest, result: Any, done: Told, to: Told) -> HttpResponse:
    if said := done if isinstance(done, str) else done(result):
        messages.success(request, said)
    return redirect(to if isinstance(to, str) else to(result))
