"""Catalogue texts in the languages of the screens, and how a catalogue's faults are raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Text = Mapping[str, str]
"""The same words in each language of the screens: `{"id": …, "en": …}`."""

LANGUAGES = ("id", "en")


def parse_text(value: Any, owner: str, faults: list[str]) -> Text:
    """Return the words of `value` by language; `faults` grows by what is missing or foreign."""
    missing = [language for language in LANGUAGES if not value.get(language)]
    faults += [f"{owner}: no words in {language}" for language in missing]
    if unknown := sorted(set(value) - set(LANGUAGES), key=str):
        faults.append(f"{owner}: {unknown} is no language; a text with a comma needs quotes")
    return {language: str(value.get(language, "")) for language in LANGUAGES}


def raise_faults(faults: Sequence[str]) -> None:
    """Raise ValueError with one fault a line, if there are any."""
    if faults:
        raise ValueError("\n".join(faults))
