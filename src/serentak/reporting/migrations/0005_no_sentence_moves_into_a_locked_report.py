"""The database refuses to move a sentence out of an accepted report, or into one."""

from django.db import migrations

LOCK = """
CREATE OR REPLACE FUNCTION reporting_refuse_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE locked boolean;
BEGIN
  IF TG_TABLE_NAME = 'reporting_daily_report' THEN
    locked := OLD.state = 'ACCEPTED'
      AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - 'place_id' <> to_jsonb(OLD) - 'place_id');
  ELSE
    {which}
    IF locked AND TG_OP = 'UPDATE' THEN
      locked := NEW.is_public
        OR to_jsonb(NEW) - 'is_public' <> to_jsonb(OLD) - 'is_public';
    END IF;
  END IF;
  IF locked THEN
    RAISE EXCEPTION 'an accepted report is locked'
      USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'an_accepted_report_is_locked';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
OLD_OR_NEW = """
    locked := EXISTS (
      SELECT FROM reporting_daily_report
      WHERE state = 'ACCEPTED'
        AND (TG_OP <> 'INSERT' AND id = OLD.report_id OR TG_OP <> 'DELETE' AND id = NEW.report_id)
    );
"""
OLD_ONLY = """
    SELECT state = 'ACCEPTED' INTO locked FROM reporting_daily_report
      WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.report_id ELSE OLD.report_id END;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_a_report_tells_what_was_settled")]

    operations = [
        migrations.RunSQL(LOCK.replace("{which}", OLD_OR_NEW), LOCK.replace("{which}", OLD_ONLY))
    ]
