"""Whom one calls, how regencies were assessed together, and what was asked and promised."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from serentak.drill import queries
from serentak.drill.rules.liaison import AskedFor, Promise, Together
from serentak.institutions.public import institutions_by
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM
from serentak.liaison import actions as liaison

from .stage import Happening, Stage

KEPT = 2
"""So many assessments of each regency are there, the last ones."""


@dataclass
class Liaison:
    """The story of who works together on its stage; requests by who was asked for what."""

    stage: Stage
    requests: dict[AskedFor, int] = field(default_factory=dict)

    @property
    def told(self) -> Together:
        """What the catalogue tells."""
        return queries.together()

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's moment."""
        told = self.told
        deeds: list[tuple[int, int, Callable[[datetime], object]]] = [
            (told.contacts.day, 9, self._enter)
        ]
        past = [day for day in told.assessments.days if day < self.stage.today]
        deeds += [(day, 11, partial(self._assess, day)) for day in past[-KEPT:]]
        for asked in told.asked:
            deeds.append((asked.day, 10, partial(self._ask, asked)))
            if asked.promised:
                promise = asked.promised
                deeds.append((promise.day, 12, partial(self._promise, asked, promise)))
        for day, hour, deed in deeds:
            moment = self.stage.calendar.moment(day, hour)
            if moment < self.stage.story.at:
                yield Happening(moment, partial(deed, moment))

    def _enter(self, at: datetime) -> None:
        contacts = self.told.contacts
        places = [self.stage.story.province, *self.stage.regencies]
        found = institutions_by(kinds=contacts.kinds, places=places)
        for number, ((_kind, place), card) in enumerate(sorted(found.items()), 1):
            liaison.add_contact(
                client_key=self.stage.key("contact", card.id, place),
                place=PlaceCode(place),
                institution_id=card.id,
                office=f"{contacts.office} {card.name}",
                phone=f"0800-0001-{number:04}",
                hours=contacts.hours,
                figure_class=FigureClass.SYNTHETIC,
                actor=SYSTEM,
                at=at,
            )

    def _assess(self, day: int, at: datetime) -> None:
        assessments = self.told.assessments
        seats = institutions_by(kinds=assessments.agree, places=self.stage.regencies)
        for place in self.stage.regencies:
            level, text = assessments.found(place, day)
            desk = seats["REGENT_DESK", place]
            liaison.assess_place(
                client_key=self.stage.key("assessment", place, day),
                place=place,
                level=level,
                assessed_date=self.stage.calendar.day(day),
                text=text,
                members=[card.id for (_kind, at_), card in seats.items() if at_ == place],
                institution_id=desk.id,
                figure_class=FigureClass.SYNTHETIC,
                actor=SYSTEM,
                at=at,
            )

    def _ask(self, asked: AskedFor, at: datetime) -> None:
        desk = asked.place if asked.by == "REGENT_DESK" else self.stage.story.province
        self.requests[asked] = liaison.ask_for_aid(
            client_key=self.stage.key("aid", asked.place, asked.of.kind, asked.of.place),
            place=asked.place,
            thing=asked.thing,
            number=asked.number,
            owner_id=self.stage.seat(asked.of.kind, asked.of.place),
            needed_until_at=self.stage.calendar.moment(asked.until, 18),
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.person_of(asked.by, desk),
            at=at,
        )

    def _promise(self, asked: AskedFor, promise: Promise, at: datetime) -> None:
        liaison.promise_aid(
            request_id=self.requests[asked],
            version=1,
            granted=promise.granted,
            actor=self.stage.person_of(asked.of.kind, asked.of.place),
            at=at,
        )
