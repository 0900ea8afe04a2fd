"""A place's facilities on one page, and one checklist at and under a place."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from serentak.facilities import words
from serentak.facilities.permissions import VIEW_FACILITIES
from serentak.facilities.queries import catalogues, checks, coverage
from serentak.facilities.queries.checks import Unchecked
from serentak.facilities.queries.coverage import ChildLine, ListLine
from serentak.facilities.queries.defects import open_under
from serentak.facilities.rules.checklists import Checklist, Question
from serentak.facilities.rules.defects import DefectState, defect_status
from serentak.facilities.rules.judging import STATUS, Outcome, Verdict
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.countdown import day_of
from serentak.kernel.status import Status
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web import marks
from serentak.platform.web.tables import BoundTable, Column, Kind, Table
from serentak.platform.web.vocabulary import FIGURE_CLASS_WORD

from .heads import head

LISTED_FROM = {
    Level.STATION: Level.DISTRICT,
    Level.VILLAGE: Level.DISTRICT,
    Level.DISTRICT: Level.REGENCY,
    Level.REGENCY: Level.PROVINCE,
}
"""From which level down a page lists the places of a checklist that still want a check."""

_VERDICT_MARK = {
    Verdict.PASSED: Status.DONE,
    Verdict.FAILED: Status.LATE,
    Verdict.UNANSWERED: Status.NO_REPORT,
}


def today_at(place: PlaceCode) -> date:
    """Return the day that it is at a place."""
    return clock.local_date(clock.now(), zone=places.zone_of(place).key)


def _counts() -> tuple[Column[Any], ...]:
    """Return the columns of coverage, for checklists and for places alike."""
    return (
        Column("places", gettext_lazy("To check"), lambda r: r.coverage.places, Kind.NUMBER),
        Column("checked", gettext_lazy("Checked"), lambda r: r.coverage.checked, Kind.NUMBER),
        Column("ready", pgettext_lazy("places", "Ready"), lambda r: r.coverage.ready, Kind.NUMBER),
        Column("nearly", pgettext_lazy("places", "Nearly"), lambda r: r.coverage.nearly,
               Kind.NUMBER, is_brief=False),
        Column("not_ready", pgettext_lazy("places", "Not ready"), lambda r: r.coverage.not_ready,
               Kind.NUMBER),
        Column("incomplete", gettext_lazy("Incomplete"), lambda r: r.coverage.incomplete,
               Kind.NUMBER, is_brief=False),
        Column("unchecked", gettext_lazy("Unchecked"), lambda r: r.coverage.unchecked,
               Kind.NUMBER),
        Column("late", pgettext_lazy("places", "Past the day"), lambda r: r.coverage.late,
               Kind.NUMBER),
    )  # fmt: skip


def _list_columns(place: PlaceCode) -> tuple[Column[ListLine], ...]:
    return (
        Column(
            "checklist",
            gettext_lazy("Checklist"),
            lambda row: said(row.checklist.name),
            link=lambda row: reverse("facilities:checklist", args=[place, row.checklist.key]),
        ),
        *_counts(),
    )


def _child_columns(key: str = "") -> tuple[Column[ChildLine], ...]:
    def link(row: ChildLine) -> str:
        if key:
            return reverse("facilities:checklist", args=[row.place.code, key])
        return reverse("facilities:place", args=[row.place.code])

    defects: tuple[Column[ChildLine], ...] = (
        Column("defects", gettext_lazy("Open defects"), lambda row: row.defects.open, Kind.NUMBER),
    )
    return (
        Column("name", gettext_lazy("Place"), lambda row: row.place.name, link=link),
        *_counts(),
        *(() if key else defects),
    )


def _defect_columns(today: date) -> tuple[Column[Any], ...]:
    def status(row: Any) -> Status:
        return defect_status(
            DefectState(row.state), due=row.due_date, promised=row.promised_date, today=today
        )

    return (
        Column(
            "question",
            gettext_lazy("Defect"),
            lambda row: catalogues.question_text(row.checklist, row.question),
            link=lambda row: reverse("facilities:defect", args=[row.pk]),
            order=("question",),
        ),
        Column("place", gettext_lazy("Place"), lambda row: place_text(row), order=("place",)),
        Column("list", gettext_lazy("Checklist"),
               lambda row: catalogues.checklist_text(row.checklist), order=("checklist",),
               is_wide=True, is_brief=False),
        Column("hard", pgettext_lazy("defect", "Grave"), lambda row: row.is_hard, Kind.YES_NO,
               order=("is_hard",)),
        Column("owner", gettext_lazy("Who mends"), lambda row: row.owner.name,
               order=("owner__name",), is_wide=True),
        Column("due", gettext_lazy("To be mended by"), lambda row: row.due_date, Kind.DAY,
               order=("due_date",)),
        Column("promised", gettext_lazy("Promised for"), lambda row: row.promised_date, Kind.DAY,
               order=("promised_date",)),
        Column("state", pgettext_lazy("defect", "State"),
               lambda row: words.DEFECT_STATES[DefectState(row.state)],
               draw=lambda row: marks.status(
                   status(row), word=words.DEFECT_STATES[DefectState(row.state)]),
               order=("state",)),
        Column("voters", gettext_lazy("Voters"), lambda row: row.voters, Kind.NUMBER,
               order=("voters",), is_brief=False),
        Column("class", gettext_lazy("Class"),
               lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)], is_sortable=False,
               is_shown=False),
    )  # fmt: skip


def place_text(row: Any) -> str:
    """Return a place, of a station with the village in which it lies."""
    if row.place.level != Level.STATION:
        return str(row.place.name)
    given = {"number": row.place.name, "village": row.place.parent.name}
    return _("Station %(number)s, %(village)s") % given


@requires(VIEW_FACILITIES)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how far a place's buildings and counting IT are checked, and what is to be mended."""
    today = today_at(place)
    heading = head(place)
    tables: dict[str, Table[Any]] = {
        "lists": Table(
            name="lists",
            title=_("Checks"),
            columns=_list_columns(place),
            rows=coverage.list_lines(place, today),
            is_searchable=False,
            prefix="l-",
            empty=_("Nothing is to be checked here yet."),
        ),
        "defects": Table(
            name="defects",
            title=_("Open defects"),
            columns=_defect_columns(today),
            rows=open_under(place),
            search_fields=("place__name__icontains", "owner__name__icontains"),
            page_size=20,
            prefix="d-",
            empty=_("No defect is open here."),
            notes=[
                _("What nobody has answered stands first, then the grave, then what is due first.")
            ],
        ),
        "places": Table(
            name="places",
            title=_("By place"),
            columns=_child_columns(),
            rows=coverage.child_lines(place, today),
            prefix="p-",
            empty=_("No places are below this one."),
        ),
    }
    bound = _answered(request, tables)
    if isinstance(bound, HttpResponse):
        return bound
    context = {
        **heading,
        "tables": bound,
        "it": coverage.counting_it(place, today),
        "defects": coverage.open_defects(place, today).get(place),
        "may_check": checks.may_check(viewer_of(request), place),
        "own": [
            (one.key, said(one.name)) for one in catalogues.checklists().of_level(level_of(place))
        ],
    }
    return render(request, "facilities/place.html", context)


@requires(VIEW_FACILITIES)
def checklist(request: HttpRequest, place: PlaceCode, checklist: str) -> HttpResponse:
    """Show one checklist: of a place of its level what was answered, above it how places stand."""
    known = known_at(place, checklist)
    if level_of(place) == known.level:
        return _answers(request, place, known)
    return _under(request, place, known)


def known_at(place: PlaceCode, key: str) -> Checklist:
    """Return a checklist that is asked at or under a place; 404 otherwise."""
    known = catalogues.checklist(key)
    if known is None or level_of(place) > known.level:
        raise Http404
    return known


def _answered(request: HttpRequest, tables: dict[str, Table[Any]]) -> Any:
    """Return the tables as they are asked for, or the answer that one of them gives itself."""
    bound: dict[str, BoundTable[Any]] = {}
    for name, table in tables.items():
        bound[name] = table.bind(request)
        if (answer := bound[name].answer(request)) is not None:
            return answer
    return bound


def _under(request: HttpRequest, place: PlaceCode, known: Checklist) -> HttpResponse:
    today = today_at(place)
    tables: dict[str, Table[Any]] = {
        "places": Table(
            name="places",
            title=_("By place"),
            columns=_child_columns(known.key),
            rows=coverage.child_lines(place, today, only=known.key),
            prefix="p-",
            empty=_("Nothing is to be checked here yet."),
        ),
        "questions": Table(
            name="questions",
            title=_("By question"),
            columns=_question_columns(place, known),
            rows=list(known.criteria),
            is_searchable=False,
            prefix="q-",
        ),
    }
    is_listed = level_of(place) >= LISTED_FROM[known.level]
    if is_listed:
        tables["unchecked"] = Table(
            name="unchecked",
            title=_("Still without a check"),
            columns=_unchecked_columns(known.key),
            rows=checks.unchecked(place, known),
            page_size=50,
            prefix="u-",
            empty=_("Every place here is checked."),
        )
    tables["checked"] = Table(
        name="checked",
        title=_("Checked places"),
        columns=_standing_columns(known),
        rows=coverage.standings_under(place, known.key),
        search_fields=("place__name__icontains", "place__code__startswith"),
        sort="place",
        page_size=50,
        prefix="s-",
        empty=_("Nothing was checked here yet."),
    )
    bound = _answered(request, tables)
    if isinstance(bound, HttpResponse):
        return bound
    context = {
        **head(place, said(known.name)),
        "known": known,
        "tables": bound,
        "line": coverage.coverage(place, today).get(place, {}).get(known.key),
        "may_check": checks.may_check(viewer_of(request), place),
    }
    return render(request, "facilities/checklist.html", context)


def _question_columns(place: PlaceCode, known: Checklist) -> tuple[Column[Question], ...]:
    found = coverage.tallies(place, known.key)
    none = coverage.Tally()
    vote_date = catalogues.vote_date_of(place)
    return (
        Column("name", gettext_lazy("Question"), lambda row: said(row.asks)),
        Column("failed", pgettext_lazy("places", "Fails"),
               lambda row: found.get(row.key, none).failed, Kind.NUMBER),
        Column("unanswered", pgettext_lazy("places", "Unanswered"),
               lambda row: found.get(row.key, none).unanswered, Kind.NUMBER),
        Column("hard", pgettext_lazy("defect", "Grave"), lambda row: row.hard, Kind.YES_NO),
        Column("weight", pgettext_lazy("question", "Weight"), lambda row: row.weight, Kind.NUMBER,
               is_brief=False),
        Column("due", gettext_lazy("To be mended by"),
               lambda row: day_of(row.due, vote_date=vote_date) if vote_date else None, Kind.DAY),
    )  # fmt: skip


def _unchecked_columns(key: str) -> tuple[Column[Unchecked], ...]:
    return (
        Column(
            "name",
            gettext_lazy("Place"),
            lambda row: row.place.name,
            link=lambda row: reverse("facilities:checklist", args=[row.place.code, key]),
        ),
        Column("above", gettext_lazy("In"), lambda row: row.above.name if row.above else None),
        Column("outdated", gettext_lazy("Checked by an older version"),
               lambda row: row.is_outdated, Kind.YES_NO),
        Column("code", gettext_lazy("Code of the place"), lambda row: row.place.code,
               is_shown=False),
    )  # fmt: skip


def _standing_columns(known: Checklist) -> tuple[Column[Any], ...]:
    def answered(question: Question) -> Column[Any]:
        return Column(
            question.key,
            said(question.name),
            lambda row: catalogues.answer_text(question, row.answers.get(question.key)),
            is_sortable=False,
            is_shown=False,
        )

    return (
        Column(
            "place",
            gettext_lazy("Place"),
            place_text,
            link=lambda row: reverse("facilities:checklist", args=[row.place_id, known.key]),
            order=("place",),
        ),
        Column("code", gettext_lazy("Code of the place"), lambda row: row.place_id,
               is_shown=False, is_sortable=False),
        Column("outcome", gettext_lazy("Outcome"),
               lambda row: words.OUTCOMES[Outcome(row.outcome)],
               draw=lambda row: marks.status(
                   STATUS[Outcome(row.outcome)], word=words.OUTCOMES[Outcome(row.outcome)]),
               order=("outcome",)),
        Column("score", gettext_lazy("Score"),
               lambda row: row.passed / row.total if row.total else None, Kind.SHARE,
               is_sortable=False),
        Column("failed", pgettext_lazy("a question", "Fails"), lambda row: ", ".join(
            catalogues.question_text(known.key, key) for key in row.failed),
               is_sortable=False, is_wide=True),
        Column("at", gettext_lazy("Checked at"), lambda row: row.checked_at, Kind.MOMENT,
               order=("checked_at",)),
        *(answered(question) for question in known.questions.values()),
        Column("class", gettext_lazy("Class"),
               lambda row: FIGURE_CLASS_WORD[FigureClass(row.last_check.figure_class)],
               is_sortable=False),
    )  # fmt: skip


def _answers(request: HttpRequest, place: PlaceCode, known: Checklist) -> HttpResponse:
    found = checks.standing(place, known.key)
    is_outdated = found is not None and found.version != known.version
    holds = found if found and not is_outdated else None
    told = checks.verdicts(holds, known) if holds else {}
    anew = checks.judged_anew(holds, known) if holds else None
    tables: dict[str, Table[Any]] = {
        "answers": Table(
            name="answers",
            title=_("Last answers"),
            columns=_answer_columns(place, holds, told),
            rows=list(known.questions.values()) if holds else [],
            is_searchable=False,
            page_size=100,
            prefix="a-",
            empty=_("Nothing was answered yet by the version of the checklist that holds."),
        ),
        "history": Table(
            name="history",
            title=_("All checks"),
            columns=HISTORY,
            rows=checks.checks_of(place, known.key),
            page_size=20,
            prefix="h-",
            empty=_("Nobody has checked this place yet."),
        ),
        "defects": Table(
            name="defects",
            title=_("Open defects"),
            columns=_defect_columns(today_at(place)),
            rows=open_under(place).filter(checklist=known.key, place=place),
            page_size=20,
            prefix="d-",
            empty=_("No defect is open here."),
        ),
    }
    bound = _answered(request, tables)
    if isinstance(bound, HttpResponse):
        return bound
    context = {
        **head(place, said(known.name)),
        "known": known,
        "note": said(known.note) if known.note else "",
        "found": found,
        "outcome": words.OUTCOMES[Outcome(holds.outcome)] if holds else "",
        "mark": STATUS[Outcome(holds.outcome)] if holds else "",
        "holds": holds,
        "has_changed": anew is not None and anew.verdicts != told,
        "is_outdated": is_outdated,
        "tables": bound,
        "may_check": checks.may_check(viewer_of(request), place),
        "wants": _wants(anew.wants if anew else {}, known),
    }
    return render(request, "facilities/answers.html", context)


def _wants(wants: Any, known: Checklist) -> Sequence[str]:
    """Say of each question that hangs on the unknown what nobody knows."""
    quantities = catalogues.checklists().quantities

    def named(name: str) -> str:
        if name in quantities:
            return said(quantities[name])
        return said(known.questions[name].name)

    return [
        _("%(question)s: cannot be judged, since nobody knows %(what)s.")
        % {"question": said(known.questions[key].name), "what": ", ".join(map(named, names))}
        for key, names in wants.items()
    ]


def _answer_columns(
    place: PlaceCode, holds: Any, told: Mapping[str, Verdict]
) -> tuple[Column[Question], ...]:
    vote_date = catalogues.vote_date_of(place)

    def verdict(row: Question) -> Verdict | None:
        return told.get(row.key)

    def drawn(row: Question) -> SafeString | str:
        of = verdict(row)
        if of is None:
            return ""
        if of not in _VERDICT_MARK:
            return str(words.VERDICTS[of])
        return marks.status(_VERDICT_MARK[of], word=words.VERDICTS[of])

    return (
        Column("question", gettext_lazy("Question"), lambda row: said(row.asks)),
        Column("answer", gettext_lazy("Answer"),
               lambda row: catalogues.answer_text(row, holds.answers.get(row.key))),
        Column("verdict", gettext_lazy("Outcome"),
               lambda row: words.VERDICTS[v] if (v := verdict(row)) else None, draw=drawn),
        Column("hard", pgettext_lazy("defect", "Grave"), lambda row: row.hard, Kind.YES_NO),
        Column("due", gettext_lazy("To be mended by"),
               lambda row: day_of(row.due, vote_date=vote_date) if vote_date else None, Kind.DAY),
    )  # fmt: skip


HISTORY: tuple[Column[Any], ...] = (
    Column("at", gettext_lazy("Checked at"), lambda row: row.checked_at, Kind.MOMENT,
           order=("checked_at",)),
    Column("by", gettext_lazy("By"),
           lambda row: row.institution.name if row.institution else None,
           order=("institution__name",)),
    Column("who", gettext_lazy("Who checked"),
           lambda row: row.checked_by.full_name if row.checked_by else None, is_sortable=False),
    Column("answers", gettext_lazy("Questions answered"), lambda row: len(row.answers),
           Kind.NUMBER, is_sortable=False),
    Column("outcome", gettext_lazy("Outcome"), lambda row: words.OUTCOMES[Outcome(row.outcome)],
           order=("outcome",)),
    Column("version", gettext_lazy("Version of the checklist"), lambda row: row.version,
           Kind.NUMBER, order=("version",)),
    Column("class", gettext_lazy("Class"),
           lambda row: FIGURE_CLASS_WORD[FigureClass(row.figure_class)], is_sortable=False),
)  # fmt: skip
