"""What pages and /health say when a request, the database or the disk is in trouble."""

import errno
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from pytest_django import Settings

from serentak.platform.access import public
from serentak.platform.web import errors, health
from serentak.platform.web.middleware import OutageMiddleware
from serentak.platform.web.outage import Trouble, trouble_in
from serentak.platform.web.refused_requests import REFUSAL, Refusal

pytestmark = pytest.mark.django_db

FAULT: dict[str, BaseException] = {}


@public
def faulty(request: HttpRequest) -> HttpResponse:
    raise FAULT["error"]


urlpatterns = [path("", include("serentak.config.urls")), path("faulty", faulty)]
handler500 = "serentak.platform.web.errors.server_error"


@pytest.fixture
def with_faulty_route(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


def test_health_is_503_where_nothing_can_be_written(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    monkeypatch.setattr(health, "_written_at", -health._WRITE_SECONDS)
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = str(tmp_path / "file")
    assert client.get("/health").json()["writable"] is False
    settings.MEDIA_ROOT = str(tmp_path / "evidence")
    assert client.get("/health").json()["writable"] is True
    monkeypatch.setattr(health, "_written_at", -health._WRITE_SECONDS)
    monkeypatch.setattr(cache, "set", lambda *_: None)  # as the cache does when it fails
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["writable"]) == (503, False)


class ServerSays(Exception):
    """An error of the driver with the code that the server gave."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (raised(OperationalError(), ServerSays(None)), Trouble.AWAY),
        (raised(InterfaceError(), ServerSays(None)), Trouble.AWAY),
        (raised(OperationalError(), ServerSays("57P03")), Trouble.AWAY),
        (raised(OperationalError(), ServerSays("08006")), Trouble.AWAY),
        (raised(OperationalError(), ServerSays("53100")), Trouble.READ_ONLY),
        (raised(InternalError(), ServerSays("25006")), Trouble.READ_ONLY),
        (raised(RuntimeError(), OSError(errno.ENOSPC, "full")), Trouble.READ_ONLY),
        (raised(OperationalError(), ServerSays("57014")), None),
        (raised(DatabaseError(), ServerSays(None)), None),
        (OSError(errno.EPERM, "no"), None),
        (RuntimeError(), None),
        (None, None),
    ],
    ids=repr,
)
def test_trouble_is_told_from_an_error(
    error: BaseException | None, trouble: Trouble | None
) -> None:
    assert trouble_in(error) is trouble


def test_an_outage_and_a_full_disk_are_told_on_the_page(
    with_faulty_route: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = raised(OperationalError(), ServerSays(None))
    full = OSError(errno.ENOSPC, "full")
    for error, status, word in ((lost, 503, "cannot reach"), (full, 507, "Nothing can be saved")):
        monkeypatch.setitem(FAULT, "error", error)
        client = Client(raise_request_exception=False, headers={"cookie": "serentak_language=en"})
        answer = client.get("/faulty")
        assert answer.status_code == status
        assert word in answer.content.decode()


@pytest.mark.parametrize("refusal", list(Refusal))
def test_what_was_not_taken_in_is_refused_with_a_page(client: Client, refusal: Refusal) -> None:
    answer = client.post("/language", {"language": "en"}, **{REFUSAL: refusal})
    assert answer.status_code == refusal.value
    assert answer["Connection"] == "close"
    assert "Tidak ada yang disimpan" in answer.content.decode()
    assert "serentak_language" not in answer.cookies


def test_others_are_told_of_an_outage_without_waiting_for_the_database() -> None:
    asked: list[str] = []

    def get_response(request: HttpRequest) -> HttpResponse:
        asked.append(request.path)
        return errors.unreachable() if len(asked) < 3 else HttpResponse()

    middleware = OutageMiddleware(get_response)
    request = RequestFactory().get("/")
    assert [middleware(request).status_code for _ in range(3)] == [503, 503, 503]
    assert len(asked) == 1
    middleware(RequestFactory().get("/health"))
    assert len(asked) == 2
    middleware._next_look = 0  # the pause is over
    assert [middleware(request).status_code for _ in range(2)] == [200, 200]
    assert middleware._next_look is None
