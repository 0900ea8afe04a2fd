"""Where scenes are played: a loaded database to copy from, and a real web process on a copy."""

import hashlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from serentak.platform.database import Cluster, locked

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "serentak"
SCENE = "h-30"
READY_SECONDS = 120

_NO_DATA_IN = {"tests", "templates", "templatetags", "static", "locale", "__pycache__"}


def chromium() -> str | None:
    """Return the path of the browser on this machine, None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def source_digest() -> str:
    """Return a short digest of everything that may shape the data: code, catalogues, data files."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and not _NO_DATA_IN & set(path.relative_to(SOURCE).parts):
            digest.update(f"{path.relative_to(SOURCE)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def environment(database: str) -> dict[str, str]:
    """Return the variables of a demonstration's processes on one database."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SERENTAK_", "DATABASE_URL"))}
    home = {k: v for k, v in os.environ.items() if k in {"SERENTAK_HOME", "SERENTAK_PG_BIN"}}
    return (
        kept
        | home
        | {
            "DJANGO_SETTINGS_MODULE": "serentak.config.settings",
            "SERENTAK_DEMO": "1",
            "SERENTAK_DATABASE": database,
            "SERENTAK_LOG": "WARNING",
        }
    )


def template_of(cluster: Cluster, scene: str = SCENE) -> str:
    """Return the name of a database with a scene in it, loaded by the demonstration's own code.

    It is kept from run to run until the sources change, so that only the first run waits.
    """

    def load(database: str) -> None:
        accounts = Path(os.devnull)
        command = [sys.executable, "-m", "serentak.config.demo", "--scene", scene]
        subprocess.run([*command, "--accounts", accounts], env=environment(database), check=True)

    return _made_once(cluster, f"scene_{scene.replace('-', '_')}_", source_digest(), load)


def migrated(cluster: Cluster) -> str:
    """Return the name of an empty database with today's tables, which tests copy.

    It is kept from run to run until a migration changes, of ours or of a library.
    """
    digest = hashlib.sha256()
    for path in sorted(SOURCE.glob("*/migrations/*.py")):
        digest.update(f"{path.relative_to(SOURCE)}\n".encode() + path.read_bytes())
    for library in ("Django", "django-allauth", "procrastinate"):
        digest.update(version(library).encode())

    def migrate(database: str) -> None:
        cluster.create_database_if_missing(database)
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(command, env=environment(database) | {"SERENTAK_POOL": "0"}, check=True)

    return _made_once(cluster, "migrated_", digest.hexdigest()[:12], migrate)


def _made_once(cluster: Cluster, prefix: str, digest: str, make: Callable[[str], None]) -> str:
    """Return the name of a database that `make` fills, unless it stands there from before.

    Of several test processes one makes it and the others wait; older ones are dropped.
    """
    name = prefix + digest
    cluster.ensure_running("postgres")
    with locked(cluster.location.base / f"{prefix}lock"):
        known = _databases(cluster)
        if name not in known:
            for old in known:
                if old.startswith(prefix):
                    cluster.drop_database(old)
            fresh = f"{prefix}{os.getpid()}"
            make(fresh)
            cluster.copy_database(fresh, name)
            cluster.drop_database(fresh)
    return name


def _databases(cluster: Cluster) -> set[str]:
    with cluster.connection("postgres") as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


@dataclass(frozen=True, slots=True)
class Server:
    """A web process that answers; `log` is what it wrote, `process` the number of its master."""

    url: str
    database: str
    log: Path
    process: int


@contextmanager
def copied(cluster: Cluster, template: str) -> Iterator[str]:
    """Give a copy of a loaded database to oneself; nobody connects to the one that is copied."""
    database = f"copy_{os.getpid()}_{time.monotonic_ns()}"
    cluster.copy_database(template, database)
    try:
        yield database
    finally:
        cluster.drop_database(database)


@contextmanager
def serving(cluster: Cluster, template: str, log: Path, *, processes: int = 1) -> Iterator[Server]:
    """Give web processes on their own copy of a loaded database; all are gone afterwards."""
    with copied(cluster, template) as database:
        port = _free_port()
        command = [
            sys.executable,
            "-m",
            "serentak.config.cli",
            "serve",
            "--workers",
            str(processes),
        ]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, "--port", str(port)],
                env=environment(database),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            _wait_until_ready(process, port, log)
            yield Server(f"http://localhost:{port}", database, log, process.pid)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health", headers={"Host": "localhost"})
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise RuntimeError(f"The web process did not come up:\n{log.read_text(errors='replace')}")
