from typing import Any

from django.db import migrations, models
from django.db.models import Q


def remember(apps: Any, schema_editor: Any) -> None:
    """What is confided, or was until somebody opened it: a step says that one did."""
    step = apps.get_model("security", "IncidentStep")
    opened = step.objects.filter(event="RESTRICT").values("incident")
    rows = apps.get_model("security", "Incident").objects
    rows.filter(~Q(confided="NO") | Q(pk__in=opened)).update(was_confided=True)


class Migration(migrations.Migration):
    dependencies = [
        ("security", "0001_incidents_and_duty"),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="was_confided",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("confided", "NO"), ("was_confided", True), _connector="OR"),
                name="what_is_confided_is_remembered",
            ),
        ),
    ]
