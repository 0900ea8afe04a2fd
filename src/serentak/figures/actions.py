"""What changes figures: recording, using, withdrawing; giving and deciding discrepancies."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from serentak.institutions import public as institutions
from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.action import action
from serentak.platform.audit import record
from serentak.platform.clock import local_date
from serentak.platform.concurrency import check_unchanged

from . import queries, rules
from .events import (
    DiscrepancyAssigned,
    DiscrepancyDecided,
    FigureRecorded,
    FiguresRecorded,
    FigureUsed,
    FigureWithdrawn,
)
from .models import Discrepancy, Figure
from .permissions import ASSIGN_DISCREPANCY, DECIDE_FIGURE, RECORD_FIGURE
from .rules import DifferenceKind, DiscrepancyEvent, GivenFigure


@action
def record_figure(*, given: GivenFigure, actor: Viewer, at: datetime) -> int:
    """Record what a source says and return the figure's id; the first of its kind is in use.

    A later figure of the same measure stands beside it until somebody decides.
    """
    (row,) = _recorded([given], actor, at, until=_today(given.place, at))
    record(FigureRecorded(**_about(row), in_use=row.in_use), actor=actor, at=at)
    return row.id


@action
def record_figures(*, given: Sequence[GivenFigure], actor: Viewer, at: datetime) -> int:
    """Record many figures, all or none, and return how many; see `record_figure`.

    Of several for one place and measure the first is in use, if none was before.
    """
    if not given:
        raise Refused("figures.list_is_empty", field="given")
    _recorded(given, actor, at, until=_today(given[0].place, at))
    _record_bulk(given, actor, at)
    return len(given)


@action
def load_baseline(*, until: date, actor: Viewer, at: datetime) -> int:
    """Record the published figures that come with Serentak and return how many were new.

    Figures of places that the tree does not have, and those published after `until`, are left out.
    Repeatable: what stands already is left alone, also when another figure is in use meanwhile. A
    load that adds nothing leaves no event.
    """
    baseline = [given for given in queries.baseline() if given.source_date <= until]
    there = places.places({given.place for given in baseline})
    known = set(
        Figure.objects.filter(place__in=there).values_list(
            "place_id", "measure", "source", "source_date", "scope"
        )
    )
    new = [given for given in baseline if given.place in there and given.key not in known]
    if new:
        _recorded(new, actor, at, until=until)
        _record_bulk(new, actor, at)
    return len(new)


@action
def use_figure(
    *, figure_id: int, reason: str, version: int | None = None, actor: Viewer, at: datetime
) -> None:
    """Take a recorded figure into use instead of the one before, for a reason.

    `version` is the id of the figure that the actor saw in use, 0 where there was none; None says
    whatever it is.
    """
    figure = _figure(figure_id)
    actor.require(DECIDE_FIGURE, PlaceCode(figure.place_id))
    _require_reason(reason)
    if figure.in_use:
        raise Refused("figures.figure_is_in_use_already", field="figure")
    before = _put_into_use(figure)
    check_unchanged(version, before.id if before else 0)
    stood = before.value if before else None
    event = FigureUsed(**_about(figure), before=stood, reason=reason.strip())
    record(event, actor=actor, at=at)


@action
def withdraw_figure(*, figure_id: int, reason: str, actor: Viewer, at: datetime) -> None:
    """Withdraw a figure that was recorded wrongly; refused while it is in use."""
    figure = _figure(figure_id)
    actor.require(RECORD_FIGURE, PlaceCode(figure.place_id))
    _require_reason(reason)
    if figure.in_use:
        raise Refused("figures.figure_is_in_use", field="figure")
    figure.withdrawn_at = at
    figure.save(update_fields=["withdrawn_at"])
    record(FigureWithdrawn(**_about(figure), reason=reason.strip()), actor=actor, at=at)


@action
def assign_discrepancy(
    *,
    place: PlaceCode,
    measure: str,
    kind: DifferenceKind,
    owner_id: int,
    due_date: date,
    version: int | None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Let an institution answer for a difference of today by a day; again to change either.

    The institution acts at the place or at one above it. What is decided is not assigned.
    `version` is what the actor saw of the work on it; None says whatever it is.
    """
    actor.require(ASSIGN_DISCREPANCY, place)
    row, card = _work_on(place, measure, kind, version)
    if rules.after(card.state, DiscrepancyEvent.ASSIGN) is None:
        raise Refused("figures.difference_is_decided")
    owner = institutions.institution(owner_id)
    if owner is None or not any(is_within(place, area) for area in owner.places):
        raise Refused("figures.owner_is_unknown", field="owner")
    if due_date < _today(place, at):
        raise Refused("figures.due_date_has_passed", field="due_date")
    row.owner_id, row.due_date = owner_id, due_date
    row.decided_figure = row.decided_by = row.decided_at = None
    row.reason = row.numbers = ""
    row.save()
    event = DiscrepancyAssigned(
        subjects=(queries.subject_of(place), f"institution:{owner_id}"),
        place=place,
        institution_id=owner_id,
        measure=measure,
        kind=kind,
        due_date=due_date,
    )
    record(event, actor=actor, at=at)


@action
def decide_discrepancy(
    *,
    place: PlaceCode,
    measure: str,
    kind: DifferenceKind,
    figure_id: int,
    reason: str,
    version: int | None,
    actor: Viewer,
    at: datetime,
) -> None:
    """Decide which recorded figure is in use, for a reason; it may be the one in use already.

    The decision holds for the numbers of today: when one of them changes, the discrepancy is open
    again. `version` as in `assign_discrepancy`.
    """
    actor.require(DECIDE_FIGURE, place)
    _require_reason(reason)
    figure = _figure(figure_id)
    if (figure.place_id, figure.measure) != (place, measure):
        raise Refused("figures.figure_is_of_another", field="figure")
    row, card = _work_on(place, measure, kind, version)
    numbers = card.difference.numbers
    if not figure.in_use:
        _put_into_use(figure)
        # The figure in use is one of the numbers; those that still disagree are decided on.
        with suppress(OutOfScope):
            numbers = queries.discrepancy(place, measure, kind).difference.numbers
    row.decided_figure, row.decided_by_id, row.decided_at = figure, actor.user_id, at
    row.reason, row.numbers = reason.strip(), numbers
    row.save()
    event = DiscrepancyDecided(**_about(figure), kind=kind, numbers=numbers, reason=reason.strip())
    record(event, actor=actor, at=at)


# --- steps


def _today(place: PlaceCode, at: datetime) -> date:
    return local_date(at, zone=places.zone_of(place).key)


def _recorded(
    given: Sequence[GivenFigure], actor: Viewer, at: datetime, *, until: date
) -> list[Figure]:
    """Check figures and write them; refuses the first that is wrong or of a day after `until`."""
    codes = {figure.place for figure in given}
    for code in sorted(codes):
        actor.require(RECORD_FIGURE, code)
    known = places.places(codes)
    measures = queries.measures()
    used = set(
        Figure.objects.filter(place__in=codes, in_use=True).values_list("place_id", "measure")
    )
    rows: list[Figure] = []
    for figure in given:
        if figure.place not in known:
            raise Refused("figures.place_is_missing", field="place", place=figure.place)
        fault = rules.fault_of(figure, measures.get(figure.measure), today=until)
        if fault:
            raise Refused.of(fault)
        key = (figure.place, figure.measure)
        rows.append(_row(figure, in_use=key not in used, actor=actor, at=at))
        used.add(key)
    return Figure.objects.bulk_create(rows)


def _row(given: GivenFigure, *, in_use: bool, actor: Viewer, at: datetime) -> Figure:
    return Figure(
        place_id=given.place,
        measure=given.measure,
        value=given.value,
        rounded_to=given.rounded_to,
        source=given.source.strip(),
        source_date=given.source_date,
        source_precision=given.precision.value,
        scope=given.scope.strip(),
        figure_class=given.figure_class.value,
        in_use=in_use,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )


def _record_bulk(given: Sequence[GivenFigure], actor: Viewer, at: datetime) -> None:
    digest = hashlib.sha256()
    for figure in given:
        line = (
            figure.place,
            figure.measure,
            rules.plain(figure.value),
            figure.source,
            figure.source_date.isoformat(),
            figure.scope,
            figure.figure_class.value,
        )
        digest.update(("\t".join(line) + "\n").encode())
    codes = sorted({figure.place for figure in given})
    event = FiguresRecorded(
        subjects=tuple(queries.subject_of(code) for code in codes),
        place=places.common_place(codes),
        count=len(given),
        digest=digest.hexdigest(),
    )
    record(event, actor=actor, at=at)


def _figure(figure_id: int) -> Figure:
    """Return a figure that was not withdrawn, locked with its rivals in a fixed order."""
    key = Figure.objects.filter(id=figure_id).values("place_id", "measure").first()
    rivals = Figure.objects.select_for_update().filter(withdrawn_at=None, **(key or {"id": 0}))
    for row in rivals.order_by("id"):
        if row.id == figure_id:
            return row
    raise Refused("figures.figure_is_missing", field="figure")


def _put_into_use(figure: Figure) -> Figure | None:
    """Use a locked figure and return the one that was in use before."""
    before = Figure.objects.filter(
        place_id=figure.place_id, measure=figure.measure, in_use=True
    ).first()
    if before:
        before.in_use = False
        before.save(update_fields=["in_use"])
    figure.in_use = True
    figure.save(update_fields=["in_use"])
    return before


def _work_on(
    place: PlaceCode, measure: str, kind: DifferenceKind, version: int | None
) -> tuple[Discrepancy, queries.DiscrepancyCard]:
    """Return the work on a difference of today, locked and counted, and the difference itself."""
    work: dict[str, Any] = {"place_id": place, "measure": measure, "kind": kind.value}
    Discrepancy.objects.get_or_create(**work)
    row = Discrepancy.objects.select_for_update().get(**work)
    check_unchanged(version, row.version)
    row.version += 1
    try:
        return row, queries.discrepancy(place, measure, kind)
    except OutOfScope:
        raise Refused("figures.difference_is_gone") from None


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("figures.reason_is_missing", field="reason")


def _about(figure: Figure) -> dict[str, Any]:
    """Return what every event of a figure says first."""
    place = PlaceCode(figure.place_id)
    return {
        "subjects": (queries.subject_of(place), f"figure:{figure.id}"),
        "place": place,
        "measure": figure.measure,
        "value": figure.value,
    }
