"""Reminds the desks that have not reported."""

from datetime import datetime, timedelta

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.notices.actions import Notice, notify
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.reporting.events import SilentReminded
from serentak.reporting.models import DailyReport
from serentak.reporting.permissions import ACCEPT_DAILY_REPORT, WRITE_DAILY_REPORT
from serentak.reporting.queries.material import child_reports, moment_of
from serentak.reporting.rules.states import HEARD

from .parts import _desk

REMINDED_FOR = timedelta(hours=1)
"""A reminder holds so long before the desk is reminded again."""
DESKS = ("GOVERNOR_DESK", "REGENT_DESK", "CAMAT")
"""Kinds of institutions that write the daily report of a province, a regency and a district."""


@action
def remind_silent(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Remind the desks below that have not reported; return how many.

    Those reminded within the hour are left alone.
    """
    reminded = _remind(place, actor, at, holds_for=REMINDED_FOR)
    if not reminded:
        raise Refused("reporting.nobody_to_remind")
    return reminded


@action
def chase_silent(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Remind the desks below whose hour has passed, each once a day; return how many.

    Runs by the clock, so that nobody needs to be there; a desk that was reminded today by a person
    is not told again.
    """
    return _remind(place, actor, at, holds_for=None)


def _remind(place: PlaceCode, actor: Viewer, at: datetime, *, holds_for: timedelta | None) -> int:
    """Tell silent desks, unless they were told within `holds_for`.

    None tells only those whose hour has passed, and that were not told on the same day.
    The reminder stands on the desk's own report, which is begun for it and locked before anything
    is decided: two who remind at once tell nobody twice.
    """
    institution_id = _desk(place, actor, ACCEPT_DAILY_REPORT)
    moment = moment_of(place, at)
    silent = [
        child
        for child in child_reports(place, moment)
        if not child.is_heard and (holds_for is not None or child.due_at <= at)
    ]
    number = moment.round.number
    DailyReport.objects.bulk_create(
        (
            DailyReport(place_id=c.place, day=moment.day, round=number, due_at=c.due_at)
            for c in silent
        ),
        ignore_conflicts=True,
    )
    codes = [child.place for child in silent]
    rows = DailyReport.objects.select_for_update().filter(place__in=codes, day=moment.day)
    last: dict[str, datetime] = {}
    open_rows: dict[str, int] = {}
    for row in rows.order_by("pk"):
        if row.reminded_at:
            last[row.place_id] = max(row.reminded_at, last.get(row.place_id, row.reminded_at))
        if row.round == number and row.state not in HEARD:
            open_rows[row.place_id] = row.pk
    due = [
        code
        for code in codes
        if code in open_rows
        and (code not in last or (holds_for is not None and at - last[code] >= holds_for))
    ]
    if not due:
        return 0
    DailyReport.objects.filter(pk__in=[open_rows[code] for code in due]).update(reminded_at=at)
    desks = institutions.institutions_by(kinds=DESKS, places=due)
    notices = [
        Notice(
            institution_id=desk.id,
            permission=WRITE_DAILY_REPORT,
            code="reporting.report_is_awaited",
            params={"date": moment.day.isoformat()},
            link=f"/{below}/daily",
        )
        for (_, below), desk in desks.items()
    ]
    notify(notices=notices, actor=actor, at=at)
    event = SilentReminded(
        subjects=(f"place:{place}",),
        place=place,
        institution_id=institution_id,
        day=moment.day,
        places=tuple(due),
    )
    record(event, actor=actor, at=at)
    return len(due)
