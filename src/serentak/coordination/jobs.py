"""Work that runs by itself: what is unanswered or overdue climbs."""

from procrastinate.contrib.django import app

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="coordination.escalate_overdue", queueing_lock="coordination.escalate_overdue")
def escalate_overdue(timestamp: int) -> None:
    """Let actions climb on the clock of the domain; once more does no harm."""
    actions.escalate_overdue(actor=SYSTEM, at=clock.now())
