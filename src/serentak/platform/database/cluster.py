"""Drives one embedded PostgreSQL server: made, started, believed and stopped.

The server is reached by its private socket only, and the operating system vouches for the caller
(peer authentication), so there is no password and no port. Two roles are let in: the owner, who
makes tables, and the application's, who owns none. Only a connection proves that a server runs: a
killed one leaves a lock file behind and may stay in the process table for a while.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypedDict

import psycopg
from psycopg import sql

from serentak.platform.database.lifeline import end_with_parent
from serentak.platform.database.location import (
    SYSTEM_FOLDER,
    Account,
    ClusterError,
    Location,
    binaries,
    home,
    location_of,
    locked,
    own_account,
    private_folder,
    system_account,
)

OWNER = "serentak"
APPLICATION = "serentak_app"
DATABASE = "serentak"
MAINTENANCE = "postgres"

# Inside the private folder this only names the socket; it is given so that PGPORT cannot change it.
PORT = "5432"

# A server that was killed leaves children and a lock file for a second or two, and then replays
# its journal; recovery after a busy night takes longer than a clean start.
START_SECONDS = 60.0
RETRY_SECONDS = 20.0
STOP_SECONDS = 60

SETTINGS = """\
# Written by Serentak at every start; own settings belong in local.conf beside this file.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
# Statements and the details of errors hold what people typed: they stay out of the log.
log_min_error_statement = panic
log_error_verbosity = terse
"""


class ConnectionParameters(TypedDict):
    """What ``psycopg.connect(**parameters)`` needs; ``host`` is the folder of the socket."""

    host: str
    port: str
    user: str
    dbname: str


@dataclass(frozen=True, kw_only=True)
class ClusterStatus:
    """What is known of a cluster from outside: is it there, does it answer, where is it."""

    exists: bool
    running: bool
    version: str | None
    data: Path
    socket: Path
    log: Path


class Cluster:
    """One PostgreSQL server with its data folder, shared by all processes of one home folder."""

    def __init__(self, home_folder: Path | None = None) -> None:
        self.location: Location = location_of(home_folder or home())

    def connection_parameters(
        self, database: str | None = None, *, user: str = OWNER
    ) -> ConnectionParameters:
        """How to reach a database of this cluster; computed, whether or not the server runs."""
        return ConnectionParameters(
            host=str(self.location.socket), port=PORT, user=user, dbname=database or database_name()
        )

    def ensure_running(self, database: str | None = None) -> ConnectionParameters:
        """Start the server unless it answers, and make the database unless it is there.

        A server started here outlives the caller; :meth:`stop` ends it. Safe to call from several
        processes at once.
        """
        if not self.answers():
            with self._exclusively():
                if not self.answers():
                    self._prepare()
                    self._start_by(self._launch_detached)
        self._admit_application()
        parameters = self.connection_parameters(database)
        self.create_database_if_missing(parameters["dbname"])
        return parameters

    def start_attached(self) -> subprocess.Popen[bytes] | None:
        """Start the server as a child that ends with this process, however this process ends.

        Gives None when a server answers already: it belongs to somebody else and stays with them.
        Call it from the main thread, since Linux ties the child to the thread that made it.
        """
        child = None
        if not self.answers():
            with self._exclusively():
                if not self.answers():
                    self._prepare()
                    child = self._start_by(self._launch_attached)
        self._admit_application()
        return child

    def stop(self) -> bool:
        """End the server, letting running transactions roll back; False if none was running."""
        if not self.location.lock.exists():
            return False
        with self._exclusively():
            if not self._lives():
                return False
            stopped = self._run("pg_ctl", "stop", "--pgdata", str(self.location.data), "--wait",
                                "--mode", "fast", "--timeout", str(STOP_SECONDS))  # fmt: skip
            if stopped.returncode != 0:
                raise ClusterError(
                    f"PostgreSQL did not stop: {stopped.stderr.strip()} "
                    f"Its log: {self.location.log}"
                )
            with suppress(OSError):  # made again at the next start
                self.location.socket.rmdir()
            return True

    def status(self) -> ClusterStatus:
        """Whether the cluster exists and answers, and where it keeps its things."""
        version = None
        try:
            with self.connection(MAINTENANCE, connect_timeout=3) as connection:
                row = connection.execute("SHOW server_version").fetchone()
                version = str(row[0]) if row else None
        except psycopg.OperationalError:
            pass
        return ClusterStatus(
            exists=(self.location.data / "PG_VERSION").exists(),
            running=version is not None,
            version=version,
            data=self.location.data,
            socket=self.location.socket,
            log=self.location.log,
        )

    def answers(self, *, user: str = OWNER) -> bool:
        """True if a connection succeeds now."""
        try:
            with self.connection(MAINTENANCE, user=user, connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    @contextmanager
    def connection(
        self, database: str | None = None, *, user: str = OWNER, connect_timeout: int = 10
    ) -> Iterator[psycopg.Connection]:
        """A connection in autocommit mode, closed at the end."""
        parameters = self.connection_parameters(database, user=user)
        with psycopg.connect(
            **parameters, connect_timeout=connect_timeout, autocommit=True
        ) as connection:
            yield connection

    def create_database_if_missing(self, name: str) -> bool:
        """Make an empty database; False if it was there."""
        with self.connection(MAINTENANCE) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
            if found:
                return False
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return False  # another process was faster
            self._keep_to_tables(connection, name)
            return True

    def drop_database(self, name: str) -> None:
        """Remove a database with all that is in it, ending the connections to it."""
        with self.connection(MAINTENANCE) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def copy_database(self, source: str, target: str) -> None:
        """Make ``target`` a copy of ``source``, to which nobody may be connected meanwhile."""
        with self.connection(MAINTENANCE) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(target), sql.Identifier(source)
                )
            )
            self._keep_to_tables(connection, target)

    @staticmethod
    def _keep_to_tables(connection: psycopg.Connection, name: str) -> None:
        """Let the owner alone make passing tables; a copy does not take this right over."""
        connection.execute(
            sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )

    def _admit_application(self) -> None:
        """Let the application's role in; a server that an earlier version started learns of it."""
        if self.answers(user=APPLICATION):
            return
        with self._exclusively(), self.connection(MAINTENANCE) as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]
            ).fetchone()
            if not known:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APPLICATION))
                )
            self._write_who_is_let_in()
            connection.execute("SELECT pg_reload_conf()")
        began = time.monotonic()
        while not self.answers(user=APPLICATION):
            if time.monotonic() - began > RETRY_SECONDS:
                raise ClusterError(
                    f"PostgreSQL does not let its role {APPLICATION} in. {self._last_words()}"
                )
            time.sleep(0.05)

    # -- making and starting -----------------------------------------------------------------

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Let one process at a time make, start or stop this cluster."""
        if self.location.as_root:
            SYSTEM_FOLDER.mkdir(mode=0o755, exist_ok=True)
            # Accounts and binaries are shared by all clones on the machine.
            with locked(SYSTEM_FOLDER / "lock"):
                account, _ = self.account, self.binaries
        else:
            self.location.home.mkdir(parents=True, exist_ok=True)
            account = self.account
        private_folder(self.location.base, account)
        with locked(self.location.lock):
            yield

    @cached_property
    def account(self) -> Account:
        """Who the server runs as; made on first use when root starts it."""
        return system_account() if self.location.as_root else own_account()

    @cached_property
    def binaries(self) -> Path:
        """The folder of the server's binaries, readable by the server's account."""
        return binaries(as_root=self.location.as_root)

    @staticmethod
    def found_binaries() -> Path:
        """The binaries that would be used, found without copying them or making an account."""
        return binaries(as_root=False)

    def _prepare(self) -> None:
        """Make the data folder if need be and write what every start needs."""
        data = self.location.data
        private_folder(self.location.socket, self.account)
        if (data / "PG_VERSION").exists():
            self._refuse_other_major_version()
        else:
            self._initialise()
        self._write("postgresql.conf", "include 'serentak.conf'\ninclude_if_exists 'local.conf'\n")
        self._write("serentak.conf", SETTINGS.format(port=PORT, socket=self.location.socket))
        self._write_who_is_let_in()
        self._forget_a_dead_server()
        if self.location.log.exists():
            self.location.log.replace(self.location.log.with_suffix(".log.1"))

    def _write_who_is_let_in(self) -> None:
        self._write(
            "pg_hba.conf",
            f"local all {OWNER},{APPLICATION} peer map=own\n"
            f"local replication {OWNER} peer map=own\n",
        )
        accounts = dict.fromkeys(["root", self.account.name])
        lines = [f'own "{name}" {role}\n' for name in accounts for role in (OWNER, APPLICATION)]
        self._write("pg_ident.conf", "".join(lines))

    def _refuse_other_major_version(self) -> None:
        data_major = (self.location.data / "PG_VERSION").read_text().strip()
        banner = self._run("postgres", "--version").stdout.split()
        server = banner[2] if len(banner) > 2 else "unknown"
        if server.split(".")[0] != data_major:
            raise ClusterError(
                f"The data in {self.location.data} was made by PostgreSQL {data_major}, but the "
                f"server at hand is {server}. Set SERENTAK_PG_BIN to the bin folder of PostgreSQL "
                f"{data_major} and dump the data for the new version (docs/operations.md); if it "
                "is only a demonstration, move the folder away and start again."
            )

    def _initialise(self) -> None:
        """Make the data folder beside its final place, so that a broken attempt is never used."""
        fresh = self.location.base / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        made = self._run(
            "initdb", "--pgdata", str(fresh), "--username", OWNER, "--encoding", "UTF8",
            "--auth-local=peer", "--auth-host=reject", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        if made.returncode != 0:
            raise ClusterError(
                f"PostgreSQL could not make its data folder {self.location.data}: "
                f"{made.stderr.strip()}"
            )
        self._own(self.location.base / "home", f"{self.location.home}\n")
        fresh.rename(self.location.data)

    def _write(self, name: str, text: str) -> None:
        self._own(self.location.data / name, text)

    def _own(self, path: Path, text: str) -> None:
        """Write a file that belongs to the server's account, never through a link it left."""
        path.unlink(missing_ok=True)
        with path.open("x") as file:
            file.write(text)
        path.chmod(0o600)
        if self.location.as_root:
            os.chown(path, self.account.uid, self.account.gid)

    def _lives(self) -> bool:
        """True if the process named in the lock file is a living server of this data folder.

        Only Linux tells; elsewhere a lock file counts as life.
        """
        try:
            number = int((self.location.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return False
        if sys.platform != "linux":
            return True
        try:
            # A server works in its data folder; a zombie works nowhere, a stranger elsewhere.
            return Path(f"/proc/{number}/cwd").samefile(self.location.data)
        except OSError:
            return False

    def _forget_a_dead_server(self) -> None:
        """Remove the lock file of a server that is gone.

        PostgreSQL does so itself, except when the process id lives on: as a zombie that nobody
        collects, or given to another process after a restart of the machine. Children of the dead
        server are still found by its shared memory, so this cannot start two servers on one folder.
        """
        lock_file = self.location.data / "postmaster.pid"
        if lock_file.exists() and not self._lives():
            lock_file.unlink(missing_ok=True)

    def _start_by(
        self, launch: Callable[[], subprocess.Popen[bytes] | None]
    ) -> subprocess.Popen[bytes] | None:
        """Launch the server, again while an earlier one still lets go, until it answers."""
        began = time.monotonic()
        while True:
            child = launch()
            while time.monotonic() - began < START_SECONDS:
                if self.answers():
                    return child
                if not self._lives() and (child is None or child.poll() is not None):
                    break
                time.sleep(0.05)
            if time.monotonic() - began > RETRY_SECONDS:
                if child is not None and child.poll() is None:
                    child.terminate()
                    child.wait()
                raise ClusterError(f"PostgreSQL did not start. {self._last_words()}")
            time.sleep(0.5)
            self._forget_a_dead_server()

    def _last_words(self) -> str:
        try:
            lines = self.location.log.read_text(errors="replace").splitlines()[-5:]
        except FileNotFoundError:
            lines = []
        return "\n".join([f"The end of {self.location.log}:", *lines])

    def _launch_detached(self) -> None:
        """Start a server that belongs to nobody, so that init collects it when it is killed."""
        self._run("pg_ctl", "start", "--pgdata", str(self.location.data), "--no-wait", "--silent",
                  "--log", str(self.location.log))  # fmt: skip

    def _launch_attached(self) -> subprocess.Popen[bytes]:
        """Start a server as our child that shuts down when we die, even by kill -9."""
        with self.location.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.binaries / "postgres"), "-D", str(self.location.data)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # The terminal's Ctrl-C goes to the supervisor alone, which ends the server last.
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGINT),
                **self._as_server(),
            )

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's tools as the server's account."""
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
            **self._as_server(),
        )

    def _as_server(self) -> dict[str, Any]:
        """Options for ``subprocess``: the server's account, and nothing of our environment.

        No secret of ours reaches the server, and no PG* variable of the user changes it.
        """
        options: dict[str, Any] = {
            "cwd": "/",
            "umask": 0o077,
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        }
        if self.location.as_root:
            account = self.account
            options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
        return options


def database_name() -> str:
    """The database that this process works in: ``serentak``, or another by SERENTAK_DATABASE."""
    return os.environ.get("SERENTAK_DATABASE") or DATABASE
