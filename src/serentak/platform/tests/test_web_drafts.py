"""A device learns which form was taken in, and a sign-in leads back to where one was."""

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from pytest_django import Settings

from serentak.kernel.refused import Refused
from serentak.platform.access import page_of
from serentak.platform.models import User
from serentak.platform.web.drafts import COOKIE, TakenMiddleware, led_back

HERE = "http://testserver"


def posted(path: str, referer: str = "") -> HttpRequest:
    given = {"HTTP_REFERER": referer} if referer else {}
    return RequestFactory().post(path, **given)  # type: ignore[arg-type]  # headers are text


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        (f"{HERE}/coordination/actions/7?tab=2#steps", "/coordination/actions/7?tab=2"),
        (HERE, "/"),
        ("", "/coordination/actions/7/complete"),
        ("https://elsewhere.example/x", "/coordination/actions/7/complete"),
        ("javascript:x", "/coordination/actions/7/complete"),
    ],
)
def test_one_comes_back_to_the_page_of_a_form(referer: str, page: str) -> None:
    assert page_of(posted("/coordination/actions/7/complete", referer)) == page


def test_one_comes_back_to_a_page_that_was_asked_for() -> None:
    request = RequestFactory().get("/16/?x=1", HTTP_REFERER=f"{HERE}/elsewhere")
    assert page_of(request) == "/16/?x=1"


@pytest.mark.django_db
def test_a_session_that_is_over_leads_back_to_the_page_of_the_form(client: Client) -> None:
    answer = client.post("/account", HTTP_REFERER=f"{HERE}/16.02/report?all")
    assert answer["Location"] == "/sign-in?next=/16.02/report%3Fall"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "to"),
    [("/16.02/report", "/16.02/report"), ("", "/account"), ("//elsewhere.example", "/account")],
)
def test_one_click_leads_to_where_one_was_going(
    client: Client, person: User, settings: Settings, wanted: str, to: str
) -> None:
    settings.SERENTAK_DEMO = True
    answer = client.post("/sign-in/demo", {"username": "rini", "next": wanted})
    assert answer["Location"] == to
    client.logout()
    page = client.get("/sign-in?next=/16.02/report").content.decode()
    assert page.count('name="next" value="/16.02/report"') >= 2, "the form and each one-click form"


def taken(request: HttpRequest, answer: HttpResponse, user: User | None) -> str:
    request.user = user or User()
    if user is None:
        request.user = type("Nobody", (), {"is_authenticated": False})()  # type: ignore[assignment]
    cookie = TakenMiddleware(lambda _: answer)(request).cookies.get(COOKIE)
    return cookie.coded_value if cookie else ""


def test_only_a_form_that_was_taken_in_is_marked() -> None:
    on, user = HttpResponseRedirect("/16/"), User()
    assert taken(posted("/16/report?all"), on, user) == "%2F16%2Freport%3Fall"
    assert taken(posted("/16/report"), HttpResponse(status=422), user) == ""
    assert taken(posted("/16/report"), HttpResponse(status=503), user) == ""
    assert taken(RequestFactory().get("/16/report"), HttpResponseRedirect("/16/"), user) == ""
    assert taken(posted("/16/report"), HttpResponseRedirect("/sign-in"), None) == ""


@pytest.mark.django_db
def test_a_refused_button_is_not_taken_in(client: Client, person: User) -> None:
    request = client.get("/sign-in").wsgi_request
    request.method = "POST"
    back = led_back(request, str(Refused("x")), "/16/")
    assert taken(request, back, person) == ""
    assert back["Location"] == "/16/"


@pytest.mark.django_db
def test_only_who_is_signed_in_gets_the_script(client: Client, person: User) -> None:
    assert "platform/drafts" not in client.get("/sign-in").content.decode()
    client.force_login(person)
    page = client.get("/account").content.decode()
    assert f'<template data-drafts="{person.pk}"' in page
    assert "platform/drafts" in page
    assert page.count("data-ends-drafts") == 1
    assert page.count("data-keeps-drafts") == 1
