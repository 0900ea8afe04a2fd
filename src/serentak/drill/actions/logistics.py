"""What the stores of a story need and received: needs taken over, deliveries of the first phase."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from serentak.drill import queries
from serentak.drill.rules.logistics import Delivery
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level
from serentak.logistics import actions as logistics
from serentak.logistics.actions import Received, Thing
from serentak.logistics.public import Race, What, needs_at

from .stage import Happening, Stage


@dataclass(frozen=True, slots=True)
class Logistics:
    """The story of stores on its stage."""

    stage: Stage

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's day."""
        told = queries.stocked()
        deeds = [(told.needs, self._take_over)]
        deeds += [(item.day, partial(self._receive, item)) for item in told.deliveries]
        for day, deed in deeds:
            if day < self.stage.today:
                moment = self.stage.calendar.moment(day, 14)
                yield Happening(moment, partial(deed, moment))

    def _take_over(self, at: datetime) -> None:
        province = self.stage.story.province
        logistics.take_over_needs(
            client_key=self.stage.key("needs", province),
            province=province,
            seen=0,
            reason="",
            actor=self.stage.person_of("KPU", province),
            at=at,
        )

    def _receive(self, delivery: Delivery, at: datetime) -> None:
        needs = needs_at(delivery.place, Level.REGENCY)[delivery.place]
        lines = []
        for name, share in delivery.shares.items():
            item, _, race = name.partition(":")
            what = What(item, Race(race) if race else None)
            lines.append(Received(Thing(item, what.race), round(needs[what] * share)))
        logistics.receive(
            client_key=self.stage.key("delivery", delivery.reference),
            place=delivery.place,
            lines=lines,
            reference=delivery.reference,
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.person_of("KPU", delivery.place),
            at=at,
        )
