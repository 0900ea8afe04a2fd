"""A case is referred, its clock runs out, it goes up; the desk above never sees a name."""

import io
import re
import subprocess
import sys
import zipfile
from uuid import NAMESPACE_OID, uuid5

import pytest
from playwright.sync_api import Page, expect

from tests import stage

from .people import Meet, Person

NAME = "Zulkarnain Batubara"
NUMBER = "077/REKOM/BWS/2024"
OTHERS = ("Hartono Siregar", "Winarsih Effendi", "Rudi Hartawan", "Bambang Setiaji")
"""Persons of the scene's own cases."""

NEXT_DAY = """
import django
django.setup()
from datetime import timedelta
from serentak.kernel.viewer import SYSTEM
from serentak.neutrality import actions
from serentak.platform import clock
now = clock.now() + timedelta(days=1)
clock.set_clock(domain_at=now, scene=clock.state().scene)
print(actions.expire_clocks(actor=SYSTEM, at=now))
"""


def let_a_day_pass(server: stage.Server) -> None:
    """Move the demonstration's clock on by a day, and let the hourly job run."""
    subprocess.run(
        [sys.executable, "-c", NEXT_DAY],
        env=stage.environment(server.database),
        check=True,
        capture_output=True,
    )


def nameless(page: Page) -> None:
    """Assert that no name of a case stands in what the browser was sent."""
    html = page.content()
    for name in (NAME, *OTHERS):
        assert name not in html, page.url


def fetched(person: Person, path: str) -> bytes:
    """Return what a link brings down, with the person's cookies."""
    answer = person.page.context.request.get(person.url + path)
    assert answer.status == 200, path
    body: bytes = answer.body()
    parts = [body]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = [packed.read(name) for name in packed.namelist()]
    for name in (NAME, *OTHERS):
        assert not [part for part in parts if name.encode() in part], path
    return body


@pytest.fixture(scope="module")
def case_path() -> list[str]:
    """Hold the address of the case from the first chapter for the later ones."""
    return []


def test_the_supervisor_refers_a_case_and_its_handler_reads_the_name(
    meet: Meet, case_path: list[str]
) -> None:
    supervisor = meet("bawaslu.sumsel", locale="id-ID")
    page = supervisor.go("/16.02/neutrality/refer")
    page.get_by_label("Nomor rujukan").fill(NUMBER)
    page.locator('[name="agency"]').select_option(
        label="Dinas Perhubungan Kabupaten Ogan Komering Ilir"
    )
    page.locator('[name="track"]').select_option("CIVIL_SERVANT")
    page.locator('[name="violation"]').select_option("photo")
    page.locator('[name="deed_date"]').fill("2024-10-10")
    page.locator('[name="received_date"]').fill("2024-10-14")
    page.locator('[name="state"]').select_option("AT_AUTHORITY")
    page.locator('[name="full_name"]').fill(NAME)
    supervisor.press("button", "Daftarkan")
    page.wait_for_url("**/neutrality/cases/*")
    expect(page.locator("main")).to_contain_text("Keputusan pejabat pembina kepegawaian")
    nameless(page)
    case_path.append(page.url.removeprefix(supervisor.url))
    handler = meet("bkpsdm.oki", locale="id-ID")
    page = handler.go(case_path[0])
    nameless(page)
    handler.press("button", "Tampilkan nama dan keterangan")
    expect(page.locator("main")).to_contain_text(NAME)


def test_a_handler_of_another_region_finds_nothing(meet: Meet) -> None:
    elsewhere = uuid5(NAMESPACE_OID, "case/16.06/007/SAT-NET/2024")
    meet("bkpsdm.oki").go(f"/neutrality/cases/{elsewhere}", status=404)


def test_the_clock_runs_out_and_the_desk_sees_everything_but_a_name(
    meet: Meet, server: stage.Server, case_path: list[str]
) -> None:
    desk = meet("desk.sumsel", phone=True)
    page = desk.go("/16/neutrality/follow-up")
    page = desk.press("button", "English")
    page = desk.go("/16/neutrality/follow-up")
    expect(page.locator("main")).to_contain_text("2 of 5 recommended cases")
    nameless(page)
    let_a_day_pass(server)

    page = desk.go("/coordination/notifications")
    expect(page.locator("main")).to_contain_text(f"Case {NUMBER} was taken up to you")
    nameless(page)
    page.get_by_role("link", name=NUMBER).first.click()
    desk.look()
    expect(page.locator("main")).to_contain_text("Not followed up")
    expect(page.locator("main")).to_contain_text("taken up to")
    expect(page.locator("main")).to_contain_text(NUMBER)
    expect(page.get_by_role("button", name="Show names and words")).to_have_count(0)
    nameless(page)
    desk.press("button", "Draft a letter to the appointing authority")
    expect(page.locator("main")).to_contain_text("Pengingat")
    nameless(page)
    letter = page.url.removeprefix(desk.url)
    for path in (f"{letter}.docx", f"{letter}.pdf"):
        fetched(desk, path)

    for path in ("/16/", "/16.02/", "/16/neutrality", "/16/neutrality/cases", "/16/coordination",
                 "/16/neutrality/cases?clock=past", "/16/neutrality/follow-up"):  # fmt: skip
        nameless(desk.go(path))
    for path in ("/16/neutrality/cases?export=csv", "/16/neutrality/cases?export=xlsx",
                 "/16/neutrality/follow-up?p-export=csv"):  # fmt: skip
        fetched(desk, path)
    page = desk.go("/16/daily")
    page.get_by_role("button", name=re.compile("Draft the report|Draft anew")).first.click()
    desk.look()
    nameless(page)
    assert NUMBER not in page.content()
    assert case_path[0] not in page.content()
    for kind in ("pdf", "xlsx"):
        fetched(desk, f"/16/book.{kind}")
    for form in page.locator('a[href*="/report."]').all():
        fetched(desk, form.get_attribute("href") or "")
    publish = [sys.executable, "-m", "serentak.config.cli", "publish", "16"]
    subprocess.run(publish, env=stage.environment(server.database), check=True, capture_output=True)
    for name in ("16.html", "16.en.html", "16.02.html", "16.csv", "16.json"):
        fetched(desk, f"/public/{name}")


def test_a_decision_changes_the_follow_up(meet: Meet, case_path: list[str]) -> None:
    handler = meet("bkpsdm.oki", locale="id-ID")
    page = handler.go(f"{case_path[0]}/reply")
    page.locator('[name="kind"][value="DECLINED"]').check()
    page.locator('[name="replied_date"]').fill("2024-10-20")
    handler.press("button", "Catat klarifikasi")
    page = handler.go(f"{case_path[0]}/sanction")
    page.locator('[name="sanction"]').first.check()
    page.locator('[name="letter_number"]').fill("800/1290/BKPSDM/2024")
    page.locator('[name="decided_date"]').fill("2024-10-29")
    handler.press("button", "Catat sanksi")
    expect(page.locator("main")).to_contain_text("Dijatuhi sanksi")
    nameless(page)
    page = meet("desk.sumsel", phone=True).go("/16/neutrality/follow-up")
    expect(page.locator("main")).to_contain_text("3 dari 5 perkara yang direkomendasikan")


def test_who_may_not_see_cases_finds_none(meet: Meet, case_path: list[str]) -> None:
    observer = meet("pemantau")
    for path in ("/16/", "/16/neutrality", "/16.02/neutrality", "/16/coordination"):
        if path.endswith("coordination"):
            observer.go(path, status=404)
            continue
        page = observer.go(path)
        nameless(page)
        assert NUMBER not in page.content()
        assert "/neutrality/cases" not in page.content()
    observer.go(case_path[0], status=404)
    observer.go("/16/neutrality/cases", status=404)
