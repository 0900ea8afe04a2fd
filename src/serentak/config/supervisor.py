"""Keeps the processes of one installation running together, and ends them together.

Children are sessions of their own, so the terminal's Ctrl-C reaches the supervisor alone, which
then ends them in order, the database last. Should the supervisor be killed, Linux tells each child.
"""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import Self

from serentak.platform.database import Cluster, ClusterError, end_with_parent

GRACE_SECONDS = 8.0
READY_SECONDS = 60.0
TICK_SECONDS = 0.2

# A program that ended within seconds of its start is given twice the pause of the time before.
EARLY_SECONDS = 10.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0


class CannotRun(Exception):
    """What was asked cannot be run; the message says why and names the mend."""


class Stopped(Exception):
    """Somebody asked to stop (Ctrl-C, SIGTERM, a closed terminal)."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process to keep: its name for messages, its command, and variables beside ours."""

    name: str
    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    pause: float = 0.0
    """Seconds that it waited for before it was started."""


@dataclass(kw_only=True)
class _Waiting:
    program: Program
    until: float
    pause: float


class Supervisor:
    """Starts programs as its children, starts again what ends by itself, stops them all at exit."""

    def __init__(self, cluster: Cluster | None) -> None:
        """``cluster``: the embedded server to run, None where DATABASE_URL names another."""
        self._cluster = cluster
        self._server: subprocess.Popen[bytes] | None = None
        self._children: list[_Child] = []
        self._waiting: list[_Waiting] = []
        self._server_pause = 0.0
        self._server_retry_at = 0.0
        self._stop_signal: int | None = None

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)
        return self

    def __exit__(self, *_: object) -> None:
        self._end_children()
        self._end_server()

    def _note_stop(self, number: int, _: FrameType | None) -> None:
        # Only noted: an exception in the middle of a start could lose a child.
        self._stop_signal = number

    def _check_stop(self) -> None:
        if self._stop_signal is not None:
            raise Stopped

    def start_server(self) -> None:
        """Start the embedded server, unless it runs already for somebody else."""
        if self._cluster is not None:
            try:
                self._server = self._cluster.start_attached()
            except ClusterError:
                self._check_stop()  # Ctrl-C reaches the tools that make and start the server
                raise
        self._check_stop()

    def run_to_end(self, program: Program) -> int:
        """Run a program that ends by itself; its exit code."""
        child = self._launch(program)
        while child.process.poll() is None:
            time.sleep(TICK_SECONDS / 4)
            self._check_stop()
        self._children.remove(child)
        return child.process.returncode

    def start(self, program: Program) -> None:
        """Start a program that is to run until the end."""
        self._launch(program)

    def wait_until_ready(self, host: str, port: int) -> None:
        """Wait until the web process answers; refuse if it ends instead."""
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(host, port):
            self._check_stop()
            for child in self._children:
                if child.process.poll() is not None:
                    raise CannotRun(
                        f"The {child.program.name} process ended with code "
                        f"{child.process.returncode}; its message is above."
                    )
            if time.monotonic() > deadline:
                raise CannotRun(f"No answer on port {port} within {READY_SECONDS:.0f} seconds.")
            time.sleep(TICK_SECONDS / 2)

    def watch(self) -> None:
        """Keep everything running until somebody asks to stop; none waits for another."""
        while True:
            self._check_stop()
            self._tend_server()
            for child in list(self._children):
                if child.process.poll() is not None:
                    self._put_off(child)
            for waiting in list(self._waiting):
                if time.monotonic() >= waiting.until:
                    self._waiting.remove(waiting)
                    self._launch(waiting.program, waiting.pause)
            time.sleep(TICK_SECONDS)

    def _tend_server(self) -> None:
        if self._server is None or self._server.poll() is None:
            return
        if time.monotonic() < self._server_retry_at:
            return
        print("The database ended; starting it again.", file=sys.stderr)
        try:
            self.start_server()
        except ClusterError as error:
            self._server_pause = _longer(self._server_pause)
            self._server_retry_at = time.monotonic() + self._server_pause
            print(f"{error}\nTrying again in {self._server_pause:.0f} s.", file=sys.stderr)
        else:
            self._server_pause = 0.0

    def _launch(self, program: Program, pause: float = 0.0) -> _Child:
        process = subprocess.Popen(
            list(program.command),
            env={**os.environ, **program.variables},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )
        child = _Child(program=program, process=process, started=time.monotonic(), pause=pause)
        self._children.append(child)
        return child

    def _put_off(self, child: _Child) -> None:
        """Start a program again: the first time soon, then after pauses that grow."""
        early = time.monotonic() - child.started < EARLY_SECONDS
        pause = _longer(child.pause if early else 0.0)
        _signal_group(child.process, signal.SIGKILL)  # workers that a killed master left
        self._children.remove(child)
        self._waiting.append(
            _Waiting(program=child.program, until=time.monotonic() + pause, pause=pause)
        )
        print(
            f"The {child.program.name} process ended (code {child.process.returncode}); "
            f"starting it again in {pause:g} s.",
            file=sys.stderr,
        )

    def _end_children(self) -> None:
        for child in self._children:
            _signal_group(child.process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self._children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(child.process, signal.SIGKILL)
            child.process.wait()
        self._children.clear()

    def _end_server(self) -> None:
        if self._server is None or self._cluster is None:
            return
        self._cluster.stop()
        self._server.wait()
        self._server = None


def _longer(pause: float) -> float:
    return min(pause * 2, LONGEST_PAUSE) or FIRST_PAUSE


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def refuse_port_in_use(host: str, port: int) -> None:
    """Refuse when somebody else listens on the port, naming one that is free.

    "localhost" may mean the IPv6 address first, so a stranger there counts as well.
    """
    addresses = [host, "::1"] if host == "127.0.0.1" else [host]
    taken = [address for address in addresses if _is_taken(address, port)]
    if not taken:
        return
    free = next(
        (
            other
            for other in range(port + 1, min(port + 100, 65536))
            if not any(_is_taken(address, other) for address in addresses)
        ),
        None,
    )
    mend = f" Try --port {free}." if free else " Choose another one with --port."
    raise CannotRun(f"Port {port} is in use by another program.{mend}")


def _is_taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
        # Like the server itself: a port that was just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotRun(
                f"Port {port} is reserved for root. Choose one above 1023 with --port."
            ) from None
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
