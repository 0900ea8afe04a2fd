"""Builds what a report is drafted from, and reports as they stand, for the tests."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from serentak.kernel.briefing import Alert, Briefing, Figure, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import read
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.platform.areas import areas
from serentak.readiness import actions as readiness
from serentak.readiness.public import ReportKind, workload
from serentak.reporting import actions, rules
from serentak.reporting.models import DailyReport, Sentence
from serentak.reporting.rules.closing import Rules
from serentak.reporting.rules.drafting import Child, Material, Missing, StageLine
from tests.cast import AT, OKI, PROVINCE

DAY = date(2024, 10, 28)
VOTE = date(2024, 11, 27)
EVENING = datetime(2024, 10, 28, 12, 30, tzinfo=UTC)
"""19:30 in Palembang: every desk's hour has passed."""

NOT_ANSWERED = tuple(focus for focus in Focus if focus not in {area.focus for area in areas()})
"""The questions that have no slice yet, and so no section in a report."""


def raw_rules() -> dict[str, Any]:
    """Return the shipped catalogue as plain data."""
    path = Path(rules.__file__).parents[1] / "catalogue" / "daily.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


@cache
def shipped() -> Rules:
    """Return the shipped catalogue."""
    return read(Rules, raw_rules())


def alert(key: str, days_left: int = 0, **changes: Any) -> Alert:
    """Return an alert that a slice might raise."""
    given: dict[str, Any] = {
        "code": "readiness.OVERDUE",
        "place": OKI,
        "severity": Status.LATE,
        "due_date": None,
        "link": f"/16.02/readiness/{key}",
        "press": Press(days_left=days_left),
        "params": {"key": key, "activity": key, "done": "0", "target": "4", "unit": "paket"},
    }
    return Alert(**{**given, **changes})


def briefing(
    place: PlaceCode = PROVINCE,
    status: Status = Status.AT_RISK,
    *figures: Figure,
    focus: Focus = Focus.READINESS,
    alerts: tuple[Alert, ...] = (),
) -> Briefing:
    """Return what an area might say."""
    return Briefing(focus, place, status, AT, figures, alerts)


def material(*briefings: Briefing, **changes: Any) -> Material:
    """Return the material of a province's report."""
    given: dict[str, Any] = {
        "place": PROVINCE,
        "day": DAY,
        "vote_date": VOTE,
        "briefings": {b.focus: b for b in briefings},
    }
    return Material(**{**given, **changes})


def child(place: PlaceCode, name: str, status: Status, *figures: Figure) -> Child:
    """Return a place below with its readiness."""
    return Child(place, name, {Focus.READINESS: briefing(place, status, *figures)})


def missing(place: PlaceCode, name: str, days: int | None = None) -> Missing:
    """Return a desk that has not reported."""
    return Missing(place, name, days)


def stage(name: str, start: date | None, end: date) -> StageLine:
    """Return a stage of the calendar."""
    return StageLine(name, start, end)


# --- rows


def drafted(place: PlaceCode = OKI, *, actor: Viewer = SYSTEM, at: datetime = AT) -> DailyReport:
    """Return a report that was drafted just now."""
    return DailyReport.objects.get(pk=actions.draft_report(place=place, actor=actor, at=at))


def submitted(place: PlaceCode = OKI, *, actor: Viewer = SYSTEM, at: datetime = AT) -> DailyReport:
    """Return a report that was drafted and signed just now."""
    report = drafted(place, actor=actor, at=at)
    actions.submit_report(
        report_id=report.pk,
        seen_revision=report.revision,
        without_missing=True,
        actor=actor,
        at=at,
    )
    report.refresh_from_db()
    return report


def sentence(report: DailyReport, key: str = "status:READINESS") -> Sentence:
    """Return a sentence of a report as it stands now."""
    return report.sentences.get(key=key)


def progress(key: str, quantity: int, *, place: PlaceCode = OKI, at: datetime = AT) -> None:
    """Report progress of an activity."""
    id = next(w.activity_id for w in workload(place) if w.key == key)
    row = readiness.ReportRow(id, ReportKind.QUANTITY, quantity, "", None)
    readiness.report_progress(client_key=uuid4(), place=place, rows=[row], actor=SYSTEM, at=at)
