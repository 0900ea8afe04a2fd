"""The scorecard as a document, as rows for anyone, and as the public sees it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.kernel.viewer import PUBLIC
from serentak.platform.access import public, requires, viewer_of
from serentak.platform.documents import PDF, download
from serentak.quality import documents
from serentak.quality.permissions import VIEW_SCORES
from serentak.quality.queries import reading
from serentak.quality.rules.catalogue import Role

from .places import scorecard
from .shared import head, line

COLUMNS = (
    "place", "day", "indicator", "principle", "whose", "good", "of", "silent", "value", "low",
    "high", "scaled", "hidden", "version", "seed",
)  # fmt: skip


def _rows(request: HttpRequest, place: PlaceCode) -> Iterator[dict[str, Any]]:
    """Yield the scores that whoever asks may see; to the public what is published."""
    if level_of(place) not in (Level.PROVINCE, Level.REGENCY):
        raise Http404
    found = reading.stored(viewer_of(request), place, with_children=True)
    for code in sorted(found.scores):
        for key, judged in sorted(found.scores[code].items()):
            one = found.shown[key]
            yield {
                "place": code,
                "day": found.day.isoformat() if found.day else "",
                "indicator": key,
                "principle": one.principle if one.role is Role.COMPARED else "",
                "whose": one.who.value,
                "good": judged.good,
                "of": judged.of,
                "silent": judged.silent,
                "value": _rounded(judged.value),
                "low": _rounded(judged.low),
                "high": _rounded(judged.high),
                "scaled": _rounded(judged.scaled),
                "hidden": judged.hidden.value if judged.hidden else "",
                "version": found.version,
                "seed": found.seed,
            }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


@require_safe
@public
def as_csv(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Give the scores as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(_rows(request, place))
    return download(text.getvalue().encode(), f"mutu-{place}.csv", "text/csv; charset=utf-8")


@require_safe
@public
def as_json(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Give the scores as JSON."""
    answer = JsonResponse({"place": place, "scores": list(_rows(request, place))})
    answer["Cache-Control"] = "no-store"
    return answer


@requires(VIEW_SCORES)
def document(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Give the scorecard as a document to print."""
    content = documents.scorecard_pdf({**head(place), **scorecard(request, place)}, place)
    return download(content, f"mutu-{place}.pdf", PDF)


@require_safe
@public
def public_page(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show what is published of a place, with the replies; 404 before anything is."""
    found = reading.stored(PUBLIC, place)
    lines = [
        (line(one, judged), reading.replies_at(place, key, with_children=False))
        for key, judged in found.scores.get(place, {}).items()
        if (one := found.shown[key])
    ]
    if not lines:
        raise Http404
    return render(request, "quality/public.html", {**head(place), "lines": lines, "stored": found})
