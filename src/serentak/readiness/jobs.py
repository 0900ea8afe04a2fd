"""Work that runs by itself: what ledgers know becomes progress, and the forecast is kept fresh."""

from procrastinate.contrib.django import app

from serentak.elections import public as elections
from serentak.kernel.codes import COUNTRY, parse_code
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.queue import enqueue

from . import actions
from .actions.forecasts import SCENARIO_JOB
from .queries.forecasting import computed, is_outdated, tried
from .queries.scenarios import asked
from .solvers import choose


@app.periodic(cron="*/5 * * * *")
@app.task(name="readiness.take_measures", queueing_lock="readiness.take_measures")
def take_measures(timestamp: int) -> None:
    """Report what ledgers know and nobody types; once more does no harm."""
    actions.take_measures(actor=SYSTEM, at=clock.now())


@app.periodic(cron="2-59/5 * * * *")
@app.task(name="readiness.compute_forecasts", queueing_lock="readiness.compute_forecasts")
def compute_forecasts(timestamp: int) -> None:
    """Enqueue a forecast for each province that votes; they are computed one after the other."""
    for card in places.children(COUNTRY):
        election = elections.current_election(card.code)
        if election is not None and election.place == card.code:
            enqueue("readiness.compute_forecast", lock="readiness.forecast", province=card.code)


@app.task(name="readiness.compute_forecast")
def compute_forecast(province: str) -> None:
    """Compute a province's forecast if anything that it rests on has changed."""
    place, at = parse_code(province), clock.now()
    if not is_outdated(place, at=at):
        return
    found = computed(place, at=at, choose=choose)
    if found is not None:
        actions.store_forecast(found=found, actor=SYSTEM, at=at)


@app.task(name=SCENARIO_JOB)
def compute_scenario(scenario_id: int) -> None:
    """Compute what somebody tries on a province; what does not hold any more says so."""
    task, at = asked(scenario_id), clock.now()
    if task is None:
        return
    try:
        before, after = tried(task.place, task.changes, at=at)
    except Refused as refused:
        before = after = {"refused": refused.code}
    actions.compute_scenario(
        scenario_id=scenario_id, before=before, after=after, actor=SYSTEM, at=at
    )
