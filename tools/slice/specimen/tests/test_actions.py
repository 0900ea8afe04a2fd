"""Recording checks: done, refused, repeated, and what the database holds by itself."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from serentak.kernel.refused import OutOfScope, Refused
from serentak.platform.audit import history
from serentak.platform.models import AuditEvent
from serentak.specimen.models import Check
from tests.cast import AT, BANYUASIN, OKI, Cast

from .builders import TODAY, check

YESTERDAY = date(2024, 10, 27)


def test_a_check_is_recorded_with_its_event(cast: Cast) -> None:
    assert check(actor=cast.regent_desk.viewer, source=" Officer ")
    row = Check.objects.get()
    assert (row.place_id, row.looked_at, row.in_order, row.source) == (OKI, 10, 8, "Officer")
    assert (row.recorded_by_id, row.recorded_at) == (cast.regent_desk.user_id, AT)
    (event,) = history(f"specimen_check:{row.pk}")
    assert (event.name, event.place) == ("specimen.CheckRecorded", OKI)
    assert event.facts == {"looked_at": 10, "in_order": 8, "checked_date": "2024-10-28"}


def test_a_later_check_takes_its_place_and_the_audit_keeps_both(cast: Cast) -> None:
    check(checked_date=YESTERDAY)
    assert check(in_order=10)
    row = Check.objects.get()
    assert (row.in_order, row.checked_date) == (10, TODAY)
    assert [entry.facts["in_order"] for entry in history(f"specimen_check:{row.pk}")] == [10, 8]


def test_the_same_again_is_not_recorded_twice(cast: Cast) -> None:
    assert check()
    assert not check()
    assert AuditEvent.objects.filter(name="specimen.CheckRecorded").count() == 1


def test_an_older_check_is_refused(cast: Cast) -> None:
    check()
    with pytest.raises(Refused) as refused:
        check(checked_date=YESTERDAY)
    assert refused.value.code == "specimen.newer_check_is_recorded"
    assert Check.objects.get().checked_date == TODAY


@pytest.mark.parametrize(
    "changes",
    [{"looked_at": 0}, {"in_order": 11}, {"checked_date": date(2024, 10, 29)}, {"source": " "}],
)
def test_what_is_refused_writes_nothing(cast: Cast, changes: dict[str, Any]) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(Refused):
        check(**changes)
    assert (Check.objects.count(), AuditEvent.objects.count()) == (0, before)


def test_only_the_own_places_and_only_who_steers(cast: Cast) -> None:
    with pytest.raises(OutOfScope):
        check(place=BANYUASIN, actor=cast.regent_desk.viewer)
    for member in (cast.observer, cast.agency, cast.supervisor):
        with pytest.raises(OutOfScope):
            check(actor=member.viewer)
    assert not Check.objects.exists()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"looked_at": 0, "in_order": 0}, "specimen_check_looks_at_something"),
        ({"in_order": 11}, "specimen_check_finds_no_more_in_order_than_it_looks_at"),
        ({"source": ""}, "specimen_check_has_a_source"),
        ({"pk": None}, "a_place_has_one_specimen_check"),
    ],
)
def test_the_database_holds_it_too(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    check()
    row = Check.objects.get()
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()
