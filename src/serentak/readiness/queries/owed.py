"""What is owed: the reports due from an institution at a place, what it sent, who is silent."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db.models import Count, Exists, OuterRef, Q

from serentak.institutions import public as institutions
from serentak.kernel.area import Measured
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.status import Status
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.platform.reading import kept
from serentak.readiness.models import Activity, ActivityShare, ProgressReport, Submission
from serentak.readiness.permissions import REPORT_PROGRESS, VIEW_READINESS
from serentak.readiness.rules.reporting import (
    NAMES_A_TOTAL,
    Body,
    Reportable,
    ReportKind,
    agreeing_institution,
    writing_institution,
)
from serentak.readiness.words import silence_text

from .board import Board, Silence, Standing, board, catalogue, silence_at, thresholds
from .measured import measured
from .plan import Describer, Planned


@dataclass(frozen=True, slots=True)
class Owed:
    """The page of reports of a place: what is due today first, then what may be reported too.

    `finished` is what only a correction would open again.
    `sender` names the institution in whose name the viewer reports; empty if several. `place_due`
    of `place_rows` reports are due today from anybody at the place. `measured` is what a ledger
    says, each with its number and page; nobody reports it.
    """

    place: PlaceCode
    today: date
    vote_date: date
    sender: str
    due: tuple[Planned, ...]
    others: tuple[Planned, ...]
    finished: tuple[Planned, ...]
    place_due: int
    place_rows: int
    measured: tuple[tuple[Planned, Measured], ...] = ()

    @property
    def rows(self) -> tuple[Planned, ...]:
        """Everything that is still to be reported."""
        return (*self.due, *self.others)

    @property
    def known(self) -> tuple[Planned, ...]:
        """Everything that a report may name."""
        return (*self.rows, *self.finished)


@dataclass(frozen=True, slots=True)
class SentFigure:
    """A new total of a page: how far of how much, and by how much more or less than before.

    `is_correction` tells that the total `before` was wrong.
    """

    name: str
    quantity: int
    target: int
    unit: str
    before: int
    is_correction: bool

    @property
    def change(self) -> int:
        """By how much it differs from before."""
        return self.quantity - self.before

    @property
    def less(self) -> int:
        """By how much it went down."""
        return -self.change


@dataclass(frozen=True, slots=True)
class Sent:
    """A page of reports that was sent: its new totals, and how many of the other answers."""

    sent_at: datetime
    by: str
    figures: tuple[SentFigure, ...]
    unchanged: int
    nothing: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A place whose reports are overdue: how many, and how long it and its oldest are silent."""

    place: PlaceCode
    name: str
    owed: Silence

    @property
    def words(self) -> str:
        """For how long it has been silent, or only its oldest report, in the reader's language."""
        return silence_text(self.owed.days, self.owed.oldest)


class Writers:
    """Says for which institution a viewer may write on activities of some owners; two queries."""

    def __init__(self, viewer: Viewer, permission: Permission, owner_ids: Iterable[int]) -> None:
        self.viewer = viewer
        self.permission = permission
        own = viewer.institutions(permission)
        self.cards = institutions.institutions({*owner_ids, *own})
        known = {id: Body(id, card.family, card.place) for id, card in self.cards.items()}
        self.owners = known
        self.bodies = {id: known[id] for id in own if id in known}

    def institution(
        self,
        *,
        owner_id: int,
        place: PlaceCode,
        line_owner_id: int | None = None,
        district: PlaceCode | None = None,
    ) -> int | None:
        """Return the institution through which the viewer may write; None if there is none."""
        return writing_institution(
            self.viewer,
            self.permission,
            owner=self.owners[owner_id],
            place=place,
            district_owner_id=line_owner_id,
            district=district,
            bodies=self.bodies,
            desk_writes_for=thresholds().desk_writes_for,
        )

    def agreeing(self, *, owner_id: int, place: PlaceCode) -> int | None:
        """Return the institution through which the viewer may agree a target; None if none is."""
        return agreeing_institution(
            self.viewer, self.permission, owner_id=owner_id, place=place, bodies=self.bodies
        )

    def of(self, standing: Standing) -> int | None:
        """Return the institution through which the viewer may write on an activity or line."""
        return self.institution(
            owner_id=standing.row.owner_id,
            place=standing.row.place,
            line_owner_id=standing.line.owner_id if standing.line else None,
            district=standing.line.place if standing.line else None,
        )


def owed(place: PlaceCode, *, viewer: Viewer, at: datetime) -> Owed | None:
    """Return what the viewer may report at a province, regency or district; None if nothing is.

    OutOfScope unless the viewer may report there.
    """
    viewer.require(REPORT_PROGRESS, place)
    found = board(place, at=at) if level_of(place) <= Level.DISTRICT else None
    if found is None:
        return None
    everything = [s for s in found.at_place(place) if s.status is not None]
    writers = Writers(viewer, REPORT_PROGRESS, {s.row.owner_id for s in everything})
    through = [(s, sender) for s in everything if (sender := writers.of(s)) is not None]
    known = measured(place)
    told = [(s, found_) for s, _ in through if (found_ := known.get(s.row.key, {}).get(place))]
    by_ledger = {id(s) for s, _ in told}
    through = [(s, sender) for s, sender in through if id(s) not in by_ledger]
    mine = [s for s, _ in through]
    senders = {sender for s, sender in through if s.work.open}
    describe = Describer(found, [*mine, *(s for s, _ in told)]).planned
    described = list(map(describe, mine))
    described.sort(key=lambda row: (row.target_date, row.press))
    rows = [row for row in described if row.status is not Status.DONE]
    return Owed(
        place=place,
        today=found.today,
        vote_date=found.election.vote_date,
        sender=writers.cards[senders.pop()].name if len(senders) == 1 else "",
        due=tuple(row for row in rows if row.report_due),
        others=tuple(row for row in rows if not row.report_due),
        finished=tuple(row for row in described if row.status is Status.DONE),
        place_due=sum(s.due for s in everything),
        place_rows=len(everything),
        measured=tuple((describe(s), measure) for s, measure in told),
    )


def answered(place: PlaceCode, ids: Collection[int]) -> list[tuple[Reportable, date]]:
    """Return against what the answers of a page of a place are read, with target dates; one query.

    Whether the sender may report on it, and whether it is still open, is for the action to say.
    """
    if level_of(place) is Level.DISTRICT:
        lines = ActivityShare.objects.filter(place=place, activity__in=ids)
        return [
            (
                reportable(line.activity_id, line.activity.key, line, district=place),
                line.activity.target_date,
            )
            for line in lines.select_related("activity")
        ]
    own = Activity.objects.filter(place=place, pk__in=ids)
    return [(reportable(row.pk, row.key, row, district=None), row.target_date) for row in own]


class Counted(Protocol):
    """An activity or a district's line of one: what is counted on it."""

    @property
    def done_quantity(self) -> int | None: ...

    @property
    def target_quantity(self) -> int: ...


def reportable(
    activity_id: int, key: str, counted: Counted, *, district: PlaceCode | None
) -> Reportable:
    """Return what a report of an activity is read against."""
    definition = catalogue().activities[key]
    return Reportable(
        activity_id=activity_id,
        names=(said(definition.name), *definition.texts),
        before=counted.done_quantity,
        target=counted.target_quantity,
        is_percent=definition.is_percent,
        district=district,
    )


def may_report_at(found: Board, place: PlaceCode, *, viewer: Viewer) -> bool:
    """Tell whether the viewer reports on anything at a place of a board."""
    if not viewer.may(REPORT_PROGRESS, place):
        return False
    standings = [s for s in found.at_place(place) if s.work.open]
    writers = Writers(viewer, REPORT_PROGRESS, {s.row.owner_id for s in standings})
    return any(writers.of(s) is not None for s in standings)


def sent(place: PlaceCode, *, viewer: Viewer, limit: int = 5) -> list[Sent]:
    """Return the newest pages of reports that the viewer sent at a place, for its institutions.

    Everybody's for the system.
    """
    viewer.require(REPORT_PROGRESS, place)
    rows = Submission.objects.filter(place=place)
    if not viewer.system:
        own = ProgressReport.objects.filter(
            submission=OuterRef("pk"), institution__in=viewer.institutions(REPORT_PROGRESS)
        )
        rows = rows.filter(Exists(own))
    rows = (
        rows.select_related("submitted_by")
        .annotate(
            unchanged=Count("reports", filter=Q(reports__kind=ReportKind.NO_CHANGE)),
            nothing=Count("reports", filter=Q(reports__kind=ReportKind.NOTHING_TO_REPORT)),
        )
        .order_by("-submitted_at", "-id")[:limit]
    )
    figures: dict[int, list[SentFigure]] = {}
    for answer in (
        ProgressReport.objects.filter(
            submission__in=[row.pk for row in rows], kind__in=NAMES_A_TOTAL
        )
        .select_related("activity", "share")
        .order_by("id")
    ):
        figures.setdefault(answer.submission_id, []).append(_figure(answer))
    return [
        Sent(
            sent_at=row.submitted_at,
            by=row.submitted_by.full_name if row.submitted_by else "",
            figures=tuple(figures.get(row.pk, ())),
            unchanged=row.unchanged,
            nothing=row.nothing,
        )
        for row in rows
    ]


def _figure(answer: ProgressReport) -> SentFigure:
    definition = catalogue().activities[answer.activity.key]
    return SentFigure(
        name=said(definition.name),
        quantity=answer.quantity or 0,
        target=(answer.share or answer.activity).target_quantity,
        unit=said(catalogue().units[definition.unit]),
        before=answer.quantity_before or 0,
        is_correction=answer.kind == ReportKind.CORRECTION,
    )


@kept
def missing_reports(parent: PlaceCode, *, viewer: Viewer, at: datetime) -> list[Missing]:
    """Return the children of a place (and itself) whose reports are overdue, longest silence first.

    A district without children of its own answers for itself.
    """
    found = board(parent, at=at) if level_of(parent) <= Level.DISTRICT else None
    if found is None:
        return []
    groups: dict[PlaceCode, list[Standing]] = {}
    for standing in _under(found, parent):
        groups.setdefault(standing.place, []).append(standing)
    silent = {
        place: owed
        for place, rows in groups.items()
        if viewer.may(VIEW_READINESS, place) and (owed := silence_at(found, rows))
    }
    names = places.places(silent)
    answer = [
        Missing(place, names[place].name if place in names else place, owed)
        for place, owed in silent.items()
    ]
    return sorted(answer, key=_longest)


def _longest(missing: Missing) -> tuple[int, int, int, PlaceCode]:
    owed = missing.owed
    return -(owed.days or 0), -owed.oldest, -owed.overdue, missing.place


def _under(found: Board, parent: PlaceCode) -> Sequence[Standing]:
    level = level_of(parent)
    if level is Level.PROVINCE:
        return [s for place in found.numbers for s in found.at_place(place)]
    own = found.at_place(parent)
    return (*own, *found.lines(parent)) if level is Level.REGENCY else own
