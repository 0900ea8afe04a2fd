"""Evidence lies in an object store where one is named; without it everything is as on one machine."""

import hashlib
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from moto import mock_aws
from pytest_django import Settings

from serentak.config.settings import _evidence_storage
from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.kernel.viewer import SYSTEM
from serentak.platform.action import action
from serentak.platform.evidence import send_file, store_evidence
from serentak.platform.models import EvidenceFile
from serentak.platform.web import health
from serentak.platform.web.outage import Trouble, trouble_in

from .load import photo

pytestmark = pytest.mark.django_db
BUCKET = "evidence"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Any]:
    monkeypatch.setenv("SERENTAK_S3_BUCKET", BUCKET)
    monkeypatch.setenv("SERENTAK_S3_KEY", "key")
    monkeypatch.setenv("SERENTAK_S3_SECRET", "secret")
    with mock_aws():
        bucket = boto3.resource("s3", region_name="us-east-1").Bucket(BUCKET)
        settings.STORAGES = {**settings.STORAGES, "default": _evidence_storage()}
        yield bucket


def kept() -> EvidenceFile:
    number = store_evidence(
        file=SimpleUploadedFile("foto.png", photo()),
        place=PlaceCode("16.02"),
        institution_id=None,
        actor=SYSTEM,
        at=timezone.now(),
    )
    return EvidenceFile.objects.get(id=number)


def test_a_folder_holds_it_where_no_store_is_named() -> None:
    assert isinstance(default_storage, FileSystemStorage)


def test_it_lies_in_the_store_and_comes_back_whole(store: Any) -> None:
    store.create()
    row = kept()
    [stored] = store.objects.all()
    assert stored.key == row.file.name
    assert hashlib.sha256(stored.get()["Body"].read()).hexdigest() == row.sha256
    answer = send_file(row)
    sent = b"".join(answer.streaming_content)  # type: ignore[arg-type]  # not async here
    answer.close()
    assert hashlib.sha256(sent).hexdigest() == row.sha256
    assert answer["Content-Length"] == str(len(sent))


def test_what_is_not_committed_leaves_nothing_in_the_store(store: Any) -> None:
    store.create()

    @action
    def store_and_fail() -> None:
        kept()
        raise Refused("places.unknown")

    with pytest.raises(Refused):
        store_and_fail()
    assert list(store.objects.all()) == []


def test_a_store_that_does_not_take_it_is_told_as_such_and_leaves_no_row(store: Any) -> None:
    with pytest.raises(Exception, match="NoSuchBucket") as failed:
        kept()
    assert trouble_in(failed.value) is Trouble.READ_ONLY
    assert not EvidenceFile.objects.exists()


def test_a_store_that_is_away_takes_no_machine_out_of_service(
    store: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_written_at", -health._WRITE_SECONDS)
    assert client.get("/health").json()["writable"] is True
