"""Documents: the same bytes for the same data, and people's text is never markup."""

from pathlib import Path

import pytest

from serentak.platform.documents import PDF, download, pdf

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


def test_a_download_is_saved_and_not_kept_in_between() -> None:
    answer = download(b"%PDF", "laporan.pdf", PDF)
    assert answer["Content-Disposition"] == 'attachment; filename="laporan.pdf"'
    assert answer["Cache-Control"] == "no-store"
