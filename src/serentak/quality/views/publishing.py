"""The way to the public: open for reply, reply, publish."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.platform.access import requires, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.formats import day as day_text
from serentak.platform.web.forms import form_page, pressed
from serentak.quality import actions
from serentak.quality.forms import OpenForm, ReplyForm
from serentak.quality.permissions import PUBLISH_SCORES, REPLY
from serentak.quality.queries.catalogues import catalogue
from serentak.quality.queries.seeing import sees_work_of

from .shared import head


@requires(PUBLISH_SCORES)
def open_reply(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Open the scores of a province for reply."""
    if level_of(place) is not Level.PROVINCE:
        raise Http404
    return form_page(
        request,
        OpenForm(request.POST or None),
        partial(actions.open_reply, place=place),
        head(place, _("Open for reply")),
        done=lambda until: _("Institutions may reply until %(day)s.") % {"day": day_text(until)},
        to=reverse("quality:place", args=[place]),
    )


@require_POST
@requires(PUBLISH_SCORES)
def publish(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Publish the scores of a province."""
    return pressed(
        request,
        partial(actions.publish_scores, place=place),
        done=_("The scores are published."),
        to=reverse("quality:place", args=[place]),
    )


@requires(REPLY)
def reply(request: HttpRequest, place: PlaceCode, indicator: str) -> HttpResponse:
    """Answer a score for one's institution."""
    one = catalogue().indicators.get(indicator)
    if one is None or not sees_work_of(viewer_of(request), one.who, place):
        raise Http404
    return form_page(
        request,
        ReplyForm(request.POST or None),
        partial(actions.reply_to_score, place=place, indicator=indicator),
        head(place, _("Reply"), said(one.name)),
        done=_("Your reply was recorded."),
        to=reverse("quality:indicator", args=[place, indicator]),
    )
