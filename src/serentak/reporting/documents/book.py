"""The meeting book as PDF, a page for each area, and as a workbook, from the screens' briefings."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from serentak.coordination.public import ActionCard, Standing, standing_word
from serentak.kernel.area import Area
from serentak.kernel.briefing import Alert, Briefing, Focus, Why
from serentak.platform import areas
from serentak.platform.clock import local_date
from serentak.platform.documents import pdf
from serentak.platform.web import formats
from serentak.platform.web.vocabulary import STATUS_WORD
from serentak.platform.words import why_text, word
from serentak.reporting import words
from serentak.reporting.queries.book import Book, BookPlace
from serentak.reporting.rules.drafting import alert_params
from serentak.reporting.rules.states import ReportState

FOLDER = Path(__file__).parent
_COLUMN = 18


def book_pdf(book: Book, *, is_drill: bool) -> bytes:
    """Return the book to print; the same bytes for the same book."""
    return pdf(FOLDER / "book.typ", _data(book, is_drill=is_drill))


def book_sheets(book: Book, *, is_drill: bool) -> bytes:
    """Return the book as a workbook: overview, figures, what presses, where it comes from."""
    told = _areas(book)
    places = (book.own, *book.children)
    overview = [
        [
            place.card.full_name,
            _holder(place),
            place.stations,
            *(_status(place, area.focus) for area in told),
            _report(place),
        ]
        for place in places
    ]
    figures = [
        [
            place.card.full_name,
            areas.focus_name(focus),
            words.figure_name(f.code) + (f" ({f.unit})" if f.unit == "%" else ""),
            f.value,
            f.of,
        ]
        for place in places
        for focus, briefing in place.briefings.items()
        for f in briefing.figures
    ]
    alerts = [
        [place.card.full_name, areas.focus_name(focus), *_told(alert, book)]
        for place in places
        for focus, alert in place.alerts
    ]
    asked = [
        [place.card.full_name, *asked_row(action, book)]
        for place in places
        for action in place.asked
    ]
    kept = [[place.card.full_name, *_kept(place)] for place in places if place.record]
    area, about = pgettext("place", "Area"), _("About")
    sheets: list[tuple[str, Sequence[str], Sequence[Sequence[Any]]]] = [
        (
            _("Overview"),
            [
                area,
                _("Responsible"),
                _("Stations"),
                *(str(area.short_name) for area in told),
                _("Daily report"),
            ],
            overview,
        ),
        (_("Figures"), [area, _("Field"), _("Figure"), _("Value"), _("Of")], figures),
        (
            _("What presses"),
            [area, _("Field"), _("Problem"), _("Due"), _("So what"), _("Asked of")],
            alerts,
        ),
        (_("Asked and promised"), [area, *_asked_headings()], asked),
        (_("Promises"), [area, *_kept_headings()], kept),
        (_("Next meeting"), [_("Agenda")], [[line] for line in _agenda(book)]),
        (about, [about], [[line] for line in (_title(book), *_notes(book, is_drill))]),
    ]
    out = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        workbook.set_properties({"title": _title(book), "created": book.at.replace(tzinfo=None)})
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, headings, rows in sheets:
            page = workbook.add_worksheet(name[:31])
            page.freeze_panes(1, 1)
            page.set_column(0, len(headings) - 1, _COLUMN)
            page.set_column(0, 0, 34)
            page.write_row(0, 0, headings, bold)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, int | float):
                        page.write_number(number, column, value)
                    elif value:
                        page.write_string(number, column, str(value))
    return out.getvalue()


def _areas(book: Book) -> list[Area]:
    """Return the areas that anybody in the book speaks of."""
    spoken = {focus for place in (book.own, *book.children) for focus in place.briefings}
    return [area for area in areas.areas() if area.focus in spoken]


def _data(book: Book, *, is_drill: bool) -> dict[str, Any]:
    told = _areas(book)
    return {
        "language": get_language() or "id",
        "title": _("MEETING BOOK"),
        "body": book.own.card.full_name,
        "subtitle": _subtitle(book),
        "overview": _("Overview"),
        "headings": [
            pgettext("place", "Area"),
            _("Stations"),
            *(str(area.short_name) for area in told),
            _("Daily report"),
        ],
        "rows": [
            [
                place.card.name,
                formats.number(place.stations),
                *(_status(place, area.focus) for area in told),
                _report(place),
            ]
            for place in book.children
        ],
        "kept_headings": [pgettext("place", "Area"), *_kept_headings()],
        "kept": [
            [place.card.name, *map(formats.number, _kept(place))]
            for place in book.children
            if place.record
        ],
        "meeting": _meeting(book),
        "has_meeting": book.meeting is not None,
        "agenda": _agenda(book),
        "asked_headings": _asked_headings(),
        "pages": [_page(place, book) for place in (book.own, *book.children)],
        "words": {
            "presses": _("What presses, and what is asked of whom"),
            "nothing": _("Nothing presses here."),
            "promises": _("Promises"),
            "asked": _("Asked and promised"),
            "agenda": _("Next meeting"),
            "no_agenda": _("The agenda is not set yet."),
            "unset": _("No area has anything set up here."),
            "page": _("Page"),
        },
        "notes": list(_notes(book, is_drill)),
    }


def _page(place: BookPlace, book: Book) -> dict[str, Any]:
    return {
        "name": place.card.full_name,
        "holder": _holder(place),
        "report": _report(place),
        "areas": [
            {
                "name": areas.focus_name(focus),
                "status": _told_status(briefing),
                "figures": [
                    [words.figure_name(f.code), words.amount(f.value, f.of, f.unit)]
                    for f in briefing.figures
                ],
            }
            for focus, briefing in place.briefings.items()
        ],
        "alerts": [_told(alert, book) for _, alert in place.alerts],
        "record": _record(place),
        "asked": [asked_row(action, book) for action in place.asked],
    }


def _asked_headings() -> list[str]:
    return [_("Asked of"), _("What"), _("Due"), _("Status")]


def _kept_headings() -> list[str]:
    return [
        pgettext("promises", "Kept"),
        pgettext("promises", "Done late"),
        pgettext("promises", "Overdue"),
        pgettext("promises", "Unanswered, not overdue"),
        pgettext("promises", "Open"),
    ]


def asked_row(action: ActionCard, book: Book) -> list[str]:
    """Return who is asked what until when, and how it stands, in words."""
    today = local_date(book.at, zone=book.election.zone.key)
    return [
        action.owner.name,
        action.text,
        # What was reported as done is not overdue any more: it has a day, and waits to be verified.
        formats.due(action.promised_date, today=today, vote_date=book.election.vote_date)
        if action.overdue or action.promised_date >= today
        else formats.day(action.promised_date, "short"),
        standing_word(action.standing),
    ]


def _kept(place: BookPlace) -> list[int]:
    """Return the actions of a place: kept in time, done late, overdue, unanswered, all open."""
    record = place.record
    if record is None:
        return [0] * 5
    return [
        record.kept,
        record.of(Standing.KEPT_LATE),
        record.of(Standing.OVERDUE),
        record.of(Standing.UNACKNOWLEDGED),
        record.open,
    ]


def _record(place: BookPlace) -> str:
    """Return the promises of a place in one line; empty where nobody was asked anything."""
    if place.record is None or not place.record.total:
        return ""
    counts = zip(_kept_headings(), map(formats.number, _kept(place)), strict=True)
    return ", ".join(f"{name.lower()} {count}" for name, count in counts)


def _meeting(book: Book) -> str:
    if book.meeting is None:
        return _("No meeting is planned.")
    zone = book.election.zone.key
    when = formats.moment(book.meeting.starts_at, zone, "full")
    return ", ".join(part for part in (book.meeting.theme, when, book.meeting.venue) if part)


def _agenda(book: Book) -> list[str]:
    """Return the points of the next meeting in their order."""
    named = [(line, f" ({line.place_name})" if line.place_name else "") for line in book.agenda]
    return [f"{line.sentence}{where} {line.delay}".rstrip() for line, where in named]


def _told(alert: Alert, book: Book) -> list[str]:
    """Return problem, due, consequence and who is asked, each in words."""
    today = local_date(book.at, zone=book.election.zone.key)
    return [
        word("ALERTS", alert.code, alert.params).rstrip(".") + ".",
        _due(alert, today=today, vote_date=book.election.vote_date),
        word("ALERTS", alert.so, alert.params) if alert.so else "",
        word("ALERTS", alert.helps, alert.params) if alert.helps else "",
    ]


def _due(alert: Alert, *, today: date, vote_date: date) -> str:
    """Return how late it is or when it is due, and by which day; empty where no day is known."""
    if alert.due_date is None:
        return ""
    text = formats.due(alert.due_date, today=today, vote_date=vote_date)
    return f"{text}, {words.due_text(alert_params(alert))}"


def _status(place: BookPlace, focus: Focus) -> str:
    briefing = place.briefings.get(focus)
    return str(STATUS_WORD[briefing.status]) if briefing else formats.NOTHING


def _told_status(briefing: Briefing) -> str:
    """Return a status, and what it does not count."""
    status = str(STATUS_WORD[briefing.status])
    return f"{status}. {why_text(Why(briefing.leaves_out))}" if briefing.leaves_out else status


def _left_out(book: Book) -> list[str]:
    """Return what the statuses of areas do not count, in a sentence for each area."""
    found = {
        focus: why_text(Why(briefing.leaves_out))
        for place in (book.own, *book.children)
        for focus, briefing in place.briefings.items()
        if briefing.leaves_out
    }
    return [f"{areas.focus_name(focus)}: {told}" for focus, told in found.items()]


def _holder(place: BookPlace) -> str:
    if place.holder is None:
        return ""
    named = (
        f"{place.holder.title}, {place.holder.name}" if place.holder.name else place.holder.title
    )
    return _("%(holder)s (candidate)") % {"holder": named} if place.holder.is_candidate else named


def _report(place: BookPlace) -> str:
    if place.report is None:
        return formats.NOTHING
    state = place.report.state
    return str(words.STATES[state]) if isinstance(state, ReportState) else _("not begun")


def _title(book: Book) -> str:
    return _("Meeting book of %(place)s") % {"place": book.own.card.full_name}


def _subtitle(book: Book) -> str:
    zone = book.election.zone.key
    label = formats.countdown(local_date(book.at, zone=zone), book.election.vote_date)
    return f"{label} · {formats.moment(book.at, zone, 'full')}"


def _notes(book: Book, is_drill: bool) -> list[str]:
    notes = [
        _subtitle(book),
        _("Every number is that of the screens at this moment. No report is never on track."),
        _("Of commission, supervisor, police and army one requests; of regents one directs."),
        *_left_out(book),
    ]
    if is_drill:
        notes.append(_("Demonstration: invented people and progress (synthetic data)."))
    return notes
