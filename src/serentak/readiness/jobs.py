"""Work that runs by itself: what ledgers know becomes progress."""

from procrastinate.contrib.django import app

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="readiness.take_measures", queueing_lock="readiness.take_measures")
def take_measures(timestamp: int) -> None:
    """Report what ledgers know and nobody types; once more does no harm."""
    actions.take_measures(actor=SYSTEM, at=clock.now())
