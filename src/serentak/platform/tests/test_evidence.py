"""Evidence: type by content, size by setting, access by place."""

import uuid
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.utils import timezone

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Grant, Viewer
from serentak.platform.action import action
from serentak.platform.evidence import evidence_file, store_evidence
from serentak.platform.models import AuditEvent, EvidenceFile
from serentak.platform.permissions import VIEW_EVIDENCE

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    + b"\x00\x00\x00\nIDAT"
    + zlib.compress(b"\x00\x00")
)


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def store(content: bytes, name: str = "foto.png"):
    return store_evidence(
        file=SimpleUploadedFile(name, content),
        place=PlaceCode("16.02"),
        institution_id=None,
        actor=SYSTEM,
        at=NOW,
    )


def test_a_photo_is_kept_with_its_digest() -> None:
    row = EvidenceFile.objects.get(id=store(PNG, "C:\\dir\\../foto.png"))
    assert row.content_type == "image/png"
    with row.file.open() as stored:
        assert stored.read() == PNG
    assert len(row.sha256) == 64
    assert AuditEvent.objects.get().name == "platform.EvidenceStored"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "platform.file_is_empty"),
        (b"MZ\x90\x00" + bytes(100), "platform.file_type_is_not_accepted"),
        (b"<html><script>alert(1)</script>", "platform.file_type_is_not_accepted"),
        (PNG + bytes(2 * 1024 * 1024), "platform.file_is_too_large"),
    ],
)
def test_what_is_not_what_it_says_is_refused(settings, content: bytes, code: str) -> None:
    settings.SERENTAK_EVIDENCE_MB = 1
    with pytest.raises(Refused) as refused:
        store(content)
    assert refused.value.code == code
    assert refused.value.field == "file"
    assert not EvidenceFile.objects.exists()


@action
def store_and_fail(*, error: Exception) -> None:
    store(PNG)
    raise error


@pytest.mark.parametrize("error", [Refused("places.unknown"), IntegrityError(), ValueError()])
def test_what_is_not_committed_leaves_no_file(tmp_path, error: Exception) -> None:
    with pytest.raises((Refused, ValueError)):
        store_and_fail(error=error)
    assert not EvidenceFile.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_is_seen_within_the_place_only() -> None:
    number = store(PNG)
    here, there = (
        Viewer(user_id=1, grants=(Grant(1, "r", frozenset({VIEW_EVIDENCE}), (PlaceCode(p),)),))
        for p in ("16", "16.03")
    )
    assert evidence_file(number, viewer=here).id == number
    for viewer, wanted in ((there, number), (here, uuid.uuid4())):
        with pytest.raises(OutOfScope):
            evidence_file(wanted, viewer=viewer)
