"""Builds catalogues, networks and rows for the tests of readiness."""

from collections.abc import Collection
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml

from serentak.elections.actions import import_stations, set_up_election
from serentak.elections.public import StationRow
from serentak.kernel.briefing import FigureClass
from serentak.kernel.codes import PlaceCode
from serentak.kernel.entries import read
from serentak.kernel.viewer import SYSTEM, Viewer
from serentak.readiness import actions, rules
from serentak.readiness.models import Activity, ActivityShare
from serentak.readiness.rules.activities import Catalogue
from serentak.readiness.rules.network import Network, build_network
from serentak.readiness.rules.reporting import ReportKind
from serentak.readiness.rules.shocks import Shocks, read_shocks
from serentak.readiness.rules.thresholds import Thresholds, parse_thresholds
from tests.cast import AIR_SUGIHAN, AT, OKI, PROVINCE

FOLDER = Path(rules.__file__).parent.parent / "catalogue"


def raw_shipped(name: str) -> Any:
    """Return a shipped catalogue as plain data."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


@cache
def shipped_activities() -> Catalogue:
    """Return the shipped activities."""
    return read(Catalogue, raw_shipped("activities"))


@cache
def shipped_thresholds() -> Thresholds:
    """Return the shipped thresholds."""
    return parse_thresholds(raw_shipped("rules")).values


@cache
def shipped_shocks() -> Shocks:
    """Return the shipped shocks."""
    return read_shocks(raw_shipped("shocks"), shipped_activities())


_RAW: dict[str, Any] = {
    "aspects": {"transport": {"id": "Distribusi", "en": "Transport"}},
    "units": {"boxes": {"id": "kotak", "en": "boxes"}},
    "consequences": {
        letter: {
            "name": {"id": letter, "en": letter},
            "sentence": {"id": f"akibat {letter}", "en": f"miss {letter}"},
        }
        for letter in "ABCDEFG"
    },
    "sources": {"assumed": {"cite": {"id": "Asumsi", "en": "Assumption"}, "date": "2024"}},
}


def raw_activity(key: str, **changes: Any) -> dict[str, Any]:
    """Return one activity as plain data; None removes a field."""
    entry: dict[str, Any] = {
        "key": key,
        "name": {"id": f"kegiatan {key}", "en": f"activity {key}"},
        "aspect": "transport",
        "owner": "KPU",
        "levels": ["regency"],
        "unit": "boxes",
        "quantity": [{"of": "stations"}],
        "durations": {"optimistic": 1, "likely": 4, "pessimistic": 8},
        "target": "H-3",
        "deadline": {"kind": "PHYSICAL"},
        "miss": "A",
        "drop": "never",
        "report_every": 1,
        "source": "assumed",
        "confidence": "HIGH",
        **changes,
    }
    return {name: value for name, value in entry.items() if value is not None}


def raw_catalogue(*activities: dict[str, Any]) -> dict[str, Any]:
    """Return a whole catalogue as plain data."""
    return {**deepcopy(_RAW), "activities": list(activities)}


def catalogue_of(*activities: dict[str, Any]) -> Catalogue:
    """Return a checked catalogue of these activities."""
    return read(Catalogue, raw_catalogue(*activities))


def network_of(catalogue: Catalogue, place: PlaceCode = OKI) -> Network:
    """Return the network of a whole catalogue at one place."""
    return build_network(catalogue, [(place, key) for key in catalogue.activities])


# --- rows


STATIONS = {
    "16.02.05.1001.001": (250, 260),
    "16.02.05.1001.002": (240, 251),
    "16.02.05.2010.001": (199, 200),
    "16.02.14.2001.001": (280, 275),
    "16.02.14.2002.001": (150, 149),
    "16.07.02.2001.001": (200, 210),
    "16.07.02.2001.002": (190, 180),
    "16.10.02.2001.001": (120, 130),
    "16.71.02.1001.001": (290, 300),
    "16.71.02.1001.002": (280, 300),
}
"""Listed voters, male and female, of the ten stations of the tests."""


def set_up(at: datetime = AT) -> None:
    """Make the election, its stations and all activities of the cast's province."""
    set_up_stations(at)
    actions.instantiate_activities(province=PROVINCE, actor=SYSTEM, at=at)


def set_up_stations(at: datetime = AT) -> None:
    """Make the election and its stations, of which the activities follow."""
    set_up_election(place=PROVINCE, actor=SYSTEM, at=at)
    import_stations(
        rows=[StationRow(PlaceCode(code), m, f) for code, (m, f) in STATIONS.items()],
        source="DPT",
        as_of_date=date(2024, 9, 22),
        figure_class=FigureClass.SYNTHETIC,
        actor=SYSTEM,
        at=at,
    )


def activity(key: str, place: PlaceCode = OKI) -> Activity:
    """Return an activity as it is stored now."""
    return Activity.objects.get(key=key, place=place)


def line(key: str, district: PlaceCode = AIR_SUGIHAN) -> ActivityShare:
    """Return a district's line as it is stored now."""
    return ActivityShare.objects.get(activity__key=key, place=district)


def answer(
    key: str,
    quantity: int | None = None,
    *,
    kind: ReportKind = ReportKind.QUANTITY,
    place: PlaceCode = OKI,
    district: PlaceCode | None = None,
    note: str = "",
) -> actions.ReportRow:
    """Return one row of a page of reports."""
    return actions.ReportRow(activity(key, place).pk, kind, quantity, note, district)


def report(
    *rows: actions.ReportRow,
    actor: Viewer = SYSTEM,
    place: PlaceCode = OKI,
    at: datetime = AT,
    client_key: UUID | None = None,
) -> actions.Receipt:
    """Send a page of reports."""
    return actions.report_progress(
        client_key=client_key or uuid4(), place=place, rows=rows, actor=actor, at=at
    )


def finish_on_plan(day: date, *, except_keys: Collection[str] = (), at: datetime = AT) -> None:
    """Report everything as far as the targets want it in the morning of `day`."""
    for place in Activity.objects.values_list("place", flat=True).distinct():
        rows = []
        for row in Activity.objects.filter(place=place).exclude(key__in=except_keys):
            likely = shipped_activities().activities[row.key].durations.likely
            elapsed = min(likely, max(0, likely - (row.target_date - day).days - 1))
            if elapsed:
                done = -(-row.target_quantity * elapsed // likely)
                rows.append(actions.ReportRow(row.pk, ReportKind.QUANTITY, done))
        report(*rows, place=PlaceCode(place), at=at)
