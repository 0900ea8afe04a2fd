"""People who report and read through the front, and what each of their requests came to."""

import http.client
import io
import itertools
import os
import re
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from PIL import Image

REPORTER, REPORTS = "ppk.airsugihan", "/16.02.14/report"
READER, DESK = "desk.sumsel", "/16/"
PATIENCE = 60.0
"""Seconds after which a person gives up; nothing may take this long."""
SAVED, SHOWN = 302, 200
REFUSALS = {0, 503, 507}
"""What a trouble may come to: no answer, a page that says so, or one that says nothing is saved."""


def photo() -> bytes:
    """Return a picture of some 20 kB that no other is like."""
    out = io.BytesIO()
    Image.frombytes("L", (140, 140), os.urandom(140 * 140)).save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: when it was answered, how long that took, and with what (0: not at all)."""

    at: float
    seconds: float
    status: int


@dataclass
class Person:
    """Somebody with a browser: an address, cookies, and a session that stays."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        """Get a page, or send a body; redirects are not followed."""
        link = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        try:
            if body:
                link.request("POST", path, body, {**headers, "Content-Type": kind})
            else:
                link.request("GET", path, headers=headers)
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, text
        finally:
            link.close()

    def send(
        self, path: str, fields: dict[str, str], files: dict[str, bytes] | None = None
    ) -> tuple[int, str]:
        """Send a form as a browser does."""
        fields = {"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}
        if not files:
            body = urllib.parse.urlencode(fields).encode()
            return self.ask(path, body, "application/x-www-form-urlencoded")
        parts = [
            f'--edge\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in fields.items()
        ]
        parts += [
            f'--edge\r\nContent-Disposition: form-data; name="{k}"; filename="foto.png"\r\n'
            "Content-Type: image/png\r\n\r\n".encode()
            + content
            + b"\r\n"
            for k, content in files.items()
        ]
        body = b"".join(parts) + b"--edge--\r\n"
        return self.ask(path, body, "multipart/form-data; boundary=edge")

    def sign_in(self, username: str) -> None:
        """Enter a demonstration account."""
        assert self.ask("/sign-in")[0] == SHOWN
        assert self.send("/sign-in/demo", {"username": username})[0] == SAVED


class Load:
    """Reporters, each of whom repeats a page until it was said to be saved, and readers."""

    def __init__(self, address: str, *, reporters: int = 4, readers: int = 3) -> None:
        self.reports: list[Answer] = []
        self.pages: list[Answer] = []
        self.saved: dict[uuid.UUID, float] = {}
        """Keys of pages that were acknowledged, with the moment."""
        self.under_way: set[uuid.UUID] = set()
        self.photos = 0
        self._stop = threading.Event()
        self._failures: list[BaseException] = []
        work = [lambda n=n: self._report(address, n) for n in range(reporters)]
        work += [lambda: self._read(address)] * readers
        self._threads = [threading.Thread(target=self._kept(one)) for one in work]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        assert not self._failures, self._failures

    def stood_still(self, since: float) -> float:
        """The longest time without a saved page after a moment."""
        moments = sorted(self.saved.values())
        before = [moment for moment in moments if moment < since][-1:]
        line = [*before, *(moment for moment in moments if moment >= since), time.monotonic()]
        return max(later - earlier for earlier, later in itertools.pairwise(line))

    def _kept(self, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                self._failures.append(error)
                raise

        return run

    def _report(self, address: str, number: int) -> None:
        person = Person(address)
        person.sign_in(REPORTER)
        _, page = person.ask(f"{REPORTS}?all")
        found = re.search(r'name="shown" value="([\d ]+)"', page)
        assert found, page
        activity = found[1].split()[-1 - number]
        while not self._stop.is_set():
            key = uuid.uuid4()
            self.under_way.add(key)
            with_photo = len(self.saved) % 5 == 0
            fields = {"client_key": str(key), "shown": activity, f"{activity}_answer": "same"}
            files = {f"{activity}_photo": photo()} if with_photo else None
            send = partial(person.send, REPORTS, fields, files)
            while (status := self._timed(self.reports, send)) != SAVED:
                assert status in REFUSALS, status
                time.sleep(0.5)
            self.saved[key] = time.monotonic()
            self.under_way.discard(key)
            self.photos += with_photo

    def _read(self, address: str) -> None:
        person = Person(address)
        person.sign_in(READER)
        while not self._stop.is_set():
            if self._timed(self.pages, lambda: person.ask(DESK)) != SHOWN:
                time.sleep(0.5)

    def _timed(self, answers: list[Answer], ask: Callable[[], tuple[int, str]]) -> int:
        began = time.monotonic()
        try:
            status, text = ask()
        except (OSError, http.client.HTTPException):
            status, text = 0, ""
        if status == 503:
            assert "Serentak" in text, text
        now = time.monotonic()
        answers.append(Answer(now, now - began, status))
        return status


def told(answers: Iterable[Answer], since: float) -> str:
    """Say what people saw after a moment: each status, how often, and the longest wait for it."""
    after = [one for one in answers if one.at >= since]
    longest = {s: max(a.seconds for a in after if a.status == s) for s in {a.status for a in after}}
    counted = Counter(one.status for one in after)
    return ", ".join(
        f"{count} × {status or 'no answer'} (≤ {longest[status]:.1f} s)"
        for status, count in sorted(counted.items())
    )
