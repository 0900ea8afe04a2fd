"""The entries of the bar, in their order."""

from __future__ import annotations

from serentak.platform.web.navigation import NavEntry

ENTRIES: tuple[NavEntry, ...] = ()
