"""Keeps database and evidence in one encrypted file, and brings them back from it.

The file is age's (age-encryption.org) around a tar of `database.dump`, `evidence/…` and, last,
`manifest.json`: age notices any byte that is missing or changed, so a file that opens to its end is
whole, and the `age` tool, `tar` and `pg_restore` open it without Serentak. A backup gets its name
only after it was read back into a fresh database, and nothing that was there is lost by a restore.
"""

import fcntl
import hashlib
import io
import json
import os
import signal
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, BinaryIO

import psycopg
import pyrage
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from psycopg import sql

from serentak.config.supervisor import CannotRun
from serentak.platform.database import Cluster, end_with_parent, home

FORMAT = 1
DUMP, EVIDENCE, MANIFEST = "database.dump", "evidence/", "manifest.json"
MAINTENANCE = "postgres"
CHUNK = 1 << 20

# PostgreSQL's number for "finished before everything": what other clusters called a transaction
# means nothing here, and must not look like one that still runs.
FROZEN = 2

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds: tables with count and digest of their rows, files with their digests.

    `lost` names evidence whose file was missing or changed when the backup was made.
    """

    made_at: str
    serentak: str
    database: str
    migrations: list[list[str]]
    tables: dict[str, list[Any]]
    evidence: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    format: int = FORMAT


# --- making one


def back_up(file: Path, *, recipients: Sequence[str], tell: Tell) -> Manifest:
    """Write a backup that `recipients` (age's public keys) can open, and read it back.

    It is written beside `file` and renamed when it was found whole, so that `file` is at every
    moment the old backup or the new one.
    """
    readers = [_recipient(text) for text in recipients]
    # A key that lives as long as this run lets the finished file be read back.
    passing = pyrage.x25519.Identity.generate()
    part = file.with_name(f"{file.name}.part")
    with _alone() as maintenance, _only_writer(part) as output:
        tell("database and evidence …")
        with _encrypted(output, [*readers, passing.to_public()]) as plain:
            manifest = _write(plain)
        output.flush()
        os.fsync(output.fileno())
        tell("reading it back into a fresh database …")
        with _scratch(maintenance, "check") as name:
            found = _load(part, [passing], name, keep=None)
            if found != manifest:
                raise CannotRun(f"{part} does not hold what was written. Is the disk sound?")
        part.rename(file)
        _sync_folder(file.parent)
    return manifest


def _recipient(text: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise CannotRun(
            f"{text} is no public key. It begins with age1; `serentak backup-key FILE` makes one."
        ) from None


@contextmanager
def _only_writer(part: Path) -> Iterator[BinaryIO]:
    """Open the unfinished file, over what a killed run left; it is gone unless it was renamed."""
    with part.open("ab") as output:
        try:
            fcntl.flock(output, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"Another backup is being written to {part}.") from None
        output.truncate(0)
        part.chmod(0o600)
        try:
            yield output
        finally:
            part.unlink(missing_ok=True)


def _write(plain: IO[bytes]) -> Manifest:
    """Write dump, evidence and manifest of one moment."""
    with (
        tarfile.open(fileobj=plain, mode="w|") as tar,
        _connected(_name()) as connection,
        connection.transaction(),
    ):
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if connection.execute("SELECT to_regclass('platform_audit_event')").fetchone() == (None,):
            raise CannotRun("The database is empty; there is nothing to back up.")
        [snapshot] = connection.execute("SELECT pg_export_snapshot()").fetchone() or [None]
        # Without a name of its own, the plain dump is gone with this process however it ends.
        with tempfile.TemporaryFile(dir=home()) as dump:
            _run("pg_dump", "-Fc", f"--snapshot={snapshot}", database=_name(), stdout=dump)
            size = dump.seek(0, io.SEEK_END)
            dump.seek(0)
            _add(tar, DUMP, dump, size)
        evidence, lost = _write_evidence(tar, connection)
        manifest = Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            serentak=version("serentak"),
            database=_name(),
            migrations=_migrations(connection),
            tables=contents(connection),
            evidence=evidence,
            lost=lost,
        )
        text = json.dumps(asdict(manifest), indent=1).encode()
        _add(tar, MANIFEST, io.BytesIO(text), len(text))
    return manifest


def _write_evidence(
    tar: tarfile.TarFile, connection: psycopg.Connection
) -> tuple[dict[str, str], list[str]]:
    """Write the files that the database names; their digests, and which are missing or changed."""
    digests, lost = {}, []
    for name, known in connection.execute("SELECT file, sha256 FROM platform_evidence_file"):
        try:
            with default_storage.open(name, "rb") as stored:
                read = _Digested(stored)
                _add(tar, EVIDENCE + name, read, stored.size)
        except FileNotFoundError:
            lost.append(name)
            continue
        digests[name] = read.digest.hexdigest()
        if digests[name] != known:
            lost.append(name)
    return digests, lost


def _add(tar: tarfile.TarFile, name: str, source: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, source)


class _Digested:
    """A file that computes the digest of what is read from it."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._source.read(size)
        self.digest.update(data)
        return data


# --- reading one


def restore(file: Path, *, key: Path, replace: bool, tell: Tell) -> tuple[Manifest, str]:
    """Bring back what a backup holds; the former database's new name, empty if it held nothing.

    It is loaded and compared beside the database in use, and changes places with it at the end.
    """
    identities = _identities(key)
    kept = ""
    with _alone() as maintenance:
        _refuse_company(maintenance)
        holds = _holds_something(maintenance)
        if holds and not replace:
            raise CannotRun(
                f"The database {_name()} holds data. With --replace it is kept under another name "
                "and the backup takes its place; or name another one in SERENTAK_DATABASE."
            )
        tell("loading it beside the database in use …")
        with (
            _scratch(maintenance, "restored") as fresh,
            tempfile.TemporaryDirectory(dir=home(), prefix="restored-") as folder,
        ):
            manifest = _load(file, identities, fresh, keep=Path(folder))
            _refuse_a_newer_version(manifest)
            _settle(fresh)
            tell("evidence …")
            _store_evidence(manifest, Path(folder))
            _refuse_company(maintenance)
            kept = f"{_name()[:40]}_before_{datetime.now(UTC):%Y%m%d%H%M%S}"
            _change_places(maintenance, fresh, kept)
        if not holds:
            _drop(maintenance, kept)
            kept = ""
    return manifest, kept


def _identities(key: Path) -> list[Any]:
    lines = key.read_text(errors="replace").split()
    try:
        found = [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line.startswith("AGE-SECRET-KEY-")
        ]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise CannotRun(
            f"{key} holds no secret key. It is the file that `serentak backup-key` made, with a "
            "line that begins with AGE-SECRET-KEY-."
        )
    return found


def _load(file: Path, identities: Sequence[Any], database: str, *, keep: Path | None) -> Manifest:
    """Load a backup into a fresh database and compare; evidence goes to `keep`, if that is given.

    In `keep` a file's name is the digest of its name, so that no name leads elsewhere.
    """
    digests: dict[str, str] = {}
    manifest: Manifest | None = None
    with _decrypted(file, identities) as plain:
        try:
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                for member in tar:
                    content = _Digested(tar.extractfile(member))
                    if member.name == DUMP:
                        _restore_dump(content, database)
                    elif member.name == MANIFEST:
                        manifest = _read_manifest(content.read(), file)
                    elif member.name.startswith(EVIDENCE):
                        name = member.name.removeprefix(EVIDENCE)
                        _copy(content, keep / _flat(name) if keep else Path(os.devnull))
                        digests[name] = content.digest.hexdigest()
        except tarfile.TarError:
            raise CannotRun(f"{file} is no backup of Serentak.") from None
    if manifest is None:
        raise CannotRun(f"{file} is no backup of Serentak.")
    with _connected(database) as connection:
        found = contents(connection)
    differing = [
        name
        for name in sorted(manifest.tables.keys() | found.keys())
        if manifest.tables.get(name) != found.get(name)
    ]
    differing += sorted(name for name, _ in manifest.evidence.items() ^ digests.items())
    if differing:
        raise CannotRun(
            f"{file} does not give back what it says: {', '.join(differing[:5])} differ. Nothing "
            "was changed. Take another backup, and keep this one for whoever looks into it."
        )
    return manifest


def _flat(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _copy(content: _Digested, target: Path) -> None:
    with target.open("wb") as output:
        while data := content.read(CHUNK):
            output.write(data)


def _read_manifest(text: bytes, file: Path) -> Manifest:
    told = json.loads(text)
    if told.get("format") != FORMAT:
        raise CannotRun(f"{file} was made by another version of Serentak ({told.get('serentak')}).")
    return Manifest(**told)


def _refuse_a_newer_version(manifest: Manifest) -> None:
    import django
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    if unknown := [f"{a}.{n}" for a, n in manifest.migrations if (a, n) not in known]:
        raise CannotRun(
            f"The backup was made by a newer version of Serentak ({manifest.serentak}), which "
            f"knows {unknown[0]}. Update Serentak first. Nothing was changed."
        )


def _settle(database: str) -> None:
    """Say of every event that its transaction is finished, since it ran in another cluster."""
    with _connected(database) as connection, connection.transaction():
        table = "ALTER TABLE platform_audit_event {} TRIGGER audit_is_append_only"
        connection.execute(table.format("DISABLE"))
        connection.execute(
            "UPDATE platform_audit_event SET transaction_id = %s::text::xid8", [FROZEN]
        )
        connection.execute(table.format("ENABLE"))


def _store_evidence(manifest: Manifest, folder: Path) -> None:
    """Put files where the storage lacks them; one of the same name and other content is refused."""
    for name, digest in manifest.evidence.items():
        if default_storage.exists(name):
            with default_storage.open(name, "rb") as stored:
                if hashlib.file_digest(stored, "sha256").hexdigest() != digest:
                    raise CannotRun(
                        f"The evidence file {name} is there with other content than in the backup. "
                        "Move it aside and restore again. The database was not changed."
                    )
            continue
        with (folder / _flat(name)).open("rb") as source:
            default_storage.save(name, File(source))


def _change_places(maintenance: psycopg.Connection, fresh: str, kept: str) -> None:
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    try:
        with maintenance.transaction():
            for old, new in ((_name(), kept), (fresh, _name())):
                maintenance.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
    except psycopg.errors.ObjectInUse:
        _refuse_company(maintenance)
        raise


def _refuse_company(maintenance: psycopg.Connection) -> None:
    row = maintenance.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = %s AND backend_type = 'client backend'",
        [_name()],
    ).fetchone()
    if row and row[0]:
        raise CannotRun(
            f"{row[0]} connections to the database {_name()} are open. Stop web and worker "
            "processes first (serve, worker, demo), then restore again."
        )


def _holds_something(maintenance: psycopg.Connection) -> bool:
    """Tell whether anything but fresh tables is there."""
    with _connected(_name()) as connection:
        tables = connection.execute(
            "SELECT count(*), to_regclass('platform_audit_event') IS NULL FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
        if tables is None or tables[0] == 0:
            return False
        if tables[1]:
            return True
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM platform_audit_event) OR EXISTS (SELECT FROM platform_user)"
        ).fetchone()
        return bool(row and row[0])


# --- what is compared


def contents(connection: psycopg.Connection) -> dict[str, list[Any]]:
    """Return for each table how many rows it has and a digest of them all, whatever their order."""
    connection.execute("SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET extra_float_digits = 1")
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    statement = sql.SQL(
        "SELECT count(*), encode(sha256(coalesce(string_agg(digest, '' ORDER BY digest), '')),"
        " 'hex') FROM (SELECT sha256(convert_to(row::text, 'UTF8')) AS digest FROM {} AS row)"
    )
    found = {}
    for (name,) in tables:
        row = connection.execute(statement.format(sql.Identifier("public", name))).fetchone()
        found[name] = list(row or [])
    return found


def _migrations(connection: psycopg.Connection) -> list[list[str]]:
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [list(row) for row in rows]


# --- age, as a pipe


@contextmanager
def _encrypted(target: BinaryIO, recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Give a file whose content is encrypted into `target`."""
    reading, writing = os.pipe()

    def encrypt() -> None:
        with os.fdopen(reading, "rb") as plain:
            pyrage.encrypt_io(plain, target, recipients)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(encrypt)
        try:
            with os.fdopen(writing, "wb") as plain:
                yield plain
        except BrokenPipeError:
            pass  # the other end says why
        try:
            done.result()
        except pyrage.EncryptError as error:
            raise CannotRun(f"The backup cannot be written: {error}") from None


@contextmanager
def _decrypted(file: Path, identities: Sequence[Any]) -> Iterator[IO[bytes]]:
    """Give what `file` holds; when the block ends well, every byte of the file was proven."""
    reading, writing = os.pipe()

    def decrypt() -> None:
        with file.open("rb") as source, os.fdopen(writing, "wb") as plain:
            pyrage.decrypt_io(source, plain, identities)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(decrypt)
        failure: Exception | None = None
        with os.fdopen(reading, "rb") as plain:
            try:
                yield plain
                while plain.read(CHUNK):
                    pass
            except Exception as error:  # what the cut file led to comes second
                failure = error
        wrong = done.exception()
    if isinstance(wrong, BrokenPipeError) or (failure and "roken pipe" in str(wrong)):
        wrong = None  # nobody read on, for the reason that follows
    if isinstance(wrong, pyrage.DecryptError) and "matching keys" in str(wrong):
        raise CannotRun(
            f"{file} was made for another key. Give the file of the key whose public half the "
            "backup was made for; without it nobody can open it."
        )
    if isinstance(wrong, FileNotFoundError):
        raise wrong
    if wrong is not None:
        raise CannotRun(
            f"{file} is cut short or damaged ({wrong}). Nothing was changed. Copy it anew from "
            "where it was kept and compare the sizes, or take an earlier backup."
        )
    if failure is not None:
        raise failure


# --- PostgreSQL


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _parameters(database: str) -> dict[str, str]:
    """How the owner reaches a database."""
    named: Mapping[str, Any] = settings.DATABASES["default"] | settings.SERENTAK_OWNER
    keys = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = {key: str(named.get(name) or "") for key, name in keys.items()}
    options = {k: str(v) for k, v in named["OPTIONS"].items() if isinstance(v, str | int)}
    return {k: v for k, v in found.items() if v} | options | {"dbname": database}


def _answering(database: str) -> dict[str, str]:
    """How the owner reaches a database on the server, of several named ones, that answered.

    PostgreSQL's tools give up at a standby that does not have a new database yet.
    """
    with _connected(MAINTENANCE) as connection:
        return _parameters(database) | {
            "host": connection.info.host,
            "port": str(connection.info.port),
        }


@contextmanager
def _connected(database: str) -> Iterator[psycopg.Connection]:
    conninfo = psycopg.conninfo.make_conninfo(**_parameters(database) | {"connect_timeout": "10"})
    with psycopg.connect(conninfo, autocommit=True) as connection:
        yield connection


@contextmanager
def _alone() -> Iterator[psycopg.Connection]:
    """Give a connection beside the database in use; one backup or restore of it at a time."""
    with _connected(MAINTENANCE) as connection:
        row = connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended('serentak backup of ' || %s, 0))",
            [_name()],
        ).fetchone()
        if row != (True,):
            raise CannotRun(f"Another backup or restore of {_name()} is under way. Wait for it.")
        yield connection


@contextmanager
def _scratch(maintenance: psycopg.Connection, purpose: str) -> Iterator[str]:
    """Give an empty database, over what a killed run left; it is gone unless it was renamed."""
    name = f"{_name()[:40]}_{purpose}"
    _drop(maintenance, name)
    try:
        maintenance.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name)
            )
        )
        maintenance.execute(
            sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )
    except psycopg.errors.InsufficientPrivilege:
        raise CannotRun(
            "A backup is read back into a database of its own, which the owner may not make here. "
            f"Let it: ALTER ROLE {_parameters(name)['user']} CREATEDB (docs/operations.md)."
        ) from None
    try:
        yield name
    finally:
        with suppress(psycopg.OperationalError):
            _drop(maintenance, name)


def _drop(maintenance: psycopg.Connection, name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    maintenance.execute(statement.format(sql.Identifier(name)))


def _restore_dump(content: _Digested, database: str) -> None:
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    with _started("pg_restore", *options, database=database, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        with suppress(BrokenPipeError), process.stdin as pipe:
            while data := content.read(CHUNK):
                pipe.write(data)


def _run(tool: str, *options: str, database: str, stdout: Any) -> None:
    with _started(tool, *options, database=database, stdout=stdout):
        pass


@contextmanager
def _started(
    tool: str, *options: str, database: str, **streams: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of PostgreSQL's tools as the owner, and refuse with its own words if it fails."""
    parameters = _answering(database)
    # Told by the environment: everybody on the machine sees the words of a command.
    password = parameters.pop("password", "")
    command = [
        str(Cluster.found_binaries() / tool), *options, "--no-password",
        f"--dbname={psycopg.conninfo.make_conninfo(**parameters)}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command,
            stderr=words,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "PGPASSWORD": password},
            preexec_fn=end_with_parent(signal.SIGTERM),
            **streams,
        )
        try:
            yield process
        finally:
            code = process.wait()
        if code != 0:
            words.seek(0)
            said = words.read().decode(errors="replace").strip()
            raise CannotRun(f"{tool} failed: {said[-1000:]}")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
