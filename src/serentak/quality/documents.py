"""The scorecard on paper."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from serentak.kernel.codes import PlaceCode
from serentak.platform.documents import pdf
from serentak.platform.web import formats

from .queries.catalogues import catalogue

TEMPLATE = Path(__file__).parent / "scorecard.typ"


def scorecard_pdf(card: Mapping[str, Any], place: PlaceCode) -> bytes:
    """Return the scorecard as PDF: the same bytes for the same stored day."""
    stored = card["stored"]
    language = (get_language() or "id")[:2]
    governor = catalogue().judgement.governor
    data = {
        "language": language,
        "title": card["head"].title,
        "subtitle": _("As of %(day)s. A profile, no rank; every figure with its interval.")
        % {"day": formats.day(stored.day)},
        "marks_title": _("Principles of law, from 0 to 100"),
        "marks": [
            {
                "name": mark.name,
                "points": mark.points or _("not judged"),
                "bar": [float(mark.bar.x), float(mark.bar.width), float(mark.bar.at)]
                if mark.bar
                else None,
                "shown": mark.shown,
            }
            for mark in card["marks"]
        ],
        "flags_title": _("Red flags, which no other value makes good"),
        "flags": [f"{name} ({law})" for name, law in card["flags"]] or [_("None is raised.")],
        "phases": [
            {
                "title": str(title),
                "rows": [
                    [row.name, row.value or row.why, row.interval, row.counts] for row in rows
                ],
            }
            for title, rows in card["phases"]
            if rows
        ],
        "headings": [_("Indicator"), _("Value"), _("Interval (95 in 100)"), _("Counted")],
        "method_title": _("How to read this card"),
        "method": list(governor.get(language, governor["id"])),
        "foot": _("Catalogue %(version)s, seed %(seed)s, stored %(moment)s")
        % {
            "version": stored.version,
            "seed": str(stored.seed),
            "moment": formats.moment(stored.computed_at),
        },
    }
    return pdf(TEMPLATE, data)
