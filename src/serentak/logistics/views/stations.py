"""Loads of a village's stations, there and back, moved together; packing lists to print."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Viewer
from serentak.logistics import actions, documents, forms, words
from serentak.logistics.actions import MOST_LOADS
from serentak.logistics.permissions import KEEP_STOCK, VIEW_LOGISTICS
from serentak.logistics.queries import catalogues
from serentak.logistics.queries.loads import Load, answers_for, signs_on_paper
from serentak.logistics.queries.needs import needs_at
from serentak.logistics.queries.stations import StationLoads, loads_at, station_loads
from serentak.logistics.queries.stock import keeps, lying_at
from serentak.logistics.rules.custody import ConsignmentState
from serentak.logistics.rules.ledger import Condition
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.documents import PDF, download
from serentak.platform.web.formats import number
from serentak.platform.web.forms import UNPROCESSABLE, carried_out
from serentak.platform.web.tables import Column, Kind, Table

from .heads import head


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done with many loads: its words, its form, its action."""

    title: str | Promise
    about: str | Promise
    done: str | Promise
    form: Callable[..., django_forms.Form]
    act: Callable[..., Any]


def _state(load: Load | None) -> str:
    return str(words.LOAD_STATES[ConsignmentState(load.state)]) if load else ""


def _path(load: Load | None) -> str:
    return reverse("logistics:load", args=[load.pk]) if load else ""


COLUMNS: tuple[Column[StationLoads], ...] = (
    Column("station", gettext_lazy("Station"), lambda row: row.station.name),
    Column(
        "there", pgettext_lazy("a load", "There"), lambda row: _state(row.there),
        link=lambda row: _path(row.there),
    ),
    Column(
        "received", gettext_lazy("Received"),
        lambda row: row.there.received_at if row.there else None, Kind.MOMENT,
    ),
    Column(
        "back", pgettext_lazy("a load", "Back"), lambda row: _state(row.back),
        link=lambda row: _path(row.back),
    ),
)  # fmt: skip


@requires(VIEW_LOGISTICS)
def stations(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how far each station's load is, and what its keeper may do with many at once."""
    return _page(request, place)


@requires(KEEP_STOCK)
@require_POST
def move(request: HttpRequest, place: PlaceCode, step: str) -> HttpResponse:
    """Do one thing with the loads that were chosen."""
    found = _steps(place, viewer_of(request)).get(step)
    if found is None:
        raise Http404
    form = found.form(request.POST, request.FILES)
    answer = carried_out(
        request,
        form,
        found.act,
        done=str(found.done),
        to=reverse("logistics:stations", args=[place]),
    )
    return answer or _page(request, place, {step: form}, status=UNPROCESSABLE)


def _page(
    request: HttpRequest,
    place: PlaceCode,
    sent: Mapping[str, django_forms.Form] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    if not Level.DISTRICT <= level_of(place) <= Level.VILLAGE:
        raise Http404
    is_village = level_of(place) is Level.VILLAGE
    rows = station_loads(place) if is_village else ()
    table = Table(
        name="stations",
        title=_("Station by station"),
        columns=COLUMNS,
        rows=rows,
        page_size=MOST_LOADS,
        empty=_("No stations are set up here."),
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    steps = _steps(place, viewer_of(request))
    context = {
        **head(place, _("Loads of the stations")),
        "table": table if is_village else None,
        "steps": [
            (name, step, (sent or {}).get(name) or step.form()) for name, step in steps.items()
        ],
        "is_village": is_village,
    }
    return render(request, "logistics/stations.html", context, status=status)


def _steps(place: PlaceCode, viewer: Viewer) -> dict[str, Step]:
    """Return what the viewer may do now with many loads of a place, by name, in its order."""
    if not Level.DISTRICT <= level_of(place) <= Level.VILLAGE or not keeps(
        viewer, place, store=False
    ):
        return {}
    steps: dict[str, Step] = {}
    rows = station_loads(place) if level_of(place) is Level.VILLAGE else ()
    to_pack = [row for row in rows if row.there is None]
    to_fetch = [row for row in rows if row.is_served and row.back is None]
    if to_pack:
        steps["pack"] = Step(
            gettext_lazy("Pack for stations"),
            _about_packing(place, to_pack),
            gettext_lazy("The loads were packed."),
            partial(forms.StationsForm, stations=_named(to_pack)),
            partial(_pack, actions.pack_for_stations, place),
        )
    own = [load for load in _at(place, ConsignmentState.PACKED) if answers_for(viewer, load.origin)]
    if own:
        choices = [(f"{load.pk}:{load.version}", _text(load)) for load in own]
        steps["depart"] = Step(
            gettext_lazy("Let loads leave"),
            gettext_lazy("With one vehicle or boat, and one escort."),
            gettext_lazy("The loads have left."),
            partial(forms.DepartTogetherForm, loads=choices),
            _depart,
        )
    going = [
        load
        for load in _at(place, ConsignmentState.UNDER_WAY)
        if answers_for(viewer, load.destination) or answers_for(viewer, load.origin)
    ]
    if going:
        choices = [(str(load.pk), _text(load)) for load in going]
        steps["hand_over"] = Step(
            gettext_lazy("Hand over together"),
            gettext_lazy(
                "Loads that are whole, signed once for all. One in which anything differs is "
                "received by itself, with its reason."
            ),
            gettext_lazy("The hand-overs were recorded."),
            partial(
                forms.HandOverTogetherForm,
                loads=choices,
                is_paper=any(signs_on_paper(viewer, load) for load in going),
            ),
            actions.hand_over_together,
        )
    if to_fetch:
        steps["back"] = Step(
            gettext_lazy("Pack what comes back"),
            gettext_lazy("After the count: the boxes of each station chosen, for the district."),
            gettext_lazy("The loads were packed."),
            partial(forms.StationsForm, stations=_named(to_fetch)),
            partial(_pack, actions.pack_back, place),
        )
    return steps


def _about_packing(place: PlaceCode, rows: Sequence[StationLoads]) -> str:
    """Say what goes into the loads, and what the stations need that does not lie here at all."""
    about = _("A load for each station chosen: all that it needs and that lies here.")
    needs = needs_at(place, Level.STATION)
    here = {row.what for row in lying_at(place, Condition.GOOD, limit=MOST_KINDS)}
    absent = {what: None for row in rows for what in needs.get(row.station.code, {})}
    lacking = [catalogues.what_text(what) for what in absent if what not in here]
    if not lacking:
        return about
    named = ", ".join(lacking[:NAMED])
    text = _("Nothing of these lies here, and they will not be in: %(items)s")
    more = _(" and %(n)s more kinds") % {"n": number(len(lacking) - NAMED)}
    return f"{about} {text % {'items': named}}{more if len(lacking) > NAMED else ''}."


MOST_KINDS, NAMED = 500, 4
"""Kinds of pieces that are looked through; kinds that are named where they are not there."""


def _at(place: PlaceCode, state: ConsignmentState) -> Sequence[Load]:
    return loads_at(place, state, limit=MOST_LOADS)


def _named(rows: Sequence[StationLoads]) -> list[tuple[str, str]]:
    return [(row.station.code, row.station.name) for row in rows[:MOST_LOADS]]


def _text(load: Load) -> str:
    return _("%(number)s: %(origin)s to %(destination)s") % {
        "number": load.number,
        "origin": load.origin.place.name,
        "destination": load.destination.place.name,
    }


def _pack(act: Callable[..., Any], place: PlaceCode, **given: Any) -> None:
    zone = places.zone_of(place)
    due_at = datetime.combine(given.pop("due_day"), given.pop("due_hour"), tzinfo=zone)
    act(place=place, due_at=due_at, **given)


def _depart(*, loads: Mapping[int, int], **given: Any) -> None:
    actions.depart_together(versions=loads, **given)


@requires(VIEW_LOGISTICS)
def packing(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Give what goes into each station's boxes, a page for each station."""
    if level_of(place) < Level.DISTRICT:
        raise Http404
    content = documents.packing_pdf(place, is_drill=bool(clock.state().scene))
    if content is None:
        raise Http404
    return download(content, f"daftar-kemas-{place}.pdf", PDF)
