"""Evidence: type by content, size by setting, access by place."""

import hashlib
import io
import struct
import uuid
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.utils import timezone, translation
from PIL import ExifTags, Image

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import OutOfScope, Refused
from serentak.kernel.viewer import SYSTEM, Grant, Viewer
from serentak.platform.action import action
from serentak.platform.evidence import evidence_file, store_evidence
from serentak.platform.models import AuditEvent, EvidenceFile
from serentak.platform.permissions import VIEW_EVIDENCE

from .builders import PNG, picture

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def far_away() -> Image.Exif:
    """What a phone writes into a photo: its maker, that it lay on its side, and where it was."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Ponsel"
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "S", 2: (2.0, 59.0, 12.0), 3: "E"})
    return exif


def huge() -> bytes:
    """20,000 × 20,000 pixels in some 50 kB."""
    side = 20_000
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(side // 8)) * side, 9)
    parts = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
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
        content = stored.read()
    assert Image.open(io.BytesIO(content)).getpixel((1, 1)) == (255, 0, 0)
    assert (row.size, row.sha256) == (len(content), hashlib.sha256(content).hexdigest())
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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_photo_the_picture_is_kept_upright_and_nothing_of_its_taker(kind: str) -> None:
    sent = picture(kind, (30, 20), exif=far_away())
    assert b"Ponsel" in sent
    with EvidenceFile.objects.get(id=store(sent)).file.open() as stored:
        kept = Image.open(stored)
        assert (kept.format, kept.size) == (kind, (20, 30))
        assert not kept.getexif()
        assert "exif" not in kept.info
        stored.seek(0)
        assert b"Ponsel" not in stored.read()


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        (huge(), "photo_has_too_many_pixels", {"width": 20_000, "height": 20_000, "most": 60}),
        (picture("JPEG", (300, 300))[:-200], "photo_is_damaged", {}),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "photo_is_damaged", {}),
    ],
)
def test_a_photo_that_no_camera_made_is_refused(content, code: str, params: dict) -> None:
    with pytest.raises(Refused) as refused:
        store(content)
    assert (refused.value.code, refused.value.params) == (f"platform.{code}", params)
    assert not EvidenceFile.objects.exists()


def test_a_web_page_sent_as_photo_is_called_what_it_is() -> None:
    for page in (b"<!DOCTYPE html><p>x", b"\xef\xbb\xbf \n<HTML>", b"<svg onload='x'/>"):
        with pytest.raises(Refused) as refused, translation.override("en"):
            store(page, "foto.jpg")
        assert refused.value.params["found"] == "a web page (HTML)"


def test_a_large_photo_is_made_smaller() -> None:
    with EvidenceFile.objects.get(id=store(picture("JPEG", (8000, 6000)))).file.open() as stored:
        assert max(Image.open(stored).size) <= 4096


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
