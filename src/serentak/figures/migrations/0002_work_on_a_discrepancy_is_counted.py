"""What was done about a discrepancy is counted, so that nobody decides on what they did not see."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_figures_and_discrepancies")]

    operations = [
        migrations.AddField(
            model_name="discrepancy",
            name="version",
            field=models.PositiveIntegerField(default=0),
        )
    ]
