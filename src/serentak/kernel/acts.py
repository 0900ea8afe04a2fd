"""What an alert asks for: one act with its proof and its help, in both languages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from .codes import Level, PlaceCode
from .entries import LANGUAGES, Text

_BRACKET = re.compile(r" \([^()]*\)")
_BY = re.compile(r" (?:paling lambat|by) \{date\}$")
_ENDS = re.compile(r" (?:paling lambat|pada|sampai|by|on|until) \{date\}$")


def _checked(text: Mapping[str, str]) -> Mapping[str, str]:
    """Refuse a clause that does not end with its day."""
    if not all(_ENDS.search(text[language]) for language in LANGUAGES):
        raise ValueError("must end with its day: paling lambat {date}, pada {date}, sampai {date}")
    return text


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a clause without an addressee, so that one text fits every verb.

    In `act` stand `{place}` and, last, `paling lambat {date}`, or `pada {date}` where the law fixes
    the day itself, or `sampai {date}` where something is kept. `evidence` goes on after "disertai",
    `help`, a noun phrase, after "kami siap memfasilitasi": nobody else's consent is promised.
    `owner` is who usually does it, by the level of the place; in the province where it comes
    `from_above`, since those at the place cannot.
    """

    act: Annotated[Text, _checked]
    evidence: Text
    help: str = ""
    who_else: tuple[str, ...] = ()
    owner: Mapping[Level, str] = field(default_factory=dict)
    from_above: bool = False

    def said(self, language: str, values: Mapping[str, str]) -> str:
        """Return the clause in a language without "by {date}": the day has a field of its own."""
        clause = _BY.sub("", self.act[language])
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1]) or "…", clause)


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of a slice, by what is in trouble and by the codes of its alerts."""

    acts: Mapping[str, Act] = field(default_factory=dict)
    alerts: Mapping[str, Act] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed where somebody is asked because of an alert; every part can be changed.

    `act` and `evidence` are texts in both languages with the place's name in them. `owner_id` is
    who answers, None where nobody is known. `places` are all for which one letter each is written,
    the worst first, where the alert tells of several. `facts` are the sentences, Indonesian, that a
    letter says before it asks: how far the work has come, when it would be done, what hangs on it.
    """

    act: Mapping[str, str]
    evidence: Mapping[str, str]
    place: PlaceCode
    owner_id: int | None
    due_date: date | None
    help: str = ""
    who_else: tuple[str, ...] = ()
    places: tuple[PlaceCode, ...] = ()
    facts: tuple[str, ...] = ()


def deed(clause: str) -> str:
    """Return a clause for a subject line: without its bracket and its last words."""
    return re.sub(r" (?:paling lambat|pada|sampai) \d.*$", "", _BRACKET.sub("", clause))
