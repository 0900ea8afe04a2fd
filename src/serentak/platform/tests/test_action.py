"""Actions: all or nothing, one transaction, and the database's no becomes a refusal."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform.action import action
from serentak.platform.audit import Event, record
from serentak.platform.models import AuditEvent, DomainClock
from serentak.platform.words import refusal_text

NOW = timezone.now()


@action
def set_twice(*, clock_id: int) -> None:
    for _ in range(2):
        DomainClock.objects.create(id=clock_id, domain_at=NOW, real_at=NOW, scene="x")


@action
def write_then_refuse() -> None:
    DomainClock.objects.create(id=1, domain_at=NOW, real_at=NOW, scene="x")
    raise Refused("platform.file_is_empty", field="file")


@action
def call_another() -> None:
    write_then_refuse()


def test_arguments_are_named() -> None:
    with pytest.raises(TypeError, match="keyword-only"):
        action(lambda actor: None)


@pytest.mark.django_db
def test_a_violated_constraint_is_a_refusal_by_its_name() -> None:
    with pytest.raises(Refused) as refused:
        set_twice(clock_id=2)
    assert refused.value.code == "constraint.there_is_one_clock"
    assert "there is one clock" in refusal_text(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize("act", [write_then_refuse, call_another])
def test_nothing_is_written_when_refused(act) -> None:
    with pytest.raises(Refused):
        act()
    assert not DomainClock.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_stray_transaction_around_an_action_fails_loudly() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        write_then_refuse()


@pytest.mark.django_db
def test_the_database_refuses_to_change_an_audit_event() -> None:
    number = record(Event(subjects=("x:1",), place=""), actor=SYSTEM, at=NOW)
    for statement in (
        "UPDATE platform_audit_event SET name = 'y'",
        "DELETE FROM platform_audit_event",
    ):
        with (
            pytest.raises(Exception, match=r"append-only|permission denied"),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement)
    assert AuditEvent.objects.get(id=number).name == "platform.Event"
