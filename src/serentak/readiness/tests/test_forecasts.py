"""Forecasts that are kept, shocks that an installation sets, and what people try."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from serentak.coordination.models import Action
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.platform.models import AuditEvent
from serentak.readiness import actions, public
from serentak.readiness.models import (
    ForecastRun,
    PlaceOutlook,
    Scenario,
    ShockChance,
    ShockStruck,
)
from serentak.readiness.queries import forecasting
from serentak.readiness.queries.forecast_page import forecast_page
from serentak.readiness.queries.forecasting import computed, is_outdated
from serentak.readiness.rules.scenarios import Change, ChangeKind
from tests.cast import AT, BANYUASIN, OKI, PROVINCE, Cast
from tests.kept import kept

from .builders import set_up

FLOOD = "flood-ogan"


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serentak.readiness.rules.forecast.DRAWS", 400)
    monkeypatch.setattr(forecasting, "MOVE_DRAWS", 200)


@pytest.fixture
def world(cast: Cast) -> Cast:
    set_up()
    return cast


def keep(at: Any = AT) -> int | None:
    found = computed(PROVINCE, at=at)
    assert found is not None
    return actions.store_forecast(found=found, actor=SYSTEM, at=at)


def test_a_forecast_is_kept_once_with_one_event(world: Cast) -> None:
    assert is_outdated(PROVINCE, at=AT)
    before = AuditEvent.objects.count()
    assert keep() is not None
    assert keep() is None
    assert AuditEvent.objects.count() == before + 1
    assert not is_outdated(PROVINCE, at=AT)
    assert ForecastRun.objects.count() == 1
    print(PlaceOutlook.objects.values_list("place", "ready", "p50", "p80", "p95"))
    for row in PlaceOutlook.objects.all():
        print(
            row.place_id,
            {k: (v if k != "fan" else v[:3]) for k, v in row.results.items() if k != "aspects"},
        )
    assert 0
