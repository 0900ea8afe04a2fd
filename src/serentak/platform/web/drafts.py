"""Tells a device which form was taken in, so that it lets go of the draft that it kept."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

COOKIE = "serentak_taken"
"""Holds the address to which the form was sent; `static/platform/drafts.js` reads and ends it."""

_SECONDS = 60


class LedBack(HttpResponseRedirect):
    """The way back of a form that was refused: it was not taken in."""


def led_back(request: HttpRequest, why: str, to: str | Callable[..., Any]) -> LedBack:
    """Say why nothing was done, and lead to an address or a route's page."""
    messages.error(request, why)
    return LedBack(resolve_url(to))


class TakenMiddleware:
    """Marks the answer to a form that was taken in: it leads on, and not to the sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.user.is_authenticated:
            return self.get_response(request)
        response = self.get_response(request)
        if isinstance(response, HttpResponseRedirect) and not isinstance(response, LedBack):
            response.set_cookie(
                COOKIE,
                quote(request.get_full_path(), safe=""),
                max_age=_SECONDS,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response
