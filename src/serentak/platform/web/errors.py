"""Pages for what went wrong: what happened, and what the reader can do."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .logs import request_id


def _page(
    request: HttpRequest | None, status: int, title: str, text: str, *, help_text: str = ""
) -> HttpResponse:
    """Render the page; without a request it asks nothing of session or database."""
    context = {
        "status": status,
        "title": title,
        "text": text,
        "help_text": help_text,
        "request_id": request_id.get(),
        "bare": request is None,
    }
    return HttpResponse(render_to_string("platform/error.html", context, request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _page(
        None,
        400,
        _("This request cannot be read"),
        _("Something in the address or in what was sent does not fit."),
        help_text=_("Go back, reload the page and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return _page(
        request,
        403,
        _("This is not open to you"),
        _("Your roles do not include this."),
        help_text=_("If they should, ask the one who manages accounts in your institution."),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that did not come from this site or is too old."""
    return _page(
        None,
        403,
        _("This form is no longer valid"),
        _("It was opened before you signed in or out, or cookies are off. Nothing was saved."),
        help_text=_("Go back, reload the page, and send the form again."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: it does not exist, or lies outside what the reader may see."""
    return _page(
        request,
        404,
        _("Nothing is found here"),
        _("The address names nothing that exists, or something outside the places of your roles."),
        help_text=_("Check the address, or start again from the first page."),
    )


def too_large(request: HttpRequest, *, limit_mb: int) -> HttpResponse:
    """Answer 413."""
    return _page(
        None,
        413,
        _("This file is too large"),
        _("At most %(limit)s MB can be sent at once. Nothing was saved.") % {"limit": limit_mb},
        help_text=_("Make the file smaller, or divide it, and send it again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database."""
    return _page(
        None,
        500,
        _("Something failed on our side"),
        _("The failure has been recorded. What you sent may not have been saved."),
        help_text=_("Try again in a minute. If it goes on, report the number below."),
    )
