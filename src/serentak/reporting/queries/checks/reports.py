"""What desks report against incidents, the other areas, and the reports of their neighbours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.db.models import Max

from serentak.elections import public as elections
from serentak.kernel.briefing import Focus
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.kernel.status import Status
from serentak.kernel.viewer import SYSTEM
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.rows import within
from serentak.reporting.models import DailyReport, Sentence, Snapshot
from serentak.reporting.queries.sources import rules
from serentak.reporting.rules.states import HEARD
from serentak.security import public as security

WORSE_IN = 3
"""In so many other areas a regency stands worse than it says of its own work."""
MOST_REPORT = 0.75
"""From this share of its neighbours on, a desk is silent where others report."""


def _nothing(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the desks whose report of today says that nothing is open, beside a grave incident.

    Restricted incidents are none of it, whoever reads.
    """
    zone = places.zone_of(parent)
    day = clock.local_date(at, zone=zone.key)
    begin = datetime.combine(day, time.min, tzinfo=zone)
    said = (
        Sentence.objects.filter(
            within(parent, "report__place"),
            report__day=day,
            report__state__in=HEARD,
            key="figure:security.open",
            params__value=0,
            text="",
        )
        .select_related("report")
        .order_by("report__round")
    )
    by_place = {PlaceCode(row.report.place_id): row.report for row in said}
    if not by_place:
        return
    grave: dict[PlaceCode, list[security.OpenIncident]] = defaultdict(list)
    for one in security.started_since(parent, SYSTEM, begin, at):
        if one.severity >= security.Severity.S2:
            grave[at_level(one.place, min(level_of(one.place), Level.REGENCY))].append(one)
    for place, report in sorted(by_place.items()):
        before = [one for one in grave.get(place, ()) if report.submitted_at
                  and one.since <= report.submitted_at]  # fmt: skip
        if not before:
            continue
        yield Differs(
            place=place,
            subject=f"day:{day.isoformat()}",
            a=Says(
                value=0,
                code="reporting.NOTHING",
                link=f"/{place}/daily/{day.isoformat()}",
                by=report.signed_off_by_id,
            ),
            b=Says(
                value=len(before),
                code="reporting.INCIDENTS",
                link=before[0].link if len(before) == 1 else f"/{place}/security/incidents",
            ),
            amount=len(before),
            since=max(one.since for one in before),
        )


def _worse(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the regencies that report their work well and stand worse in other areas."""
    day = clock.local_date(at, zone=places.zone_of(parent).key)
    stood: dict[PlaceCode, dict[str, Status]] = defaultdict(dict)
    last = Snapshot.objects.filter(place=parent, day__lte=day).aggregate(Max("day"))["day__max"]
    if last is None:
        return
    codes = [card.code for card in places.children(parent)]
    for code, focus, status in Snapshot.objects.filter(place__in=codes, day=last).values_list(
        "place_id", "focus", "status"
    ):
        stood[PlaceCode(code)][focus] = Status(status)
    stations = elections.voters_and_stations(parent)
    for place, areas in sorted(stood.items()):
        own = areas.pop(Focus.READINESS.value, None)
        if own not in (Status.DONE, Status.ON_TRACK):
            continue
        worse = [one for one in areas.values() if one in (Status.AT_RISK, Status.LATE)]
        if len(worse) < WORSE_IN:
            continue
        yield Differs(
            place=place,
            subject="areas",
            a=Says(value=0, code="reporting.ALL_WELL", link=f"/{place}/readiness"),
            b=Says(
                value=len(worse), of=len(areas), code="reporting.AREAS_WORSE", link=f"/{place}/"
            ),
            amount=stations.get(place, elections.NO_VOTERS).stations,
        )


def _silent(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the desks that have been silent for evenings on which most neighbours reported."""
    day = clock.local_date(at, zone=places.zone_of(parent).key)
    cards = places.children(parent)
    evenings = [day - timedelta(days=n) for n in range(1, rules().silent_after + 1)]
    heard: dict[PlaceCode, set[object]] = defaultdict(set)
    rows = DailyReport.objects.filter(
        place__in=[card.code for card in cards], day__in=evenings, state__in=HEARD
    )
    for code, on in rows.values_list("place_id", "day"):
        heard[PlaceCode(code)].add(on)
    others = [card for card in cards if len(heard[card.code]) == len(evenings)]
    if not cards or len(others) < MOST_REPORT * len(cards):
        return
    stations = elections.voters_and_stations(parent)
    for card in cards:
        if heard[card.code]:
            continue
        yield Differs(
            place=card.code,
            subject="silence",
            a=Says(
                value=len(others), of=len(cards), code="reporting.REPORTED", link=f"/{parent}/daily"
            ),
            b=Says(value=0, code="reporting.SILENT", link=f"/{card.code}/daily"),
            amount=stations.get(card.code, elections.NO_VOTERS).stations,
        )


CHECKS: Mapping[str, AsksForDifferences] = {
    "nothing-incident": _nothing,
    "well-worse": _worse,
    "silent-among": _silent,
}
