"""Tells institutions' accounts, sends that by e-mail, and marks it as read."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from serentak.institutions import public as institutions
from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.action import action
from serentak.platform.audit import record

from .events import (
    InstitutionsNotified,
    NotificationsMailed,
    NotificationsRead,
    NotificationsWithdrawn,
)
from .models import Notification
from .queries import to_be_mailed
from .words import notification_text

_log = logging.getLogger("serentak.mail")


@dataclass(frozen=True, slots=True)
class Notice:
    """What those who hear for an institution are told: who of them holds `permission`.

    With `also` only who holds that permission too, for what is confided. `code` is worded in the
    NOTIFICATIONS of the slice that tells; `link` is the page of what happened.
    """

    institution_id: int
    permission: Permission
    code: str
    params: Mapping[str, object]
    link: str
    also: Permission | None = None
    is_urgent: bool = False


@action
def notify(*, notices: Sequence[Notice], actor: Viewer, at: datetime) -> int:
    """Tell institutions and their desks, but not the actor; return how many notifications.

    For actions of higher floors, which ask for the actor's own permission first. Four queries at
    most for each pair of permissions and two more, however many notices. It stands in no place's
    history: that tells of the deed itself.
    """
    # Who hears for several of the institutions is told once.
    told = {
        (account.user_id, notice.code, notice.link): notice
        for notice, accounts in _heard(notices, at)
        for account in accounts
        if account.user_id != actor.user_id
    }
    rows = [
        Notification(
            user_id=user_id,
            code=notice.code,
            params=dict(notice.params),
            link=notice.link,
            is_urgent=notice.is_urgent,
            created_at=at,
        )
        for (user_id, _code, _link), notice in told.items()
    ]
    if not rows:
        return 0
    Notification.objects.bulk_create(rows)
    event = InstitutionsNotified(
        subjects=("notifications",),
        place=COUNTRY,
        codes=sorted({notice.code for notice in notices}),
        institutions=len({notice.institution_id for notice in notices}),
        accounts=len({row.user_id for row in rows}),
    )
    record(event, actor=actor, at=at)
    return len(rows)


@action
def withdraw(*, link: str, but: Collection[int], actor: Viewer, at: datetime) -> int:
    """Take back what accounts were told of a page, but for some; return how many that were.

    For actions of higher floors, when something is no more for those who were told of it. What
    went out by e-mail cannot be taken back.
    """
    count, _by_table = Notification.objects.filter(link=link).exclude(user__in=list(but)).delete()
    if count:
        event = NotificationsWithdrawn(subjects=("notifications",), place=COUNTRY)
        record(event, actor=actor, at=at)
    return count


@action
def mail_notifications(*, actor: Viewer, at: datetime) -> int:
    """Send what is due, one message for each account, and return how many messages went out.

    What was read in the application is not sent. A server that fails leaves what did not go out for
    the next run, an address that is none or is refused only its own; a crash between sending and
    saving sends a message twice, never none.
    """
    if not actor.system:
        raise OutOfScope("mail")
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


def _heard(
    notices: Sequence[Notice], at: datetime
) -> Iterator[tuple[Notice, Sequence[institutions.Account]]]:
    """Yield each notice with the accounts that hear it."""
    asked: defaultdict[tuple[Permission, Permission | None], set[int]] = defaultdict(set)
    for notice in notices:
        asked[notice.permission, notice.also].add(notice.institution_id)
    found = {
        (permission, also): institutions.accounts_for(ids, permission, also=also, at=at)
        for (permission, also), ids in asked.items()
    }
    for notice in notices:
        yield notice, found[notice.permission, notice.also].get(notice.institution_id, ())


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
