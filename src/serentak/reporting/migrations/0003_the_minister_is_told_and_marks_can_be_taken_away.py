"""A section for the Minister; of an accepted report the public marks can be taken away."""

from django.db import migrations, models

CODES = [
    "COUNTDOWN", "REPORTED", "STAGE_RUNNING", "AREA_STATUS", "CHILDREN_BY_STATUS", "FIGURE",
    "PROBLEM", "UNANSWERED", "DUE", "STAGE_BEGINS", "STAGE_ENDS", "NOTHING_DUE", "MISSING", "ADDED",
]  # fmt: skip
SECTIONS = [
    "SITUATION", "STAGE", "COORDINATION", "READINESS", "SECURITY", "NEUTRALITY", "SERVICES",
    "COUNT", "PROBLEMS", "MINISTER", "TOMORROW", "MISSING",
]  # fmt: skip

LOCK = """
CREATE OR REPLACE FUNCTION reporting_refuse_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE locked boolean;
BEGIN
  IF TG_TABLE_NAME = 'reporting_daily_report' THEN
    locked := OLD.state = 'ACCEPTED'
      AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - 'place_id' <> to_jsonb(OLD) - 'place_id');
  ELSE
    SELECT state = 'ACCEPTED' INTO locked FROM reporting_daily_report
      WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.report_id ELSE OLD.report_id END;
    {withdrawal}
  END IF;
  IF locked THEN
    RAISE EXCEPTION 'an accepted report is locked'
      USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'an_accepted_report_is_locked';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
WITHDRAWAL = """
    IF locked AND TG_OP = 'UPDATE' THEN
      locked := NEW.is_public
        OR to_jsonb(NEW) - 'is_public' <> to_jsonb(OLD) - 'is_public';
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_an_accepted_report_is_locked")]

    operations = [
        migrations.AlterField(
            model_name="sentence",
            name="code",
            field=models.CharField(choices=[(c, c) for c in CODES], max_length=20),
        ),
        migrations.AlterField(
            model_name="sentence",
            name="section",
            field=models.CharField(choices=[(s, s) for s in SECTIONS], max_length=12),
        ),
        migrations.RunSQL(
            LOCK.replace("{withdrawal}", WITHDRAWAL), LOCK.replace("{withdrawal}", "")
        ),
    ]
