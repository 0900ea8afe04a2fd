"""Daily reports and contradictions for higher floors: stored days, who is silent, what differs."""

from datetime import datetime

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.web.formats import day, number

from . import words
from .permissions import ACCEPT_DAILY_REPORT, VIEW_DAILY_REPORT, WRITE_DAILY_REPORT
from .queries.corrections import waiting
from .queries.differing import Settlements, open_contradictions, settlements
from .queries.differing_alerts import differing_alerts, proposal
from .queries.material import ChildReport, child_reports, moment_of
from .queries.publishing import PublicReport, PublicSentence, public_reports
from .queries.reports import Signing, signing
from .queries.snapshots import StoredBriefing, stored_days, stored_on
from .rules.changes import is_same_hour
from .rules.differing import Used
from .words import section_title

MOST_CORRECTED = 20
"""How many corrected reports are named at most; those of the oldest days come first."""


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
    """Return that desks below have not reported in time, and what waits to be taken note of."""
    silent = missing_desks(parent, viewer=viewer, at=at)
    told = (*_corrections(parent, viewer), *differing_alerts(parent, viewer=viewer, at=at))
    if not silent:
        return told
    return (
        *told,
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


def _corrections(parent: PlaceCode, viewer: Viewer) -> tuple[Alert, ...]:
    """Return the accepted reports that were corrected since, to who takes note; at most 2 queries.

    Of a province's own report anybody of its desk does.
    """
    accepts = viewer.may(ACCEPT_DAILY_REPORT, parent)
    if not accepts and not viewer.may(WRITE_DAILY_REPORT, parent):
        return ()
    rows = [row for row in waiting(parent) if accepts or row.place == parent][:MOST_CORRECTED]
    names = places.places({row.place for row in rows}) if rows else {}
    return tuple(
        Alert(
            code="reporting.correction_waits",
            place=row.place,
            severity=Status.AT_RISK,
            due_date=None,
            link=f"/{row.place}/daily/{row.day.isoformat()}"
            + (f"?round={row.round}" if row.round > 1 else ""),
            press=Press(harm=Harm.PAPER),
            so="reporting.accepted_otherwise",
            helps="reporting.take_note",
            params={
                "place_name": names[row.place].name,
                "day": day(row.day),
                "count": words.correction_count(row.count),
            },
        )
        for row in rows
    )
