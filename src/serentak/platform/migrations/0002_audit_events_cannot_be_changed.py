"""The database itself refuses to change or delete an audit event; makes the cache's table."""

from django.core.management import call_command
from django.db import migrations

FORBID = """
CREATE FUNCTION platform_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are append-only'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'audit_is_append_only';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON platform_audit_event
  FOR EACH ROW EXECUTE FUNCTION platform_refuse_audit_change();
"""
ALLOW = """
DROP TRIGGER audit_is_append_only ON platform_audit_event;
DROP FUNCTION platform_refuse_audit_change();
"""


def make_cache_table(apps, schema_editor):
    """Rate limits are counted in the database, over all processes."""
    call_command("createcachetable", verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_accounts_audit_evidence_and_clock")]

    operations = [
        migrations.RunSQL(FORBID, ALLOW),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
