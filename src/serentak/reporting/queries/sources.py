"""What a report is drafted from: the areas of the house, as a plain reader of each sees them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from serentak.kernel.briefing import Briefing, Focus
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Grant, Viewer
from serentak.platform import areas, catalogue
from serentak.platform.reading import kept
from serentak.reporting.models import ChatTemplate, Sentence
from serentak.reporting.rules.chat import STANDARD
from serentak.reporting.rules.closing import Rules
from serentak.reporting.rules.outline import Outline, outline_of

Briefings = Mapping[PlaceCode, Mapping[Focus, Briefing]]
"""What each area says, by place."""


def rules() -> Rules:
    """Return the catalogue of the daily report."""
    return catalogue.load("reporting", "daily", Rules)


@cache
def outline() -> Outline:
    """Return the sections of reports in this house."""
    return outline_of(areas.areas())


class KeptText(NamedTuple):
    """How a desk's short text reads; `version` is 0 where the desk has kept none of its own."""

    text: str
    version: int
    is_own: bool


@kept
def chat_template(place: PlaceCode) -> KeptText:
    """Return how the short text of a desk reads, in the house's order where it keeps none."""
    row = ChatTemplate.objects.filter(place=place).first()
    text = row.text if row else ""
    return KeptText(text or STANDARD, row.version if row else 0, bool(text))


def is_publishable(row: Sentence) -> bool:
    """Tell whether a sentence as it stands may be marked public."""
    focus = Focus(row.focus) if row.focus else None
    return outline().may_be_public(row.code, row.section, focus, is_edited=bool(row.text))


def briefings_of(parent: PlaceCode, *, viewer: Viewer, at: datetime) -> Briefings:
    """Return what the areas say of a place and its children to a viewer; a fixed number of queries.

    Villages and stations have no briefings.
    """
    if not Level.PROVINCE <= level_of(parent) <= Level.DISTRICT:
        return {}
    return areas.briefings(areas.areas(), parent=parent, viewer=viewer, at=at)


def reader_at(place: PlaceCode) -> Viewer:
    """Return who reads a report in general: the areas' plain permissions at a place, no more.

    Reports and stored days hold what such a reader may see, whoever drafts them, so that nothing
    restricted goes into them.
    """
    permissions = frozenset(area.permission for area in areas.areas())
    return Viewer(name="reporting", grants=(Grant(None, "READER", permissions, (place,)),))


def areas_seen(viewer: Viewer, place: PlaceCode) -> frozenset[str]:
    """Return the areas whose sentences a viewer may read at a place; empty stands for no area."""
    seen = {area.focus.value for area in areas.seen_by(viewer, place)}
    return frozenset({""} | seen)
