"""What an action raises when a rule says no; nothing has been written then."""

from __future__ import annotations


class Refused(Exception):
    """A refusal by rule: a code that the entry point words in the reader's language.

    `code` is `slice.sentence_in_snake_case`; `field` names the input it concerns; `params` fill
    the sentence and never hold text that the reader may not see.
    """

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code, field, params)
        self.code = code
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class OutOfScope(Exception):
    """The object exists or not; the asker may not know. Entry points answer 404."""


class Conflict(Refused):
    """The row changed since the asker saw it, or somebody else was first."""
