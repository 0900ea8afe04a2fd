"""Who stayed out of the race and who did not: circulars, pledges, cases, services."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from serentak.drill import queries
from serentak.drill.rules.neutrality import (
    CaseStory,
    CaseTurn,
    Circular,
    Replaced,
    StayingOut,
    pledged,
)
from serentak.drill.rules.scenes import by_system
from serentak.institutions.public import institutions_by
from serentak.kernel.codes import Level, is_within, level_of
from serentak.kernel.viewer import SYSTEM
from serentak.neutrality import actions as neutrality
from serentak.neutrality.actions import GivenCase, GivenPledges, GivenService, Person
from serentak.neutrality.public import CaseEvent, CaseState, ReplyKind, ServiceLevel, Stake, Track
from serentak.places.public import descendants

from .stage import SEED, Happening, Stage

PLEDGING = ("SECRETARY", "KESBANGPOL", "DPMD", "BKD", "DUKCAPIL", "SATPOL_PP", "DISHUB", "DINKES")
"""Kinds of agencies whose pledges the story counts."""

SERVING = ("DUKCAPIL", "DINKES", "SATPOL_PP", "BPBD", "DISHUB", "DISKOMINFO", "CAMAT")
"""Kinds of agencies that report their services."""


@dataclass(frozen=True, slots=True)
class Neutrality:
    """The story of neutrality on its stage."""

    stage: Stage

    @property
    def told(self) -> StayingOut:
        """What the catalogue tells."""
        return queries.staying_out()

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's day, and the services of its morning."""
        told, at = self.told, self.stage.story.at
        deeds: list[tuple[int, Callable[[datetime], None]]] = [
            (told.pledges.day, self._pledge),
            *((item.day, partial(self._send, item)) for item in told.circulars),
            *((item.day, partial(self._replace, item)) for item in told.replacements),
        ]
        for case in told.cases:
            deeds.append((case.received, partial(self._refer, case)))
            deeds += [(turn.day, partial(self._go_on, case, turn)) for turn in case.then]
        for day, deed in deeds:
            if day < self.stage.today:
                moment = self.stage.calendar.moment(day, 15)
                yield Happening(moment, partial(_when_clocks_ran_out, deed, moment))
        yield Happening(at - timedelta(minutes=75), self._serve)
        for moment in (self.stage.calendar.moment(self.stage.today - 1, 15), at):
            yield Happening(moment, partial(neutrality.expire_clocks, actor=SYSTEM, at=moment))

    def _pledge(self, at: datetime) -> None:
        told, regencies = self.told, self.stage.regencies
        found = institutions_by(kinds=PLEDGING, places=regencies)
        for place in regencies:
            if place in told.pledges.silent:
                continue
            share = told.pledges.shares.get(place, told.pledges.usual)
            rows = [
                GivenPledges(agency.id, *pledged(place, kind, share, seed=SEED))
                for kind in PLEDGING
                if (agency := found.get((kind, place)))
            ]
            neutrality.record_pledges(
                place=place,
                rows=rows,
                as_of_date=self.stage.calendar.day(told.pledges.day),
                source=told.pledges.source,
                **by_system(at),
            )

    def _send(self, item: Circular, at: datetime) -> None:
        key = self.stage.key("circular", item.number)
        neutrality.issue_circular(
            key=key,
            place=item.place,
            number=item.number,
            title=item.title,
            issued_date=self.stage.calendar.day(item.day),
            due_date=self.stage.calendar.day(item.due),
            **by_system(at),
        )
        answering = set(PLEDGING) | set(SERVING)
        for (kind, _), agency in institutions_by(
            kinds=sorted(answering - item.silent), places=[item.place]
        ).items():
            if kind != "CAMAT":
                neutrality.acknowledge_circular(
                    key=key, agency_id=agency.id, actor=SYSTEM, at=at + timedelta(days=2)
                )

    def _replace(self, item: Replaced, at: datetime) -> None:
        neutrality.record_replacement(
            key=self.stage.key("replacement", item.decree),
            agency_id=self.stage.seat(item.kind, item.place),
            post=item.post,
            decree_number=item.decree,
            replaced_date=self.stage.calendar.day(item.day),
            consent=item.consent,
            **by_system(at),
        )

    def _refer(self, case: CaseStory, at: datetime) -> None:
        neutrality.refer_case(
            key=self.stage.key("case", case.place, case.reference),
            given=GivenCase(
                reference=case.reference,
                agency_id=self.stage.seat(case.kind, case.place),
                track=Track.CIVIL_SERVANT,
                violation=case.violation,
                deed_date=self.stage.calendar.day(case.deed),
                received_date=self.stage.calendar.day(case.received),
                state=CaseState(case.at),
                person=Person(full_name=case.person, post=case.post),
            ),
            referred_by=self.stage.seat(case.by, case.place),
            **by_system(at),
        )

    def _go_on(self, case: CaseStory, turn: CaseTurn, at: datetime) -> None:
        """Let the next thing happen to a case; who tells a story has always seen the last state."""
        key = self.stage.key("case", case.place, case.reference)
        day = self.stage.calendar.day(turn.day)
        if turn.reply:
            neutrality.record_reply(
                key=key, kind=ReplyKind(turn.reply), replied_date=day, actor=SYSTEM, at=at
            )
            return
        common: dict[str, Any] = {"key": key, "version": None, "actor": SYSTEM, "at": at}
        match CaseEvent(turn.event):
            case CaseEvent.SANCTION:
                neutrality.record_sanction(
                    sanction=turn.sanction, letter_number=turn.letter, decided_date=day, **common
                )
            case CaseEvent.FIND_NOT_PROVEN:
                neutrality.close_not_proven(
                    decided_date=day, note="Bukti kurang (REKAAN)", **common
                )
            case CaseEvent.HAND_OVER:
                neutrality.hand_over_case(
                    stake=Stake.RELATED, note="Hubungan keluarga (REKAAN)", **common
                )
            case event:
                neutrality.record_step(event=event, **common)

    def _serve(self) -> None:
        """Report services on the scene's morning."""
        told, story = self.told, self.stage.story
        places = [story.province, *self.stage.regencies]
        districts = [place.code for place in descendants(story.province, Level.DISTRICT)]
        found = institutions_by(kinds=SERVING, places=[*places, *districts])
        for place in places:
            if place in told.services.silent:
                continue
            rows = []
            for (kind, seat), agency in found.items():
                is_below = level_of(place) is Level.REGENCY and is_within(seat, place)
                if seat != place and not is_below:
                    continue
                item = told.services.told_of(kind, seat)
                level = ServiceLevel(item.level) if item else ServiceLevel.OPEN
                rows.append(GivenService(agency.id, level, item.reason if item else ""))
            neutrality.report_services(
                place=place,
                rows=rows,
                **by_system(story.at - timedelta(minutes=75)),
            )


def _when_clocks_ran_out(deed: Callable[[datetime], None], at: datetime) -> None:
    neutrality.expire_clocks(actor=SYSTEM, at=at)
    deed(at)
