"""Corrections as tables: what of a sentence is corrected, within which bounds, what stays."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serentak.kernel.status import Status
from serentak.reporting.rules.correcting import (
    MOST,
    Given,
    Said,
    What,
    corrected,
    correction_faults,
    mark_of,
)

FIGURE = Said("FIGURE", {"figure": "x", "value": 57, "of": 60, "unit": "", "before": 5})
SHARE = Said("FIGURE", {"figure": "x", "value": 57, "of": 60, "unit": "%", "before": None})
LONE = Said("FIGURE", {"figure": "x", "value": 57, "of": None, "unit": "days", "before": None})
STATUS = Said("AREA_STATUS", {"focus": "READINESS", "status": "ON_TRACK"})
WORDS = Said("PROBLEM", {"alert": "x"})
OWN = Said("FIGURE", FIGURE.params, "Perahu: 57.")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (FIGURE, What.FIGURE),
        (STATUS, What.STATUS),
        (WORDS, What.WORDS),
        (OWN, What.WORDS),
    ],
)
def test_what_of_a_sentence_is_corrected(said: Said, what: What) -> None:
    assert said.what is what


@pytest.mark.parametrize(
    ("said", "given", "fault"),
    [
        (FIGURE, Given(value=37), None),
        (FIGURE, Given(value=0), None),
        (FIGURE, Given(value=60), None),
        (FIGURE, Given(value=58, of=58), None),
        (FIGURE, Given(value=57, of=80), None),
        (FIGURE, Given(value=61), ("value", "part_exceeds_whole")),
        (FIGURE, Given(value=57, of=56), ("value", "part_exceeds_whole")),
        (FIGURE, Given(value=57), ("value", "correction_changes_nothing")),
        (FIGURE, Given(value=57, of=60), ("value", "correction_changes_nothing")),
        (FIGURE, Given(value=-1), ("value", "figure_is_out_of_bounds")),
        (FIGURE, Given(value=1, of=-1), ("of", "figure_is_out_of_bounds")),
        (FIGURE, Given(), ("value", "figure_is_missing")),
        (SHARE, Given(value=100), None),
        (SHARE, Given(value=101), ("value", "share_exceeds_hundred")),
        (LONE, Given(value=MOST), None),
        (LONE, Given(value=MOST + 1), ("value", "figure_is_out_of_bounds")),
        (STATUS, Given(status=Status.LATE), None),
        (STATUS, Given(status=Status.ON_TRACK), ("status", "correction_changes_nothing")),
        (STATUS, Given(), ("status", "status_is_missing")),
        (WORDS, Given(text="Dua perahu."), None),
        (WORDS, Given(text="Satu perahu."), ("text", "correction_changes_nothing")),
        (WORDS, Given(), ("text", "text_is_missing")),
        (OWN, Given(text="Perahu: 37."), None),
    ],
)
def test_a_correction_holds_to_the_bounds_of_the_figure(
    said: Said, given: Given, fault: tuple[str, str] | None
) -> None:
    found = correction_faults(said, given, words="Satu perahu.")
    told = [(f.field, f.code.removeprefix("reporting.")) for f in found]
    assert told == ([fault] if fault else [])


@given(st.integers(-5, MOST + 5), st.none() | st.integers(-5, MOST + 5))
def test_what_holds_changes_the_figure_and_nothing_else(value: int, of: int | None) -> None:
    told = Given(value=value, of=of)
    now = corrected(FIGURE, told)
    if correction_faults(FIGURE, told, words=""):
        return
    assert 0 <= now.params["value"] <= now.params["of"] <= MOST
    assert {**now.params, "value": 57, "of": 60} == FIGURE.params
    assert now != FIGURE


def test_words_take_the_place_of_what_a_sentence_says_and_what_it_tells_stays() -> None:
    assert corrected(WORDS, Given(text="Dua.")) == Said(WORDS.code, WORDS.params, "Dua.")
    assert corrected(STATUS, Given()).params == {**STATUS.params, "status": None}


def test_the_bound_is_told() -> None:
    (fault,) = correction_faults(FIGURE, Given(value=-1), words="")
    assert fault.params == {"most": MOST}


def test_a_mark_says_what_was_read() -> None:
    signed_at = datetime(2024, 10, 28, 9, tzinfo=UTC)
    assert mark_of(signed_at, 2) == "2024-10-28T09:00:00+00:00#2"
    assert mark_of(None, 0) == "#0"
