"""Somebody changes the weights of the principles, and the order's certainty changes with them."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests import stage

from .people import Meet

WEIGHTS = "/16/quality/weights"

WORDS = {
    "id": {"default": "Semua asas berbobot sama", "show": "Tampilkan urutan dengan bobot ini"},
    "en": {
        "default": "All principles weigh alike.",
        "show": "Show the order under these weights",
    },
}


def certainty(page: Page) -> list[str]:
    """Read of every pair under how many of 100 weights one stands above the other."""
    sure = page.locator("#order").locator("xpath=ancestor::section").locator("li")
    page.locator("details.panel summary").click()
    return sure.all_inner_texts() + page.locator("details.panel tbody tr").all_inner_texts()


@pytest.fixture(scope="module", autouse=True)
def _stored(server: stage.Server) -> None:
    """Store the scores of two regencies as the evening's job would, from figures of their own."""
    program = (
        "import django; django.setup(); from serentak.kernel.viewer import SYSTEM; from serentak.platform import clock; "
        "from serentak.quality import actions; "
        "actions.store_scores(place='16', actor=SYSTEM, at=clock.now())"
    )
    command = [sys.executable, "-c", program]
    subprocess.run(command, env=stage.environment(server.database), check=True)


@pytest.mark.parametrize("language", ["id", "en"])
def test_weights_change_and_the_certainty_with_them(meet: Meet, language: str) -> None:
    words, phone = WORDS[language], language == "id"
    desk = meet("desk.sumsel", phone=phone)
    page = desk.go(WEIGHTS)
    if language == "en":
        page = desk.press("button", "English")
        page = desk.go(WEIGHTS)
    expect(page.locator("main")).to_contain_text(words["default"])
    before = certainty(page)
    assert before, "two places at least are compared"

    fields = page.locator("form .weights input")
    for number in range(fields.count()):
        fields.nth(number).fill("0")
    page.locator("[name=accountable]").fill("3")
    page.get_by_role("button", name=words["show"]).click()
    page = desk.look()
    expect(page.locator("main")).not_to_contain_text(words["default"])
    assert certainty(page) != before

    # All zero is refused, naming why, and the page stays.
    page.locator("[name=accountable]").fill("0")
    page.get_by_role("button", name=words["show"]).click()
    page = desk.look()
    expect(page.locator(".err").first).to_be_visible()
    expect(page.locator("[name=accountable]")).to_have_value("0")
