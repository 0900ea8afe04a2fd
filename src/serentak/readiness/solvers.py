"""What to do first where hands are too few: a sample average over stated futures, by HiGHS.

Plain data in and out; see `rules/choosing.py` for what is chosen and what it is worth.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rules.choosing import Choice, Problem

SECONDS = 4.0
"""For how long one regency may be looked at; the gap says what is unproven then."""

GAP = 1e-4


def choose(problem: "Problem", *, seconds: float = SECONDS) -> "Choice":
    """Return the levels that keep most stations in expectation, then most of all other work.

    It begins with the order of priorities, so that it finds nothing that is worse on these futures;
    what hands are left over then go by that order.
    """
    from highspy import HighsModelStatus, HighsSolution, HighsVarType, kHighsInf

    from serentak.kernel.solving import Solver

    from .rules.choosing import Choice

    tasks = problem.tasks
    whole = [len(task.levels) - 1 for task in tasks]
    if problem.fits(whole):
        return Choice(whole, 0.0)
    solver = Solver()  # type: ignore[no-untyped-call]  # its class is not annotated
    for option, value in (
        ("threads", 1),
        ("random_seed", 1),
        ("mip_rel_gap", GAP),
        ("time_limit", seconds),
    ):
        solver.setOptionValue(option, value)
    futures = len(tasks[0].needs)
    start: list[float] = []

    def column(high: float, worth: float, begin: float, *, whole: bool = False) -> int:
        solver.addVar(0.0, high)
        number = len(start)
        solver.changeColCost(number, -worth)
        if whole:
            solver.changeColIntegrality(number, HighsVarType.kInteger)
        start.append(begin)
        return number

    def row(high: float, terms: dict[int, float]) -> None:
        solver.addRow(-kHighsInf, high, len(terms), list(terms), list(terms.values()))

    usual = problem.by_priority()
    reached = problem.done(usual)
    held = problem.held(usual)
    # One column for each level above nothing of a task; at most one of them is taken.
    takes = [
        [
            column(1.0, 0.0, float(usual[n] == level), whole=True)
            for level in range(1, len(t.levels))
        ]
        for n, t in enumerate(tasks)
    ]
    for n in range(len(tasks)):
        row(1.0, dict.fromkeys(takes[n], 1.0))
    for inside, room in problem.rooms:
        row(
            room,
            {
                taken: days
                for n in inside
                for taken, days in zip(takes[n], tasks[n].levels[1:], strict=True)
            },
        )
    left = [column(float(problem.stations), 1 / futures, float(held[s])) for s in range(futures)]
    done: list[list[int]] = []
    for n, (task, other) in enumerate(zip(tasks, problem.others, strict=True)):
        shares = [task.share(days) for days in task.levels]
        done.append([])
        for s in range(futures):
            share = column(
                1.0,
                float(other) / futures,
                float(reached[n][s]),
                whole=bool(task.whole and task.before),
            )
            done[n].append(share)
            terms = {t: -float(of[s]) for t, of in zip(takes[n], shares[1:], strict=True)}
            row(float(shares[0][s]), terms | {share: 1.0})
            for p in task.before:
                row(0.0, {share: 1.0, done[p][s]: -1.0})
            if task.stops:
                lost = float(task.stations)
                row(problem.stations - lost, {left[s]: 1.0, share: -lost})
    begin = HighsSolution()
    begin.col_value = start
    solver.setSolution(begin)
    solver.run()
    info = solver.getInfo()
    if solver.getModelStatus() not in (HighsModelStatus.kOptimal, HighsModelStatus.kTimeLimit):
        raise RuntimeError(f"the solver ended with {solver.getModelStatus()}")
    found, gap = usual, 1.0
    if info.primal_solution_status == 2:
        values = list(solver.getSolution().col_value)
        found = [
            next((level for level, t in enumerate(of, 1) if values[t] > 0.5), 0) for of in takes
        ]
        gap = info.mip_gap if 0 < info.mip_gap < kHighsInf else 0.0
    return Choice(max(usual, problem.filled(found), key=problem.worth), gap)
