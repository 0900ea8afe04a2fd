"""The situation room of a place: what is open, what began, who is silent, who is there."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q
from django.db.models.functions import Left

from serentak.contingency import public as contingency
from serentak.contingency.public import RunCard
from serentak.kernel.codes import Level, PlaceCode, child_level, level_of
from serentak.kernel.countdown import day_of
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.posting import public as posting
from serentak.security.models import OPEN, Duty, IncidentReport
from serentak.security.rules.room import HEARD, LOOKED_BACK, STARTED, chosen
from serentak.security.rules.standing import Counts
from serentak.security.rules.states import Severity

from .briefing import standings
from .catalogues import days, vote_date_of
from .duty import on_duty
from .incidents import OpenIncident, cards_of, open_incidents, subject_of, visible

Counted = dict[PlaceCode, dict[Severity, Counts]]
"""What is open, by place and severity."""

LISTED = 6
"""How many lines stand in a list beside the open incidents."""


@dataclass(frozen=True, slots=True)
class Below:
    """A child of the place: how many are open there, the gravest, and when one heard of it last."""

    card: places.PlaceCard
    cell: tuple[int | None, int | None]
    status: Status
    open: int
    gravest: Severity | None
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Room:
    """What the room of a place shows one viewer.

    `rows` are as many of the open incidents as are asked for, `open` and `past` count all;
    `started` are the newest that were reported within the hour, of so many in all. `silent`
    are children of which one heard nothing for an hour, longest first; None long before the vote,
    when nobody is asked to report. `posts` is how posting stands, for who may know: None where
    there is nothing, or nothing for the viewer; `reserve` where it waits. `plans` are the plans
    that run for what `rows` shows, by incident.
    """

    rows: tuple[OpenIncident, ...]
    open: int
    past: int
    by_severity: Mapping[Severity, int]
    grave: tuple[OpenIncident, ...]
    started: tuple[OpenIncident, ...]
    started_in_all: int
    below: tuple[Below, ...]
    columns: int
    silent: tuple[Below, ...] | None
    on_duty: Sequence[Duty]
    posts: posting.PostingStanding | None
    reserve: Sequence[posting.Waiting]
    plans: Mapping[int, Sequence[RunCard]]


def room_of(place: PlaceCode, viewer: Viewer, at: datetime, *, most: int) -> Room:
    """Return the room of a place at a moment; a fixed number of queries, many of them kept."""
    rows = open_incidents(place, viewer, at)
    shown = tuple(chosen(rows, most))
    counted = _counted(place, viewer, at)
    every = [one for found in counted.values() for one in found.items()]
    grave = tuple(row for row in rows if row.severity.is_grave)
    below, columns = _below(place, viewer, counted, rows, at)
    begun = visible(viewer, place).filter(reported_at__gt=at - STARTED, reported_at__lte=at)
    return Room(
        rows=shown,
        open=sum(counts.open for _, counts in every),
        past=sum(counts.past for _, counts in every),
        by_severity={
            one: sum(counts.open for severity, counts in every if severity is one)
            for one in reversed(Severity)
        },
        grave=grave,
        started=tuple(cards_of(begun.order_by("-reported_at", "-id")[:LISTED], at)),
        started_in_all=begun.count(),
        below=below,
        columns=columns,
        silent=_silent(place, below, at),
        on_duty=on_duty(place, at),
        posts=_posts(place, viewer, at),
        reserve=posting.reserve_under(place, viewer),
        plans=_plans({row.key: row.id for row in shown}, viewer, at),
    )


def _plans(
    incidents: Mapping[UUID, int], viewer: Viewer, at: datetime
) -> Mapping[int, Sequence[RunCard]]:
    """Return the plans that run in earnest, by the incident they answer; one query."""
    by_subject = {subject_of(key): id for key, id in incidents.items()}
    found = contingency.runs_of(list(by_subject), viewer=viewer, at=at)
    runs = {
        by_subject[subject]: [run for run in of if run.is_running and not run.is_rehearsal]
        for subject, of in found.items()
    }
    return {id: of for id, of in runs.items() if of}


def room_stamp(*, place: PlaceCode, viewer: Viewer) -> tuple[Hashable, ...]:
    """Return what changes whenever the room shows this viewer something new; six queries at most.

    What is restricted stands in it for its handlers alone. What was prepared and roll calls are
    left out: they are fetched with the minute.
    """
    at = clock.now()
    seen = visible(viewer, place).filter(Q(state__in=OPEN) | Q(reported_at__gt=at - STARTED))
    rows = list(seen.order_by("id").values_list("id", "version", "key"))
    plans = _plans({key: id for id, _version, key in rows}, viewer, at)
    return (
        tuple((id, version) for id, version, _key in rows),
        tuple((run.id, run.open_steps) for runs in plans.values() for run in runs),
        tuple(row.pk for row in on_duty(place, at)),
        tuple((one.post_id, one.here) for one in posting.reserve_under(place, viewer)),
    )


def _counted(place: PlaceCode, viewer: Viewer, at: datetime) -> Counted:
    """Return what is open by child, and by place above or across the border; one query.

    Counted by the database, since the list that is shown ends somewhere.
    """
    level = child_level(level_of(place)) or level_of(place)
    rows = (
        visible(viewer, place)
        .filter(state__in=OPEN)
        .annotate(part=Left("place_id", int(level)))
        .order_by()
        .values("part", "severity")
        .annotate(open=Count("pk"), past=Count("pk", filter=Q(due_at__lt=at)))
    )
    found: Counted = defaultdict(dict)
    for row in rows:
        severity, n, past = Severity(row["severity"]), row["open"], row["past"]
        grave = severity.is_grave
        found[PlaceCode(row["part"])][severity] = Counts(
            open=n, past=past, grave=n * grave, grave_past=past * grave
        )
    return found


def _below(
    place: PlaceCode,
    viewer: Viewer,
    counted: Counted,
    rows: Sequence[OpenIncident],
    at: datetime,
) -> tuple[tuple[Below, ...], int]:
    level = child_level(level_of(place))
    if level is None or level > Level.VILLAGE:
        return (), 1
    grid = places.tile_grid(place)
    heard = _heard(place, level, viewer, at)
    stands = standings(place, viewer, at, rows=rows)
    found = {code: sum(counts.values(), Counts()) for code, counts in counted.items()}
    return (
        tuple(
            Below(
                card=card,
                cell=grid.cells.get(card.code) or (None, None),
                status=stands.status(card.code),
                open=found.get(card.code, Counts()).open,
                gravest=max(counted.get(card.code, ()), default=None),
                heard_at=heard.get(card.code),
            )
            for card in grid.tiles
        ),
        grid.columns,
    )


def _heard(
    place: PlaceCode, level: Level, viewer: Viewer, at: datetime
) -> Mapping[PlaceCode, datetime]:
    """Return when a report came from each child last, of those twelve hours back; two queries."""
    rows = (
        IncidentReport.objects.filter(
            incident__in=visible(viewer, place).order_by().values("pk"),
            received_at__gt=at - LOOKED_BACK,
            received_at__lte=at,
        )
        .annotate(part=Left("place_id", int(level)))
        .order_by()
        .values("part")
        .annotate(at=Max("received_at"))
    )
    return {PlaceCode(row["part"]): row["at"] for row in rows}


def _posts(place: PlaceCode, viewer: Viewer, at: datetime) -> posting.PostingStanding | None:
    if not viewer.may(posting.VIEW_POSTING, place):
        return None
    found = posting.standing(place, at).get(place)
    return found if found and (found.posts or found.plans or found.strength is not None) else None


def _silent(place: PlaceCode, below: Sequence[Below], at: datetime) -> tuple[Below, ...] | None:
    vote_date = vote_date_of(place)
    if vote_date is None:
        return None
    today = clock.local_date(at, zone=places.zone_of(place).key)
    if today <= day_of(days().survey_from, vote_date=vote_date):
        return None
    quiet = [one for one in below if one.heard_at is None or one.heard_at < at - HEARD]
    return tuple(
        sorted(quiet, key=lambda one: (one.heard_at is not None, one.heard_at or at, one.card.code))
    )
