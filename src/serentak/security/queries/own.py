"""What somebody sent: the same whatever became of it."""

from dataclasses import dataclass
from datetime import datetime

from serentak.kernel.viewer import Viewer
from serentak.security.models import IncidentReport

from .incidents import ref_of

SHOWN = 10
"""How many of the own reports stand on the form, the newest first."""


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its sender sent it, by the number under which others find the incident."""

    ref: str
    kind: str
    place_name: str
    received_at: datetime


def own_reports(viewer: Viewer) -> tuple[OwnReport, ...]:
    """Return what a person sent last; one query.

    How the incident stands is not told, nor led to: a report whose incident was restricted since
    would look otherwise than the others.
    """
    if viewer.user_id is None:
        return ()
    rows = IncidentReport.objects.filter(reported_by=viewer.user_id)
    return tuple(
        OwnReport(ref_of(row.incident.key), row.kind, row.place.name, row.received_at)
        for row in rows.select_related("incident", "place").order_by("-received_at", "-id")[:SHOWN]
    )
