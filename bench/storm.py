"""Reports of incidents as they come in on the night: many at once, and a web process killed."""

import http.client
import os
import queue
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

TRIES, PATIENCE = 8, 30.0
KIND, PLACE = "SIEGE", "16.02.14.2010"


@dataclass(slots=True)
class Storm:
    """What came of a storm: keys that were answered, seconds to each answer, how many cuts."""

    answered: list[str] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    cut: int = 0
    lasted: float = 0.0


def storm(
    url: str,
    cookies: Sequence[str],
    moment: str,
    *,
    rate: int,
    seconds: int,
    senders: int,
    kills: Sequence[int],
) -> Storm:
    """Offer `rate` reports a second of what was seen at `moment`; kill `kills` in their middle.

    Each report keeps its key until it is answered, as a phone's outbox does. An answer comes late
    where fewer are taken than offered: its wait counts from the moment at which it was due.
    """
    came = Storm()
    server = urlsplit(url)
    due: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    began = time.perf_counter() + 0.5
    for number in range(rate * seconds):
        due.put((began + number / rate, cookies[number % len(cookies)]))
    for _ in range(senders):
        due.put(None)

    def send() -> None:
        while (one := due.get()) is not None:
            due_at, cookie = one
            time.sleep(max(0.0, due_at - time.perf_counter()))
            key = str(uuid4())
            for _ in range(TRIES):
                try:
                    status = _post(server.netloc, cookie, key, moment)
                except (OSError, http.client.HTTPException):
                    came.cut += 1
                    time.sleep(0.2)
                    continue
                if status == 302:
                    came.answered.append(key)
                    came.taken.append(time.perf_counter() - due_at)
                break

    threads = [Thread(target=send) for _ in range(senders)]
    for thread in threads:
        thread.start()
    time.sleep(max(0.0, began + seconds / 2 - time.perf_counter()))
    for number in kills:
        os.kill(number, signal.SIGKILL)
    for thread in threads:
        thread.join()
    came.lasted = time.perf_counter() - began
    return came


def _post(server: str, cookie: str, key: str, moment: str) -> int:
    """Send one report; the token against forged forms is one's own, as a browser's is."""
    token = "a" * 32
    link = http.client.HTTPConnection(server, timeout=PATIENCE)
    try:
        body = urlencode(
            {
                "client_key": key,
                "place": PLACE,
                "happened_at": moment,
                "crowd": "MANY",
                "csrfmiddlewaretoken": token,
            }
        )
        headers = {
            "Cookie": f"{cookie}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        link.request("POST", f"/{PLACE}/security/report?kind={KIND}", body, headers)
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        link.close()
