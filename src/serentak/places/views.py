"""What a picker of places is answered while somebody types."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse

from serentak.kernel.codes import COUNTRY, parse_code
from serentak.platform.access import signed_in
from serentak.platform.web.pickers import picker_options

from . import queries

MOST_WITHIN = 50
"""So many places one's area may consist of at most when one searches in it."""


@signed_in
def options(request: HttpRequest) -> HttpResponse:
    """Answer the places whose words or code begin with what was typed, `within` some places."""
    try:
        within = [parse_code(code) for code in request.GET.getlist("within")]
    except ValueError:
        raise Http404 from None
    if len(within) > MOST_WITHIN:
        raise Http404
    return picker_options(request, partial(queries.place_options, within=within or (COUNTRY,)))
