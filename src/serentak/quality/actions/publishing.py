"""Opens the time of reply once disputes have ended, and publishes what stood at its end."""

from datetime import date, datetime

from serentak.elections.public import current_election
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.kernel.workdays import add_working_days
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.holidays import holidays
from serentak.platform.rows import within
from serentak.quality.events import ReplyOpened, ScoresPublished
from serentak.quality.models import Publication, Reply, Score
from serentak.quality.permissions import PUBLISH_SCORES
from serentak.quality.queries.catalogues import catalogue


@action
def open_reply(*, place: PlaceCode, disputes_ended_date: date, actor: Viewer, at: datetime) -> date:
    """Open the scores of a province for reply; return the last day on which one is taken."""
    _check(place, actor)
    today = clock.local_date(at, zone=places.zone_of(place).key)
    election = current_election(place)
    if election is None or disputes_ended_date <= election.vote_date or disputes_ended_date > today:
        raise Refused("quality.disputes_have_not_ended", field="disputes_ended_date")
    if Publication.objects.filter(place=place).exists():
        raise Refused("quality.replies_are_open_already")
    days = catalogue().frame.defaults.reply_days
    until = add_working_days(today, days, holidays=holidays())
    row = Publication.objects.create(
        place_id=place,
        disputes_ended_date=disputes_ended_date,
        opened_at=at,
        opened_by_id=actor.user_id,
        reply_until=until,
    )
    record(
        ReplyOpened(subjects=(f"publication:{row.pk}",), place=place, reply_until=until),
        actor=actor,
        at=at,
    )
    return until


@action
def publish_scores(*, place: PlaceCode, actor: Viewer, at: datetime) -> None:
    """Publish the last stored day of a province with the replies; only after their time is over."""
    _check(place, actor)
    row = Publication.objects.select_for_update().filter(place=place).first()
    today = clock.local_date(at, zone=places.zone_of(place).key)
    if row is None:
        raise Refused("quality.replies_were_not_asked_for")
    if row.published_at:
        raise Refused("quality.scores_are_published_already")
    if today <= row.reply_until:
        raise Refused("quality.time_of_reply_is_not_over", day=row.reply_until)
    day = (
        Score.objects.filter(place=place, day__gte=row.reply_until)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    if day is None:
        raise Refused("quality.no_scores_are_stored")
    row.day, row.published_at, row.published_by_id = day, at, actor.user_id
    row.save(update_fields=["day", "published_at", "published_by"])
    replies = Reply.objects.filter(within(place), is_current=True).count()
    record(
        ScoresPublished(subjects=(f"publication:{row.pk}",), place=place, replies=replies),
        actor=actor,
        at=at,
    )


def _check(place: PlaceCode, actor: Viewer) -> None:
    if level_of(place) is not Level.PROVINCE or not actor.may(PUBLISH_SCORES, place):
        raise OutOfScope(PUBLISH_SCORES, place)
