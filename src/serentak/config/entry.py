"""Takes each request in whole, within limits of size, rate and time, before a thread works on it.

The server calls it in an event loop, where thousands of slow senders cost little. Django answers in
a few threads, which are scarce, and sees complete requests only. Answers are taken over in whole as
well, so that a slow reader holds no thread either. Why so: ADR 11.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope

from serentak.config.live import Streams
from serentak.platform.live import STREAM, Screen
from serentak.platform.web.refused_requests import REFUSAL, Refusal

MB = 1024 * 1024
_PIECE = 64 * 1024
_TAIL = 4096

Application = Callable[..., Any]
"""A WSGI application."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is waited for: `grace` seconds for any body, then as long as it keeps a rate."""

    body: int
    """The largest body, in bytes."""
    bodies: int = 400 * MB
    """What all bodies in this process may hold together."""
    grace: float = 20.0
    slowest: float = 1000.0
    """Bytes a second that a body must have come at once its grace is over."""
    longest: float = 900.0
    """Seconds after which even a large body has come or is refused."""
    patience: float = 30.0
    """Seconds that a request waits for a thread; later its sender has given up."""
    reading: float = 60.0
    """Seconds in which a reader takes the next piece of a long answer."""
    in_memory: int = MB
    """What is longer goes to a file in the folder for temporary files."""
    threads: int = 4


@dataclass
class _Body:
    file: IO[bytes]
    size: int = 0


@dataclass
class _Answer:
    file: IO[bytes]
    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)


class Entry:
    """An RSGI application, as the server calls it, in front of a WSGI one."""

    def __init__(self, application: Application, limits: Limits) -> None:
        self._application = application
        self._limits = limits
        self._threads = ThreadPoolExecutor(limits.threads, "web")
        self._held = 0
        self._streams = Streams(self._ask)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin in the process that serves; connections are open files, often 1,024 at most."""
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        self._streams.end_with(loop)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        most = self._limits.in_memory
        with SpooledTemporaryFile(most) as body_file, SpooledTemporaryFile(most) as answer_file:
            body, answer = _Body(body_file), _Answer(answer_file)
            try:
                refusal = await self._take_in(scope, protocol, body)
                environ = _environ(scope, body, refusal)
                await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._run, environ, answer, time.monotonic()
                )
            finally:
                self._held -= body.size
            screen: Screen | None = environ.pop(STREAM, None)
            if screen is None or scope.method != "GET" or answer.status != HTTPStatus.OK:
                await self._hand_out(protocol, answer)
                return
        await self._stream(protocol, answer.headers, screen, environ)

    async def _stream(
        self,
        protocol: HTTPProtocol,
        headers: list[tuple[str, str]],
        screen: Screen,
        environ: dict[str, Any],
    ) -> None:
        """Keep the answer open and tell a screen when its page changed."""
        if not self._streams.admits(screen):
            full = [("Retry-After", "60"), ("Cache-Control", "no-store")]
            protocol.response_empty(HTTPStatus.SERVICE_UNAVAILABLE, full)
            return
        open_ended = [item for item in headers if item[0].lower() != "content-length"]
        transport = protocol.response_stream(HTTPStatus.OK, open_ended)
        await self._streams.serve(screen, environ, transport.send_bytes, protocol.client_disconnect)

    def _ask(self, environ: dict[str, Any]) -> int:
        """Have the application answer once more; only the status is wanted."""
        with SpooledTemporaryFile(self._limits.in_memory) as file:
            answer = _Answer(file)
            self._run(environ, answer, time.monotonic())
            return answer.status

    async def _take_in(self, scope: Scope, protocol: HTTPProtocol, body: _Body) -> Refusal | None:
        """Read the body to its end, or tell why it is refused."""
        limits, headers = self._limits, scope.headers
        # Where a body of unknown length breaks off cannot be told from its end.
        if "transfer-encoding" in headers:
            return Refusal.WITHOUT_LENGTH
        length = headers.get("content-length") or "0"
        if not length.isdecimal() or int(length) > limits.body:
            return Refusal.TOO_LARGE
        if int(length) == 0:
            return None
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(began + limits.grace) as deadline:
                async for piece in protocol:
                    body.file.write(piece)
                    body.size += len(piece)
                    self._held += len(piece)
                    if self._held > limits.bodies:
                        return Refusal.BUSY
                    earned = limits.grace + body.size / limits.slowest
                    deadline.reschedule(began + min(earned, limits.longest))
        except TimeoutError:
            return Refusal.TOO_SLOW
        except OSError:
            return Refusal.NO_ROOM
        except (ProtocolClosed, ProtocolError):
            return Refusal.INCOMPLETE
        is_whole = body.size == int(length) and _is_ended(body, headers.get("content-type") or "")
        return None if is_whole else Refusal.INCOMPLETE

    def _run(self, environ: dict[str, Any], answer: _Answer, since: float) -> None:
        """Have the application answer; called in a thread, which is free again at its end."""
        if time.monotonic() - since > self._limits.patience:
            environ[REFUSAL] = Refusal.BUSY

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            answer.status, answer.headers = int(status.split(" ", 1)[0]), headers

        pieces = self._application(environ, start_response)
        try:
            for piece in pieces:
                answer.file.write(piece)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()

    async def _hand_out(self, protocol: HTTPProtocol, answer: _Answer) -> None:
        size = answer.file.tell()
        answer.file.seek(0)
        if size <= self._limits.in_memory:
            protocol.response_bytes(answer.status, answer.headers, answer.file.read())
            return
        transport = protocol.response_stream(answer.status, answer.headers)
        with suppress(ProtocolClosed, ProtocolError, TimeoutError):
            while piece := answer.file.read(_PIECE):
                async with asyncio.timeout(self._limits.reading):
                    await transport.send_bytes(piece)


def _environ(scope: Scope, body: _Body, refusal: Refusal | None) -> dict[str, Any]:
    """Return what a WSGI application is told; a refused body is not shown to it."""
    host, _, port = scope.server.rpartition(":")
    body.file.seek(0)
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": "0" if refusal else str(body.size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body.file,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        REFUSAL: refusal,
    }
    for name, value in scope.headers.items():
        # Hyphens become underscores here, so a name with one could pass for the proxy's.
        if "_" in name or name == "content-length":
            continue
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        separator = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    return environ


def _is_ended(body: _Body, content_type: str) -> bool:
    """Tell whether the boundary that ends a form with files has come."""
    kind, *parameters = (part.strip() for part in content_type.split(";"))
    if kind.lower() != "multipart/form-data":
        return True
    [boundary] = [p[9:].strip('"') for p in parameters if p.lower().startswith("boundary=")] or [""]
    body.file.seek(max(0, body.size - _TAIL))
    return f"--{boundary}--".encode() in body.file.read()
