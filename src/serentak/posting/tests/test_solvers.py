"""The solver against brute force and against what one would do by hand; the reserve by matching."""

import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations_with_replacement, product
from random import Random

import pytest

from serentak.posting.rules import Batch, Crew, Site, uncovered_stations
from serentak.posting.solvers import greedy, moves, posting, reserve, with_more

DISTRICTS = ("A", "B", "C")


def world(random: Random, *, crews: int = 2, batches: int = 3) -> tuple[list[Crew], list[Batch]]:
    def km() -> dict[str, float]:
        return {d: float(random.randint(1, 30)) for d in DISTRICTS if random.random() < 0.8}

    return (
        [Crew(random.randint(0, 6), km()) for _ in range(crews)],
        [
            Batch(
                random.choice(DISTRICTS),
                random.randint(0, 2),
                random.randint(1, 2),
                random.randint(1, 4),
                random.randint(1, 2),
            )
            for _ in range(batches)
        ],
    )


def best(crews: list[Crew], batches: list[Batch]) -> tuple[list[int], float]:
    """Return the best answer by trying all."""
    keys = [
        (c, b)
        for c, crew in enumerate(crews)
        for b, batch in enumerate(batches)
        if batch.district in crew.km
    ]
    found: tuple[list[int], float] | None = None
    for amounts in product(*(range(batches[b].groups + 1) for _, b in keys)):
        given = dict(zip(keys, amounts, strict=True))
        left = [
            batch.groups - sum(n for (_, of), n in given.items() if of == b)
            for b, batch in enumerate(batches)
        ]
        sent = [
            sum(n * batches[b].officers for (of, b), n in given.items() if of == c)
            for c in range(len(crews))
        ]
        if min(left) < 0 or any(n > crew.officers for n, crew in zip(sent, crews, strict=True)):
            continue
        way = sum(
            n * batches[b].officers * crews[c].km[batches[b].district]
            for (c, b), n in given.items()
        )
        answer = (uncovered_stations(batches, left), way)
        found = min(found, answer) if found else answer
    assert found
    return found


@pytest.mark.parametrize("seed", range(40))
def test_no_posting_is_better_and_none_by_hand(seed: int) -> None:
    crews, batches = world(Random(seed))
    found = posting(crews, batches)
    assert found.gap == 0
    stations, way = best(crews, batches)
    assert found.stations(batches) == stations
    assert found.travel == pytest.approx(way)
    by_hand = greedy(crews, batches)
    assert (found.stations(batches), found.travel) <= (
        by_hand.stations(batches),
        by_hand.travel + 1e-6,
    )


@pytest.mark.parametrize("seed", range(8))
def test_what_is_found_holds(seed: int) -> None:
    crews, batches = world(Random(seed), crews=5, batches=12)
    found = posting(crews, batches, most=9)
    sent = [0] * len(crews)
    for (c, b), n in found.given.items():
        assert batches[b].district in crews[c].km
        sent[c] += n * batches[b].officers
    assert sum(sent) <= 9
    assert all(n <= crew.officers for n, crew in zip(sent, crews, strict=True))
    for b, batch in enumerate(batches):
        taken = sum(n for (_, of), n in found.given.items() if of == b)
        assert taken + found.uncovered[b] == batch.groups


def test_the_gravest_are_covered_though_others_lie_nearer() -> None:
    crews = [Crew(2, {"A": 1, "B": 50})]
    batches = [Batch("A", 2, 2, 8, 3), Batch("B", 0, 2, 1, 1)]
    found = posting(crews, batches)
    assert found.given == {(0, 1): 1}
    assert found.stations(batches) == [0, 0, 24]


def test_more_officers_cover_the_gravest_then_the_most() -> None:
    crews = [Crew(2, {"A": 1.0})]
    batches = [Batch("A", 0, 2, 1, 2), Batch("A", 1, 2, 2, 3), Batch("A", 2, 2, 8, 4)]
    assert posting(crews, batches).stations(batches) == [1, 6, 32]
    found = with_more(crews, batches, (10, 20, 50))
    assert found == {10: [0, 0, 24], 20: [0, 0, 0], 50: [0, 0, 0]}


def test_where_nothing_is_to_be_posted_nothing_is() -> None:
    assert posting([], []).given == {}
    lone = [Batch("A", 0, 2, 1, 3)]
    assert posting([], lone).uncovered == (3,)
    assert posting([Crew(9, {"B": 1})], lone).uncovered == (3,)


def test_a_problem_beyond_its_time_still_answers() -> None:
    random = Random(1)
    crews, batches = world(random, crews=12, batches=60)
    found = posting(crews, batches, seconds=0.01)
    assert 0 <= found.gap < 1
    assert found.stations(batches) <= greedy(crews, batches).stations(batches)


def test_surplus_goes_to_shortage_by_the_least_way() -> None:
    km = {("A", "X"): 10.0, ("A", "Y"): 60.0, ("B", "X"): 20.0, ("B", "Y"): 30.0}
    assert moves({"A": 5, "B": 9}, {"X": 6, "Y": 4}, km) == {
        ("A", "X"): 5,
        ("B", "X"): 1,
        ("B", "Y"): 4,
    }
    assert moves({"A": 5}, {"X": 3, "Y": 9}, km) == {("A", "X"): 3, ("A", "Y"): 2}
    assert moves({}, {"X": 3}, km) == {}


# --- the reserve


def is_safe(sites: Sequence[Site], placed: Mapping[int, int], falls: Collection[str]) -> bool:
    """Tell by matching whether incidents at these places, one a mention, find a team each."""
    teams = [s for s, n in placed.items() for _ in range(n)]
    taken: dict[int, int] = {}
    wanted = list(falls)

    def found(at: int, seen: set[int]) -> bool:
        for team, s in enumerate(teams):
            if team not in seen and wanted[at] in sites[s].minutes:
                seen.add(team)
                if team not in taken or found(taken[team], seen):
                    taken[team] = at
                    return True
        return False

    return all(found(at, set()) for at in range(len(wanted)))


def falls(stations: dict[str, int], incidents: int) -> list[tuple[str, ...]]:
    """Return all incidents that may fall together, at no place more than it has stations."""
    together = min(incidents, sum(stations.values()))
    return [
        one
        for one in combinations_with_replacement(sorted(stations), together)
        if all(one.count(place) <= n for place, n in stations.items())
    ]


@pytest.mark.parametrize("seed", range(30))
def test_all_incidents_that_fall_together_find_a_team_and_fewer_teams_do_not(seed: int) -> None:
    random = Random(seed)
    places = "ABCDE"
    sites = [Site({place: 10.0 for place in places if random.random() < 0.6}) for _ in range(4)]
    stations = {place: random.randint(1, 3) for place in places}
    incidents = random.randint(1, 3)
    found = reserve(sites, stations, incidents=incidents, teams=12)
    reachable = {p: n for p, n in stations.items() if any(p in site.minutes for site in sites)}
    assert set(found.unreached) == stations.keys() - reachable.keys()
    assert found.short == 0
    assert all(is_safe(sites, found.teams, one) for one in falls(reachable, incidents))
    least = min(
        sum(amounts)
        for amounts in product(range(incidents + 1), repeat=len(sites))
        if all(is_safe(sites, dict(enumerate(amounts)), one) for one in falls(reachable, incidents))
    )
    assert sum(found.teams.values()) == least


def test_too_few_teams_reach_the_most_stations_and_say_what_is_short() -> None:
    sites = [Site({"A": 5.0}), Site({"B": 5.0})]
    found = reserve(sites, {"A": 1, "B": 4}, incidents=2, teams=1)
    assert (found.teams, found.unreached, found.short) == ({1: 1}, ("A",), 1)
    assert reserve(sites, {"A": 1, "B": 4}, incidents=2, teams=0).unreached == ("A", "B")
    assert reserve([], {}, incidents=2, teams=3).teams == {}


@pytest.mark.parametrize("seed", range(5))
def test_whoever_has_no_time_left_still_answers_with_what_can_be(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serentak.posting.solvers._Model.left", lambda _model: 0.0)
    random = Random(seed)
    places = [f"P{n}" for n in range(40)]
    sites = [Site({p: 10.0 for p in places if random.random() < 0.2}) for _ in range(30)]
    stations = {place: random.randint(1, 3) for place in places}
    found = reserve(sites, stations, incidents=3, teams=6)
    assert sum(found.teams.values()) <= 6
    assert set(found.unreached) <= set(places)
    spare, lacking = {f"A{n}": 5 + n for n in range(9)}, {f"B{n}": 3 + n for n in range(9)}
    km = {(a, b): random.random() for a in spare for b in lacking}
    moved = moves(spare, lacking, km)
    assert all(sum(n for (a, _), n in moved.items() if a == of) <= spare[of] for of in spare)


def test_the_solver_prints_nothing() -> None:
    code = "from serentak.posting import solvers; solvers._Model(1.0)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert (told.stdout, told.stderr) == (b"", b"")
