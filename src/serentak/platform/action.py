"""The one write path: what an action is, and what happens when the database says no."""

import inspect
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, transaction

from serentak.kernel.refused import Refused

P = ParamSpec("P")
R = TypeVar("R")

_undoing: ContextVar[list[Callable[[], object]] | None] = ContextVar("undoing", default=None)
"""What to take back if the running action fails; None outside of actions."""


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` a use case: all or nothing, durable when outermost, joined when nested.

    "Outermost" is known from a context variable and not from the connection, so that a stray
    `atomic()` around an action fails loudly instead of taking the durability away. A violated
    constraint becomes a refusal whose code is the constraint's name.
    """
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"{function.__qualname__}: {parameter.name} must be keyword-only")

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _undoing.get() is not None:
            return function(*args, **kwargs)
        undo: list[Callable[[], object]] = []
        token = _undoing.set(undo)
        try:
            with transaction.atomic(durable=True):
                return function(*args, **kwargs)
        except BaseException as error:
            for take_back in reversed(undo):
                take_back()
            if isinstance(error, IntegrityError):
                raise _refusal(error) from error
            raise
        finally:
            _undoing.reset(token)

    run.is_action = True  # type: ignore[attr-defined]  # read by the architecture tests
    return run


def undo_if_it_fails(take_back: Callable[[], object]) -> None:
    """Call `take_back` if the running action is not committed: for what no transaction takes back.

    A killed process takes nothing back.
    """
    undo = _undoing.get()
    if undo is None:
        raise RuntimeError("only an action has something to undo")
    undo.append(take_back)


def _refusal(error: IntegrityError) -> Refused:
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or getattr(diagnosis, "column_name", None)
    return Refused(f"constraint.{name or 'unknown'}", constraint=name or "")
