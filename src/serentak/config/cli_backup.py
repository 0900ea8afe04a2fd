"""The commands ``serentak backup-key``, ``backup`` and ``restore``."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from serentak.config.supervisor import CannotRun
from serentak.platform.database import Cluster, home
from serentak.platform.key_files import make_key_file

NAMES = ("backup-key", "backup", "restore")


def add_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Offer the commands."""
    parser = commands.add_parser(
        "backup-key",
        help="make the key that opens backups",
        description="Make the key that opens backups, and print its public half, for which "
        "backups are made. Whoever keeps the file apart from this machine can open them.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.set_defaults(run=backup_key)

    parser = commands.add_parser(
        "backup",
        help="keep database and evidence in one encrypted file",
        description="Keep database and evidence in one encrypted file, and read it back into a "
        "fresh database before it gets its name. Serentak may run meanwhile.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--to", action="append", metavar="KEY", default=[],
        help="public key of who can open it, age1…; may be repeated (SERENTAK_BACKUP_TO)",
    )  # fmt: skip
    parser.set_defaults(run=backup)

    parser = commands.add_parser(
        "restore",
        help="bring back what a backup holds",
        description="Bring back what a backup holds. Stop web and worker processes first.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="the file of `serentak backup-key`"
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="where the database holds data: keep it under another name, and take its place",
    )
    parser.set_defaults(run=restore)


def backup_key(options: argparse.Namespace) -> int:
    """Make a key; one that is there is never written over."""
    import pyrage

    if options.file.exists():
        raise CannotRun(
            f"{options.file} exists. A key that backups were made for must not be lost."
        )
    identity = pyrage.x25519.Identity.generate()
    make_key_file(options.file, f"# public key: {identity.to_public()}\n{identity}")
    print(identity.to_public())
    print(
        f"Keep {options.file} apart from this machine: without it no backup can be opened. The "
        "line above goes to `serentak backup --to` or into SERENTAK_BACKUP_TO.",
        file=sys.stderr,
    )
    return 0


def backup(options: argparse.Namespace) -> int:
    """Make a backup and say what it holds; 1 if evidence was missing."""
    from serentak.config.backup import back_up

    recipients = options.to or os.environ.get("SERENTAK_BACKUP_TO", "").replace(",", " ").split()
    if not recipients:
        raise CannotRun(
            "Say who can open the backup: --to age1…, or SERENTAK_BACKUP_TO. "
            "`serentak backup-key FILE` makes a key."
        )
    if not options.file.absolute().parent.is_dir():
        raise CannotRun(f"There is no folder {options.file.absolute().parent}.")
    _make_ready()
    manifest = back_up(options.file.absolute(), recipients=recipients, tell=_tell)
    rows = sum(count for count, _ in manifest.tables.values())
    print(
        f"{options.file}: {len(manifest.tables)} tables with {rows:,} rows and "
        f"{len(manifest.evidence):,} evidence files, read back and compared. "
        f"Not in it: secret-key and sealing-keys of {home()}; keep them apart."
    )
    if manifest.lost:
        print(
            f"serentak: {len(manifest.lost)} evidence files are missing or are not what was "
            f"stored: {', '.join(manifest.lost[:5])}. The backup holds all else.",
            file=sys.stderr,
        )
        return 1
    return 0


def restore(options: argparse.Namespace) -> int:
    """Restore, then bring the database to what this version needs."""
    from serentak.config import backup

    _make_ready()
    manifest, kept = backup.restore(
        options.file, key=options.key, replace=options.replace, tell=_tell
    )
    command = [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0"]
    code = subprocess.run(command, check=False).returncode
    print(f"Restored what was there at {manifest.made_at}, and compared it.")
    if kept:
        print(f"The former database is kept as {kept}; when it is not needed: dropdb {kept}")
    if manifest.lost:
        print(f"{len(manifest.lost)} evidence files were missing in it: {manifest.lost[:5]}")
    if code:
        print("serentak: run `serentak migrate` before the others start.", file=sys.stderr)
    return code


def _make_ready() -> None:
    home().mkdir(parents=True, exist_ok=True)
    if not os.environ.get("DATABASE_URL"):
        Cluster().ensure_running()


def _tell(step: str) -> None:
    print(step, file=sys.stderr)
