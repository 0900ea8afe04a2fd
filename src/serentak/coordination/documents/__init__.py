"""Letters on paper: an editable DOCX and a PDF, both from the same card.

Number, date and signature of a draft stay blank for who numbers and signs it; nothing here draws a
signature or a stamp.
"""

import re
from collections.abc import Callable, Sequence
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
    return pdf(TEMPLATE, on_paper(letter))


def letter_docx(letter: LetterCard) -> bytes:
    """Return the letter as an editable document, with the same words in the same order."""
    data = on_paper(letter)
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(12)
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
    if data["form"] == LetterForm.CIRCULAR:
        _address(data, line)
    if data["title"]:
        line(data["title"], centre, bold=True)
        if data["form"] != LetterForm.NOTE:
            line(f"NOMOR {data['number']}", centre)
        line()
    if data["form"] == LetterForm.CIRCULAR:
        line("TENTANG", centre)
        line(data["subject"], centre, bold=True)
        line()
    elif data["form"] == LetterForm.NOTE:
        for label, value in data["fields"]:
            line(f"{label}\t: {value}")
        line()
    elif data["form"] == LetterForm.CORRESPONDENCE:
        line(f"{data['city']}, {data['date']}", right)
        for label, value in data["fields"]:
            line(f"{label}\t: {value}")
        line()
        _address(data, line)
    if data["form"] == LetterForm.ORDER:
        line(f"Menimbang\t: {data['opening']};")
        for number, law in enumerate(data["basis"], 1):
            line(f"{'Dasar' if number == 1 else ''}\t: {_numbered(number, law, data['basis'])}.")
        line()
        line("MEMERINTAHKAN:", centre, bold=True)
        line(f"Kepada\t: {data['to']}")
        line("Untuk\t:")
    else:
        line(data["opening"])
    for number, point in enumerate(data["points"], 1):
        line(_numbered(number, point, data["points"]), indent=0.75)
    if data["closing"]:
        line(data["closing"])
    line()
    if data["issued"]:
        line(f"{data['issued']} di {data['city']}", indent=9)
        line(f"pada tanggal {data['date']}", indent=9)
    line(f"{data['signer']},", indent=9)
    for _ in range(3):
        line()
    line(data["signer_name"], indent=9)
    if data["copies"]:
        line("Tembusan:")
        for number, copy in enumerate(data["copies"], 1):
            line(_numbered(number, copy, data["copies"]), indent=0.75)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _address(data: dict[str, Any], line: Callable[..., None]) -> None:
    line(f"Yth. {data['to']}")
    if data["at"]:
        line(f"di {data['at']}")
    line()


def _numbered(number: int, text: str, among: Sequence[str]) -> str:
    """Return a point with its number; one alone has none."""
    return f"{number}. {text}" if len(among) > 1 else text


def file_name(letter: LetterCard) -> str:
    """Return a name for the file: `arahan-12` for the letter's subject and number here."""
    words = re.findall(r"\w+", letter.draft.subject.casefold())[:6]
    return "-".join([*words, str(letter.id)])


def on_paper(letter: LetterCard) -> dict[str, Any]:
    """Return what stands on a letter as a document.

    The document of a stored draft is what is numbered and signed, so it bears no mark of a draft;
    a look at words that are not stored yet does, and so does the page.
    """
    return sheet(letter) | (
        {"mark": ""} if letter.id and letter.state is not LetterState.DISCARDED else {}
    )


def sheet(letter: LetterCard) -> dict[str, Any]:
    """Return everything that stands on a letter, for the page to read and both documents."""
    day = letter.letter_date
    month = format_date(letter.drafted_at.date(), "MMMM y", locale="id")
    number = letter.number or BLANK_NUMBER
    dated = format_date(day, "d MMMM y", locale="id") if day else f"…… {month}"
    within = [["Yth.", letter.recipient_title], ["Dari", letter.sender_title], ["Tanggal", dated]]
    return {
        "form": letter.form.value,
        "mark": "" if letter.state is LetterState.SENT else DRAFT,
        "head": _office(letter.sender_title).upper(),
        "title": letter.title,
        "issued": _ISSUED.get(letter.form, ""),
        "number": number,
        "city": letter.city or "………………",
        "date": dated,
        "fields": [
            *(within if letter.form is LetterForm.NOTE else []),
            ["Nomor", number],
            ["Sifat", letter.draft.nature],
            ["Lampiran", letter.draft.enclosures],
            ["Hal", letter.draft.subject],
        ],
        "subject": letter.draft.subject.upper(),
        "to": letter.recipient_title,
        "at": letter.recipient_at,
        "opening": letter.draft.opening,
        "points": list(letter.draft.points),
        "closing": letter.draft.closing,
        "basis": list(letter.basis),
        "signer": _in_capitals(letter.sender_title),
        "signer_name": letter.sender_name,
        "copies": list(letter.draft.copies),
    }


_ISSUED = {LetterForm.CIRCULAR: "Ditetapkan", LetterForm.ORDER: "Dikeluarkan"}
"""What stands before place and day under what is issued rather than sent."""


def _in_capitals(title: str) -> str:
    """Return who signs as a letter writes it: `Pj. GUBERNUR SUMATERA SELATAN`."""
    office = _office(title)
    return title.removesuffix(office) + office.upper()


def _office(title: str) -> str:
    """Return the office for the letterhead, without the status of its holder."""
    return re.sub(r"^(Pj|Pjs|Plt|Plh)\. ", "", title)
