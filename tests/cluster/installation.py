"""A whole installation on seven machines, run with the files of `deploy/`.

Three machines hold the database (etcd, Patroni, PostgreSQL), two serve pages and run a worker, one
is the web server in front, one the store for evidence.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from serentak.platform.database.location import packaged_binaries
from tests.machine.running import eventually

from .machines import Machine

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BIN = Path(sys.executable).parent
START_SECONDS = 90.0
BUCKET = "serentak"
PASSWORDS = {"superuser": "super", "replication": "copy", "rewind": "wind"}


class Installation:
    """All machines; `front` is where readers come in."""

    def __init__(self, folder: Path) -> None:
        self.data = [Machine(f"data{n}", 10 + n, folder) for n in (1, 2, 3)]
        self.web = [Machine(f"web{n}", 20 + n, folder) for n in (1, 2)]
        self.front = Machine("front", 30, folder)
        self.store = Machine("store", 40, folder)
        self.address = f"http://{self.front.address}"

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *_: object) -> None:
        for machine in (*self.web, self.front, self.store, *self.data):
            machine.switch_off()

    def start_database(self) -> None:
        """Start the members, make roles and database."""
        for machine in self.data:
            self.start_member(machine, is_new=True)
        assert eventually(lambda: len(self.standbys()) == 2, START_SECONDS), self.seen()
        self.front.switch_on()
        self.front.run(
            [
                str(packaged_binaries() / "psql"), "--quiet",
                f"host={self._hosts} user=postgres dbname=postgres target_session_attrs=read-write",
                "-v", "owner_password=owner", "-v", "application_password=app",
                "-f", str(DEPLOY / "roles.sql"),
            ],
            variables={"PGPASSWORD": PASSWORDS["superuser"]},
        )  # fmt: skip

    def start_member(self, machine: Machine, *, is_new: bool = False) -> None:
        """Start etcd and Patroni on a machine, with the data that it has."""
        machine.switch_on()
        me = machine.address
        everybody = ",".join(f"{one.name}=http://{one.address}:2380" for one in self.data)
        machine.start(
            "etcd",
            ["etcd"],
            variables={
                "ETCD_NAME": machine.name,
                "ETCD_DATA_DIR": str(machine.folder / "etcd"),
                "ETCD_LISTEN_PEER_URLS": "http://0.0.0.0:2380",
                "ETCD_LISTEN_CLIENT_URLS": "http://0.0.0.0:2379",
                "ETCD_INITIAL_ADVERTISE_PEER_URLS": f"http://{me}:2380",
                "ETCD_ADVERTISE_CLIENT_URLS": f"http://{me}:2379",
                "ETCD_INITIAL_CLUSTER": everybody,
                "ETCD_INITIAL_CLUSTER_STATE": "new" if is_new else "existing",
                "ETCD_LOG_LEVEL": "warn",
            },
            again=True,
        )
        machine.start(
            "patroni",
            [str(BIN / "patroni"), str(DEPLOY / "patroni.yml")],
            variables={
                "PATRONI_NAME": machine.name,
                "PATRONI_ETCD3_HOSTS": ",".join(f"{one.address}:2379" for one in self.data),
                "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{me}:8008",
                "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{me}:5432",
                "PATRONI_POSTGRESQL_DATA_DIR": str(machine.folder / "postgresql"),
                "PATRONI_POSTGRESQL_BIN_DIR": str(packaged_binaries()),
                "PATRONI_POSTGRESQL_PGPASS": str(machine.folder / "pgpass"),
                **{f"PATRONI_{k.upper()}_PASSWORD": word for k, word in PASSWORDS.items()},
            },
            as_user=True,
            again=True,
        )

    def move_in(self, backup: Path, key: Path) -> None:
        """Start the store and bring what one machine held, as somebody would who outgrew it."""
        self.store.switch_on()
        self.store.start(
            "store", [str(BIN / "moto_server"), "-H", "0.0.0.0", "-p", "9000"], variables={}
        )
        assert eventually(lambda: self._make_bucket(), 60)
        first = self.web[0]
        first.switch_on()
        variables = self._variables(first) | {"DATABASE_OWNER_URL": self._url("serentak", "owner")}
        command = [str(BIN / "serentak"), "restore", str(backup), "--key", str(key)]
        first.run(command, variables=variables)
        first.run([str(BIN / "serentak"), "migrate"], variables=variables)

    def start_pages(self) -> None:
        """Start web machines and the one in front."""
        for machine in self.web:
            if machine is not self.web[0]:
                machine.switch_on()
            for program, *options in (
                ("serve", "--host", "0.0.0.0", "--workers", "2"),
                ("worker",),
            ):
                machine.start(
                    program,
                    [str(BIN / "serentak"), program, *options],
                    variables=self._variables(machine),
                    again=True,
                )
        variables = self._variables(self.front)
        self.front.run([str(BIN / "serentak"), "collect"], variables=variables)
        self.front.run([str(BIN / "serentak"), "publish"], variables=variables)
        self.front.start(
            "caddy",
            ["caddy", "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")],
            variables={
                "SERENTAK_SITE": ":80",
                "SERENTAK_NODES": " ".join(f"{one.address}:8000" for one in self.web),
                "SERENTAK_FILES": str(self.front.folder / "home"),
                "HOME": str(self.front.folder),
            },
        )
        nodes = [self.address, *(f"http://{one.address}:8000" for one in self.web)]
        for node in nodes:
            assert eventually(lambda n=node: health(n).get("writable"), START_SECONDS), health(node)

    def primary(self) -> Machine | None:
        """The machine that holds the lease, as a majority knows it."""
        return next((one for one in self.data if self._role(one.name) == "leader"), None)

    def standbys(self) -> list[Machine]:
        """The machines whose answer a commit waits for."""
        return [one for one in self.data if self._role(one.name).endswith("standby")]

    def seen(self) -> dict[str, Any]:
        """What the members know of each other, from the first that answers with a leader."""
        answers = [asked(f"http://{one.address}:8008/cluster") for one in self.data]
        return next((a for a in answers if any(_is_leader(m) for m in a.get("members", ()))), {})

    def connection(self) -> psycopg.Connection:
        """Connect as the owner to whichever member takes writes."""
        return psycopg.connect(self._url("serentak", "owner"), connect_timeout=2, autocommit=True)

    @property
    def _hosts(self) -> str:
        return ",".join(machine.address for machine in self.data)

    def _url(self, user: str, password: str) -> str:
        query = f"host={self._hosts}&target_session_attrs=read-write"
        return f"postgresql://{user}:{password}@/serentak?{query}"

    def _variables(self, machine: Machine) -> dict[str, str]:
        home = machine.folder / "home"
        home.mkdir(exist_ok=True)
        return {
            "HOME": str(machine.folder),
            "SERENTAK_HOME": str(home),
            "DATABASE_URL": self._url("serentak_app", "app"),
            "SERENTAK_SECRET_KEY": "the same on every machine",
            "SERENTAK_HOSTS": "*",
            "SERENTAK_PROXY": "1",
            "SERENTAK_DEMO": "1",  # entered with one click; plain HTTP
            "SERENTAK_LOG": "WARNING",
            "SERENTAK_S3_URL": f"http://{self.store.address}:9000",
            "SERENTAK_S3_BUCKET": BUCKET,
            "SERENTAK_S3_KEY": "key",
            "SERENTAK_S3_SECRET": "secret",
        }

    def _role(self, name: str) -> str:
        members = self.seen().get("members", [])
        found = next((member for member in members if member["name"] == name), {})
        running = found.get("state") in {"running", "streaming"}
        return str(found.get("role", "")) if running else ""

    def _make_bucket(self) -> bool:
        request = urllib.request.Request(
            f"http://{self.store.address}:9000/{BUCKET}", method="PUT", headers=SIGNED
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


# The stand-in believes any key; the header only says that it is S3 that is asked.
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=key/20240101/us-east-1/s3/aws4_request"}


def _is_leader(member: Mapping[str, Any]) -> bool:
    return bool(member["role"] == "leader")


def asked(url: str) -> dict[str, Any]:
    """Ask for JSON; empty where nobody answers within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.loads(error.read() or b"{}"))
    except (OSError, ValueError):
        return {}


def health(node: str) -> dict[str, Any]:
    """Ask a node how it is."""
    return asked(f"{node}/health")


def backed_up(folder: Path, database: str) -> tuple[Path, Path]:
    """Back up a database of the embedded server; the file and its key."""
    key, file = folder / "backup.key", folder / "serentak.age"
    told = subprocess.run(
        [str(BIN / "serentak"), "backup-key", str(key)], capture_output=True, text=True, check=True
    )
    public = next(word for word in told.stdout.split() if word.startswith("age1"))
    subprocess.run(
        [str(BIN / "serentak"), "backup", str(file), "--to", public],
        env={**os.environ, "SERENTAK_DATABASE": database, "SERENTAK_DEMO": "1"},
        check=True,
    )
    return file, key
