"""A plan as a workbook, and a place's schedule as a calendar."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import icalendar
import xlsxwriter
import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serentak.coordination.public import MeetingCard
from serentak.platform.web.vocabulary import DEADLINE_WORD, STATUS_WORD

from .importers.plans import LABELS, WORD_LABELS
from .queries.plan import Plan, Planned
from .rules.activities import Catalogue
from .rules.states import ActivityState
from .rules.tabular import NUMBERS, Cells, activity_cells, file_of, word_cells

_MEETING_LASTS = timedelta(hours=2)
"""Meetings have no end; calendars draw one."""


def plan_yaml(raw: Mapping[str, object]) -> str:
    """Return the plain data of a catalogue as the text of its file."""
    head = "# A plan: activities, and the aspects, units, consequences and sources they name.\n"
    return head + yaml.safe_dump(dict(raw), allow_unicode=True, sort_keys=False, width=100)


def catalogue_yaml(catalogue: Catalogue) -> str:
    """Return a catalogue as the text of its file."""
    return plan_yaml(file_of(catalogue))


def plan_workbook(catalogue: Catalogue, found: Plan | None = None, *, place: str = "") -> bytes:
    """Return a catalogue as a workbook that can be read again, with how it stands at a place.

    Sheets: activities, words, where `found` is given how each stands at `place` now, and a guide.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        activities = map(activity_cells, catalogue.activities.values())
        _sheet(book, _("Activities"), LABELS, activities, NUMBERS)
        _sheet(book, _("Words"), WORD_LABELS, word_cells(catalogue))
        if found:
            _standing(book, found, place)
        _guide(book)
    return out.getvalue()


def _sheet(
    book: xlsxwriter.Workbook,
    name: str,
    labels: Mapping[str, Promise],
    rows: Iterable[Cells],
    numbers: frozenset[str] = frozenset(),
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@", "valign": "top"})
    page = book.add_worksheet(name)
    page.freeze_panes(1, 1)
    for index, label in enumerate(labels.values()):
        page.set_column(index, index, 18, text)
        page.write_string(0, index, str(label), bold)
    for line, row in enumerate(rows, start=1):
        for index, column in enumerate(labels):
            value = row.get(column, "")
            if column in numbers:
                page.write_number(line, index, int(value))
            elif value:
                page.write_string(line, index, value, text)


def _standing(book: xlsxwriter.Workbook, found: Plan, place: str) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(_("Standing"))
    title = _("%(place)s on %(day)s") % {"place": place, "day": found.today.isoformat()}
    page.write_string(0, 0, title, bold)
    headings = (
        _("Code"),
        _("Activity"),
        _("Institution"),
        _("Target"),
        _("Forecast"),
        _("Deadline"),
        _("Done"),
        _("Amount"),
        _("Unit"),
        _("Status"),
        _("Why"),
    )
    page.set_column(0, len(headings) - 1, 16)
    page.freeze_panes(3, 2)
    for index, heading in enumerate(headings):
        page.write_string(2, index, heading, bold)
    for line, row in enumerate(found.rows, start=3):
        values: Sequence[str | int | date | None] = (
            row.key,
            row.name,
            row.owner,
            row.target_date,
            row.finish_date,
            row.deadline_date,
            row.done_quantity,
            row.target_quantity,
            row.unit,
            str(STATUS_WORD[row.status]) if row.status else _("Dropped by the owner"),
            row.why,
        )
        for index, value in enumerate(values):
            if isinstance(value, date):
                page.write_datetime(line, index, value, dates)
            elif isinstance(value, int):
                page.write_number(line, index, value)
            elif value:
                page.write_string(line, index, value)


def _guide(book: xlsxwriter.Workbook) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page = book.add_worksheet(_("Guide"))
    page.set_column(0, 0, 110, wrapped)
    for line, text in enumerate(
        (
            _("One row is one activity; its code stands once and has no spaces."),
            _("Several values in a cell are parted by a semicolon, other names by a new line."),
            _("Days are counted from the vote: H-30, H, H+2. Durations are whole days."),
            _("An amount is a count, times a number: “2 × stations per race + one”."),
            _("“Waits for” names codes; “code @ OWN_AND_PROVINCE” waits for both levels."),
            _("An owner may differ by level: “province: KPU; regency: BAWASLU”."),
            _("The sheet of words holds the aspects, units, consequences and sources in use."),
            _("What stands on the sheet of the standing is not read again."),
            _("Check the file with: serentak plan check FILE"),
        )
    ):
        page.write_string(line, 0, text)


# --- calendar


def schedule_calendar(
    found: Plan,
    *,
    place: str,
    meetings: Sequence[MeetingCard],
    site: str,
    at: datetime,
) -> bytes:
    """Return a place's schedule as iCalendar (RFC 5545): vote, targets, deadlines, meetings.

    A day is an event of the whole day. Whoever takes the file again gets the same events moved,
    since each keeps its UID. `site` begins the links and names the installation.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Serentak//Readiness//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Readiness of %(place)s") % {"place": place})
    stamp = at.astimezone(UTC)
    host = site.partition("://")[2] or site

    def event(uid: str, title: str, day: date, about: str = "", link: str = "") -> None:
        one = icalendar.Event()
        one.add("uid", f"{uid}@{host}")
        one.add("dtstamp", stamp)
        one.add("summary", title)
        one.add("dtstart", day)
        one.add("dtend", day + timedelta(1))
        one.add("transp", "TRANSPARENT")
        if about:
            one.add("description", about)
        if link:
            one.add("url", f"{site}{link}")
        calendar.add_component(one)

    event(f"vote-{found.place}", _("Voting day"), found.vote_date)
    for row in sorted(found.rows, key=lambda row: (row.target_date, row.key)):
        if row.state is not ActivityState.OPEN or row.group is None:
            continue
        name = f"{row.place}-{row.key}"
        link = f"/{row.place}/readiness/{row.key}"
        about = _about(row)
        target = _("Target: %(activity)s") % {"activity": row.name}
        event(f"target-{name}", target, row.target_date, about, link)
        if row.deadline_date and row.deadline_date != row.target_date:
            words = {"activity": row.name, "kind": DEADLINE_WORD[row.deadline_kind]}
            last = _("Deadline (%(kind)s): %(activity)s") % words
            event(f"deadline-{name}", last, row.deadline_date, about, link)
    for card in meetings:
        one = icalendar.Event()
        one.add("uid", f"meeting-{card.id}@{host}")
        one.add("dtstamp", stamp)
        one.add("summary", card.theme)
        one.add("dtstart", card.starts_at.astimezone(UTC))
        one.add("dtend", card.starts_at.astimezone(UTC) + _MEETING_LASTS)
        one.add("location", card.venue)
        one.add("url", f"{site}{card.link}")
        calendar.add_component(one)
    content: bytes = calendar.to_ical()
    return content


def _about(row: Planned) -> str:
    amount = f"{row.done_quantity or 0} / {row.target_quantity} {row.unit}"
    return "\n".join(filter(None, (row.owner, amount, row.why)))
