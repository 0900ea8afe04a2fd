"""Neutrality for higher floors: briefings, follow-up, how many have signed, how services stand."""

from collections.abc import Mapping
from datetime import datetime

from serentak.kernel.codes import PlaceCode

from .permissions import VIEW_CASES, VIEW_NEUTRALITY
from .queries.briefing import briefings
from .queries.cases import FollowUp, FollowUpLine, follow_up
from .queries.catalogues import statistics
from .queries.standings import standings
from .rules.cases import CaseEvent, CaseState, ReplyKind, Stake
from .rules.catalogue import Statistic, Track
from .rules.standing import Pledges, ServiceLevel, Services


def pledges(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Pledges]:
    """Return how many have signed, of `parent` as a whole and of each child; holds no name."""
    found = standings(parent, at)
    by_place = {code: part.standing.pledges for code, part in found.parts.items()}
    return by_place | {parent: found.whole().pledges}


def services(*, parent: PlaceCode, at: datetime) -> Mapping[PlaceCode, Services]:
    """Return how services stand, of `parent` as a whole and of each child."""
    found = standings(parent, at)
    by_place = {code: part.standing.services for code, part in found.parts.items()}
    return by_place | {parent: found.whole().services}
