"""Screens that listen to streams, as many as are wanted, in one process and without a browser."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

PATIENCE = 60.0


@dataclass(eq=False)
class Listener:
    """One screen with its open stream; `heard` is what came since the last deed."""

    server: tuple[str, int]
    cookie: str
    page: str
    link: socket.socket
    heard: bytearray = field(default_factory=bytearray)

    def ask(self, path: str, *headers: str) -> socket.socket:
        """Send a request on a connection of its own."""
        link = socket.create_connection(self.server, timeout=PATIENCE)
        _send(link, path, f"Cookie: {self.cookie}", "Connection: close", *headers)
        return link


def _send(link: socket.socket, path: str, *headers: str) -> None:
    link.sendall(
        "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()
    )


@contextmanager
def listening(url: str, page: str, cookies: Sequence[str], count: int) -> Iterator[list[Listener]]:
    """Give `count` open streams of a page, the accounts in their turn; all have begun."""
    parts = urlsplit(url)
    server = (parts.hostname or "localhost", parts.port or 80)
    opened: list[Listener] = []
    try:
        for number in range(count):
            cookie = cookies[number % len(cookies)]
            link = socket.create_connection(server, timeout=PATIENCE)
            _send(link, f"/live?of={quote(page)}", f"Cookie: {cookie}")
            opened.append(Listener(server, cookie, page, link))
            if number % 50 == 49:
                told(opened[-50:], b"event: ")
        told(opened, b"event: ")
        yield opened
    finally:
        for listener in opened:
            listener.link.close()


def told(
    listeners: Sequence[Listener], sign: bytes, *, fetches: bool = False
) -> tuple[list[float], list[float]]:
    """Wait until all have heard the sign; at which moments they did, and had fetched their part."""
    heard, shown = [], []
    deadline = time.perf_counter() + PATIENCE
    with selectors.DefaultSelector() as selector:
        for listener in listeners:
            if sign not in listener.heard:
                selector.register(listener.link, selectors.EVENT_READ, listener)
        while selector.get_map():
            if time.perf_counter() > deadline:
                raise RuntimeError(f"{len(selector.get_map())} screens heard nothing.")
            for key, _ in selector.select(1):
                link, listener = key.fileobj, key.data
                assert isinstance(link, socket.socket)
                piece = link.recv(65536)
                if listener is None:  # a part that is fetched
                    if not piece:
                        shown.append(time.perf_counter())
                        selector.unregister(link)
                        link.close()
                    continue
                listener.heard += piece
                if sign in listener.heard:
                    heard.append(time.perf_counter())
                    selector.unregister(link)
                    if fetches:
                        part = listener.ask(listener.page, "HX-Request: true")
                        selector.register(part, selectors.EVENT_READ, None)
                elif not piece:
                    raise RuntimeError(f"A stream ended: {bytes(listener.heard)!r}")
    return heard, shown


def delays(
    listeners: Sequence[Listener], deed: Callable[[], object], times: int, *, fetches: bool
) -> tuple[list[float], list[float]]:
    """Return after how many seconds each screen was told of each deed, and showed it."""
    all_heard, all_shown = [], []
    for number in range(times):
        for listener in listeners:
            listener.heard.clear()
        deed()
        saved = time.perf_counter()
        heard, shown = told(listeners, b"event: tick", fetches=fetches)
        all_heard += [moment - saved for moment in heard]
        all_shown += [moment - saved for moment in shown]
        time.sleep(0.3 + 0.37 * (number % 3))  # looks come twice a second, deeds at any time
    return all_heard, all_shown
