"""Runs demonstrations in processes of their own and looks at what they start."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

READY_SECONDS = 420


def eventually(condition: Callable[[], bool], seconds: float = 15) -> bool:
    """Wait until a condition holds; False if it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def alive(process: int) -> bool:
    """True for a process that runs; a zombie does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children_of(parent: int) -> list[int]:
    """The children of a process's main thread, which makes them all."""
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(number) for number in text.split()]


def family_of(process: int) -> list[int]:
    """A process with all its descendants."""
    return [process, *(one for child in children_of(process) for one in family_of(child))]


def memory_of(processes: Sequence[int]) -> int:
    """What they take together, in bytes, each shared page counted once in proportion."""
    total = 0
    for process in processes:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


class Demo:
    """One `serentak demo`, with what it printed in a file."""

    def __init__(
        self, command: Sequence[str], *, port: int, variables: Mapping[str, str], folder: Path
    ) -> None:
        self.port = port
        self._output = folder / f"demo-{time.monotonic_ns()}.txt"
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SERENTAK_", "DJANGO_", "DATABASE_URL", "PYTHONPATH"))
        }
        self._began = time.monotonic()
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "demo", "--port", str(port)],
                env={**inherited, **variables},
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )

    def ready(self) -> float:
        """Wait for the line with the address; how many seconds it took."""
        told = f"Serentak is ready: http://localhost:{self.port}"
        came = eventually(
            lambda: told in self.output() or self.process.poll() is not None, READY_SECONDS
        )
        assert came, self.output()
        assert told in self.output(), self.output()
        return time.monotonic() - self._began

    def output(self) -> str:
        return self._output.read_text()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def health(self) -> dict[str, Any]:
        status, text = self.get("/health")
        assert status == 200, text
        return dict(json.loads(text))

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal and wait; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)
