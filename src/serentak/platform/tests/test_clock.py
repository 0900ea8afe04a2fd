"""The domain's clock: real in earnest, set and running on in a demonstration."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from serentak.platform import clock

START = datetime(2024, 10, 28, 2, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_in_earnest_the_clock_is_real(settings) -> None:
    settings.SERENTAK_DEMO = False
    clock.set_clock(domain_at=START, scene="h-30")
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_a_scene_sets_the_clock_and_it_runs_on(settings) -> None:
    settings.SERENTAK_DEMO = True
    clock.set_clock(domain_at=START, scene="h-30")
    first, second = clock.state(), clock.state()
    assert START <= first.now <= second.now < START + timedelta(minutes=1)
    assert first.scene == "h-30"


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Jakarta", date(2024, 10, 28)), ("Asia/Jayapura", date(2024, 10, 29))]
)
def test_the_day_is_the_provinces(zone: str, day: date) -> None:
    assert clock.local_date(datetime(2024, 10, 28, 15, 30, tzinfo=UTC), zone=zone) == day
