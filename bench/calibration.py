"""Plays campaigns whose truth comes from another generator, and asks whether the forecast held.

`make calibration` writes `docs/forecast-calibration.md` and its figure. The truth differs from the
forecast's own model in every way that we could think of: durations are lognormal or Weibull, and
late together by campaign and by aspect; events that no catalogue has hold up whole aspects; work
goes by a curve; a quarter of those who report flatter, one in ten falls silent for weeks.
"""

import argparse
import math
import multiprocessing
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import yaml

from serentak.kernel.codes import Level, PlaceCode
from serentak.kernel.entries import read
from serentak.readiness.rules.activities import Catalogue, Definition
from serentak.readiness.rules.forecast import forecast, situation
from serentak.readiness.rules.network import Network, Node, build_network
from serentak.readiness.rules.pace import Seen
from serentak.readiness.rules.schedule import Work, compute_schedule
from serentak.readiness.rules.shocks import Shocks, read_shocks
from serentak.readiness.rules.thresholds import Thresholds, parse_thresholds

mpl.use("Agg")
import matplotlib.pyplot as plt

DOCS = Path(__file__).parents[1] / "docs"
PLACES = {Level.PROVINCE: PlaceCode("16"), Level.REGENCY: PlaceCode("16.02")}
VOTE = date(2024, 11, 27)
DAYS = (-60, -30, -14)
DRAWS = 2_000
WHOLE = 100
"""Every amount is counted in per cent."""

WORLDS = {"early": "begins as soon as it can", "planned": "begins when it was planned to"}


@cache
def shipped() -> tuple[Catalogue, Shocks, Thresholds]:
    """Return the catalogues."""

    def raw(name: str) -> Any:
        folder = files("serentak.readiness") / "catalogue"
        return yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))

    catalogue = read(Catalogue, raw("activities"))
    return catalogue, read_shocks(raw("shocks"), catalogue), parse_thresholds(raw("rules")).values


@cache
def network() -> Network:
    """Return the network of one regency and its province."""
    catalogue = shipped()[0]
    return build_network(
        catalogue,
        [
            (place, key)
            for level, place in PLACES.items()
            for key, activity in catalogue.activities.items()
            if level in activity.levels
        ],
    )


# --- the truth


@dataclass(frozen=True)
class Truth:
    """What really happens: days after the vote at whose end each begins and is finished."""

    begin: Sequence[float]
    finish: Sequence[float]


def play(random: np.random.Generator, world: str) -> Truth:
    """Return one campaign."""
    found = network()
    definitions = found.definitions
    together = random.lognormal(-0.12, 0.18)
    by_aspect: dict[str, float] = defaultdict(lambda: random.lognormal(0, 0.12))
    aspects = sorted({one.aspect for one in definitions})
    events = [
        (random.uniform(-120, 0), random.gamma(2, 1.5), set(random.choice(aspects, 3)))
        for _ in range(random.poisson(1.5))
    ]
    lead = random.uniform(10, 30) if world == "early" else random.uniform(1, 10)
    begin, finish = [0.0] * len(definitions), [0.0] * len(definitions)
    for i in found.order:
        one = definitions[i]
        days = _duration(random, one) * together * by_aspect[one.aspect]
        planned = one.target - one.durations.likely - lead
        begin[i] = max([planned, *(finish[p] for p in found.before[i])])
        end = begin[i] + days
        for day, delay, hits in events:
            if one.aspect in hits and begin[i] - 5 < day < end:
                end += delay
        finish[i] = max(end, one.target) if one.fixed else end
    return Truth(begin, finish)


def _duration(random: np.random.Generator, one: Definition) -> float:
    """Return a duration of another shape, half of them longer than the likely one."""
    low, likely, high = (
        one.durations.optimistic,
        one.durations.likely,
        one.durations.pessimistic,
    )
    spread = max(0.05, math.log(high / low) / 3.3)
    if random.random() < 0.5:
        return float(likely * random.lognormal(0, spread))
    shape = 1.2 / spread
    return float(likely * random.weibull(shape) / math.log(2) ** (1 / shape))


def reports(random: np.random.Generator, truth: Truth, today: int) -> dict[Node, list[Seen]]:
    """Return what is reported of each activity up to the evening before `today`."""
    found: dict[Node, list[Seen]] = {}
    curve = random.uniform(0.8, 1.4)
    for i, one in enumerate(network().definitions):
        begin, finish = truth.begin[i], truth.finish[i]
        flatters, silent = random.random() < 0.25, random.random() < 0.1
        mute = begin + random.uniform(0, 1) * (finish - begin) if silent else math.inf
        heard = mute + random.uniform(10, 30)
        seen, most = [], 0
        day = math.ceil(begin) + int(random.integers(0, one.report_every))
        while day < today:
            if mute < day < heard:
                day += one.report_every
                continue
            share = min(1.0, max(0.0, (day - begin) / max(0.01, finish - begin))) ** curve
            done = math.floor(WHOLE * share + 1e-9)
            if flatters and done < WHOLE:
                done = WHOLE if share > 0.93 else min(95, round(done * 1.15))
            most = max(most, done)
            seen.append(Seen(day, most))
            if most == WHOLE:
                break
            day += one.report_every
        found[network().nodes[i]] = seen
    return found


# --- what was forecast of it


@dataclass(frozen=True)
class Judged:
    """One chance that was told, and whether it came so; baselines beside it."""

    world: str
    today: int
    kind: str
    chance: float
    planned: bool
    straight: bool
    came: bool


@dataclass(frozen=True)
class Covered:
    """Whether one finish lay within P50, P80 and P95."""

    campaign: int
    world: str
    today: int
    within: tuple[bool, bool, bool]


def judge(campaign: int) -> tuple[list[Judged], list[Covered]]:
    """Play one campaign and forecast it on each of `DAYS`."""
    random = np.random.default_rng([2024, campaign])
    world = ("early", "planned")[campaign % 2]
    _, shocks, thresholds = shipped()
    found, place = network(), PLACES[Level.REGENCY]
    truth = play(random, world)
    judged, covered = [], []
    for today in DAYS:
        seen = reports(random, truth, today)
        works = [
            Work(WHOLE, seen[node][-1].done if seen[node] else None, definition.target)
            for node, definition in zip(found.nodes, found.definitions, strict=True)
        ]
        base = situation(
            found, works, seen=seen, today=today, vote_date=VOTE, thresholds=thresholds,
            shocks=shocks, as_planned=world == "planned",
        )  # fmt: skip
        told = forecast(base, seed=campaign, draws=DRAWS, places=[place], to_vote=True)
        schedule = compute_schedule(found, works, today=today, thresholds=thresholds)
        last = thresholds.last_day_before_vote
        all_by, plan_by, line_by = True, True, True
        for i, (node, one) in enumerate(zip(found.nodes, found.definitions, strict=True)):
            if node[0] != place or one.target >= 0:
                continue
            came = truth.finish[i] <= last
            slot = schedule.slots[i]
            planned = slot is None or slot.finish <= last
            straight = slot is None or _straight(seen[node], one, today) <= last
            all_by, plan_by, line_by = all_by and came, plan_by and planned, line_by and straight
            if node not in told.activities:
                continue
            it = told.activities[node]
            if one.target >= today:
                plan = slot is None or slot.finish <= one.target
                line = _straight(seen[node], one, today) <= one.target
                came = truth.finish[i] <= one.target
                share = it.by_target.share
                judged.append(Judged(world, today, "activity", share, plan, line, came))
            day = math.ceil(truth.finish[i] - 1e-9)
            covered.append(
                Covered(
                    campaign, world, today,
                    (day <= it.finish.p50, day <= it.finish.p80, day <= it.finish.p95),
                )
            )  # fmt: skip
        chance = told.places[place].ready.share
        judged.append(Judged(world, today, "place", chance, plan_by, line_by, all_by))
    return judged, covered


def _straight(seen: Sequence[Seen], one: Definition, today: int) -> float:
    """Return when the line through the first and last report is finished, else the target."""
    if len(seen) < 2 or seen[-1].done <= seen[0].done:
        return max(one.target, today)
    pace = (seen[-1].done - seen[0].done) / (seen[-1].day - seen[0].day)
    return seen[-1].day + (WHOLE - seen[-1].done) / pace


# --- what comes of it


def coverage(rows: Iterable[Covered]) -> list[tuple[float, float]]:
    """Return the share within P50, P80, P95 with its error; those of one campaign hang together."""
    by_campaign: dict[int, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for row in rows:
        by_campaign[row.campaign].append(row.within)
    sizes = np.array([len(one) for one in by_campaign.values()])
    hits = np.array([np.sum(one, axis=0) for one in by_campaign.values()])
    shares = hits.sum(0) / sizes.sum()
    errors = np.sqrt(((hits - sizes[:, None] * shares) ** 2).sum(0)) / sizes.sum()
    return [(float(a), float(b)) for a, b in zip(shares, errors, strict=True)]


def brier(rows: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    """Return the mean squared error of each way to tell the chance, with its error."""
    found = {}
    for name in ("chance", "planned", "straight"):
        squares = np.array([(getattr(row, name) - row.came) ** 2 for row in rows])
        found[name] = (float(squares.mean()), float(squares.std() / len(rows) ** 0.5))
    return found


def reliability(rows: Sequence[Judged]) -> list[tuple[str, int, float, float, float]]:
    """Return for each tenth its name, how many, the mean told, the share that came, its error."""
    table = []
    for tenth in range(10):
        inside = [r for r in rows if min(9, int(r.chance * 10)) == tenth]
        if not inside:
            continue
        came = sum(r.came for r in inside) / len(inside)
        error = math.sqrt(max(came * (1 - came), 0.25 / len(inside)) / len(inside))
        mean = sum(r.chance for r in inside) / len(inside)
        table.append((f"{tenth * 10}–{tenth * 10 + 10}", len(inside), mean, came, error))
    return table


def figure(judged: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """Draw how often it came so against the chance that was told."""
    mpl.rcParams["svg.hashsalt"] = "calibration"
    fig, axes = plt.subplots(figsize=(5.2, 5.2))
    axes.plot([0, 100], [0, 100], color="#999", linewidth=1, label="what was told comes true")
    for (name, rows), marker in zip(judged.items(), "os", strict=True):
        table = reliability(rows)
        axes.errorbar(
            [100 * mean for *_, mean, _, _ in table],
            [100 * came for *_, came, _ in table],
            yerr=[196 * error for *_, error in table],
            marker=marker, linewidth=1.2, capsize=2, label=f"ready H-1, work {WORLDS[name]}",
        )  # fmt: skip
    axes.set_xlabel("chance told, of 100")
    axes.set_ylabel("came so, of 100 (bars: 95 of 100 samples)")
    axes.set(xlim=(-2, 102), ylim=(-2, 102))
    axes.legend(loc="lower right", fontsize=8, frameon=False)
    fig.tight_layout()
    fig.savefig(path, metadata={"Date": None})


def lines(judged: Sequence[Judged], covered: Sequence[Covered], campaigns: int) -> Iterable[str]:
    """Yield the tables in Markdown."""
    yield f"{campaigns:,} campaigns, forecast at {', '.join(f'H{day}' for day in DAYS)};"
    yield f"{len(covered):,} activities open on those days.\n"
    yield "## Coverage: how many of 100 finishes lay within the day told\n"
    yield "| forecast | work | open | P50 | P80 | P95 |\n|---|---|---|---|---|---|"
    for today in DAYS:
        for world, words in WORLDS.items():
            rows = [r for r in covered if r.today == today and r.world == world]
            cells = " | ".join(f"{100 * a:.1f} ± {100 * b:.1f}" for a, b in coverage(rows))
            yield f"| H{today} | {words} | {len(rows):,} | {cells} |"
    yield "\n## Brier score: mean squared error of the chance (0 perfect, 0.25 a tossed coin)\n"
    yield "| forecast | of what | share that came | ours | planned dates | straight line |"
    yield "|---|---|---|---|---|---|"
    for kind, what in (("place", "place ready at H-1"), ("activity", "activity by its target")):
        for today in DAYS:
            told = [r for r in judged if r.kind == kind and r.today == today]
            scores = brier(told)
            cells = " | ".join(f"{a:.3f} ± {b:.3f}" for a, b in scores.values())
            came = sum(r.came for r in told) / len(told)
            yield f"| H{today} | {what} | {100 * came:.0f} of 100 | {cells} |"
    for kind, what in (("place", "ready at H-1"), ("activity", "activity by its target")):
        yield f"\n## Reliability: {what}\n"
        yield "| told, of 100 | how often | mean told | came so, of 100 |\n|---|---|---|---|"
        for name, count, mean, came, error in reliability([r for r in judged if r.kind == kind]):
            share = f"{100 * came:.0f} ± {100 * error:.0f}"
            yield f"| {name} | {count:,} | {100 * mean:.0f} | {share} |"


START, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> int:
    """Play, judge, and write the result between the marks of the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--campaigns", type=int, default=2_000)
    parser.add_argument("--write", action="store_true", help="write docs and figure")
    options = parser.parse_args()
    judged: list[Judged] = []
    covered: list[Covered] = []
    with multiprocessing.Pool() as pool:
        for one, other in pool.imap(judge, range(options.campaigns), chunksize=10):
            judged += one
            covered += other
    text = "\n".join(lines(judged, covered, options.campaigns))
    print(text)
    if options.write:
        page = DOCS / "forecast-calibration.md"
        before, rest = page.read_text("utf-8").split(START)
        page.write_text(f"{before}{START}\n{text}\n{END}{rest.split(END)[1]}", "utf-8")
        places = {w: [r for r in judged if r.kind == "place" and r.world == w] for w in WORLDS}
        figure(places, DOCS / "pictures" / "forecast-calibration.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
