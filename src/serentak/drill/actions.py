"""Lays a scene down: everything through the actions of the slices below, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings

from serentak.elections import actions as elections
from serentak.elections.public import Pair, contests_held_under, current_election
from serentak.figures import actions as figures
from serentak.figures.public import DifferenceKind, figure_sets
from serentak.institutions import actions as institutions
from serentak.institutions.public import (
    account_of,
    institution_by,
    institutions_by,
    viewer_for,
)
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.countdown import day_of, days_after_vote
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.neutrality import actions as neutrality
from serentak.neutrality.actions import GivenCase, GivenPledges, GivenService, Person
from serentak.neutrality.public import CaseEvent, CaseState, ReplyKind, ServiceLevel, Stake, Track
from serentak.places.actions import load_regions
from serentak.places.public import children, descendants, zone_of
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.readiness import actions as readiness
from serentak.readiness.actions import PastPage, ReportRow
from serentak.readiness.public import REPORT_PROGRESS, ReportKind, WorkLine, workload
from serentak.reporting import actions as reporting
from serentak.reporting.public import signing

from . import queries, rules
from .events import SceneLoaded

SEED = "sumsel"
"""With another seed chance plays otherwise, and the catalogue's story with it."""

KEPT_EVENINGS = 3
"""Of so many evenings before the eve of the scene the state of every area is kept."""

LIVE_DAYS = 1
"""Reports of the scene's day and so many days before are sent page by page, as people send them."""


class Progress(Protocol):
    """What long work tells: a step in words and how far it is (0 of 0: unknown)."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None: ...


def _quiet(step: str, done: int = 0, total: int = 0) -> None:
    """Tell nobody."""


@action
def load_scene(*, scene: str, actor: Viewer, at: datetime, progress: Progress = _quiet) -> None:
    """Write the data of a scene and set the clock to its moment; a loaded scene stays as it is.

    Refused outside a demonstration and where another scene is loaded. Deeds carry the days on which
    the story has them; all are the system's, except reports of people who can sign in.
    """
    if not settings.SERENTAK_DEMO:
        raise Refused("drill.this_is_no_demonstration")
    story = queries.scene(scene)
    loaded = queries.loaded_scene()
    if loaded:
        if loaded != scene:
            raise Refused("drill.another_scene_is_loaded", loaded=loaded, scene=scene)
        return
    people = queries.people()
    cast = rules.invented(people)
    began = datetime.combine(story.began_on, time(9), tzinfo=zone_of(story.province))
    progress("Regions")
    load_regions(actor=SYSTEM, at=began, progress=partial(progress, "Regions"))
    progress("Institutions")
    institutions.create_province_institutions(
        province=story.province, actor=SYSTEM, at=began, progress=partial(progress, "Institutions")
    )
    progress("People")
    institutions.record_known_holders(
        province=story.province,
        names=cast.holders,
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=began,
    )
    reporters = _seat(people, story, began, progress)
    progress("Election")
    calendar = _set_up_election(story, cast, progress)
    progress("Figures")
    figures.load_baseline(actor=SYSTEM, at=began)
    progress("Targets")
    _agree_targets(story, calendar)
    for question in story.questions:
        _ask(question, calendar)
    _move_targets(story, calendar)
    progress("Reports")
    _tell(story, calendar, reporters, progress)
    progress("Neutrality")
    _stay_out(story, calendar)
    clock.set_clock(domain_at=story.at, scene=scene)
    event = SceneLoaded(subjects=(f"scene:{scene}",), place=story.province, scene=scene)
    record(event, actor=actor, at=story.at)


def _seat(
    people: rules.People, story: rules.Scene, at: datetime, progress: Progress
) -> dict[int, Viewer]:
    """Give each account its person, institution and role; return who reports for which of them."""
    seats = institutions_by(
        kinds={account.kind for account in people.accounts},
        places={account.place for account in people.accounts},
    )
    reporters: dict[int, Viewer] = {}
    for number, account in enumerate(people.accounts, 1):
        institution = seats[account.kind, account.place]
        person_id = institutions.add_person(
            institution_id=institution.id,
            full_name=account.full_name,
            username=account.username,
            password=people.password,
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=at,
        )
        institutions.assign_role(
            person_id=person_id,
            institution_id=institution.id,
            role=account.role,
            from_date=story.began_on,
            actor=SYSTEM,
            at=at,
        )
        user_id = account_of(person_id)
        assert user_id is not None  # noqa: S101 -- the person was added with an account
        viewer = viewer_for(user_id=user_id, at=at)
        if viewer.holds(REPORT_PROGRESS):
            reporters.setdefault(institution.id, viewer)
        progress("People", number, len(people.accounts))
    return reporters


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Turns the story's days into moments of the province's zone."""

    vote_date: date
    zone: ZoneInfo

    def day(self, countdown: int) -> date:
        return day_of(countdown, vote_date=self.vote_date)

    def moment(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), tzinfo=self.zone)


def _set_up_election(story: rules.Scene, cast: rules.Invented, progress: Progress) -> _Calendar:
    """Set up the election with its ballots and stations, and return its calendar."""
    place = story.province
    zone = zone_of(place)
    elections.set_up_election(
        place=place, actor=SYSTEM, at=datetime.combine(story.began_on, time(10), tzinfo=zone)
    )
    election = current_election(place)
    assert election is not None  # noqa: S101 -- it was set up a moment ago
    calendar = _Calendar(election.vote_date, zone)
    races = {race.place: race for race in contests_held_under(place)}
    for place, pairs in cast.ballots.items():
        elections.set_candidate_pairs(
            contest_id=races[place].id,
            pairs=[
                Pair(p.ballot_number, p.head_name, p.deputy_name, is_blank_column=not p.head_name)
                for p in pairs
            ],
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=calendar.moment(story.pairs_on, 16),
        )
    progress("Stations")
    elections.create_demo_stations(
        province=story.province, actor=SYSTEM, at=calendar.moment(story.voters_on, 10)
    )
    return calendar


def _ask(question: rules.Question, calendar: _Calendar) -> None:
    """Give figures that disagree to who answers for them, and decide where the story does."""
    owner = institution_by(question.owner, question.place)
    assert owner is not None  # noqa: S101 -- the catalogue's test looks the owner up
    key: dict[str, Any] = {
        "place": question.place,
        "measure": question.measure,
        "kind": DifferenceKind(question.kind),
        "actor": SYSTEM,
    }
    figures.assign_discrepancy(
        **key,
        owner_id=owner.id,
        due_date=calendar.day(question.due),
        at=calendar.moment(calendar.day(question.day), 11),
    )
    if question.value is None:
        return
    known = {s.measure.code: s.figures for s in figure_sets(question.place)}[question.measure]
    figures.decide_discrepancy(
        **key,
        figure_id=next(f.id for f in known if f.value == question.value),
        reason=question.reason,
        at=calendar.moment(calendar.day(question.due), 14),
    )


# --- readiness


def _agree_targets(story: rules.Scene, calendar: _Calendar) -> None:
    """Set activities up, propose what differs from the catalogue, and let the meeting agree."""
    meeting = story.meeting
    readiness.instantiate_activities(
        province=story.province, actor=SYSTEM, at=calendar.moment(meeting.date, 8)
    )
    for activity_id, deed in _concerned(story.proposed, workload(story.province)):
        readiness.propose_target(
            activity_id=activity_id,
            target_date=calendar.day(deed.target or 0),
            reason=deed.reason,
            actor=SYSTEM,
            at=calendar.moment(meeting.date, 9),
        )
    readiness.agree_targets(
        activity_ids={
            line.activity_id
            for line in workload(story.province)
            if line.target_date < calendar.vote_date and line.key not in meeting.left_open
        },
        meeting_name=meeting.name,
        meeting_date=meeting.date,
        actor=SYSTEM,
        at=calendar.moment(meeting.date, 15),
    )


def _move_targets(story: rules.Scene, calendar: _Calendar) -> None:
    for activity_id, deed in _concerned(story.moved, workload(story.province)):
        readiness.move_target(
            activity_id=activity_id,
            target_date=calendar.day(deed.target or 0),
            reason=deed.reason,
            actor=SYSTEM,
            at=calendar.moment(calendar.day(deed.day or 0), 13),
        )


def _concerned(
    deeds: Iterable[rules.Deed], lines: Sequence[WorkLine]
) -> Iterator[tuple[int, rules.Deed]]:
    """Yield each activity that a deed is about, once for all its lines."""
    ids = {(line.key, line.place[: Level.REGENCY]): line.activity_id for line in lines}
    for deed in deeds:
        for place in deed.places:
            yield ids[deed.activity, place], deed


@dataclass(frozen=True, slots=True)
class _Page:
    """What one institution wrote about one place on one day."""

    place: PlaceCode
    owner_id: int
    day: int


def _tell(
    story: rules.Scene, calendar: _Calendar, reporters: Mapping[int, Viewer], progress: Progress
) -> None:
    """Write the reports of the story: older ones at once, those of the last days page by page."""
    today = days_after_vote(
        clock.local_date(story.at, zone=calendar.zone.key), vote_date=calendar.vote_date
    )
    lines = workload(story.province)
    pages: dict[_Page, list[ReportRow]] = {}
    for line in lines:
        for page, row in _rows(story, line, calendar, today):
            pages.setdefault(page, []).append(row)
    eve = today - LIVE_DAYS
    past: dict[int, dict[tuple[Viewer, str], list[PastPage]]] = {}
    live: list[tuple[datetime, _Page]] = []
    for page in pages:
        sent_at = _sent_at(page, story, calendar, today)
        if page.day >= eve:
            live.append((sent_at, page))
        else:
            evening = max(page.day, eve - KEPT_EVENINGS)
            of = reporters.get(page.owner_id, SYSTEM), page.place[: Level.REGENCY]
            taken = PastPage(_key(page), page.place, sent_at, pages[page])
            past.setdefault(evening, {}).setdefault(of, []).append(taken)
    count, done = sum(map(len, past.values())) + len(live), 0
    for evening in range(eve - KEPT_EVENINGS, eve):
        for (actor, _), group in past.get(evening, {}).items():
            readiness.take_over_reports(
                pages=group,
                figure_class=FigureClass.SYNTHETIC,
                actor=actor,
                at=max(page.sent_at for page in group),
            )
            progress("Reports", done := done + 1, count)
        at = calendar.moment(calendar.day(evening), 20)
        reporting.take_snapshots(place=story.province, actor=SYSTEM, at=at)
    for activity_id, deed in _concerned(story.dropped, lines):
        readiness.drop_activity(
            activity_id=activity_id,
            reason=deed.reason,
            actor=SYSTEM,
            at=calendar.moment(calendar.day(deed.day or 0), 13),
        )
    live.sort(key=lambda item: (item[0], item[1].place, item[1].owner_id))
    for day in range(eve, today + 1):
        for sent_at, page in live:
            if page.day != day:
                continue
            readiness.report_progress(
                client_key=_key(page),
                place=page.place,
                rows=pages[page],
                figure_class=FigureClass.SYNTHETIC,
                actor=reporters.get(page.owner_id, SYSTEM),
                at=sent_at,
            )
            progress("Reports", done := done + 1, count)
        if day < today:
            _close_day(story, calendar, day, reporters)
    reporting.take_snapshots(place=story.province, actor=SYSTEM, at=story.at)


def _close_day(
    story: rules.Scene, calendar: _Calendar, day: int, reporters: Mapping[int, Viewer]
) -> None:
    """Let the desks draft, sign and accept the daily reports of a day, as the story has it."""
    date, daily = calendar.day(day), story.daily
    regencies = [card.code for card in children(story.province)]
    desks = institutions_by(kinds={"REGENT_DESK"}, places=regencies)
    for number, place in enumerate(regencies):
        if place in daily.silent:
            continue
        writer = SYSTEM
        if desk := desks.get(("REGENT_DESK", place)):
            writer = reporters.get(desk.id, SYSTEM)
        at = calendar.moment(date, 16) + timedelta(minutes=3 * number)
        report_id = _sign(place, writer, at, daily)
        at = calendar.moment(date, 17) + timedelta(minutes=number)
        if place in daily.returned:
            reason = daily.returned[place]
            reporting.return_report(report_id=report_id, reason=reason, actor=SYSTEM, at=at)
        else:
            reporting.accept_report(report_id=report_id, actor=SYSTEM, at=at)
    desk = institution_by("GOVERNOR_DESK", story.province)
    writer = reporters.get(desk.id, SYSTEM) if desk else SYSTEM
    report_id = _sign(story.province, writer, calendar.moment(date, 18), daily)
    reporting.accept_report(
        report_id=report_id,
        receipt=daily.receipt,
        actor=SYSTEM,
        at=calendar.moment(date, 20),
    )


def _sign(place: PlaceCode, writer: Viewer, at: datetime, daily: rules.Daily) -> int:
    """Draft a report, mark what the story makes public, and sign it; return its id."""
    report_id = reporting.draft_report(place=place, actor=writer, at=at)
    drafted = signing(report_id).sentences
    marked = [drafted[key] for key in daily.public if key in drafted]
    reporting.mark_public(report_id=report_id, sentence_ids=marked, actor=SYSTEM, at=at)
    reporting.submit_report(
        report_id=report_id,
        seen_revision=signing(report_id).revision,
        without_missing=True,
        actor=writer,
        at=at,
    )
    return report_id


def _rows(
    story: rules.Scene, line: WorkLine, calendar: _Calendar, today: int
) -> Iterator[tuple[_Page, ReportRow]]:
    """Yield the reports on a line with the page that each stands on."""
    plain = rules.Line(
        activity=line.key,
        aspect=line.aspect,
        place=line.place,
        target=line.target_quantity,
        target_day=days_after_vote(line.target_date, vote_date=calendar.vote_date),
        likely=line.likely_days,
        every=line.report_every,
        fixed=line.is_fixed,
    )
    dropped_on = next(
        (d.day for d in story.dropped if d.activity == line.key and line.place in d.places), today
    )
    course = rules.course_of(plain, story.turns, seed=SEED)
    before: int | None = None
    for told in rules.reports_of(plain, course, today=today, seed=SEED):
        if told.day > (dropped_on or 0):
            return
        same = told.done == before
        before = told.done
        yield (
            _Page(line.place, line.owner_id, told.day),
            ReportRow(
                activity_id=line.activity_id,
                kind=ReportKind.NO_CHANGE if same else ReportKind.QUANTITY,
                quantity=None if same else told.done,
                note=told.note,
                district=line.district,
            ),
        )


def _sent_at(page: _Page, story: rules.Scene, calendar: _Calendar, today: int) -> datetime:
    """Return when a page was sent: in the afternoon, on the day of the scene before it begins."""
    minutes = int(rules.chance(SEED, "minute", page.place, page.owner_id) * 90)
    if page.day < today:
        return calendar.moment(calendar.day(page.day), 14) + timedelta(minutes=minutes)
    return story.at - timedelta(minutes=minutes + 5)


def _key(page: _Page) -> UUID:
    return uuid5(NAMESPACE_OID, f"{page.place}/{page.owner_id}/{page.day}")


# --- neutrality

PLEDGING = ("SECRETARY", "KESBANGPOL", "DPMD", "BKD", "DUKCAPIL", "SATPOL_PP", "DISHUB", "DINKES")
"""Kinds of agencies whose pledges the story counts."""

SERVING = ("DUKCAPIL", "DINKES", "SATPOL_PP", "BPBD", "DISHUB", "DISKOMINFO", "CAMAT")
"""Kinds of agencies that report their services."""


def _stay_out(story: rules.Scene, calendar: _Calendar) -> None:
    """Tell the story of neutrality up to the scene's moment, deed by deed in time."""
    told = queries.staying_out()
    today = days_after_vote(
        clock.local_date(story.at, zone=calendar.zone.key), vote_date=calendar.vote_date
    )
    regencies = [place.code for place in descendants(story.province, Level.REGENCY)]
    deeds: list[tuple[int, Callable[[datetime], None]]] = [
        (told.pledges_day, partial(_pledge, told, regencies, calendar)),
        *((item.day, partial(_send, item, calendar)) for item in told.circulars),
        *((item.day, partial(_replace, item, calendar)) for item in told.replacements),
    ]
    for case in told.cases:
        deeds.append((case.received, partial(_refer, case, calendar)))
        deeds += [(turn.day, partial(_go_on, case, turn, calendar)) for turn in case.then]
    for day, deed in sorted(deeds, key=lambda item: item[0]):
        if day < today:
            at = calendar.moment(calendar.day(day), 15)
            neutrality.expire_clocks(actor=SYSTEM, at=at)
            deed(at)
    _serve(told, story, [story.province, *regencies])
    neutrality.expire_clocks(actor=SYSTEM, at=story.at)


def _pledge(
    told: rules.StayingOut, regencies: list[PlaceCode], calendar: _Calendar, at: datetime
) -> None:
    found = institutions_by(kinds=PLEDGING, places=regencies)
    for place in regencies:
        if place in told.without_pledges:
            continue
        share = told.shares.get(place, told.usual_share)
        rows = [
            GivenPledges(agency.id, *rules.pledged(place, kind, share, seed=SEED))
            for kind in PLEDGING
            if (agency := found.get((kind, place)))
        ]
        neutrality.record_pledges(
            place=place,
            rows=rows,
            as_of_date=calendar.day(told.pledges_day),
            source=told.pledges_source,
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=at,
        )


def _send(item: rules.Circular, calendar: _Calendar, at: datetime) -> None:
    key = _invented_key("circular", item.number)
    neutrality.issue_circular(
        key=key,
        place=item.place,
        number=item.number,
        title=item.title,
        issued_date=calendar.day(item.day),
        due_date=calendar.day(item.due),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=at,
    )
    answering = set(PLEDGING) | set(SERVING)
    for (kind, _), agency in institutions_by(
        kinds=sorted(answering - item.silent), places=[item.place]
    ).items():
        if kind != "CAMAT":
            neutrality.acknowledge_circular(
                key=key, agency_id=agency.id, actor=SYSTEM, at=at + timedelta(days=2)
            )


def _replace(item: rules.Replaced, calendar: _Calendar, at: datetime) -> None:
    neutrality.record_replacement(
        key=_invented_key("replacement", item.decree),
        agency_id=_seat_of(item.kind, item.place),
        post=item.post,
        decree_number=item.decree,
        replaced_date=calendar.day(item.day),
        consent=item.consent,
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=at,
    )


def _refer(case: rules.CaseStory, calendar: _Calendar, at: datetime) -> None:
    neutrality.refer_case(
        key=_invented_key("case", case.place, case.reference),
        given=GivenCase(
            reference=case.reference,
            agency_id=_seat_of(case.kind, case.place),
            track=Track.CIVIL_SERVANT,
            violation=case.violation,
            deed_date=calendar.day(case.deed),
            received_date=calendar.day(case.received),
            state=CaseState(case.at),
            person=Person(full_name=case.person, post=case.post),
        ),
        referred_by=_seat_of(case.by, case.place),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=at,
    )


def _go_on(case: rules.CaseStory, turn: rules.CaseTurn, calendar: _Calendar, at: datetime) -> None:
    """Let the next thing happen to a case; whoever tells a story has always seen the last state."""
    key = _invented_key("case", case.place, case.reference)
    day = calendar.day(turn.day)
    if turn.reply:
        neutrality.record_reply(
            key=key, kind=ReplyKind(turn.reply), replied_date=day, actor=SYSTEM, at=at
        )
        return
    common: dict[str, Any] = {"key": key, "changes": None, "actor": SYSTEM, "at": at}
    match CaseEvent(turn.event):
        case CaseEvent.SANCTION:
            neutrality.record_sanction(
                sanction=turn.sanction, letter_number=turn.letter, decided_date=day, **common
            )
        case CaseEvent.FIND_NOT_PROVEN:
            neutrality.close_not_proven(decided_date=day, note="Bukti kurang (SINTETIS)", **common)
        case CaseEvent.HAND_OVER:
            neutrality.hand_over_case(
                stake=Stake.RELATED, note="Hubungan keluarga (SINTETIS)", **common
            )
        case event:
            neutrality.record_step(event=event, **common)


def _serve(told: rules.StayingOut, story: rules.Scene, places: list[PlaceCode]) -> None:
    """Report services on the scene's morning."""
    districts = [place.code for place in descendants(story.province, Level.DISTRICT)]
    found = institutions_by(kinds=SERVING, places=[*places, *districts])
    for place in places:
        if place in told.silent:
            continue
        rows = []
        for (kind, seat), agency in found.items():
            if seat != place and not (len(place) == Level.REGENCY and seat[: len(place)] == place):
                continue
            item = next(
                (n for n in told.not_open if n.kind == kind and seat[: len(n.place)] == n.place),
                None,
            )
            level = ServiceLevel(item.level) if item else ServiceLevel.OPEN
            rows.append(GivenService(agency.id, level, item.reason if item else ""))
        neutrality.report_services(
            place=place,
            rows=rows,
            figure_class=FigureClass.SYNTHETIC,
            actor=SYSTEM,
            at=story.at - timedelta(minutes=75),
        )


def _seat_of(kind: str, place: PlaceCode) -> int:
    institution = institution_by(kind, place)
    assert institution is not None  # noqa: S101 -- the catalogue's test looks it up
    return institution.id


def _invented_key(*parts: str) -> UUID:
    return uuid5(NAMESPACE_OID, "/".join(parts))
