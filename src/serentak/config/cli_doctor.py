"""The command ``serentak doctor``: what is missing on this machine, and the mend."""

import argparse
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import psycopg
from rich.console import Console
from rich.table import Table

from serentak.config import translations
from serentak.config.cli_run import running_demo
from serentak.config.supervisor import CannotRun, refuse_port_in_use
from serentak.platform.database import APPLICATION, Cluster, ClusterError, database_name, home

NAMES = ("doctor",)

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRESQL = 17
DISK_GB = 2
MEMORY_GB = 1
MONTHS_AHEAD = 3
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

State = Literal["ok", "note", "missing"]
MARKS: dict[State, str] = {"ok": "✓", "note": "·", "missing": "✗"}


@dataclass(frozen=True)
class Finding:
    """What was found. ``missing`` keeps Serentak from running; ``note`` does not."""

    state: State
    found: str
    mend: str = ""


def add_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Offer ``doctor``."""
    parser = commands.add_parser(
        "doctor",
        help="say what is missing on this machine, and the mend",
        description="Look at everything that Serentak needs, and name what is missing with its "
        "mend. Changes nothing. Exit code 1 if something is missing.",
    )
    parser.add_argument("--port", type=int, default=8000, help="the port to look at (%(default)s)")
    parser.set_defaults(run=doctor)


def doctor(options: argparse.Namespace) -> int:
    """Print all findings; 1 if something is missing."""
    _look_at_what_is_in_use()
    findings = examine(port=options.port)
    table = Table(box=None, show_header=False, padding=(0, 1))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for subject, finding in findings.items():
        text = f"{finding.found}\n→ {finding.mend}" if finding.mend else finding.found
        table.add_row(MARKS[finding.state], subject, text)
    Console(highlight=False, markup=False).print(table)
    missing = sum(finding.state == "missing" for finding in findings.values())
    print(f"\n{missing} missing." if missing else "\nNothing is missing.")
    return 1 if missing else 0


def _look_at_what_is_in_use() -> None:
    """Where a demo of this installation runs, and nothing else is named, look at its database."""
    if os.environ.get("DATABASE_URL") or os.environ.get("SERENTAK_DATABASE"):
        return
    if name := running_demo():
        os.environ["SERENTAK_DATABASE"] = name


def examine(*, port: int) -> dict[str, Finding]:
    """Look at everything, the machine first; later findings make sense without earlier ones."""
    return {
        "Python": _python(),
        "environment": _environment(),
        "packages": _packages(),
        "home folder": _folder(),
        "disk": _disk(),
        "memory": _memory(),
        "port": _port(port),
        "PostgreSQL": _binaries(),
        "database": _database(),
        "its user": _database_user(),
        "migrations": _migrations(),
        "secret key": _secret_key(),
        "for the public": _web_settings(),
        "translations": _translations(),
        "holidays": _holidays(),
        "browser": _browser(),
    }


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        return Finding(
            "missing",
            version,
            mend="Install Python 3.11 or newer, then: make PYTHON=python3.11 env",
        )
    return Finding("ok", version)


def _environment() -> Finding:
    if sys.prefix == sys.base_prefix:
        return Finding(
            "note",
            "Serentak runs outside of a virtual environment.",
            mend="`make env` makes one in .venv",
        )
    return Finding("ok", sys.prefix)


def _packages() -> Finding:
    needed = [
        re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        for line in importlib.metadata.requires("serentak") or []
        if "extra ==" not in line
    ]
    missing = [name for name in needed if not _is_installed(name)]
    if missing:
        return Finding("missing", f"not installed: {', '.join(missing)}", mend="make env")
    return Finding("ok", f"{len(needed)} of {len(needed)}")


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _folder() -> Finding:
    folder = home()
    nearest = _nearest(folder)
    if not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            "missing",
            f"{nearest} cannot be written to.",
            mend="Give this user the right to write there, or set SERENTAK_HOME to a folder of "
            "its own.",
        )
    return Finding("ok", str(folder))


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _disk() -> Finding:
    free = shutil.disk_usage(_nearest(Cluster().location.base)).free / 1e9
    return Finding(
        "ok" if free >= DISK_GB else "missing",
        f"{free:.1f} GB free",
        mend="" if free >= DISK_GB else f"Make room: at least {DISK_GB} GB.",
    )


def _memory() -> Finding:
    try:
        text = Path("/proc/meminfo").read_text()
    except OSError:
        return Finding("note", "not known on this system")
    match = re.search(r"MemAvailable:\s+(\d+) kB", text)
    free = int(match[1]) * 1024 / 1e9 if match else 0.0
    return Finding(
        "ok" if free >= MEMORY_GB else "note",
        f"{free:.1f} GB available",
        mend="" if free >= MEMORY_GB else f"Web, worker and database take up to {MEMORY_GB} GB.",
    )


def _port(port: int) -> Finding:
    try:
        refuse_port_in_use("127.0.0.1", port)
    except CannotRun as error:
        return Finding("note", str(error))
    return Finding("ok", f"{port} is free")


def _binaries() -> Finding:
    if os.environ.get("DATABASE_URL"):
        return Finding("ok", "a server of your own is named")
    cluster = Cluster()
    try:
        folder = cluster.found_binaries()
    except ClusterError as error:
        return Finding("missing", str(error))
    ran = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        return Finding(
            "missing",
            f"{folder}/postgres does not run: {ran.stderr.strip()}",
            mend="Set SERENTAK_PG_BIN to the bin folder of a PostgreSQL made for this machine.",
        )
    return Finding("ok", f"{ran.stdout.strip()}, {folder}")


def _database() -> Finding:
    url = os.environ.get("DATABASE_URL")
    if not url:
        status = Cluster().status()
        state = "runs" if status.running else "does not run; demo, serve and worker start it"
        return Finding("ok", f"{database_name()}, embedded, {state}")
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
    except psycopg.Error as error:
        return Finding(
            "missing",
            f"DATABASE_URL cannot be reached: {str(error).strip()}",
            mend="Start that server, correct DATABASE_URL, or unset it to use the embedded one.",
        )
    if version < OLDEST_POSTGRESQL:
        return Finding(
            "missing",
            f"PostgreSQL {version}",
            mend=f"Serentak needs PostgreSQL {OLDEST_POSTGRESQL} or newer.",
        )
    return Finding("ok", f"DATABASE_URL, PostgreSQL {version}")


_RIGHTS = """
    SELECT current_user::text, role.rolsuper,
      EXISTS (SELECT FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND pg_has_role(relowner, 'USAGE')),
      audit IS NOT NULL AND NOT has_table_privilege(audit, 'SELECT'),
      audit IS NOT NULL AND has_table_privilege(audit, 'UPDATE, DELETE, TRUNCATE')
    FROM pg_roles role, to_regclass('public.platform_audit_event') audit
    WHERE role.rolname = current_user
"""


def _database_user() -> Finding:
    """Say what an intruder into the web process could do to the audit."""
    url = os.environ.get("DATABASE_URL")
    parameters = Cluster().connection_parameters(user=APPLICATION)
    conninfo = url or psycopg.conninfo.make_conninfo(**parameters)
    try:
        with psycopg.connect(conninfo, connect_timeout=5) as connection:
            row = connection.execute(_RIGHTS).fetchone()
    except psycopg.Error:
        return Finding("note", "not known while the database cannot be reached")
    user, is_superuser, owns, is_shut_out, rewrites = row or ("", False, False, True, False)
    if is_shut_out:
        return Finding("note", f"{user} may read no table yet", mend="serentak migrate")
    if is_superuser or owns or rewrites:
        what = "is a superuser" if is_superuser else "owns tables" if owns else "may rewrite"
        return Finding(
            "note",
            f"{user} {what}: whoever takes over a web process can empty the audit",
            mend="Name a role that owns nothing in DATABASE_URL and the owner in "
            "DATABASE_OWNER_URL (docs/operations.md), then: serentak migrate",
        )
    return Finding("ok", f"{user}, who owns nothing")


def _migrations() -> Finding:
    if not os.environ.get("DATABASE_URL") and not Cluster().answers():
        return Finding("note", "not known while the database does not run")
    ran = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--check"],
        capture_output=True,
        text=True,
        check=False,
        env={
            "DJANGO_SETTINGS_MODULE": "serentak.config.settings",
            **os.environ,
            "SERENTAK_POOL": "0",  # the pool would wait for a server that is not there
        },
    )
    if ran.returncode == 0:
        return Finding("ok", "all done")
    last = (ran.stderr.strip().splitlines() or ["some are pending"])[-1]
    if "OperationalError" in ran.stderr and "does not exist" not in last:
        # It starts, recovers or stops: what it holds is not known, and migrating would not help.
        return Finding("note", f"not known: {last}", mend="Wait a moment, then ask again.")
    return Finding("note", last, mend="serentak migrate")


def _secret_key() -> Finding:
    file = home() / "secret-key"
    if os.environ.get("SERENTAK_SECRET_KEY"):
        return Finding("ok", "SERENTAK_SECRET_KEY is set")
    if not file.exists():
        return Finding("ok", "made at the first start")
    if file.stat().st_mode & 0o077:
        return Finding("missing", f"{file} can be read by others", mend=f"chmod 600 {file}")
    return Finding("ok", str(file))


def _web_settings() -> Finding:
    wrong = []
    if os.environ.get("SERENTAK_HTTPS") == "0":
        wrong.append("SERENTAK_HTTPS=0 sends passwords in the clear")
    if os.environ.get("SERENTAK_DEBUG") == "1":
        wrong.append("SERENTAK_DEBUG=1 shows the inside to everybody")
    if os.environ.get("SERENTAK_DEMO") == "1":
        wrong.append("SERENTAK_DEMO=1 lets everybody sign in")
    if not os.environ.get("SERENTAK_HOSTS"):
        wrong.append("SERENTAK_HOSTS does not name the site's address")
    if wrong:
        return Finding(
            "note",
            "; ".join(wrong),
            mend="Nothing to do for a demo. For a real installation: docs/operations.md",
        )
    return Finding("ok", "HTTPS and host names are set")


def _translations() -> Finding:
    stale = translations.stale()
    if stale:
        return Finding("note", f"{len(stale)} not compiled", mend="serentak messages compile")
    return Finding("ok", "compiled")


def _holidays() -> Finding:
    """Terms of working days reach a few months ahead, so from October on into the next year."""
    from serentak.platform.holidays import is_decreed

    ahead = date.today() + timedelta(days=MONTHS_AHEAD * 30)  # noqa: DTZ011  # the machine's own day
    if not is_decreed(ahead.year):
        return Finding(
            "note",
            f"collective leave of {ahead.year} is not known: clocks that run into it may be wrong",
            mend="update the package holidays, or name the days in a holidays.yaml of your own",
        )
    return Finding("ok", f"known for {ahead.year}")


def _browser() -> Finding:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        return Finding(
            "note",
            "no Chromium, which only the browser tests need",
            mend="apt-get install chromium",
        )
    return Finding("ok", found)
