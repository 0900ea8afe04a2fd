"""Is this process fit to serve: database there, current and writable, a worker alive."""

import os
import secrets
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from serentak.platform.access import public


@dataclass(frozen=True, slots=True)
class Health:
    """What is known now; `worker_seconds` is the age of the youngest heartbeat of a worker."""

    database: bool
    migrations: bool
    writable: bool
    worker_seconds: float | None

    @property
    def is_fit(self) -> bool:
        """A web process serves without a worker; the worker's age is for whoever watches."""
        return self.database and self.migrations and self.writable


_WRITE_SECONDS = 5.0
"""How long it is believed that writing works, since anybody may ask."""

_WORKER_AGE = """
    SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers
"""
_migrations_are_current = False
_written_at = -_WRITE_SECONDS


def look() -> Health:
    """Ask the database once; pending migrations are looked for until there are none."""
    global _migrations_are_current
    away = Health(database=False, migrations=False, writable=False, worker_seconds=None)
    try:
        if not _migrations_are_current:
            executor = MigrationExecutor(connection)
            _migrations_are_current = not executor.migration_plan(
                executor.loader.graph.leaf_nodes()
            )
        if not _migrations_are_current:
            return replace(away, database=True)
        with connection.cursor() as cursor:
            cursor.execute(_WORKER_AGE)
            row = cursor.fetchone()
    except DatabaseError:
        return replace(away, migrations=_migrations_are_current)
    return Health(
        database=True,
        migrations=True,
        writable=_can_write(),
        worker_seconds=row[0] if row else None,
    )


def _can_write() -> bool:
    """Write a row and a file that nobody reads; once in a while, since anybody may ask."""
    global _written_at
    if time.monotonic() - _written_at < _WRITE_SECONDS:
        return True
    try:
        key, mark = f"health-{os.getpid()}", secrets.token_hex(4)
        cache.set(key, mark)  # a failure is silent
        if cache.get(key) != mark:
            return False
        # An object store that is away is no reason to take every machine out of service.
        if isinstance(default_storage, FileSystemStorage):
            folder = Path(settings.MEDIA_ROOT)
            folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=folder) as file:
                file.write(bytes(64 * 1024))
                file.flush()
    except (DatabaseError, OSError):
        return False
    _written_at = time.monotonic()
    return True


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 or 503 with what was found; for probes, so it names nothing else."""
    found = look()
    return JsonResponse(asdict(found), status=200 if found.is_fit else 503)
