"""Who may call a route: declared on each, checked by place, and again on each object."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from serentak.kernel.codes import parse_code
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import PUBLIC, Permission, Viewer

from . import clock
from .reading import reading

View = Callable[..., HttpResponseBase]

READS = frozenset({"GET", "HEAD"})
"""What only reads a page."""


class Openness(Enum):
    """The three kinds of route."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PERMITTED = "permitted"


@dataclass(frozen=True, slots=True)
class Access:
    """What a route declares; the architecture tests read it from `view.access`."""

    openness: Openness
    permission: Permission | None = None


def public(view: View) -> View:
    """Declare that anybody may call the route."""
    view.access = Access(Openness.PUBLIC)  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declare that any account may call the route."""
    return _guarded(view, Access(Openness.SIGNED_IN))


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare that the route needs `permission`, at `place` if the URL names one."""
    return lambda view: _guarded(view, Access(Openness.PERMITTED, permission))


def _guarded(view: View, access: Access) -> View:
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(page_of(request))
        if access.permission:
            viewer = viewer_of(request)
            if not viewer.holds(access.permission):
                raise Http404
            if "place" in kwargs:
                viewer.require(access.permission, parse_code(kwargs["place"]))
        with reading() if request.method in READS else nullcontext():
            return view(request, *args, **kwargs)

    run.access = access  # type: ignore[attr-defined]
    return run


def page_of(request: HttpRequest) -> str:
    """Return the address of the page on which the reader stands, to come back there.

    That is where a form was sent from, since where it was sent to may take forms only.
    """
    sender = request.headers.get("Referer", "")
    if request.method in READS or not is_of_this_site(request, sender):
        return request.get_full_path()
    page = urlsplit(sender)
    return f"{page.path or '/'}?{page.query}" if page.query else page.path or "/"


def is_of_this_site(request: HttpRequest, address: str) -> bool:
    """Tell whether an address, with or without its host, leads to a page of this site."""
    hosts = {request.get_host()}
    return url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure())


def may_open(viewer: Viewer, path: str) -> bool:
    """Tell whether the route at `path` lets the viewer in, by what it declares; False if none."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    access: Access | None = getattr(match.func, "access", None)
    if access is None or access.openness is Openness.PUBLIC:
        return access is not None
    if access.permission is None:
        return viewer.system or viewer.user_id is not None
    if "place" in match.kwargs:
        return viewer.may(access.permission, parse_code(match.kwargs["place"]))
    return viewer.holds(access.permission)


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who asks, with all grants of today."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


class ViewerMiddleware:
    """Gives each request its viewer and one reading of the clock; out of scope is 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.viewer_for: Callable[..., Viewer] = import_string(settings.SERENTAK_VIEWER)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def viewer() -> Viewer:
            if not request.user.is_authenticated:
                return PUBLIC
            return self.viewer_for(user_id=request.user.pk, at=clock.now())

        request.viewer = SimpleLazyObject(viewer)  # type: ignore[attr-defined]
        with clock.held():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn OutOfScope into 404, whatever view raised it."""
        if isinstance(error, OutOfScope):
            raise Http404 from error
        return None
