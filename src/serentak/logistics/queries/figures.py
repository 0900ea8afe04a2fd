"""Logistics in three numbers: ballots that will lack, boxes beyond the store, loads that press."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from serentak.kernel.briefing import Figure, FigureClass
from serentak.kernel.codes import Level, PlaceCode, child_level, is_within, level_of
from serentak.kernel.viewer import Viewer
from serentak.logistics.permissions import VIEW_LOGISTICS
from serentak.logistics.rules.items import Item

from .catalogues import item
from .loads import pressing_by_origin
from .needs import current_version
from .place import ItemLine, lines_at
from .stock import on_hand


def figures(
    *, parent: PlaceCode, viewer: Viewer, at: datetime
) -> Mapping[PlaceCode, Sequence[Figure]]:
    """Return the figures of a province or regency and of the places one level down.

    Nothing is said before a list was taken over, nor below districts. Some twenty queries, kept
    until stock, orders, loads or needs change.
    """
    level = level_of(parent)
    if not Level.PROVINCE <= level <= Level.REGENCY or not viewer.may(VIEW_LOGISTICS, parent):
        return {}
    version = current_version(parent)
    if version is None:
        return {}
    below = child_level(level) or level
    lines = {**lines_at(parent, level), **lines_at(parent, below)}
    boxes = _boxes_beyond_stores(parent)
    loads = pressing_by_origin(parent, at=at)
    figure_class = FigureClass(version.figure_class)
    return {
        place: (
            *([_lacking(place_lines, figure_class)] if len(place) <= Level.REGENCY else []),
            Figure(
                "logistics.boxes_out",
                sum(n for code, n in boxes.items() if is_within(code, place)),
                of=sum(line.needed or 0 for line in place_lines if _is(line, "is_box")),
                figure_class=figure_class,
            ),
            Figure(
                "logistics.loads_pressing",
                sum(n for origin, n in loads.items() if is_within(origin, place)),
                figure_class=figure_class,
            ),
        )
        for place, place_lines in lines.items()
        if any(line.needed for line in place_lines)
    }


def _lacking(lines: Sequence[ItemLine], figure_class: FigureClass) -> Figure:
    """Return how many ballots are likely to lack of those needed; unknown before sorting began."""
    known = [line for line in lines if line.lacking is not None]
    return Figure(
        "logistics.ballots_lacking",
        sum(line.lacking or 0 for line in known) if known else None,
        of=sum(line.needed or 0 for line in known) if known else None,
        figure_class=figure_class,
    )


def _is(line: ItemLine, what: str) -> bool:
    return line.item is not None and bool(getattr(line.item, what))


def _boxes_beyond_stores(parent: PlaceCode) -> Mapping[PlaceCode, int]:
    """Return the boxes that lie with committees and stations of each district."""
    there = on_hand(parent, Level.DISTRICT)
    return {
        code: sum(hand.good for what, hand in found.items() if _is_box(item(what.item)))
        for code, found in there.items()
    }


def _is_box(known: Item | None) -> bool:
    return known is not None and known.is_box
