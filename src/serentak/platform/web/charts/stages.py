"""The timeline of an election's stages, with today and how far the running ones are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from serentak.kernel.countdown import countdown_label
from serentak.platform.web.formats import day, day_span

from .scale import DayScale, coordinate, text_width

WIDTH = 1160.0
TOP = 20.0
ROW = 21.0
BAR = 14.0
FOOT = 22.0
PROGRESS_TEXT = 24
"""Characters kept free for the count of days behind a running stage's name."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage from `start` to `end`; the vote itself `is_vote`."""

    label: str
    start: date
    end: date
    is_vote: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class StageTimeline:
    """Stages in the order given, drawn between `first` and `last`; all stand in the text twin."""

    stages: Sequence[Stage]
    today: date
    vote_date: date
    title: str
    first: date | None = None
    last: date | None = None
    template: ClassVar[str] = "platform/charts/_stages.html"

    def layout(self) -> dict[str, Any]:
        """Return what the template draws."""
        scale = self._scale()
        y, bars = TOP, []
        for stage in self.stages:
            if stage.end < scale.first or stage.start > scale.last:
                continue
            bar, height = self._bar(stage, y, scale)
            bars.append(bar)
            y += height
        today = scale.start_of(self.today) if scale.shows(self.today) else None
        return {
            "title": self.title,
            "width": coordinate(WIDTH),
            "height": coordinate(y + FOOT),
            "top": coordinate(TOP - 4),
            "bottom": coordinate(y + 2),
            "foot": coordinate(y + 16),
            "ticks": [
                {
                    "x": coordinate(scale.start_of(tick)),
                    "text": day(tick, "short"),
                    "css": "" if scale.start_of(tick) < 30 else "c",
                }
                for tick in scale.month_ticks()
            ],
            "bars": bars,
            "today": coordinate(today) if today is not None else "",
            "today_css": "" if today is not None and today < 60 else "c",
            "today_label": countdown_label(self.today, vote_date=self.vote_date),
            "twin": [
                {
                    "stage": stage,
                    "when": self._when(stage),
                    "span": day_span(stage.start, stage.end),
                    "progress": self._progress(stage),
                }
                for stage in self.stages
            ],
        }

    def _scale(self) -> DayScale:
        first = self.first or min([s.start for s in self.stages] + [self.today])
        last = self.last or max([s.end for s in self.stages] + [self.today])
        return DayScale(first, last + timedelta(1), 8, WIDTH - 8)

    def _when(self, stage: Stage) -> str:
        if stage.end < self.today:
            return "past"
        return "now" if stage.start <= self.today else "ahead"

    def _progress(self, stage: Stage) -> tuple[int, int] | None:
        """Say which day of how many a running stage of several days is in."""
        total = (stage.end - stage.start).days + 1
        if self._when(stage) != "now" or total == 1:
            return None
        return (self.today - stage.start).days + 1, total

    def _bar(self, stage: Stage, y: float, scale: DayScale) -> tuple[dict[str, Any], float]:
        left, right = scale.start_of(stage.start), scale.end_of(stage.end)
        label = f"{stage.label} {day_span(stage.start, stage.end)}"
        progress = self._progress(stage)
        width = text_width(label + " " * (PROGRESS_TEXT if progress else 0)) * 1.05
        height = ROW
        if left - width - 8 > scale.left:
            text = {"x": coordinate(left - 7), "y": coordinate(y + 11), "css": "e"}
        elif right + width + 8 < scale.right:
            text = {"x": coordinate(right + 7), "y": coordinate(y + 11), "css": ""}
        else:
            text = {"x": coordinate(left), "y": coordinate(y + BAR + 14), "css": ""}
            height = ROW + 16
        when = self._when(stage)
        bar = {
            "label": label,
            "progress": progress,
            "is_strong": when == "now" or stage.is_vote,
            "text": text,
            "x": coordinate(left),
            "y": coordinate(y),
            "width": coordinate(max(right - left, 3)),
            "height": coordinate(BAR),
            "kind": "vote" if stage.is_vote else when,
            "done": coordinate(max(scale.start_of(self.today) - left, 0)),
        }
        return bar, height
