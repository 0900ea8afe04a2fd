"""What pasted lines of minutes say: who is asked, by when, and why it was read so."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from itertools import product
from typing import Annotated

from .days import DayWords, Meant, SaidDay, said_days


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
    cases: tuple[_Folded, ...]
    days: DayWords
    titles: Mapping[str, tuple[_Folded, ...]]
    """How heads and houses are called, by kind of institution, with the level if words say it."""
    aliases: Mapping[_Lower, str]
    """Short names of places (`oki`) and their codes."""

    def is_of_a_case(self, text: str) -> bool:
        """Tell whether a text speaks of a case, which is not for minutes that many read."""
        plain = f" {folded(text)} "
        return any(f" {word} " in plain for word in self.cases)


@dataclass(frozen=True, slots=True)
class Addressee:
    """An institution by its names; kind, level and place find it by its head's short title."""

    id: int
    names: tuple[str, ...]
    kind: str = ""
    level: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """Where a meeting's words are at home: its own region and the names of places in it.

    `heads` are who speaks for the agencies and districts of a place below: its regent or mayor.
    They do for the kinds in `directed` alone; all others decide for themselves.
    """

    place: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    heads: Mapping[str, int] = field(default_factory=dict)
    directed: frozenset[str] = frozenset()


class Why(StrEnum):
    """Why a line was read as it was."""

    NAMED = "NAMED"
    OWN_REGION = "OWN_REGION"
    THROUGH_HEAD = "THROUGH_HEAD"
    PLACE_ALONE = "PLACE_ALONE"
    EVERY = "EVERY"
    SAME_LINE = "SAME_LINE"
    TWO_DEEDS = "TWO_DEEDS"
    NOBODY = "NOBODY"
    SIMILAR = "SIMILAR"
    DAY = "DAY"
    PERIOD = "PERIOD"
    UNCLEAR_DAY = "UNCLEAR_DAY"
    NO_SUCH_DAY = "NO_SUCH_DAY"
    CASE = "CASE"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the words of the line, and the day that they mean."""

    why: Why
    words: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What was understood of a line for one addressee; what was not is None.

    `asks` without an institution: somebody has to say who answers. `place` is where it happens.
    """

    text: str
    kind: OutcomeKind | None
    institution_id: int | None
    due_date: date | None
    check_date: date | None
    place: str = ""
    asks: bool = False
    reasons: tuple[Reason, ...] = ()


def read_minutes(
    text: str,
    *,
    words: MinutesWords,
    addressees: Iterable[Addressee],
    today: date,
    holidays: Container[date],
    vote_date: date | None = None,
    region: Region | None = None,
) -> list[ReadLine]:
    """Return the readings of each line that is not empty, one for each of its addressees.

    A number or bullet before a line is dropped. Of two days the first is due, one after a word of
    checking is the day of the check, unless what is to be checked stands between: then that is
    asked for by the day. A stretch of days is neither. `today` is the meeting's day.
    """
    reader = _Reader(words, list(addressees), region or Region(), holidays)
    return [
        reading
        for raw in text.splitlines()
        if (line := _BULLET.sub("", raw).strip())
        for reading in reader.read(line, today=today, vote_date=vote_date)
    ]


def usual_verb(allowed: Iterable[str]) -> str | None:
    """Return what one says first to somebody to whom one may say `allowed`; None if nothing."""
    found = set(allowed)
    return next((verb for verb in USUAL if verb in found), None)


_BULLET = re.compile(r"^\s*(?:\d{1,2}[.)]\s+|[-*•]\s+)")

_KIND_OF_PLACE = frozenset({"kab", "kabupaten", "kota", "prov", "provinsi", "kec", "kecamatan"})
_RECEIVES = frozenset({"ke", "kepada", "bersama", "melalui", "di", "pada", "dgn", "terhadap"})
"""Before somebody who receives, helps or is where it happens; nobody is asked there."""
_LESS_LIKELY = frozenset({"dari", "oleh", "untuk", "utk"})
_ALL = frozenset({"semua", "seluruh", "para"})

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in a line: which words, who may be meant, at which place."""

    start: int
    end: int
    words: str
    ids: tuple[int, ...]
    reason: Why
    place: str = ""
    rank: int = 0


class _Reader:
    """Reads lines with the names of one meeting's table."""

    def __init__(
        self,
        words: MinutesWords,
        addressees: Sequence[Addressee],
        region: Region,
        holidays: Container[date],
    ) -> None:
        self.words = words
        self.region = region
        self.holidays = holidays
        self.by_id = {a.id: a for a in addressees}
        self.names = {folded(n): a for a in reversed(addressees) for n in a.names if n.strip()}
        self.by_kind: dict[tuple[str, str], Addressee] = {}
        for addressee in addressees:
            self.by_kind.setdefault((addressee.kind, addressee.place), addressee)
        self.titles = {
            name: tuple(kind.split(" ")) for kind, names in words.titles.items() for name in names
        }
        self.places = {folded(name): code for name, code in region.names.items()}
        self.known = (*self.names, *self.titles, *self.places)
        self.longest = max((name.count(" ") + 1 for name in self.known), default=1)

    def read(self, line: str, *, today: date, vote_date: date | None) -> list[ReadLine]:
        """Return a reading for each addressee of a line, one without if there is none.

        "A adds masts, in three days survey with B" are two deeds: the first is A's, its day is not
        said; the second has its day and is both A's and B's.
        """
        head, _comma, tail = line.rpartition(",")
        joined = self._joined(tail)
        first = self._read(head, today=today, vote_date=vote_date) if head and joined else []
        (second, *_more) = self._read(tail if joined else line, today=today, vote_date=vote_date)
        asked = {found.institution_id for found in first} - {None}
        days = said_days(
            tail,
            words=self.words.days,
            today=today,
            vote_date=vote_date,
            holidays=self.holidays,
        )
        if not (joined and asked and second.due_date and days and not tail[: days[0].at].strip()):
            return self._read(line, today=today, vote_date=vote_date)
        two = Reason(Why.TWO_DEEDS)
        told = tuple(r for r in second.reasons if r.why not in (Why.NOBODY, Why.SIMILAR))
        whose = [(found.institution_id, found.reasons[:1]) for found in first]
        whose += [(id, (Reason(joined.reason, joined.words),)) for id in joined.ids]
        both = {
            id: replace(
                second,
                text=tail.strip(),
                institution_id=id,
                place=second.place or first[0].place,
                reasons=(two, *why, *told),
            )
            for id, why in whose
        }
        return [*(replace(found, reasons=(two, *found.reasons)) for found in first), *both.values()]

    def _joined(self, clause: str) -> "_Mention | None":
        """Return with whom a clause says that something is done: "survei bersama Kominfo"."""
        tokens = [found[0].casefold() for found in _WORD.finditer(clause)]
        for at, word in enumerate(tokens[:-1]):
            if word == "bersama":
                mention, _end = self._mention(tokens, at + 1)
                return mention if mention and mention.ids else None
        return None

    def _read(self, line: str, *, today: date, vote_date: date | None) -> list[ReadLine]:
        words, plain = self.words, f" {folded(line)} "
        kind = next(
            (k for k, said in words.kinds.items() if any(f" {w} " in plain for w in said)), None
        )
        days = said_days(
            line, words=words.days, today=today, vote_date=vote_date, holidays=self.holidays
        )
        due, check = self._due_and_check(line, days)
        mentions, where = self._mentions([found[0].casefold() for found in _WORD.finditer(line)])
        is_asked = bool(check) or any(f" {word} " in plain for word in words.deadlines)
        if plain.startswith(_NEXT_MEETING) and not mentions:
            kind = OutcomeKind.INFORMATION
            due, check = None, check or due
        elif kind is OutcomeKind.INFORMATION and (is_asked or (due and mentions)):
            # Who shall report something by a day is asked, though the word is that of a report.
            kind = None
        asks = kind is not OutcomeKind.INFORMATION and bool(mentions or is_asked or due or kind)
        told = tuple(
            # "segera … paling lambat Jumat" has its day.
            _why_day(said)
            for said in days
            if not (due and said.meant is Meant.UNCLEAR)
        )
        if words.is_of_a_case(line):
            told = (Reason(Why.CASE), *told)
        readings: dict[int | None, ReadLine] = {}
        for mention in mentions if asks else ():
            for id in mention.ids:
                reasons = (Reason(mention.reason, mention.words), *told)
                if readings:
                    reasons = (Reason(Why.SAME_LINE), *reasons)
                place = mention.place or where
                reading = ReadLine(line, kind, id, due, check, place, asks, reasons)
                readings.setdefault(id, reading)
        if readings:
            return list(readings.values())
        nobody = (Reason(Why.NOBODY), *self._similar(plain.split())) if asks else ()
        first = mentions[0].ids[0] if mentions else None
        return [ReadLine(line, kind, first, due, check, where, asks, (*nobody, *told))]

    def _similar(self, tokens: Sequence[str]) -> tuple[Reason, ...]:
        """Return names that differ from known ones by a slip; a person decides."""
        found = []
        for length, at in product((2, 1), range(len(tokens))):
            said = " ".join(tokens[at : at + length])
            close = get_close_matches(said, self.known, 1, SLIP)
            if close and close != [said] and len(said) >= SHORTEST:
                found.append(Reason(Why.SIMILAR, f"{said} → {close[0]}"))
        return tuple(found[:1])

    def _due_and_check(self, line: str, days: Sequence[SaidDay]) -> tuple[date | None, date | None]:
        due: date | None = None
        check: date | None = None
        is_task = False
        end = 0
        for said in days:
            # A word of checking counts for the day that follows it, not beyond a number.
            between = f" {folded(line[end : said.at])}"
            since = between.rpartition(_last_number(between))[2]
            end = said.at + len(said.words)
            if said.day is None or said.day == due:  # "Senin, 4 November" is one day
                continue
            is_check = any(f" {word}" in since for word in self.words.checks)
            if is_check and is_task and due is None:
                due, check, is_task = check, said.day, False
            elif is_check and check is None:
                check = said.day
                is_task = not any(since.endswith(f" {word}") for word in self.words.checks)
            elif due is None:
                due = said.day
            elif check is None:
                check = said.day
        if due is None and is_task:  # "cek sinyal di Muba, lusa": to check is what is asked
            due, check = check, None
        return due, check

    def _mentions(self, tokens: Sequence[str]) -> tuple[list[_Mention], str]:
        """Return who is asked, and where it happens."""
        found: list[_Mention] = []
        where = ""
        alone: list[_Mention] = []
        at = 0
        while at < len(tokens):
            mention, end = self._mention(tokens, at)
            if mention is not None:
                if self._goes_on(found, mention, tokens):
                    mention = replace(mention, rank=found[-1].rank)
                found.append(mention)
            elif (place := self._place(tokens, at)) is not None:
                code, end = place
                if found and self._is_next(found[-1], at, tokens):
                    found += self._same_title(found[-1], code, at, end, tokens)
                else:
                    where = where or code
                    alone += self._alone(code, at, end, tokens)
            at = max(end, at + 1)
        found = self._with_shared_place(found, tokens)
        asked = self._chain([m for m in found if m.ids], tokens)
        if not asked and not found:
            asked = [m for m in alone if not where or m.start == 0][:1]
        return asked, where or next((m.place for m in asked if m.place), "")

    def _mention(self, tokens: Sequence[str], at: int) -> tuple[_Mention | None, int]:
        """Return who is named from a word on, by full name or by title and place."""
        for length in range(min(self.longest, len(tokens) - at), 0, -1):
            name, end = " ".join(tokens[at : at + length]), at + length
            if name in self.places and name in self.names:
                return None, at
            if (known := self.names.get(name)) is not None and name not in self.titles:
                rank = self._rank(tokens, at)
                return _Mention(at, end, name, (known.id,), Why.NAMED, known.place, rank), end
            if name in self.titles:
                return self._titled(tokens, at, end, name)
        return None, at

    def _titled(self, tokens: Sequence[str], at: int, end: int, name: str) -> tuple[_Mention, int]:
        kind, level = (*self.titles[name], "")[:2]
        rank = self._rank(tokens, at)
        if at and tokens[at - 1] in _ALL:
            every = tuple(a.id for a in self.by_id.values() if a.kind == kind)
            return _Mention(at, end, f"{tokens[at - 1]} {name}", every, Why.EVERY, "", rank), end
        place = self._place(tokens, end)
        code = place[0] if place else ""
        stop = place[1] if place else end
        said = " ".join(tokens[at:stop])
        ids, reason = self._known(kind, level, code)
        if not ids and not code and (known := self.names.get(name)):
            ids, reason = (known.id,), Why.NAMED
        return _Mention(at, stop, said, ids, reason, code, rank), stop

    def _known(self, kind: str, level: str, code: str) -> tuple[tuple[int, ...], Why]:
        """Return who bears a title at a place; below the table's own level its regent or mayor."""
        if not code:
            own = self.by_kind.get((kind, self.region.place))
            if own and level in ("", own.level):
                return (own.id,), Why.OWN_REGION
            return (), Why.NOBODY
        known = self.by_kind.get((kind, code))
        if known:
            return (known.id,), Why.NAMED
        head = next((id for place, id in self.region.heads.items() if code.startswith(place)), None)
        if head is not None and kind in self.region.directed:
            return (head,), Why.THROUGH_HEAD
        around = [
            addressee
            for (k, place), addressee in self.by_kind.items()
            if k == kind and place not in ("", self.region.place) and code.startswith(place)
        ]
        return ((around[0].id,), Why.NAMED) if around else ((), Why.NOBODY)

    def _same_title(
        self, before: _Mention, code: str, at: int, end: int, tokens: Sequence[str]
    ) -> list[_Mention]:
        """Return the second place of "Bupati OKI dan Ogan Ilir"."""
        if not before.ids or not before.place:
            return []
        kinds = {self.by_id[id].kind for id in before.ids if id in self.by_id}
        for kind in kinds:
            ids, reason = self._known(kind, "", code)
            if ids:
                said = " ".join(tokens[at:end])
                return [_Mention(at, end, said, ids, reason, code, before.rank)]
        return []

    def _with_shared_place(
        self, found: Sequence[_Mention], tokens: Sequence[str]
    ) -> list[_Mention]:
        """Give "KPU dan Polres Banyuasin" one place: the first takes that of the second."""
        made = list(found)
        for number in range(len(made) - 2, -1, -1):
            one, after = made[number], made[number + 1]
            is_open = not one.place and one.reason in (Why.OWN_REGION, Why.NOBODY)
            if is_open and after.place and self._is_next(one, after.start, tokens):
                title = self.titles.get(one.words, ("",))
                ids, reason = self._known(title[0], "", after.place)
                if ids and (len(title) == 1 or title[1] != "PROVINCE"):
                    made[number] = _Mention(
                        one.start, one.end, one.words, ids, reason, after.place, one.rank
                    )
        return made

    def _chain(self, found: Sequence[_Mention], tokens: Sequence[str]) -> list[_Mention]:
        """Return the most likely addressee with those that are joined to it."""
        likely = [m for m in found if m.rank < _NEVER]
        if not likely:
            return []
        first = min(likely, key=lambda m: (m.rank, m.start))
        chain = [first]
        for mention in likely:
            if mention.start > first.start and self._is_next(chain[-1], mention.start, tokens):
                chain.append(mention)
        return chain

    def _alone(self, code: str, at: int, end: int, tokens: Sequence[str]) -> list[_Mention]:
        """Return the regent of a place that stands alone, as desks write."""
        name = " ".join(tokens[at:end])
        known = self.names.get(name)
        head = known.id if known else self.region.heads.get(code)
        if head is None or self._rank(tokens, at) != 0:
            return []
        return [_Mention(at, end, name, (head,), Why.PLACE_ALONE, code, 0)]

    def _place(self, tokens: Sequence[str], at: int) -> tuple[str, int] | None:
        """Return the place named from a word on, and where its name ends."""
        start = at
        while at < len(tokens) and tokens[at] in _KIND_OF_PLACE:
            at += 1
        for length in range(min(self.longest, len(tokens) - at), 0, -1):
            code = self.places.get(" ".join(tokens[at : at + length]))
            if code is not None:
                return code, at + length
        if at > start and tokens[at - 1] in ("provinsi", "prov"):
            return self.region.place, at
        return None

    def _rank(self, tokens: Sequence[str], at: int) -> int:
        before = tokens[at - 1] if at else ""
        if before in _RECEIVES:
            return _NEVER
        return 1 if before in _LESS_LIKELY else 0

    def _is_next(self, before: _Mention, at: int, tokens: Sequence[str]) -> bool:
        """Tell whether only a joining word, or none, stands between two names."""
        between = tokens[before.end : at]
        return not between or (len(between) == 1 and between[0] in ("dan", "serta"))

    def _goes_on(self, found: Sequence[_Mention], mention: _Mention, tokens: Sequence[str]) -> bool:
        return bool(found) and self._is_next(found[-1], mention.start, tokens)


SLIP, SHORTEST = 0.88, 5
"""How alike a misspelt name must be, and how long: below, common words are taken for names."""

_NEVER = 9
_NEXT_MEETING = (" rapat berikut", " rakor berikut")


def _last_number(text: str) -> str:
    return next((word for word in reversed(text.split()) if word[0].isdigit()), "\0")


def _why_day(said: SaidDay) -> Reason:
    if said.meant is Meant.PERIOD:
        return Reason(Why.PERIOD, said.words)
    if said.meant is Meant.NEVER:
        return Reason(Why.NO_SUCH_DAY, said.words)
    return Reason(Why.DAY if said.day else Why.UNCLEAR_DAY, said.words, said.day)
