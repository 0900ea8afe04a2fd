"""Specimen in words: refusals, the event, the alert, the figure."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.words import NOT_OF_THIS_CENTURY

REFUSALS = {
    "specimen.count_is_absurd": _("Look at something: a number from 1 to %(limit)s."),
    "specimen.more_in_order_than_looked_at": _(
        "Of %(limit)s that were looked at, 0 to %(limit)s can be in order."
    ),
    "specimen.day_lies_ahead": _("The check cannot be of a day to come."),
    "specimen.source_is_missing": _("Name the source: who looked?"),
    "specimen.newer_check_is_recorded": _(
        "A newer check of this place is recorded already, of %(checked_date)s."
    ),
    "dates_of_a_specimen_check_are_of_this_century": NOT_OF_THIS_CENTURY,
    "a_place_has_one_specimen_check": _(
        "Somebody else has just checked this place. Reload the page."
    ),
    "specimen_check_looks_at_something": _("A check looks at one at least."),
    "specimen_check_finds_no_more_in_order_than_it_looks_at": _(
        "No more is in order than was looked at."
    ),
    "specimen_check_has_a_source": _("A check names who looked."),
}

EVENTS = {
    "specimen.CheckRecorded": _("Check recorded: %(in_order)s of %(looked_at)s in order"),
}

ALERTS = {
    "specimen.NOT_IN_ORDER": _("%(place_name)s: %(count)s of %(of)s not in order"),
    # What hangs on it.
    "specimen.NOT_IN_ORDER.so": _(
        "What is not in order now may be missing on the day of the vote."
    ),
    # What would help.
    "specimen.NOT_IN_ORDER.helps": _("See the checks"),
}

TOPICS = {
    "specimen.NOT_IN_ORDER": pgettext_lazy("what an alert is about", "specimens"),
}
"""What an alert is about, as a sentence names it in passing; the page adds place and day."""

FIGURES = {
    "specimen.in_order": _("in order, of what was looked at"),
    "specimen.not_in_order": _("not in order, of what was looked at"),
}
