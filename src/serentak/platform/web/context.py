"""What every page needs: navigation, the domain's clock, theme, languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from serentak.platform import clock
from serentak.platform.access import page_of

from . import navigation

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor for `platform/base.html`."""
    theme = request.COOKIES.get(settings.SERENTAK_THEME_COOKIE, "")
    return {
        "nav_bar": SimpleLazyObject(lambda: navigation.bar(request)),
        "domain_clock": SimpleLazyObject(clock.state),
        "is_demo": settings.SERENTAK_DEMO,
        "this_page": page_of(request),
        "theme": theme if theme in THEMES else "",
        "theme_cookie": settings.SERENTAK_THEME_COOKIE,
        "other_languages": [
            (code, name) for code, name in _LANGUAGE_NAMES.items() if code != get_language()
        ],
    }


_LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
"""Each in its own language, so that a reader finds the way back."""
