"""A late boat: from the alert over agenda, decision and letter to the deed and the daily report."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from playwright.sync_api import Page, expect

from serentak.coordination.public import agenda_url
from serentak.kernel.briefing import Alert
from serentak.kernel.codes import PlaceCode
from serentak.kernel.status import Status
from tests import stage

from .people import Meet, Person

BOATS = "Kontrak tongkang untuk Sungai Menang"
ESCORT = "Kawal tongkang ke Sungai Menang"
ALERT = Alert(
    code="readiness.OVERDUE",
    place=PlaceCode("16.02"),
    severity=Status.LATE,
    due_date=date(2024, 10, 21),
    link="/16.02/readiness/route-plan",
    params={"activity": "Rute, truk, dan perahu", "done": 10, "target": 18, "unit": "kecamatan"},
)

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


def fill_row(page: Page, number: int, due: str, check: str) -> None:
    page.locator(f'[name="rows-{number}-due_date"]').fill(due)
    page.locator(f'[name="rows-{number}-check_date"]').fill(check)


def write_letter(desk: Person, task: str, subject: str) -> None:
    """Draft the letter of an action of the meeting, and fetch it in both forms."""
    page = desk.press("link", task)
    page.locator('form[action$="/letter"] button').first.click()
    desk.look()
    expect(page.locator('[name="subject"]')).to_have_value(f"{subject}: {task}")
    for form, begins in ((".pdf", b"%PDF"), (".docx", b"PK")):
        answer = page.context.request.get(page.url + form)
        assert answer.body().startswith(begins)


def test_a_late_boat_is_decided_on_written_about_answered_and_reported(
    meet: Meet, server: stage.Server
) -> None:
    desk = meet("desk.sumsel")
    page = desk.go("/16/coordination")
    meeting = page.get_by_role("link", name="Rapat koordinasi H-29").get_attribute("href")
    assert meeting is not None
    page = desk.go(agenda_url(ALERT, meeting_id=int(meeting.rpartition("/")[2])))
    expect(page.locator("main")).to_contain_text("Rute, truk, dan perahu")
    page.locator("main form button").first.click()
    desk.look()
    expect(page.locator(".agenda").first).to_contain_text("Rute, truk, dan perahu")
    expect(page.locator(".agenda").first).to_contain_text("Kontrak perahu untuk Tulung Selapan")

    turn_clock(server, "2024-10-29T10:00")
    page = desk.go(meeting)
    lines = f"Bupati OKI agar: {BOATS}\nPolda diminta: {ESCORT}"
    page.locator('[name="minutes"]').fill(lines)
    page.locator('button[value="read"]').click()
    desk.look()
    for number, (task, kind) in enumerate(((BOATS, "DIRECTIVE"), (ESCORT, "REQUEST"))):
        expect(page.locator(f'[name="rows-{number}-kind"]')).to_have_value(kind)
        page.locator(f'[name="rows-{number}-text"]').fill(task)
    page.locator('button[value="record"]').click()
    desk.look()
    expect(page.locator("#rows .err").first).to_be_visible()
    for number in (0, 1):
        fill_row(page, number, "2024-10-31", "2024-11-01")
    page.locator('button[value="record"]').click()
    desk.look()
    expect(page.locator("section:has(#outcomes)")).to_contain_text(BOATS)
    write_letter(desk, BOATS, "Arahan")
    desk.go(meeting)
    write_letter(desk, ESCORT, "Permohonan")

    turn_clock(server, "2024-11-08T10:00")
    page = desk.go("/coordination/notifications")
    expect(page.locator("main")).to_contain_text(BOATS)

    oki = meet("desk.oki", phone=True)
    page = oki.press("button", "EN")
    page = oki.go("/coordination/notifications")
    page.get_by_role("link").filter(has_text=BOATS).first.click()
    oki.look()
    expect(page.locator("main")).to_contain_text("overdue by 8 days")
    expect(page.locator("main")).to_contain_text("goes into the report to the Minister")
    expect(page.locator("main")).not_to_contain_text("Arahan:")
    oki.press("button", "Acknowledge")
    page.locator("summary").filter(has_text="Report as done").click()
    page.locator("#note").fill("Kontrak tongkang ditandatangani (SINTETIS)")
    page.locator('form[action$="/complete"] input[type=file]').set_input_files(
        {"name": "kontrak.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    oki.press("button", "Report as done")
    expect(page.locator("main")).to_contain_text("waits for verification")
    action = page.url.removeprefix(server.url)

    page = desk.go(action)
    expect(page.locator("main")).to_contain_text("Kontrak tongkang ditandatangani")
    page.locator('form[action$="/verify"] button').click()
    desk.look()
    expect(page.locator("main")).to_contain_text("Slamet Wijaya")

    page = desk.go("/16/coordination?standing=KEPT_LATE")
    row = page.locator("tr").filter(has_text=BOATS)
    expect(row).to_contain_text("ditepati terlambat")
    page = desk.go("/16/daily")
    page.get_by_role("button", name="Susun laporan").click()
    desk.look()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
