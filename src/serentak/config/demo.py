"""Prepares the database of a demonstration: structure, translations, then the data of a scene.

Run by ``serentak demo`` as a process of its own. Where nothing is left to do it ends in a second.
"""

import argparse
import importlib
import importlib.util
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management import call_command
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from serentak.config.supervisor import CannotRun
from serentak.config.translations import compile_stale
from serentak.kernel.refused import Refused
from serentak.platform.database import Cluster, database_name
from serentak.platform.words import refusal_text


class Steps:
    """What long work reports to: a step in words and, where it is known, how far it is."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, Any] = {}

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Show ``step`` with ``done`` of ``total`` (0: unknown); earlier steps are finished."""
        if step not in self._tasks:
            self.finish()
            self._tasks[step] = self._bars.add_task(step, total=None)
        self._bars.update(self._tasks[step], completed=done, total=total or None)

    def finish(self) -> None:
        """Mark every step as finished."""
        for task in self._bars.tasks:
            self._bars.update(task.id, total=task.total or 1, completed=task.total or 1)


def main() -> int:
    """Prepare one scene; 0 when it can be shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", required=True)
    parser.add_argument("--accounts", required=True, type=Path)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    # Ended by an exception, so that the progress bars give the terminal its cursor back.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    compile_stale()
    bars = Progress(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    try:
        with bars:
            steps = Steps(bars)
            _prepare(options, steps)
            steps.finish()
    except Refused as refused:
        print(refusal_text(refused), file=sys.stderr)
        return 1
    except CannotRun as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _prepare(options: argparse.Namespace, steps: Steps) -> None:
    steps("Database")
    if not os.environ.get("DATABASE_URL"):
        cluster = Cluster()
        if options.fresh:
            cluster.drop_database(database_name())
        cluster.create_database_if_missing(database_name())
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    if (
        apps.get_model("platform", "User").objects.exists()
        and not apps.get_model("platform", "DomainClock").objects.exists()
    ):
        raise CannotRun(
            "The database in DATABASE_URL holds accounts that are no demonstration's. A demo lets "
            "everybody sign in, so it never touches such a database: name an empty one."
        )
    if importlib.util.find_spec("serentak.drill.commands"):
        importlib.import_module("serentak.drill.commands").prepare_demo(options.scene, steps)
    accounts = importlib.import_module("serentak.platform.web.demo").accounts()
    options.accounts.write_text(json.dumps([account.username for account in accounts]))


if __name__ == "__main__":
    sys.exit(main())
