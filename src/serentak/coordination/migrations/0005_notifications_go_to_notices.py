"""Hands the table of notifications, with all that it holds, to the slice of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("coordination", "0004_who_asked_is_told_why")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable("notification", "notices_notification"),
            ],
            state_operations=[migrations.DeleteModel("Notification")],
        ),
    ]
