"""One command shows everything; nothing of it stays behind, and what it made is kept."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from serentak.platform.database import Cluster

from .conftest import remove_cluster
from .running import Demo, alive, eventually, family_of, memory_of
from .test_cluster import server_pid

SERENTAK = [str(Path(sys.executable).with_name("serentak"))]
CLONE = Path(__file__).parents[2]

StartDemo = Callable[[Path, int], Demo]


@pytest.fixture
def start_demo(tmp_path: Path) -> Iterator[StartDemo]:
    started: list[Demo] = []

    def start(home: Path, port: int) -> Demo:
        variables = {"SERENTAK_HOME": str(home)}
        started.append(Demo(SERENTAK, port=port, variables=variables, folder=tmp_path))
        return started[-1]

    yield start
    for demo in started:
        demo.end()


def stored_events(home: Path) -> int:
    with Cluster(home).connection("serentak_demo_h_30") as connection:
        row = connection.execute("SELECT count(*) FROM platform_audit_event").fetchone()
        assert row is not None
        return int(row[0])


@pytest.mark.slow
def test_a_demo_from_first_start_to_the_end(
    make_home: Callable[[str], Path], start_demo: StartDemo, free_port: int
) -> None:
    home = make_home("my clone")
    demo = start_demo(home, free_port)
    demo.ready()
    assert "Sign in with one click as: " in demo.output()
    assert eventually(lambda: demo.health()["worker_seconds"] is not None)
    assert demo.get("/sign-in")[0] == 200

    second = start_demo(home, free_port + 1)
    assert second.process.wait(60) == 1
    assert f"runs already: http://localhost:{free_port}" in second.output()

    neighbour = start_demo(make_home("neighbour"), free_port)
    assert neighbour.process.wait(60) == 1
    assert f"Port {free_port} is in use" in neighbour.output()
    assert "--port" in neighbour.output()

    family = family_of(demo.process.pid)
    assert memory_of(family) < 1e9
    made = stored_events(home)

    server = server_pid(Cluster(home))
    os.kill(server, signal.SIGKILL)
    assert eventually(lambda: not alive(server) and demo.get("/health")[0] == 200, 30)
    family = family_of(demo.process.pid)

    demo.end(signal.SIGKILL)
    assert eventually(lambda: not any(alive(process) for process in family), 20)

    again = start_demo(home, free_port)
    assert again.ready() < 30
    assert stored_events(home) == made
    family = family_of(again.process.pid)
    assert again.end(signal.SIGINT) == 0
    assert not any(alive(process) for process in family)
    assert not Cluster(home).answers()


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """The wheel, built from a copy of what git knows, so that nothing stale slips in."""
    source = tmp_path / "source"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CLONE, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (CLONE / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CLONE / name, source / name)
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=source, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    return next((tmp_path / "dist").glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_shows_the_demo_in_an_empty_environment(
    wheel: Path, tmp_path: Path, free_port: int
) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    pip = [
        sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install",
        "--quiet", "--disable-pip-version-check", "--no-compile",
    ]  # fmt: skip
    requirements = str(CLONE / "requirements.txt")
    for arguments in (["--require-hashes", "-r", requirements], ["--no-deps", str(wheel)]):
        installed = subprocess.run([*pip, *arguments], capture_output=True, text=True, check=False)
        assert installed.returncode == 0, installed.stderr

    installed_package = next(environment.glob("lib/python*/site-packages/serentak"))
    package = CLONE / "src" / "serentak"
    for source in package.glob("*/locale/*/LC_MESSAGES/django.po"):
        assert (installed_package / source.relative_to(package).with_suffix(".mo")).is_file()

    person = tmp_path / "person"
    person.mkdir()
    demo = Demo(
        [str(environment / "bin" / "serentak")],
        port=free_port,
        variables={"HOME": str(person)},
        folder=person,
    )
    home = person / ".local" / "share" / "serentak"
    try:
        demo.ready()
        assert "Sign in with one click as: " in demo.output()
        assert demo.health()["database"] is True
        assert demo.get("/sign-in")[0] == 200
        assert (home / "secret-key").is_file()
    finally:
        demo.end()
        remove_cluster(Cluster(home))
