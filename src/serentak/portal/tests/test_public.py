"""The public pages: what was marked and nothing else, small, without cookies, scripts or strangers."""

import argparse
import csv
import gzip
import io
import json
import re
from pathlib import Path

import brotli
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from serentak.kernel.codes import PlaceCode
from serentak.kernel.refused import Refused
from serentak.places.public import places
from serentak.portal import commands, documents, jobs, queries
from serentak.portal.rules import is_public_name
from tests.cast import AIR_SUGIHAN, AT, BANYUASIN, OKI, PROVINCE
from tests.daily import marked_report, return_report, signed_report, unmark_report
from tests.incidents import closed, closed_after_being_restricted, incident
from tests.room import room

pytestmark = pytest.mark.django_db

Sentence = apps.get_model("reporting", "Sentence")

SECRET = "Hanya untuk desk: 47 posko tanpa penjaga."


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, db: None) -> Path:
    settings.SERENTAK_PUBLIC = tmp_path / "public"
    room()
    return tmp_path / "public"


def publish_oki(*keys: str, place: PlaceCode = OKI) -> int:
    """Sign a report, OKI's by default, with these sentences marked and a secret among the others."""
    return signed_report(place, marked=keys, secret=SECRET)


def written() -> int:
    return documents.publish(queries.publication(PROVINCE, at=AT), is_drill=False)


def test_an_area_shows_its_marked_status_who_is_responsible_and_as_of_when(folder: Path) -> None:
    publish_oki("status:READINESS", "figure:readiness.finished")
    written()
    text = (folder / "16.02.html").read_text()
    assert "Kabupaten Ogan Komering Ilir" in text
    assert 'class="st ' in text
    assert "kegiatan selesai" in text
    assert "28 Okt 2024, 09.00 WIB" in text
    assert "Kepala daerah" in text
    assert "How ready is" in (folder / "16.02.en.html").read_text()
    province = (folder / "16.html").read_text()
    assert '<a href="16.02.html">' in province
    assert "tidak diterbitkan" in province


def test_a_persons_words_are_called_indonesian_on_the_english_page(folder: Path) -> None:
    publish_oki("figure:readiness.finished")
    words = Sentence.objects.filter(key="figure:readiness.finished", report__place=OKI)
    words.update(text="Enam kegiatan selesai.", edited_at=AT)
    written()
    said = '<span lang="id">Enam kegiatan selesai.</span> <span class="soft">(in Indonesian)</span>'
    assert said in (folder / "16.02.en.html").read_text()
    assert "<li>Enam kegiatan selesai.</li>" in (folder / "16.02.html").read_text()


def test_nothing_unmarked_reaches_any_file(folder: Path) -> None:
    id = publish_oki("status:READINESS")
    written()
    hidden = [s.text or "" for s in Sentence.objects.filter(report=id, is_public=False)]
    assert SECRET in hidden
    known = {"readiness.finished", "readiness.late", "readiness.margin", "readiness.reports_owed"}
    for path in folder.iterdir():
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        elif path.suffix == ".br":
            content = brotli.decompress(content)
        text = content.decode()
        assert SECRET not in text, path.name
        assert not known & set(re.findall(r"readiness\.\w+", text)), path.name
        assert "kegiatan selesai" not in text, path.name
    rows = json.loads((folder / "16.json").read_text())["rows"]
    assert [(r["place"], r["area"], r["figure"]) for r in rows] == [("16.02", "READINESS", "")]


def test_a_report_that_nobody_signed_is_not_there(folder: Path) -> None:
    marked_report(OKI)
    written()
    assert "Desk Pilkada belum menerbitkan apa pun." in (folder / "16.02.html").read_text()
    assert json.loads((folder / "16.02.json").read_text())["rows"] == []


def test_a_desk_that_marked_nothing_is_not_there(folder: Path) -> None:
    publish_oki()
    written()
    assert json.loads((folder / "16.json").read_text())["rows"] == []


def test_a_district_that_published_has_a_page_of_its_own(folder: Path) -> None:
    publish_oki("status:READINESS", place=AIR_SUGIHAN)
    written()
    assert "Air Sugihan" in (folder / "16.02.14.html").read_text()


def test_a_page_goes_when_its_report_is_returned_or_its_marks_are(folder: Path) -> None:
    district = publish_oki("status:READINESS", place=AIR_SUGIHAN)
    regency = publish_oki("status:READINESS")
    written()
    assert len(list(folder.glob("16.02.14.*"))) == 12
    return_report(district)
    unmark_report(regency)
    written()
    assert not list(folder.glob("16.02.14.*"))
    assert "Desk Pilkada belum menerbitkan apa pun." in (folder / "16.02.html").read_text()
    assert json.loads((folder / "16.json").read_text())["rows"] == []
    assert (folder / "16.07.html").exists()


def test_csv_and_json_say_the_same(folder: Path) -> None:
    publish_oki("status:READINESS", "figure:readiness.finished")
    written()
    rows = json.loads((folder / "16.02.json").read_text())["rows"]
    sheet = (folder / "16.02.csv").read_text(encoding="utf-8-sig")
    read = list(csv.DictReader(io.StringIO(sheet)))
    assert [r["text"] for r in read] == [r["text"] for r in rows]
    assert {r["figure"] for r in rows} == {"", "readiness.finished"}
    # The page says 28 Okt 2024, 09.00 WIB.
    assert {r["as_of"] for r in read} == {"2024-10-28T09:00:00+07:00"}


def test_the_data_name_who_has_published_nothing(folder: Path) -> None:
    publish_oki("status:READINESS")
    written()
    data = json.loads((folder / "16.json").read_text())
    silent = {row["place"] for row in data["unpublished"]}
    assert {"16", "16.07", "16.10"} <= silent
    assert "16.02" not in silent
    rows = list(csv.DictReader(io.StringIO((folder / "16.csv").read_text(encoding="utf-8-sig"))))
    assert {r["place"] for r in rows if r["published"] == "false"} == {f"ID-{c}" for c in silent}
    assert [r["place"] for r in rows if r["published"] == "true"] == ["ID-16.02"]
    assert not [r for r in rows if r["published"] == "false" and r["text"]]


def test_the_data_say_what_they_mean_and_how_they_may_be_used(folder: Path) -> None:
    documents.write(documents.index_files([]))
    publish_oki("status:READINESS")
    written()
    data = json.loads((folder / "16.02.json").read_text())
    assert list(data["columns"]) == list(data["rows"][0])
    heading = (folder / "16.02.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert heading == ",".join(data["columns"])
    assert data["licence"]["data"].startswith("CC BY 4.0")
    for language, name in (("id", "data.html"), ("en", "data.en.html")):
        page = (folder / name).read_text()
        assert all(f"<code>{column}</code>" in page for column in data["columns"]), language
        assert "CC BY 4.0" in page
        assert name in (folder / f"16.02{'' if language == 'id' else '.en'}.html").read_text()
        assert Client().get(f"/public/{name}").status_code == 200


def test_only_what_changed_is_written(folder: Path) -> None:
    publish_oki("status:READINESS")
    assert written() > 15
    assert written() == 0
    publish_oki("status:READINESS", place=BANYUASIN)
    assert written() == 8
    (folder / "16.html.br").unlink()
    assert written() == 1


def test_the_queries_do_not_grow_with_what_is_published(folder: Path) -> None:
    publish_oki("status:READINESS")
    with CaptureQueriesContext(connection) as few:
        queries.publication(PROVINCE, at=AT)
    publish_oki("status:READINESS", place=BANYUASIN)
    with CaptureQueriesContext(connection) as many:
        queries.publication(PROVINCE, at=AT)
    assert len(many) == len(few) <= 7


TOTAL = "Kejadian yang selesai ditangani, di luar yang dirahasiakan: "


@pytest.mark.parametrize(("count", "said"), [(0, "kurang dari 3"), (2, "kurang dari 3"), (3, "3")])
def test_closed_incidents_are_told_in_sum_where_they_point_at_nobody(
    folder: Path, count: int, said: str
) -> None:
    closed(count)
    incident()
    signed_report(OKI, marked=["status:SECURITY"], secret=SECRET)
    written()
    for name in ("16.html", "16.02.html"):
        assert re.search(rf"{TOTAL}{said}\s*<", (folder / name).read_text()), name
    assert TOTAL not in (folder / "16.07.html").read_text()
    rows = json.loads((folder / "16.json").read_text())["rows"]
    told = [(r["place"], r["value"]) for r in rows if r["figure"] == "security.public_total"]
    assert told == [("16.02", count if count >= 3 else None)]


def test_no_count_is_public_before_the_desk_says_how_security_stands(folder: Path) -> None:
    closed(4)
    signed_report(OKI, marked=["status:READINESS"], secret=SECRET)
    written()
    assert TOTAL not in (folder / "16.02.html").read_text()


def test_what_was_ever_restricted_is_in_no_public_file(folder: Path) -> None:
    closed(3)
    signed_report(OKI, marked=["status:SECURITY"], secret=SECRET)
    before = documents.files_of(queries.publication(PROVINCE, at=AT), is_drill=False)
    assert f"{TOTAL}3".encode() in before["16.02.html"]
    closed(3, "MONEY", what="Amplop")
    closed_after_being_restricted()
    after = documents.files_of(queries.publication(PROVINCE, at=AT), is_drill=False)
    assert after == before


def test_a_page_is_served_without_cookie_script_or_stranger(folder: Path) -> None:
    publish_oki("status:READINESS", "figure:readiness.finished")
    written()
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/public/16.html", headers={"accept-encoding": "br, gzip"})
    assert len(asked) == 0
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "br"
    assert not answer.cookies
    assert "Cookie" not in answer["Vary"]
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["Content-Language"] == "id"
    assert client.get("/public/16.en.html")["Content-Language"] == "en"
    text = brotli.decompress(answer.content).decode()
    assert "<script" not in text
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", text)
    style = client.get("/public/public.css", headers={"accept-encoding": "gzip"})
    assert len(answer.content) + len(style.content) < 60_000
    again = client.get(
        "/public/16.html",
        headers={"accept-encoding": "br", "if-none-match": answer["ETag"]},
    )
    assert again.status_code == 304
    assert client.get("/public/16.html").content == (folder / "16.html").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "../secret-key",
        "..%2Fsecret-key",
        "16.html.br",
        "16.txt",
        ".hidden",
        "16.02.14.2001.html",
        "x",
    ],
)
def test_nothing_else_is_served(folder: Path, name: str) -> None:
    written()
    (folder.parent / "secret-key").write_text("x")
    assert not is_public_name(name)
    assert Client().get(f"/public/{name}").status_code == 404


def test_the_command_and_the_job_write_the_same(folder: Path) -> None:
    publish_oki("status:READINESS")
    assert commands.run(argparse.Namespace(provinces=[])) == 0
    before = {p.name: p.stat().st_mtime_ns for p in folder.iterdir()}
    assert {"index.html", "16.html", "16.csv", "16.json", "public.css"} <= set(before)
    jobs.publish(timestamp=0)
    assert {p.name: p.stat().st_mtime_ns for p in folder.iterdir()} == before
    assert "16.html" in Client().get("/public/index.html").content.decode()


def test_a_province_without_an_election_is_refused(folder: Path) -> None:
    with pytest.raises(Refused, match="province_is_unknown"):
        queries.publication(OKI, at=AT)
    assert places([PROVINCE])
