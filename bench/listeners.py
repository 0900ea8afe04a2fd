"""Screens that listen to streams, as many as are wanted, in one process and without a browser."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

PATIENCE = 30.0


@dataclass(eq=False)
class Listener:
    """One open stream; `heard` is what came since it was asked last."""

    link: socket.socket
    heard: bytearray = field(default_factory=bytearray)


@contextmanager
def listening(url: str, page: str, cookies: Sequence[str], count: int) -> Iterator[list[Listener]]:
    """Give `count` open streams of a page, the accounts in their turn; all have begun."""
    parts = urlsplit(url)
    opened = []
    try:
        for number in range(count):
            link = socket.create_connection((parts.hostname, parts.port or 80), timeout=PATIENCE)
            cookie = cookies[number % len(cookies)]
            link.sendall(
                f"GET /live?of={quote(page)} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                f"Cookie: {cookie}\r\n\r\n".encode()
            )
            opened.append(Listener(link))
            if number % 50 == 49:
                wait_for(opened[-50:], b"event: ")
        wait_for(opened, b"event: ")
        yield opened
    finally:
        for listener in opened:
            listener.link.close()


def wait_for(listeners: Sequence[Listener], sign: bytes) -> list[float]:
    """Wait until each has heard the sign, and return the moments at which they did."""
    moments = []
    with selectors.DefaultSelector() as selector:
        for listener in listeners:
            if sign not in listener.heard:
                selector.register(listener.link, selectors.EVENT_READ, listener)
        deadline = time.perf_counter() + PATIENCE
        while selector.get_map():
            ready = selector.select(1)
            now = time.perf_counter()
            if now > deadline:
                missing = next(iter(selector.get_map().values())).data
                raise RuntimeError(f"{len(selector.get_map())} heard nothing: {missing.heard!r}")
            for key, _ in ready:
                listener = key.data
                piece = listener.link.recv(65536)
                listener.heard += piece
                if sign in listener.heard or not piece:
                    selector.unregister(listener.link)
                    moments.append(now)
    return moments


def delays(listeners: Sequence[Listener], deed: Callable[[], object], times: int) -> list[float]:
    """Return how long after each deed was saved each screen was told, in seconds."""
    found = []
    for number in range(times):
        for listener in listeners:
            listener.heard.clear()
        deed()
        saved = time.perf_counter()
        found += [moment - saved for moment in wait_for(listeners, b"event: tick")]
        time.sleep(0.3 + 0.37 * (number % 3))  # looks come twice a second, deeds at any time
    return found
