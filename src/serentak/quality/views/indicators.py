"""The page of an indicator: formula, law, each regency, what it was before, how it is bent."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.platform import areas
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.tables import Column, Table
from serentak.quality import words
from serentak.quality.permissions import REPLY, VIEW_SCORES
from serentak.quality.queries import reading
from serentak.quality.queries.catalogues import catalogue
from serentak.quality.queries.computing import counted_by
from serentak.quality.queries.seeing import sees_work_of
from serentak.quality.rules.catalogue import Indicator

from .shared import head, line, missing_texts, value_text


@requires(VIEW_SCORES)
def indicator(request: HttpRequest, place: PlaceCode, indicator: str) -> HttpResponse:
    """Show one indicator at a place and, of a province, in each of its regencies."""
    viewer = viewer_of(request)
    is_province = level_of(place) is Level.PROVINCE
    found = reading.stored(viewer, place, with_children=is_province, only=[indicator])
    one = found.shown.get(indicator)
    if one is None:
        raise Http404
    names = reading.names_of(found.scores)
    rows = [
        {
            "place": code,
            "name": names.get(code, code),
            "line": line(one, found.scores[code].get(indicator)),
            "was": _was(one, code),
        }
        for code in sorted(found.scores)
    ]
    table: Table[Any] = Table(
        name="places",
        title=said(one.name),
        columns=_COLUMNS,
        rows=rows,
        is_searchable=False,
        page_size=40,
        empty=gettext_lazy("Nothing is stored yet."),
    )
    bound = table.bind(request)
    if isinstance(answer := bound.answer(request), HttpResponse):
        return answer
    known = catalogue()
    may_reply = viewer.may(REPLY, place) and sees_work_of(viewer, one.who, place)
    stage = found.publication
    context = {
        **head(place, said(one.name), said(known.frame.principles[one.principle].name)),
        "table": bound,
        "one": one,
        "question": said(one.question),
        "numerator": said(one.numerator.text),
        "denominator": said(one.denominator.text),
        "unit": words.UNITS[one.unit],
        "scale": (value_text(one, one.scale.worst), value_text(one, one.scale.best))
        if one.scale
        else None,
        "whose": words.WHOSE[one.who],
        "moment": words.MOMENTS[one.moment],
        "also": [said(known.frame.principles[key].name) for key in one.also],
        "law": said(one.law),
        "rows_of": said(one.data.rows),
        "gaming": said(one.gaming),
        "shows": said(one.shows),
        "missing": missing_texts(one.key),
        "is_counted": counted_by(one.data.counted_by),
        "references": [said(known.frame.references[ref].text) for ref in one.refs],
        "baselines": [
            {
                "text": said(b.text) if b.text else "",
                "value": value_text(one, b.value),
                "place": b.place,
                "date": b.date,
                "source": b.source,
                "comparable": said(b.comparable),
            }
            for b in one.baseline
        ],
        "replies": reading.replies_at(place, indicator, with_children=is_province)
        if found.is_published or sees_work_of(viewer, one.who, place)
        else [],
        "may_reply": may_reply and stage is not None and not found.is_published,
        "rows_link": _rows_link(one, place),
        "stored": found,
    }
    return render(request, "quality/indicator.html", context)


def _was(one: Indicator, place: PlaceCode) -> str:
    """Return the published figure of a place, if there is one."""
    return next((value_text(one, v) for b in one.baseline if (v := b.at(place)) is not None), "")


def _rows_link(one: Indicator, place: PlaceCode) -> str:
    """Return the page of the slice that counts it."""
    part = areas.part_of(one.data.counted_by)
    return reverse(part.page, args=[place]) if part and part.page else ""


_COLUMNS: tuple[Column[Any], ...] = (
    Column("place", gettext_lazy("Place"), lambda row: row["name"],
           link=lambda row: reverse("quality:place", args=[row["place"]])),
    Column("value", gettext_lazy("Value"), lambda row: row["line"].value or row["line"].why),
    Column("interval", gettext_lazy("Interval (95 in 100)"), lambda row: row["line"].interval),
    Column("counts", gettext_lazy("Counted"), lambda row: row["line"].counts),
    Column("was", gettext_lazy("Published before"), lambda row: row["was"]),
)  # fmt: skip
