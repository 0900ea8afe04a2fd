"""Builders of the slice's tests: checks of the cast's places."""

from datetime import date
from typing import Any

from serentak.kernel.viewer import SYSTEM
from serentak.specimen import actions
from tests.cast import AT, OKI

TODAY = date(2024, 10, 28)


def check(**changes: Any) -> bool:
    """Record that 8 of 10 were in order in OKI today."""
    given: dict[str, Any] = {
        "place": OKI,
        "looked_at": 10,
        "in_order": 8,
        "checked_date": TODAY,
        "source": "Officer on duty",
        "actor": SYSTEM,
        "at": AT,
    }
    return actions.record_check(**{**given, **changes})
