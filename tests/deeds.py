"""What the cast does in the room, for the tests of floors that lay slices side by side."""

from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from serentak.coordination.actions import AgendaEntry, add_to_agenda
from serentak.coordination.queries.alerts import read_signed
from serentak.coordination.tests import builders as coordination
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.neutrality.tests import builders as neutrality
from serentak.places.actions import load_regions
from serentak.places.importers import read_regions
from serentak.reporting import actions as reporting

from .cast import AT, Cast


def give_action(cast: Cast, **changed: Any) -> int:
    """The governor's desk asks the regent of OKI for boats; return the action's id."""
    return coordination.give(cast, **changed).pk


def plan_meeting(cast: Cast, *, starts_at: datetime, **changed: Any) -> int:
    """The governor's desk plans a meeting; return its id."""
    return coordination.plan(cast, starts_at=starts_at, **changed).pk


def put_on_agenda(cast: Cast, alert: Alert, *, meeting_id: int, at: datetime) -> None:
    """The governor's desk puts an alert on a meeting's agenda."""
    entry = AgendaEntry(alert_code=alert.code, alert_params=alert.params, link=alert.link)
    add_to_agenda(meeting_id=meeting_id, entry=entry, actor=cast.governor_desk.viewer, at=at)


def refer_late_case() -> None:
    """A case of OKI is referred whose clock ran out long ago."""
    neutrality.referred(received_date=date(2024, 6, 3), deed_date=date(2024, 6, 1))


def keep_day(place: PlaceCode, *, at: datetime) -> None:
    """Store what every area says of a place and its children."""
    reporting.take_snapshots(place=place, actor=SYSTEM, at=at)


def add_region(code: str, name: str) -> None:
    """A place is added to the tree, and nothing in it."""
    load_regions(
        regions=read_regions(f"code,name\n{code},{name}\n".encode()).regions, actor=SYSTEM, at=AT
    )


def alert_asked_about(url: str) -> Alert:
    """Return the alert of which a page asks somebody."""
    alert = read_signed(parse_qs(urlsplit(url).query)["alert"][0])
    assert alert is not None
    return alert
