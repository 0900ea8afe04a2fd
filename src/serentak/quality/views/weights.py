"""Weights that anybody may choose, and what of the order stands under all of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from serentak.kernel.codes import Level, PlaceCode, level_of
from serentak.platform import clock
from serentak.platform.access import public, viewer_of
from serentak.platform.catalogue import said
from serentak.platform.web.formats import number
from serentak.quality.forms import WeightsForm
from serentak.quality.permissions import VIEW_SCORES
from serentak.quality.queries import reading
from serentak.quality.queries.catalogues import catalogue, chance
from serentak.quality.queries.publishing import publication_of
from serentak.quality.rules.weighing import Pair, compare, total

from .shared import bar, head


@require_safe
@public
def weights(request: HttpRequest, place: PlaceCode) -> HttpResponse:
    """Show totals under weights and every pair of regencies: an order, or none.

    It is for everybody once the scores are published.
    """
    stage = publication_of(place)
    is_published = stage is not None and stage.published_at is not None
    may_see = is_published or viewer_of(request).may(VIEW_SCORES, place)
    if level_of(place) is not Level.PROVINCE or not may_see:
        raise Http404
    names = WeightsForm.names()
    given = {**dict.fromkeys(names, "1"), **request.GET.dict()}
    form = WeightsForm(given if request.GET.keys() & names.keys() else None)
    chosen = dict.fromkeys(names, 1.0)
    if form.is_bound and form.is_valid():
        chosen = dict(WeightsForm.weights(form.cleaned_data))
    found = reading.stored(viewer_of(request), place, with_children=True)
    profiles = reading.profiles_below(found, place)
    called = reading.names_of(profiles)
    known = catalogue()
    pairs = compare(
        profiles,
        chosen,
        chance=chance(),
        sure_from=known.frame.defaults.sure_from,
        least_share=known.frame.defaults.least_share_shown,
    )
    totals = []
    for code, one in profiles.items():
        if under := total(one, chosen):
            totals.append(
                {
                    "name": called.get(code, code),
                    "place": code,
                    "value": number(round(under.value * 100)),
                    "low": number(round(under.low * 100)),
                    "high": number(round(under.high * 100)),
                    "bar": bar(under.low, under.high, under.value),
                    "principles": under.principles,
                }
            )
    ordered = [pair for pair in pairs if pair.above]
    context = {
        **head(place, _("Weights and order")),
        "form": form,
        "totals": sorted(totals, key=lambda row: str(row["name"])),
        "ordered": [_told(pair, called) for pair in ordered],
        "others": [_told(pair, called) for pair in pairs if not pair.above],
        "is_default": len(set(chosen.values())) == 1,
        "chosen": [(names[k], number(w, 1)) for k, w in chosen.items() if w != 1],
        "chosen_by": viewer_of(request).name,
        "chosen_at": clock.now(),
        "stored": found,
        "sure_from": number(round(known.frame.defaults.sure_from * 100)),
        "seed": known.frame.defaults.seed,
    }
    return render(request, "quality/weights.html", context)


def _told(pair: Pair, called: dict[PlaceCode, str] | object) -> dict[str, object]:
    names = called if isinstance(called, dict) else {}
    first, second = pair.first, pair.second
    weights_only, with_chance = pair.weights_only, pair.with_chance
    # The likelier one is named first, so that one reads the same way each time.
    if weights_only < 0.5:
        first, second = second, first
        weights_only, with_chance = 1 - weights_only, 1 - with_chance
    values = {
        "first": names.get(first, first),
        "second": names.get(second, second),
        "n": number(round(weights_only * 100)),
    }
    return {
        "text": _("%(first)s above %(second)s under %(n)s of 100 weights") % values,
        "weights_only": number(round(weights_only * 100)),
        "with_chance": number(round(with_chance * 100)),
        "principles": pair.principles,
        "left_out": ", ".join(
            said(catalogue().frame.principles[key].name) for key in pair.left_out
        ),
    }
