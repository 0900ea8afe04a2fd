"""Quality in words: why a figure is hidden, whose work it is, refusals, events."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.platform.words import NOT_OF_THIS_CENTURY

from .rules.catalogue import Moment, Print, Whose
from .rules.judging import Hidden

HIDDEN = {
    Hidden.NOTHING: _("nothing to count yet"),
    Hidden.SILENT: _("not everybody has been heard"),
    Hidden.TOO_FEW: _("too few to show"),
    Hidden.PERSONS: _("too few to show; somebody could be recognised"),
    Hidden.SECOND: _("not shown, so that another figure cannot be computed"),
}

MOMENTS = {
    Moment.BEFORE: pgettext_lazy("when a figure is complete", "before the vote"),
    Moment.DURING: pgettext_lazy("when a figure is complete", "on the way and on the day"),
    Moment.AFTER: pgettext_lazy("when a figure is complete", "after the vote"),
}

WHOSE = {
    Whose.GOVERNMENT: pgettext_lazy("whose work", "local government"),
    Whose.ORGANISER: pgettext_lazy("whose work", "the election commission"),
    Whose.SUPERVISOR: pgettext_lazy("whose work", "the election supervisor"),
    Whose.POLICE: pgettext_lazy("whose work", "the police"),
    Whose.ALL: pgettext_lazy("whose work", "all together"),
}

UNITS = {
    Print.PERCENT: _("per cent"),
    Print.PER_1000: _("per 1,000"),
    Print.POINTS: _("percentage points"),
    Print.WORKING_DAYS: _("working days"),
    Print.HOURS: _("hours"),
}

EVENTS = {
    "quality.ScoresStored": _("The quality scores of %(day)s were stored"),
    "quality.ScoresReplied": _("An institution answered a quality score"),
    "quality.ReplyOpened": _("Institutions may answer their quality scores until %(reply_until)s"),
    "quality.ScoresPublished": _("The quality scores were published with %(replies)s replies"),
}

_NOT_RIGHT = _("This cannot be right; look at what you entered.")
_FIRST = _("Somebody else was first. Reload the page.")

REFUSALS = {
    "quality.weight_is_negative": _("%(principle)s: a weight is a number of 0 or more."),
    "quality.weights_are_all_zero": _("At least one principle must weigh more than 0."),
    "quality.no_reply_is_taken_now": _("No reply is taken now: its time is over, or not yet open."),
    "quality.say_what_you_answer": _("Write what your institution answers."),
    "quality.reply_is_too_long": _("At most %(most)s characters are kept; make it shorter."),
    "quality.disputes_have_not_ended": _(
        "Name the day on which the last dispute ended, after the vote and not ahead of today."
    ),
    "quality.replies_are_open_already": _("The scores are open for reply already."),
    "quality.replies_were_not_asked_for": _("First open the scores for reply."),
    "quality.scores_are_published_already": _("The scores are published already."),
    "quality.time_of_reply_is_not_over": _(
        "Institutions may reply until %(day)s. Publish after that day."
    ),
    "quality.no_scores_are_stored": _(
        "No scores of a day after the time of reply are stored. Store them first."
    ),
    "scores_are_of_this_century": NOT_OF_THIS_CENTURY,
    "flags_are_of_this_century": NOT_OF_THIS_CENTURY,
    "days_of_a_publication_are_of_this_century": NOT_OF_THIS_CENTURY,
    "a_place_has_one_score_a_day": _FIRST,
    "a_flag_is_raised_once_a_day": _FIRST,
    "an_institution_has_one_current_reply_to_a_score": _FIRST,
    "a_hidden_score_has_no_numbers": _NOT_RIGHT,
    "a_value_lies_in_its_interval": _NOT_RIGHT,
    "who_is_judged_has_time_to_reply": _NOT_RIGHT,
    "what_is_published_is_of_a_day_after_the_replies": _NOT_RIGHT,
    "a_reply_says_something": _("Write what your institution answers."),
}
