"""Proposes, agrees and moves target dates."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from serentak.coordination import public as coordination
from serentak.coordination.public import MeetingCard
from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode, at_level, is_within
from serentak.kernel.countdown import countdown_label, day_of, days_after_vote
from serentak.kernel.refused import Conflict, OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.catalogue import said
from serentak.platform.concurrency import check_unchanged
from serentak.readiness.events import TargetMoved, TargetProposed, TargetsAgreed
from serentak.readiness.models import Activity, TargetChange
from serentak.readiness.permissions import AGREE_TARGET, MOVE_TARGET, PROPOSE_TARGET
from serentak.readiness.queries.board import catalogue, thresholds
from serentak.readiness.queries.loading import (
    activity_name,
    activity_to_change,
    owner_name,
    state_after,
    today_in,
    writing_for,
)
from serentak.readiness.queries.owed import Writers
from serentak.readiness.rules.states import (
    ActivityEvent,
    TargetEvent,
    TargetState,
    target_after,
    target_version,
)


@action
def propose_target(
    *,
    activity_id: int,
    target_date: date,
    reason: str = "",
    version: int | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Propose another date while no meeting has agreed one; for the owner, or a desk for it.

    `version` is that of the date which the actor saw, see `target_version`.
    """
    activity = activity_to_change(activity_id, viewer=actor)
    check_unchanged(version, target_version(activity.target_date))
    through = writing_for(Writers(actor, PROPOSE_TARGET, [activity.owner_id]), activity)
    if target_after(TargetState(activity.target_state), TargetEvent.PROPOSE) is None:
        raise Refused("readiness.target_is_agreed", activity=activity_name(activity))
    before = activity.target_date
    _check_date(activity, target_date)
    activity.target_date = target_date
    activity.save(update_fields=["target_date"])
    _note_change(activity, TargetEvent.PROPOSE, before, through, actor, at, reason=reason)
    event = TargetProposed(
        subjects=(f"activity:{activity.pk}",),
        place=PlaceCode(activity.place_id),
        institution_id=through,
        activity=activity.key,
        name=catalogue().activities[activity.key].name["id"],
        step=_step(activity, before),
        before=before,
        after=target_date,
        reason=reason.strip(),
    )
    record(event, actor=actor, at=at)


@action
def agree_targets(
    *,
    activity_ids: Collection[int],
    seen: Mapping[int, date] | None = None,
    meeting_id: int | None = None,
    meeting_name: str = "",
    meeting_date: date | None = None,
    actor: Viewer,
    at: datetime,
) -> int:
    """Record that a meeting agreed the proposed targets of activities; return how many.

    `seen` gives by activity the date that the actor saw; what changed since is refused, for all, by
    name. None comes from who has not looked.

    The meeting is one that the actor may see in coordination, of the activities' place or of one
    above it, or another one by name and date. From then on the dates are the baseline. A region's
    desk or head agrees for all, everybody else for the own institution's activities. Refused, for
    all, where one is agreed already.
    """
    if not activity_ids:
        raise Refused("readiness.nothing_to_agree", field="activity_ids")
    activities = list(Activity.objects.locked(activity_ids).values())
    if len(activities) < len(set(activity_ids)):
        raise OutOfScope(AGREE_TARGET)
    through = _agreeing(activities, actor)
    if seen is not None and (changed := [a for a in activities if a.target_date != seen.get(a.pk)]):
        names = ", ".join(map(activity_name, changed))
        raise Conflict(
            "readiness.targets_changed_meanwhile", field="activity_ids", activities=names
        )
    if meeting_id is not None:
        card = _meeting(meeting_id, activities, actor)
        meeting_name, meeting_date = card.theme, card.date
    if not meeting_name.strip() or meeting_date is None:
        raise Refused("readiness.meeting_is_missing", field="meeting_name")
    _check_day(PlaceCode(activities[0].place_id), meeting_date, field="meeting_date")
    if meeting_date > today_in(PlaceCode(activities[0].place_id), at=at):
        raise Refused("readiness.meeting_lies_ahead", field="meeting_date", date=meeting_date)
    for activity in activities:
        state_after(activity, ActivityEvent.REPORT)
        after = target_after(TargetState(activity.target_state), TargetEvent.AGREE)
        if after is None:
            raise Refused("readiness.target_is_agreed", activity=activity_name(activity))
        activity.target_state = after
        activity.baseline_date = activity.target_date
    Activity.objects.bulk_update(activities, ["target_state", "baseline_date"])
    TargetChange.objects.bulk_create(
        TargetChange(
            activity=activity,
            kind=TargetEvent.AGREE,
            date=activity.target_date,
            previous_date=activity.target_date,
            meeting_name=meeting_name.strip(),
            meeting_date=meeting_date,
            meeting_id=meeting_id,
            changed_by_id=actor.user_id,
            institution_id=through[activity.pk],
            changed_at=at,
        )
        for activity in activities
    )
    where = {PlaceCode(activity.place_id) for activity in activities}
    event = TargetsAgreed(
        subjects=(
            *(f"activity:{activity.pk}" for activity in activities),
            *([f"meeting:{meeting_id}"] if meeting_id is not None else []),
        ),
        place=min(where) if len(where) == 1 else at_level(min(where), Level.PROVINCE),
        count=len(activities),
        meeting_date=meeting_date,
        meeting_name=meeting_name.strip(),
    )
    record(event, actor=actor, at=at)
    return len(activities)


def _meeting(meeting_id: int, activities: Collection[Activity], actor: Viewer) -> MeetingCard:
    """Return the meeting that agreed; refused where it is none of the activities' places."""
    card = coordination.meetings_among([meeting_id], viewer=actor).get(meeting_id)
    if card is None:
        raise OutOfScope(coordination.VIEW_COORDINATION)
    for activity in activities:
        if not is_within(PlaceCode(activity.place_id), card.place):
            raise Refused(
                "readiness.meeting_is_of_elsewhere",
                field="meeting_id",
                meeting=card.theme,
                activity=activity_name(activity),
            )
    return card


def _agreeing(activities: Collection[Activity], actor: Viewer) -> Mapping[int, int | None]:
    """Return through which institution the actor agrees each target; refused where through none."""
    writers = Writers(actor, AGREE_TARGET, ())
    found = {}
    for activity in activities:
        place = PlaceCode(activity.place_id)
        actor.require(AGREE_TARGET, place)
        through = writers.agreeing(owner_id=activity.owner_id, place=place)
        if through is None:
            raise Refused(
                "readiness.not_yours_to_agree",
                activity=activity_name(activity),
                owner=owner_name(activity),
            )
        found[activity.pk] = None if actor.system else through
    return found


@action
def move_target(
    *,
    activity_id: int,
    target_date: date,
    reason: str,
    version: int | None = None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Move an agreed target, with a reason, for the owner or a desk for it; the baseline stands.

    `version` is that of the date which the actor saw, see `target_version`.
    """
    activity = activity_to_change(activity_id, viewer=actor)
    check_unchanged(version, target_version(activity.target_date))
    through = writing_for(Writers(actor, MOVE_TARGET, [activity.owner_id]), activity)
    after = target_after(TargetState(activity.target_state), TargetEvent.REVISE)
    if after is None or activity.baseline_date is None:
        raise Refused("readiness.target_is_not_agreed", activity=activity_name(activity))
    if not reason.strip():
        raise Refused("readiness.reason_is_missing", field="reason")
    before = activity.target_date
    _check_date(activity, target_date)
    activity.target_date = target_date
    activity.target_state = after
    activity.save(update_fields=["target_date", "target_state"])
    _note_change(activity, TargetEvent.REVISE, before, through, actor, at, reason=reason)
    event = TargetMoved(
        subjects=(f"activity:{activity.pk}",),
        place=PlaceCode(activity.place_id),
        institution_id=through,
        activity=activity.key,
        name=catalogue().activities[activity.key].name["id"],
        step=_step(activity, before),
        before=before,
        after=target_date,
        baseline=activity.baseline_date,
        reason=reason.strip(),
    )
    record(event, actor=actor, at=at)


def _step(activity: Activity, before: date) -> str:
    election = elections.current_election(PlaceCode(activity.place_id))
    days = (before, activity.target_date)
    return " → ".join(
        countdown_label(day, vote_date=election.vote_date) if election else day.isoformat()
        for day in days
    )


def _check_date(activity: Activity, target_date: date) -> None:
    """Refuse what is finished, fixed by law, absurd, after the last day, or changes nothing."""
    definition = catalogue().activities[activity.key]
    election = elections.current_election(PlaceCode(activity.place_id))
    if election is None:
        raise Refused("readiness.no_election")
    if activity.done_quantity is not None and activity.done_quantity >= activity.target_quantity:
        raise Refused("readiness.finished_target_stands", activity=activity_name(activity))
    _check_day(PlaceCode(activity.place_id), target_date, field="target_date")
    law = definition.law or said(catalogue().sources[definition.source].cite)
    if target_date == activity.target_date:
        raise Refused("readiness.target_is_unchanged", field="target_date", date=target_date)
    if definition.fixed:
        raise Refused(
            "readiness.target_is_fixed_by_law",
            field="target_date",
            activity=activity_name(activity),
            date=day_of(definition.target, vote_date=election.vote_date),
            law=law,
        )
    day = days_after_vote(target_date, vote_date=election.vote_date)
    last = definition.deadline
    if last is None and definition.target < 0:
        last = thresholds().last_day_before_vote
    if last is not None and day > last:
        raise Refused(
            "readiness.target_after_deadline",
            field="target_date",
            activity=activity_name(activity),
            date=target_date,
            deadline=day_of(last, vote_date=election.vote_date),
            law=law,
        )


def _check_day(place: PlaceCode, day: date, *, field: str) -> None:
    """Refuse a day before the first target of the catalogue: nothing was prepared then."""
    election = elections.current_election(place)
    if election is None:
        raise Refused("readiness.no_election")
    earliest = min(
        definition.target - definition.durations.pessimistic
        for definition in catalogue().activities.values()
    )
    first = day_of(earliest, vote_date=election.vote_date)
    if day < first:
        raise Refused("readiness.date_is_absurd", field=field, date=day, first=first)


def _note_change(
    activity: Activity,
    kind: TargetEvent,
    before: date,
    institution_id: int,
    actor: Viewer,
    at: datetime,
    *,
    reason: str,
) -> None:
    TargetChange.objects.create(
        activity=activity,
        kind=kind,
        date=activity.target_date,
        previous_date=before,
        reason=reason.strip(),
        changed_by_id=actor.user_id,
        institution_id=institution_id,
        changed_at=at,
    )
