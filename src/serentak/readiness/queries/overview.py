"""All activities of a province and its regencies, each once, with where it stands how."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.pressing import Press, joint
from serentak.kernel.status import Status
from serentak.platform.catalogue import said
from serentak.platform.web.vocabulary import DEADLINE_WORD
from serentak.readiness import words
from serentak.readiness.rules.activities import Definition
from serentak.readiness.rules.priority import Group

from .board import Board, Standing, is_pressing, touched, worst_first
from .plan import Describer

NAMED = 3
"""How many places are named."""


@dataclass(frozen=True)
class Grouped:
    """One activity in some of the places that have it, as a page shows it.

    `parts` are those meant, the worst first: after a filter only they are summed and named. Of per
    cent the mean is shown. Status, dates and reason are all of the first.
    """

    place: PlaceCode
    definition: Definition
    parts: tuple[Standing, ...]
    writer: Describer

    def among(self, keep: Callable[[Standing], bool]) -> "Grouped | None":
        """Return the same activity in the places that are kept, None if none is."""
        parts = tuple(filter(keep, self.parts))
        return replace(self, parts=parts) if parts else None

    @property
    def key(self) -> str:
        """The catalogue's key."""
        return self.definition.key

    @property
    def name(self) -> str:
        """What the catalogue calls it."""
        return said(self.definition.name)

    @property
    def unit(self) -> str:
        """What its amount is counted in."""
        return said(self.writer.board.catalogue.units[self.definition.unit])

    @property
    def target_quantity(self) -> int:
        """How much there is to do in all of the places."""
        if self.definition.is_percent:
            return self.parts[0].work.target
        return sum(part.work.target for part in self.parts)

    @property
    def done_quantity(self) -> int | None:
        """How much is done in all of them; None while nobody has named an amount."""
        known = [part.work.done for part in self.parts if part.work.done is not None]
        if not known:
            return None
        return sum(known) // (len(self.parts) if self.definition.is_percent else 1)

    @property
    def done_share(self) -> float:
        """The share that is done."""
        return min(1.0, (self.done_quantity or 0) / self.target_quantity)

    @property
    def status(self) -> Status | None:
        """The worst status, None where all are dropped."""
        return self.parts[0].status

    @property
    def silent(self) -> bool:
        """Whether a report is overdue in one of the places with the worst status."""
        return any(part.silent for part in self.parts if part.status is self.status)

    @cached_property
    def group(self) -> Group | None:
        """The most pressing group, None unless it is open somewhere."""
        return min(
            (part.priority.group for part in self.parts if part.priority),
            key=_GROUPS.index,
            default=None,
        )

    @cached_property
    def press(self) -> Press:
        """How much it presses where it belongs to its group."""
        found = [p.priority for p in self.parts if p.priority and p.priority.group is self.group]
        return joint(p.press for p in found) if found else Press()

    @cached_property
    def told(self) -> tuple[Standing, ...]:
        """Where somebody must act, as the alert counts them; else where it stands worst."""
        if is_pressing(self.parts[0]):
            return tuple(filter(is_pressing, self.parts))
        return tuple(part for part in self.parts if part.status is self.status)

    @property
    def worst(self) -> Standing:
        """The first of them: whose dates and reason are shown."""
        return self.told[0]

    @cached_property
    def why(self) -> str:
        """Why it stands as it does where it is worst, and what it touches; empty unless open."""
        return self.writer.why(self.worst, touched(self.told))

    @cached_property
    def places(self) -> str:
        """Where that is, the worst first, and in how many of how many."""
        names = [self.writer.places[part.place].name for part in self.told[:NAMED]]
        has_own = any(part.place == self.place for part in self.parts)
        return words.places_text(len(self.told), len(self.parts), names, with_province=has_own)

    @property
    def target_date(self) -> date:
        """The target where it stands worst."""
        return self.worst.row.target_date

    @property
    def first_date(self) -> date | None:
        """The day first agreed there, where the target was moved since."""
        return self.worst.row.first_date

    @property
    def finish_date(self) -> date | None:
        """The forecast where it stands worst, None unless it is open there."""
        slot = self.worst.slot
        return self.writer.board.date_of(slot.finish) if slot else None

    @property
    def slack(self) -> int | None:
        """The slack against the deadline where it stands worst, None unless it is open there."""
        return self.worst.slot.slack_to_deadline if self.worst.slot else None

    @property
    def slack_words(self) -> str:
        """That slack in words."""
        if self.slack is None:
            return ""
        return words.slack_text(self.slack, DEADLINE_WORD[self.definition.deadline_kind])

    @property
    def vote_date(self) -> date:
        """The day of the vote."""
        return self.writer.board.election.vote_date

    @property
    def figure_class(self) -> FigureClass:
        """The class of the weakest figure among the parts."""
        known = {part.row.figure_class for part in self.parts}
        return (
            FigureClass.SYNTHETIC
            if FigureClass.SYNTHETIC in known
            else self.parts[0].row.figure_class
        )


_GROUPS = list(Group)


@dataclass(frozen=True, slots=True)
class Overview:
    """All activities of a province: each once, and how many there are in how many states.

    The counts are of an activity at a place, as the briefing of the province counts them.
    """

    rows: tuple[Grouped, ...]
    finished: int
    late: int
    counted: int
    by_group: Mapping[Group, int]


def overview_on(found: Board, province: PlaceCode) -> Overview:
    """Return all activities of a province on its board, the most pressing first; two queries."""
    by_key: dict[str, list[Standing]] = defaultdict(list)
    for number, definition in enumerate(found.network.definitions):
        by_key[definition.key].append(found.standing(number))
    everything = [standing for standings in by_key.values() for standing in standings]
    counted = [s for s in everything if s.status is not None]
    # One of each place: no more than the places' names is asked of it.
    writer = Describer(found, [found.standing(numbers.start) for numbers in found.numbers.values()])
    rows = [
        Grouped(
            place=province,
            definition=standings[0].definition,
            parts=worst_first(standings),
            writer=writer,
        )
        for standings in by_key.values()
    ]
    return Overview(
        rows=tuple(sorted(rows, key=_order)),
        finished=sum(s.status is Status.DONE for s in counted),
        late=sum(s.status is Status.LATE for s in counted),
        counted=len(counted),
        by_group=Counter(s.priority.group for s in everything if s.priority),
    )


def _order(row: Grouped) -> tuple[int, bool, Press, date]:
    group = row.group
    is_now = group is Group.FINISH_NOW
    keeps = is_now and row.status is Status.ON_TRACK
    press = row.press if is_now else Press()
    return (_GROUPS.index(group) if group else len(_GROUPS), keeps, press, row.target_date)
