"""What accounts are told."""

from django.db import models
from django.db.models import Q


class Notification(models.Model):
    """What an account is told: a code with parameters, worded in the reader's language."""

    user = models.ForeignKey("platform.User", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=300)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_notification"
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notification_by_user"),
            models.Index(
                fields=["created_at"],
                condition=Q(mailed_at__isnull=True),
                name="notification_to_be_mailed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.user_id}"
