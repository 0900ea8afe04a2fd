"""The forecast of a place, what people try on it, and the shocks that it draws."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from serentak.coordination.public import GIVE_ACTION
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.charts import Band, Curve, CurvePoint
from serentak.platform.web.formats import day, number
from serentak.platform.web.forms import form_page, natural, pressed
from serentak.platform.web.tables import Column, Kind, Table
from serentak.readiness import actions, words
from serentak.readiness.forms import (
    ScenarioForm,
    ShockChanceForm,
    ShockNoteForm,
    choice_of,
)
from serentak.readiness.permissions import (
    NOTE_SHOCK,
    SET_SHOCKS,
    TRY_SCENARIO,
    VIEW_READINESS,
)
from serentak.readiness.queries.board import board, catalogue
from serentak.readiness.queries.forecast_page import ForecastPage, forecast_page
from serentak.readiness.queries.forecasting import shocks
from serentak.readiness.queries.forecasts import Chances
from serentak.readiness.queries.report_quality import QualityOf
from serentak.readiness.queries.scenarios import COMPARED, Tried, scenario, scenarios
from serentak.readiness.queries.shock_list import (
    ShockLine,
    open_shocks,
    shock_lines,
    version_of,
)
from serentak.readiness.rules.scenarios import Change, ChangeKind

from .heads import page_head

LOOK_AGAIN_SECONDS = 2


@requires(VIEW_READINESS)
def forecast(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how likely a place is ready, where not, why, and what would help most."""
    viewer, at = viewer_of(request), clock.now()
    found = forecast_page(place, viewer=viewer, at=at)
    head = page_head(place, title=_("Forecast"), when=found)
    if found is None or found.told is None:
        return render(request, "readiness/forecast.html", {**head, "page": found, "told": None})
    told = found.told
    table = _regencies(found).bind(request) if found.below else None
    if table is not None and (answer := table.answer(request)) is not None:
        return answer
    quality = _quality(found).bind(request) if found.quality else None
    if quality is not None and (answer := quality.answer(request)) is not None:
        return answer
    last = found.trend[-2] if len(found.trend) > 1 else None
    context = {
        **head,
        "page": found,
        "told": told,
        "age": words.age_text(told.computed_at, today=found.today, zone=found.found.zone),
        "ready": words.chance_text(told.ready),
        "in_time": words.chance_text(told.results["in_time"][0]),
        "by_target": words.chance_text(told.results["by_target"][0]),
        "blocked": words.chance_text(told.results["blocked"][0]),
        "without": words.chance_text(told.results["without"][0]) if told.results["without"] else "",
        "dates": [found.date_of(n) for n in (told.p50, told.p80, told.p95)],
        "margin": found.margin(told.p80),
        "moved_days": last.p80 - told.p80 if last else None,
        "moved_since": last.day if last else None,
        "table": table,
        "curve": _curve(found),
        "trend": [
            (one.day, words.chance_text(one.ready), found.margin(one.p80))
            for one in reversed(found.trend)
        ][:14],
        "draws": told.draws,
        "own_chances": len(told.assumptions.get("chances", {})),
        "assumed": FigureClass.ASSUMED,
        "quality": quality,
        "is_whole": level_of(place) is Level.PROVINCE,
        "first_days": found.found.thresholds.owner_sees_first_days,
        "may_ask": viewer.may(GIVE_ACTION, place),
    }
    return render(request, "readiness/forecast.html", context)


CHANCES: tuple[Column[Any], ...] = (
    Column(
        "place",
        gettext_lazy("Regency or city"),
        lambda row: row[0],
        link=lambda row: reverse("readiness:forecast", args=[row[1].place]),
    ),
    Column("ready", gettext_lazy("Ready on H-1, of 100"), lambda row: row[1].of_100, Kind.NUMBER),
    Column("p50", gettext_lazy("Half of the runs"), lambda row: row[2], Kind.DAY, is_brief=False),
    Column("p80", gettext_lazy("80 of 100 runs"), lambda row: row[3], Kind.DAY),
    Column("p95", gettext_lazy("95 of 100 runs"), lambda row: row[4], Kind.DAY, is_brief=False),
)


def _regencies(found: ForecastPage) -> Table[Any]:
    def row(name: str, one: Chances) -> tuple[Any, ...]:
        return (name, one, *map(found.date_of, (one.p50, one.p80, one.p95)))

    return Table(
        name="chances",
        title=_("Regencies and cities by their chance, the lowest first"),
        columns=CHANCES,
        rows=[row(name, one) for name, one in found.below],
        is_searchable=False,
        folds=True,
        notes=[_("The dates say by when everything that belongs before the vote is finished.")],
    )


QUALITY: tuple[Column[QualityOf], ...] = (
    Column("owner", gettext_lazy("Institution"), lambda row: row.owner.short_name),
    Column("reports", gettext_lazy("Reports"), lambda row: row.quality.reports, Kind.NUMBER),
    Column("proof", gettext_lazy("With proof"), lambda row: row.quality.proof, Kind.SHARE),
    Column("regular", gettext_lazy("In their rhythm"), lambda row: row.quality.regular, Kind.SHARE),
    Column(
        "back",
        gettext_lazy("Steps back"),
        lambda row: row.quality.back,
        Kind.NUMBER,
        is_brief=False,
    ),
    Column(
        "stuck",
        gettext_lazy("Stay at almost done"),
        lambda row: row.quality.stuck,
        Kind.NUMBER,
        is_brief=False,
    ),
)


def _quality(found: ForecastPage) -> Table[QualityOf]:
    return Table(
        name="quality",
        title=_("How far the reports can be relied on"),
        columns=QUALITY,
        rows=found.quality,
        prefix="q-",
        is_searchable=False,
    )


def _curve(found: ForecastPage) -> Curve | None:
    told = found.told
    if not found.curve or told is None:
        return None
    return Curve(
        actual=[CurvePoint(p.day, p.actual) for p in found.curve if p.actual is not None],
        target=[CurvePoint(p.day, p.target) for p in found.curve],
        ahead=[
            Band(found.date_of(n), low, likely, high)
            for n, low, likely, high in told.results["fan"]
        ],
        today=found.today,
        vote_date=found.vote_date,
        title=_("Plan, reports and forecast"),
        what=_("per cent of all work before the vote, weighed by consequence"),
    )


# --- what people try


@requires(TRY_SCENARIO)
def try_scenario(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Try changes on the forecast of a place; nothing real changes."""
    found = board(place, at=clock.now()) if level_of(place) <= Level.REGENCY else None
    if found is None:
        raise Http404
    here = [place] if level_of(place) is Level.REGENCY else list(found.numbers)
    cards = _names(here)
    activities = [
        (choice_of(p, s.row.key), said(s.definition.name) if len(here) == 1 else
         f"{cards[p]}: {said(s.definition.name)}")
        for p in here
        for s in found.at_place(p)
        if s.slot is not None
    ]  # fmt: skip
    regencies = [p for p in here if level_of(p) is Level.REGENCY]
    struck = [
        (choice_of(p, key), name if len(regencies) == 1 else f"{cards[p]}: {name}")
        for p in regencies
        for key, name in open_shocks(p)
    ]
    form = ScenarioForm(
        request.POST or None,
        activities=activities,
        shocks=struck,
        initial={"shock_1": request.GET.get("shock", "")},
    )
    return form_page(
        request,
        form,
        partial(actions.try_scenario, place=place),
        {**_under(place, _("What if")), "button": _("Compute")},
        done=_("Nothing real has changed: this is what the forecast would say."),
        to=lambda id: reverse("readiness:scenario", args=[id]),
        template="readiness/try.html",
    )


def _names(codes: list[PlaceCode]) -> Mapping[PlaceCode, str]:
    return {code: card.name for code, card in places.places(codes).items()}


def _under(place: PlaceCode, title: str) -> dict[str, Any]:
    between = (_("Forecast"), reverse("readiness:forecast", args=[place]))
    return page_head(place, between, title=title, here=title)


@requires(VIEW_READINESS)
def one_scenario(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """Show what somebody tried, before and after, beside up to two others."""
    viewer = viewer_of(request)
    row = scenario(scenario_id, viewer=viewer)
    others = scenarios(row.place)
    chosen = [natural(text) for text in request.GET.getlist("with")][: COMPARED - 1]
    beside = [one for one in others if one.id in chosen and one.id != row.id]
    compared = [row, *beside]
    found = board(row.place, at=clock.now())
    may_try = viewer.may(TRY_SCENARIO, row.place)
    response = render(
        request,
        "readiness/scenario.html",
        {
            **_under(row.place, row.name),
            "row": row,
            "compared": [_shown(one, found) for one in compared],
            "others": [one for one in others if one.id != row.id and one.is_computed],
            "chosen": chosen,
            "is_computing": row.after is None,
            "may_adopt": may_try
            and viewer.may(GIVE_ACTION, row.place)
            and row.is_computed
            and row.adopted_at is None,
        },
    )
    if row.after is None:
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


def _shown(one: Tried, found: Any) -> dict[str, Any]:
    names = _names(sorted({change.place for change in one.changes}))
    shown: dict[str, Any] = {
        "row": one,
        "changes": [_change_text(change, names, one.place) for change in one.changes],
    }
    if one.is_computed and one.before and one.after and found is not None:
        pairs = [
            (label, words.chance_text(one.before[key][0]), words.chance_text(one.after[key][0]))
            for key, label in (
                ("ready", _("Ready on H-1")),
                ("in_time", _("Each by its own deadline too")),
                ("by_target", _("Each by its target")),
            )
        ]
        for n, label in ((1, _("80 of 100 runs are finished by")), (2, _("95 of 100 by"))):
            pairs.append(
                (
                    label,
                    day(found.date_of(one.before["finish"][n]), "short"),
                    day(found.date_of(one.after["finish"][n]), "short"),
                )
            )
        shown["pairs"] = pairs
    return shown


def _change_text(change: Change, names: Mapping[PlaceCode, str], place: PlaceCode) -> str:
    """Say one change in a line."""
    where = "" if change.place == place else f" ({names.get(change.place, change.place)})"
    if change.kind is ChangeKind.SHOCK:
        known = shocks().shocks.get(change.key)
        name = said(known.name) if known else change.key
        text = _("%(name)s%(where)s strikes, chance %(amount)s of 100")
    else:
        definition = catalogue().activities.get(change.key)
        name = said(definition.name) if definition else change.key
        text = {
            ChangeKind.PERSON: _("%(name)s%(where)s: %(amount)s more people"),
            ChangeKind.VEHICLE: _("%(name)s%(where)s: %(amount)s more vehicles"),
            ChangeKind.DAYS: _("%(name)s%(where)s: %(amount)s days"),
            ChangeKind.DURATION: _("%(name)s%(where)s: takes %(days)s days"),
            ChangeKind.DROP: _("%(name)s%(where)s is left out"),
        }[change.kind]
    return text % {
        "name": name,
        "where": where,
        "amount": number(round(change.amount)),
        "days": "/".join(number(round(one)) for one in change.days or ()),
    }


@require_POST
@requires(TRY_SCENARIO)
def adopt(request: HttpRequest, scenario_id: int) -> HttpResponse:
    """Turn what was tried into requests to the owners."""
    row = scenario(scenario_id, viewer=viewer_of(request))
    return pressed(
        request,
        partial(actions.adopt_scenario, scenario_id=scenario_id),
        done=lambda count: (
            _("%(count)s requests were sent; each owner decides.") % {"count": number(count)}
        ),
        to=reverse("coordination:overview", args=[row.place]),
        back=reverse("readiness:scenario", args=[scenario_id]),
    )


# --- shocks

SHOCKS: tuple[Column[ShockLine], ...] = (
    Column("name", gettext_lazy("Shock"), lambda row: row.name, is_wide=True),
    Column("group", gettext_lazy("Where together"), lambda row: row.group, is_brief=False),
    Column(
        "per_week",
        gettext_lazy("Chance in a week, %"),
        lambda row: 100 * row.per_week,
        Kind.NUMBER,
    ),
    Column(
        "set",
        gettext_lazy("Set by"),
        lambda row: (
            _("this installation: %(reason)s") % {"reason": row.reason}
            if row.is_own
            else _("catalogue, assumed")
        ),
        is_brief=False,
    ),
    Column(
        "struck",
        gettext_lazy("Has struck"),
        lambda row: ", ".join(f"{name} ({day(when, 'short')})" for _c, name, when in row.struck),
    ),
    Column("source", gettext_lazy("Source"), lambda row: row.source, is_shown=False),
    Column("replace", gettext_lazy("Better source"), lambda row: row.replace, is_shown=False),
)


@requires(VIEW_READINESS)
def shock_list(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the shocks that the forecast draws, with their chances and sources."""
    viewer = viewer_of(request)
    if not Level.PROVINCE <= level_of(place) <= Level.REGENCY:
        raise Http404
    lines = shock_lines(place, viewer=viewer)
    may_set = level_of(place) is Level.PROVINCE and viewer.may(SET_SHOCKS, place)
    columns = SHOCKS
    if may_set:
        first: Column[ShockLine] = Column(
            "name",
            gettext_lazy("Shock"),
            lambda row: row.name,
            link=lambda row: reverse("readiness:shock_chance", args=[place, row.key]),
            is_wide=True,
        )
        columns = (first, *SHOCKS[1:])
    table = Table(
        name="shocks",
        title=_("Shocks that the forecast draws"),
        columns=columns,
        rows=lines,
        page_size=100,
        folds=True,
        notes=[
            _("All chances and effects are assumed; the source names what made us think of it.")
        ],
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    may_note = level_of(place) is Level.REGENCY and viewer.may(NOTE_SHOCK, place)
    return render(
        request,
        "readiness/shocks.html",
        {
            **_under(place, _("Shocks")),
            "table": table,
            "may_note": may_note,
            "struck": [(line, when) for line in lines for _c, _n, when in line.struck]
            if may_note
            else [],
        },
    )


@requires(SET_SHOCKS)
def shock_chance(request: HttpRequest, place: PlaceCode, shock: str) -> HttpResponse:
    """Give a shock another chance."""
    version, per_week = version_of(place, shock)
    name = said(shocks().shocks[shock].name)
    return form_page(
        request,
        ShockChanceForm(
            request.POST or None, initial={"version": version, "per_week": f"{per_week:g}"}
        ),
        partial(actions.set_shock_chance, place=place, shock=shock),
        {**_under(place, _("Chance of a shock: %(name)s") % {"name": name}), "button": _("Set")},
        done=_("The chance was set; the forecast is computed anew within minutes."),
        to=reverse("readiness:shocks", args=[place]),
    )


@requires(NOTE_SHOCK)
def note_shock(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Say that a shock has really struck a regency."""
    if level_of(place) is not Level.REGENCY:
        raise Http404
    return form_page(
        request,
        ShockNoteForm(request.POST or None, shocks=open_shocks(place)),
        partial(actions.note_shock, place=place),
        {**_under(place, _("A shock has struck")), "button": _("Note")},
        done=_("Noted: the forecast draws it no more here; reports tell what it did."),
        to=reverse("readiness:shocks", args=[place]),
    )


@require_POST
@requires(NOTE_SHOCK)
def forget_shock(request: HttpRequest, place: PlaceCode, shock: str) -> HttpResponse:
    """Take back that a shock has struck."""
    return pressed(
        request,
        partial(actions.forget_shock, place=place, shock=shock),
        done=_("Taken back: the forecast draws it again here."),
        to=reverse("readiness:shocks", args=[place]),
    )
