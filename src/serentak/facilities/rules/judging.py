"""What the answers of a check make of a place: ready, nearly, not ready, or not known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from serentak.kernel.refused import Fault
from serentak.kernel.status import Status

from .checklists import (
    LONGEST_TEXT,
    NO,
    NOT_APPLICABLE,
    YES,
    Answer,
    AnswerType,
    Checklist,
    Question,
    Thresholds,
    Unit,
)


class Outcome(StrEnum):
    """What the last check makes of a place."""

    READY = "READY"
    NEARLY = "NEARLY"
    NOT_READY = "NOT_READY"
    UNANSWERED = "UNANSWERED"


class Verdict(StrEnum):
    """What an answer makes of a question."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    UNANSWERED = "UNANSWERED"
    NOT_APPLICABLE = "NOT_APPLICABLE"


STATUS = {
    Outcome.READY: Status.DONE,
    Outcome.NEARLY: Status.AT_RISK,
    Outcome.NOT_READY: Status.LATE,
    Outcome.UNANSWERED: Status.NO_REPORT,
}
"""How an outcome is marked."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What answers make of a place.

    `passed` of `total` is the score in weights. `open_due` is the earliest day (after the vote) by
    which something that fails or is silent had to be in order, None where nothing is.
    `wants` names by question the quantities that nobody knows and on which it hangs.
    """

    outcome: Outcome
    passed: int
    total: int
    verdicts: Mapping[str, Verdict]
    open_due: int | None
    wants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, verdict: Verdict) -> list[str]:
        """Return the criteria with a verdict, in the checklist's order."""
        return [key for key, found in self.verdicts.items() if found is verdict]


def judge(
    checklist: Checklist,
    answers: Mapping[str, Answer],
    quantities: Mapping[str, int | None],
    thresholds: Thresholds,
) -> Judged:
    """Judge a place by its answers; what is not answered, or hangs on the unknown, never passes."""
    verdicts: dict[str, Verdict] = {}
    wants: dict[str, tuple[str, ...]] = {}
    for question in checklist.criteria:
        known = _known(checklist, question, answers, quantities)
        verdicts[question.key] = verdict = _verdict(question, answers.get(question.key), known)
        unknown = sorted(name for name in known if name != "a" and known[name] is None)
        if verdict is Verdict.UNANSWERED and question.key in answers and unknown:
            wants[question.key] = tuple(unknown)
    weigh = dict.fromkeys(Verdict, 0)
    for key, verdict in verdicts.items():
        weigh[verdict] += checklist.questions[key].weight
    total = sum(weigh.values()) - weigh[Verdict.NOT_APPLICABLE]
    still_open = [
        checklist.questions[key].due
        for key, verdict in verdicts.items()
        if verdict in (Verdict.FAILED, Verdict.UNANSWERED)
    ]
    return Judged(
        _outcome(checklist, verdicts, weigh, total, thresholds),
        weigh[Verdict.PASSED],
        total,
        verdicts,
        min(still_open, default=None),
        wants,
    )


def _outcome(
    checklist: Checklist,
    verdicts: Mapping[str, Verdict],
    weigh: Mapping[Verdict, int],
    total: int,
    thresholds: Thresholds,
) -> Outcome:
    if any(
        verdict is Verdict.FAILED and checklist.questions[key].hard
        for key, verdict in verdicts.items()
    ):
        return Outcome.NOT_READY
    # As good as it can still become: what fails for certain may be too much already.
    best = Fraction(total - weigh[Verdict.FAILED], total) if total else Fraction(0)
    if total and best < Fraction(str(thresholds.nearly)):
        return Outcome.NOT_READY
    if not total or weigh[Verdict.UNANSWERED]:
        return Outcome.UNANSWERED
    return Outcome.READY if best >= Fraction(str(thresholds.ready)) else Outcome.NEARLY


def _known(
    checklist: Checklist,
    question: Question,
    answers: Mapping[str, Answer],
    quantities: Mapping[str, int | None],
) -> dict[str, Fraction | str | None]:
    """Return what stands for each name of a question's condition."""
    found: dict[str, Fraction | str | None] = {}
    for name in question.passes.names:
        if name in question.words:
            found[name] = name
        elif name == "a":
            found[name] = _value(answers.get(question.key))
        elif name in checklist.questions:
            found[name] = _value(answers.get(name))
        else:
            found[name] = _value(quantities.get(name))
    return found


def _value(answer: Answer | None) -> Fraction | str | None:
    if answer == NOT_APPLICABLE:
        return None
    return Fraction(answer) if isinstance(answer, int) else answer


def _verdict(
    question: Question, answer: Answer | None, known: Mapping[str, Fraction | str | None]
) -> Verdict:
    if answer is None:
        return Verdict.UNANSWERED
    if answer == NOT_APPLICABLE and question.may_not_apply:
        return Verdict.NOT_APPLICABLE
    holds = question.passes.holds(known)
    if holds is None:
        return Verdict.UNANSWERED
    return Verdict.PASSED if holds else Verdict.FAILED


NO_ANSWERS = frozenset(
    {
        "ya", "tidak", "belum", "sudah", "ada", "ok", "oke", "siap", "aman", "baik", "lengkap",
        "yes", "no", "done", "ready", "fine", "selesai", "terpenuhi", "nihil", "kosong", "tahu",
    }
)  # fmt: skip
"""Words that say neither where nor who, where a question asks for that."""


def _says_nothing(answer: str) -> bool:
    words = answer.casefold().split()
    return sum(sign.isalpha() for sign in answer) < 3 or set(words) <= NO_ANSWERS


def answer_fault(question: Question, answer: object, units: Mapping[str, Unit]) -> Fault | None:
    """Return the rule that an answer breaks, None where it holds."""
    if answer == NOT_APPLICABLE and question.type is not AnswerType.TEXT:
        if question.may_not_apply:
            return None
        return Fault("facilities.question_always_applies", question.key)
    match question.type:
        case AnswerType.YES_NO if answer not in (YES, NO):
            return Fault("facilities.answer_is_yes_or_no", question.key)
        case AnswerType.CHOICE if answer not in question.options:
            return Fault("facilities.answer_is_no_option", question.key)
        case AnswerType.NUMBER:
            most = units[question.unit or ""].most
            if not isinstance(answer, int) or isinstance(answer, bool) or not 0 <= answer <= most:
                return Fault("facilities.answer_is_absurd", question.key, {"most": most})
        case AnswerType.TEXT:
            if not isinstance(answer, str) or _says_nothing(answer):
                return Fault("facilities.answer_says_nothing", question.key)
            if len(answer) > LONGEST_TEXT:
                longest = {"most": LONGEST_TEXT}
                return Fault("facilities.answer_is_too_long", question.key, longest)
    return None
