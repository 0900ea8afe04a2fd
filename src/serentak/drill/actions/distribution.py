"""Who lent which vehicles in a story, and how its routes were planned by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from serentak.distribution import actions as distribution
from serentak.distribution.actions import Placing
from serentak.drill import queries
from serentak.drill.rules.distribution import Blocked, Fleet, PlanOf
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode

from .stage import Happening, Stage


@dataclass
class Distribution:
    """The story of vehicles and routes on its stage; what was lent is known by place and name."""

    stage: Stage

    def __post_init__(self) -> None:
        self.lent: dict[tuple[PlaceCode, str], int] = {}
        self.begun: dict[tuple[PlaceCode, int], int] = {}

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's day."""
        told = queries.distributed()
        deeds = [(fleet.day, 10, partial(self._lend, fleet)) for fleet in told.fleets]
        deeds += [(plan.begun, 11, partial(self._plan, plan)) for plan in told.plans]
        deeds += [
            (plan.adopted, 15, partial(self._adopt, plan))
            for plan in told.plans
            if plan.adopted is not None
        ]
        deeds += [(block.day, 8, partial(self._block, block)) for block in told.blocks]
        for day, hour, deed in deeds:
            moment = self.stage.calendar.moment(day, hour)
            if moment < self.stage.story.at:
                yield Happening(moment, partial(deed, moment))

    def _block(self, block: Blocked, at: datetime) -> None:
        distribution.block_way(
            place=block.place,
            start=block.start,
            end=block.end,
            blocked_until_at=self.stage.calendar.moment(block.until, 12),
            reason=block.reason,
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.person_of(block.owner, block.place),
            at=at,
        )

    def _lend(self, fleet: Fleet, at: datetime) -> None:
        owner = self.stage.seat(fleet.owner, fleet.place)
        for number in range(1, fleet.count + 1):
            name = f"{fleet.name} {number}"
            self.lent[fleet.place, name] = distribution.offer_vehicle(
                client_key=self.stage.key("vehicle", fleet.place, name),
                place=fleet.place,
                owner_id=owner,
                kind=fleet.kind,
                name=name,
                kg=fleet.kg,
                litres=fleet.litres,
                crew=fleet.crew,
                escort=fleet.escort,
                figure_class=FigureClass.SYNTHETIC,
                actor=self.stage.actor(owner),
                at=at,
            )

    def _plan(self, plan: PlanOf, at: datetime) -> None:
        actor = self.stage.person_of("KPU", plan.place)
        made = distribution.draft_plan(
            client_key=self.stage.key("routes", plan.place, plan.begun),
            place=plan.place,
            stage=distribution.Stage.DISTRICTS,
            figure_class=FigureClass.SYNTHETIC,
            actor=actor,
            at=at,
        )
        self.begun[plan.place, plan.begun] = made
        placings = [
            Placing(code, self.lent[plan.place, route.vehicle], route.trip, position, stations)
            for route in plan.routes
            for position, (code, stations) in enumerate(route.stops.items(), 1)
        ]
        distribution.arrange_plan(plan_id=made, version=1, placings=placings, actor=actor, at=at)

    def _adopt(self, plan: PlanOf, at: datetime) -> None:
        distribution.adopt_plan(
            plan_id=self.begun[plan.place, plan.begun],
            version=2,
            reason=plan.reason,
            actor=self.stage.person_of("KPU", plan.place),
            at=at,
        )
