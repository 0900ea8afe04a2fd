"""Lays a scene down: everything through the actions of the slices below, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from serentak.elections import actions as elections
from serentak.elections.public import Pair, contests_held_under, current_election
from serentak.figures import actions as figures
from serentak.figures.public import DifferenceKind, figure_sets
from serentak.institutions import actions as institutions
from serentak.institutions.public import institution_by, institutions_by
from serentak.kernel.briefing import FigureClass
from serentak.kernel.countdown import day_of
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.places.actions import load_regions
from serentak.places.public import zone_of
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record

from . import queries, rules
from .events import SceneLoaded


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
    _seat(people, story, began, progress)
    progress("Election")
    calendar = _set_up_election(story, cast, progress)
    progress("Figures")
    figures.load_baseline(actor=SYSTEM, at=began)
    for question in story.questions:
        _ask(question, calendar)
    clock.set_clock(domain_at=story.at, scene=scene)
    event = SceneLoaded(subjects=(f"scene:{scene}",), place=story.province, scene=scene)
    record(event, actor=actor, at=at)


def _seat(people: rules.People, story: rules.Scene, at: datetime, progress: Progress) -> None:
    """Give each account its person, institution and role."""
    seats = institutions_by(
        kinds={account.kind for account in people.accounts},
        places={account.place for account in people.accounts},
    )
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
        progress("People", number, len(people.accounts))


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
