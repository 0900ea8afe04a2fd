"""The scorecard of a place, its trend, and how it is made."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.places import public as places
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number
from serentak.platform.web.forms import pressed
from serentak.quality import actions, words
from serentak.quality.permissions import PUBLISH_SCORES, STORE_SCORES, VIEW_SCORES
from serentak.quality.queries import reading
from serentak.quality.queries.catalogues import catalogue
from serentak.quality.queries.computing import counted_by
from serentak.quality.rules.catalogue import Moment
from serentak.quality.rules.weighing import Profile

from .shared import head, line, mark_lines, missing_texts


def scorecard(request: HttpRequest, place: PlaceCode) -> dict[str, Any]:
    """Return all that the page and the paper of a place show."""
    viewer = viewer_of(request)
    found = reading.stored(viewer, place)
    profile = reading.profile_of(found, place)
    scores = found.scores.get(place, {})
    here = [
        one
        for one in found.shown.values()
        if level_of(place) is Level.PROVINCE or Level.REGENCY in one.levels
    ]
    return {
        "stored": found,
        "marks": mark_lines(profile),
        "judged": sum(mark.value is not None for mark in profile.marks.values()),
        "flags": [
            (said(flag.name), said(flag.law)) for flag in reading.flags_at(viewer, place, found)
        ],
        "phases": [
            (
                words.MOMENTS[moment],
                [
                    line(one, scores.get(one.key))
                    for one in here
                    if one.moment is moment and counted_by(one.data.counted_by)
                ],
            )
            for moment in Moment
        ],
        "planned": [
            (line(one, None), missing_texts(one.key) or [said(one.data.rows)])
            for one in here
            if not counted_by(one.data.counted_by)
        ],
        "left_out": len(catalogue().indicators) - len(found.shown),
        "weakest": _weakest(profile),
    }


def _weakest(profile: Profile) -> list[str]:
    """Return the principles whose interval lies under all of the best one's, the lowest first."""
    marks = {k: m for k, m in profile.marks.items() if m.value is not None}
    best = max((m.low or 0.0 for m in marks.values()), default=0.0)
    low = sorted((m.value or 0.0, k) for k, m in marks.items() if (m.high or 0.0) < best)
    return [said(catalogue().frame.principles[key].name) for _value, key in low[:3]]


@requires(VIEW_SCORES)
def place(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the profile of principles with intervals, red flags, and each indicator."""
    viewer = viewer_of(request)
    context = {
        **head(place),
        **scorecard(request, place),
        "is_province": level_of(place) is Level.PROVINCE,
        "may_store": viewer.may(STORE_SCORES, place) and level_of(place) is Level.PROVINCE,
        "may_publish": viewer.may(PUBLISH_SCORES, place) and level_of(place) is Level.PROVINCE,
        "children": places.children(place) if level_of(place) is Level.PROVINCE else (),
    }
    return render(request, "quality/place.html", context)


@requires(VIEW_SCORES)
def trend(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show how the indicators of a place stood on the days that are stored."""
    told = reading.trend(viewer_of(request), place)
    days = list(told)[-14:]
    rows = []
    for one in catalogue().indicators.values():
        cells = [told[day].get(one.key) for day in days]
        if any(cell is not None for cell in cells):
            rows.append(
                {
                    "line": line(one, cells[-1]),
                    "cells": [line(one, cell).value if cell else "" for cell in cells],
                    "points": _points([cell.scaled if cell else None for cell in cells]),
                }
            )
    context = {**head(place, _("Trend")), "days": days, "rows": rows}
    return render(request, "quality/trend.html", context)


def _points(values: list[float | None]) -> str:
    """Return the points of a line from left to right; days without a figure are passed over."""
    step = 100 / max(1, len(values) - 1)
    return " ".join(
        f"{at * step:.1f},{20 - value * 20:.1f}"
        for at, value in enumerate(values)
        if value is not None
    )


@requires(VIEW_SCORES)
def method(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show the fifteen sentences for a governor, the rules, and where they come from."""
    known = catalogue()
    context = {
        **head(place, _("How it is made")),
        "sentences": known.judgement.governor.get(
            (get_language() or "id")[:2], known.judgement.governor["id"]
        ),
        "rules": [said(rule.text) for rule in known.judgement.rules.values()],
        "notes": [said(note) for note in known.frame.notes],
        "missing": [said(one.text) for one in known.frame.missing],
        "references": [(one.key, said(one.text)) for one in known.frame.references.values()],
        "frame": known.frame,
        "replace": said(known.frame.replace),
    }
    return render(request, "quality/method.html", context)


@require_POST
@requires(STORE_SCORES)
def store(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Compute the day's scores now."""
    if level_of(place) is not Level.PROVINCE:
        raise Http404
    return pressed(
        request,
        partial(actions.store_scores, place=place),
        done=lambda n: _("%(n)s scores were stored.") % {"n": number(n)},
        to=reverse("quality:place", args=[place]),
    )
