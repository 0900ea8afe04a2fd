"""Every route says who may call it."""

from collections.abc import Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from serentak.platform.access import Access, public

FOREIGN = ("allauth.",)
"""Sign-in pages of the library: public or guarded by its own decorators."""


def _routes(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry.url_patterns, route)
        else:
            yield route, entry.callback


def undeclared(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    """Return the routes whose view declares no access."""
    return [
        route
        for route, view in _routes(patterns)
        if not isinstance(getattr(view, "access", None), Access)
        and not getattr(view, "__module__", "").startswith(FOREIGN)
    ]


def test_every_route_declares_its_access() -> None:
    assert undeclared(get_resolver().url_patterns) == []


def test_a_route_without_access_is_caught() -> None:
    def open_door(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    def declared(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    planted = [path("open", open_door), path("declared", public(declared))]
    assert undeclared(planted) == ["open"]
