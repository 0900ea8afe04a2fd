"""Since when the whole of an activity is heard, and what a page of reports held."""

from django.db import migrations, models
from django.db.models import F, Q


def as_last_reported(apps, schema_editor):
    """Take the last report as the word on the whole; the next report on a line settles it."""
    activity = apps.get_model("readiness", "Activity")
    activity.objects.update(heard_at=F("last_report_at"))


class Migration(migrations.Migration):
    dependencies = [("readiness", "0002_reports_and_target_changes_stay_as_written")]

    operations = [
        migrations.AddField(
            model_name="activity", name="heard_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="submission",
            name="digest",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(as_last_reported, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=Q(heard_at__isnull=True) | Q(heard_at__lte=F("last_report_at")),
                name="the_whole_is_heard_no_later_than_its_last_report",
            ),
        ),
    ]
