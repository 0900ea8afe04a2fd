"""What waits for the viewer's own institutions, and who has not reported."""

from dataclasses import dataclass
from datetime import datetime

from serentak.coordination import public as coordination
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.readiness import public as readiness

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Work:
    """Actions that wait, reports that are due of the viewer, reports overdue of others."""

    actions: coordination.Work
    reports_due: int
    missing: tuple[readiness.Missing, ...]

    @property
    def overdue(self) -> int:
        """How many reports are overdue at the place and its children."""
        return sum(missing.owed.overdue for missing in self.missing)

    @property
    def has_actions(self) -> bool:
        """Whether anything waits for the viewer's institutions, or is owed to them."""
        actions = self.actions
        return bool(actions.to_do_count or actions.to_verify or actions.owed_count)


def work_of(place: PlaceCode, *, viewer: Viewer, at: datetime) -> Work:
    """Return what waits at a place."""
    return Work(
        actions=coordination.my_work(viewer, at=at, limit=SHOWN),
        reports_due=_reports_due(place, viewer, at),
        missing=tuple(readiness.missing_reports(place, viewer=viewer, at=at)),
    )


def _reports_due(place: PlaceCode, viewer: Viewer, at: datetime) -> int:
    """Return how many reports of somebody whose work is reporting are due today; 0 of a desk."""
    if not viewer.may(readiness.REPORT_PROGRESS, place) or viewer.may(
        coordination.RUN_MEETING, place
    ):
        return 0
    found = readiness.owed(place, viewer=viewer, at=at)
    return len(found.due) if found else 0
