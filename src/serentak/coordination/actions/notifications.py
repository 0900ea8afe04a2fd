"""Sends notifications by e-mail, and marks them as read."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from serentak.coordination.events import (
    InstitutionsNotified,
    NotificationsMailed,
    NotificationsRead,
)
from serentak.coordination.models import Notification
from serentak.coordination.permissions import VIEW_COORDINATION
from serentak.coordination.queries.notifications import to_be_mailed
from serentak.coordination.words import notification_text
from serentak.institutions import public as institutions
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.action import action
from serentak.platform.audit import record

_log = logging.getLogger("serentak.mail")


@action
def notify(
    *,
    links: Mapping[int, str],
    permission: Permission,
    code: str,
    params: Mapping[str, object],
    place: PlaceCode = COUNTRY,
    is_urgent: bool = False,
    actor: Viewer,
    at: datetime,
) -> int:
    """Tell who holds `permission` in institutions, each by its own link; return how many accounts.

    For actions of higher floors, which ask for the actor's own permission first and word `code` in
    their NOTIFICATIONS. Without a `place` the deed stands in no place's history.
    """
    told = {
        account.user_id: links[account.institution_id]
        for account in institutions.accounts_with(permission, list(links), at=at)
        if account.user_id != actor.user_id
    }
    Notification.objects.tell_each(told, code, params=params, is_urgent=is_urgent, at=at)
    if told:
        event = InstitutionsNotified(
            subjects=("notifications",),
            place=place,
            code=code,
            institutions=len(links),
            accounts=len(told),
        )
        record(event, actor=actor, at=at)
    return len(told)


@action
def mail_notifications(*, actor: Viewer, at: datetime) -> int:
    """Send what is due, one message for each account, and return how many messages went out.

    What was read in the application is not sent. A server that fails leaves what did not go out for
    the next run, an address that is none or is refused only its own; a crash between sending and
    saving sends a message twice, never none.
    """
    if not actor.system:
        raise OutOfScope(VIEW_COORDINATION)
    due = to_be_mailed(at=at)
    if not due:
        return 0
    # Composed before anything goes out: a fault in one's words must not send the others' again.
    messages = [(user, told, _message(user, told)) for user, told in due.items()]
    rows: list[Notification] = []
    sent = 0
    try:
        with get_connection() as server:
            for user, told, message in messages:
                try:
                    validate_email(user.email)
                    server.send_messages([message])
                except (ValidationError, ValueError, SMTPRecipientsRefused, SMTPDataError):
                    _log.warning("mail to account %s was refused", user.pk)
                    continue
                sent += 1
                rows += told
    except OSError:
        if not sent:
            raise
        _log.exception("the mail server failed after %s messages", sent)
    if not rows:
        return 0
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
