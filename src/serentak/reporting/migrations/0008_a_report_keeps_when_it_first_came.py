"""A report keeps when it first came, and tells who below was late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0007_who_signed_keeps_their_role"),
    ]

    operations = [
        migrations.AddField(
            model_name="dailyreport",
            name="first_submitted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="sentence",
            name="code",
            field=models.CharField(
                choices=[
                    ("COUNTDOWN", "COUNTDOWN"),
                    ("REPORTED", "REPORTED"),
                    ("LATE", "LATE"),
                    ("STAGE_RUNNING", "STAGE_RUNNING"),
                    ("AREA_STATUS", "AREA_STATUS"),
                    ("CHILDREN_BY_STATUS", "CHILDREN_BY_STATUS"),
                    ("FIGURE", "FIGURE"),
                    ("SETTLED", "SETTLED"),
                    ("PROBLEM", "PROBLEM"),
                    ("UNANSWERED", "UNANSWERED"),
                    ("DUE", "DUE"),
                    ("STAGE_BEGINS", "STAGE_BEGINS"),
                    ("STAGE_ENDS", "STAGE_ENDS"),
                    ("NOTHING_DUE", "NOTHING_DUE"),
                    ("MISSING", "MISSING"),
                    ("ADDED", "ADDED"),
                ],
                max_length=20,
            ),
        ),
    ]
