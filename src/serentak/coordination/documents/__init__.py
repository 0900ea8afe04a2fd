"""Letters on paper: an editable DOCX and a PDF, both from the same card.

Number, date and signature of a draft stay blank; nothing here draws a signature or a stamp.
"""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.dates import format_date
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from serentak.coordination.queries.letters import LetterCard
from serentak.coordination.rules.letters import LetterForm
from serentak.coordination.rules.states import LetterState
from serentak.platform.documents import pdf

TEMPLATE = Path(__file__).parent / "letter.typ"
DRAFT = "KONSEP"
BLANK_NUMBER = "………………"


def letter_pdf(letter: LetterCard) -> bytes:
    """Return the letter as PDF. People's words reach Typst as data, never as markup."""
    return pdf(TEMPLATE, _data(letter))


def letter_docx(letter: LetterCard) -> bytes:
    """Return the letter as an editable document, with the same words in the same order."""
    data = _data(letter)
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(33)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(11)
    style.paragraph_format.space_after = Pt(4)

    def line(
        text: str = "",
        align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
        *,
        bold: bool = False,
        indent: float = 0,
    ) -> None:
        paragraph = document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.left_indent = Cm(indent)
        paragraph.add_run(text).bold = bold

    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    if data["mark"]:
        line(data["mark"], right, bold=True)
    line(data["head"], centre, bold=True)
    line()
    if data["is_block"]:
        line(data["title"], centre, bold=True)
        line(f"NOMOR {data['number']}", centre)
        line()
        line("TENTANG", centre)
        line(data["subject"], centre, bold=True)
        line()
    else:
        line(f"{data['city']}, {data['date']}", right)
        for label, value in data["fields"]:
            line(f"{label}\t: {value}")
        line()
        line(f"Yth. {data['to']}")
        if data["at"]:
            line(f"di {data['at']}")
        line()
    line(data["opening"])
    for number, point in enumerate(data["points"], 1):
        line(f"{number}. {point}", indent=0.75)
    if data["closing"]:
        line(data["closing"])
    line()
    if data["is_block"]:
        line(f"Kepada: {data['to']}")
        line(f"{data['city']}, {data['date']}", indent=9)
    line(f"{data['signer']},", indent=9)
    for _ in range(3):
        line()
    line(data["signer_name"], indent=9)
    if data["copies"]:
        line("Tembusan:")
        for number, copy in enumerate(data["copies"], 1):
            line(f"{number}. {copy}", indent=0.75)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def file_name(letter: LetterCard) -> str:
    """Return a name for the file: `arahan-12` for the letter's subject and number here."""
    words = re.findall(r"\w+", letter.draft.subject.casefold())[:6]
    return "-".join([*words, str(letter.id)])


def _data(letter: LetterCard) -> dict[str, Any]:
    day = letter.letter_date
    month = format_date(letter.drafted_at.date(), "MMMM y", locale="id")
    number = letter.number or BLANK_NUMBER
    return {
        "is_block": letter.form is LetterForm.TITLE_BLOCK,
        "mark": "" if letter.state is LetterState.SENT else DRAFT,
        "head": _office(letter.sender_title).upper(),
        "title": letter.title,
        "number": number,
        "city": letter.city or "………………",
        "date": format_date(day, "d MMMM y", locale="id") if day else f"…… {month}",
        "fields": [
            ["Nomor", number],
            ["Sifat", "………………"],
            ["Lampiran", "………………"],
            ["Hal", letter.draft.subject],
        ],
        "subject": letter.draft.subject.upper(),
        "to": letter.recipient_title,
        "at": letter.recipient_at,
        "opening": letter.draft.opening,
        "points": list(letter.draft.points),
        "closing": letter.draft.closing,
        "signer": letter.sender_title,
        "signer_name": letter.sender_name,
        "copies": list(letter.draft.copies),
    }


def _office(title: str) -> str:
    """Return the office for the letterhead, without the status of its holder."""
    return re.sub(r"^(Pj|Pjs|Plt|Plh)\. ", "", title)
