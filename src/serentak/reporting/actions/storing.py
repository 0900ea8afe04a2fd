"""Keeps what every area says of a place and its children for a day."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.reporting.events import SnapshotsTaken
from serentak.reporting.models import Snapshot
from serentak.reporting.permissions import WRITE_DAILY_REPORT
from serentak.reporting.queries.material import Moment, moment_of
from serentak.reporting.queries.snapshots import snapshot_of
from serentak.reporting.queries.sources import Briefings, briefings_of, reader_at


@action
def take_snapshots(*, place: PlaceCode, actor: Viewer, at: datetime) -> int:
    """Keep what every area says of a place and its children for the day; return how many.

    Repeatable: the day's last word stands.
    """
    actor.require(WRITE_DAILY_REPORT, place)
    moment = moment_of(place, at)
    briefings = briefings_of(place, viewer=reader_at(place), at=at)
    rows = _keep(briefings, moment, at)
    event = SnapshotsTaken(
        subjects=(f"place:{place}",),
        place=place,
        day=moment.day,
        count=len(rows),
        digest=_digest_of([r.place_id, r.focus, r.status, r.figures] for r in rows),
    )
    record(event, actor=actor, at=at)
    return len(rows)


def _keep(briefings: Briefings, moment: Moment, at: datetime) -> list[Snapshot]:
    """Store what the areas said for the day, over what was stored before."""
    rows = [
        snapshot_of(briefing, moment.day, at)
        for _, areas in sorted(briefings.items())
        for briefing in areas.values()
    ]
    Snapshot.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["place", "day", "focus"],
        update_fields=["status", "figures", "silent", "of_children", "as_of", "taken_at"],
    )
    return rows


def _digest_of(rows: Iterable[list[object]]) -> str:
    text = json.dumps(list(rows), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
