"""From the meeting to the deed: what was decided, written, answered, left lying and climbed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from serentak.coordination import actions as coordination
from serentak.coordination.actions import AgendaEntry, Ask, AttendanceEntry, OutcomeRow
from serentak.coordination.public import Attendance, OutcomeKind, meetings
from serentak.drill import queries
from serentak.drill.rules.coordination import (
    ActionTurn,
    Asked,
    Coordinated,
    Held,
    LetterStory,
    Seat,
    Visited,
)
from serentak.institutions.public import institutions_by
from serentak.kernel.briefing import FigureClass
from serentak.kernel.viewer import SYSTEM, Viewer

from .stage import Happening, Stage


@dataclass(slots=True)
class _Going:
    """An action of the story with the version that its next step sees."""

    id: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Coordination:
    """The story of coordination on its stage; meetings and actions by their keys once they are."""

    stage: Stage
    meeting_ids: dict[str, int] = field(default_factory=dict)
    going: dict[str, _Going] = field(default_factory=dict)

    @property
    def told(self) -> Coordinated:
        """What the catalogue tells."""
        return queries.coordinated()

    def happenings(self) -> Iterator[Happening]:
        """Yield what happens before the scene's day, and what climbs each afternoon by itself."""
        first = self.stage.today
        for meeting in self.told.meetings:
            first = min(first, meeting.planned)
            yield from self._at(meeting.planned, 10, partial(self._plan, meeting))
            yield from self._at(meeting.day, 12, partial(self._record, meeting))
            for asked in meeting.outcomes:
                yield from self._follow(asked)
        for visit in self.told.visits:
            yield from self._at(visit.day, 13, partial(self._visit, visit))
            yield from self._follow(visit.then)
        for day in range(first, self.stage.today):
            yield from self._at(day, 15, self._climb)
        yield Happening(self.stage.story.at, partial(self._climb, self.stage.story.at))

    def _at(self, day: int, hour: int, deed: Any) -> Iterator[Happening]:
        if day < self.stage.today:
            moment = self.stage.calendar.moment(day, hour)
            yield Happening(moment, partial(deed, moment))

    def _follow(self, asked: Asked) -> Iterator[Happening]:
        for letter in asked.letters:
            yield from self._at(letter.day, 14, partial(self._write, asked, letter))
        for turn in asked.then:
            yield from self._at(turn.day, 14, partial(self._step, asked, turn))

    def _climb(self, at: datetime) -> None:
        coordination.escalate_overdue(actor=SYSTEM, at=at)

    def _seat(self, seat: Seat) -> int:
        return self.stage.seat(seat.kind, seat.place)

    def _writer(self) -> Viewer:
        return self.stage.person_of("GOVERNOR_DESK", self.told.host.place)

    def _answerer(self, seat: Seat) -> Viewer:
        """Return who answers for an institution: a desk for its regent."""
        kind = "REGENT_DESK" if seat.kind == "REGENT" else seat.kind
        return self.stage.person_of(kind, seat.place)

    def _plan(self, meeting: Held, at: datetime) -> None:
        province = self.told.host.place
        regents = institutions_by(kinds=["REGENT"], places=self.stage.regencies)
        meeting_id = coordination.plan_meeting(
            client_key=self.stage.key("meeting", meeting.key),
            place=province,
            theme=meeting.theme,
            starts_at=self.stage.calendar.moment(meeting.day, 9),
            venue=meeting.venue,
            chair=meeting.chair,
            invited=[
                *(self.stage.seat(kind, province) for kind in self.told.invited),
                *(card.id for card in regents.values()),
            ],
            host_id=self._seat(self.told.host),
            figure_class=FigureClass.SYNTHETIC,
            actor=self._writer(),
            at=at,
        )
        self.meeting_ids[meeting.key] = meeting_id
        for text in meeting.agenda:
            coordination.add_to_agenda(
                meeting_id=meeting_id, entry=AgendaEntry(text=text), actor=self._writer(), at=at
            )

    def _version(self, meeting_id: int) -> int:
        known = meetings(self.told.host.place, viewer=SYSTEM)
        return next(card.version for card in known if card.id == meeting_id)

    def _record(self, meeting: Held, at: datetime) -> None:
        """Record who came and what came out, and close the record in the afternoon."""
        province = self.told.host.place
        meeting_id = self.meeting_ids[meeting.key]
        common: dict[str, Any] = {"meeting_id": meeting_id, "actor": self._writer()}
        came = {
            **institutions_by(kinds=["REGENT"], places=self.stage.regencies),
            **institutions_by(kinds=self.told.invited, places=[province]),
        }
        coordination.record_attendance(
            version=self._version(meeting_id),
            entries=[
                AttendanceEntry(
                    card.id,
                    Attendance.ABSENT
                    if place in meeting.absent
                    else Attendance.REPRESENTED
                    if kind in meeting.represented
                    else Attendance.PRESENT,
                    meeting.represented.get(kind, ""),
                )
                for (kind, place), card in came.items()
            ],
            at=at,
            **common,
        )
        asked = iter(
            coordination.record_outcomes(
                version=self._version(meeting_id),
                minutes="\n".join(outcome.text for outcome in meeting.outcomes),
                rows=[self._row(outcome) for outcome in meeting.outcomes],
                at=at,
                **common,
            )
        )
        for outcome in meeting.outcomes:
            if outcome.owner is not None:
                self.going[outcome.key] = _Going(next(asked))
        coordination.close_meeting(
            version=self._version(meeting_id), at=at + timedelta(hours=1), **common
        )

    def _row(self, outcome: Asked) -> OutcomeRow:
        kind = OutcomeKind(outcome.kind)
        if outcome.owner is None:
            return OutcomeRow(outcome.text, kind)
        return OutcomeRow(
            outcome.text,
            kind,
            owner_id=self._seat(outcome.owner),
            verb="" if kind is OutcomeKind.DECISION else outcome.kind,
            due_date=self.stage.calendar.day(outcome.due or 0),
            check_date=self.stage.calendar.day(outcome.check or 0),
            evidence_asked=outcome.evidence,
            person=outcome.person,
        )

    def _write(self, asked: Asked, letter: LetterStory, at: datetime) -> None:
        """Draft a letter, and mark it as sent where the story has its number."""
        writer = self._writer()
        letter_id = coordination.draft_letter(
            action_id=self.going[asked.key].id, verb=letter.verb, actor=writer, at=at
        )
        if letter.number:
            coordination.mark_letter_sent(
                letter_id=letter_id,
                version=1,
                number=letter.number,
                letter_date=self.stage.calendar.day(letter.day),
                actor=writer,
                at=at + timedelta(minutes=30),
            )

    def _step(self, asked: Asked, turn: ActionTurn, at: datetime) -> None:
        going = self.going[asked.key]
        assert asked.owner is not None  # noqa: S101 -- information has no turns
        given: dict[str, Any] = {"action_id": going.id, "version": going.version, "at": at}
        owner, asker = self._answerer(asked.owner), self._writer()
        match turn.step:
            case "acknowledge":
                coordination.acknowledge_action(actor=owner, **given)
            case "start":
                coordination.start_action(actor=owner, **given)
            case "complete":
                coordination.complete_action(note=turn.note, actor=owner, **given)
            case "verify":
                coordination.verify_action(note=turn.note, actor=asker, **given)
        going.version += 1

    def _visit(self, visit: Visited, at: datetime) -> None:
        """Record a visit of guidance and ask for what follows from it."""
        place = visit.then.owner.place if visit.then.owner else self.told.host.place
        visit_id = coordination.record_guidance(
            client_key=self.stage.key("visit", visit.then.key),
            place=place,
            visited_id=self.stage.seat("REGENT", place),
            visit_date=self.stage.calendar.day(visit.day),
            findings=visit.findings,
            advice=visit.advice,
            team=visit.team,
            actor=self._writer(),
            at=at,
        )
        row = self._row(visit.then)
        action_id = coordination.create_action(
            client_key=self.stage.key("action", visit.then.key),
            ask=Ask(
                owner_id=row.owner_id or 0,
                text=row.text,
                due_date=self.stage.calendar.day(visit.then.due or 0),
                place=place,
                verb=row.verb,
                check_date=row.check_date,
                evidence_asked=row.evidence_asked,
            ),
            guidance_id=visit_id,
            figure_class=FigureClass.SYNTHETIC,
            actor=self._writer(),
            at=at,
        )
        self.going[visit.then.key] = _Going(action_id)
