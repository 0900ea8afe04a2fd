"""The plan of a place: every activity with dates, slack, status, priority and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import DeadlineKind, FigureClass, Why
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.pressing import Press
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number
from serentak.platform.web.vocabulary import DEADLINE_WORD
from serentak.readiness import words
from serentak.readiness.permissions import VIEW_READINESS
from serentak.readiness.rules.priority import Group
from serentak.readiness.rules.states import ActivityState, TargetState

from .board import Board, Standing, board, touched


@dataclass(frozen=True, slots=True)
class Planned:
    """An activity, or a district's line of one, as a page shows it; words in the reader's language.

    `start_date` and `finish_date` are the forecast, None unless open; `deadline_date` is the last
    day that its own deadline and everything behind it allow. `margin` is days of slack against the
    target, `slack` against the deadline; below zero it is what is missing. `why` says in one
    sentence why it stands in its `group` (None unless open).
    """

    activity_id: int
    line_id: int | None
    key: str
    place: PlaceCode
    place_name: str
    name: str
    aspect: str
    aspect_name: str
    owner_id: int
    owner: str
    unit: str
    target_quantity: int
    done_quantity: int | None
    done_share: float
    figure_class: FigureClass
    state: ActivityState
    target_state: TargetState
    target_date: date
    baseline_date: date | None
    first_date: date | None
    deadline_date: date | None
    deadline_kind: DeadlineKind
    start_date: date | None
    finish_date: date | None
    margin: int | None
    slack: int | None
    status: Status | None
    report_due: bool
    silent: bool
    unheard: int | None
    group: Group | None
    why: str
    press: Press
    is_critical: bool
    last_report_at: datetime | None
    vote_date: date

    @property
    def slack_words(self) -> str:
        """The days left to the deadline, or by how many it has passed; empty unless open."""
        if self.slack is None:
            return ""
        return words.slack_text(self.slack, DEADLINE_WORD[self.deadline_kind])

    @property
    def group_word(self) -> str:
        """The group in words; empty unless open."""
        return str(words.GROUPS[self.group]) if self.group else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All activities of a place in the order of priority, and what decides the date.

    `critical` is the longest chain of remaining work to the vote (or, after it, to the last recap),
    `critical_days` its length, `margin` the days by which it may slip; None and empty when nothing
    is open. A chain may lead through the province.
    """

    place: PlaceCode
    today: date
    vote_date: date
    status: Status
    why: tuple[Why, ...]
    rows: tuple[Planned, ...]
    critical: tuple[Planned, ...]
    critical_days: int
    margin: int | None

    def in_group(self, group: Group) -> tuple[Planned, ...]:
        """Return the open activities of one group."""
        return tuple(row for row in self.rows if row.group is group)


def plan(place: PlaceCode, *, viewer: Viewer, at: datetime) -> Plan | None:
    """Return the plan of a province, regency or district, None where nothing is set up.

    OutOfScope unless the viewer may see readiness there. Eight queries at most.
    """
    viewer.require(VIEW_READINESS, place)
    is_planned = Level.PROVINCE <= level_of(place) <= Level.DISTRICT
    found = board(place, at=at) if is_planned else None
    return plan_on(found, place) if found else None


def plan_on(found: Board, place: PlaceCode) -> Plan | None:
    """Return the plan of a place on a board, None where it has no activities."""
    standings = found.at_place(place)
    if not standings:
        return None
    path = found.critical_path(place) if level_of(place) is not Level.DISTRICT else None
    steps = list(map(found.standing, path.steps)) if path else []
    critical_ids = {s.row.id for s in steps}
    writer = Describer(found, [*standings, *steps], critical_ids)
    return Plan(
        place=place,
        today=found.today,
        vote_date=found.election.vote_date,
        status=found.judgement_at(place).status,
        why=found.why_at(place),
        rows=tuple(sorted(map(writer.planned, standings), key=_order)),
        critical=tuple(map(writer.planned, steps)),
        critical_days=path.days if path else 0,
        margin=path.margin if path else None,
    )


_GROUP_ORDER = {group: number for number, group in enumerate(Group)}


def _order(row: Planned) -> tuple[int, bool, Press, date]:
    """Order what must be finished now by how it presses, all else by when it must begin or end.

    What keeps its dates comes after what does not.
    """
    is_now = row.group is Group.FINISH_NOW
    keeps = is_now and row.status is Status.ON_TRACK
    press = row.press if is_now else Press()
    return (_GROUP_ORDER[row.group] if row.group else 9, keeps, press, row.target_date)


@dataclass(frozen=True, slots=True)
class Across:
    """One activity in the regencies that the viewer may see, the most pressing first."""

    name: str
    aspect_name: str
    today: date
    vote_date: date
    rows: tuple[Planned, ...]


def across(province: PlaceCode, key: str, *, viewer: Viewer, at: datetime) -> Across:
    """Return an activity in the regencies of a province; OutOfScope if nobody has it."""
    found = board(province, at=at)
    if found is None or key not in found.catalogue.activities:
        raise OutOfScope(VIEW_READINESS, province)
    numbers = [
        number
        for number, (place, name) in enumerate(found.network.nodes)
        if name == key and place != province and viewer.may(VIEW_READINESS, place)
    ]
    standings = [found.standing(number) for number in numbers]
    definition = found.catalogue.activities[key]
    return Across(
        name=said(definition.name),
        aspect_name=said(found.catalogue.aspects[definition.aspect]),
        today=found.today,
        vote_date=found.election.vote_date,
        rows=tuple(sorted(map(Describer(found, standings).planned, standings), key=_order)),
    )


class Describer:
    """Puts standings into words, with the names of places and owners read once."""

    def __init__(
        self, found: Board, standings: Sequence[Standing], critical_ids: Iterable[int] = ()
    ) -> None:
        self.board = found
        self.critical_ids = set(critical_ids)
        self.places = places.places({s.place for s in standings})
        self.owners: Mapping[int, InstitutionCard] = institutions.institutions(
            {s.owner_id for s in standings}
        )

    def planned(self, standing: Standing) -> Planned:
        """Return a standing as a page shows it."""
        row, slot, priority = standing.row, standing.slot, standing.priority
        definition = standing.definition
        card = self.places.get(standing.place)
        owner = self.owners.get(standing.owner_id)
        return Planned(
            activity_id=row.id,
            line_id=standing.line.id if standing.line else None,
            key=row.key,
            place=standing.place,
            place_name=card.name if card else standing.place,
            name=said(definition.name),
            aspect=definition.aspect,
            aspect_name=said(self.board.catalogue.aspects[definition.aspect]),
            owner_id=standing.owner_id,
            owner=owner.short_name if owner else "",
            unit=said(self.board.catalogue.units[definition.unit]),
            target_quantity=standing.work.target,
            done_quantity=standing.work.done,
            done_share=standing.work.done_share,
            figure_class=row.figure_class,
            state=row.state,
            target_state=row.target_state,
            target_date=row.target_date,
            baseline_date=row.baseline_date,
            first_date=row.first_date,
            deadline_date=self.board.date_of(slot.latest) if slot else None,
            deadline_kind=definition.deadline_kind,
            start_date=self._start(standing),
            finish_date=self.board.date_of(slot.finish) if slot else None,
            margin=slot.slack_to_target if slot else None,
            slack=slot.slack_to_deadline if slot else None,
            status=standing.status,
            report_due=standing.due,
            silent=standing.silent,
            unheard=standing.unheard,
            group=priority.group if priority else None,
            why=self.why(standing),
            press=priority.press if priority else Press(),
            is_critical=row.id in self.critical_ids,
            last_report_at=standing.last_report_at,
            vote_date=self.board.election.vote_date,
        )

    def why(self, standing: Standing, reach: elections.VoterCounts | None = None) -> str:
        """Return in one sentence why an activity stands in its group; empty unless open.

        `reach` is what a miss touches, where that is more than the place of `standing`.
        """
        priority, slot, definition = standing.priority, standing.slot, standing.definition
        if priority is None or slot is None:
            return ""
        reach = reach or touched([standing])
        reached = {"stations": number(reach.stations), "voters": number(reach.voters)}
        return str(words.REASONS[priority.reason]) % {
            "days": words.days_text(priority.days),
            "first": words.first_text(standing.row.first_date),
            "slack": words.days_text(slot.slack_to_deadline),
            "kind": DEADLINE_WORD[definition.deadline_kind],
            "consequence": said(self.board.catalogue.consequences[definition.miss].sentence),
            "reach": str(words.REACH) % reached if reach.stations else "",
            "waits_for": self._waits_for(slot.waits_for),
        }

    def _waits_for(self, numbers: Sequence[int]) -> str:
        names = dict.fromkeys(said(self.board.network.definitions[i].name) for i in numbers)
        shown = list(names)[:2]
        return ", ".join(shown) + (", …" if len(names) > 2 else "")

    def _start(self, standing: Standing) -> date | None:
        if standing.slot is None:
            return None
        first = max(standing.slot.ready, standing.slot.finish - standing.slot.remaining)
        return self.board.date_of(first) + timedelta(1)
