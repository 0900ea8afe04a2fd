"""A receipt differs from what was sent: on the board, owned, answered, settled, and back again."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests import stage

from .people import Meet, Person
from .test_boxes_come_back import STORE, send

BOARD = "/16.02/contradictions"

WORDS = {
    "id": {
        "check": "Dikirim dan diterima",
        "look": "Kami periksa",
        "looked": "Dicatat bahwa Anda memeriksanya.",
        "answer": "Jawaban",
        "answered": "Jawaban dicatat.",
        "settle": "Putuskan",
        "settled": "Sudah diputus. Kedua sisi tetap terbaca.",
        "again": "dibuka lagi oleh",
    },
    "en": {
        "check": "Shipped and accepted",
        "look": "We look into it",
        "looked": "Noted that you look into it.",
        "answer": "Answer",
        "answered": "The answer was noted.",
        "settle": "Settle it",
        "settled": "It is settled. Both sides stay readable.",
        "again": "opened again by a person",
    },
}


def run(server: stage.Server, program: str) -> None:
    """Run what the queue would do, on the server's own data."""
    command = [sys.executable, "-c", f"import django; django.setup(); {program}"]
    subprocess.run(command, env=stage.environment(server.database), check=True)


def compare(server: stage.Server) -> None:
    run(server, "from serentak.reporting.jobs import compare; compare('16')")


def received_short(committee: Person, receipt: str) -> None:
    """Sign for a load of ten boxes of which two are not there."""
    page = committee.go(receipt)
    row = page.locator("fieldset.row").first
    row.locator("[name$=accepted]").fill("8")
    row.locator("[name$=missing]").fill("2")
    row.locator("select[name$=reason]").select_option("WRONG_NUMBER")
    page.get_by_role("button", name="Catat serah terima").click()
    expect(committee.look().get_by_text("Serah terima dicatat.").first).to_be_visible()


def do(person: Person, name: str, said: str, **fields: str) -> Page:
    """Fill in the panel of a step, press its button, and read what is said of it."""
    panel = person.page.get_by_role("region", name=name, exact=True)
    for field, value in fields.items():
        panel.locator(f"[name={field}]").fill(value)
    panel.get_by_role("button", name=name, exact=True).click()
    page = person.look()
    expect(page.get_by_text(said).first).to_be_visible()
    return page


def on_board(person: Person, words: dict[str, str], number: str, **where: str) -> Page:
    """Find the row of a load on the board."""
    query = "".join(f"&{key}={value}" for key, value in where.items())
    page = person.go(f"{BOARD}?q=&check=ballots-shipped-accepted{query}")
    row = page.locator("#table-contradictions tbody tr").filter(has_text=number)
    expect(row).to_have_count(1)
    expect(row).to_contain_text(words["check"])
    return page


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_receipt_differs_is_settled_and_comes_back(
    meet: Meet, server: stage.Server, language: str
) -> None:
    words, phone = WORDS[language], language == "id"
    store = meet("kpu.oki", phone=phone)
    receipt = send(store, STORE, "16.02.14", 10)
    found = re.search(r"16\.02/\d{4}", store.page.locator("main").inner_text())
    assert found
    number = found[0]
    received_short(meet("ppk.airsugihan", phone=True), receipt)
    compare(server)

    # On the board; its owner takes it on and says why.
    if language == "en":
        store.go(BOARD)
        store.press("button", "English")
    page = on_board(store, words, number, state="open")
    page.get_by_role("link", name=number).first.click()
    page = store.look()
    path = "/" + page.url.split("/", 3)[-1]
    do(store, words["look"], words["looked"])
    do(store, words["answer"], words["answered"], answer="Dua kotak tertinggal di gudang.")

    # Settled with a reason: off the open ones, readable among the ended ones, with both sides.
    store.go(path)
    store.page.locator("[name=used]").first.check()
    reason = "Dihitung ulang bersama, BAST perbaikan"
    page = do(store, words["settle"], words["settled"], reason=reason, proof="BAST 12")
    expect(page.locator("#sides").locator("xpath=ancestor::section")).to_contain_text(reason)
    page = on_board(store, words, number, state="settled")

    # The next receiver counts otherwise: the same one opens again, and the log keeps what was said.
    page = store.go(path)
    page.locator("details.panel summary").last.click()
    again = page.locator("details.panel form")
    again.locator("[name=reason]").fill("PPS menghitung lain")
    again.get_by_role("button").click()
    store.look()
    on_board(store, words, number, state="open")
    page = store.go(path)
    expect(page.locator("main")).to_contain_text(words["again"])
    expect(page.locator("main")).to_contain_text(reason)
    expect(page.get_by_role("region", name=words["look"], exact=True)).to_have_count(1)
