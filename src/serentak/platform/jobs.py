"""Jobs of the platform itself: what a killed worker left is taken up again; large sheets."""

from django.db import OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from .web import imports


@app.periodic(cron="* * * * *")
@app.task(
    name="platform.rescue_stalled_jobs", queueing_lock="rescue_stalled_jobs", pass_context=True
)
async def rescue_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Retry the jobs whose worker has not been heard of for 30 seconds, the library's default.

    A shorter time would run living jobs twice.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.task(
    name=imports.JOB,
    retry=RetryStrategy(max_attempts=5, wait=5, retry_exceptions={OperationalError}),
)
def work_on_sheet(user_id: int, path: str, token: str) -> None:
    """Read, check or take over a large sheet."""
    imports.work_on(user_id=user_id, path=path, token=token)
