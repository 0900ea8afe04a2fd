"""Raw sockets against the web process: who sends slowly, in part or too much waits alone.

Its database does not run, and pages say so without a wait.
"""

import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from serentak.config.cli_run import web_command

from .running import alive, children_of, eventually

FORM = (
    b"--edge\r\n"
    b'Content-Disposition: form-data; name="language"\r\n\r\nen\r\n'
    b"--edge\r\n"
    b'Content-Disposition: form-data; name="next"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\n" + b"x" * 3000 + b"\r\n"
    b"--edge--\r\n"
)
MULTIPART = "multipart/form-data; boundary=edge"


class Web:
    """The web process, and ways to send to it byte by byte."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.process = process

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def head(self, length: object, kind: str = MULTIPART, path: str = "/language") -> bytes:
        return (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {length}\r\n\r\n"
        ).encode()

    def send(self, data: bytes, *, end: bool = False) -> tuple[int, str]:
        with self.connect() as connection:
            connection.sendall(data)
            if end:
                connection.shutdown(socket.SHUT_WR)
            return answer_on(connection)

    def seconds_for_a_page(self) -> float:
        began = time.monotonic()
        with urllib.request.urlopen(f"http://localhost:{self.port}/static/platform/ui.js") as page:
            assert page.read()
        return time.monotonic() - began

    def answers(self) -> bool:
        try:
            return self.seconds_for_a_page() > 0
        except OSError:
            return False


def answer_on(connection: socket.socket) -> tuple[int, str]:
    """The status and the text of an answer; 0 where the connection is closed without one."""
    received = b""
    while b"\r\n\r\n" not in received and (piece := connection.recv(65536)):
        received += piece
    if not received:
        return 0, ""
    head, _, body = received.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line[15:]) and (piece := connection.recv(65536)):
                body += piece
    return int(head.split()[1]), body.decode(errors="replace")


@contextmanager
def serving(home: Path, workers: int) -> Iterator[Web]:
    """The web process with an empty home folder, so without a database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        web_command(host="127.0.0.1", port=port, workers=workers),
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "serentak.config.settings",
            "SERENTAK_HOME": str(home),
            "SERENTAK_DEMO": "1",
            "SERENTAK_LOG": "CRITICAL",
        },
        start_new_session=True,
    )
    web = Web(port, process)
    try:
        assert eventually(web.answers, 60)
        yield web
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("home"), workers=1) as web:
        yield web


@contextmanager
def dripping(web: Web, count: int, first: bytes, piece: bytes) -> Iterator[list[socket.socket]]:
    """Connections that have begun to send, each of which sends a piece a second."""
    stop = threading.Event()
    with ExitStack() as stack:
        sockets = [stack.enter_context(web.connect()) for _ in range(count)]
        for connection in sockets:
            connection.sendall(first)

        def drip() -> None:
            while not stop.wait(1):
                for connection in sockets:
                    with suppress(OSError):
                        connection.send(piece)

        thread = threading.Thread(target=drip)
        thread.start()
        yield sockets
        stop.set()
        thread.join()


@pytest.mark.parametrize(("count", "piece"), [(4, b""), (200, b"x"), (50, b"x" * 20_000)], ids=str)
def test_slow_bodies_keep_nobody_waiting(web: Web, count: int, piece: bytes) -> None:
    with dripping(web, count, web.head(1_500_000), piece):
        time.sleep(1)
        assert max(web.seconds_for_a_page() for _ in range(5)) < 3


def test_static_files_are_named_by_content_compressed_and_kept_for_ever(web: Web) -> None:
    page = web.send(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")[1]
    names = re.findall(r"/static/[^\"']+", page)
    assert names
    for name in names:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", name)
        request = urllib.request.Request(
            f"http://localhost:{web.port}{name}", headers={"Accept-Encoding": "gzip, br"}
        )
        with urllib.request.urlopen(request) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Encoding"] == "br" or len(answer.read()) < 1000


def test_slow_headers_keep_nobody_waiting_and_have_a_time_limit(web: Web) -> None:
    with dripping(web, 200, b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"x") as sockets:
        assert max(web.seconds_for_a_page() for _ in range(5)) < 3
        sockets[0].settimeout(15)
        assert sockets[0].recv(1) == b""


def test_a_body_that_does_not_come_on_is_refused(web: Web) -> None:
    with web.connect() as connection:
        connection.settimeout(30)
        connection.sendall(web.head(1000) + b"--edge")
        status, text = answer_on(connection)
    assert status == 408
    assert "Tidak ada yang disimpan" in text


@pytest.mark.parametrize("cut", [0, 1, 30, FORM.index(b"x"), len(FORM) - 12, len(FORM) - 1])
def test_a_body_shorter_than_announced_is_refused_and_the_repeat_works(web: Web, cut: int) -> None:
    assert web.send(web.head(len(FORM)) + FORM[:cut], end=True)[0] in {0, 400}
    assert web.send(web.head(len(FORM)) + FORM)[0] == 403  # the view's: no token
    url_encoded = "application/x-www-form-urlencoded"
    assert web.send(web.head(11, url_encoded) + b"language=", end=True)[0] in {0, 400}


@pytest.mark.parametrize("cut", [1, 30, FORM.index(b"x"), len(FORM) - 12, len(FORM) - 3])
def test_a_form_without_its_end_is_refused_whole(web: Web, cut: int) -> None:
    status, text = web.send(web.head(cut) + FORM[:cut])
    assert status == 400
    assert "sampai sebagian" in text


def test_too_much_is_refused_unread(web: Web) -> None:
    status, text = web.send(web.head(50 * 1024 * 1024))
    assert status == 413
    assert "40 MB" in text
    assert web.send(web.head("12x"))[0] in {0, 400, 413}


def test_a_body_without_a_length_is_refused(web: Web) -> None:
    chunked = b"POST /language HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert web.send(chunked + b"2\r\nhe\r\n0\r\n\r\n")[0] == 411


def test_a_header_with_an_underscore_is_not_the_proxys(web: Web) -> None:
    request = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX_Request_ID: abcdefgh1234\r\n\r\n"
    with web.connect() as connection:
        connection.sendall(request)
        assert b"abcdefgh1234" not in connection.recv(4096)


def test_pages_say_at_once_that_the_database_is_away(web: Web) -> None:
    request = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def timed(_: int) -> tuple[int, str, float]:
        began = time.monotonic()
        return *web.send(request), time.monotonic() - began

    with ThreadPoolExecutor(50) as readers:
        answers = list(readers.map(timed, range(200)))
    assert {status for status, _, _ in answers} == {503}
    assert all("tidak dapat menjangkau datanya" in text for _, text, _ in answers)
    assert max(seconds for _, _, seconds in answers) < 4
    status, text = web.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status == 503
    assert '"database": false' in text


def serving_processes(web: Web) -> list[int]:
    """The processes that have loaded all and answer; they have threads by then."""
    return [
        child
        for child in children_of(web.process.pid)
        if len(list(Path(f"/proc/{child}/task").iterdir())) > 1
    ]


def test_a_killed_process_is_not_felt_and_none_survives_its_master(tmp_path: Path) -> None:
    with serving(tmp_path, workers=2) as web:
        assert eventually(lambda: len(serving_processes(web)) == 2, 60)
        killed, other = serving_processes(web)
        os.kill(killed, signal.SIGKILL)
        time.sleep(0.2)
        assert all(web.answers() for _ in range(20))
        assert eventually(lambda: len(children_of(web.process.pid)) == 2)
        rest = children_of(web.process.pid)
        assert other in rest
        os.kill(web.process.pid, signal.SIGKILL)
        assert eventually(lambda: not any(alive(one) for one in rest))
