"""Each slice declares its area once, and everybody who lays areas side by side asks it."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.translation import override
from pytest_django import Settings

from serentak.desk.queries.page import place_page
from serentak.desk.words import TO_COME
from serentak.institutions.public import viewer_for
from serentak.kernel.area import Area, BarEntry, Better, Line, Part, Phase, Said
from serentak.kernel.briefing import Alert, Briefing, Figure, Focus
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.pressing import Harm, Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM, Grant, Permission, Viewer
from serentak.platform import areas
from serentak.platform.models import User
from serentak.platform.slices import modules
from serentak.platform.words import collected
from serentak.reporting import actions as reporting
from serentak.reporting.models import DailyReport, Snapshot
from serentak.reporting.queries import sources
from serentak.reporting.queries.book import book
from serentak.reporting.words import section_title, sentence_text
from tests.cast import AT, OKI, PROVINCE, Cast
from tests.room import room

from .house import SOURCE

SEE_GUARDS = Permission("guards.VIEW_GUARDS")
LATER = AT + timedelta(hours=1)


# --- what a declaration must hold


def faults(parts: Iterable[Part]) -> list[str]:
    """Return what a slice forgot in its declaration."""
    found = []
    for part in parts:
        found += [f"{part.slice}: nothing is called {name}" for name in _dead_names(part)]
        if isinstance(part, Area):
            found += _area_faults(part)
    return found


def _area_faults(area: Area) -> Iterator[str]:
    told = {line.code for line in area.lines}
    figures = {code for code in collected("FIGURES") if code.startswith(f"{area.slice}.")}
    yield from (f"{area.slice}: the figure {code} has no line" for code in figures - told)
    yield from (f"{area.slice}: the figure {code} has no words" for code in told - figures)
    if area.headline not in told:
        yield f"{area.slice}: its headline is none of its figures"
    down = {line.code for line in area.lines if line.better is Better.DOWN}
    if not area.decides or not set(area.decides) <= down:
        yield f"{area.slice}: no figure of what is not in order, of which down is better"
    sections = {"", *(section.code for section in area.sections)}
    if not {line.section for line in area.lines} <= sections:
        yield f"{area.slice}: a figure stands in a section that is not its own"
    if set(area.order) != set(Phase):
        yield f"{area.slice}: its card has no place in some phase"
    unworded = area.confided - set(collected("ALERTS"))
    yield from (f"{area.slice}: the confided {code} is no alert" for code in unworded)
    if not (area.page and area.bar and area.name and area.question):
        yield f"{area.slice}: nobody could find or name it"


def _slices_of(kind: str) -> set[str]:
    return {code.partition(".")[0] for code in collected(kind)}


def _dead_names(part: Part) -> Iterator[str]:
    pages = [*filter(None, [part.page]), *(e.url_name for e in part.bar if e.deepest)]
    for name, given in (
        *((page, [PROVINCE]) for page in pages),
        *((page, [1]) for page in part.subjects.values()),
    ):
        try:
            reverse(name, args=given)
        except NoReverseMatch:
            yield name


def test_every_declaration_is_whole() -> None:
    assert faults(areas.parts()) == [], "declare it in the slice's area.py"


def test_no_slice_warns_without_saying_how_it_presses() -> None:
    with pytest.raises(TypeError, match="press"):
        Alert("guards.UNPOSTED", PROVINCE, Status.LATE, None, "/")  # type: ignore[call-arg]  # forgotten


def test_every_question_is_answered_or_told_as_to_come() -> None:
    assert {area.focus for area in areas.areas()} | {q.focus for q in TO_COME} == set(Focus)
    assert len({q.focus for q in TO_COME}) == len(TO_COME)


@pytest.mark.parametrize("phase", Phase)
def test_no_two_cards_want_the_same_place(phase: Phase) -> None:
    answered = {area.focus for area in areas.areas()}
    asked = [*areas.areas(), *(q for q in TO_COME if q.focus not in answered)]
    assert len({question.order[phase] for question in asked}) == len(asked)


def test_an_area_that_forgets_something_is_caught() -> None:
    broken = planted(
        slice="figures",
        page="figures:nowhere",
        headline="guards.posted",
        lines=(Line("guards.met", section="ELSEWHERE"),),
        confided=frozenset({"guards.QUIET"}),
        order={Phase.BEFORE: 1},
        bar=(),
    )
    assert faults([broken]) == [
        "figures: nothing is called figures:nowhere",
        "figures: the figure guards.met has no words",
        "figures: its headline is none of its figures",
        "figures: no figure of what is not in order, of which down is better",
        "figures: a figure stands in a section that is not its own",
        "figures: its card has no place in some phase",
        "figures: the confided guards.QUIET is no alert",
        "figures: nobody could find or name it",
    ]


# --- nothing that is there stays undeclared


def invisible(
    with_pages: Collection[str], with_briefings: Collection[str], parts: Iterable[Part]
) -> list[str]:
    """Return the slices whose pages of places no part declares, or whose briefings nobody asks."""
    declared = {part.slice: part for part in parts}
    found = [f"{name}: nobody declares its pages" for name in sorted({*with_pages} - {*declared})]
    return found + [
        f"{name}: nobody asks its briefings"
        for name in sorted(with_briefings)
        if not isinstance(declared.get(name), Area)
    ]


def _with_pages() -> set[str]:
    get_resolver().check()  # the routes as a whole know the kinds of parameters
    return {
        module.__name__.split(".")[1]
        for module in modules("urls")
        if any("place" in route.pattern.converters for route in module.urlpatterns)
    }


def _with_briefings() -> set[str]:
    return {m.__name__.split(".")[1] for m in modules("public") if hasattr(m, "briefings")}


def test_no_slice_is_invisible() -> None:
    assert {"desk", "neutrality"} <= _with_pages()
    assert {"neutrality", "readiness"} <= _with_briefings()
    assert invisible(_with_pages(), _with_briefings(), areas.parts()) == []


def test_a_slice_that_nobody_sees_is_caught() -> None:
    parts = [planted(), Part(slice="boats", permission=None)]
    assert invisible({"guards", "posts", "boats"}, {"guards", "boats"}, parts) == [
        "posts: nobody declares its pages",
        "boats: nobody asks its briefings",
    ]


# --- no table of areas beside the declarations


def tables_of_areas(path: Path, tree: ast.Module) -> list[str]:
    """Return the literals that name two or more questions: a table that a new area would miss."""
    return [
        f"{path.name}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict | ast.List | ast.Tuple | ast.Set)
        and len({n.attr for n in ast.walk(node) if _is_focus(n)}) > 1
    ]


def _is_focus(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Focus"
    )


def test_nobody_keeps_a_table_of_areas() -> None:
    told = [
        found
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        for found in tables_of_areas(path, ast.parse(path.read_text("utf-8")))
    ]
    allowed = ["words.py"] if len(TO_COME) > 1 else []
    assert [line.partition(":")[0] for line in told] == allowed, told


def test_a_table_of_areas_is_caught() -> None:
    table = ast.parse("PAGES = {Focus.COUNT: 'a', Focus.SECURITY: 'b'}\nONE = {Focus.COUNT: 1}")
    assert tables_of_areas(Path("planted.py"), table) == ["planted.py:1"]


# --- a planted area is visible everywhere


def _briefings(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> Mapping[PlaceCode, Briefing]:
    def briefing(place: PlaceCode) -> Briefing:
        alert = Alert("guards.UNPOSTED", place, Status.LATE, None, f"/{place}/", Press(Harm.LIFE))
        figure = Figure("guards.posted", 3, unit="", of=4)
        return Briefing(Focus.SECURITY, place, Status.LATE, at, (figure,), (alert,))

    return {place: briefing(place) for place in (parent, OKI) if viewer.may(SEE_GUARDS, place)}


def _sentences(**_: Any) -> Iterator[Said]:
    yield Said("guards.POSTED_TODAY", "posted", {"count": 3})


def planted(**changes: Any) -> Area:
    """Return what a slice that nobody has heard of might declare."""
    return Area(
        **{
            "slice": "guards",
            "focus": Focus.SECURITY,
            "permission": SEE_GUARDS,
            "name": "Guards and posts",
            "short_name": "Guards",
            "question": "Who guards what?",
            "order": dict.fromkeys(Phase, 0),
            "ask": _briefings,
            "tells": _sentences,
            "headline": "guards.posted",
            "divides": "Posted of all",
            "lines": (Line("guards.posted", rows="", better=Better.DOWN),),
            "decides": ("guards.posted",),
            "page": "desk:place",
            "is_status_public_only": True,
            "bar": (BarEntry("Guards", "desk:place", SEE_GUARDS, deepest=Level.DISTRICT),),
            **changes,
        }
    )


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> Iterator[Area]:
    """An area that is declared and nothing else."""
    area = planted()
    everything = (*areas.parts(), area)
    monkeypatch.setattr(areas, "parts", lambda: everything)
    words = {
        "ALERTS": {"guards.UNPOSTED": "Nobody guards it"},
        "TOPICS": {"guards.UNPOSTED": "posts without guards"},
        "FIGURES": {"guards.posted": "posts manned"},
        "SENTENCES": {
            "guards.POSTED_TODAY": lambda params: f"{params['count']} posts were manned."
        },
    }
    known = {kind: {**collected(kind), **more} for kind, more in words.items()}
    monkeypatch.setattr(
        "serentak.platform.words.collected", lambda kind: known.get(kind) or collected(kind)
    )
    _forget()
    yield area
    _forget()


def _forget() -> None:
    for remembered in (areas.areas, sources.outline):
        remembered.cache_clear()


@pytest.fixture
def cast(guards: Area) -> Cast:
    return room()


def with_guards(*, user_id: int, at: datetime) -> Viewer:
    """Return who signed in as if a role of theirs let them see the planted area."""
    return sees_guards(viewer_for(user_id=user_id, at=at))


def sees_guards(viewer: Viewer) -> Viewer:
    grant = Grant(None, "GUARD", frozenset({SEE_GUARDS}), (PROVINCE,))
    return Viewer(viewer.user_id, viewer.name, (*viewer.grants, grant))


@pytest.mark.django_db
def test_the_desk_shows_a_planted_area(
    client: Client, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serentak.platform.clock.now", lambda: AT)
    client.force_login(User.objects.get(pk=cast.governor_desk.user_id))
    without = client.get("/16/").content.decode()
    assert "Guards and posts" not in without
    assert "Nobody guards it" not in without

    settings.SERENTAK_VIEWER = f"{__name__}.with_guards"
    client = Client()
    client.force_login(User.objects.get(pk=cast.governor_desk.user_id))
    html = client.get("/16/?area=security").content.decode()
    for words in ("Guards and posts", "Nobody guards it", "posts manned", "Posted of all"):
        assert words in html, words
    page = place_page(PROVINCE, viewer=sees_guards(cast.governor_desk.viewer), at=AT)
    assert page.needs.all[0].alert.code == "guards.UNPOSTED"
    shown = {child.card.code: child for child in page.children.all}
    assert shown[OKI].status(Focus.SECURITY) is Status.LATE


@pytest.mark.django_db
def test_report_stored_day_and_book_ask_a_planted_area(cast: Cast) -> None:
    id = reporting.draft_report(place=PROVINCE, actor=SYSTEM, at=AT)
    report = DailyReport.objects.get(pk=id)
    said = {s.key: s for s in report.sentences.filter(focus=Focus.SECURITY)}
    assert {"status:SECURITY", "children:SECURITY", "figure:guards.posted", "posted"} <= set(said)
    assert said["posted"].section == "SECURITY"
    assert any(key.startswith("problem:guards.UNPOSTED") for key in said)
    assert [sources.is_publishable(said[k]) for k in ("status:SECURITY", "posted")] == [True, False]
    reporting.take_snapshots(place=PROVINCE, actor=SYSTEM, at=LATER)
    assert Snapshot.objects.filter(focus=Focus.SECURITY, place__in=[PROVINCE, OKI]).count() == 2
    found = book(PROVINCE, viewer=SYSTEM, at=AT)
    assert Focus.SECURITY in found.own.briefings
    answered = {
        area.focus
        for area in areas.areas()
        if PROVINCE in area.ask(parent=PROVINCE, viewer=SYSTEM, at=AT)
    }
    assert set(found.own.briefings) == answered
    assert {f"status:{focus}" for focus in answered} <= {s.key for s in report.sentences.all()}
    with override("en"):
        assert section_title("SECURITY") == "Guards and posts"
        assert sentence_text("guards.POSTED_TODAY", {"count": 3}) == "3 posts were manned."
