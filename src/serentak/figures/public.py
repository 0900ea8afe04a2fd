"""Each place's figures for higher floors: in use, side by side, in disagreement."""

from datetime import date, datetime

from serentak.kernel.briefing import Alert
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.pressing import Press
from serentak.kernel.status import Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import clock
from serentak.platform.catalogue import said

from . import words
from .permissions import ASSIGN_DISCREPANCY, DECIDE_FIGURE, RECORD_FIGURE, VIEW_FIGURES
from .queries import (
    DiscrepancyCard,
    FigureCard,
    FigureSet,
    baseline,
    discrepancies,
    figure_sets,
    figures_in_use,
    measures,
)
from .rules import DatePrecision, DifferenceKind, DiscrepancyState, GivenFigure, Measure


def alerts(*, parent: PlaceCode, viewer: Viewer, at: datetime) -> tuple[Alert, ...]:
    """Return what disagrees at a place and its children as what a desk has to do.

    Late when the due date has passed, else at risk. Nothing below a regency, where nobody compares.
    """
    if level_of(parent) >= Level.DISTRICT:
        return ()
    today = clock.local_date(at, zone=places.zone_of(parent).key)
    return tuple(_alert(card, today) for card in discrepancies(parent, viewer))


def _alert(card: DiscrepancyCard, today: date) -> Alert:
    overdue = card.due_date is not None and card.due_date < today
    assigned = card.state is DiscrepancyState.ASSIGNED
    return Alert(
        code="figures.difference_is_assigned" if assigned else "figures.difference_is_open",
        place=card.place,
        severity=Status.LATE if overdue else Status.AT_RISK,
        due_date=card.due_date,
        link=card.link,
        press=Press(
            harm=card.measure.harm,
            days_left=max(0, (card.due_date - today).days) if card.due_date else 0,
        ),
        so="figures.what_is_counted_from_it",
        helps="figures.decide" if assigned else "figures.assign",
        params={
            "measure": said(card.measure.name),
            "amount": words.amount_text(card.difference.amount),
            "unit": said(card.measure.unit),
            "owner": card.owner.name if card.owner else "",
        },
    )
