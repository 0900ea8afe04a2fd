"""A daily report as PDF, as DOCX and as a short text for the desk's chat group."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from serentak.coordination import public as coordination
from serentak.institutions.public import HolderCard
from serentak.kernel.area import Section
from serentak.kernel.codes import Level
from serentak.kernel.status import Status
from serentak.platform.documents import pdf
from serentak.platform.web import formats
from serentak.platform.web.vocabulary import STATUS_WORD
from serentak.reporting import words
from serentak.reporting.queries.corrections import CorrectionCard
from serentak.reporting.queries.material import ChildReport
from serentak.reporting.queries.reports import DailyPage, Part, SentenceCard
from serentak.reporting.queries.sources import chat_template, rules
from serentak.reporting.rules import chat
from serentak.reporting.rules.chat import Piece
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
    heads = [(line, 13) for line in data["heads"]]
    for line, size in (*heads, (data["title"], 12), (data["subtitle"], 11)):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(2)
        run = paragraph.add_run(line)
        run.bold, run.font.size = size > 11, Pt(size)
    for name, value in data["facts"]:
        paragraph = document.add_paragraph(f"{name}\t: {value}" if name else f"\t  {value}")
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(4))
    if data["decides"]:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.add_run(data["decides_title"]).bold = True
        paragraph.add_run(f" {data['decides']}")
    for part in data["parts"]:
        heading = document.add_paragraph()
        heading.paragraph_format.space_before = Pt(10)
        heading.paragraph_format.keep_with_next = True
        heading.add_run(part["title"]).bold = True
        if part["status"]:
            heading.add_run(f" – {part['status']}")
        for sentence in part["sentences"]:
            document.add_paragraph(sentence, style="List Bullet")
    if data["corrections"]:
        heading = document.add_paragraph()
        heading.paragraph_format.space_before = Pt(10)
        heading.paragraph_format.keep_with_next = True
        heading.add_run(data["corrections_title"]).bold = True
        for line in data["corrections"]:
            document.add_paragraph(line, style="List Number")
    for line in data["signature"]:
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.left_indent = Cm(8)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = True
    if data["desks"]:
        document.add_paragraph().add_run(data["desks_title"]).bold = True
        table = document.add_table(rows=1, cols=2, style="Table Grid")
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = data["desk_headings"]
        for name, state in data["desks"]:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = name, state
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


def chat_text(page: DailyPage, *, is_drill: bool) -> str:
    """Return a short plain text as the desk keeps it, else in the house's order.

    It tells who has reported, each area, what presses, what comes tomorrow; areas and problems
    stand with the worst first, and the hour is that of the data.
    """
    return chat.fill(chat_template(page.card.code).text, _chat_pieces(page, is_drill=is_drill))


def _chat_pieces(page: DailyPage, *, is_drill: bool) -> Mapping[Piece, str]:
    zone = page.election.zone.key
    label = formats.countdown(page.day, page.election.vote_date)
    invented = _("(invented data)")
    heading = f"{words.desk_name(page.card.full_name)}, {label}"
    if page.corrections:
        heading = _("CORRECTED: %(heading)s") % {"heading": heading}
    elif page.report is None or page.report.state not in _SENT:
        heading = _("DRAFT, not signed: %(heading)s") % {"heading": heading}
    said = {"day": formats.day(page.day, "full"), "hour": _data_hour(page, zone)}
    desks = ""
    if page.desks:
        counts = {"heard": formats.number(page.heard), "of": formats.number(len(page.desks))}
        desks = _("Daily reports in: %(heard)s of %(of)s desks.") % counts
        if silent := words.joined([desk.name for desk in page.silent], 8):
            desks += " " + formats.stopped(_("Missing: %(names)s") % {"names": silent})
    areas = sorted(
        (part for part in page.parts if part.status is not None),
        key=lambda part: words.WORST_FIRST.index(part.status or Status.NO_REPORT),
    )
    told_areas = []
    for number, part in enumerate(areas, 1):
        status = str(STATUS_WORD[part.status or Status.NO_REPORT]).upper()
        figures = [s.text for s in part.sentences if s.code == Code.FIGURE]
        deeds = [s.text for s in part.sentences if s.code not in (*STATUS_CODES, Code.FIGURE)]
        left_out = [part.left_out] if part.left_out else []
        told = [*left_out, *figures[:_CHAT_FIGURES], *deeds]
        told_areas.append(" ".join((f"{number}. {part.title}: {status}.", *told)))

    def shortly(section: Section, most: int) -> list[str]:
        return [_short(sentence) for sentence in _sentences(page, section)[:most]]

    problems = shortly(Section.PROBLEMS, rules().chat_problems)
    corrections = [_correction(c, page, in_short=True) for c in page.corrections]
    return {
        Piece.HEADING: f"*{heading}* {invented}" if is_drill else f"*{heading}*",
        Piece.MOMENT: _("%(day)s, data of %(hour)s") % said,
        Piece.DESKS: desks,
        Piece.AREAS: "\n".join(told_areas),
        Piece.PROBLEMS: _listed(_("Needs action:"), problems),
        Piece.TOMORROW: _listed(_("Tomorrow:"), shortly(Section.TOMORROW, _CHAT_TOMORROW)),
        Piece.CORRECTIONS: _listed(_("Corrections:"), corrections),
        Piece.SOURCE: _("In full: daily report %(label)s.") % {"label": label},
    }


def _listed(title: str, points: Sequence[str]) -> str:
    return "\n".join([title, *(f"- {text}" for text in points)]) if points else ""


_CHAT_FIGURES = 2
_CHAT_TOMORROW = 3
"""How many figures of an area and how many points of tomorrow a short text holds."""


def _data_hour(page: DailyPage, zone: str) -> str:
    """Return when the data were drawn, with the day where that is another one."""
    at = (page.report and page.report.drafted_at) or page.round.due_at
    there = formats.local(at, zone)
    return f"{words.time_on(at, page.day, zone)} {there.tzname()}"


def _sentences(page: DailyPage, section: Section) -> list[SentenceCard]:
    return [s for part in page.parts if part.section == section for s in part.sentences]


def _short(sentence: SentenceCard) -> str:
    """Return what presses, who acts and by when, unless a person wrote the sentence."""
    if sentence.code != Code.PROBLEM or sentence.is_edited:
        return sentence.text
    return words.short_problem(sentence.params)


def _data(
    page: DailyPage, holder: HolderCard | None, office: str, *, is_drill: bool
) -> dict[str, Any]:
    zone = page.election.zone.key
    label = formats.countdown(page.day, page.election.vote_date)
    report = page.report
    to, *through = words.address(page.path[-1].full_name if page.path else "")
    facts = [
        (_("Number"), _BLANK_NUMBER),
        (_("Day and date"), f"{formats.day(page.day, 'full')} ({label})"),
    ]
    if report and report.drafted_at:
        facts.append((_("Data as of"), _("%(hour)s o'clock") % {"hour": _data_hour(page, zone)}))
    facts.append((pgettext("receiver of a report", "To"), to))
    facts += [("", line) for line in through]
    if report and report.handed_in_at:
        came = words.late_by(
            formats.moment(report.handed_in_at, zone, "paper"), report.minutes_late
        )
        facts.append((_("Submitted"), came))
    facts.append((pgettext("of a daily report", "State"), _state(page)))
    if page.corrections:
        last = formats.moment(max(c.corrected_at for c in page.corrections), zone)
        told = _("%(count)s, the last %(moment)s; see below")
        count = words.correction_count(len(page.corrections))
        facts.append((_("Corrected"), told % {"count": count, "moment": last}))
    if holder:
        facts.append((_("Responsible"), f"{holder.title}, {holder.name}"))
    problems = _sentences(page, Section.PROBLEMS)
    invented = _("(INVENTED DATA)")
    return {
        "language": get_language() or "id",
        "heads": _heads(page),
        "title": _("DAILY REPORT"),
        "subtitle": f"{page.election.name} {invented}" if is_drill else page.election.name,
        "facts": facts,
        "decides_title": _("What decides today:"),
        "decides": _short(problems[0]) if problems else "",
        "parts": [_part(number, part) for number, part in enumerate(page.parts, 1)],
        "desks_title": _("Annex: reports of the desks below"),
        "desk_headings": (_("Desk"), _("Report")),
        "desks": [(desk.name, _desk_state(desk, page.day, zone)) for desk in page.desks],
        "corrections_title": _("CORRECTIONS OF THIS REPORT"),
        "corrections": [_correction(c, page) for c in page.corrections],
        "signature": list(_signature(page, office)),
        "notes": list(_notes(is_drill)),
        "draft": "" if report and report.state in _SENT else _("DRAFT"),
        "page": _("Page"),
    }


_BLANK_NUMBER = "………………"
"""The number is given by the state's own systems."""


def _heads(page: DailyPage) -> list[str]:
    """Return the lines of the letterhead: whose desk it is."""
    place = page.card.full_name
    if page.card.level == Level.DISTRICT:
        return [place.upper(), _("ELECTION DESK")]
    return [(_("Government of %(place)s") % {"place": place}).upper(), _("ELECTION DESK")]


_SENT = frozenset({ReportState.SUBMITTED, ReportState.ACCEPTED})


def _part(number: int, part: Part) -> dict[str, Any]:
    return {
        "title": f"{number}. {part.title}",
        "status": str(STATUS_WORD[part.status]) if part.status else "",
        "sentences": [
            *([part.left_out] if part.left_out else ()),
            *(_sentence(s) for s in part.sentences if s.code != Code.AREA_STATUS),
        ],
    }


def _sentence(sentence: SentenceCard) -> str:
    """Return a sentence as it was signed, with what it should have been beside it."""
    if not sentence.corrections:
        return sentence.text
    number = sentence.corrections[-1].number
    told = {"signed": sentence.signed, "name": words.correction_name(number), "now": sentence.text}
    return _("%(signed)s [%(name)s, should have been: %(now)s]") % told


def _correction(card: CorrectionCard, page: DailyPage, *, in_short: bool = False) -> str:
    """Return a correction in full, or without the reason and who issued it."""
    told = {
        "name": words.correction_name(card.number),
        "written": card.written,
        "now": card.meant,
        "reason": formats.stopped(card.reason),
        "moment": formats.moment(card.corrected_at, page.election.zone.key),
        "by": ", ".join(filter(None, (card.by, card.role))),
    }
    text = _("%(name)s. Written: “%(written)s” Should have been: “%(now)s”") % told
    if not in_short:
        text += " " + _("Reason: %(reason)s %(moment)s, %(by)s.") % told
        if not card.holds:
            text += " " + _("Taken into the report when it was returned.")
    return text


def _state(page: DailyPage) -> str:
    report = page.report
    if report is None:
        return _("not begun")
    text = str(words.STATES[report.state])
    if report.accepted_at is None:
        return text
    return f"{text}, {formats.moment(report.accepted_at, page.election.zone.key, 'long')}"


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
    office = office or _("Head of the %(desk)s") % {"desk": words.desk_name(page.card.full_name)}
    city = coordination.city_of(page.card.code)
    day = formats.day(page.day, "paper")
    yield f"{city}, {day}" if city else day
    signer = report.signed_off_by if report and report.state in _SENT else ""
    if report is None or not signer or report.is_by_head:
        yield f"{office},"
    else:
        yield _("on behalf of the %(office)s") % {"office": office}
        yield f"{report.signed_role or words.desk_name(page.card.full_name)},"
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
