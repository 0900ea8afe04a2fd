"""How far an institution's reports can be relied on, shown to it before its region's desk."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from serentak.institutions import public as institutions
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.platform.clock import local_date
from serentak.readiness.models import ProgressReport
from serentak.readiness.permissions import AGREE_TARGET, REPORT_PROGRESS
from serentak.readiness.rules.quality import Heard, Quality, quality_of
from serentak.readiness.rules.reporting import ReportKind

from .board import Board

MOST_REPORTS = 5_000


@dataclass(frozen=True, slots=True)
class QualityOf:
    """The quality of an institution's reports; `is_own` where the viewer reports for it."""

    owner: InstitutionCard
    quality: Quality
    is_own: bool


def report_quality(
    found: Board, place: PlaceCode, *, viewer: Viewer, at: datetime
) -> Sequence[QualityOf]:
    """Return the quality of reports on a place's work; three queries.

    Who reports sees the own up to now; who agrees targets at the place sees everybody's as they
    stood some days ago, so that the owner could mend them first. Everybody else sees none.
    """
    own = voices(viewer, REPORT_PROGRESS)
    is_desk = viewer.may(AGREE_TARGET, place)
    standings = [s for s in found.at_place(place) if is_desk or s.owner_id in own]
    if not standings:
        return []
    before = at - timedelta(days=found.thresholds.owner_sees_first_days)
    heard: dict[int, list[Heard]] = defaultdict(list)
    by_id = {s.row.id: s for s in standings}
    rows = (
        ProgressReport.objects.filter(activity__in=by_id, share__isnull=True, reported_at__lte=at)
        .order_by("-reported_at", "-id")
        .values_list(
            *("activity_id", "kind", "quantity", "quantity_before", "evidence", "reported_at")
        )[:MOST_REPORTS]
    )
    for activity, kind, quantity, earlier, evidence, reported_at in reversed(rows):
        standing = by_id[activity]
        if standing.owner_id not in own and reported_at > before:
            continue
        heard[activity].append(
            Heard(
                day=found.day_number(local_date(reported_at, zone=found.zone)),
                share=None if quantity is None else min(1.0, quantity / standing.work.target),
                is_back=kind == ReportKind.CORRECTION.value
                and quantity is not None
                and earlier is not None
                and quantity < earlier,
                has_proof=evidence is not None,
            )
        )
    works: dict[int, list[tuple[int, Sequence[Heard]]]] = defaultdict(list)
    for standing in standings:
        works[standing.owner_id].append((standing.definition.report_every, heard[standing.row.id]))
    owners = institutions.institutions(works)
    return [
        QualityOf(
            owners[id],
            quality_of(of, today=found.day if id in own else found.day - (at - before).days),
            id in own,
        )
        for id, of in sorted(works.items())
        if id in owners and any(told for _every, told in of)
    ]
