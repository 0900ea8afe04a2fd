"""A place's need, strength and shortage on one page; patterns, strength in sum, reinforcements."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.coordination.public import ask_url
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import may_open, requires, viewer_of
from serentak.platform.web.forms import form_page, pressed, seen_version
from serentak.platform.web.tables import BoundTable, Column, Kind, Table
from serentak.posting import actions, forms
from serentak.posting.permissions import (
    ADOPT_POSTING,
    KEEP_POSTS,
    PLAN_POSTING,
    VIEW_POSTING,
    VIEW_POSTS,
)
from serentak.posting.public import alerts
from serentak.posting.queries import need, plans, sent
from serentak.posting.queries.catalogues import own_pattern, patterns, source_text, used_patterns
from serentak.posting.queries.posts import (
    force_of,
    keeps_police,
    sees_posts,
    unserved,
    with_police,
)
from serentak.posting.rules import (
    GUARDS,
    REINFORCEMENT_TRANSITIONS,
    Pattern,
    PlanState,
    SentEvent,
    SentState,
    StationClass,
    Unit,
)
from serentak.posting.words import CLASSES, SENT_STATES, STATES, UNITS

from .heads import check_regency, head

R = Any


def _class_columns(*, is_shown: bool) -> tuple[Column[R], ...]:
    """Return a column of officers needed for each class; a province has them in exports alone."""

    def column(one: StationClass, word: Any) -> Column[R]:
        def officers(row: R) -> int:
            return int(row.line.need.officers.get(one, 0))

        return Column(one.value.lower(), word, officers, Kind.NUMBER, is_shown=is_shown)

    return tuple(column(one, word) for one, word in CLASSES.items())


def _lines(place: PlaceCode) -> Table[R]:
    under = need.lines(place)
    cards = places.children(place)
    rows = [sent.Shown(card, under[card.code]) for card in cards if card.code in under]
    is_regency = level_of(place) is Level.REGENCY
    strength: tuple[Column[R], ...] = (
        Column("own", gettext_lazy("Own"), lambda r: r.line.own, Kind.NUMBER, is_brief=False),
        Column("coming", pgettext_lazy("officers", "Come"), lambda r: r.line.coming, Kind.NUMBER,
               is_brief=False),
        Column("leaving", pgettext_lazy("officers", "Leave"), lambda r: r.line.leaving,
               Kind.NUMBER, is_brief=False),
        Column("strength", gettext_lazy("Strength"), lambda r: r.line.strength, Kind.NUMBER),
        Column("short", pgettext_lazy("officers", "Lacking"),
               lambda r: r.line.short.officers if r.line.short else None, Kind.NUMBER),
        Column("gravest", gettext_lazy("From the class on"),
               lambda r: CLASSES[r.line.short.gravest]
               if r.line.short and r.line.short.gravest else None, is_brief=False),
        Column("over", pgettext_lazy("officers", "Over"), lambda r: r.line.over, Kind.NUMBER),
    )  # fmt: skip
    return Table(
        name="places",
        title=_("By place"),
        columns=(
            Column("name", gettext_lazy("Place"), lambda r: r.card.name,
                   link=None if is_regency else lambda r: reverse(
                       "posting:place", args=[r.card.code])),
            Column("stations", gettext_lazy("Stations"), lambda r: r.line.need.all_stations,
                   Kind.NUMBER),
            *_class_columns(is_shown=is_regency),
            Column("need", pgettext_lazy("officers", "Needed"), lambda r: r.line.need.total,
                   Kind.NUMBER),
            *(() if is_regency else strength),
            Column("unclassed", gettext_lazy("Without a class"), lambda r: r.line.need.unclassed,
                   Kind.NUMBER, is_brief=False),
        ),
        rows=rows,
        prefix="p-",
        page_size=50,
        empty=_("There are no stations here yet."),
        notes=[
            _("Officers needed: stations by the pattern, rounded up in each district and class.")
        ],
    )  # fmt: skip


def _classes(line: need.Line) -> Table[R]:
    """Return what each class needs and lacks, when officers go to the gravest first."""

    def lacking(of: StationClass) -> int | None:
        return line.short.by_class.get(of, 0) if line.short else None

    return Table(
        name="classes",
        title=_("By class"),
        columns=(
            Column("class", gettext_lazy("Class of stations"), lambda of: str(CLASSES[of]),
                   is_sortable=False),
            Column("stations", gettext_lazy("Stations"), lambda of: line.need.stations.get(of, 0),
                   Kind.NUMBER, is_sortable=False),
            Column("guards", gettext_lazy("Guards"),
                   lambda of: GUARDS * line.need.stations.get(of, 0), Kind.NUMBER,
                   is_sortable=False),
            Column("need", pgettext_lazy("officers", "Needed"),
                   lambda of: line.need.officers.get(of, 0), Kind.NUMBER, is_sortable=False),
            Column("short", pgettext_lazy("officers", "Lacking"), lacking, Kind.NUMBER,
                   is_sortable=False),
        ),
        rows=list(StationClass),
        prefix="k-",
        is_searchable=False,
        notes=[_("Lacking: when officers go to the gravest class first.")],
    )  # fmt: skip


def _patterns(place: PlaceCode, *, may_set: bool) -> Table[R]:
    def link(row: Pattern) -> str | None:
        of = [place, row.class_of_station.value]
        return reverse("posting:pattern", args=of) if may_set else None

    known = used_patterns(place).of(place)
    return Table(
        name="patterns",
        title=_("Patterns"),
        columns=(
            Column("class", gettext_lazy("Class of stations"),
                   lambda r: str(CLASSES[r.class_of_station]), link=link, is_sortable=False),
            Column("officers", gettext_lazy("Officers"), lambda r: r.officers, Kind.NUMBER,
                   is_sortable=False),
            Column("stations", gettext_lazy("at so many stations"),
                   lambda r: r.stations or None, Kind.NUMBER, is_sortable=False),
            Column("guards", gettext_lazy("Guards"), lambda r: r.guards or None, Kind.NUMBER,
                   is_sortable=False),
            Column("unit", gettext_lazy("Where the officers are"), lambda r: str(UNITS[r.unit]),
                   is_sortable=False),
            Column("source", gettext_lazy("Source"), source_text, is_wide=True,
                   is_sortable=False, is_brief=False),
        ),
        rows=[known[one] for one in StationClass],
        prefix="c-",
        is_searchable=False,
        notes=[_("Guards are two at each station, whatever a source prints.")],
    )  # fmt: skip


def _plans(place: PlaceCode) -> Table[R]:
    return Table(
        name="plans",
        title=_("Plans"),
        columns=(
            Column("plan", gettext_lazy("Plan"), lambda r: _("Plan %(number)s") % {
                   "number": r.number}, link=lambda r: reverse("posting:plan", args=[r.pk]),
                   order=("number",)),
            Column("state", gettext_lazy("State"), lambda r: STATES[PlanState(r.state)],
                   order=("state",)),
            Column("posted", gettext_lazy("Officers posted"), lambda r: r.posted, Kind.NUMBER,
                   order=("posted",)),
            Column("uncovered", gettext_lazy("Stations without officers"),
                   lambda r: sum(r.uncovered.values()), Kind.NUMBER, is_sortable=False),
            Column("at", gettext_lazy("Computed"), lambda r: r.made_at, Kind.MOMENT,
                   order=("made_at",)),
        ),
        rows=plans.plans_of(place),
        prefix="l-",
        page_size=10,
        is_searchable=False,
        empty=_("No plan was computed here yet."),
    )  # fmt: skip


@requires(VIEW_POSTING)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what stations need, how strong a place is and what lacks; in a regency its patterns."""
    viewer, level = viewer_of(request), level_of(place)
    if level is Level.DISTRICT:
        place, level = at_level(place, Level.REGENCY), Level.REGENCY
    heading = head(place)
    is_regency = level is Level.REGENCY
    sees = is_regency and sees_posts(viewer, place)
    may_adopt = is_regency and viewer.may(ADOPT_POSTING, place)
    tables: dict[str, Table[R]] = {"places": _lines(place)}
    line = need.lines(place).get(place)
    if line:
        tables["classes"] = _classes(line)
    if is_regency:
        tables["patterns"] = _patterns(place, may_set=may_adopt)
    if sees:
        tables["plans"] = _plans(place)
    bound: dict[str, BoundTable[R]] = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    may_plan = viewer.may(PLAN_POSTING, place)
    context: dict[str, Any] = {
        **heading,
        "tables": bound,
        "line": line,
        "is_regency": is_regency,
        "is_province": level is Level.PROVINCE,
        "sees": sees,
        "is_named": line is not None and line.is_named,
        "may_tell": viewer.may(KEEP_POSTS, place) and keeps_police(viewer, place),
        "may_plan": may_plan,
        "may_reinforce": may_plan and keeps_police(viewer, place),
        "may_adopt": may_adopt,
        "force": force_of(place) if is_regency else None,
        "unserved": unserved(place) if sees else (),
        "sent": _sent(place, viewer),
        "asks": () if viewer.may(VIEW_POSTS, place) else _asks(place, viewer),
    }
    if sees and (adopted := plans.adopted_under(place).get(place)):
        context["adopted"] = adopted
        context["idle"] = max(0, adopted.strength - adopted.posted - adopted.reserve)
        context["uncovered"] = sum(adopted.uncovered.values())
    if force := context["force"]:
        context["force_class"] = FigureClass(force.figure_class)
    return render(request, "posting/place.html", context)


def _asks(place: PlaceCode, viewer: Viewer) -> list[dict[str, str]]:
    """Return for which shortages a desk may ask, and where: on coordination's page."""
    found = []
    short = [
        one
        for one in alerts(parent=place, viewer=viewer, at=clock.now())
        if one.code == "posting.regency_is_short"
    ]
    names = places.places([one.place for one in short]) if short else {}
    for one in short:
        link = ask_url(one)
        if may_open(viewer, link.partition("?")[0]):
            count = str(one.params["count"])
            found.append({"link": link, "name": names[one.place].name, "count": count})
    return found


def _sent(place: PlaceCode, viewer: Viewer) -> list[dict[str, Any]]:
    """Return reinforcements to, from and inside a place, with what the viewer may say of each."""
    rows = []
    told = list(sent.reinforcements(place))
    ends_of = {PlaceCode(end) for row in told for end in (row.origin_id, row.place_id)}
    own = {end for end in with_police(viewer, ends_of) if viewer.may(PLAN_POSTING, end)}
    for row in told:
        state = SentState(row.state)
        ends = {
            SentEvent.PROMISE: [row.origin_id],
            SentEvent.ARRIVE: [row.place_id],
            SentEvent.DROP: [row.origin_id, row.place_id],
        }
        may = [
            (event.value.lower(), _button(event, state))
            for event in REINFORCEMENT_TRANSITIONS.events_at(state)
            if not own.isdisjoint(ends[event])
        ]
        is_headquarters = level_of(PlaceCode(row.origin_id)) is Level.PROVINCE
        origin = _("Headquarters") if is_headquarters else row.origin.name
        rows.append(
            {
                "row": row,
                "origin": origin,
                "state": SENT_STATES[state],
                "mark": _SENT_MARKS[state],
                "may": may,
            }
        )
    return rows


def _button(event: SentEvent, state: SentState) -> Any:
    if event is SentEvent.DROP and state is SentState.ARRIVED:
        return pgettext_lazy("button, reinforcements", "They have left again")
    return _SENT_BUTTONS[event]


_SENT_MARKS = {
    SentState.PROPOSED: Status.AT_RISK,
    SentState.PROMISED: Status.ON_TRACK,
    SentState.ARRIVED: Status.DONE,
    SentState.DROPPED: Status.NO_REPORT,
}

_SENT_BUTTONS = {
    SentEvent.PROMISE: pgettext_lazy("button, reinforcements", "Promise"),
    SentEvent.ARRIVE: pgettext_lazy("button, reinforcements", "Arrived"),
    SentEvent.DROP: pgettext_lazy("button, reinforcements", "Drop"),
}


@requires(ADOPT_POSTING)
def pattern(request: HttpRequest, place: PlaceCode, station_class: str) -> HttpResponse:
    """Set a pattern of a regency's own."""
    of = _class(place, station_class)
    own = own_pattern(place, of)
    used = used_patterns(place).of(place)[of]
    initial = {
        "unit": used.unit.value,
        "officers": used.officers,
        "stations": used.stations,
        "reason": own.reason if own else "",
        "version": own.version if own else 0,
    }
    form = forms.PatternForm(request.POST or None, initial=initial)
    listed = patterns().of(place)[of]
    context = {
        **head(place, CLASSES[of], _("Pattern")),
        "button": _("Set the pattern"),
        "own": own,
        "listed": listed,
        "listed_source": source_text(listed),
        "is_district": listed.unit is Unit.DISTRICT,
        "alternatives": [one for one in patterns().alternatives if one.class_of_station is of],
    }
    act = partial(actions.set_pattern, place=place, station_class=of)
    return form_page(
        request,
        form,
        act,
        context,
        done=_("The pattern was set."),
        template="posting/pattern.html",
    )


def _class(place: PlaceCode, name: str) -> StationClass:
    check_regency(place)
    if name not in StationClass.__members__:
        raise Http404
    return StationClass(name)


@requires(ADOPT_POSTING)
@require_POST
def drop_pattern(request: HttpRequest, place: PlaceCode, station_class: str) -> HttpResponse:
    """Go back to the catalogue's pattern."""
    act = partial(
        actions.drop_pattern,
        place=place,
        station_class=_class(place, station_class),
        version=seen_version(request),
    )
    to = reverse("posting:place", args=[place])
    return pressed(request, act, done=_("The catalogue's pattern holds again."), to=to)


def _check_police(request: HttpRequest, place: PlaceCode) -> None:
    """Answer 404 to whoever speaks not for a regency's police: the action would refuse them."""
    check_regency(place)
    if not keeps_police(viewer_of(request), place):
        raise Http404


@requires(KEEP_POSTS)
def force(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Tell a regency's strength in sum: the police alone."""
    _check_police(request, place)
    row = force_of(place)
    initial = {
        "version": row.version if row else 0,
        "officers": row.officers if row else None,
        "source": row.source if row else "",
        "as_of": row.as_of if row else None,
    }
    form = forms.ForceForm(request.POST or None, initial=initial)
    context = {**head(place, _("Strength in sum")), "button": _("Save")}
    act = partial(actions.tell_force, place=place)
    return form_page(request, form, act, context, done=_("The strength was told."))


@requires(ADOPT_POSTING)
@require_POST
def share(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show posts to the desks, or to police and army alone."""
    check_regency(place)
    row = force_of(place)
    act = partial(
        actions.share_posts,
        place=place,
        is_shared=not (row and row.is_shared),
        version=seen_version(request),
    )
    to = reverse("posting:place", args=[place])
    return pressed(request, act, done=_("Who sees the posts was changed."), to=to)


@requires(PLAN_POSTING)
def reinforce(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Propose reinforcements for a regency: the police alone."""
    _check_police(request, place)
    province = at_level(place, Level.PROVINCE)
    others = [card for card in places.children(province) if card.code != place]
    origins = [(province, _("Headquarters")), *((card.code, card.full_name) for card in others)]
    form = forms.ReinforceForm(request.POST or None, origins=origins)
    context = {**head(place, _("Propose reinforcements")), "button": _("Propose")}
    act = partial(actions.reinforce, place=place)
    return form_page(request, form, act, context, done=_("The reinforcements were proposed."))


@requires(PLAN_POSTING)
@require_POST
def propose_moves(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Propose to move what regencies have over to where it lacks."""
    to = reverse("posting:place", args=[place])
    act = partial(actions.propose_moves, place=place)
    return pressed(request, act, done=_("Moves were proposed; see them below."), to=to)


@requires(PLAN_POSTING)
@require_POST
def step_reinforcement(request: HttpRequest, reinforcement_id: int, event: str) -> HttpResponse:
    """Promise reinforcements, say that they arrived, or drop them."""
    row, viewer = sent.reinforcement(reinforcement_id), viewer_of(request)
    ends = (row.place_id, row.origin_id) if row else ()
    own = [PlaceCode(end) for end in ends if viewer.may(PLAN_POSTING, PlaceCode(end))]
    if not own or event.upper() not in SentEvent.__members__:
        raise Http404
    act = partial(
        actions.step_reinforcement,
        reinforcement_id=reinforcement_id,
        version=seen_version(request),
        event=SentEvent(event.upper()),
    )
    to = reverse("posting:place", args=[own[0]])
    return pressed(request, act, done=_("Noted."), to=to)
