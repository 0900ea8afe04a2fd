"""What was checked in a story, and what was said of the defects that were found."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from serentak.drill import queries
from serentak.drill.rules.facilities import Checked
from serentak.elections.public import stations_of
from serentak.facilities import actions as facilities
from serentak.facilities.actions import Answered
from serentak.facilities.public import open_defects
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, is_within, level_of
from serentak.kernel.viewer import SYSTEM
from serentak.places.public import descendants
from serentak.readiness.public import WorkLine, workload

from .readiness import Readiness
from .stage import SEED, Happening, Stage

LEVELS = {
    "warehouse": Level.REGENCY,
    "district-store": Level.DISTRICT,
    "venue": Level.STATION,
    "it-station": Level.STATION,
}
BEFORE = timedelta(minutes=2)
"""The checks are told last, when all reports are there with which they agree."""


@dataclass(frozen=True, slots=True)
class Facilities:
    """The story of checks on its stage."""

    stage: Stage
    readiness: Readiness

    def happenings(self) -> Iterator[Happening]:
        """Yield the checks and what was said of what they found, dated on the eve."""
        yield Happening(self.stage.story.at - BEFORE, self._tell)

    def _tell(self) -> None:
        story = queries.inspected()
        lines = workload(self.stage.story.province)
        eve = self.stage.today - 1
        checked_at, said_at = (self.stage.calendar.moment(eve, hour) for hour in (11, 13))
        for number, checked in enumerate(story.checks):
            rows: dict[PlaceCode, list[Answered]] = defaultdict(list)
            for place, answers in self._rows(checked, lines):
                rows[PlaceCode(place[: Level.REGENCY])].append(Answered(place, _given(answers)))
            for regency, of_regency in rows.items():
                facilities.record_checks(
                    client_key=self.stage.key("checks", number, regency),
                    checklist=checked.checklist,
                    rows=of_regency,
                    figure_class=FigureClass.SYNTHETIC,
                    actor=self.stage.person_of("KPU", regency),
                    at=checked_at,
                )
        is_ahead = story.promised.by > eve
        promised = open_defects(story.promised.place, question=story.promised.question)
        for defect in promised[: story.promised.first] if is_ahead else ():
            facilities.promise_defect(
                defect_id=defect.id,
                version=defect.version,
                promised_date=self.stage.calendar.day(story.promised.by),
                remark=story.promised.remark,
                actor=SYSTEM,
                at=said_at,
            )
        for defect in open_defects(story.mended.place, question=story.mended.question)[
            : story.mended.first
        ]:
            facilities.mend_defect(
                defect_id=defect.id,
                version=defect.version,
                remark=story.mended.remark,
                actor=SYSTEM,
                at=said_at,
            )

    def _rows(
        self, checked: Checked, lines: list[WorkLine]
    ) -> Iterator[tuple[PlaceCode, Mapping[str, object]]]:
        level = LEVELS[checked.checklist]
        if not checked.like:
            yield from checked.by_share(SEED, self._places(checked, level))
            return
        for line in lines:
            if line.key != checked.like or not _concerns(checked, line.place):
                continue
            done = self.readiness.done(line)
            if done is None:  # nobody reported, nobody checked
                continue
            if level is Level.REGENCY:  # its reports count criteria
                yield line.place, checked.failing_in(line.target_quantity - done)
            elif level is level_of(line.place):
                yield line.place, checked.answers if done else checked.failing(SEED, line.place)
            else:
                for number, place in enumerate(_under(line.place, level)):
                    fine = number < done
                    yield place, checked.answers if fine else checked.failing(SEED, place)

    def _places(self, checked: Checked, level: Level) -> Iterator[PlaceCode]:
        for above in checked.places:
            yield from (place for place in _under(above, level) if _concerns(checked, place))


def _concerns(checked: Checked, place: PlaceCode) -> bool:
    return any(is_within(place, above) for above in checked.places) and not any(
        is_within(place, above) for above in checked.but
    )


def _under(place: PlaceCode, level: Level) -> list[PlaceCode]:
    if level is Level.STATION:
        return [station.code for station in stations_of(place)]
    return [card.code for card in descendants(place, level)]


def _given(answers: Mapping[str, Any]) -> dict[str, str | int]:
    return dict(answers)
