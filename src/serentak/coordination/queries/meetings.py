"""Meetings as pages and higher floors read them: agenda, attendance, outcomes, visits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from serentak.coordination.models import (
    Action,
    AgendaItem,
    AgendaKind,
    Attendance,
    Guidance,
    Invitation,
    Letter,
    Meeting,
    Outcome,
)
from serentak.coordination.permissions import VIEW_COORDINATION
from serentak.coordination.rules.minutes import (
    NOT_AT_A_MEETING,
    Addressee,
    OutcomeKind,
    ReadLine,
    Region,
    read_minutes,
)
from serentak.coordination.rules.promises import Record
from serentak.coordination.rules.states import SETTLED, LetterState, MeetingState
from serentak.coordination.words import put_off_text
from serentak.elections import public as elections
from serentak.figures import public as figures
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.briefing import Alert
from serentak.kernel.cards import card_of
from serentak.kernel.codes import Level, PlaceCode, ancestors, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.clock import local_date
from serentak.platform.holidays import holidays
from serentak.platform.reading import kept
from serentak.platform.rows import within
from serentak.platform.words import word

from .addressees import addressees, allowed_verbs
from .briefing import PlaceRecord, briefings, records
from .follow_up import ActionCard, actions_of_meeting, cards
from .settings import minutes_words, restricted


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """A meeting with its host; `date` is the calendar day there."""

    id: int
    place: PlaceCode
    host: InstitutionCard
    theme: str
    starts_at: datetime
    date: date
    venue: str
    chair: str
    minutes: str
    state: MeetingState
    figure_class: str
    version: int

    @property
    def link(self) -> str:
        """The page of the meeting."""
        return meeting_link(self.id)


@dataclass(frozen=True, slots=True)
class PutOff:
    """That a meeting did not reach a point, and what was said of it there."""

    meeting_id: int
    theme: str
    date: date
    said: str

    @property
    def link(self) -> str:
        """The page of the meeting."""
        return meeting_link(self.meeting_id)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A point of the agenda; an alert travels with code and params, an action with its card.

    `severity` is that of the action as it stands, of an alert as it stood when it was put here.
    `before` is the last meeting that put it off. `is_put_off` says that this one did too, with what
    was `said`; `next` is the meeting to which it went, None while it waits for one.
    """

    id: int
    kind: AgendaKind
    text: str
    alert_code: str
    alert_params: Mapping[str, Any]
    place: PlaceCode | None
    place_name: str
    link: str
    severity: Status
    action: ActionCard | None
    times_put_off: int
    is_put_off: bool
    said: str
    before: PutOff | None
    next: PutOff | None

    @property
    def delay(self) -> str:
        """How often meetings did not reach it, in the reader's language; empty if never before."""
        if self.before is None:
            return ""
        last = self.before
        return put_off_text(self.times_before, theme=last.theme, on=last.date, said=last.said)

    @property
    def times_before(self) -> int:
        """How many meetings had put it off before this one."""
        return self.times_put_off - self.is_put_off

    @property
    def sentence(self) -> str:
        """What the point is about, in the reader's language."""
        if self.action:
            return f"{self.action.owner.name}: {self.action.words}"
        return word("ALERTS", self.alert_code, self.alert_params) if self.alert_code else self.text


@dataclass(frozen=True, slots=True)
class InvitedLine:
    """An invited institution, whether it came, and by whom."""

    id: int
    institution: InstitutionCard
    attendance: Attendance
    representative: str


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """An outcome with what it asked for; `action` is None for information."""

    position: int
    kind: OutcomeKind
    verb: str
    text: str
    owner: InstitutionCard | None
    due_date: date | None
    check_date: date | None
    check_meeting: str
    action: ActionCard | None


def meeting_link(meeting_id: int) -> str:
    """Return the path of a meeting's page."""
    return reverse("coordination:meeting", args=[meeting_id])


def meeting_row(meeting_id: int, viewer: Viewer, *, lock: bool = False) -> Meeting:
    """Return a meeting that the viewer may see; OutOfScope otherwise."""
    rows = _with_invited(viewer).filter(pk=meeting_id)
    row: Meeting | None = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None or not _may_see(row, viewer):
        raise OutOfScope(VIEW_COORDINATION)
    return row


def meeting_card(meeting_id: int, viewer: Viewer) -> MeetingCard:
    """Return a meeting that the viewer may see."""
    return _cards([meeting_row(meeting_id, viewer)])[0]


def meeting_of(card: ActionCard, viewer: Viewer) -> MeetingCard | None:
    """Return the meeting from which an action comes, None if none, or none that one may see."""
    ids = [card.meeting_id] if card.meeting_id else []
    return meetings_among(ids, viewer=viewer).get(card.meeting_id or 0)


def meetings(place: PlaceCode, *, viewer: Viewer, limit: int = 20) -> list[MeetingCard]:
    """Return the meetings at a place, the newest first; two queries. Check access before."""
    viewer.require(VIEW_COORDINATION, place)
    return _cards(list(Meeting.objects.filter(place=place).order_by("-starts_at", "-pk")[:limit]))


@kept
def next_meetings(place: PlaceCode, *, after: datetime) -> list[MeetingCard]:
    """Return the planned meetings at a place that lie ahead, the nearest first."""
    rows = Meeting.objects.filter(
        place=place, state=MeetingState.PLANNED.value, starts_at__gt=after
    ).order_by("starts_at", "pk")
    return _cards(list(rows))


def meetings_until(
    place: PlaceCode, *, viewer: Viewer, day: date, limit: int = 20
) -> list[MeetingCard]:
    """Return the meetings up to `day` at a place or above it that the viewer may see, newest first.

    Held or not: what a meeting of today agrees is written down before its minutes are. At most four
    queries.
    """
    above = (*ancestors(place), place)
    own = [code for code in above if viewer.may(VIEW_COORDINATION, code)]
    rows = _with_invited(viewer).filter(Q(place__in=own) | Q(was_invited=True), place__in=above)
    # A day more than that of the server, whose midnight is another; the cards know their own day.
    rows = rows.filter(starts_at__date__lte=day + timedelta(1)).order_by("-starts_at", "-pk")
    return [card for card in _cards(list(rows[:limit])) if card.date <= day]


def meetings_among(meeting_ids: Collection[int], *, viewer: Viewer) -> dict[int, MeetingCard]:
    """Return those of the meetings that the viewer may see; at most four queries."""
    if not meeting_ids:
        return {}
    rows = _with_invited(viewer).filter(pk__in=meeting_ids)
    return {card.id: card for card in _cards([row for row in rows if _may_see(row, viewer)])}


def _with_invited(viewer: Viewer) -> QuerySet[Any]:
    """Return all meetings, each with whether somebody for whom the viewer speaks was invited."""
    invited = Invitation.objects.filter(
        meeting=OuterRef("pk"), institution__in=voices(viewer, VIEW_COORDINATION).ids
    )
    return Meeting.objects.annotate(was_invited=Exists(invited))


def _may_see(row: Any, viewer: Viewer) -> bool:
    """Tell whether a row of `_with_invited` is the viewer's: invited to, or in its places."""
    return bool(row.was_invited) or viewer.may(VIEW_COORDINATION, PlaceCode(row.place_id))


def meeting_before(card: MeetingCard) -> MeetingCard | None:
    """Return the last meeting at the same place that was held before, None if there is none."""
    rows = Meeting.objects.filter(place=card.place, starts_at__lt=card.starts_at).exclude(
        state=MeetingState.PLANNED.value
    )
    found = _cards(list(rows.order_by("-starts_at", "-pk")[:1]))
    return found[0] if found else None


def _cards(rows: Sequence[Meeting]) -> list[MeetingCard]:
    hosts = institutions.institutions({row.host_id for row in rows}) if rows else {}
    return [
        card_of(
            MeetingCard,
            row,
            place=PlaceCode(row.place_id),
            host=hosts[row.host_id],
            date=local_date(row.starts_at, zone=places.zone_of(PlaceCode(row.place_id)).key),
            state=MeetingState(row.state),
        )
        for row in rows
    ]


# --- parts of a meeting


def agenda(meeting_id: int, *, at: datetime) -> list[AgendaLine]:
    """Return a meeting's agenda in its order; check access before."""
    rows = AgendaItem.objects.filter(meeting=meeting_id).select_related("carried_to__meeting")
    return _lines(list(rows.order_by("position", "pk")), at=at)


def points_waiting(place: PlaceCode, host_id: int) -> QuerySet[AgendaItem]:
    """Return what meetings of one host at one place put off and none has taken up, oldest first.

    What became of an action by itself waits for nobody.
    """
    rows = AgendaItem.objects.filter(put_off_at__isnull=False, carried_to__isnull=True)
    rows = rows.filter(meeting__place=place, meeting__host=host_id)
    return rows.exclude(action__state__in=[s.value for s in SETTLED]).order_by("put_off_at", "pk")


def waiting(place: PlaceCode, host: InstitutionCard | None, *, at: datetime) -> list[AgendaLine]:
    """Return the points that wait for a meeting of a host, at most `MOST_WAITING`."""
    if host is None:
        return []
    rows = list(points_waiting(place, host.id).select_related("meeting")[:MOST_WAITING])
    # Where it waits it stands on no agenda: the meeting that put it off lies behind it.
    return [
        replace(line, before=_put_off(row), is_put_off=False)
        for line, row in zip(_lines(rows, at=at), rows, strict=True)
    ]


MOST_WAITING = 40
"""How many points that wait are offered at once; the next follow when these are taken up."""


def _lines(rows: Sequence[AgendaItem], *, at: datetime) -> list[AgendaLine]:
    """Return points as they are read, in the order given."""
    wanted = Action.objects.filter(pk__in=[r.action_id for r in rows if r.action_id])
    carried = AgendaItem.objects.filter(carried_to__in=[r.pk for r in rows])
    before = {r.carried_to_id: r for r in carried.select_related("meeting").order_by("put_off_at")}
    actions = {card.id: card for card in cards(wanted, at=at)}
    names = places.places({PlaceCode(r.place_id) for r in rows if r.place_id})
    return [
        card_of(
            AgendaLine,
            row,
            kind=AgendaKind(row.kind),
            place=PlaceCode(row.place_id) if row.place_id else None,
            place_name=names[PlaceCode(row.place_id)].name if row.place_id else "",
            severity=action.status if action else Status(row.severity),
            action=action,
            is_put_off=row.put_off_at is not None,
            before=_put_off(before[row.pk]) if row.pk in before else None,
            next=_put_off(row.carried_to) if row.carried_to else None,
        )
        for row in rows
        for action in [actions.get(row.action_id or 0)]
    ]


def _put_off(row: AgendaItem) -> PutOff:
    meeting = row.meeting
    zone = places.zone_of(PlaceCode(meeting.place_id)).key
    return PutOff(meeting.pk, meeting.theme, local_date(meeting.starts_at, zone=zone), row.said)


def links_on_agenda(meeting_id: int) -> frozenset[str]:
    """Return to which pages the points of an agenda lead; check access before."""
    rows = AgendaItem.objects.filter(meeting=meeting_id).exclude(link="")
    return frozenset(rows.values_list("link", flat=True))


def proposed_agenda(card: MeetingCard, *, viewer: Viewer, at: datetime) -> list[Alert]:
    """Return what this floor proposes for the agenda, the most pressing first: actions and figures.

    Alerts of higher floors come from the desk's own page, one click each.
    """
    briefing = briefings(parent=card.place, viewer=viewer, at=at).get(card.place)
    own = list(briefing.alerts) if briefing else []
    found = [*own, *figures.alerts(parent=card.place, viewer=viewer, at=at)]
    there = links_on_agenda(card.id)
    return sorted((a for a in found if a.link not in there), key=lambda a: a.press)


def invited(meeting_id: int) -> list[InvitedLine]:
    """Return who was invited to a meeting; check access before."""
    rows = list(Invitation.objects.filter(meeting=meeting_id))
    known = institutions.institutions({row.institution_id for row in rows})
    order = {id: number for number, id in enumerate(known)}
    return [
        InvitedLine(
            row.pk, known[row.institution_id], Attendance(row.attendance), row.representative
        )
        for row in sorted(rows, key=lambda r: order[r.institution_id])
    ]


def outcomes(meeting_id: int, *, at: datetime) -> list[OutcomeLine]:
    """Return a meeting's outcomes in their order; check access before."""
    rows = Outcome.objects.filter(meeting=meeting_id).select_related("check_meeting")
    asked = actions_of_meeting(meeting_id, at=at)
    by_outcome = dict(
        Action.objects.filter(outcome__meeting=meeting_id).values_list("outcome_id", "pk")
    )
    by_id = {card.id: card for card in asked}
    made = []
    for row in rows.order_by("position"):
        card = by_id.get(by_outcome.get(row.pk, 0))
        made.append(
            card_of(
                OutcomeLine,
                row,
                kind=OutcomeKind(row.kind),
                owner=card.owner if card else None,
                check_meeting=row.check_meeting.theme if row.check_meeting else "",
                action=card,
            )
        )
    return made


def days_to_plan(
    card: MeetingCard, recorded: Iterable[OutcomeLine], *, at: datetime
) -> list[tuple[date, str]]:
    """Return the days ahead for which outcomes name a meeting that nobody has planned yet.

    Each with the page that plans it, filled in with the hour and the venue of this meeting.
    """
    zone = places.zone_of(card.place)
    today = local_date(at, zone=zone.key)
    named = {
        line.check_date
        for line in recorded
        if line.kind is OutcomeKind.INFORMATION and line.check_date and line.check_date >= today
    }
    if not named:
        return []
    planned = {meeting.date for meeting in next_meetings(card.place, after=at)}
    hour = card.starts_at.astimezone(zone).time()
    page = reverse("coordination:plan", args=[card.place])
    return [
        (day, f"{page}?{urlencode({'starts_at': f'{day}T{hour:%H:%M}', 'venue': card.venue})}")
        for day in sorted(named - planned)
    ]


@dataclass(frozen=True, slots=True)
class Table:
    """To whom a meeting may turn, and with which verbs each."""

    addressees: Sequence[InstitutionCard]
    verbs: Mapping[int, Sequence[str]]


def table_of(host: InstitutionCard, place: PlaceCode) -> Table:
    """Return the addressees of a meeting with the verbs that its host may use; no reprimands."""
    found = addressees(place)
    allowed = allowed_verbs(host, found)
    verbs = {
        id: [v.value for v in verbs if v.value not in NOT_AT_A_MEETING]
        for id, verbs in allowed.items()
    }
    return Table([card for card in found if verbs[card.id]], verbs)


def readings(text: str, *, card: MeetingCard, table: Table) -> list[ReadLine]:
    """Return what pasted minutes say; names of institutions, offices and places are known."""
    election = elections.current_election(card.place)
    return read_minutes(
        text,
        words=minutes_words(),
        addressees=[
            Addressee(c.id, _names(c, card.place), c.kind, c.level.name, c.place)
            for c in table.addressees
        ],
        today=card.date,
        holidays=holidays(),
        vote_date=election.vote_date if election else None,
        region=_region(card.place, table),
    )


def _names(card: InstitutionCard, place: PlaceCode) -> tuple[str, ...]:
    """Return the names under which minutes call an institution.

    At the meeting's own level the short name is enough (“KPU”, “Polda”); below it takes the place.
    """
    names = [card.name]
    if card.level == level_of(place):
        # “KPU Provinsi” is plain “KPU” at the province's own table.
        names += [card.short_name, card.short_name.removesuffix(" Provinsi")]
    return tuple(names)


def _region(place: PlaceCode, table: Table) -> Region:
    """Return the names of the places under a meeting's; two places of one name are neither."""
    names: dict[str, str] = {}
    children = places.children(place)
    level = level_of(place)
    deeper = places.descendants(place, Level.DISTRICT) if level is Level.PROVINCE else ()
    taken: dict[str, int] = {}
    for child in deeper:
        taken[child.name] = taken.get(child.name, 0) + 1
    names |= {child.name: child.code for child in deeper if taken[child.name] == 1}
    names |= {child.name: child.code for child in children}
    names |= {
        alias: code for alias, code in minutes_words().aliases.items() if code.startswith(place)
    }
    heads = {card.place: card.id for card in table.addressees if card.kind == "REGENT"}
    heads_below = {str(code): id for code, id in heads.items() if code != place}
    return Region(place, names, heads_below, institutions.directed_kinds())


# --- the record of each regency


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit of guidance with its findings."""

    id: int
    place: PlaceCode
    place_name: str
    visit_date: date
    team: str
    findings: str
    advice: str
    actions: int


def visits(place: PlaceCode, *, viewer: Viewer, limit: int = 20) -> list[VisitLine]:
    """Return the newest visits at or under a place; two queries."""
    viewer.require(VIEW_COORDINATION, place)
    rows = list(
        Guidance.objects.filter(within(place))
        .annotate(number=Count("actions"))
        .order_by("-visit_date", "-pk")[:limit]
    )
    names = places.places({PlaceCode(row.place_id) for row in rows}) if rows else {}
    return [
        card_of(
            VisitLine,
            row,
            place=PlaceCode(row.place_id),
            place_name=names[PlaceCode(row.place_id)].name,
            actions=row.number,
        )
        for row in rows
    ]


def promises(place: PlaceCode, *, viewer: Viewer, at: datetime) -> list[PlaceRecord]:
    """Return the record of each child of a place: promises, reminders, reprimands, visits.

    Four queries. Children where nobody was asked anything have an empty record.
    """
    children = places.children(place)
    found = records(place, at=at)
    codes = [child.code for child in children]
    letters = {
        (code, verb): number
        for code, verb, number in Letter.objects.filter(
            state=LetterState.SENT.value, recipient__place__in=codes, recipient__kind="REGENT"
        )
        .exclude(action__alert_code__in=list(restricted()))
        .values_list("recipient__place", "verb")
        .annotate(number=Count("pk"))
    }
    seen = dict(
        Guidance.objects.filter(place__in=codes).values_list("place").annotate(number=Count("pk"))
    )
    return [
        PlaceRecord(
            place=child.code,
            name=child.full_name,
            record=found[child.code] if child.code in found else Record({}),
            reminders=letters.get((child.code, "REMINDER"), 0),
            reprimands=letters.get((child.code, "REPRIMAND"), 0),
            visits=seen.get(child.code, 0),
        )
        for child in children
        if viewer.may(VIEW_COORDINATION, child.code)
    ]
