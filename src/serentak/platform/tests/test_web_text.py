"""What stands in addresses and forms is cleaned before any view reads it."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from serentak.platform.web.middleware import TextMiddleware


def sent(request: HttpRequest) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the parameters and fields that a view would read."""
    middleware = TextMiddleware(lambda _: HttpResponse())
    middleware(request)
    middleware.process_view(request)
    return dict(request.GET.lists()), dict(request.POST.lists())


def test_parameters_and_fields_are_cleaned() -> None:
    request = RequestFactory().post(
        "/x?person_q=Ra\x00tna&q=\u202e16",
        {"reason_14": "ba\x00njir", "own": ["a\r\nb", "\ufeffc"], "nam\x00e": "d"},
    )
    assert sent(request) == (
        {"person_q": ["Ratna"], "q": ["16"]},
        {"reason_14": ["banjir"], "own": ["a\nb", "c"], "name": ["d"]},
    )


def test_a_password_stays_as_it_was_typed() -> None:
    request = RequestFactory().post("/x", {"password": "a\u200bb", "note": "a\u200bb"})
    assert sent(request)[1] == {"password": ["a\u200bb"], "note": ["ab"]}


def test_nobody_changes_what_was_sent() -> None:
    request = RequestFactory().get("/x?a=1")
    sent(request)
    assert not request.GET._mutable
