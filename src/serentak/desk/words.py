"""What the desk says first: how places stand, who is silent, what decides, what it cannot tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from serentak.kernel.area import Phase, Words
from serentak.kernel.briefing import Alert, Focus
from serentak.kernel.countdown import countdown_label
from serentak.kernel.status import Status
from serentak.platform.web import formats
from serentak.platform.web.formats import number
from serentak.platform.web.vocabulary import STATUS_WORD
from serentak.platform.words import word

from .rules import Since, Standings


@dataclass(frozen=True, slots=True)
class ToCome:
    """A question that no slice answers yet, with the place of its card in each phase."""

    focus: Focus
    name: Words
    question: Words
    order: Mapping[Phase, int]


TO_COME = (
    ToCome(
        Focus.COUNT,
        pgettext_lazy("focus", "Count"),
        _("What did each station count, and does it add up?"),
        {Phase.BEFORE: 5, Phase.ON_THE_DAY: 2, Phase.AFTER: 1},
    ),
)
"""What is said of the questions that the house cannot answer; a slice that does takes over."""


STANDING: Mapping[Status, Words] = {
    Status.DONE: pgettext_lazy("so many places", "%(n)s done"),
    Status.ON_TRACK: pgettext_lazy("so many places", "%(n)s on track"),
    Status.AT_RISK: pgettext_lazy("so many places", "%(n)s at risk"),
    Status.LATE: pgettext_lazy("so many places", "%(n)s late"),
}
"""How many stand so; who is silent is told by a sentence of its own."""


def standing_text(found: Standings, *, are_places: bool) -> str:
    """Return how many places (else: areas of the one place) stand how; empty without any."""
    told = []
    for status, group in found.groups.items():
        text = str(STANDING[status]) % {"n": number(group.count)}
        told.append(f"{text} ({', '.join(group.named)})" if group.named else text)
    if found.unset:
        told.append(pgettext("so many places", "%(n)s not set up") % {"n": number(found.unset)})
    if not told:
        return ""
    whole = (
        ngettext("Of %(of)s place: %(told)s.", "Of %(of)s places: %(told)s.", found.of)
        if are_places
        else ngettext("Of %(of)s area: %(told)s.", "Of %(of)s areas: %(told)s.", found.of)
    )
    return whole % {"of": number(found.of), "told": ", ".join(told)}


def silent_text(found: Standings, *, silent_days: Mapping[str, int]) -> str:
    """Return who has not reported, with the days where they are known; empty if all have."""
    group = found.silent
    if group.named:
        names = ", ".join(_with_days(name, silent_days) for name in group.named)
        return str(_("No report: %(names)s.")) % {"names": names}
    if group.count:
        text = _("No report from %(n)s of %(of)s in one area or more, for longest from %(name)s.")
        return str(text) % {
            "n": number(group.count),
            "of": number(found.of),
            "name": _with_days(found.longest, silent_days),
        }
    return ""


def _with_days(name: str, silent_days: Mapping[str, int]) -> str:
    days = silent_days.get(name)
    if not days:
        return name
    text = ngettext("%(name)s (%(days)s day)", "%(name)s (%(days)s days)", days)
    return text % {"name": name, "days": number(days)}


def since_text(status: Status, since: Since, *, today: date) -> str:
    """Return since when something stands so: "At risk since 23 Oct"."""
    found = str(STATUS_WORD[status])
    if since.day == today:
        return str(_("%(status)s since today")) % {"status": found}
    text = (
        _("%(status)s since %(day)s or longer")
        if since.is_longer
        else _("%(status)s since %(day)s")
    )
    return str(text) % {"status": found, "day": formats.day(since.day, "short")}


TOPIC_CHARS = 60
"""Of a task in somebody's own words no more is told in passing."""


def topic_text(
    alert: Alert, *, place_name: str, day: date | None, today: date, vote_date: date | None
) -> str:
    """Return an alert in its short form with place and day; the place is empty if it is the page's.

    "Ballots arrive in the warehouse (Banyuasin), 4 days overdue"
    """
    about = Truncator(word("TOPICS", alert.code, alert.params).rstrip(".")).chars(TOPIC_CHARS)
    if place_name and place_name not in about:
        about = f"{about} ({place_name})"
    when = _when(day, today=today, vote_date=vote_date)
    return f"{about}, {when}" if when else about


def _when(day: date | None, *, today: date, vote_date: date | None) -> str:
    """Return when something is due as one says it: nothing where no day is known."""
    if day is None:
        return ""
    ahead = (day - today).days
    if ahead < 0:
        text = ngettext("%(days)s day late", "%(days)s days late", -ahead)
        return text % {"days": number(-ahead)}
    if ahead < 2:  # today and tomorrow have words of their own
        return str(_("due tomorrow") if ahead else _("due today"))
    return countdown_label(day, vote_date=vote_date) if vote_date else ""


def lead(phase: Phase, days: int | None) -> str:
    """Return what the page tells first in a phase, and what it cannot tell; `days` from the vote.

    Empty before the vote, when its sentence and its countdown say enough, and without an election.
    """
    if days is None or phase is Phase.BEFORE:
        return ""
    if phase is Phase.ON_THE_DAY:
        return str(
            _("Today is the vote. First: what was reported in the last hour, and who is silent.")
        )
    text = ngettext(
        "%(days)s day after the vote. First: which promises were kept. Count and quality are not "
        "yet set up here.",
        "%(days)s days after the vote. First: which promises were kept. Count and quality are not "
        "yet set up here.",
        days,
    )
    return text % {"days": days}
