"""What offices agreed, moved and reported about their readiness."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from serentak.drill import queries
from serentak.drill.rules.chance import chance
from serentak.drill.rules.reports import Line, Told, course_of, reports_of
from serentak.drill.rules.scenes import Deed
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.countdown import days_after_vote
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.readiness import actions as readiness
from serentak.readiness.actions import PastPage, ReportRow
from serentak.readiness.public import ReportKind, WorkLine, computed, workload

from .stage import SEED, Happening, Stage

KEPT_EVENINGS = 3
"""Of so many evenings before the eve of the scene the state of every area is kept."""

LIVE_DAYS = 1
"""Reports of the scene's day and so many days before are sent page by page, as people send them."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What one institution wrote about one place on one day."""

    place: PlaceCode
    owner_id: int
    day: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """The story of readiness on its stage."""

    stage: Stage

    def agree_targets(self) -> None:
        """Set activities up, propose what differs from the catalogue, let the meeting agree."""
        story, calendar = self.stage.story, self.stage.calendar
        meeting = story.meeting
        readiness.instantiate_activities(
            province=story.province, actor=SYSTEM, at=calendar.at(meeting.date, 8)
        )
        for activity_id, deed in _concerned(story.proposed, workload(story.province)):
            readiness.propose_target(
                activity_id=activity_id,
                target_date=calendar.day(deed.target or 0),
                reason=deed.reason,
                actor=SYSTEM,
                at=calendar.at(meeting.date, 9),
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
            at=calendar.at(meeting.date, 15),
        )

    def move_targets(self) -> None:
        """Move targets as the story has it."""
        story, calendar = self.stage.story, self.stage.calendar
        for activity_id, deed in _concerned(story.moved, workload(story.province)):
            readiness.move_target(
                activity_id=activity_id,
                target_date=calendar.day(deed.target or 0),
                reason=deed.reason,
                actor=SYSTEM,
                at=calendar.moment(deed.day or 0, 13),
            )

    def happenings(self) -> Iterator[Happening]:
        """Yield the reports: older ones by evenings, those of the last days page by page."""
        stage, calendar = self.stage, self.stage.calendar
        lines = workload(stage.story.province)
        pages: dict[_Page, list[ReportRow]] = {}
        for line in lines:
            for page, row in self._rows(line):
                pages.setdefault(page, []).append(row)
        eve = stage.today - LIVE_DAYS
        past: dict[tuple[int, Viewer, str], list[PastPage]] = {}
        for page in sorted(pages, key=lambda p: (p.place, p.owner_id)):
            sent_at = self._sent_at(page)
            if page.day >= eve:
                yield Happening(sent_at, partial(self._send, page, pages[page], sent_at))
                continue
            evening = max(page.day, eve - KEPT_EVENINGS)
            actor = stage.actor(page.owner_id)
            of = evening, actor, page.place[: Level.REGENCY]
            taken = PastPage(self._key(page), page.place, sent_at, pages[page])
            past.setdefault(of, []).append(taken)
        for (evening, actor, _), group in past.items():
            yield Happening(calendar.moment(evening, 19), partial(_take_over, group, actor))
        for day in range(eve - KEPT_EVENINGS, stage.today):
            moment = calendar.moment(day, 20)
            yield Happening(moment, partial(readiness.take_measures, actor=SYSTEM, at=moment))
        forecasts = [calendar.moment(day, 21) for day in range(eve - 1, stage.today)]
        for moment in (*forecasts, last := stage.story.at - timedelta(minutes=1)):
            yield Happening(moment, partial(_forecast, stage.story.province, moment < last, moment))
        # Old reports of what was dropped are written by now.
        yield Happening(calendar.moment(eve, 8), partial(self._drop, lines))

    def _send(self, page: _Page, rows: list[ReportRow], at: datetime) -> None:
        readiness.report_progress(
            client_key=self._key(page),
            place=page.place,
            rows=rows,
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.actor(page.owner_id),
            at=at,
        )

    def _drop(self, lines: Sequence[WorkLine]) -> None:
        calendar = self.stage.calendar
        for activity_id, deed in _concerned(self.stage.story.dropped, lines):
            readiness.drop_activity(
                activity_id=activity_id,
                reason=deed.reason,
                actor=SYSTEM,
                at=calendar.moment(deed.day or 0, 13),
            )

    def done(self, line: WorkLine) -> int | None:
        """Return what the last report on a line says by the scene's day, None without one."""
        told = self._told(line)
        return told[-1].done if told else None

    def _told(self, line: WorkLine) -> Sequence[Told]:
        """Return the reports on a line, the oldest first."""
        story, today = self.stage.story, self.stage.today
        plain = Line(
            activity=line.key,
            aspect=line.aspect,
            place=line.place,
            target=line.target_quantity,
            target_day=days_after_vote(line.target_date, vote_date=self.stage.calendar.vote_date),
            likely=line.likely_days,
            every=line.report_every,
            fixed=line.is_fixed,
        )
        course = course_of(plain, story.turns, seed=SEED)
        return reports_of(plain, course, today=today, seed=SEED)

    def _rows(self, line: WorkLine) -> Iterator[tuple[_Page, ReportRow]]:
        """Yield the reports on a line with the page that each stands on."""
        story, today = self.stage.story, self.stage.today
        dropped_on = next(
            (d.day for d in story.dropped if d.activity == line.key and line.place in d.places),
            today,
        )
        before: int | None = None
        ballots = queries.stocked().ballots
        kept_from = ballots.received if line.key in ballots.keeps else today + 1
        kept_from = min([kept_from, *_shipped_from(line), *_secured_from(line)])
        for told in self._told(line):
            if told.day > (dropped_on or 0) or told.day >= kept_from:
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

    def _sent_at(self, page: _Page) -> datetime:
        """Return when a page was sent: in the afternoon, on the scene's day before it begins."""
        minutes = int(chance(SEED, "minute", page.place, page.owner_id) * 90)
        if page.day < self.stage.today:
            return self.stage.calendar.moment(page.day, 14) + timedelta(minutes=minutes)
        return self.stage.story.at - timedelta(minutes=minutes + 5)

    def _key(self, page: _Page) -> UUID:
        return self.stage.key(page.place, page.owner_id, page.day)


SHIPPING = {"ship-d": Level.REGENCY, "ship-v": Level.DISTRICT}
"""Activities of which the ledger tells once loads of their giver, of this level, have left."""


def _shipped_from(line: WorkLine) -> Iterator[int]:
    """Yield the day from which the story's loads tell how far shipping is at a place."""
    level = SHIPPING.get(line.key)
    for sent in queries.stocked().loads:
        place = line.district or line.place
        if level and level_of(sent.origin) is level and place.startswith(sent.origin):
            yield sent.left.day


def _secured_from(line: WorkLine) -> Iterator[int]:
    """Yield the day from which surveys and plans tell of work themselves."""
    if line.key == "risk-survey":
        yield queries.secured().survey.begins
    if line.key == "post-plan":
        yield queries.posted().plans.made


def _take_over(group: list[PastPage], actor: Viewer) -> None:
    readiness.take_over_reports(
        pages=group,
        figure_class=FigureClass.SYNTHETIC,
        actor=actor,
        at=max(page.sent_at for page in group),
    )


def _forecast(province: PlaceCode, is_past: bool, at: datetime) -> None:
    """Compute the forecast as the worker would have done by then."""
    found = computed(province, at=at, choose=None if is_past else readiness.choose)
    if found is not None:
        readiness.store_forecast(found=found, actor=SYSTEM, at=at)


def _concerned(deeds: Iterable[Deed], lines: Sequence[WorkLine]) -> Iterator[tuple[int, Deed]]:
    """Yield each activity that a deed is about, once for all its lines."""
    ids = {(line.key, line.place[: Level.REGENCY]): line.activity_id for line in lines}
    for deed in deeds:
        for place in deed.places:
            yield ids[deed.activity, place], deed
