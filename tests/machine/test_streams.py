"""Streams with a clock of milliseconds, and with screens, looks and answers that the test decides."""

import asyncio
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from granian.rsgi import ProtocolClosed

from serentak.config.live import SIGNED_OUT, WITHDRAWN, Pace, Streams
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Grant, Permission, Viewer
from serentak.platform.live import AGAIN, STREAM, Screen

QUICK = Pace(look=0.01, beat=0.2, check=(60, 60), reading=0.2, most=3, most_of_one=2)
PLACE = PlaceCode("16")


def screen(user_id: int = 1, role: str = "DESK", stamp: str = "a") -> Screen:
    grant = Grant(1, role, frozenset({Permission("security.VIEW")}), (PLACE,))
    viewer = Viewer(user_id=user_id, grants=(grant,))
    return Screen("/16/room", "security", PLACE, viewer, lambda: stamp, stamp)


class World:
    """What a look finds, what Django answers, and how often either was asked."""

    def __init__(self, pace: Pace = QUICK) -> None:
        self.now: dict[str, str] = {}
        self.fault: type[Exception] | None = None
        self.status = 200
        self.found: Screen | None = None
        self.looks: list[tuple[int, int]] = []
        self.asked: list[dict[str, Any]] = []
        self.streams = Streams(self.ask, pace, self)  # type: ignore[arg-type]

    def stamps(
        self, screens: Mapping[Hashable, Screen], anew: Collection[Hashable]
    ) -> dict[Hashable, str]:
        self.looks.append((len(screens), len(anew)))
        if self.fault:
            raise self.fault
        return {
            key: self.now[one.viewer.grants[0].role]
            for key, one in screens.items()
            if one.viewer.grants[0].role in self.now
        }

    def ask(self, environ: dict[str, Any]) -> int:
        self.asked.append(dict(environ))
        if self.found:
            environ[STREAM] = self.found
        return self.status

    def open(self, one: Screen, query: str = "", **environ: str) -> "Listener":
        return Listener(self, one, {"QUERY_STRING": query, **environ})


class Listener:
    """One screen: what it was sent."""

    def __init__(self, world: World, one: Screen, environ: dict[str, Any]) -> None:
        self.told: list[tuple[str, str]] = []
        self.left = asyncio.Event()
        self.is_closed = self.is_stuck = False
        self.task = asyncio.create_task(world.streams.serve(one, environ, self.take, self.gone))

    async def take(self, data: bytes) -> None:
        if self.is_closed:
            raise ProtocolClosed
        while self.is_stuck:
            await asyncio.sleep(1)
        lines = dict(line.split(": ", 1) for line in data.decode().strip().splitlines())
        self.told.append((lines["event"], lines["data"]))

    async def gone(self) -> None:
        await self.left.wait()

    async def until(self, *events: str, seconds: float = 2) -> None:
        async with asyncio.timeout(seconds):
            while [event for event, _ in self.told if event != "beat"] != list(events):
                await asyncio.sleep(0.005)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(2):
        while not condition():
            await asyncio.sleep(0.005)


def test_only_those_whose_stamp_changed_are_told() -> None:
    async def story() -> None:
        world = World()
        desk, police = world.open(screen(1)), world.open(screen(2, "POLICE"))
        await desk.until("sees")
        await police.until("sees")
        world.now = {"DESK": "a", "POLICE": "b"}
        await police.until("sees", "tick")
        assert police.told[-1] == ("tick", "b")
        await asyncio.sleep(0.05)
        assert desk.told == [("sees", "a")]
        assert len(police.told) == 2  # once for each change, however often one looks
        world.streams.end()

    asyncio.run(story())


def test_screens_of_a_kind_are_looked_for_once_and_nobody_looks_for_none() -> None:
    async def story() -> None:
        world = World()
        listeners = [world.open(screen(user)) for user in (1, 2, 3)]
        await until(lambda: len(world.looks) > 3)
        assert world.looks[0] == (1, 1)
        assert world.looks[-1] == (1, 0)
        for listener in listeners:
            listener.left.set()
        await until(lambda: not len(world.streams))
        await asyncio.sleep(0.05)
        count = len(world.looks)
        await asyncio.sleep(0.05)
        assert len(world.looks) == count

    asyncio.run(story())


def test_who_comes_back_is_told_what_was_missed() -> None:
    async def story() -> None:
        world = World(replace(QUICK, most=9, most_of_one=9))
        for query, environ, begin in (
            ("of=x", {}, "sees"),
            ("of=x&seen=a", {}, "sees"),
            ("of=x&seen=old", {}, "tick"),
            ("of=x&seen=old", {"HTTP_LAST_EVENT_ID": "a"}, "sees"),
            ("of=x", {"HTTP_LAST_EVENT_ID": "old"}, "tick"),
            ("&".join("x=1" for _ in range(50)), {}, "sees"),
        ):
            await world.open(screen(), query, **environ).until(begin)
        world.streams.end()

    asyncio.run(story())


def test_a_heart_beats_while_nothing_happens() -> None:
    async def story() -> None:
        world = World(replace(QUICK, beat=0.02))
        listener = world.open(screen())
        await until(lambda: listener.told.count(("beat", "a")) > 2)
        world.streams.end()

    asyncio.run(story())


def test_it_is_asked_again_who_may_listen() -> None:
    async def story(status: int, found: Screen | None, *told: tuple[str, str]) -> None:
        world = World(replace(QUICK, check=(0.02, 0.03)))
        world.status, world.found = status, found
        listener = world.open(screen(), "of=x", HTTP_COOKIE="sessionid=1")
        if found is None:
            await asyncio.wait_for(listener.task, 2)
        else:
            await until(lambda: len(world.asked) > 3)
        assert tuple(listener.told) == (("sees", "a"), *told)
        assert world.asked[0][AGAIN] is True
        assert world.asked[0]["HTTP_COOKIE"] == "sessionid=1"
        assert all(STREAM not in asked for asked in world.asked)
        world.streams.end()

    asyncio.run(story(200, screen()))
    asyncio.run(story(200, screen(stamp="b"), ("tick", "b")))  # what a look has missed
    asyncio.run(story(302, None, ("over", SIGNED_OUT)))
    asyncio.run(story(404, None, ("over", WITHDRAWN)))
    asyncio.run(story(503, None))  # the database is away: the screen comes back by itself


@pytest.mark.parametrize("fault", [OperationalError, ZeroDivisionError])
def test_all_end_when_nobody_can_look(
    fault: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        world = World()
        listener = world.open(screen())
        await listener.until("sees")
        world.fault = fault
        await asyncio.wait_for(listener.task, 2)
        assert listener.told == [("sees", "a")]
        assert len(world.streams) == 0
        world.fault = None
        world.now = {"DESK": "b"}
        await world.open(screen()).until("sees", "tick")  # it looks again for the next
        world.streams.end()

    asyncio.run(story())
    assert len(caplog.records) == (fault is ZeroDivisionError)


def test_there_is_a_limit_for_one_and_for_all() -> None:
    async def story() -> None:
        world = World()
        first = world.open(screen(1))
        second = world.open(screen(1))
        await second.until("sees")
        assert not world.streams.admits(screen(1))
        assert world.streams.admits(screen(2))
        world.open(screen(2))
        await until(lambda: len(world.streams) == 3)
        assert not world.streams.admits(screen(3))
        first.left.set()
        await asyncio.wait_for(first.task, 2)
        assert world.streams.admits(screen(1))
        world.streams.end()
        assert not world.streams.admits(screen(4))
        await asyncio.wait_for(second.task, 2)
        assert second.told == [("sees", "a")]

    asyncio.run(story())


def test_who_is_gone_or_takes_nothing_is_let_go() -> None:
    async def story() -> None:
        world = World()
        closed, stuck = world.open(screen(1)), world.open(screen(2))
        await stuck.until("sees")
        closed.is_closed = stuck.is_stuck = True
        world.now = {"DESK": "b"}
        await asyncio.wait_for(closed.task, 2)
        await asyncio.wait_for(stuck.task, 2)
        assert len(world.streams) == 0

    asyncio.run(story())
