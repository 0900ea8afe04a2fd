"""A step of a case knows the letter that asks the authority, so that it is written once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0001_meetings_actions_and_letters"),
        ("neutrality", "0002_tally_of_stays"),
    ]

    operations = [
        migrations.AddField(
            model_name="casestep",
            name="letter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="coordination.letter",
            ),
        ),
    ]
