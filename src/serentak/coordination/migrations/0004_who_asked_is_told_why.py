"""Gives what senders were told its new code: they are told why, not only that something climbed."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def rename_code(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Every notification of the old code was worded as overdue."""
    notification = apps.get_model("coordination", "Notification")
    notification.objects.filter(code="coordination.climb.TELL_SENDER").update(
        code="coordination.climb.OVERDUE"
    )


class Migration(migrations.Migration):
    dependencies = [("coordination", "0003_what_waits_already_climbs")]

    operations = [migrations.RunPython(rename_code, migrations.RunPython.noop)]
