"""What pasted lines of minutes say: one line, one outcome; kind, addressee and days guessed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from serentak.kernel.countdown import day_of, parse_countdown
from serentak.kernel.entries import between


class OutcomeKind(StrEnum):
    """What a line of minutes is."""

    INFORMATION = "INFORMATION"
    DECISION = "DECISION"
    INSTRUCTION = "INSTRUCTION"
    DIRECTIVE = "DIRECTIVE"
    REQUEST = "REQUEST"


KIND_OF_VERB: Mapping[str, OutcomeKind] = {
    "INSTRUCTION": OutcomeKind.INSTRUCTION,
    "CIRCULAR": OutcomeKind.INSTRUCTION,
    "DIRECTIVE": OutcomeKind.DIRECTIVE,
    "GUIDANCE": OutcomeKind.DIRECTIVE,
    "REMINDER": OutcomeKind.DIRECTIVE,
    "REPRIMAND": OutcomeKind.DIRECTIVE,
    "REQUEST": OutcomeKind.REQUEST,
    "COORDINATION": OutcomeKind.REQUEST,
    "REPORT": OutcomeKind.REQUEST,
}

NOT_AT_A_MEETING = frozenset({"REPRIMAND", "REPORT"})
"""A reprimand needs its ground and an earlier reminder, so it is only ever drafted as a letter."""

USUAL = ("INSTRUCTION", "DIRECTIVE", "REQUEST", "COORDINATION")
"""What one says first, where it is allowed; a decision is carried by the first that is."""


def folded(text: str) -> str:
    """Return words in lower case with single spaces and without punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


_Folded = Annotated[str, folded]
_Lower = Annotated[str, str.lower]


@dataclass(frozen=True, slots=True)
class MinutesWords:
    """The words of `minutes.yaml`."""

    kinds: Mapping[OutcomeKind, tuple[_Folded, ...]]
    checks: tuple[_Folded, ...]
    deadlines: tuple[_Folded, ...]
    tomorrow: Mapping[str, int]
    months: Mapping[_Lower, Annotated[int, between(1, 12)]]
    aliases: Mapping[_Lower, str]
    """Short names of places (`oki`) and their codes."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """An institution by the names under which a line may call it."""

    id: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What was understood of a line; what was not is None."""

    text: str
    kind: OutcomeKind | None
    institution_id: int | None
    due_date: date | None
    check_date: date | None


def read_minutes(
    text: str,
    *,
    words: MinutesWords,
    addressees: Iterable[Addressee],
    today: date,
    vote_date: date | None = None,
) -> list[ReadLine]:
    """Return one reading for each line that is not empty; a number or bullet before it is dropped.

    The longest name that occurs wins. Of two days the first is due, one after a word of checking is
    the day of the check. A day without a year lies in the year in which it is nearest to today.
    """
    names = sorted(
        ((folded(name), a.id) for a in addressees for name in a.names if name.strip()),
        key=lambda pair: -len(pair[0]),
    )
    return [
        _read(line, words, names, today, vote_date)
        for raw in text.splitlines()
        if (line := _BULLET.sub("", raw).strip())
    ]


def usual_verb(allowed: Iterable[str]) -> str | None:
    """Return what one says first to somebody to whom one may say `allowed`; None if nothing."""
    found = set(allowed)
    return next((verb for verb in USUAL if verb in found), None)


_BULLET = re.compile(r"^\s*(?:\d{1,2}[.)]\s+|[-*•]\s+)")


def _read(
    line: str,
    words: MinutesWords,
    names: Sequence[tuple[str, int]],
    today: date,
    vote_date: date | None,
) -> ReadLine:
    plain = f" {folded(line)} "
    institution = next((id for name, id in names if f" {name} " in plain), None)
    kind = next(
        (k for k, said in words.kinds.items() if any(f" {w} " in plain for w in said)), None
    )
    due: date | None = None
    check: date | None = None
    for at, day in _days(line, words, today, vote_date):
        before = f" {folded(line[:at])}"
        since = before.rpartition(_last_day(before))[2]
        is_check = any(f" {word}" in since for word in words.checks)
        if is_check and check is None:
            check = day
        elif due is None:
            due = day
        elif check is None:
            check = day
    is_asked = check or any(f" {word} " in plain for word in words.deadlines)
    if kind is OutcomeKind.INFORMATION and is_asked:
        # Who shall report something by a day is asked, though the word is that of a report.
        kind = None
    return ReadLine(line, kind, institution, due, check)


def _last_day(text: str) -> str:
    """Return the last word with a digit, so that a word of checking counts only after it."""
    return next((w for w in reversed(text.split()) if w[0].isdigit()), "\0")


def _days(
    line: str, words: MinutesWords, today: date, vote_date: date | None
) -> list[tuple[int, date]]:
    found: list[tuple[int, date]] = []
    months = "|".join(words.months)
    for match in re.finditer(rf"\b(\d{{1,2}})\s+({months})\b\.?(?:\s+(\d{{4}}))?", line, re.I):
        month = words.months[match[2].lower()]
        if day := _day(int(match[1]), month, match[3], today):
            found.append((match.start(), day))
    for match in re.finditer(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}))?\b", line):
        if day := _day(int(match[1]), int(match[2]), match[3], today):
            found.append((match.start(), day))
    for match in re.finditer(r"\bH[+-]\d{1,4}\b", line):
        if vote_date:
            found.append((match.start(), day_of(parse_countdown(match[0]), vote_date=vote_date)))
    for word, days in words.tomorrow.items():
        for match in re.finditer(rf"\b{re.escape(word)}\b", line, re.I):
            found.append((match.start(), today + timedelta(days=days)))
    return sorted(found)


def _day(day: int, month: int, year: str | None, today: date) -> date | None:
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    days = []
    for number in years:
        try:
            days.append(date(number, month, day))
        except ValueError:
            continue
    return min(days, key=lambda d: abs((d - today).days), default=None)
