"""Daily reports for higher floors: stored days, who is silent, what is public, the meeting book."""

from datetime import datetime

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.platform.web.formats import number

from . import words
from .permissions import VIEW_DAILY_REPORT
from .queries.material import ChildReport, child_reports, moment_of
from .queries.publishing import PublicReport, PublicSentence, public_reports
from .queries.reports import Signing, signing
from .queries.snapshots import StoredBriefing, stored_days, stored_on
from .rules.changes import is_same_hour
from .words import section_title


def missing_desks(parent: PlaceCode, *, viewer: Viewer, at: datetime) -> tuple[ChildReport, ...]:
    """Return the desks below a place whose report of now is overdue; four queries.

    Empty where the viewer may not read reports, where nobody is waited for, or without an election.
    """
    if not viewer.may(VIEW_DAILY_REPORT, parent):
        return ()
    try:
        moment = moment_of(parent, at)
    except Refused:
        return ()
    return tuple(
        desk for desk in child_reports(parent, moment) if not desk.is_heard and desk.due_at <= at
    )


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return the alert that desks below have not reported in time; nothing if all have."""
    silent = missing_desks(parent, viewer=viewer, at=at)
    if not silent:
        return ()
    return (
        Alert(
            code="reporting.desks_are_silent",
            place=parent,
            severity=max((desk.status(at) for desk in silent), key=lambda status: status.rank),
            due_date=None,
            link=f"/{parent}/daily",
            press=Press(harm=Harm.TIMETABLE),
            so="reporting.unknown",
            helps="reporting.remind",
            params={
                "count": number(len(silent)),
                "places": words.joined([desk.name for desk in silent]),
                "codes": [desk.place for desk in silent],
            },
        ),
    )
