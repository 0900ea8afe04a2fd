"""A storm blocks two ways: the plan says what that meets, is computed anew, and is driven so."""

import re
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import stage

from .people import DESK, PHONE, Meet, Person

HOME = "/16.02/distribution"
SHUT = ("Cengal", "Tulung Selapan")


def block(person: Person, place: str) -> None:
    page = person.go(HOME)
    page.get_by_role("link", name="Nyatakan jalur terputus").click()
    page = person.look()
    page.locator("select[name=end]").select_option(label=f"Kecamatan {place}")
    page.locator("input[name=blocked_until_at]").fill("2024-11-25T12:00")
    page.locator("input[name=reason]").fill("Jembatan putus oleh badai, Dinas Perhubungan")
    page.get_by_role("button", name="Nyatakan terputus dua arah").click()
    expect(person.look().get_by_text("Jalur dinyatakan terputus")).to_be_visible()


def lend(person: Person, name: str) -> None:
    """Lend one of the boats of which the adopted plan says that they lack."""
    page = person.go(f"{HOME}/vehicles/add")
    page.locator("select[name=kind]").select_option("river-boat")
    for field, value in (("name", name), ("kg", "2500"), ("m3", "12"), ("crew", "2")):
        page.locator(f"input[name={field}]").fill(value)
    page.get_by_role("button", name="Daftarkan kendaraan atau perahu").click()
    expect(person.look().get_by_text("Kendaraan sudah didaftarkan.")).to_be_visible()


def test_a_storm_blocks_two_ways_and_the_routes_are_planned_anew(
    meet: Meet, server: stage.Server
) -> None:
    agency, commission = meet("dishub.oki", phone=True), meet("kpu.oki")
    for number in (1, 2):
        lend(agency, f"Jukung Dishub {number}")
    for place in SHUT:
        block(agency, place)
    expect(
        agency.page.get_by_text(re.compile("Komering Ilir, Yusuf Marzuki")).first
    ).to_be_visible()

    page = commission.go(HOME)
    page.get_by_role("link", name="Rencana yang ditetapkan").click()
    page = commission.look()
    adopted = page.url
    expect(page.get_by_text(re.compile(r"\blewat\b")).first).to_be_visible()
    expect(page.locator(".sketch polyline").first).to_be_attached()
    page.locator("input[name=iterations]").fill("300")
    page.get_by_role("button", name="Hitung", exact=True).click()
    expect(commission.look().get_by_text("0 dari 300 putaran selesai.")).to_be_visible()
    run_worker(server)
    # The page looks again by itself.
    expect(page.locator("#table-changes")).to_be_visible(timeout=20_000)
    page = commission.look()
    changed = page.locator("#table-changes tbody tr")
    assert changed.count() >= 2
    for place in SHUT:
        expect(changed.filter(has_text=place).first).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Biaya, Rp"))).to_be_visible()

    page.get_by_role("button", name="Ambil sebagai konsep").click()
    commission.look().get_by_role("button", name="Tetapkan rencana").click()
    page = commission.look()
    expect(page.get_by_text("Rencana sudah ditetapkan.")).to_be_visible()
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Lembar pengemudi (PDF)").click()
    assert sheet.value.path().read_bytes().startswith(b"%PDF")

    desk = meet("desk.oki")
    page = desk.go(adopted.removeprefix(desk.url))
    expect(page.get_by_text("Digantikan").first).to_be_visible()
    assert page.get_by_role("button", name="Tetapkan rencana").count() == 0
    for size in (PHONE, DESK):
        desk.page.set_viewport_size(size)  # type: ignore[arg-type]  # a size by its two names
        for path in (HOME, commission.page.url.removeprefix(commission.url)):
            desk.go(path)


@pytest.mark.parametrize("options", [{"phone": True, "scripts": False}, {}])
def test_pages_of_routes_hold_in_english_and_without_scripts(meet: Meet, options: Any) -> None:
    person = meet("kpu.oki", **options)
    person.go(HOME)
    person.press("button", "English")
    for page in ("", "/vehicles/add", "/way", "/block", "/draft"):
        expect(person.go(f"{HOME}{page}").locator("html")).to_have_attribute("lang", "en")


def run_worker(server: stage.Server) -> None:
    """Let a worker do all that waits, and end."""
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--one-shot"]
    environment = stage.environment(server.database) | {"SERENTAK_POOL": "0"}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
