"""Pages for what went wrong: what happened, and what the reader can do."""

import sys
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .logs import request_id
from .outage import Trouble, trouble_in
from .refused_requests import Refusal


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


def refused(refusal: Refusal, *, limit_mb: int) -> HttpResponse:
    """Answer a request that was not taken in; nothing of it was looked at."""
    title, text, help_text = _REFUSALS[refusal]
    response = _page(
        None,
        refusal.value,
        str(title),
        " ".join((text % {"limit": limit_mb}, _("Nothing was saved."))),
        help_text=str(help_text),
    )
    if refusal is Refusal.BUSY:
        response["Retry-After"] = "10"
    return response


_REFUSALS: Mapping[Refusal, tuple[Promise, Promise, Promise]] = {
    Refusal.INCOMPLETE: (
        gettext_lazy("What you sent came in part only"),
        gettext_lazy("The connection broke off before the end."),
        gettext_lazy("Go back and send it again."),
    ),
    Refusal.TOO_SLOW: (
        gettext_lazy("The connection is too slow"),
        gettext_lazy("What you sent did not come to its end in time."),
        gettext_lazy("Send it again where the connection is better, or send less at once."),
    ),
    Refusal.WITHOUT_LENGTH: (
        gettext_lazy("This request cannot be read"),
        gettext_lazy("It does not say how long it is."),
        gettext_lazy("Send it with its length (Content-Length)."),
    ),
    Refusal.TOO_LARGE: (
        gettext_lazy("This file is too large"),
        gettext_lazy("At most %(limit)s MB can be sent at once."),
        gettext_lazy("Make the file smaller, or divide it, and send it again."),
    ),
    Refusal.BUSY: (
        gettext_lazy("Too many are asking at once"),
        gettext_lazy("Your request waited and could not be answered."),
        gettext_lazy("Try again in a minute."),
    ),
    Refusal.NO_ROOM: (
        gettext_lazy("Nothing can be saved at the moment"),
        gettext_lazy("The disk of the server is full or closed; pages can be read."),
        gettext_lazy("Tell the one who runs the server, and send it again later."),
    ),
}


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or what is known of the trouble, without touching the database."""
    trouble = trouble_in(sys.exception())
    if trouble is Trouble.AWAY:
        return unreachable()
    if trouble is Trouble.READ_ONLY:
        return read_only()
    return _page(
        None,
        500,
        _("Something failed on our side"),
        _("The failure has been recorded. What you sent may not have been saved."),
        help_text=_("Try again in a minute. If it goes on, report the number below."),
    )


def unreachable() -> HttpResponse:
    """Answer 503: the database is away, so that nothing can be shown or saved."""
    response = _page(
        None,
        503,
        _("Serentak cannot reach its data"),
        _("The database does not answer at the moment. What was confirmed before is kept."),
        help_text=_("Reload this page in a minute. What you just sent: look whether it is there."),
    )
    response["Retry-After"] = "5"
    response.trouble = Trouble.AWAY  # type: ignore[attr-defined]  # for the middleware
    return response


def read_only() -> HttpResponse:
    """Answer 507: pages can be read, but nothing can be written."""
    title, text, help_text = _REFUSALS[Refusal.NO_ROOM]
    nothing = _("Nothing was saved.")
    return _page(None, 507, str(title), f"{text} {nothing}", help_text=str(help_text))
