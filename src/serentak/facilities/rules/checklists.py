"""What is asked of a building or of counting IT: the catalogue of checklists."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from serentak.kernel.codes import Level
from serentak.kernel.entries import (
    Among,
    As,
    Class,
    Countdown,
    Key,
    Named,
    Source,
    Text,
    at_least,
    between,
    raise_faults,
    some,
)
from serentak.kernel.formulas import Condition

LONGEST_TEXT = 200
"""Characters of an answer in words."""
YES, NO, NOT_APPLICABLE = "yes", "no", "na"
NOTHING = "nothing"
"""What an answer in words never is, and the option that says that there is none."""


class AnswerType(StrEnum):
    """How a question is answered."""

    YES_NO = "YES_NO"
    NUMBER = "NUMBER"
    CHOICE = "CHOICE"
    TEXT = "TEXT"


Answer = str | int
"""`yes`, `no`, `na`, the key of an option, words, or a whole number."""


@dataclass(frozen=True, slots=True)
class Unit:
    """In what a number is counted, and the most that is no mistake."""

    name: Text
    most: Annotated[int, at_least(1)]


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `due` counts days after the vote, by when it must be in order."""

    key: Key
    name: Text
    asks: Text
    type: Annotated[AnswerType, Named("answer")]
    passes: Annotated[Condition, Named("pass"), As(lambda raw: Condition(str(raw)))]
    weight: Annotated[int, between(0, 5)]
    due: Countdown
    mend: Annotated[tuple[str, ...], some]
    source: Annotated[str, Among("sources")]
    figure_class: Class
    unit: Annotated[str, Among("units")] | None = None
    options: Mapping[str, Text] = field(default_factory=dict)
    law: str = ""
    hard: bool = False
    vital: bool = False
    may_not_apply: bool = False

    def __post_init__(self) -> None:
        faults = []
        if (self.type is AnswerType.NUMBER) is (self.unit is None):
            faults.append("unit: a number has one, and nothing else")
        if (self.type is AnswerType.CHOICE) is not bool(self.options):
            faults.append("options: a choice has some, and nothing else")
        if self.hard and not self.weight:
            faults.append("hard: what weighs nothing cannot be hard")
        if self.hard and self.may_not_apply:
            faults.append("may_not_apply: what is hard always applies")
        raise_faults(faults)

    @property
    def words(self) -> Mapping[str, str]:
        """Return the words that its condition may compare with."""
        return {word: word for word in (YES, NO, NOTHING, *self.options)}

    @property
    def presses(self) -> bool:
        """Tell whether an alert tells of it while it fails."""
        return self.hard or self.vital


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is asked at each place of a level."""

    key: Key
    version: Annotated[int, between(1, 30_000)]
    name: Text
    level: Annotated[Level, As(lambda raw: level_named(raw))]
    questions: Annotated[Mapping[str, Question], some]
    may_move: bool = False
    note: Text | None = None

    def __post_init__(self) -> None:
        raise_faults(_faults_of_conditions(self.questions))

    @property
    def criteria(self) -> Iterator[Question]:
        """The questions that are judged."""
        return (question for question in self.questions.values() if question.weight)

    @property
    def asks_for(self) -> frozenset[str]:
        """What its conditions ask for beside answers: the quantities."""
        names = frozenset[str]().union(*(q.passes.names - q.words.keys() for q in self.criteria))
        return names - self.questions.keys() - {"a"}

    @property
    def first_due(self) -> int:
        """When the first of its questions is due; a place without any check is late after it."""
        return min(question.due for question in self.criteria)


LEVELS = {
    "station": Level.STATION,
    "village": Level.VILLAGE,
    "district": Level.DISTRICT,
    "regency": Level.REGENCY,
}


def level_named(raw: object) -> Level:
    """Return a level by its name in catalogues; ValueError for another word."""
    if str(raw) not in LEVELS:
        raise ValueError(f"{str(raw)!r} is none of {', '.join(LEVELS)}")
    return LEVELS[str(raw)]


def _faults_of_conditions(questions: Mapping[str, Question]) -> Iterator[str]:
    """Yield what is wrong with conditions: each is tried once with an answer of its type."""
    for question in questions.values():
        known: dict[str, Fraction | str | None] = dict.fromkeys(question.passes.names, Fraction(1))
        known |= {key: _sample(questions[key]) for key in known if key in questions}
        known |= {**question.words, "a": _sample(question)}
        try:
            question.passes.holds(known)
        except TypeError:
            yield f"questions: {question.key}: pass: words are only compared by == and !="


def _sample(question: Question) -> Fraction | str:
    return Fraction(1) if question.type is AnswerType.NUMBER else YES


class Counts(StrEnum):
    """What a measure adds up."""

    PLACES = "PLACES"
    QUESTIONS = "QUESTIONS"
    ANSWERS = "ANSWERS"


@dataclass(frozen=True, slots=True)
class Counted:
    """The questions of a checklist that a measure looks at."""

    checklist: Annotated[str, Among("checklists")]
    questions: Annotated[tuple[str, ...], some]


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of a piece of work checks show to be done."""

    key: Key
    counts: Counts
    of: Annotated[tuple[Counted, ...], some]
    most: Annotated[int, at_least(1)] = 1


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score a place is ready or nearly so; until when another site can be asked for."""

    ready: Annotated[float, between(0, 1)]
    nearly: Annotated[float, between(0, 1)]
    kept_from: Annotated[float, between(0, 1)]
    moves_until: Countdown
    warns_from: Countdown

    def __post_init__(self) -> None:
        raise_faults(["nearly: must not be above ready"] if self.nearly > self.ready else [])


@dataclass(frozen=True, slots=True)
class Checklists:
    """All checklists with what they share."""

    thresholds: Thresholds
    units: Mapping[str, Unit]
    quantities: Mapping[str, Text]
    sources: Mapping[str, Source]
    measures: Mapping[str, Measure]
    checklists: Mapping[str, Checklist]

    def __post_init__(self) -> None:
        raise_faults(
            f"checklists: {one.key}: {name} is neither a question nor a quantity"
            for one in self.checklists.values()
            for name in sorted(one.asks_for - self.quantities.keys())
        )
        raise_faults(
            f"measures: {measure.key}: {counted.checklist} does not ask {key}"
            for measure in self.measures.values()
            for counted in measure.of
            for key in counted.questions
            if key not in self.checklists[counted.checklist].questions
        )

    def of_level(self, level: Level) -> Collection[Checklist]:
        """Return what is asked at the places of a level."""
        return [one for one in self.checklists.values() if one.level is level]

    def under(self, level: Level) -> Collection[Checklist]:
        """Return what is asked at a place of a level and at those under it."""
        return [one for one in self.checklists.values() if one.level >= level]
