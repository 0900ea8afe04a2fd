"""Pages of figures: side by side with what disagrees, and a page for each thing to do."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from serentak.institutions import public as institutions
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode, parent_of
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.drafts import led_back
from serentak.platform.web.formats import NOTHING
from serentak.platform.web.forms import form_page
from serentak.platform.web.heads import head_of
from serentak.platform.web.tables import Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD
from serentak.platform.words import refusal_text

from . import actions, queries, words
from .forms import AssignForm, DecideForm, ReasonForm, RecordForm, UseForm
from .permissions import ASSIGN_DISCREPANCY, DECIDE_FIGURE, RECORD_FIGURE, VIEW_FIGURES
from .queries import DiscrepancyCard, FigureCard, FigureSet
from .rules import DifferenceKind, Measure


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a recorded figure, or an amount that was computed."""

    measure: str
    value: Decimal
    in_use: bool
    source: str
    scope: str = ""
    class_word: str = ""
    apart: Decimal | None = None
    use_url: str = ""
    withdraw_url: str = ""

    @property
    def text(self) -> str:
        """The value with the decimals that it needs."""
        return words.figure_text(self.value)

    @property
    def apart_text(self) -> str:
        """The value minus the figure in use, with its sign."""
        return words.amount_text(self.apart) if self.apart else ""


def _in_use(row: Line) -> SafeString:
    """Draw whether a figure is in use, else what takes it into use; and what withdraws it."""
    if row.in_use:
        return format_html('<span class="tag">{}</span>', _("in use"))
    offers = [(row.use_url, _("Take into use")), (row.withdraw_url, _("Withdraw"))]
    links = format_html_join(
        " ",
        '<a href="{}">{}<span class="vh">: {} {}</span></a>',
        ((url, text, row.measure, row.text) for url, text in offers if url),
    )
    return links if row.use_url else format_html("{} {}", NOTHING, links)


COLUMNS: tuple[Column[Line], ...] = (
    Column("measure", gettext_lazy("What is counted"), lambda row: row.measure),
    Column(
        "value",
        gettext_lazy("Figure"),
        lambda row: row.value,
        Kind.NUMBER,
        draw=lambda row: row.text,
    ),
    Column("source", gettext_lazy("Source, date"), lambda row: row.source, is_wide=True),
    Column("scope", gettext_lazy("Scope"), lambda row: row.scope, is_wide=True),
    Column("class", gettext_lazy("Class"), lambda row: row.class_word),
    Column(
        "in_use",
        gettext_lazy("In use"),
        lambda row: row.in_use,
        Kind.YES_NO,
        draw=_in_use,
    ),
    Column(
        "apart",
        gettext_lazy("Difference"),
        lambda row: row.apart,
        Kind.NUMBER,
        draw=lambda row: row.apart_text or NOTHING,
    ),
)


@requires(VIEW_FIGURES)
def reconciliation(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show a place's figures side by side, what disagrees, who is at work on it, and history."""
    viewer = viewer_of(request)
    head = _head(place)
    found = queries.reconciliation(place)
    table = Table(
        name="figures",
        title=_("Figures side by side"),
        columns=COLUMNS,
        rows=[line for figure_set in found.sets for line in _lines(figure_set, viewer)],
        page_size=200,
        empty=_("Nobody has recorded a figure of this place yet."),
        notes=[_("Differences are the figure minus the figure in use.")],
    ).bind(request)
    if (answer := table.answer(request)) is not None:
        return answer
    work = sorted(
        (card for s in found.sets for card in s.discrepancies),
        key=lambda card: card.decided_at is not None,
    )
    first = {card.measure.code: card for card in reversed(work)}
    below = places.places(found.open_below) if found.open_below else {}
    context = {
        **head,
        "open_here": found.open_here,
        "work": [(card, first[card.measure.code] is card) for card in work],
        "below": [
            (below[code], count)
            for code, count in found.open_below.items()
            if viewer.may(VIEW_FIGURES, code)
        ],
        "table": table,
        "history": queries.history(place),
        "may_record": viewer.may(RECORD_FIGURE, place),
        "may_assign": viewer.may(ASSIGN_DISCREPANCY, place),
        "may_decide": viewer.may(DECIDE_FIGURE, place),
        "today": clock.local_date(clock.now(), zone=places.zone_of(place).key),
    }
    return render(request, "figures/reconciliation.html", context)


@requires(RECORD_FIGURE)
def record(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Record what a source says."""
    measures = [(code, said(measure.name)) for code, measure in queries.measures().items()]
    form = RecordForm(request.POST or None, measures=measures)
    about = _(
        "A figure is not changed later: another is recorded, and somebody decides which one "
        "is in use. The first of its kind is in use at once."
    )
    return form_page(
        request,
        form,
        lambda actor, at, **_given: actions.record_figure(
            given=form.given(place), actor=actor, at=at
        ),
        {**_head(place, _("Record a figure"), about), "button": _("Record")},
        done=_("The figure was recorded."),
    )


@requires(DECIDE_FIGURE)
def use(request: HttpRequest, place: PlaceCode, figure_id: int) -> HttpResponse:
    """Take a figure into use."""
    figure = queries.figure(place, figure_id)
    head = _head(place, _("Take this figure into use"), _figure_line(figure))
    used = queries.figures_in_use([place])[place].get(figure.measure)
    return form_page(
        request,
        UseForm(request.POST or None, initial={"version": used.id if used else 0}),
        partial(actions.use_figure, figure_id=figure_id),
        {**head, "button": _("Take into use")},
        done=_("The figure is in use now."),
    )


@requires(RECORD_FIGURE)
def withdraw(request: HttpRequest, place: PlaceCode, figure_id: int) -> HttpResponse:
    """Withdraw a figure that was recorded wrongly."""
    figure = queries.figure(place, figure_id)
    head = _head(place, _("Withdraw this figure"), _figure_line(figure))
    return form_page(
        request,
        ReasonForm(request.POST or None),
        partial(actions.withdraw_figure, figure_id=figure_id),
        {**head, "button": _("Withdraw")},
        done=_("The figure was withdrawn."),
    )


@requires(ASSIGN_DISCREPANCY)
def assign(request: HttpRequest, place: PlaceCode, measure: str, kind: str) -> HttpResponse:
    """Give a discrepancy to an institution."""
    card = _card(request, place, measure, kind)
    if card is None:
        return _gone(request, place)
    seen = {"owner": card.owner.id if card.owner else "", "due_date": card.due_date}
    form = AssignForm(
        request.POST or None,
        owners=_owners(place),
        initial={**seen, "version": card.version},
    )
    head = _head(place, _("Who answers for this difference?"), f"{card.title}. {card.words}")
    return form_page(
        request,
        form,
        lambda owner, **given: actions.assign_discrepancy(
            place=place, measure=measure, kind=card.difference.kind, owner_id=owner, **given
        ),
        {**head, "button": _("Assign")},
        done=_("The discrepancy was assigned."),
    )


@requires(DECIDE_FIGURE)
def decide(request: HttpRequest, place: PlaceCode, measure: str, kind: str) -> HttpResponse:
    """Decide which figure is in use."""
    card = _card(request, place, measure, kind)
    if card is None:
        return _gone(request, place)
    recorded = [
        figure
        for figure_set in queries.figure_sets(place)
        if figure_set.measure.code == measure
        for figure in figure_set.figures
    ]
    in_use = next((figure.id for figure in recorded if figure.in_use), "")
    form = DecideForm(
        request.POST or None,
        figures=[(str(figure.id), _figure_line(figure)) for figure in recorded],
        initial={"figure": in_use, "version": card.version},
    )
    context = {
        **_head(place, _("Which figure is in use?"), f"{card.title}. {card.words}"),
        "button": _("Decide"),
        "may_record": viewer_of(request).may(RECORD_FIGURE, place),
    }
    return form_page(
        request,
        form,
        lambda figure, **given: actions.decide_discrepancy(
            place=place, measure=measure, kind=card.difference.kind, figure_id=figure, **given
        ),
        context,
        done=_("The decision was recorded."),
        template="figures/decide.html",
    )


# --- parts


def _head(place: PlaceCode, title: str = "", about: str = "") -> dict[str, Any]:
    area = (_("Figures"), reverse("figures:reconciliation", args=[place]))
    whole = _("Figures of %(place)s")
    return head_of(places.path(place), area, whole=whole, title=title, facts=[about])


def _card(
    request: HttpRequest, place: PlaceCode, measure: str, kind: str
) -> DiscrepancyCard | None:
    """Return a difference of today; None to who sends a form about one that ended meanwhile."""
    try:
        return queries.discrepancy(place, measure, DifferenceKind(kind.upper()))
    except (ValueError, OutOfScope):
        if request.method == "POST":
            return None
        raise Http404 from None


def _gone(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    to = reverse("figures:reconciliation", args=[place])
    return led_back(request, refusal_text(Refused("figures.difference_is_gone")), to)


def _owners(place: PlaceCode) -> list[tuple[str, str]]:
    """Return who may answer: the institutions of the place, then those of the place above."""
    found = list(institutions.institutions_of(place))
    if above := parent_of(place):
        found += institutions.institutions_of(above)
    return [(str(institution.id), institution.name) for institution in found]


def _figure_line(figure: FigureCard) -> str:
    measure = queries.measure_of(figure.measure)
    parts = [
        f"{words.figure_text(figure.value)} {said(measure.unit)}",
        figure.source_line,
        figure.scope,
        "" if figure.figure_class is FigureClass.SOURCED else _class_word(figure),
    ]
    return " · ".join(part for part in parts if part)


def _name_with_unit(measure: Measure) -> str:
    """Return the measure's name, with its unit where the name does not say it."""
    name, unit = said(measure.name), said(measure.unit)
    return name if unit.casefold() in name.casefold() else f"{name} ({unit})"


def _class_word(figure: FigureCard) -> str:
    return str(FIGURE_CLASS_WORD[figure.figure_class])


def _counted_class(measure: Measure) -> str:
    """Say what a count of places is worth: a demonstration's stations are invented."""
    invented = places.Kind.STATION in measure.counted and clock.state().scene
    computed = _("computed")
    return f"{computed}, {FIGURE_CLASS_WORD[FigureClass.SYNTHETIC]}" if invented else computed


def _lines(figure_set: FigureSet, viewer: Viewer) -> list[Line]:
    """Return the figures of a measure, then the amounts that are computed beside them."""
    place, used = figure_set.place, figure_set.in_use
    name = _name_with_unit(figure_set.measure)

    def apart(value: Decimal) -> Decimal | None:
        return value - used.value if used else None

    lines = [
        Line(
            measure=name,
            value=figure.value,
            in_use=figure.in_use,
            source=figure.source_line,
            scope=figure.scope,
            class_word=_class_word(figure),
            apart=None if figure.in_use else apart(figure.value),
            use_url=_url("use", figure, not figure.in_use and viewer.may(DECIDE_FIGURE, place)),
            withdraw_url=_url(
                "withdraw", figure, not figure.in_use and viewer.may(RECORD_FIGURE, place)
            ),
        )
        for figure in figure_set.figures
    ]
    computed: list[tuple[Decimal, str, str]] = []
    if figure_set.counted:
        source = _("Count of the list of places")
        computed.append((Decimal(figure_set.counted), source, _counted_class(figure_set.measure)))
    if figure_set.children_sum is not None and figure_set.measure.sums:
        computed.append(
            (
                figure_set.children_sum,
                _("Sum of %(known)s of %(all)s places below")
                % {"known": figure_set.children_known, "all": figure_set.children_all},
                _("computed"),
            )
        )
    return lines + [
        Line(
            measure=name,
            value=value,
            in_use=False,
            source=source,
            class_word=class_word,
            apart=apart(value),
        )
        for value, source, class_word in computed
    ]


def _url(name: str, figure: FigureCard, allowed: bool) -> str:
    return reverse(f"figures:{name}", args=[figure.place, figure.id]) if allowed else ""
