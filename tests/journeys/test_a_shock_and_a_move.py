"""A shock is added, three moves are shown, one is adopted and becomes a request; chances change."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests import stage

from .people import Meet

REGENCY = "16.07"
FORECAST = f"/{REGENCY}/forecast"

WORDS = {
    "id": {
        "move": "Ajukan permintaan",
        "try": "Bagaimana jika",
        "compute": "Hitung",
        "adopt": "Minta kepada penanggung jawab",
        "sent": "1 permintaan dikirim",
        "of_100": r"(\d+) dari 100",
        "set": "Tetapkan",
    },
    "en": {
        "move": "Ask for it",
        "try": "What if",
        "compute": "Compute",
        "adopt": "Ask the owners",
        "sent": "1 requests were sent",
        "of_100": r"(\d+) of 100",
        "set": "Set",
    },
}


def chance(page: Page, words: dict[str, str]) -> int:
    """Read the chance to be ready from the first card."""
    found = re.search(words["of_100"], page.locator(".cards .big b").first.inner_text())
    assert found, page.locator(".cards .big b").first.inner_text()
    return int(found[1])


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_shock_and_a_move(meet: Meet, server: stage.Server, language: str) -> None:
    words = WORDS[language]
    desk = meet("desk.sumsel")
    page = desk.go(FORECAST)
    if language == "en":
        page = desk.press("button", "English")
        page = desk.go(FORECAST)
    before = chance(page, words)
    moves = page.locator("section:has(#moves)").get_by_role("link", name=words["move"])
    expect(moves).to_have_count(3)
    strongest = page.locator("section[aria-labelledby=moves] li a").first.inner_text()

    page.get_by_role("link", name=words["try"]).click()
    page = desk.look()
    page.locator("[name=name]").fill(f"Banjir dan dua orang ({language})")
    page.locator("[name=activity_1]").select_option(label=strongest)
    page.locator("[name=kind_1]").select_option("PERSON")
    page.locator("[name=amount_1]").fill("2")
    page.locator("[name=shock_1]").select_option(index=1)
    page.locator("[name=chance_1]").fill("100")
    page.get_by_role("button", name=words["compute"]).click()
    page = desk.look()
    cells = page.locator("main table tbody tr").first.locator("td")
    assert cells.nth(0).inner_text() != cells.nth(1).inner_text()
    page.get_by_role("button", name=words["adopt"]).click()
    expect(desk.look().get_by_text(re.compile(words["sent"])).first).to_be_visible()

    page = desk.go("/16/forecast/shocks/printer-late")
    page.locator("[name=per_week]").fill("0.95" if language == "id" else "0")
    page.locator("[name=reason]").fill("Peringatan BMKG")
    page.get_by_role("button", name=words["set"], exact=True).click()
    desk.look()
    program = (
        "import django; django.setup(); from serentak.readiness.jobs import compute_forecast; "
        "compute_forecast('16')"
    )
    subprocess.run(
        [sys.executable, "-c", program], env=stage.environment(server.database), check=True
    )
    assert chance(desk.go(FORECAST), words) != before


def test_pages_hold_on_a_phone(meet: Meet) -> None:
    officer = meet("desk.oki", phone=True)
    for path in ("/16.02/forecast", "/16.02/forecast/try", "/16.02/forecast/shocks",
                 "/16.02/forecast/shocks/note"):  # fmt: skip
        officer.go(path)
