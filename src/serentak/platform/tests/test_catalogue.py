"""Catalogues: read once, replaced by an installation's own, faults named by file."""

import pytest
from django.utils import translation

from serentak.platform.catalogue import CatalogueFault, load, said


def test_an_installation_replaces_a_catalogue(settings, tmp_path) -> None:
    (tmp_path / "readiness").mkdir()
    (tmp_path / "readiness" / "own.yaml").write_text("limit: 600\n")
    settings.SERENTAK_CATALOGUE = str(tmp_path)
    assert load("readiness", "own", lambda raw: raw["limit"]) == 600


def test_a_fault_names_the_file(settings, tmp_path) -> None:
    def parse(raw: object) -> None:
        raise ValueError("limit: must not be negative")

    (tmp_path / "readiness").mkdir()
    (tmp_path / "readiness" / "bad.yaml").write_text("limit: -1\n")
    settings.SERENTAK_CATALOGUE = str(tmp_path)
    with pytest.raises(CatalogueFault, match=r"readiness/bad.yaml: limit: must not be negative"):
        load("readiness", "bad", parse)


def test_a_text_is_said_in_the_readers_language_else_in_indonesian() -> None:
    with translation.override("en"):
        assert said({"id": "kecamatan", "en": "district"}) == "district"
        assert said({"id": "kecamatan"}) == "kecamatan"
    with translation.override("id"):
        assert said({"id": "kecamatan", "en": "district"}) == "kecamatan"
