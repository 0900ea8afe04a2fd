"""Audit: facts stay, personal text stands apart and can go, histories are read by object."""

from dataclasses import field
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.platform.audit import PERSONAL, Event, activity_under, commitment, history, record
from serentak.platform.erasing import erase_detail
from serentak.platform.models import AuditDetail, AuditEvent, User

NOW = timezone.now()
pytestmark = pytest.mark.django_db


class Noted(Event):
    quantity: int
    day: date
    note: str = field(metadata=PERSONAL)


def noted(**kwargs) -> Noted:
    defaults = {"subjects": ("activity:1",), "place": PlaceCode("16.02"), "quantity": 3}
    return Noted(**{**defaults, "day": date(2024, 10, 28), "note": "kata Rini", **kwargs})


def test_personal_text_is_not_among_the_facts() -> None:
    number = record(noted(), actor=SYSTEM, at=NOW)
    row = AuditEvent.objects.get(id=number)
    assert row.facts == {"quantity": 3, "day": "2024-10-28"}
    detail = AuditDetail.objects.get(event=row)
    assert bytes(row.commitment) == commitment(bytes(detail.salt), {"note": "kata Rini"})


def test_a_detail_may_be_deleted_and_the_event_stays() -> None:
    number = record(noted(), actor=SYSTEM, at=NOW)
    erase_detail(event_id=number, ground="SK 12/2024", actor=SYSTEM, at=NOW)
    _, entry = history("activity:1")
    assert entry.facts == {"quantity": 3, "day": "2024-10-28"}


def test_a_history_names_who_did_what() -> None:
    user = User.objects.create(username="rini", full_name="Rini Pedati")
    record(noted(), actor=Viewer(user_id=user.id), at=NOW)
    record(noted(subjects=("activity:2", "activity:1"), quantity=4), actor=SYSTEM, at=NOW)
    newest, first = history("activity:1")
    assert (newest.facts["quantity"], newest.actor) == (4, "")
    assert (first.facts["note"], first.actor) == ("kata Rini", "Rini Pedati")
    assert history("activity:9") == []


def test_a_history_follows_the_days_of_the_deeds_and_not_of_their_recording() -> None:
    for quantity, days in ((1, 0), (2, 3), (3, 1)):
        record(noted(quantity=quantity), actor=SYSTEM, at=NOW + timedelta(days=days))
    assert [entry.facts["quantity"] for entry in history("activity:1")] == [2, 3, 1]


def test_activity_under_a_place_has_no_personal_text() -> None:
    for place in ("16.02", "16.02.03", "16.021"[:5], "16.03"):
        record(noted(place=PlaceCode(place)), actor=SYSTEM, at=NOW)
    entries = activity_under(PlaceCode("16.02"))
    assert [e.place for e in entries] == ["16.02", "16.02.03", "16.02"]
    assert all("note" not in e.facts for e in entries)


def test_an_event_knows_its_transaction() -> None:
    with transaction.atomic():
        numbers = [record(noted(), actor=SYSTEM, at=NOW) for _ in range(2)]
    ids = set(AuditEvent.objects.filter(id__in=numbers).values_list("transaction_id", flat=True))
    assert len(ids) == 1
    assert ids.pop() > 0
