"""Where what is reported of the work differs from a ledger, from other work, or from the law."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import F

from serentak.kernel.area import Measured
from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.countdown import day_of
from serentak.kernel.differing import AsksForDifferences, Differs, Says
from serentak.places import public as places
from serentak.platform.rows import within
from serentak.readiness.models import Activity, ProgressReport
from serentak.readiness.rules.reporting import NAMES_A_TOTAL
from serentak.readiness.rules.states import ActivityState

from .board import board, catalogue, page_of
from .measured import measured

Quantities = Mapping[tuple[PlaceCode, str], "Reported"]


@dataclass(frozen=True, slots=True)
class Reported:
    """The total last reported of an activity at a place, of how much, and by whom."""

    activity_id: int
    place: PlaceCode
    key: str
    owner_id: int
    done: int
    target: int
    reported_at: datetime
    by: int | None
    figure_class: FigureClass

    @property
    def link(self) -> str:
        """The path of its page."""
        return page_of(self.place, self.key)

    @property
    def is_done(self) -> bool:
        """Whether all of it is reported done."""
        return self.done >= self.target

    @property
    def says(self) -> Says:
        """What was reported, as one side."""
        return Says(value=self.done, of=self.target, link=self.link, by=self.by)


def reported(parent: PlaceCode, keys: Collection[str] = ()) -> Quantities:
    """Return the totals reported of open activities at and under a place; two queries.

    What nobody reported is missing. Without `keys` all activities.
    """
    rows = Activity.objects.filter(
        within(parent), state=ActivityState.OPEN.value, done_quantity__isnull=False
    )
    if keys:
        rows = rows.filter(key__in=keys)
    found = list(rows)
    by = dict(
        ProgressReport.objects.filter(
            activity__in=[row.pk for row in found],
            share=None,
            kind__in=[kind.value for kind in NAMES_A_TOTAL],
        )
        .order_by("reported_at", "pk")
        .values_list("activity_id", F("submission__submitted_by"))
    )
    return {
        (PlaceCode(row.place_id), row.key): Reported(
            row.pk,
            PlaceCode(row.place_id),
            row.key,
            row.owner_id,
            row.done_quantity or 0,
            row.target_quantity,
            row.last_report_at,
            by.get(row.pk),
            FigureClass(row.figure_class),
        )
        for row in found
        if row.last_report_at is not None
    }


def about(key: str) -> Mapping[str, str]:
    """Return what an activity is called, in both languages."""
    return catalogue().activities[key].name


def _keys_of(ledger: str) -> list[str]:
    """Return the activities whose work the ledgers of a slice measure."""
    return [
        key
        for key, one in catalogue().activities.items()
        if (one.measured_by or "").startswith(f"{ledger}.")
    ]


def _against(
    keys: Callable[[], Collection[str]], *, parent: PlaceCode, at: datetime
) -> Iterable[Differs]:
    """Yield work of which more was reported than its ledger knows."""
    wanted = keys()
    said = reported(parent, wanted)
    ledgers: dict[PlaceCode, Mapping[str, Mapping[PlaceCode, Measured]]] = {}
    for (place, key), one in said.items():
        province = at_level(place, min(level_of(place), Level.PROVINCE))
        if province not in ledgers:
            ledgers[province] = measured(province)
        known = ledgers[province].get(key, {}).get(place)
        if known is None or one.done <= known.quantity:
            continue
        yield Differs(
            place=place,
            subject=f"activity:{one.activity_id}",
            about=about(key),
            a=one.says,
            b=Says(value=known.quantity, of=one.target, link=known.link),
            amount=one.done - known.quantity,
            since=one.reported_at,
            owner_id=one.owner_id,
            figure_class=max(one.figure_class, known.figure_class, key=_doubt),
        )


def _doubt(one: FigureClass) -> int:
    return list(FigureClass).index(one)


def _trained(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield where more crew are trained than formed."""
    found = reported(parent, ("kpps-form", "kpps-train"))
    for (place, key), formed in found.items():
        trained = found.get((place, "kpps-train"))
        if key != "kpps-form" or trained is None or trained.done <= formed.done:
            continue
        yield Differs(
            place=place,
            subject="crews",
            a=formed.says,
            b=trained.says,
            amount=(trained.done - formed.done) / 7,
            owner_id=formed.owner_id,
            figure_class=max(formed.figure_class, trained.figure_class, key=_doubt),
        )


def _targets(*, parent: PlaceCode, at: datetime) -> Iterable[Differs]:
    """Yield the targets that lie after the day which the law sets for that work."""
    province = at_level(parent, min(level_of(parent), Level.PROVINCE))
    for one in [province] if province else [card.code for card in places.children(parent)]:
        if (found := board(one, at=at)) is None:
            continue
        vote_date = found.election.vote_date
        for number, row in enumerate(found.rows):
            known = found.network.definitions[number]
            if (
                not row.place.startswith(parent)
                or row.state is not ActivityState.OPEN
                or known.deadline is None
                or known.deadline_kind is not DeadlineKind.LEGAL
                or row.target_date <= (law := day_of(known.deadline, vote_date=vote_date))
            ):
                continue
            link = page_of(row.place, row.key)
            yield Differs(
                place=row.place,
                subject=f"activity:{row.id}",
                about=known.name,
                a=Says(day=row.target_date, link=link),
                b=Says(day=law, link=link),
                amount=found.size(row.place).stations,
                near=law,
            )


CHECKS: Mapping[str, AsksForDifferences] = {
    "reported-checked": partial(_against, partial(_keys_of, "facilities")),
    "reported-handed-over": partial(_against, partial(_keys_of, "logistics")),
    "trained-formed": _trained,
    "target-law": _targets,
}
"""What readiness can compare by itself, by the name that the catalogue of checks gives it."""
