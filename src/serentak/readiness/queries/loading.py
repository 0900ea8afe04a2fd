"""Loads what an action is about to change, and names it for a refusal."""

from datetime import date, datetime

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.catalogue import said
from serentak.readiness.models import Activity, ActivityShare
from serentak.readiness.permissions import VIEW_READINESS
from serentak.readiness.rules.states import ActivityEvent, ActivityState, activity_after

from .board import catalogue
from .owed import Writers


def activity_to_change(activity_id: int, *, viewer: Viewer) -> Activity:
    """Return an activity, locked, that the viewer may see; OutOfScope otherwise."""
    activity = Activity.objects.locked([activity_id]).get(activity_id)
    if activity is None:
        raise OutOfScope(VIEW_READINESS)
    viewer.require(VIEW_READINESS, PlaceCode(activity.place_id))
    return activity


def writing_for(writers: Writers, activity: Activity, line: ActivityShare | None = None) -> int:
    """Return the institution for which the viewer writes; refused if there is none."""
    found = writers.institution(
        owner_id=activity.owner_id,
        place=PlaceCode(activity.place_id),
        line_owner_id=line.owner_id if line else None,
        district=PlaceCode(line.place_id) if line else None,
    )
    if found is None:
        raise Refused(
            "readiness.not_your_activity",
            activity=activity_name(activity),
            owner=owner_name(activity),
        )
    return found


def state_after(activity: Activity, event: ActivityEvent) -> ActivityState:
    """Return the activity's state after an event; refused where it was dropped."""
    after = activity_after(ActivityState(activity.state), event)
    if after is None:
        raise Refused("readiness.activity_is_dropped", activity=activity_name(activity))
    return after


def activity_name(activity: Activity) -> str:
    """Return what the catalogue calls an activity, in the reader's language."""
    return said(catalogue().activities[activity.key].name)


def owner_name(activity: Activity) -> str:
    """Return the name of the institution that owns an activity."""
    owner = institutions.institution(activity.owner_id)
    return owner.name if owner else ""


def place_name(place: PlaceCode) -> str:
    """Return a place's full name, its code if it is unknown."""
    found = places.places([place])
    return found[place].full_name if place in found else place


def today_in(place: PlaceCode, *, at: datetime) -> date:
    """Return the calendar day at a place."""
    return clock.local_date(at, zone=str(places.zone_of(place)))
