"""The supervisor keeps its programs running, ends them together, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from serentak.config.supervisor import (
    CannotRun,
    Program,
    Stopped,
    Supervisor,
    refuse_port_in_use,
)
from serentak.platform.database import Cluster

from .running import alive, children_of, eventually
from .test_cluster import server_pid

# A supervisor with the embedded server and a program that has a child of its own, like the web
# process and its workers; it says who they are and then watches.
SUPERVISE = """
import sys
from pathlib import Path
from serentak.config.supervisor import Program, Stopped, Supervisor
from serentak.platform.database import Cluster
told = Path(sys.argv[2])
sleep = "import time; time.sleep(600)"
master = (
    "import signal, subprocess, sys\\n"
    f"child = subprocess.Popen([sys.executable, '-c', {sleep!r}])\\n"
    "signal.signal(signal.SIGTERM, lambda *_: child.terminate())\\n"
    "child.wait()"
)
with Supervisor(Cluster(Path(sys.argv[1]))) as supervisor:
    try:
        supervisor.start_server()
        supervisor.start(Program(name="web", command=[sys.executable, "-c", master]))
        supervisor.start(Program(name="worker", command=[sys.executable, "-c", sleep]))
        told.write_text(" ".join(str(child.process.pid) for child in supervisor._children))
        supervisor.watch()
    except Stopped:
        print("stopped")
"""


class Supervised:
    """A supervisor in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.cluster = Cluster(home)
        told = home.parent / "told"
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, str(home), str(told)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert eventually(lambda: told.exists() and bool(told.read_text()), 60)
        self.children = [int(number) for number in told.read_text().split()]
        assert eventually(lambda: bool(children_of(self.children[0])))
        self.children += children_of(self.children[0])

    def end(self, number: signal.Signals) -> str:
        self.process.send_signal(number)
        return self.process.communicate(timeout=60)[0].strip()

    def survivors(self) -> list[int]:
        return [process for process in self.children if alive(process)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_everything_ends_when_it_is_asked_to(
    make_home: Callable[[str], Path], number: signal.Signals
) -> None:
    supervised = Supervised(make_home("demo"))
    assert supervised.cluster.answers()
    assert supervised.end(number) == "stopped"
    assert supervised.survivors() == []
    assert not supervised.cluster.answers()


def test_nothing_survives_a_killed_supervisor(make_home: Callable[[str], Path]) -> None:
    supervised = Supervised(make_home("demo"))
    server = server_pid(supervised.cluster)
    supervised.end(signal.SIGKILL)
    assert eventually(lambda: not supervised.survivors())
    assert eventually(lambda: not alive(server))
    # The server had the time to shut down in order.
    assert not (supervised.cluster.location.data / "postmaster.pid").exists()


def test_a_server_that_ran_before_stays(make_home: Callable[[str], Path]) -> None:
    home = make_home("demo")
    Cluster(home).ensure_running()
    supervised = Supervised(home)
    supervised.end(signal.SIGTERM)
    assert supervised.cluster.answers()


def test_what_is_killed_is_started_again(make_home: Callable[[str], Path]) -> None:
    supervised = Supervised(make_home("demo"))
    server = server_pid(supervised.cluster)
    os.kill(server, signal.SIGKILL)
    os.kill(supervised.children[1], signal.SIGKILL)
    assert eventually(
        lambda: supervised.cluster.answers() and server_pid(supervised.cluster) != server, 30
    )
    supervised.end(signal.SIGTERM)
    assert not supervised.cluster.answers()


def test_what_ends_at_once_is_tried_after_growing_pauses_and_harms_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    starts, pauses = tmp_path / "starts", [0.5, 1, 2]
    note = f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(7)"
    with Supervisor(None) as supervisor:
        supervisor.start(Program(name="worker", command=[sys.executable, "-c", note]))
        supervisor.start(
            Program(name="web", command=[sys.executable, "-c", "import time; time.sleep(600)"])
        )
        web = supervisor._children[1].process
        stop = threading.Timer(5, os.kill, [os.getpid(), signal.SIGTERM])
        stop.start()
        with pytest.raises(Stopped):
            supervisor.watch()
        assert web.poll() is None
    told = capfd.readouterr().err
    assert [f"(code 7); starting it again in {pause:g} s." in told for pause in pauses] == [
        True
    ] * 3
    assert len(starts.read_text()) == 4


def test_a_web_process_that_ends_at_once_is_told(free_port: int) -> None:
    with Supervisor(None) as supervisor:
        supervisor.start(Program(name="web", command=[sys.executable, "-c", "raise SystemExit(1)"]))
        with pytest.raises(CannotRun, match="web process ended with code 1"):
            supervisor.wait_until_ready("127.0.0.1", free_port)


def test_a_port_in_use_names_the_mend(free_port: int) -> None:
    refuse_port_in_use("127.0.0.1", free_port)
    with (
        socket.create_server(("127.0.0.1", free_port)),
        pytest.raises(CannotRun, match=rf"Port {free_port} is in use .* Try --port \d+"),
    ):
        refuse_port_in_use("127.0.0.1", free_port)
    refuse_port_in_use("127.0.0.1", free_port)
