"""The database refuses to change a report or a target's change; only the words may be taken out."""

from django.db import migrations

FORBID = """
CREATE FUNCTION readiness_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND to_jsonb(NEW) - ARRAY['note', 'reason'] = to_jsonb(OLD) - ARRAY['note', 'reason'] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'reports and changes of targets are append-only'
    USING ERRCODE = 'integrity_constraint_violation',
          CONSTRAINT = 'reports_and_target_changes_stay_as_written';
END $$;
CREATE TRIGGER reports_stay_as_written BEFORE UPDATE OR DELETE ON readiness_progress_report
  FOR EACH ROW EXECUTE FUNCTION readiness_refuse_change();
CREATE TRIGGER target_changes_stay_as_written BEFORE UPDATE OR DELETE ON readiness_target_change
  FOR EACH ROW EXECUTE FUNCTION readiness_refuse_change();
"""
ALLOW = """
DROP TRIGGER reports_stay_as_written ON readiness_progress_report;
DROP TRIGGER target_changes_stay_as_written ON readiness_target_change;
DROP FUNCTION readiness_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("readiness", "0001_activities_reports_and_targets")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
