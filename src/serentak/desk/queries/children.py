"""The children of a place, each with what the areas say of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from serentak.desk import rules
from serentak.elections import public as elections
from serentak.kernel.area import Area
from serentak.kernel.briefing import Briefing, Focus
from serentak.kernel.codes import Level
from serentak.kernel.status import Status
from serentak.places import public as places

from .areas import Answers


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the place: its card, its briefings by focus, its stations."""

    card: places.PlaceCard
    briefings: Mapping[Focus, Briefing]
    stations: int

    def status(self, focus: Focus) -> Status | None:
        """The status in an area, None where nothing is set up or the viewer may not see it."""
        briefing = self.briefings.get(focus)
        return briefing.status if briefing else None

    @property
    def statuses(self) -> list[Status]:
        """How it stands in each area that the viewer may see."""
        return [briefing.status for briefing in self.briefings.values()]

    @property
    def overall(self) -> Status | None:
        """How it stands over all these areas, None where nothing is set up."""
        return rules.overall(self.statuses)

    def figure(self, code: str) -> float | None:
        """Return the value of a figure, None where it is unknown."""
        found = (f for briefing in self.briefings.values() for f in briefing.figures)
        return next((figure.value for figure in found if figure.code == code), None)

    def share(self, area: Area) -> float | None:
        """Return the area's headline share, from 0 to 1, None where nothing is known."""
        briefing = self.briefings.get(area.focus)
        for figure in briefing.figures if briefing else ():
            if figure.code == area.headline and figure.of and figure.value is not None:
                return figure.value / (100 if figure.unit == "%" else figure.of)
        return None


@dataclass(frozen=True, slots=True)
class Children:
    """All children in the order of their codes, and how they lie to each other."""

    all: tuple[Child, ...]
    grid: places.TileGrid | None

    @property
    def heard(self) -> int:
        """How many have reported on their readiness."""
        statuses = [child.status(Focus.READINESS) for child in self.all]
        return sum(status not in (None, Status.NO_REPORT) for status in statuses)


def children_of(card: places.PlaceCard, answers: Answers) -> Children:
    """Return the children of a place down to villages."""
    grid = places.tile_grid(card.code) if card.level < Level.VILLAGE else None
    counts = elections.voters_and_stations(card.code)
    return Children(
        all=tuple(
            Child(
                card=tile,
                briefings=answers.by_place.get(tile.code, {}),
                stations=counts.get(tile.code, elections.NO_VOTERS).stations,
            )
            for tile in (grid.tiles if grid else ())
        ),
        grid=grid,
    )
