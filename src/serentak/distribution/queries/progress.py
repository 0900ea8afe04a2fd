"""What is to be computed, and how far that is: told beside the transaction, for an hour."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from serentak.distribution.models import Plan
from serentak.distribution.rules.catalogue import Conditions, Stage
from serentak.distribution.rules.plans import PlanState
from serentak.distribution.rules.schedule import Setting
from serentak.kernel.codes import PlaceCode

from .plans import with_those_at_hand
from .world import earliest, world

_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Task:
    """What a solver is asked."""

    setting: Setting
    seed: int
    iterations: int
    earliest: datetime


def asked(plan_id: int, *, at: datetime) -> Task | None:
    """Return what is to be computed for a plan, None where nothing is awaited any more."""
    row = Plan.objects.filter(pk=plan_id, state=PlanState.COMPUTING.value).first()
    if row is None:
        return None
    place, stage = PlaceCode(row.place_id), Stage(row.stage)
    found = world(place, stage, conditions=Conditions(row.conditions), at=at)
    if found is None:
        return None
    found = with_those_at_hand(found, at=at)
    return Task(found.setting, row.seed or 0, row.iterations or 1, earliest(found, at))


def tell_progress(plan_id: int, done: int) -> None:
    """Say how many iterations are done."""
    cache.set(_key(plan_id), done, _SECONDS)


def progress_of(plan_id: int) -> int:
    """Return how many iterations are done; 0 before the first are told."""
    return int(cache.get(_key(plan_id), 0))


def _key(plan_id: int) -> str:
    return f"distribution/plan/{plan_id}"
