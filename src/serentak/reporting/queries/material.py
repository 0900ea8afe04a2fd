"""What is known of a place when its report is drafted: areas, children, stages, who is silent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils.translation import override

from serentak.coordination import public as coordination
from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.acts import deed
from serentak.kernel.briefing import Alert
from serentak.kernel.cards import card_of
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.entries import LANGUAGES
from serentak.kernel.refused import Refused
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform import areas
from serentak.platform.clock import local_date
from serentak.reporting.models import DailyReport
from serentak.reporting.rules.changes import is_same_hour
from serentak.reporting.rules.closing import (
    LEVELS,
    Round,
    current_round,
    minutes_late,
    report_status,
    rounds_of,
)
from serentak.reporting.rules.drafting import (
    Child,
    Corrected,
    Late,
    Material,
    Missing,
    Params,
    StageLine,
)
from serentak.reporting.rules.states import HEARD, ReportState

from .corrections import corrected_between
from .differing_alerts import differing_alerts, report_reader
from .snapshots import stored_on
from .sources import Briefings, briefings_of, reader_at, rules


@dataclass(frozen=True, slots=True)
class Moment:
    """The day of a place and the report that is being written then."""

    place: PlaceCode
    day: date
    round: Round
    election: elections.ElectionCard


@dataclass(frozen=True, slots=True)
class ChildReport:
    """The report of a desk below; `state` is None where it was not begun.

    `handed_in_at` is when it first came, whatever was returned since.
    """

    place: PlaceCode
    name: str
    state: ReportState | None
    handed_in_at: datetime | None
    accepted_at: datetime | None
    reminded_at: datetime | None
    due_at: datetime
    days_silent: int | None

    @property
    def is_heard(self) -> bool:
        """Whether it has come."""
        return self.state in HEARD

    def status(self, at: datetime) -> Status:
        """Return how it stands at a moment: late after its hour, silent after some evenings."""
        return report_status(
            self.state, due_at=self.due_at, at=at, days_silent=self.days_silent, rules=rules()
        )

    @property
    def minutes_late(self) -> int:
        """By how many minutes it came after its hour."""
        return minutes_late(due_at=self.due_at, handed_in_at=self.handed_in_at)


def handed_in_at(row: DailyReport) -> datetime | None:
    """Return when a report was first handed in; of rows older than that field when it last was."""
    return row.first_submitted_at or row.submitted_at


def moment_of(
    place: PlaceCode, at: datetime, election: elections.ElectionCard | None = None
) -> Moment:
    """Return which report a desk writes at a moment; refused where there is no desk or election.

    Without a query where the election is given.
    """
    if level_of(place) not in LEVELS:
        raise Refused("reporting.no_desk_here")
    election = election or elections.current_election(place)
    if election is None:
        raise Refused("reporting.no_election")
    day = local_date(at, zone=election.zone.key)
    owed = rounds_of(place, day, vote_date=election.vote_date, zone=election.zone, rules=rules())
    return Moment(place, day, current_round(owed, at), election)


def child_reports(
    place: PlaceCode, moment: Moment, *, cards: Sequence[places.PlaceCard] | None = None
) -> list[ChildReport]:
    """Return the reports of the desks below for the same day and round; three queries.

    Empty at a level whose desks wait for nobody (the catalogue says which do), and of districts.
    """
    if level_of(place) not in rules().waits_for_children:
        return []
    below = places.children(place) if cards is None else cards
    codes = [card.code for card in below]
    rows = {
        row.place_id: row
        for row in DailyReport.objects.filter(
            place__in=codes, day=moment.day, round=moment.round.number
        )
    }
    last = dict(
        DailyReport.objects.filter(place__in=codes, state__in=HEARD, day__lt=moment.day)
        .values_list("place")
        .annotate(Max("day"))
    )
    found = []
    for card in below:
        row = rows.get(card.code)
        due = rounds_of(
            card.code,
            moment.day,
            vote_date=moment.election.vote_date,
            zone=moment.election.zone,
            rules=rules(),
        )
        heard = last.get(card.code)
        found.append(
            ChildReport(
                place=card.code,
                name=card.name,
                state=ReportState(row.state) if row else None,
                handed_in_at=handed_in_at(row) if row else None,
                accepted_at=row.accepted_at if row else None,
                reminded_at=row.reminded_at if row else None,
                due_at=row.due_at if row else due[min(moment.round.number, len(due)) - 1].due_at,
                days_silent=(moment.day - heard).days if heard else None,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Gathered:
    """The material of a draft, what the areas said (to be stored), and whether children closed."""

    material: Material
    briefings: Briefings
    children_closed: bool


def gather(moment: Moment, *, at: datetime) -> Gathered:
    """Return all that a draft is made of; a fixed number of queries for each area."""
    place, reader = moment.place, reader_at(moment.place)
    cards = places.children(place) if level_of(place) < Level.DISTRICT else ()
    briefings = briefings_of(place, viewer=reader, at=at)
    below = child_reports(place, moment, cards=cards)
    stored = stored_on(moment.day - timedelta(days=1), [place])
    stages = elections.stages(moment.election, today=moment.day)
    material = Material(
        place=place,
        day=moment.day,
        vote_date=moment.election.vote_date,
        briefings=briefings.get(place, {}),
        children=[Child(c.code, c.name, briefings[c.code]) for c in cards if c.code in briefings],
        stages=[StageLine(s.name, s.start_date, s.end_date) for s in stages],
        of_children=len(below),
        missing=[Missing(c.place, c.name, c.days_silent) for c in below if not c.is_heard],
        late=_late(place, moment.day, {c.place: c.name for c in below}) if below else (),
        corrected=_corrected(moment, cards),
        added=[
            (area.focus, said)
            for area in areas.areas()
            if area.tells
            for said in area.tells(place=place, day=moment.day, viewer=reader, at=at)
        ],
        differing=differing_alerts(place, viewer=report_reader(place), at=at),
        before={
            figure.code: figure.value
            for briefing in stored.values()
            if is_same_hour(briefing.taken_at, at)
            for figure in briefing.figures
            if figure.value is not None
        },
        asks=lambda alert: _asks(alert, place, at),
    )
    return Gathered(material, briefings, all(child.due_at <= at for child in below))


def _asks(alert: Alert, place: PlaceCode, at: datetime) -> Params | None:
    """Return what the desk's head would ask for because of an alert, in both languages."""
    kind = "GOVERNOR" if level_of(place) == Level.PROVINCE else "REGENT"
    speaker = institutions.institution_by(kind, place)
    found = coordination.proposal_of(alert, place=None, speaker=speaker, at=at)
    if found is None or found.owner_id is None or found.due_date is None:
        return None
    owner = {}
    for language in LANGUAGES:
        with override(language):
            (card,) = institutions.institutions([found.owner_id]).values()
            owner[language] = coordination.title_of(card, at=at)
    return {
        "owner": owner,
        "act": {language: deed(found.act[language]) for language in LANGUAGES},
        "due_date": found.due_date.isoformat(),
    }


def _corrected(moment: Moment, cards: Sequence[places.PlaceCard]) -> list[Corrected]:
    """Return the reports of a place and of desks below that were corrected on a day.

    Not the one that is being written: it carries its own corrections beside it.
    """
    begin = datetime.combine(moment.day, time.min, tzinfo=moment.election.zone)
    names = {moment.place: "", **{card.code: card.name for card in cards}}
    own = (moment.place, moment.day, moment.round.number)
    return [
        Corrected(row.place, names[row.place], row.day, row.round, row.count)
        for row in corrected_between(names, begin=begin, end=begin + timedelta(days=1))
        if (row.place, row.day, row.round) != own
    ]


def _late(place: PlaceCode, day: date, names: Mapping[PlaceCode, str]) -> list[Late]:
    """Return the reports of desks below that came on a day after their hour, oldest first."""
    begin = datetime.combine(day, time.min, tzinfo=places.zone_of(place))
    came_at = Coalesce("first_submitted_at", "submitted_at")
    rows = (
        DailyReport.objects.filter(place__in=names, state__in=HEARD)
        .annotate(came_at=came_at)
        .filter(came_at__gte=begin, came_at__lt=begin + timedelta(days=1), came_at__gt=F("due_at"))
        .order_by("day", "round", "place")
    )
    return [
        card_of(
            Late,
            row,
            place=PlaceCode(row.place_id),
            name=names[PlaceCode(row.place_id)],
            minutes=minutes_late(due_at=row.due_at, handed_in_at=row.came_at),
        )
        for row in rows
    ]
