"""Jobs of security: what nobody took up climbs within the minute."""

from procrastinate.contrib.django import app

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions


@app.periodic(cron="* * * * *")
@app.task(name="security.climb", queueing_lock="security.climb")
def climb(timestamp: int) -> None:
    """Let incidents climb, by the clock of the domain; repeatable."""
    actions.climb(actor=SYSTEM, at=clock.now())
