"""A daily report as PDF, as DOCX and as a short text for the desk's chat group."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from serentak.institutions.public import HolderCard
from serentak.kernel.area import Section
from serentak.kernel.status import Status
from serentak.platform.documents import pdf
from serentak.platform.web import formats
from serentak.platform.web.vocabulary import STATUS_WORD
from serentak.reporting import words
from serentak.reporting.queries.material import ChildReport
from serentak.reporting.queries.reports import DailyPage, Part, SentenceCard
from serentak.reporting.queries.sources import rules
from serentak.reporting.rules.outline import STATUS_CODES, Code
from serentak.reporting.rules.states import ReportState

FOLDER = Path(__file__).parent
_LONG_AGO = (2020, 1, 1, 0, 0, 0)
_MARK_DATE = datetime(2020, 1, 1)  # noqa: DTZ001 -- the same in every file, so that bytes repeat


def report_pdf(page: DailyPage, holder: HolderCard | None, office: str, *, is_drill: bool) -> bytes:
    """Return the report in official form; the same bytes for the same report."""
    return pdf(FOLDER / "daily.typ", _data(page, holder, office, is_drill=is_drill))


def report_docx(
    page: DailyPage, holder: HolderCard | None, office: str, *, is_drill: bool
) -> bytes:
    """Return the report to be edited; number and signature are left to the state's own systems."""
    data = _data(page, holder, office, is_drill=is_drill)
    document = docx.Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(11)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = data["title"]
    document.core_properties.created = document.core_properties.modified = _MARK_DATE
    for line, size in ((data["body"], 14), (data["title"], 12), (data["subtitle"], 11)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(line)
        run.bold, run.font.size = size > 11, Pt(size)
    for name, value in data["facts"]:
        document.add_paragraph(f"{name}: {value}").paragraph_format.space_after = Pt(0)
    for part in data["parts"]:
        heading = document.add_paragraph()
        heading.paragraph_format.space_before = Pt(10)
        heading.paragraph_format.keep_with_next = True
        heading.add_run(part["title"]).bold = True
        if part["status"]:
            heading.add_run(f" – {part['status']}")
        for sentence in part["sentences"]:
            document.add_paragraph(sentence, style="List Bullet")
    if data["desks"]:
        table = document.add_table(rows=1, cols=2, style="Table Grid")
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = data["desk_headings"]
        for name, state in data["desks"]:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = name, state
    for line in data["signature"]:
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.left_indent = Cm(8)
        paragraph.paragraph_format.space_after = Pt(0)
    for line in data["notes"]:
        document.add_paragraph().add_run(line).font.size = Pt(8)
    out = io.BytesIO()
    document.save(out)
    return _repeatable(out.getvalue())


def _repeatable(content: bytes) -> bytes:
    """Return the archive with one fixed time for its parts, so that the bytes repeat."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(part.filename))
    return out.getvalue()


def chat_text(page: DailyPage) -> str:
    """Return a short plain text: state of each area, what presses, what comes tomorrow."""
    zone = page.election.zone.key
    label = formats.countdown(page.day, page.election.vote_date)
    due = formats.moment(page.round.due_at, zone, "long")
    lines = [f"*{words.desk_name(page.card.name)}, {label}*", due]
    if page.desks:
        silent = words.joined([desk.name for desk in page.silent], 8)
        said = _("Reported %(heard)s/%(of)s.") % {"heard": page.heard, "of": len(page.desks)}
        if silent:
            said += " " + formats.stopped(_("Missing: %(names)s") % {"names": silent})
        lines.append(said)
    areas = [part for part in page.parts if part.status is not None]
    lines += [""] if areas else []
    for number, part in enumerate(areas, 1):
        status = str(STATUS_WORD[part.status or Status.NO_REPORT]).upper()
        told = [s.text.rstrip(".") for s in part.sentences if s.code not in STATUS_CODES]
        told = [part.left_out.rstrip("."), *told] if part.left_out else told
        lines.append(f"{number}. {part.title}: {status}. {'; '.join(told)}".rstrip(". ") + ".")
    for section, most in ((Section.PROBLEMS, rules().chat_problems), (Section.TOMORROW, 3)):
        for part in page.parts:
            if part.section == section:
                lines += ["", f"{part.title}:"]
                lines += [f"- {_short(s)}" for s in part.sentences[:most]]
    lines += ["", _("In full: daily report %(label)s.") % {"label": label}]
    return "\n".join(lines)


def _short(sentence: SentenceCard) -> str:
    """Return what presses without consequence and advice, unless a person wrote the sentence."""
    if sentence.code != Code.PROBLEM or sentence.is_edited:
        return sentence.text
    return words.problem_text(sentence.params) + "."


def _data(
    page: DailyPage, holder: HolderCard | None, office: str, *, is_drill: bool
) -> dict[str, Any]:
    zone = page.election.zone.key
    label = formats.countdown(page.day, page.election.vote_date)
    report = page.report
    to = words.receiver(page.path[-1].full_name if page.path else "")
    facts = [
        (_("Day"), f"{formats.day(page.day, 'full')} ({label})"),
        (pgettext("receiver of a report", "To"), to),
    ]
    if report and report.drafted_at:
        facts.append((_("As of"), formats.moment(report.drafted_at, zone)))
    if report and report.handed_in_at:
        came = words.late_by(formats.moment(report.handed_in_at, zone), report.minutes_late)
        facts.append((_("Submitted"), came))
    facts.append((_("State"), _state(page)))
    if holder:
        facts.append((_("Responsible"), f"{holder.title}, {holder.name}"))
    return {
        "language": get_language() or "id",
        "body": words.desk_name(page.card.name).upper(),
        "title": _("DAILY REPORT"),
        "subtitle": page.election.name,
        "facts": facts,
        "parts": [_part(number, part) for number, part in enumerate(page.parts, 1)],
        "desk_headings": (_("Desk"), _("Report")),
        "desks": [(desk.name, _desk_state(desk, page.day, zone)) for desk in page.desks],
        "signature": list(_signature(page, office)),
        "notes": list(_notes(is_drill)),
        "draft": "" if report and report.state in _SENT else _("DRAFT"),
        "page": _("Page"),
    }


_SENT = frozenset({ReportState.SUBMITTED, ReportState.ACCEPTED})


def _part(number: int, part: Part) -> dict[str, Any]:
    return {
        "title": f"{number}. {part.title}",
        "status": str(STATUS_WORD[part.status]) if part.status else "",
        "sentences": [
            *([part.left_out] if part.left_out else ()),
            *(s.text for s in part.sentences if s.code != Code.AREA_STATUS),
        ],
    }


def _state(page: DailyPage) -> str:
    report = page.report
    if report is None:
        return _("not begun")
    text = str(words.STATES[report.state])
    if report.accepted_at is None:
        return text
    return f"{text}, {formats.moment(report.accepted_at, page.election.zone.key)}"


def _desk_state(desk: ChildReport, day: date, zone: str) -> str:
    text = words.desk_state(desk.state)
    came = words.came(desk.handed_in_at, desk.minutes_late, day=day, zone=zone)
    return f"{text}, {came}" if came else text


def _signature(page: DailyPage, office: str) -> Iterable[str]:
    """Yield office and name; the signature itself belongs to the state's own systems.

    Who leads the desk signs under the own office, anybody else on behalf of it with their role
    below, as the rules of official correspondence have it (BKN 16/2020 art. 241-243).
    """
    report = page.report
    office = office or _("Head of the %(desk)s") % {"desk": words.desk_name(page.card.name)}
    signer = report.signed_off_by if report and report.state in _SENT else ""
    if report is None or not signer or report.is_by_head:
        yield f"{office},"
    else:
        yield _("on behalf of the %(office)s") % {"office": office}
        yield f"{report.signed_role or words.desk_name(page.card.name)},"
    yield ""
    yield ""
    if signer:
        yield signer


def _notes(is_drill: bool) -> Iterable[str]:
    yield _(
        "How things stand where a desk has not reported is unknown and not counted as on track."
    )
    if is_drill:
        yield _("Demonstration: invented people and progress (synthetic data).")


def file_stem(page: DailyPage) -> str:
    """Return how a report's files are called."""
    stem = f"laporan-harian-{page.card.code}-{page.day.isoformat()}"
    stem += f"-{page.round.number}" if page.round.number > 1 else ""
    return re.sub(r"[^\w.-]", "-", stem)
