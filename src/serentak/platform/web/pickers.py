"""A field that picks one of many by typing: a place, an institution; what is found is injected.

With a script the choices appear while one types; without, a button searches and the form comes
back with what was found. A code or a name that fits only one thing is taken as it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

_FIELD = re.compile(r"[A-Za-z][\w-]{0,60}")
SHOWN = 8
"""Choices shown at once."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick: its value, its name, and what tells it from its namesakes."""

    value: str
    label: str
    hint: str = ""


Search = Callable[[str], Sequence[Option]]
Find = Callable[[str], Option | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What came from the form: the radio chosen, the text typed, whether only to search."""

    value: str
    text: str
    is_search: bool


class PickerWidget(forms.Widget):
    """The search box with the choices under it."""

    template_name = "platform/forms/_picker.html"

    def __init__(self, url_name: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url_name = url_name
        self.asks: Mapping[str, Any] = {}
        self.find: Find = lambda value: Option(value, value)
        self.found: Sequence[Option] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Asked:
        """Read both the radio and the text."""
        return Asked(
            str(data.get(name) or "").strip(),
            str(data.get(f"{name}_q") or "").strip()[:100],
            f"{name}_search" in data,
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Tell whether the form said nothing about this field."""
        return name not in data and f"{name}_q" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the choices: what was found, or what is chosen."""
        context = super().get_context(name, None, attrs)
        asked = value if isinstance(value, Asked) else Asked(str(value or ""), "", False)
        chosen = self.find(asked.value) if asked.value else None
        options = list(self.found) or ([chosen] if chosen else [])
        asks = urlencode({"field": name, **self.asks}, doseq=True)
        return context | {
            "url": f"{reverse(self.url_name)}?{asks}",
            "text": asked.text or (chosen.label if chosen else ""),
            "options": options,
            "chosen": chosen.value if chosen else "",
            "name": name,
        }

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The label belongs to the search box."""
        return f"{id_}_q" if id_ else id_


class PickerField(forms.Field):
    """Cleans to the value of the option picked.

    `search` returns the options for a text, best first; `find` the option of a value, None if there
    is none or the asker may not pick it. `url_name` is a view that answers `picker_options`.
    """

    default_error_messages = {  # Django's own way
        "nothing": _("Nothing is called “%(text)s”. Type part of a name, or a code."),
        "several": _("More than one is called “%(text)s”. Choose one below."),
        "choose": _("Choose one below."),
        "unknown": _("“%(text)s” cannot be chosen here."),
    }

    def __init__(self, *, search: Search, find: Find, url_name: str, **kwargs: Any) -> None:
        self.search = search
        self.find = find
        super().__init__(widget=PickerWidget(url_name), **kwargs)
        self.widget.find = find

    def narrow(self, search: Search, **asks: Any) -> None:
        """Search so instead; `asks` tell the view of it what to look for, beside the text."""
        self.search = search
        self.widget.asks = asks

    def clean(self, value: Any) -> str:
        """Return the value picked, or what a text that fits only one thing means."""
        asked = value if isinstance(value, Asked) else Asked(str(value or ""), "", False)
        self.widget.found = ()
        if asked.value and not asked.is_search:
            return self._known(asked.value)
        if not asked.text:
            if self.required:
                raise ValidationError(self.error_messages["required"], "required")
            return ""
        if not asked.is_search and (exact := self.find(asked.text)):
            return exact.value
        return self._one_of(list(self.search(asked.text))[:SHOWN], asked)

    def _known(self, value: str) -> str:
        option = self.find(value)
        if option is None:
            raise ValidationError(self.error_messages["unknown"], "unknown", {"text": value})
        return option.value

    def _one_of(self, found: list[Option], asked: Asked) -> str:
        params = {"text": asked.text}
        if not found:
            raise ValidationError(self.error_messages["nothing"], "nothing", params)
        if len(found) == 1 and not asked.is_search:
            return found[0].value
        self.widget.found = found
        code = "choose" if asked.is_search else "several"
        raise ValidationError(self.error_messages[code], code, params)


def picker_options(request: HttpRequest, search: Search) -> HttpResponse:
    """Answer what a script asks for while one types; the view declares its access."""
    name = request.GET.get("field", "")
    if not _FIELD.fullmatch(name):
        raise Http404
    text = request.GET.get(f"{name}_q", "").strip()[:100]
    options = list(search(text))[:SHOWN] if text else []
    context = {"options": options, "name": name, "text": text, "chosen": ""}
    response = render(request, "platform/forms/_picker_options.html", context)
    response["Cache-Control"] = "no-store"
    return response
