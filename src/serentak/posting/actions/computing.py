"""Lays what the solver finds down as groups of stations; writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from serentak.kernel.codes import PlaceCode
from serentak.posting import solvers
from serentak.posting.models import Post
from serentak.posting.queries.catalogues import numbers
from serentak.posting.queries.plans import World
from serentak.posting.rules import Posting, Reserve, StationClass

MORE = (10, 20, 50)
"""So many officers more are asked about."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A group of stations as it is laid down: who goes, with how many officers (0: nobody)."""

    post: Post | None
    district: PlaceCode
    station_class: StationClass
    officers: int
    stations: tuple[PlaceCode, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the solver makes of a world."""

    world: World
    posting: Posting
    reserve: Reserve
    kept: int
    rows: tuple[Laid, ...]
    more: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, found: World, *, reserve: int | None, seconds: float) -> "Found":
        """Return the plan of a world: reserve first, then stations with the rest of the officers.

        Without a `reserve` teams are kept of those whom nobody needs at stations, as many as help;
        where there are none, of a small share of all.
        """
        rules = numbers()
        over = max(0, found.strength - found.need) // rules.team
        able = min(rules.incidents, int(found.strength * rules.reserve_share) // rules.team)
        teams = max(able, over) if reserve is None else reserve // rules.team
        waits = solvers.reserve(
            found.sites, found.highly, incidents=rules.incidents, teams=teams, seconds=seconds
        )
        kept = sum(waits.teams.values()) * rules.team if reserve is None else reserve
        most = found.strength - kept
        posting = solvers.posting(found.crews, found.batches, most=most, seconds=seconds)
        more = {}
        if any(posting.uncovered):
            more = solvers.with_more(found.crews, found.batches, MORE, most=most, seconds=seconds)
        return cls(found, posting, waits, kept, tuple(_rows(found, posting)), more)

    @property
    def uncovered(self) -> dict[StationClass, int]:
        """Stations without officers by class, the gravest first."""
        found: Counter[StationClass] = Counter()
        for row in self.rows:
            if not row.officers:
                found[row.station_class] += len(row.stations)
        return {one: found[one] for one in StationClass if found[one]}

    @property
    def reserves(self) -> list[tuple[Post | None, int, int]]:
        """Where the reserve waits: the post, how many, within how many minutes at the most."""
        team = numbers().team
        waits = {site: teams * team for site, teams in self.reserve.teams.items()}
        if rest := self.kept - sum(waits.values()):
            # Whom no team needs waits with the first of them, or at the seat.
            first = next(iter(waits), 0)
            waits[first] = waits.get(first, 0) + rest
        found = []
        for site, officers in waits.items():
            reached = self.world.sites[site].minutes
            far = max((n for code, n in reached.items() if code in self.world.highly), default=0.0)
            found.append((self.world.sited[site], officers, round(far)))
        return found


def _rows(found: World, posting: Posting) -> list[Laid]:
    waiting = {kind: list(stations) for kind, stations in found.stations.items()}
    rows = []
    for b, (batch, kind) in enumerate(zip(found.batches, found.kinds, strict=True)):
        takers: list[tuple[Post | None, int]] = [
            (found.posts[c], batch.officers)
            for (c, of), n in sorted(posting.given.items())
            if of == b
            for _ in range(n)
        ]
        takers += [(None, 0)] * posting.uncovered[b]
        for post, officers in takers:
            stations = tuple(waiting[kind][: batch.stations])
            del waiting[kind][: batch.stations]
            rows.append(Laid(post, *kind, officers, stations))
    return rows
