"""Each place's figures for higher floors: in use, side by side, in disagreement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from serentak.kernel.briefing import Alert
from serentak.kernel.status import Status
from serentak.platform.catalogue import said

from . import words
from .permissions import ASSIGN_DISCREPANCY, DECIDE_FIGURE, RECORD_FIGURE, VIEW_FIGURES
from .queries import (
    DiscrepancyCard,
    FigureCard,
    FigureSet,
    discrepancies,
    figure_sets,
    figures_in_use,
    measures,
)
from .rules import DatePrecision, DifferenceKind, DiscrepancyState, GivenFigure, Measure

__all__ = [
    "ASSIGN_DISCREPANCY",
    "DECIDE_FIGURE",
    "RECORD_FIGURE",
    "VIEW_FIGURES",
    "DatePrecision",
    "DifferenceKind",
    "DiscrepancyCard",
    "DiscrepancyState",
    "FigureCard",
    "FigureSet",
    "GivenFigure",
    "Measure",
    "alerts",
    "discrepancies",
    "figure_sets",
    "figures_in_use",
    "measures",
]


def alerts(cards: Iterable[DiscrepancyCard], *, today: date) -> tuple[Alert, ...]:
    """Return open discrepancies as what a desk has to do.

    Late when the due date has passed, else at risk; an overdue one weighs double.
    """
    return tuple(_alert(card, today) for card in cards)


def _alert(card: DiscrepancyCard, today: date) -> Alert:
    overdue = card.due_date is not None and card.due_date < today
    assigned = card.state is DiscrepancyState.ASSIGNED
    return Alert(
        code="figures.difference_is_assigned" if assigned else "figures.difference_is_open",
        place=card.place,
        severity=Status.LATE if overdue else Status.AT_RISK,
        due_date=card.due_date,
        link=card.link,
        weight=card.measure.weight * (2 if overdue else 1),
        so="figures.what_is_counted_from_it",
        helps="figures.decide" if assigned else "figures.assign",
        params={
            "measure": said(card.measure.name),
            "amount": words.amount_text(card.difference.amount),
            "unit": said(card.measure.unit),
            "owner": card.owner.name if card.owner else "",
        },
    )
