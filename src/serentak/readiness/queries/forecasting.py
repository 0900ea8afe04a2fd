"""What a forecast rests on, and what it says as it is stored; whoever computes loads NumPy."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from serentak.kernel.codes import Level, PlaceCode, at_level, level_of
from serentak.kernel.countdown import days_after_vote
from serentak.platform.catalogue import load
from serentak.platform.holidays import holidays
from serentak.platform.reading import kept
from serentak.platform.rows import within
from serentak.readiness.models import ForecastRun, ShockChance, ShockStruck
from serentak.readiness.rules.pace import Seen
from serentak.readiness.rules.scenarios import Change, check_changes, what_if
from serentak.readiness.rules.shocks import Shocks, read_shocks

from .board import Board, board, catalogue
from .choosing import Choosing, chosen
from .curve import last_of_each_day

if TYPE_CHECKING:
    from serentak.readiness.rules.forecast import Chance, Finish, PlaceForecast, Situation

SEED = 20241127
"""The same numbers in every run, so that a chance changes only with what it rests on."""

RUNS = 10_000
"""Runs of a forecast: the standard error of a chance is then at most half a point."""

MOVE_DRAWS = 2_500
"""Runs for each shock: the paired difference needs fewer than a chance."""

PAST_RUNS = 1_000
"""Runs of a forecast of a day that is past."""

MOST_MOVES, MOST_CRITICAL = 3, 8


def shocks() -> Shocks:
    """Return the catalogue of shocks."""
    return load("readiness", "shocks", _read)


def _read(raw: Any) -> Shocks:
    return read_shocks(raw, catalogue())


@dataclass(frozen=True, slots=True)
class Setting:
    """What an installation says of shocks: chances of its own, and what has really struck."""

    chances: Mapping[str, float]
    struck: frozenset[tuple[str, PlaceCode]]


@kept
def setting(province: PlaceCode, *, election_id: int) -> Setting:
    """Return the chances set in a province and what has struck in it; two queries."""
    return Setting(
        dict(ShockChance.objects.filter(place=province).values_list("shock", "per_week")),
        frozenset(
            (shock, PlaceCode(place))
            for shock, place in ShockStruck.objects.filter(
                within(province), election=election_id
            ).values_list("shock", "place")
        ),
    )


def seen_of(found: Board) -> dict[tuple[PlaceCode, str], list[Seen]]:
    """Return what reports had reached at the end of each day, by activity; one query."""
    nodes = {row.id: (row.place, row.key) for row in found.rows}
    lines: dict[int, dict[int, int]] = defaultdict(dict)
    days: dict[int, dict[int, int]] = defaultdict(dict)
    for activity, line, quantity, when in last_of_each_day(nodes, found.zone):
        done = quantity or 0
        if line is not None:
            lines[activity][line] = done
            done = sum(lines[activity].values())
        days[activity][found.day_number(when)] = done
    return {
        nodes[activity]: [Seen(day, done) for day, done in sorted(of.items())]
        for activity, of in days.items()
    }


def situation_of(found: Board) -> "Situation":
    """Return the situation of a province on its board; three queries."""
    from serentak.readiness.rules.forecast import situation

    province = at_level(found.network.nodes[0][0], Level.PROVINCE)
    own = setting(province, election_id=found.election.id)
    vote = found.election.vote_date
    off = {days_after_vote(day, vote_date=vote) for day in holidays()}
    base = situation(
        found.network,
        found.works,
        seen=seen_of(found),
        today=found.day,
        vote_date=vote,
        thresholds=found.thresholds,
        shocks=shocks(),
        holidays=[day for day in off if -200 <= day <= 200],
        struck=own.struck,
        latest=found.schedule.latest,
    )
    return replace(base, chances=dict(own.chances))


def inputs_of(base: "Situation") -> str:
    """Return a digest of everything that a forecast rests on: the same one gives the same answer.

    Durations, deadlines and thresholds come in as what they made of the work that is left.
    """
    said = hashlib.sha256()
    for part in (
        (SEED, RUNS, base.today, base.vote_date, base.thresholds.last_day_before_vote),
        base.network.nodes,
        base.network.before,
        base.works,
        base.remaining,
        base.latest,
        sorted(base.shocks.shocks.items()),
        sorted(base.shocks.groups.items()),
        sorted(base.chances.items()),
        sorted(base.struck),
        sorted(base.holidays),
    ):
        said.update(repr(part).encode())
    return said.hexdigest()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is stored of a place: the columns, and `results` as JSON holds them."""

    place: PlaceCode
    ready: float
    finish: tuple[int, int, int]
    results: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Computed:
    """A forecast of a province as it will be stored."""

    election_id: int
    province: PlaceCode
    day: date
    draws: int
    inputs: str
    assumptions: Mapping[str, Any]
    outlooks: Sequence[Outlook]


def is_outdated(province: PlaceCode, *, at: datetime) -> bool:
    """Tell whether a province has no forecast, or one that rests on what has changed since."""
    found = board(province, at=at)
    if found is None:
        return False
    run = ForecastRun.objects.filter(
        election=found.election.id, place=province, day=found.today
    ).first()
    return run is None or run.inputs != inputs_of(situation_of(found))


def computed(province: PlaceCode, *, at: datetime, choose: Choosing | None) -> Computed | None:
    """Compute the forecast of a province; None where nothing is set up. Takes seconds.

    `choose` solves what comes first. Without it the day is past and only its trend will be told:
    fewer runs, and nothing of what moves the chance.
    """
    from serentak.readiness.rules.forecast import forecast, shock_moves

    found = board(province, at=at)
    if found is None:
        return None
    base = situation_of(found)
    whole = forecast(base, seed=SEED, draws=RUNS if choose else PAST_RUNS)
    moves = shock_moves(base, seed=SEED, draws=MOVE_DRAWS) if choose else {}
    activities: dict[PlaceCode, list[Any]] = defaultdict(list)
    for (place, key), one in whole.activities.items():
        activities[place].append((key, one))
    outlooks = []
    for place, told in whole.places.items():
        moved = moves.get(place)
        own = sorted(activities[place], key=lambda pair: -pair[1].criticality)
        if place == province:
            own = sorted(
                ((f"{where}/{key}", one) for where, all_of in activities.items()
                 for key, one in all_of),
                key=lambda pair: -pair[1].criticality,
            )  # fmt: skip
        own = [pair for pair in own if pair[1].criticality > 0 and _can_move(found, pair[0])]
        results = {
            **_place(told),
            "activities": [
                {
                    "key": key,
                    "criticality": round(of.criticality, 3),
                    "finish": _finish(of.finish),
                    "latest": _chance(of.by_latest),
                    "target": _chance(of.by_target),
                }
                for key, of in own[:MOST_CRITICAL]
            ],
            "shocks": [
                {"key": m.shock, "points": round(m.points, 4), "strikes": round(m.strikes, 4)}
                for m in (moved.moves[:5] if moved else ())
                if m.points > 0
            ],
            "without": _chance(moved.without) if moved else None,
            "moves": _moves(found, base, place, [key for key, _of in own])
            if choose and level_of(place) is Level.REGENCY
            else [],
            "choice": chosen(found, base, place, seed=SEED, choose=choose)
            if choose and level_of(place) is Level.REGENCY
            else {},
            "fan": _fan(found, base, place),
        }
        finish = told.finish
        outlooks.append(
            Outlook(place, told.ready.share, (finish.p50, finish.p80, finish.p95), results)
        )
    return Computed(
        election_id=found.election.id,
        province=province,
        day=found.today,
        draws=whole.draws,
        inputs=inputs_of(base),
        assumptions={
            "chances": dict(sorted(base.chances.items())),
            "struck": sorted([shock, place] for shock, place in base.struck),
            "shocks": len(base.shocks.shocks),
        },
        outlooks=outlooks,
    )


def _can_move(found: Board, key: str) -> bool:
    """Tell whether an activity can be hastened: no goal of the whole, no date of the law."""
    key = key.rpartition("/")[2]
    return key not in found.thresholds.goals and not found.catalogue.activities[key].fixed


def _chance(chance: "Chance") -> list[float]:
    return [round(chance.share, 4), round(chance.error, 4)]


def _finish(finish: "Finish") -> list[int]:
    return [finish.p50, finish.p80, finish.p95]


def _place(one: "PlaceForecast") -> dict[str, Any]:
    return {
        "ready": _chance(one.ready),
        "in_time": _chance(one.in_time),
        "by_target": _chance(one.by_target),
        "blocked": _chance(one.blocked),
        "blocked_share": round(one.blocked_share, 4),
        "aspects": {
            key: {"ready": _chance(of.ready), "finish": _finish(of.finish)}
            for key, of in one.aspects.items()
        },
    }


def factors(found: Board, place: PlaceCode) -> dict[str, dict[tuple[PlaceCode, str], float]]:
    """Return by what one more person, or vehicle, multiplies the days left of each activity.

    A vehicle helps what is brought somewhere, a person everything; a date of the law moves nobody.
    """
    crews = found.thresholds.crews
    kinds: dict[str, dict[tuple[PlaceCode, str], float]] = {"person": {}, "vehicle": {}}
    for standing in found.at_place(place):
        if standing.slot is None or standing.definition.fixed:
            continue
        kind = "vehicle" if standing.definition.aspect in VEHICLE_ASPECTS else "person"
        kinds[kind][(place, standing.row.key)] = crews[kind] / (crews[kind] + 1)
    return kinds


VEHICLE_ASPECTS = frozenset({"transport", "distribution"})


def _moves(
    found: Board, base: "Situation", place: PlaceCode, critical: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the strongest moves, one for each activity.

    Where none moves the chance by more than its error, such as where it is nothing, they are those
    at the works that decide the day most often.
    """
    from serentak.readiness.rules.forecast import gains

    definitions = found.catalogue.activities
    best: dict[str, dict[str, Any]] = {}
    for gain in gains(base, place, seed=SEED, draws=MOVE_DRAWS, more=factors(found, place)):
        where, key = gain.node
        if where != place or definitions[key].fixed or gain.points < 0:
            continue
        best.setdefault(
            key,
            {
                "key": key,
                "kind": gain.kind,
                "points": round(gain.points, 4),
                "error": round(gain.error, 4),
                "after": _chance(gain.chance),
            },
        )
    order = {key: n for n, key in enumerate(critical)}

    def rank(move: Mapping[str, Any]) -> tuple[float, int]:
        counts = move["points"] if move["points"] > 2 * move["error"] else 0.0
        return -counts, order.get(move["key"], len(order))

    return sorted(best.values(), key=rank)[:MOST_MOVES]


def _fan(
    found: Board, base: "Situation", place: PlaceCode
) -> list[tuple[int, float, float, float]]:
    from serentak.readiness.rules.fan import MOST_RUNS, Rest, fan_of
    from serentak.readiness.rules.forecast import draws_of

    standings = [
        s for s in found.at_place(place) if s.status is not None and s.definition.target < 0
    ]
    if not standings or found.day > 0:
        return []
    runs = draws_of(base, seed=SEED, draws=MOST_RUNS, places=[place])
    weights = found.thresholds.consequence_weights
    rests = [
        Rest(
            weights[s.definition.miss],
            s.work.done_share,
            runs.finish.get((place, s.row.key)),
            runs.durations.get((place, s.row.key)),
        )
        for s in standings
    ]
    return fan_of(rests, today=found.day, last=0)


def tried(
    place: PlaceCode, changes: Sequence[Change], *, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the forecast says of a place before and after changes; refused where they fail.

    A regency takes a tenth of a second, a province seconds.
    """
    from serentak.readiness.rules.forecast import changed, forecast

    check_changes(changes)
    found = board(place, at=at)
    assert found is not None  # noqa: S101  # who tries has looked
    base = situation_of(found)
    after = changed(base, what_if(changes, crews=found.thresholds.crews))
    places: Collection[PlaceCode] | None = None if level_of(place) is Level.PROVINCE else [place]
    told = []
    for one in (base, after):
        of = forecast(one, seed=SEED, draws=RUNS, places=places, to_vote=True).places[place]
        told.append({**_place(of), "finish": _finish(of.finish)})
    return told[0], told[1]
