"""Which entries the bar shows to whom: a list in settings, read for each request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from serentak.kernel.codes import COUNTRY, Level, PlaceCode, parse_code
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.access import viewer_of


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry: shown to all who are signed in, or to those who hold `permission` anywhere.

    `namespaces` are the URL namespaces whose pages count as "you are here", but for a page that has
    an entry of its own; without them only the entry's own URL does. `public` entries are shown
    without an account too. With `deepest` the entry leads to a place's page: that of the page
    shown, where the permission holds and the place lies no deeper, else the topmost place where it
    holds. An entry with a `count` stands among the tools, with how much waits there; it may ask one
    query.
    """

    label: str | Promise
    url_name: str
    permission: Permission | None = None
    namespaces: tuple[str, ...] = ()
    public: bool = False
    deepest: Level | None = None
    count: Callable[[Viewer], int] | None = None


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry as this request sees it."""

    label: str | Promise
    url: str
    is_here: bool
    count: int | None = None


def items(request: HttpRequest) -> list[NavItem]:
    """Return the entries of `SERENTAK_NAVIGATION` (dotted path to a sequence) for this request."""
    entries: Sequence[NavEntry] = import_string(settings.SERENTAK_NAVIGATION)
    match = request.resolver_match
    view_name = match.view_name if match else ""
    namespace = match.namespace if match else ""
    has_own = any(entry.url_name == view_name for entry in entries)
    return [
        NavItem(
            label=entry.label,
            url=url,
            is_here=entry.url_name == view_name if has_own else namespace in entry.namespaces,
            count=entry.count(viewer_of(request)) if entry.count else None,
        )
        for entry in entries
        if _shown(entry, request) and (url := _url(entry, request))
    ]


def _url(entry: NavEntry, request: HttpRequest) -> str:
    """Return where an entry leads, empty where there is no place to show."""
    if entry.deepest is None or entry.permission is None:
        return reverse(entry.url_name)
    viewer = viewer_of(request)
    match = request.resolver_match
    here = parse_code(match.kwargs.get("place", "")) if match else COUNTRY
    if here:
        here = PlaceCode(here[: entry.deepest])
        if viewer.may(entry.permission, here):
            return reverse(entry.url_name, args=[here])
    top = [place for place in viewer.places(entry.permission) if place]
    return reverse(entry.url_name, args=[PlaceCode(top[0][: entry.deepest])]) if top else ""


def _shown(entry: NavEntry, request: HttpRequest) -> bool:
    if entry.public:
        return True
    if not request.user.is_authenticated:
        return False
    return entry.permission is None or viewer_of(request).holds(entry.permission)
