"""What an account was told, and what goes out by e-mail now."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from serentak.kernel.cards import card_of
from serentak.kernel.entries import Settings
from serentak.kernel.viewer import Viewer
from serentak.platform import catalogue

from .models import Notification
from .rules import MailHours, may_be_mailed
from .words import notification_text


def mail_hours() -> MailHours:
    """Return when mail goes out."""
    return catalogue.load("notices", "mail", Settings[MailHours]).values


@dataclass(frozen=True, slots=True)
class Told:
    """A notification in the reader's language."""

    id: int
    text: str
    link: str
    is_urgent: bool
    created_at: datetime
    read_at: datetime | None


def notifications(viewer: Viewer, *, limit: int = 50) -> list[Told]:
    """Return what the viewer was told, the newest first; one query."""
    rows = Notification.objects.filter(user=viewer.user_id).order_by("-created_at", "-pk")[:limit]
    return [card_of(Told, row, text=notification_text(row.code, row.params)) for row in rows]


def unread(viewer: Viewer) -> int:
    """Return how many notifications the viewer has not read; one query."""
    return Notification.objects.filter(user=viewer.user_id, read_at__isnull=True).count()


def to_be_mailed(*, at: datetime) -> Mapping[Any, list[Notification]]:
    """Return what may go out now, locked, by account; accounts without an address are left out.

    Quiet hours and digests are read in the zone of the installation.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    hours = mail_hours()
    found: dict[Any, list[Notification]] = defaultdict(list)
    rows = (
        Notification.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(mailed_at__isnull=True, read_at__isnull=True, user__is_active=True)
        .exclude(user__email="")
        .order_by("created_at", "pk")
    )
    for row in rows:
        if may_be_mailed(
            created_at=row.created_at.astimezone(zone),
            is_urgent=row.is_urgent,
            now=at.astimezone(zone),
            hours=hours,
        ):
            found[row.user].append(row)
    return found
