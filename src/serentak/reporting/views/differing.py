"""The board of contradictions of a place, one of them with its log, and the catalogue of checks."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.coordination import public as coordination
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web import marks
from serentak.platform.web.forms import UNPROCESSABLE, VersionedForm, carried_out
from serentak.platform.web.heads import head_of
from serentak.platform.web.tables import Choice, Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD
from serentak.reporting import actions, forms, words
from serentak.reporting.permissions import SETTLE_CONTRADICTION, VIEW_CONTRADICTIONS
from serentak.reporting.queries import differing
from serentak.reporting.queries.differing import ContradictionRow
from serentak.reporting.queries.differing_alerts import alert_of, name_of
from serentak.reporting.rules.differing import (
    CONTRADICTION_TRANSITIONS,
    LIVE,
    Check,
    ContradictionEvent,
    ContradictionState,
    Stands,
    Used,
)

FORMS: dict[ContradictionEvent, type[VersionedForm]] = {
    ContradictionEvent.ACKNOWLEDGE: VersionedForm,
    ContradictionEvent.ANSWER: forms.AnswerForm,
    ContradictionEvent.SETTLE: forms.SettleForm,
    ContradictionEvent.REOPEN: forms.ReopenForm,
}


def _check(row: ContradictionRow) -> Check:
    return words.catalogue().contradictions[row.check_key]


def _side(row: ContradictionRow, first: bool) -> str:
    check = _check(row)
    return words.side_text(check.a, row.a) if first else words.side_text(check.b, row.b)


def _state(row: ContradictionRow) -> str:
    return str(words.DIFFERING_STATES[ContradictionState(row.state)])


def _mark(row: ContradictionRow, now: datetime) -> Status:
    if row.state not in LIVE:
        return Status.DONE
    due = row.settle_by_at if row.state == ContradictionState.ANSWERED else row.answer_by_at
    if due < now:
        return Status.LATE
    return Status.ON_TRACK if row.state == ContradictionState.ANSWERED else Status.AT_RISK


def _columns(now: datetime) -> tuple[Column[Any], ...]:
    def age(row: ContradictionRow) -> int:
        return max(0, ((row.ended_at or now) - row.opened_at).days)

    def due(row: Any) -> Any:
        if row.state not in LIVE:
            return None
        return row.settle_by_at if row.state == ContradictionState.ANSWERED else row.answer_by_at

    def linked(path: str, text: str) -> object:
        return format_html('<a href="{}">{}</a>', path, text)

    return (
        Column("what", gettext_lazy("What differs"), lambda row: name_of(row, _check(row)),
               link=lambda row: reverse("reporting:contradiction", args=[row.key]),
               order=("check_key",)),
        Column("place", gettext_lazy("Place"), lambda row: row.place.name, order=("place",)),
        Column("a", gettext_lazy("One side"), lambda row: _side(row, True), is_sortable=False,
               draw=lambda row: linked(row.a_link, _side(row, True)), is_wide=True),
        Column("b", gettext_lazy("The other side"), lambda row: _side(row, False),
               is_sortable=False, draw=lambda row: linked(row.b_link, _side(row, False)),
               is_wide=True),
        Column("state", pgettext_lazy("contradiction", "State"), _state, order=("state",),
               draw=lambda row: marks.status(_mark(row, now), word=_state(row))),
        Column("owner", gettext_lazy("Who settles"),
               lambda row: row.owner.short_name if row.owner else None,
               order=("owner__short_name",)),
        Column("due", gettext_lazy("Due"), due, Kind.MOMENT, order=("clock",)),
        Column("age", gettext_lazy("Age in days"), age, Kind.NUMBER, order=("opened_at",)),
        Column("amount", gettext_lazy("Hangs on it"), lambda row: round(row.amount), Kind.NUMBER,
               order=("amount",), is_brief=False),
        Column("weight", gettext_lazy("Weight"), lambda row: row.weight, Kind.NUMBER, places=1,
               order=("weight",), is_brief=False),
        Column("class", gettext_lazy("Class"),
               lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)], is_sortable=False,
               is_shown=False),
    )  # fmt: skip


@requires(VIEW_CONTRADICTIONS)
def board(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what differs at and under a place, the heaviest first; settled ones stay readable."""
    viewer, now = viewer_of(request), clock.now()
    checks = words.catalogue().asked
    table: Table[Any] = Table(
        name="contradictions",
        title=_("Contradictions"),
        columns=_columns(now),
        rows=differing.board(place, viewer=viewer, at=now),
        choices=[
            Choice(
                "state",
                gettext_lazy("State"),
                [("open", gettext_lazy("Open")), ("settled", gettext_lazy("Ended"))],
                lambda rows, which: differing.kept(rows, which=which),
            ),
            Choice(
                "check",
                gettext_lazy("What differs"),
                [
                    (key, said(one.name))
                    for key, one in checks.items()
                    if all(viewer.holds(p) for p in differing.needs(one))
                ],
                lambda rows, key: differing.kept(rows, check=key),
            ),
        ],
        search_fields=("place__name__icontains", "owner__name__icontains"),
        page_size=20,
        empty=_("Nothing differs here."),
        notes=[
            _("A difference accuses nobody. The heaviest stand first, of what is open."),
        ],
    )
    bound = table.bind(request)
    if (answer := bound.answer(request)) is not None:
        return answer
    context = {
        **_head(place),
        "table": bound,
        "standing": differing.standing(place, viewer=viewer, at=now),
    }
    return render(request, "reporting/contradictions.html", context)


def _head(place: PlaceCode, title: str = "") -> dict[str, Any]:
    area = (_("Contradictions"), reverse("reporting:contradictions", args=[place]))
    return head_of(
        places.path(place), area, whole=_("Where %(place)s is told in two ways"), title=title
    )


@requires(VIEW_CONTRADICTIONS)
def contradiction(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show one with both sides, its log, and what one may do with it now."""
    return _page(request, _seen(request, key))


def _seen(request: HttpRequest, key: UUID) -> ContradictionRow:
    found = differing.one(key, viewer_of(request))
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, row: ContradictionRow, *, status: int = 200, **sent: VersionedForm
) -> HttpResponse:
    viewer, place, now = viewer_of(request), PlaceCode(row.place_id), clock.now()
    check, state = _check(row), ContradictionState(row.state)
    mine = differing.settles(viewer, row)
    may = dict.fromkeys(FORMS, mine)
    may[ContradictionEvent.REOPEN] = row.differs and viewer.may(SETTLE_CONTRADICTION, place)
    offered = {
        event.value.lower(): sent.get(event.value) or FORMS[event](initial={"version": row.version})
        for event in CONTRADICTION_TRANSITIONS.events_at(state)
        if may.get(event)
    }
    owner = row.owner.name if row.owner else ""
    asks = (
        state in LIVE
        and not check.is_confided
        and row.audience is None
        and viewer.may(coordination.GIVE_ACTION, place)
    )
    context = {
        **_head(place, said(check.name)),
        "row": row,
        "about": said(row.about) if row.about else "",
        "is_live": state in LIVE,
        "mark": _mark(row, now),
        "state": _state(row),
        "sides": [
            (_side(row, True), row.a_link, check.a.where),
            (_side(row, False), row.b_link, check.b.where),
        ],
        "owner": owner,
        "settled": said(check.settled),
        "reopens": said(check.reopens),
        "hides": said(check.hides),
        "used": words.USED[Used(row.used)] if row.used else "",
        "weight": differing.weight(row, differing.today_at(place, now)),
        "counted": words.COUNTED[check.weight.by],
        "steps": [
            (
                step,
                words.DIFFERING_EVENTS[step.event],
                words.side_text(check.a, step.a),
                words.side_text(check.b, step.b),
            )
            for step in differing.steps_of(row)
        ],
        "forms": offered,
        "ask_url": coordination.ask_url(alert_of(row, owner=owner, at=now)) if asks else "",
    }
    return render(request, "reporting/contradiction.html", context, status=status)


def _said(
    request: HttpRequest, key: UUID, event: ContradictionEvent, act: Callable[..., None], done: str
) -> HttpResponse:
    row = _seen(request, key)
    form = FORMS[event](request.POST)
    to = reverse("reporting:contradiction", args=[key])
    answer = carried_out(request, form, partial(act, key=key), done=done, to=to)
    return answer or _page(request, row, status=UNPROCESSABLE, **{event.value: form})


@requires(SETTLE_CONTRADICTION)
@require_POST
def acknowledge(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that one's institution looks into it."""
    act = actions.acknowledge_contradiction
    return _said(
        request, key, ContradictionEvent.ACKNOWLEDGE, act, _("Noted that you look into it.")
    )


@requires(SETTLE_CONTRADICTION)
@require_POST
def answer(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say why the sides differ."""
    act = actions.answer_contradiction
    return _said(request, key, ContradictionEvent.ANSWER, act, _("The answer was noted."))


@requires(SETTLE_CONTRADICTION)
@require_POST
def settle(request: HttpRequest, key: UUID) -> HttpResponse:
    """Decide which side is used."""
    act = actions.settle_contradiction
    done = _("It is settled. Both sides stay readable.")
    return _said(request, key, ContradictionEvent.SETTLE, act, done)


@requires(SETTLE_CONTRADICTION)
@require_POST
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open a settled one again."""
    act = actions.reopen_contradiction
    return _said(request, key, ContradictionEvent.REOPEN, act, _("It is open again."))


@requires(VIEW_CONTRADICTIONS)
def checks(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what is compared: the catalogue, with what is not asked yet and for what it waits."""
    known = words.catalogue()
    context = {
        **_head(place, _("What is compared")),
        "common": [said(text) for text in known.common],
        "half_life": known.half_life_days,
        "groups": [
            (
                label,
                [
                    {
                        "name": said(one.name),
                        "a": said(one.a.says),
                        "b": said(one.b.says),
                        "settled": said(one.settled),
                        "reopens": said(one.reopens),
                        "hides": said(one.hides),
                        "base": one.weight.base,
                        "counted": words.COUNTED[one.weight.by],
                        "clock": one.clock,
                        "waits": said(one.waits) if one.waits else "",
                        "example": said(one.example) if one.example else "",
                    }
                    for one in known.contradictions.values()
                    if one.stands is stands
                ],
            )
            for stands, label in (
                (Stands.TODAY, _("Asked every few minutes")),
                (Stands.PLANNED, _("Not asked yet")),
            )
        ],
    }
    return render(request, "reporting/checks.html", context)
