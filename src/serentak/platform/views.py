"""Pages that belong to no slice."""

from uuid import UUID

from django.http import FileResponse, HttpRequest

from .access import requires, viewer_of
from .evidence import evidence_file, send_file
from .permissions import VIEW_EVIDENCE


@requires(VIEW_EVIDENCE)
def evidence(request: HttpRequest, evidence_id: UUID) -> FileResponse:
    """Send a stored file to one who may see it."""
    return send_file(evidence_file(evidence_id, viewer=viewer_of(request)))
