"""What a correction of a signed report may say: another figure, another status, or other words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from serentak.kernel.refused import Fault
from serentak.kernel.status import Status

from .outline import Code

MOST = 999_999_999
"""More than any figure of an election in this country counts."""


class What(StrEnum):
    """What of a sentence is corrected: its number, its status, or else its words."""

    FIGURE = "FIGURE"
    STATUS = "STATUS"
    WORDS = "WORDS"


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says: a code with parameters, or a person's words instead."""

    code: str
    params: Mapping[str, Any]
    text: str = ""

    @property
    def what(self) -> What:
        """What of it can be corrected."""
        if self.text:
            return What.WORDS
        return {Code.FIGURE.value: What.FIGURE, Code.AREA_STATUS.value: What.STATUS}.get(
            self.code, What.WORDS
        )


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in a correction: a number (of how many), a status or words, by `Said.what`."""

    value: int | None = None
    of: int | None = None
    status: Status | None = None
    text: str = ""


def corrected(said: Said, given: Given) -> Said:
    """Return what a sentence says once corrected; the rest of what it tells stays."""
    match said.what:
        case What.FIGURE:
            of = said.params["of"] if given.of is None else given.of
            return Said(said.code, {**said.params, "value": given.value, "of": of})
        case What.STATUS:
            status = given.status.value if given.status else None
            return Said(said.code, {**said.params, "status": status})
    return Said(said.code, said.params, given.text)


def correction_faults(said: Said, given: Given, *, words: str) -> tuple[Fault, ...]:
    """Return every rule that a correction breaks, with the field that mends it; none if it holds.

    The bounds are those of the figure itself: no less than nothing, a share of at most a hundred, a
    part no more than what it is a part of. `words` are those that the sentence says now.
    """
    found = [_fault(code, field) for code, field in _broken(said, given)]
    if found:
        return tuple(found)
    is_same = given.text == words if said.what is What.WORDS else corrected(said, given) == said
    field = {What.FIGURE: "value", What.STATUS: "status", What.WORDS: "text"}[said.what]
    return (_fault("correction_changes_nothing", field),) if is_same else ()


def _broken(said: Said, given: Given) -> list[tuple[str, str]]:
    if said.what is What.STATUS:
        return [("status_is_missing", "status")] if given.status is None else []
    if said.what is What.WORDS:
        return [("text_is_missing", "text")] if not given.text else []
    before = said.params["of"]
    value, of = given.value, before if given.of is None else given.of
    if value is None:
        return [("figure_is_missing", "value")]
    broken = [
        ("figure_is_out_of_bounds", field)
        for field, number in (("value", value), ("of", of))
        if number is not None and not 0 <= number <= MOST
    ]
    if broken:
        return broken
    if said.params.get("unit") == "%":
        return [("share_exceeds_hundred", "value")] if value > 100 else []
    return [("part_exceeds_whole", "value")] if of is not None and value > of else []


def _fault(code: str, field: str) -> Fault:
    return Fault(f"reporting.{code}", field, {"most": MOST})


def mark_of(signed_at: datetime | None, number: int) -> str:
    """Return the mark of a sentence as it was read: its signature, and its last correction or 0."""
    return f"{signed_at.isoformat() if signed_at else ''}#{number}"
