"""Pages that belong to no slice."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from . import live
from .access import requires, signed_in, viewer_of
from .evidence import evidence_file, send_file
from .permissions import VIEW_EVIDENCE


@requires(VIEW_EVIDENCE)
def evidence(request: HttpRequest, evidence_id: UUID) -> FileResponse:
    """Send a stored file to one who may see it."""
    return send_file(evidence_file(evidence_id, viewer=viewer_of(request)))


@signed_in
def stream(request: HttpRequest) -> HttpResponse:
    """Open a stream that tells when the live page at `of` changed, without a word of what is new.

    The web process keeps it open and goes on telling (`config/live.py`); all else gets its begin.
    """
    screen = live.screen(request.GET.get("of", ""), viewer_of(request))
    if screen is None:
        raise Http404
    request.META[live.STREAM] = screen
    response = HttpResponse(content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy passes each piece on at once
    return response
