"""Which spare pieces close which shortages at the least way driven: an exact plan by HiGHS."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from serentak.kernel.codes import PlaceCode

from .needs import What

TRIP_KG = 2_500.0
"""What one trip carries: heavier transfers drive the same way again, in part or whole (assumed)."""
SECONDS = 3.0
"""For how long the solver may look; the gap says what is unproven then."""

Amounts = Mapping[What, Mapping[PlaceCode, int]]
"""Pieces of each thing at each place."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Pieces of one thing from one keeper to another, and the kilometres between them."""

    what: What
    origin: PlaceCode
    destination: PlaceCode
    pieces: int
    km: float


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """Transfers that close as much as spare pieces can, and what stays short nevertheless.

    `km` is the way of all trips, one for each pair of places at least; no plan is shorter by more
    than the share `gap`.
    """

    transfers: Sequence[Transfer]
    short: Amounts
    km: float
    gap: float


def cheapest_transfers(
    spare: Amounts,
    wanted: Amounts,
    *,
    km: Callable[[PlaceCode, PlaceCode], float | None],
    kg: Callable[[What], float],
) -> TransferPlan:
    """Return the plan that closes the most, and of those the one with the least way.

    Every piece that can go somewhere does: of each thing the smaller of all that is spare and all
    that is wanted, as far as ways lead. The way counts a trip for each pair of places that is used
    and a share of another by weight (`TRIP_KG`). `km` is None where no load may go.
    """
    ways: dict[tuple[PlaceCode, PlaceCode], float] = {}
    flows: list[tuple[What, PlaceCode, PlaceCode]] = []
    for what, places in wanted.items():
        for origin, destination in product(spare.get(what, {}), places):
            pair = origin, destination
            if pair not in ways and (way := km(*pair)) is not None:
                ways[pair] = way
            if pair in ways:
                flows.append((what, *pair))
    if not flows:
        return TransferPlan((), _left(wanted, ()), 0.0, 0.0)
    amounts, gap = _solved(flows, ways, spare, wanted, kg)
    transfers = [
        Transfer(what, origin, destination, pieces, ways[origin, destination])
        for (what, origin, destination), pieces in zip(flows, amounts, strict=True)
        if pieces
    ]
    driven = sum(ways[pair] for pair in {(one.origin, one.destination) for one in transfers})
    driven += sum(one.km * one.pieces * kg(one.what) / TRIP_KG for one in transfers)
    return TransferPlan(tuple(transfers), _left(wanted, transfers), driven, gap)


def _left(wanted: Amounts, transfers: Sequence[Transfer]) -> Amounts:
    """Return what no transfer closes."""
    left = {what: dict(places) for what, places in wanted.items()}
    for one in transfers:
        left[one.what][one.destination] -= one.pieces
    found = {w: {place: n for place, n in places.items() if n} for w, places in left.items()}
    return {what: places for what, places in found.items() if places}


def _solved(
    flows: Sequence[tuple[What, PlaceCode, PlaceCode]],
    ways: Mapping[tuple[PlaceCode, PlaceCode], float],
    spare: Amounts,
    wanted: Amounts,
    kg: Callable[[What], float],
) -> tuple[list[int], float]:
    """Return the pieces of each flow, and the gap that is left unproven.

    First it is asked how much can be closed, then for the least way that closes so much. Once it
    is settled which pairs are used, what is left is a transport problem, whose corners are whole
    numbers; so pieces need no integer variables.
    """
    from highspy import HighsModelStatus, HighsVarType, kHighsInf

    from serentak.kernel.solving import Solver

    solver = Solver()  # type: ignore[no-untyped-call]  # its class is not annotated
    solver.setOptionValue("time_limit", SECONDS)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    solver.setOptionValue("mip_rel_gap", 1e-6)
    most = [min(spare[what][a], wanted[what][b]) for what, a, b in flows]
    pieces = [solver.addVariable(lb=0, ub=bound) for bound in most]
    used = {
        pair: solver.addVariable(lb=0, ub=1, type=HighsVarType.kInteger, obj=way)
        for pair, way in ways.items()
    }
    given: dict[tuple[What, PlaceCode], list[int]] = {}
    taken: dict[tuple[What, PlaceCode], list[int]] = {}
    for number, (what, origin, destination) in enumerate(flows):
        given.setdefault((what, origin), []).append(number)
        taken.setdefault((what, destination), []).append(number)
        solver.addConstr(pieces[number] <= most[number] * used[origin, destination])
    for (what, place), numbers in given.items():
        solver.addConstr(sum(pieces[n] for n in numbers) <= spare[what][place])
    for (what, place), numbers in taken.items():
        solver.addConstr(sum(pieces[n] for n in numbers) <= wanted[what][place])
    closed = sum(pieces)
    solver.maximize(closed)
    total = round(solver.getObjectiveValue())
    solver.addConstr(closed >= total)
    way = sum(used[pair] * km for pair, km in ways.items())
    for number, (what, origin, destination) in enumerate(flows):
        way += pieces[number] * (ways[origin, destination] * kg(what) / TRIP_KG)
    solver.minimize(way)
    status = solver.getModelStatus()
    if status not in (HighsModelStatus.kOptimal, HighsModelStatus.kTimeLimit):
        raise RuntimeError(f"the plan of transfers ended with {status}")
    gap = solver.getInfo().mip_gap
    return [round(solver.variableValue(one)) for one in pieces], gap if gap < kHighsInf else 1.0
