"""What other slices may know of the election: its days, races, stations and voters.

Every function says how many queries it makes. Counts are those of the stations that were imported;
a place without stations is missing from a mapping (`NO_VOTERS` stands for it).
"""

from .queries import (
    NO_VOTERS,
    ContestCard,
    ElectionCard,
    PairCard,
    Quantities,
    StageCard,
    StationCard,
    VoterCounts,
    contests,
    contests_held_under,
    current_election,
    limits,
    quantities,
    stages,
    station_card,
    stations_of,
    voters_and_stations,
    voters_at_level,
)
from .rules import Limits, Office, Pair, StationRow, When
