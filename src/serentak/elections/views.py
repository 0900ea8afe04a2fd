"""Pages of the election: its days and races, its stations, the import of stations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import Refused
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.audit import HistoryEntry, HistoryLine, history
from serentak.platform.sheets import Problem, SheetColumn, SheetRow
from serentak.platform.templatetags.serentak import event_sentence
from serentak.platform.web import exports
from serentak.platform.web.charts import Stage, StageTimeline
from serentak.platform.web.formats import countdown, day, number
from serentak.platform.web.forms import form_page
from serentak.platform.web.heads import head_of
from serentak.platform.web.imports import Held, ImportView, Outlook, Taken
from serentak.platform.web.marks import figure_class
from serentak.platform.web.tables import BoundTable, Column, Kind, Table
from serentak.platform.web.vocabulary import DEADLINE_WORD, FIGURE_CLASS_WORD

from . import actions, importers, queries, words
from .forms import BallotForm, ListForm
from .importers import ReadStations, Villages
from .permissions import EDIT_CONTESTS, IMPORT_STATIONS, VIEW_ELECTION
from .queries import ChildLine, ElectionPage, ListOutlook, StageCard, StationLine
from .rules import Size


def _stage(row: StageCard) -> SafeString:
    note = format_html('<br><small class="muted">{}</small>', row.note) if row.note else ""
    return format_html("{}{}", row.name, note)


STAGES: tuple[Column[StageCard], ...] = (
    Column("name", gettext_lazy("Stage"), lambda row: row.name, draw=_stage),
    Column("start", gettext_lazy("From"), lambda row: row.start_date, Kind.DAY),
    Column("end", gettext_lazy("To"), lambda row: row.end_date, Kind.DAY),
    Column("countdown", gettext_lazy("Ends"), lambda row: row.countdown, is_sortable=False),
    Column("when", gettext_lazy("State"), lambda row: words.WHENS[row.when]),
    Column("kind", gettext_lazy("Deadline"), lambda row: DEADLINE_WORD[row.kind]),
    Column("source", gettext_lazy("Source"), lambda row: row.source, is_wide=True),
)

_VOTERS = gettext_lazy("Voters")
_MEN = gettext_lazy("Men")
_WOMEN = gettext_lazy("Women")

CHILDREN: tuple[Column[ChildLine], ...] = (
    Column(
        "name",
        gettext_lazy("Place"),
        lambda row: row.place.name,
        link=lambda row: reverse("elections:election", args=[row.place.code]),
    ),
    Column("code", gettext_lazy("Code"), lambda row: row.place.code),
    Column("stations", gettext_lazy("Stations"), lambda row: row.counts.stations, Kind.NUMBER),
    Column("voters", _VOTERS, lambda row: row.counts.voters, Kind.NUMBER),
    Column("male", _MEN, lambda row: row.counts.male, Kind.NUMBER),
    Column("female", _WOMEN, lambda row: row.counts.female, Kind.NUMBER),
    Column(
        "average",
        gettext_lazy("Voters per station"),
        lambda row: row.counts.voters / row.counts.stations if row.counts.stations else None,
        Kind.NUMBER,
    ),
)

STATIONS: tuple[Column[StationLine], ...] = (
    Column("number", gettext_lazy("Station"), lambda row: f"TPS {row.number}"),
    Column("village", pgettext_lazy("column", "Village"), lambda row: row.village),
    Column("code", gettext_lazy("Code"), lambda row: row.station.code),
    Column("voters", _VOTERS, lambda row: row.station.total, Kind.NUMBER),
    Column("male", _MEN, lambda row: row.station.male, Kind.NUMBER),
    Column("female", _WOMEN, lambda row: row.station.female, Kind.NUMBER),
    Column("special", gettext_lazy("Special location"), lambda row: row.station.special_location),
    Column(
        "reason",
        gettext_lazy("Reason for more voters than allowed"),
        lambda row: row.station.over_limit_reason,
        is_wide=True,
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        lambda row: FIGURE_CLASS_WORD[row.station.figure_class],
    ),
)


@requires(VIEW_ELECTION)
def election(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the election at a place: races, stages, and its stations or its children's."""
    viewer = viewer_of(request)
    page = queries.election_page(place, viewer=viewer, at=clock.now())
    tables = {"stages": _stages_table(page), "stations": _stations_table(page)}
    bound: dict[str, BoundTable[Any]] = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    context = {
        **_head([*page.path, page.place], facts=_facts(page), count=_countdown(page)),
        "page": page,
        "timeline": _timeline(page),
        "tables": bound,
        "editable": {c.id for c in page.contests if viewer.may(EDIT_CONTESTS, c.place)},
        "has_sheet": level_of(place) <= Level.DISTRICT and bool(page.counts.stations),
        "may_import": level_of(place) <= Level.DISTRICT and viewer.may(IMPORT_STATIONS, place),
        "history": _lines(page.history),
    }
    return render(request, "elections/election.html", context)


@requires(VIEW_ELECTION)
def station_sheet(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Send a workbook with all stations of a place, in the columns in which they are imported."""
    if level_of(place) > Level.DISTRICT:
        raise Http404
    more = SheetColumn("source", _("Source")), SheetColumn("date", _("As of"))
    shown = [*importers.COLUMNS, *more]
    sheet = exports.Sheet(
        name=f"stations-{place}",
        title=_("Stations of %(place)s") % {"place": places.place(place).full_name},
        headings=[str(column.label) for column in shown],
        kinds=["number" if column.adds_up else "text" for column in shown],
        rows=queries.station_rows(place),
        about=[_("Mend figures and send the sheet back on the page of the import.")],
    )
    return exports.answer(sheet, "xlsx")


def _stages_table(page: ElectionPage) -> Table[StageCard]:
    return Table(
        name="stages",
        title=_("Stages"),
        columns=STAGES,
        rows=page.stages,
        page_size=60,
        prefix="s-",
        group=lambda row: row.phase_label,
        is_searchable=False,
        empty=_("No election is set up here."),
    )


def _stations_table(page: ElectionPage) -> Table[Any]:
    notes = sorted({row.station.source for row in page.stations})
    if page.counts.is_synthetic:
        notes.append(_("Stations made for the demonstration; only the sums are published figures."))
    if page.children:
        return Table(
            name="places",
            title=_("Stations and voters by place"),
            columns=CHILDREN,
            rows=page.children,
            notes=notes,
        )
    return Table(
        name="stations",
        title=_("Stations"),
        columns=STATIONS,
        rows=page.stations,
        notes=notes,
        empty=_("No stations have been imported here yet."),
    )


def _timeline(page: ElectionPage) -> StageTimeline | None:
    if page.election is None or not page.stages:
        return None
    return StageTimeline(
        stages=[
            Stage(
                label=stage.name,
                start=stage.start_date or stage.end_date,
                end=stage.end_date,
                is_vote=stage.start_date == stage.end_date == page.election.vote_date,
            )
            for stage in page.stages
        ],
        today=page.today,
        vote_date=page.election.vote_date,
        title=_("Stages of the election"),
        first=min(stage.start_date or stage.end_date for stage in page.stages),
        last=max(stage.end_date for stage in page.stages),
    )


@requires(EDIT_CONTESTS)
def edit_pairs(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Set the ballot of the contest that a place holds."""
    contest = queries.contest_at(place, viewer=viewer_of(request))
    initial = BallotForm.initial_of(contest.pairs)
    form = BallotForm(request.POST or None, initial=initial)
    about = _("Candidate pairs with their ballot numbers. Rows left empty are not saved.")
    return form_page(
        request,
        form,
        lambda actor, at, **given: actions.set_candidate_pairs(
            contest_id=contest.id,
            pairs=form.pairs,
            figure_class=FigureClass(given["figure_class"]),
            actor=actor,
            at=at,
        ),
        {
            **_head(places.path(place), title=contest.name, facts=[about]),
            "history": _lines(history(f"contest:{contest.id}")),
        },
        done=_("The ballot was saved."),
        template="elections/pairs.html",
    )


def _head(path: Sequence[places.PlaceCard], **shown: Any) -> dict[str, Any]:
    area = (_("Election"), reverse("elections:election", args=[path[-1].code]))
    return head_of(path, area, whole=_("Election in %(place)s"), **shown)


def _facts(page: ElectionPage) -> list[str]:
    counts = page.counts
    return [
        format_html("<b>{}</b> {}", number(counts.stations), _("stations")),
        format_html("<b>{}</b> {}", number(counts.voters), _("voters")),
        _("men %(men)s, women %(women)s")
        % {"men": number(counts.male), "women": number(counts.female)},
        figure_class(FigureClass.SYNTHETIC) if counts.is_synthetic else "",
    ]


def _countdown(page: ElectionPage) -> list[str]:
    found = page.election
    if found is None:
        return []
    return [
        countdown(page.today, found.vote_date),
        _("Vote on %(day)s") % {"day": day(found.vote_date, "full")},
        f"{found.name}, {found.opens:%H.%M}–{found.closes:%H.%M}",
    ]


def _lines(entries: Sequence[HistoryEntry]) -> list[HistoryLine]:
    return [HistoryLine(e.at, event_sentence(e), e.actor) for e in entries]


_DISTRICTS_NAMED = 12


def _by_district(counts: Mapping[str, int]) -> str:
    """Say how many stations, and of which districts."""
    named = [f"{name} {number(count)}" for name, count in counts.items()]
    more = len(named) - _DISTRICTS_NAMED
    if more > 0:
        text = ngettext("%(n)s more district", "%(n)s more districts", more)
        named = [*named[:_DISTRICTS_NAMED], text % {"n": number(more)}]
    total = number(sum(counts.values()))
    return f"{total} ({'; '.join(named)})" if named else total


def _sized(size: Size) -> str:
    text = _("%(stations)s stations, %(voters)s voters")
    return text % {"stations": number(size.stations), "voters": number(size.voters)}


def _outlook(found: ListOutlook) -> list[Outlook]:
    facts = [
        Outlook(_("New stations"), _by_district(found.new)),
        Outlook(_("Changed stations"), _by_district(found.changed)),
        Outlook(_("Stations that stay as they are"), number(found.same)),
        Outlook(_("Here until now"), _sized(found.before)),
        Outlook(_("Here after saving"), _sized(found.after)),
    ]
    if found.known:
        missing = Size(
            found.after.stations - found.known.stations, found.after.voters - found.known.voters
        )
        text = _("%(known)s (%(source)s); difference: %(difference)s")
        about = {
            "known": _sized(found.known),
            "source": found.known_source,
            "difference": _sized(missing),
        }
        facts.append(Outlook(_("Published for here"), text % about))
    return facts


class StationImport(ImportView):
    """Takes over stations with their listed voters from a sheet."""

    title = gettext_lazy("Import stations and voters")
    about = gettext_lazy(
        "A sheet with a row for each station. Stations that are known get the new figures, others "
        "are added; a station that the sheet leaves out stays as it is."
    )
    columns = importers.COLUMNS
    _found: tuple[Sequence[SheetRow], ReadStations] | None = None

    @property
    def place(self) -> PlaceCode:
        """Into which area."""
        return PlaceCode(self.kwargs["place"])

    def check_access(self) -> None:
        """Exist down to the district: a sheet names villages."""
        if level_of(self.place) > Level.DISTRICT:
            raise Http404

    def check(self, rows: Sequence[SheetRow]) -> Sequence[Problem]:
        """Name what is wrong in all rows."""
        return self._read(rows).problems

    def template_rows(self) -> Iterable[Mapping[str, str]]:
        """Return the area's villages."""
        return [
            {"code": village.code, "district": village.district, "village": village.name}
            for village in queries.village_names(self.place)
        ]

    def outlook(self, rows: Sequence[SheetRow]) -> Sequence[Outlook]:
        """Say how many stations are new or change, in which districts, and what it sums up to."""
        found = queries.list_outlook(self._read(rows).rows, self.place)
        return _outlook(found)

    def commit(self, rows: Sequence[SheetRow], *, held: Held, reason: str) -> Taken:
        """Take the stations over; `reason` is given to those over the limit that have none."""
        found = self._read(rows)
        form = ListForm(self.given)
        if not form.is_valid():
            field, errors = next(iter(form.errors.items()))
            raise Refused(
                "elections.list_fact_is_wrong", fact=form.fields[field].label, why=errors[0]
            )
        institutions = self.viewer.institutions(IMPORT_STATIONS)
        count = actions.import_stations(
            rows=importers.with_reason(found.rows, reason, limits=queries.limits()),
            source=form.cleaned_data["source"] or held.file_name[:200],
            as_of_date=form.cleaned_data["as_of"],
            figure_class=FigureClass.SOURCED,
            institution_id=min(institutions, default=None),
            actor=self.viewer,
            at=clock.now(),
        )
        text = ngettext("%(n)s station was saved.", "%(n)s stations were saved.", count)
        path = reverse("elections:election", args=[self.place])
        return Taken(path, text % {"n": number(count)})

    def context(self) -> Mapping[str, Any]:
        """Show the place, the source and its date."""
        today = clock.local_date(clock.now(), zone=places.zone_of(self.place).key)
        return {
            **_head(places.path(self.place), title=self.title, facts=[self.about]),
            "extra": "elections/_import_source.html",
            "source": self.given.get("source", ""),
            "as_of": self.given.get("as_of") or today.isoformat(),
        }

    def _read(self, rows: Sequence[SheetRow]) -> ReadStations:
        """Read the rows once, however many steps ask."""
        if self._found is None or self._found[0] is not rows:
            found = importers.read_stations(
                rows,
                villages=Villages(queries.village_names(self.place)),
                within=self.place,
                limits=queries.limits(),
            )
            self._found = rows, found
        return self._found[1]


import_stations = requires(IMPORT_STATIONS)(StationImport.as_view())
