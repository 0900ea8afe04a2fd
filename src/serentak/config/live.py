"""Holds the streams of this process open and tells each screen when its page changed.

They lie in the server's event loop, where a waiting screen costs no thread. One thread of their own
looks for all of them twice a second, so that neither pages nor streams wait for each other. Django
decides who may listen, when a stream opens and again while it is open. Why so: ADR 28.
"""

import asyncio
import io
import logging
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any
from urllib.parse import parse_qs

from django.db import DatabaseError, InterfaceError
from granian.rsgi import ProtocolClosed, ProtocolError

from serentak.platform.live import AGAIN, STREAM, Screen, Watch

_log = logging.getLogger("serentak.live")

Environ = dict[str, Any]
Send = Callable[[bytes], Awaitable[None]]
Ask = Callable[[Environ], int]
"""Has Django answer a request, and returns the status; what a view leaves stands in the environ."""

SIGNED_OUT = "signed-out"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often what happens, in seconds, and how many streams there may be in a process."""

    look: float = 0.5
    beat: float = 15.0
    check: tuple[float, float] = (20.0, 30.0)
    """Between which two ages it is asked again whether a screen may still listen."""
    checks: int = 40
    """How many are asked again at one look, so that none keeps the look waiting."""
    reading: float = 20.0
    """In which a screen takes what it is sent; who does not is gone."""
    most: int = 1000
    most_of_one: int = 8
    """Screens of one account."""


@dataclass(eq=False, slots=True)
class _Stream:
    screen: Screen
    environ: Environ
    told: str
    check_at: float
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    why: str = ""
    """Why its viewer may not listen any more; empty where the process or the database ends it."""

    def end(self, why: str = "") -> None:
        self.is_over, self.why = True, why
        self.wake.set()


class Streams:
    """All streams of a process."""

    def __init__(self, ask: Ask, pace: Pace | None = None, watch: Watch | None = None) -> None:
        self._ask = ask
        self._pace = pace or Pace()
        self._watch = watch or Watch()
        self._thread = ThreadPoolExecutor(1, "live")
        self._open: set[_Stream] = set()
        self._anew: set[Hashable] = set()
        self._by_account: Counter[int | None] = Counter()
        self._is_ending = False
        self._looking: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._open)

    def end_with(self, loop: asyncio.AbstractEventLoop) -> None:
        """End all streams when the process is told to stop; the server waits for them.

        The server has its own handlers in the loop, which are called all the same.
        """

        def end(*_: int | FrameType | None) -> None:
            loop.call_soon_threadsafe(self.end)

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)

    def end(self) -> None:
        """End all streams and take no more."""
        self._is_ending = True
        self._end_all()

    def admits(self, screen: Screen) -> bool:
        """Tell whether there is room for another one; who finds none asks now and then instead."""
        return (
            not self._is_ending
            and len(self._open) < self._pace.most
            and self._by_account[screen.viewer.user_id] < self._pace.most_of_one
        )

    async def serve(
        self, screen: Screen, environ: Environ, send: Send, gone: Callable[[], Awaitable[None]]
    ) -> None:
        """Keep one screen told until it goes, may not listen any more, or the process ends.

        `gone` is over when the screen closes the connection.
        """
        known = environ.get("HTTP_LAST_EVENT_ID") or _asked(environ, "seen")
        stream = _Stream(screen, _again(environ), screen.stamp, self._next_check())
        account = screen.viewer.user_id
        waiting = asyncio.create_task(_end_when(gone, stream))
        self._open.add(stream)
        self._by_account[account] += 1
        # A deed since the view asked may have been looked at for the others already.
        self._anew.add(screen.key)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on())
        try:
            begin = "tick" if known and known != screen.stamp else "sees"
            await self._send(send, begin, screen.stamp)
            await self._tell(stream, send)
        except (ProtocolClosed, ProtocolError, TimeoutError):
            pass  # the screen has gone
        finally:
            waiting.cancel()
            self._open.discard(stream)
            self._by_account[account] -= 1
            if not self._by_account[account]:
                del self._by_account[account]

    async def _tell(self, stream: _Stream, send: Send) -> None:
        while not stream.is_over:
            try:
                async with asyncio.timeout(self._pace.beat):
                    await stream.wake.wait()
            except TimeoutError:
                await self._send(send, "beat", stream.told)
                continue
            stream.wake.clear()
            if stream.screen.stamp != stream.told and not stream.is_over:
                stream.told = stream.screen.stamp
                await self._send(send, "tick", stream.told)
        if stream.why:
            await self._send(send, "over", stream.why)

    async def _send(self, send: Send, event: str, data: str) -> None:
        number = f"id: {data}\n" if event != "over" else ""
        async with asyncio.timeout(self._pace.reading):
            await send(f"event: {event}\n{number}data: {data}\n\n".encode())

    async def _look_on(self) -> None:
        """Look as long as somebody listens."""
        loop = asyncio.get_running_loop()
        while self._open:
            await asyncio.sleep(self._pace.look)
            now = loop.time()
            due = sorted((s for s in self._open if s.check_at <= now), key=lambda s: s.check_at)
            due = due[: self._pace.checks]
            kinds = {stream.screen.key: stream.screen for stream in self._open}
            anew, self._anew = self._anew, set()
            try:
                stamps = await loop.run_in_executor(
                    self._thread, self._watch.stamps, kinds, frozenset(anew)
                )
                self._pass_on(stamps)
                for stream in due:
                    status = await loop.run_in_executor(self._thread, self._ask, stream.environ)
                    self._judge(stream, status)
            except Exception as error:  # nobody may go on listening to one who does not look
                if not isinstance(error, DatabaseError | InterfaceError):
                    _log.exception("streams cannot look")
                self._end_all()  # the screens say that they are blind, and ask in their own time

    def _pass_on(self, stamps: dict[Hashable, str]) -> None:
        for stream in self._open:
            stamp = stamps.get(stream.screen.key)
            if stamp is not None and stamp != stream.screen.stamp:
                stream.screen = replace(stream.screen, stamp=stamp)
                stream.wake.set()

    def _judge(self, stream: _Stream, status: int) -> None:
        """Let a screen listen on, with the grants of now, or end it."""
        found: Screen | None = stream.environ.pop(STREAM, None)
        stream.check_at = self._next_check()
        if status == 200 and found is not None:
            moved = found.stamp != stream.screen.stamp
            stream.screen = found
            if moved:
                stream.wake.set()
        elif status >= 500:
            stream.end()
        else:
            stream.end(WITHDRAWN if status == 404 else SIGNED_OUT)

    def _end_all(self) -> None:
        for stream in self._open:
            stream.end()

    def _next_check(self) -> float:
        spread = random.uniform(*self._pace.check)  # noqa: S311 - no secret: they are not to come at once
        return asyncio.get_running_loop().time() + spread


async def _end_when(gone: Callable[[], Awaitable[None]], stream: _Stream) -> None:
    await gone()
    stream.end()


def _again(environ: Environ) -> Environ:
    """Return the request as it can be asked once more."""
    copied = {name: value for name, value in environ.items() if name != STREAM}
    return {**copied, "wsgi.input": io.BytesIO(), AGAIN: True}


def _asked(environ: Environ, name: str) -> str:
    query: str = environ.get("QUERY_STRING", "")
    with suppress(ValueError):
        return parse_qs(query, max_num_fields=10).get(name, [""])[0]
    return ""
