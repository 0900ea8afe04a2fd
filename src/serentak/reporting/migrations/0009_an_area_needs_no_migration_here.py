"""Sections, areas and codes of sentences are whatever the slices declare."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0008_a_report_keeps_when_it_first_came"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sentence",
            name="code",
            field=models.CharField(max_length=60),
        ),
        migrations.AlterField(
            model_name="sentence",
            name="focus",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name="sentence",
            name="section",
            field=models.CharField(max_length=20),
        ),
        migrations.AlterField(
            model_name="snapshot",
            name="focus",
            field=models.CharField(max_length=20),
        ),
    ]
