"""Forms: how they look, what is answered when they do not hold, how refusals become errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from serentak.kernel.refused import Refused
from serentak.platform.words import refusal_text

UNPROCESSABLE = 422
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
    """Show what an action refused at the field that it names, or above the form."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, refusal_text(refused))


def carried_out(request: HttpRequest, form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Tell whether a form was sent, holds, and was acted on; a refusal then stands at its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        add_refusal(form, refused)
        return False
    return True
