"""The sections of a report: in which order, of which area each is, what of them may be public."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from serentak.kernel.area import Area, Section
from serentak.kernel.briefing import Focus


class Code(StrEnum):
    """The sentences that every report can say; areas add their own. ADDED is a person's."""

    COUNTDOWN = "COUNTDOWN"
    REPORTED = "REPORTED"
    LATE = "LATE"
    CORRECTED = "CORRECTED"
    STAGE_RUNNING = "STAGE_RUNNING"
    AREA_STATUS = "AREA_STATUS"
    CHILDREN_BY_STATUS = "CHILDREN_BY_STATUS"
    FIGURE = "FIGURE"
    PROBLEM = "PROBLEM"
    DUE = "DUE"
    STAGE_BEGINS = "STAGE_BEGINS"
    STAGE_ENDS = "STAGE_ENDS"
    NOTHING_DUE = "NOTHING_DUE"
    MISSING = "MISSING"
    ADDED = "ADDED"


STATUS_CODES = frozenset({Code.AREA_STATUS, Code.CHILDREN_BY_STATUS})
"""Sentences that tell no more than how an area stands."""

_BEFORE = (Section.SITUATION, Section.PROBLEMS, Section.MINISTER)
_AFTER = (Section.TOMORROW, Section.MISSING, Section.STAGE)
"""Sections that stand before and after those of the areas: what decides comes first."""

_COMMON = frozenset({*_BEFORE, *_AFTER} - {Section.MISSING})
"""Those to which a person may add."""

_OF_EVERY_AREA = frozenset({Section.PROBLEMS, Section.TOMORROW})
"""Sections that tell of all areas side by side; each drafted sentence there has its own."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """The sections of one area, the one of its name first, and the figures told in another."""

    focus: Focus
    more: tuple[str, ...] = ()
    figures: Mapping[str, str] | None = None
    is_status_public_only: bool = False

    @property
    def sections(self) -> tuple[str, ...]:
        """Their codes in their order."""
        return (self.focus.value, *self.more)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a report consists of where the house has these areas."""

    chapters: tuple[Chapter, ...]

    @property
    def sections(self) -> tuple[str, ...]:
        """The codes of all sections in their order."""
        told = (section for chapter in self.chapters for section in chapter.sections)
        return (*_BEFORE, *told, *_AFTER)

    def position(self, section: str) -> int:
        """Return where a section stands; one that is no more comes last."""
        order = self.sections
        return order.index(section) if section in order else len(order)

    def focus_of(self, section: str) -> Focus | None:
        """Return the area of what a person adds to a section; who reads it follows from it.

        What belongs to no area is the desk's own work, which is to coordinate. None where nobody
        adds anything: who is silent is not a matter of words.
        """
        for chapter in self.chapters:
            if section in chapter.sections:
                return chapter.focus
        return Focus.COORDINATION if section in _COMMON else None

    def addable(self) -> tuple[str, ...]:
        """Return the sections that a person may add to, in their order.

        What is added to an area that nobody can read would be hidden from everybody.
        """
        there = {chapter.focus for chapter in self.chapters}
        return tuple(section for section in self.sections if self.focus_of(section) in there)

    def section_of(self, focus: Focus, figure: str) -> str:
        """Return the section that tells a figure of an area."""
        for chapter in self.chapters:
            if chapter.focus is focus and chapter.figures and figure in chapter.figures:
                return chapter.figures[figure]
        return focus.value

    def may_be_public(
        self, code: str, section: str, focus: Focus | None, *, is_edited: bool
    ) -> bool:
        """Tell whether a sentence may be marked public.

        Requests to the Minister never. Of some areas only their status, as drafted: what a person
        wrote of such an area may say anything, and stays inside. So does what a person added where
        all areas are told. An added sentence follows the area of its section.
        """
        if section == Section.MINISTER:
            return False
        if code == Code.ADDED:
            if section in _OF_EVERY_AREA:
                return False
            focus = self.focus_of(section)
        return not self.is_status_public_only(focus) or (code in STATUS_CODES and not is_edited)

    def is_status_public_only(self, focus: Focus | None) -> bool:
        """Tell whether no more than how an area stands may become public."""
        return any(c.is_status_public_only for c in self.chapters if c.focus is focus)


def outline_of(areas: Iterable[Area]) -> Outline:
    """Return the outline of reports where the house has these areas, in their order."""
    return Outline(
        tuple(
            Chapter(
                focus=area.focus,
                more=tuple(section.code for section in area.sections),
                figures={line.code: line.section for line in area.lines if line.section},
                is_status_public_only=area.is_status_public_only,
            )
            for area in areas
        )
    )
