"""The board: all activities of a province with schedule, status and priority, computed at once.

Whatever part of a province a page shows, it reads the whole network, so that the same activity has
the same dates and the same status on every screen. Four to five queries.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache

from serentak.elections import public as elections
from serentak.kernel.briefing import DeadlineKind, FigureClass, Why
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, at_level, level_of
from serentak.kernel.countdown import day_of, days_after_vote
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.catalogue import load
from serentak.platform.reading import each_place_kept, kept
from serentak.platform.rows import rows_as
from serentak.readiness.models import Activity, ActivityShare
from serentak.readiness.rules.activities import Catalogue, Definition
from serentak.readiness.rules.network import Network, Node, build_network
from serentak.readiness.rules.priority import Group, Priority, prioritise
from serentak.readiness.rules.progress import (
    activity_status,
    days_unheard,
    has_begun,
    is_report_due,
    is_silent,
)
from serentak.readiness.rules.rolling_up import (
    Ground,
    Judgement,
    Part,
    is_unlikely,
    parent_judgement,
    place_judgement,
    with_chance,
)
from serentak.readiness.rules.schedule import (
    CriticalPath,
    Schedule,
    Slot,
    Work,
    compute_schedule,
    critical_path,
    line_slot,
)
from serentak.readiness.rules.states import ActivityState, TargetState
from serentak.readiness.rules.thresholds import Thresholds, parse_thresholds

from .forecasts import Chances, chances


def catalogue() -> Catalogue:
    """Return the catalogue of activities."""
    return load("readiness", "activities", Catalogue)


def thresholds() -> Thresholds:
    """Return the thresholds."""
    return load("readiness", "rules", parse_thresholds).values


def page_of(place: PlaceCode, key: str = "") -> str:
    """Return the path of a place's readiness, or of one activity there."""
    return f"/{place}/readiness/{key}" if key else f"/{place}/readiness"


@lru_cache(maxsize=8)
def _network(nodes: tuple[Node, ...]) -> Network:
    return build_network(catalogue(), nodes)


@dataclass(frozen=True, slots=True)
class Row:
    """An activity as it is stored."""

    id: int
    election_id: int
    key: str
    place: PlaceCode
    owner_id: int
    target_quantity: int
    done_quantity: int | None
    figure_class: FigureClass
    state: ActivityState
    drop_reason: str
    target_state: TargetState
    target_date: date
    baseline_date: date | None
    last_report_at: datetime | None
    heard_at: datetime | None

    @property
    def measured_date(self) -> date:
        """The day by which it is measured: who owes does not move the day first agreed."""
        return min(self.baseline_date or self.target_date, self.target_date)

    @property
    def first_date(self) -> date | None:
        """The day first agreed, where the target was moved since; it is told beside the target."""
        return self.baseline_date if self.baseline_date != self.target_date else None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A district's line of an activity as it is stored."""

    id: int
    activity_id: int
    place: PlaceCode
    owner_id: int
    target_quantity: int
    done_quantity: int | None
    last_report_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """How an activity, or a district's line of one, stands today.

    `status` is None where the owner dropped it, `slot` unless it is open. `unheard` counts days
    since a report was last heard or should have begun, None if none is owed; `late_when_heard` says
    that its last report came after its target.
    """

    day: int
    size: elections.VoterCounts
    row: Row
    line: LineRow | None
    definition: Definition
    work: Work
    slot: Slot | None
    status: Status | None
    begun: bool
    unheard: int | None
    late_when_heard: bool

    @property
    def place(self) -> PlaceCode:
        """Where the work is counted."""
        return self.line.place if self.line else self.row.place

    @property
    def owner_id(self) -> int:
        """Who answers for it."""
        return self.line.owner_id if self.line else self.row.owner_id

    @property
    def ids(self) -> tuple[int, int | None]:
        """The activity, and the line if it is one."""
        return self.row.id, self.line.id if self.line else None

    @property
    def last_report_at(self) -> datetime | None:
        """When it was last heard of."""
        return self.line.last_report_at if self.line else self.row.last_report_at

    @property
    def due(self) -> bool:
        """Whether a report is expected today."""
        return is_report_due(self.unheard, every=self.definition.report_every)

    @property
    def silent(self) -> bool:
        """Whether a report is overdue."""
        return is_silent(self.unheard, every=self.definition.report_every)

    @property
    def past_the_law(self) -> bool:
        """Whether a last day of its own, which the law sets, has passed."""
        last = self.definition.deadline
        is_legal = self.definition.deadline_kind is DeadlineKind.LEGAL
        return is_legal and last is not None and self.day > last

    @cached_property
    def priority(self) -> Priority | None:
        """What group it belongs to and why, None unless it is open."""
        if self.slot is None:
            return None
        return prioritise(
            self.definition,
            self.work,
            self.slot,
            stations=self.size.stations,
            voters=self.size.voters,
            today=self.day,
            thresholds=thresholds(),
            catalogue=catalogue(),
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The activities of a place, and how each was found to stand: whoever finds the same reuses it.

    What was computed lives as long as the rows, and is used again where day, slot and size match.
    """

    rows: tuple[Row, ...]
    standings: dict[int, Standing] = field(default_factory=dict)


class Board:
    """A province's activities on a day; everything derived is computed once, when asked for."""

    def __init__(
        self,
        *,
        election: elections.ElectionCard,
        today: date,
        zone: str,
        shelves: Mapping[PlaceCode, Shelf],
        sizes: Mapping[PlaceCode, elections.VoterCounts],
        chances: Mapping[PlaceCode, Chances] | None = None,
    ) -> None:
        self.election = election
        self.zone = zone
        self.today = today
        self.shelves = shelves
        self.sizes = sizes
        self.chances = chances or {}
        self.day = days_after_vote(self.today, vote_date=election.vote_date)
        self.catalogue = catalogue()
        self.thresholds = thresholds()
        by_node: dict[Node, Row] = {
            (row.place, row.key): row
            for shelf in shelves.values()
            for row in shelf.rows
            if row.election_id == election.id and row.key in self.catalogue.activities
        }
        self.network = _network(tuple(sorted(by_node)))
        self.rows = tuple(by_node[node] for node in self.network.nodes)
        self.works = tuple(self._work(row) for row in self.rows)
        self._standings: dict[int, Standing] = {}
        self._by_place: dict[PlaceCode, tuple[Standing, ...]] = {}
        self._own_judgements: dict[PlaceCode, Judgement] = {}

    def date_of(self, day: int) -> date:
        """Return the date of a day counted from the vote."""
        return day_of(day, vote_date=self.election.vote_date)

    def day_number(self, when: date) -> int:
        """Return the day of a date, counted from the vote."""
        return days_after_vote(when, vote_date=self.election.vote_date)

    @cached_property
    def schedule(self) -> Schedule:
        """The schedule of the whole province."""
        return compute_schedule(
            self.network, self.works, today=self.day, thresholds=self.thresholds
        )

    def standing(self, number: int) -> Standing:
        """Return an activity by its number in the network, as it stands."""
        found = self._standings.get(number)
        if found is None:
            row, slot = self.rows[number], self.schedule.slots[number]
            size, known = self.size(row.place), self.shelves[row.place].standings
            found = known.get(row.id)
            if found is None or (found.day, found.slot, found.size) != (self.day, slot, size):
                definition, work = self.network.definitions[number], self.works[number]
                found = known[row.id] = self._standing(row, None, size, definition, work, slot)
            self._standings[number] = found
        return found

    @cached_property
    def numbers(self) -> Mapping[PlaceCode, range]:
        """Which numbers of the network lie at each place; the nodes are sorted by place."""
        first: dict[PlaceCode, int] = {}
        for number, (place, _key) in enumerate(self.network.nodes):
            first.setdefault(place, number)
        ends = [*list(first.values())[1:], len(self.network.nodes)]
        return {
            place: range(begin, end)
            for (place, begin), end in zip(first.items(), ends, strict=True)
        }

    def at_place(self, place: PlaceCode) -> tuple[Standing, ...]:
        """Return the activities of a province or regency, in the catalogue's order.

        Of a district its lines of the regency's activities.
        """
        found = self._by_place.get(place)
        if found is None:
            if level_of(place) is Level.DISTRICT:
                found = self.lines(at_level(place, Level.REGENCY), place)
            else:
                found = tuple(map(self.standing, self.numbers.get(place, range(0))))
            self._by_place[place] = found
        return found

    @cached_property
    def _index(self) -> Mapping[int, int]:
        return {row.id: number for number, row in enumerate(self.rows)}

    def lines(self, regency: PlaceCode, district: PlaceCode | None = None) -> tuple[Standing, ...]:
        """Return the lines of all districts of a regency, or of one, as they stand; one query."""
        found = []
        sizes = elections.voters_at_level(regency, Level.DISTRICT)
        for line in _line_rows(regency, district):
            number = self._index[line.activity_id]
            row, definition = self.rows[number], self.network.definitions[number]
            work = Work(
                target=line.target_quantity,
                done=line.done_quantity,
                target_day=self.works[number].target_day,
                dropped=self.works[number].dropped,
            )
            slot = line_slot(
                self.schedule.slots[number],
                work,
                definition,
                latest=self.schedule.latest[number],
                today=self.day,
            )
            size = sizes.get(line.place, elections.NO_VOTERS)
            found.append(self._standing(row, line, size, definition, work, slot))
        return tuple(found)

    def critical_path(self, place: PlaceCode) -> CriticalPath | None:
        """Return the longest chain of remaining work for a province or regency."""
        return critical_path(self.network, self.schedule, place, thresholds=self.thresholds)

    def judgement_of(self, standings: Iterable[Standing]) -> Judgement:
        """Return how a place stands from its activities or lines."""
        return place_judgement(
            (
                Part(
                    status=s.status,
                    miss=s.definition.miss,
                    begun=s.begun,
                    slack_to_deadline=s.slot.slack_to_deadline if s.slot else 0,
                    silent=s.silent,
                    past_the_law=s.past_the_law,
                    late_when_heard=s.late_when_heard,
                )
                for s in standings
                if s.status is not None
            ),
            thresholds=self.thresholds,
        )

    def judgement_at(self, place: PlaceCode) -> Judgement:
        """Return how a province or regency stands.

        A province follows its regencies, weighed by stations, with its own work as one more.
        """
        own = self._own_judgements.get(place)
        if own is None:
            own = self.judgement_of(self.at_place(place))
            if level_of(place) is Level.REGENCY and self.is_unlikely(place):
                own = with_chance(own, self.chances[place].ready)
            self._own_judgements[place] = own
        if level_of(place) is not Level.PROVINCE:
            return own
        children = [
            (self.judgement_at(child).verdict, self.size(child).stations)
            for child in self.numbers
            if child != place
        ]
        own_verdict = own.verdict if self.at_place(place) else None
        return parent_judgement(children, own_verdict, thresholds=self.thresholds)

    def is_unlikely(self, place: PlaceCode) -> bool:
        """Tell whether a place, close to the vote, will hardly be ready by the forecast."""
        chance = self.chances.get(place)
        return is_unlikely(
            chance.ready if chance else None, today=self.day, thresholds=self.thresholds
        )

    def why_at(self, place: PlaceCode) -> tuple[Why, ...]:
        """Return what decides how a place stands."""
        return why_of(self.judgement_at(place), place)

    def size(self, place: PlaceCode) -> elections.VoterCounts:
        """Return how many stations and voters a place has."""
        return self.sizes.get(place, elections.NO_VOTERS)

    def _day_of(self, at: datetime | None) -> int | None:
        if at is None:
            return None
        return self.day_number(clock.local_date(at, zone=self.zone))

    def _work(self, row: Row) -> Work:
        return Work(
            target=row.target_quantity,
            done=row.done_quantity,
            target_day=self.day_number(row.measured_date),
            dropped=row.state is ActivityState.DROPPED,
        )

    def _standing(
        self,
        row: Row,
        line: LineRow | None,
        size: elections.VoterCounts,
        definition: Definition,
        work: Work,
        slot: Slot | None,
    ) -> Standing:
        likely = definition.durations.likely
        last_day = self._day_of(line.last_report_at if line else row.heard_at)
        unheard = days_unheard(work, last_day, likely=likely, today=self.day)
        return Standing(
            day=self.day,
            size=size,
            row=row,
            line=line,
            definition=definition,
            work=work,
            slot=slot,
            status=activity_status(
                work,
                slot,
                was_heard=last_day is not None,
                silent=is_silent(unheard, every=definition.report_every),
                today=self.day,
                thresholds=self.thresholds,
            ),
            begun=work.finished or has_begun(work, likely=likely, today=self.day),
            unheard=unheard,
            late_when_heard=last_day is not None and last_day > work.target_day,
        )


def is_pressing(standing: Standing) -> bool:
    """Tell whether somebody must act: late or at risk, and something can be done about it now."""
    return (
        standing.status in (Status.LATE, Status.AT_RISK)
        and standing.priority is not None
        and standing.priority.group is Group.FINISH_NOW
        and not _is_moot(standing)
    )


def _is_moot(standing: Standing) -> bool:
    """Tell whether the vote that work was for is over: what was missed is a record then."""
    is_for_the_vote = standing.priority is not None and standing.priority.press.harm is Harm.VOTE
    return standing.day > 0 and standing.definition.target < 0 and is_for_the_vote


_WORST = (Status.LATE, Status.AT_RISK, Status.NO_REPORT, Status.ON_TRACK, Status.DONE, None)


def worst_first(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return the same work in some places, what is known to be late first, then by how it presses.

    Who tells of all of them in a line takes status, dates and reason from the first.
    """
    return tuple(sorted(standings, key=_how_bad))


def _how_bad(standing: Standing) -> tuple[int, Press]:
    press = standing.priority.press if standing.priority else Press()
    return _WORST.index(standing.status), press


def touched(standings: Iterable[Standing]) -> elections.VoterCounts:
    """Return the stations and voters that a miss of the same work in some places touches.

    The one computation of it: every alert, page and report says this number.
    """
    found = [s.priority for s in standings if s.priority]
    return elections.VoterCounts(
        stations=sum(p.stations for p in found), voters=sum(p.voters for p in found)
    )


def owing_of(silent: Iterable[Standing]) -> list[tuple[int, int]]:
    """Return who owes overdue reports, with how many, whoever owes most first."""
    owing = Counter(s.owner_id for s in silent)
    return sorted(owing.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Silence:
    """What a place owes: how many reports, the oldest for how many days, and when it last spoke.

    `days` counts days since it last spoke at all, None where that is no silence: it speaks, and
    only single reports are missing.
    """

    overdue: int
    oldest: int
    days: int | None
    last_report_at: datetime | None


def silence_at(found: Board, rows: Iterable[Standing]) -> Silence | None:
    """Return what is owed of a place by its activities or lines, None if nothing is overdue.

    The one computation of it. A place is silent when nothing at all has come from it for longer
    than the shortest rhythm of what is overdue; one that never spoke, since the oldest was due.
    """
    all_rows = list(rows)
    overdue = [s for s in all_rows if s.silent]
    if not overdue:
        return None
    oldest = max(s.unheard or 0 for s in overdue)
    last = max((s.last_report_at for s in all_rows if s.last_report_at), default=None)
    days = (found.today - clock.local_date(last, zone=found.zone)).days if last else oldest
    every = min(s.definition.report_every for s in overdue)
    is_mute = is_silent(days, every=every)
    return Silence(len(overdue), oldest, days if is_mute else None, last)


def why_of(found: Judgement, place: PlaceCode) -> tuple[Why, ...]:
    """Return what decides how a place stands: of a province its areas, else its work."""
    ground, verdict = found.ground, found.verdict
    is_whole = level_of(place) is Level.PROVINCE and ground is not Ground.NOT_SET_UP
    what = "PLACES" if is_whole else "WORK"
    told = Why(f"readiness.{what}.{ground.value}", {"count": verdict.count, "of": verdict.of})
    return (told, Why("readiness.PLACES.WITH_OWN")) if found.with_own else (told,)


def board(place: PlaceCode, *, at: datetime) -> Board | None:
    """Return the board of the province in which `place` lies, None where nothing is set up."""
    if place == COUNTRY:
        return None
    province = at_level(place, Level.PROVINCE)
    zone = str(places.zone_of(province))
    return _board(province, today=clock.local_date(at, zone=zone), zone=zone)


@kept
def _board(province: PlaceCode, *, today: date, zone: str) -> Board | None:
    election = elections.current_election(province)
    if election is None:
        return None
    shelves = _shelves([province, *(card.code for card in places.children(province))])
    if not any(row.election_id == election.id for s in shelves.values() for row in s.rows):
        return None
    sizes = dict(elections.voters_at_level(province, Level.REGENCY))
    sizes[province] = sum(sizes.values(), start=elections.NO_VOTERS)
    return Board(
        election=election,
        today=today,
        zone=zone,
        shelves=shelves,
        sizes=sizes,
        chances=chances(province, election_id=election.id),
    )


@each_place_kept
def _shelves(at: Collection[PlaceCode]) -> Mapping[PlaceCode, Shelf]:
    """Return the activities at each place, and none under it; one query."""
    rows: dict[PlaceCode, list[Row]] = {place: [] for place in at}
    for row in rows_as(Row, Activity.objects.filter(place__in=rows)):
        rows[row.place].append(row)
    return {place: Shelf(tuple(found)) for place, found in rows.items()}


def vote_date(place: PlaceCode) -> date | None:
    """Return the day on which a place votes, None while no election is set up."""
    election = elections.current_election(place)
    return election.vote_date if election else None


@kept
def _line_rows(regency: PlaceCode, district: PlaceCode | None) -> list[LineRow]:
    rows = ActivityShare.objects.filter(activity__place=regency)
    if district:
        rows = rows.filter(place=district)
    return rows_as(LineRow, rows.order_by("place", "activity_id"))
