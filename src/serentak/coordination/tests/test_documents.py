"""Letters on paper: the right form and words, number and signature blank, markup harmless."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document

from serentak.coordination.documents import file_name, letter_docx, letter_pdf, sheet
from serentak.coordination.queries.letters import LetterCard
from serentak.coordination.rules.letters import Draft, LetterForm
from serentak.coordination.rules.states import LetterState
from serentak.kernel.codes import PlaceCode

LETTER = LetterCard(
    id=7,
    action_id=1,
    place=PlaceCode("16.02"),
    verb="DIRECTIVE",
    level=0,
    ground="",
    form=LetterForm.CORRESPONDENCE,
    title="",
    basis=(),
    sender_title="Pj. Gubernur Sumatera Selatan",
    sender_name="Hendra Wiralaga",
    recipient_title="Pj. Bupati Ogan Komering Ilir",
    recipient_name="Rustam Selincah",
    recipient_is_candidate=False,
    recipient_at="Kayu Agung",
    city="Palembang",
    draft=Draft(
        "Arahan: kontrak #perahu *kilat*",
        "Berdasarkan hasil rapat:",
        ("Satu $x$ = 1", "Dua <b>"),
        "Demikian.",
        ("Menteri Dalam Negeri di Jakarta",),
    ),
    state=LetterState.DRAFT,
    drafted_at=datetime(2024, 10, 28, 3, tzinfo=UTC),
    number="",
    letter_date=None,
    version=1,
)


def lines(letter: LetterCard) -> list[str]:
    return [p.text for p in Document(BytesIO(letter_docx(letter))).paragraphs if p.text]


def test_a_draft_in_correspondence_form_is_ready_to_be_signed() -> None:
    assert lines(LETTER) == [
        "GUBERNUR SUMATERA SELATAN",
        "Palembang, …… Oktober 2024",
        "Nomor\t: ………………",
        "Sifat\t: Segera",
        "Lampiran\t: –",
        "Hal\t: Arahan: kontrak #perahu *kilat*",
        "Yth. Pj. Bupati Ogan Komering Ilir",
        "di Kayu Agung",
        "Berdasarkan hasil rapat:",
        "1. Satu $x$ = 1",
        "2. Dua <b>",
        "Demikian.",
        "Pj. GUBERNUR SUMATERA SELATAN,",
        "Hendra Wiralaga",
        "Tembusan:",
        "Menteri Dalam Negeri di Jakarta",
    ]


def test_what_is_not_stored_or_was_put_away_bears_the_mark_of_a_draft() -> None:
    assert lines(replace(LETTER, id=0))[0] == "KONSEP"
    assert lines(replace(LETTER, state=LetterState.DISCARDED))[0] == "KONSEP"
    assert sheet(LETTER)["mark"] == "KONSEP"


def test_a_title_block_has_no_subject_line_and_names_what_it_is_about() -> None:
    block = replace(
        LETTER,
        form=LetterForm.CIRCULAR,
        title="SURAT EDARAN",
        state=LetterState.SENT,
        number="200.2/7/2024",
        letter_date=date(2024, 11, 27),
    )
    text = lines(block)
    assert text[1:7] == [
        "Yth. Pj. Bupati Ogan Komering Ilir",
        "di Kayu Agung",
        "SURAT EDARAN",
        "NOMOR 200.2/7/2024",
        "TENTANG",
        LETTER.draft.subject.upper(),
    ]
    assert text[text.index("Ditetapkan di Palembang") + 1] == "pada tanggal 27 November 2024"
    assert not [line for line in text if line.startswith("Hal")]
    assert "KONSEP" not in text


@pytest.mark.parametrize("form", LetterForm)
def test_the_pdf_takes_peoples_words_as_they_are(form: LetterForm) -> None:
    made = letter_pdf(replace(LETTER, form=form, title="SURAT PERINTAH"))
    assert made.startswith(b"%PDF")
    assert made == letter_pdf(replace(LETTER, form=form, title="SURAT PERINTAH"))


def test_an_order_says_on_what_it_rests_to_whom_and_what_for() -> None:
    order = replace(LETTER, form=LetterForm.ORDER, title="SURAT PERINTAH", basis=("UU 23/2014",))
    text = lines(order)
    assert text[1:7] == [
        "SURAT PERINTAH",
        "NOMOR ………………",
        "Menimbang\t: Berdasarkan hasil rapat:;",
        "Dasar\t: UU 23/2014.",
        "MEMERINTAHKAN:",
        "Kepada\t: Pj. Bupati Ogan Komering Ilir",
    ]
    assert "Dikeluarkan di Palembang" in text


def test_a_file_name_is_plain() -> None:
    assert file_name(LETTER) == "arahan-kontrak-perahu-kilat-7"
