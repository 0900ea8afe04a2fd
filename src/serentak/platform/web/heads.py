"""The head of a page: the way to it, its title, a few facts, one number beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise

Crumb = tuple[str, str]
"""A step of the way to a page: its name and its address."""


class Card(Protocol):
    """A place as its slice shows it."""

    @property
    def code(self) -> str:
        """Its code, empty for the country."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def full_name(self) -> str:
        """Its name with its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What `platform/_head.html` shows; `here` is the last step, `about` what the page is about.

    `count` is a number or `H-12`, what it counts, and a sentence more.
    """

    steps: Sequence[Crumb]
    title: str
    here: str
    about: str
    facts: Sequence[str] = ()
    count: Sequence[str] = ()

    @property
    def back(self) -> str:
        """Where one comes from, and goes when a page is left."""
        return self.steps[-1][1]


def head_of(
    path: Sequence[Card],
    area: Crumb,
    *between: Crumb,
    whole: str,
    title: str | Promise = "",
    here: str = "",
    facts: Sequence[str | Promise] = (),
    count: Sequence[str] = (),
) -> dict[str, Any]:
    """Return `head` and `card` of the page of an area at the last place of a path.

    A page under it has a `title` of its own; without one it is the area's, titled by what is said
    of the `whole`, a sentence with `%(place)s`.
    """
    places = [(card.name, f"/{card.code}/") for card in path if card.code]
    head = Head(
        steps=[*places, area, *between] if title else places,
        title=str(title) or whole % {"place": path[-1].full_name},
        here=here or str(title or area[0]),
        about=path[-1].name,
        facts=[str(fact) for fact in facts if fact],
        count=count,
    )
    return {"head": head, "card": path[-1]}
