"""A state machine is a table: what may happen in which state, and which state comes of it."""

from enum import Enum
from typing import TypeVar

from .refused import Refused

S = TypeVar("S", bound=Enum)
E = TypeVar("E", bound=Enum)


class Machine(dict[tuple[S, E], S]):
    """`Machine({(state, event): state, …})`; what is not in the table cannot happen.

    Call the table `…TRANSITIONS` in a slice's rules and draw it in `docs/states`; a test compares.
    """

    def after(self, state: S, event: E) -> S | None:
        """Return the state after `event`, None if it may not happen now."""
        return self.get((state, event))

    def must(self, state: S, event: E, *, otherwise: Refused) -> S:
        """Return the state after `event`; raise `otherwise` if it may not happen now."""
        found = self.after(state, event)
        if found is None:
            raise otherwise
        return found

    def events_at(self, state: S) -> tuple[E, ...]:
        """Return what may happen in `state`, in the order of the table."""
        return tuple(event for at, event in self if at is state)
