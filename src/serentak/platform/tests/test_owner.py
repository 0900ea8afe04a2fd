"""The application owns nothing: what an intruder in its place would try, the database refuses."""

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.platform import erasing
from serentak.platform.audit import history, record
from serentak.platform.models import AuditDetail, AuditEvent, User
from serentak.platform.owner import grant_to_application, owner
from serentak.platform.tests.test_audit import noted

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.DATABASES["default"]["USER"] == settings.SERENTAK_OWNER["USER"],
        reason="DATABASE_URL names the owner, and DATABASE_OWNER_URL nobody beside",
    ),
]

NOW = timezone.now()
ACTOR = Viewer(user_id=7)

EVENT = "platform_audit_event"
DETAIL = "platform_audit_detail"
FORGED = "INSERT INTO platform_audit_event (name, at, place, subjects, facts{}) VALUES ('x.Y', now(), '', '{{}}', '{{}}'{})"

DENIED = {
    # emptying and rewriting
    "empty the audit": f"TRUNCATE {EVENT}",
    "empty it with what hangs on it": f"TRUNCATE {EVENT} CASCADE",
    "empty it by a table below": "TRUNCATE platform_user CASCADE",
    "rewrite an event": f"UPDATE {EVENT} SET name = 'x'",
    "date an event back": f"UPDATE {EVENT} SET recorded_at = '2020-01-01'",
    "delete an event": f"DELETE FROM {EVENT}",
    "rewrite a detail": f"UPDATE {DETAIL} SET personal = '{{}}'",
    "delete a detail": f"DELETE FROM {DETAIL}",
    "rewrite by an insert": FORGED.format(", id", ", 1") + " ON CONFLICT (id) DO UPDATE SET name = 'x'",
    "rewrite by a merge": f"MERGE INTO {EVENT} e USING (SELECT 1 AS id) s ON e.id = s.id WHEN MATCHED THEN DELETE",
    "hold an event fast": f"SELECT 1 FROM {EVENT} FOR UPDATE",
    "hold the audit fast": f"LOCK TABLE {EVENT} IN ACCESS EXCLUSIVE MODE",
    "feign a migration": "INSERT INTO django_migrations (app, name, applied) VALUES ('platform', '9999', now())",
    # switching the guards off
    "switch a trigger off": f"ALTER TABLE {EVENT} DISABLE TRIGGER audit_is_append_only",
    "switch all triggers off": f"ALTER TABLE {EVENT} DISABLE TRIGGER ALL",
    "drop a trigger": f"DROP TRIGGER audit_is_append_only ON {EVENT}",
    "add a trigger": f"CREATE TRIGGER t BEFORE INSERT ON {EVENT} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "play a replica": "SET session_replication_role = replica",
    "play a replica for ever": "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    "put another function in place": "CREATE OR REPLACE FUNCTION platform_refuse_audit_change() RETURNS trigger LANGUAGE sql RETURN NULL",
    "drop a function": "DROP FUNCTION platform_stamp_audit_event CASCADE",
    "rename a function": "ALTER FUNCTION platform_stamp_audit_event() RENAME TO other",
    # tables of one's own, and those that are there
    "drop the audit": f"DROP TABLE {EVENT} CASCADE",
    "rename the audit": f"ALTER TABLE {EVENT} RENAME TO other",
    "add a rule": f"CREATE RULE r AS ON INSERT TO {EVENT} DO INSTEAD NOTHING",
    "hide rows": f"ALTER TABLE {EVENT} ENABLE ROW LEVEL SECURITY",
    "drop a constraint": "ALTER TABLE platform_user DROP CONSTRAINT platform_user_pkey CASCADE",
    "drop an index": "DROP INDEX audit_by_place",
    "hang a table on the audit": f"CREATE TABLE hung (id bigint REFERENCES {EVENT})",
    "make a table": "CREATE TABLE other (id int)",
    "make a passing table of the same name": f"CREATE TEMPORARY TABLE {EVENT} (id int)",
    "make a view": "CREATE VIEW other AS SELECT 1",
    "make a function": "CREATE FUNCTION other() RETURNS int LANGUAGE sql RETURN 1",
    "make a schema": "CREATE SCHEMA other",
    "drop an extension": "DROP EXTENSION plpgsql CASCADE",
    "watch all commands": "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION platform_refuse_audit_change()",
    # becoming somebody else, leaving the database
    "become the owner": "SET ROLE serentak",
    "begin as the owner": "SET SESSION AUTHORIZATION serentak",
    "make oneself a superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "make a role": "CREATE ROLE other SUPERUSER",
    "join the owner": "GRANT serentak TO CURRENT_USER",
    "take over": "REASSIGN OWNED BY serentak TO CURRENT_USER",
    "read files": "SELECT pg_read_file('postgresql.conf')",
    "write files": "COPY platform_user TO '/tmp/users'",
    "run a program": "COPY platform_user TO PROGRAM 'true'",
    "set the server": "SELECT pg_reload_conf()",
    "put the count of events back": "SELECT setval(pg_get_serial_sequence('platform_audit_event', 'id'), 1)",
}  # fmt: skip
"""What is attempted, and how: each is refused for want of a right."""


def attempt(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", DENIED.values(), ids=DENIED)
def test_the_application_may_not(statement: str) -> None:
    record(noted(), actor=ACTOR, at=NOW)
    before = list(AuditEvent.objects.values_list()), list(AuditDetail.objects.values_list())
    with pytest.raises(DatabaseError) as refused:
        attempt(statement)
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert (
        list(AuditEvent.objects.values_list()),
        list(AuditDetail.objects.values_list()),
    ) == before


def test_it_may_not_make_a_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcreatedb, rolsuper, rolcreaterole, rolbypassrls, rolreplication"
            " FROM pg_roles WHERE rolname = %s",
            [settings.DATABASES["default"]["USER"]],
        )
        assert cursor.fetchone() == (False,) * 5


def test_it_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, count(*) FROM pg_class WHERE relowner = current_user::regrole"
        )
        assert cursor.fetchone() == (settings.DATABASES["default"]["USER"], 0)


@pytest.mark.parametrize("column", ["recorded_at", "transaction_id"])
def test_when_an_event_came_is_the_databases_word(column: str) -> None:
    told = {"recorded_at": "timestamptz '2020-01-01'", "transaction_id": "'5'::xid8"}[column]
    attempt(FORGED.format(f", {column}", f", {told}"))
    event = AuditEvent.objects.get()
    assert abs(event.recorded_at - timezone.now()).total_seconds() < 60
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        assert str(event.transaction_id) == cursor.fetchone()[0]


@pytest.mark.parametrize("number", [1, 10**9])
def test_the_number_of_an_event_is_not_chosen(number: int) -> None:
    first = record(noted(), actor=ACTOR, at=NOW)
    with pytest.raises(DatabaseError, match="number of an audit event is given"):
        attempt(FORGED.format(", id", f", {first + number}"))


def test_events_written_together_are_numbered() -> None:
    rows = [AuditEvent(name="x.Y", at=NOW, place="", subjects=[], facts={}) for _ in range(5)]
    AuditEvent.objects.bulk_create(rows)
    assert len({row.id for row in rows}) == 5


@pytest.mark.django_db(transaction=True)
def test_a_detail_comes_with_its_event_or_never() -> None:
    with transaction.atomic():
        bare = record(noted(), actor=ACTOR, at=NOW)
    erasing.erase_detail(event_id=bare, ground="SK 1", actor=ACTOR, at=NOW)
    with pytest.raises(DatabaseError, match="written with its event"):
        AuditDetail.objects.create(event_id=bare, salt=b"", personal={"note": "another"})


def test_an_event_without_personal_text_gets_none() -> None:
    attempt(FORGED.format("", ""))
    with pytest.raises(DatabaseError, match="written with its event"):
        AuditDetail.objects.create(event=AuditEvent.objects.get(), salt=b"", personal={})


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {DETAIL} SET personal = '{{}}'",
        f"UPDATE {EVENT} SET name = 'x'",
        f"DELETE FROM {EVENT}",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_rewrites_by_mistake(statement: str) -> None:
    with transaction.atomic():
        record(noted(), actor=ACTOR, at=NOW)
    with owner(), pytest.raises(DatabaseError, match=r"append-only|never again"):
        attempt(statement)


def test_an_erased_detail_leaves_a_mark_and_the_proof() -> None:
    rini = User.objects.create(username="rini", full_name="Rini Pedati")
    number = record(noted(), actor=ACTOR, at=NOW)
    kept = AuditEvent.objects.get(id=number)
    mark = erasing.erase_detail(
        event_id=number, ground="SK 12/2024", actor=Viewer(user_id=rini.id), at=NOW
    )
    assert not AuditDetail.objects.exists()
    assert AuditEvent.objects.get(id=number).commitment == kept.commitment
    newest, first = history("activity:1")
    assert (newest.id, newest.name, newest.actor) == (mark, "platform.DetailErased", "Rini Pedati")
    assert newest.facts == {"event": number, "ground": "SK 12/2024"}
    assert newest.place == PlaceCode("16.02")
    assert "note" not in first.facts


def test_there_is_nothing_to_erase_twice() -> None:
    number = record(noted(), actor=ACTOR, at=NOW)
    erasing.erase_detail(event_id=number, ground="SK 1", actor=ACTOR, at=NOW)
    with pytest.raises(Refused, match="nothing_to_erase"):
        erasing.erase_detail(event_id=number, ground="SK 1", actor=ACTOR, at=NOW)
    assert AuditEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_table_that_comes_later_is_granted_at_the_next_migration() -> None:
    try:
        with owner():
            attempt("CREATE TABLE later (id bigserial, what text)")
        with pytest.raises(DatabaseError, match="permission denied"):
            attempt("SELECT 1 FROM later")
        with owner():
            grant_to_application()
        attempt(
            "INSERT INTO later (what) VALUES ('x'); UPDATE later SET what = 'y'; DELETE FROM later"
        )
    finally:
        with owner():
            attempt("DROP TABLE later")


def test_every_table_is_granted() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT"
            " has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
        )
        assert cursor.fetchall() == []
