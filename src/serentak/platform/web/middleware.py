"""What happens around every request: log line, headers, refusals, outages, language."""

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers

from serentak.kernel.text import clean
from serentak.platform.live import AGAIN

from . import errors
from .logs import request_id
from .outage import Trouble
from .refused_requests import REFUSAL, Refusal

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
_PAUSE_SECONDS = 1.0
_KNOWN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_log = logging.getLogger("serentak.request")


class _Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response


METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""What pages are asked by; all else is answered with 405."""


class MethodMiddleware(_Middleware):
    """Answers no other method than those by which a browser asks for pages and sends forms."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)


class RequestLogMiddleware(_Middleware):
    """Gives the request an id and writes one line about it: route and account number, no path.

    Paths and queries may hold names; a route's name and an opaque number do not.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if _KNOWN_ID.fullmatch(given) else secrets.token_hex(8))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            match = request.resolver_match
            user = getattr(request, "user", None)
            usual = logging.DEBUG if AGAIN in request.META else logging.INFO
            _log.log(
                logging.ERROR if response.status_code >= 500 else usual,
                "request",
                extra={
                    "method": request.method,
                    "route": match.view_name if match else "",
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                    "user_id": user.pk if user is not None and user.is_authenticated else None,
                },
            )
            return response
        finally:
            request_id.reset(token)


class SecurityHeadersMiddleware(_Middleware):
    """Adds the headers that Django has no setting for; all inline code is refused."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            if name not in response.headers:
                response.headers[name] = value
        return response


class TextMiddleware(_Middleware):
    """Cleans every text of address and form, of fields that exist and that will (`kernel.text`).

    Passwords are no text. Contents of files are theirs who read them.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]  # cannot be changed either
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Clean the form, which is read within all that answers what cannot be read."""
        if request.method == "POST":
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]


def _cleaned(sent: QueryDict) -> QueryDict:
    """Return what was sent, each name and value cleaned."""
    found = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        for value in values:
            found.appendlist(clean(name), value if "password" in name else clean(value))
    found._mutable = False
    return found


class RefusalMiddleware(_Middleware):
    """Answers what the web process refused to take in, and what is too large, before any view."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal: Refusal | None = request.META.get(REFUSAL)
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.SERENTAK_REQUEST_MB
        if not length.isdecimal() or int(length) > limit * 1024 * 1024:
            refusal = Refusal.TOO_LARGE
        if refusal is None:
            return self.get_response(request)
        response = errors.refused(refusal, limit_mb=limit)
        response["Connection"] = "close"
        return response


class OutageMiddleware(_Middleware):
    """Lets one request a second look whether the database is back; the others are told at once.

    Without it each would wait for the pool in its turn, and the last for minutes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._lock = threading.Lock()
        self._next_look: float | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._lets_in() and request.path != "/health":
            return errors.unreachable()
        response = self.get_response(request)
        if getattr(response, "trouble", None) is Trouble.AWAY:
            self._next_look = time.monotonic() + _PAUSE_SECONDS
        elif self._next_look is not None and request.path != "/health":
            self._next_look = None
        return response

    def _lets_in(self) -> bool:
        if self._next_look is None:
            return True
        with self._lock:
            now = time.monotonic()
            if self._next_look is not None and now < self._next_look:
                return False
            self._next_look = now + 2 * _PAUSE_SECONDS
            return True


class LanguageMiddleware(_Middleware):
    """Indonesian whatever the browser says, until the reader chooses; the choice is a cookie.

    What a view declares public to caches is the same for every reader.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        if "public" not in response.get("Cache-Control", ""):
            patch_vary_headers(response, ("Cookie",))
        return response
