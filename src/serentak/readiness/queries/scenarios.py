"""What people tried on the forecast, with what it did to the chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.readiness.models import Scenario
from serentak.readiness.permissions import VIEW_READINESS
from serentak.readiness.rules.scenarios import Change, read_changes

SHOWN = 20
COMPARED = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """A scenario; `before` and `after` are None while the worker computes."""

    id: int
    place: PlaceCode
    name: str
    changes: Sequence[Change]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    made_by: str
    made_at: datetime
    adopted_at: datetime | None

    @property
    def is_computed(self) -> bool:
        """Whether there is something to compare."""
        return self.after is not None and "refused" not in self.after


@dataclass(frozen=True, slots=True)
class Task:
    """What the worker is asked to compute."""

    place: PlaceCode
    changes: Sequence[Change]


def asked(scenario_id: int) -> Task | None:
    """Return what is to be computed for a scenario, None where nothing is awaited any more."""
    row = Scenario.objects.filter(pk=scenario_id, after__isnull=True).first()
    return Task(PlaceCode(row.place_id), read_changes(row.changes)) if row else None


def scenarios(place: PlaceCode) -> Sequence[Tried]:
    """Return the newest scenarios of a place; one query."""
    rows = (
        Scenario.objects.filter(place=place).select_related("made_by").order_by("-made_at", "-pk")
    )
    return [_tried(row) for row in rows[:SHOWN]]


def scenario(id: int, *, viewer: Viewer) -> Tried:
    """Return a scenario that the viewer may see; OutOfScope otherwise."""
    row = Scenario.objects.filter(pk=id).select_related("made_by").first()
    if row is None:
        raise OutOfScope(VIEW_READINESS)
    viewer.require(VIEW_READINESS, PlaceCode(row.place_id))
    return _tried(row)


def _tried(row: Scenario) -> Tried:
    return Tried(
        id=row.pk,
        place=PlaceCode(row.place_id),
        name=row.name,
        changes=read_changes(row.changes),
        before=row.before,
        after=row.after,
        made_by=row.made_by.full_name if row.made_by else "",
        made_at=row.made_at,
        adopted_at=row.adopted_at,
    )
