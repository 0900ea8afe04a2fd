"""Jobs in the transaction: enqueued by name, so that actions need not import them."""

from typing import Any

from procrastinate.contrib.django import app


def enqueue(name: str, *, lock: str | None = None, **arguments: Any) -> int:
    """Enqueue the job `slice.name` in the current transaction and return its number.

    `lock`: jobs with the same lock run one after another.
    """
    return int(app.configure_task(name=name, lock=lock).defer(**arguments))
