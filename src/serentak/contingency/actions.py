"""Starts plans, notes their steps, ends runs; the only writers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils.translation import override

from serentak.coordination import actions as coordination
from serentak.coordination.actions import Ask
from serentak.coordination.public import OWED, ActionState
from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.entries import LANGUAGES
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.text import check_length, one_line
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.action import action
from serentak.platform.audit import About, Event, record
from serentak.platform.concurrency import digest_of, first_answer
from serentak.platform.web.formats import moment

from .events import ConfidedRunChanged, PlanStarted, RunFinished, StepNoted
from .models import PlanRun, RunStep
from .permissions import START_PLAN
from .queries import (
    action_code,
    addressees,
    confiding,
    follows,
    hears,
    is_own,
    plan_of,
    run_row,
    speaker_of,
    waits,
)
from .rules import (
    ASKS,
    LONGEST_REASON,
    RUN_TRANSITIONS,
    START,
    STEP_TRANSITIONS,
    Plan,
    RunEvent,
    RunState,
    Step,
    StepEvent,
    StepState,
)

MARK = {"id": "LATIHAN – ", "en": "EXERCISE (LATIHAN) – "}
"""What stands before the words of everything that an exercise asks."""


@action
def start_plan(
    *,
    client_key: UUID,
    plan: str,
    place: PlaceCode,
    is_rehearsal: bool = False,
    subject: str = "",
    needs_permission: Permission | None = None,
    speaker_id: int | None = None,
    figure_class: FigureClass = FigureClass.SOURCED,
    actor: Viewer,
    at: datetime,
) -> int:
    """Start a plan at a place and return the run's id; a repeat gets the first answer.

    Each step is asked of the institution of that place as the speaker may say it; what they do by
    their own rules, and what has no addressee here, the desk only follows. `needs_permission`
    hides the run and all that it asks from who does not hold it; it is one of `confiding()`.
    `speaker_id` is for the machine, which has no institution of its own.
    """
    digest = digest_of(locals())
    known = plan_of(plan)
    if known is None:
        raise Refused("contingency.plan_is_unknown", field="plan")
    if needs_permission is not None:
        if needs_permission not in confiding():
            raise ValueError(f"{needs_permission} hides no actions: say so in restricted.yaml")
        actor.require(needs_permission, place)
    if not places.places([place]):
        raise OutOfScope(START_PLAN, place)
    speaker = _speaker(actor, place, known, speaker_id)
    if first := first_answer(PlanRun, client_key, digest):
        return first.pk
    run = PlanRun.objects.create(
        client_key=client_key,
        digest=digest,
        plan=plan,
        place_id=place,
        institution_id=speaker.id,
        subject=subject,
        needs_permission=needs_permission or "",
        is_rehearsal=is_rehearsal,
        started_at=at,
        started_by_id=actor.user_id,
        figure_class=figure_class.value,
    )
    steps = _steps(run, known, speaker, actor=actor, at=at)
    RunStep.objects.bulk_create(steps)
    started = PlanStarted(
        **_about(run),
        plan=plan,
        is_rehearsal=is_rehearsal,
        steps=len(steps),
        asked=sum(step.action_id is not None for step in steps),
    )
    _record(run, started, START, actor=actor, at=at)
    return run.pk


@action
def finish_step(*, run_id: int, n: int, actor: Viewer, at: datetime) -> None:
    """Note that a step is done: its own institution, or who started the plan as they answered it.

    What somebody with an account answers for in writing is said there and not here; what was asked
    of one without is taken back with the note, since nobody could answer it.
    """
    run, step = _step(run_id, n, actor, or_its_owner=True)
    if step.action is not None and step.owner_id in hears(run, [step.owner_id or 0], at):
        raise Refused("contingency.its_owner_says_so")
    _note(run, step, StepEvent.FINISH, "", actor=actor, at=at)


@action
def drop_step(*, run_id: int, n: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Leave a step out, for a reason; what was asked is taken back."""
    run, step = _step(run_id, n, actor)
    _note(run, step, StepEvent.DROP, _said(reason), actor=actor, at=at)


@action
def undo_step(*, run_id: int, n: int, actor: Viewer, at: datetime) -> None:
    """Take back that a step was done; not where what was asked has been taken back with it."""
    run, step = _step(run_id, n, actor)
    if step.action is not None:
        raise Refused("contingency.what_was_asked_is_taken_back")
    _note(run, step, StepEvent.UNDO, "", actor=actor, at=at)


@action
def end_run(*, run_id: int, actor: Viewer, at: datetime) -> None:
    """End a run of which every step is done or dropped."""
    run = _run(run_id, actor)
    if run.steps.filter(waits()).exists():
        raise Refused("contingency.steps_are_open")
    _finish(run, RunEvent.END, "", actor=actor, at=at)


@action
def stop_run(*, run_id: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Call a run off for a reason: what is open is dropped, what was asked taken back."""
    run = _run(run_id, actor)
    said = _said(reason)
    for step in run.steps.select_related("action").filter(waits()).order_by("n"):
        step.state, step.reason = StepState.SKIPPED.value, said
        step.done_at, step.done_by_id = at, actor.user_id
        step.save()
        _take_back(step, said, actor=actor, at=at)
    _finish(run, RunEvent.STOP, said, actor=actor, at=at)


# --- parts


def _speaker(
    actor: Viewer, place: PlaceCode, plan: Plan, speaker_id: int | None
) -> InstitutionCard:
    if actor.system:
        card = institutions.institution(speaker_id or 0)
    else:
        card = speaker_of(actor, place, plan)
    if card is None:
        raise OutOfScope(START_PLAN, place)
    return card


def _steps(
    run: PlanRun, plan: Plan, speaker: InstitutionCard, *, actor: Viewer, at: datetime
) -> list[RunStep]:
    place = PlaceCode(run.place_id)
    to = addressees(plan, place, speaker)
    made = []
    for step in plan.steps:
        owner, verb = to[step.n].owner, to[step.n].verb
        due = at + timedelta(minutes=step.by)
        row = RunStep(
            run=run,
            n=step.n,
            who=step.who,
            owner_id=owner.id if owner else None,
            verb=verb,
            due_at=due,
        )
        if owner is not None and verb in ASKS:
            row.action_id = _ask(run, plan, step, owner, verb, due, actor=actor, at=at)
        made.append(row)
    return made


def _ask(
    run: PlanRun,
    plan: Plan,
    step: Step,
    owner: InstitutionCard,
    verb: str,
    due: datetime,
    *,
    actor: Viewer,
    at: datetime,
) -> int:
    place = PlaceCode(run.place_id)
    zone = places.zone_of(place)
    words = _words(run, plan, step, due, zone.key)
    return coordination.create_action(
        client_key=uuid5(run.client_key, str(step.n)),
        ask=Ask(
            owner_id=owner.id,
            text=words["id"],
            text_en=words["en"],
            due_date=clock.local_date(due, zone=zone.key),
            place=place,
            verb=verb,
            alert_code=action_code(run),
            alert_params={"plan": run.plan},
            alert_link=reverse("contingency:run", args=[run.pk]),
        ),
        sender_id=run.institution_id,
        figure_class=FigureClass(run.figure_class),
        actor=actor,
        at=at,
    )


def _words(run: PlanRun, plan: Plan, step: Step, due: datetime, zone: str) -> Mapping[str, str]:
    """Return what is asked in both languages as a clause that names place and day.

    So a letter goes on with it as with an act. An exercise says first that it is one.
    """
    place = PlaceCode(run.place_id)
    made = {}
    for language in LANGUAGES:
        at, by = ("di", "paling lambat") if language == "id" else ("in", "by")
        with override(language):
            where = places.places([place])[place].full_name
            when = moment(due, zone, "paper")
        text = step.text[language].rstrip(".")
        mark = MARK[language] if run.is_rehearsal else ""
        first = text if mark else text[0].upper() + text[1:]
        made[language] = f"{mark}{first} {at} {where} ({plan.name[language]}) {by} {when}"
    return made


def _about(run: PlanRun) -> About:
    """Return what every event of a run says; nothing shows at the place of what is confided."""
    return About(
        subjects=(f"run:{run.pk}",),
        place=COUNTRY if run.needs_permission else PlaceCode(run.place_id),
        institution_id=run.institution_id,
    )


def _record(
    run: PlanRun,
    event: Event,
    said: str,
    step: int | None = None,
    reason: str = "",
    *,
    actor: Viewer,
    at: datetime,
) -> None:
    """Record what was done; of what is confided by an event that no feed tells."""
    if run.needs_permission:
        event = ConfidedRunChanged(
            **_about(run),
            plan=run.plan,
            event=said,
            is_rehearsal=run.is_rehearsal,
            step=step,
            reason=reason,
        )
    record(event, actor=actor, at=at)


def _run(run_id: int, actor: Viewer, *, owner_of: int | None = None) -> PlanRun:
    """Lock a run that the actor follows, or of which a step is its own, and that is not over."""
    run = run_row(run_id, actor, lock=True)
    if not (follows(actor, run) or (owner_of is not None and is_own(actor, run, owner_of))):
        raise OutOfScope(START_PLAN, run_id)
    if run.state != RunState.RUNNING:
        raise Refused("contingency.run_is_over")
    return run


def _step(
    run_id: int, n: int, actor: Viewer, *, or_its_owner: bool = False
) -> tuple[PlanRun, RunStep]:
    run = _run(run_id, actor, owner_of=n if or_its_owner else None)
    step = run.steps.select_related("action").filter(n=n).first()
    if step is None:
        raise OutOfScope(START_PLAN, run_id)
    return run, step


def _said(reason: str) -> str:
    said = one_line(reason)
    if not said:
        raise Refused("contingency.reason_is_missing", field="reason")
    check_length(said, most=LONGEST_REASON, field="reason")
    return said


def _note(
    run: PlanRun, step: RunStep, event: StepEvent, reason: str, *, actor: Viewer, at: datetime
) -> None:
    after = STEP_TRANSITIONS.must(
        StepState(step.state), event, otherwise=Refused("contingency.step_is_elsewhere")
    )
    is_over = after is not StepState.OPEN
    if is_over and step.action is not None and step.action.state in _SAID_DONE:
        raise Refused("contingency.step_is_elsewhere")
    step.state, step.reason = after.value, reason
    step.done_at, step.done_by_id = (at, actor.user_id) if is_over else (None, None)
    step.save()
    with override("id"):
        _take_back(step, reason or _TOLD, actor=actor, at=at)
    noted = StepNoted(
        **_about(run),
        plan=run.plan,
        step=step.n,
        event=event.value,
        is_rehearsal=run.is_rehearsal,
        reason=reason,
    )
    _record(run, noted, event.value, step.n, reason, actor=actor, at=at)


_SAID_DONE = (ActionState.DONE.value, ActionState.VERIFIED.value, ActionState.CANCELLED.value)
_TOLD = "Langkah ini dicatat selesai oleh pihak yang meminta; lembaga belum mempunyai akun."
"""Why what was asked of an institution without an account is taken back once it is done."""


def _take_back(step: RunStep, reason: str, *, actor: Viewer, at: datetime) -> None:
    """Cancel what was asked about a step, as long as somebody still owes it."""
    asked = step.action
    if asked is None or asked.state not in (*OWED, ActionState.REFUSED):
        return
    coordination.cancel_action(
        action_id=asked.pk, version=asked.version, reason=reason, actor=actor, at=at
    )


def _finish(run: PlanRun, event: RunEvent, reason: str, *, actor: Viewer, at: datetime) -> None:
    after = RUN_TRANSITIONS.must(
        RunState(run.state), event, otherwise=Refused("contingency.run_is_over")
    )
    run.state, run.reason = after.value, reason
    run.finished_at, run.finished_by_id = at, actor.user_id
    run.save()
    finished = RunFinished(
        **_about(run),
        plan=run.plan,
        event=event.value,
        is_rehearsal=run.is_rehearsal,
        reason=reason,
    )
    _record(run, finished, event.value, None, reason, actor=actor, at=at)
