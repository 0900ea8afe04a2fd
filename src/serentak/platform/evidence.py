"""Evidence files: what may be stored, who may see it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePath
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.http import FileResponse

from serentak.kernel.codes import PlaceCode, parse_code
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import Viewer

from . import photos
from .action import action, undo_if_it_fails
from .audit import record
from .contents import XLSX, content_type_of, name_of
from .events import EvidenceStored
from .models import EvidenceFile
from .permissions import VIEW_EVIDENCE

PHOTOS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
}
"""Pictures alone, by the type that the content shows: of these place and device are taken out."""
SCANS = {**PHOTOS, "application/pdf": "PDF"}
"""What may stand for a signed paper: a PDF is stored as it came, with all it says of itself."""
ACCEPTED = {**SCANS, XLSX: "XLSX"}
"""What may be stored."""


@action
def store_evidence(
    *,
    file: "File[bytes]",
    place: PlaceCode,
    institution_id: int | None,
    accepted: Mapping[str, str] = ACCEPTED,
    actor: Viewer,
    at: datetime,
) -> UUID:
    """Store a file after a look at its size and its content, and return its id.

    Refuses what is empty, larger than `SERENTAK_EVIDENCE_MB`, or of another type than accepted;
    the type is read from the content, never from the name. Of a photo the picture is kept, without
    place and device.
    """
    content_type = _checked_content_type(file, accepted)
    if content_type in photos.FORMATS:
        file = ContentFile(photos.cleaned(file, content_type), name=file.name)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    row = EvidenceFile(
        name=PurePath(file.name or "file").name[:200],
        content_type=content_type,
        size=file.size,
        sha256=digest.hexdigest(),
        place=place,
        institution_id=institution_id,
        uploaded_by_id=actor.user_id,
        uploaded_at=at,
    )
    extension = content_type.rpartition("/")[2].rpartition(".")[2][:5]
    row.file.save(f"{row.id}.{extension}", file, save=False)
    undo_if_it_fails(partial(row.file.delete, save=False))
    row.save()
    event = EvidenceStored(
        subjects=(f"evidence:{row.id}",),
        place=place,
        institution_id=institution_id,
        size=row.size,
        sha256=row.sha256,
        content_type=content_type,
    )
    record(event, actor=actor, at=at)
    return row.id


def _checked_content_type(file: "File[bytes]", accepted: Mapping[str, str]) -> str:
    """Return the type that the file's first bytes show; Refused if it may not be stored."""
    if not file.size:
        raise Refused("platform.file_is_empty", field="file")
    limit = settings.SERENTAK_EVIDENCE_MB
    if file.size > limit * 1024 * 1024:
        size = f"{file.size / 1024 / 1024:.1f}"
        raise Refused("platform.file_is_too_large", field="file", size=size, limit=limit)
    found = content_type_of(file)
    if found not in accepted:
        raise Refused(
            "platform.file_type_is_not_accepted",
            field="file",
            found=name_of(found),
            accepted=", ".join(accepted.values()),
        )
    return found


def evidence_file(evidence_id: UUID, *, viewer: Viewer) -> EvidenceFile:
    """Return a file that the viewer may see; OutOfScope otherwise."""
    row = EvidenceFile.objects.filter(id=evidence_id).first()
    if row is None:
        raise OutOfScope(VIEW_EVIDENCE)
    viewer.require(VIEW_EVIDENCE, parse_code(row.place))
    return row


def send_file(row: EvidenceFile) -> FileResponse:
    """Return a file as an answer: documents are downloaded, photos shown."""
    return FileResponse(
        row.file.open("rb"),
        content_type=row.content_type,
        as_attachment=not row.content_type.startswith("image/"),
        filename=row.name,
    )
