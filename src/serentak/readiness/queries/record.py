"""The record of one activity: what it is, what was reported, how its target changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from serentak.coordination import public as coordination
from serentak.elections import public as elections
from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform.audit import HistoryEntry, history
from serentak.platform.catalogue import said
from serentak.readiness import words
from serentak.readiness.models import Activity, ProgressReport, TargetChange
from serentak.readiness.permissions import (
    AGREE_TARGET,
    DROP_ACTIVITY,
    MOVE_TARGET,
    PROPOSE_TARGET,
    REPORT_PROGRESS,
    VIEW_READINESS,
)
from serentak.readiness.rules.activities import Definition
from serentak.readiness.rules.reporting import ReportKind, ReportRow
from serentak.readiness.rules.states import TargetEvent

from .board import Board, Standing, board, catalogue
from .loading import today_in
from .owed import Writers
from .plan import Describer, Planned


@dataclass(frozen=True, slots=True)
class Reported:
    """One report of an activity; `place_name` names the district of a line, else empty."""

    at: datetime
    by: str
    institution: str
    row: ReportRow
    before: int | None
    figure_class: FigureClass
    evidence_id: UUID | None
    place_name: str

    @property
    def kind_word(self) -> str:
        """What the report says, in words."""
        return str(words.REPORT_KINDS[self.row.kind])

    @property
    def is_correction(self) -> bool:
        """Whether it corrects the total before it."""
        return self.row.kind is ReportKind.CORRECTION

    @property
    def is_note_of_progress(self) -> bool:
        """Whether its note tells how the work goes; that of a correction is its reason."""
        return bool(self.row.note) and not self.is_correction


@dataclass(frozen=True, slots=True)
class Changed:
    """One step of a target date."""

    at: datetime
    by: str
    institution: str
    kind: TargetEvent
    target_date: date
    previous_date: date | None
    meeting_name: str
    meeting_date: date | None
    meeting_link: str
    reason: str

    @property
    def kind_word(self) -> str:
        """What was done, in words."""
        return str(words.TARGET_EVENTS[self.kind])


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An activity that this one waits for, or that waits for it."""

    key: str
    place: PlaceCode
    name: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class ActivityRecord:
    """Everything that is known of one activity at one place.

    `lines` are the districts; `lines_total` is their sum (None while no district has reported), to
    stand beside the total reported for the whole. `may` names what the viewer may do with it.
    """

    planned: Planned
    definition: Definition
    vote_date: date
    today: date
    lines: tuple[Planned, ...]
    lines_total: int | None
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    reports: tuple[Reported, ...]
    targets: tuple[Changed, ...]
    history: Sequence[HistoryEntry]
    drop_reason: str
    may: frozenset[Permission]
    may_report: bool

    @property
    def agreed(self) -> Changed | None:
        """The step by which a meeting agreed the baseline, None while it is proposed."""
        return next((step for step in self.targets if step.kind is TargetEvent.AGREE), None)


def activity_record(place: PlaceCode, key: str, *, viewer: Viewer, at: datetime) -> ActivityRecord:
    """Return the record of an activity at a province or regency, or of a district's line of one.

    A line has its own amount and reports and its activity's target; what may be done with the
    activity, what it waits for and its history stand at the regency. OutOfScope if there is none.
    """
    viewer.require(VIEW_READINESS, place)
    is_line = level_of(place) is Level.DISTRICT
    regency = PlaceCode(place[: Level.REGENCY]) if is_line else place
    found = board(place, at=at) if level_of(place) <= Level.DISTRICT else None
    number = found.network.index.get((regency, key)) if found else None
    if found is None or number is None:
        raise OutOfScope(VIEW_READINESS, place)
    standing = found.standing(number)
    lines = (
        [s for s in found.lines(regency) if s.row.id == standing.row.id]
        if standing.definition.by_district
        else []
    )
    if is_line:
        standing = next((s for s in lines if s.place == place), standing)
        if standing.line is None:
            raise OutOfScope(VIEW_READINESS, place)
        lines = []
    writer = Describer(found, [standing, *lines])
    done = [s.work.done for s in lines if s.work.done is not None]
    return ActivityRecord(
        planned=writer.planned(standing),
        definition=standing.definition,
        vote_date=found.election.vote_date,
        today=found.today,
        lines=tuple(map(writer.planned, lines)),
        lines_total=sum(done) if done else None,
        before=() if is_line else _neighbours(found, found.network.before[number], viewer),
        after=() if is_line else _neighbours(found, found.network.after[number], viewer),
        reports=_reports(standing),
        targets=_targets(standing.row.id, viewer),
        history=() if is_line else history(f"activity:{standing.row.id}"),
        drop_reason=standing.row.drop_reason,
        may=frozenset() if is_line else _may(standing, viewer),
        may_report=viewer.holds(REPORT_PROGRESS)
        and Writers(viewer, REPORT_PROGRESS, [standing.row.owner_id]).of(standing) is not None,
    )


def _neighbours(found: Board, numbers: Sequence[int], viewer: Viewer) -> tuple[Neighbour, ...]:
    """Return neighbours that the viewer may see, one for each activity and place."""
    nodes = ((found.network.nodes[i], found.standing(i)) for i in numbers)
    return tuple(
        Neighbour(key, place, said(standing.definition.name), standing.status)
        for (place, key), standing in nodes
        if viewer.may(VIEW_READINESS, place)
    )


def _may(standing: Standing, viewer: Viewer) -> frozenset[Permission]:
    found = {
        permission
        for permission in (PROPOSE_TARGET, MOVE_TARGET)
        if viewer.holds(permission)
        and Writers(viewer, permission, [standing.row.owner_id]).of(standing)
    }
    if viewer.acts_for(standing.row.owner_id, DROP_ACTIVITY):
        found.add(DROP_ACTIVITY)
    return frozenset(found)


def _reports(standing: Standing) -> tuple[Reported, ...]:
    asked = ProgressReport.objects.filter(activity=standing.row.id)
    if standing.line:
        asked = asked.filter(share=standing.line.id)
    rows = list(
        asked.select_related("submission__submitted_by", "share").order_by("-reported_at", "-id")[
            :100
        ]
    )
    senders = institutions.institutions({row.institution_id for row in rows})
    names = places.places({PlaceCode(row.share.place_id) for row in rows if row.share})
    return tuple(
        Reported(
            at=row.reported_at,
            by=row.submission.submitted_by.full_name if row.submission.submitted_by else "",
            institution=senders[row.institution_id].short_name,
            row=row.row,
            before=row.quantity_before,
            figure_class=FigureClass(row.figure_class),
            evidence_id=row.evidence_id,
            place_name=names[PlaceCode(row.share.place_id)].name if row.share else "",
        )
        for row in rows
    )


def _targets(activity_id: int, viewer: Viewer) -> tuple[Changed, ...]:
    rows = list(
        TargetChange.objects.filter(activity=activity_id)
        .select_related("changed_by")
        .order_by("-changed_at", "-id")
    )
    bodies = institutions.institutions({r.institution_id for r in rows if r.institution_id})
    known = coordination.meetings_among(
        {row.meeting_id for row in rows if row.meeting_id}, viewer=viewer
    )
    return tuple(
        Changed(
            at=row.changed_at,
            by=row.changed_by.full_name if row.changed_by else "",
            institution=bodies[row.institution_id].short_name if row.institution_id else "",
            kind=TargetEvent(row.kind),
            target_date=row.date,
            previous_date=row.previous_date,
            meeting_name=row.meeting_name,
            meeting_date=row.meeting_date,
            meeting_link=known[row.meeting_id].link if row.meeting_id in known else "",
            reason=row.reason,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """A target that waits for a meeting's agreement."""

    activity_id: int
    key: str
    name: str
    aspect_name: str
    owner: str
    target_date: date


def agreeing_meetings(
    place: PlaceCode, *, viewer: Viewer, at: datetime
) -> list[coordination.MeetingCard]:
    """Return the meetings up to today that may have agreed targets of a place, the newest first."""
    return coordination.meetings_until(place, viewer=viewer, day=today_in(place, at=at))


def proposed_targets(place: PlaceCode, *, viewer: Viewer) -> list[Proposed]:
    """Return the targets at a place that the viewer may agree and no meeting has, by date."""
    viewer.require(VIEW_READINESS, place)
    election = elections.current_election(place)
    if election is None:
        return []
    found = Activity.objects.filter(
        election_id=election.id, place=place, target_state="PROPOSED", state="OPEN"
    ).order_by("target_date", "id")
    writers = Writers(viewer, AGREE_TARGET, ())
    rows = [row for row in found if writers.agreeing(owner_id=row.owner_id, place=place)]
    definitions = catalogue().activities
    aspects = catalogue().aspects
    owners: Mapping[int, institutions.InstitutionCard] = institutions.institutions(
        {row.owner_id for row in rows}
    )
    return [
        Proposed(
            activity_id=row.pk,
            key=row.key,
            name=said(definitions[row.key].name),
            aspect_name=said(aspects[definitions[row.key].aspect]),
            owner=owners[row.owner_id].short_name,
            target_date=row.target_date,
        )
        for row in rows
        if row.key in definitions
    ]
