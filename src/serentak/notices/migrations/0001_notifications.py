"""Takes the notifications over from coordination, which kept them until its fifth migration."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("coordination", "0005_notifications_go_to_notices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Notification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=80)),
                        ("params", models.JSONField(default=dict)),
                        ("link", models.CharField(max_length=300)),
                        ("is_urgent", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(null=True)),
                        ("mailed_at", models.DateTimeField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "db_table": "notices_notification",
                        "indexes": [
                            models.Index(
                                fields=["user", "-created_at"], name="notification_by_user"
                            ),
                            models.Index(
                                condition=models.Q(("mailed_at__isnull", True)),
                                fields=["created_at"],
                                name="notification_to_be_mailed",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
