"""The kernel's words as people read them: statuses, deadlines, classes of figures, levels."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from serentak.kernel.briefing import DeadlineKind, FigureClass
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.pressing import Harm
from serentak.kernel.status import Status

STATUS_KEY = {
    Status.DONE: "done",
    Status.ON_TRACK: "ok",
    Status.AT_RISK: "risk",
    Status.LATE: "late",
    Status.NO_REPORT: "none",
}
"""What stands in `data-s` and names the mark in the sprite."""

STATUS_WORD: dict[Status, Promise] = {
    Status.DONE: pgettext_lazy("status", "Done"),
    Status.ON_TRACK: pgettext_lazy("status", "On track"),
    Status.AT_RISK: pgettext_lazy("status", "At risk"),
    Status.LATE: pgettext_lazy("status", "Late"),
    Status.NO_REPORT: pgettext_lazy("status", "No report"),
}

STATUS_LETTER: dict[Status, str] = {
    Status.DONE: "✓",
    Status.ON_TRACK: "+",
    Status.AT_RISK: "!",
    Status.LATE: "!!",
    Status.NO_REPORT: "?",
}
"""A sign where no word has room, the same in every language: L was late here and in time there."""

DEADLINE_WORD: dict[DeadlineKind, Promise] = {
    DeadlineKind.LEGAL: pgettext_lazy("deadline", "legal"),
    DeadlineKind.PHYSICAL: pgettext_lazy("deadline", "physical"),
    DeadlineKind.ADMINISTRATIVE: pgettext_lazy("deadline", "administrative"),
}

HARM_WORD: dict[Harm, Promise] = {
    Harm.LIFE: pgettext_lazy("at stake", "Lives are at stake"),
    Harm.VOTE: pgettext_lazy("at stake", "The vote is at stake"),
    Harm.TIMETABLE: pgettext_lazy("at stake", "The timetable is at stake"),
    Harm.PAPER: pgettext_lazy("at stake", "No vote hangs on it"),
}

FIGURE_CLASS_WORD: dict[FigureClass, Promise] = {
    FigureClass.SOURCED: pgettext_lazy("figure", "sourced"),
    FigureClass.ASSUMED: pgettext_lazy("figure", "assumed"),
    FigureClass.SYNTHETIC: pgettext_lazy("figure", "synthetic data"),
}

_LEVEL_WORD: dict[Level, Promise] = {
    Level.COUNTRY: _("Country"),
    Level.PROVINCE: _("Province"),
    Level.REGENCY: _("Regency"),
    Level.DISTRICT: _("District"),
    Level.VILLAGE: _("Village"),
    Level.STATION: _("Polling station"),
}
_FIRST_CITY = 71
_CITY = _("City")
_URBAN_VILLAGE = _("Urban village")


def level_word(code: PlaceCode) -> Promise:
    """Return what kind of place `code` names: regency or city, village or urban village.

    In the Ministry's codes a city's number within its province begins at 71, and an urban
    village's number begins with 1.
    """
    level = level_of(code)
    if level is Level.REGENCY and int(code[3:5]) >= _FIRST_CITY:
        return _CITY
    if level is Level.VILLAGE and code[9] == "1":
        return _URBAN_VILLAGE
    return _LEVEL_WORD[level]
