"""What the installed slices declare of themselves: the one list of parts and areas."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from serentak.kernel.area import Adds, Area, AsksForMeasure, BarEntry, Line, Linked, Number, Part
from serentak.kernel.briefing import Alert, Briefing, Figure, Focus
from serentak.kernel.codes import PlaceCode
from serentak.kernel.counting import AsksForCounts
from serentak.kernel.differing import AsksForDifferences
from serentak.kernel.viewer import Viewer

from .access import may_open
from .reading import Every, kept
from .slices import modules


@cache
def parts() -> tuple[Part, ...]:
    """Return what each slice with an `area.py` declares, the lowest slice first."""
    return tuple(module.AREA for module in modules("area"))


@cache
def measures() -> Mapping[str, AsksForMeasure]:
    """Return what slices measure, by `slice.name`."""
    return {f"{part.slice}.{name}": ask for part in parts() for name, ask in part.measures.items()}


@cache
def counts() -> Mapping[str, AsksForCounts]:
    """Return what slices count for indicators of quality, by `slice.key`."""
    return {f"{part.slice}.{key}": ask for part in parts() for key, ask in part.counts.items()}


@cache
def checks() -> Mapping[str, AsksForDifferences]:
    """Return the checks by which slices find where two sides differ, by `slice.name`."""
    return {f"{part.slice}.{name}": ask for part in parts() for name, ask in part.checks.items()}


@cache
def areas() -> tuple[Area, ...]:
    """Return the areas that answer a question, in the order of the questions.

    Each has its own figures and those that other slices add to its answer.
    """
    found = {part.focus: part for part in parts() if isinstance(part, Area)}
    return tuple(
        replace(found[focus], lines=(*found[focus].lines, *added_lines(focus)))
        for focus in Focus
        if focus in found
    )


def rows_url(area: Area, figure: Figure, place: PlaceCode, viewer: Viewer) -> str:
    """Return the page of a figure's rows under a place; empty where the viewer may not open it,
    where its slice names none, or where nothing is counted.
    """
    line = area.line(figure.code)
    url = f"/{place}/{line.rows}" if line and line.rows and figure.value else ""
    path = url.partition("?")[0].partition("#")[0]
    return url if url and may_open(viewer, path) else ""


def added_lines(focus: Focus) -> Iterable[Line]:
    """Yield the figures that slices add to the answer to a question."""
    return (line for adds in _added(focus) for line in adds.lines)


def _added(focus: Focus) -> Iterable[Adds]:
    return (part.adds for part in parts() if part.adds and part.adds.focus is focus)


def seen_by(viewer: Viewer, place: PlaceCode) -> tuple[Area, ...]:
    """Return the areas that a viewer may see at a place, in the order of the questions."""
    return tuple(area for area in areas() if viewer.may(area.permission, place))


def area_of(focus: Focus) -> Area:
    """Return the area that answers a question; KeyError where no slice does."""
    return {area.focus: area for area in areas()}[focus]


def focus_name(focus: str) -> str:
    """Return how the area of a question is called in the reader's language."""
    return next((str(area.name) for area in areas() if area.focus == focus), focus)


def part_of(name: str) -> Part | None:
    """Return what the slice declares that a code or an event's name begins with (`figures.…`)."""
    return next((part for part in parts() if part.slice == name.partition(".")[0]), None)


def bar() -> tuple[BarEntry, ...]:
    """Return the entries of the bar in their order."""
    return tuple(sorted((e for part in parts() for e in part.bar), key=lambda e: e.rank))


def briefings(
    asked: Iterable[Area], *, parent: PlaceCode, viewer: Viewer, at: datetime
) -> Mapping[PlaceCode, Mapping[Focus, Briefing]]:
    """Return what areas say of a place and its children to a viewer; each is asked once.

    Figures that other slices add to an answer stand behind its own.
    """
    found: dict[PlaceCode, dict[Focus, Briefing]] = {}
    for area in asked:
        ask = kept(area.ask, every=Every.HOUR if area.by_the_day else Every.MINUTE)
        more = [kept(adds.ask)(parent=parent, viewer=viewer, at=at) for adds in _added(area.focus)]
        for place, briefing in ask(parent=parent, viewer=viewer, at=at).items():
            added = [figure for figures in more for figure in figures.get(place, ())]
            found.setdefault(place, {})[area.focus] = (
                replace(briefing, figures=(*briefing.figures, *added)) if added else briefing
            )
    return found


def linked(
    subjects: Collection[str] | None, *, place: PlaceCode, viewer: Viewer, at: datetime
) -> list[Linked]:
    """Return those things of all slices, or the ones at hand at a place, that a viewer may see."""
    if subjects is not None and not subjects:
        return []
    return [
        thing
        for part in parts()
        if part.linked
        for thing in part.linked(subjects, place=place, viewer=viewer, at=at)
    ]


def referred(refs: Collection[str], *, viewer: Viewer) -> dict[str, Linked]:
    """Return by number those things of all slices that a viewer may know, each with its page."""
    found: dict[str, Linked] = {}
    for part in parts():
        if refs and part.referred:
            found |= part.referred(refs, viewer=viewer)
    return found


def numbers(
    ids: Collection[int], *, place: PlaceCode, viewer: Viewer
) -> dict[int, Sequence[Number]]:
    """Return under what institutions are called about a place, as far as a viewer may know."""
    found: dict[int, Sequence[Number]] = {}
    for part in parts():
        if ids and part.numbers:
            found |= part.numbers(ids, place=place, viewer=viewer)
    return found


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> list[Alert]:
    """Return the alerts of a place and its children from slices that have no briefing."""
    return [
        alert
        for part in parts()
        if part.alerts
        for alert in kept(part.alerts)(parent=parent, viewer=viewer, at=at)
    ]
