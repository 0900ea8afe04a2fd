"""Corrections of what was signed: append-only, of signed reports, noted at most once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEEP = """
CREATE FUNCTION reporting_keep_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS (
      SELECT FROM reporting_daily_report
      WHERE id = NEW.report_id AND state IN ('SUBMITTED', 'ACCEPTED')
        AND submitted_at = NEW.signed_at
    ) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'only a signed report is corrected'
      USING ERRCODE = 'integrity_constraint_violation',
            CONSTRAINT = 'only_a_signed_report_is_corrected';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.noted_at IS NULL
     AND to_jsonb(NEW) - ARRAY['noted_at', 'noted_by_id', 'receipt']
       = to_jsonb(OLD) - ARRAY['noted_at', 'noted_by_id', 'receipt'] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a correction stays as it was written'
    USING ERRCODE = 'integrity_constraint_violation',
          CONSTRAINT = 'a_correction_stays_as_written';
END $$;
CREATE TRIGGER corrections_stay BEFORE INSERT OR UPDATE OR DELETE ON reporting_correction
  FOR EACH ROW EXECUTE FUNCTION reporting_keep_corrections();
"""
FREE = """
DROP TRIGGER corrections_stay ON reporting_correction;
DROP FUNCTION reporting_keep_corrections();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0009_an_area_needs_no_migration_here"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("signed_at", models.DateTimeField()),
                ("key", models.CharField(max_length=200)),
                ("section", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=60)),
                ("focus", models.CharField(blank=True, max_length=20)),
                ("params_before", models.JSONField(default=dict)),
                ("text_before", models.TextField(blank=True)),
                ("params", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("corrected_as", models.CharField(blank=True, max_length=40)),
                ("corrected_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField(null=True)),
                ("receipt", models.CharField(blank=True, max_length=200)),
                (
                    "corrected_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="reporting.dailyreport",
                    ),
                ),
            ],
            options={
                "db_table": "reporting_correction",
                "indexes": [models.Index(fields=["corrected_at"], name="correction_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "number"), name="corrections_of_a_report_are_numbered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gte", 1), models.Q(("reason", ""), _negated=True)
                        ),
                        name="a_correction_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("params", models.F("params_before")), _negated=True),
                            models.Q(("text", models.F("text_before")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_correction_changes_what_is_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("noted_at__isnull", False),
                            models.Q(("noted_by__isnull", True), ("receipt", "")),
                            _connector="OR",
                        ),
                        name="a_note_of_a_correction_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrected_by__isnull", True),
                            ("noted_by__isnull", True),
                            models.Q(("corrected_by", models.F("noted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="who_corrects_does_not_take_note",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, FREE),
    ]
