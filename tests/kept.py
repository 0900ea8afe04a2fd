"""Worlds that tests build again and again: built once a run, then laid down as the rows they left."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from serentak.platform.owner import owner

T = TypeVar("T")

_COLUMNS = """
    SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY table_name ORDER BY table_name
"""
_SEQUENCES = """
    SELECT sequencename, last_value FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def kept(build: Callable[[], T]) -> Callable[[], T]:
    """Let `build`, which fills an empty database, do so once for each catalogue in use.

    Where anything was done in the database before, or what stood there was changed, it builds as
    ever: what is laid down is exactly what would have been built.
    """
    known: dict[str, tuple[T, _Rows]] = {}

    @wraps(build)
    def lay() -> T:
        if _something_was_done():
            return build()
        catalogue = str(settings.SERENTAK_CATALOGUE)
        if catalogue in known:
            world, rows = known[catalogue]
            rows.lay()
            return world
        before = _counts()
        world = build()
        after = _counts()
        grown = [table for table, count in after.items() if count != before[table]]
        if not any(before[table] for table in grown):
            known[catalogue] = (world, _Rows(grown))
        return world

    return lay


_BY_THE_OWNER = """
CREATE SCHEMA tests;
GRANT USAGE ON SCHEMA tests TO PUBLIC;
CREATE FUNCTION tests.set_replication_role(role text) RETURNS void LANGUAGE sql SECURITY DEFINER
  RETURN set_config('session_replication_role', role, true);
CREATE FUNCTION tests.count_on(name text, last bigint) RETURNS bigint LANGUAGE sql SECURITY DEFINER
  RETURN setval(name::regclass, greatest(nextval(name::regclass), last));
"""


def let_tests_lay_rows() -> None:
    """Have the owner make what laying rows takes, since tests work as the application's role."""
    with owner(), connection.cursor() as cursor:
        cursor.execute(_BY_THE_OWNER)


class _Rows:
    """The rows of some tables, and how far the database has counted."""

    def __init__(self, tables: list[str]) -> None:
        columns = _columns()
        self._data: list[tuple[sql.Composable, bytes]] = []
        with connection.cursor() as cursor:
            for table in tables:
                part = _copied(table, columns[table])
                with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(part)) as out:
                    self._data.append((part, b"".join(out)))
            cursor.execute(_SEQUENCES)
            self._sequences = cursor.fetchall()

    def lay(self) -> None:
        """Put the rows into their empty tables; they fitted together when they were taken."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT tests.set_replication_role('replica')")
            for part, data in self._data:
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(part)) as into:
                    into.write(data)
            cursor.execute("SELECT tests.set_replication_role('origin')")
            for name, last in self._sequences:
                cursor.execute("SELECT tests.count_on(%s, %s)", [name, last])


def _copied(table: str, columns: list[str]) -> sql.Composable:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("{} ({})").format(sql.Identifier(table), names)


def _columns() -> Mapping[str, list[str]]:
    return dict(_asked(_COLUMNS))


def _counts() -> Mapping[str, int]:
    parts = [f"SELECT '{table}', count(*) FROM \"{table}\"" for table in _columns()]
    return dict(_asked(" UNION ALL ".join(parts)))


def _something_was_done() -> bool:
    """Every deed leaves an event."""
    ((answer,),) = _asked("SELECT EXISTS (SELECT FROM platform_audit_event)")
    return bool(answer)


def _asked(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())
