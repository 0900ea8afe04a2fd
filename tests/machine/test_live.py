"""Streams over a socket: told within two seconds, of nothing hidden, ended when the process ends."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client

from serentak.config.cli_run import web_command
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.places.events import ExternalCodeSet
from serentak.platform.audit import record
from serentak.platform.models import User
from tests.cast import AT, OKI, PALEMBANG, Cast, assemble

from .running import eventually

SITE = "tests.machine.live_site:entry"


class Site:
    """The web process on the tests' own database, and the streams that are opened on it."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], cast: Cast) -> None:
        self.port, self.process, self.cast = port, process, cast
        self.links: list[http.client.HTTPConnection | http.client.HTTPResponse] = []

    def session(self, user_id: int) -> str:
        client = Client()
        client.force_login(User.objects.get(pk=user_id))
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, path: str, session: str = "", **headers: str) -> http.client.HTTPResponse:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
        link.request("GET", path, headers={"Host": "localhost", **cookie, **headers})
        self.links.append(link)
        answer = link.getresponse()
        self.links.append(answer)
        return answer

    def close(self) -> None:
        for link in reversed(self.links):
            link.close()

    def listen(self, session: str, place: PlaceCode = OKI, **headers: str) -> "Ear":
        return Ear(self.ask(f"/live?of=/seen/{place}", session, **headers))


class Ear:
    """An open stream."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.answer = answer
        self.socket: socket.socket = answer.fp.raw._sock  # type: ignore[union-attr]

    def next(self, seconds: float = 5) -> tuple[str, str]:
        """The next event and its data; nothing where the stream ended or is silent so long."""
        self.socket.settimeout(seconds)
        lines = []
        with suppress(TimeoutError):
            while line := self.answer.readline().decode().strip():
                lines.append(line)
        told = dict(line.split(": ", 1) for line in lines)
        return told.get("event", ""), told.get("data", "")

    def close(self) -> None:
        self.answer.close()
        self.socket.close()


def deed(body: str, place: PlaceCode = OKI) -> None:
    with transaction.atomic():
        event = ExternalCodeSet(subjects=(), place=place, body=body, code=body)
        record(event, actor=SYSTEM, at=AT)


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    cast = assemble()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = web_command(host="127.0.0.1", port=port, workers=1)
    process = subprocess.Popen(
        [SITE if part == "serentak.config.wsgi:entry" else part for part in command],
        env={
            **os.environ,
            "SERENTAK_DEMO": "1",
            "SERENTAK_LOG": "ERROR",
            "SERENTAK_DATABASE": str(connection.settings_dict["NAME"]),
            "SERENTAK_SECRET_KEY": settings.SECRET_KEY,
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        start_new_session=True,
    )
    site = Site(port, process, cast)

    def answers() -> bool:
        with suppress(OSError):
            return site.ask("/health").status == 200
        return False

    try:
        assert eventually(answers, 60)
        yield site
    finally:
        site.close()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_deed_of_another_process_is_told_within_two_seconds(site: Site) -> None:
    session = site.session(site.cast.governor_desk.user_id)
    ears = [site.listen(session) for _ in range(3)]
    begin = [ear.next() for ear in ears]
    assert {event for event, _ in begin} == {"sees"}
    assert ears[0].answer.getheader("Content-Type") == "text/event-stream"
    assert ears[0].answer.getheader("X-Accel-Buffering") == "no"
    assert ears[0].answer.getheader("Cache-Control") == "no-store"

    began = time.monotonic()
    deed("OPEN")
    ticks = [ear.next() for ear in ears]
    assert time.monotonic() - began < 2
    assert {event for event, _ in ticks} == {"tick"}
    assert ticks[0] != begin[0]

    # The part says the very stamp, and does not come twice.
    part = site.ask(f"/seen/{OKI}", session, **{"HX-Request": "true"})
    assert part.getheader("Live-Stamp") == ticks[0][1]
    assert part.read() == b"1 deeds"
    again = {"HX-Request": "true", "If-None-Match": str(part.getheader("ETag"))}
    assert site.ask(f"/seen/{OKI}", session, **again).status == 304

    # Who comes back is told what was missed, and nothing else.
    known = site.listen(session, **{"Last-Event-ID": begin[0][1]}).next()
    assert known == ticks[0]
    assert site.listen(session, **{"Last-Event-ID": ticks[0][1]}).next()[0] == "sees"


def test_what_is_hidden_or_elsewhere_is_not_told(site: Site) -> None:
    session = site.session(site.cast.governor_desk.user_id)
    ear = site.listen(session)
    ear.next()
    deed("HIDDEN")
    deed("OPEN", PALEMBANG)
    assert ear.next(3) == ("", "")


def test_who_may_not_open_the_page_may_not_listen(site: Site) -> None:
    # http.client follows nothing
    assert site.ask(f"/live?of=/seen/{OKI}").status == 302
    session = site.session(site.cast.regent_desk.user_id)
    assert site.ask(f"/live?of=/seen/{PALEMBANG}", session).status == 404
    assert site.ask(f"/live?of=/{OKI}/", session).status == 404  # a page that is not live
    assert site.ask("/live", session).status == 404
    head = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    head.request("HEAD", f"/live?of=/seen/{OKI}", headers={"Host": "localhost", "Cookie": cookie})
    assert head.getresponse().status == 200  # and it is over
    head.close()
    assert site.ask(f"/live?of=//elsewhere/seen/{PALEMBANG}", session).status == 404


def test_a_session_that_ended_ends_its_stream(site: Site) -> None:
    ear = site.listen(site.session(site.cast.governor_desk.user_id))
    assert ear.next()[0] == "sees"
    Session.objects.all().delete()
    told = ear.next(40)
    while told[0] == "beat":
        told = ear.next(40)
    assert told == ("over", "signed-out")
    assert ear.next() == ("", "")


def test_there_are_so_many_of_an_account_and_room_again_once_one_left(site: Site) -> None:
    session = site.session(site.cast.governor_desk.user_id)
    ears = [site.listen(session) for _ in range(8)]
    assert {ear.next()[0] for ear in ears} == {"sees"}
    refused = site.ask(f"/live?of=/seen/{OKI}", session)
    assert (refused.status, refused.getheader("Retry-After")) == (503, "60")
    other = site.listen(site.session(site.cast.regent_desk.user_id))
    assert other.next()[0] == "sees"
    ears[0].close()
    assert eventually(lambda: site.ask(f"/live?of=/seen/{OKI}", session).status == 200, 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_at_once_with_streams_open(site: Site, number: signal.Signals) -> None:
    session = site.session(site.cast.governor_desk.user_id)
    ears = [site.listen(session) for _ in range(5)]
    assert {ear.next()[0] for ear in ears} == {"sees"}
    began = time.monotonic()
    site.process.send_signal(number)
    assert ears[0].next() == ("", "")
    site.process.wait(10)
    assert time.monotonic() - began < 3
