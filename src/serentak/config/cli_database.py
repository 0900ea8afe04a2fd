"""The commands ``serentak db start | stop | status``: the embedded server by hand."""

import argparse
import os
from typing import Any

from serentak.config.supervisor import CannotRun
from serentak.platform.database import Cluster

NAMES = ("db",)
NOT_RUNNING = 3


def add_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Offer the group ``db``."""
    for name, run, text in (
        ("start", start, "start it (stays until stopped)"),
        ("stop", stop, "stop it"),
        ("status", status, "say whether it runs and where it is; exit code 3 if it does not run"),
    ):
        parser = commands.add_parser(
            f"db {name}", help=text, description=f"The embedded PostgreSQL: {text}."
        )
        parser.set_defaults(run=run)


def start(_: argparse.Namespace) -> None:
    """Start the server and say how to reach it."""
    _refuse_other_database()
    cluster = Cluster()
    parameters = cluster.ensure_running()
    print(f"PostgreSQL {cluster.status().version} runs. Reach it with:")
    print(f'  psql "host={parameters["host"]} user={parameters["user"]} '
          f'dbname={parameters["dbname"]}"')  # fmt: skip


def stop(_: argparse.Namespace) -> None:
    """Stop the server, whoever started it."""
    _refuse_other_database()
    print("PostgreSQL has stopped." if Cluster().stop() else "PostgreSQL was not running.")


def status(_: argparse.Namespace) -> int:
    """Say what is known of the server."""
    found = Cluster().status()
    if os.environ.get("DATABASE_URL"):
        print("DATABASE_URL is set, so Serentak does not use the embedded PostgreSQL.")
    if found.running:
        print(f"PostgreSQL {found.version} runs.")
    elif found.exists:
        print("PostgreSQL does not run. Start it with `serentak db start`.")
    else:
        print("There is no embedded PostgreSQL yet. Make it with `serentak db start`.")
    print(f"data    {found.data}\nsocket  {found.socket}\nlog     {found.log}")
    return 0 if found.running else NOT_RUNNING


def _refuse_other_database() -> None:
    if os.environ.get("DATABASE_URL"):
        raise CannotRun(
            "DATABASE_URL names a database server of your own, which Serentak neither starts nor "
            "stops. Unset it to use the embedded one."
        )
