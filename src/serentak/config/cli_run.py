"""The commands that run Serentak: ``demo``, ``serve``, ``worker``, ``migrate`` and ``collect``."""

import argparse
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from serentak.config.supervisor import CannotRun, Program, Stopped, Supervisor, refuse_port_in_use
from serentak.platform.database import Cluster, home, locked
from serentak.platform.key_files import make_key_file

NAMES = ("demo", "serve", "worker", "migrate", "collect")

DEFAULT_SCENE = "h-30"
MOST_IN_DEMO = 4
"""Web processes of a demonstration, which is to need less than 1 GB."""
DEMO_LOCK = "demo.lock"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Offer the commands."""
    parser = commands.add_parser(
        "demo",
        help="show Serentak with invented data: database, web and worker until Ctrl-C",
        description="Show Serentak with invented data. The first run makes the data and takes a "
        "minute; later runs keep it and start in seconds. Ctrl-C stops everything.",
    )
    parser.add_argument("--scene", default=DEFAULT_SCENE, help="which day to show (%(default)s)")
    parser.add_argument("--fresh", action="store_true", help="make the data of the scene anew")
    _add_address(parser)
    parser.set_defaults(run=demo)

    parser = commands.add_parser(
        "serve",
        help="run the web process",
        description="Run the web process; TLS and compression belong to a proxy before it "
        "(docs/operations.md).",
    )
    _add_address(parser)
    parser.add_argument(
        "--workers",
        type=_positive,
        default=cores(),
        help="how many processes answer (as many as cores: %(default)s)",
    )
    parser.set_defaults(run=serve)

    parser = commands.add_parser(
        "worker",
        help="run the jobs in the queue",
        description="Run the jobs in the queue; any number of workers share it.",
    )
    parser.add_argument(
        "--concurrency", type=_positive, default=2, help="jobs at the same time (%(default)s)"
    )
    parser.set_defaults(run=worker)

    parser = commands.add_parser(
        "migrate",
        help="bring the database to the state that this version needs",
        description="Bring the database to the state that this version needs. Run it after each "
        "update, before serve and worker start.",
    )
    parser.set_defaults(run=migrate)

    parser = commands.add_parser(
        "collect",
        help="lay the static files into a folder for a web server in front",
        description="Lay the static files, named by their content and compressed beside, into "
        "`static` of the home folder. Files of earlier versions stay, since open pages ask for "
        "them. The web process does the same for itself.",
    )
    parser.set_defaults(run=collect)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (%(default)s: this machine only)"
    )
    parser.add_argument("--port", type=_port, default=8000, help="port (%(default)s)")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1 on is needed")
    return int(text)


def make_secret_key() -> None:
    """Make the installation's secret key on first start, readable by its owner alone."""
    file = home() / "secret-key"
    if os.environ.get("SERENTAK_SECRET_KEY") or file.exists():
        return
    make_key_file(file, secrets.token_urlsafe(50))


def web_command(*, host: str, port: int, workers: int) -> list[str]:
    """The command of the web process."""
    return [
        sys.executable, "-m", "granian", "serentak.config.wsgi:entry", "--interface", "rsgi",
        "--host", host, "--port", str(port), "--workers", str(workers),
        "--http", "1", "--no-ws", "--http1-header-read-timeout", "10000",
        "--backlog", "4096", "--backpressure", "4096",
        "--log-level", "warning", "--respawn-failed-workers",
        "--workers-kill-timeout", "5",
    ]  # fmt: skip


def worker_command(*, concurrency: int) -> list[str]:
    """The command of a worker; a job that does not end within 5 s of a stop is tried again."""
    return [
        sys.executable, "-m", "django", "procrastinate", "worker",
        "--concurrency", str(concurrency), "--shutdown-graceful-timeout", "5",
        "--delete-jobs", "successful",
    ]  # fmt: skip


def serve(options: argparse.Namespace) -> int:
    """Become the web process."""
    refuse_port_in_use(options.host, options.port)
    _make_ready()
    command = web_command(host=options.host, port=options.port, workers=options.workers)
    os.execv(command[0], command)  # noqa: S606 - no shell, our own interpreter


def worker(options: argparse.Namespace) -> int:
    """Become a worker."""
    _make_ready()
    command = worker_command(concurrency=options.concurrency)
    os.execv(command[0], command)  # noqa: S606 - no shell, our own interpreter


def migrate(_: argparse.Namespace) -> int:
    """Migrate in a process of Django's own."""
    _make_ready()
    command = [sys.executable, "-m", "django", "migrate", "--no-input"]
    return subprocess.run(command, check=False).returncode


def collect(_: argparse.Namespace) -> None:
    """Bring the folder of static files up to date and name it; no database is needed."""
    os.environ["SERENTAK_COLLECTED"] = "1"
    import django

    django.setup()
    from serentak.config import static

    static.collect()
    print(home() / "static")


def _make_ready() -> None:
    make_secret_key()
    if not os.environ.get("DATABASE_URL"):
        Cluster().ensure_running()


def demo(options: argparse.Namespace) -> int:
    """Run database, web and worker with the data of a scene until somebody stops it."""
    embedded = not os.environ.get("DATABASE_URL")
    if options.fresh and not embedded:
        raise CannotRun(
            "--fresh empties the embedded database only. Empty the database in DATABASE_URL "
            "yourself, or unset DATABASE_URL."
        )
    shown = "localhost" if options.host in LOOPBACK else options.host
    address = f"http://{shown}:{options.port}"
    with _only_demo(address, _demo_database(options.scene)):
        refuse_port_in_use(options.host, options.port)
        make_secret_key()
        os.environ.update(_demo_variables(options))
        with Supervisor(Cluster() if embedded else None) as supervisor:
            try:
                supervisor.start_server()
                accounts = _prepare(supervisor, options)
                supervisor.start(
                    Program(
                        name="web",
                        command=web_command(
                            host=options.host,
                            port=options.port,
                            workers=min(cores(), MOST_IN_DEMO),
                        ),
                    )
                )
                supervisor.start(Program(name="worker", command=worker_command(concurrency=2)))
                supervisor.wait_until_ready(_reachable(options.host), options.port)
                print(f"\nSerentak is ready: {address}   (stop with Ctrl-C)")
                if accounts:
                    print(f"Sign in with one click as: {', '.join(accounts)}")
                sys.stdout.flush()
                supervisor.watch()
            except Stopped:
                print("\nStopping …", file=sys.stderr)
    return 0


def _demo_database(scene: str) -> str:
    return f"serentak_demo_{re.sub(r'[^a-z0-9]+', '_', scene.lower()).strip('_')}"[:63]


def running_demo() -> str | None:
    """Return the database of the demo that runs in this home folder, if one does."""
    file = home() / DEMO_LOCK
    if not file.exists():
        return None
    try:
        with locked(file, wait=False):
            return None
    except BlockingIOError:
        return (file.read_text().split() or [""])[-1] or None


def _demo_variables(options: argparse.Namespace) -> dict[str, str]:
    """What the demo's processes get: their own database for each scene, never the real one's."""
    variables = {
        "SERENTAK_DEMO": "1",
        "SERENTAK_DATABASE": _demo_database(options.scene),
        # A line for each request would bury the address.
        "SERENTAK_LOG": os.environ.get("SERENTAK_LOG", "WARNING"),
    }
    if options.host not in LOOPBACK and "SERENTAK_HOSTS" not in os.environ:
        print("Everybody who reaches this machine can now sign in to the demo.", file=sys.stderr)
        variables["SERENTAK_HOSTS"] = "*"
    return variables


def _prepare(supervisor: Supervisor, options: argparse.Namespace) -> list[str]:
    """Have a process of its own make the data, so that the supervisor stays small; the accounts."""
    told = home() / "demo-accounts.json"
    told.unlink(missing_ok=True)
    code = supervisor.run_to_end(
        Program(
            name="preparation",
            command=[
                sys.executable, "-m", "serentak.config.demo",
                "--scene", options.scene, "--accounts", str(told),
                *(["--fresh"] if options.fresh else []),
            ],
            variables={"SERENTAK_POOL": "0"},
        )
    )  # fmt: skip
    if code != 0:
        raise CannotRun("The demonstration could not be prepared; the reason is above.")
    return list(json.loads(told.read_text())) if told.exists() else []


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - not bound, mapped


@contextmanager
def _only_demo(address: str, database: str) -> Iterator[None]:
    """Refuse a second demo in one home folder, naming where the first one is."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    file: Path = folder / DEMO_LOCK
    try:
        with locked(file, wait=False) as descriptor:
            os.truncate(descriptor, 0)
            os.write(descriptor, f"{address} {database}".encode())
            yield
    except BlockingIOError:
        raise CannotRun(
            f"A demo of this installation runs already: {file.read_text().split()[0]} "
            "Stop it with Ctrl-C where it was started."
        ) from None
