"""Builds catalogues, networks and rows for the tests of readiness."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from serentak.kernel.codes import PlaceCode
from serentak.readiness import rules
from serentak.readiness.rules.activities import Catalogue, parse_activities
from serentak.readiness.rules.network import Network, build_network
from serentak.readiness.rules.thresholds import Thresholds, parse_thresholds

FOLDER = Path(rules.__file__).parent.parent / "catalogue"
OKI = PlaceCode("16.02")
PROVINCE = PlaceCode("16")


def raw_shipped(name: str) -> Any:
    """Return a shipped catalogue as plain data."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


def shipped_activities() -> Catalogue:
    """Return the shipped activities."""
    return parse_activities(raw_shipped("activities"))


def shipped_thresholds() -> Thresholds:
    """Return the shipped thresholds."""
    return parse_thresholds(raw_shipped("rules"))


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
    return parse_activities(raw_catalogue(*activities))


def network_of(catalogue: Catalogue, place: PlaceCode = OKI) -> Network:
    """Return the network of a whole catalogue at one place."""
    return build_network(catalogue, [(place, key) for key in catalogue.activities])
