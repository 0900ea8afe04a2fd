"""Plans of a place, one plan to read and start, one run with its steps and clocks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform import areas, clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.audit import HistoryLine, history
from serentak.platform.catalogue import said
from serentak.platform.templatetags.serentak import event_sentence
from serentak.platform.web import marks
from serentak.platform.web.formats import day, local, number
from serentak.platform.web.forms import UNPROCESSABLE, carried_out, pressed
from serentak.platform.web.heads import head_of
from serentak.platform.web.tables import Choice, Column, Kind, Table

from . import actions, forms, queries, words
from .permissions import START_PLAN, VIEW_CONTINGENCY
from .public import SALT
from .queries import Addressee, StepCard
from .rules import OWN_DUTY, Plan, RunState, Step, StepState


def _head(place: PlaceCode, title: str | Promise = "", *facts: str | Promise) -> dict[str, Any]:
    area = (_("Contingency plans"), reverse("contingency:place", args=[place]))
    whole = _("Contingency plans in %(place)s")
    return head_of(places.path(place), area, whole=whole, title=title, facts=facts)


# --- a place


@requires(VIEW_CONTINGENCY)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the plans, and what runs at and under a place."""
    viewer, at = viewer_of(request), clock.now()
    table = Table(
        name="runs",
        title=_("Plans that were started"),
        columns=RUNS,
        rows=queries.runs_under(place, viewer, at),
        search_fields=("place__name__icontains", "place__code__startswith"),
        choices=(
            Choice(
                "state",
                gettext_lazy("State"),
                [(state.value, said) for state, said in words.RUN_STATES.items()],
                lambda rows, value: rows.filter(state=value),
            ),
        ),
        page_size=20,
        empty=_("No plan was started here."),
    )
    bound = table.bind(request)
    if (answer := bound.answer(request)) is not None:
        return answer
    context = {
        **_head(place),
        "runs": bound,
        "plans": [
            (plan.key, said(plan.name), said(plan.trigger))
            for plan in queries.catalogue().plans.values()
        ],
        "far": said(queries.catalogue().far),
    }
    return render(request, "contingency/place.html", context)


def _state(row: Any) -> str:
    state = str(words.RUN_STATES[RunState(row.state)])
    return f"{state}, {words.EXERCISE}" if row.is_rehearsal else state


def _mark(row: Any) -> Status:
    if row.state != RunState.RUNNING:
        return Status.DONE
    return Status.LATE if row.late_steps else Status.ON_TRACK


RUNS: tuple[Column[Any], ...] = (
    Column(
        "plan",
        gettext_lazy("Plan"),
        lambda row: queries.plan_text(row.plan),
        link=lambda row: reverse("contingency:run", args=[row.pk]),
        order=("plan",),
    ),
    Column("place", gettext_lazy("Place"), lambda row: row.place.name, order=("place",)),
    Column("state", gettext_lazy("State"), _state,
           draw=lambda row: marks.status(_mark(row), word=_state(row)), order=("state",)),
    Column("late", gettext_lazy("Steps past their clock"), lambda row: row.late_steps,
           Kind.NUMBER, order=("late_steps",)),
    Column("open", gettext_lazy("Open steps"), lambda row: row.open_steps, Kind.NUMBER,
           order=("open_steps",)),
    Column("next", gettext_lazy("Next clock"), lambda row: row.next_due, Kind.MOMENT,
           order=("next_due",)),
    Column("started", gettext_lazy("Started"), lambda row: row.started_at, Kind.MOMENT,
           order=("started_at",)),
    Column("by", gettext_lazy("By"), lambda row: row.institution.name,
           order=("institution__name",), is_brief=False),
)  # fmt: skip


# --- a plan


@requires(VIEW_CONTINGENCY)
def plan(request: HttpRequest, place: PlaceCode, plan: str) -> HttpResponse:
    """Show a plan to read, and to start for who may."""
    found = _known(plan)
    form = forms.StartForm(initial={"about": request.GET.get("about", "")})
    return _plan_page(request, place, found, form)


def _known(key: str) -> Plan:
    found = queries.plan_of(key)
    if found is None:
        raise Http404
    return found


def _plan_page(
    request: HttpRequest, place: PlaceCode, found: Plan, form: forms.StartForm, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    speaker = queries.speaker_of(viewer, place, found)
    to = queries.addressees(found, place, speaker) if speaker else {}
    known = queries.catalogue()
    today = clock.local_date(clock.now(), zone=places.zone_of(place).key).isoformat()
    before = [one for one in found.precedent if one.until < today]
    steps = [
        {
            "n": step.n,
            "by": _minutes(step.by),
            "who": _who(step, to),
            "is_missing": bool(to) and to[step.n].owner is None,
            "verb": _verb(to[step.n].verb if to else step.verb),
            "text": said(step.text),
            "decides": step.decides,
        }
        for step in found.steps
    ]
    context = {
        **_head(place, said(found.name)),
        "plan": found,
        "owner": institutions.kind_label(found.owner),
        "first_ten": [
            (moment.minute, institutions.kind_label(moment.who), said(moment.text))
            for moment in found.first_ten
        ],
        "steps": steps,
        "does": [said(text) for text in found.desk_does],
        "never": [said(text) for text in (*found.desk_never, *known.always_never)],
        "trigger": said(found.trigger),
        "ends": said(found.ends),
        "law": [known.law[key] for key in found.law],
        "precedents": [(said(one.text), one.source, one.confidence) for one in before],
        "no_precedent": said(found.precedent_note)
        if found.precedent_note
        else _("None is known before today."),
        "figure_class": known.figure_class,
        "speaker": speaker,
        "subject": _about(form["about"].value(), place),
        "form": form,
    }
    return render(request, "contingency/plan.html", context, status=status)


def _who(step: Step, to: Mapping[int, Addressee]) -> str:
    """Name who does a step: the institution of the place, else its kind."""
    owner = to[step.n].owner if to else None
    return owner.name if owner else institutions.kind_label(step.who)


def _verb(verb: str) -> str:
    return str(words.OWN_DUTY_WORD) if verb == OWN_DUTY else institutions.verb_label(verb)


def _minutes(minutes: int) -> str:
    """Write a clock as people say it: minutes below two hours, then hours, then days."""
    if minutes >= 2 * 1440:
        days = minutes // 1440
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": number(days)}
    if minutes >= 120:
        hours = minutes // 60
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": number(hours)}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": number(minutes)}


def _about(signed: object, place: PlaceCode) -> tuple[str, Permission | None]:
    """Return what a run is about and what hides it, as a page of another slice signed it.

    404 for what nobody signed, or signed for another place.
    """
    if not signed:
        return "", None
    try:
        of, subject, needed = signing.loads(str(signed), salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    if of != place:
        raise Http404
    return subject, Permission(needed) if needed else None


@requires(START_PLAN)
@require_POST
def start(request: HttpRequest, place: PlaceCode, plan: str) -> HttpResponse:
    """Start a plan at a place."""
    found = _known(plan)
    if queries.speaker_of(viewer_of(request), place, found) is None:
        raise Http404
    form = forms.StartForm(request.POST)
    answer = carried_out(
        request,
        form,
        partial(_start, plan, place),
        done=_("The exercise runs (LATIHAN). Nothing has happened; say so first in each call.")
        if request.POST.get("is_rehearsal")
        else _("The plan runs. Call first; what is written goes out by itself."),
        to=lambda run_id: reverse("contingency:run", args=[run_id]),
    )
    return answer or _plan_page(request, place, found, form, UNPROCESSABLE)


def _start(
    plan: str,
    place: PlaceCode,
    *,
    client_key: UUID,
    is_rehearsal: bool,
    about: str,
    actor: Viewer,
    at: datetime,
) -> int:
    subject, needed = _about(about, place)
    return actions.start_plan(
        client_key=client_key,
        plan=plan,
        place=place,
        is_rehearsal=is_rehearsal,
        subject=subject,
        needs_permission=needed,
        actor=actor,
        at=at,
    )


# --- a run


@requires(VIEW_CONTINGENCY)
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show a run: its steps, their clocks, and what the viewer may note."""
    return _run_page(request, run_id)


def _run_page(
    request: HttpRequest,
    run_id: int,
    *,
    status: int = 200,
    stop: forms.ReasonForm | None = None,
    drop: tuple[int, forms.ReasonForm] | None = None,
) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    found = queries.run_row(run_id, viewer)
    place = PlaceCode(found.place_id)
    known = queries.plan_of(found.plan)
    cards = queries.step_cards(found, viewer, at)
    zone = places.zone_of(place).key
    is_running = found.state == RunState.RUNNING
    follows = is_running and queries.follows(viewer, found)
    starter = institutions.institution(found.institution_id)
    may = is_running and viewer.may(START_PLAN, place)
    own = institutions.voices(viewer, START_PLAN).ids if may else frozenset()
    owners = {card.owner.id for card in cards if card.owner and card.state is StepState.OPEN}
    calls = areas.numbers(owners, place=place, viewer=viewer) if is_running else {}
    lines = [
        {
            "card": card,
            "verb": _verb(card.verb),
            "word": words.STEP_STATES[card.state],
            "clock": _clock(card, at) if is_running else "",
            "day": _day(card, at, zone),
            "calls": calls.get(card.owner.id, ()) if card.owner else (),
            "is_own": bool(card.owner and card.owner.id in own),
            "drop": _drop_form(card, drop) if follows and card.state == StepState.OPEN else None,
        }
        for card in cards
    ]
    context = {
        **_head(place, queries.plan_text(found.plan), starter.name if starter else ""),
        "run": found,
        "is_private": bool(found.needs_permission),
        "state": words.RUN_STATES[RunState(found.state)],
        "mark": _run_mark(found.state, cards),
        "trigger": said(known.trigger) if known else "",
        "ends": said(known.ends) if known else "",
        "never": [
            said(text)
            for text in (*(known.desk_never if known else ()), *queries.catalogue().always_never)
        ],
        "lines": lines,
        "late": sum(card.is_late for card in cards) if is_running else 0,
        "open": sum(card.state is StepState.OPEN for card in cards),
        "silent": _names(cards, "is_silent"),
        "missing": _names(cards, "is_missing"),
        "liaison": f"/{place}/liaison",
        "follows": follows,
        "stop": (stop or forms.ReasonForm(auto_id="stop-%s")) if follows else None,
        "history": _history(found.pk),
    }
    return render(request, "contingency/run.html", context, status=status)


def _drop_form(card: StepCard, sent: tuple[int, forms.ReasonForm] | None) -> forms.ReasonForm:
    if sent and sent[0] == card.n:
        return sent[1]
    return forms.ReasonForm(auto_id=f"d{card.n}-%s")


def _run_mark(state: str, cards: Sequence[StepCard]) -> Status:
    if state != RunState.RUNNING:
        return Status.DONE
    return Status.LATE if any(card.is_late for card in cards) else Status.ON_TRACK


def _names(cards: Sequence[StepCard], what: str) -> list[str]:
    """Return each once: who is meant by the steps of which something holds."""
    named = (card.owner.name if card.owner else card.who for card in cards if getattr(card, what))
    return list(dict.fromkeys(named))


def _clock(card: StepCard, at: datetime) -> str:
    """Say how long a step still has, or by how much it is late."""
    if card.state is not StepState.OPEN:
        return ""
    minutes = int(abs((card.due_at - at).total_seconds()) // 60)
    words_ = _("late by %(time)s") if card.is_late else _("in %(time)s")
    return words_ % {"time": _minutes(minutes)}


def _day(card: StepCard, at: datetime, zone: str) -> str:
    """Name the day on which a step is due, nothing where that is today."""
    due = local(card.due_at, zone).date()
    return "" if due == local(at, zone).date() else day(due, "short")


def _history(run_id: int) -> list[HistoryLine]:
    return [
        HistoryLine(entry.at, event_sentence(entry), entry.actor)
        for entry in history(f"run:{run_id}")
    ]


def _check_follows(request: HttpRequest, run_id: int) -> None:
    viewer = viewer_of(request)
    if not queries.follows(viewer, queries.run_row(run_id, viewer)):
        raise Http404


def _noted(request: HttpRequest, run_id: int, act: Callable[..., None], done: str) -> HttpResponse:
    return pressed(
        request,
        partial(act, run_id=run_id),
        done=done,
        to=reverse("contingency:run", args=[run_id]),
    )


@requires(START_PLAN)
@require_POST
def done(request: HttpRequest, run_id: int, n: int) -> HttpResponse:
    """Note a step as done."""
    return _noted(request, run_id, partial(actions.finish_step, n=n), _("The answer is noted."))


@requires(START_PLAN)
@require_POST
def undo(request: HttpRequest, run_id: int, n: int) -> HttpResponse:
    """Take that back."""
    return _noted(request, run_id, partial(actions.undo_step, n=n), _("The step is open again."))


@requires(START_PLAN)
@require_POST
def drop(request: HttpRequest, run_id: int, n: int) -> HttpResponse:
    """Drop a step for a reason."""
    _check_follows(request, run_id)
    form = forms.ReasonForm(request.POST, auto_id=f"d{n}-%s")
    act = partial(actions.drop_step, run_id=run_id, n=n)
    to = reverse("contingency:run", args=[run_id])
    answer = carried_out(request, form, act, done=_("The step was dropped."), to=to)
    return answer or _run_page(request, run_id, status=UNPROCESSABLE, drop=(n, form))


@requires(START_PLAN)
@require_POST
def end(request: HttpRequest, run_id: int) -> HttpResponse:
    """End a run."""
    return _noted(request, run_id, actions.end_run, _("The plan has ended."))


@requires(START_PLAN)
@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Call a run off for a reason."""
    _check_follows(request, run_id)
    form = forms.ReasonForm(request.POST, auto_id="stop-%s")
    act = partial(actions.stop_run, run_id=run_id)
    to = reverse("contingency:run", args=[run_id])
    answer = carried_out(request, form, act, done=_("The plan was called off."), to=to)
    return answer or _run_page(request, run_id, status=UNPROCESSABLE, stop=form)
