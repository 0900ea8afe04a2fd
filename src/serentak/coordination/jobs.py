"""Work that runs by itself: what is overdue climbs, and mail goes out."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="coordination.escalate_overdue", queueing_lock="coordination.escalate_overdue")
def escalate_overdue(timestamp: int) -> None:
    """Let actions climb on the clock of the domain; once more does no harm."""
    actions.escalate_overdue(actor=SYSTEM, at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="coordination.mail_notifications", queueing_lock="coordination.mail_notifications")
def mail_notifications(timestamp: int) -> None:
    """Send what is due, where a mail server is set."""
    if settings.EMAIL_HOST:
        actions.mail_notifications(actor=SYSTEM, at=clock.now())
