"""Puts off what a meeting did not reach: to its host's next one, or until one is planned."""

from collections.abc import Mapping
from datetime import datetime

from serentak.coordination.events import PointsPutOff, PointTakenBack
from serentak.coordination.models import AgendaItem, Meeting
from serentak.coordination.queries.asking import LONGEST
from serentak.coordination.queries.settings import minutes_words
from serentak.coordination.rules.states import MeetingState
from serentak.kernel.refused import Refused
from serentak.kernel.text import check_length
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record

from .parts import _about_meeting, _hold, _running_meeting, _take_up


@action
def put_off_points(
    *, meeting_id: int, version: int, said: Mapping[int, str], actor: Viewer, at: datetime
) -> int | None:
    """Put off points of a meeting, each with what was said of it, and return where they went.

    That is the next planned meeting of the same host at the same place; None: they wait until one
    is planned. A meeting whose time has come counts as held by it.
    """
    row = _running_meeting(meeting_id, actor, version)
    points = list(row.agenda.filter(pk__in=said, put_off_at__isnull=True))
    if not points or len(points) != len(said):
        raise Refused("coordination.point_is_missing", field="point")
    for text in said.values():
        check_length(text, most=LONGEST["said"], field="said")
        if minutes_words().is_of_a_case(text):
            raise Refused("coordination.case_is_not_for_minutes", field="said")
    if row.state == MeetingState.PLANNED:
        record(_hold(row, at), actor=actor, at=at)
    for point in points:
        point.put_off_at, point.said = at, said[point.pk].strip()
        point.times_put_off += 1
    AgendaItem.objects.bulk_update(points, ["put_off_at", "said", "times_put_off"])
    following = _next_meeting(row, at)
    if following is not None:
        _take_up(following, [point.pk for point in points])
        # Whoever is about to save the agenda that they saw without these points is told so.
        following.version += 1
        following.save(update_fields=["version"])
    row.version += 1
    row.save()
    to = (f"meeting:{following.pk}",) if following else ()
    event = PointsPutOff(
        **_about_meeting(row, *to), count=len(points), carried=len(points) if following else 0
    )
    record(event, actor=actor, at=at)
    return following.pk if following else None


@action
def take_back_point(
    *, meeting_id: int, version: int, point_id: int, actor: Viewer, at: datetime
) -> None:
    """Take back that a point was put off; it leaves the agenda to which it was carried.

    Refused once the meeting there has begun.
    """
    row = _running_meeting(meeting_id, actor, version)
    point = row.agenda.filter(pk=point_id, put_off_at__isnull=False).first()
    if point is None:
        raise Refused("coordination.point_is_not_put_off", field="point")
    to: tuple[str, ...] = ()
    if point.carried_to is not None:
        there = Meeting.objects.select_for_update().get(pk=point.carried_to.meeting_id)
        if there.state != MeetingState.PLANNED or there.starts_at <= at:
            raise Refused("coordination.point_was_dealt_with", field="point")
        carried, to = point.carried_to, (f"meeting:{there.pk}",)
        there.version += 1
        there.save(update_fields=["version"])
    else:
        carried = None
    point.put_off_at, point.said, point.carried_to = None, "", None
    point.times_put_off -= 1
    point.save()
    if carried is not None and not carried.carried_from.exists():
        carried.delete()
    row.version += 1
    row.save()
    record(PointTakenBack(**_about_meeting(row, *to)), actor=actor, at=at)


def _next_meeting(row: Meeting, at: datetime) -> Meeting | None:
    """Return the next planned meeting of the same host at the same place, locked."""
    ahead = Meeting.objects.select_for_update().filter(place=row.place_id, host=row.host_id)
    ahead = ahead.filter(state=MeetingState.PLANNED.value, starts_at__gt=at).exclude(pk=row.pk)
    found: Meeting | None = ahead.order_by("starts_at", "pk").first()
    return found
