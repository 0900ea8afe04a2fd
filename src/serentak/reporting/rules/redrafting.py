"""How a new draft meets what stands already: a person's words are never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass

from .drafting import Drafted, Params


@dataclass(frozen=True, slots=True)
class Stored:
    """A sentence as it stands in a report."""

    key: str
    params: Params
    is_edited: bool
    is_added: bool


@dataclass(frozen=True, slots=True)
class Redraft:
    """What a new draft changes: keys to drop, to write anew, and edited ones to mark."""

    create: tuple[Drafted, ...]
    rewrite: tuple[Drafted, ...]
    mark: frozenset[str]
    drop: frozenset[str]


def redraft(stored: Sequence[Stored], drafted: Sequence[Drafted]) -> Redraft:
    """Return how a new draft meets what stands: a person's words are never overwritten.

    An edited sentence whose number changed, or is gone, is marked; what nobody touched follows the
    draft; what a person added stays.
    """
    old = {sentence.key: sentence for sentence in stored}
    new = {sentence.key: sentence for sentence in drafted}
    changed = {
        key
        for key, sentence in old.items()
        if not sentence.is_added and (key not in new or new[key].params != sentence.params)
    }
    return Redraft(
        create=tuple(s for key, s in new.items() if key not in old),
        rewrite=tuple(s for key, s in new.items() if key in old),
        mark=frozenset(key for key in changed if old[key].is_edited),
        drop=frozenset(key for key in changed if key not in new and not old[key].is_edited),
    )
