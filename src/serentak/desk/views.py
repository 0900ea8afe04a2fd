"""The operations room's pages: read, lay side by side, show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from serentak.coordination.public import ActionCard
from serentak.kernel.area import Area, Phase, Words
from serentak.kernel.briefing import Briefing, Figure, Focus
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.countdown import countdown_label
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import areas, clock
from serentak.platform.access import requires, signed_in, viewer_of
from serentak.platform.web import formats
from serentak.platform.web.charts import Stage, StageTimeline, Tile, TileGrid
from serentak.platform.web.tables import Column, Kind, Table
from serentak.platform.words import word

from . import rules, words
from .permissions import VIEW_DESK
from .queries import needs
from .queries.areas import Trend
from .queries.children import Child, Children
from .queries.country import CountryPage, ProvinceLine, country_page
from .queries.head import Head, visible_path
from .queries.page import PlacePage, home_of, place_page
from .queries.work import SHOWN as WORK_SHOWN
from .rules import Columns, layout_of
from .words import ToCome

SILENT_SHOWN = 6
PREPARATION = "PREPARATION"
BEFORE, AFTER = 36, 48
"""Days around today that the timeline shows."""


@signed_in
def home(request: HttpRequest) -> HttpResponseBase:
    """Lead a person to the topmost place that they answer for."""
    target = home_of(viewer_of(request))
    if not target:
        raise Http404
    return redirect(target)


@requires(VIEW_DESK)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show a place: how it stands in a sentence, its areas, what needs you, its children."""
    viewer = viewer_of(request)
    page = place_page(place, viewer=viewer, at=clock.now())
    told = _told(page)
    table = _children_table(page, told).bind(request)
    if answer := table.answer(request):
        return answer
    area = _area(request, told)
    layout = layout_of(page.head.phase, is_urgent=any(n.is_urgent for n in page.needs.all))
    shown = page.needs.all if "all" in request.GET else page.needs.all[: needs.SHOWN]
    cards = [_card(page, question, viewer) for question in _questions(page)]
    missing = page.work.missing
    context = {
        "page": page,
        "head": page.head,
        "path": visible_path(page.head, viewer),
        "table": table,
        "tiles": _tiles(page.children, area),
        "areas": _area_links(told, area),
        "said": _said(page),
        "cards": [card for card in cards if card.status],
        "unset": [card for card in cards if not card.status],
        "first": _parts(layout.first),
        "then": _parts(layout.then),
        "work": _work(page),
        "lead": words.lead(page.head.phase, page.head.days),
        "has_act": page.work.has_actions or any(need.has_act for need in page.needs.all),
        "divides": _divides(told, area),
        "is_the_day": page.head.phase is Phase.ON_THE_DAY,
        "readiness_url": reverse("readiness:place", args=[place]),
        "sees_readiness": any(a.focus is Focus.READINESS for a in page.answers.seen),
        "needs": [
            (need, page.names.get(need.alert.place), as_a_whole(page, need)) for need in shown
        ],
        "more_alerts": len(page.needs.all) - len(shown),
        "silent": missing[:SILENT_SHOWN],
        "more_silent": len(missing) - SILENT_SHOWN,
        "stages": _stages(page.head),
        "children_title": _CHILDREN.get(page.head.card.level, ""),
        "is_province": page.head.card.level is Level.PROVINCE,
    }
    return render(request, "desk/place.html", context)


@requires(VIEW_DESK)
def country(request: HttpRequest) -> HttpResponse:
    """Show every province side by side: how it stands in each area, and what presses there most."""
    page = country_page(viewer=viewer_of(request), at=clock.now())
    vote_date = min(page.vote_dates, default=None)
    phase = rules.phase_of(page.today, vote_date=vote_date) if page.today else Phase.BEFORE
    seen = sorted(page.seen, key=lambda area: area.order[phase])
    told = _told_of(seen, page.children.all)
    table = _provinces_table(page, told).bind(request)
    if answer := table.answer(request):
        return answer
    area = _area(request, told)
    context = {
        "page": page,
        "table": table,
        "tiles": _tiles(page.children, area),
        "areas": _area_links(told, area),
        "divides": _divides(told, area),
        "children_title": _("Provinces"),
        "said": _said_of_country(page),
        "cards": [_country_card(page, a, page.today) for a in told] if page.today else [],
        "unset": [Card(question.name, question.question) for question in _to_come()],
        "without": ", ".join(card.name for card in page.unset),
    }
    return render(request, "desk/country.html", context)


@dataclass(frozen=True, slots=True)
class Card:
    """An area on the page; without a status it says what it would answer, or why it cannot.

    `decides` counts what is not in order, `moved` by how much that moved since yesterday; `since`
    says from when on it stands so, and `days` how it stood on the last days. The country's has
    `below` instead of a briefing: how many provinces stand how, and those that are not in order.
    """

    name: Words
    question: Words
    nothing_yet: Words = ""
    briefing: Briefing | None = None
    figures: tuple[tuple[Figure, str], ...] = ()
    trend: Trend | None = None
    url: str = ""
    decides: Figure | None = None
    moved: float | None = None
    status: Status | None = None
    since: str = ""
    days: Sequence[tuple[date, Status]] = ()
    below: "Below | None" = None

    @property
    def span(self) -> str:
        """From which day to which the marks are."""
        return formats.day_span(self.days[0][0], self.days[-1][0]) if self.days else ""


@dataclass(frozen=True, slots=True)
class Below:
    """The provinces in an area: how many stand how, how many of all are not in order, and these."""

    by_status: Mapping[Status, int]
    unasked: int
    count: int
    of: int
    lines: Sequence[tuple[ProvinceLine, Briefing, str, str]]
    """Each that is not in order, with what it says, since when, and the page of its rows."""


MARKS = 4
"""How many of the last days stand on the strip."""


def as_a_whole(page: PlacePage, need: needs.Need) -> Status | None:
    """Return how the child of which a need tells stands on its tile, where that is another status.

    One late work does not make its place late, so the card says both.
    """
    found = next((c.overall for c in page.children.all if c.card.code == need.alert.place), None)
    return found if found is not need.alert.severity else None


def _questions(page: PlacePage) -> list[Area | ToCome]:
    """Return the questions in the order of the phase; what the viewer may not see is not there."""
    return sorted([*page.answers.seen, *_to_come()], key=lambda q: q.order[page.head.phase])


def _to_come() -> list[ToCome]:
    """Return the questions that no slice answers yet."""
    answered = {area.focus for area in areas.areas()}
    return [question for question in words.TO_COME if question.focus not in answered]


def _figures(
    page: PlacePage, area: Area, briefing: Briefing, viewer: Viewer
) -> tuple[tuple[Figure, str], ...]:
    """Return a card's numbers, each with the page of its rows where the viewer may open it."""
    place = page.head.card.code
    return tuple((one, areas.rows_url(area, one, place, viewer)) for one in briefing.figures)


def _card(page: PlacePage, question: Area | ToCome, viewer: Viewer) -> Card:
    if not isinstance(question, Area):
        return Card(question.name, question.question)
    briefing = page.answers.own.get(question.focus)
    trend = page.answers.trends.get(question.focus)
    decides = rules.deciding(briefing.figures, question.decides) if briefing else None
    moved = rules.moved_by(decides, trend.before) if decides and trend else None
    return Card(
        name=question.name,
        question=question.question,
        nothing_yet=question.nothing_yet,
        briefing=briefing,
        figures=_figures(page, question, briefing, viewer) if briefing else (),
        trend=trend,
        url=reverse(question.page, args=[page.head.card.code])
        if briefing or question.nothing_yet
        else "",
        decides=decides,
        moved=moved,
        status=briefing.status if briefing else None,
        since=_since(briefing, trend, page.head.today) if briefing else "",
        days=[(day.day, day.status) for day in trend.days[-MARKS:]] if trend else (),
    )


def _since(briefing: Briefing, trend: Trend | None, today: date) -> str:
    if trend is None or trend.since is None:
        return ""
    return words.since_text(briefing.status, trend.since, today=today)


def _country_card(page: CountryPage, area: Area, today: date) -> Card:
    """Return an area of the country: how many of its provinces are not in order, and since when."""
    asked = [
        (line, line.briefings[area.focus])
        for line in page.provinces
        if area.focus in line.briefings
    ]
    statuses = [briefing.status for _, briefing in asked]
    worst = rules.overall(statuses)
    days = page.days(area)
    since = rules.since(worst, days, today=today) if worst else None
    return Card(
        name=area.name,
        question=area.question,
        status=worst,
        moved=page.moved(area),
        since=words.since_text(worst, since, today=today) if worst and since else "",
        days=days[-MARKS:],
        below=Below(
            by_status=page.statuses(area),
            unasked=page.unasked(area),
            count=rules.count_not_in_order(statuses),
            of=len(asked),
            lines=[
                (
                    line,
                    briefing,
                    _since(briefing, line.trends.get(area.focus), line.today),
                    reverse(area.page, args=[line.card.code]),
                )
                for line, briefing in asked
                if briefing.status in rules.NOT_IN_ORDER
            ],
        ),
    )


@dataclass(frozen=True, slots=True)
class Said:
    """The first sentence: how all stand, who is silent, what decides (text and link)."""

    standing: str
    silent: str
    deciding: Sequence[tuple[str, str]]


def _said(page: PlacePage) -> Said:
    """Return the sentence of a place: of its children, or of its areas where no child is asked."""
    names = {child.card.code: _short_name(child.card) for child in page.children.all}
    found = {names[child.card.code]: child.statuses for child in page.children.all}
    days = {
        names[m.place]: m.owed.days for m in page.work.missing if m.place in names and m.owed.days
    }
    are_places = any(found.values())
    if not are_places:
        own = page.answers.own
        found = {
            str(a.short_name): [own[a.focus].status] for a in page.answers.seen if a.focus in own
        }
        days = {}
    standings = rules.standings(found, silent_days=days)
    heard = [need for need in page.needs.all if need.alert.severity is not Status.NO_REPORT]
    return Said(
        standing=words.standing_text(standings, are_places=are_places),
        silent=words.silent_text(standings, silent_days=days),
        deciding=[(_topic(page, need), need.alert.link) for need in heard[: rules.DECIDING]],
    )


def _said_of_country(page: CountryPage) -> Said:
    """Return the sentence of the country: how its provinces stand, and what decides in them."""
    standings = rules.standings(
        {line.card.name: line.statuses for line in page.provinces}, silent_days={}
    )
    return Said(
        standing=words.standing_text(standings, are_places=True),
        silent=words.silent_text(standings, silent_days={}),
        deciding=[
            (
                words.topic_text(
                    need.alert,
                    place_name=page.names.get(need.alert.place, line.card).name,
                    day=need.target_date or need.alert.due_date,
                    today=line.today,
                    vote_date=line.vote_date,
                ),
                need.alert.link,
            )
            for line, need in page.deciding
        ],
    )


def _topic(page: PlacePage, need: needs.Need) -> str:
    """Return a need in its short form, with its place and day."""
    card = page.names.get(need.alert.place)
    election = page.head.election
    return words.topic_text(
        need.alert,
        place_name=card.name if card and card.code != page.head.card.code else "",
        day=need.target_date or need.alert.due_date,
        today=page.head.today,
        vote_date=election.vote_date if election else None,
    )


@dataclass(frozen=True, slots=True)
class Task:
    """An action that waits, and for whom."""

    action: ActionCard
    label: str


def _work(page: PlacePage) -> list[Task]:
    """Return the first tasks: ours, what we have to verify, what others owe us."""
    work = page.work.actions
    ours = [Task(a, _("asked by %(sender)s") % {"sender": a.sender.name}) for a in work.to_do]
    verify = [Task(a, _("done, to be verified")) for a in work.to_verify]
    theirs = [Task(a, _("owed by %(owner)s") % {"owner": a.owner.name}) for a in work.owed_to_us]
    return [*ours, *verify, *theirs][:WORK_SHOWN]


def _told(page: PlacePage) -> list[Area]:
    """Return the areas that at least one child has an answer in, in the order of the phase."""
    seen = [question for question in _questions(page) if isinstance(question, Area)]
    return _told_of(seen, page.children.all)


def _told_of(seen: Iterable[Area], children: Iterable[Child]) -> list[Area]:
    told = {focus for child in children for focus in child.briefings}
    return [area for area in seen if area.focus in told]


def _area(request: HttpRequest, told: Iterable[Area]) -> Area | None:
    """Return the area that the tiles show: the one asked for, None for all of them together."""
    asked = request.GET.get("area", "").upper()
    return next((area for area in told if area.focus == asked), None)


def _area_links(told: Sequence[Area], shown: Area | None) -> list[tuple[Words, str, bool]]:
    """Return name, link and whether it is shown, of each area that tiles can show."""
    if len(told) < 2:  # one area is all of them
        return []
    return [
        (pgettext("areas", "All"), "?area=all#children", shown is None),
        *(
            (area.short_name, f"?area={area.focus.lower()}#children", area is shown)
            for area in told
        ),
    ]


def _divides(told: Sequence[Area], shown: Area | None) -> str:
    """Return what the tiles' figure divides, and how all areas together are judged."""
    if shown or len(told) == 1:
        return str((shown or told[0]).divides)
    readiness = next((area for area in told if area.focus is Focus.READINESS), None)
    said = _("All: as the worst of the areas; who is silent is never on track.")
    return f"{said} {readiness.divides}" if readiness else said


def _parts(columns: Columns) -> tuple[list[str], list[str]]:
    """Return the templates of the wide and of the narrow column."""
    wide, narrow = columns.wide, columns.narrow
    return [f"desk/_{part}.html" for part in wide], [f"desk/_{part}.html" for part in narrow]


_CHILDREN = {
    Level.PROVINCE: gettext_lazy("Regencies and cities"),
    Level.REGENCY: gettext_lazy("Districts"),
    Level.DISTRICT: gettext_lazy("Villages and urban villages"),
}


def _url(child: Child) -> str:
    """A child of a district is a village, whose page is its list of stations."""
    name = "elections:election" if child.card.level is Level.VILLAGE else "desk:place"
    return reverse(name, args=[child.card.code])


def _short_name(card: places.PlaceCard) -> str:
    """Return the name as a table of neighbours needs it: only cities say what they are."""
    return card.name if card.kind is places.Kind.REGENCY else card.full_name


def _children_table(page: PlacePage, told: Sequence[Area]) -> Table[Child]:
    notes: Sequence[str] = ()
    columns: list[Column[Child]] = [
        Column("name", _("Name"), lambda c: _short_name(c.card), link=_url),
    ]
    if page.head.card.level < Level.DISTRICT:
        notes = [
            _(
                "Finished: share of the activities that are set up there. "
                "Who is silent never counts."
            )
        ]
        columns += _standing_columns(told)
    columns += [Column("stations", _("Stations"), lambda c: c.stations, Kind.NUMBER)]
    return Table(
        name="children",
        title=_CHILDREN.get(page.head.card.level, ""),
        columns=columns,
        rows=page.children.all,
        page_size=60,
        is_searchable=len(page.children.all) > 20,
        notes=notes,
    )


def _provinces_table(page: CountryPage, told: Sequence[Area]) -> Table[ProvinceLine]:
    columns: list[Column[ProvinceLine]] = [
        Column("name", _("Name"), lambda line: line.card.name, link=_url),
        Column(
            "vote",
            _("Vote"),
            lambda line: countdown_label(line.today, vote_date=line.vote_date),
        ),
        *_standing_columns(told),
        Column(
            "first",
            _("Most pressing"),
            lambda line: (
                word("ALERTS", line.first.alert.code, line.first.alert.params) if line.first else ""
            ),
            link=lambda line: line.first.alert.link if line.first else None,
            is_wide=True,
        ),
        Column("more", _("Further"), lambda line: max(len(line.needs) - 1, 0), Kind.NUMBER),
        Column("stations", _("Stations"), lambda line: line.stations, Kind.NUMBER),
        Column("voters", _("Voters"), lambda line: line.voters, Kind.NUMBER),
    ]
    return Table(
        name="children",
        title=_("Provinces"),
        columns=columns,
        rows=page.provinces,
        page_size=60,
        notes=[
            _("Each number is the one that the province's own page shows."),
        ],
    )


def _standing_columns(told: Sequence[Area]) -> list[Column[Any]]:
    """Return how a child stands in each area, and what its readiness comes to."""
    return [
        *_overall_columns(told),
        *(_status_column(area) for area in told),
        Column(
            "finished",
            _("Finished"),
            lambda c: c.share(areas.area_of(Focus.READINESS)),
            Kind.SHARE,
        ),
        Column("late", _("Late"), lambda c: c.figure("readiness.late"), Kind.NUMBER),
        Column("owed", _("Owed"), lambda c: c.figure("readiness.reports_owed"), Kind.NUMBER),
    ]


def _overall_columns(told: Sequence[Area]) -> list[Column[Any]]:
    """Return how a child stands over all areas, where there are several."""
    if len(told) < 2:  # one area is all of them
        return []
    return [Column("all", pgettext("areas", "All"), lambda c: c.overall, Kind.STATUS)]


def _status_column(area: Area) -> Column[Child]:
    return Column(
        area.focus.lower(), str(area.short_name), lambda c: c.status(area.focus), Kind.STATUS
    )


def _tiles(children: Children, area: Area | None) -> TileGrid | None:
    """Return the children as tiles, in one area or in all together (None).

    Of whom nothing was ever asked there is no tile.
    """
    grid = children.grid
    if not (grid and children.all) or children.all[0].card.level > Level.DISTRICT:
        return None
    if not any(child.briefings for child in children.all):
        return None
    return TileGrid(
        [
            Tile(
                label=child.card.tile_name,
                name=child.card.full_name,
                status=(child.status(area.focus) if area else child.overall) or Status.NO_REPORT,
                figure=formats.share(child.share(area or areas.area_of(Focus.READINESS))),
                link=_url(child),
                column=column,
                row=row,
            )
            for child in children.all
            for column, row in [grid.cells.get(child.card.code, (None, None))]
            if not (area and area.nothing_yet) or area.focus in child.briefings
        ],
        columns=grid.columns,
    )


def _stages(head: Head) -> StageTimeline | None:
    """Return the stages of the vote around today; the election's own page has all of them."""
    if head.election is None:
        return None
    first, last = head.today - timedelta(BEFORE), head.today + timedelta(AFTER)
    vote = head.election.vote_date
    shown = [
        Stage(
            label=stage.name,
            start=stage.start_date or stage.end_date,
            end=stage.end_date,
            is_vote=stage.start_date == stage.end_date == vote,
        )
        for stage in head.stages
        if stage.phase != PREPARATION and first <= stage.end_date
    ]
    if not any(stage.start <= last for stage in shown):
        return None
    title = _("Stages of the election")
    return StageTimeline(
        shown, today=head.today, vote_date=vote, title=title, first=first, last=last
    )
