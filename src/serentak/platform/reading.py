"""Reading a page at once: what was asked is not asked again while nothing changed that it rests on.

Inside `reading`, an answer holds for the page. Whatever no open transaction stands in the way of
holds for the next pages of this process too, until a deed or a minute changes what it rests on
(docs/adr/0010).
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property, wraps
from inspect import signature
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.db import connection
from django.utils.translation import get_language

from serentak.kernel.codes import COUNTRY, PlaceCode
from serentak.kernel.viewer import Viewer

from . import clock
from .changes import Changes

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 1000
"""How many answers a process keeps; those that nobody asked for longest go first."""

MOST_DRAWN = 200
"""How many drawn parts of pages a process keeps; each holds for a minute at most."""

MOST_KEYS = 20_000
"""How many keys a read by keys keeps answers for; then it begins anew."""

SCOPES = ("place", "parent", "province", "regency", "code")
"""What a read calls the place in whose province everything lies that its answer rests on."""


class Every(Enum):
    """How often an answer is asked anew, though no deed changed it."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"

    def begin(self, moment: datetime) -> datetime:
        """Return when the minute or hour began."""
        minute = 0 if self is Every.HOUR else moment.minute
        return moment.replace(minute=minute, second=0, microsecond=0)


@dataclass(slots=True)
class _Answer:
    """What a read answered and what it was computed from; whoever computes it holds the lock."""

    lock: Lock = field(default_factory=Lock)
    at: datetime | None = None
    revision: int = -1
    value: Any = None

    def holds(self, revision: int, moment: datetime, every: Every) -> bool:
        return self.revision == revision and self.at is not None and self.at >= every.begin(moment)


class _Answers:
    """The answers to the questions that were asked last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._lock = Lock()

    def to(self, question: Hashable) -> _Answer:
        """Return the place for the answer to a question."""
        with self._lock:
            found = self._answers.setdefault(question, _Answer())
            self._answers.move_to_end(question)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
            return found


class _Store:
    """The answers of a page, or those of a process and the deeds that it has seen."""

    def __init__(self) -> None:
        self.changes = Changes()
        self.answers, self.drawn = _Answers(MOST), _Answers(MOST_DRAWN)


@dataclass(frozen=True)
class _Page:
    """A page that is read, and where its answers are kept: with the process, or for itself."""

    store: _Store
    is_shared: bool

    @cached_property
    def moment(self) -> datetime:
        """The moment that the page shows; the first who asks looks for new deeds."""
        now = clock.running()
        return self.store.changes.moment(now) if self.is_shared else now

    def revision(self, of: str, place: PlaceCode, *, close: bool = False) -> int:
        """Return what `Changes` says of a slice at a place, after a look for new deeds."""
        if not self.is_shared:
            return 0
        changes, _looked = self.store.changes, self.moment
        return changes.close_revision(of, place) if close else changes.revision(of, place)

    def key(self, value: object) -> Hashable:
        """Return what an answer depends on: of a viewer the grants, of the moment nothing."""
        if isinstance(value, Viewer):
            return value.system, value.user_id is not None, value.grants
        return None if value == self.moment else value


_store = _Store()
_page: ContextVar[_Page | None] = ContextVar("page", default=None)
"""The page that is read; None where every question is asked anew."""


def _page_read() -> _Page | None:
    """Return the page on which answers may be kept, None where each question is asked anew.

    A page that is only read may leave an event; what its open transaction sees is kept for nobody.
    """
    page = _page.get()
    return None if page and page.is_shared and connection.in_atomic_block else page


def forget() -> None:
    """Forget all answers and deeds: the database is another one now."""
    global _store  # the one store of the process
    _store = _Store()


@contextmanager
def reading() -> Iterator[None]:
    """Remember the answers of reads inside; what is written in the meantime, they do not know.

    Every page that is only read is one (`platform/access.py`). Inside another it is part of that
    one. The clock stands at the begin of this minute, or at the newest deed since, so that whoever
    asks within the minute asks for the same.
    """
    if _page.get():
        yield
        return
    is_shared = not connection.in_atomic_block  # what is not committed is told to nobody else
    with _shown(_Page(_store if is_shared else _Store(), is_shared)):
        yield


@contextmanager
def afresh() -> Iterator[None]:
    """Read inside as if no page had been read before, and nothing twice.

    For those who compare, and for an action that reads much before it writes.
    """
    with _shown(_Page(_Store(), is_shared=False)):
        yield


@contextmanager
def _shown(page: _Page) -> Iterator[None]:
    token = _page.set(page)
    try:
        with clock.standing(lambda: page.moment):
            yield
    finally:
        _page.reset(token)


def kept(read: Callable[P, R], *, every: Every = Every.MINUTE) -> Callable[P, R]:
    """Keep the answer of a read for its page and the pages to come.

    It may rest on the province of its place (`SCOPES`; without one on the country), on the tables
    of its own slice and of those below, and on the time: where it is asked for the page's moment,
    it is asked anew `every` minute, else every hour. No zone's day begins within an hour. Two
    viewers with the same grants get the same answer, whoever they are. The arguments are hashable;
    nobody changes the answer.
    """
    parameters = signature(read)

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        page = _page_read()
        if page is None:
            return read(*args, **kwargs)
        given = parameters.bind(*args, **kwargs)
        given.apply_defaults()
        asked = given.arguments
        place = next((PlaceCode(asked[name]) for name in SCOPES if name in asked), COUNTRY)
        question = (read, *map(page.key, asked.values()))
        return _kept(
            page,
            page.store.answers.to((get_language(), question)),
            of=_slice_of(read),
            place=place,
            every=every if page.moment in asked.values() else Every.HOUR,
            make=lambda: read(*args, **kwargs),
        )

    return ask


def keep_drawn(
    question: Collection[Hashable],
    draw: Callable[[], str],
    *,
    of: Callable[..., Any],
    place: PlaceCode,
) -> str:
    """Return what `draw` draws of a page, kept as an answer of the slice in which `of` stands.

    `question` tells everything on which it depends but the language, the moment and the answers of
    reads.
    """
    page = _page_read()
    if page is None or not page.is_shared:
        return draw()
    found = page.store.drawn.to((get_language(), tuple(map(page.key, question))))
    return _kept(page, found, of=_slice_of(of), place=place, every=Every.MINUTE, make=draw)


def _kept(
    page: _Page,
    found: _Answer,
    *,
    of: str,
    place: PlaceCode,
    every: Every,
    make: Callable[[], R],
) -> R:
    with found.lock:
        revision = page.revision(of, place)
        if not found.holds(revision, page.moment, every):
            found.value = make()
            found.revision, found.at = revision, page.moment
        answer: R = found.value
        return answer


def _slice_of(read: Callable[..., Any]) -> str:
    return read.__module__.split(".")[1]


def each_kept(
    read: Callable[[Collection[K]], Mapping[K, V]],
) -> Callable[[Collection[K]], Mapping[K, V]]:
    """Let a read by keys ask only for keys that are not known yet; otherwise as `kept`.

    It rests on its slice and those below in the whole country, and is asked anew every hour.
    """

    @wraps(read)
    def ask(keys: Collection[K]) -> Mapping[K, V]:
        page = _page_read()
        if page is None:
            return read(keys)
        answers = _answers_of(page, read)
        unknown = {key for key in keys if key not in answers}
        if unknown:
            found = read(unknown)
            answers |= {key: found.get(key) for key in unknown}
        return {key: answer for key in keys if (answer := answers.get(key)) is not None}

    return ask


def each_place_kept(
    read: Callable[[Collection[PlaceCode]], Mapping[PlaceCode, V]],
) -> Callable[[Collection[PlaceCode]], Mapping[PlaceCode, V]]:
    """Let a read by places ask only for those in whose regency, or above it, something changed.

    Each answer rests on no other regency; one for a province rests on all of it.
    """

    @wraps(read)
    def ask(keys: Collection[PlaceCode]) -> Mapping[PlaceCode, V]:
        page = _page_read()
        if page is None:
            return read(keys)
        of = _slice_of(read)
        found = page.store.answers.to((read, get_language()))
        with found.lock:
            found.value = found.value or {}
        answers: dict[PlaceCode, _Answer] = found.value
        unknown = {}
        for key in keys:
            revision = page.revision(of, key, close=True)
            answer = answers.get(key)
            if answer is None or not answer.holds(revision, page.moment, Every.HOUR):
                unknown[key] = revision
        if unknown:
            fresh = read(unknown)
            answers |= {
                key: _Answer(at=page.moment, revision=revision, value=fresh.get(key))
                for key, revision in unknown.items()
            }
        return {key: answers[key].value for key in keys if answers[key].value is not None}

    return ask


def note(ask: Callable[[Collection[K]], Mapping[K, V]], answers: Mapping[K, V]) -> None:
    """Tell a read by keys what another read has found already."""
    if page := _page_read():
        _answers_of(page, ask.__wrapped__).update(answers)  # type: ignore[attr-defined]  # wraps


def _answers_of(page: _Page, read: Callable[..., Any]) -> dict[Any, Any]:
    """Return the answers of a read by keys that still hold, by key."""
    found = page.store.answers.to((read, get_language()))
    with found.lock:
        revision = page.revision(_slice_of(read), COUNTRY)
        if not found.holds(revision, page.moment, Every.HOUR) or len(found.value) > MOST_KEYS:
            found.revision, found.at, found.value = revision, page.moment, {}
        answers: dict[Any, Any] = found.value
        return answers
