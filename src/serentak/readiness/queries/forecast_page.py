"""What the page of a place's forecast shows, from what is stored; nothing is computed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from serentak.coordination import public as coordination
from serentak.coordination.public import GIVE_ACTION
from serentak.institutions import public as institutions
from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.refused import OutOfScope
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform.catalogue import said
from serentak.readiness.permissions import TRY_SCENARIO, VIEW_READINESS
from serentak.readiness.rules.scenarios import Change, ChangeKind
from serentak.readiness.words import MOVES, chance_text, points_text, stations_text

from .board import Board, board
from .curve import Progress, curve_on
from .forecasting import shocks
from .forecasts import Chances, Day, Told, newest, of_100, trend
from .moves import KIND_OF_GAIN, asking_alert
from .report_quality import QualityOf, report_quality
from .scenarios import Tried, scenarios


@dataclass(frozen=True, slots=True)
class Critical:
    """An activity by the share of runs in which it lies on the longest chain, and finish dates."""

    key: str
    place: PlaceCode
    place_name: str
    name: str
    owner: str
    criticality: float
    p50: date
    p80: date
    p95: date

    @property
    def of_100(self) -> int:
        """In how many of 100 runs it decides the day."""
        return of_100(self.criticality)


@dataclass(frozen=True, slots=True)
class Moved:
    """A shock: by how much the chance would rise without it, and how often it strikes."""

    name: str
    points: float
    strikes: float

    @property
    def of_100(self) -> int:
        """In how many of 100 runs it strikes."""
        return of_100(self.strikes)

    @property
    def gain(self) -> str:
        """By how much the chance would rise without it, in words."""
        return points_text(self.points)


@dataclass(frozen=True, slots=True)
class Move:
    """One of the strongest moves: what would help, who owns the work, where to ask."""

    place: PlaceCode
    place_name: str
    key: str
    name: str
    owner: str
    kind: str
    points: float
    after: float
    ask_url: str

    @property
    def what(self) -> str:
        """What would help, in words."""
        return str(MOVES[self.kind])

    @property
    def gain(self) -> str:
        """By how much, in words."""
        return points_text(self.points)


@dataclass(frozen=True, slots=True)
class Aspect:
    """An aspect with its chance and finish."""

    name: str
    ready: float
    p80: date

    @property
    def chance(self) -> str:
        """The chance to be ready, in words."""
        return chance_text(self.ready)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A work to do first, by `due`, or without hands; `ask_url` is where its owner is asked."""

    key: str
    name: str
    owner: str
    due: date | None
    ask_url: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """What to do first in a regency, what can wait, and for what hands are too few.

    `firsts` counts all that come first; other numbers are stations, `gap` is a share.
    """

    first: Sequence[Chosen]
    firsts: int
    later: Sequence[Chosen]
    short: Sequence[Chosen]
    stations: int
    held: float
    points: float
    error: float
    gap: float
    futures: Sequence[int]

    @property
    def gain(self) -> str:
        """By how many stations it exceeds the order of priorities, with its error, in words."""
        return stations_text(self.points, self.error)


@dataclass(frozen=True)
class ForecastPage:
    """Everything on the page; `told` is None as long as nothing was computed."""

    found: Board
    place: PlaceCode
    told: Told | None
    below: Sequence[tuple[str, Chances]]
    critical: Sequence[Critical]
    shocks: Sequence[Moved]
    moves: Sequence[Move]
    choice: Choosing | None
    aspects: Sequence[Aspect]
    trend: Sequence[Day]
    curve: Sequence[Progress]
    quality: Sequence[QualityOf]
    tried: Sequence[Tried]
    may_try: bool

    @property
    def today(self) -> date:
        """The day at the place."""
        return self.found.today

    @property
    def vote_date(self) -> date:
        """The day of the vote."""
        return self.found.election.vote_date

    @property
    def last_day(self) -> date:
        """The last day for what belongs before the vote."""
        return self.found.date_of(self.found.thresholds.last_day_before_vote)

    def date_of(self, day: int) -> date:
        """Return the date of a day of the forecast."""
        return self.found.date_of(day)

    def margin(self, p80: int) -> int:
        """Return the days between P80 and the last day; below zero what is missing."""
        return self.found.thresholds.last_day_before_vote - p80


def forecast_page(place: PlaceCode, *, viewer: Viewer, at: datetime) -> ForecastPage | None:
    """Return the page of a province or regency, None where nothing is set up.

    A fixed number of queries; OutOfScope unless the viewer may see readiness there.
    """
    viewer.require(VIEW_READINESS, place)
    if not Level.PROVINCE <= level_of(place) <= Level.REGENCY:
        raise OutOfScope(VIEW_READINESS, place)
    found = board(place, at=at)
    if found is None:
        return None
    election = found.election.id
    told = newest(place, election_id=election)
    is_whole = level_of(place) is Level.PROVINCE
    below = sorted(
        (c for p, c in found.chances.items() if p != place and viewer.may(VIEW_READINESS, p)),
        key=lambda c: (c.ready, c.place),
    )
    lowest = [c.place for c in below[:3]] if is_whole else []
    sources = {place: told} if told else {}
    sources |= {p: one for p in lowest if (one := newest(p, election_id=election))}
    names = places.places([place, *found.chances])
    owners = institutions.institutions({row.owner_id for row in found.rows})
    tells = _Teller(found, {p: card.name for p, card in names.items()},
                    {id: card.short_name for id, card in owners.items()})  # fmt: skip
    may_ask = viewer.holds(GIVE_ACTION)
    return ForecastPage(
        found=found,
        place=place,
        told=told,
        below=[(tells.names.get(c.place, c.place), c) for c in below] if is_whole else [],
        critical=list(tells.critical(told)) if told else [],
        shocks=list(tells.shocks(told)) if told else [],
        moves=[
            move
            for p, one in sources.items()
            for move in tells.moves(one, may_ask=may_ask and viewer.may(GIVE_ACTION, p))
        ],
        choice=tells.choice(told, may_ask=may_ask and viewer.may(GIVE_ACTION, place))
        if told
        else None,
        aspects=tells.aspects(told) if told else [],
        trend=trend(place, election_id=election),
        curve=curve_on(found, place),
        quality=report_quality(found, place, viewer=viewer, at=at),
        tried=scenarios(place),
        may_try=viewer.may(TRY_SCENARIO, place),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts what is stored into words."""

    found: Board
    names: Mapping[PlaceCode, str]
    owners: Mapping[int, str]

    def critical(self, told: Told) -> "list[Critical]":
        rows = []
        for one in told.results["activities"]:
            where, slash, key = str(one["key"]).rpartition("/")
            place = PlaceCode(where) if slash else told.place
            definition = self.found.catalogue.activities.get(key)
            index = self.found.network.index.get((place, key))
            if definition is None or index is None:
                continue
            p50, p80, p95 = map(self.found.date_of, one["finish"])
            rows.append(
                Critical(
                    key=key,
                    place=place,
                    place_name=self.names.get(place, place),
                    name=said(definition.name),
                    owner=self.owners.get(self.found.rows[index].owner_id, ""),
                    criticality=one["criticality"],
                    p50=p50,
                    p80=p80,
                    p95=p95,
                )
            )
        return rows

    def shocks(self, told: Told) -> "list[Moved]":
        known = shocks().shocks
        return [
            Moved(said(known[one["key"]].name), one["points"], one["strikes"])
            for one in told.results["shocks"]
            if one["key"] in known
        ]

    def aspects(self, told: Told) -> "list[Aspect]":
        names = self.found.catalogue.aspects
        rows = [
            Aspect(said(names[key]), one["ready"][0], self.found.date_of(one["finish"][1]))
            for key, one in told.results["aspects"].items()
            if key in names
        ]
        return sorted(rows, key=lambda row: (row.ready, row.name))

    def moves(self, told: Told, *, may_ask: bool) -> "list[Move]":
        rows = []
        for one in told.results["moves"]:
            definition = self.found.catalogue.activities.get(one["key"])
            index = self.found.network.index.get((told.place, one["key"]))
            if definition is None or index is None:
                continue
            kind = KIND_OF_GAIN[one["kind"]]
            amount = -1 if kind is ChangeKind.DAYS else 1
            alert = asking_alert(self.found, Change(kind, told.place, one["key"], amount))
            rows.append(
                Move(
                    place=told.place,
                    place_name=self.names.get(told.place, told.place),
                    key=one["key"],
                    name=said(definition.name),
                    owner=self.owners.get(self.found.rows[index].owner_id, ""),
                    kind=one["kind"],
                    points=one["points"],
                    after=one["after"][0],
                    ask_url=coordination.ask_url(alert) if alert and may_ask else "",
                )
            )
        return rows

    def choice(self, told: Told, *, may_ask: bool) -> "Choosing | None":
        stored = told.results.get("choice")
        if not stored:
            return None

        def rows(of: str, kind: ChangeKind | None = None, amount: float = 0) -> "list[Chosen]":
            kind = kind if may_ask else None
            found = (self._chosen(told.place, row, kind, amount) for row in stored[of])
            return [one for one in found if one]

        lists = ("first", "later", "short")
        return Choosing(
            first=rows("first"),
            later=rows("later", ChangeKind.DROP),
            short=rows("short", ChangeKind.PERSON, 1),
            **{key: value for key, value in stored.items() if key not in lists},
        )

    def _chosen(
        self, place: PlaceCode, row: Mapping[str, Any], kind: ChangeKind | None, amount: float
    ) -> "Chosen | None":
        key = row["key"]
        definition = self.found.catalogue.activities.get(key)
        index = self.found.network.index.get((place, key))
        if definition is None or index is None:
            return None
        alert = asking_alert(self.found, Change(kind, place, key, amount)) if kind else None
        return Chosen(
            key=key,
            name=said(definition.name),
            owner=self.owners.get(self.found.rows[index].owner_id, ""),
            due=self.found.date_of(row["due"]) if "due" in row else None,
            ask_url=coordination.ask_url(alert) if alert else "",
        )
