"""The curve of progress against target, in per cent over days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar

from serentak.kernel.countdown import countdown_label

from .scale import DayScale, coordinate

WIDTH, HEIGHT = 340.0, 232.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 310.0, 24.0, 206.0
TWIN_ROWS = 8


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Per cent (0 to 100) on a day."""

    day: date
    percent: float


@dataclass(frozen=True, slots=True)
class Band:
    """Per cent that is expected on a day: in 10, 50 and 90 of 100 cases no more."""

    day: date
    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """What happened, up to today, against the target; both in the order of days.

    `ahead` is what is expected from today on, drawn as a fan. `what` says what the per cent divide
    by, and stands above the axis.
    """

    actual: Sequence[CurvePoint]
    target: Sequence[CurvePoint]
    today: date
    vote_date: date
    title: str
    what: str
    ahead: Sequence[Band] = ()
    template: ClassVar[str] = "platform/charts/_curve.html"

    def layout(self) -> dict[str, Any]:
        """Return what the template draws."""
        days = [p.day for p in (*self.actual, *self.target)] + [self.today]
        scale = DayScale(min(days), max(days), LEFT, RIGHT)
        last = self.actual[-1] if self.actual else None
        return {
            "title": self.title,
            "what": self.what,
            "size": f"0 0 {coordinate(WIDTH)} {coordinate(HEIGHT)}",
            "grid": [
                {"y": coordinate(_y(v)), "text_y": coordinate(_y(v) + 3.5), "text": str(v)}
                for v in (0, 25, 50, 75, 100)
            ],
            "ticks": [
                {
                    "x": coordinate(scale.start_of(day)),
                    "text": countdown_label(day, vote_date=self.vote_date),
                }
                for day in scale.countdown_ticks(self.vote_date, room=52)
            ],
            "target": _path(self.target, scale),
            "actual": _path(self.actual, scale),
            "ahead": _path([CurvePoint(b.day, b.likely) for b in self.ahead], scale),
            "fan": self._fan(scale),
            "today": coordinate(scale.start_of(self.today)),
            "dot": _dot(last, scale) if last else None,
            "twin": self._twin(),
        }

    def _fan(self, scale: DayScale) -> str:
        """Return the outline of what is expected: along its upper side and back on the lower."""
        upper = [CurvePoint(b.day, b.high) for b in self.ahead]
        lower = [CurvePoint(b.day, b.low) for b in reversed(self.ahead)]
        return f"{_path([*upper, *lower], scale)}Z" if self.ahead else ""

    def _twin(self) -> list[dict[str, Any]]:
        """Give days of the target, evenly thinned out, and today."""
        bands = {band.day: band for band in self.ahead}
        days = sorted({p.day for p in self.target} | {self.today})
        step = max(1, -(-len(days) // TWIN_ROWS))
        chosen = [d for i, d in enumerate(days) if i % step == 0 or d in (self.today, days[-1])]
        return [
            {
                "label": countdown_label(d, vote_date=self.vote_date),
                "is_today": d == self.today,
                "target": _at(self.target, d),
                "actual": _at(self.actual, d) if d <= self.today else None,
                "band": bands.get(d),
            }
            for d in chosen
        ]


def _y(percent: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(max(percent, 0.0), 100.0) / 100


def _path(points: Sequence[CurvePoint], scale: DayScale) -> str:
    pairs = [f"{coordinate(scale.start_of(p.day))} {coordinate(_y(p.percent))}" for p in points]
    return "M" + "L".join(pairs) if pairs else ""


def _dot(last: CurvePoint, scale: DayScale) -> dict[str, Any]:
    """Place the dot of the last value, and its label below the curve."""
    x, y = scale.start_of(last.day), _y(last.percent)
    at_right = x > (LEFT + RIGHT) * 0.8
    return {
        "percent": last.percent,
        "x": coordinate(x),
        "y": coordinate(y),
        "text_x": coordinate(x - 8 if at_right else x + 8),
        "text_y": coordinate(min(y + 15, BOTTOM - 6)),
        "css": "e" if at_right else "",
    }


def _at(points: Sequence[CurvePoint], day: date) -> float | None:
    """Read the curve on a day, straight between its points; None outside them."""
    for before, after in pairwise(points):
        if before.day <= day <= after.day:
            share = (day - before.day).days / max((after.day - before.day).days, 1)
            return before.percent + (after.percent - before.percent) * share
    return next((p.percent for p in points if p.day == day), None)
