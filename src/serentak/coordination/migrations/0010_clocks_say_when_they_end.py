"""By when an answer, and a look at what was done, are expected is kept with each action."""

from datetime import timedelta

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F

HOURS = timedelta(hours=24)
"""What both clocks were until now; they ran on all days."""


def keep_the_clocks(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody's time changes: what was asked before keeps the hours it was asked with."""
    action = apps.get_model("coordination", "Action")
    action.objects.update(acknowledge_by=F("asked_at") + HOURS, verify_by=F("done_at") + HOURS)


class Migration(migrations.Migration):
    dependencies = [("coordination", "0009_points_are_put_off")]

    operations = [
        migrations.RemoveIndex("action", "action_by_place"),
        migrations.AddField("action", "acknowledge_by", models.DateTimeField(null=True)),
        migrations.AddField("action", "verify_by", models.DateTimeField(null=True)),
        migrations.RunPython(keep_the_clocks, migrations.RunPython.noop),
        migrations.AlterField("action", "acknowledge_by", models.DateTimeField()),
        migrations.AddIndex(
            "action",
            models.Index(
                fields=["place"],
                include=[
                    "state",
                    "due_date",
                    "first_due_date",
                    "done_date",
                    "verify_by",
                    "asked_at",
                    "acknowledge_by",
                    "figure_class",
                ],
                name="action_by_place",
            ),
        ),
        migrations.AddConstraint(
            "action",
            models.CheckConstraint(
                condition=models.Q(acknowledge_by__gte=F("asked_at")),
                name="who_is_asked_has_time_to_answer",
            ),
        ),
        migrations.AddConstraint(
            "action",
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, verify_by__isnull=True)
                | models.Q(verify_by__isnull=False, verify_by__gte=F("done_at")),
                name="what_is_done_is_looked_at_by_a_day",
            ),
        ),
    ]
