"""Is this process fit to serve: database reachable, migrations applied, a worker alive."""

from dataclasses import asdict, dataclass

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
    worker_seconds: float | None

    @property
    def is_fit(self) -> bool:
        """A web process serves without a worker; the worker's age is for whoever watches."""
        return self.database and self.migrations


_WORKER_AGE = """
    SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers
"""
_migrations_are_current = False


def look() -> Health:
    """Ask the database once; pending migrations are looked for until there are none."""
    global _migrations_are_current
    try:
        if not _migrations_are_current:
            executor = MigrationExecutor(connection)
            _migrations_are_current = not executor.migration_plan(
                executor.loader.graph.leaf_nodes()
            )
        if not _migrations_are_current:
            return Health(database=True, migrations=False, worker_seconds=None)
        with connection.cursor() as cursor:
            cursor.execute(_WORKER_AGE)
            row = cursor.fetchone()
    except DatabaseError:
        return Health(database=False, migrations=_migrations_are_current, worker_seconds=None)
    return Health(database=True, migrations=True, worker_seconds=row[0] if row else None)


@public
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 or 503 with what was found; for probes, so it names nothing else."""
    found = look()
    return JsonResponse(asdict(found), status=200 if found.is_fit else 503)
