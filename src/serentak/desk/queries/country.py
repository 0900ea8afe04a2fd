"""The page of the country: what each province's own page tells, laid side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from serentak.desk import rules
from serentak.desk.permissions import VIEW_DESK
from serentak.elections import public as elections
from serentak.kernel.area import Area
from serentak.kernel.briefing import Briefing, Focus
from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.status import WORST_FIRST, Status
from serentak.kernel.viewer import Viewer
from serentak.places import public as places
from serentak.platform import areas, clock
from serentak.platform.reading import kept, reading

from .areas import Trend, answers_of
from .children import Child, Children
from .head import size_of
from .needs import Need, needs_of


@dataclass(frozen=True, slots=True)
class ProvinceLine(Child):
    """A province with an election: also when it votes, its voters, and what presses there most."""

    vote_date: date
    today: date
    voters: int
    needs: tuple[Need, ...]
    trends: Mapping[Focus, Trend]

    @property
    def first(self) -> Need | None:
        """What its own page tells first."""
        return self.needs[0] if self.needs else None


@dataclass(frozen=True, slots=True)
class CountryPage:
    """What the page of the country shows.

    `seen` are the areas that the viewer may see; `unset` the provinces in which no election is set
    up here; `names` are the places that what presses most speaks of.
    """

    card: places.PlaceCard
    at: datetime
    seen: tuple[Area, ...]
    provinces: tuple[ProvinceLine, ...]
    unset: tuple[places.PlaceCard, ...]
    names: Mapping[PlaceCode, places.PlaceCard]

    @property
    def today(self) -> date | None:
        """The day; where provinces already have another one, the later."""
        return max((line.today for line in self.provinces), default=None)

    @property
    def deciding(self) -> list[tuple[ProvinceLine, Need]]:
        """What presses most in the whole country, with its province; silence is told apart."""
        return _deciding(self.provinces)

    @property
    def children(self) -> Children:
        """The provinces as the children of a place are shown."""
        return Children(self.provinces, places.tile_grid(COUNTRY))

    @property
    def stations(self) -> int:
        """How many stations there are."""
        return sum(line.stations for line in self.provinces)

    @property
    def voters(self) -> int:
        """How many voters are listed."""
        return sum(line.voters for line in self.provinces)

    @property
    def vote_dates(self) -> Sequence[date]:
        """The days on which provinces vote, the earliest first."""
        return sorted({line.vote_date for line in self.provinces})

    def statuses(self, area: Area) -> Mapping[Status, int]:
        """Return how many provinces stand how in an area, the worst first."""
        found = Counter(s for line in self.provinces if (s := line.status(area.focus)))
        return {status: found[status] for status in WORST_FIRST if status in found}

    def days(self, area: Area) -> list[tuple[date, Status]]:
        """Return how an area stood on the last stored days: as the worst of its provinces."""
        found: dict[date, list[Status]] = {}
        for line in self.provinces:
            for stored in trend.days if (trend := line.trends.get(area.focus)) else ():
                found.setdefault(stored.day, []).append(stored.status)
        return [(day, min(found[day], key=WORST_FIRST.index)) for day in sorted(found)]

    def moved(self, area: Area) -> int | None:
        """Return how many provinces more are not in order than yesterday at the same hour.

        None where yesterday is not known of all.
        """
        asked = [line for line in self.provinces if area.focus in line.briefings]
        trends = [line.trends.get(area.focus) for line in asked]
        before = [trend.days[-1].status for trend in trends if trend and trend.is_fresh]
        if not asked or len(before) < len(asked):
            return None
        now = [line.status(area.focus) for line in asked]
        return rules.count_not_in_order(now) - rules.count_not_in_order(before)

    def unasked(self, area: Area) -> int:
        """Return in how many provinces nothing is set up in an area."""
        return sum(area.focus not in line.briefings for line in self.provinces)


@reading()
def country_page(*, viewer: Viewer, at: datetime) -> CountryPage:
    """Return the page of the country; OutOfScope unless the viewer may see the desk everywhere.

    Its numbers are those of the provinces' own pages: each is read as its page reads it, and kept
    until something changes in that province (docs/adr/0010).
    """
    viewer.require(VIEW_DESK, COUNTRY)
    provinces = places.children(COUNTRY)
    lines = {card.code: _line(card.code, viewer=viewer, at=at) for card in provinces}
    told = tuple(line for line in lines.values() if line)
    return CountryPage(
        card=places.place(COUNTRY),
        at=at,
        seen=areas.seen_by(viewer, COUNTRY),
        provinces=told,
        unset=tuple(card for card in provinces if lines[card.code] is None),
        names=places.places({need.alert.place for _, need in _deciding(told)}),
    )


def _deciding(lines: Sequence[ProvinceLine]) -> list[tuple[ProvinceLine, Need]]:
    """Return the needs of all provinces that the first sentence names."""
    heard = [
        (line, need)
        for line in lines
        for need in line.needs
        if need.alert.severity is not Status.NO_REPORT
    ]
    return sorted(heard, key=lambda told: told[1].alert.press)[: rules.DECIDING]


@kept
def _line(province: PlaceCode, *, viewer: Viewer, at: datetime) -> ProvinceLine | None:
    """Return what a province's page tells, None where no election is set up."""
    election = elections.current_election(province)
    if election is None:
        return None
    today = clock.local_date(at, zone=str(places.zone_of(province)))
    answers = answers_of(province, viewer=viewer, at=at, today=today)
    told: Mapping[Focus, Briefing] = answers.own
    size = size_of(province)
    return ProvinceLine(
        card=places.place(province),
        briefings=told,
        stations=size.stations,
        vote_date=election.vote_date,
        today=today,
        voters=size.voters,
        trends=answers.trends,
        needs=needs_of(province, told.values(), viewer=viewer, at=at, today=today).all,
    )
