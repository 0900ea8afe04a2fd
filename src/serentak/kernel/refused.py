"""What an action raises when a rule says no; nothing has been written then."""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Self


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One rule that was broken: a code that the entry point words in the reader's language.

    `code` is `slice.sentence_in_snake_case`; `field` names the input it concerns, `row` which of
    many rows, as who sent them numbers them. `params` fill the sentence and never hold text that
    the reader may not see; whole numbers are written as the reader writes them.
    """

    code: str
    field: str | None = None
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)
    row: int | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class Refused(Exception):
    """A refusal by rule, with every fault found; `code`, `field` and `params` are the first's.

    Most actions stop at the first: `Refused(code, field=…, …)`. `of` carries several.
    """

    def __init__(self, code: str, /, *, field: str | None = None, **params: object) -> None:
        super().__init__(code, field, params)
        self.faults: tuple[Fault, ...] = (Fault(code, field, params),)

    @classmethod
    def of(cls, *faults: Fault) -> Self:
        """Return the refusal for all of `faults`, at least one."""
        refused = cls(faults[0].code)
        refused.faults = faults
        return refused

    @property
    def code(self) -> str:
        """The first fault's code."""
        return self.faults[0].code

    @property
    def field(self) -> str | None:
        """The first fault's field."""
        return self.faults[0].field

    @property
    def params(self) -> Mapping[str, object]:
        """The first fault's parameters."""
        return self.faults[0].params

    def __str__(self) -> str:
        return "; ".join(map(str, self.faults))


@contextmanager
def noting(faults: list[Fault], *, row: int, **fields: str) -> Iterator[None]:
    """Note what is refused inside as faults of `row`, so that the rows after it are looked at too.

    `fields` renames an inner action's fields: `noting(faults, row=3, file="photo")`.
    """
    try:
        yield
    except Refused as refused:
        faults.extend(
            dataclasses.replace(fault, row=row, field=fields.get(fault.field or "", fault.field))
            for fault in refused.faults
        )


class OutOfScope(Exception):
    """The object exists or not; the asker may not know. Entry points answer 404."""


class Conflict(Refused):
    """The row changed since the asker saw it, or somebody else was first."""
