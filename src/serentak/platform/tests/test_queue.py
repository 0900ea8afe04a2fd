"""The queue: a job lives and dies with its transaction, and a killed worker's job is retried."""

import asyncio
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from serentak.platform import jobs
from serentak.platform.queue import enqueue


@app.task(name="platform.note_for_test")
def note(text: str) -> None:
    seen.append(text)


seen: list[str] = []


@pytest.mark.django_db
def test_a_job_goes_with_its_transaction() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("platform.note_for_test", text="lost")
        raise ZeroDivisionError
    assert not ProcrastinateJob.objects.exists()
    enqueue("platform.note_for_test", text="kept")
    assert ProcrastinateJob.objects.get().args == {"text": "kept"}


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_what_was_enqueued() -> None:
    seen.clear()
    enqueue("platform.note_for_test", text="done")
    connection.close()
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert seen == ["done"]


def test_stalled_jobs_are_retried() -> None:
    retried = []

    class Manager:
        async def get_stalled_jobs(self) -> list[str]:
            return ["a", "b"]

        async def retry_job(self, job: str) -> None:
            retried.append(job)

    context = SimpleNamespace(app=SimpleNamespace(job_manager=Manager()))
    asyncio.run(jobs.rescue_stalled_jobs.func(context, timestamp=0))
    assert retried == ["a", "b"]
