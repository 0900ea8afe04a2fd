"""What pages of quality share: their head, and figures with their interval drawn."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number, share
from serentak.platform.web.heads import head_of
from serentak.quality import words
from serentak.quality.queries.catalogues import catalogue
from serentak.quality.rules.catalogue import Indicator, Print
from serentak.quality.rules.judging import Judged
from serentak.quality.rules.weighing import Mark, Profile


def head(place: PlaceCode, title: str | Promise = "", about: str | Promise = "") -> dict[str, Any]:
    """Return what every page of a place shows above; 404 of places without a scorecard."""
    if level_of(place) not in (Level.PROVINCE, Level.REGENCY):
        raise Http404
    area = (_("Quality"), reverse("quality:place", args=[place]))
    whole = _("Quality of the election in %(place)s")
    return head_of(places.path(place), area, whole=whole, title=title, facts=[about])


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval from 0 to 100 as it is drawn: where it begins, how long, where the value is."""

    x: str
    width: str
    at: str


def bar(low: float, high: float, value: float) -> Bar:
    """Return how an interval on the scale from 0 to 1 is drawn."""
    return Bar(f"{low * 100:.1f}", f"{max(0.8, (high - low) * 100):.1f}", f"{value * 100:.1f}")


def value_text(one: Indicator, value: float | None) -> str:
    """Return a value as its indicator is printed, without false decimals."""
    if value is None:
        return ""
    match one.unit:
        case Print.PERCENT:
            return share(round(value, 3), 1)
        case Print.PER_1000:
            return number(round(value * 1000, 1), 1)
        case Print.POINTS:
            return number(round(value * 100, 1), 1)
        case _:
            return number(round(value))


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator at a place as a page shows it; `why` says why there is no figure."""

    key: str
    name: str
    question: str
    whose: str
    moment: str
    value: str
    interval: str
    counts: str
    bar: Bar | None
    why: str
    unit: str


def line(one: Indicator, judged: Judged | None) -> Line:
    """Return an indicator with its figure, or with what is missing."""
    why, value, interval, counts, drawn = "", "", "", "", None
    if judged is None:
        why = _("cannot be computed yet")
    elif judged.hidden:
        why = str(words.HIDDEN[judged.hidden])
    else:
        value = value_text(one, judged.value)
        ends = [value_text(one, end) for end in (judged.low, judged.high)]
        interval = "" if ends[0] == ends[1] else f"{ends[0]} – {ends[1]}"
        counts = _("%(good)s of %(of)s") % {"good": number(judged.good), "of": number(judged.of)}
        if judged.scaled is not None:
            drawn = bar(judged.scaled_low or 0.0, judged.scaled_high or 0.0, judged.scaled)
    return Line(
        one.key,
        said(one.name),
        said(one.question),
        str(words.WHOSE[one.who]),
        str(words.MOMENTS[one.moment]),
        value,
        interval,
        counts,
        drawn,
        why,
        str(words.UNITS[one.unit]),
    )


@dataclass(frozen=True, slots=True)
class MarkLine:
    """A principle as a page shows it."""

    key: str
    name: str
    law: str
    points: str
    bar: Bar | None
    shown: str


def mark_lines(found: Profile) -> list[MarkLine]:
    """Return the principles of a profile in the order of the catalogue."""
    return [_mark_line(key, found.marks[key]) for key in catalogue().frame.principles]


def _mark_line(key: str, mark: Mark) -> MarkLine:
    principle = catalogue().frame.principles[key]
    drawn, points = None, ""
    if mark.value is not None and mark.low is not None and mark.high is not None:
        drawn = bar(mark.low, mark.high, mark.value)
        points = _("%(value)s (%(low)s to %(high)s)") % {
            "value": number(round(mark.value * 100)),
            "low": number(round(mark.low * 100)),
            "high": number(round(mark.high * 100)),
        }
    shown = _("%(n)s of %(of)s") % {"n": number(mark.shown), "of": number(mark.of)}
    return MarkLine(key, said(principle.name), principle.law, points, drawn, shown)


def missing_texts(key: str) -> list[str]:
    """Return what must still be recorded for an indicator."""
    return [said(one.text) for one in catalogue().frame.missing if one.what == key]
