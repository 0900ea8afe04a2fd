"""The first sentence in both languages: numbers, who is named, plurals, days."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from serentak.desk import words
from serentak.desk.rules import standings
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status

DONE, OK, RISK, LATE, MUTE = Status
TODAY, VOTE = date(2024, 10, 28), date(2024, 11, 27)


@pytest.mark.parametrize(
    ("found", "are_places", "english", "indonesian"),
    [
        ({}, True, "", ""),
        ({"A": [MUTE]}, True, "", ""),
        ({"A": [OK]}, True, "Of 1 place: 1 on track.", "Dari 1 wilayah: 1 lancar."),
        (
            {"A": [OK], "B": [LATE], "C": [RISK, DONE], "D": [DONE], "E": []},
            True,
            "Of 5 places: 1 late (B), 1 at risk, 1 on track, 1 done, 1 not set up.",
            "Dari 5 wilayah: 1 terlambat (B), 1 berisiko, 1 lancar, 1 selesai, 1 belum disiapkan.",
        ),
        (
            {n: [LATE] for n in "ABCD"},
            False,
            "Of 4 areas: 4 late.",
            "Dari 4 bidang: 4 terlambat.",
        ),
    ],
)
def test_how_many_stand_how(
    found: dict[str, list[Status]], are_places: bool, english: str, indonesian: str
) -> None:
    for language, text in (("en", english), ("id", indonesian)):
        with translation.override(language):
            told = standings(found, silent_days={})
            assert words.standing_text(told, are_places=are_places) == text


@pytest.mark.parametrize(
    ("silent", "days", "english", "indonesian"),
    [
        ("", {}, "", ""),
        ("A", {}, "No report: A.", "Belum melapor: A."),
        (
            "AB",
            {"A": 1, "B": 10},
            "No report: B (10 days), A (1 day).",
            "Belum melapor: B (10 hari), A (1 hari).",
        ),
        (
            "ABCD",
            {"C": 7},
            "No report from 4 of 4 in one area or more, for longest from C (7 days).",
            "4 dari 4 belum melapor pada satu bidang atau lebih, terlama C (7 hari).",
        ),
    ],
)
def test_who_is_silent(silent: str, days: dict[str, int], english: str, indonesian: str) -> None:
    told = standings({name: [MUTE, LATE] for name in silent}, silent_days=days)
    for language, text in (("en", english), ("id", indonesian)):
        with translation.override(language):
            assert words.silent_text(told, silent_days=days) == text


def alert(code: str = "coordination.OVERDUE", **params: object) -> Alert:
    return Alert(code, PlaceCode("16.07"), LATE, None, "/x", Press(), params=params)


@pytest.mark.parametrize(
    ("ahead", "english", "indonesian"),
    [
        (-9, ", 9 days late", ", lewat 9 hari"),
        (-1, ", 1 day late", ", lewat 1 hari"),
        (0, ", due today", ", jatuh tempo hari ini"),
        (1, ", due tomorrow", ", jatuh tempo besok"),
        (10, ", H-20", ", H-20"),
        (None, "", ""),
    ],
)
def test_a_need_is_named_with_place_and_day(
    ahead: int | None, english: str, indonesian: str
) -> None:
    day = None if ahead is None else TODAY + timedelta(days=ahead)
    for language, when in (("en", english), ("id", indonesian)):
        with translation.override(language):
            assert (
                words.topic_text(
                    alert(task="Send boats."),
                    place_name="Banyuasin",
                    day=day,
                    today=TODAY,
                    vote_date=VOTE,
                )
                == f"Send boats (Banyuasin){when}"
            )


def test_a_place_is_named_once_and_a_long_task_cut() -> None:
    def text(task: str) -> str:
        return words.topic_text(
            alert(task=task), place_name="OKI", day=None, today=TODAY, vote_date=None
        )

    assert text("Boats of OKI") == "Boats of OKI"
    assert text("x" * 200) == "x" * (words.TOPIC_CHARS - 1) + "… (OKI)"
