"""A report keeps the role in which it was signed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0006_who_signed_does_not_accept"),
    ]

    operations = [
        migrations.AddField(
            model_name="dailyreport",
            name="signed_as",
            field=models.CharField(
                blank=True, help_text="the role in which it was signed, by its key", max_length=40
            ),
        ),
    ]
