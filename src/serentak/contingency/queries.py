"""Plans of the catalogue, runs that the viewer may know of, and how far their steps are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Left
from django.urls import reverse

from serentak.coordination import public as coordination
from serentak.coordination.public import ActionState
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import Level, PlaceCode, ancestors, level_of
from serentak.kernel.entries import raise_faults, read
from serentak.kernel.refused import OutOfScope
from serentak.kernel.status import Status
from serentak.kernel.viewer import Permission, Viewer
from serentak.platform.catalogue import load, said
from serentak.platform.rows import within

from .models import PlanRun, RunStep
from .permissions import START_PLAN, VIEW_CONTINGENCY
from .rules import ASKS, OWN_DUTY, Plan, Plans, RunState, Step, StepState, spoken

SLICE = "contingency"
REHEARSAL, CONFIDED, RUNS = (
    "contingency.REHEARSAL",
    "contingency.CONFIDED",
    "contingency.PLAN_RUNS",
)
"""From what an action of a run says that it was made."""


# --- the catalogue


def catalogue() -> Plans:
    """Return the catalogue of plans, checked against the table of who may say what to whom."""
    return load(SLICE, "plans", _parse)


def _parse(raw: object) -> Plans:
    found = read(Plans, raw)
    raise_faults(
        f"plans: {plan.key}: {fault}" for plan in found.plans.values() for fault in _faults(plan)
    )
    return found


def _faults(plan: Plan) -> Iterable[str]:
    named = [plan.owner, *(m.who for m in plan.first_ten), *(s.who for s in plan.steps)]
    unknown = sorted({kind for kind in named if not institutions.family_of(kind)})
    yield from (f"{kind} is no kind of institution" for kind in unknown)
    for step in plan.steps:
        allowed = {v.value for v in institutions.verbs_of_kinds("GOVERNOR", step.who)}
        if step.verb not in {OWN_DUTY, *(ASKS & allowed), *({"COORDINATION"} & allowed)}:
            yield f"step {step.n}: a governor says no {step.verb} to {step.who}"
        if step.decides and institutions.family_of(step.who) != "COMMISSION":
            yield f"step {step.n}: the commission alone decides on the vote"


def plan_of(key: str) -> Plan | None:
    """Return a plan, None where the catalogue has none of that key."""
    return catalogue().plans.get(key)


def plan_text(key: str) -> str:
    """Return a plan's name in the reader's language; the key of one that is gone."""
    found = plan_of(key)
    return said(found.name) if found else key


def step_of(run: PlanRun, n: int) -> Step | None:
    """Return a step as the catalogue has it now."""
    plan = plan_of(run.plan)
    return plan.step(n) if plan else None


# --- who may start, who is asked


def speaker_of(viewer: Viewer, place: PlaceCode, plan: Plan) -> InstitutionCard | None:
    """Return in whose name the viewer may start a plan at a place, None where it may not.

    A desk starts any plan in the name of its head; others those that their own family owns.
    """
    if not place or not viewer.may(START_PLAN, place):
        return None
    voices = institutions.voices(viewer, START_PLAN)
    card = voices.first
    if card is None or not any(_covers(own, place) for own in (*voices.heads, *voices.own)):
        return None
    if voices.heads or card.family == institutions.family_of(plan.owner):
        return card
    return None


def _covers(card: InstitutionCard, place: PlaceCode) -> bool:
    return any(place == area or place.startswith(f"{area}.") for area in card.places)


def follows(viewer: Viewer, run: PlanRun) -> bool:
    """Tell whether the viewer notes the steps of a run: who started it, or its desk."""
    return viewer.may(
        START_PLAN, PlaceCode(run.place_id)
    ) and run.institution_id in institutions.voices(viewer, START_PLAN)


def is_own(viewer: Viewer, run: PlanRun, n: int) -> bool:
    """Tell whether a step is the viewer's own institution's to do."""
    owner = run.steps.filter(n=n).values_list("owner", flat=True).first()
    return viewer.may(START_PLAN, PlaceCode(run.place_id)) and owner in institutions.voices(
        viewer, START_PLAN
    )


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who has to do a step, None where nobody of the kind is set up, and what is said to them."""

    owner: InstitutionCard | None
    verb: str


def addressees(plan: Plan, place: PlaceCode, speaker: InstitutionCard) -> Mapping[int, Addressee]:
    """Return by step who has to do it at a place, and what the speaker says to them; one query.

    What a head of region instructs are its own agencies, at its own level. All others are those of
    the regency, or of the place itself where it lies above; else the nearest above, then below.
    """
    codes = [code for code in (place, *reversed(ancestors(place))) if code]
    found = institutions.institutions_by(kinds={s.who for s in plan.steps}, places=codes)
    made = {}
    for step in plan.steps:
        owner = next(
            (
                card
                for code in _order(codes, step.verb, speaker)
                if (card := found.get((step.who, code)))
            ),
            None,
        )
        allowed = {v.value for v in institutions.verbs_of(speaker, owner)} if owner else set()
        made[step.n] = Addressee(owner, spoken(step.verb, allowed))
    return made


def _order(codes: Sequence[PlaceCode], verb: str, speaker: InstitutionCard) -> list[PlaceCode]:
    """Return places from the nearest up, those before it that shall be looked at first."""
    if verb == OWN_DUTY:
        return list(codes)
    first: list[PlaceCode] = []
    if verb == "INSTRUCTION" and speaker.place in codes:
        first.append(speaker.place)
    first += [code for code in codes if level_of(code) <= Level.REGENCY]
    return [*dict.fromkeys((*first, *codes))]


# --- runs


def confiding() -> frozenset[Permission]:
    """Return the permissions by which a run may be confided: coordination hides its actions too."""
    return frozenset(
        needed
        for code, needed in coordination.restricted().items()
        if code.startswith(f"{SLICE}.") and code != REHEARSAL
    )


def action_code(run: PlanRun) -> str:
    """Return from what an action of a run says that it was made; it decides who may know of it."""
    for code, needed in coordination.restricted().items():
        if run.needs_permission and needed == run.needs_permission and code != REHEARSAL:
            return code
    return REHEARSAL if run.is_rehearsal else RUNS


def seen_by(viewer: Viewer) -> Q:
    """Return the condition for runs of which the viewer may know; no query."""
    where = Q(pk__in=[])
    for place in viewer.places(VIEW_CONTINGENCY):
        where |= within(place)
    known = Q(needs_permission="")
    for permission in confiding():
        for place in viewer.places(permission):
            known |= Q(needs_permission=permission) & within(place)
    return where & known


def run_row(run_id: int, viewer: Viewer, *, lock: bool = False) -> PlanRun:
    """Return a run of which the viewer may know; OutOfScope otherwise."""
    rows = PlanRun.objects.filter(seen_by(viewer), pk=run_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise OutOfScope(VIEW_CONTINGENCY, run_id)
    return row


def waits(steps: str = "") -> Q:
    """Return the condition for steps that somebody still has to do, `steps` leading to them.

    Neither noted as over, nor said to be done, or taken back, where they were asked.
    """
    owed = [*(state.value for state in coordination.OWED), ActionState.REFUSED.value]
    return Q(**{f"{steps}state": StepState.OPEN.value}) & (
        Q(**{f"{steps}action__isnull": True}) | Q(**{f"{steps}action__state__in": owed})
    )


def late(at: datetime, steps: str = "") -> Q:
    """Return the condition for steps that wait and whose clock has run out."""
    return waits(steps) & Q(**{f"{steps}due_at__lt": at})


def runs_under(place: PlaceCode, viewer: Viewer, at: datetime) -> "QuerySet[Any, Any]":
    """Return the runs at and under a place, what runs first; each with its open and late steps."""
    rows = PlanRun.objects.filter(seen_by(viewer), within(place))
    return counted(rows, at).select_related("place", "institution")


def counted(rows: "QuerySet[PlanRun]", at: datetime) -> "QuerySet[Any, Any]":
    """Return runs with `open_steps`, `late_steps` and when the next one is due."""
    return rows.annotate(
        open_steps=Count("steps", filter=waits("steps__")),
        late_steps=Count("steps", filter=late(at, "steps__")),
        next_due=Min("steps__due_at", filter=waits("steps__")),
    ).order_by(F("finished_at").asc(nulls_first=True), "-started_at", "-pk")


@dataclass(frozen=True, slots=True)
class StepCard:
    """A step of a run with its words and how it stands.

    `state` counts what the action says: done where it is done or verified, dropped where it was
    cancelled. `is_refused` where who was asked said no. `is_silent` where nobody of the institution
    has an account here, so that somebody must call; `is_missing` where none is set up.
    """

    n: int
    text: str
    who: str
    owner: InstitutionCard | None
    verb: str
    decides: bool
    due_at: datetime
    state: StepState
    is_late: bool
    is_refused: bool
    is_silent: bool
    is_missing: bool
    action_link: str
    reason: str
    done_at: datetime | None
    is_oral: bool = False
    """Whether the desk noted it for another institution, as that said by telephone."""

    @property
    def status(self) -> Status:
        """How it stands as one of the five."""
        if self.state is not StepState.OPEN:
            return Status.DONE
        if self.is_late:
            return Status.LATE
        return Status.AT_RISK if self.is_refused else Status.ON_TRACK

    @property
    def may_note(self) -> bool:
        """Whether the desk notes it: what somebody answers for in writing is read there."""
        return self.state is StepState.OPEN and (not self.action_link or self.is_silent)


def step_cards(run: PlanRun, viewer: Viewer, at: datetime) -> list[StepCard]:
    """Return the steps of a run in their order; a fixed number of queries."""
    rows = list(run.steps.select_related("action").order_by("n"))
    owners = institutions.institutions({row.owner_id for row in rows if row.owner_id})
    heard = hears(run, owners, at)
    cards = []
    for row in rows:
        step = step_of(run, row.n)
        action = row.action
        state = StepState(row.state)
        done_at, reason = row.done_at, row.reason
        if state is StepState.OPEN and action is not None:
            if action.state in (ActionState.DONE, ActionState.VERIFIED):
                state, done_at, reason = StepState.DONE, action.done_at, action.done_note
            elif action.state == ActionState.CANCELLED:
                state, reason = StepState.SKIPPED, action.reason
        is_open = state is StepState.OPEN
        cards.append(
            StepCard(
                n=row.n,
                text=said(step.text) if step else "",
                who=institutions.kind_label(row.who),
                owner=owners.get(row.owner_id or 0),
                verb=row.verb,
                decides=step.decides if step else False,
                due_at=row.due_at,
                state=state,
                is_late=is_open and row.due_at < at,
                is_refused=is_open and action is not None and action.state == ActionState.REFUSED,
                is_silent=is_open and row.owner_id is not None and row.owner_id not in heard,
                is_missing=is_open and row.owner_id is None,
                action_link=reverse("coordination:action", args=[action.pk]) if action else "",
                reason=reason,
                done_at=done_at,
                is_oral=row.state == StepState.DONE.value and row.owner_id != run.institution_id,
            )
        )
    return cards


def hears(run: PlanRun, ids: Collection[int], at: datetime) -> frozenset[int]:
    """Return the institutions of which somebody with an account hears of a run's steps."""
    also = Permission(run.needs_permission) if run.needs_permission else None
    accounts = institutions.accounts_for(ids, coordination.ANSWER_ACTION, at=at, also=also)
    return frozenset(pk for pk, found in accounts.items() if found)


@dataclass(frozen=True, slots=True)
class Pressing:
    """What an alert tells of a place: how many plans run there with steps past their clock."""

    place: PlaceCode
    runs: int
    steps: int
    first_due: datetime


def pressing(parent: PlaceCode, viewer: Viewer, at: datetime) -> Sequence[Pressing]:
    """Return the steps past their clock, by regency from a province up, else of the place.

    Neither exercises nor what is confided; one query.
    """
    level = Level.REGENCY if level_of(parent) <= Level.PROVINCE else level_of(parent)
    rows = (
        RunStep.objects.filter(
            late(at),
            within(parent, "run__place"),
            run__state=RunState.RUNNING.value,
            run__is_rehearsal=False,
            run__needs_permission="",
        )
        .annotate(code=Left("run__place_id", int(level)))
        .values("code")
        .annotate(steps=Count("pk"), runs=Count("run", distinct=True), first_due=Min("due_at"))
        .order_by("code")
    )
    return [
        Pressing(PlaceCode(row["code"]), row["runs"], row["steps"], row["first_due"])
        for row in rows
    ]
