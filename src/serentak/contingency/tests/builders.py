"""Builders of the slice's tests: plans that run."""

from typing import Any
from uuid import uuid4

from serentak.contingency import actions
from serentak.contingency.models import PlanRun, RunStep
from serentak.kernel.codes import PlaceCode
from serentak.kernel.viewer import Viewer
from tests.cast import AT, OKI


def start(actor: Viewer, plan: str = "riot-district-office", place: str = OKI, **more: Any) -> int:
    """Start a plan and return the run's id."""
    given: dict[str, Any] = {"client_key": uuid4(), "at": AT} | more
    return actions.start_plan(plan=plan, place=PlaceCode(place), actor=actor, **given)


def the_run(run_id: int) -> PlanRun:
    """Return a run."""
    return PlanRun.objects.get(pk=run_id)


def step(run_id: int, n: int) -> RunStep:
    """Return a step of a run with what was asked."""
    return RunStep.objects.select_related("action").get(run=run_id, n=n)
