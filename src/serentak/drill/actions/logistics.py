"""What the stores of a story need and received, what lacked at sorting, and what was moved."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from serentak.drill import queries
from serentak.drill.rules.logistics import (
    Ballots,
    Delivery,
    Difference,
    Moved,
    Sent,
    Sorting,
    Stocked,
)
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import actions as logistics
from serentak.logistics.actions import (
    Became,
    CountedPieces,
    Packed,
    Received,
    Sorted,
    Thing,
    Wanted,
)
from serentak.logistics.public import Race, What, lines_of, lot_at, needs_at
from serentak.places.public import children

from .stage import Happening, Stage

KINDS = {
    "governor": What("ballot-governor", Race.GOVERNOR),
    "regent": What("ballot-regent", Race.REGENT),
    "revote": What("revote-regent", Race.REGENT),
}
"""The ballots of a store, by the names that the story gives them."""


@dataclass(frozen=True, slots=True)
class Logistics:
    """The story of stores on its stage."""

    stage: Stage
    orders: dict[PlaceCode, int] = field(default_factory=dict)
    """The order of each store that lacked ballots."""

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's moment."""
        told = queries.stocked()
        deeds: list[tuple[int, int, Callable[[datetime], object]]] = [
            (told.needs, 14, self._take_over),
            *((item.day, 14, partial(self._receive, item)) for item in told.deliveries),
            *self._ballots(told.ballots),
            *self._transfers(told.transfers),
            *self._loads(told),
        ]
        for day, hour, deed in deeds:
            moment = self.stage.calendar.moment(day, hour)
            if moment < self.stage.story.at:
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
        self._come(delivery.place, delivery.reference, lines, at)

    def _come(
        self,
        place: PlaceCode,
        reference: str,
        lines: Sequence[Received],
        at: datetime,
        order_id: int | None = None,
    ) -> None:
        logistics.receive(
            client_key=self.stage.key("delivery", reference),
            place=place,
            lines=lines,
            reference=reference,
            order_id=order_id,
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.person_of("KPU", place),
            at=at,
        )

    # --- ballots: come, sorted in two steps, short, fetched of the printer

    def _ballots(self, told: Sorting) -> Iterator[tuple[int, int, Callable[[datetime], object]]]:
        for code, store in told.stores.items():
            place = PlaceCode(code)
            yield told.received, 10, partial(self._ballots_come, place, store)
            for step, day in enumerate(told.sorted):
                yield day, 16, partial(self._sort, place, store, step)
            if store.fetched is not None:
                yield told.ordered, 17, partial(self._order, place, store, told)
                yield store.fetched, 15, partial(self._fetch, place, store)

    def _amounts(self, place: PlaceCode, store: Ballots) -> Iterator[tuple[What, int, int, int]]:
        """Yield of each kind what is needed, what was not in the cartons, and what was damaged."""
        needs = needs_at(place, Level.REGENCY)[place]
        for name, what in KINDS.items():
            short = getattr(store, name)
            if what in needs:
                yield what, needs[what], short - short // 2, short // 2

    def _ballots_come(self, place: PlaceCode, store: Ballots, at: datetime) -> None:
        lines = [
            Received(_lot(what, place), needed - missing + self._spare(what, store))
            for what, needed, missing, _damaged in self._amounts(place, store)
        ]
        self._come(place, f"SJ-SS/{place}/2024 (REKAAN)", lines, at)

    def _spare(self, what: What, store: Ballots) -> int:
        return store.spare if what is KINDS["governor"] else 0

    def _sort(self, place: PlaceCode, store: Ballots, step: int, at: datetime) -> None:
        lines = []
        for what, needed, missing, damaged in self._amounts(place, store):
            there = needed - missing + self._spare(what, store)
            opened, bad = there * 6 // 10, damaged * 6 // 10
            if step:
                opened, bad = there - opened, damaged - bad
            lines.append(Sorted(_lot(what, place), opened, opened - bad, bad))
        self._sorted(place, lines, at, step)

    def _sorted(
        self, place: PlaceCode, lines: Sequence[Sorted], at: datetime, step: object
    ) -> None:
        logistics.sort_ballots(
            client_key=self.stage.key("sorting", place, step),
            place=place,
            lines=lines,
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.person_of("KPU", place),
            at=at,
        )

    def _order(self, place: PlaceCode, store: Ballots, told: Sorting, at: datetime) -> None:
        self.orders[place] = logistics.order(
            client_key=self.stage.key("order", place),
            place=place,
            origin=None,
            destination=place,
            lines=[Wanted(what.item, what.race, n) for what, n in _short(store)],
            needed_by=self.stage.calendar.day(store.fetched or 0),
            reason=told.reference.format(place=place),
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.person_of("KPU", place),
            at=at,
        )

    def _fetch(self, place: PlaceCode, store: Ballots, at: datetime) -> None:
        lines = [Received(_lot(what, place, "P"), n) for what, n in _short(store)]
        reference = f"BA pengambilan {place}/2024 (REKAAN)"
        self._come(place, reference, lines, at, self.orders[place])
        good = [Sorted(line.thing, line.quantity, line.quantity, 0) for line in lines]
        self._sorted(place, good, at + timedelta(hours=4), "fetched")

    # --- ballots of the governor's race that one store spares for another

    def _transfers(
        self, moves: Iterable[Moved]
    ) -> Iterator[tuple[int, int, Callable[[datetime], object]]]:
        for moved in moves:
            loads: list[int] = []
            yield moved.asked, 19, partial(self._ask, moved)
            yield moved.left, 6, partial(self._send, moved, loads)
            yield moved.received, 10, partial(self._take, moved, loads)

    def _ask(self, moved: Moved, at: datetime) -> None:
        self.orders[moved.destination] = logistics.order(
            client_key=self.stage.key("transfer", moved.origin, moved.destination),
            place=moved.destination,
            origin=moved.origin,
            destination=moved.destination,
            lines=[Wanted(GOVERNOR.item, GOVERNOR.race, moved.pieces)],
            needed_by=self.stage.calendar.day(moved.received),
            reason="Kurang saat penyortiran (REKAAN)",
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=at,
        )

    def _send(self, moved: Moved, loads: list[int], at: datetime) -> None:
        load_id = logistics.pack(
            client_key=self.stage.key("load", moved.origin, moved.destination),
            place=moved.origin,
            destination=moved.destination,
            lines=[Packed(_lot(GOVERNOR, moved.origin), moved.pieces)],
            seals=(f"{moved.origin.replace('.', '')}-0417",),
            due_at=self.stage.calendar.moment(moved.received, 17),
            order_id=self.orders[moved.destination],
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=at,
        )
        loads.append(load_id)
        logistics.depart(
            consignment_id=load_id,
            version=1,
            vehicle="Mobil boks BG 8123 RK (REKAAN)",
            escort="Polres, 2 anggota (REKAAN)",
            actor=SYSTEM,
            at=at + timedelta(hours=1),
        )

    def _take(self, moved: Moved, loads: Sequence[int], at: datetime) -> None:
        (load_id,) = loads
        logistics.hand_over(
            client_key=self.stage.key("record", moved.origin, moved.destination),
            consignment_id=load_id,
            counted={line.id: CountedPieces(line.shipped) for line in lines_of(load_id)},
            seals=(f"{moved.origin.replace('.', '')}-0417",),
            record_number=f"BAST/{moved.destination}/2024 (REKAAN)",
            actor=SYSTEM,
            at=at,
        )

    # --- boxes in the last days: from stores to districts, from districts to villages

    def _loads(self, told: Stocked) -> Iterator[tuple[int, int, Callable[[datetime], object]]]:
        for sent in told.loads:
            below = sent.to or [card.code for card in children(sent.origin)]
            for number, place in enumerate(below, 1):
                loads: list[int] = []
                yield (
                    sent.left.day,
                    sent.left.hour,
                    partial(self._leave, sent, place, number, loads),
                )
                if place in sent.awaited:
                    continue
                received = sent.received
                found = [one for one in sent.differs if one.at == place]
                yield received.day, received.hour, partial(self._arrive, place, found, loads)
                for one in found:
                    if one.settled:
                        yield one.settled.day, one.settled.hour, partial(self._settle, place, loads)

    def _leave(
        self, sent: Sent, place: PlaceCode, number: int, loads: list[int], at: datetime
    ) -> None:
        needs = needs_at(place, level_of(place)).get(place, {})
        lines = []
        for name in sent.items:
            item, _, race = name.partition(":")
            what = What(item, Race(race) if race else None)
            for thing, amount in self._lots(sent.origin, what, needs.get(what, 0)):
                lines.append(Packed(thing, amount))
        if not lines:
            return
        load_id = logistics.pack(
            client_key=self.stage.key("sent", sent.origin, place),
            place=sent.origin,
            destination=place,
            lines=lines,
            seals=_seals(place),
            due_at=self.stage.calendar.moment(sent.due.day, sent.due.hour),
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=at,
        )
        loads.append(load_id)
        logistics.depart(
            consignment_id=load_id,
            version=1,
            vehicle=sent.vehicle.format(n=number),
            escort=sent.escort,
            actor=SYSTEM,
            at=at,
        )

    def _lots(self, origin: PlaceCode, what: What, wanted: int) -> Iterator[tuple[Thing, int]]:
        """Yield the lots from which so many are taken; ballots come in two, as they were sorted."""
        if what not in KINDS.values():
            if wanted:
                yield Thing(what.item, what.race), wanted
            return
        store = PlaceCode(origin[: Level.REGENCY])
        for lot in (_lot(what, store), _lot(what, store, "P")):
            there = lot_at(origin, what, lot.lot)
            if amount := min(wanted, there):
                wanted -= amount
                yield lot, amount

    def _arrive(
        self, place: PlaceCode, found: Sequence[Difference], loads: Sequence[int], at: datetime
    ) -> None:
        for load_id in loads:
            counted = {}
            for line in lines_of(load_id):
                name = f"{line.what.item}:{line.what.race}" if line.what.race else line.what.item
                one = next((one for one in found if one.item == name), None)
                counted[line.id] = (
                    CountedPieces(
                        line.shipped - one.missing - one.rejected,
                        one.rejected,
                        one.missing,
                        reason=one.reason,
                    )
                    if one
                    else CountedPieces(line.shipped)
                )
            logistics.hand_over(
                client_key=self.stage.key("arrived", place),
                consignment_id=load_id,
                counted=counted,
                seals=_seals(place),
                record_number=f"BAST/{place}/2024 (REKAAN)",
                actor=SYSTEM,
                at=at,
            )

    def _settle(self, place: PlaceCode, loads: Sequence[int], at: datetime) -> None:
        for load_id in loads:
            logistics.settle(
                client_key=self.stage.key("settled", place),
                consignment_id=load_id,
                version=3,
                became={line.id: Became(line.open) for line in lines_of(load_id) if line.open},
                settlement="Ditemukan di truk lain dan diserahkan (REKAAN)",
                actor=SYSTEM,
                at=at,
            )


def _seals(place: PlaceCode) -> tuple[str, ...]:
    """Return the seals of a place's load: two, numbered after it."""
    digits = place.replace(".", "")
    return (f"{digits}-01", f"{digits}-02")


GOVERNOR = KINDS["governor"]


def _lot(what: What, place: PlaceCode, mark: str = "") -> Thing:
    """Return a kind of ballots as the lot of a store: `16.02-G`, fetched later `16.02-GP`."""
    letter = {"governor": "G", "regent": "B", "revote": "U"}
    name = next(name for name, kind in KINDS.items() if kind == what)
    return Thing(what.item, what.race, f"{place}-{letter[name]}{mark}")


def _short(store: Ballots) -> list[tuple[What, int]]:
    return [(what, n) for name, what in KINDS.items() if (n := getattr(store, name))]
