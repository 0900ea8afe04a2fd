"""In which order a place's page tells what it knows: alerts by weight, parts by phase."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import log2
from typing import Annotated

from serentak.kernel.area import Phase, Scale
from serentak.kernel.briefing import Alert, Briefing, Figure
from serentak.kernel.countdown import days_after_vote
from serentak.kernel.entries import above_zero, raise_faults


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


def _weighs(scale: Scale) -> Scale:
    """Refuse a scale on which an alert would weigh nothing."""
    given = {"gravest": scale.gravest, "worth": scale.worth}
    raise_faults(f"{name}: must be greater than 0" for name, n in given.items() if n <= 0)
    return scale


@dataclass(frozen=True, slots=True)
class Ordering:
    """The desk's one scale; `half_life_days` doubles the nearness, which stays within bounds.

    `scales` say by slice what its weights mean; the catalogue names those only that an installation
    sets otherwise than the slices declare.
    """

    half_life_days: Annotated[float, above_zero]
    least: Annotated[float, above_zero]
    most: float
    scales: Mapping[str, Annotated[Scale, _weighs]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.least <= 1 <= self.most:
            raise ValueError("least, most: must lie around 1")


def slice_of(code: str) -> str:
    """Return the slice that speaks: the part of a code before its dot."""
    return code.partition(".")[0]


def nearness(due_date: date | None, *, today: date, ordering: Ordering) -> float:
    """Return 1 on the due date, doubled with each half-life past it; without a date it is now."""
    if due_date is None:
        return 1.0
    half_lives = (today - due_date).days / ordering.half_life_days
    # Bounded before it is raised: what is years late is as near as can be, not beyond all numbers.
    doubled: float = 2.0 ** min(half_lives, log2(ordering.most))
    return min(max(doubled, ordering.least), ordering.most)


def pressing(alert: Alert, *, today: date, ordering: Ordering) -> float:
    """Return consequence × nearness on the desk's scale; a slice without a scale comes last."""
    scale = ordering.scales.get(slice_of(alert.code))
    if scale is None:
        return 0.0
    near = 1.0 if scale.holds_nearness else nearness(alert.due_date, today=today, ordering=ordering)
    return alert.weight / scale.gravest * scale.worth * near


def in_order(
    alerts: Iterable[Alert],
    *,
    made: Mapping[str, Sequence[str]],
    today: date,
    ordering: Ordering,
) -> tuple[Alert, ...]:
    """Return alerts weighed on the desk's scale, the most pressing first, each thing once.

    `made` gives the links of the actions that were made from an alert, by the alert's link. An
    alert about such an action is the same thing: it is told with the alert from which the action
    was made, as heavy as the heavier of the two.
    """
    weighed: dict[tuple[str, str, str], Alert] = {}
    for alert in alerts:
        heavy = replace(alert, weight=pressing(alert, today=today, ordering=ordering))
        key = (alert.code, alert.place, alert.link)
        if key not in weighed or weighed[key].weight < heavy.weight:
            weighed[key] = heavy
    by_link: dict[str, float] = {}
    for alert in weighed.values():
        by_link[alert.link] = max(by_link.get(alert.link, 0.0), alert.weight)
    dropped: set[str] = set()
    lifted: dict[str, float] = {}
    for source, links in made.items():
        if source in by_link:
            for link in links:
                if link != source and link in by_link:
                    dropped.add(link)
                    lifted[source] = max(lifted.get(source, 0.0), by_link[link])
    told = [
        replace(alert, weight=max(alert.weight, lifted.get(alert.link, 0.0)))
        for alert in weighed.values()
        if alert.link not in dropped
    ]
    return tuple(sorted(told, key=lambda a: (-a.weight, a.due_date or today, a.place, a.link)))


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
