"""Sets up activities from the catalogue; drops them and takes them up again."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.apportion import apportion
from serentak.kernel.codes import Level, PlaceCode, level_of, parent_of
from serentak.kernel.countdown import day_of
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.catalogue import said
from serentak.platform.web.formats import share
from serentak.readiness.events import ActivitiesInstantiated, ActivityDropped, ActivityReinstated
from serentak.readiness.models import Activity, ActivityShare, TargetChange
from serentak.readiness.permissions import DROP_ACTIVITY, MANAGE_ACTIVITIES
from serentak.readiness.queries.amounts import counts_in
from serentak.readiness.queries.board import catalogue, thresholds
from serentak.readiness.queries.loading import (
    activity_name,
    activity_to_change,
    owner_name,
    place_name,
    state_after,
)
from serentak.readiness.rules.activities import Definition, Drop
from serentak.readiness.rules.quantities import Counts, amount
from serentak.readiness.rules.states import (
    ActivityEvent,
    ActivityState,
    TargetEvent,
    activity_after,
)

from .reports import _save_activities


@action
def instantiate_activities(*, province: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Set up the activities of a province's election from the catalogue; return how many are new.

    Amounts follow from the stations and voters that were imported and from the tree of places.
    A place without a race of its own (Jakarta's regencies, Yogyakarta as a province) has nothing to
    do for one. What exists keeps its state while its amount follows, so the action is called again
    when the stations change. District lines share the regency's amount by their own; the sums are
    exact.
    """
    actor.require(MANAGE_ACTIVITIES, province)
    if level_of(province) is not Level.PROVINCE:
        raise Refused("readiness.activities_are_set_up_by_province")
    election = elections.current_election(province)
    if election is None:
        raise Refused("readiness.no_election")
    regencies = [card.code for card in places.children(province)]
    counts = counts_in(province)
    owners = _owners(province, regencies)
    wanted = [
        Activity(
            election_id=election.id,
            key=definition.key,
            place_id=place,
            owner_id=_owner(owners, definition, place).id,
            target_quantity=size,
            target_date=day_of(definition.target, vote_date=election.vote_date),
        )
        for place in (province, *regencies)
        for definition in catalogue().activities.values()
        if level_of(place) in definition.levels and (size := _amount(definition, place, counts))
    ]
    created, resized, activities = _merge_activities(election.id, wanted)
    reported = _reported_lines(activities)
    lines = [
        line
        for activity in activities
        if (definition := catalogue().activities[activity.key]).by_district
        for line in _lines(activity, definition, owners, counts, reported.get(activity.pk, ()))
    ]
    resized += _merge_lines(lines)
    TargetChange.objects.bulk_create(
        TargetChange(
            activity=activity,
            kind=TargetEvent.PROPOSE,
            date=activity.target_date,
            changed_by_id=actor.user_id,
            changed_at=at,
        )
        for activity in created
    )
    event = ActivitiesInstantiated(
        subjects=(f"place:{province}",),
        place=province,
        created=len(created),
        resized=resized,
        digest=_digest([*activities, *lines]),
    )
    record(event, actor=actor, at=at)
    return len(created)


Owners = Mapping[tuple[str, PlaceCode], InstitutionCard]


def _owners(province: PlaceCode, regencies: Sequence[PlaceCode]) -> Owners:
    kinds = {kind for d in catalogue().activities.values() for kind in d.owner.values()}
    kinds |= {d.district_owner for d in catalogue().activities.values() if d.district_owner}
    districts = [card.code for card in places.descendants(province, Level.DISTRICT)]
    return institutions.institutions_by(kinds=kinds, places=[province, *regencies, *districts])


def _owner(owners: Owners, definition: Definition, place: PlaceCode) -> InstitutionCard:
    level = level_of(place)
    kind = definition.district_owner if level is Level.DISTRICT else definition.owner[level]
    found = owners.get((kind or "", place))
    if found is None:
        raise Refused(
            "readiness.owner_is_missing",
            place=place_name(place),
            kind=kind,
            activity=said(definition.name),
        )
    return found


def _amount(definition: Definition, place: PlaceCode, counts: Mapping[PlaceCode, Counts]) -> int:
    """Return how much there is to do; 0 only where it is done for a race that is not held."""
    held = counts.get(place, Counts(contests=0))
    found = amount(definition.quantity, held)
    if found <= 0 and (not held.stations or amount(definition.quantity, _WITH_A_RACE) <= 0):
        raise _counts_missing(definition, place)
    return found


_WITH_A_RACE = Counts(contests=1)


def _counts_missing(definition: Definition, place: PlaceCode) -> Refused:
    return Refused(
        "readiness.counts_are_missing", place=place_name(place), activity=said(definition.name)
    )


def _lines(
    activity: Activity,
    definition: Definition,
    owners: Owners,
    counts: Mapping[PlaceCode, Counts],
    reported: Collection[PlaceCode],
) -> list[ActivityShare]:
    """Return a regency's lines; those of districts in `reported` stand whatever their weight.

    Such a line keeps one of the amount where its district has nothing to do any more, for its
    reports are kept; the rest is shared as the stations are now, and the sum stays exact.
    """
    weights = {
        district: amount(definition.quantity, found)
        for district, found in sorted(counts.items())
        if parent_of(district) == activity.place_id
    }
    kept = {district for district in reported if not weights.get(district)}
    rest = activity.target_quantity - len(kept)
    if not weights or rest < 0:
        raise _counts_missing(definition, PlaceCode(activity.place_id))
    parts = dict(zip(weights, apportion(rest, list(weights.values())), strict=True))
    parts |= dict.fromkeys(sorted(kept), 1)
    return [
        ActivityShare(
            activity=activity,
            place_id=district,
            owner_id=_owner(owners, definition, district).id,
            target_quantity=part,
        )
        for district, part in parts.items()
        if part
    ]


def _merge_activities(
    election_id: int, wanted: Sequence[Activity]
) -> tuple[list[Activity], int, list[Activity]]:
    """Create what is new, renew amounts of what exists; return created, count renewed, all."""
    known = {
        (row.place_id, row.key): row
        for row in Activity.objects.select_for_update()
        .filter(election_id=election_id, place__in={a.place_id for a in wanted})
        .order_by("id")
    }
    created = [a for a in wanted if (a.place_id, a.key) not in known]
    resized = []
    for activity in wanted:
        row = known.get((activity.place_id, activity.key))
        if row and row.target_quantity != activity.target_quantity:
            row.target_quantity = activity.target_quantity
            resized.append(row)
    Activity.objects.bulk_create(created)
    Activity.objects.bulk_update(resized, ["target_quantity"])
    everything = [known.get((a.place_id, a.key), a) for a in wanted]
    return created, len(resized), everything


def _reported_lines(activities: Sequence[Activity]) -> Mapping[int, Collection[PlaceCode]]:
    """Return the districts that reported on a line of each activity."""
    found: dict[int, set[PlaceCode]] = {}
    for pk, place in ActivityShare.objects.filter(
        activity__in=activities, last_report_at__isnull=False
    ).values_list("activity", "place"):
        found.setdefault(pk, set()).add(PlaceCode(place))
    return found


def _merge_lines(wanted: Sequence[ActivityShare]) -> int:
    """Create what is new, renew amounts, delete what has no share; return the count changed.

    What the lines of an activity say of the whole is worked out anew where they changed.
    """
    known = {
        (row.activity_id, row.place_id): row
        for row in ActivityShare.objects.select_for_update()
        .filter(activity__in={line.activity_id for line in wanted})
        .order_by("id")
    }
    resized, created = [], []
    for line in wanted:
        row = known.pop((line.activity_id, line.place_id), None)
        if row is None:
            created.append(line)
        elif row.target_quantity != line.target_quantity:
            row.target_quantity = line.target_quantity
            resized.append(row)
    gone = list(known.values())
    ActivityShare.objects.filter(pk__in=[line.pk for line in gone]).delete()
    ActivityShare.objects.bulk_update(resized, ["target_quantity"])
    ActivityShare.objects.bulk_create(created)
    changed = {line.activity_id for line in (*resized, *gone, *created)}
    heard = Activity.objects.filter(pk__in=changed, last_report_at__isnull=False)
    _save_activities(Activity.objects.locked(heard.values_list("pk", flat=True)), changed)
    return len(resized) + len(gone)


def _digest(rows: Sequence[Activity | ActivityShare]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        name = row.key if isinstance(row, Activity) else row.activity.key
        digest.update(f"{row.place_id}\t{name}\t{row.target_quantity}\n".encode())
    return digest.hexdigest()


@action
def drop_activity(*, activity_id: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Drop an activity, or the rest of one that may be dropped in part; only its owner can."""
    activity = _owned(activity_id, actor)
    definition = catalogue().activities[activity.key]
    after = state_after(activity, ActivityEvent.DROP)
    if definition.drop is Drop.NEVER:
        consequence = catalogue().consequences[definition.miss].sentence
        raise Refused(
            "readiness.activity_cannot_be_dropped",
            activity=activity_name(activity),
            consequence=said(consequence),
        )
    done = (activity.done_quantity or 0) / activity.target_quantity
    if done >= 1:
        raise Refused("readiness.activity_is_finished", activity=activity_name(activity))
    if definition.drop is Drop.PARTLY and done < thresholds().partly_done_share:
        raise Refused(
            "readiness.too_little_is_done",
            activity=activity_name(activity),
            share=share(thresholds().partly_done_share),
            done=share(done),
        )
    _decide(activity, after, ActivityDropped, reason=reason, actor=actor, at=at)


@action
def reinstate_activity(*, activity_id: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Take a dropped activity up again; only its owner can."""
    activity = _owned(activity_id, actor)
    after = activity_after(ActivityState(activity.state), ActivityEvent.REINSTATE)
    if after is None:
        raise Refused("readiness.activity_is_open", activity=activity_name(activity))
    _decide(activity, after, ActivityReinstated, reason=reason, actor=actor, at=at)


def _decide(
    activity: Activity,
    state: ActivityState,
    decided: type[ActivityDropped] | type[ActivityReinstated],
    *,
    reason: str,
    actor: Viewer,
    at: datetime,
) -> None:
    """Store what the owner decided for a reason; the reason of a drop stands on the activity."""
    given = reason.strip()
    if not given:
        raise Refused("readiness.reason_is_missing", field="reason")
    activity.state = state
    activity.drop_reason = given if state is ActivityState.DROPPED else ""
    activity.save(update_fields=["state", "drop_reason"])
    event = decided(
        subjects=(f"activity:{activity.pk}",),
        place=PlaceCode(activity.place_id),
        institution_id=activity.owner_id,
        activity=activity.key,
        name=catalogue().activities[activity.key].name["id"],
        reason=given,
    )
    record(event, actor=actor, at=at)


def _owned(activity_id: int, actor: Viewer) -> Activity:
    """Return an activity, locked, that the actor's own institution owns."""
    activity = activity_to_change(activity_id, viewer=actor)
    if not actor.acts_for(activity.owner_id, DROP_ACTIVITY):
        raise Refused(
            "readiness.only_the_owner_drops",
            activity=activity_name(activity),
            owner=owner_name(activity),
        )
    return activity
