"""Which form a letter has, what it says first, and when a reprimand may be drafted at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

from serentak.kernel.entries import Named


class LetterForm(StrEnum):
    """The shapes of an official letter (ANRI 5/2021; the order within is the guide's).

    A letter with an addressee and `Hal`; an order (`Menimbang`, `Dasar`, `Kepada`, `Untuk`); a
    circular with its addressees above the title; a note (`nota dinas`) within one government.
    """

    CORRESPONDENCE = "CORRESPONDENCE"
    ORDER = "ORDER"
    CIRCULAR = "CIRCULAR"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class LetterPattern:
    """How a letter of one verb reads; texts hold `{placeholders}` and are always Indonesian."""

    form: LetterForm
    subject: str
    opening: str
    points: tuple[str, ...]
    closing: str
    title: str = ""
    basis: tuple[str, ...] = ()
    """What an order rests on (`Dasar`)."""

    def __post_init__(self) -> None:
        try:
            drafted(self, dict.fromkeys(PLACEHOLDERS, "x"), ())
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError(f"{error} is no placeholder") from error
        if (self.form is not LetterForm.CORRESPONDENCE) != bool(self.title):
            raise ValueError("title: an order, a circular and a note, and nothing else, have one")
        if (self.form is LetterForm.ORDER) != bool(self.basis):
            raise ValueError("basis: an order, and nothing else, has one")


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Who gets a copy of letters of `verbs` to `to` (kinds or families): a text or an institution.

    Without `kind` it is the addressee's own kind; `above`: that of the province.
    """

    verbs: tuple[str, ...]
    to: tuple[str, ...]
    text: str = ""
    kind: str = ""
    above: bool = False

    def fits(self, verb: str, kind: str, family: str) -> bool:
        """Tell whether the rule is one of a letter of `verb` to an institution."""
        return verb in self.verbs and (kind in self.to or family in self.to)


@dataclass(frozen=True, slots=True)
class LetterPatterns:
    """The patterns by verb, who gets copies, and what all letters need to know of places."""

    by_verb: Annotated[Mapping[str, LetterPattern], Named("patterns")]
    copies: tuple[CopyRule, ...]
    capitals: Mapping[str, str]
    """Where an office's letters are dated, by place code."""
    powers: Mapping[str, str] = field(default_factory=dict)
    """By which law a kind of sender directs those below, as an opening says it."""
    to_own_head: LetterPattern | None = None
    """How an agency writes to the head of its own region; without one, as the verb is written."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of a letter that a person may change; `nature` is its Sifat."""

    subject: str
    opening: str
    points: tuple[str, ...]
    closing: str
    copies: tuple[str, ...]
    nature: str = "Segera"
    enclosures: str = "–"


PLACEHOLDERS = frozenset(
    {
        "about",
        "act",
        "check",
        "considering",
        "days",
        "deed",
        "due",
        "evidence",
        "fact",
        "ground",
        "help",
        "level",
        "origin",
        "power",
        "reminder",
        "respect",
        "task",
        "waiting",
    }
)


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
        subject=_capital(pattern.subject.format(**full)),
        opening=pattern.opening.format(**full).strip(),
        points=points,
        closing=pattern.closing.format(**full).strip(),
        copies=copies,
    )


OWN_WORDS = "melaksanakan hal berikut: "
"""Before what people wrote otherwise than as a clause."""


def clause(text: str) -> str:
    """Return what is asked as a clause that goes on after "untuk" or "belum".

    An act of the catalogue begins with a verb in me-; other words are named after one.
    """
    text = text.strip().rstrip(". ")
    if re.match(r"[Mm]e\w", text):
        return text[0].lower() + text[1:]
    return OWN_WORDS + text


def about(text: str) -> str:
    """Return a clause as a subject line goes on after a noun: "Arahan untuk …", "… mengenai …"."""
    if text.startswith(OWN_WORDS):
        return f"mengenai {text.removeprefix(OWN_WORDS)}"
    return f"untuk {text}"


def by_day(text: str, day: str) -> str:
    """Return a clause with the last day, unless it names that day itself."""
    return text if day in text else f"{text} paling lambat {day}"


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


def _capital(text: str) -> str:
    """Return a subject line as it begins: with a capital."""
    return text[:1].upper() + text[1:]
