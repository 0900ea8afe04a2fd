"""How desks closed their days: the daily reports of the eve, and the state of each evening."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from serentak.drill.rules import scenes
from serentak.institutions.public import institutions_by
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.reporting import actions as reporting
from serentak.reporting.public import signing

from .readiness import KEPT_EVENINGS, LIVE_DAYS
from .stage import Happening, Stage

ACCEPTED = 20
"""The hour at which a day is told to the Minister and done; a scene later than that has its own."""


@dataclass(frozen=True, slots=True)
class Daily:
    """The story of the daily reports on its stage."""

    stage: Stage

    def happenings(self) -> Iterator[Happening]:
        """Yield the evenings that are kept, the reports of the eve, and the scene's own state."""
        eve = self.stage.today - LIVE_DAYS
        for evening in range(eve - KEPT_EVENINGS, eve):
            yield self._kept(self.stage.calendar.moment(evening, 20))
        is_closed = self.stage.story.at > self.stage.calendar.moment(self.stage.today, ACCEPTED)
        for day in range(eve, self.stage.today + is_closed):
            yield Happening(self.stage.calendar.moment(day, 16), partial(self._close, day))
        yield self._kept(self.stage.story.at)

    def _kept(self, at: datetime) -> Happening:
        take = reporting.take_snapshots
        place = self.stage.story.province
        return Happening(at, partial(take, place=place, actor=SYSTEM, at=at))

    def _close(self, day: int) -> None:
        """Let the desks draft, sign and accept the daily reports of a day, as the story has it.

        The province's officer signs what goes to the Minister; its head, who accepts the reports of
        the regencies, notes the answer.
        """
        story, calendar = self.stage.story, self.stage.calendar
        daily = story.daily
        head = self.stage.person_of("GOVERNOR_DESK", story.province, role="GOVERNOR_DESK_HEAD")
        officer = self.stage.person_of(
            "GOVERNOR_DESK", story.province, role="GOVERNOR_DESK_OFFICER"
        )
        regencies = self.stage.regencies
        desks = institutions_by(kinds={"REGENT_DESK"}, places=regencies)
        for number, place in enumerate(regencies):
            if place in daily.silent:
                continue
            writer = SYSTEM
            if desk := desks.get(("REGENT_DESK", place)):
                writer = self.stage.actor(desk.id)
            at = calendar.moment(day, 16) + timedelta(minutes=3 * number)
            if place in daily.late:
                at = calendar.moment(day, 17) + timedelta(minutes=daily.late[place])
            report_id = _sign(place, writer, at, daily)
            at = max(calendar.moment(day, 17), at) + timedelta(minutes=number)
            if place in daily.returned:
                reason = daily.returned[place]
                reporting.return_report(report_id=report_id, reason=reason, actor=head, at=at)
            else:
                reporting.accept_report(report_id=report_id, actor=head, at=at)
        report_id = _sign(story.province, officer, calendar.moment(day, 18), daily)
        reporting.accept_report(
            report_id=report_id,
            receipt=daily.receipt,
            actor=head,
            at=calendar.moment(day, ACCEPTED),
        )


def _sign(place: PlaceCode, writer: Viewer, at: datetime, daily: scenes.Daily) -> int:
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
