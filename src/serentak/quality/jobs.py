"""Work by the clock: the scores of each day are stored in its last hour."""

from procrastinate.contrib.django import app

from serentak.elections.public import current_election
from serentak.kernel.codes import COUNTRY, parse_code
from serentak.kernel.viewer import SYSTEM
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.queue import enqueue

from . import actions


@app.periodic(cron="40 15 * * *")
@app.task(name="quality.store_scores", queueing_lock="quality.store_scores")
def store_scores(timestamp: int) -> None:
    """Enqueue the storing of the day for each province that votes, late in the evening there."""
    for card in places.children(COUNTRY):
        if current_election(card.code):
            enqueue("quality.store_scores_of", lock=f"scores:{card.code}", place=card.code)


@app.task(name="quality.store_scores_of")
def store_scores_of(place: str) -> None:
    """Store the day's scores of one province."""
    actions.store_scores(place=parse_code(place), actor=SYSTEM, at=clock.now())
