"""Which days are no working days: the catalogue of holidays, which an installation may replace."""

from __future__ import annotations

from datetime import date
from typing import Any

from .catalogue import load

KINDS = frozenset({"HOLIDAY", "LEAVE", "ELECTION"})


def holidays() -> frozenset[date]:
    """Return public holidays, collective leave and voting days, for `kernel.workdays`."""
    return load("platform", "holidays", parse_holidays)


def parse_holidays(data: Any) -> frozenset[date]:
    """Check the catalogue: each day once, of a known kind, with a source."""
    faults: list[str] = []
    found: set[date] = set()
    for item in data["days"]:
        day = item["date"]
        if day in found:
            faults.append(f"{day}: stands twice")
        if item["kind"] not in KINDS:
            faults.append(f"{day}: {item['kind']} is no kind of holiday")
        if item["from"] not in data["sources"]:
            faults.append(f"{day}: {item['from']} is no source")
        found.add(day)
    if faults:
        raise ValueError("\n".join(faults))
    return frozenset(found)
