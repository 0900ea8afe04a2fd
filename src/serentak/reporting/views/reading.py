"""Reads a report or the book, on the screen and to take away."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.contents import XLSX
from serentak.platform.documents import DOCX, PDF, download
from serentak.reporting import actions, documents, words
from serentak.reporting.permissions import VIEW_DAILY_REPORT
from serentak.reporting.queries.book import book as meeting_book
from serentak.reporting.queries.reports import past_reports

from .page import read, read_day, show


@requires(VIEW_DAILY_REPORT)
def daily(request: HttpRequest, place: PlaceCode, day: str = "") -> HttpResponse:
    """Show a report of a day (without: today's), with one sentence open to edit where asked."""
    return show(request, place, read_day(day))


@requires(VIEW_DAILY_REPORT)
def past(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """List the reports of a place, newest first."""
    viewer = viewer_of(request)
    page = read(request, place, None)
    zone = page.election.zone.key
    context = {
        "page": page,
        "reports": [
            (
                report,
                words.STATES[report.state],
                words.STATE_STATUS[report.state],
                words.came(report.handed_in_at, report.minutes_late, day=report.day, zone=zone),
                words.correction_count(report.corrected) if report.corrected else "",
            )
            for report in past_reports(place, viewer=viewer)
        ],
    }
    return render(request, "reporting/past.html", context)


@requires(VIEW_DAILY_REPORT)
def download_report(request: HttpRequest, place: PlaceCode, day: str, kind: str) -> HttpResponse:
    """Give a report as PDF, as DOCX or as the chat group's text."""
    page = read(request, place, read_day(day))
    if page.report is None:
        raise Http404
    name = f"{documents.file_stem(page)}.{kind}"
    if kind == "txt":
        answer = HttpResponse(
            documents.chat_text(page, is_drill=bool(clock.state().scene)),
            content_type="text/plain; charset=utf-8",
        )
        answer["Cache-Control"] = "no-store"
        return answer
    signed_at = page.report.submitted_at or clock.now()
    holder = institutions.holder_of([place], at=signed_at).get(place)
    office = _office(place)
    is_drill = bool(clock.state().scene)
    if kind == "pdf":
        return download(documents.report_pdf(page, holder, office, is_drill=is_drill), name, PDF)
    if kind == "docx":
        return download(documents.report_docx(page, holder, office, is_drill=is_drill), name, DOCX)
    raise Http404


@requires(VIEW_DAILY_REPORT)
def book(request: HttpRequest, place: PlaceCode, kind: str) -> HttpResponse:
    """Give the meeting book of a province or regency as PDF or workbook."""
    if kind not in ("pdf", "xlsx"):
        raise Http404
    try:
        found = meeting_book(place, viewer=viewer_of(request), at=clock.now())
    except Refused as refused:  # there is no election, and so no meeting to prepare
        raise Http404 from refused
    is_drill = bool(clock.state().scene)
    name = f"buku-rapat-{place}-{clock.local_date(found.at).isoformat()}.{kind}"
    if kind == "pdf":
        return download(documents.book_pdf(found, is_drill=is_drill), name, PDF)
    return download(documents.book_sheets(found, is_drill=is_drill), name, XLSX)


def _office(place: PlaceCode) -> str:
    """Return how the head of a place's desk is called; a district's is its camat."""
    desks = institutions.institutions_by(kinds=actions.DESKS, places=[place])
    return next((institutions.office_title(desk.id) for desk in desks.values()), "")
