"""In which order a place's page tells what it knows: alerts by how they press, parts by phase."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from serentak.kernel.area import Phase
from serentak.kernel.briefing import Alert, Briefing, Figure
from serentak.kernel.countdown import days_after_vote
from serentak.kernel.pressing import Press


def phase_of(today: date, *, vote_date: date | None) -> Phase:
    """Return the phase; without an election everything is still to be prepared."""
    if vote_date is None:
        return Phase.BEFORE
    days = days_after_vote(today, vote_date=vote_date)
    if days < 0:
        return Phase.BEFORE
    return Phase.AFTER if days else Phase.ON_THE_DAY


@dataclass(frozen=True, slots=True)
class Layout:
    """The order of a page's parts: those of its wide column, then of its narrow one."""

    wide: tuple[str, ...]
    narrow: tuple[str, ...]


LAYOUTS: Mapping[Phase, Layout] = {
    Phase.BEFORE: Layout(wide=("alerts", "feed"), narrow=("children", "silent", "discrepancies")),
    Phase.ON_THE_DAY: Layout(
        wide=("feed", "alerts"), narrow=("silent", "children", "discrepancies")
    ),
    Phase.AFTER: Layout(
        wide=("promises", "alerts", "feed"), narrow=("discrepancies", "children", "silent")
    ),
}


def slice_of(code: str) -> str:
    """Return the slice that speaks: the part of a code before its dot."""
    return code.partition(".")[0]


def in_order(
    alerts: Iterable[Alert],
    *,
    made: Mapping[str, Sequence[str]],
    answered: Collection[str] = (),
    today: date,
) -> tuple[Alert, ...]:
    """Return alerts, the most pressing first, each thing once (docs/adr/0019).

    `made` gives the links of the actions that were made from an alert, by the alert's link. An
    alert about such an action is the same thing: it is told with the alert from which the action
    was made, as pressing as the more pressing of the two. Alerts whose links are in `answered` are
    promised for a day that has not passed, unless an alert about the action says otherwise.
    """
    found: dict[tuple[str, str, str], Alert] = {}
    for alert in alerts:
        key = (alert.code, alert.place, alert.link)
        if key not in found or alert.press < found[key].press:
            found[key] = alert
    by_link: dict[str, Press] = {}
    for alert in found.values():
        by_link[alert.link] = min(alert.press, by_link.get(alert.link, alert.press))
    dropped: set[str] = set()
    lifted: dict[str, Press] = {}
    for source, links in made.items():
        if source in by_link:
            for link in links:
                if link != source and link in by_link:
                    dropped.add(link)
                    lifted[source] = min(by_link[link], lifted.get(source, by_link[link]))
    told = []
    for alert in found.values():
        if alert.link in dropped:
            continue
        press = alert.press
        if alert.link in lifted:
            press = min(press, lifted[alert.link])
        elif alert.link in answered:
            press = replace(press, is_answered=True)
        told.append(replace(alert, press=press))
    return tuple(sorted(told, key=lambda a: (a.press, a.due_date or today, a.place, a.link)))


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a figure moved since the day before."""

    figure: Figure
    by: float


def change_since(now: Briefing, before: Sequence[Figure]) -> Change | None:
    """Return the first figure that moved since `before`; None if nothing did."""
    old = {figure.code: figure.value for figure in before}
    for figure in now.figures:
        was = old.get(figure.code)
        if was is not None and figure.value is not None and figure.value != was:
            return Change(figure, figure.value - was)
    return None
