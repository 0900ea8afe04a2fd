"""Which form a letter has, what it says first, and when a reprimand may be drafted at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from serentak.kernel.entries import Named


class LetterForm(StrEnum):
    """The two shapes of an official letter (ANRI 5/2021; the order within is the guide's)."""

    CORRESPONDENCE = "CORRESPONDENCE"
    TITLE_BLOCK = "TITLE_BLOCK"


@dataclass(frozen=True, slots=True)
class LetterPattern:
    """How a letter of one verb reads; texts hold `{placeholders}` and are always Indonesian."""

    form: LetterForm
    subject: str
    opening: str
    points: tuple[str, ...]
    closing: str
    title: str = ""

    def __post_init__(self) -> None:
        try:
            drafted(self, dict.fromkeys(PLACEHOLDERS, "x"), ())
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError(f"{error} is no placeholder") from error
        if (self.form is LetterForm.TITLE_BLOCK) != bool(self.title):
            raise ValueError("title: a title block, and nothing else, has one")


@dataclass(frozen=True, slots=True)
class LetterPatterns:
    """The patterns by verb, with the copies that go with a letter of each verb."""

    by_verb: Annotated[Mapping[str, LetterPattern], Named("patterns")]
    copies: Mapping[str, tuple[str, ...]]
    capitals: Mapping[str, str]
    """Where an office's letters are dated, by place code."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of a letter that a person may change."""

    subject: str
    opening: str
    points: tuple[str, ...]
    closing: str
    copies: tuple[str, ...]


PLACEHOLDERS = frozenset({"task", "due", "check", "evidence", "origin", "level", "days", "office"})


def drafted(pattern: LetterPattern, values: Mapping[str, str], copies: tuple[str, ...]) -> Draft:
    """Fill a pattern; a point whose placeholder has no value is left out.

    People's words come in as values only and are never read as a pattern.
    """
    full = {key: values.get(key, "") for key in PLACEHOLDERS}
    points = tuple(
        point.format(**full)
        for point in pattern.points
        if all(full[key] for key in PLACEHOLDERS if "{" + key + "}" in point)
    )
    return Draft(
        subject=pattern.subject.format(**full),
        opening=pattern.opening.format(**full),
        points=points,
        closing=pattern.closing.format(**full),
        copies=copies,
    )


class ReprimandFault(StrEnum):
    """Why a reprimand may not be drafted."""

    NO_GROUND = "NO_GROUND"
    NO_REMINDER = "NO_REMINDER"
    TOO_SOON = "TOO_SOON"
    NO_LEVEL_BEFORE = "NO_LEVEL_BEFORE"
    LEVEL_TOO_SOON = "LEVEL_TOO_SOON"


def reprimand_fault(
    *,
    level: int,
    ground: str,
    reminded_on: date | None,
    levels_sent: Mapping[int, date],
    today: date,
    after_days: int,
    between_days: int,
) -> ReprimandFault | None:
    """Return what stands against a reprimand: ground, reminder before it, level before it.

    `levels_sent` are the dates of the levels that were sent; `between_days` pass after each.
    The legal ground has no default: which step of PP 12/2017 fits which breach is for a person.
    """
    if not ground.strip():
        return ReprimandFault.NO_GROUND
    if reminded_on is None:
        return ReprimandFault.NO_REMINDER
    if (today - reminded_on).days < after_days:
        return ReprimandFault.TOO_SOON
    if level > 1 and level - 1 not in levels_sent:
        return ReprimandFault.NO_LEVEL_BEFORE
    if level > 1 and (today - levels_sent[level - 1]).days < between_days:
        return ReprimandFault.LEVEL_TOO_SOON
    return None
