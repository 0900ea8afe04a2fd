"""What higher floors may know of plans: which fit a kind of incident, which run, what is open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Count
from django.urls import reverse

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.catalogue import said
from serentak.platform.rows import within
from serentak.platform.web.formats import moment, number

from . import queries
from .models import PlanRun, RunStep
from .permissions import VIEW_CONTINGENCY
from .queries import Pressing
from .rules import RunState
from .words import EXERCISE

SALT = "contingency.start"


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan in the reader's language: its name, what sets it off, its first ten minutes."""

    key: str
    name: str
    trigger: str
    first_ten: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run: what of it is open, and past its clock."""

    id: int
    plan: str
    name: str
    place: PlaceCode
    subject: str
    state: RunState
    is_rehearsal: bool
    started_at: datetime
    open_steps: int
    late_steps: int

    @property
    def is_running(self) -> bool:
        """Whether it is not over."""
        return self.state is RunState.RUNNING

    @property
    def link(self) -> str:
        """The page of the run."""
        return reverse("contingency:run", args=[self.id])


@dataclass(frozen=True, slots=True)
class Running:
    """How many plans run at and under a place, with steps that are open or past their clock."""

    runs: int
    open_steps: int
    late_steps: int


def plans_for(kind: str) -> list[PlanCard]:
    """Return the plans for a kind of incident, in the order of the catalogue; no query."""
    return [
        PlanCard(
            key=plan.key,
            name=said(plan.name),
            trigger=said(plan.trigger),
            first_ten=tuple(said(moment.text) for moment in plan.first_ten),
        )
        for plan in queries.catalogue().plans.values()
        if kind in plan.kinds
    ]


def start_url(
    plan: str, place: PlaceCode, *, subject: str, needs_permission: Permission | None = None
) -> str:
    """Return the page on which a plan is started for a subject; for START_PLAN at the place.

    The subject travels signed with the place, so that nobody hides or shows a run by hand, nor
    ties it to a subject of somewhere else.
    """
    signed = signing.dumps([place, subject, needs_permission or ""], salt=SALT)
    page = reverse("contingency:plan", args=[place, plan])
    return f"{page}?{urlencode({'about': signed})}"


def open_steps(subjects: Collection[str], *, in_the_open: bool = False) -> int:
    """Return how many steps of the runs of subjects wait, exercises aside; one query.

    `in_the_open` leaves out the runs that are confided. For who may know of the subjects: the
    caller has checked that.
    """
    rows = RunStep.objects.filter(
        queries.waits(),
        run__subject__in=list(subjects),
        run__state=RunState.RUNNING.value,
        run__is_rehearsal=False,
    )
    return (rows.filter(run__needs_permission="") if in_the_open else rows).count()


def runs_of(
    subjects: Collection[str], *, viewer: Viewer, at: datetime
) -> Mapping[str, list[RunCard]]:
    """Return the runs of subjects of which the viewer may know, what runs first; one query."""
    rows = PlanRun.objects.filter(queries.seen_by(viewer), subject__in=list(subjects))
    found: dict[str, list[RunCard]] = {}
    for row in queries.counted(rows, at):
        card = RunCard(
            id=row.pk,
            plan=row.plan,
            name=_called(row),
            place=PlaceCode(row.place_id),
            subject=row.subject,
            state=RunState(row.state),
            is_rehearsal=row.is_rehearsal,
            started_at=row.started_at,
            open_steps=row.open_steps,
            late_steps=row.late_steps,
        )
        found.setdefault(row.subject, []).append(card)
    return found


def _called(row: PlanRun) -> str:
    """Return what a run is called: an exercise says first that it is one."""
    name = queries.plan_text(row.plan)
    return f"{EXERCISE}: {name}" if row.is_rehearsal else name


def running(parent: PlaceCode, at: datetime) -> Running:
    """Return what runs at and under a place, without exercises and what is confided; one query."""
    rows = RunStep.objects.filter(
        within(parent, "run__place"),
        run__state=RunState.RUNNING.value,
        run__is_rehearsal=False,
        run__needs_permission="",
    ).aggregate(
        runs=Count("run", distinct=True),
        open=Count("pk", filter=queries.waits()),
        late=Count("pk", filter=queries.late(at)),
    )
    return Running(rows["runs"], rows["open"], rows["late"])


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return where steps of running plans are past their clock, one alert for each regency."""
    if not viewer.may(VIEW_CONTINGENCY, parent):
        return ()
    return tuple(_alert(found) for found in queries.pressing(parent, viewer, at))


def _alert(found: Pressing) -> Alert:
    zone = places.zone_of(found.place).key
    return Alert(
        code="contingency.steps_are_late",
        place=found.place,
        severity=Status.LATE,
        due_date=clock.local_date(found.first_due, zone=zone),
        link=reverse("contingency:place", args=[found.place]),
        press=Press(harm=Harm.VOTE, is_final=True),
        helps="contingency.see_runs",
        params={
            "steps": number(found.steps),
            "runs": number(found.runs),
            "hour": moment(found.first_due, zone),
        },
    )
