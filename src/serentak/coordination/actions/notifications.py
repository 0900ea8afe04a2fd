"""Sends notifications by e-mail, and marks them as read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from serentak.coordination.events import AccountsNotified, NotificationsMailed, NotificationsRead
from serentak.coordination.models import Notification
from serentak.coordination.permissions import VIEW_COORDINATION
from serentak.coordination.queries.notifications import to_be_mailed
from serentak.coordination.words import notification_text
from serentak.institutions import public as institutions
from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.action import action
from serentak.platform.audit import record


@action
def notify(
    *,
    institution_ids: Collection[int],
    permission: Permission,
    code: str,
    params: Mapping[str, object],
    link: str,
    is_urgent: bool = False,
    actor: Viewer,
    at: datetime,
) -> int:
    """Tell the accounts that hold `permission` in one of the institutions; return how many.

    For higher floors, which word `code` in their NOTIFICATIONS; the actor is not told.
    """
    accounts = institutions.accounts_with(permission, institution_ids, at=at)
    told = {a.user_id for a in accounts if a.user_id != actor.user_id}
    if told:
        Notification.objects.tell(told, code, params=params, link=link, is_urgent=is_urgent, at=at)
        event = AccountsNotified(
            subjects=("notifications",), place=COUNTRY, code=code, count=len(told)
        )
        record(event, actor=actor, at=at)
    return len(told)


@action
def mail_notifications(*, actor: Viewer, at: datetime) -> int:
    """Send what is due, one message for each account, and return how many messages went out.

    What was read in the application is not sent. A server that fails leaves everything for the next
    run; a crash between sending and saving sends a message twice, never none.
    """
    if not actor.system:
        raise OutOfScope(VIEW_COORDINATION)
    due = to_be_mailed(at=at)
    if not due:
        return 0
    messages = [_message(user, rows) for user, rows in due.items()]
    sent = get_connection().send_messages(messages) or 0
    rows = [row for rows in due.values() for row in rows]
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=at)
    event = NotificationsMailed(
        subjects=("notifications",),
        place=COUNTRY,
        messages=sent,
        notifications=len(rows),
    )
    record(event, actor=actor, at=at)
    return sent


@action
def mark_notifications_read(*, actor: Viewer, at: datetime) -> int:
    """Mark everything that the actor was told as read, and return how many that were."""
    count = Notification.objects.filter(user=actor.user_id, read_at__isnull=True).update(read_at=at)
    if count:
        event = NotificationsRead(subjects=(f"user:{actor.user_id}",), place=COUNTRY, count=count)
        record(event, actor=actor, at=at)
    return count


def _message(user: object, rows: Sequence[Notification]) -> EmailMessage:
    with override(getattr(user, "language", "id")):
        lines = [
            f"{'! ' if row.is_urgent else '- '}{notification_text(row.code, row.params)}\n"
            f"  {settings.SERENTAK_URL}{row.link}"
            for row in rows
        ]
        subject = (
            notification_text(rows[0].code, rows[0].params)
            if len(rows) == 1
            else ngettext("%(n)s notification", "%(n)s notifications", len(rows)) % {"n": len(rows)}
        )
        foot = _("You get this from Serentak because your institution answers for it.")
    return EmailMessage(
        subject=f"[Serentak] {' '.join(subject.split())}"[:200],
        body="\n\n".join([*lines, foot]),
        to=[getattr(user, "email", "")],
    )
