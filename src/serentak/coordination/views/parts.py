"""What the pages of coordination share: form pages, the head of a page, history in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from serentak.coordination.permissions import (
    GIVE_ACTION,
    RUN_MEETING,
    VIEW_COORDINATION,
)
from serentak.coordination.queries import follow_up
from serentak.coordination.words import (
    event_text,
)
from serentak.institutions.public import InstitutionCard, voices
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import Permission, Viewer
from serentak.places import public as places
from serentak.platform.access import may_open, viewer_of
from serentak.platform.web.forms import add_refusal, natural, render_form


def answer(
    request: HttpRequest,
    place: PlaceCode,
    form: django_forms.Form,
    act: Callable[[], str],
    context: Mapping[str, Any],
    done: str,
) -> HttpResponse:
    """Show a form, or do what was sent and lead on; a refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            link = act()
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect(link)
    return render_form(
        request,
        "coordination/form.html",
        form,
        {**head_of_page(place, viewer_of(request)), **context},
    )


def head_of_page(place: PlaceCode, viewer: Viewer) -> dict[str, Any]:
    """Return the way to a place; whoever is asked from above does not get in everywhere on it."""
    path = places.path(place)
    if not path or path[-1].code != place:
        raise Http404
    return {"path": path, "card": path[-1], "may_enter": viewer.may(VIEW_COORDINATION, place)}


def leads_in(viewer: Viewer, link: str) -> bool:
    return may_open(viewer, link.partition("?")[0].partition("#")[0])


def history_lines(subject: str) -> list[tuple[follow_up.HistoryLine, str, str]]:
    return [
        (line, event_text(line.name, line.facts), str(line.facts.get("note") or ""))
        for line in follow_up.history(subject)
    ]


def speaker_of(viewer: Viewer, permission: Permission = RUN_MEETING) -> InstitutionCard | None:
    return voices(viewer, permission).first or voices(viewer, GIVE_ACTION).first


def grouped(cards: Sequence[InstitutionCard]) -> list[Any]:
    """Return institutions as choices under the names of their families."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for card in cards:
        groups.setdefault(card.family_label, []).append((card.id, card.name))
    return list(groups.items())


def version_of(request: HttpRequest) -> int:
    """Return the version of a meeting or letter that the page was sent with; 0 if it is none."""
    return natural(request.POST.get("version", "")) or 0
