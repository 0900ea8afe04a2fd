"""Builders of notices' tests: somebody is told something."""

from datetime import datetime
from typing import Any

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM, Permission, Viewer
from serentak.notices.actions import Notice, notify
from tests.cast import AT, OKI

ANSWER = Permission("coordination.ANSWER_ACTION")


def institution_id(kind: str, place: PlaceCode = OKI) -> int:
    """Return the id of the institution of a kind at a place."""
    card = institutions.institution_by(kind, place)
    assert card is not None
    return card.id


def notice(kind: str = "REGENT", place: PlaceCode = OKI, **changed: Any) -> Notice:
    """Return what the regent of OKI is told: boats are asked for."""
    given: dict[str, Any] = {
        "institution_id": institution_id(kind, place),
        "permission": ANSWER,
        "code": "coordination.asked",
        "params": {"task": "Kontrak perahu untuk 272 TPS", "due": "2024-10-30"},
        "link": "/coordination/actions/1",
    }
    return Notice(**(given | changed))


def tell(*notices: Notice, actor: Viewer = SYSTEM, at: datetime = AT) -> int:
    """Tell at a moment; return how many notifications were made."""
    return notify(notices=notices or [notice()], actor=actor, at=at)
