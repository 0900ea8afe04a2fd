"""Incidents of the day before for tests of what stands above them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from serentak.kernel.viewer import SYSTEM
from serentak.security import actions as security
from serentak.security.public import Confided
from tests.cast import AIR_SUGIHAN, AT

YESTERDAY: dict[str, Any] = {"actor": SYSTEM, "at": AT - timedelta(days=1)}


def incident(kind: str = "SIEGE", **answers: str) -> UUID:
    """Report an incident in OKI on the day before the report of the desk."""
    return security.report_incident(
        client_key=uuid4(),
        kind=kind,
        place=AIR_SUGIHAN,
        happened_at=YESTERDAY["at"],
        answers=answers,
        **YESTERDAY,
    ).key


def close(key: UUID) -> None:
    for step in (security.triage, security.contain, security.resolve, security.close):
        step(key=key, version=None, note="Selesai", **YESTERDAY)


def closed(count: int, kind: str = "SIEGE", **answers: str) -> None:
    for _number in range(count):
        close(incident(kind, **answers))


def closed_after_being_restricted() -> None:
    """Report an incident, restrict it, open it to all again, and close it."""
    key = incident()
    for confided in (Confided.YES, Confided.NO):
        security.restrict(key=key, confided=confided, version=None, note="Saksi", **YESTERDAY)
    close(key)
