"""What a picker of places is answered while somebody types."""

from django.http import HttpRequest, HttpResponse

from serentak.platform.access import signed_in
from serentak.platform.web.pickers import picker_options

from . import queries


@signed_in
def options(request: HttpRequest) -> HttpResponse:
    """Answer the places whose words or code begin with what was typed."""
    return picker_options(request, queries.place_options)
