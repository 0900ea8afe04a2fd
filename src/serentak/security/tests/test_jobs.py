"""The climb: up the chain, past who is not there, once, and made good after a silence."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps

from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import SYSTEM
from serentak.platform.models import AuditEvent
from serentak.security import actions, jobs
from serentak.security.models import Incident
from tests.cast import AT, OKI, PROVINCE, Cast, Member

from .builders import MINUTE, election, fresh, police, reported, stepped, supervisor

Notification = apps.get_model("notices", "Notification")


@pytest.fixture(autouse=True)
def _election(cast: Cast) -> None:
    election()


def climbed_to(incident: Incident) -> list[str]:
    rows = incident.steps.filter(event="CLIMB").order_by("id")
    return [f"{row.institution.kind} {row.institution.place_id}" for row in rows]


def told(member: Member, code: str) -> int:
    return int(Notification.objects.filter(user=member.user_id, code=code).count())


def test_what_nobody_takes_up_climbs_step_by_step_and_once(cast: Cast) -> None:
    police(OKI), police(PROVINCE)
    incident = reported()  # S3, FAR: climbs after 30 minutes
    assert actions.climb(actor=SYSTEM, at=AT + 29 * MINUTE) == 0
    assert actions.climb(actor=SYSTEM, at=AT + 30 * MINUTE) == 1
    assert actions.climb(actor=SYSTEM, at=AT + 30 * MINUTE) == 0
    assert climbed_to(incident) == [f"POLICE {OKI}"]
    for minutes in (60, 90, 120):
        actions.climb(actor=SYSTEM, at=AT + minutes * MINUTE)
    assert climbed_to(incident) == [
        *(f"POLICE {OKI}", f"REGENT_DESK {OKI}"),
        *(f"POLICE {PROVINCE}", f"GOVERNOR_DESK {PROVINCE}"),
    ]
    assert told(cast.governor_desk, "security.incident_climbs") == 1
    actions.climb(actor=SYSTEM, at=AT + 150 * MINUTE)
    actions.climb(actor=SYSTEM, at=AT + 180 * MINUTE)
    assert climbed_to(incident)[-1] == "MINISTER "
    assert len(climbed_to(incident)) == 5
    assert fresh(incident.key).climbs_at is None


def test_what_was_missed_is_made_good(cast: Cast) -> None:
    police(OKI), police(PROVINCE)
    incident = reported()
    actions.climb(actor=SYSTEM, at=AT + 95 * MINUTE)
    assert len(climbed_to(incident)) == 3


def test_who_has_nobody_on_duty_is_passed_over_and_told_first_back(cast: Cast) -> None:
    officer, above = police(OKI), police(PROVINCE)
    for member, hours in ((officer, 10), (above, -1)):
        begin = AT + timedelta(hours=hours)
        actions.plan_duty(
            client_key=uuid4(), institution_id=member.institution_id, office="Piket",
            from_at=begin, to_at=begin + timedelta(hours=8), actor=member.viewer, at=AT,
        )  # fmt: skip
    incident = reported()
    actions.climb(actor=SYSTEM, at=AT + 30 * MINUTE)
    assert climbed_to(incident) == [f"REGENT_DESK {OKI}"]
    assert told(cast.regent_desk, "security.incident_climbs") == 1
    assert told(officer, "security.incident_passed_you") == 1
    assert told(officer, "security.incident_climbs") == 0


def test_what_was_taken_up_climbs_when_its_clock_has_run_out(cast: Cast) -> None:
    officer = police(OKI)
    incident = stepped(reported(), "triage", actor=officer.viewer, at=AT + 5 * MINUTE)
    assert actions.climb(actor=SYSTEM, at=AT + 239 * MINUTE) == 0
    assert actions.climb(actor=SYSTEM, at=AT + 240 * MINUTE) == 1
    stepped(incident, "contain", "resolve", "close", actor=officer.viewer, at=AT + 241 * MINUTE)
    assert actions.climb(actor=SYSTEM, at=AT + timedelta(days=9)) == 0
    assert fresh(incident.key).was_past


def test_a_restricted_one_climbs_among_handlers_alone_and_says_nothing(cast: Cast) -> None:
    supervisor(OKI)
    incident = reported(kind="MONEY", answers={"persons_held": True})
    before = AuditEvent.objects.filter(name="security.IncidentsClimbed").count()
    for minutes in range(15, 300, 15):
        actions.climb(actor=SYSTEM, at=AT + minutes * MINUTE)
    kinds = {text.split()[0] for text in climbed_to(incident)}
    assert kinds <= {"PANWASCAM", "BAWASLU"}
    assert kinds
    assert AuditEvent.objects.filter(name="security.IncidentsClimbed").count() == before
    assert told(cast.regent_desk, "security.incident_climbs") == 0
    assert told(cast.governor_desk, "security.incident_climbs") == 0


def test_only_the_machine_climbs_and_the_job_does(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(OutOfScope):
        actions.climb(actor=cast.governor_desk.viewer, at=AT)
    incident = reported()
    later: datetime = AT + 30 * MINUTE
    monkeypatch.setattr("serentak.platform.clock.now", lambda: later)
    jobs.climb(0)
    assert climbed_to(incident)
