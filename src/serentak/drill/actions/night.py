"""What was reported on the day of the vote, what was done with it, and who was on duty."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from serentak.contingency import actions as contingency
from serentak.drill import queries
from serentak.drill.rules.night import Doing, Office, PlanOf, Report, Step
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.security import actions as security

from .stage import Happening, Stage

ROLES = {
    "POLICE": "POLICE_OPERATIONS",
    "KPU": "COMMISSION_OFFICER",
    "BAWASLU": "SUPERVISOR_OFFICER",
    "GOVERNOR_DESK": "GOVERNOR_DESK_OFFICER",
    "REGENT_DESK": "REGENT_DESK_OFFICER",
}
"""Who acts for whom; for others nobody can sign in, and the machine does."""

SIMPLE: Mapping[Doing, Callable[..., None]] = {
    Doing.TRIAGE: security.triage,
    Doing.CONTAIN: security.contain,
    Doing.RESOLVE: security.resolve,
    Doing.CLOSE: security.close,
    Doing.UNFOUNDED: security.mark_unfounded,
}


@dataclass
class Night:
    """The story of the day and night of the vote on its stage; incidents and plans by number."""

    stage: Stage
    keys: dict[int, UUID] = field(default_factory=dict)
    runs: dict[int, int] = field(default_factory=dict)

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's moment."""
        told = queries.night()
        deeds: list[tuple[datetime, Callable[[datetime], object]]] = [
            (self.stage.calendar.moment(told.duties.entered, 9), self._plan_duty)
        ]
        for report in told.reports:
            deeds.append((self._today(report.at), partial(self._report, report)))
            deeds += [
                (self._today(step.at), partial(self._step, report, step)) for step in report.then
            ]
            if plan := report.plan:
                deeds.append((self._today(plan.at), partial(self._start, report, plan)))
                for n, hour in plan.done.items():
                    deeds.append((self._today(hour), partial(self._finish, report, n)))
                for n, reason in plan.dropped.items():
                    deeds.append((self._today(plan.at), partial(self._drop, report, n, reason)))
        for moment, deed in deeds:
            if moment < self.stage.story.at:
                yield Happening(moment, partial(deed, moment))

    def _today(self, hour: time) -> datetime:
        calendar = self.stage.calendar
        return datetime.combine(calendar.vote_date, hour, tzinfo=calendar.zone)

    def _who(self, kind: str, place: PlaceCode) -> Viewer:
        """Return who acts for a kind of institution at a place, the province's if nobody there."""
        if kind not in ROLES:
            return SYSTEM
        province = self.stage.story.province
        is_below = level_of(place) >= Level.REGENCY and kind != "GOVERNOR_DESK"
        own = at_level(place, Level.REGENCY) if is_below else province
        if kind == "REGENT_DESK":
            return self.stage.person_of(kind, own, role=ROLES[kind])
        return self.stage.officer(kind, own, ROLES[kind])

    def _report(self, report: Report, at: datetime) -> None:
        self.keys[report.n] = security.report_incident(
            client_key=self.stage.key("incident", report.n),
            kind=report.kind,
            place=report.place,
            happened_at=self._today(report.happened or report.at),
            answers=report.answers,
            needs=report.needs,
            words=report.words,
            told_by=report.told_by,
            also_at=report.also_at,
            figure_class=FigureClass.SYNTHETIC,
            actor=self._who(report.by, report.place),
            at=at,
        ).key

    def _step(self, report: Report, step: Step, at: datetime) -> None:
        about: dict[str, Any] = {
            "key": self.keys[report.n],
            "version": None,
            "note": step.note,
            "actor": self._who(step.by or report.responder, report.place),
            "at": at,
        }
        match step.do:
            case Doing.DISPATCH:
                security.dispatch(**about, commander=step.commander)
            case Doing.ARRIVE:
                security.arrive(**about, commander=step.commander)
            case Doing.TRANSFER:
                security.transfer(**about, receiver=step.receiver, number=step.number)
            case Doing.MERGE:
                security.mark_duplicate(**about, original=self.keys[step.into])
            case Doing.KIND:
                security.set_kind(**about, kind=step.kind)
            case _:
                SIMPLE[step.do](**about)

    # --- plans

    def _start(self, report: Report, plan: PlanOf, at: datetime) -> None:
        self.runs[report.n] = contingency.start_plan(
            client_key=self.stage.key("plan", report.n),
            plan=plan.key,
            place=report.place,
            subject=f"incident:{self.keys[report.n]}",
            figure_class=FigureClass.SYNTHETIC,
            actor=self._who("GOVERNOR_DESK", report.place),
            at=at,
        )

    def _finish(self, report: Report, n: int, at: datetime) -> None:
        actor = self._who("GOVERNOR_DESK", report.place)
        contingency.finish_step(run_id=self.runs[report.n], n=n, actor=actor, at=at)

    def _drop(self, report: Report, n: int, reason: str, at: datetime) -> None:
        actor = self._who("GOVERNOR_DESK", report.place)
        contingency.drop_step(run_id=self.runs[report.n], n=n, reason=reason, actor=actor, at=at)

    # --- who is on duty

    def _plan_duty(self, at: datetime) -> None:
        duties = queries.night().duties
        for office in duties.offices:
            for day in range(duties.begins, duties.ends + 1):
                for number, hour in enumerate(office.shifts):
                    gap = office.gap
                    if gap is None or (gap.day, gap.hour) != (day, hour):
                        self._on_duty(office, day, number, at)

    def _on_duty(self, office: Office, day: int, number: int, at: datetime) -> None:
        begin = self.stage.calendar.moment(day, office.shifts[number])
        later = [*office.shifts[number + 1 :], office.shifts[0] + 24][0]
        institution_id = self.stage.seat(office.kind, office.place)
        security.plan_duty(
            client_key=self.stage.key("duty", office.kind, office.place, begin),
            institution_id=institution_id,
            office=office.office,
            line=office.line,
            from_at=begin,
            to_at=begin + timedelta(hours=later - office.shifts[number]),
            figure_class=FigureClass.SYNTHETIC,
            actor=self.stage.actor(institution_id, role=ROLES[office.kind]),
            at=at,
        )
