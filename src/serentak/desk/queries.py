"""A place's page: lays the answers of all slices side by side, each asked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from serentak.coordination import public as coordination
from serentak.elections import public as elections
from serentak.figures import public as figures
from serentak.institutions import public as institutions
from serentak.kernel.briefing import Alert, Briefing, Focus
from serentak.kernel.codes import COUNTRY, Level, PlaceCode, ancestors
from serentak.kernel.countdown import countdown_label, days_after_vote
from serentak.kernel.status import Status
from serentak.kernel.viewer import Permission, Viewer
from serentak.neutrality import public as neutrality
from serentak.places import public as places
from serentak.platform import audit, catalogue, clock
from serentak.platform.access import may_open
from serentak.platform.reading import reading
from serentak.platform.words import word
from serentak.readiness import public as readiness
from serentak.reporting import public as reporting

from . import rules
from .permissions import VIEW_DESK
from .rules import Layout, Phase

ALERTS_SHOWN = 6
FEED_SHOWN = 8
WORK_SHOWN = 3
DAYS_SHOWN = 7
FRESH = timedelta(hours=1)
"""How far back the page looks on the day itself."""

AREAS: Mapping[Focus, Permission] = {
    Focus.READINESS: readiness.VIEW_READINESS,
    Focus.COORDINATION: coordination.VIEW_COORDINATION,
    Focus.NEUTRALITY: neutrality.VIEW_NEUTRALITY,
}
"""The areas that are set up, with what one needs to see them."""

SLICES: Mapping[str, Permission] = {
    "readiness": readiness.VIEW_READINESS,
    "coordination": coordination.VIEW_COORDINATION,
    "neutrality": neutrality.VIEW_NEUTRALITY,
    "reporting": reporting.VIEW_DAILY_REPORT,
    "figures": figures.VIEW_FIGURES,
    "institutions": institutions.VIEW_DIRECTORY,
}
"""Whose events the activity list shows only to those who may see the slice there."""

CASE_ALERTS = frozenset({"neutrality.CASES_PAST_CLOCK", "neutrality.AUTHORITY_IN_THE_RACE"})
"""Alerts that stay where they are: an action or a point on an agenda would be read by people who
may not know whether there is a case."""
UNTOLD = ("drill", "platform")
"""Slices whose events are the machine's own and no news of a place."""

SUBJECT_PAGES: Mapping[str, str] = {
    "action": "coordination:action",
    "meeting": "coordination:meeting",
}
"""The page of what an event is about, by the kind of its first subject."""

SLICE_PAGES: Mapping[str, str] = {
    "readiness": "readiness:place",
    "coordination": "coordination:overview",
    "neutrality": "neutrality:overview",
    "reporting": "reporting:daily",
    "figures": "figures:reconciliation",
    "institutions": "institutions:directory",
    "elections": "elections:election",
}
"""The page of a slice at a place, for events whose subject has none."""

HEADER_MEASURES = ("districts", "stations", "voters")


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the place: its card, its briefings by focus, its stations."""

    card: places.PlaceCard
    briefings: Mapping[Focus, Briefing]
    stations: int

    def status(self, focus: Focus) -> Status | None:
        """The status in an area, None where nothing is set up or the viewer may not see it."""
        briefing = self.briefings.get(focus)
        return briefing.status if briefing else None

    def figure(self, code: str) -> float | None:
        """Return the value of a figure of readiness, None where it has none."""
        briefing = self.briefings.get(Focus.READINESS)
        return (
            next((f.value for f in briefing.figures if f.code == code), None) if briefing else None
        )

    def share(self, focus: Focus) -> float | None:
        """Return the area's headline share, from 0 to 1, None where nothing is known."""
        briefing = self.briefings.get(focus)
        for figure in briefing.figures if briefing else ():
            if figure.code == SHARES.get(focus) and figure.of and figure.value is not None:
                return figure.value / (100 if figure.unit == "%" else figure.of)
        return None


SHARES = {
    Focus.READINESS: "readiness.finished",
    Focus.COORDINATION: "coordination.on_time",
    Focus.NEUTRALITY: "neutrality.pledged",
}
"""The figure that stands on a tile of an area."""


@dataclass(frozen=True, slots=True)
class Made:
    """An action that was made from an alert, with its state in words."""

    action: coordination.ActionCard
    state: str


def _date(value: object) -> date | None:
    return value if isinstance(value, date) else None


@dataclass(frozen=True, slots=True)
class Need:
    """An alert, what was made from it already, and the one tap that it offers (URLs, or empty)."""

    alert: Alert
    made: tuple[Made, ...]
    may_ask: bool = False
    meeting_id: int | None = None
    """On whose agenda the viewer may put it."""
    report_url: str = ""
    is_on_agenda: bool = False

    @property
    def ask_url(self) -> str:
        """Where somebody is asked; an alert is signed only for the page that shows it."""
        return coordination.ask_url(self.alert) if self.may_ask else ""

    @property
    def agenda_url(self) -> str:
        """What puts it on the agenda with one tap."""
        if self.meeting_id is None:
            return ""
        return coordination.agenda_url(self.alert, meeting_id=self.meeting_id)

    @property
    def owner(self) -> str:
        """Who answers for it, empty where the alert does not say."""
        return str(self.alert.params.get("owner") or "")

    @property
    def target_date(self) -> date | None:
        """The day by which it was to be finished, where the alert tells it."""
        return _date(self.alert.params.get("target_date"))

    @property
    def deadline_date(self) -> date | None:
        """The last day on which it still helps, where the alert tells it."""
        return _date(self.alert.params.get("deadline_date"))

    @property
    def has_act(self) -> bool:
        """Whether the viewer can do something about it here."""
        return bool(self.may_ask or self.meeting_id or self.report_url)


@dataclass(frozen=True, slots=True)
class Trend:
    """An area's last stored days, oldest first, and what moved since yesterday."""

    days: tuple[reporting.StoredBriefing, ...]
    change: rules.Change | None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """Something that was done at or under the place."""

    entry: audit.HistoryEntry
    institution: str
    place_name: str
    link: str


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What the page of a place shows; every number comes from the slice that owns it."""

    card: places.PlaceCard
    path: tuple[places.PlaceCard, ...]
    at: datetime
    zone: ZoneInfo
    election: elections.ElectionCard | None
    holder: institutions.HolderCard | None
    stated: Mapping[str, figures.FigureCard]
    counts: elections.VoterCounts
    briefings: Mapping[Focus, Briefing]
    children: tuple[Child, ...]
    grid: places.TileGrid | None
    needs: tuple[Need, ...]
    meeting: coordination.MeetingCard | None
    plan_url: str
    work: coordination.Work
    promises: coordination.Record | None
    trends: Mapping[Focus, Trend]
    seen: frozenset[Focus]
    phase: Phase
    names: Mapping[PlaceCode, places.PlaceCard]
    missing: tuple[readiness.Missing, ...]
    discrepancies: tuple[figures.DiscrepancyCard, ...]
    feed: tuple[FeedEntry, ...]
    stages: tuple[elections.StageCard, ...]
    reports_due: int

    @property
    def overdue(self) -> int:
        """How many reports are overdue at the place and its children."""
        return sum(missing.overdue for missing in self.missing)

    @property
    def today(self) -> date:
        """The day at the place."""
        return clock.local_date(self.at, zone=str(self.zone))

    @property
    def days(self) -> int | None:
        """Days since the vote, negative before it; None without an election."""
        if self.election is None:
            return None
        return days_after_vote(self.today, vote_date=self.election.vote_date)

    @property
    def countdown(self) -> str:
        """`H-30`, empty without an election."""
        if self.election is None:
            return ""
        return countdown_label(self.today, vote_date=self.election.vote_date)

    @property
    def heard(self) -> int:
        """How many of the children have reported."""
        statuses = [child.status(Focus.READINESS) for child in self.children]
        return sum(status not in (None, Status.NO_REPORT) for status in statuses)

    @property
    def layout(self) -> Layout:
        """In which order the page tells what it knows."""
        return rules.LAYOUTS[self.phase]

    @property
    def has_work(self) -> bool:
        """Whether anything waits for the viewer's institutions, or is owed to them."""
        return bool(self.work.to_do_count or self.work.to_verify or self.work.owed_count)


def place_page(place: PlaceCode, *, viewer: Viewer, at: datetime) -> PlacePage:
    """Return the page of a province, regency or district.

    The number of queries is fixed whatever the number of children. OutOfScope unless the viewer
    may see the desk there and the place exists.
    """
    viewer.require(VIEW_DESK, place)
    with reading():
        return _place_page(place, viewer=viewer, at=at)


def _place_page(place: PlaceCode, *, viewer: Viewer, at: datetime) -> PlacePage:
    path = places.path(place)
    card = path[-1]
    grid = places.tile_grid(place) if card.level < Level.VILLAGE else None
    below = grid.tiles if grid else ()
    holders = institutions.holder_of([place, *(child.code for child in below)], at=at)
    election = elections.current_election(place)
    zone = places.zone_of(place)
    today = clock.local_date(at, zone=str(zone))
    phase = rules.phase_of(today, vote_date=election.vote_date if election else None)
    counts = elections.voters_and_stations(place)
    feed = audit.activity_under(
        place,
        without=[
            *UNTOLD,
            *(name for name, needed in SLICES.items() if not viewer.may(needed, place)),
        ],
        since=at - FRESH if phase is Phase.ON_THE_DAY else None,
        limit=FEED_SHOWN,
    )
    # What several slices will ask for one by one is asked for at once.
    institutions.institutions_of(place)
    senders = institutions.institutions({e.institution_id for e in feed if e.institution_id})
    seen = frozenset(focus for focus, needed in AREAS.items() if viewer.may(needed, place))
    survey = readiness.survey(place, viewer=viewer, at=at)
    asked = {
        Focus.READINESS: survey.briefings,
        **{
            focus: ask(parent=place, viewer=viewer, at=at)
            for focus, ask in (
                (Focus.COORDINATION, coordination.briefings),
                (Focus.NEUTRALITY, neutrality.briefings),
            )
            if focus in seen
        },
    }
    own = {focus: found[place] for focus, found in asked.items() if place in found}
    children = tuple(
        Child(
            card=child,
            briefings={f: found[child.code] for f, found in asked.items() if child.code in found},
            stations=counts.get(child.code, elections.NO_VOTERS).stations,
        )
        for child in below
    )
    differences = figures.discrepancies(place, viewer) if card.level < Level.DISTRICT else ()
    alerts = (
        *(a for b in own.values() for a in b.alerts),
        *figures.alerts(differences, today=today),
        *reporting.alerts(parent=place, viewer=viewer, at=at),
    )
    meeting = _next_meeting(place, viewer, at)
    needs = _needs(alerts, viewer=viewer, at=at, today=today, meeting=meeting)
    known = {c.code: c for c in (*path, *(child.card for child in children))}
    unknown = {n.alert.place for n in needs} | {e.place for e in feed if e.place}
    names = {**known, **(places.places(unknown - set(known)) if unknown - set(known) else {})}
    is_record_told = phase is Phase.AFTER and Focus.COORDINATION in seen
    return PlacePage(
        card=card,
        path=tuple(step for step in path if step.code not in (COUNTRY, place)),
        at=at,
        zone=zone,
        election=election,
        holder=holders.get(place),
        stated=figures.figures_in_use([place], HEADER_MEASURES)[place],
        counts=counts.get(place, elections.NO_VOTERS),
        briefings=own,
        children=children,
        grid=grid,
        needs=needs,
        meeting=meeting,
        plan_url=reverse("coordination:plan", args=[place])
        if not meeting and viewer.may(coordination.RUN_MEETING, place)
        else "",
        work=coordination.my_work(viewer, at=at, limit=WORK_SHOWN),
        promises=coordination.records(place, at=at).get(place) if is_record_told else None,
        trends=_trends(own, place, today),
        seen=seen,
        phase=phase,
        names=names,
        missing=survey.missing,
        discrepancies=differences,
        feed=tuple(
            FeedEntry(
                entry=entry,
                institution=sender.short_name
                if (sender := senders.get(entry.institution_id or 0))
                else "",
                place_name=names[entry.place].name if entry.place in names else "",
                link=link if (link := _link_of(entry)) and may_open(viewer, link) else "",
            )
            for entry in feed
        ),
        stages=tuple(elections.stages(election, today=today)) if election else (),
        reports_due=_reports_due(place, viewer, at),
    )


def _reports_due(place: PlaceCode, viewer: Viewer, at: datetime) -> int:
    """Return how many reports of somebody whose work is reporting are due today; 0 of a desk."""
    if not viewer.may(readiness.REPORT_PROGRESS, place) or viewer.may(
        coordination.RUN_MEETING, place
    ):
        return 0
    found = readiness.owed(place, viewer=viewer, at=at)
    return len(found.due) if found else 0


def _link_of(entry: audit.HistoryEntry) -> str:
    """Return the path of the page that shows what was done; empty where there is none."""
    kind, _, number = entry.subjects[0].partition(":") if entry.subjects else ("", "", "")
    if kind in SUBJECT_PAGES:
        return reverse(SUBJECT_PAGES[kind], args=[number])
    page = SLICE_PAGES.get(rules.slice_of(entry.name))
    return reverse(page, args=[entry.place]) if page and entry.place else ""


def _next_meeting(
    place: PlaceCode, viewer: Viewer, at: datetime
) -> coordination.MeetingCard | None:
    """Return the meeting on whose agenda the viewer may put something."""
    if not viewer.may(coordination.RUN_MEETING, place):
        return None
    return next(iter(coordination.next_meetings(place, after=at)), None)


def _needs(
    alerts: Iterable[Alert],
    *,
    viewer: Viewer,
    at: datetime,
    today: date,
    meeting: coordination.MeetingCard | None,
) -> tuple[Need, ...]:
    """Return the alerts in order, each with what was made of it or can be made."""
    found = tuple(alerts)
    links = {alert.link for alert in found}
    on_agenda = coordination.links_on_agenda(meeting.id) if meeting else frozenset()
    made = coordination.actions_from_alerts(links, viewer=viewer, at=at) if links else {}
    ordered = rules.in_order(
        found,
        made={link: [card.link for card in cards] for link, cards in made.items()},
        today=today,
        ordering=catalogue.load("desk", "order", rules.parse_ordering),
    )
    own = {
        card.short_name
        for card in institutions.institutions(
            viewer.institutions(readiness.REPORT_PROGRESS)
        ).values()
    }
    needs = []
    for alert in ordered:
        cards = tuple(
            Made(card, word("ACTION_STATES", card.state)) for card in made.get(alert.link, ())
        )
        is_free = not cards and alert.code not in CASE_ALERTS
        is_deed = rules.slice_of(alert.code) == "coordination"
        is_ours = alert.params.get("owner") in own and rules.slice_of(alert.code) == "readiness"
        may_report = is_ours and viewer.may(readiness.REPORT_PROGRESS, alert.place)
        may_ask = is_free and not is_deed and viewer.may(coordination.GIVE_ACTION, alert.place)
        needs.append(
            Need(
                alert=alert,
                made=cards,
                may_ask=may_ask,
                meeting_id=meeting.id
                if is_free and meeting and alert.link not in on_agenda
                else None,
                is_on_agenda=alert.link in on_agenda,
                report_url=reverse("readiness:report", args=[alert.place]) if may_report else "",
            )
        )
    return tuple(needs)


def _trends(own: Mapping[Focus, Briefing], place: PlaceCode, today: date) -> Mapping[Focus, Trend]:
    """Return the last stored days of the areas that the viewer sees; one query."""
    yesterday = today - timedelta(days=1)
    stored = reporting.stored_days(place, until=yesterday, days=DAYS_SHOWN) if own else ()
    trends = {}
    for focus, briefing in own.items():
        days = tuple(day for day in stored if day.focus is focus)
        if days:
            is_fresh = days[-1].day == yesterday
            change = rules.change_since(briefing, days[-1].figures) if is_fresh else None
            trends[focus] = Trend(days, change)
    return trends


def home_of(viewer: Viewer) -> str:
    """Return the path of the topmost place that the viewer answers for, empty if there is none."""
    found = viewer.places(VIEW_DESK)
    if not found:
        return ""
    place = found[0]
    if place == COUNTRY:
        election = elections.current_election(COUNTRY)
        place = election.place if election else COUNTRY
    return reverse("desk:place", args=[place]) if place else ""


def visible_path(page: PlacePage, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Return (name, URL) of the places above; the URL is empty where the viewer may not go."""
    return tuple(
        (
            step.name,
            reverse("desk:place", args=[step.code]) if viewer.may(VIEW_DESK, step.code) else "",
        )
        for step in page.path
        if step.code in ancestors(page.card.code)
    )
