"""Who stays out of the race in the story, and who does not."""

from collections.abc import Mapping
from dataclasses import dataclass

from serentak.kernel.codes import PlaceCode, is_within
from serentak.kernel.entries import Countdown

from .chance import chance


@dataclass(frozen=True, slots=True)
class CaseTurn:
    """What happens to a case on a day: an event of its course, or what came of the reply."""

    day: Countdown
    event: str = ""
    reply: str = ""
    sanction: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class CaseStory:
    """An invented case: of whom, where, what, and how it goes on; days count from the vote."""

    reference: str
    place: PlaceCode
    kind: str
    violation: str
    deed: Countdown
    received: Countdown
    by: str
    at: str
    person: str
    post: str
    then: tuple[CaseTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular; agencies of the kinds `silent` do not acknowledge it."""

    place: PlaceCode
    number: str
    title: str
    day: Countdown
    due: Countdown
    silent: frozenset[str]


@dataclass(frozen=True, slots=True)
class Replaced:
    """An official who was replaced."""

    place: PlaceCode
    kind: str
    post: str
    decree: str
    day: Countdown
    consent: str = ""


@dataclass(frozen=True, slots=True)
class NotOpen:
    """A service that is reduced or closed on the scene's morning."""

    place: PlaceCode
    kind: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pledges:
    """What each regency has counted by a day; `usual` is the share where `shares` has none."""

    day: Countdown
    source: str
    usual: float
    shares: Mapping[PlaceCode, float]
    silent: frozenset[PlaceCode]


@dataclass(frozen=True, slots=True)
class Services:
    """The scene's morning: all are open but for these, and who is silent does not report."""

    silent: frozenset[PlaceCode]
    not_open: tuple[NotOpen, ...]

    def told_of(self, kind: str, place: PlaceCode) -> NotOpen | None:
        """Return what is not open of a kind at a place, None if it is as usual."""
        found = (n for n in self.not_open if n.kind == kind and is_within(place, n.place))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class StayingOut:
    """The story of neutrality; see `catalogue/neutrality.yaml`."""

    circulars: tuple[Circular, ...]
    pledges: Pledges
    services: Services
    replacements: tuple[Replaced, ...]
    cases: tuple[CaseStory, ...]


def pledged(place: PlaceCode, kind: str, share: float, *, seed: str) -> tuple[int, int]:
    """Return an agency's staff and how many of them have signed, about the share named."""
    staff = 30 + int(chance(seed, "staff", place, kind) * 270)
    if share >= 1:
        return staff, staff
    luck = (chance(seed, "signed", place, kind) - 0.5) * 0.06
    return staff, max(0, min(staff, round(staff * (share + luck))))
