"""Work that runs by itself: mail goes out."""

from django.conf import settings
from procrastinate.contrib.django import app

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="notices.mail_notifications",
    queueing_lock="notices.mail_notifications",
    aliases=["coordination.mail_notifications"],  # queued before the slice was made
)
def mail_notifications(timestamp: int) -> None:
    """Send what is due, where a mail server is set."""
    if settings.EMAIL_HOST:
        actions.mail_notifications(actor=SYSTEM, at=clock.now())
