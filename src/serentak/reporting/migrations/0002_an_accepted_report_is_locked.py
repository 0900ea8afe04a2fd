"""The database refuses to change an accepted report or its sentences; only its place may move."""

from django.db import migrations

LOCK = """
CREATE FUNCTION reporting_refuse_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE locked boolean;
BEGIN
  IF TG_TABLE_NAME = 'reporting_daily_report' THEN
    locked := OLD.state = 'ACCEPTED'
      AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - 'place_id' <> to_jsonb(OLD) - 'place_id');
  ELSE
    SELECT state = 'ACCEPTED' INTO locked FROM reporting_daily_report
      WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.report_id ELSE OLD.report_id END;
  END IF;
  IF locked THEN
    RAISE EXCEPTION 'an accepted report is locked'
      USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'an_accepted_report_is_locked';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER an_accepted_report_stays BEFORE UPDATE OR DELETE ON reporting_daily_report
  FOR EACH ROW EXECUTE FUNCTION reporting_refuse_locked();
CREATE TRIGGER its_sentences_stay BEFORE INSERT OR UPDATE OR DELETE ON reporting_sentence
  FOR EACH ROW EXECUTE FUNCTION reporting_refuse_locked();
"""
UNLOCK = """
DROP TRIGGER an_accepted_report_stays ON reporting_daily_report;
DROP TRIGGER its_sentences_stay ON reporting_sentence;
DROP FUNCTION reporting_refuse_locked();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_reports_sentences_and_stored_days")]

    operations = [migrations.RunSQL(LOCK, UNLOCK)]
