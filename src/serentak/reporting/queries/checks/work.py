"""Work that is said to be done against incidents, follow-up and the way things went."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from serentak.coordination import public as coordination
from serentak.distribution import public as distribution
from serentak.elections import public as elections
from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.kernel.viewer import SYSTEM
from serentak.logistics import public as logistics
from serentak.readiness import public as readiness
from serentak.security import public as security

STORES = ("store-ready", "store-d")
SITES = ("site-pick",)
FLOODS = ("FLOOD",)
SLOWER, FASTER = 1.5, 0.5
"""Beyond these shares of the planned hours a way was not as planned."""


def _stores(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the stores reported ready at which a grave incident is open."""
    said = readiness.reported(parent, STORES)
    done = {f"activity:{one.activity_id}": one for one in said.values() if one.is_done}
    stations = elections.voters_at_level(parent, Level.REGENCY) if done else {}
    for subject, hit in security.open_on(list(done), parent=parent, at=at).items():
        one = done[subject]
        yield Differs(
            place=one.place,
            subject=subject,
            about=readiness.about(one.key),
            a=one.says,
            b=Says(value=1, code="reporting.INCIDENTS", link=hit.link),
            amount=stations.get(one.place, elections.NO_VOTERS).stations,
            since=hit.since,
            owner_id=one.owner_id,
            figure_class=one.figure_class,
        )


def _sites(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies whose sites are said to be chosen while a flood is open there."""
    said = readiness.reported(parent, SITES)
    floods: dict[PlaceCode, list[security.OpenIncident]] = {}
    for one in security.open_incidents(parent, SYSTEM, at):
        if one.kind in FLOODS and one.severity >= security.Severity.S2:
            floods.setdefault(PlaceCode(one.place[: Level.REGENCY]), []).append(one)
    stations = elections.voters_at_level(parent, Level.DISTRICT) if floods else {}
    for (place, _), site in sorted(said.items()):
        found = floods.get(place)
        if not found or not site.is_done:
            continue
        districts = {PlaceCode(one.place[: Level.DISTRICT]) for one in found}
        is_whole = place in districts
        hit = sum(
            n.stations
            for code, n in stations.items()
            if code in districts or (is_whole and code.startswith(place))
        )
        yield Differs(
            place=place,
            subject="floods",
            a=site.says,
            b=Says(
                value=len(found),
                code="reporting.FLOODS",
                link=found[0].link if len(found) == 1 else f"/{place}/security/incidents",
            ),
            amount=hit,
            figure_class=site.figure_class,
        )


def _done(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the actions said to be done on work of which nothing was reported since."""
    said = {one.activity_id: one for one in readiness.reported(parent).values()}
    by_place = {(one.place, one.key): one for one in said.values()}
    stations = elections.voters_at_level(parent, Level.REGENCY)
    for deed in coordination.done_about(parent, "readiness"):
        work = by_place.get((deed.place, deed.key))
        if work is None or work.is_done or work.reported_at >= deed.asked_at:
            continue
        yield Differs(
            place=deed.place,
            subject=f"action:{deed.id}",
            about=readiness.about(deed.key),
            a=Says(code="reporting.ACTION_DONE", link=deed.link, by=deed.done_by),
            b=work.says,
            amount=stations.get(deed.place, elections.NO_VOTERS).stations,
            since=deed.done_at,
            figure_class=work.figure_class,
        )


def _travel(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the ways on which loads took much longer or shorter than the adopted route says."""
    planned = distribution.planned_hours(parent)
    if not planned:
        return
    stations = elections.voters_at_level(parent, Level.DISTRICT)
    for place, took in sorted(logistics.hours_taken(parent).items()):
        way = planned.get(place)
        if way is None or FASTER * way.hours <= took.hours <= SLOWER * way.hours:
            continue
        yield Differs(
            place=place,
            subject="way",
            a=Says(value=round(way.hours, 1), link=way.link),
            b=Says(value=round(took.hours, 1), link=took.link),
            amount=stations.get(PlaceCode(place[: Level.DISTRICT]), elections.NO_VOTERS).stations,
        )


CHECKS: Mapping[str, AsksForDifferences] = {
    "store-hit": _stores,
    "site-flood": _sites,
    "done-unmoved": _done,
    "travel": _travel,
}
