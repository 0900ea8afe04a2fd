"""What a place's page says first, and in which order it tells the rest: alerts by how they press,
parts by phase.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from serentak.kernel.area import Phase
from serentak.kernel.briefing import Alert, Briefing, Figure
from serentak.kernel.countdown import days_after_vote
from serentak.kernel.pressing import Press
from serentak.kernel.status import WORST_FIRST, Status


def phase_of(today: date, *, vote_date: date | None) -> Phase:
    """Return the phase; without an election everything is still to be prepared."""
    if vote_date is None:
        return Phase.BEFORE
    days = days_after_vote(today, vote_date=vote_date)
    if days < 0:
        return Phase.BEFORE
    return Phase.AFTER if days else Phase.ON_THE_DAY


@dataclass(frozen=True, slots=True)
class Columns:
    """Parts side by side: those of the wide column, then of the narrow one; so a phone has them."""

    wide: tuple[str, ...]
    narrow: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The order of a page's parts: `first` begins on the first screen, `then` stands below."""

    first: Columns
    then: Columns


LAYOUTS: Mapping[Phase, Layout] = {
    Phase.BEFORE: Layout(
        first=Columns(wide=("alerts",), narrow=("children",)),
        then=Columns(wide=("work", "feed"), narrow=("silent", "discrepancies")),
    ),
    Phase.ON_THE_DAY: Layout(
        first=Columns(wide=("feed", "alerts"), narrow=("silent", "children")),
        then=Columns(wide=("work",), narrow=("discrepancies",)),
    ),
    Phase.AFTER: Layout(
        first=Columns(wide=("promises", "alerts"), narrow=("discrepancies", "children")),
        then=Columns(wide=("work", "feed"), narrow=("silent",)),
    ),
}


def layout_of(phase: Phase, *, is_urgent: bool) -> Layout:
    """Return the order of a page's parts; what is urgent by the minute stands above all else."""
    layout = LAYOUTS[phase]
    if not is_urgent or "alerts" not in layout.first.wide:
        return layout
    rest = tuple(part for part in layout.first.wide if part != "alerts")
    return replace(layout, first=replace(layout.first, wide=("alerts", *rest)))


def overall(statuses: Iterable[Status]) -> Status | None:
    """Return how a place stands over all areas: as the worst of them, and silence is never green.

    None where no area has an answer.
    """
    return min(statuses, key=WORST_FIRST.index, default=None)


DECIDING = 2
"""How many needs the first sentence names."""

NAMED = 3
"""As many are named at most; more are counted."""


@dataclass(frozen=True, slots=True)
class Group:
    """How many stand so; `named` are all of them, or none where they are too many to be named."""

    count: int
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standings:
    """How many stand how, of how many; `silent` are all who owe a report in some area.

    `groups` are told worst first, without those of whom nothing but silence is known: these are
    among the silent. `longest` is silent for longest; for the `unset` no area has an answer.
    """

    of: int
    groups: Mapping[Status, Group]
    silent: Group
    longest: str = ""
    unset: int = 0


def standings(
    found: Mapping[str, Collection[Status]], *, silent_days: Mapping[str, int]
) -> Standings:
    """Return how many of `found` (statuses in all areas, by name) stand how.

    `silent_days` says for how long who owes a report has been silent, where that is known.
    """
    by_status: dict[Status | None, list[str]] = {}
    for name, statuses in found.items():
        by_status.setdefault(overall(statuses), []).append(name)
    silent = sorted(
        (name for name, statuses in found.items() if Status.NO_REPORT in statuses),
        key=lambda name: -silent_days.get(name, 0),
    )
    return Standings(
        of=len(found),
        groups={
            status: _group(by_status[status], is_named=status is Status.LATE)
            for status in WORST_FIRST
            if status in by_status and status is not Status.NO_REPORT
        },
        silent=_group(silent, is_named=True),
        longest=next(iter(silent), ""),
        unset=len(by_status.get(None, ())),
    )


def _group(names: Sequence[str], *, is_named: bool) -> Group:
    return Group(len(names), tuple(names) if is_named and len(names) <= NAMED else ())


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
    moved = ((figure, moved_by(figure, before)) for figure in now.figures)
    return next((Change(figure, by) for figure, by in moved if by), None)


def moved_by(figure: Figure, before: Iterable[Figure]) -> float | None:
    """Return by how much a figure moved since `before`; None where one of the two is unknown."""
    was = next((old.value for old in before if old.code == figure.code), None)
    return None if was is None or figure.value is None else figure.value - was


@dataclass(frozen=True, slots=True)
class Since:
    """The first day of a standing that still holds; `is_longer` where it may have begun before."""

    day: date
    is_longer: bool


def since(now: Status, days: Sequence[tuple[date, Status]], *, today: date) -> Since | None:
    """Return since when something stands as it does `now`; None where no earlier day is stored.

    `days` are the stored days before `today`, oldest first.
    """
    begin = today
    for day, status in reversed(days):
        if status is not now:
            return Since(begin, is_longer=False)
        begin = day
    return Since(begin, is_longer=True) if days else None


NOT_IN_ORDER = frozenset({Status.LATE, Status.AT_RISK, Status.NO_REPORT})


def count_not_in_order(statuses: Iterable[Status | None]) -> int:
    """Return how many are late, at risk or silent; where nothing is set up nothing is counted."""
    return sum(status in NOT_IN_ORDER for status in statuses)


def deciding(figures: Sequence[Figure], codes: Iterable[str]) -> Figure | None:
    """Return the first of `codes` among the figures whose value is known, None if there is none."""
    known = {figure.code: figure for figure in figures if figure.value is not None}
    return next((known[code] for code in codes if code in known), None)
