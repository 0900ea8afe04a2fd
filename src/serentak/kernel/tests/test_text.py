"""What is left of text that came from anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.text import clean, one_line


@pytest.mark.parametrize(
    ("written", "kept", "line"),
    [
        ("Rapat\x00 koordinasi", "Rapat koordinasi", "Rapat koordinasi"),
        ("SE \u202e4202/7", "SE 4202/7", "SE 4202/7"),
        ("satu\r\ndua\rtiga\u2028empat\x85lima", "satu\ndua\ntiga\nempat\nlima", None),
        (" a\tb \n c ", " a\tb \n c ", "a b c"),
        ("e\u0301", "é", "é"),
        ("\ufeffkode", "kode", "kode"),
        ("👩\u200d⚕️ Puskesmas", "👩\u200d⚕️ Puskesmas", "👩\u200d⚕️ Puskesmas"),
        ("\ud800x", "x", "x"),
        ("", "", ""),
    ],
)
def test_text_is_cleaned(written: str, kept: str, line: str | None) -> None:
    assert clean(written) == kept
    if line is not None:
        assert one_line(written) == line


@given(st.text())
def test_what_is_clean_stays_as_it_is_and_can_be_stored(text: str) -> None:
    for found in (clean(text), one_line(text)):
        assert "\x00" not in found
        assert found.encode() is not None
    assert clean(clean(text)) == clean(text)
    assert one_line(one_line(text)) == one_line(text)
    assert len(one_line(text).splitlines()) <= 1
