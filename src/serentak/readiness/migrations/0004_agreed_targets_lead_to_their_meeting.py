"""From an agreed target to the meeting that agreed it, where the meeting is one of ours."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0001_meetings_actions_and_letters"),
        ("readiness", "0003_the_whole_is_heard_apart_from_its_lines"),
    ]

    operations = [
        migrations.AddField(
            model_name="targetchange",
            name="meeting",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="coordination.meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="targetchange",
            constraint=models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(kind="AGREE"),
                name="only_an_agreed_target_leads_to_a_meeting",
            ),
        ),
    ]
