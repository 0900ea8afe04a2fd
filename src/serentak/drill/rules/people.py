"""The people of the demonstration: who can sign in, who runs, and how names are invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import Key, Named, at_least, raise_faults

from .chance import chance


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to sign in as: a role in the institution of a kind at a place."""

    username: Key
    full_name: str
    role: str
    kind: str
    place: PlaceCode


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a race's ballot looks like: how many pairs, and the blank column's number if any.

    `holders` names the holders of office who run, by ballot number, with the letter under which
    the catalogue of institutions knows them.
    """

    pairs: Annotated[int, at_least(1)]
    blank: int | None
    holders: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = []
        if self.blank is not None and (self.pairs != 1 or self.blank not in self.numbers):
            faults.append("blank: only a single pair runs against a blank column")
        if any(number not in self.numbers or number == self.blank for number in self.holders):
            faults.append("holders: one runs on a number that no pair has")
        raise_faults(faults)

    @property
    def numbers(self) -> range:
        """The ballot numbers, the blank column's among them."""
        return range(1, self.pairs + (self.blank is not None) + 1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate pair; both names are empty for the blank column."""

    ballot_number: int
    head_name: str
    deputy_name: str


@dataclass(frozen=True, slots=True)
class Names:
    """Common names from which people are invented."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The accounts, the races, and the common names from which people are invented."""

    password: str
    accounts: tuple[Account, ...]
    ballots: Annotated[Mapping[PlaceCode, Ballot], Named("contests")]
    names: Names


HOLDER_LETTERS = "abcd"
"""At most so many persons held one office in the catalogue of institutions."""


@dataclass(frozen=True, slots=True)
class Invented:
    """Everybody whose name is invented: holders by place and letter, ballots by place."""

    holders: Mapping[tuple[PlaceCode, str], str]
    ballots: Mapping[PlaceCode, tuple[Pair, ...]]


def invented(people: People) -> Invented:
    """Return the holders of office and the candidate pairs, no two persons of the same name."""
    taken = {account.full_name for account in people.accounts}
    names = people.names

    def name(*key: object) -> str:
        for attempt in range(1000):
            given = names.women if chance(*key, attempt, "sex") < 0.4 else names.men
            first, last = (
                choices[int(chance(*key, attempt, part) * len(choices))]
                for part, choices in (("first", given), ("last", names.last))
            )
            if f"{first} {last}" not in taken:
                break
        taken.add(f"{first} {last}")
        return f"{first} {last}"

    holders = {
        (p, letter): name("holder", p, letter) for p in people.ballots for letter in HOLDER_LETTERS
    }
    ballots = {}
    for place, ballot in people.ballots.items():
        pairs = []
        for number in ballot.numbers:
            if number == ballot.blank:
                pairs.append(Pair(number, "", ""))
                continue
            runs = ballot.holders.get(number)
            head = holders[place, runs] if runs else name("head", place, number)
            pairs.append(Pair(number, head, name("deputy", place, number)))
        ballots[place] = tuple(pairs)
    return Invented(holders, ballots)
