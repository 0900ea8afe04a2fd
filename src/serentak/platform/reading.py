"""Reading a page at once: inside `reading`, what was asked once is not asked again."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_known: ContextVar[dict[Any, Any] | None] = ContextVar("known_answers", default=None)
"""The answers so far, by question; None where every question is asked anew."""


@contextmanager
def reading() -> Iterator[None]:
    """Remember the answers of reads inside; nothing may be written in the meantime.

    For pages that ask many slices, which ask the same of the slices below. Inside another it is
    part of that one.
    """
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def asked_once(read: Callable[P, R]) -> Callable[P, R]:
    """Let a read with hashable arguments be asked once inside `reading`."""

    @wraps(read)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _known.get()
        if known is None:
            return read(*args, **kwargs)
        question = (read, args, tuple(kwargs.items()))
        if question not in known:
            known[question] = read(*args, **kwargs)
        answer: R = known[question]
        return answer

    return ask


def each_asked_once(
    read: Callable[[Collection[K]], Mapping[K, V]],
) -> Callable[[Collection[K]], Mapping[K, V]]:
    """Let a read by keys ask, inside `reading`, only for keys that are not known yet."""

    @wraps(read)
    def ask(keys: Collection[K]) -> Mapping[K, V]:
        known = _known.get()
        if known is None:
            return read(keys)
        answers: dict[K, V | None] = known.setdefault(ask, {})
        unknown = {key for key in keys if key not in answers}
        if unknown:
            found = read(unknown)
            answers.update({key: found.get(key) for key in unknown})
        return {key: answer for key in keys if (answer := answers[key]) is not None}

    return ask


def note(ask: Callable[[Collection[K]], Mapping[K, V]], answers: Mapping[K, V]) -> None:
    """Tell a read by keys what another read has found already."""
    known = _known.get()
    if known is not None:
        known.setdefault(ask, {}).update(answers)
