"""Which days a line of minutes names: dates, weekdays, days from the vote, and days from today."""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from serentak.kernel.century import is_of_this_century
from serentak.kernel.countdown import day_of, parse_countdown
from serentak.kernel.workdays import add_working_days

DAY = timedelta(days=1)


class Meant(StrEnum):
    """What words of time are: a day, a stretch of days, too little, or a day that never comes."""

    DAY = "DAY"
    PERIOD = "PERIOD"
    UNCLEAR = "UNCLEAR"
    NEVER = "NEVER"


@dataclass(frozen=True, slots=True)
class SaidDay:
    """Words of a line and the day they mean; of a period or of what is unclear there is none."""

    at: int
    words: str
    day: date | None
    meant: Meant = Meant.DAY


@dataclass(frozen=True, slots=True)
class DayWords:
    """Names by which minutes call months, weekdays, counts and days near today."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    counts: Mapping[str, int]
    tomorrow: Mapping[str, int]


def said_days(
    line: str,
    *,
    words: DayWords,
    today: date,
    vote_date: date | None,
    holidays: Container[date],
) -> list[SaidDay]:
    """Return the days that a line names, in its order.

    A day without a year lies in the year nearest to today, a day of the month and a weekday lie
    ahead. "Before" a day means the day before it. Working days leave out `holidays`. Sums, hours
    and codes of places are no days.
    """
    reader = _Reader(words, today, vote_date, holidays)
    left = _NO_DAYS.sub(lambda found: " " * len(found[0]), line)
    found: list[SaidDay] = []
    for pattern, read in reader.patterns():
        for match in pattern.finditer(left):
            meant, day = read(match)
            if day is not None or meant is not Meant.DAY:
                found.append(SaidDay(match.start(), match[0].strip(), day, meant))
            left = left[: match.start()] + " " * len(match[0]) + left[match.end() :]
    told = (_of_this_century(_before(line, said)) for said in found)
    return sorted(told, key=lambda said: said.at)


def _of_this_century(said: SaidDay) -> SaidDay:
    """Return a day that no calendar of ours holds as one that never comes."""
    if said.day is None or is_of_this_century(said.day):
        return said
    return SaidDay(said.at, said.words, None, Meant.NEVER)


def _before(line: str, said: SaidDay) -> SaidDay:
    """Return the day before the one named, where the line says "before" it."""
    head = _BEFORE.search(line[: said.at])
    if head is None or said.day is None or said.meant is not Meant.DAY or said.day == date.min:
        return said
    return SaidDay(head.start(), f"{head[0]}{said.words}", said.day - DAY)


_BEFORE = re.compile(r"\b(?:sebelum|sblm)\s+(?:hari\s+|tgl\.?\s+|tanggal\s+)?$", re.I)

_NO_DAYS = re.compile(
    r"\b(?:rp\.?\s*)?\d+(?:[.,]\d+)*\s*(?:m|jt|juta|miliar|milyar|ribu|triliun|persen)\b"
    r"|\d+(?:[.,]\d+)?\s*%"
    r"|\b(?:pukul|jam|pkl\.?)\s*\d{1,2}(?:[.:]\d{2})?"
    r"|\b\d{1,2}[.:]\d{2}\s*(?:wib|wita|wit)\b"
    r"|\b\d{2}\.\d{2}(?:\.\d{2,4})*\b",
    re.I,
)
"""Sums, shares, hours and codes of places."""

_Read = Callable[["re.Match[str]"], tuple[Meant, date | None]]


@dataclass(frozen=True, slots=True)
class _Reader:
    words: DayWords
    today: date
    vote_date: date | None
    holidays: Container[date]

    def patterns(self) -> list[tuple["re.Pattern[str]", _Read]]:
        """Return what is looked for, the longer words before those that stand in them."""
        month, weekday = _any(self.words.months), _any(self.words.weekdays)
        count = rf"(?:\d{{1,2}}|{_any(self.words.counts)})"
        week = r"(?:minggu|pekan)"
        day = _any(self.words.tomorrow)
        dash = r"\s*(?:[-–]|s[./]?\s?d\.?|sampai(?:\s+dengan)?)\s*"
        # "Kamis 7 Nov" is that date, and not the next Thursday.
        beside = rf"(?:\b(?:{weekday})\s*,?\s+)?"
        named = rf"(?:\b(?:{weekday})\s*,?\s+(?:tgl\.?\s*|tanggal\s+)?)?"
        rows: list[tuple[str, _Read]] = [
            (rf"\b\d{{1,2}}(?:\s+(?:{month}))?{dash}\d{{1,2}}\s+(?:{month})\b", self._period),
            (rf"\bH\s*[-–+]\s*\d+{dash}H\s*[-–+]?\s*\d*", self._period),
            (rf"{named}\b(\d{{1,2}})\s+({month})\b\.?(?:\s+(\d{{4}})\b)?", self._named),
            (
                rf"{named}\b(\d{{1,2}})([/-])(\d{{1,2}})(?:\2(\d{{4}}|\d{{2}}))?\b(?![/-])",
                self._numbered,
            ),
            (r"\bH\s*(?:(min(?:us)?)\s*|([-–+])\s*)(\d{1,4})\b", self._countdown),
            (
                rf"{beside}\b(?:tgl\.?|tanggal)\s*(\d{{1,2}})\b(?:\s+bulan\s+(ini|depan))?",
                self._of_the_month,
            ),
            (r"\b(\d{1,2})\s*[x×]\s*24\s*jam\b", self._hours),
            (rf"\b(?:dalam\s+)?({count})\s+hari\s+kerja\b", self._working_days),
            (rf"\bdalam\s+({count})\s+({week}|hari)\b", self._ahead),
            (rf"\b({count})\s+({week}|hari)\s+(?:lagi|ke\s*depan)\b", self._ahead),
            (rf"\bse({week})\s+(?:lagi|ke\s*depan)\b", self._one_week),
            (rf"\b({weekday})\s+{week}\s+depan\b", self._next_week),
            (rf"\b{week}\s+ini\b", self._this_week),
            (rf"\b{week}\s+depan\b", self._unclear),
            (
                r"\bakhir\s+(?:pekan|minggu)\b|\bawal\s+(?:bulan|pekan|minggu)\s+depan\b",
                self._unclear,
            ),
            (r"\bakhir\s+bulan(?:\s+ini)?\b", self._end_of_month),
            (r"\b(?:masa|hari)\s+tenang\b", self._quiet),
            (r"\b(?:hari\s+)?(?:pencoblosan|pemungutan\s+suara)\b", self._vote),
            (rf"\bhari\s+({weekday}|minggu)\b", self._weekday),
            (rf"\b({weekday})\b(?:\s+depan\b)?", self._weekday),
            (rf"\b({day})\b", self._near),
            (r"\b(?:segera|secepatnya)\b", self._unclear),
        ]
        return [(re.compile(text, re.I), read) for text, read in rows]

    def _period(self, _found: "re.Match[str]") -> tuple[Meant, date | None]:
        return Meant.PERIOD, None

    def _unclear(self, _found: "re.Match[str]") -> tuple[Meant, date | None]:
        return Meant.UNCLEAR, None

    def _named(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        month = self.words.months[found[2].lower()]
        day = self._nearest(int(found[1]), month, found[3])
        return (Meant.DAY, day) if day else (Meant.NEVER, None)

    def _numbered(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        day = self._nearest(int(found[1]), int(found[3]), found[4])
        # Without a year it may be a share or a number; with one it was meant for a day.
        return (Meant.DAY, day) if day or not found[4] else (Meant.NEVER, None)

    def _nearest(self, day: int, month: int, year: str | None) -> date | None:
        if year:
            years = [int(year) + (2000 if len(year) == len("25") else 0)]
        else:
            years = [self.today.year - 1, self.today.year, self.today.year + 1]
        days = [made for number in years if (made := _date(number, month, day))]
        return min(days, key=lambda d: abs((d - self.today).days), default=None)

    def _countdown(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        if self.vote_date is None:
            return Meant.UNCLEAR, None
        sign = "+" if found[2] == "+" else "-"
        return Meant.DAY, day_of(parse_countdown(f"H{sign}{found[3]}"), vote_date=self.vote_date)

    def _of_the_month(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        first = self.today.replace(day=1)
        later = (first + 31 * DAY).replace(day=1)
        said = {"ini": [first], "depan": [later]}.get((found[2] or "").lower(), [first, later])
        made = [day for month in said if (day := _date(month.year, month.month, int(found[1])))]
        ahead = [day for day in made if day >= self.today]
        return Meant.DAY, next(iter(ahead or made), None)

    def _hours(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        return Meant.DAY, self.today + int(found[1]) * DAY

    def _count(self, text: str) -> int:
        return int(text) if text.isdecimal() else self.words.counts[text.lower()]

    def _working_days(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        count = self._count(found[1])
        return Meant.DAY, add_working_days(self.today, count, holidays=self.holidays)

    def _ahead(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        days = 1 if found[2].lower() == "hari" else 7
        return Meant.DAY, self.today + self._count(found[1]) * days * DAY

    def _one_week(self, _found: "re.Match[str]") -> tuple[Meant, date | None]:
        return Meant.DAY, self.today + 7 * DAY

    def _weekday(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        number = self.words.weekdays.get(found[1].lower(), 6)
        return Meant.DAY, self.today + ((number - self.today.weekday() - 1) % 7 + 1) * DAY

    def _next_week(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        monday = self.today - self.today.weekday() * DAY + 7 * DAY
        return Meant.DAY, monday + self.words.weekdays[found[1].lower()] * DAY

    def _this_week(self, _found: "re.Match[str]") -> tuple[Meant, date | None]:
        friday = self.today + (4 - self.today.weekday()) * DAY
        return (Meant.DAY, friday) if friday >= self.today else (Meant.UNCLEAR, None)

    def _end_of_month(self, _found: "re.Match[str]") -> tuple[Meant, date | None]:
        return Meant.DAY, (self.today.replace(day=1) + 31 * DAY).replace(day=1) - DAY

    def _quiet(self, _found: "re.Match[str]") -> tuple[Meant, date | None]:
        return self._from_vote(QUIET_DAYS)

    def _vote(self, _found: "re.Match[str]") -> tuple[Meant, date | None]:
        return self._from_vote(0)

    def _from_vote(self, days: int) -> tuple[Meant, date | None]:
        if self.vote_date is None:
            return Meant.UNCLEAR, None
        return Meant.DAY, self.vote_date - days * DAY

    def _near(self, found: "re.Match[str]") -> tuple[Meant, date | None]:
        return Meant.DAY, self.today + self.words.tomorrow[found[1].lower()] * DAY


QUIET_DAYS = 3
"""The quiet period before the vote (UU 10/2016)."""


def _any(words: Mapping[str, int]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
