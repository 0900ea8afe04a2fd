"""Documents: the same bytes for the same data, and people's text is never markup."""

from pathlib import Path

import pytest

from serentak.platform.documents import PDF, download, pdf, printable

TEMPLATE = """#set document(date: none)
#let data = json(bytes(sys.inputs.data))
#data.text
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "plain.typ"
    path.write_text(TEMPLATE, "utf-8")
    return path


def test_the_same_data_gives_the_same_bytes(template: Path) -> None:
    first = pdf(template, {"text": "Air Sugihan", "n": 1})
    assert first.startswith(b"%PDF")
    assert first == pdf(template, {"n": 1, "text": "Air Sugihan"})
    assert first != pdf(template, {"text": "Cengal", "n": 1})


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', "#panic()", "*[", "\\", "$ x", "@a <b>"])
def test_markup_in_peoples_text_is_text(template: Path, text: str) -> None:
    assert pdf(template, {"text": text}).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Air naik ⚠️ 2 m", "Air naik [peringatan] 2 m"),
        ("Terima kasih 🙏", "Terima kasih [melipat tangan]"),
        ("Bendera 🇮🇩", "Bendera [bendera indonesia]"),
        ("© 2024 ↔ selesai ✓, 5 ≤ 7", "© 2024 ↔ selesai ✓, 5 ≤ 7"),
        ("Rp1.240.000,00 (satu juta dua ratus)", "Rp1.240.000,00 (satu juta dua ratus)"),
    ],
)
def test_a_sign_that_the_fonts_lack_is_said_in_words(text: str, drawn: str) -> None:
    assert printable(text) == drawn


def test_signs_are_said_in_the_language_of_the_document() -> None:
    assert printable("⚠️", "en") == "[warning]"


def test_a_word_of_84_letters_breaks_and_none_of_its_letters_is_lost() -> None:
    word = "Kayuagung" * 10
    drawn = printable(f"di {word[:84]} besok")
    assert max(map(len, drawn.replace("\u200b", " ").split())) <= 30
    assert drawn.replace("\u200b", "") == f"di {word[:84]} besok"
    assert printable("pertanggungjawabannya") == "pertanggungjawabannya"


def test_what_stands_deep_in_the_data_is_drawn_too(template: Path) -> None:
    nested = {"text": "x", "rows": [["🙏", 1], {"a": ("🙏", None)}]}
    said = {"text": "x", "rows": [["[melipat tangan]", 1], {"a": ["[melipat tangan]", None]}]}
    assert pdf(template, nested) == pdf(template, said)


def test_a_download_is_saved_and_not_kept_in_between() -> None:
    answer = download(b"%PDF", "laporan.pdf", PDF)
    assert answer["Content-Disposition"] == 'attachment; filename="laporan.pdf"'
    assert answer["Cache-Control"] == "no-store"
