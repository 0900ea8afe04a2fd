"""Whom to call at a place, joint assessments, requests and their answers, crimes' clocks."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.audit import HistoryLine, history
from serentak.platform.catalogue import said
from serentak.platform.templatetags.serentak import event_sentence
from serentak.platform.web import marks
from serentak.platform.web.forms import (
    UNPROCESSABLE,
    VersionedForm,
    carried_out,
    form_page,
    pressed,
    seen_version,
)
from serentak.platform.web.heads import head_of
from serentak.platform.web.tables import BoundTable, Choice, Column, Kind, Table

from . import actions, forms, queries, words
from .actions import Following
from .permissions import ASSESS, HANDLE_CRIMES, KEEP_LIAISON, VIEW_LIAISON
from .rules import (
    AID_TRANSITIONS,
    CRIME_TRANSITIONS,
    AidEvent,
    AidState,
    CrimeState,
)


def _head(place: PlaceCode, title: str | Promise = "", *facts: str | Promise) -> dict[str, Any]:
    area = (_("Liaison"), reverse("liaison:place", args=[place]))
    whole = _("Liaison in %(place)s")
    return head_of(places.path(place), area, whole=whole, title=title, facts=facts)


def _history(subject: str) -> list[HistoryLine]:
    return [HistoryLine(entry.at, event_sentence(entry), entry.actor) for entry in history(subject)]


# --- a place


@requires(VIEW_LIAISON)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show whom to call, assessments, requests, and to who handles them crimes."""
    viewer, at = viewer_of(request), clock.now()
    tables: dict[str, Table[Any]] = {"requests": _requests(place, at), "levels": _levels(place)}
    handles = viewer.may(HANDLE_CRIMES, place)
    if handles:
        tables["crimes"] = _crimes(place, viewer, at)
    bound: dict[str, BoundTable[Any]] = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    latest = queries.assessments_of(place).first()
    days = (queries.today_at(place, at) - latest.assessed_date).days if latest else 0
    stage = queries.crimes_catalogue().stages[CrimeState.KNOWN]
    context = {
        **_head(place),
        "lines": queries.lines_at(place, viewer, at),
        "above": at_level(place, Level.REGENCY) if level_of(place) > Level.REGENCY else "",
        "tables": bound,
        "latest": latest,
        "level": queries.level_text(latest.level) if latest else "",
        "mark": queries.level_status(latest.level) if latest else Status.NO_REPORT,
        "age": days,
        "is_stale": latest is None or days > queries.settings().stale_after_days,
        "stale_after": queries.settings().stale_after_days,
        "is_assessed": level_of(place) <= Level.REGENCY,
        "may_assess": queries.assesses(viewer, place) is not None,
        "may_ask": queries.asks(viewer, place) is not None,
        "may_enter": handles and queries.handler(viewer, place, stage) is not None,
        "handles": handles,
        "is_private": handles,
    }
    context["may_keep"] = any(line.may_keep for line in context["lines"])
    return render(request, "liaison/place.html", context)


def _requests(place: PlaceCode, at: datetime) -> Table[Any]:
    columns: tuple[Column[Any], ...] = (
        Column("what", gettext_lazy("What is asked for"), lambda row: queries.thing_text(row.thing),
               link=lambda row: reverse("liaison:request", args=[row.pk]), order=("thing",)),
        Column("place", gettext_lazy("Place"), lambda row: row.place.name, order=("place",)),
        Column("number", gettext_lazy("Asked for"), lambda row: row.number, Kind.NUMBER,
               order=("number",)),
        Column("missing", gettext_lazy("Still missing"), queries.missing, Kind.NUMBER,
               is_sortable=False),
        Column("owner", gettext_lazy("Of whom"), lambda row: row.owner.name,
               order=("owner__name",)),
        Column("state", gettext_lazy("State"), lambda row: words.AID_STATES[AidState(row.state)],
               draw=lambda row: marks.status(
                   queries.request_status(row, at),
                   word=words.AID_STATES[AidState(row.state)]), order=("state",)),
        Column("due", gettext_lazy("Answer by"), lambda row: row.due_at, Kind.MOMENT,
               order=("due_at",)),
        Column("until", gettext_lazy("Needed by"), lambda row: row.needed_until_at,
               Kind.MOMENT, order=("needed_until_at",), is_brief=False),
    )  # fmt: skip
    return Table(
        name="requests",
        title=_("Requests for people and things"),
        columns=columns,
        rows=queries.requests_under(place),
        search_fields=("place__name__icontains", "owner__name__icontains"),
        choices=(
            Choice(
                "state",
                gettext_lazy("State"),
                [(state.value, text) for state, text in words.AID_STATES.items()],
                lambda rows, value: rows.filter(state=value),
            ),
        ),
        page_size=20,
        prefix="r-",
        empty=_("Nothing was asked for here."),
    )


def _levels(place: PlaceCode) -> Table[Any]:
    columns: tuple[Column[Any], ...] = (
        Column("day", gettext_lazy("Day"), lambda row: row.assessed_date, Kind.DAY,
               link=lambda row: reverse("liaison:assessment", args=[row.pk]),
               order=("assessed_date",)),
        Column("level", gettext_lazy("Level"), lambda row: queries.level_text(row.level),
               draw=lambda row: marks.status(
                   queries.level_status(row.level), word=queries.level_text(row.level)),
               order=("level",)),
        Column("text", pgettext_lazy("an assessment", "Why"), lambda row: row.text,
               is_sortable=False, is_wide=True),
        Column("by", gettext_lazy("By"), lambda row: row.institution.name,
               order=("institution__name",), is_brief=False),
    )  # fmt: skip
    return Table(
        name="levels",
        title=_("Joint assessments"),
        columns=columns,
        rows=queries.assessments_of(place),
        is_searchable=False,
        page_size=10,
        prefix="l-",
        empty=_("Nobody has assessed this place together yet."),
    )


def _crimes(place: PlaceCode, viewer: Viewer, at: datetime) -> Table[Any]:
    today = queries.today_at(place, at)
    columns: tuple[Column[Any], ...] = (
        Column("register", gettext_lazy("Register number"), lambda row: row.register,
               link=lambda row: reverse("liaison:crime", args=[row.pk]), order=("register",)),
        Column("place", gettext_lazy("Place"), lambda row: row.place.name, order=("place",)),
        Column("state", gettext_lazy("State"),
               lambda row: words.CRIME_STATES[CrimeState(row.state)],
               draw=lambda row: marks.status(
                   queries.crime_status(row, today),
                   word=words.CRIME_STATES[CrimeState(row.state)]), order=("state",)),
        Column("due", gettext_lazy("Clock ends"), lambda row: row.due_date, Kind.DAY,
               order=("due_date",)),
    )  # fmt: skip
    return Table(
        name="crimes",
        title=_("Election crimes in the joint centre"),
        columns=columns,
        rows=queries.crimes_under(place, viewer),
        is_searchable=False,
        page_size=20,
        prefix="c-",
        empty=_("No crime is entered here."),
    )


# --- contacts


@requires(KEEP_LIAISON)
def add_contact(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Enter a number."""
    lines = queries.lines_at(place, viewer_of(request), clock.now())
    keeps = _named([line.institution for line in lines if line.may_keep])
    if not keeps:
        raise Http404
    form = forms.ContactForm(
        request.POST or None,
        keeps=keeps,
        initial={"institution_id": request.GET.get("institution_id", "")},
    )
    context = _head(place, _("Enter a number"))
    act = partial(actions.add_contact, place=place)
    return form_page(request, form, act, context, done=_("The number is kept."))


@requires(KEEP_LIAISON)
def edit_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Change a number, or take it away."""
    row = queries.contact(contact_id, viewer_of(request), clock.now())
    names = ("office", "phone", "is_personal", "hours", "rank", "version")
    form = forms.ChangeContactForm(
        request.POST or None, initial={name: getattr(row, name) for name in names}
    )
    context = {
        **_head(PlaceCode(row.place_id), row.office),
        "button": _("Save"),
        "contact": row,
    }
    return form_page(
        request,
        form,
        partial(actions.change_contact, contact_id=contact_id),
        context,
        done=_("The number was changed."),
        template="liaison/contact.html",
    )


@requires(KEEP_LIAISON)
@require_POST
def remove_contact(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Take a number away."""
    row = queries.contact(contact_id, viewer_of(request), clock.now())
    act = partial(actions.remove_contact, contact_id=contact_id, version=seen_version(request))
    to = reverse("liaison:place", args=[row.place_id])
    return pressed(request, act, done=_("The number was taken away."), to=to)


# --- assessments


@requires(ASSESS)
def assess(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record how grave institutions together find a place."""
    speaker = queries.assesses(viewer_of(request), place)
    if speaker is None:
        raise Http404
    members = queries.agreeing_at(place)
    asked = [card for card in members if institutions.verbs_of(speaker, card)]
    form = forms.AssessForm(
        request.POST or None,
        levels=[(level.key, said(level.name)) for level in queries.settings().levels.values()],
        members=_named(members),
        owners=_named(asked),
        initial={"assessed_date": queries.today_at(place, clock.now())},
    )
    context = _head(place, _("Record a joint assessment"), _("Levels are assumed."))
    done = _("The assessment was recorded.")
    return form_page(request, form, partial(_assess, place), context, done=done)


def _named(cards: list[InstitutionCard]) -> list[tuple[int, str]]:
    return [(card.id, card.name) for card in cards]


def _assess(
    place: PlaceCode,
    *,
    client_key: UUID,
    assessed_date: date,
    level: str,
    text: str,
    members: list[int],
    actor: Viewer,
    at: datetime,
    **rows: Any,
) -> int:
    follow = [
        Following(rows[f"owner_{n}"], rows[f"text_{n}"], rows[f"due_{n}"])
        for n in forms.FOLLOWS
        if rows[f"owner_{n}"]
    ]
    return actions.assess_place(
        client_key=client_key,
        place=place,
        level=level,
        assessed_date=assessed_date,
        text=text,
        members=members,
        follow=follow,
        actor=actor,
        at=at,
    )


@requires(VIEW_LIAISON)
def assessment(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show an assessment: who agreed, and what follows."""
    row = queries.assessment(assessment_id, viewer_of(request))
    context = {
        **_head(PlaceCode(row.place_id), _("Joint assessment"), row.institution.name),
        "item": row,
        "level": queries.level_text(row.level),
        "mark": queries.level_status(row.level),
        "members": queries.members_of(row.pk),
        "follows": queries.follows_of(row.pk),
        "history": _history(f"assessment:{row.pk}"),
    }
    return render(request, "liaison/assessment.html", context)


# --- requests


@requires(KEEP_LIAISON)
def ask(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Ask for people or things."""
    sender = queries.asks(viewer_of(request), place)
    if sender is None:
        raise Http404
    form = forms.AidForm(
        request.POST or None,
        things=[(thing.key, said(thing.name)) for thing in queries.settings().things.values()],
        owners=_named(queries.givers(place, sender)),
    )
    context = _head(place, _("Ask for people or things"), sender.name)
    return form_page(
        request,
        form,
        partial(actions.ask_for_aid, place=place),
        context,
        done=_("The request went out."),
        to=lambda request_id: reverse("liaison:request", args=[request_id]),
    )


ANSWERS: dict[AidEvent, type[VersionedForm]] = {
    AidEvent.PROMISE: forms.GrantForm,
    AidEvent.ARRIVE: forms.GrantForm,
    AidEvent.REFUSE: forms.ReasonForm,
    AidEvent.WITHDRAW: forms.ReasonForm,
}


@requires(VIEW_LIAISON)
def request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show a request, and what one may say of it now."""
    return _request_page(request, request_id)


def _request_page(
    request: HttpRequest, request_id: int, *, status: int = 200, **sent: VersionedForm
) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    row = queries.request_row(request_id, viewer)
    state = AidState(row.state)
    may_say = queries.may_say(viewer, row, at)
    cards = institutions.institutions([row.sender_id, row.owner_id])
    given = {"version": row.version, "granted": row.granted or row.number}
    offered = {
        event.value.lower(): sent.get(event.value)
        or ANSWERS[event](initial=given, auto_id=f"{event.value.lower()}-%s")
        for event in AID_TRANSITIONS.events_at(state)
        if event in may_say
    }
    place = PlaceCode(row.place_id)
    context = {
        **_head(place, queries.thing_text(row.thing), cards[row.sender_id].name),
        "item": row,
        "sender": cards[row.sender_id],
        "owner": cards[row.owner_id],
        "place_name": places.path(place)[-1].full_name,
        "state": words.AID_STATES[state],
        "mark": queries.request_status(row, at),
        "is_late": queries.is_late(row, at),
        "missing": queries.missing(row),
        "forms": offered,
        "contacts": queries.contacts_at(cards[row.owner_id].place, viewer).get(row.owner_id, []),
        "history": _history(f"aid:{row.pk}"),
    }
    return render(request, "liaison/request.html", context, status=status)


def _answered(
    request: HttpRequest, request_id: int, event: AidEvent, act: Callable[..., None], done: str
) -> HttpResponse:
    viewer = viewer_of(request)
    row = queries.request_row(request_id, viewer)
    if event not in queries.may_say(viewer, row, clock.now()):
        raise Http404
    form = ANSWERS[event](request.POST, auto_id=f"{event.value.lower()}-%s")
    to = reverse("liaison:request", args=[request_id])
    answer = carried_out(request, form, partial(act, request_id=request_id), done=done, to=to)
    return answer or _request_page(request, request_id, status=UNPROCESSABLE, **{event.value: form})


@requires(KEEP_LIAISON)
@require_POST
def promise(request: HttpRequest, request_id: int) -> HttpResponse:
    """Promise so many."""
    done = _("The promise was noted.")
    return _answered(request, request_id, AidEvent.PROMISE, actions.promise_aid, done)


@requires(KEEP_LIAISON)
@require_POST
def refuse(request: HttpRequest, request_id: int) -> HttpResponse:
    """Refuse for a reason."""
    done = _("The refusal was noted.")
    return _answered(request, request_id, AidEvent.REFUSE, actions.refuse_aid, done)


@requires(KEEP_LIAISON)
@require_POST
def arrive(request: HttpRequest, request_id: int) -> HttpResponse:
    """Say that so many are there."""
    done = _("Noted: they are there.")
    return _answered(request, request_id, AidEvent.ARRIVE, actions.report_arrival, done)


@requires(KEEP_LIAISON)
@require_POST
def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take the request back for a reason."""
    done = _("The request was withdrawn.")
    return _answered(request, request_id, AidEvent.WITHDRAW, actions.withdraw_aid, done)


# --- crimes


@requires(HANDLE_CRIMES)
def enter_crime(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Enter a crime by its register."""
    stage = queries.crimes_catalogue().stages[CrimeState.KNOWN]
    if queries.handler(viewer_of(request), place, stage) is None:
        raise Http404
    form = forms.CrimeForm(request.POST or None)
    context = {**_head(place, _("Enter an election crime")), "is_private": True}
    return form_page(
        request,
        form,
        partial(actions.enter_crime, place=place),
        context,
        done=_("Its clock runs."),
        to=lambda crime_id: reverse("liaison:crime", args=[crime_id]),
    )


@requires(HANDLE_CRIMES)
def crime(request: HttpRequest, crime_id: int) -> HttpResponse:
    """Show a crime's stage and clock to who handles crimes there."""
    return _crime_page(request, crime_id)


@requires(HANDLE_CRIMES)
@require_POST
def move_crime(request: HttpRequest, crime_id: int) -> HttpResponse:
    """Take a crime on; by who acts at its stage."""
    viewer = viewer_of(request)
    row = queries.crime_row(crime_id, viewer)
    if not queries.handles(viewer, row):
        raise Http404
    form = _step_form(row, request.POST)
    act = partial(actions.move_crime, crime_id=crime_id)
    to = reverse("liaison:crime", args=[crime_id])
    answer = carried_out(request, form, act, done=_("The step was recorded."), to=to)
    return answer or _crime_page(request, crime_id, form, UNPROCESSABLE)


def _step_form(row: Any, sent: Any = None, **more: Any) -> forms.CrimeStepForm:
    return forms.CrimeStepForm(
        sent, events=CRIME_TRANSITIONS.events_at(CrimeState(row.state)), **more
    )


def _crime_page(
    request: HttpRequest,
    crime_id: int,
    sent: forms.CrimeStepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    row = queries.crime_row(crime_id, viewer)
    place, state = PlaceCode(row.place_id), CrimeState(row.state)
    stage = queries.crimes_catalogue().stages.get(state)
    today = queries.today_at(place, at)
    form = sent
    if form is None and queries.handles(viewer, row):
        form = _step_form(row, initial={"version": row.version, "moved_date": today})
    context = {
        **_head(place, row.register),
        "is_private": True,
        "item": row,
        "state": words.CRIME_STATES[state],
        "mark": queries.crime_status(row, today),
        "stage": stage,
        "unit": words.UNITS[stage.unit] if stage else "",
        "by": institutions.kind_label(stage.by) if stage else "",
        "days_over": (today - row.due_date).days if row.due_date else 0,
        "form": form,
        "history": _history(f"crime:{row.pk}"),
    }
    return render(request, "liaison/crime.html", context, status=status)
