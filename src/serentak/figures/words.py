"""Figures in words: kinds of differences, states, refusals, events, alerts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from serentak.platform.catalogue import said
from serentak.platform.web import formats
from serentak.platform.words import NOT_OF_THIS_CENTURY, word

from .rules import DatePrecision, Difference, DifferenceKind, DiscrepancyState, Measure, decimals_of

DIFFERENCE_KINDS = {
    DifferenceKind.SOURCES: gettext_lazy("another source"),
    DifferenceKind.COUNTED: gettext_lazy("count of the list of places"),
    DifferenceKind.CHILDREN: gettext_lazy("sum of the places below"),
    DifferenceKind.PARTS: gettext_lazy("sum of the parts"),
}

DIFFERENCES = {
    DifferenceKind.SOURCES: gettext_lazy(
        "In use %(in_use)s, another source says %(against)s: %(amount)s %(unit)s (%(share)s of "
        "the figure in use)"
    ),
    DifferenceKind.COUNTED: gettext_lazy(
        "In use %(in_use)s, the list of places has %(against)s: %(amount)s %(unit)s (%(share)s of "
        "the figure in use)"
    ),
    DifferenceKind.CHILDREN: gettext_lazy(
        "In use %(in_use)s, the places below add up to %(against)s: %(amount)s %(unit)s "
        "(%(share)s of the figure in use)"
    ),
    DifferenceKind.PARTS: gettext_lazy(
        "In use %(in_use)s, its parts add up to %(against)s: %(amount)s %(unit)s (%(share)s of "
        "the figure in use)"
    ),
}

STATES = {
    DiscrepancyState.OPEN: pgettext_lazy("discrepancy", "nobody answers for it yet"),
    DiscrepancyState.ASSIGNED: pgettext_lazy("discrepancy", "assigned"),
    DiscrepancyState.DECIDED: pgettext_lazy("discrepancy", "decided"),
}

PRECISIONS = {
    DatePrecision.DAY: gettext_lazy("to the day"),
    DatePrecision.MONTH: gettext_lazy("to the month"),
}

ALERTS = {
    "figures.difference_is_open": gettext_lazy(
        "%(measure)s: figures disagree by %(amount)s. Nobody answers for it yet."
    ),
    "figures.difference_is_assigned": gettext_lazy(
        "%(measure)s: figures disagree by %(amount)s. %(owner)s answers for it."
    ),
    # What hangs on it.
    "figures.what_is_counted_from_it": gettext_lazy(
        "What is ordered, paid or planned from this figure may be too little or too much."
    ),
    # What would help.
    "figures.assign": gettext_lazy("Assign"),
    "figures.decide": gettext_lazy("Decide"),
}

REFUSALS = {
    **dict.fromkeys(
        (
            "dates_of_a_figure_are_of_this_century",
            "dates_of_a_discrepancy_are_of_this_century",
        ),
        NOT_OF_THIS_CENTURY,
    ),
    "figures.measure_is_unknown": gettext_lazy("“%(measure)s” is not something that is counted."),
    "figures.row_repeats": gettext_lazy("The same figure stands in row %(first)s already."),
    "figures.source_date_is_none": gettext_lazy(
        "“%(text)s” is no date of the years 2000 to 2100; write 2024-09-20, or 2024-09 where only "
        "the month is known."
    ),
    "figures.class_is_unknown": gettext_lazy(
        "“%(text)s” says nothing of trust; write sourced or assumed, or leave it empty."
    ),
    "figures.value_is_no_number": gettext_lazy("This is not a number."),
    "figures.value_is_negative": gettext_lazy("A figure is not negative."),
    "figures.value_is_absurd": gettext_lazy("A figure above %(limit)s cannot be right here."),
    "figures.value_has_too_many_decimals": gettext_lazy(
        "This figure has at most %(decimals)s decimals."
    ),
    "figures.rounding_is_absurd": gettext_lazy(
        "Say to what the figure was rounded: 10000 for 6.37 million; leave it empty if it was not."
    ),
    "figures.source_is_missing": gettext_lazy("Name the source: who published this figure?"),
    "figures.text_is_too_long": gettext_lazy("At most %(limit)s letters."),
    "figures.source_date_lies_ahead": gettext_lazy("A source cannot be of a day to come."),
    "figures.place_is_missing": gettext_lazy("%(place)s does not exist."),
    "figures.list_is_empty": gettext_lazy("There is no figure to record."),
    "figures.figure_is_missing": gettext_lazy("This figure does not exist or was withdrawn."),
    "figures.figure_is_in_use": gettext_lazy(
        "This figure is in use; take another one into use first."
    ),
    "figures.figure_is_in_use_already": gettext_lazy("This figure is in use already."),
    "figures.figure_is_of_another": gettext_lazy("This figure is not one of those compared."),
    "figures.reason_is_missing": gettext_lazy("Give a reason: it stands in the history."),
    "figures.difference_is_gone": gettext_lazy("These figures agree now; nothing is to be done."),
    "figures.difference_is_decided": gettext_lazy(
        "This was decided already; it opens again when a number changes."
    ),
    "figures.owner_is_unknown": gettext_lazy("This institution does not act at this place."),
    "figures.due_date_has_passed": gettext_lazy("The due date has passed."),
    "one_figure_is_in_use": gettext_lazy(
        "Somebody else has just taken another figure into use. Reload the page."
    ),
    "a_source_gives_one_figure_on_a_day": gettext_lazy(
        "This source's figure of that day is recorded already; withdraw it if it is wrong."
    ),
    "figure_is_not_negative": gettext_lazy("A figure is not negative."),
    "rounding_is_not_negative": gettext_lazy("What a figure was rounded to is not negative."),
    "figure_has_a_source": gettext_lazy("A figure has a source."),
    "figure_class_is_known": gettext_lazy("A figure is sourced, assumed or synthetic."),
    "figure_in_use_is_not_withdrawn": gettext_lazy("A figure in use cannot be withdrawn."),
    "a_difference_is_worked_on_once": gettext_lazy(
        "Somebody else has just begun to work on this difference. Reload the page."
    ),
    "discrepancy_with_an_owner_has_a_due_date": gettext_lazy(
        "Who answers for a discrepancy does so by a day."
    ),
    "decision_has_a_figure_a_reason_and_a_time": gettext_lazy(
        "A decision names a figure and a reason."
    ),
}

TOPICS = dict.fromkeys(
    ("figures.difference_is_open", "figures.difference_is_assigned"),
    pgettext_lazy("what an alert is about", "differing figures: %(measure)s"),
)
"""What an alert is about, as a sentence names it in passing; the page adds place and day."""

EVENTS = {
    "figures.FigureRecorded": gettext_lazy("Figure recorded"),
    "figures.FiguresRecorded": gettext_lazy("%(count)s figures recorded"),
    "figures.FigureUsed": gettext_lazy("Another figure taken into use"),
    "figures.FigureWithdrawn": gettext_lazy("Figure withdrawn"),
    "figures.DiscrepancyAssigned": gettext_lazy("Discrepancy of figures assigned"),
    "figures.DiscrepancyDecided": gettext_lazy("Discrepancy of figures decided"),
}


def difference_text(difference: Difference, measure: Measure) -> str:
    """Return one sentence; the share says what it divides by."""
    return str(DIFFERENCES[difference.kind]) % {
        "in_use": figure_text(difference.in_use),
        "against": figure_text(difference.against[0]),
        "amount": amount_text(difference.amount),
        "unit": said(measure.unit),
        "share": formats.share(difference.share, 2),
    }


def figure_text(value: Decimal) -> str:
    """Return a figure with the reader's separators and the decimals that it needs."""
    return formats.number(value, decimals_of(value))


def amount_text(amount: Decimal) -> str:
    """Return a difference with its sign: +9, −21."""
    return ("+" if amount > 0 else "") + figure_text(amount)


def source_day(day: date, precision: DatePrecision) -> str:
    """Return a source's date as exactly as it is known."""
    return date_format(day, "M Y") if precision is DatePrecision.MONTH else formats.day(day)


def event_text(name: str, facts: Mapping[str, Any], measures: Mapping[str, Measure]) -> str:
    """Return what happened, with the measure's name and the figure where the event has them."""
    text = word("EVENTS", name, facts)
    measure = measures.get(str(facts.get("measure", "")))
    if measure is None:
        return text
    value = facts.get("value")
    if value is None:
        return _("%(event)s: %(measure)s") % {"event": text, "measure": said(measure.name)}
    return _("%(event)s: %(measure)s, %(value)s") % {
        "event": text,
        "measure": said(measure.name),
        "value": figure_text(Decimal(str(value))),
    }
