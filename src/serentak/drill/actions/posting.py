"""Who told which strength, where officers stand, who is sent, and the plans that hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from serentak.drill import queries
from serentak.drill.rules import posting as story
from serentak.elections.public import voters_at_level
from serentak.institutions.public import institutions_by
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.places.public import PlaceCard, children, descendants
from serentak.posting import actions as posting
from serentak.posting.actions import Posted, PostKind, Presence, SentEvent, StationClass, Unit
from serentak.posting.public import posts_under

from .stage import SEED, Happening, Stage

GUARDS = 2
"""Guards at each station."""

Deed = Callable[[datetime], object]


@dataclass
class Posting:
    """The story of officers on its stage; what was asked and planned is known by its number."""

    stage: Stage
    plans: dict[PlaceCode, int] = field(default_factory=dict)

    @property
    def told(self) -> story.Posted:
        """What the catalogue tells."""
        return queries.posted()

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's moment."""
        for day, hour, deed in self._deeds():
            moment = self.stage.calendar.moment(day, hour)
            if moment < self.stage.story.at:
                yield Happening(moment, partial(deed, moment))

    def _deeds(self) -> Iterator[tuple[int, int, Deed]]:
        told = self.told
        yield told.strength.day, 9, self._tell_strength
        for pattern in told.patterns:
            yield pattern.day, 10, partial(self._set_pattern, pattern)
        yield told.posts.day, 9, self._tell_posts
        for sent in told.sent:
            ids: list[int] = []
            yield sent.asked, 11, partial(self._ask, sent, ids)
            if sent.promised is not None:
                yield sent.promised, 15, partial(self._step, ids, 1, SentEvent.PROMISE)
            if sent.arrived is not None:
                yield sent.arrived, 10, partial(self._step, ids, 2, SentEvent.ARRIVE)
        for regency in self.stage.regencies:
            yield told.plans.made, 8, partial(self._plan, regency)
            anew = told.plans.anew.get(regency, told.plans.made)
            if anew > told.plans.made:
                yield anew, 13, partial(self._plan, regency)
            yield max(anew, told.plans.adopted), 14, partial(self._adopt, regency)
        for day in told.roll.days:
            yield day, 7, partial(self._call_roll, day)

    def _police(self, place: PlaceCode) -> Viewer:
        return self.stage.officer("POLICE", place, "POLICE_OPERATIONS")

    def _tell_strength(self, at: datetime) -> None:
        for regency, officers in self.told.strength.own.items():
            posting.tell_force(
                place=regency,
                officers=officers,
                source=self.told.strength.source,
                figure_class=FigureClass.SYNTHETIC,
                actor=self._police(regency),
                at=at,
            )

    def _set_pattern(self, pattern: story.PatternOf, at: datetime) -> None:
        posting.set_pattern(
            place=pattern.place,
            station_class=StationClass(pattern.of),
            unit=Unit.STATIONS if pattern.stations else Unit.DISTRICT,
            officers=pattern.officers,
            stations=pattern.stations,
            reason=pattern.reason,
            version=pattern.version,
            actor=self._police(pattern.place),
            at=at,
        )

    def _tell_posts(self, at: datetime) -> None:
        province, posts = self.stage.story.province, self.told.posts
        districts: dict[PlaceCode, list[PlaceCard]] = {}
        for card in descendants(province, Level.DISTRICT):
            districts.setdefault(PlaceCode(card.code[: Level.REGENCY]), []).append(card)
        police = [
            post
            for card in children(province)
            for post in self._posts_of(card, districts[card.code])
        ]
        self._import(police, self._police(province), at)
        self._import(
            list(self._army(districts)),
            self.stage.officer("ARMY", province, "ARMY_OPERATIONS"),
            at,
        )
        for regency in sorted(posts.shared):
            posting.share_posts(
                place=regency, is_shared=True, version=1, actor=self._police(regency), at=at
            )

    def _import(self, posts: list[Posted], actor: Viewer, at: datetime) -> None:
        posting.import_posts(posts=posts, figure_class=FigureClass.SYNTHETIC, actor=actor, at=at)

    def _posts_of(self, regency: PlaceCard, districts: list[PlaceCard]) -> Iterator[Posted]:
        told = self.told
        code, own = regency.code, told.strength.own[regency.code]
        spread = told.posts.spread(own, [card.code for card in districts])
        yield Posted(
            place=code,
            kind=PostKind.POLRES,
            name=f"Polres {regency.name}",
            officers=own - sum(spread.values()),
            vehicles=len(districts) // 2,
            boats=told.posts.boats.get(code, 0),
            phone="0800-1110-0000",
        )
        for card in districts:
            yield Posted(
                place=card.code,
                kind=PostKind.POLSEK,
                name=f"Polsek {card.name}",
                officers=spread[card.code],
            )
        stations = voters_at_level(code, Level.REGENCY)[code].stations
        yield Posted(
            place=code,
            kind=PostKind.GUARDS,
            name=f"Linmas {regency.name}",
            officers=GUARDS * stations,
        )

    def _army(self, districts: dict[PlaceCode, list[PlaceCard]]) -> Iterator[Posted]:
        posts = self.told.posts
        names = {card.code: card.name for card in children(self.stage.story.province)}
        seats = institutions_by(kinds={"ARMY"}, places=self.stage.regencies)
        for card in {card.id: card for card in seats.values()}.values():
            yield Posted(
                place=card.place,
                kind=PostKind.KODIM,
                name=card.name,
                officers=posts.soldiers_of_regency,
            )
        for regency, cards in districts.items():
            yield Posted(
                place=regency,
                kind=PostKind.KORAMIL,
                name=f"Koramil di {names[regency]}",
                officers=posts.soldiers_of_district * len(cards),
            )

    # --- who is sent

    def _ask(self, sent: story.Sent, ids: list[int], at: datetime) -> None:
        ids.append(
            posting.reinforce(
                client_key=self.stage.key("sent", sent.place, sent.officers),
                origin=self.stage.story.province,
                place=sent.place,
                officers=sent.officers,
                day=self.stage.calendar.day(sent.arrived) if sent.arrived else None,
                figure_class=FigureClass.SYNTHETIC,
                actor=self._police(sent.place),
                at=at,
            )
        )

    def _step(self, ids: list[int], version: int, event: SentEvent, at: datetime) -> None:
        for one in ids:
            posting.step_reinforcement(
                reinforcement_id=one,
                version=version,
                event=event,
                actor=self._police(self.stage.story.province),
                at=at,
            )

    # --- plans

    def _plan(self, regency: PlaceCode, at: datetime) -> None:
        actor = self._police(regency)
        self.plans[regency] = posting.make_plan(
            client_key=self.stage.key("posting", regency, at.date()),
            place=regency,
            figure_class=FigureClass.SYNTHETIC,
            actor=actor,
            at=at,
        )
        posting.propose_plan(plan_id=self.plans[regency], version=1, actor=actor, at=at)

    def _adopt(self, regency: PlaceCode, at: datetime) -> None:
        posting.adopt_plan(
            plan_id=self.plans[regency],
            version=2,
            reason=self.told.plans.reason,
            actor=self._police(regency),
            at=at,
        )

    def _call_roll(self, day: int, at: datetime) -> None:
        actor, roll = self._police(self.stage.story.province), self.told.roll
        calls = []
        for post in posts_under(self.stage.story.province, actor, at):
            if post.place in roll.silent or not PostKind(post.kind).goes_to_stations:
                continue
            absent = roll.missing(SEED, day, post.place, post.officers)
            calls.append(Presence(post.id, post.officers - absent, absent))
        posting.call_roll(calls=calls, figure_class=FigureClass.SYNTHETIC, actor=actor, at=at)
