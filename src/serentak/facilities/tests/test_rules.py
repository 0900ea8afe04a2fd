"""What answers make of a place, and what may become of a defect."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from serentak.facilities.queries.catalogues import checklists
from serentak.facilities.rules.checklists import Answer, Checklist, Checklists, Thresholds
from serentak.facilities.rules.defects import (
    DEFECT_TRANSITIONS,
    DefectEvent,
    DefectState,
    defect_status,
)
from serentak.facilities.rules.judging import Judged, Outcome, Verdict, answer_fault, judge
from serentak.kernel.entries import read
from serentak.kernel.formulas import Condition
from serentak.kernel.status import Status

TEXT = {"id": "x", "en": "x"}
THRESHOLDS = Thresholds(ready=0.9, nearly=0.7, kept_from=0.5, moves_until=-7, warns_from=-14)


def question(key: str, answer: str = "YES_NO", **more: Any) -> dict[str, Any]:
    plain = {
        "key": key, "name": TEXT, "asks": TEXT, "answer": answer, "pass": "a == yes", "weight": 2,
        "due": "H-7", "mend": ["PPS"], "source": "s", "class": "ASSUMED",
    }  # fmt: skip
    return plain | more


def checklist(*questions: dict[str, Any], **more: Any) -> Checklist:
    raw = {
        "key": "l", "version": 1, "name": TEXT, "level": "station", "questions": list(questions),
    } | more  # fmt: skip
    known = {"sources": ["s"], "units": ["u"]}
    return read(Checklist, raw, known=known)


LIST = checklist(
    question("hard", hard=True, weight=4),
    question("one", weight=4),
    question("two", weight=1, due="H-14"),
    question("na", weight=1, may_not_apply=True),
)


def judged(**answers: Answer) -> Judged:
    return judge(LIST, answers, {}, THRESHOLDS)


ALL = {"hard": "yes", "one": "yes", "two": "yes", "na": "yes"}


@pytest.mark.parametrize(
    ("answers", "outcome", "score", "open_due"),
    [
        (ALL, Outcome.READY, (10, 10), None),
        (ALL | {"two": "no"}, Outcome.READY, (9, 10), -14),
        (ALL | {"two": "no", "na": "no"}, Outcome.NEARLY, (8, 10), -14),
        (ALL | {"one": "no"}, Outcome.NOT_READY, (6, 10), -7),
        (ALL | {"hard": "no"}, Outcome.NOT_READY, (6, 10), -7),
        (ALL | {"na": "na"}, Outcome.READY, (9, 9), None),
        ({"hard": "yes", "one": "yes", "two": "yes"}, Outcome.UNANSWERED, (9, 10), -7),
        ({"one": "yes", "two": "yes", "na": "yes"}, Outcome.UNANSWERED, (6, 10), -7),
        ({"hard": "no"}, Outcome.NOT_READY, (0, 10), -14),
        ({"one": "no"}, Outcome.NOT_READY, (0, 10), -14),
        ({}, Outcome.UNANSWERED, (0, 10), -14),
    ],
)
def test_an_outcome_follows_from_the_answers(
    answers: Mapping[str, Answer], outcome: Outcome, score: tuple[int, int], open_due: int | None
) -> None:
    found = judged(**answers)
    assert (found.outcome, (found.passed, found.total), found.open_due) == (
        outcome, score, open_due,
    )  # fmt: skip


@given(st.dictionaries(st.sampled_from(list(ALL)), st.sampled_from(["yes", "no", "na"])))
def test_what_fails_gravely_or_is_silent_is_never_ready(answers: dict[str, str]) -> None:
    found = judged(**answers)
    if found.outcome is Outcome.READY:
        assert answers["hard"] == "yes"
        assert not found.of(Verdict.UNANSWERED)
    better = judged(**answers | dict.fromkeys(found.of(Verdict.FAILED), "yes"))
    assert better.passed >= found.passed


@pytest.mark.parametrize(
    ("text", "known", "holds"),
    [
        ("a >= ceil(boxes / 24)", {"a": 3, "boxes": 50}, True),
        ("a >= ceil(boxes / 24)", {"a": 2, "boxes": 50}, False),
        ("a >= ceil(boxes / 24)", {"a": 2, "boxes": None}, None),
        ("a >= ceil(boxes / area)", {"a": 2, "boxes": 1, "area": 0}, None),
        ("a == yes or listed == 0", {"a": "yes", "yes": "yes", "listed": None}, True),
        ("a == yes or listed == 0", {"a": "no", "yes": "yes", "listed": None}, None),
        ("a == yes or listed == 0", {"a": "no", "yes": "yes", "listed": 0}, True),
        ("a == yes and b > 1.5", {"a": "no", "yes": "yes", "b": None}, False),
        ("a == yes and b > 1.5", {"a": "yes", "yes": "yes", "b": None}, None),
        ("a != nothing", {"a": "grid", "nothing": "nothing"}, True),
    ],
)
def test_a_condition_knows_what_it_does_not_know(
    text: str, known: dict[str, Any], holds: bool | None
) -> None:
    exact = {k: Fraction(v) if isinstance(v, int) else v for k, v in known.items()}
    assert Condition(text).holds(exact) is holds


@pytest.mark.parametrize(
    "text",
    ["a", "a >= 1 >= 0", "not a", "a in b", "a.b == 1", "f(a) == 1", "a == 'x'", "a ==", "a" * 90],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Condition(text)


def test_a_rule_on_the_unknown_leaves_a_question_unanswered_and_says_on_what_it_hangs() -> None:
    asked = checklist(
        question("area", "NUMBER", unit="u", weight=0, **{"pass": "a >= 1"}),
        question("pallets", "NUMBER", unit="u", **{"pass": "a >= ceil(boxes / 24)"}),
        question("fire", "NUMBER", unit="u", **{"pass": "a >= ceil(area / 200)"}),
    )
    assert asked.asks_for == {"boxes"}
    found = judge(asked, {"pallets": 3, "fire": 2}, {"boxes": None}, THRESHOLDS)
    assert found.wants == {"pallets": ("boxes",), "fire": ("area",)}
    assert found.outcome is Outcome.UNANSWERED
    answers = {"pallets": 3, "fire": 2, "area": 400}
    assert judge(asked, answers, {"boxes": 72}, THRESHOLDS).outcome is Outcome.READY
    assert judge(asked, answers, {"boxes": 73}, THRESHOLDS).of(Verdict.FAILED) == ["pallets"]


@pytest.mark.parametrize(
    "broken",
    [
        question("q", hard=True, may_not_apply=True),
        question("q", hard=True, weight=0),
        question("q", unit="u"),
        question("q", "NUMBER"),
        question("q", "CHOICE"),
        question("q", **{"pass": "a >= 1"}),
        question("q", "NUMBER", unit="u", **{"pass": "a == yes and a > yes"}),
    ],
)
def test_a_broken_question_is_refused_when_the_catalogue_is_read(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        checklist(broken)


# --- the catalogue that is shipped


def test_the_catalogue_asks_what_is_known_of_the_field() -> None:
    known = checklists().checklists
    hard = {key: sum(q.hard for q in one.criteria) for key, one in known.items()}
    sizes = {key: len(list(one.criteria)) for key, one in known.items()}
    assert sizes == {
        "venue": 20, "warehouse": 10, "district-store": 13, "it-station": 12, "it-district": 12,
        "recap-hall": 13,
    }  # fmt: skip
    assert hard == {
        "venue": 4, "warehouse": 5, "district-store": 4, "it-station": 1, "it-district": 1,
        "recap-hall": 3,
    }  # fmt: skip


def test_names_of_questions_tell_them_apart() -> None:
    for one in checklists().checklists.values():
        for language in ("id", "en"):
            names = [question.name[language] for question in one.questions.values()]
            assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ceil(area / 200)", "ceil(areas / 200)"),
        ("questions: [accounts]", "questions: [account]"),
        ("checklist: warehouse,", "checklist: warehouses,"),
        ("nearly: 0.8", "nearly: 0.99"),
        ("level: regency", "level: country"),
    ],
)
def test_a_fault_in_the_catalogue_is_found_when_it_is_read(old: str, new: str) -> None:
    path = Path(__file__).parents[1] / "catalogue" / "checklists.yaml"
    text = path.read_text("utf-8")
    assert old in text
    with pytest.raises(ValueError, match=r".+"):
        read(Checklists, yaml.safe_load(text.replace(old, new)))


@pytest.mark.parametrize(
    ("key", "answer", "code"),
    [
        ("size", 80, None),
        ("size", 0, None),
        ("size", 100_000, None),
        ("size", 100_001, "facilities.answer_is_absurd"),
        ("size", -1, "facilities.answer_is_absurd"),
        ("size", True, "facilities.answer_is_absurd"),
        ("size", "80", "facilities.answer_is_absurd"),
        ("flood", "yes", None),
        ("flood", "na", "facilities.question_always_applies"),
        ("flood", "maybe", "facilities.answer_is_yes_or_no"),
        ("flood", 1, "facilities.answer_is_yes_or_no"),
        ("worship", "na", None),
        ("power", "grid", None),
        ("power", "yes", "facilities.answer_is_no_option"),
        ("night", "Balai desa", None),
        ("night", "-", "facilities.answer_says_nothing"),
        ("night", "Sudah ada", "facilities.answer_says_nothing"),
        ("night", "belum", "facilities.answer_says_nothing"),
        ("night", "Balai desa, sudah", None),
        ("night", "x" * 201, "facilities.answer_is_too_long"),
    ],
)
def test_an_answer_fits_its_question(key: str, answer: object, code: str | None) -> None:
    known = checklists()
    fault = answer_fault(known.checklists["venue"].questions[key], answer, known.units)
    assert (fault.code if fault else None) == code


# --- defects


@pytest.mark.parametrize("state", DefectState)
def test_what_is_confirmed_is_over_and_all_else_can_be_confirmed(state: DefectState) -> None:
    after = DEFECT_TRANSITIONS.after(state, DefectEvent.CONFIRM)
    is_over = state is DefectState.CONFIRMED
    assert after is (None if is_over else DefectState.CONFIRMED)
    assert bool(DEFECT_TRANSITIONS.events_at(state)) is not is_over


@given(st.lists(st.sampled_from(DefectEvent)))
def test_only_a_check_ends_a_defect(events: list[DefectEvent]) -> None:
    state = DefectState.FOUND
    for event in events:
        state = DEFECT_TRANSITIONS.after(state, event) or state
    assert (state is DefectState.CONFIRMED) is (DefectEvent.CONFIRM in events)


DUE = date(2024, 11, 20)


@pytest.mark.parametrize(
    ("state", "promised", "today", "status"),
    [
        (DefectState.FOUND, None, DUE, Status.AT_RISK),
        (DefectState.FOUND, None, date(2024, 11, 21), Status.LATE),
        (DefectState.PROMISED, DUE, DUE, Status.ON_TRACK),
        (DefectState.PROMISED, date(2024, 11, 21), DUE, Status.AT_RISK),
        (DefectState.PROMISED, date(2024, 11, 18), date(2024, 11, 19), Status.LATE),
        (DefectState.MENDED, None, date(2024, 11, 30), Status.AT_RISK),
        (DefectState.DISPUTED, None, date(2024, 11, 30), Status.LATE),
        (DefectState.MOVE_ASKED, None, DUE, Status.AT_RISK),
        (DefectState.CONFIRMED, None, date(2024, 11, 30), Status.DONE),
    ],
)
def test_a_defect_stands_by_its_days(
    state: DefectState, promised: date | None, today: date, status: Status
) -> None:
    assert defect_status(state, due=DUE, promised=promised, today=today) is status
