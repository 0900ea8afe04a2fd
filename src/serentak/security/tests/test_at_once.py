"""Two at once: a step is taken once, a report counts once, merges do not wait for each other."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.security import actions
from serentak.security.models import Incident, IncidentReport, IncidentStep
from tests.cast import AT, Cast

from .builders import election, given, reported

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all at the same time; return what came of each, sorted: "done" or the refusal."""
    start, said = threading.Barrier(len(acts)), list[str]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            said.append("done")
        except Refused as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_two_dispatchers_take_a_step_once(cast: Cast) -> None:
    election()
    incident = reported()

    def take_up() -> None:
        actions.triage(key=incident.key, version=incident.version, actor=SYSTEM, at=AT)

    assert at_once(take_up, take_up) == ["done", "platform.changed_meanwhile"]
    assert IncidentStep.objects.filter(event="TRIAGE").count() == 1


def test_a_report_that_comes_twice_at_once_counts_once(cast: Cast) -> None:
    election()
    sent = given(actor=cast.district_committee.viewer)
    assert at_once(*[lambda: actions.report_incident(**sent)] * 3) == ["done"] * 3
    assert (Incident.objects.count(), IncidentReport.objects.count()) == (1, 1)


def test_two_who_merge_crosswise_merge_once(cast: Cast) -> None:
    election()
    one, other = reported(), reported(kind="RIOT", answers={})

    def merge(first: Incident, second: Incident) -> Callable[[], object]:
        return lambda: actions.mark_duplicate(
            key=first.key, original=second.key, version=None, actor=SYSTEM, at=AT
        )

    said = at_once(merge(one, other), merge(other, one))
    assert said[0] == "done"
    assert said[1].startswith("security.")
    assert Incident.objects.filter(state="DUPLICATE").count() == 1


def test_two_jobs_climb_an_incident_once(cast: Cast) -> None:
    election()
    incident = reported()
    late = incident.climbs_at
    assert late is not None
    at_once(*[lambda: actions.climb(actor=SYSTEM, at=late)] * 2)
    assert IncidentStep.objects.filter(event="CLIMB").count() == 1
