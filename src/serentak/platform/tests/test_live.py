"""Live pages: stamps that tell what a viewer may see apart, parts that come once, streams' begin."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, re_path
from django.utils.module_loading import import_string
from pytest_django import DjangoAssertNumQueries, Settings

from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.viewer import SYSTEM, Grant, Permission, Viewer
from serentak.platform import live
from serentak.platform.access import public, requires
from serentak.platform.audit import Event, record
from serentak.platform.models import User

SEE = Permission("platform.SEE")
AT = datetime(2024, 11, 27, tzinfo=UTC)
HERE, ELSEWHERE = PlaceCode("16"), PlaceCode("32")

STATE = {"open": 1, "hidden": 1}
DRAWN: list[str] = []


class Told(Event):
    """Something happened."""


class Whispered(Event):
    """Something happened that no page of places shows."""

    shows = False


def facts(*, viewer: Viewer, place: str = COUNTRY) -> tuple[int, ...]:
    """What is open, and for those who may see it what is hidden."""
    return (STATE["open"], STATE["hidden"] if viewer.holds(Permission("platform.ALL")) else 0)


@requires(SEE)
@live.live(facts)
def page(request: HttpRequest, place: str) -> HttpResponse:
    """The whole page, or its part."""
    part = f"{STATE['open']}"
    DRAWN.append(part)
    return HttpResponse(part if request.htmx else f"<html>{live.stamp_of(request)} {part}")  # type: ignore[attr-defined]


@public
def quiet(request: HttpRequest, place: str) -> HttpResponse:
    """A page that is not live."""
    return HttpResponse()


urlpatterns = [
    re_path(r"^live-page/(?P<place>[0-9.]+)$", page),
    re_path(r"^quiet-page/(?P<place>[0-9.]+)$", quiet),
    path("", include("serentak.config.urls")),
]


def viewer(*permissions: str, place: PlaceCode = HERE, user_id: int = 1) -> Viewer:
    held = frozenset(map(Permission, permissions))
    return Viewer(user_id=user_id, grants=(Grant(None, "ROLE", held, (place,)),))


def viewer_who_sees(*, user_id: int, at: object) -> Viewer:
    """Whoever signs in sees one province."""
    return viewer(SEE, user_id=user_id)


@pytest.fixture(autouse=True)
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = __name__
    settings.SERENTAK_VIEWER = f"{__name__}.viewer_who_sees"
    assert import_string(settings.SERENTAK_VIEWER) is viewer_who_sees
    monkeypatch.setitem(STATE, "open", 1)
    monkeypatch.setitem(STATE, "hidden", 1)


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def stamp(of: Viewer, address: str = "/live-page/16") -> str:
    found = live.screen(address, of)
    assert found is not None
    return found.stamp


def test_a_stamp_changes_with_what_its_viewer_may_see_alone() -> None:
    some, all_ = viewer(SEE), viewer(SEE, "platform.ALL")
    before = stamp(some), stamp(all_)
    STATE["hidden"] += 1
    assert (stamp(some) == before[0], stamp(all_) == before[1]) == (True, False)
    STATE["open"] += 1
    assert stamp(some) != before[0]


def test_a_stamp_says_nothing_that_could_be_guessed(settings: Settings) -> None:
    some = viewer(SEE)
    before = stamp(some)
    assert stamp(some, "/live-page/16?wall=1") == before
    assert stamp(some, "/live-page/16.02") != before
    settings.SECRET_KEY = "another"
    assert stamp(some) != before


def test_there_is_no_screen_where_there_is_no_live_page_that_one_may_open() -> None:
    some = viewer(SEE)
    for address in ("", "/nowhere", "/quiet-page/16", "/live-page/32", "//x/live-page/32", "live"):
        assert live.screen(address, some) is None
    assert live.screen("//[", some) is None
    assert live.screen("/live-page/16", viewer("platform.OTHER")) is None
    assert live.screen("/live-page/16.02", some) is not None


def test_a_part_says_its_stamp_and_comes_once(signed_in: Client) -> None:
    whole = signed_in.get("/live-page/16")
    assert "ETag" not in whole
    assert "HX-Request" in whole["Vary"]
    part = signed_in.get("/live-page/16", headers={"HX-Request": "true"})
    assert part["Live-Stamp"] in whole.content.decode()
    assert part.content == b"1"
    known = {"HX-Request": "true", "If-None-Match": part["ETag"]}
    again = signed_in.get("/live-page/16", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again["Live-Stamp"] == part["Live-Stamp"]
    STATE["hidden"] += 1
    assert signed_in.get("/live-page/16", headers=known).status_code == 304
    STATE["open"] += 1
    fresh = signed_in.get("/live-page/16", headers=known)
    assert (fresh.status_code, fresh.content) == (200, b"2")
    assert fresh["Live-Stamp"] != part["Live-Stamp"]


@pytest.mark.django_db(transaction=True)
def test_a_part_is_drawn_once_for_all_screens_of_a_kind(signed_in: Client) -> None:
    other = Client()
    other.force_login(User.objects.create(username="sari", full_name="Sari"))
    ask = {"HX-Request": "true"}
    DRAWN.clear()
    parts = [one.get("/live-page/16", headers=ask).content for one in (signed_in, other, other)]
    assert (parts, DRAWN) == ([b"1"] * 3, ["1"])
    signed_in.get("/live-page/16?wall=1", headers=ask)
    assert len(DRAWN) == 2
    STATE["open"] += 1
    assert other.get("/live-page/16", headers=ask).content == b"2"
    assert signed_in.get("/live-page/16", headers=ask).content == b"2"
    assert len(DRAWN) == 3


def test_a_stream_begins_for_one_who_may_open_its_page(signed_in: Client) -> None:
    answer = signed_in.get("/live?of=/live-page/16")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream"
    assert (answer["Cache-Control"], answer["X-Accel-Buffering"]) == ("no-store", "no")
    left = answer.wsgi_request.META[live.STREAM]
    assert (left.path, left.place, left.of) == ("/live-page/16", HERE, "platform")
    assert signed_in.get("/live?of=/live-page/32").status_code == 404
    assert signed_in.get("/live").status_code == 404
    assert Client().get("/live?of=/live-page/16").status_code == 302


def test_a_request_asked_again_is_no_line_in_the_log(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    from serentak.platform.web.middleware import RequestLogMiddleware

    caplog.set_level("INFO")
    log = RequestLogMiddleware(lambda _: HttpResponse())
    for again in ({}, {live.AGAIN: True}):
        request = rf.get("/live", **again)  # type: ignore[arg-type]
        request.resolver_match = SimpleNamespace(view_name="platform:stream")  # type: ignore[assignment]
        log(request)
    assert [one.message for one in caplog.records] == ["request"]


@pytest.mark.django_db(transaction=True)
def test_a_look_asks_for_those_alone_where_something_happened(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    watch = live.Watch()
    found = [live.screen(f"/live-page/{place}", SYSTEM) for place in (HERE, ELSEWHERE)]
    screens = {one.key: one for one in found if one is not None}
    here, elsewhere = screens
    assert watch.stamps(screens, ()).keys() == screens.keys()  # nothing is known yet
    with django_assert_num_queries(1):
        assert watch.stamps(screens, ()) == {}
    assert watch.stamps(screens, {elsewhere}).keys() == {elsewhere}
    with transaction.atomic():
        record(Told(subjects=(), place=HERE), actor=SYSTEM, at=AT)
    assert watch.stamps(screens, ()).keys() == {here}
    with transaction.atomic():
        record(Whispered(subjects=(), place=COUNTRY), actor=SYSTEM, at=AT)
    assert watch.stamps(screens, ()).keys() == screens.keys()
    assert watch.stamps({}, ()) == {}
    assert watch._known == {}
