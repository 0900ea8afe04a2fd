"""What people were told while coordination kept it is theirs still."""

import pytest
from django.apps.registry import Apps
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from serentak.notices.models import Notification
from serentak.platform.models import User
from serentak.platform.owner import owner
from tests.cast import AT

BEFORE = [("coordination", "0004_who_asked_is_told_why"), ("notices", None)]
AFTER = [("coordination", "0005_notifications_go_to_notices"), ("notices", "0001_notifications")]


def migrate(*targets: tuple[str, str | None]) -> Apps:
    """Go to a state of the database and return its models; nothing may wait for the end."""
    connection.check_constraints()
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    executor.loader.build_graph()
    return executor.loader.project_state([t for t in targets if t[1]]).apps


@pytest.mark.django_db(transaction=True)
def test_notifications_come_along() -> None:
    with owner(), transaction.atomic():
        there_and_back()
        # The database forgets it all, which is quicker than every later migration once more.
        transaction.set_rollback(True)


def there_and_back() -> None:
    user = User.objects.create(username="slamet")
    kept = migrate(*BEFORE).get_model("coordination", "Notification")
    row = kept.objects.create(
        user_id=user.pk, code="coordination.asked", params={"n": 1}, link="/x", created_at=AT
    )
    migrate(*AFTER)
    found = Notification.objects.get()
    assert (found.pk, found.user_id, found.params) == (row.pk, user.pk, {"n": 1})
    later = Notification.objects.create(user=user, code="x", link="/y", created_at=AT)
    assert later.pk > row.pk
    migrate(*BEFORE)
    assert kept.objects.count() == 2
