"""How numbers, dates and times are written: 13.206, 71,3 %, Rabu, 27 November 2024, 20.40 WIB."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from serentak.kernel.countdown import countdown_label

NOTHING = "–"
"""Shown where a figure is unknown; never a zero."""

Numeric = int | float | Decimal

DAY_STYLES = {
    "full": "l, j F Y",
    "long": "l, j M Y",
    "medium": "j M Y",
    "weekday": "l, j M",
    "paper": "j F Y",
    "short": "j M",
}

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def number(value: Numeric | None, places: int = 0) -> str:
    """Write `value` with the reader's separators and `places` decimals; – for None."""
    if value is None:
        return NOTHING
    if type(value) is int and not places:  # by far the most numbers of a page
        grouped = f"{value:,}".replace("-", "−", 1)
        return grouped if _is_english() else grouped.replace(",", ".")
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    text = formats.number_format(rounded, places, force_grouping=True)
    return text.replace("-", "−", 1)


def percent(value: Numeric | None, places: int = 0) -> str:
    """Write `value`, already in per cent, as `71,3%` (Indonesian) or `71.3%` (English)."""
    if value is None:
        return NOTHING
    return f"{number(value, places)}%"


def share(value: Numeric | None, places: int = 0) -> str:
    """Write `value`, a share from 0 to 1, in per cent."""
    return percent(None if value is None else Decimal(str(value)) * 100, places)


def file_size(size: int) -> str:
    """Write bytes as kB or MB, as the limits are written."""
    if size < 1024 * 1024:
        return f"{number(max(1, round(size / 1024)))} kB"
    return f"{number(size / 1024 / 1024, 1)} MB"


def day(value: date | None, style: str = "medium") -> str:
    """Write a calendar day; `style` is one of `DAY_STYLES`; – for None.

    A moment is taken as its day in the current zone.
    """
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = local(value).date()
    return _day(value, style, get_language())


@lru_cache(maxsize=4096)
def _day(value: date, style: str, language: str | None) -> str:
    """Write a day in the language that is spoken now; a few dozen stand all over a page."""
    return formats.date_format(value, DAY_STYLES[style])


def day_span(start: date, end: date, style: str = "short") -> str:
    """Write `25 Sep–23 Nov`, or `24–26 Nov` within a month, or one day."""
    if start == end:
        return day(start, style)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{day(end, style)}"
    return f"{day(start, style)}–{day(end, style)}"


def local(value: datetime, zone: str | None = None) -> datetime:
    """Return `value` in `zone`, or in the current one (the province's)."""
    return timezone.localtime(value, ZoneInfo(zone) if zone else None)


def clock_time(value: datetime | None, zone: str | None = None) -> str:
    """Write `20.40` in the zone of the province."""
    if value is None:
        return NOTHING
    return local(value, zone).strftime("%H:%M" if _is_english() else "%H.%M")


def moment(value: datetime | None, zone: str | None = None, style: str = "medium") -> str:
    """Write `28 Okt 2024, 09.30 WIB`: day, time and the zone's name."""
    if value is None:
        return NOTHING
    there = local(value, zone)
    return f"{day(there.date(), style)}, {clock_time(value, zone)} {there.tzname()}"


def countdown(value: date | None, vote_date: date) -> str:
    """Write `H-30`."""
    return NOTHING if value is None else countdown_label(value, vote_date=vote_date)


def overdue(days: int) -> str:
    """Write how long a date has passed: `Lewat 123 hari`."""
    text = ngettext("%(days)s day overdue", "%(days)s days overdue", days)
    return text % {"days": number(days)}


def due(value: date | None, *, today: date, vote_date: date) -> str:
    """Write when something is due: `H-28`, or by how much it is overdue."""
    if value is None:
        return NOTHING
    late = (today - value).days
    return overdue(late) if late > 0 else countdown_label(value, vote_date=vote_date)


def target_day(target: date, first: date | None = None) -> str:
    """Write a target, and the day first agreed where it was moved since."""
    text = _("target %(day)s") % {"day": day(target, "short")}
    return f"{text}, {first_day(first)}" if first else text


def first_day(first: date) -> str:
    """Write the day that was agreed first, beside the day to which it was moved."""
    return _("first %(day)s") % {"day": day(first, "short")}


def days_of_margin(days: int | None) -> str:
    """Write days of margin; a negative margin is said as such."""
    if days is None:
        return NOTHING
    if days < 0:
        text = ngettext("%(days)s day too late", "%(days)s days too late", -days)
        return text % {"days": number(-days)}
    if days == 0:
        return _("no margin")
    return ngettext("%(days)s day of margin", "%(days)s days of margin", days) % {
        "days": number(days)
    }


def fact(value: object) -> object:
    """Write a fact of an event as a person reads it: whole numbers and days; the rest as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    return value


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def stopped(text: str) -> str:
    """Return a sentence with its full stop; what ends already keeps its own sign."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
