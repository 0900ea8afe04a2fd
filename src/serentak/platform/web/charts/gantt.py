"""The bar chart of activities: when each runs, its target, what is critical, today and the vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from django.utils.functional import Promise

from serentak.kernel.countdown import countdown_label
from serentak.kernel.status import Status
from serentak.platform.web.vocabulary import STATUS_KEY, STATUS_WORD

from .scale import DayScale, coordinate, text_width

WIDTH = 1160.0
LABELS = 300.0
TOP = 30.0
FOOT = 24.0
BAR = 14.0
GAP = 6.0


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One activity: runs from `start` to `end` (both whole days), should end by `target`.

    `done_share` (0 to 1) fills that part of the bar. `note` stands beside the bar, `link` leads
    from the text twin to the activity. Rows of one `group` stand under its name.
    """

    label: str
    start: date
    end: date
    target: date | None = None
    is_critical: bool = False
    done_share: float | None = None
    status: Status | None = None
    note: str = ""
    link: str = ""
    group: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Gantt:
    """Rows in the order given; `title` is what a screen reader says in place of the drawing."""

    rows: Sequence[GanttRow]
    today: date
    vote_date: date
    title: str
    template: ClassVar[str] = "platform/charts/_gantt.html"

    def layout(self) -> dict[str, Any]:
        """Return what the template draws."""
        scale = self._scale()
        step = 25.0 if len(self.rows) <= 24 else 20.0
        y, group = TOP, ""
        bars, heads = [], []
        for row in self.rows:
            begins = str(row.group) != group
            if begins:
                group = str(row.group)
                heads.append({"text": group, "y": coordinate(y + 16)})
                y += step
            bar = self._bar(row, y + (step - BAR) / 2, scale)
            bars.append(bar | {"heading": group if begins else ""})
            y += step
        return {
            "title": self.title,
            "width": coordinate(WIDTH),
            "height": coordinate(y + FOOT),
            "top": coordinate(TOP - 4),
            "bottom": coordinate(y),
            "foot": coordinate(y + 16),
            "label_end": coordinate(LABELS - 14),
            "ticks": [
                {
                    "x": coordinate(scale.middle_of(day)),
                    "text": countdown_label(day, vote_date=self.vote_date),
                }
                for day in scale.countdown_ticks(self.vote_date)
            ],
            "heads": heads,
            "bars": bars,
            "lines": self._lines(scale),
            "has_critical": any(row.is_critical for row in self.rows),
            "has_target": any(row.target for row in self.rows),
        }

    def _scale(self) -> DayScale:
        days = [d for r in self.rows for d in (r.start, r.end, r.target) if d]
        first = min([*days, self.today]) - timedelta(1)
        last = max([*days, self.today, self.vote_date]) + timedelta(1)
        return DayScale(first, last, LABELS, WIDTH - 8)

    def _bar(self, row: GanttRow, y: float, scale: DayScale) -> dict[str, Any]:
        left, right = scale.start_of(row.start), scale.end_of(row.end)
        width = max(right - left, 3.0)
        middle = y + BAR / 2
        diamond = scale.middle_of(row.target) if row.target else None
        outer = max(left + width, (diamond or 0) + 6) + GAP
        fits = outer + text_width(row.note) < WIDTH - 8
        inner = min(left, (diamond or left) - 6) - GAP
        share = row.done_share
        return {
            "row": row,
            "key": STATUS_KEY[row.status] if row.status else "",
            "word": STATUS_WORD[row.status] if row.status else "",
            "short": _shortened(row.label, LABELS - (64 if row.is_critical else 20)),
            "x": coordinate(left),
            "y": coordinate(y),
            "width": coordinate(width),
            "height": coordinate(BAR),
            "done": coordinate(width * min(max(share, 0.0), 1.0)) if share is not None else "",
            "baseline": coordinate(middle + 4),
            "diamond": f"M{coordinate(diamond)} {coordinate(middle - 6)}l6 6-6 6-6-6z"
            if diamond is not None
            else "",
            "note_x": coordinate(outer if fits else inner),
            "note_css": "" if fits else "e",
            "starts": countdown_label(row.start, vote_date=self.vote_date),
            "ends": countdown_label(row.end, vote_date=self.vote_date),
            "target": countdown_label(row.target, vote_date=self.vote_date) if row.target else "",
        }

    def _lines(self, scale: DayScale) -> dict[str, dict[str, str]]:
        """Today and the vote; where they stand close together their labels turn away."""
        today, vote = scale.middle_of(self.today), scale.middle_of(self.vote_date)
        are_close = abs(today - vote) < 150
        lines = {}
        if scale.shows(self.today):
            before = today < vote
            lines["today"] = {
                "x": coordinate(today),
                "css": ("e" if before else "") if are_close else "c",
                "text": countdown_label(self.today, vote_date=self.vote_date),
            }
        if scale.shows(self.vote_date):
            at_edge = vote > WIDTH - 60
            lines["vote"] = {"x": coordinate(vote), "css": "e" if at_edge else "c"}
            if are_close:
                lines["vote"]["css"] = "" if today < vote and not at_edge else "e"
        return lines


def _shortened(text: str, room: float) -> str:
    if text_width(text) <= room:
        return text
    keep = int(room / (text_width(text) / len(text))) - 1
    return text[:keep].rstrip() + "…"
