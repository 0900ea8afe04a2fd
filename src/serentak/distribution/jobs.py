"""Work that runs by itself: a plan that was asked for is computed while its page waits."""

from django.db import OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock

from . import actions
from .actions.plans import JOB
from .queries.progress import asked, tell_progress


@app.task(
    name=JOB, retry=RetryStrategy(max_attempts=3, wait=5, retry_exceptions={OperationalError})
)
def compute_plan(plan_id: int) -> None:
    """Let the solver plan what is asked, and lay it down; what was dropped meanwhile is left."""
    from .solvers import improved

    task = asked(plan_id, at=clock.now())
    if task is None:
        return
    found = improved(
        task.setting,
        seed=task.seed,
        iterations=task.iterations,
        earliest=task.earliest,
        progress=lambda done: tell_progress(plan_id, done),
    )
    actions.compute_plan(
        plan_id=plan_id,
        routes=found.routes,
        left_out=found.left_out,
        actor=SYSTEM,
        at=clock.now(),
    )
