"""Access: what a route declares is what a caller meets."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import PUBLIC, Grant, Permission, Viewer
from serentak.platform.access import Access, Openness, may_open, public, requires, signed_in
from serentak.platform.models import User

READ = Permission("x.READ")


def answer(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("ok")


def ask(view, *, viewer: Viewer = PUBLIC, known: bool = True, **kwargs) -> HttpResponse:
    request = RequestFactory().get("/x")
    request.user = User(id=1) if known else AnonymousUser()
    request.viewer = viewer
    return view(request, **kwargs)


def test_views_carry_their_declaration() -> None:
    assert public(answer).access == Access(Openness.PUBLIC)
    assert requires(READ)(answer).access == Access(Openness.PERMITTED, READ)


def test_a_stranger_is_asked_to_sign_in(settings) -> None:
    settings.LOGIN_URL = "/sign-in"
    for view in (signed_in(answer), requires(READ)(answer)):
        response = ask(view, known=False)
        assert response.status_code == 302
        assert response.headers["Location"] == "/sign-in?next=/x"


def test_a_person_without_the_permission_finds_nothing() -> None:
    with pytest.raises(Http404):
        ask(requires(READ)(answer))


def test_the_permission_must_hold_at_the_place_of_the_url() -> None:
    viewer = Viewer(user_id=1, grants=(Grant(1, "r", frozenset({READ}), (PlaceCode("16.02"),)),))
    assert ask(requires(READ)(answer), viewer=viewer).content == b"ok"
    assert ask(requires(READ)(answer), viewer=viewer, place="16.02.01").content == b"ok"
    with pytest.raises(OutOfScope):
        ask(requires(READ)(answer), viewer=viewer, place="16.03")


def test_a_link_is_offered_only_where_its_route_lets_the_viewer_in() -> None:
    desk = Permission("desk.VIEW_DESK")
    grant = Grant(1, "r", frozenset({desk}), (PlaceCode("16.02"),))
    viewer = Viewer(user_id=1, grants=(grant,))
    assert may_open(viewer, "/16.02/")
    assert may_open(viewer, "/16.02.14/")
    assert not may_open(viewer, "/16/")
    assert not may_open(viewer, "/nowhere/at/all")
    assert not may_open(PUBLIC, "/16.02/")
