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

from .board import Board, Standing, is_pressing, touched
from .plan import Describer

NAMED = 3
"""How many places are named."""


@dataclass(frozen=True)
class Grouped:
    """One activity in some of the places that have it, as a page shows it.

    `parts` are those meant, the most pressing first: after a filter only they are summed and named.
    Of per cent the mean is shown.
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
    def why(self) -> str:
        """Why it stands in its group, of the most pressing place there; empty unless open.

        What a miss touches is that of all places where somebody must act, as the alert says it.
        """
        found = [p for p in self.parts if p.priority and p.priority.group is self.group]
        worst = min(found, key=_press_of, default=None)
        acting = [p for p in self.parts if is_pressing(p)] or found
        return self.writer.why(worst, touched(acting)) if worst else ""

    @cached_property
    def places(self) -> str:
        """Where it stands worst, in how many of how many."""
        worst = [part.place for part in self.parts if part.status is self.status]
        names = [self.writer.places[place].name for place in worst[:NAMED]]
        return words.places_text(len(worst), len(self.parts), names)

    @property
    def target_date(self) -> date:
        """The first target date that is not met, the last one where all are."""
        open_ = [p.row.target_date for p in self.parts if p.slot and not p.work.finished]
        return min(open_) if open_ else max(p.row.target_date for p in self.parts)

    @property
    def finish_date(self) -> date | None:
        """The last forecast, None unless it is open somewhere."""
        days = [part.slot.finish for part in self.parts if part.slot]
        return self.writer.board.date_of(max(days)) if days else None

    @property
    def slack(self) -> int | None:
        """The least slack against the deadline, None unless it is open somewhere."""
        return min((p.slot.slack_to_deadline for p in self.parts if p.slot), default=None)

    @property
    def slack_words(self) -> str:
        """The least slack in words."""
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
_WORST = (Status.LATE, Status.AT_RISK, Status.NO_REPORT, Status.ON_TRACK, Status.DONE, None)


def _press_of(part: Standing) -> Press:
    return part.priority.press if part.priority else Press()


def _pressing(part: Standing) -> tuple[int, Press]:
    return _WORST.index(part.status), _press_of(part)


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
            parts=tuple(sorted(standings, key=_pressing)),
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
