"""A late boat: from the alert over agenda, decision and letter to the deed and the daily report."""

import io
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests import stage

from .people import Meet, Person

BOATS = "Kontrak tongkang untuk Sungai Menang"
ESCORT = "Kawal tongkang ke Sungai Menang"
ROUTES = "Rute, truk, dan perahu"
REGENT = "Bupati Ogan Komering Ilir"
POLICE = "Kepolisian Daerah Sumatera Selatan"
DEED = "Kontrak tongkang ditandatangani (REKAAN)"
SETTLED = f"{REGENT} hari ini menyelesaikan: {BOATS} (terlambat 8 hari)."

TURN = """
import sys
from datetime import datetime
import django
django.setup()
from serentak.coordination.actions import escalate_overdue
from serentak.kernel.viewer import SYSTEM
from serentak.platform import clock
clock.set_clock(domain_at=datetime.fromisoformat(sys.argv[1]), scene="h-30")
escalate_overdue(actor=SYSTEM, at=clock.now())
"""


def turn_clock(server: stage.Server, moment: str) -> None:
    """Move the demonstration's clock, and let climb what has come due by then."""
    command = [sys.executable, "-c", TURN, f"{moment}+07:00"]
    subprocess.run(command, env=stage.environment(server.database), check=True)


@pytest.fixture(scope="module")
def paths() -> dict[str, str]:
    """Hold the addresses that one chapter finds for the later ones."""
    return {}


def write_letter(desk: Person, meeting: str, task: str, subject: str, to: str) -> str:
    """Draft the letter of an action of the meeting, fetch it in both forms; return the action."""
    desk.go(meeting)
    page = desk.press("link", task)
    action = page.url.removeprefix(desk.url)
    page.locator('form[action$="/letter"] button').first.click()
    desk.look()
    expect(page.locator('[name="subject"]')).to_have_value(f"{subject} mengenai {task}")
    expect(page.locator(".letter")).to_contain_text(to)
    assert page.context.request.get(page.url + ".pdf").body().startswith(b"%PDF")
    sheet = zipfile.ZipFile(io.BytesIO(page.context.request.get(page.url + ".docx").body()))
    words = re.sub(r"<[^>]+>", "", sheet.read("word/document.xml").decode())
    for said in (task, to):
        assert said in words
    assert "Teguran" not in words
    return action


def test_an_alert_goes_onto_the_agenda_with_one_tap(meet: Meet, paths: dict[str, str]) -> None:
    desk = meet("desk.sumsel", phone=True, locale="id-ID")
    page = desk.go("/16/?all=1")
    alert = page.locator("li.alert").filter(has_text=ROUTES).first
    expect(alert).to_contain_text("Ogan Komering Ilir")
    alert.get_by_role("button", name="Masukkan agenda").click()
    desk.look()
    expect(page.locator("h1")).to_contain_text("Rapat Koordinasi Kesiapan Pilkada Serentak H-29")
    agenda = page.locator(".agenda").first
    expect(agenda).to_contain_text(ROUTES)
    expect(agenda).to_contain_text("Mengontrak 34 perahu sewaan untuk Tulung Selapan")
    proposed = page.locator(".agenda").nth(1)
    expect(proposed).to_contain_text("angka berselisih")
    expect(proposed).to_contain_text("melaporkan selesai")
    paths["meeting"] = page.url.removeprefix(desk.url)


def test_minutes_become_a_directive_and_a_request_with_their_letters(
    meet: Meet, server: stage.Server, paths: dict[str, str]
) -> None:
    turn_clock(server, "2024-10-29T10:00")
    desk = meet("desk.sumsel", locale="id-ID")
    page = desk.go(paths["meeting"])
    page.locator('[name="minutes"]').fill(f"Bupati OKI agar: {BOATS}\nPolda diminta: {ESCORT}")
    page.locator('button[value="read"]').click()
    desk.look()
    for number, (task, kind) in enumerate(((BOATS, "DIRECTIVE"), (ESCORT, "REQUEST"))):
        expect(page.locator(f'[name="rows-{number}-kind"]')).to_have_value(kind)
        page.locator(f'[name="rows-{number}-text"]').fill(task)
    page.locator('button[value="record"]').click()
    desk.look()
    expect(page.locator("#rows .err").first).to_be_visible()
    for number in (0, 1):
        page.locator(f'[name="rows-{number}-due_date"]').fill("2024-10-31")
        page.locator(f'[name="rows-{number}-check_date"]').fill("2024-11-01")
    page.locator('button[value="record"]').click()
    desk.look()
    expect(page.locator("section:has(#outcomes)")).to_contain_text(BOATS)
    meeting = paths["meeting"]
    paths["boats"] = write_letter(desk, meeting, BOATS, "Arahan", "Pj. Bupati Ogan Komering Ilir")
    paths["escort"] = write_letter(
        desk, meeting, ESCORT, "Permintaan bantuan", "Kepala Kepolisian Daerah Sumatera Selatan"
    )


def test_nobody_acknowledges_and_it_climbs_but_a_request_is_never_a_reprimand(
    meet: Meet, server: stage.Server, paths: dict[str, str]
) -> None:
    turn_clock(server, "2024-11-08T10:00")
    desk = meet("desk.sumsel")
    if desk.page.get_by_role("button", name="English").count():
        desk.press("button", "English")
    page = desk.go("/coordination/notifications")
    for task in (BOATS, ESCORT):
        expect(page.locator("main")).to_contain_text(task)
    page = desk.go(paths["escort"])
    expect(page.locator("main")).to_contain_text("goes into the report to the Minister")
    expect(page.locator("main")).not_to_contain_text("Reprimand")
    expect(page.locator('[name="verb"] option[value="REMINDER"]')).to_have_count(0)

    page = desk.go("/16/coordination/meetings/new")
    page.locator("#id_theme").fill("Rapat koordinasi H-18 (REKAAN)")
    page.locator('[name="starts_at"]').fill("2024-11-09T09:00")
    desk.press("button", "Plan and invite")
    agenda = page.locator(".agenda").first
    for task in (BOATS, ESCORT):
        expect(agenda).to_contain_text(task)
    paths["next"] = page.url.removeprefix(desk.url)

    police = meet("polda.sumsel", phone=True)
    page = police.go(paths["escort"])
    expect(page.locator("main")).to_contain_text(ESCORT)
    expect(page.locator("main")).not_to_contain_text(re.compile("Teguran|Reprimand"))


def test_the_regents_desk_answers_on_a_phone_in_english(meet: Meet, paths: dict[str, str]) -> None:
    oki = meet("desk.oki", phone=True)
    page = oki.press("button", "English")
    page = oki.go("/coordination/notifications")
    page.get_by_role("link").filter(has_text=BOATS).first.click()
    oki.look()
    assert page.url.endswith(paths["boats"])
    expect(page.locator("main")).to_contain_text("overdue by 8 days")
    expect(page.locator("main")).to_contain_text("goes into the report to the Minister")
    expect(page.locator("main")).not_to_contain_text("Arahan untuk")
    oki.press("button", "Acknowledge")
    page.locator("summary").filter(has_text="Report as done").click()
    page.locator("#note").fill(DEED)
    page.locator('form[action$="/complete"] input[type=file]').set_input_files(
        {"name": "kontrak.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    oki.press("button", "Report as done")
    expect(page.locator("main")).to_contain_text("waits for verification")
    # It is about Sungai Menang in their regency: they may read what was asked, and do nothing to it.
    page = oki.go(paths["escort"])
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)


def test_the_desk_above_verifies_and_tells_it_to_everybody(
    meet: Meet, server: stage.Server, paths: dict[str, str], tmp_path: Path
) -> None:
    desk = meet("desk.sumsel", locale="id-ID")
    if desk.page.get_by_role("button", name="Bahasa Indonesia").count():
        desk.press("button", "Bahasa Indonesia")
    page = desk.go(paths["boats"])
    expect(page.locator("main")).to_contain_text(DEED)
    page.locator('form[action$="/verify"] button').click()
    desk.look()
    page = desk.go("/16/coordination?standing=KEPT_LATE")
    expect(page.locator("tr").filter(has_text=BOATS)).to_contain_text("selesai terlambat")

    page = desk.go("/16/daily")
    desk.press("button", "Susun laporan")
    told = page.locator(".says > li").filter(has_text=SETTLED)
    expect(told).to_have_count(1)
    expect(page.locator("#chat")).to_contain_text(SETTLED.rstrip("."))
    expect(page.locator("main")).to_contain_text(f"{POLICE} diminta untuk")
    told.locator('input[name="public"]').check()
    desk.press("button", "Tetapkan bagian umum")
    page.locator('[name="without_missing"]').check()
    desk.press("button", "Sahkan dan kirim")
    expect(page.locator("main")).to_contain_text("menunggu")

    env = stage.environment(server.database)
    publish = [sys.executable, "-m", "serentak.config.cli", "publish", "16"]
    subprocess.run(publish, env=env, check=True, capture_output=True)
    for name, said in (("16.html", SETTLED), ("16.en.html", BOATS)):
        with urllib.request.urlopen(f"{server.url}/public/{name}") as answer:
            assert answer.headers["Set-Cookie"] is None
            public = answer.read().decode()
        assert said in public
        assert "<script" not in public
        assert ESCORT not in public


def test_the_book_of_the_next_meeting_counts_it(meet: Meet, paths: dict[str, str]) -> None:
    desk = meet("desk.sumsel", locale="id-ID")
    page = desk.go("/16/daily")
    hrefs = [page.locator(f'a[href$="/16/book.{kind}"]').get_attribute("href") for kind in KINDS]
    pdf, xlsx = (page.context.request.get(f"{desk.url}{href}").body() for href in hrefs)
    assert pdf.startswith(b"%PDF")
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    kept = {row[0]: row for row in sheets["Tindak lanjut"]}
    assert kept["Kabupaten Ogan Komering Ilir"][1:4] == [0.0, 1.0, 2.0]
    lines = [" ".join(map(str, row)) for rows in sheets.values() for row in rows]
    assert any(ESCORT in line and POLICE in line for line in lines)
    assert any("Rapat koordinasi H-18" in line or BOATS in line for line in lines)


KINDS = ("pdf", "xlsx")
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
