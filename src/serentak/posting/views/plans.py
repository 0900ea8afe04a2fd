"""Plans: computed while one waits, shown with what they leave open, proposed, adopted; sheets."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.documents import PDF, download
from serentak.platform.web.formats import number
from serentak.platform.web.forms import (
    UNPROCESSABLE,
    carried_out,
    form_page,
    pressed,
    seen_version,
)
from serentak.platform.web.tables import BoundTable, Column, Kind, Table
from serentak.posting import actions, documents, forms
from serentak.posting.permissions import (
    ADOPT_POSTING,
    PLAN_POSTING,
    VIEW_POSTING,
    VIEW_POSTS,
)
from serentak.posting.queries import plans as queries
from serentak.posting.queries.plans import Duty, PlanOf
from serentak.posting.queries.posts import sees_posts
from serentak.posting.rules import PlanState, StationClass
from serentak.posting.words import CLASSES, STATES

from .heads import check_regency, head

MARKS = {
    PlanState.DRAFT: Status.AT_RISK,
    PlanState.PROPOSED: Status.AT_RISK,
    PlanState.ADOPTED: Status.ON_TRACK,
    PlanState.REPLACED: Status.NO_REPORT,
}

DUTIES: tuple[Column[Duty], ...] = (
    Column("district", gettext_lazy("District"), lambda r: r.district),
    Column("post", gettext_lazy("From"),
           lambda r: r.post or (_("Reinforcements or officers of no named post")
                                if r.officers else _("Nobody"))),
    Column("class", gettext_lazy("Class of stations"), lambda r: str(CLASSES[r.station_class])),
    Column("stations", gettext_lazy("Stations"), lambda r: r.stations, Kind.NUMBER),
    Column("groups", gettext_lazy("Groups"), lambda r: r.groups, Kind.NUMBER, is_brief=False),
    Column("officers", gettext_lazy("Officers"), lambda r: r.officers, Kind.NUMBER),
    Column("guards", gettext_lazy("Guards"), lambda r: 2 * r.stations, Kind.NUMBER,
           is_brief=False),
)  # fmt: skip


@requires(PLAN_POSTING)
def solve(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Compute a plan; it takes a moment."""
    check_regency(place)
    form = forms.SolveForm(request.POST or None)
    context = {**head(place, _("Compute a plan")), "button": _("Compute")}
    return form_page(
        request,
        form,
        partial(actions.make_plan, place=place),
        context,
        done=_("The plan was computed. It is nobody's order until the police adopt it."),
        to=lambda made: reverse("posting:plan", args=[made]),
    )


def _found(request: HttpRequest, plan_id: int) -> PlanOf:
    row, viewer = queries.plan(plan_id), viewer_of(request)
    if row is None or not viewer.may(VIEW_POSTING, PlaceCode(row.place_id)):
        raise Http404
    if not sees_posts(viewer, PlaceCode(row.place_id)):
        raise Http404
    return row


def _name(row: PlanOf) -> str:
    return _("Plan %(number)s") % {"number": row.number}


@requires(VIEW_POSTING)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Show a plan: who goes where, what stays uncovered, what more officers would cover."""
    return _page(request, _found(request, plan_id))


def _page(
    request: HttpRequest, row: PlanOf, *, status: int = 200, sent: forms.AdoptForm | None = None
) -> HttpResponse:
    place, viewer = PlaceCode(row.place_id), viewer_of(request)
    state = PlanState(row.state)
    duties = queries.duties(row.pk)
    tables: dict[str, Table[Any]] = {
        "duties": Table(
            name="duties",
            title=_("Who goes where"),
            columns=DUTIES,
            rows=[one for one in duties if one.officers],
            prefix="d-",
            page_size=100,
            folds=True,
            group=lambda one: one.district,
        ),
        "uncovered": Table(
            name="uncovered",
            title=_("Stations without officers"),
            columns=(DUTIES[0], *DUTIES[2:5]),
            rows=[one for one in duties if not one.officers],
            prefix="u-",
            page_size=50,
            is_searchable=False,
            folds=True,
            empty=_("Every station has its officers."),
        ),
    }
    tables["duties"] = _sorted(tables["duties"])
    bound: dict[str, BoundTable[Any]] = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    may_adopt = viewer.may(ADOPT_POSTING, place) and state is PlanState.PROPOSED
    may_plan = viewer.may(PLAN_POSTING, place)
    reserves = queries.reserves_of(row.pk)
    is_outdated = state is not PlanState.REPLACED and queries.is_outdated(
        row, queries.inputs_under(place)
    )
    idle = max(0, row.strength - row.posted - row.reserve)
    adopt = sent
    if adopt is None:
        adopt = forms.AdoptForm(initial={"version": row.version})
        adopt.ask_why(is_needed=bool(row.uncovered))
    context = {
        **head(place, _name(row)),
        "plan": row,
        "idle": idle,
        "idlers": _idlers(row, reserves) if idle and not is_outdated else (),
        "way": row.travel / row.posted if row.posted else 0,
        "is_best": row.gap < _NO_GAP,
        "is_draft": state in (PlanState.DRAFT, PlanState.PROPOSED),
        "unreached": _unreached(row, reserves) if row.unreached else (),
        "state": STATES[state],
        "mark": MARKS[state],
        "tables": bound,
        "uncovered": [
            (CLASSES[one], n) for one in StationClass if (n := row.uncovered.get(one.value))
        ],
        "more": _more(row),
        "reserves": reserves,
        "is_outdated": is_outdated,
        "may_propose": may_plan and state is PlanState.DRAFT,
        "may_drop": may_plan and state in (PlanState.DRAFT, PlanState.PROPOSED),
        "may_print": viewer.may(VIEW_POSTS, place) and state is PlanState.ADOPTED,
        "adopt": adopt if may_adopt else None,
    }
    return render(request, "posting/plan.html", context, status=status)


_NO_GAP = 0.0005
"""Below it the answer is the best there is: the solver rounds."""


def _idlers(row: PlanOf, reserves: Sequence[Any]) -> list[str]:
    """Say of each post whose officers have no task why they have none."""
    said = []
    for one in queries.idle_of(row, reserves):
        given = {
            "n": number(one.officers),
            "post": one.post or _("no named post"),
            "serves": ", ".join(one.serves),
            "open": number(one.open),
        }
        if one.open:
            text = _(
                "%(n)s officers of %(post)s: stations stay open (%(open)s) in the region, but too "
                "few are left for a whole group of the pattern."
            )
        elif one.post:
            text = _(
                "%(n)s officers of %(post)s: it serves only %(serves)s, where every station has "
                "its officers. Let the post serve more districts, and compute anew."
            )
        else:
            text = _("%(n)s officers of %(post)s: every station has its officers.")
        said.append(text % given)
    return said


def _unreached(row: PlanOf, reserves: Sequence[Any]) -> list[tuple[str, str, int]]:
    """Name the districts of the stations that the reserve does not reach, each with its page."""
    found = queries.unreached_of(row, reserves)
    names = places.places(found)
    return [(f"/{code}/", names[code].name, n) for code, n in found.items()]


def _sorted(table: Table[Any]) -> Table[Any]:
    rows: Any = table.rows
    rows.sort(key=lambda one: one.district)
    return table


def _more(row: PlanOf) -> list[tuple[int, list[int], int]]:
    """Return by so many officers more what stays uncovered by tier, and how many are covered."""
    now = sum(row.uncovered.values())
    found = []
    for n, left in row.more.items():
        tiers = [*left, 0, 0, 0][:3]
        found.append((int(n), tiers, now - sum(tiers)))
    return found


def _pressed(
    request: HttpRequest, plan_id: int, act: Callable[..., Any], done: str
) -> HttpResponse:
    _found(request, plan_id)
    to = reverse("posting:plan", args=[plan_id])
    act = partial(act, plan_id=plan_id, version=seen_version(request))
    return pressed(request, act, done=done, to=to)


@requires(PLAN_POSTING)
@require_POST
def propose(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Lay a draft before the police."""
    return _pressed(request, plan_id, actions.propose_plan, _("The plan was proposed."))


@requires(ADOPT_POSTING)
@require_POST
def give_back(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give a proposal back as a draft."""
    return _pressed(request, plan_id, actions.return_plan, _("The plan is a draft again."))


@requires(PLAN_POSTING)
@require_POST
def drop(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Put a plan aside."""
    return _pressed(request, plan_id, actions.drop_plan, _("The plan was put aside."))


@requires(ADOPT_POSTING)
@require_POST
def adopt(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Make a proposal the posting that holds."""
    row = _found(request, plan_id)
    form = forms.AdoptForm(request.POST)
    form.ask_why(is_needed=bool(row.uncovered))
    answer = carried_out(
        request,
        form,
        partial(actions.adopt_plan, plan_id=plan_id),
        done=_("The plan was adopted."),
        to=reverse("posting:plan", args=[plan_id]),
    )
    return answer or _page(request, row, status=UNPROCESSABLE, sent=form)


@requires(VIEW_POSTS)
def sheets(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Print a duty sheet for each post."""
    row = _found(request, plan_id)
    if row.state != PlanState.ADOPTED:
        raise Http404  # a proposal is nobody's order
    villages = places.descendants(PlaceCode(row.place_id), Level.VILLAGE)
    content = documents.sheets_pdf(row, {card.code: card.name for card in villages}, clock.now())
    return download(content, f"{_name(row)}.pdf", PDF)
