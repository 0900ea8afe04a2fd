"""What a slice declares of itself once, so that no other slice needs to name it.

Each slice with pages of places has one `Part` in its `area.py`; a slice that answers one of the
questions asked of every place has an `Area`. The platform collects them from the installed slices;
desk, daily report, meeting book, stored days, public pages and the bar read that list and nothing
else.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from .acts import Proposal
from .briefing import Alert, Briefing, Figure, FigureClass, Focus
from .codes import Level, PlaceCode
from .counting import AsksForCounts
from .differing import AsksForDifferences
from .viewer import Permission, Viewer

Words = object
"""Text in the reader's language when it is made a `str`: plain, or translated late."""


class Phase(StrEnum):
    """Where the election stands."""

    BEFORE = "BEFORE"
    ON_THE_DAY = "ON_THE_DAY"
    AFTER = "AFTER"


class Better(StrEnum):
    """Which way a figure improves."""

    UP = "UP"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True)
class BarEntry:
    """One entry of the bar: shown to who holds `permission` anywhere, to all who are signed in
    without one, and to everybody where it is `public`. An entry `under` another one stands beside
    it on a line of their own, shown on their pages, so that the bar stays one line.

    Entries stand in the order of `rank`. `namespaces` are the URL namespaces whose pages count as
    "you are here", but for a page that has an entry of its own; without them only the entry's own
    URL does. With `deepest` the entry leads to a place's page: that of the page shown, where the
    permission holds and the place lies no deeper, else the topmost place where it holds; the page
    of the country is for those alone whose permission holds everywhere. An entry with a `count`
    stands among the tools, with how much waits there; it may ask one query.
    """

    label: Words
    url_name: str
    permission: Permission | None = None
    rank: int = 0
    namespaces: tuple[str, ...] = ()
    public: bool = False
    deepest: Level | None = None
    count: Callable[[Viewer], int] | None = None
    under: str = ""


def place_entry(
    label: Words,
    page: str,
    permission: Permission,
    *,
    rank: int,
    deepest: Level = Level.DISTRICT,
    stands_for_slice: bool = True,
    under: str = "",
) -> BarEntry:
    """Return the entry of a page that places have down to `deepest`.

    It is "here" on all pages of its slice that have no entry, unless another one stands for them.
    """
    namespaces = (page.partition(":")[0],) if stands_for_slice else ()
    return BarEntry(label, page, permission, rank, namespaces, deepest=deepest, under=under)


class AsksForAlerts(Protocol):
    """Alerts of a slice that has no briefing."""

    def __call__(self, *, parent: PlaceCode, viewer: Viewer, at: datetime) -> Sequence[Alert]: ...


class AsksForProposal(Protocol):
    """What an alert of the slice asks for, at one of the places of which it tells."""

    def __call__(
        self, alert: Alert, *, place: PlaceCode | None, at: datetime
    ) -> Proposal | None: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """How much of a piece of work is done, as who keeps a ledger of it knows, and its page."""

    quantity: int
    link: str
    figure_class: FigureClass = FigureClass.SOURCED


@dataclass(frozen=True, slots=True)
class Linked:
    """A thing of a slice on which a matter of another may hang: its subject (`load:12`), what it is
    called in the reader's language, and its page.
    """

    subject: str
    name: str
    link: str


class AsksForLinked(Protocol):
    """Which of the `subjects` a viewer may see, as seen from a place; None asks for what is at hand
    there, few enough for a form. What is not seen, or not the slice's own, is left out.
    """

    def __call__(
        self, subjects: Collection[str] | None, *, place: PlaceCode, viewer: Viewer, at: datetime
    ) -> Sequence[Linked]: ...


class AsksForReferred(Protocol):
    """Which of some numbers, as people call the slice's things by, a viewer may know, each with its
    thing. A number that is nobody's, or of what does not exist for the viewer, is left out.
    """

    def __call__(self, refs: Collection[str], *, viewer: Viewer) -> Mapping[str, Linked]: ...


@dataclass(frozen=True, slots=True)
class Number:
    """Under what an institution is called: whom it reaches, what is written and what is dialled."""

    office: str
    phone: str
    link: str
    hours: str = ""


class AsksForNumbers(Protocol):
    """Under what institutions are called about a place, as far as a viewer may know; those of which
    nothing is known are left out. One query.
    """

    def __call__(
        self, ids: Collection[int], *, place: PlaceCode, viewer: Viewer
    ) -> Mapping[int, Sequence[Number]]: ...


class AsksForMeasure(Protocol):
    """How much is done at the places at and under `parent` that keep a ledger of it."""

    def __call__(self, *, parent: PlaceCode) -> Mapping[PlaceCode, Measured]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of an area: where its rows stand under a place (`readiness?status=LATE`), which way
    is better (None: neither), and the section of the report that tells it (empty: the area's).
    """

    code: str
    rows: str = ""
    better: Better | None = None
    section: str = ""


class AsksForFigures(Protocol):
    """Figures that a slice knows of a place and of its children, for one viewer."""

    def __call__(
        self, *, parent: PlaceCode, viewer: Viewer, at: datetime
    ) -> Mapping[PlaceCode, Sequence[Figure]]: ...


@dataclass(frozen=True, slots=True)
class Adds:
    """Figures that a slice without a question of its own adds to the answer to another's."""

    focus: Focus
    ask: AsksForFigures
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A slice with pages of places.

    `permission` is what one needs to see it at a place, and so to be told of its events there; None
    lets everybody know them. What its alerts ask for stands in its `acts.yaml`; `proposes` knows
    more of them: who answers, by when, how much. `routine` names events that the clock leaves by
    itself, which are no news. `measures` are what its ledger knows of work that an activity names
    (`measured_by: logistics.ballots-received`); `counts` what it tells of an indicator of quality
    (`counted_by: logistics.custody-unbroken`); `checks` find where two sides differ (`asks:
    logistics.shipped`); `linked` are its things on which an incident may hang, `referred` those
    that lower floors write down by their number; `numbers` is under what institutions are called;
    `adds` are figures on the card of another slice's question. `page` is the URL name of its page
    of a place, `subjects` the URL name of the page of what an event is about, by the kind of its
    first subject (`action:12`).
    """

    slice: str
    permission: Permission | None
    page: str = ""
    subjects: Mapping[str, str] = field(default_factory=dict)
    bar: tuple[BarEntry, ...] = ()
    alerts: AsksForAlerts | None = None
    proposes: AsksForProposal | None = None
    routine: frozenset[str] = frozenset()
    linked: AsksForLinked | None = None
    referred: AsksForReferred | None = None
    numbers: AsksForNumbers | None = None
    measures: Mapping[str, AsksForMeasure] = field(default_factory=dict)
    counts: Mapping[str, AsksForCounts] = field(default_factory=dict)
    checks: Mapping[str, AsksForDifferences] = field(default_factory=dict)
    adds: Adds | None = None


class Section(StrEnum):
    """The sections of the daily report that belong to no area."""

    SITUATION = "SITUATION"
    STAGE = "STAGE"
    PROBLEMS = "PROBLEMS"
    MINISTER = "MINISTER"
    TOMORROW = "TOMORROW"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class OwnSection:
    """A section of the daily report that an area has beside the one of its name."""

    code: str
    title: Words


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that an area adds to the daily report, worded by its slice (`SENTENCES`).

    `code` is `slice.SENTENCE`, `key` finds the sentence again in the next draft, `params` are plain
    values that JSON can hold. `section` is a section's code, empty for the area's own.
    """

    code: str
    key: str
    params: Mapping[str, Any]
    link: str = ""
    section: str = ""


class AsksForBriefings(Protocol):
    """The state of a place and of all its children, for one viewer."""

    def __call__(
        self, *, parent: PlaceCode, viewer: Viewer, at: datetime
    ) -> Mapping[PlaceCode, Briefing]: ...


class AsksForSentences(Protocol):
    """What an area adds to the daily report of a place and day, as a viewer may read it."""

    def __call__(
        self, *, place: PlaceCode, day: date, viewer: Viewer, at: datetime
    ) -> Iterable[Said]: ...


class AsksForTotals(Protocol):
    """How much was done with at places until a moment each, of what never was confided."""

    def __call__(self, *, until: Mapping[PlaceCode, datetime]) -> Mapping[PlaceCode, int]: ...


@dataclass(frozen=True, slots=True)
class PublicTotal:
    """A count of a regency that everybody may read beside the status that its desk published.

    A count under `least` is told as that alone, none among them: one thing of which neighbours
    heard would be recognised, and where none were told apart, so would the first.
    """

    label: Words
    least: int
    ask: AsksForTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Part):
    """A slice that answers one of the questions asked of every place.

    `order` says where its card stands in each phase, lowest first. `headline` is the code of the
    share on its tiles, and `divides` says what that share divides. `lines` are its figures.
    `decides` are codes of figures that count what is not in order, of how many, so that down is
    good in every area; the first that a viewer is told stands on the strip of areas.
    `public_total` is the one count of it that becomes public with the status of a regency.
    Alerts in `confided` stay where they are: an action or a point on an agenda would be read by
    people who may not know what they know. With `is_status_public_only` no more than how the area
    stands may become public, as drafted. `nothing_yet` is said of a place of which the area has no
    briefing, empty where that means that it is not set up there.
    """

    focus: Focus
    permission: Permission
    name: Words
    short_name: Words
    question: Words
    order: Mapping[Phase, int]
    ask: AsksForBriefings
    headline: str
    divides: Words
    decides: tuple[str, ...]
    lines: tuple[Line, ...] = ()
    confided: frozenset[str] = frozenset()
    is_status_public_only: bool = False
    public_total: PublicTotal | None = None
    sections: tuple[OwnSection, ...] = ()
    tells: AsksForSentences | None = None
    nothing_yet: Words = ""
    by_the_day: bool = False

    def line(self, code: str) -> Line | None:
        """Return what is declared of a figure, None of one that is not."""
        return next((line for line in self.lines if line.code == code), None)
