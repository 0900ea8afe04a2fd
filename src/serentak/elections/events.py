"""What is recorded when the election, its pairs or its stations change."""

from dataclasses import field
from datetime import date
from typing import Annotated

from serentak.platform.audit import HARMLESS, PERSONAL, Code, Event


class ElectionSetUp(Event):
    """An election was made with its stages and contests."""

    calendar: Code
    vote_date: date
    stages: int
    contests: int


class CandidatePairsSet(Event):
    """A contest's ballot was set as a whole; names of candidates are public."""

    pairs: Annotated[tuple[str, ...], HARMLESS]
    figure_class: Code


class StationsImported(Event):
    """Stations and their listed voters were taken over from a sheet."""

    count: int
    new_stations: int
    changed: int
    male: int
    female: int
    digest: Code
    source: str = field(metadata=PERSONAL)
    figure_class: Code
