"""A desk may keep how its short text for its group reads."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0001_tree_of_places"),
        ("reporting", "0010_corrections_stand_beside_what_was_signed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChatTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "db_table": "reporting_chat_template",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            changed_at__range=(
                                datetime(1999, 12, 31, tzinfo=UTC),
                                datetime(2101, 1, 1, tzinfo=UTC),
                            )
                        ),
                        name="a_chat_text_is_changed_in_this_century",
                    )
                ],
            },
        ),
    ]
