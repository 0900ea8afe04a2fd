"""Which areas a report is drafted from, and what each says of a place and its children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from serentak.coordination import public as coordination
from serentak.kernel.briefing import Briefing, Focus
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import Grant, Permission, Viewer
from serentak.neutrality import public as neutrality
from serentak.platform import catalogue
from serentak.readiness import public as readiness
from serentak.reporting.models import Sentence
from serentak.reporting.rules.closing import Rules, parse_rules
from serentak.reporting.rules.drafting import Section, may_be_public

Briefings = Mapping[PlaceCode, Mapping[Focus, Briefing]]
"""What each area says, by place."""


class Ask(Protocol):
    """What every focus area answers."""

    def __call__(
        self, *, parent: PlaceCode, viewer: Viewer, at: datetime
    ) -> Mapping[PlaceCode, Briefing]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """An area: how to ask it, and the permission to read what it answers."""

    focus: Focus
    ask: Ask
    permission: Permission


SOURCES: tuple[Source, ...] = (
    Source(Focus.COORDINATION, coordination.briefings, coordination.VIEW_COORDINATION),
    Source(Focus.READINESS, readiness.briefings, readiness.VIEW_READINESS),
    Source(Focus.NEUTRALITY, neutrality.briefings, neutrality.VIEW_NEUTRALITY),
)


AREAS = frozenset(source.focus for source in SOURCES)
"""The areas that the house has so far."""


def rules() -> Rules:
    """Return the catalogue of the daily report."""
    return catalogue.load("reporting", "daily", parse_rules)


def is_publishable(row: Sentence) -> bool:
    """Tell whether a sentence as it stands may be marked public."""
    return may_be_public(
        row.code,
        Section(row.section),
        Focus(row.focus) if row.focus else None,
        is_edited=bool(row.text),
        rules=rules(),
    )


def briefings_of(parent: PlaceCode, *, viewer: Viewer, at: datetime) -> Briefings:
    """Return what the areas say of a place and its children to a viewer; a fixed number of queries.

    Villages and stations have no briefings.
    """
    found: dict[PlaceCode, dict[Focus, Briefing]] = {}
    if Level.PROVINCE <= level_of(parent) <= Level.DISTRICT:
        for source in SOURCES:
            for place, briefing in source.ask(parent=parent, viewer=viewer, at=at).items():
                found.setdefault(place, {})[source.focus] = briefing
    return found


def reader_at(place: PlaceCode) -> Viewer:
    """Return who reads a report in general: the areas' plain permissions at a place, no more.

    Reports and stored days hold what such a reader may see, whoever drafts them, so that nothing
    restricted goes into them.
    """
    permissions = frozenset(source.permission for source in SOURCES)
    return Viewer(name="reporting", grants=(Grant(None, "READER", permissions, (place,)),))


def areas_seen(viewer: Viewer, place: PlaceCode) -> frozenset[str]:
    """Return the areas whose sentences a viewer may read at a place; empty stands for no area."""
    return frozenset({""} | {s.focus.value for s in SOURCES if viewer.may(s.permission, place)})
