"""Lays a scene down: everything through the actions of the slices below, all or nothing."""

from datetime import datetime, time, timedelta
from functools import partial

from django.conf import settings

from serentak.drill import queries
from serentak.drill.events import ClockMoved, SceneLoaded
from serentak.drill.rules.people import invented
from serentak.drill.rules.scenes import by_system
from serentak.figures import actions as figures
from serentak.institutions import actions as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.places.actions import load_regions
from serentak.places.public import zone_of
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record

from .contradictions import Contradictions
from .coordination import Coordination
from .daily import Daily
from .distribution import Distribution
from .election import Election
from .facilities import Facilities
from .liaison import Liaison
from .logistics import Logistics
from .neutrality import Neutrality
from .night import Night
from .people import Seats
from .posting import Posting
from .readiness import Readiness
from .stage import Part, Progress, Stage
from .vulnerability import Vulnerability

MOST_HOURS = 168


def _quiet(step: str, done: int = 0, total: int = 0) -> None:
    """Tell nobody."""


@action
def load_scene(*, scene: str, actor: Viewer, at: datetime, progress: Progress = _quiet) -> None:
    """Write the data of a scene and set the clock to its moment; a loaded scene stays as it is.

    Refused outside a demonstration and where another scene is loaded. Deeds carry the days on which
    the story has them; all are the system's, except those of people who can sign in.
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
    cast = invented(people)
    began = datetime.combine(story.began_on, time(9), tzinfo=zone_of(story.province))
    progress("Regions")
    load_regions(actor=SYSTEM, at=began, progress=partial(progress, "Regions"))
    progress("Institutions")
    institutions.create_national_institutions(actor=SYSTEM, at=began)
    institutions.create_province_institutions(
        province=story.province, actor=SYSTEM, at=began, progress=partial(progress, "Institutions")
    )
    progress("People")
    institutions.record_known_holders(
        province=story.province,
        names=cast.holders,
        **by_system(began),
    )
    seated = Seats(people, story, began).fill(progress)
    progress("Election")
    election = Election(story, cast)
    stage = Stage(story, election.set_up(progress), seated)
    progress("Figures")
    election.record_figures()
    progress("Targets")
    readiness = Readiness(stage)
    readiness.agree_targets()
    election.ask_about_figures(stage.calendar)
    readiness.move_targets()
    _tell(stage, readiness, progress)
    clock.set_clock(domain_at=story.at, scene=scene)
    event = SceneLoaded(subjects=(f"scene:{scene}",), place=story.province, scene=scene)
    record(event, actor=actor, at=story.at)


@action
def move_clock(*, hours: int, actor: Viewer, at: datetime) -> datetime:
    """Let a demonstration's clock go on by some hours and return the moment that it is then.

    Never back: what happened would lie ahead. At most a week at once, so that nothing is missed.
    """
    scene = queries.loaded_scene()
    if not settings.SERENTAK_DEMO or not scene:
        raise Refused("drill.this_is_no_demonstration")
    if not 1 <= hours <= MOST_HOURS:
        raise Refused("drill.clock_goes_forward", field="hours", most=MOST_HOURS)
    moment = at + timedelta(hours=hours)
    clock.set_clock(domain_at=moment, scene=scene)
    event = ClockMoved(subjects=(f"scene:{scene}",), place=COUNTRY, hours=hours)
    record(event, actor=actor, at=moment)
    return moment


def _parts(stage: Stage, readiness: Readiness) -> tuple[Part, ...]:
    """Return the parts of the story, each of which yields its happenings."""
    return (
        Coordination(stage),
        Neutrality(stage),
        Logistics(stage),
        Distribution(stage),
        Vulnerability(stage),
        Posting(stage),
        Liaison(stage),
        Night(stage),
        readiness,
        Facilities(stage, readiness),
        Contradictions(stage),
        Daily(stage),
    )


def _tell(stage: Stage, readiness: Readiness, progress: Progress) -> None:
    """Tell what happens in the order of days, so that each evening's report knows of it."""
    parts = _parts(stage, readiness)
    happenings = [happening for part in parts for happening in part.happenings()]
    for number, happening in enumerate(sorted(happenings, key=lambda h: h.when), 1):
        happening.tell()
        progress("Story", number, len(happenings))
