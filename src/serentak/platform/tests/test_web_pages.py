"""The frame of every page: headers, language, theme, navigation, error pages, health, log lines."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from serentak.kernel.area import BarEntry
from serentak.kernel.refused import OutOfScope
from serentak.platform.access import public
from serentak.platform.models import User
from serentak.platform.web import health
from serentak.platform.web.logs import JsonFormatter, WithoutRequestPaths
from tests.markup import compact

pytestmark = pytest.mark.django_db


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("planted")


@public
def hidden(request: HttpRequest) -> HttpResponse:
    raise OutOfScope("planted")


urlpatterns = [
    path("", include("serentak.config.urls")),
    path("broken", broken, name="broken"),
    path("hidden", hidden),
]
handler404 = "serentak.platform.web.errors.not_found"
handler500 = "serentak.platform.web.errors.server_error"


@pytest.fixture
def with_broken_routes(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


def test_every_answer_carries_the_policy_and_the_headers(client: Client) -> None:
    answer = client.get("/sign-in")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "payment=()" in answer["Permissions-Policy"]
    assert answer["X-Request-ID"]


def test_no_page_of_the_kit_has_inline_code(client: Client) -> None:
    for url in ("/sign-in", "/nowhere"):
        page = client.get(url).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_indonesian_whatever_the_browser_says_until_the_reader_chooses(client: Client) -> None:
    page = client.get("/sign-in", headers={"accept-language": "en-US,en;q=0.9"})
    assert page["Content-Language"] == "id"
    assert '<html lang="id"' in page.content.decode()
    answer = client.post("/language", {"language": "en", "next": "/sign-in?next=/x"})
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in?next=/x"
    assert '<html lang="en"' in client.get("/sign-in").content.decode()


def test_what_people_see_first_is_indonesian(client: Client) -> None:
    page = compact(client.get("/sign-in").content.decode())
    for words in (
        "Langsung ke isi",
        "Nama pengguna",
        ">Kata sandi<",
        "Akun dibuat oleh lembaga Anda",
    ):
        assert words in page
    assert "Sign in" not in page


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_a_choice_never_leads_to_another_site(client: Client, target: str) -> None:
    answer = client.post("/language", {"language": "en", "next": target})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(("url", "name"), [("/language", "language"), ("/theme", "theme")])
def test_an_unknown_choice_is_refused(client: Client, url: str, name: str) -> None:
    assert client.post(url, {name: "xx"}).status_code == 400
    assert client.get(url).status_code == 405


def test_theme_is_kept_in_a_cookie_and_written_into_the_page(client: Client) -> None:
    assert "data-theme=" not in client.get("/sign-in").content.decode().split(">", 2)[1]
    client.post("/theme", {"theme": "dark", "next": "/sign-in"})
    assert '<html lang="id" data-theme="dark"' in client.get("/sign-in").content.decode()


def test_navigation_shows_what_the_reader_may_see(client: Client, person: User) -> None:
    before = client.get("/sign-in").content.decode()
    assert "Kesehatan" in before
    assert ">Akun<" not in before
    client.force_login(person)
    after = client.get("/account").content.decode()
    assert '<a href="/account" aria-current="page">Akun</a>' in after
    assert "Rahasia" not in after
    assert "Rini Pedati" in after


def test_a_page_with_an_entry_of_its_own_is_in_one_place_only(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = (
        BarEntry("Dapur", "platform:health", namespaces=("", "platform")),
        BarEntry("Akun", "account_change_password"),
    )
    monkeypatch.setattr("serentak.platform.tests.builders.NAVIGATION", entries)
    client.force_login(person)
    text = client.get("/account").content.decode()
    assert text.count('aria-current="page"') == 1
    assert '<a href="/account" aria-current="page">Akun</a>' in text


def test_an_entry_under_another_stands_beside_it_on_their_pages(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = (
        BarEntry("Dapur", "platform:health"),
        BarEntry("Akun", "account_change_password", under="platform:health"),
    )
    monkeypatch.setattr("serentak.platform.tests.builders.NAVIGATION", entries)
    client.force_login(person)
    text = client.get("/account").content.decode()
    bar, beside = text.split('<nav class="beside"')
    assert 'aria-current="page">Dapur</a>' in bar
    assert ">Akun</a>" not in bar
    assert [word in beside for word in (">Dapur</a>", 'aria-current="page">Akun</a>')] == [True] * 2
    client.logout()
    assert 'class="beside"' not in client.get("/sign-in").content.decode()


def test_what_is_not_there_and_what_is_out_of_scope_look_the_same(
    client: Client, with_broken_routes: None
) -> None:
    nowhere, out = client.get("/nowhere"), client.get("/hidden")
    assert nowhere.status_code == out.status_code == 404
    clean = [
        re.sub(r"[0-9a-f]{16}|value=\"[^\"]+\"|: \"\w{64}\"", "", p.content.decode())
        for p in (nowhere, out)
    ]
    assert clean[0] == clean[1].replace("/hidden", "/nowhere")


def test_a_failure_is_answered_in_the_style_of_the_house(
    client: Client, with_broken_routes: None, caplog: pytest.LogCaptureFixture
) -> None:
    client.raise_request_exception = False
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_with_a_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language", {"language": "en"})
    assert answer.status_code == 403
    assert '<main class="wrap stack"' in answer.content.decode()


def test_a_body_over_the_limit_is_refused_unread(client: Client, settings: Settings) -> None:
    class Unreadable:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    length = str(50 * 1024 * 1024)
    answer = client.post("/language", CONTENT_LENGTH=length, **{"wsgi.input": Unreadable()})
    assert answer.status_code == 413
    assert str(settings.SERENTAK_REQUEST_MB) in answer.content.decode()


def test_health_tells_database_migrations_and_worker(client: Client) -> None:
    health._migrations_are_current = False
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": True,
        "migrations": True,
        "writable": True,
        "worker_seconds": None,
    }


def test_health_tells_how_long_ago_a_worker_was_heard(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
        )
    assert 59 < client.get("/health").json()["worker_seconds"] < 70


def test_health_is_503_without_its_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = health.Health(database=False, migrations=True, writable=False, worker_seconds=None)
    monkeypatch.setattr(health, "look", lambda: found)
    assert client.get("/health").status_code == 503


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, object]]]:
    found: list[dict[str, object]] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(self.format(record)))

    handler = Keeps()
    handler.setFormatter(JsonFormatter())
    handler.addFilter(WithoutRequestPaths())
    root = logging.getLogger()
    root.addHandler(handler)
    yield found
    root.removeHandler(handler)


def test_a_request_leaves_one_line_without_path_or_name(
    client: Client, person: User, lines: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.force_login(person)
    answer = client.get("/account?rahasia=Rini", headers={"X-Request-ID": "abcdef-123456"})
    client.get("/nowhere/Rini")
    mine = [line for line in lines if line["logger"] == "serentak.request"]
    assert mine[0] | {"ms": 0, "at": ""} == {
        "at": "",
        "level": "INFO",
        "logger": "serentak.request",
        "message": "request",
        "request_id": "abcdef-123456",
        "method": "GET",
        "route": "account_change_password",
        "status": 200,
        "ms": 0,
        "user_id": person.pk,
    }
    assert answer["X-Request-ID"] == "abcdef-123456"
    assert "Rini" not in json.dumps(lines)
    assert "rini" not in json.dumps(lines)


def test_a_failure_leaves_its_traceback_without_the_path(
    client: Client, with_broken_routes: None, lines: list[dict[str, object]]
) -> None:
    client.raise_request_exception = False
    client.get("/broken?nama=Rini")
    failures = [line for line in lines if "exception" in line]
    assert len(failures) == 1
    assert "planted" in str(failures[0]["exception"])
    assert "nama=Rini" not in json.dumps(lines)
