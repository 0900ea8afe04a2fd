"""Lets what was refused or waits for verification already climb with the next run."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def set_next_climb(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The next run finds which steps are due and when the next one is."""
    action = apps.get_model("coordination", "Action")
    action.objects.filter(state="DONE").update(next_climb_at=F("done_at"), climbed_to="")
    action.objects.filter(state="REFUSED").update(next_climb_at=F("due_at"))


class Migration(migrations.Migration):
    dependencies = [("coordination", "0002_what_is_unsettled_climbs")]

    operations = [migrations.RunPython(set_next_climb, migrations.RunPython.noop)]
