"""Exact answers by HiGHS: who stands where, what more would cover, where the reserve waits.

Plain data in and out; times do not enter, so that the same question has the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from time import monotonic
from typing import TypeVar

from .rules import Batch, Crew, Posting, Reserve, Site

P = TypeVar("P", bound=str)

SECONDS = 8.0
"""For how long one plan may be looked for; the gap says what is unproven then."""

GAP = 1e-6


class _Model:
    """A problem for HiGHS: columns with costs, rows with bounds."""

    def __init__(self, seconds: float) -> None:
        from serentak.kernel.solving import Solver

        self.solver = Solver()  # type: ignore[no-untyped-call]  # its class is not annotated
        self.ends = monotonic() + seconds
        for option, value in (
            ("threads", 1),
            ("random_seed", 1),
            ("mip_rel_gap", GAP),
            ("mip_abs_gap", 1e-6),
        ):
            self.solver.setOptionValue(option, value)
        self.gap = 0.0

    def column(self, high: float, *, whole: bool = True) -> int:
        """Add a column from 0 to `high` and return its number."""
        from highspy import HighsVarType

        number = self.solver.getNumCol()
        self.solver.addVar(0.0, float(high))
        if whole:
            self.solver.changeColIntegrality(number, HighsVarType.kInteger)
        return int(number)

    def row(self, low: float, high: float, terms: Mapping[int, float]) -> None:
        """Add a row: low ≤ Σ value × column ≤ high."""
        self.solver.addRow(low, high, len(terms), list(terms), list(terms.values()))

    def least(
        self,
        costs: Mapping[int, float],
        start: Sequence[float] = (),
        *,
        otherwise: Sequence[float] = (),
    ) -> tuple[list[float], float]:
        """Return the values that make Σ cost × column least, and that sum.

        It begins with the answer `start`, so that it finds none that is worse. Where the time was
        too short for any, the answer is `otherwise`, which proves nothing.
        """
        from highspy import HighsModelStatus, HighsSolution, kHighsInf

        if not self.solver.getNumCol():
            return [], 0.0
        for number in range(self.solver.getNumCol()):
            self.solver.changeColCost(number, costs.get(number, 0.0))
        if start:
            begin = HighsSolution()
            begin.col_value = list(start)
            self.solver.setSolution(begin)
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + self.left())
        self.solver.run()
        status = self.solver.getModelStatus()
        info = self.solver.getInfo()
        values = list(self.solver.getSolution().col_value)
        is_found = status in (HighsModelStatus.kOptimal, HighsModelStatus.kTimeLimit)
        if not is_found or not values or info.primal_solution_status != 2:
            known = otherwise or start
            if known and status == HighsModelStatus.kTimeLimit:
                self.gap = 1.0
                return list(known), sum(cost * known[column] for column, cost in costs.items())
            raise RuntimeError(f"the solver ended with {status}")
        if 0 < info.mip_gap < kHighsInf:
            self.gap = max(self.gap, info.mip_gap)
        return values, float(info.objective_function_value)

    def left(self) -> float:
        """Return the seconds that are left, a moment at least."""
        return max(0.2, self.ends - monotonic())


def posting(
    crews: Sequence[Crew],
    batches: Sequence[Batch],
    *,
    most: int | None = None,
    seconds: float = SECONDS,
    with_travel: bool = True,
) -> Posting:
    """Return the posting that leaves the least uncovered, the gravest first, with the least way.

    First as few stations of tier 0 as can be stay uncovered, then of tier 1, and so on; of all
    that do as well, the one with the least officers × kilometres. `most` bounds all officers.
    """
    began = monotonic()
    model = _Model(seconds)
    inf = float("inf")
    takes = {
        (c, b): model.column(min(batch.groups, crew.officers // batch.officers))
        for (c, crew), (b, batch) in product(enumerate(crews), enumerate(batches))
        if batch.district in crew.km and crew.officers >= batch.officers
    }
    left = [model.column(batch.groups) for batch in batches]
    for b, batch in enumerate(batches):
        terms = {column: 1.0 for (_, of), column in takes.items() if of == b}
        model.row(batch.groups, batch.groups, terms | {left[b]: 1.0})
    of_crew: dict[int, dict[int, float]] = {}
    for (c, b), column in takes.items():
        of_crew.setdefault(c, {})[column] = float(batches[b].officers)
    for c, terms in of_crew.items():
        model.row(-inf, crews[c].officers, terms)
    if most is not None:
        model.row(
            -inf, most, {column: of for terms in of_crew.values() for column, of in terms.items()}
        )
    by_hand = greedy(crews, batches, most=most)
    values = [0.0] * (len(takes) + len(left))
    for key, n in by_hand.given.items():
        values[takes[key]] = float(n)
    for column, n in zip(left, by_hand.uncovered, strict=True):
        values[column] = float(n)
    for tier in sorted({batch.tier for batch in batches}):
        costs = {
            left[b]: float(batch.stations) for b, batch in enumerate(batches) if batch.tier == tier
        }
        lacks = sum(cost * values[column] for column, cost in costs.items())
        if lacks:
            values, lacks = model.least(costs, values)
        model.row(-inf, round(lacks), costs)
    if with_travel and takes:
        costs = {
            column: batches[b].officers * crews[c].km[batches[b].district]
            for (c, b), column in takes.items()
        }
        values, _ = model.least(costs, values)
    given = {key: n for key, column in takes.items() if (n := round(values[column]))}
    return Posting(
        given,
        tuple(round(values[column]) for column in left),
        travel(crews, batches, given),
        model.gap,
        monotonic() - began,
    )


def travel(
    crews: Sequence[Crew], batches: Sequence[Batch], given: Mapping[tuple[int, int], int]
) -> float:
    """Return the way of a posting: officers × kilometres."""
    return sum(
        n * batches[b].officers * crews[c].km[batches[b].district] for (c, b), n in given.items()
    )


def greedy(crews: Sequence[Crew], batches: Sequence[Batch], *, most: int | None = None) -> Posting:
    """Return what one would do by hand: the gravest first, each from the nearest with officers."""
    began = monotonic()
    left = [crew.officers for crew in crews]
    whole = sum(left) if most is None else most
    given: dict[tuple[int, int], int] = {}
    uncovered = [0] * len(batches)
    order = sorted(range(len(batches)), key=lambda b: (batches[b].tier, batches[b].district, b))
    for b in order:
        batch, wanted = batches[b], batches[b].groups
        near = sorted(
            (crew.km[batch.district], c)
            for c, crew in enumerate(crews)
            if batch.district in crew.km
        )
        for _, c in near:
            n = min(wanted, left[c] // batch.officers, whole // batch.officers)
            if n:
                given[c, b] = n
                left[c] -= n * batch.officers
                whole -= n * batch.officers
                wanted -= n
        uncovered[b] = wanted
    way = travel(crews, batches, given)
    return Posting(given, tuple(uncovered), way, 1.0, monotonic() - began)


def with_more(
    crews: Sequence[Crew],
    batches: Sequence[Batch],
    more: Iterable[int],
    *,
    most: int | None = None,
    seconds: float = SECONDS,
) -> dict[int, list[int]]:
    """Return the stations uncovered by tier if so many more could go anywhere, solved anew."""
    anywhere = {batch.district: 0.0 for batch in batches}
    return {
        n: posting(
            [*crews, Crew(n, anywhere)],
            batches,
            most=None if most is None else most + n,
            seconds=seconds,
            with_travel=False,
        ).stations(batches)
        for n in more
    }


# --- between regencies


def moves(
    spare: Mapping[P, int], lacking: Mapping[P, int], km: Mapping[tuple[P, P], float]
) -> dict[tuple[P, P], int]:
    """Return who sends how many to whom: as many as can be, by the least officers × kilometres."""
    model = _Model(SECONDS)
    pairs = [(a, b) for a, b in product(spare, lacking) if a != b and (a, b) in km]
    if not pairs:
        return {}
    columns = {pair: model.column(min(spare[pair[0]], lacking[pair[1]])) for pair in pairs}
    for at, amounts in ((0, spare), (1, lacking)):
        for place, amount in amounts.items():
            terms = {column: 1.0 for pair, column in columns.items() if pair[at] == place}
            if terms:
                model.row(-float("inf"), amount, terms)
    start, moved = model.least(
        dict.fromkeys(columns.values(), -1.0), otherwise=[0.0] * len(columns)
    )
    model.row(round(-moved), float("inf"), dict.fromkeys(columns.values(), 1.0))
    values, _ = model.least({column: km[pair] for pair, column in columns.items()}, otherwise=start)
    return {pair: n for pair, column in columns.items() if (n := round(values[column]))}


# --- the reserve


def reserve(
    sites: Sequence[Site],
    stations: Mapping[str, int],
    *,
    incidents: int,
    teams: int,
    seconds: float = SECONDS,
) -> Reserve:
    """Place teams so that incidents at `incidents` stations at once each find a team in time.

    `stations` are the stations to be reached by place. By Hall's theorem each incident finds a team
    of its own where any set of places holds no more incidents than teams that reach one of them.
    There are too many sets: one that is violated is looked for and added, until none is. With too
    few `teams` first as many stations as can be are reached at all, then as many incidents.
    """
    model = _Model(seconds)
    inf = float("inf")
    waiting = [model.column(teams) for _ in sites]
    model.row(-inf, teams, dict.fromkeys(waiting, 1.0))
    costs: dict[int, float] = dict.fromkeys(waiting, 1.0)
    weight = teams + 1.0
    for place, count in stations.items():
        missed = model.column(1)
        near = {waiting[s]: 1.0 for s, site in enumerate(sites) if place in site.minutes}
        model.row(1, inf, near | {missed: 1.0})
        costs[missed] = weight * (incidents + 1) * count
    # Nobody waits and everything is missed: that always can be.
    values = [0.0] * len(waiting) + [1.0] * len(stations)
    known: set[frozenset[str]] = set()
    rounds = 0
    while True:
        rounds += 1
        values, _ = model.least(costs, otherwise=values)
        placed = [round(values[column]) for column in waiting]
        reached = {
            place: count
            for place, count in stations.items()
            if any(n and place in site.minutes for n, site in zip(placed, sites, strict=True))
        }
        worst, lacks, unproven = _worst(sites, placed, reached, incidents)
        model.gap = max(model.gap, unproven)
        if not lacks or worst in known or model.left() <= 0.2:
            break
        known.add(worst)
        slack = model.column(incidents)
        values = [*values, float(incidents)]
        near = {waiting[s]: 1.0 for s, site in enumerate(sites) if worst & site.minutes.keys()}
        model.row(min(incidents, sum(stations[p] for p in worst)), inf, near | {slack: 1.0})
        costs[slack] = weight
    return Reserve(
        {s: n for s, n in enumerate(placed) if n},
        tuple(sorted(stations.keys() - reached.keys())),
        lacks,
        rounds,
        model.gap,
    )


def _worst(
    sites: Sequence[Site], placed: Sequence[int], stations: Mapping[str, int], incidents: int
) -> tuple[frozenset[str], int, float]:
    """Return the places where most incidents would find no team, how many, and what is unproven.

    By Hall's condition.
    """
    if not stations:
        return frozenset(), 0, 0.0
    model = _Model(SECONDS)
    inf = float("inf")
    chosen = {place: model.column(1) for place in stations}
    falls = model.column(incidents)
    model.row(-inf, 0, {falls: 1.0} | {chosen[p]: -float(n) for p, n in stations.items()})
    costs = {falls: -1.0}
    for site, n in zip(sites, placed, strict=True):
        if not n:
            continue
        used = model.column(1, whole=False)
        costs[used] = float(n)
        for place in site.minutes.keys() & stations.keys():
            model.row(0, inf, {used: 1.0, chosen[place]: -1.0})
    values, least = model.least(costs, otherwise=[0.0] * model.solver.getNumCol())
    worst = frozenset(p for p, column in chosen.items() if values[column] > 0.5)
    return worst, max(0, round(-least)), model.gap
