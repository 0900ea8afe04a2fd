"""Collects static files for the web process: named by their content and compressed, once."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from serentak.platform.database import locked


def collect() -> None:
    """Bring the collected files up to date; where nothing changed that takes milliseconds.

    Old names stay, since pages that are open somewhere still ask for them.
    """
    folder = Path(str(settings.STATIC_ROOT))
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "collected"
    with locked(folder / "lock"):
        digest = _digest()
        if not mark.exists() or mark.read_text() != digest:
            call_command("collectstatic", interactive=False, verbosity=0)
            mark.write_text(digest)


def _digest() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
