"""Sets up the election of a story: ballots, stations, and what is asked about its figures."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from serentak.drill.rules.people import Invented
from serentak.drill.rules.scenes import Question, Scene, by_system
from serentak.elections import actions as elections
from serentak.elections.public import Pair, contests_held_under, current_election
from serentak.figures import actions as figures
from serentak.figures.public import DifferenceKind, baseline, figure_sets
from serentak.institutions.public import institution_by
from serentak.kernel.briefing import FigureClass
from serentak.kernel.viewer import SYSTEM
from serentak.places.public import zone_of
from serentak.platform.clock import local_date

from .stage import Calendar, Progress


@dataclass(frozen=True, slots=True)
class Election:
    """The election of a story and who runs in it."""

    story: Scene
    cast: Invented

    def set_up(self, progress: Progress) -> Calendar:
        """Set up the election with its ballots and stations, and return its calendar."""
        story = self.story
        zone = zone_of(story.province)
        elections.set_up_election(
            place=story.province,
            actor=SYSTEM,
            at=datetime.combine(story.began_on, time(10), tzinfo=zone),
        )
        election = current_election(story.province)
        assert election is not None  # noqa: S101 -- it was set up a moment ago
        calendar = Calendar(election.vote_date, zone)
        races = {race.place: race for race in contests_held_under(story.province)}
        for place, pairs in self.cast.ballots.items():
            elections.set_candidate_pairs(
                contest_id=races[place].id,
                pairs=[
                    Pair(p.ballot_number, p.head_name, p.deputy_name, not p.head_name)
                    for p in pairs
                ],
                **by_system(calendar.at(story.pairs_on, 16)),
            )
        progress("Stations")
        elections.create_demo_stations(
            province=story.province, actor=SYSTEM, at=calendar.at(story.voters_on, 10)
        )
        return calendar

    def record_figures(self) -> None:
        """Record what was published by the scene's day; what came later has an invented source."""
        story, zone = self.story, zone_of(self.story.province)
        told = datetime.combine(story.voters_on, time(11), tzinfo=zone)
        today = local_date(story.at, zone=zone.key)
        figures.load_baseline(until=today, actor=SYSTEM, at=told)
        later = [
            replace(
                given,
                source=story.voters_source,
                source_date=story.voters_on,
                scope="",
                figure_class=FigureClass.SYNTHETIC,
            )
            for given in baseline()
            if given.source_date > today
        ]
        figures.record_figures(given=later, actor=SYSTEM, at=told)

    def ask_about_figures(self, calendar: Calendar) -> None:
        """Give figures that disagree to who answers for them, and decide where the story does."""
        for question in self.story.questions:
            _ask(question, calendar)


def _ask(question: Question, calendar: Calendar) -> None:
    """Give figures that disagree to who answers for them, and decide where the story does."""
    owner = institution_by(question.owner, question.place)
    assert owner is not None  # noqa: S101 -- the catalogue's test looks the owner up
    key: dict[str, Any] = {
        "place": question.place,
        "measure": question.measure,
        "kind": DifferenceKind(question.kind),
        "version": None,
        "actor": SYSTEM,
    }
    figures.assign_discrepancy(
        **key,
        owner_id=owner.id,
        due_date=calendar.day(question.due),
        at=calendar.moment(question.day, 11),
    )
    if question.value is None:
        return
    known = {s.measure.code: s.figures for s in figure_sets(question.place)}[question.measure]
    figures.decide_discrepancy(
        **key,
        figure_id=next(f.id for f in known if f.value == question.value),
        reason=question.reason,
        at=calendar.moment(question.due, 14),
    )
