"""Reads one entry of a catalogue field by field and collects every fault instead of the first."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from serentak.kernel.countdown import parse_countdown
from serentak.kernel.texts import LANGUAGES, Text

E = TypeVar("E", bound=Enum)


class Entry:
    """One mapping of the catalogue; readers return a stand-in after noting a fault.

    `faults` grows by lines of the form `entry: field: rule`.
    """

    def __init__(self, where: str, raw: object, faults: list[str]) -> None:
        self.where = where
        self.faults = faults
        self.raw: Mapping[object, object] = raw if isinstance(raw, Mapping) else {}
        self._read: set[object] = set()
        if not isinstance(raw, Mapping):
            self.fault("", "must be a mapping of fields")

    def fault(self, name: str, rule: str) -> None:
        """Note that field `name` breaks `rule`."""
        self.faults.append(": ".join(part for part in (self.where, name, rule) if part))

    def value(self, name: str, default: object = None) -> object:
        """Return the raw value of a field."""
        self._read.add(name)
        return self.raw.get(name, default)

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text that is not empty, or the default where the field is missing."""
        found = self.value(name, default)
        if isinstance(found, str) and (found.strip() or found == default):
            return found.strip()
        self.fault(name, "must be a text that is not empty")
        return ""

    def words(self, name: str) -> Text:
        """Return a text given in both languages."""
        found = self.value(name)
        if isinstance(found, Mapping):
            both = {language: str(found.get(language) or "") for language in LANGUAGES}
            if all(both.values()):
                return both
        self.fault(name, "needs a text in both languages, {id:, en:}")
        return {"id": "", "en": ""}

    def whole(self, name: str, *, low: int, default: int | None = None) -> int:
        """Return a whole number of at least `low`."""
        found = self.value(name, default)
        if isinstance(found, int) and not isinstance(found, bool) and found >= low:
            return found
        self.fault(name, f"must be a whole number of at least {low}")
        return low

    def share(self, name: str) -> float:
        """Return a number from 0 to 1."""
        found = self.value(name)
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= 1:
            return float(found)
        self.fault(name, "must be a number from 0 to 1")
        return 0.0

    def flag(self, name: str) -> bool:
        """Return true or false, false where the field is missing."""
        found = self.value(name, False)
        if not isinstance(found, bool):
            self.fault(name, "must be true or false")
        return bool(found)

    def day(self, name: str) -> int:
        """Return the days after the vote that a label like H-30 means."""
        found = self.value(name)
        try:
            return parse_countdown(str(found))
        except ValueError:
            self.fault(name, f"{found!r} is not of the form H-30, H or H+2")
            return 0

    def day_if_given(self, name: str) -> int | None:
        """Return the day of a label, None where the field is missing."""
        return None if self.value(name) is None else self.day(name)

    def choice(self, name: str, of: type[E], *, upper: bool = False) -> E:
        """Return the member of an enum that the field names."""
        found = str(self.value(name, ""))
        wanted = found.upper() if upper else found
        for member in of:
            if member.value == wanted:
                return member
        allowed = ", ".join(m.value.lower() if upper else m.value for m in of)
        self.fault(name, f"{found!r} is none of {allowed}")
        return next(iter(of))

    def known(self, name: str, among: Mapping[str, object], kind: str) -> str:
        """Return a key that must exist elsewhere in the catalogue."""
        found = self.text(name)
        if found and found not in among:
            self.fault(name, f"{found!r} is no {kind} of this catalogue")
        return found

    def items(self, name: str) -> list[object]:
        """Return a list, empty where the field is missing."""
        found = self.value(name, [])
        if isinstance(found, list):
            return found
        self.fault(name, "must be a list")
        return []

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty where the field is missing."""
        found = self.items(name)
        if not all(isinstance(item, str) and item for item in found):
            self.fault(name, "must be a list of texts")
        return tuple(str(item) for item in found)

    def inner(self, name: str) -> Entry:
        """Return the mapping that stands in a field."""
        return Entry(f"{self.where}: {name}", self.value(name), self.faults)

    def finish(self) -> None:
        """Note every field that nobody asked for: a misspelt field must not be silently lost."""
        for name in self.raw:
            if name not in self._read:
                self.fault(str(name), "is not a field of this entry")
