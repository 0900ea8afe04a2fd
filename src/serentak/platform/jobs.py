"""Jobs of the platform itself: what a killed worker left is taken up again."""

from procrastinate import JobContext
from procrastinate.contrib.django import app


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
