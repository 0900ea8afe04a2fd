"""Work by the clock: the public pages follow what the desks signed, minutes later."""

from procrastinate.contrib.django import app

from serentak.platform import clock

from . import documents, queries


@app.periodic(cron="*/5 * * * *")
@app.task(name="portal.publish", queueing_lock="portal.publish")
def publish(timestamp: int) -> None:
    """Write the files of every province that votes; what changed or is published no more."""
    state = clock.state()
    provinces = queries.voting_provinces()
    documents.write(documents.index_files(provinces))
    for card in provinces:
        found = queries.publication(card.code, at=state.now)
        documents.publish(found, is_drill=bool(state.scene))
