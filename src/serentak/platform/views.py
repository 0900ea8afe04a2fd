"""Pages that belong to no slice."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest

from .access import requires, viewer_of
from .evidence import VIEW_EVIDENCE, evidence_file


@requires(VIEW_EVIDENCE)
def evidence(request: HttpRequest, evidence_id: UUID) -> FileResponse:
    """Send a stored file to one who may see it; documents are downloaded, photos shown."""
    row = evidence_file(evidence_id, viewer=viewer_of(request))
    return FileResponse(
        row.file.open("rb"),
        content_type=row.content_type,
        as_attachment=not row.content_type.startswith("image/"),
        filename=row.name,
    )
