"""Jobs of neutrality: clocks that ran out are noticed within the hour."""

from procrastinate.contrib.django import app

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


@app.periodic(cron="7 * * * *")
@app.task(name="neutrality.expire_clocks", queueing_lock="neutrality.expire_clocks")
def expire_clocks(timestamp: int) -> None:
    """Mark the cases whose clock ran out, by the clock of the domain; repeatable."""
    actions.expire_clocks(actor=SYSTEM, at=clock.now())
