"""What security answers about places: status, figures, and what needs somebody."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.db.models.functions import Left

from serentak.kernel.briefing import Alert, Briefing, Figure, FigureClass, Focus, Why
from serentak.kernel.codes import Level, PlaceCode, child_level, is_within, level_of
from serentak.kernel.countdown import days_after_vote
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.rows import within
from serentak.platform.web.formats import moment, number
from serentak.security.models import GRAVE, OPEN, Incident
from serentak.security.permissions import VIEW_SECURITY
from serentak.security.rules.preparation import Prepared
from serentak.security.rules.preparation import whole as stands
from serentak.security.rules.room import minutes_between
from serentak.security.rules.standing import Counts, Decides, Judgement, judged
from serentak.security.rules.states import IncidentState, Severity
from serentak.security.words import kind_text, span

from .catalogues import days, kind_of, vote_date_of
from .incidents import OpenIncident, open_incidents
from .preparation import duties, judgements, prepared
from .seeing import seen_by

SOURCE = "security"
SHOWN = 20
"""How many grave incidents have an alert of their own, the most pressing first."""
DEEPEST = Level.DISTRICT


@dataclass(frozen=True, slots=True)
class Part:
    """What is counted at and under a place, and when something was last reported there."""

    counts: Counts = field(default_factory=Counts)
    as_of: datetime | None = None


def parts(parent: PlaceCode, viewer: Viewer, at: datetime) -> dict[PlaceCode, Part]:
    """Return the incidents of each child, and under `parent` those of its own; three queries."""
    level = child_level(level_of(parent)) or level_of(parent)
    is_open, is_past = Q(state__in=OPEN), Q(due_at__lt=at)
    is_grave = Q(severity__in=GRAVE)
    rows = (
        Incident.objects.filter(seen_by(viewer), within(parent))
        .exclude(state=IncidentState.DUPLICATE.value)
        .annotate(part=Left("place_id", int(level)))
        .order_by()
        .values("part")
        .annotate(
            told=Count("id"),
            opened=Count("id", filter=is_open),
            past=Count("id", filter=is_open & is_past),
            grave=Count("id", filter=is_open & is_grave),
            grave_past=Count("id", filter=is_open & is_grave & is_past),
            in_time=Count("id", filter=~is_open & Q(was_past=False)),
            synthetic=Count("id", filter=Q(figure_class=FigureClass.SYNTHETIC.value)),
            as_of=Max("reported_at"),
        )
    )
    found = {
        PlaceCode(row["part"]): Part(
            Counts(
                open=row["opened"],
                past=row["past"],
                grave=row["grave"],
                grave_past=row["grave_past"],
                closed=row["told"] - row["opened"],
                in_time=row["in_time"],
                told=row["told"],
                synthetic=row["synthetic"],
            ),
            row["as_of"],
        )
        for row in rows
    }
    for place, planned in duties(parent).items():
        part = found.get(place, Part())
        found[place] = replace(part, counts=part.counts + Counts(told=planned))
    return found


def whole(found: Mapping[PlaceCode, Part]) -> Part:
    """Return the sum of parts."""
    return Part(
        sum((part.counts for part in found.values()), Counts()),
        max((part.as_of for part in found.values() if part.as_of), default=None),
    )


def across(
    rows: Sequence[OpenIncident], found: Mapping[PlaceCode, Part], places: Collection[PlaceCode]
) -> dict[PlaceCode, Part]:
    """Return parts with what is open across the border of each place, in which it lies not."""
    wholes = dict(found)
    for row in rows:
        if row.also_at is None:
            continue
        counts = Counts(
            open=1,
            past=int(row.is_past),
            grave=int(row.severity.is_grave),
            grave_past=int(row.severity.is_grave and row.is_past),
            told=1,
        )
        for place in places:
            if is_within(row.also_at, place) and not is_within(row.place, place):
                part = wholes.get(place, Part())
                as_of = max(part.as_of, row.since) if part.as_of else row.since
                wholes[place] = Part(part.counts + counts, as_of)
    return wholes


@dataclass(frozen=True, slots=True)
class Standings:
    """How a place and its children stand, and by what; `judgements` say nothing where empty."""

    names: Mapping[PlaceCode, str]
    parts: Mapping[PlaceCode, Part]
    judgements: Mapping[PlaceCode, tuple[Judgement, ...]]
    ready: Mapping[PlaceCode, Prepared]
    rows: Sequence[OpenIncident]

    def status(self, place: PlaceCode) -> Status:
        """Return the status of a place; of which nothing is known it has not reported."""
        told = self.judgements.get(place)
        return told[0].status if told else Status.NO_REPORT


def standings(
    parent: PlaceCode, viewer: Viewer, at: datetime, *, rows: Sequence[OpenIncident]
) -> Standings:
    """Return how `parent` and its children stand: the one judgement of every page and tile.

    `rows` are the incidents open there. Where no election is set up, incidents alone decide.
    """
    children = places.children(parent)
    names = {card.code: card.name for card in (*places.places([parent]).values(), *children)}
    found = parts(parent, viewer, at)
    wholes = across(rows, {**found, parent: whole(found)}, (parent, *(c.code for c in children)))
    ready: Mapping[PlaceCode, Prepared] = {}
    owed: Mapping[PlaceCode, Judgement] = {}
    is_asked = False
    if vote_date := vote_date_of(parent):
        day = _day_of(parent, vote_date, at)
        ready = prepared(parent, at)
        owed = judgements(parent, ready, day=day, days=days(), at=at)
        is_asked = day > days().survey_from
    told = {
        place: stands(judged(wholes.get(place, Part()).counts), owed.get(place)) for place in names
    }
    if is_asked:
        silent = (Judgement(Status.NO_REPORT, Decides.NOTHING_TOLD),)
        told = {p: one or (silent if level_of(p) <= DEEPEST else ()) for p, one in told.items()}
    return Standings(names, wholes, told, ready, rows)


def _day_of(parent: PlaceCode, vote_date: date, at: datetime) -> int:
    today = clock.local_date(at, zone=places.zone_of(parent).key)
    return days_after_vote(today, vote_date=vote_date)


def briefings(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> Mapping[PlaceCode, Briefing]:
    """Return the briefing of `parent` and of each child that the viewer may see.

    Some two dozen queries, most of them kept. Of a district and above, where an election is set up.
    Before the survey a place of which nobody told anything has none; later it has not reported, but
    for a village, of which nobody is to. What is restricted counts for its handlers alone.
    """
    if level_of(parent) > DEEPEST or not viewer.holds(VIEW_SECURITY):
        return {}
    vote_date = vote_date_of(parent)
    if vote_date is None:
        return {}
    stands = standings(parent, viewer, at, rows=open_incidents(parent, viewer, at))
    board = _Board(parent, stands, at, is_the_day=_day_of(parent, vote_date, at) >= 0)
    return {
        place: board.briefing(place)
        for place, told in stands.judgements.items()
        if told and viewer.may(VIEW_SECURITY, place)
    }


@dataclass(frozen=True, slots=True)
class _Board:
    """A place with its children, ready to be told to a viewer."""

    parent: PlaceCode
    stands: Standings
    at: datetime
    is_the_day: bool
    """From the day of the vote on incidents come first, even where none is open."""

    def briefing(self, place: PlaceCode) -> Briefing:
        """Return the briefing of one place."""
        part, standing = self.stands.parts.get(place, Part()), self.stands.judgements[place]
        silent = [one for one in self.stands.names if one != self.parent and self._is_silent(one)]
        is_parent = place == self.parent
        whys = [
            Why(f"security.{found.decides.value}", {"count": found.count, "of": found.of})
            for found in standing
        ]
        whys.append(Why("security.WITHOUT_RESTRICTED"))
        return Briefing(
            focus=Focus.SECURITY,
            place=place,
            status=standing[0].status,
            why=tuple(whys),
            leaves_out="security.WITHOUT_RESTRICTED",
            as_of=part.as_of,
            figures=(*self.figures(part), *self.prepared(place)),
            alerts=tuple(sorted(self.alerts(place), key=lambda a: (a.press, a.place, a.link))),
            silent=len(silent) if is_parent else 0,
            of_children=len(self.stands.names) - 1 if is_parent else 0,
        )

    def _is_silent(self, place: PlaceCode) -> bool:
        return any(
            one.status is Status.NO_REPORT for one in self.stands.judgements.get(place, ())[:1]
        )

    def figures(self, part: Part) -> tuple[Figure, ...]:
        """Return how many are open, past their clock, and closed in time."""
        counts = part.counts
        kind = FigureClass.SYNTHETIC if counts.synthetic else FigureClass.SOURCED
        all_told = counts.open + counts.closed
        return tuple(
            Figure(
                code,
                value if counts.told else None,
                of=of,
                source=SOURCE,
                figure_class=kind,
            )
            for code, value, of in (
                ("security.open", counts.open, all_told or None),
                (
                    "security.past_clock",
                    counts.past if counts.open or self.is_the_day else None,
                    counts.open,
                ),
                (
                    "security.in_time",
                    counts.in_time if counts.closed else None,
                    counts.closed or None,
                ),
            )
        )

    def prepared(self, place: PlaceCode) -> tuple[Figure, ...]:
        """Return what lacks of officers, and how many stations are surveyed, classed, covered."""
        ready = self.stands.ready.get(place, Prepared())
        known = ready.is_told
        return tuple(
            Figure(code, value if known else None, of=of or None, source=SOURCE)
            for code, value, of in (
                ("security.officers_lack", ready.lacking, ready.need),
                ("security.surveyed", ready.surveyed, ready.stations),
                ("security.classed", ready.classed, ready.stations),
                ("security.covered", ready.covered, ready.stations),
            )
        )

    def alerts(self, place: PlaceCode) -> Iterator[Alert]:
        """Yield what needs somebody: each grave incident, the lesser past their clock together."""
        mine = [
            row
            for row in self.stands.rows
            if is_within(row.place, place) or (row.also_at and is_within(row.also_at, place))
        ]
        grave = [row for row in mine if row.severity.is_grave]
        yield from (self._grave(row) for row in grave[:SHOWN])
        lesser = [row for row in mine if row.is_past and not row.severity.is_grave]
        open_to_all = [row for row in lesser if not row.is_restricted]
        if open_to_all:
            yield self._lesser(place, open_to_all)
        if confided := [row for row in lesser if row.is_restricted]:
            yield self._lesser(place, confided)

    def _grave(self, row: OpenIncident) -> Alert:
        kind = kind_of(row.kind)
        code = "GRAVE_PAST" if row.is_past else "GRAVE_OPEN"
        if row.is_restricted:
            code = "RESTRICTED_LATE" if row.is_past else "RESTRICTED"
        since = moment(row.since, places.zone_of(row.place).key, "short")
        return Alert(
            code=f"security.{code}",
            place=row.place,
            severity=Status.LATE if row.is_past else Status.AT_RISK,
            due_date=clock.local_date(row.due_at, zone=places.zone_of(row.place).key)
            if row.due_at
            else None,
            link=row.link,
            press=Press(
                harm=kind.harm if kind else Harm.VOTE,
                is_final=row.is_past or row.severity is Severity.S4,
                is_answered=not row.is_past and row.state is not IncidentState.REPORTED,
                reach=1,
            ),
            so=f"security.{code}.so",
            helps=f"security.{code}.helps",
            params={
                "place_name": row.place_name,
                "what": kind_text(row.kind),
                "since": since,
                "owner": row.owner,
                **self._clock(row),
            },
        )

    def _clock(self, row: OpenIncident) -> dict[str, str]:
        if row.due_at is None:
            return {}
        first, then = sorted((row.due_at, self.at))
        return {"clock": span(minutes_between(first, then))}

    def _lesser(self, place: PlaceCode, rows: Sequence[OpenIncident]) -> Alert:
        code = "RESTRICTED_PAST" if rows[0].is_restricted else "LESSER_PAST"
        return Alert(
            code=f"security.{code}",
            place=place,
            severity=Status.AT_RISK,
            due_date=None,
            link=f"/{place}/security/incidents?clock=past",
            press=Press(harm=Harm.TIMETABLE, reach=len(rows)),
            so=f"security.{code}.so",
            helps=f"security.{code}.helps",
            params={"place_name": self.stands.names.get(place, place), "count": number(len(rows))},
        )
