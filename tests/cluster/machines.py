"""Machines on one machine: each with its own network and processes, and a switch between them.

A machine is a network and a process namespace of Linux. Cutting its cable loses packets without a
word, as a broken switch does; taking its power ends every process at once and nobody says goodbye.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from serentak.platform.database import end_with_parent
from tests.machine.running import children_of, eventually

NETWORK = "10.77.0"
OWN_ADDRESS = f"{NETWORK}.1"
"""Where the test itself stands on the switch."""

_SWITCH = "switch"
_INIT = "while :; do sleep 1 & wait; done"
"""A first process that collects the orphans of its machine."""

_TOOLS = ("ip", "nsenter", "unshare")


def lacking() -> str:
    """Say what keeps machines from being made here; empty if nothing does."""
    if os.geteuid() != 0:
        return "networks of their own are made by root"
    if missing := [tool for tool in _TOOLS if not shutil.which(tool)]:
        return f"{', '.join(missing)} not installed"
    if _interfaces() != {"lo"}:
        return "run it by `make test-cluster`, which gives it a network of its own"
    return ""


def make_switch() -> None:
    """Make the switch in this process's own network."""
    _run("ip", "link", "set", "lo", "up")
    _run("ip", "link", "add", _SWITCH, "type", "bridge")
    _run("ip", "address", "add", f"{OWN_ADDRESS}/24", "dev", _SWITCH)
    _run("ip", "link", "set", _SWITCH, "up")


class Machine:
    """One machine; what runs on it writes into `<folder>/<program>.log`."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name = name
        self.address = f"{NETWORK}.{number}"
        self.folder = folder / name
        self.folder.mkdir(mode=0o700)
        self._cable = f"to-{name}"
        self._holder: subprocess.Popen[bytes] | None = None
        self._programs: list[subprocess.Popen[bytes]] = []

    def switch_on(self) -> None:
        """Start it, with the network and without a program."""
        self._holder = subprocess.Popen(
            [
                "unshare", "--net", "--pid", "--mount", "--mount-proc", "--fork", "--kill-child",
                "sh", "-c", _INIT,
            ],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGKILL),  # a test that was killed leaves nothing
        )  # fmt: skip
        holder = self._holder.pid
        assert eventually(lambda: bool(children_of(holder)))
        _run("ip", "link", "add", self._cable, "type", "veth",
             "peer", "name", "eth0", "netns", str(self._first))  # fmt: skip
        _run("ip", "link", "set", self._cable, "master", _SWITCH, "up")
        for words in (
            ("address", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            _run("nsenter", f"--net=/proc/{self._first}/ns/net", "ip", *words)

    def start(
        self,
        program: str,
        command: Sequence[str],
        *,
        variables: Mapping[str, str],
        as_user: bool = False,
        again: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Run a program on it; `as_user` not as root, `again` whenever it ended, as a unit would.

        Who is root here is somebody else inside, and owns the same files.
        """
        inside = list(command)
        if as_user:
            inside = ["unshare", "--user", "--map-user=1", "--map-group=1", *inside]
        if again:
            inside = ["sh", "-c", 'while :; do "$@"; sleep 1; done', "keep", *inside]
        with (self.folder / f"{program}.log").open("ab") as log:
            process = subprocess.Popen(
                self._inside(inside),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables},
                cwd=self.folder,
                start_new_session=True,
            )
        self._programs.append(process)
        return process

    def run(self, command: Sequence[str], *, variables: Mapping[str, str], **more: Any) -> str:
        """Run a program to its end and return what it printed."""
        ran = subprocess.run(
            self._inside(command),
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables},
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            **more,
        )
        assert ran.returncode == 0, f"{' '.join(command)}: {ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def processes(self, words: str) -> list[int]:
        """The processes on it whose command holds `words`, oldest first."""
        namespace = Path(f"/proc/{self._first}/ns/pid").readlink()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and (entry / "ns/pid").readlink() == namespace:
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                    if words.encode() in command:
                        found.append(int(entry.name))
            except OSError:
                continue
        return sorted(found)

    def cut(self) -> None:
        """Draw the cable; packets are lost in both directions and nobody is told."""
        _run("ip", "link", "set", self._cable, "down")

    def join(self) -> None:
        """Put the cable back."""
        _run("ip", "link", "set", self._cable, "up")

    def switch_off(self) -> None:
        """Take its power."""
        if self._holder is None:
            return
        subprocess.run(["ip", "link", "set", self._cable, "down"], capture_output=True, check=False)
        for child in children_of(self._holder.pid):
            os.kill(child, signal.SIGKILL)
        self._holder.wait()
        for program in self._programs:
            program.wait()
        self._programs.clear()
        self._holder = None
        deadline = time.monotonic() + 5
        while self._cable in _interfaces() and time.monotonic() < deadline:
            subprocess.run(["ip", "link", "delete", self._cable], capture_output=True, check=False)
            time.sleep(0.05)

    @property
    def _first(self) -> int:
        assert self._holder is not None, f"{self.name} is switched off"
        return children_of(self._holder.pid)[0]

    def _inside(self, command: Sequence[str]) -> list[str]:
        return ["nsenter", f"--target={self._first}", "--net", "--pid", "--mount", *command]


def _interfaces() -> set[str]:
    return {name for _, name in socket.if_nameindex()}


def _run(*command: str) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{' '.join(command)}: {ran.stderr}"
