"""Work by the clock: reports are drafted before their hour, days stored, and sides compared."""

import logging
from datetime import timedelta

from procrastinate.contrib.django import app

from serentak.elections import public as elections
from serentak.kernel.codes import COUNTRY, PlaceCode, parse_code
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.queue import enqueue

from . import actions
from .queries.material import moment_of

_log = logging.getLogger(__name__)

DRAFTED_BEFORE = timedelta(hours=2)
"""How long before its hour a report is drafted; a person may do so at any time."""


def _elections() -> list[tuple[PlaceCode, elections.ElectionCard]]:
    """Return the provinces that vote, with their elections."""
    return [
        (card.code, election)
        for card in places.children(COUNTRY)
        if (election := elections.current_election(card.code)) and election.place == card.code
    ]


@app.periodic(cron="*/30 * * * *")
@app.task(name="reporting.draft_reports", queueing_lock="reporting.draft_reports")
def draft_reports(timestamp: int) -> None:
    """Enqueue a draft for each desk of provinces and regencies whose hour is near."""
    at = clock.now()
    for province, election in _elections():
        for place in (*(card.code for card in places.children(province)), province):
            due_at = moment_of(place, at, election).round.due_at
            if timedelta() <= due_at - at <= DRAFTED_BEFORE:
                enqueue("reporting.draft_report", lock=f"daily:{place}", place=place)


@app.task(name="reporting.draft_report")
def draft_report(place: str) -> None:
    """Draft the report of one desk; one that is on its way already is left alone."""
    try:
        actions.draft_report(place=parse_code(place), actor=SYSTEM, at=clock.now())
    except Refused as refused:
        if refused.code not in ("reporting.report_is_submitted", "reporting.report_is_locked"):
            raise


@app.periodic(cron="50 * * * *")
@app.task(name="reporting.take_snapshots", queueing_lock="reporting.take_snapshots")
def take_snapshots(timestamp: int) -> None:
    """Enqueue the storing of the day for each province that votes; its last word stands."""
    for province, _ in _elections():
        enqueue("reporting.take_snapshot", lock=f"snapshot:{province}", place=province)


@app.task(name="reporting.take_snapshot")
def take_snapshot(place: str) -> None:
    """Store the day of one province."""
    actions.take_snapshots(place=parse_code(place), actor=SYSTEM, at=clock.now())


@app.periodic(cron="*/15 * * * *")
@app.task(name="reporting.chase_silent", queueing_lock="reporting.chase_silent")
def chase_silent(timestamp: int) -> None:
    """Tell the desks whose hour has passed without a report, each once a day."""
    for province, _ in _elections():
        actions.chase_silent(place=province, actor=SYSTEM, at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="reporting.compare_all", queueing_lock="reporting.compare_all")
def compare_all(timestamp: int) -> None:
    """Enqueue a comparison of both sides of all checks for each province that votes."""
    for province, _ in _elections():
        enqueue("reporting.compare", lock=f"contradictions:{province}", place=province)


@app.task(name="reporting.compare")
def compare(place: str) -> None:
    """Compare the sides of one province; a check that fails is told, and leaves the others be."""
    done = actions.compare_sides(place=parse_code(place), actor=SYSTEM, at=clock.now())
    for fault in done.faulty.values():
        _log.error("%s", fault)
