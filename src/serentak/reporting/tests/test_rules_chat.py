"""A desk's own text as tables: how its pieces are filled in, and what it may not be."""

import pytest

from serentak.reporting.rules.chat import LONGEST, STANDARD, Piece, faults_of, fill

OWN = "Yth. Bapak Bupati, izin melaporkan.\n{judul}\n{keadaan}\n\n{bidang}\n{ralat}\nTerima kasih."


def pieces(**filled: str) -> dict[Piece, str]:
    return {piece: filled.get(piece.name, "") for piece in Piece}


@pytest.mark.parametrize(
    ("template", "filled", "expected"),
    [
        ("{judul}", {"HEADING": "*Desk*"}, "*Desk*"),
        # A line that names only empty pieces goes, one with a filled piece stays.
        ("Halo\n{ralat}\n{judul} {ralat}", {"HEADING": "*Desk*"}, "Halo\n*Desk* "),
        ("a\n\nb", {}, "a\n\nb"),
        ("{besok}", {"TOMORROW": "Besok:\n- Kirim {judul}"}, "Besok:\n- Kirim {judul}"),
        (STANDARD, {"HEADING": "a", "AREAS": "b\nc", "SOURCE": "d"}, "a\nb\nc\nd"),
    ],
)
def test_a_text_is_filled_in(template: str, filled: dict[str, str], expected: str) -> None:
    assert fill(template, pieces(**filled)) == expected


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        (STANDARD, []),
        (STANDARD + "x" * (LONGEST - len(STANDARD)), []),
        (OWN, []),
        ("{judul} {bidang}", ["chat_piece_is_missing"]),
        (f"{STANDARD} {{nama}}", ["chat_piece_is_unknown"]),
        ("", ["chat_piece_is_missing"]),
        ("{}", ["chat_piece_is_unknown", "chat_piece_is_missing"]),
        (STANDARD + "x" * LONGEST, ["platform.text_is_too_long"]),
    ],
)
def test_what_a_text_may_not_be(template: str, codes: list[str]) -> None:
    assert [fault.code for fault in faults_of(template)] == [
        code if "." in code else f"reporting.{code}" for code in codes
    ]


def test_what_is_wrong_with_a_text_is_told_by_name() -> None:
    said = {
        fault.code: dict(fault.params)
        for fault in faults_of("{nama} {judul} {hari}" + "x" * LONGEST)
    }
    assert said == {
        "platform.text_is_too_long": {"most": LONGEST, "length": LONGEST + 21},
        "reporting.chat_piece_is_unknown": {"names": "{nama}, {hari}"},
        "reporting.chat_piece_is_missing": {"names": "{bidang}, {ralat}"},
    }
    assert {fault.field for fault in faults_of("{nama}" + "x" * LONGEST)} == {"text"}
