"""Where a story is told in two ways: figures that differ from the list, answered and settled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from serentak.elections.public import voters_at_level
from serentak.figures import actions as figures
from serentak.figures.public import DatePrecision, GivenFigure, figures_in_use
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.reporting import actions as reporting
from serentak.reporting.public import Used, open_contradictions

from .stage import Happening, Stage

APART = {PlaceCode("16.02"): 21, PlaceCode("16.07"): -12, PlaceCode("16.71"): 34}
"""By how many voters a figure, as a story has it, differs from the sum over the stations."""
ANSWERED, SETTLED = PlaceCode("16.07"), PlaceCode("16.71")
"""Where the commission has answered, and where it has settled it."""


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The story of what differs on its stage."""

    stage: Stage

    def happenings(self) -> Iterator[Happening]:
        """Yield figures that differ on the eve, the comparisons, and what their owners say."""
        eve = self.stage.calendar.moment(self.stage.today - 1, 10)
        yield Happening(eve, lambda: self._differ(eve))
        now = self.stage.story.at
        yield Happening(now, lambda: self._compare(now))

    def _compare(self, at: datetime) -> None:
        reporting.compare_sides(place=self.stage.story.province, actor=SYSTEM, at=at)

    def _differ(self, at: datetime) -> None:
        sums = voters_at_level(self.stage.story.province, Level.REGENCY)
        apart = {place: n for place, n in APART.items() if place in sums}
        used = figures_in_use(list(apart), ("voters",))
        for place, n in apart.items():
            given = GivenFigure(
                place=place,
                measure="voters",
                value=Decimal(sums[place].voters + n),
                source="Rekapitulasi DPT (rekaan)",
                source_date=at.date(),
                precision=DatePrecision.DAY,
                figure_class=FigureClass.SYNTHETIC,
            )
            figure_id = figures.record_figure(given=given, actor=SYSTEM, at=at)
            if used.get(place):
                figures.use_figure(
                    figure_id=figure_id, reason="Rekapitulasi terbaru", actor=SYSTEM, at=at
                )
        self._compare(at)
        for key, place, version in open_contradictions(
            self.stage.story.province, check="voters-figure-sum"
        ):
            actor = self.stage.person_of("KPU", place, role="COMMISSION_OFFICER")
            if place not in (ANSWERED, SETTLED):
                continue
            later = at + timedelta(hours=2)
            reporting.answer_contradiction(
                key=key,
                version=version,
                answer="Pemilih pindahan dihitung dua kali; dicocokkan dengan Disdukcapil.",
                actor=actor,
                at=later,
            )
            if place == SETTLED:
                reporting.settle_contradiction(
                    key=key,
                    version=version + 1,
                    reason="Berita acara rekapitulasi DPT yang berlaku.",
                    proof="BA 214/PL.02.1-BA/1671/2024",
                    used=Used.A,
                    actor=actor,
                    at=later,
                )
