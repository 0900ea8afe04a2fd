"""Who owns the database and what the application may do in it: work on rows, and less in the audit.

Pages, jobs and commands run as a role that owns no table, so that whoever takes them over cannot
empty a table, switch a trigger off or rewrite the audit. What changes tables runs as the owner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

ROWS = "SELECT, INSERT, UPDATE, DELETE, MAINTAIN"
FEWER = {
    "platform_audit_event": "SELECT, INSERT",
    "platform_audit_detail": "SELECT, INSERT",
    "django_migrations": "SELECT",
}
"""What the application may do in a table; MAINTAIN lets it gather statistics after an import."""

_ERASE = "platform_erase_audit_detail"


@contextmanager
def owner(of: Any = connection) -> Iterator[None]:
    """Have Django's connection be the owner's inside; nothing may be open on it.

    Where one user is named for both, that one stays.
    """
    application = of.settings_dict
    options = {key: value for key, value in application["OPTIONS"].items() if key != "pool"}
    of.close()
    of.settings_dict = application | settings.SERENTAK_OWNER | {"OPTIONS": options}
    try:
        yield
    finally:
        of.close()
        of.settings_dict = application


def grant_to_application() -> None:
    """Give the application's role what it may do in the tables that there are, and nothing else.

    The owner does so after every migration, so that no new table is forgotten and a database that
    comes from elsewhere is put right. Nothing happens where the application is the owner.
    """
    application = settings.DATABASES["default"]["USER"]
    if application == settings.SERENTAK_OWNER["USER"]:
        return
    role = sql.Identifier(application)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT current_database(), to_regproc(%s) IS NOT NULL", [_ERASE])
        database, can_erase = cursor.fetchone()
        for statement in (
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
            "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
            "GRANT CONNECT ON DATABASE {database} TO {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            *([f"GRANT EXECUTE ON FUNCTION {_ERASE} TO {{role}}"] if can_erase else []),
        ):
            cursor.execute(sql.SQL(statement).format(role=role, database=sql.Identifier(database)))
        for table in tables:
            cursor.execute(
                sql.SQL("GRANT {} ON {} TO {}").format(
                    sql.SQL(FEWER.get(table, ROWS)), sql.Identifier(table), role
                )
            )
